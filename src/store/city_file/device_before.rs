//! Images of devices in the change table from before anybody knew that they stand in a home: what a
//! device was then tells where it hangs, and with that which home it is in. Sealed as those of a home
//! that no register tells of once it is known to be in one. Used by [`super::write`],
//! [`super::upgrade`] and [`super::rotate`]. Never touches a device that is in no home now.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};
use serde_json::{Value as Json, json};

use crate::base::{BuildingId, DeviceId, Sealer};
use crate::model::far_from;

use super::cell::Codec;
use super::change::{bytes_of_hex, hex};
use super::device_home::{self, GEOM, HOME, Opened};
use super::{device_older, geometry, remains};

/// As [`seal`], of all devices that are in a home now.
pub(super) fn seal_all(connection: &Connection, codec: &Codec) -> rusqlite::Result<()> {
    if codec.vault().is_none() {
        return Ok(());
    }
    let mut select = connection.prepare("SELECT fid, home FROM device WHERE home IS NOT NULL")?;
    let mut rows = select.query([])?;
    let mut devices = BTreeSet::new();
    while let Some(row) = rows.next()? {
        let home = row.get_ref(1)?.as_blob().unwrap_or_default();
        let is_home =
            |opened: &Opened| matches!(opened, Opened::Now(Some(_)) | Opened::Older(Some(_)));
        if opened(home, codec).as_ref().is_some_and(is_home) {
            devices.insert(row.get::<_, i64>(0)?);
        }
    }
    seal(connection, codec, &devices)
}

/// Seals what the images of these devices, which are in a home now, hold in clear. Nothing without the
/// key. The caller holds the transaction.
pub(super) fn seal(
    connection: &Connection,
    codec: &Codec,
    devices: &BTreeSet<i64>,
) -> rusqlite::Result<()> {
    if codec.vault().is_none() || devices.is_empty() {
        return Ok(());
    }
    let images = open_images(connection, codec, devices)?;
    if images.is_empty() {
        return Ok(());
    }
    remains::note(connection)?;
    // What stood there in clear is written over, not only given free.
    connection.pragma_update(None, "secure_delete", "ON")?;
    let failed = |fault| rusqlite::Error::ToSqlConversionFailure(fault);
    for (fid, entity, mut image, own) in images {
        let id = DeviceId::from_bits(entity.cast_unsigned());
        let building = image["row"]["building"].as_i64();
        let building = building.map(|bits| BuildingId::from_bits(bits.cast_unsigned()));
        let open = device_older::open_of(connection, id, building, None)?;
        let open = geometry::point_z(open.unwrap_or(far_from(own)), codec.srs_id);
        let open = open.map_err(|fault| failed(Box::new(fault)))?;
        let home = device_home::sealed(Some((None, own)), codec);
        let home = home.map_err(|fault| failed(Box::new(fault)))?;
        image["row"][GEOM] = json!({ "hex": hex(&open) });
        image["row"][HOME] = json!({ "hex": hex(&home) });
        connection
            .prepare_cached("UPDATE pingjiang_change SET image = ?2 WHERE fid = ?1")?
            .execute(params![fid, image.to_string()])?;
    }
    Ok(())
}

/// Place in the change table, device, image, and the device's own place then.
type OpenImage = (i64, i64, Json, [f64; 3]);

fn open_images(
    connection: &Connection,
    codec: &Codec,
    devices: &BTreeSet<i64>,
) -> rusqlite::Result<Vec<OpenImage>> {
    let mut select = connection.prepare(
        "SELECT fid, entity, image FROM pingjiang_change
         WHERE kind = 'device' AND image IS NOT NULL",
    )?;
    let mut rows = select.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let entity: i64 = row.get(1)?;
        if !devices.contains(&entity) {
            continue;
        }
        let text = row.get_ref(2)?.as_str().unwrap_or_default();
        let Ok(image) = serde_json::from_str::<Json>(text) else {
            continue;
        };
        if let Some(own) = own_of(&image["row"], codec) {
            found.push((row.get(0)?, entity, image, own));
        }
    }
    Ok(found)
}

/// The own place that an image tells in clear: of a device that stood in no home as far as was known.
fn own_of(row: &Json, codec: &Codec) -> Option<[f64; 3]> {
    let home = bytes_of_hex(row[HOME]["hex"].as_str()?)?;
    let is_open = matches!(opened(&home, codec)?, Opened::Now(None));
    let geom = bytes_of_hex(row[GEOM]["hex"].as_str()?)?;
    let own = geometry::read_point_z(&geom).ok()?;
    is_open.then_some(own)
}

fn opened(home: &[u8], codec: &Codec) -> Option<Opened> {
    device_home::read(&codec.vault()?.unseal(home).ok()?)
}
