//! Residents out of their registers, part by part: first which rows are whose (`index`), then all rows
//! of some people at a time. Never holds more people than a part has.

use std::collections::BTreeMap;

use super::build::Build;
use super::chosen;
use super::index::{Index, RowsAgain, part};
use super::no_number::household_number;
use super::people::{Identities, Population, Statements, Touched};
use super::person_row::is_nobody;
use super::record::Record;
use super::table::Table;
use super::{ReadError, RegisterFile, TakePart, Unmatched, homes, standing};
use crate::base::HouseholdId;
use crate::model::{Entity, EntityKind, EntityRef, Resident};

/// So many rows at a time: their records take about 150 MB.
const PART_ROWS: usize = 50_000;

impl Build<'_> {
    /// Makes the records of all residents, and of households of which only they tell.
    pub(super) fn residents(
        &mut self,
        tables: &[&Table],
        files: &mut [RegisterFile],
        take: TakePart,
    ) -> Result<BTreeMap<String, Statements>, ReadError> {
        let mut statements = BTreeMap::new();
        if tables.is_empty() {
            return Ok(statements);
        }
        let mut identities = Identities::of(self.city.ground, self.city.clearance)?;
        let mut index = self.index(tables, &identities, files)?;
        let files = &*files;
        let mut rows = index.rows(tables, files)?;
        self.join_people(&mut index, &mut rows, &mut identities, (tables, files))?;
        self.number_households(&mut index, &mut rows, (tables, files))?;
        index.sort();
        self.households_of_people(&index, &mut rows, (tables, files), take)?;
        let withdrawn = self.withdrawn(tables, files);
        let mut from = 0;
        while from < index.people.len() {
            let of_part = part(&index.people, from, PART_ROWS);
            from += of_part.len();
            let mut of_part = of_part.to_vec();
            // In the order of the file, so that reading goes forward.
            of_part.sort_by_key(|one| (one.table, one.number()));
            let mut people = Population::new(self.city.ground);
            for row in &of_part {
                let table = tables[row.table as usize];
                let record = Record::new(&table.columns, &self.options.mapping, rows.cells(row)?);
                let tools = self.tools();
                let who = identities.who(&record, &tools);
                let who = who.filter(|who| who.id.bits().cast_signed() == row.id);
                let (mut who, file) = who.zip(files.get(table.file)).ok_or_else(changed)?;
                who.keep_household(|id| self.has_told_household(id));
                let from = (file.dataset.as_str(), table.file, table.place(row.number()));
                people.take((&record, who), from, &tools)?;
            }
            people.withdraw(&withdrawn, &mut statements, &self.tools())?;
            self.hand_over(people, (tables, files), take)?;
        }
        self.withdraw_unseen(&index, &withdrawn, &mut statements, (tables, files), take)?;
        Ok(statements)
    }

    /// Reads all rows for whose they are.
    fn index(
        &mut self,
        tables: &[&Table],
        identities: &Identities,
        files: &mut [RegisterFile],
    ) -> Result<Index, ReadError> {
        let mut index = Index::default();
        for (at_table, table) in tables.iter().enumerate() {
            let Some(file) = files.get_mut(table.file) else {
                continue;
            };
            let mut warnings = std::mem::take(&mut file.warnings);
            let mut nameless = 0;
            let read = table.each_row(file.bytes(), &mut |at, cells| {
                let record = Record::new(&table.columns, &self.options.mapping, cells);
                let is_gone = standing::is_gone(&record, &self.options.today);
                if record.is_blank() || is_nobody(&record) || is_gone {
                    return Ok(true);
                }
                if table.is_shifted(cells) {
                    nameless += 1;
                    let place = table.place(at.number);
                    self.list_skipped(table, &file.name, &place, "more cells than headers");
                    return Ok(true);
                }
                let tools = self.tools();
                let Some(who) = identities.who(&record, &tools) else {
                    nameless += 1;
                    let (place, reason) = (table.place(at.number), "nothing says whose it is");
                    self.list_skipped(table, &file.name, &place, reason);
                    warnings.note(place.text(), format!("{reason}: skipped"));
                    return Ok(true);
                };
                let mut row = index.place(at_table, table.form.is_some(), at, cells);
                row.id = who.id.bits().cast_signed();
                index.people.push(row);
                let print = who.print(household_number(&record).is_some());
                index.prints.push(print);
                Ok(true)
            });
            file.warnings = warnings;
            file.nameless += nameless;
            read?;
        }
        Ok(index)
    }

    /// Households of which no register of households tells.
    fn households_of_people(
        &mut self,
        index: &Index,
        rows: &mut RowsAgain,
        (tables, files): (&[&Table], &[RegisterFile]),
        take: TakePart,
    ) -> Result<(), ReadError> {
        let mut from = 0;
        while from < index.households.len() {
            let of_part = part(&index.households, from, PART_ROWS);
            from += of_part.len();
            let mut of_part = of_part.to_vec();
            of_part.sort_by_key(|one| (one.table, one.number()));
            let mut entities = Vec::with_capacity(of_part.len());
            for row in &of_part {
                let table = tables[row.table as usize];
                let record = Record::new(&table.columns, &self.options.mapping, rows.cells(row)?);
                let file = files.get(table.file).ok_or_else(changed)?;
                let made = homes::household(&record, &file.dataset, &self.tools());
                let household = made.map_err(|_| changed())?.entity;
                if household.id != HouseholdId::from_bits(row.id.cast_unsigned()) {
                    return Err(changed());
                }
                self.households.insert(household.id, household.dwelling);
                let mut entity = Entity::from(household);
                entity.set_import(file.import());
                self.keep_chosen(table, &mut entity);
                entities.push(entity);
            }
            take(entities)?;
        }
        Ok(())
    }

    /// The data sets that take back what they no longer say, with their files. Of a register with
    /// rows that cannot be read, nobody can tell whom it lacks.
    fn withdrawn(&self, tables: &[&Table], files: &[RegisterFile]) -> BTreeMap<String, usize> {
        let mut datasets = BTreeMap::new();
        if self.options.keep_missing {
            return datasets;
        }
        for table in tables {
            if let Some(file) = files.get(table.file) {
                datasets.entry(file.dataset.clone()).or_insert(table.file);
            }
        }
        datasets.retain(|_, file| files.get(*file).is_some_and(|file| file.nameless == 0));
        datasets
    }

    /// Takes back what data sets said of people of whom no row tells.
    fn withdraw_unseen(
        &mut self,
        index: &Index,
        withdrawn: &BTreeMap<String, usize>,
        statements: &mut BTreeMap<String, Statements>,
        (tables, files): (&[&Table], &[RegisterFile]),
        take: TakePart,
    ) -> Result<(), ReadError> {
        if withdrawn.is_empty() {
            return Ok(());
        }
        let ground = self.city.ground;
        let mut unseen = ground
            .residents
            .values()
            .filter(|one| one.further.is_some() && !index.has_person(one.id.bits()))
            .peekable();
        while unseen.peek().is_some() {
            let mut people = Population::new(ground);
            for one in unseen.by_ref().take(PART_ROWS) {
                people.touch_unseen(one, &self.tools())?;
            }
            people.withdraw(withdrawn, statements, &self.tools())?;
            self.hand_over(people, (tables, files), take)?;
        }
        Ok(())
    }

    /// Makes the records of a part, and hands them over.
    fn hand_over(
        &mut self,
        people: Population,
        (tables, files): (&[&Table], &[RegisterFile]),
        take: TakePart,
    ) -> Result<(), ReadError> {
        let mut entities = Vec::with_capacity(people.touched.len());
        for (id, one) in people.touched {
            let resident = Population::resident(id, &one, self.city.clearance);
            let (Some(mut resident), Some(file)) = (resident, files.get(one.file)) else {
                continue;
            };
            self.link(&mut resident, &one, tables, files);
            if self.needs_names {
                let home = resident.dwelling;
                let building = home.and_then(|id| self.tools().building_of(id));
                self.at_home.note(&resident, building, self.city.clearance);
            }
            let mut entity = Entity::from(resident);
            entity.set_import(file.import());
            entities.push(entity);
        }
        take(entities)
    }

    /// Links a resident to the dwelling that the address means.
    fn link(
        &mut self,
        resident: &mut Resident,
        one: &Touched,
        tables: &[&Table],
        files: &[RegisterFile],
    ) {
        let Some(person) = &one.person else { return };
        let same_place = one.stands_where_it_stood(person);
        if one.row.is_some() || !same_place {
            let address = person.value("address").unwrap_or_default();
            let found = self.linker.dwelling(&self.linker.parse(address));
            let by_itself = found.linked();
            let chosen = chosen::home_of(person, by_itself, self.linker.names(), &self.tools());
            if let Some((table, _)) = table_of(one.file, tables, files) {
                self.note_choice(table, chosen.map(|(_, choice)| choice));
            }
            let chosen = chosen.and_then(|(home, _)| home);
            let before = resident.dwelling.filter(|_| same_place);
            resident.dwelling = chosen.or(by_itself).or(before);
            // A register that tells an address which no other told is the one to look at.
            let filled = one.told_in.as_ref().filter(|_| !same_place);
            if let Some((at, place)) = one.row.as_ref().or(filled)
                && let Some((table, file)) = table_of(*at, tables, files)
            {
                let miss = homes::miss_of(&found, address).filter(|_| resident.dwelling.is_none());
                let miss = miss.map(|miss| miss.of_record(key_of(resident)));
                self.count(table, &file.name, place, miss.as_ref());
            }
        }
        self.note_conflicts(resident, one, (tables, files));
    }

    /// Counts the fields on which registers differ, and lists the person.
    fn note_conflicts(
        &mut self,
        resident: &Resident,
        one: &Touched,
        (tables, files): (&[&Table], &[RegisterFile]),
    ) {
        // A row belongs to the file that tells it, whichever touched the person last.
        let told = one.row.as_ref().or(one.told_in.as_ref());
        let at = told.map_or(one.file, |(at, _)| *at);
        let Some((table, file)) = table_of(at, tables, files) else {
            return;
        };
        let person = one.person.as_ref();
        let conflicts = person.map_or_else(Vec::new, |one| one.conflicts(self.linker.names()));
        if conflicts.is_empty() {
            return;
        }
        let links = self.tally.entry((at, table.kind)).or_default();
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
        if !self.options.list_unmatched {
            return;
        }
        let place = told.map(|(_, place)| place);
        self.unmatched.push(Unmatched {
            file: file.name.display().to_string(),
            sheet: place
                .and_then(|place| place.sheet.clone())
                .unwrap_or_default(),
            row: place.map_or(0, |place| place.row),
            register: table.kind.as_str(),
            outcome: "conflict",
            score: None,
            candidates: vec![resident.id.to_string()],
            reasons: reasons.join("; "),
            record: resident.id.to_string(),
        });
    }
}

fn key_of(resident: &Resident) -> EntityRef {
    EntityRef {
        kind: EntityKind::Resident,
        bits: resident.id.bits(),
    }
}

/// A table of a file, with the file.
fn table_of<'t>(
    at: usize,
    tables: &[&'t Table],
    files: &'t [RegisterFile],
) -> Option<(&'t Table, &'t RegisterFile)> {
    let table = tables.iter().find(|table| table.file == at)?;
    Some((table, files.get(at)?))
}

fn changed() -> ReadError {
    ReadError::Unusable {
        reason: "it changed while it was read".to_owned(),
        remedy: "import it again when nobody writes it".to_owned(),
    }
}
