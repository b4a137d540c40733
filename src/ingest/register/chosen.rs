//! Links to dwellings that somebody chose for rows which led to none or to several
//! (`pingjiang decide --dwelling`): they hold while the row tells the same place as when it was
//! chosen. Used by [`super::build`] and [`super::residents`]. Never chooses itself, and never drops a
//! choice without counting it.

use std::collections::HashSet;

use super::build::Build;
use super::run::{Made, Place, Tools};
use super::table::Table;
use crate::base::{DwellingId, ImportId, counted};
use crate::model::{Device, Entity, Event, Household, OfHome, Vehicle};
use crate::registry::address::CityNames;
use crate::registry::merge::{HOME, Person};

/// What became of what somebody chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    /// It holds.
    Holds,
    /// It holds, though by itself the row would lead elsewhere now.
    Overrules,
    /// The row tells another place since, or the dwelling is gone: the row goes by itself.
    Lapsed,
}

/// How many choices a table met.
#[derive(Debug, Default)]
pub(super) struct Choices {
    holding: usize,
    overruling: usize,
    lapsed: usize,
}

impl Choices {
    pub(super) fn count(&mut self, choice: Choice) {
        match choice {
            Choice::Holds => self.holding += 1,
            Choice::Overrules => {
                self.holding += 1;
                self.overruling += 1;
            }
            Choice::Lapsed => self.lapsed += 1,
        }
    }

    /// What a report says of them.
    pub(super) fn notes(&self, kind: &str) -> Vec<String> {
        let Self {
            holding,
            overruling,
            lapsed,
        } = *self;
        let mut notes = Vec::new();
        if holding > 0 {
            let links = counted(
                holding,
                "link that a person chose holds",
                "links that people chose hold",
            );
            notes.push(format!("{kind}: {links}"));
        }
        if overruling > 0 {
            let rows = counted(overruling, "of them would lead", "of them would lead");
            notes.push(format!(
                "{kind}: {rows} elsewhere now by its address: the choice stands until somebody chooses \
                 anew (pingjiang decide ID --dwelling DWELLING)"
            ));
        }
        if lapsed > 0 {
            let links = counted(
                lapsed,
                "link that a person chose holds",
                "links that people chose hold",
            );
            notes.push(format!(
                "{kind}: {links} no longer, for the row tells another place since or the dwelling is gone"
            ));
        }
        notes
    }
}

impl Build<'_> {
    /// The record of a row as it is linked, by itself or because somebody chose; whether the latter.
    pub(super) fn finished(
        &mut self,
        table: &Table,
        file: &std::path::Path,
        place: &Place,
        Made { mut entity, miss }: Made<Entity>,
    ) -> (Entity, bool) {
        let is_chosen = self.keep_chosen(table, &mut entity);
        let miss = miss.filter(|_| !is_chosen);
        let miss = miss.map(|miss| miss.of_record(entity.key()));
        self.count(table, file, place, miss.as_ref());
        (entity, is_chosen)
    }

    /// Links a record as somebody chose; what points at a household finds it there. Whether a choice
    /// holds.
    pub(super) fn keep_chosen(&mut self, table: &Table, entity: &mut Entity) -> bool {
        let choice = keep(entity, self.city.decided, &self.tools());
        if let Entity::Household(one) = entity {
            self.households.insert(one.id, one.dwelling);
        }
        self.note_choice(table, choice);
        choice.is_some_and(|choice| choice != Choice::Lapsed)
    }

    pub(super) fn note_choice(&mut self, table: &Table, choice: Option<Choice>) {
        if let Some(choice) = choice {
            let links = self.tally.entry((table.file, table.kind)).or_default();
            links.choices.count(choice);
        }
    }
}

/// The home of somebody for whom it was chosen, and what became of the choice; `by_itself` is where
/// the address leads.
pub(super) fn home_of(
    person: &Person,
    by_itself: Option<DwellingId>,
    names: &CityNames,
    tools: &Tools,
) -> Option<(Option<DwellingId>, Choice)> {
    person.decision(HOME)?;
    let chosen = person.chosen_home(names);
    let chosen = chosen.filter(|id| tools.building_of(*id).is_some());
    Some((chosen, became(chosen, by_itself)))
}

fn became(chosen: Option<DwellingId>, by_itself: Option<DwellingId>) -> Choice {
    match (chosen, by_itself) {
        (None, _) => Choice::Lapsed,
        (Some(chosen), Some(other)) if chosen != other => Choice::Overrules,
        _ => Choice::Holds,
    }
}

/// Puts the link that somebody chose for this record into what its row became. `None` where nobody
/// did. What holds keeps the run that chose it as its origin, by which it is known next time.
fn keep(made: &mut Entity, runs: &HashSet<ImportId>, tools: &Tools) -> Option<Choice> {
    let ground = tools.ground;
    let is_chosen = |run: ImportId| runs.contains(&run);
    match made {
        Entity::Household(one) => {
            let known = ground.households.get(&one.id)?;
            is_chosen(known.source.import).then(|| household(one, known, tools))
        }
        Entity::Device(one) => {
            let known = ground.devices.get(&one.id)?;
            is_chosen(known.source.import).then(|| device(one, known, tools))
        }
        Entity::Event(one) => {
            let known = ground.events.get(&one.id)?;
            is_chosen(known.source.import).then(|| event(one, known, tools))
        }
        Entity::Vehicle(one) => {
            let known = ground.vehicles.get(&one.id)?;
            is_chosen(known.source.import).then(|| vehicle(one, known, tools))
        }
        _ => None,
    }
}

/// The dwelling that was chosen, while there is one.
fn there(chosen: Option<DwellingId>, tools: &Tools) -> Option<DwellingId> {
    chosen.filter(|id| tools.building_of(*id).is_some())
}

fn household(made: &mut Household, known: &Household, tools: &Tools) -> Choice {
    let is_as_before = made.address == known.address;
    let chosen = there(known.dwelling, tools).filter(|_| is_as_before);
    let choice = became(chosen, made.dwelling);
    if chosen.is_some() {
        made.dwelling = chosen;
        made.source.import = known.source.import;
    }
    choice
}

fn device(made: &mut Device, known: &Device, tools: &Tools) -> Choice {
    let is_there = made.own_position() == known.own_position();
    let is_its_house = made.building.is_none() || made.building == known.building;
    let chosen = there(known.dwelling, tools).filter(|_| is_there && is_its_house);
    let choice = became(chosen, made.dwelling);
    if chosen.is_some() {
        (made.dwelling, made.building) = (chosen, known.building);
        (made.position, made.home) = (known.position, known.home.clone());
        made.source.import = known.source.import;
    }
    choice
}

fn event(made: &mut Event, known: &Event, tools: &Tools) -> Choice {
    let is_there = made.position == known.position;
    let is_its_house = made.building.is_none() || made.building == known.building;
    let chosen = there(known.dwelling, tools).filter(|_| is_there && is_its_house);
    let choice = became(chosen, made.dwelling);
    if chosen.is_some() {
        (made.dwelling, made.building, made.area) = (chosen, known.building, known.area);
        made.home = OfHome::Yes;
        made.source.import = known.source.import;
    }
    choice
}

/// A vehicle is linked by its household. Where the row tells one itself, that is what the register
/// says.
fn vehicle(made: &mut Vehicle, known: &Vehicle, tools: &Tools) -> Choice {
    let is_there = made.position == known.position;
    let chosen = known.household.filter(|id| tools.has_household(*id));
    let tells = made.household.is_some() && made.household != chosen;
    if !is_there || tells || chosen.is_none() {
        return Choice::Lapsed;
    }
    made.household = chosen;
    made.source.import = known.source.import;
    Choice::Holds
}
