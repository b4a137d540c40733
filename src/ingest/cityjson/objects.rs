//! City objects as raw features: parts, installations and rooms join their building, units become
//! dwellings, groups are left out.

use std::collections::HashMap;

use crate::model::{GroundAreaKind, RoadKind, WaterKind};

use super::super::own;
use super::super::raw::{RawCity, RawFeature, RawKind, RawShape, Spot, place_of};
use super::document::Object;
use super::resolve::Resolver;

/// Types of all versions that have no kind of their own in the city.
const OTHER_TYPES: &[&str] = &[
    "Bridge",
    "BridgePart",
    "BridgeInstallation",
    "BridgeConstructiveElement",
    "BridgeConstructionElement",
    "BridgeRoom",
    "BridgeFurniture",
    "Tunnel",
    "TunnelPart",
    "TunnelInstallation",
    "TunnelConstructiveElement",
    "TunnelHollowSpace",
    "TunnelFurniture",
    "CityFurniture",
    "GenericCityObject",
    "OtherConstruction",
    "TINRelief",
];
/// Types that belong to a building.
const BUILDING_TYPES: &[&str] = &[
    "Building",
    "BuildingPart",
    "BuildingInstallation",
    "BuildingConstructiveElement",
    "BuildingFurniture",
    "BuildingStorey",
    "BuildingRoom",
    "Room",
];
const GROUP: &str = "CityObjectGroup";
const UNIT: &str = "BuildingUnit";

/// Adds the objects to the raw city; gives back how many groups were left out.
pub(super) fn assemble(
    objects: Vec<(String, Result<Object, String>)>,
    resolver: &mut Resolver,
    spot: Spot,
    city: &mut RawCity,
) -> usize {
    let mut good: Vec<(String, Object)> = Vec::with_capacity(objects.len());
    for (key, object) in objects {
        match object {
            Ok(object) => good.push((key, object)),
            Err(fault) => city
                .warnings
                .note(place_of(spot, &key), format!("{fault}: skipped")),
        }
    }
    let roots = roots(&parents(&good, spot, city));
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); good.len()];
    for (index, root) in roots.iter().enumerate() {
        match root {
            Some(root) => members[*root].push(index),
            None => city.warnings.note(
                place_of(spot, &good[index].0),
                "its parents go round in a circle: skipped",
            ),
        }
    }
    let mut groups = 0;
    for (root, members) in members
        .iter()
        .enumerate()
        .filter(|(_, members)| !members.is_empty())
    {
        if good[root].1.kind == GROUP {
            groups += 1;
            continue;
        }
        family(root, members, &mut good, resolver, spot, city);
    }
    groups
}

/// The parent of each object, by `parents` and `children` alike. Groups are nobody's parents.
fn parents(objects: &[(String, Object)], spot: Spot, city: &mut RawCity) -> Vec<Option<usize>> {
    let index: HashMap<&str, usize> = objects
        .iter()
        .enumerate()
        .map(|(index, (key, _))| (key.as_str(), index))
        .collect();
    let is_group = |index: usize| objects[index].1.kind == GROUP;
    let mut parents = vec![None; objects.len()];
    for (child, (key, object)) in objects.iter().enumerate() {
        for parent in &object.parents {
            match index.get(parent.as_str()) {
                Some(parent) if !is_group(*parent) => {
                    parents[child] = parents[child].or(Some(*parent))
                }
                Some(_) => {}
                None => city.warnings.note(
                    place_of(spot, key),
                    "its parent is missing: taken for itself",
                ),
            }
        }
    }
    for (parent, (key, object)) in objects.iter().enumerate() {
        for child in &object.children {
            match index.get(child.as_str()) {
                Some(child) if !is_group(parent) => {
                    parents[*child] = parents[*child].or(Some(parent))
                }
                Some(_) => {}
                None => city
                    .warnings
                    .note(place_of(spot, key), "one of its children is missing"),
            }
        }
    }
    parents
}

/// The root above each object; `None` where parents go round in a circle.
fn roots(parents: &[Option<usize>]) -> Vec<Option<usize>> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        OnPath,
        Done(Option<usize>),
    }
    let mut states = vec![State::New; parents.len()];
    for start in 0..parents.len() {
        let mut path = Vec::new();
        let mut at = start;
        let root = loop {
            match states[at] {
                State::Done(root) => break root,
                State::OnPath => break None,
                State::New => {}
            }
            states[at] = State::OnPath;
            path.push(at);
            match parents[at] {
                Some(parent) => at = parent,
                None => break Some(at),
            }
        };
        for step in path {
            states[step] = State::Done(root);
        }
    }
    let done = |state: State| match state {
        State::Done(root) => root,
        State::New | State::OnPath => None,
    };
    states.into_iter().map(done).collect()
}

/// One root with all that belongs to it.
fn family(
    root: usize,
    members: &[usize],
    objects: &mut [(String, Object)],
    resolver: &mut Resolver,
    spot: Spot,
    city: &mut RawCity,
) {
    let key = objects[root].0.clone();
    let kind = match kind_of(&objects[root].1) {
        Ok(kind) => kind,
        Err(fault) => {
            for member in members {
                let place = place_of(spot, &objects[*member].0);
                city.warnings.note(place, format!("{fault}: skipped"));
            }
            return;
        }
    };
    let is_unit = |member: &usize| kind == RawKind::Building && objects[*member].1.kind == UNIT;
    let (units, solid): (Vec<usize>, Vec<usize>) = members.iter().partition(|one| is_unit(one));
    let mut shape = RawShape::default();
    let mut parts = 0;
    for member in solid {
        let (member_key, object) = &mut objects[member];
        parts += usize::from(object.kind.ends_with("Part") && member != root);
        let place = place_of(spot, member_key);
        add_geometries(object, &place, &mut shape, resolver, city);
    }
    // An area of ours may have no outline; other kinds tell what they lack.
    if shape.is_empty() && !matches!(kind, RawKind::Area(_)) {
        city.warnings
            .note(place_of(spot, &key), "no usable geometry: skipped");
        return;
    }
    let mut attributes = std::mem::take(&mut objects[root].1.attributes);
    if parts > 0 {
        attributes.insert("parts".to_owned(), parts.into());
    }
    shape.models.sort_by(|a, b| a.lod.cmp(&b.lod));
    city.features.push(RawFeature {
        key: key.clone(),
        spot,
        kind,
        attributes,
        shape,
    });
    for unit in units {
        let (unit_key, unit) = &mut objects[unit];
        city.features.push(RawFeature {
            key: unit_key.clone(),
            spot,
            kind: RawKind::Dwelling {
                building: key.clone(),
            },
            attributes: std::mem::take(&mut unit.attributes),
            shape: RawShape::default(),
        });
    }
}

/// Takes an object's geometries into the shape of its family.
fn add_geometries(
    object: &mut Object,
    place: &str,
    shape: &mut RawShape,
    resolver: &mut Resolver,
    city: &mut RawCity,
) {
    let geometries = std::mem::take(&mut object.geometries);
    for (number, geometry) in geometries.into_iter().enumerate() {
        let added = geometry.and_then(|geometry| resolver.add(&geometry, shape));
        if let Err(fault) = added {
            city.warnings.note(
                format!("{place}, geometry {number}"),
                format!("{fault}: geometry skipped"),
            );
        }
    }
}

/// What an object is in the city: by its passport when it is ours, by its type otherwise.
fn kind_of(object: &Object) -> Result<RawKind, String> {
    if let Some(kind) = own::kind(&object.attributes) {
        return Ok(kind);
    }
    let word = object.kind.as_str();
    Ok(match word {
        _ if BUILDING_TYPES.contains(&word) => RawKind::Building,
        UNIT => return Err("a unit outside any building".to_owned()),
        "Road" | "Railway" | "Waterway" | "TransportSquare" | "Square" => RawKind::Road {
            kind: RoadKind::Street,
            width_m: 0.0,
        },
        "WaterBody" => RawKind::Water {
            kind: WaterKind::Canal,
            width_m: 8.0,
        },
        "PlantCover" => RawKind::Ground(GroundAreaKind::Green),
        "LandUse" => RawKind::Ground(GroundAreaKind::Other),
        "SolitaryVegetationObject" => RawKind::Plant,
        _ if OTHER_TYPES.contains(&word) || word.starts_with('+') => {
            RawKind::Object(word.to_owned())
        }
        _ => return Err(format!("{word:?} is not a type of CityJSON")),
    })
}
