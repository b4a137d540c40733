//! In which dwelling a device stands, at rest: one sealed value in the column `home`, of one length
//! whether it stands in a dwelling or in none, for a help button tells of somebody who needs one. The
//! column `dwelling` holds nothing. Used by [`super::record`] for rows and by [`super::upgrade`] for
//! rows and images that have it in clear, as formats before 6 did, or that were written without the
//! key. Never seals the building, which everybody may know.

use rusqlite::types::{Null, ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, params};
use serde_json::{Value as Json, json};

use crate::base::{DwellingId, Sealed, Sealer};
use crate::model::{Device, DeviceHome, EntityKind};

use super::cell::{Cell, CellFault, Codec, Form};
use super::change::hex;
use super::record::{self, COMMON, Cells, Fault, Record};
use super::remains;
use super::statements::KindSql;

const HOME: &str = "home";
const DWELLING: &str = "dwelling";

/// What could not be opened, as it came. What is known goes through [`put`], never through here.
impl Cell for DeviceHome {
    const SQL: &'static str = "BLOB";
    const NULLABLE: bool = true;
    const SEALED: Option<Form> = Some(Form::DeviceHome);
    fn put(&self, codec: &Codec) -> Result<ToSqlOutput<'_>, CellFault> {
        match self {
            Self::Known => Ok(Null.into()),
            Self::Shut(sealed) => Ok(codec.seal(sealed)?.into()),
        }
    }
    fn take(value: ValueRef<'_>, codec: &Codec) -> Result<Self, CellFault> {
        match value {
            ValueRef::Null => Ok(Self::Known),
            value => Sealed::take(value, codec).map(Self::Shut),
        }
    }
}

/// The row of a device.
pub(super) fn put<'a>(device: &'a Device, codec: &Codec) -> Result<Vec<ToSqlOutput<'a>>, Fault> {
    let mut row = device.row(codec)?;
    let own = COMMON.len()..;
    for (place, column) in own.zip(record::columns(EntityKind::Device)) {
        match column.name {
            DWELLING => row[place] = Null.into(),
            HOME if device.home == DeviceHome::Known => {
                let fault = |fault| Fault {
                    column: HOME,
                    fault,
                };
                let home = sealed_maybe(device.dwelling, codec).map_err(fault)?;
                row[place] = ToSqlOutput::Owned(home);
            }
            _ => {}
        }
    }
    Ok(row)
}

/// The device of a row. Formats before 6 had the dwelling in clear.
pub(super) fn take(row: &impl Cells, codec: &Codec) -> Result<Device, Fault> {
    let mut device = Device::of_row(row, codec)?;
    if matches!(device.home, DeviceHome::Shut(_)) {
        // What another program wrote beside the sealed value does not count.
        device.dwelling = None;
        if let Some(dwelling) = open(row, codec) {
            (device.dwelling, device.home) = (dwelling, DeviceHome::Known);
        }
    }
    Ok(device)
}

/// What is sealed; `None` without the key, and of what was changed at rest, which hides itself
/// alone.
fn open(row: &impl Cells, codec: &Codec) -> Option<Option<DwellingId>> {
    let mut own = record::columns(EntityKind::Device).iter();
    let place = COMMON.len() + own.position(|column| column.name == HOME)?;
    let blob = row.at(place).ok()?.as_blob().ok()?;
    read(&codec.vault()?.unseal(blob).ok()?)
}

/// An id, or nothing of a device that stands in no dwelling: both are padded to one length.
fn text_of(dwelling: Option<DwellingId>) -> String {
    dwelling.map_or_else(String::new, |id| id.to_string())
}

fn read(text: &[u8]) -> Option<Option<DwellingId>> {
    match str::from_utf8(text).ok()? {
        "" => Some(None),
        id => id.parse().ok().map(Some),
    }
}

/// Whether an opened value is what is sealed of a device.
pub(super) fn is_home(text: &[u8]) -> bool {
    read(text).is_some()
}

fn sealed(dwelling: Option<DwellingId>, codec: &Codec) -> Result<Vec<u8>, CellFault> {
    codec.seal(&Sealed::new(text_of(dwelling)))
}

/// Nothing stands for nothing where it cannot be sealed; a dwelling never stands there in clear.
fn sealed_maybe(dwelling: Option<DwellingId>, codec: &Codec) -> Result<Value, CellFault> {
    match (codec.vault(), dwelling) {
        (None, None) => Ok(Value::Null),
        _ => sealed(dwelling, codec).map(Value::Blob),
    }
}

/// Seals what is not sealed of devices, in rows and in the images of the change table: what older
/// programs left in clear, and what was written while the key was away. Nothing without the key: then
/// a later write does it. The caller holds the transaction.
pub(super) fn seal_all(connection: &Connection, codec: &Codec) -> rusqlite::Result<()> {
    if codec.vault().is_none() {
        return Ok(());
    }
    let (rows, images) = (open_rows(connection)?, open_images(connection)?);
    if rows.is_empty() && images.is_empty() {
        return Ok(());
    }
    let told = rows.iter().map(|(_, dwelling)| dwelling);
    let mut told = told.chain(images.iter().map(|(_, _, dwelling)| dwelling));
    if told.any(Option::is_some) {
        remains::note(connection)?;
        // What stood there in clear is written over, not only given free.
        connection.pragma_update(None, "secure_delete", "ON")?;
    }
    let failed = |fault| rusqlite::Error::ToSqlConversionFailure(Box::new(fault));
    // The triggers of the spatial index call functions that only other programs have.
    let sql = KindSql::of(EntityKind::Device);
    connection.execute_batch(&sql.drop_triggers)?;
    for (fid, dwelling) in rows {
        let home = sealed(dwelling, codec).map_err(failed)?;
        connection
            .prepare_cached("UPDATE device SET dwelling = NULL, home = ?2 WHERE fid = ?1")?
            .execute(params![fid, home])?;
    }
    connection.execute_batch(&sql.create_triggers)?;
    for (fid, mut image, dwelling) in images {
        let home = sealed(dwelling, codec).map_err(failed)?;
        image["row"][DWELLING] = Json::Null;
        image["row"][HOME] = json!({ "hex": hex(&home) });
        connection
            .prepare_cached("UPDATE pingjiang_change SET image = ?2 WHERE fid = ?1")?
            .execute(params![fid, image.to_string()])?;
    }
    Ok(())
}

fn id_of(bits: i64) -> DwellingId {
    DwellingId::from_bits(bits.cast_unsigned())
}

/// Rows with nothing sealed. What is no link is left for the reader of the city, who names it.
fn open_rows(connection: &Connection) -> rusqlite::Result<Vec<(i64, Option<DwellingId>)>> {
    let mut select = connection.prepare(
        "SELECT fid, dwelling FROM device
         WHERE home IS NULL AND typeof(dwelling) IN ('null', 'integer')",
    )?;
    let rows = select.query_map([], |row| {
        Ok((row.get(0)?, row.get::<_, Option<i64>>(1)?.map(id_of)))
    })?;
    rows.collect()
}

type OpenImage = (i64, Json, Option<DwellingId>);

fn open_images(connection: &Connection) -> rusqlite::Result<Vec<OpenImage>> {
    // Not every image need be taken apart with every write.
    let mut select = connection.prepare(
        r#"SELECT fid, image FROM pingjiang_change
         WHERE kind = 'device' AND image IS NOT NULL AND instr(image, '"home":{"hex":"') = 0"#,
    )?;
    let mut rows = select.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let text = row.get_ref(1)?.as_str().unwrap_or_default();
        let Ok(image) = serde_json::from_str::<Json>(text) else {
            continue;
        };
        let cells = &image["row"];
        let is_sealed = cells.get(HOME).is_some_and(|home| !home.is_null());
        let dwelling = cells[DWELLING].as_i64().map(id_of);
        if cells.is_object() && !is_sealed {
            found.push((row.get(0)?, image, dwelling));
        }
    }
    Ok(found)
}
