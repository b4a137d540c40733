//! Whose number of a household counts: each register numbers households in its own way, so of several
//! the one that stands first for somebody tells their household. A number of which everybody has a
//! household by another register makes none. Used by [`super::residents`] between the first reading of
//! registers of people and the second. Never makes a record.

use std::collections::HashMap;

use super::build::Build;
use super::field::Field;
use super::household_numbers::OTHER_HOME;
use super::index::{Index, RowsAgain};
use super::record::Record;
use super::table::Table;
use super::{ReadError, RegisterFile};
use crate::base::{HouseholdId, ResidentId};
use crate::model::{Further, Resident, read_sealed};

/// Which register tells somebody's household.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Leads {
    /// One that this run does not read.
    Other,
    /// A file of this run, by its index.
    File(usize),
}

impl Build<'_> {
    /// Notes of what households rows of people tell, and which of these have to be made.
    pub(super) fn number_households(
        &mut self,
        index: &mut Index,
        rows: &mut RowsAgain,
        (tables, files): (&[&Table], &[RegisterFile]),
    ) -> Result<(), ReadError> {
        let numbered = index.people.iter().zip(&index.prints);
        let numbered = numbered.filter(|(_, print)| print.tells_household());
        let mut numbered: Vec<_> = numbered.map(|(row, _)| *row).collect();
        // As the files go, for the first home of a number has it.
        numbered.sort_unstable_by_key(|row| (row.table, row.number()));
        let person = |id: i64| ResidentId::from_bits(id.cast_unsigned());
        let mut leads = HashMap::new();
        for row in &numbered {
            let file = tables[row.table as usize].file;
            self.lead(&mut leads, person(row.id), file, files);
        }
        for mut row in numbered {
            let table = tables[row.table as usize];
            let Some(file) = files.get(table.file) else {
                continue;
            };
            let record = Record::new(&table.columns, &self.options.mapping, rows.cells(&row)?);
            let id = person(row.id);
            let is_led = |leads: &Leads| match leads {
                Leads::Other => true,
                Leads::File(at) => files.get(*at).map(|one| &one.dataset) != Some(&file.dataset),
            };
            if leads.get(&id).is_some_and(is_led) {
                continue;
            }
            let (noted, is_other) = self.note_person(&record, id);
            if is_other {
                let column = record.header(Field::Household).unwrap_or_default();
                let note = format!("column {column:?}: {OTHER_HOME}");
                let place = table.place(row.number()).text();
                self.late_notes.push((table.file, place, note));
            }
            if let Some(id) = noted.filter(|id| !self.is_of_others(*id, &file.dataset))
                && !self.households.contains_key(&id)
            {
                self.households.insert(id, None);
                row.id = id.bits().cast_signed();
                index.households.push(row);
            }
        }
        Ok(())
    }

    /// Notes which register tells somebody's household, of those that this run reads the first, or the
    /// one that the city has it from.
    fn lead(
        &self,
        leads: &mut HashMap<ResidentId, Leads>,
        id: ResidentId,
        file: usize,
        files: &[RegisterFile],
    ) {
        let teller = || self.teller_of_household(self.city.ground.residents.get(&id)?);
        let is_by = |dataset: &str| files.get(file).is_some_and(|one| one.dataset == dataset);
        match teller() {
            Some(dataset) if !self.again.contains(&dataset) => {
                leads.insert(id, Leads::Other);
            }
            Some(dataset) if is_by(&dataset) => {
                leads.insert(id, Leads::File(file));
            }
            _ => {
                leads.entry(id).or_insert(Leads::File(file));
            }
        }
    }

    /// The data set by which the city has somebody's household; `None` where it has none.
    fn teller_of_household(&self, one: &Resident) -> Option<String> {
        let ground = self.city.ground;
        ground.households.get(&one.household?)?;
        let further = one.further.as_ref();
        let further = read_sealed::<Further>(further, self.city.clearance).unwrap_or_default();
        let filled = further.filled.get("household").cloned();
        Some(filled.unwrap_or_else(|| one.source.dataset.clone()))
    }

    /// Whether a household is there, or comes with this run: what data sets told that are read again
    /// goes, unless they tell it again.
    pub(super) fn has_told_household(&self, id: HouseholdId) -> bool {
        let known = self.city.ground.households.get(&id);
        self.households.contains_key(&id)
            || known.is_some_and(|one| !self.again.contains(&one.source.dataset))
    }
}
