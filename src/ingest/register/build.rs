//! The second reading: records out of rows, table by table, what others point at first.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::at_home::NamesAtHome;
use super::field::Field;
use super::household_numbers::{HouseholdNumbers, OTHER_HOME};
use super::kind::RegisterKind;
use super::link::{Coordinates, Linker};
use super::people::Statements;
use super::probe::TWICE;
use super::record::Record;
use super::run::{Made, Miss, Tools};
use super::same_door::{Doors, Known};
use super::table::Table;
use super::tally::Links;
use super::{
    RegisterCity, RegisterFile, RegisterOptions, TakePart, Unmatched, device_row, homes,
    named_before, open_key, standing, things,
};
use crate::base::{BuildingId, DwellingId, HouseholdId};
use crate::ingest::ReadError;
use crate::model::{Entity, EntityRef};

/// What comes of registers beside their files' records.
pub(super) struct Built {
    pub(super) unmatched: Vec<Unmatched>,
    pub(super) statements: BTreeMap<String, Statements>,
    /// Dwellings of other registers that rows told again.
    pub(super) confirmed: BTreeSet<DwellingId>,
}

/// Makes the records of all tables and puts them into their files.
pub(super) fn build(
    city: RegisterCity,
    options: &RegisterOptions,
    tables: &[Table],
    files: &mut [RegisterFile],
    take: TakePart,
) -> Result<Built, ReadError> {
    let coordinates = Coordinates {
        crs: options.crs.clone(),
        datum: options.datum,
    };
    let linker = Linker::new(city.ground, &coordinates, *city.matching, city.clearance)?;
    let at_home = names_at_home(city, &linker, tables);
    let doors = Doors::for_tables(city, &linker, tables);
    let mut build = Build {
        city,
        options,
        linker,
        dwellings: HashMap::new(),
        households: BTreeMap::new(),
        numbers: HouseholdNumbers::default(),
        again: files.iter().map(|one| one.dataset.clone()).collect(),
        keys: HashSet::new(),
        doors,
        confirmed: BTreeSet::new(),
        needs_names: at_home.is_some(),
        at_home: at_home.unwrap_or_default(),
        tally: BTreeMap::new(),
        unmatched: Vec::new(),
        late_notes: Vec::new(),
    };
    let (people, others): (Vec<_>, Vec<_>) = tables
        .iter()
        .partition(|one| one.kind == RegisterKind::Residents);
    let before = |one: &&&Table| one.kind < RegisterKind::Residents;
    for table in others.iter().filter(before) {
        build.table(table, files)?;
        if table.kind == RegisterKind::Dwellings {
            build.know_dwellings(files);
        }
    }
    let statements = build.residents(&people, files, take)?;
    build.tell_late(files);
    for table in others.iter().filter(|one| !before(one)) {
        build.table(table, files)?;
    }
    build.look_again(tables, files);
    build.tell(files);
    if build.at_home.is_locked() {
        tell_locked(tables, files);
    }
    build.list_in_order(files);
    Ok(Built {
        confirmed: build.confirmed.into_iter().map(|(id, _)| id).collect(),
        unmatched: build.unmatched,
        statements,
    })
}

/// The names that must not stand in what these tables bring; where they bring people alone, those of
/// buildings of which the city has such things already. `None` where nobody's name matters.
fn names_at_home(city: RegisterCity, linker: &Linker, tables: &[Table]) -> Option<NamesAtHome> {
    let any = |is_it: fn(RegisterKind) -> bool| tables.iter().any(|one| is_it(one.kind));
    let only = match any(RegisterKind::is_called_freely) {
        true => None,
        false if any(|kind| kind == RegisterKind::Residents) => {
            Some(named_before::buildings(city.ground, linker))
        }
        false => return None,
    };
    Some(NamesAtHome::of(city.ground, only, city.clearance))
}

/// Says of files with names of things that nobody looked for people in them.
fn tell_locked(tables: &[Table], files: &mut [RegisterFile]) {
    let at: BTreeSet<usize> = tables
        .iter()
        .filter(|one| one.kind.is_called_freely())
        .map(|one| one.file)
        .collect();
    for file in at {
        if let Some(file) = files.get_mut(file) {
            file.notes.push(
                "the city's personal values are locked, so nobody looked whether a name here is \
                 that of somebody who lives there: import again with the city's key (--key-file)"
                    .to_owned(),
            );
        }
    }
}

/// Records under way.
pub(super) struct Build<'a> {
    pub(super) city: RegisterCity<'a>,
    pub(super) options: &'a RegisterOptions,
    pub(super) linker: Linker<'a>,
    pub(super) dwellings: HashMap<DwellingId, BuildingId>,
    pub(super) households: BTreeMap<HouseholdId, Option<DwellingId>>,
    pub(super) numbers: HouseholdNumbers,
    /// The data sets that this run reads.
    pub(super) again: HashSet<String>,
    keys: HashSet<EntityRef>,
    /// Doors of the dwellings that there are, where tables tell of dwellings.
    pub(super) doors: Doors,
    /// Dwellings of other registers that rows of this run tell again, each once for a data set.
    pub(super) confirmed: BTreeSet<(DwellingId, String)>,
    /// Names of people, where tables tell of things that may be called after somebody.
    pub(super) at_home: NamesAtHome,
    pub(super) needs_names: bool,
    pub(super) tally: BTreeMap<(usize, RegisterKind), Links>,
    pub(super) unmatched: Vec<Unmatched>,
    /// File, place and note of rows of people that were noted after they had been read for the first
    /// time.
    pub(super) late_notes: Vec<(usize, String, String)>,
}

/// What a row became.
enum Row {
    Record(Made<Entity>),
    /// A dwelling that stands already as another register tells.
    Again(Known),
}

impl Row {
    fn key(&self) -> EntityRef {
        match self {
            Self::Record(made) => made.entity.key(),
            Self::Again(known) => known.own,
        }
    }
}

impl<'a> Build<'a> {
    pub(super) fn tools(&self) -> Tools<'_> {
        Tools {
            ground: self.city.ground,
            linker: &self.linker,
            hash: self.city.hash,
            clearance: self.city.clearance,
            labels: self.city.labels,
            kinds: self.city.kinds,
            today: &self.options.today,
            utc_offset_minutes: self.city.ground.info.utc_offset_minutes,
            dwellings: &self.dwellings,
            at_home: &self.at_home,
            numbers: &self.numbers,
            households: &self.households,
        }
    }

    /// Adds what was noted of rows of people after the first reading.
    fn tell_late(&mut self, files: &mut [RegisterFile]) {
        for (at, place, note) in std::mem::take(&mut self.late_notes) {
            if let Some(file) = files.get_mut(at) {
                file.warnings.note(place, note);
            }
        }
    }

    /// Brings the list of rows into the order of files and rows, with those of the first reading.
    fn list_in_order(&mut self, files: &mut [RegisterFile]) {
        let places: HashMap<String, usize> = files
            .iter()
            .enumerate()
            .map(|(at, file)| (file.name.display().to_string(), at))
            .collect();
        let listed = files
            .iter_mut()
            .map(|file| std::mem::take(&mut file.listed));
        self.unmatched.extend(listed.flatten());
        let of = |one: &Unmatched| (places.get(&one.file).copied(), one.sheet.clone(), one.row);
        self.unmatched.sort_by_cached_key(of);
    }

    /// Makes the records of one table.
    fn table(&mut self, table: &Table, files: &mut [RegisterFile]) -> Result<(), ReadError> {
        let Some(file) = files.get_mut(table.file) else {
            return Ok(());
        };
        let mut entities = std::mem::take(&mut file.entities);
        let mut skipped = Vec::new();
        let mut warnings = std::mem::take(&mut file.warnings);
        let mut chosen = std::mem::take(&mut file.chosen);
        let dataset = file.dataset.clone();
        table.each_row(file.bytes(), &mut |at, cells| {
            let record = Record::new(&table.columns, &self.options.mapping, cells);
            if record.is_blank() || standing::is_gone(&record, &self.options.today) {
                return Ok(true);
            }
            let place = table.place(at.number);
            if table.is_shifted(cells) {
                skipped.push(None);
                self.list_skipped(table, &file.name, &place, "more cells than headers");
                return Ok(true);
            }
            if table.kind == RegisterKind::Households && self.note_household(&record) {
                record.fault(Field::Household, OTHER_HOME);
            }
            let made = self.entity(&record, table.kind, &dataset);
            let key = record.text(Field::Key);
            for (column, fault) in record.into_faults() {
                self.list_noted(table, &file.name, &place, (&column, fault));
                warnings.note(place.text(), format!("column {column:?}: {fault}"));
            }
            let told = made
                .as_ref()
                .is_ok_and(|made| !self.keys.insert(made.key()));
            match made {
                _ if told => {
                    self.list_skipped(table, &file.name, &place, "the same key twice");
                    // The first reading knows no homes.
                    if table.kind == RegisterKind::Households {
                        warnings.note(place.text(), TWICE);
                    }
                }
                Ok(Row::Again(known)) => self.confirm(table, &file.name, &place, &known),
                Ok(Row::Record(made)) => {
                    self.count_hidden(table, key.as_deref(), &made.entity);
                    let (entity, is_chosen) = self.finished(table, &file.name, &place, made);
                    chosen.extend(is_chosen.then(|| entity.key()));
                    entities.push(entity);
                }
                Err(miss) => {
                    let reason = self.skip(table, &file.name, &place, &miss);
                    warnings.note(place.text(), format!("{reason}: skipped"));
                    skipped.push(key);
                }
            }
            Ok(true)
        })?;
        (file.entities, file.chosen) = (entities, chosen);
        file.warnings = warnings;
        self.keep_keys(table.kind, skipped, file);
        Ok(())
    }

    /// Keeps the keys of rows that were not taken, so that what the city has of them stays.
    fn keep_keys(&self, kind: RegisterKind, skipped: Vec<Option<String>>, file: &mut RegisterFile) {
        for key in skipped {
            match key {
                // What the city has of it may stand under its fingerprint.
                Some(key) => {
                    if open_key::may_be_hidden(kind) {
                        file.faulty.push(open_key::print(&key, &self.tools()));
                    }
                    file.faulty.push(key);
                }
                None => file.nameless += 1,
            }
        }
    }

    /// The record of a row of any register but that of residents.
    fn entity(&mut self, record: &Record, kind: RegisterKind, dataset: &str) -> Result<Row, Miss> {
        let tools = self.tools();
        fn any<T: Into<Entity>>(made: Made<T>) -> Made<Entity> {
            Made {
                entity: made.entity.into(),
                miss: made.miss,
            }
        }
        let made = match kind {
            RegisterKind::Dwellings => {
                let made = homes::dwelling(record, dataset, &tools)?;
                if let Some(known) = self.known_door(record, &made.entity) {
                    return Ok(Row::Again(known));
                }
                self.dwellings.insert(made.entity.id, made.entity.building);
                Ok(any(made))
            }
            RegisterKind::Households => {
                let made = homes::household(record, dataset, &tools)?;
                self.households.insert(made.entity.id, made.entity.dwelling);
                Ok(any(made))
            }
            RegisterKind::Vehicles => homes::vehicle(record, dataset, &tools)
                .map(|made| any(homes::apart(made, record, &self.keys))),
            RegisterKind::Devices => device_row::device(record, dataset, &tools).map(any),
            RegisterKind::Cameras => things::camera(record, dataset, &tools).map(any),
            RegisterKind::Facilities => things::facility(record, dataset, &tools).map(any),
            RegisterKind::Responders => things::responder(record, dataset, &tools).map(any),
            RegisterKind::Events => things::event(record, dataset, &tools).map(any),
            RegisterKind::Residents => Err(Miss::unusable("residents are read by person")),
        };
        made.map(Row::Record)
    }

    /// Looks whether what the city had before bears the name of somebody, or the number of a room, that is
    /// known now: where people or homes come in.
    fn look_again(&self, tables: &[Table], files: &mut [RegisterFile]) {
        let first = |kind| tables.iter().find(|one| one.kind == kind);
        let homes = || first(RegisterKind::Dwellings);
        let Some(at) = first(RegisterKind::Residents).or_else(homes) else {
            return;
        };
        let is_again = |one: &Entity| {
            self.keys.contains(&one.key()) || self.again.contains(&one.source().dataset)
        };
        let found =
            named_before::look_again(self.city.ground, &self.at_home, &self.linker, is_again);
        if let Some(file) = files.get_mut(at.file) {
            file.notes
                .extend(named_before::notes(self.city.ground, &found));
            file.entities.extend(found);
        }
    }
}
