//! Events about a home at rest: title, place, building and dwelling are one sealed value in the
//! column `home`, and in their own columns stands nothing of them. Used by [`super::record`] for rows
//! and by [`super::write`] and [`super::upgrade`] for rows and images that have them in clear, as
//! formats before 5 did. Never seals what is public matter and always was.

use rusqlite::types::{Null, ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::base::{BuildingId, DwellingId, Sealed, Sealer};
use crate::model::{EntityKind, Event, OfHome};

use super::cell::{Cell, CellFault, Codec, Form};
use super::change::{bytes_of_hex, hex};
use super::record::{self, COMMON, Cells, Fault, Record};
use super::statements::KindSql;
use super::{extent, geometry, remains};

/// What stands in the column of a title that is sealed: the mask of everything sealed.
const TITLE_SHUT: &str = "***";

/// The columns that are sealed as one.
const SEALED_AS_ONE: [&str; 4] = ["geom", "title", "building", "dwelling"];

/// What is sealed of an event about a home.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Matter {
    title: String,
    position: [f64; 3],
    building: Option<BuildingId>,
    dwelling: Option<DwellingId>,
}

impl Matter {
    fn of(event: &Event) -> Option<Self> {
        Some(Self {
            title: event.title.clone()?,
            position: event.position?,
            building: event.building,
            dwelling: event.dwelling,
        })
    }

    fn seal(&self, codec: &Codec) -> Result<Vec<u8>, CellFault> {
        if !self.position.iter().all(|one| one.is_finite()) {
            return Err(CellFault::NotANumber);
        }
        let text = serde_json::to_string(self);
        let text = text.map_err(|fault| CellFault::Wrong(fault.to_string()))?;
        codec.seal(&Sealed::new(text))
    }
}

/// Whether it is about a home; the sealed value itself where it could not be opened. What is known
/// of a home goes through [`put`], never through here.
impl Cell for OfHome {
    const SQL: &'static str = "BLOB";
    const NULLABLE: bool = true;
    const SEALED: Option<Form> = Some(Form::Home);
    fn put(&self, codec: &Codec) -> Result<ToSqlOutput<'_>, CellFault> {
        match self {
            Self::No => Ok(Null.into()),
            Self::Shut(sealed) => Ok(codec.seal(sealed)?.into()),
            Self::Yes => Err(CellFault::NoKey),
        }
    }
    fn take(value: ValueRef<'_>, codec: &Codec) -> Result<Self, CellFault> {
        match value {
            ValueRef::Null => Ok(Self::No),
            value => Sealed::take(value, codec).map(Self::Shut),
        }
    }
}

/// The row of an event.
pub(super) fn put<'a>(event: &'a Event, codec: &Codec) -> Result<Vec<ToSqlOutput<'a>>, Fault> {
    if !event.is_about_a_home() {
        return event.row(codec);
    }
    let fault = |fault| Fault {
        column: "home",
        fault,
    };
    let mut shut = event.clone();
    if !matches!(event.home, OfHome::Shut(_)) {
        let matter = Matter::of(event)
            .ok_or_else(|| fault(CellFault::Wrong("it has no title or place".to_owned())))?;
        shut.home = OfHome::Shut(Sealed::locked(matter.seal(codec).map_err(fault)?));
    }
    (shut.title, shut.position) = (None, None);
    (shut.building, shut.dwelling) = (None, None);
    let mut row: Vec<ToSqlOutput<'a>> = shut.row(codec)?.into_iter().map(owned).collect();
    // Both columns may not be NULL in cities of older formats.
    let own = COMMON.len()..;
    for (place, column) in own.zip(record::columns(EntityKind::Event)) {
        match column.name {
            "title" => row[place] = TITLE_SHUT.into(),
            "geom" => row[place] = geometry::empty_point_z(codec.srs_id).into(),
            _ => {}
        }
    }
    Ok(row)
}

fn owned<'a>(cell: ToSqlOutput<'_>) -> ToSqlOutput<'a> {
    let value = match cell {
        ToSqlOutput::Borrowed(value) => Value::try_from(value).unwrap_or(Value::Null),
        ToSqlOutput::Owned(value) => value,
        // No cell of ours is of another sort.
        _ => Value::Null,
    };
    ToSqlOutput::Owned(value)
}

/// The event of a row. Formats before 5 had events about homes in clear.
pub(super) fn take(row: &impl Cells, codec: &Codec) -> Result<Event, Fault> {
    let mut event = Event::of_row(&Veiled(row), codec)?;
    if event.home == OfHome::No {
        let missing = |column| Fault {
            column,
            fault: CellFault::Wrong("it is missing".to_owned()),
        };
        event.title.as_ref().ok_or_else(|| missing("title"))?;
        event.position.ok_or_else(|| missing("geom"))?;
        if event.dwelling.is_some() {
            event.home = OfHome::Yes;
        }
    } else if let Some(matter) = open(row, codec) {
        event.title = Some(matter.title);
        event.position = Some(matter.position);
        (event.building, event.dwelling) = (matter.building, matter.dwelling);
        event.home = OfHome::Yes;
    }
    Ok(event)
}

/// What is sealed; `None` without the key, and of what was changed at rest, which hides itself
/// alone.
fn open(row: &impl Cells, codec: &Codec) -> Option<Matter> {
    let blob = row.at(place_of("home")?).ok()?.as_blob().ok()?;
    read(&codec.vault()?.unseal(blob).ok()?)
}

fn read(text: &[u8]) -> Option<Matter> {
    let matter: Matter = serde_json::from_slice(text).ok()?;
    let is_place = matter.position.iter().all(|one| one.is_finite());
    is_place.then_some(matter)
}

/// Whether an opened value is what is sealed of an event about a home.
pub(super) fn is_matter(text: &[u8]) -> bool {
    read(text).is_some()
}

/// Where a column of events stands in its row.
fn place_of(name: &str) -> Option<usize> {
    let mut own = record::columns(EntityKind::Event).iter();
    Some(COMMON.len() + own.position(|column| column.name == name)?)
}

/// The row of an event whose columns that are sealed as one hold nothing where it is about a home.
struct Veiled<'a, C>(&'a C);

impl<C: Cells> Cells for Veiled<'_, C> {
    fn at(&self, place: usize) -> Result<ValueRef<'_>, CellFault> {
        let is_one = |name: &&str| place_of(name) == Some(place);
        let is_home = || Some(self.0.at(place_of("home")?).ok()? != ValueRef::Null);
        if SEALED_AS_ONE.iter().any(is_one) && is_home() == Some(true) {
            return Ok(ValueRef::Null);
        }
        self.0.at(place)
    }
}

/// Seals what stands in clear of events about a home, in rows and in the images of the change table:
/// what older programs left, and what an event was before it became a home's. Nothing without the
/// key: then a later write does it. The caller holds the transaction.
pub(super) fn seal_all(connection: &Connection, codec: &Codec) -> rusqlite::Result<()> {
    if codec.vault().is_none() {
        return Ok(());
    }
    let rows = clear_rows(connection)?;
    let images = clear_images(connection)?;
    if rows.is_empty() && images.is_empty() {
        return Ok(());
    }
    remains::note(connection)?;
    // What stood there in clear is written over, not only given free.
    connection.pragma_update(None, "secure_delete", "ON")?;
    let sql = KindSql::of(EntityKind::Event);
    connection.execute_batch(&sql.drop_triggers)?;
    for (fid, matter) in &rows {
        let update = "UPDATE event SET geom = ?2, title = ?3, building = NULL, dwelling = NULL,
             home = ?4 WHERE fid = ?1";
        let home = sealed(matter, codec)?;
        let geom = geometry::empty_point_z(codec.srs_id);
        connection
            .prepare_cached(update)?
            .execute(params![fid, geom, TITLE_SHUT, home])?;
        connection
            .prepare_cached(&sql.rtree_delete)?
            .execute([fid])?;
    }
    connection.execute_batch(&sql.create_triggers)?;
    if !rows.is_empty() {
        extent::measure(connection, EntityKind::Event.as_str())?;
    }
    for (fid, mut image, matter) in images {
        let row = &mut image["row"];
        row["geom"] = json!({ "hex": hex(&geometry::empty_point_z(codec.srs_id)) });
        row["title"] = TITLE_SHUT.into();
        (row["building"], row["dwelling"]) = (Json::Null, Json::Null);
        row["home"] = json!({ "hex": hex(&sealed(&matter, codec)?) });
        connection
            .prepare_cached("UPDATE pingjiang_change SET image = ?2 WHERE fid = ?1")?
            .execute(params![fid, image.to_string()])?;
    }
    Ok(())
}

fn sealed(matter: &Matter, codec: &Codec) -> rusqlite::Result<Vec<u8>> {
    let failed = |fault| rusqlite::Error::ToSqlConversionFailure(Box::new(fault));
    matter.seal(codec).map_err(failed)
}

/// A matter out of what its columns held in clear; `None` of what is no event, which the reader of
/// the city names.
fn in_clear(
    title: &str,
    geom: &[u8],
    building: Option<i64>,
    dwelling: Option<i64>,
) -> Option<Matter> {
    let id = |bits: i64| bits.cast_unsigned();
    Some(Matter {
        title: title.to_owned(),
        position: geometry::read_point_z(geom).ok()?,
        building: building.map(|bits| BuildingId::from_bits(id(bits))),
        dwelling: dwelling.map(|bits| DwellingId::from_bits(id(bits))),
    })
}

fn clear_rows(connection: &Connection) -> rusqlite::Result<Vec<(i64, Matter)>> {
    let mut select = connection.prepare(
        "SELECT fid, title, geom, building, dwelling FROM event
         WHERE home IS NULL AND dwelling IS NOT NULL",
    )?;
    let mut rows = select.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let title = row.get_ref(1)?.as_str().unwrap_or_default();
        let geom = row.get_ref(2)?.as_blob().unwrap_or_default();
        let (building, dwelling) = (row.get_ref(3)?.as_i64(), row.get_ref(4)?.as_i64());
        if let Some(matter) = in_clear(title, geom, building.ok(), dwelling.ok()) {
            found.push((row.get(0)?, matter));
        }
    }
    Ok(found)
}

fn clear_images(connection: &Connection) -> rusqlite::Result<Vec<(i64, Json, Matter)>> {
    // What is a home's now was, as likely as not, a home's before anybody knew which.
    let mut select = connection.prepare(
        "SELECT fid, image, entity IN (SELECT fid FROM event WHERE home IS NOT NULL)
         FROM pingjiang_change WHERE kind = 'event' AND image IS NOT NULL",
    )?;
    let mut rows = select.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let text = row.get_ref(1)?.as_str().unwrap_or_default();
        let Ok(image) = serde_json::from_str::<Json>(text) else {
            continue;
        };
        if let Some(matter) = of_image(&image["row"], row.get(2)?) {
            found.push((row.get(0)?, image, matter));
        }
    }
    Ok(found)
}

/// What an image holds in clear of an event that was about a home, or is by now.
fn of_image(row: &Json, is_by_now: bool) -> Option<Matter> {
    if row.get("home").is_some_and(|home| !home.is_null()) {
        return None;
    }
    let (building, dwelling) = (row["building"].as_i64(), row["dwelling"].as_i64());
    if dwelling.is_none() && !is_by_now {
        return None;
    }
    let geom = bytes_of_hex(row["geom"]["hex"].as_str()?)?;
    in_clear(row["title"].as_str()?, &geom, building, dwelling)
}
