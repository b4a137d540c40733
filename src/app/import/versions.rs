//! A newer version of a data set: what an import takes out of the city because the newer files no
//! longer have it, and what must not go with it. `docs/versions.md` tells the rules and why.
//! Never writes: it plans an edit, and `import` writes it.

mod in_use;
#[cfg(test)]
mod tests;
mod walls;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use anyhow::bail;

use crate::base::{AreaId, BuildingId};
use crate::ingest::Statements;
use crate::model::{Entity, EntityKind, EntityRef, Ground};
use crate::space::Bounds2;
pub(super) use in_use::InParts;
pub(super) use walls::carry;

/// So few removals are never refused: small data sets change as a whole.
const FEW: usize = 10;

/// So few records may stand elsewhere: a proposal and its neighbour are shifted by hand.
const FEW_MOVED: usize = 2;

/// A record whose box has this much between it and its box of before stands elsewhere: more than
/// a better survey moves a house, less than a wrong datum or another part of a city; metres.
const ELSEWHERE_M: f64 = 50.0;

/// What to do with records of a data set that the newer files do not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    /// They are removed, unless that would be most of the data set.
    Remove,
    /// They are removed, however many they are.
    RemoveAny,
    /// They stay: the files are a part of the data set.
    Keep,
}

/// What a newer version of its data sets does to a city beside what it puts.
#[derive(Debug, Default)]
pub(super) struct NewVersion {
    /// Records to remove.
    pub remove: Vec<EntityRef>,
    /// Records of other data sets whose links to what goes are taken off.
    pub mended: Vec<Entity>,
    /// How many records each data set had, of those that were in the city.
    pub datasets: BTreeMap<String, Dataset>,
    /// Missing records that stay because their feature is there and faulty.
    pub faulty: BTreeMap<EntityKind, usize>,
    /// Missing records that stay because any of them may be a feature that is there and tells no
    /// key.
    pub in_doubt: BTreeMap<EntityKind, usize>,
    /// How many such features there are.
    pub nameless: usize,
    /// Missing dwellings and households that stay because a register still points at them.
    pub in_use: usize,
    /// Records of registers whose building goes: they stay, and point at nothing until it is back.
    pub without_building: BTreeMap<EntityKind, usize>,
}

/// One data set of the city.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Dataset {
    /// Records it had.
    pub before: usize,
    /// Of these the files have again.
    pub again: usize,
    /// Of these to be removed, or taken back of people of whom another register tells.
    pub removed: usize,
    /// Of those that are taken back, people who stay as another register tells of them.
    pub told_by_others: usize,
    /// Of those that are there again, records whose place is known before and after.
    pub placed: usize,
    /// Of these, records that stand elsewhere.
    pub moved: usize,
}

/// What the caller says may happen to a data set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Allowed {
    pub missing: Missing,
    /// Most of its records may stand elsewhere.
    pub moved: bool,
}

/// What a command brings.
pub(super) struct Brought<'a> {
    /// The data sets of its files.
    pub datasets: &'a BTreeSet<String>,
    /// Its records, those aside that came in parts.
    pub entities: &'a [Entity],
    /// Of those that came in parts, what the plan needs.
    pub parts: &'a InParts,
    /// Data set and key of the features that could not be used.
    pub faulty: &'a HashSet<(String, String)>,
    /// How many more could not be used and do not tell their key, by data set.
    pub nameless: &'a BTreeMap<String, usize>,
}

/// Works out what goes.
pub(super) fn plan(ground: &Ground, brought: &Brought, missing: Missing) -> NewVersion {
    let mut plan = NewVersion {
        nameless: brought.nameless.values().sum(),
        ..NewVersion::default()
    };
    let places = brought.entities.iter().map(|one| (one.key(), one.bounds()));
    let new: HashMap<EntityRef, Bounds2> = places.collect();
    let mut gone: Vec<Entity> = Vec::new();
    ground.for_each(|entity| {
        let source = entity.source();
        if !brought.datasets.contains(&source.dataset) {
            return;
        }
        let dataset = plan.datasets.entry(source.dataset.clone()).or_default();
        dataset.before += 1;
        if let Some(place) = new.get(&entity.key()) {
            dataset.sees_again(&entity.bounds(), place);
        } else if brought.parts.has_again(&entity.key()) {
            dataset.again += 1;
        } else if missing != Missing::Keep {
            if is_faulty(&entity, brought.faulty) {
                *plan.faulty.entry(entity.key().kind).or_default() += 1;
            } else if missing == Missing::Remove && brought.nameless.contains_key(&source.dataset) {
                *plan.in_doubt.entry(entity.key().kind).or_default() += 1;
            } else {
                gone.push(entity);
            }
        }
    });
    plan.in_use = in_use::keep(ground, brought, &new, &mut gone);
    // What stays of a data set may wear its colours and pictures.
    let is_appearance =
        |entity: &Entity| matches!(entity, Entity::Material(_) | Entity::Texture(_));
    if !plan.faulty.is_empty() {
        gone.retain(|entity| !is_appearance(entity));
    }
    for entity in &gone {
        if let Some(dataset) = plan.datasets.get_mut(&entity.source().dataset) {
            dataset.removed += 1;
        }
    }
    plan.remove = gone.iter().map(Entity::key).collect();
    plan.mend_links(ground, &gone, &new);
    plan
}

/// A feature of several parts makes records with keys such as `way/7/2`.
fn is_faulty(entity: &Entity, faulty: &HashSet<(String, String)>) -> bool {
    let source = entity.source();
    let has = |key: &str| faulty.contains(&(source.dataset.clone(), key.to_owned()));
    let of_part = source.key.rsplit_once('/').map(|(feature, _)| feature);
    !faulty.is_empty() && (has(&source.key) || of_part.is_some_and(has))
}

impl NewVersion {
    /// Counts what registers of residents said and no longer say of people of whom another register
    /// tells: it is taken back as records are removed, and guarded with them, though the people
    /// stay. A record that stands as another register tells did come, but not again in the files.
    pub(super) fn note_statements(&mut self, told: &BTreeMap<String, Statements>) {
        let any = |one: &Statements| one.before + one.passed_on > 0;
        for (name, one) in told.iter().filter(|(_, one)| any(one)) {
            let dataset = self.datasets.entry(name.clone()).or_default();
            let taken_back = one.removed + one.passed_on;
            dataset.before += one.before;
            dataset.again += one.before - one.removed;
            dataset.again = dataset.again.saturating_sub(one.passed_on);
            dataset.removed += taken_back;
            dataset.told_by_others += taken_back;
        }
    }

    /// Links of the base map are taken off what goes; links of registers are somebody's knowledge,
    /// so they are kept and counted.
    fn mend_links(&mut self, ground: &Ground, gone: &[Entity], new: &HashMap<EntityRef, Bounds2>) {
        let mut buildings = BTreeSet::<BuildingId>::new();
        let mut areas = BTreeSet::<AreaId>::new();
        for entity in gone {
            match entity {
                Entity::Building(one) => drop(buildings.insert(one.id)),
                Entity::Area(one) => drop(areas.insert(one.id)),
                _ => {}
            }
        }
        if buildings.is_empty() && areas.is_empty() {
            return;
        }
        let removed: HashSet<EntityRef> = self.remove.iter().copied().collect();
        let stays = |entity: &Entity| {
            let key = entity.key();
            !removed.contains(&key) && !new.contains_key(&key)
        };
        for one in ground.buildings.values() {
            let touches = one.party_walls.iter().any(|wall| buildings.contains(wall));
            if touches || one.area.is_some_and(|area| areas.contains(&area)) {
                let mut mended = one.clone();
                mended.party_walls.retain(|wall| !buildings.contains(wall));
                mended.area = mended.area.filter(|area| !areas.contains(area));
                self.mended.push(mended.into());
            }
        }
        for one in ground.areas.values() {
            if one.parent.is_some_and(|parent| areas.contains(&parent)) {
                let mut mended = one.clone();
                mended.parent = None;
                self.mended.push(mended.into());
            }
        }
        self.mended.retain(stays);
        let dwellings = ground.dwellings.values();
        let dwellings = dwellings
            .filter(|one| buildings.contains(&one.building))
            .map(|one| (EntityKind::Dwelling, one.id.bits()));
        let devices = ground.devices.values();
        let devices = devices
            .filter(|one| one.building.is_some_and(|id| buildings.contains(&id)))
            .map(|one| (EntityKind::Device, one.id.bits()));
        for (kind, bits) in dwellings.chain(devices) {
            if !removed.contains(&EntityRef { kind, bits }) {
                *self.without_building.entry(kind).or_default() += 1;
            }
        }
    }

    /// Refuses what looks like a part of a data set, or like another data set of the same name.
    ///
    /// # Errors
    /// When most of a data set, or all of it, would go or stand elsewhere and the caller did not
    /// say that it may.
    pub(super) fn check(&self, allowed: Allowed) -> anyhow::Result<()> {
        for (name, dataset) in &self.datasets {
            if !allowed.moved {
                dataset.check_places(name)?;
            }
            if allowed.missing == Missing::Remove {
                dataset.check_removals(name)?;
            }
        }
        Ok(())
    }
}

impl Dataset {
    fn sees_again(&mut self, before: &Bounds2, now: &Bounds2) {
        self.again += 1;
        if !before.is_empty() && !now.is_empty() {
            self.placed += 1;
            self.moved += usize::from(!before.grown(ELSEWHERE_M).intersects(now));
        }
    }

    /// Keys that are only numbers in a row name other things in another file.
    fn check_places(&self, name: &str) -> anyhow::Result<()> {
        let Self { placed, moved, .. } = *self;
        if moved > FEW_MOVED && moved * 2 > placed {
            bail!(
                "{moved} of the {placed} records that data set {name:?} has again stand elsewhere, \
                 more than {ELSEWHERE_M} m from their place in the city: nothing was written. If \
                 the file is about other things that are numbered alike, name their data set with \
                 --source; if the records are the same and did move, as by a corrected CRS, add \
                 --moved"
            );
        }
        Ok(())
    }

    fn check_removals(&self, name: &str) -> anyhow::Result<()> {
        let Self {
            before,
            again,
            removed,
            told_by_others,
            ..
        } = *self;
        let most = removed > FEW && removed * 2 > before;
        let nothing_again = removed > 0 && again == 0;
        if most || nothing_again {
            let others = match told_by_others {
                0 => String::new(),
                _ => format!(
                    " ({told_by_others} of them people who would then stand as another register \
                     tells)"
                ),
            };
            bail!(
                "this would remove {removed} of the {before} records of data set {name:?}{others}, \
                 for the new file has {again} of them: nothing was written. If it is a part of the \
                 data set, add --keep-missing; if it is another data set, name it with \
                 --source; if the records are really gone, add --replace-all"
            );
        }
        Ok(())
    }
}
