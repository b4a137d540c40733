//! How many: records counted by area, grid of squares or hexagons. Small counts of people are kept
//! back, together with one more, so that they cannot be worked out from the total.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::base::{AreaId, Rights};
use crate::model::{AreaLevel, EntityKind, EntityRef};

use super::filter::Filter;
use super::index::CityIndex;

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

/// One part of the city.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CellKey {
    /// An area.
    Area(AreaId),
    /// Column and row of a square, or of a hexagon (axial coordinates).
    Place(i64, i64),
    /// What lies in none, or cannot be placed.
    Nowhere,
}

/// A count that may have been kept back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suppressed {
    /// The count.
    Told(usize),
    /// It is small, or would tell a small one.
    KeptBack,
}

impl Serialize for Suppressed {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Told(count) => count.serialize(to),
            Self::KeptBack => to.serialize_none(),
        }
    }
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

/// Kinds whose counts are counts of people, or as good as that.
const OF_PEOPLE: [EntityKind; 3] = [
    EntityKind::Household,
    EntityKind::Resident,
    EntityKind::Vehicle,
];

impl CityIndex {
    /// Counts what passes the filter. With labels in the filter nobody needs the right to see
    /// labels: only counts come back, and small ones are kept back.
    #[must_use]
    pub fn stats(&self, division: Division, filter: &Filter, rights: &dyn Rights) -> Stats {
        let below = rights.suppress_below();
        let mut counts: BTreeMap<CellKey, BTreeMap<EntityKind, usize>> = BTreeMap::new();
        self.each_counted(filter, |key| {
            let cell = self.cell_of(division, key);
            *counts.entry(cell).or_default().entry(key.kind).or_default() += 1;
        });
        let mut kinds: Vec<EntityKind> =
            counts.values().flat_map(|of| of.keys()).copied().collect();
        kinds.sort_unstable();
        kinds.dedup();
        let mut cells: Vec<Cell> = counts
            .keys()
            .map(|cell| Cell {
                cell: *cell,
                middle: division.middle(*cell),
                counts: BTreeMap::new(),
            })
            .collect();
        let mut total = BTreeMap::new();
        for kind in kinds {
            let of_kind: Vec<usize> = counts
                .values()
                .map(|of| of.get(&kind).copied().unwrap_or(0))
                .collect();
            let is_personal = OF_PEOPLE.contains(&kind) || !filter.labels.is_empty();
            let below = if is_personal { below } else { 0 };
            let (told, sum) = suppress(&of_kind, below);
            for (cell, told) in cells.iter_mut().zip(told) {
                if told != Suppressed::Told(0) {
                    cell.counts.insert(kind.as_str().to_owned(), told);
                }
            }
            total.insert(kind.as_str().to_owned(), sum);
        }
        Stats {
            cells,
            total,
            suppressed_below: below,
        }
    }

    /// Calls `each` for every record that passes, whether it has a place or not.
    fn each_counted(&self, filter: &Filter, mut each: impl FnMut(EntityRef)) {
        let ground = self.ground();
        for kind in EntityKind::ALL
            .iter()
            .filter(|kind| filter.asks_for(**kind))
        {
            ground.for_each_key(*kind, |key| {
                if filter.passes(self, key, &Counting) {
                    each(key);
                }
            });
        }
    }

    fn cell_of(&self, division: Division, key: EntityRef) -> CellKey {
        let cell = match division {
            Division::Level(level) => {
                let area = self.area_of(key);
                let area = area.and_then(|area| self.areas().of_level(self.ground(), area, level));
                area.map(CellKey::Area)
            }
            Division::Square(side_m) => self.place_of(key).map(|at| {
                let [column, row] = at.map(|one| (one / side_m).floor() as i64);
                CellKey::Place(column, row)
            }),
            Division::Hexagon(width_m) => self.place_of(key).map(|at| hexagon_at(at, width_m)),
        };
        cell.unwrap_or(CellKey::Nowhere)
    }
}

/// Counting looks at labels, and shows none.
struct Counting;

impl Rights for Counting {
    fn reveal(
        &self,
        _: crate::base::PersonalField,
        _: &crate::base::Subject<'_>,
    ) -> Option<&crate::base::Clearance> {
        None
    }

    fn may_see(&self, field: crate::base::PersonalField, _: Option<u64>) -> bool {
        use crate::base::PersonalField as Field;
        matches!(field, Field::Label | Field::Name)
    }

    fn suppress_below(&self) -> usize {
        crate::base::SMALL_COUNT
    }
}

/// Keeps small counts back. Where only one was kept back it would follow from the total: so the
/// next larger one goes with it, or, where there is none, the total.
#[must_use]
pub fn suppress(counts: &[usize], below: usize) -> (Vec<Suppressed>, Suppressed) {
    let sum: usize = counts.iter().sum();
    let is_small = |count: usize| count > 0 && count < below;
    let mut told: Vec<Suppressed> = counts
        .iter()
        .map(|count| match is_small(*count) {
            true => Suppressed::KeptBack,
            false => Suppressed::Told(*count),
        })
        .collect();
    let mut total = match is_small(sum) {
        true => Suppressed::KeptBack,
        false => Suppressed::Told(sum),
    };
    let mut kept_back = told
        .iter()
        .filter(|one| **one == Suppressed::KeptBack)
        .count();
    if kept_back == 1 && total != Suppressed::KeptBack {
        let others = told.iter().enumerate().filter_map(|(at, one)| match one {
            Suppressed::Told(count) if *count > 0 => Some((*count, at)),
            _ => None,
        });
        match others.min() {
            Some((_, at)) => {
                told[at] = Suppressed::KeptBack;
                kept_back += 1;
            }
            None => total = Suppressed::KeptBack,
        }
    }
    debug_assert!(kept_back != 1 || total == Suppressed::KeptBack);
    (told, total)
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
mod tests {
    use super::Suppressed::{KeptBack, Told};
    use super::*;

    #[test]
    fn a_small_count_does_not_follow_from_the_total() {
        assert_eq!(
            suppress(&[9, 3, 7], 5),
            (vec![Told(9), KeptBack, KeptBack], Told(19))
        );
        assert_eq!(
            suppress(&[2, 3, 7], 5),
            (vec![KeptBack, KeptBack, Told(7)], Told(12))
        );
        assert_eq!(suppress(&[3], 5), (vec![KeptBack], KeptBack));
        assert_eq!(suppress(&[3, 0], 5), (vec![KeptBack, Told(0)], KeptBack));
        assert_eq!(suppress(&[3, 9], 0), (vec![Told(3), Told(9)], Told(12)));
        assert_eq!(suppress(&[], 5), (vec![], Told(0)));
    }

    #[test]
    fn a_place_lies_in_the_nearest_hexagon() {
        let division = Division::Hexagon(100.0);
        for k in 0..2_000 {
            let at = [
                f64::from(k % 47) * 13.7 - 300.0,
                f64::from(k % 61) * 9.1 - 250.0,
            ];
            let CellKey::Place(q, r) = hexagon_at(at, 100.0) else {
                panic!();
            };
            let far = |q, r| {
                let middle = division.middle(CellKey::Place(q, r)).unwrap();
                super::super::region::distance_m(at, middle)
            };
            let own_m = far(q, r);
            for (dq, dr) in [(1, 0), (-1, 0), (0, 1), (0, -1), (1, -1), (-1, 1)] {
                assert!(own_m <= far(q + dq, r + dr) + 1e-9, "{at:?}");
            }
        }
    }
}
