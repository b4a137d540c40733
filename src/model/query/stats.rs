//! How many: records counted by area, grid of squares or hexagons. Small counts of people are kept
//! back as [`super::suppress`] says. Never lists anybody.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::base::{AreaId, PersonalField, Rights, Subject};
use crate::model::{AreaLevel, EntityKind, EntityRef};

use super::filter::Filter;
use super::homes::{is_open_of_events, may_know_home, tells_a_home};
use super::index::CityIndex;
use super::parts::{AMONG, Around, CellKey, OTHERS, Parts, Way, depth_of_level, way_of_area};
use super::suppress::{SORTS, Suppressed};

/// How a city is divided for counting.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Division {
    /// By areas of a level.
    Level(AreaLevel),
    /// By squares of this side, metres, counted from the origin of the city's CRS.
    Square(f64),
    /// By hexagons whose flat sides are this far apart, metres.
    Hexagon(f64),
}

/// What was counted in one part.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cell {
    /// The part.
    pub cell: CellKey,
    /// The middle of a square or hexagon, metres in the city's CRS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub middle: Option<[f64; 2]>,
    /// Counts by kind, or by kind and sort.
    pub counts: BTreeMap<String, Suppressed>,
}

/// Counts of a whole city.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stats {
    /// Parts in which anything was counted, in order.
    pub cells: Vec<Cell>,
    /// Over all parts.
    pub total: BTreeMap<String, Suppressed>,
    /// Counts of people below this are not told; 0 when all are.
    pub suppressed_below: usize,
}

/// Kinds whose counts are counts of people, or as good as that. Of one part they are told together or
/// not at all: from how many people there are follows about how many households, and the other way
/// round.
const OF_PEOPLE: [EntityKind; SORTS] = [
    EntityKind::Household,
    EntityKind::Resident,
    EntityKind::Vehicle,
];

/// Sides of squares of which each divides the next, metres: what is kept back of one holds for all.
pub const NESTED_SIDES_M: [f64; 5] = [100.0, 200.0, 400.0, 800.0, 1600.0];

/// Records of one kind as they are counted.
#[derive(Default)]
struct OfKind {
    /// Where they stand among parts within parts.
    parts: Parts,
    /// The parts of which the asker may not know small counts.
    closed: BTreeSet<CellKey>,
}

impl OfKind {
    /// The parts and the whole, as they may be told beside what is kept back around them.
    fn told(
        &self,
        around: &Around,
        is_nested: bool,
    ) -> (BTreeMap<CellKey, Suppressed>, Suppressed) {
        if is_nested {
            return self.parts.told_by(around);
        }
        let all = self.parts.counts();
        let cells = all.iter().map(|(cell, count)| {
            let is_kept_back = self.closed.contains(cell) && around.is_kept_back(&[*cell]);
            (*cell, Suppressed::of(*count, is_kept_back))
        });
        let is_kept_back = !self.closed.is_empty() && around.is_kept_back(&[]);
        (
            cells.collect(),
            Suppressed::of(all.values().sum(), is_kept_back),
        )
    }
}

/// What is counted together in one answer.
struct Counting<'a> {
    city: &'a CityIndex,
    division: Division,
    filter: &'a Filter,
    rights: &'a dyn Rights,
    /// Whether people, households and vehicles are kept back together. Under labels and conditions,
    /// which are of one kind, they are not.
    is_joint: bool,
    /// Whether homes are counted beside people, and so kept back with them.
    hides_homes: bool,
    /// Whether those with a label are counted for somebody to whom small counts are not told: then
    /// those without it are counted beside them.
    is_labelled: bool,
    kinds: BTreeMap<EntityKind, OfKind>,
    /// What is kept back together, by the first of its kinds.
    around: BTreeMap<EntityKind, Around>,
}

impl Counting<'_> {
    /// What is kept back together with a kind, and the place of its records there, of those with the
    /// label where one is asked for.
    fn group(&self, kind: EntityKind) -> (EntityKind, Option<usize>) {
        let sort = OF_PEOPLE.iter().position(|one| *one == kind);
        let joins = sort.is_some() || (self.hides_homes && kind == EntityKind::Dwelling);
        match self.is_joint && joins {
            true => (OF_PEOPLE[0], sort),
            false => (kind, Some(AMONG)),
        }
    }

    /// Whether small counts of such records are not told to all.
    fn may_be_small(&self, key: EntityRef) -> bool {
        OF_PEOPLE.contains(&key.kind)
            || tells_a_home(self.city, key)
            || !self.filter.labels.is_empty()
            || (self.hides_homes && key.kind == EntityKind::Dwelling)
    }

    /// Counts one record, among those that are asked for or only around them.
    fn count(&mut self, key: EntityRef, below: usize) {
        let (city, filter, rights) = (self.city, self.filter, self.rights);
        let may_be_small = below > 0 && self.may_be_small(key);
        let area = may_be_small.then(|| city.area_of(key)).flatten();
        let is_closed = may_be_small && rights.suppress_below(area.map(|area| area.bits())) > 0;
        let way = match may_be_small {
            true => city.way_of(self.division, key, area, rights),
            false => Way::new(),
        };
        let is_other = self.is_labelled && !filter.has_labels(city, key);
        let (group, sort) = self.group(key.kind);
        if let Some(sort) = sort.filter(|_| may_be_small) {
            let around = self.around.entry(group);
            let around = around.or_insert_with(|| match self.is_labelled {
                true => Around::labelled(),
                false => Around::default(),
            });
            around.add(if is_other { OTHERS } else { sort }, &way, 1);
        }
        let is_asked = filter.asks_for(key.kind)
            && filter.area.is_none_or(|whole| {
                let area = area.or_else(|| city.area_of(key));
                area.is_some_and(|area| city.areas().is_in(area, whole))
            });
        if !is_asked {
            return;
        }
        city.note_event(self.division, filter, key, rights);
        let cell = city.cell_of(self.division, key, rights);
        let of_kind = self.kinds.entry(key.kind).or_default();
        // A part in which nobody has the label stands there like one in which few have.
        of_kind.parts.add(cell, usize::from(!is_other));
        if is_closed {
            of_kind.closed.insert(cell);
            let whole = filter.area.map_or(0, |whole| city.depth_of(whole));
            // Of a part that holds the area that is asked for, only what lies in that area counts.
            let own = self.division.depth().max(whole).min(way.len());
            let whole = whole.min(way.len());
            of_kind.parts.stand(cell, &way[..own], &way[..whole]);
        }
    }

    /// The answer.
    fn told(mut self, below: usize, is_nested: bool) -> Stats {
        for around in self.around.values_mut() {
            around.keep_back(below);
        }
        let mut cells = BTreeMap::<CellKey, BTreeMap<String, Suppressed>>::new();
        let mut total = BTreeMap::new();
        let nobody = Around::default();
        for (kind, of_kind) in &self.kinds {
            let (group, _) = self.group(*kind);
            let around = self.around.get(&group).unwrap_or(&nobody);
            let (told, sum) = of_kind.told(around, is_nested);
            for (cell, told) in told {
                let counts = cells.entry(cell).or_default();
                counts.insert(kind.as_str().to_owned(), told);
            }
            total.insert(kind.as_str().to_owned(), sum);
        }
        let cells = cells.into_iter().map(|(cell, counts)| Cell {
            cell,
            middle: self.division.middle(cell),
            counts,
        });
        Stats {
            cells: cells.collect(),
            total,
            suppressed_below: below,
        }
    }
}

impl CityIndex {
    /// Counts what passes the filter. With labels in the filter nobody needs the right to see
    /// labels: only counts come back, and small ones are kept back but for areas of which the asker
    /// may know them.
    #[must_use]
    pub fn stats(&self, division: Division, filter: &Filter, rights: &dyn Rights) -> Stats {
        let below = rights.suppress_below(filter.area.map(|area| area.bits()));
        let is_level = matches!(division, Division::Level(_));
        // A square that an area cuts is no part of a larger one any more.
        let is_nested = is_level || filter.area.is_none();
        let is_of_people = OF_PEOPLE.iter().any(|kind| filter.asks_for(*kind));
        let is_joint = is_of_people && filter.labels.is_empty() && !filter.asks_fields();
        let is_labelled = below > 0 && !filter.labels.is_empty();
        let mut asked = Filter {
            area: filter.area.filter(|_| below == 0 || !is_nested),
            ..filter.clone()
        };
        if is_labelled {
            asked.labels.clear();
        }
        let mut counting = Counting {
            city: self,
            division,
            filter,
            rights,
            is_joint,
            hides_homes: is_joint && filter.asks_for(EntityKind::Dwelling),
            is_labelled,
            kinds: BTreeMap::new(),
            around: BTreeMap::new(),
        };
        self.each_counted(&asked, rights, |key| counting.count(key, below));
        if is_joint && below > 0 {
            // Who asks for one of them is told no more than who asks for all.
            let others = OF_PEOPLE.iter().filter(|kind| !filter.asks_for(**kind));
            asked.kinds = others.flat_map(|kind| Filter::kind(*kind).kinds).collect();
            if !asked.kinds.is_empty() {
                self.each_counted(&asked, rights, |key| counting.count(key, below));
            }
        }
        counting.told(below, is_nested)
    }

    /// Residents, households and vehicles by the areas in which they are, as statistics keep them
    /// back together.
    #[must_use]
    pub fn people_by_area(&self) -> Around {
        let mut by_area = BTreeMap::<Option<AreaId>, [usize; SORTS]>::new();
        for (sort, kind) in OF_PEOPLE.into_iter().enumerate() {
            self.ground().for_each_key(kind, |key| {
                by_area.entry(self.area_of(key)).or_default()[sort] += 1;
            });
        }
        let mut around = Around::default();
        for (area, counts) in by_area {
            let way = way_of_area(self.ground(), self.areas(), area);
            for (sort, count) in counts.into_iter().enumerate() {
                around.add(sort, &way, count);
            }
        }
        around
    }

    /// The parts around a record, down to the finest of their sort.
    fn way_of(
        &self,
        division: Division,
        key: EntityRef,
        area: Option<AreaId>,
        rights: &dyn Rights,
    ) -> Way {
        match division {
            Division::Level(_) => way_of_area(self.ground(), self.areas(), area),
            Division::Square(side_m) if NESTED_SIDES_M.contains(&side_m) => {
                let around = NESTED_SIDES_M.iter().rev();
                let cells =
                    around.map(|side_m| self.cell_of(Division::Square(*side_m), key, rights));
                cells.collect()
            }
            _ => vec![self.cell_of(division, key, rights)],
        }
    }

    /// How many levels there are down to that of an area.
    fn depth_of(&self, area: AreaId) -> usize {
        let area = self.ground().areas.get(&area);
        area.map_or(0, |one| depth_of_level(one.level))
    }

    /// Calls `each` for every record that passes, whether it has a place or not.
    fn each_counted(&self, filter: &Filter, rights: &dyn Rights, mut each: impl FnMut(EntityRef)) {
        let ground = self.ground();
        for kind in EntityKind::ALL
            .iter()
            .filter(|kind| filter.asks_for(**kind))
        {
            ground.for_each_key(*kind, |key| {
                if filter.counts(self, key, rights) {
                    each(key);
                }
            });
        }
    }

    /// Notes an event about a home that is counted by more than everybody may know of it.
    fn note_event(&self, division: Division, filter: &Filter, key: EntityRef, rights: &dyn Rights) {
        let is_coarse = matches!(division, Division::Level(_))
            && filter.asked_fields(key.kind).all(is_open_of_events);
        if is_coarse || key.kind != EntityKind::Event || !tells_a_home(self, key) {
            return;
        }
        if may_know_home(self, key, rights) {
            let id = key.id_text();
            let area = self.area_of(key).map(|area| area.bits());
            rights.reveal(PersonalField::Door, &Subject { id: &id, area });
        }
    }

    /// The part in which a record lies. An event about a home lies in an area for everybody, and in
    /// a square only for who may know the home.
    fn cell_of(&self, division: Division, key: EntityRef, rights: &dyn Rights) -> CellKey {
        let is_told = key.kind != EntityKind::Event || may_know_home(self, key, rights);
        let place = || is_told.then(|| self.place_of(key)).flatten();
        let cell = match division {
            Division::Level(level) => {
                let area = self.area_of(key);
                let area = area.and_then(|area| self.areas().of_level(self.ground(), area, level));
                area.map(CellKey::Area)
            }
            Division::Square(side_m) => place().map(|at| {
                let [column, row] = at.map(|one| (one / side_m).floor() as i64);
                CellKey::Place(column, row)
            }),
            Division::Hexagon(width_m) => place().map(|at| hexagon_at(at, width_m)),
        };
        cell.unwrap_or(CellKey::Nowhere)
    }
}

impl Division {
    /// Whether it can divide anything.
    #[must_use]
    pub fn is_usable(self) -> bool {
        match self {
            Self::Level(_) => true,
            Self::Square(side_m) | Self::Hexagon(side_m) => side_m >= 1.0 && side_m.is_finite(),
        }
    }

    /// How many parts of a way go down to it.
    fn depth(self) -> usize {
        match self {
            Self::Level(level) => depth_of_level(level),
            Self::Square(side_m) => {
                let around = NESTED_SIDES_M.iter().filter(|one| **one >= side_m);
                around.count().max(1)
            }
            Self::Hexagon(_) => 1,
        }
    }

    fn middle(self, cell: CellKey) -> Option<[f64; 2]> {
        let CellKey::Place(column, row) = cell else {
            return None;
        };
        let (column, row) = (column as f64, row as f64);
        match self {
            Self::Level(_) => None,
            Self::Square(side_m) => Some([(column + 0.5) * side_m, (row + 0.5) * side_m]),
            Self::Hexagon(width_m) => {
                let side_m = width_m / 3.0_f64.sqrt();
                Some([(column + row / 2.0) * width_m, row * side_m * 1.5])
            }
        }
    }
}

/// The hexagon (point up, axial coordinates) in which a place lies: rounded to the nearest of cube
/// coordinates.
fn hexagon_at(at: [f64; 2], width_m: f64) -> CellKey {
    let side_m = width_m / 3.0_f64.sqrt();
    let row = at[1] / (side_m * 1.5);
    let column = at[0] / width_m - row / 2.0;
    let third = -column - row;
    let (mut q, mut r, s) = (column.round(), row.round(), third.round());
    let off = [(q - column).abs(), (r - row).abs(), (s - third).abs()];
    if off[0] > off[1] && off[0] > off[2] {
        q = -r - s;
    } else if off[1] > off[2] {
        r = -q - s;
    }
    CellKey::Place(q as i64, r as i64)
}

#[cfg(test)]
mod tests;
