//! The second reading: records out of rows, table by table, what others point at first.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::field::Field;
use super::kind::RegisterKind;
use super::link::{Coordinates, Linker};
use super::people::{Population, Statements};
use super::record::Record;
use super::run::{Made, Miss, Place, Tools};
use super::table::Table;
use super::{RegisterCity, RegisterFile, RegisterOptions, Unmatched, homes, things};
use crate::base::{BuildingId, DwellingId, HouseholdId, counted};
use crate::ingest::ReadError;
use crate::model::{Dwelling, Entity, EntityRef};

/// What comes of registers beside their files' records.
type Outcome = (Vec<Unmatched>, BTreeMap<String, Statements>);

/// Makes the records of all tables and puts them into their files.
pub(super) fn build(
    city: RegisterCity,
    options: &RegisterOptions,
    tables: &[Table],
    files: &mut [RegisterFile],
) -> Result<Outcome, ReadError> {
    let coordinates = Coordinates {
        crs: options.crs.clone(),
        datum: options.datum,
    };
    let mut build = Build {
        city,
        options,
        linker: Linker::new(city.ground, &coordinates, city.clearance)?,
        dwellings: HashMap::new(),
        households: BTreeMap::new(),
        hearths: BTreeMap::new(),
        keys: HashSet::new(),
        tally: BTreeMap::new(),
        unmatched: Vec::new(),
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
    let statements = build.residents(&people, files)?;
    for table in others.iter().filter(|one| !before(one)) {
        build.table(table, files)?;
    }
    build.tell(files);
    Ok((build.unmatched, statements))
}

struct Build<'a> {
    city: RegisterCity<'a>,
    options: &'a RegisterOptions,
    linker: Linker<'a>,
    dwellings: HashMap<DwellingId, BuildingId>,
    households: BTreeMap<HouseholdId, Option<DwellingId>>,
    /// Households that only residents tell of: number, address, file.
    hearths: BTreeMap<HouseholdId, (String, String, usize)>,
    keys: HashSet<EntityRef>,
    tally: BTreeMap<(usize, RegisterKind), Links>,
    unmatched: Vec<Unmatched>,
}

/// How the addresses of a table fared.
#[derive(Default)]
struct Links {
    linked: usize,
    ambiguous: usize,
    unmatched: usize,
    without: usize,
    conflicts: BTreeMap<String, usize>,
    in_conflict: usize,
}

impl<'a> Build<'a> {
    fn tools(&self) -> Tools<'_> {
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
            households: &self.households,
        }
    }

    /// Makes the records of one table.
    fn table(&mut self, table: &Table, files: &mut [RegisterFile]) -> Result<(), ReadError> {
        let Some(file) = files.get_mut(table.file) else {
            return Ok(());
        };
        let mut entities = std::mem::take(&mut file.entities);
        let mut skipped = Vec::new();
        let mut warnings = std::mem::take(&mut file.warnings);
        let dataset = file.dataset.clone();
        table.each_row(file.bytes(), &mut |row, cells| {
            let record = Record::new(&table.columns, &self.options.mapping, cells);
            if record.is_blank() {
                return Ok(true);
            }
            let place = table.place(row);
            let made = self.entity(&record, table.kind, &dataset);
            let key = record.text(Field::Key);
            for (column, fault) in record.into_faults() {
                warnings.note(place.text(), format!("column {column:?}: {fault}"));
            }
            let told = matches!(&made, Ok(Made { entity, .. }) if !self.keys.insert(entity.key()));
            match made {
                _ if told => {}
                Ok(Made { entity, miss }) => {
                    self.count(table, &file.name, &place, miss.as_ref());
                    entities.push(entity);
                }
                Err(miss) => {
                    let reason = if miss.outcome.is_empty() {
                        miss.reasons.clone()
                    } else {
                        self.count(table, &file.name, &place, Some(&miss));
                        "nothing in the city fits its address or position".to_owned()
                    };
                    warnings.note(place.text(), format!("{reason}: skipped"));
                    skipped.push(key);
                }
            }
            Ok(true)
        })?;
        file.entities = entities;
        file.warnings = warnings;
        for key in skipped {
            match key {
                Some(key) => file.faulty.push(key),
                None => file.nameless += 1,
            }
        }
        Ok(())
    }

    /// The record of a row of any register but that of residents.
    fn entity(
        &mut self,
        record: &Record,
        kind: RegisterKind,
        dataset: &str,
    ) -> Result<Made<Entity>, Miss> {
        let tools = self.tools();
        fn any<T: Into<Entity>>(made: Made<T>) -> Made<Entity> {
            Made {
                entity: made.entity.into(),
                miss: made.miss,
            }
        }
        match kind {
            RegisterKind::Dwellings => {
                let made = homes::dwelling(record, dataset, &tools)?;
                self.dwellings.insert(made.entity.id, made.entity.building);
                Ok(any(made))
            }
            RegisterKind::Households => {
                let number = record.text(Field::Household);
                let number = number.ok_or_else(|| Miss::unusable("it has no number"))?;
                let address = record.text(Field::Address).unwrap_or_default();
                let (entity, miss) = homes::household(&number, &address, dataset, &tools);
                self.households.insert(entity.id, entity.dwelling);
                Ok(any(Made { entity, miss }))
            }
            RegisterKind::Vehicles => homes::vehicle(record, dataset, &tools).map(any),
            RegisterKind::Devices => things::device(record, dataset, &tools).map(any),
            RegisterKind::Cameras => things::camera(record, dataset, &tools).map(any),
            RegisterKind::Facilities => things::facility(record, dataset, &tools).map(any),
            RegisterKind::Responders => things::responder(record, dataset, &tools).map(any),
            RegisterKind::Events => things::event(record, dataset, &tools).map(any),
            RegisterKind::Residents => Err(Miss::unusable("residents are read by person")),
        }
    }

    /// Lets addresses find the dwellings that were just read.
    fn know_dwellings(&mut self, files: &[RegisterFile]) {
        let entities = files.iter().flat_map(|file| &file.entities);
        let brought: Vec<Dwelling> = entities
            .filter_map(|entity| match entity {
                Entity::Dwelling(one) => Some((**one).clone()),
                _ => None,
            })
            .collect();
        self.linker.know_dwellings(&brought, self.city.clearance);
    }

    fn residents(
        &mut self,
        tables: &[&Table],
        files: &mut [RegisterFile],
    ) -> Result<BTreeMap<String, Statements>, ReadError> {
        if tables.is_empty() {
            return Ok(BTreeMap::new());
        }
        let mut people = Population::of(self.city.ground, self.city.clearance)?;
        let mut datasets = BTreeMap::new();
        for table in tables {
            self.people_of(table, &mut people, files)?;
            if let Some(file) = files.get(table.file) {
                datasets.entry(file.dataset.clone()).or_insert(table.file);
            }
        }
        // Of a register with rows that cannot be read, nobody can tell whom it lacks.
        datasets.retain(|_, file| files.get(*file).is_some_and(|file| file.nameless == 0));
        let statements = if self.options.keep_missing {
            BTreeMap::new()
        } else {
            people.withdraw(&datasets, &self.tools())?
        };
        self.hearths_of_people(files);
        let touched = std::mem::take(&mut people.touched);
        // Each is let go as its record is made: two of everybody would be in memory otherwise.
        for (id, one) in touched {
            let Some(mut resident) = Population::resident(id, &one) else {
                continue;
            };
            self.link(&mut resident, &one, tables, files);
            if let Some(file) = files.get_mut(one.file) {
                file.entities.push(resident.into());
            }
        }
        Ok(statements)
    }

    fn people_of(
        &mut self,
        table: &Table,
        people: &mut Population,
        files: &mut [RegisterFile],
    ) -> Result<(), ReadError> {
        let Some(file) = files.get_mut(table.file) else {
            return Ok(());
        };
        let mut warnings = std::mem::take(&mut file.warnings);
        let (dataset, mut nameless) = (file.dataset.clone(), 0);
        let mut hearths = std::mem::take(&mut self.hearths);
        table.each_row(file.bytes(), &mut |row, cells| {
            let record = Record::new(&table.columns, &self.options.mapping, cells);
            if record.is_blank() {
                return Ok(true);
            }
            let (place, tools) = (table.place(row), self.tools());
            if !people.take(&record, (&dataset, table.file, place.clone()), &tools)? {
                nameless += 1;
                warnings.note(place.text(), "nothing says whose it is: skipped");
            } else if let Some(number) = record.text(Field::Household) {
                let address = record.text(Field::Address).unwrap_or_default();
                let id = tools.household_id(&number);
                hearths.entry(id).or_insert((number, address, table.file));
            }
            Ok(true)
        })?;
        self.hearths = hearths;
        file.warnings = warnings;
        file.nameless += nameless;
        Ok(())
    }

    /// Households of which no register of households tells.
    fn hearths_of_people(&mut self, files: &mut [RegisterFile]) {
        for (id, (number, address, at)) in std::mem::take(&mut self.hearths) {
            let Some(file) = files.get_mut(at) else {
                continue;
            };
            let known = self.city.ground.households.get(&id);
            let is_others = known.is_some_and(|known| known.source.dataset != file.dataset);
            if is_others || self.households.contains_key(&id) {
                continue;
            }
            let (household, _) = homes::household(&number, &address, &file.dataset, &self.tools());
            self.households.insert(id, household.dwelling);
            file.entities.push(household.into());
        }
    }

    /// Links a resident to the dwelling that the address means.
    fn link(
        &mut self,
        resident: &mut crate::model::Resident,
        one: &super::people::Touched,
        tables: &[&Table],
        files: &[RegisterFile],
    ) {
        let Some(person) = &one.person else { return };
        let Some(table) = tables.iter().find(|table| table.file == one.file) else {
            return;
        };
        let name = files
            .get(one.file)
            .map_or_else(Default::default, |file| file.name.clone());
        if one.row.is_some() || !one.stood(person) {
            let address = person.value("address").unwrap_or_default();
            let found = self.linker.dwelling(&self.linker.parse(address));
            let same_place = one.stands_where_it_stood(person);
            resident.dwelling = found.linked().or(resident.dwelling.filter(|_| same_place));
            if let Some(place) = &one.row {
                let miss = homes::miss_of(&found, address).filter(|_| resident.dwelling.is_none());
                self.count(table, &name, place, miss.as_ref());
            }
        }
        self.note_conflicts(resident, one, table, &name);
    }

    /// Counts the fields on which registers differ, and lists the person.
    fn note_conflicts(
        &mut self,
        resident: &crate::model::Resident,
        one: &super::people::Touched,
        table: &Table,
        name: &std::path::Path,
    ) {
        let person = one.person.as_ref();
        let conflicts = person.map_or_else(Vec::new, |one| one.conflicts(&self.linker.names));
        if conflicts.is_empty() {
            return;
        }
        let links = self.tally.entry((one.file, table.kind)).or_default();
        links.in_conflict += 1;
        let mut reasons = Vec::new();
        for conflict in conflicts {
            *links.conflicts.entry(conflict.field.clone()).or_default() += 1;
            let tellers = conflict
                .told_by
                .iter()
                .map(|one| format!("{} {}", one.dataset, one.as_of));
            reasons.push(format!(
                "{}: {}",
                conflict.field,
                tellers.collect::<Vec<_>>().join(" / ")
            ));
        }
        let place = one.row.as_ref().or(one.told_in.as_ref());
        self.unmatched.push(Unmatched {
            file: name.display().to_string(),
            sheet: place
                .and_then(|place| place.sheet.clone())
                .unwrap_or_default(),
            row: place.map_or(0, |place| place.row),
            register: table.kind.as_str(),
            outcome: "conflict",
            score: None,
            candidates: vec![resident.id.to_string()],
            reasons: reasons.join("; "),
        });
    }

    fn count(&mut self, table: &Table, file: &std::path::Path, place: &Place, miss: Option<&Miss>) {
        let links = self.tally.entry((table.file, table.kind)).or_default();
        let Some(miss) = miss else {
            links.linked += 1;
            return;
        };
        match miss.outcome {
            "ambiguous" => links.ambiguous += 1,
            "no address" => links.without += 1,
            _ => links.unmatched += 1,
        }
        self.unmatched.push(Unmatched {
            file: file.display().to_string(),
            sheet: place.sheet.clone().unwrap_or_default(),
            row: place.row,
            register: table.kind.as_str(),
            outcome: miss.outcome,
            score: miss.score,
            candidates: miss.candidates.clone(),
            reasons: miss.reasons.clone(),
        });
    }

    /// Adds what became of addresses to the notes of the files.
    fn tell(&self, files: &mut [RegisterFile]) {
        for ((at, kind), links) in &self.tally {
            let Some(file) = files.get_mut(*at) else {
                continue;
            };
            let Links {
                linked,
                ambiguous,
                unmatched,
                without,
                conflicts,
                in_conflict,
            } = links;
            file.notes.push(format!(
                "{}: {linked} linked, {ambiguous} ambiguous, {unmatched} unmatched, {without} without address \
                 (--unmatched FILE.csv lists them)",
                kind.as_str()
            ));
            if *in_conflict > 0 {
                let fields: Vec<_> = conflicts
                    .iter()
                    .map(|(field, count)| format!("{field} {count}"))
                    .collect();
                file.notes.push(format!(
                    "{} told differently by several registers or rows: {}; what stood before stands",
                    counted(*in_conflict, "person is", "people are"),
                    fields.join(", ")
                ));
            }
        }
    }
}
