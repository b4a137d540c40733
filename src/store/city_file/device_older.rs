//! Devices as older formats had them: before format 6 the dwelling stood in clear, before format 7 the
//! device's own place. Read as they are, shown where everybody may see them, and sealed by a write with
//! the key. Used by [`super::load`], [`super::write`], [`super::upgrade`] and [`super::copy`]. Never
//! touches what is sealed already.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::{Value as Json, json};

use crate::base::{BuildingId, DeviceId, DwellingId, Sealer};
use crate::model::{Device, DeviceHome, EntityKind, far_from, open_place};

use super::cell::Codec;
use super::change::{bytes_of_hex, hex};
use super::device_home::{self, DWELLING, GEOM, HOME, Opened};
use super::statements::KindSql;
use super::{extent, geometry, remains, upgrade};

/// What format 6 sealed is shorter than this, in bytes; what is sealed now is longer.
const SHORTER_THAN: usize = 128;

/// Whether a sealed value is of format 6, so that `geom` beside it is the device's own place.
pub(super) fn is_older(blob: &[u8]) -> bool {
    blob.len() < SHORTER_THAN
}

/// What format 6 sealed: an id, or nothing of a device that stands in no dwelling.
pub(super) fn read(text: &str) -> Option<Option<DwellingId>> {
    match text {
        "" => Some(None),
        id => id.parse().ok().map(Some),
    }
}

/// Puts a device of a home where everybody may see it, if it is at its own place still; of what
/// could not be opened, whatever stands in a building.
pub(super) fn settle(connection: &Connection, device: &mut Device) -> rusqlite::Result<()> {
    let at_its_own = match &device.home {
        DeviceHome::Known => device.dwelling.is_some(),
        DeviceHome::Shut(_, Some(own)) => *own == device.position && device.building.is_some(),
        _ => false,
    };
    if at_its_own {
        let open = open_of(connection, device.id, device.building, device.dwelling)?;
        device.hide_at(open.unwrap_or(far_from(device.position)));
    }
    Ok(())
}

/// A place of the building; that of the dwelling where the device names none.
pub(super) fn open_of(
    connection: &Connection,
    id: DeviceId,
    building: Option<BuildingId>,
    dwelling: Option<DwellingId>,
) -> rusqlite::Result<Option<[f64; 3]>> {
    let by_dwelling = |dwelling: DwellingId| {
        connection
            .prepare_cached("SELECT building FROM dwelling WHERE fid = ?1")?
            .query_row([dwelling.bits().cast_signed()], |row| row.get(0))
            .optional()
    };
    let building = match (building, dwelling) {
        (Some(building), _) => Some(building.bits().cast_signed()),
        (None, Some(dwelling)) => by_dwelling(dwelling)?,
        (None, None) => None,
    };
    let Some(building) = building else {
        return Ok(None);
    };
    let now = connection
        .prepare_cached("SELECT geom, ground_m FROM building WHERE fid = ?1")?
        .query_row([building], |row| {
            let (geom, ground_m): (Vec<u8>, f64) = (row.get(0)?, row.get(1)?);
            Ok(place_in(&geom, ground_m, id))
        });
    match now.optional()? {
        Some(place) => Ok(place),
        None => before_it_went(connection, building, id),
    }
}

/// A place of a building that was removed, as the change table knows it.
fn before_it_went(
    connection: &Connection,
    building: i64,
    id: DeviceId,
) -> rusqlite::Result<Option<[f64; 3]>> {
    let select = "SELECT image FROM pingjiang_change
         WHERE kind = 'building' AND entity = ?1 AND image IS NOT NULL ORDER BY fid DESC LIMIT 1";
    let image: Option<String> = connection
        .prepare_cached(select)?
        .query_row([building], |row| row.get(0))
        .optional()?;
    let place = |image: String| {
        let image: Json = serde_json::from_str(&image).ok()?;
        let geom = bytes_of_hex(image["row"][GEOM]["hex"].as_str()?)?;
        place_in(&geom, image["row"]["ground_m"].as_f64()?, id)
    };
    Ok(image.and_then(place))
}

fn place_in(geom: &[u8], ground_m: f64, id: DeviceId) -> Option<[f64; 3]> {
    let outline = geometry::read_polygon(geom).ok()?;
    open_place(&outline, ground_m, id)
}

/// A device as a row or an image of an older format has it.
struct Older {
    id: DeviceId,
    building: Option<BuildingId>,
    dwelling: Option<DwellingId>,
    own: Option<[f64; 3]>,
}

impl Older {
    /// What is sealed of it now, and its place for everybody where that is another.
    fn anew(
        &self,
        connection: &Connection,
        codec: &Codec,
    ) -> rusqlite::Result<(Vec<u8>, Option<Vec<u8>>)> {
        let failed = |fault| rusqlite::Error::ToSqlConversionFailure(fault);
        let home = self.dwelling.zip(self.own).map(|(id, own)| (Some(id), own));
        let blob = device_home::sealed(home, codec).map_err(|fault| failed(Box::new(fault)))?;
        let Some((_, own)) = home else {
            return Ok((blob, None));
        };
        let open = open_of(connection, self.id, self.building, self.dwelling)?;
        let open = geometry::point_z(open.unwrap_or(far_from(own)), codec.srs_id);
        Ok((blob, Some(open.map_err(|fault| failed(Box::new(fault)))?)))
    }
}

/// Seals what is not sealed of devices, in rows and in the images of the change table: what older
/// programs left in clear, and what was written while the key was away. Nothing without the key: then
/// a later write does it. The caller holds the transaction.
pub(super) fn seal_all(connection: &Connection, codec: &Codec) -> rusqlite::Result<()> {
    if codec.vault().is_none() {
        return Ok(());
    }
    let (rows, images) = (
        older_rows(connection, codec)?,
        older_images(connection, codec)?,
    );
    if rows.is_empty() && images.is_empty() {
        return Ok(());
    }
    let told = rows.iter().chain(images.iter().map(|(_, _, one)| one));
    let mut told = told.map(|one| one.dwelling);
    if told.any(|dwelling| dwelling.is_some()) {
        remains::note(connection)?;
        // What stood there in clear is written over, not only given free.
        connection.pragma_update(None, "secure_delete", "ON")?;
    }
    // The triggers of the spatial index call functions that only other programs have.
    let sql = KindSql::of(EntityKind::Device);
    connection.execute_batch(&sql.drop_triggers)?;
    let mut has_moved = false;
    for one in rows {
        has_moved |= seal_row(connection, codec, &sql, &one)?;
    }
    connection.execute_batch(&sql.create_triggers)?;
    if has_moved {
        extent::measure(connection, EntityKind::Device.as_str())?;
    }
    for (fid, mut image, one) in images {
        let (home, open) = one.anew(connection, codec)?;
        image["row"][DWELLING] = Json::Null;
        image["row"][HOME] = json!({ "hex": hex(&home) });
        if let Some(open) = open {
            image["row"][GEOM] = json!({ "hex": hex(&open) });
        }
        connection
            .prepare_cached("UPDATE pingjiang_change SET image = ?2 WHERE fid = ?1")?
            .execute(params![fid, image.to_string()])?;
    }
    Ok(())
}

/// Whether it is elsewhere for everybody now.
fn seal_row(
    connection: &Connection,
    codec: &Codec,
    sql: &KindSql,
    one: &Older,
) -> rusqlite::Result<bool> {
    let fid = one.id.bits().cast_signed();
    let (home, open) = one.anew(connection, codec)?;
    connection
        .prepare_cached("UPDATE device SET dwelling = NULL, home = ?2 WHERE fid = ?1")?
        .execute(params![fid, home])?;
    let Some(open) = open else {
        return Ok(false);
    };
    put_geom(connection, sql, fid, &open)?;
    Ok(true)
}

/// Writes the place of a device, and its entry in the spatial index.
fn put_geom(connection: &Connection, sql: &KindSql, fid: i64, open: &[u8]) -> rusqlite::Result<()> {
    connection
        .prepare_cached("UPDATE device SET geom = ?2 WHERE fid = ?1")?
        .execute(params![fid, open])?;
    connection
        .prepare_cached(&sql.rtree_delete)?
        .execute([fid])?;
    if let Some([west, east, south, north]) = geometry::envelope(open) {
        connection
            .prepare_cached(&sql.rtree_insert)?
            .execute(params![fid, west, east, south, north])?;
    }
    Ok(())
}

/// Rows of older formats: nothing is sealed, or what format 6 sealed. What is no link and what does
/// not open is left for the reader of the city, who names it.
fn older_rows(connection: &Connection, codec: &Codec) -> rusqlite::Result<Vec<Older>> {
    let select = "SELECT fid, building, dwelling, geom, home FROM device
         WHERE (home IS NULL AND typeof(dwelling) IN ('null', 'integer'))
            OR (typeof(home) = 'blob' AND length(home) < ?1)";
    let mut select = connection.prepare(select)?;
    let one = |row: &Row<'_>| {
        let home: Option<Vec<u8>> = row.get(4)?;
        let geom: Option<Vec<u8>> = row.get(3)?;
        let Some(dwelling) = dwelling_of(row.get(2)?, home.as_deref(), codec) else {
            return Ok(None);
        };
        Ok(Some(Older {
            id: DeviceId::from_bits(row.get::<_, i64>(0)?.cast_unsigned()),
            building: row.get::<_, Option<i64>>(1)?.map(building_id),
            dwelling,
            own: geom.and_then(|geom| geometry::read_point_z(&geom).ok()),
        }))
    };
    let rows = select.query_map([SHORTER_THAN as i64], one)?;
    rows.filter_map(Result::transpose).collect()
}

/// The dwelling in clear, or as format 6 sealed it; `None` of what does not open.
fn dwelling_of(
    clear: Option<i64>,
    home: Option<&[u8]>,
    codec: &Codec,
) -> Option<Option<DwellingId>> {
    let Some(home) = home else {
        return Some(clear.map(|bits| DwellingId::from_bits(bits.cast_unsigned())));
    };
    let text = codec.vault()?.unseal(home).ok()?;
    match device_home::read(&text)? {
        Opened::Older(dwelling) => Some(dwelling),
        Opened::Now(_) => None,
    }
}

fn building_id(bits: i64) -> BuildingId {
    BuildingId::from_bits(bits.cast_unsigned())
}

type OlderImage = (i64, Json, Older);

fn older_images(connection: &Connection, codec: &Codec) -> rusqlite::Result<Vec<OlderImage>> {
    // Not every image need be taken apart with every write: what is sealed now is longer.
    let mut select = connection.prepare(
        r#"SELECT fid, entity, image FROM pingjiang_change
         WHERE kind = 'device' AND image IS NOT NULL
           AND (instr(image, '"home":{"hex":"') = 0
             OR instr(substr(image, instr(image, '"home":{"hex":"') + 15, ?1), '"') > 0)"#,
    )?;
    let mut rows = select.query([2 * SHORTER_THAN as i64])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let text = row.get_ref(2)?.as_str().unwrap_or_default();
        let Ok(image) = serde_json::from_str::<Json>(text) else {
            continue;
        };
        let id = DeviceId::from_bits(row.get::<_, i64>(1)?.cast_unsigned());
        if let Some(one) = of_image(&image["row"], id, codec) {
            found.push((row.get(0)?, image, one));
        }
    }
    Ok(found)
}

fn of_image(row: &Json, id: DeviceId, codec: &Codec) -> Option<Older> {
    let home = row.get(HOME).filter(|home| !home.is_null());
    let home = match home {
        Some(home) => Some(bytes_of_hex(home["hex"].as_str()?)?),
        None => None,
    };
    let geom = row[GEOM]["hex"].as_str().and_then(bytes_of_hex);
    row.is_object().then_some(())?;
    Some(Older {
        id,
        building: row["building"].as_i64().map(building_id),
        dwelling: dwelling_of(row[DWELLING].as_i64(), home.as_deref(), codec)?,
        own: geom.and_then(|geom| geometry::read_point_z(&geom).ok()),
    })
}

/// Takes the own places of devices out of a copy whose rows came from a city of an older format.
/// Both are in a transaction, and the triggers of the copy's spatial index are off.
pub(super) fn settle_copy(
    from: &Connection,
    into: &Connection,
    codec: &Codec,
) -> rusqlite::Result<()> {
    if !upgrade::has_column(from, "device", GEOM)? {
        return Ok(());
    }
    let home = match upgrade::has_column(from, "device", HOME)? {
        true => HOME,
        false => "NULL",
    };
    let select = format!(
        "SELECT fid, building, dwelling, geom, {home} FROM device
         WHERE ({home} IS NULL AND dwelling IS NOT NULL) OR length({home}) < ?1"
    );
    let mut select = from.prepare(&select)?;
    let mut rows = select.query([SHORTER_THAN as i64])?;
    while let Some(row) = rows.next()? {
        let fid: i64 = row.get(0)?;
        let geom = row.get_ref(3)?.as_blob_or_null()?.unwrap_or_default();
        let Ok(own) = geometry::read_point_z(geom) else {
            continue;
        };
        let building = row.get_ref(1)?.as_i64_or_null().ok().flatten();
        let clear = row.get_ref(2)?.as_i64_or_null().ok().flatten();
        let home = row.get_ref(4)?.as_blob_or_null().unwrap_or(Some(&[]));
        let dwelling = dwelling_of(clear, home, codec);
        // What does not open may be of a home wherever it is in a building.
        if dwelling == Some(None) || (dwelling.is_none() && building.is_none()) {
            continue;
        }
        let id = DeviceId::from_bits(fid.cast_unsigned());
        let open = open_of(from, id, building.map(building_id), dwelling.flatten())?;
        let open = geometry::point_z(open.unwrap_or(far_from(own)), codec.srs_id)
            .map_err(|fault| rusqlite::Error::ToSqlConversionFailure(Box::new(fault)))?;
        into.prepare_cached("UPDATE device SET geom = ?2 WHERE fid = ?1")?
            .execute(params![fid, open])?;
    }
    Ok(())
}
