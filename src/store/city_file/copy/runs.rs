//! Which lines of the list of imports go into a copy without people: those of runs that wrote what is
//! in it, and of these without file, hash, counts and warnings where the run wrote of people too. A
//! name of a file, a hash that can be tried out and a warning about a row tell of a register of
//! people. Used by [`super`]. Never writes.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use crate::base::Warnings;
use crate::model::EntityKind;
use crate::store::city_file::history::{self, HistoryEntry};

use super::PERSONAL;

/// What stands for the file of a run that wrote of people too.
const FILE: &str = "registers of people";

/// What generators make up is of nobody.
const MADE_UP: &str = "generate";

/// Lines of the list, by their row.
#[derive(Debug, Default)]
pub(super) struct Runs {
    /// They go as they are.
    pub whole: Vec<i64>,
    /// They go without what they tell of people.
    pub of_people_too: Vec<i64>,
    /// How many stay behind.
    pub left: usize,
}

impl Runs {
    /// Those of a city.
    pub fn of(city: &Connection) -> rusqlite::Result<Self> {
        let written = Written::of(city)?;
        let mut select = city.prepare("SELECT fid FROM pingjiang_import ORDER BY fid")?;
        let rows = select.query_map([], |row| row.get(0))?;
        let rows = rows.collect::<rusqlite::Result<Vec<i64>>>()?;
        let mut runs = Self::default();
        for (row, line) in rows.into_iter().zip(history::read(city)?) {
            match written.tells_of_people(&line) {
                false => runs.whole.push(row),
                true if written.has_records(&line) => runs.of_people_too.push(row),
                true => runs.left += 1,
            }
        }
        Ok(runs)
    }
}

/// What runs wrote, of people and not.
struct Written {
    /// Imports that a record of a copy names.
    public: BTreeSet<String>,
    /// Imports that a record of people names.
    personal: BTreeSet<String>,
    /// The kinds that each version changed.
    versions: BTreeMap<u64, BTreeSet<EntityKind>>,
}

impl Written {
    fn of(city: &Connection) -> rusqlite::Result<Self> {
        let mut written = Self {
            public: BTreeSet::new(),
            personal: BTreeSet::new(),
            versions: BTreeMap::new(),
        };
        for kind in EntityKind::ALL {
            let table = kind.as_str();
            // An older city has not every table.
            if super::foreign::columns(city, table)?.is_empty() {
                continue;
            }
            let select = format!("SELECT DISTINCT import_id FROM \"{table}\"");
            let mut select = city.prepare(&select)?;
            let ids = select.query_map([], |row| row.get::<_, String>(0))?;
            let of = match PERSONAL.contains(kind) {
                true => &mut written.personal,
                false => &mut written.public,
            };
            for id in ids {
                of.insert(id?);
            }
        }
        let select = "SELECT DISTINCT ground_version, kind FROM pingjiang_change";
        let mut select = city.prepare(select)?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let kind: String = row.get(1)?;
            let version = row.get::<_, i64>(0)?.cast_unsigned();
            let kinds = written.versions.entry(version).or_default();
            kinds.extend(EntityKind::from_name(&kind));
        }
        Ok(written)
    }

    fn has_records(&self, line: &HistoryEntry) -> bool {
        self.public.contains(&line.record.id.to_string())
    }

    /// Whether a line tells of people: its run wrote some, or it wrote nothing that a copy has, as
    /// the second reading of a register does.
    fn tells_of_people(&self, line: &HistoryEntry) -> bool {
        if line.record.action == MADE_UP {
            return false;
        }
        let kinds = self.versions.get(&line.version);
        let is_any = |of_people: bool| {
            let mut kinds = kinds.into_iter().flatten();
            kinds.any(|kind| PERSONAL.contains(kind) == of_people)
        };
        let id = line.record.id.to_string();
        self.personal.contains(&id) || is_any(true) || !(self.has_records(line) || is_any(false))
    }
}

/// Which lines of the list tell of people, in its order.
pub(in crate::store::city_file) fn of_people(city: &Connection) -> rusqlite::Result<Vec<bool>> {
    let written = Written::of(city)?;
    let lines = history::read(city)?;
    let told = lines.iter().map(|line| written.tells_of_people(line));
    Ok(told.collect())
}

/// The rows as a condition.
pub(super) fn which(rows: &[i64]) -> String {
    let rows: Vec<String> = rows.iter().map(i64::to_string).collect();
    format!("WHERE fid IN ({})", rows.join(", "))
}

/// What stands in the columns of a line that would tell of people.
pub(super) fn veiled() -> rusqlite::Result<Vec<(&'static str, String)>> {
    let none = serde_json::to_string(&Warnings::default())
        .map_err(|fault| rusqlite::Error::ToSqlConversionFailure(fault.into()))?;
    let mut columns = vec![
        ("file", format!("'{FILE}'")),
        ("sha256", "''".to_owned()),
        ("warnings", format!("'{none}'")),
    ];
    let counts = ["added", "updated", "removed", "unchanged", "warning_count"];
    columns.extend(counts.map(|name| (name, "0".to_owned())));
    Ok(columns)
}
