//! A copy of a city for others: consistent, whole, and without anything of a person.
//! Used by `app::export`. Never touches the city it copies.
//!
//! The copy is a new city into which the rows go that we know, table by table and column by column.
//! So what is not to go out was never in it, not even in pages that were freed; and what other
//! programs keep in the same file (tables, columns, views, styles) stays behind, whatever it is.

use std::collections::BTreeMap;
use std::{io, path::Path};

use rusqlite::types::ValueRef;
use rusqlite::{Connection, params, params_from_iter};

use crate::model::EntityKind;
use crate::store::files::Draft;

use super::cell::Codec;
use super::error::{CityFileError, sql};
use super::open::system;
use super::{
    CityFile, device_older, extent, faces, geometry, history, meta, record, schema, tables, tiles,
};

mod foreign;
mod runs;

pub(super) use runs::of_people as runs_of_people;

/// What is written about people and their things.
pub(super) const PERSONAL: &[EntityKind] = &[
    EntityKind::Dwelling,
    EntityKind::Household,
    EntityKind::Resident,
    EntityKind::Vehicle,
    EntityKind::Responder,
    EntityKind::Event,
];

const COPYING: &str = "copying the city";

/// What went into a copy of a city, and what did not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Copied {
    /// Records in the copy, by kind.
    pub written: BTreeMap<EntityKind, usize>,
    /// Records of people and their things, which stayed behind.
    pub people: BTreeMap<EntityKind, usize>,
    /// Tables and columns (`table.column`) of other programs, which stayed behind: rows in them.
    pub foreign: BTreeMap<String, usize>,
    /// Lines of the list of imports that stayed behind, or lost what they tell of people.
    pub imports: usize,
}

impl CityFile {
    /// Writes the city as it is now to another file, without dwellings, households, residents,
    /// vehicles, responders and events, without sealed fields of the rest, without what the history kept of them, without the mark of the
    /// key, for nothing is left that it would open, and without whatever else lies in the file. It
    /// appears complete or not at all, and only over another when `replace` says so.
    ///
    /// # Errors
    /// When the name is taken, the city is damaged, or a file cannot be read or written.
    pub fn copy_without_people(&self, to: &Path, replace: bool) -> Result<Copied, CityFileError> {
        if to.exists() && !replace {
            return Err(CityFileError::Exists { path: to.into() });
        }
        let draft =
            Draft::begin(to, |options| options).map_err(|fault| system(to, COPYING, &fault))?;
        let copied = self.draft_without_people(&draft, to)?;
        match draft.put(to, replace) {
            Ok(()) => Ok(copied),
            Err(fault) if fault.kind() == io::ErrorKind::AlreadyExists => {
                Err(CityFileError::Exists { path: to.into() })
            }
            Err(fault) => Err(system(to, COPYING, &fault)),
        }
    }

    fn draft_without_people(&self, draft: &Draft, to: &Path) -> Result<Copied, CityFileError> {
        let mut copy = Self::make_draft(draft, to, &self.info, None)?;
        // One transaction: a writer beside us changes nothing in it.
        let from = self
            .connection
            .unchecked_transaction()
            .map_err(sql(&self.path, COPYING))?;
        let into = copy.connection.transaction().map_err(sql(to, COPYING))?;
        let way = Way {
            from: &from,
            into: &into,
            codec: &self.codec,
            failed: &|fault| match fault {
                Side::From(fault) => sql(&self.path, COPYING)(fault),
                Side::Into(fault) => sql(to, COPYING)(fault),
            },
        };
        let mut copied = way.copy()?;
        into.commit().map_err(sql(to, COPYING))?;
        copied.foreign = foreign::of(&from, &copy.connection).map_err(sql(&self.path, COPYING))?;
        // A record that cannot be read is the city's fault, and no copy is made of it.
        copy.path.clone_from(&self.path);
        copy.load_ground()?;
        Ok(copied)
    }
}

fn has_sealed(kind: EntityKind) -> bool {
    record::columns(kind).iter().any(|one| one.sealed.is_some())
}

/// Which of the two files could not serve.
enum Side {
    From(rusqlite::Error),
    Into(rusqlite::Error),
}

/// From one city into another, both in a transaction.
struct Way<'a> {
    from: &'a Connection,
    into: &'a Connection,
    codec: &'a Codec,
    failed: &'a dyn Fn(Side) -> CityFileError,
}

impl Way<'_> {
    fn copy(&self) -> Result<Copied, CityFileError> {
        let mut copied = Copied::default();
        for kind in EntityKind::ALL {
            let table = kind.as_str();
            if PERSONAL.contains(kind) {
                let count = foreign::count(self.from, table, "1");
                copied.people.insert(*kind, count.map_err(self.from())?);
                continue;
            }
            let count = self.records(*kind)?;
            if count > 0 {
                copied.written.insert(*kind, count);
            }
        }
        for table in &faces::ALL {
            self.rows(table.name, &[], "")?;
        }
        copied.imports = self.imports()?;
        self.rows(tiles::TABLE, &[], "")?;
        let is_gone = |kind: &EntityKind| PERSONAL.contains(kind) || has_sealed(*kind);
        let kept = EntityKind::ALL.iter().filter(|kind| !is_gone(kind));
        let kept: Vec<String> = kept.map(|kind| format!("'{}'", kind.as_str())).collect();
        let kept = format!("WHERE kind IN ({})", kept.join(", "));
        self.rows("pingjiang_change", &[], &kept)?;
        self.about()?;
        Ok(copied)
    }

    /// The list of imports without what it tells of registers of people; how many lines that
    /// concerns.
    fn imports(&self) -> Result<usize, CityFileError> {
        let runs = runs::Runs::of(self.from).map_err(self.from())?;
        let older = history::older(self.from).map_err(self.from())?;
        self.rows(history::TABLE, older, &runs::which(&runs.whole))?;
        let veiled = runs::veiled().map_err(self.from())?;
        let veiled: Vec<_> = veiled
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .chain(older.iter().copied())
            .collect();
        self.rows(history::TABLE, &veiled, &runs::which(&runs.of_people_too))?;
        Ok(runs.left + runs.of_people_too.len())
    }

    /// The records of one kind with their index; how many they are.
    fn records(&self, kind: EntityKind) -> Result<usize, CityFileError> {
        let table = kind.as_str();
        let sealed = record::columns(kind)
            .iter()
            .filter(|one| one.sealed.is_some());
        let mut no_link: Vec<(&str, &str)> = sealed.map(|one| (one.name, "NULL")).collect();
        // An older city has it in clear.
        if kind == EntityKind::Device {
            no_link.push(("dwelling", "NULL"));
        }
        let Some(rtree) = tables::rtree(kind) else {
            return self.rows(table, &no_link, "");
        };
        let triggers = |batch: String| self.into.execute_batch(&batch).map_err(self.into());
        triggers(schema::drop_triggers(table))?;
        let count = self.rows(table, &no_link, "")?;
        if kind == EntityKind::Device {
            device_older::settle_copy(self.from, self.into, self.codec).map_err(self.into())?;
        }
        self.index(table, &rtree).map_err(self.into())?;
        triggers(schema::create_triggers(table))?;
        Ok(count)
    }

    /// Fills the spatial index of a table from its geometries.
    fn index(&self, table: &str, rtree: &str) -> rusqlite::Result<()> {
        let mut insert = self
            .into
            .prepare(&format!("INSERT INTO {rtree} VALUES (?1, ?2, ?3, ?4, ?5)"))?;
        let select = format!("SELECT fid, geom FROM \"{table}\"");
        let mut select = self.into.prepare(&select)?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let blob = row.get_ref(1)?.as_blob_or_null().unwrap_or_default();
            if let Some([west, east, south, north]) = blob.and_then(geometry::envelope) {
                let fid: i64 = row.get(0)?;
                insert.execute(params![fid, west, east, south, north])?;
            }
        }
        Ok(())
    }

    /// Copies the rows of a table that `which` names, in the columns that the copy has; `others`
    /// are columns with what stands in their place. An older city lacks some columns, or the table.
    fn rows(
        &self,
        table: &str,
        others: &[(&str, &str)],
        which: &str,
    ) -> Result<usize, CityFileError> {
        let known = foreign::columns(self.from, table).map_err(self.from())?;
        let columns = foreign::columns(self.into, table).map_err(self.into())?;
        if known.is_empty() {
            return Ok(0);
        }
        let (mut names, mut values) = (Vec::new(), Vec::new());
        for column in &columns {
            let other = others.iter().find(|(name, _)| name == column);
            match other {
                Some((_, value)) => values.push((*value).to_owned()),
                None if known.contains(column) => values.push(format!("\"{column}\"")),
                None => continue,
            }
            names.push(format!("\"{column}\""));
        }
        let select = format!(
            "SELECT {} FROM \"{table}\" {which} ORDER BY fid",
            values.join(", ")
        );
        let insert = format!(
            "INSERT INTO \"{table}\" ({}) VALUES ({})",
            names.join(", "),
            vec!["?"; names.len()].join(", ")
        );
        let mut select = self.from.prepare(&select).map_err(self.from())?;
        let mut insert = self.into.prepare(&insert).map_err(self.into())?;
        let mut rows = select.query([]).map_err(self.from())?;
        let mut count = 0;
        while let Some(row) = rows.next().map_err(self.from())? {
            let cells = (0..names.len()).map(|place| row.get_ref(place));
            let cells: rusqlite::Result<Vec<ValueRef<'_>>> = cells.collect();
            let cells = cells.map_err(self.from())?;
            let cells = params_from_iter(
                cells
                    .into_iter()
                    .map(rusqlite::types::ToSqlOutput::Borrowed),
            );
            insert.execute(cells).map_err(self.into())?;
            count += 1;
        }
        Ok(count)
    }

    /// The version, and what the list of contents says of the layers that came along.
    fn about(&self) -> Result<(), CityFileError> {
        let version = meta::ground_version(self.from).map_err(self.from())?;
        meta::set(self.into, "ground_version", &version.to_string()).map_err(self.into())?;
        let records = EntityKind::ALL
            .iter()
            .filter(|kind| !PERSONAL.contains(kind));
        let layers = records.map(|kind| kind.as_str());
        let layers = layers.chain(faces::ALL.iter().map(|table| table.name));
        let select = "SELECT min_x, min_y, max_x, max_y, last_change FROM gpkg_contents
             WHERE table_name = ?1";
        let mut select = self.from.prepare(select).map_err(self.from())?;
        let update = "UPDATE gpkg_contents SET min_x = ?2, min_y = ?3, max_x = ?4, max_y = ?5,
             last_change = ?6 WHERE table_name = ?1";
        let mut update = self.into.prepare(update).map_err(self.into())?;
        for layer in layers {
            let mut rows = select.query([layer]).map_err(self.from())?;
            let Some(row) = rows.next().map_err(self.from())? else {
                continue;
            };
            let side = |place| row.get::<_, Option<f64>>(place).map_err(self.from());
            let at: String = row.get(4).map_err(self.from())?;
            let sides = params![layer, side(0)?, side(1)?, side(2)?, side(3)?, at];
            update.execute(sides).map_err(self.into())?;
        }
        // In an older city it tells how far devices of homes reach.
        extent::measure(self.into, EntityKind::Device.as_str()).map_err(self.into())?;
        Ok(())
    }

    fn from(&self) -> impl Fn(rusqlite::Error) -> CityFileError + '_ {
        |fault| (self.failed)(Side::From(fault))
    }

    fn into(&self) -> impl Fn(rusqlite::Error) -> CityFileError + '_ {
        |fault| (self.failed)(Side::Into(fault))
    }
}
