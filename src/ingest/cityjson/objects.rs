//! City objects as raw features: parts, installations and rooms join their building, units become
//! dwellings, reliefs become terrain, groups keep the keys of their members. Used by `frame`.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::model::{GroundAreaKind, RoadKind, WaterKind};

use super::super::error::ReadError;
use super::super::input::{PART_FEATURES, Take};
use super::super::own;
use super::super::raw::{Attributes, RawCity, RawFeature, RawKind, RawShape, Spot, place_of};
use super::document::{GROUP, Object};
use super::geometry::{Body, Geometry};
use super::relief;
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
    GROUP,
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
const UNIT: &str = "BuildingUnit";

/// Adds the objects to the raw city, and hands it on whenever there are many.
pub(super) fn assemble(
    objects: Vec<(String, Result<Object, String>)>,
    resolver: &mut Resolver,
    spot: Spot,
    (city, take): (&mut RawCity, Take),
) -> Result<(), ReadError> {
    let mut good: Vec<(String, Object)> = Vec::with_capacity(objects.len());
    for (key, object) in objects {
        match object {
            Ok(object) => good.push((key, object)),
            Err(fault) => city.skip(spot, &key, &fault),
        }
    }
    let roots = roots(&parents(&good, spot, city));
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); good.len()];
    for (index, root) in roots.iter().enumerate() {
        match root {
            Some(root) => members[*root].push(index),
            None => city.skip(spot, &good[index].0, "its parents go round in a circle"),
        }
    }
    for (root, members) in members
        .iter()
        .enumerate()
        .filter(|(_, members)| !members.is_empty())
    {
        family(root, members, &mut good, resolver, spot, city);
        if city.features.len() >= PART_FEATURES {
            take(city)?;
        }
    }
    Ok(())
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
    let own = own::kind(&objects[root].1.attributes);
    let is_own = own.is_some();
    let kind = match own.map_or_else(|| kind_of(&objects[root].1.kind), Ok) {
        Ok(kind) => kind,
        Err(fault) => {
            for member in members {
                city.skip(spot, &objects[*member].0, &fault);
            }
            return;
        }
    };
    let is_unit = |member: &usize| kind == RawKind::Building && objects[*member].1.kind == UNIT;
    let (units, solid): (Vec<usize>, Vec<usize>) = members.iter().partition(|one| is_unit(one));
    let (mut shape, said) = shape_of(root, (&solid, &units), objects, resolver, (spot, city));
    let is_faulty = said.faults > 0;
    let object = &mut objects[root].1;
    // What has its own attributes and no shape is still something; a building is not. An area of
    // ours may have no outline either; other kinds tell what they lack.
    let may_be_bare = is_own || matches!(kind, RawKind::Object(_));
    if shape.is_empty() && (is_faulty || !may_be_bare) {
        let parts = members.len() - 1;
        let fault = match parts {
            0 => "no usable geometry".to_owned(),
            _ => format!("no usable geometry, nor has any of its parts ({parts})"),
        };
        city.skip(spot, &key, &fault);
        return;
    }
    let attributes = attributes_of(object, said);
    shape.models.sort_by(|a, b| a.lod.cmp(&b.lod));
    if kind == RawKind::Terrain {
        match relief::flatten(&mut shape) {
            Ok(coarser) => resolver.lost.coarser_nets += coarser,
            Err(fault) => return city.skip(spot, &key, &fault),
        }
    }
    city.features.push(RawFeature {
        key: key.clone(),
        spot,
        kind,
        attributes,
        shape,
    });
    add_units(&key, &units, objects, spot, city);
}

/// The shape of a family, and what its members say beside it.
fn shape_of(
    root: usize,
    (solid, units): (&[usize], &[usize]),
    objects: &mut [(String, Object)],
    resolver: &mut Resolver,
    (spot, city): (Spot, &mut RawCity),
) -> (RawShape, Said) {
    let (mut shape, mut said) = (RawShape::default(), Said::default());
    for member in solid {
        let (member_key, object) = &mut objects[*member];
        let place = place_of(spot, member_key);
        add_geometries(object, &place, &mut shape, (resolver, &mut said), city);
        if *member != root {
            said.part(member_key, object);
        }
    }
    add_unit_shapes(
        units,
        objects,
        (&mut shape, &mut said),
        resolver,
        (spot, city),
    );
    (shape, said)
}

/// The attributes of a root with what its family says.
fn attributes_of(object: &mut Object, said: Said) -> Attributes {
    let mut attributes = std::mem::take(&mut object.attributes);
    if let Some(group) = object.group.take() {
        attributes.insert("members".to_owned(), group.members.into());
        attributes.extend(group.roles.map(|roles| ("roles".to_owned(), roles)));
    }
    if said.part_count > 0 {
        attributes.insert("parts".to_owned(), said.part_count.into());
    }
    said.into_attributes(&mut attributes);
    attributes
}

/// A building without a shape of its own consists of its units; within its own faces theirs would
/// be walls that nobody sees, and stay behind.
fn add_unit_shapes(
    units: &[usize],
    objects: &mut [(String, Object)],
    (shape, said): (&mut RawShape, &mut Said),
    resolver: &mut Resolver,
    (spot, city): (Spot, &mut RawCity),
) {
    let is_bare = shape.is_empty();
    for unit in units {
        let (key, object) = &mut objects[*unit];
        if is_bare {
            let place = place_of(spot, key);
            add_geometries(object, &place, shape, (resolver, said), city);
        } else {
            resolver.lost.units += usize::from(!object.geometries.is_empty());
        }
    }
}

/// Units of a building as dwellings.
fn add_units(
    key: &str,
    units: &[usize],
    objects: &mut [(String, Object)],
    spot: Spot,
    city: &mut RawCity,
) {
    for unit in units {
        let (unit_key, unit) = &mut objects[*unit];
        city.features.push(RawFeature {
            key: unit_key.clone(),
            spot,
            kind: RawKind::Dwelling {
                building: key.to_owned(),
            },
            attributes: std::mem::take(&mut unit.attributes),
            shape: RawShape::default(),
        });
    }
}

/// What a family says beside its shape and the attributes of its root.
#[derive(Default)]
struct Said {
    /// Geometries that could not be taken.
    faults: usize,
    /// How many of its members are parts.
    part_count: usize,
    /// Attributes of parts, by their keys.
    parts: Attributes,
    /// Semantics of points and lines, as the file has them.
    semantics: Vec<Value>,
}

impl Said {
    fn part(&mut self, key: &str, object: &mut Object) {
        self.part_count += usize::from(object.kind.ends_with("Part"));
        let mut attributes = std::mem::take(&mut object.attributes);
        if !attributes.is_empty() {
            attributes.insert("type".to_owned(), object.kind.clone().into());
            self.parts.insert(key.to_owned(), attributes.into());
        }
    }

    fn into_attributes(self, attributes: &mut Attributes) {
        if !self.parts.is_empty() {
            attributes.insert("part_attributes".to_owned(), self.parts.into());
        }
        if !self.semantics.is_empty() {
            attributes.insert("geometry:semantics".to_owned(), self.semantics.into());
        }
    }
}

/// Takes an object's geometries into the shape of its family.
fn add_geometries(
    object: &mut Object,
    place: &str,
    shape: &mut RawShape,
    (resolver, said): (&mut Resolver, &mut Said),
    city: &mut RawCity,
) {
    let geometries = std::mem::take(&mut object.geometries);
    let mut seen = HashSet::new();
    for (number, geometry) in geometries.iter().enumerate() {
        let added = match geometry {
            Ok(geometry) if !seen.insert(faces_of(number, geometry)) => {
                Err("the same as one before it".to_owned())
            }
            Ok(geometry) => resolver.add(geometry, shape).map(|()| {
                if let Body::Points(_, Some(one)) | Body::Lines(_, Some(one)) = &geometry.body {
                    said.semantics.push(one.clone());
                }
            }),
            Err(fault) => Err(fault.clone()),
        };
        if let Err(fault) = added {
            said.faults += 1;
            city.warnings.note(
                format!("{place}, geometry {number}"),
                format!("{fault}: geometry skipped"),
            );
        }
    }
}

/// By what geometries of an object are told apart: two of the same faces in the same level would
/// have every wall stand twice.
fn faces_of(number: usize, geometry: &Geometry) -> (&str, Option<usize>, Vec<&[Vec<u32>]>) {
    match &geometry.body {
        Body::Faces(faces) => {
            let rings = faces.iter().map(|face| face.rings.as_slice());
            (&geometry.lod, None, rings.collect())
        }
        _ => (&geometry.lod, Some(number), Vec::new()),
    }
}

/// What a type of CityJSON is in the city. CityGML's types are those, by the same words.
pub(in super::super) fn kind_of(word: &str) -> Result<RawKind, String> {
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
        "TINRelief" => RawKind::Terrain,
        _ if OTHER_TYPES.contains(&word) || word.starts_with('+') => {
            RawKind::Object(word.to_owned())
        }
        _ => return Err(format!("{word:?} is not a type of CityJSON")),
    })
}
