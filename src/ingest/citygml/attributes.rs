//! Attributes of a feature by the names that CityJSON gives them, so that `facts` reads both
//! alike. Used by `objects`. Never drops a simple value: what has no name of its own there keeps
//! the file's, with its prefix where an extension made it.

use serde_json::{Value, json};

use super::super::raw::Attributes;
use super::xml::{Element, Space};
use super::{address, codes};

/// Attributes that are whole numbers.
const WHOLE: &[&str] = &[
    "storeysAboveGround",
    "storeysBelowGround",
    "yearOfConstruction",
    "yearOfDemolition",
];
/// Attributes that are lists of numbers.
const LISTS: &[&str] = &["storeyHeightsAboveGround", "storeyHeightsBelowGround"];
/// Upper ends of a height that is a building's own, by the code list of CityGML 3.
const WHOLE_HEIGHTS: &[&str] = &[
    "highestRoofEdge",
    "topOfConstruction",
    "highestPoint",
    "generalRoof",
];
/// Properties that are no attributes: relations, and what is read elsewhere.
const NONE: &[&str] = &[
    "boundedBy",
    "metaDataProperty",
    "generalizesTo",
    "relatedTo",
    "appearance",
    "appearanceMember",
    "groupMember",
    "parent",
];

/// Takes a property as attributes, where it is one. Properties that hold geometry or features are
/// none.
pub(super) fn take(property: &Element, attributes: &mut Attributes) {
    let name = property.name();
    match property.space {
        Space::Gml => match name {
            "name" | "description" | "identifier" => simple(property, name, attributes),
            _ => {}
        },
        Space::Generics => generic(property, attributes),
        Space::City => match name {
            _ if NONE.contains(&name) => {}
            "genericAttribute" => {
                for one in &property.children {
                    generic(one, attributes);
                }
            }
            "externalReference" => reference(property, attributes),
            "address" => {
                if let Some(address) = address::of(property) {
                    attributes.entry("address").or_insert(address.into());
                }
            }
            "height" if property.child("Height").is_some() => height(property, attributes),
            _ if property.children.is_empty() => simple(property, name, attributes),
            _ => extension(property, attributes),
        },
        Space::Other => extension(property, attributes),
        Space::Appearance | Space::Address => {}
    }
}

/// A value without elements in it.
fn simple(property: &Element, name: &str, attributes: &mut Attributes) {
    let Some(words) = property.words() else {
        return;
    };
    codes::resolve(name, words, property.attribute("codeSpace"), attributes);
    add(attributes, name, typed(property, name, words));
}

fn typed(property: &Element, name: &str, words: &str) -> Value {
    if LISTS.contains(&name) {
        let numbers = words.split_whitespace().filter_map(finite);
        return numbers.collect::<Vec<f64>>().into();
    }
    if WHOLE.contains(&name) {
        return match words.parse::<i64>() {
            Ok(number) => number.into(),
            Err(_) => words.into(),
        };
    }
    match (property.attribute("uom"), finite(words)) {
        (Some(unit), Some(number)) => measure(number, unit),
        (None, Some(number)) if matches!(name, "measuredHeight" | "height") => number.into(),
        _ => words.into(),
    }
}

fn finite(words: &str) -> Option<f64> {
    words.parse().ok().filter(|number: &f64| number.is_finite())
}

/// Metres are a bare number, feet the text that `facts` knows, all else keeps its unit.
fn measure(number: f64, unit: &str) -> Value {
    let word = unit.rsplit([':', '#', '/']).next().unwrap_or(unit);
    match word.to_ascii_lowercase().as_str() {
        "m" | "metre" | "meter" | "metres" | "meters" | "9001" => number.into(),
        "ft" | "foot" | "feet" | "9002" => format!("{number} ft").into(),
        _ => json!({"value": number, "uom": unit}),
    }
}

/// Adds a value; a second one of the same name makes a list.
fn add(attributes: &mut Attributes, name: &str, value: Value) {
    match attributes.get_mut(name) {
        None => {
            attributes.insert(name.to_owned(), value);
        }
        Some(Value::Array(list)) if !LISTS.contains(&name) => list.push(value),
        // Equal ones too: lists that belong together stay in step.
        Some(known) => {
            let first = std::mem::take(known);
            *known = Value::Array(vec![first, value]);
        }
    }
}

/// `gen:stringAttribute name="…"` of CityGML 1 and 2, `gen:StringAttribute` of 3, and sets.
fn generic(property: &Element, attributes: &mut Attributes) {
    let name = property.attribute("name");
    let name = name.or_else(|| property.child("name")?.words());
    let Some(name) = name.map(str::trim).filter(|name| !name.is_empty()) else {
        return;
    };
    let kind = property.name().to_ascii_lowercase();
    let value = if kind.ends_with("set") {
        let mut set = Attributes::new();
        for one in &property.children {
            match one.name() {
                "genericAttribute" => one.children.iter().for_each(|one| generic(one, &mut set)),
                _ => generic(one, &mut set),
            }
        }
        Value::Object(set)
    } else {
        let Some(value) = property.child("value") else {
            return;
        };
        let words = value.words().unwrap_or_default();
        let number = finite(words);
        match (kind.as_str(), number) {
            ("intattribute", Some(_)) => words.parse::<i64>().map_or(words.into(), Value::from),
            ("doubleattribute", Some(number)) => number.into(),
            ("measureattribute", Some(number)) => {
                json!({"value": number, "uom": value.attribute("uom").unwrap_or_default()})
            }
            _ => words.into(),
        }
    };
    // What the standard itself names goes first.
    match attributes.contains_key(name) {
        true => add(attributes, &format!("gen:{name}"), value),
        false => add(attributes, name, value),
    }
}

/// What an extension says: every simple value in it, by its own name with prefix.
fn extension(property: &Element, attributes: &mut Attributes) {
    let mut found: Vec<&Element> = Vec::new();
    property.walk(&mut |one| {
        if one.space == Space::Other && one.children.is_empty() {
            found.push(one);
        }
    });
    for one in found {
        if let Some(words) = one.words() {
            let value = typed(one, one.name(), words);
            codes::resolve(one.name(), words, one.attribute("codeSpace"), attributes);
            add(attributes, one.qualified(), value);
        }
    }
}

fn reference(property: &Element, attributes: &mut Attributes) {
    let mut said = Attributes::new();
    property.walk(&mut |one| {
        let known = matches!(
            one.name(),
            "informationSystem" | "name" | "uri" | "targetResource" | "relationType"
        );
        if let Some(words) = one.words().filter(|_| known) {
            said.insert(one.name().to_owned(), words.into());
        }
    });
    if !said.is_empty() {
        let list = attributes
            .entry("externalReference")
            .or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(list) = list {
            list.push(Value::Object(said));
        }
    }
}

/// The heights of CityGML 3: the first from ground to roof is the measured one.
fn height(property: &Element, attributes: &mut Attributes) {
    for one in property.all("Height") {
        let word = |name: &str| one.child(name).and_then(Element::words);
        let Some(value) = one.child("value") else {
            continue;
        };
        let Some(number) = value.words().and_then(finite) else {
            continue;
        };
        let number = measure(number, value.attribute("uom").unwrap_or("m"));
        let is_from_ground = word("lowReference").is_none_or(|low| low.contains("round"));
        let is_to_roof = word("highReference").is_none_or(|high| WHOLE_HEIGHTS.contains(&high));
        if is_from_ground && is_to_roof && !attributes.contains_key("measuredHeight") {
            attributes.insert("measuredHeight".to_owned(), number);
            continue;
        }
        let mut said = Attributes::new();
        for name in ["highReference", "lowReference", "status"] {
            if let Some(word) = word(name) {
                said.insert(name.to_owned(), word.into());
            }
        }
        said.insert("value".to_owned(), number);
        add(attributes, "heights", Value::Object(said));
    }
}
