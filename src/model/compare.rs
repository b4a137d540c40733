//! What differs between two versions of a ground: records added, removed and changed, with the
//! fields that changed. Used by `app` (import reports, `inspect --compare`) and `portrayal`
//! (pictures of a comparison). Pure: never reads a city, never judges whether a change is right.

mod fields;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use super::entity::for_each_kind;
use super::{Entity, EntityKind, EntityRef, Ground};
use fields::Fields;

/// Fields that tell of what stands around a record: they differ when a neighbour comes or goes.
const OF_NEIGHBOURS: [&str; 2] = ["party_walls", "area"];

/// Fields of a device that tell of a home, its own place among them: a comparison is for everybody,
/// so they do not count there.
const OF_A_HOME: [&str; 2] = ["dwelling", "home"];

/// What became of a record between two versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Difference {
    /// Only the later version has it.
    Added,
    /// Only the earlier version has it.
    Removed,
    /// Both have it, and it differs.
    Changed,
    /// Both have it just so.
    Same,
}

/// The difference between two versions of one city. The run that wrote a record last does not
/// count: a record that was imported again unchanged is the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison {
    /// The earlier version.
    pub from: u64,
    /// The later version.
    pub to: u64,
    /// Records that only the later version has.
    pub added: BTreeSet<EntityRef>,
    /// Records that only the earlier version has.
    pub removed: BTreeSet<EntityRef>,
    /// Records that differ, each with the names of the fields that do.
    pub changed: BTreeMap<EntityRef, Vec<&'static str>>,
    /// How many records are the same, by kind.
    pub unchanged: BTreeMap<EntityKind, usize>,
}

/// How many records of one kind differ.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct KindDifference {
    /// Records that only the later version has.
    pub added: usize,
    /// Records that only the earlier version has.
    pub removed: usize,
    /// Records that differ.
    pub changed: usize,
    /// Records that are the same.
    pub unchanged: usize,
    /// How often each field differs.
    pub changed_fields: BTreeMap<&'static str, usize>,
}

impl Comparison {
    /// Compares two versions of one city. A device that only changed its dwelling is the same.
    #[must_use]
    pub fn of(earlier: &Ground, later: &Ground) -> Self {
        let mut found = Self {
            from: earlier.version,
            to: later.version,
            ..Self::default()
        };
        found.walk(earlier, later);
        found
    }

    /// What became of a record itself: one of which only the neighbourhood differs is the same.
    #[must_use]
    pub fn difference(&self, key: EntityRef) -> Difference {
        let is_own = |field: &&str| !OF_NEIGHBOURS.contains(field);
        let changed = self.changed.get(&key);
        if changed.is_some_and(|fields| fields.iter().any(is_own)) {
            Difference::Changed
        } else if self.added.contains(&key) {
            Difference::Added
        } else if self.removed.contains(&key) {
            Difference::Removed
        } else {
            Difference::Same
        }
    }

    /// Whether both versions hold the same records.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }

    /// Counts by kind; a kind of which neither version has a record is left out.
    #[must_use]
    pub fn by_kind(&self) -> BTreeMap<EntityKind, KindDifference> {
        let mut kinds = BTreeMap::<EntityKind, KindDifference>::new();
        for key in &self.added {
            kinds.entry(key.kind).or_default().added += 1;
        }
        for key in &self.removed {
            kinds.entry(key.kind).or_default().removed += 1;
        }
        for (key, fields) in &self.changed {
            let kind = kinds.entry(key.kind).or_default();
            kind.changed += 1;
            for field in fields {
                *kind.changed_fields.entry(field).or_default() += 1;
            }
        }
        for (kind, count) in &self.unchanged {
            kinds.entry(*kind).or_default().unchanged = *count;
        }
        kinds
    }

    fn walk_kind<I: Ord + Copy, R: Fields>(
        &mut self,
        earlier: &BTreeMap<I, R>,
        later: &BTreeMap<I, R>,
        key_of: impl Fn(I) -> EntityRef,
    ) {
        for (id, one) in later {
            let key = key_of(*id);
            let Some(before) = earlier.get(id) else {
                self.added.insert(key);
                continue;
            };
            let mut fields = before.changed(one);
            if key.kind == EntityKind::Device {
                fields.retain(|field| !OF_A_HOME.contains(field));
            }
            if fields.is_empty() {
                *self.unchanged.entry(key.kind).or_default() += 1;
            } else {
                self.changed.insert(key, fields);
            }
        }
        let gone = earlier.keys().filter(|id| !later.contains_key(id));
        self.removed.extend(gone.map(|id| key_of(*id)));
    }
}

macro_rules! by_kind {
    ($($variant:ident $record:ident $name:literal $field:ident;)*) => {
        impl Comparison {
            fn walk(&mut self, earlier: &Ground, later: &Ground) {
                $(self.walk_kind(&earlier.$field, &later.$field, |id| EntityRef {
                    kind: EntityKind::$variant,
                    bits: id.bits(),
                });)*
            }
        }

        /// The fields in which two states of one record differ; the run that wrote it does not
        /// count. Records of different kinds differ in `kind`.
        #[must_use]
        pub fn changed_fields(before: &Entity, after: &Entity) -> Vec<&'static str> {
            match (before, after) {
                $((Entity::$variant(before), Entity::$variant(after)) => before.changed(after),)*
                _ => vec!["kind"],
            }
        }

    };
}
for_each_kind!(by_kind);

impl Entity {
    /// What to call the record in a list for everybody: its name, or its key in its source. Of
    /// records about people only the id is told.
    #[must_use]
    pub fn label(&self) -> String {
        let name = match self {
            Self::Area(one) => Some(&one.name),
            Self::Building(one) => one.name.as_ref().or(one.address.as_ref()),
            Self::Road(one) => one.name.as_ref(),
            Self::Water(one) => one.name.as_ref(),
            Self::GroundArea(one) => one.name.as_ref(),
            Self::Place(one) => Some(&one.name),
            Self::Object(one) => one.name.as_ref(),
            Self::Material(one) => Some(&one.name),
            Self::Texture(one) => Some(&one.image),
            Self::Camera(one) => Some(&one.name),
            Self::Facility(one) => Some(&one.name),
            Self::Responder(one) => Some(&one.title),
            Self::Device(one) => one.name.as_ref(),
            Self::Event(one) if one.is_about_a_home() => return self.key().id_text(),
            Self::Event(one) => one.title.as_ref(),
            Self::Plant(_) | Self::Terrain(_) => None,
            Self::Dwelling(_) | Self::Household(_) | Self::Resident(_) | Self::Vehicle(_) => {
                return self.key().id_text();
            }
        };
        let key = &self.source().key;
        match name.filter(|name| !name.is_empty() && *name != key) {
            Some(name) => format!("{name} ({key})"),
            None => key.clone(),
        }
    }
}

/// The later ground with all that only the earlier one has: what a picture of both shows.
#[must_use]
pub fn union(earlier: &Ground, later: &Ground) -> Ground {
    let mut all = later.clone();
    earlier.for_each(|one| {
        if later.get(one.key()).is_none() {
            all.put(one);
        }
    });
    for name in &earlier.attributions {
        if !all.attributions.contains(name) {
            all.attributions.push(name.clone());
        }
    }
    all
}
