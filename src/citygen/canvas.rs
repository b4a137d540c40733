//! What has been put on the plan so far: houses, open ground, trees, ponds, ways.
//! Filled by `houses`, `plots` and `sites`; read by `finish`. Never leaves the plan.

use std::collections::BTreeMap;

use crate::model::{GroundAreaKind, Protection, RoofStyle, Structure, Usage};

use super::buckets::Buckets;
use super::plan::Corridor;
use super::rect::{Corner, Rect, bounding, within};

/// Who lives in a building.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Homes {
    /// Nobody.
    None,
    /// As many homes as the floor area has room for.
    House,
    /// Two homes on each floor of every stair.
    WalkUp { stairs: u16 },
}

/// A building on the plan.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    /// The outer ring, then courtyards.
    pub(super) rings: Vec<Vec<Corner>>,
    /// Stands free and keeps its right angles.
    pub(super) upright: bool,
    pub(super) storeys: u16,
    /// From the ground to the eaves.
    pub(super) eaves_m: f64,
    pub(super) roof: RoofStyle,
    pub(super) structure: Structure,
    pub(super) year: u16,
    pub(super) usage: Usage,
    pub(super) protection: Protection,
    pub(super) name: Option<String>,
    /// The plot's address, such as a lane and a number.
    pub(super) lot: String,
    pub(super) homes: Homes,
    /// The community it belongs to; none for what is only drawn around.
    pub(super) community: Option<usize>,
    /// Height of the highest point where the eaves and the roof do not give it.
    pub(super) height_m: Option<f64>,
    /// What sources say of it.
    pub(super) attributes: BTreeMap<String, serde_json::Value>,
}

impl Draft {
    /// A one-storey shed; the beginning of every other building.
    pub(super) fn shed(ring: Vec<Corner>) -> Self {
        Self {
            rings: vec![ring],
            upright: false,
            storeys: 1,
            eaves_m: 2.6,
            roof: RoofStyle::Gable,
            structure: Structure::Masonry,
            year: 1965,
            usage: Usage::Service,
            protection: Protection::None,
            name: None,
            lot: String::new(),
            homes: Homes::None,
            community: None,
            height_m: None,
            attributes: BTreeMap::new(),
        }
    }
}

/// A piece of open ground.
#[derive(Debug, Clone)]
pub(super) struct Open {
    pub(super) ring: Vec<Corner>,
    pub(super) kind: GroundAreaKind,
    pub(super) name: Option<String>,
}

/// A tree.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tree {
    pub(super) at: Corner,
    pub(super) height_m: f64,
    pub(super) crown_m: f64,
}

/// A name on the map.
#[derive(Debug, Clone)]
pub(super) struct Label {
    pub(super) site: usize,
    pub(super) at: Corner,
}

/// Everything on the plan.
#[derive(Debug, Default)]
pub(super) struct Canvas {
    pub(super) drafts: Vec<Draft>,
    pub(super) open: Vec<Open>,
    pub(super) trees: Vec<Tree>,
    pub(super) ponds: Vec<(Vec<Corner>, String)>,
    pub(super) labels: Vec<Label>,
    /// Dead ends between houses.
    pub(super) dead_ends: Vec<Corridor>,
    /// Paths in yards and estates.
    pub(super) paths: Vec<Rect>,
}

impl Canvas {
    pub(super) fn open(&mut self, rect: Rect, kind: GroundAreaKind, name: Option<&str>) {
        if rect.width() > 0 && rect.depth() > 0 {
            self.open.push(Open {
                ring: rect.ring(),
                kind,
                name: name.map(str::to_owned),
            });
        }
    }

    pub(super) fn tree(&mut self, at: Corner, height_m: f64) {
        self.trees.push(Tree {
            at,
            height_m,
            crown_m: height_m * 0.62,
        });
    }
    /// Takes out the trees that chance put into a house or a pond.
    pub(super) fn clear_trees(&mut self) {
        let drafts = &self.drafts;
        let ponds = &self.ponds;
        let mut squares = Buckets::new(400);
        for (at, draft) in drafts.iter().enumerate() {
            squares.put(at, &bounding(&draft.rings));
        }
        self.trees.retain(|tree| {
            // In a court of a house a tree is within two rings.
            let rings = |draft: &Draft| {
                draft
                    .rings
                    .iter()
                    .filter(|ring| within(ring, tree.at))
                    .count()
            };
            let near = squares.at(tree.at).iter();
            let in_house = near
                .map(|at| &drafts[*at])
                .any(|draft| rings(draft) % 2 == 1);
            !in_house && !ponds.iter().any(|(ring, _)| within(ring, tree.at))
        });
    }
    /// Middles of the bays of all parking areas, metres on the plan.
    pub(super) fn parking_bays(&self) -> Vec<[f64; 2]> {
        let mut slots = Vec::new();
        for open in self
            .open
            .iter()
            .filter(|open| open.kind == GroundAreaKind::Parking)
        {
            let (Some(low), Some(high)) = (open.ring.first(), open.ring.get(2)) else {
                continue;
            };
            let mut v = low[1] + 27;
            while v + 25 <= high[1] {
                let mut u = low[0] + 14;
                while u + 12 <= high[0] {
                    slots.push([f64::from(u) / 10.0, f64::from(v) / 10.0]);
                    u += 25;
                }
                v += 80;
            }
        }
        slots
    }
}
