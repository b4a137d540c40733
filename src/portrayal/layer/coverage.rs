//! The layer of what cameras see: patches of ground by how many see it, and blind ground.

use std::collections::BTreeMap;

use crate::model::Ground;
use crate::model::sight::{Cell, Cover, Coverage};
use crate::space::{Bounds2, BoxIndex, polygon_contains};

use super::{
    Basis, Extent, LAYER_CLASSES, LayerClass, LayerFacts, LayerKind, MapLayer, Meaning, Patch,
};

/// Cells of a layer, at most: finer ones would be smaller than a pixel of a wall.
const CELLS_MAX: f64 = 400_000.0;
/// Side of a cell, at least; metres.
const CELL_M: f64 = 2.0;

/// What each class stands for.
const MEANINGS: [Meaning; LAYER_CLASSES] = [
    Meaning::Seen {
        cameras: 3,
        or_more: true,
    },
    Meaning::Seen {
        cameras: 2,
        or_more: false,
    },
    Meaning::Seen {
        cameras: 1,
        or_more: false,
    },
    Meaning::Turning,
    Meaning::BlindOpen,
    Meaning::BlindRoad,
];

/// The box around all buildings; empty where there are none.
#[must_use]
pub fn coverage_bounds(ground: &Ground) -> Bounds2 {
    let outlines = ground.buildings.values().map(|one| &one.footprint);
    outlines.fold(Bounds2::empty(), |all, one| {
        all.union(&Bounds2::from_polygon(one))
    })
}

/// The side of a cell for a layer over these bounds, metres: 2, or as much more as a large city
/// needs.
#[must_use]
pub fn coverage_cell_m(bounds: &Bounds2) -> f64 {
    let [w, h] = bounds.size();
    let wanted = (w * h / CELLS_MAX).sqrt();
    if wanted.is_finite() {
        (wanted * 2.0).ceil().max(CELL_M * 2.0) / 2.0
    } else {
        CELL_M
    }
}

impl MapLayer {
    /// The layer of a map of coverage. Water is not drawn, for nobody walks there, nor
    /// open ground far from every building. `as_of` is the day,
    /// `YYYY-MM-DD`.
    #[must_use]
    pub fn coverage(ground: &Ground, map: &Coverage, as_of: &str) -> Self {
        let classes = classes_of_cells(ground, map);
        let mut counts = [0_usize; LAYER_CLASSES];
        for class in classes.iter().flatten() {
            counts[usize::from(*class)] += 1;
        }
        let all: usize = counts.iter().sum();
        let rows = MEANINGS.into_iter().zip(counts).zip(0..);
        let rows = rows.map(|((meaning, count), class)| LayerClass {
            class,
            meaning,
            extent: Extent::Ground(count as f64 / all.max(1) as f64),
        });
        Self {
            facts: LayerFacts {
                kind: LayerKind::Coverage,
                as_of: as_of.to_owned(),
                classes: rows.collect(),
                basis: Basis::Cameras {
                    count: ground.cameras.len(),
                    cell_m: map.cell_m,
                    seen: [
                        map.share_seen(Cover::Road),
                        map.share_seen(Cover::Open),
                        map.facade_share_seen(),
                    ],
                },
            },
            buildings: BTreeMap::new(),
            patches: patches(map, &classes),
            outlines: Vec::new(),
            figures: Vec::new(),
            sheet: None,
        }
    }
}

fn class_of(cell: &Cell) -> Option<u8> {
    let class = match (cell.cover, cell.seen, cell.turning) {
        (Cover::Built, ..) => return None,
        (_, 3.., _) => 0,
        (_, 2, _) => 1,
        (_, 1, _) => 2,
        (_, 0, 1..) => 3,
        (Cover::Open, 0, 0) => 4,
        (Cover::Road, 0, 0) => 5,
    };
    Some(class)
}

/// Open ground farther than this from every building is outside the city; metres.
const NEAR_M: f64 = 12.0;

/// The class of each cell; none of what is built on, wet or outside.
fn classes_of_cells(ground: &Ground, map: &Coverage) -> Vec<Option<u8>> {
    let water: Vec<_> = ground.water.values().map(|one| &one.polygon).collect();
    let boxes = BoxIndex::new(water.iter().map(|polygon| Bounds2::from_polygon(polygon)));
    let is_wet = |at| {
        let mut is_wet = false;
        boxes.each_at_point(at, |place| {
            is_wet |= polygon_contains(water[place as usize], at);
        });
        is_wet
    };
    let houses = ground.buildings.values();
    let near = houses.map(|one| Bounds2::from_polygon(&one.footprint).grown(NEAR_M));
    let near = BoxIndex::new(near);
    let is_outside = |at| {
        let mut is_outside = true;
        near.each_at_point(at, |_| is_outside = false);
        is_outside
    };
    let cells = map.cells.iter().enumerate().map(|(place, cell)| {
        // A bridge is a road over water.
        let is_road = cell.cover == Cover::Road;
        let at = map.middle(place);
        class_of(cell).filter(|_| is_road || !(is_outside(at) || is_wet(at)))
    });
    cells.collect()
}

/// Cells of one class side by side become one rectangle, rows alike one above the other, too.
fn patches(map: &Coverage, classes: &[Option<u8>]) -> Vec<Patch> {
    let mut patches: Vec<Patch> = Vec::new();
    // Runs of the last row and the patch that each belongs to.
    let mut last = BTreeMap::<(usize, usize, u8), usize>::new();
    for (row, cells) in classes.chunks(map.columns.max(1)).enumerate() {
        let mut runs = BTreeMap::new();
        let mut first = 0;
        for run in cells.chunk_by(|a, b| a == b) {
            let end = first + run.len();
            if let Some(class) = run[0] {
                let corner = |column: usize, row: usize| {
                    [
                        map.corner[0] + column as f64 * map.cell_m,
                        map.corner[1] + row as f64 * map.cell_m,
                    ]
                };
                let high = corner(end, row + 1);
                let place = match last.get(&(first, end, class)) {
                    Some(place) => {
                        patches[*place].high = high;
                        *place
                    }
                    None => {
                        let low = corner(first, row);
                        patches.push(Patch { class, low, high });
                        patches.len() - 1
                    }
                };
                runs.insert((first, end, class), place);
            }
            first = end;
        }
        last = runs;
    }
    patches
}
