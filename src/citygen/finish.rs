//! From the plan's houses to buildings: corners where neighbours meet, party walls, heights,
//! addresses, ids. Used by `generate`. Never moves a house.

use std::collections::{BTreeMap, BTreeSet};

use geo_types::Polygon;

use crate::base::BuildingId;
use crate::model::{Attributes, Building, HeightOrigin, RoofStyle};
use crate::space::{RoofParams, RoofShape, area_m2, ridge_rise_m};

use super::canvas::{Draft, Homes};
use super::frame::millimetres;
use super::maker::{Areas, Maker};
use super::plan::Plan;
use super::rect::{Corner, Dm, Rect, bounding};

/// A parapet above the eaves of a flat roof.
const PARAPET_M: f64 = 0.5;

/// A finished building and what later subjects ask about it.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) building: Building,
    pub(super) homes: Homes,
    /// The community it belongs to.
    pub(super) community: Option<usize>,
    /// The plot's address, with the street's name.
    pub(super) lot: String,
    /// Its box on the plan.
    pub(super) rect: Rect,
    pub(super) area_m2: f64,
}

/// Makes buildings of the plan's houses.
pub(super) fn buildings(
    maker: &Maker,
    plan: &Plan,
    areas: &Areas,
    drafts: Vec<Draft>,
) -> Vec<Placed> {
    let rings = meeting_corners(&drafts);
    let neighbours = party_walls(&drafts, &rings);
    let ids: Vec<BuildingId> = (0..drafts.len())
        .map(|at| BuildingId::from_source(&maker.dataset, &key(at)))
        .collect();
    let lots: Vec<String> = drafts.iter().map(|draft| lot(plan, draft)).collect();
    let numbers = numbers_on_plot(&drafts, &lots);
    let mut placed = Vec::with_capacity(drafts.len());
    for (at, draft) in drafts.into_iter().enumerate() {
        let walls = neighbours[at].iter().map(|other| ids[*other]).collect();
        let address = address(&draft, &lots[at], numbers[at]);
        let mut one = place(maker, areas, at, draft, &rings[at], walls);
        one.building.address = address;
        one.lot.clone_from(&lots[at]);
        placed.push(one);
    }
    placed
}

fn key(at: usize) -> String {
    format!("building-{:04}", at + 1)
}

fn place(
    maker: &Maker,
    areas: &Areas,
    at: usize,
    draft: Draft,
    rings: &[Vec<Corner>],
    party_walls: Vec<BuildingId>,
) -> Placed {
    let rect = bounding(&draft.rings);
    let footprint = if draft.upright {
        maker.frame.upright(rings, rect.center())
    } else {
        maker.frame.polygon(rings)
    };
    let rise_m = rise_m(&draft, &footprint);
    let middle = rect.center().map(|c| f64::from(c) / 10.0);
    let mut attributes: Attributes =
        [("eaves_m".to_owned(), millimetres(draft.eaves_m).into())].into();
    for (name, value) in &draft.attributes {
        attributes.insert(name.clone(), value.clone());
    }
    let building = Building {
        id: BuildingId::from_source(&maker.dataset, &key(at)),
        source: maker.source(&key(at)),
        name: draft.name,
        address: None,
        area: match draft.community {
            Some(community) => areas.in_community(community, middle),
            None => areas.at(middle),
        },
        ground_m: maker.spec.place.ground_m,
        height_m: millimetres(draft.height_m.unwrap_or(draft.eaves_m + rise_m)),
        height_origin: HeightOrigin::Measured,
        storeys: draft.storeys,
        structure: draft.structure,
        year: Some(draft.year),
        usage: draft.usage,
        protection: draft.protection,
        roof: draft.roof,
        party_walls,
        models: Vec::new(),
        repairs: Vec::new(),
        attributes,
        footprint,
    };
    Placed {
        area_m2: area_m2(&building.footprint),
        building,
        homes: draft.homes,
        community: draft.community,
        lot: String::new(),
        rect,
    }
}

/// From the eaves to the roof's highest line.
fn rise_m(draft: &Draft, footprint: &Polygon<f64>) -> f64 {
    match draft.roof {
        RoofStyle::Flat => PARAPET_M,
        roof => {
            let shape = if roof == RoofStyle::Hip {
                RoofShape::Hip
            } else {
                RoofShape::MultiGable
            };
            let params = RoofParams {
                shape,
                eave_m: draft.eaves_m,
                ..RoofParams::default()
            };
            ridge_rise_m(footprint, &params)
        }
    }
}

/// The building's number on its plot; 0 when it is the only one that needs an address.
fn numbers_on_plot(drafts: &[Draft], lots: &[String]) -> Vec<u32> {
    let needs = |draft: &Draft| draft.homes != Homes::None;
    let mut totals = BTreeMap::<&str, u32>::new();
    for (_, lot) in drafts.iter().zip(lots).filter(|(draft, _)| needs(draft)) {
        *totals.entry(lot).or_default() += 1;
    }
    let mut running = BTreeMap::<&str, u32>::new();
    let mut numbers = Vec::with_capacity(drafts.len());
    for (draft, lot) in drafts.iter().zip(lots) {
        if !needs(draft) || totals[lot.as_str()] < 2 {
            numbers.push(0);
            continue;
        }
        let count = running.entry(lot).or_default();
        *count += 1;
        numbers.push(*count);
    }
    numbers
}

/// The plot's address with the name of its street.
fn lot(plan: &Plan, draft: &Draft) -> String {
    format!("{}{}", plan.street_of(draft.community).name, draft.lot)
}

fn address(draft: &Draft, lot: &str, number: u32) -> Option<String> {
    if draft.lot.is_empty() {
        return None;
    }
    let mut text = lot.to_owned();
    if number > 0 {
        text.push_str(&format!(" {number}幢"));
    }
    Some(text)
}

/// The lines of the plan: constant u (axis 0) or constant v (axis 1).
type Line = (usize, Dm);

/// The rings with a corner wherever a neighbour's corner lies on an edge. Edges that two houses
/// share are then the very same edges, and stay so however the plan is bent.
fn meeting_corners(drafts: &[Draft]) -> Vec<Vec<Vec<Corner>>> {
    let mut corners_on = BTreeMap::<Line, BTreeSet<Dm>>::new();
    for corner in drafts
        .iter()
        .filter(|draft| !draft.upright)
        .flat_map(|draft| draft.rings.iter().flatten())
    {
        corners_on
            .entry((0, corner[0]))
            .or_default()
            .insert(corner[1]);
        corners_on
            .entry((1, corner[1]))
            .or_default()
            .insert(corner[0]);
    }
    let split = |ring: &Vec<Corner>| {
        let mut fine = Vec::with_capacity(ring.len() + 4);
        for (at, a) in ring.iter().enumerate() {
            fine.push(*a);
            let b = ring[(at + 1) % ring.len()];
            let axis = usize::from(a[0] != b[0]);
            if a[axis] != b[axis] {
                continue;
            }
            let (from, to) = (a[1 - axis], b[1 - axis]);
            let between = corners_on
                .get(&(axis, a[axis]))
                .into_iter()
                .flat_map(|line| line.range(from.min(to) + 1..from.max(to)));
            let point = |along: &Dm| {
                if axis == 0 {
                    [a[0], *along]
                } else {
                    [*along, a[1]]
                }
            };
            let mut between: Vec<Corner> = between.map(point).collect();
            if from > to {
                between.reverse();
            }
            fine.extend(between);
        }
        fine
    };
    let of = |draft: &Draft| {
        if draft.upright {
            draft.rings.clone()
        } else {
            draft.rings.iter().map(split).collect()
        }
    };
    drafts.iter().map(of).collect()
}

/// For each house the houses it shares an edge with.
fn party_walls(drafts: &[Draft], rings: &[Vec<Vec<Corner>>]) -> Vec<BTreeSet<usize>> {
    let mut owners = BTreeMap::<(Corner, Corner), Vec<usize>>::new();
    for (at, rings) in rings
        .iter()
        .enumerate()
        .filter(|(at, _)| !drafts[*at].upright)
    {
        for ring in rings {
            for (k, a) in ring.iter().enumerate() {
                let b = ring[(k + 1) % ring.len()];
                owners.entry((b.min(*a), b.max(*a))).or_default().push(at);
            }
        }
    }
    let mut neighbours = vec![BTreeSet::new(); drafts.len()];
    for pair in owners.values().filter(|pair| pair.len() == 2) {
        neighbours[pair[0]].insert(pair[1]);
        neighbours[pair[1]].insert(pair[0]);
    }
    neighbours
}
