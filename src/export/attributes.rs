//! The attributes of a record in a file: what its source said, a few words for other programs,
//! and the passport.

use serde_json::{Map, Value};

use crate::model::passport::{self, MEMBER, Remarks, Shapes};
use crate::model::{Building, Entity, HeightOrigin, Usage};

/// How a format calls what every program wants to know.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names {
    pub(super) height: &'static str,
    pub(super) storeys: &'static str,
    pub(super) year: &'static str,
    pub(super) usage: &'static str,
}

/// The words of CityGML.
pub(super) const CITYGML: Names = Names {
    height: "measuredHeight",
    storeys: "storeysAboveGround",
    year: "yearOfConstruction",
    usage: "function",
};

/// Plain words, for maps and tables.
pub(super) const PLAIN: Names = Names {
    height: "height",
    storeys: "storeys",
    year: "year",
    usage: "usage",
};

/// All attributes of a record with its passport; `None` for what may not go out. Attributes that
/// a format cannot hold beside the passport (`is_held` says which) go into it.
pub(super) fn with_passport(
    entity: &Entity,
    shapes: Shapes,
    names: Names,
    is_held: impl Fn(&str) -> bool,
) -> Option<Map<String, Value>> {
    let (mut held, mut beside) = (Map::new(), Map::new());
    for (name, value) in of_source(entity) {
        let place = if name == MEMBER || is_held(name) {
            &mut held
        } else {
            &mut beside
        };
        place.insert(name.clone(), value.clone());
    }
    let mut added = Vec::new();
    for (name, value) in in_words(entity, names) {
        if !beside.contains_key(name) && !held.contains_key(name) {
            beside.insert(name.to_owned(), value);
            added.push(name);
        }
    }
    let remarks = Remarks {
        shapes,
        added: &added,
        is_whole: false,
        attributes: Some(&held),
    };
    beside.insert(MEMBER.to_owned(), passport::of(entity, remarks)?);
    Some(beside)
}

/// What the source said of a record.
pub(super) fn of_source(entity: &Entity) -> impl Iterator<Item = (&String, &Value)> {
    let (building, object) = match entity {
        Entity::Building(one) => (Some(&one.attributes), None),
        Entity::Object(one) => (None, Some(&one.attributes)),
        _ => (None, None),
    };
    building.into_iter().chain(object).flatten()
}

/// What other programs should see of a record, in the format's words.
pub(super) fn in_words(entity: &Entity, names: Names) -> Vec<(&'static str, Value)> {
    let mut words: Vec<(&'static str, Value)> = vec![];
    if let Some(name) = name_of(entity) {
        words.push(("name", name.into()));
    }
    match entity {
        Entity::Building(one) => building_in_words(one, names, &mut words),
        Entity::Area(one) => words.push(("level", one.level.as_str().into())),
        Entity::Road(one) => {
            words.push(("kind", one.kind.as_str().into()));
            words.push(("width", one.width_m.into()));
        }
        Entity::Water(one) => words.push(("kind", one.kind.as_str().into())),
        Entity::GroundArea(one) => words.push(("kind", one.kind.as_str().into())),
        Entity::Plant(one) => words.push((names.height, one.height_m.into())),
        Entity::Place(one) => words.push(("kind", one.kind.as_str().into())),
        _ => {}
    }
    words
}

fn building_in_words(one: &Building, names: Names, words: &mut Vec<(&'static str, Value)>) {
    words.push((names.height, one.height_m.into()));
    // A height that nobody measured must not look like one.
    if one.height_origin != HeightOrigin::Measured {
        words.push(("height_origin", one.height_origin.as_str().into()));
    }
    words.push((names.storeys, one.storeys.into()));
    if let Some(year) = one.year {
        words.push((names.year, year.into()));
    }
    if one.usage != Usage::Unknown {
        words.push((names.usage, one.usage.as_str().into()));
    }
    if let Some(address) = &one.address {
        words.push(("address", address.as_str().into()));
    }
}

/// The name of a record.
pub(super) fn name_of(entity: &Entity) -> Option<&str> {
    match entity {
        Entity::Area(one) => Some(&one.name),
        Entity::Building(one) => one.name.as_deref(),
        Entity::Road(one) => one.name.as_deref(),
        Entity::Water(one) => one.name.as_deref(),
        Entity::GroundArea(one) => one.name.as_deref(),
        Entity::Place(one) => Some(&one.name),
        Entity::Object(one) => one.name.as_deref(),
        _ => None,
    }
}
