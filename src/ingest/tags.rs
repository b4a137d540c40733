//! What a vector feature is, by its tags: OpenStreetMap's vocabulary and our own `kind`.
//! Used by readers of vector formats. Never looks at names, apart from lanes, whose names say so.

use serde_json::Value;

use crate::model::{AreaLevel, GroundAreaKind, PlaceKind, RoadKind, WaterKind};

use super::fact_names::KIND_KEYS;
use super::facts;
use super::kind_words::{LAYER_WORDS, is_in_name, kind_word};
use super::own;
use super::raw::{Attributes, RawKind, RawShape};

/// What the tags say.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Verdict {
    /// It is this.
    Known(RawKind),
    /// It is an area, and nothing says of what.
    UntaggedArea,
    /// It is something the city has no place for, in a few words.
    Other(String),
}

/// Tells what a feature is.
pub(super) fn classify(attributes: &Attributes, shape: &RawShape) -> Verdict {
    let form = Form::of(shape);
    own::kind(attributes)
        .or_else(|| by_kind(attributes, form))
        .or_else(|| area(attributes, form))
        .or_else(|| building(attributes))
        .or_else(|| water(attributes, form))
        .or_else(|| road(attributes, form))
        .or_else(|| green(attributes, form))
        .or_else(|| plant_or_place(attributes, form))
        .map_or_else(|| unknown(attributes, form), Verdict::Known)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Nothing,
    Point,
    Line,
    Area,
}

impl Form {
    fn of(shape: &RawShape) -> Self {
        if !(shape.polygons.is_empty() && shape.models.is_empty()) {
            Self::Area
        } else if !shape.lines.is_empty() {
            Self::Line
        } else if !shape.points.is_empty() {
            Self::Point
        } else {
            Self::Nothing
        }
    }
}

/// A tag that is given and not `no`; `true` and `1` read as `yes`.
fn tag<'a>(attributes: &'a Attributes, key: &str) -> Option<&'a str> {
    match attributes.get(key)? {
        Value::Bool(true) => Some("yes"),
        Value::Number(number) if number.as_u64() == Some(1) => Some("yes"),
        Value::String(text) => Some(text.trim()).filter(|text| !matches!(*text, "" | "no")),
        _ => None,
    }
}

/// Our own vocabulary.
fn by_kind(attributes: &Attributes, form: Form) -> Option<RawKind> {
    let words = KIND_KEYS.iter();
    let word = words
        .filter_map(|key| kind_word(facts::text(attributes, key)?))
        .next()?;
    of_word(word, form)
}

fn of_word(word: &str, form: Form) -> Option<RawKind> {
    if form == Form::Nothing {
        return None;
    }
    let road = |kind, width_m| Some(RawKind::Road { kind, width_m });
    let water = |kind, width_m| Some(RawKind::Water { kind, width_m });
    if form == Form::Point {
        return match word {
            "gate" => Some(RawKind::Place(PlaceKind::Gate)),
            "pagoda" => Some(RawKind::Place(PlaceKind::Pagoda)),
            "garden" => Some(RawKind::Place(PlaceKind::Garden)),
            "landmark" | "place" => Some(RawKind::Place(PlaceKind::Place)),
            "quarter" => Some(RawKind::Place(PlaceKind::Quarter)),
            "detail" => Some(RawKind::Place(PlaceKind::Detail)),
            "tree" => Some(RawKind::Plant),
            _ => None,
        };
    }
    match word {
        "moat" => water(WaterKind::Moat, 60.0),
        "canal" | "river" => water(WaterKind::Canal, 8.0),
        "pond" | "lake" => water(WaterKind::Pond, 8.0),
        "road" | "street" => road(RoadKind::Street, 8.0),
        "lane" => road(RoadKind::Lane, 3.0),
        "quay" => road(RoadKind::Quay, 3.0),
        "bridge" => road(RoadKind::Bridge, 4.0),
        "path" => road(RoadKind::Path, 2.0),
        "steps" => road(RoadKind::Steps, 2.0),
        "building" => Some(RawKind::Building),
        "garden" | "park" => Some(RawKind::Ground(GroundAreaKind::Green)),
        other => GroundAreaKind::from_name(other).map(RawKind::Ground),
    }
}

/// What a thing without tags is in a layer of this name: `buildings`, `道路`.
pub(super) fn by_layer(layer: &str, shape: &RawShape) -> Option<RawKind> {
    let layer = layer.to_lowercase();
    let form = Form::of(shape);
    let (_, word) = LAYER_WORDS.iter().find(|(words, word)| {
        words.iter().any(|part| is_in_name(part, &layer)) && fits(word, form)
    })?;
    of_word(word, form)
}

/// Whether things of this kind have this form.
fn fits(word: &str, form: Form) -> bool {
    match word {
        "building" | "green" => form == Form::Area,
        "place" | "tree" => form == Form::Point,
        _ => matches!(form, Form::Area | Form::Line),
    }
}

fn area(attributes: &Attributes, form: Form) -> Option<RawKind> {
    let level_word = facts::text(attributes, "level");
    let is_area = tag(attributes, "boundary") == Some("administrative")
        || attributes.contains_key("admin_level")
        || attributes.contains_key("adcode")
        || (form == Form::Nothing && level_word.is_some());
    if !is_area || !matches!(form, Form::Area | Form::Nothing) {
        return None;
    }
    let number = attributes.get("admin_level").and_then(facts::length_m);
    let by_number = number.map(|number| match number.round() as i64 {
        ..=6 => AreaLevel::District,
        7..=8 => AreaLevel::Street,
        9..=10 => AreaLevel::Community,
        _ => AreaLevel::Grid,
    });
    let level = level_word.and_then(AreaLevel::from_name).or(by_number);
    Some(RawKind::Area(level.unwrap_or_default()))
}

fn building(attributes: &Attributes) -> Option<RawKind> {
    tag(attributes, "building").map(|_| RawKind::Building)
}

fn water(attributes: &Attributes, form: Form) -> Option<RawKind> {
    let waterway = tag(attributes, "waterway");
    let is_water = waterway.is_some()
        || tag(attributes, "natural") == Some("water")
        || tag(attributes, "water").is_some()
        || matches!(tag(attributes, "landuse"), Some("reservoir" | "basin"));
    let is_drawn = matches!(form, Form::Area | Form::Line) && !runs_below(attributes);
    let is_structure = waterway.is_some_and(|word| NO_WATER.contains(&word));
    if !is_water || !is_drawn || is_structure {
        return None;
    }
    let word = tag(attributes, "water").or(waterway);
    let (kind, width_m) = match word {
        Some("moat") => (WaterKind::Moat, 60.0),
        Some("river" | "riverbank") => (WaterKind::Canal, 30.0),
        Some("canal") => (WaterKind::Canal, 8.0),
        Some("stream") => (WaterKind::Canal, 3.0),
        Some("ditch" | "drain") => (WaterKind::Canal, 2.0),
        _ if form == Form::Line => (WaterKind::Canal, 8.0),
        _ => (WaterKind::Pond, 8.0),
    };
    Some(RawKind::Water { kind, width_m })
}

/// Values of `highway` and `railway` for what is not there yet, not there any more, or no way.
const NO_ROADS: &[&str] = &[
    "construction",
    "proposed",
    "planned",
    "abandoned",
    "razed",
    "platform",
    "rest_area",
    "services",
    "elevator",
];
/// Values of `waterway` for what stands in water and is none.
const NO_WATER: &[&str] = &[
    "dam",
    "weir",
    "lock_gate",
    "boatyard",
    "dock_gate",
    "waterfall",
    "fuel",
];

/// Whether a road or a river runs under the ground. A passage through a building does not.
fn runs_below(attributes: &Attributes) -> bool {
    let is_tunnel = tag(attributes, "tunnel").is_some_and(|word| word != "building_passage");
    is_tunnel || tag(attributes, "railway") == Some("subway") && tag(attributes, "bridge").is_none()
}

fn road(attributes: &Attributes, form: Form) -> Option<RawKind> {
    if !matches!(form, Form::Area | Form::Line) {
        return None;
    }
    let class = tag(attributes, "highway")
        .or_else(|| tag(attributes, "area:highway"))
        .or_else(|| tag(attributes, "railway").map(|_| "railway"))
        .or_else(|| tag(attributes, "road"))
        .or_else(|| tag(attributes, "fclass").filter(|_| form == Form::Line))?;
    if NO_ROADS.contains(&class) || runs_below(attributes) {
        return None;
    }
    let (mut kind, mut width_m): (RoadKind, f64) = match class {
        "motorway" | "trunk" => (RoadKind::Street, 14.0),
        "primary" => (RoadKind::Street, 12.0),
        "secondary" => (RoadKind::Street, 10.0),
        "tertiary" => (RoadKind::Street, 8.0),
        "living_street" => (RoadKind::Lane, 4.0),
        "service" => (RoadKind::Lane, 3.5),
        "pedestrian" => (RoadKind::Lane, 4.0),
        "steps" => (RoadKind::Steps, 2.0),
        "footway" | "path" | "cycleway" | "bridleway" | "corridor" => (RoadKind::Path, 2.0),
        "track" => (RoadKind::Path, 3.0),
        "railway" => (RoadKind::Rail, 3.0),
        _ => (RoadKind::Street, 6.0),
    };
    let name = facts::name(attributes).unwrap_or_default();
    if name.ends_with('巷') || name.ends_with('弄') {
        (kind, width_m) = (RoadKind::Lane, width_m.min(4.0));
    }
    if tag(attributes, "bridge").is_some() {
        kind = RoadKind::Bridge;
    }
    if let Some(lanes) = facts::first_length_m(attributes, &["lanes"], 20.0) {
        width_m = lanes * 3.25;
    }
    Some(RawKind::Road { kind, width_m })
}

fn green(attributes: &Attributes, form: Form) -> Option<RawKind> {
    if form != Form::Area {
        return None;
    }
    let is =
        |key: &str, words: &[&str]| tag(attributes, key).is_some_and(|word| words.contains(&word));
    let kind = if is(
        "leisure",
        &[
            "park",
            "garden",
            "nature_reserve",
            "golf_course",
            "pitch",
            "common",
        ],
    ) || is(
        "landuse",
        &[
            "grass",
            "forest",
            "meadow",
            "recreation_ground",
            "village_green",
            "orchard",
            "allotments",
            "flowerbed",
            "cemetery",
            "greenfield",
            "farmland",
        ],
    ) || is("natural", &["wood", "scrub", "grassland", "heath"])
    {
        GroundAreaKind::Green
    } else if is("place", &["square"]) || is("leisure", &["playground"]) {
        GroundAreaKind::Plaza
    } else if is("amenity", &["parking"]) {
        GroundAreaKind::Parking
    } else {
        return None;
    };
    Some(RawKind::Ground(kind))
}

fn plant_or_place(attributes: &Attributes, form: Form) -> Option<RawKind> {
    if form != Form::Point {
        return None;
    }
    if matches!(tag(attributes, "natural"), Some("tree" | "tree_row")) {
        return Some(RawKind::Plant);
    }
    facts::name(attributes)?;
    let historic = tag(attributes, "historic");
    if historic == Some("city_gate") || tag(attributes, "gate").is_some() {
        return Some(RawKind::Place(PlaceKind::Gate));
    }
    if tag(attributes, "tower:type") == Some("pagoda") {
        return Some(RawKind::Place(PlaceKind::Pagoda));
    }
    if tag(attributes, "leisure") == Some("garden") {
        return Some(RawKind::Place(PlaceKind::Garden));
    }
    let (place, tourism) = (tag(attributes, "place"), tag(attributes, "tourism"));
    let is_among = |value: Option<&str>, words: &[&str]| value.is_some_and(|v| words.contains(&v));
    let kind = if is_among(place, QUARTERS) {
        PlaceKind::Quarter
    } else if is_among(tourism, DETAILS) || is_among(historic, DETAILS) {
        PlaceKind::Detail
    } else if place.or(tourism).or(historic).is_some() {
        PlaceKind::Place
    } else {
        return None;
    };
    Some(RawKind::Place(kind))
}

/// Values of `place` that other places lie in.
const QUARTERS: &[&str] = &[
    "city",
    "town",
    "village",
    "hamlet",
    "borough",
    "suburb",
    "quarter",
    "neighbourhood",
    "square",
    "island",
];

/// Values of `tourism` and `historic` of what one sees only when one stands before it.
const DETAILS: &[&str] = &[
    "artwork",
    "information",
    "viewpoint",
    "picnic_site",
    "memorial",
    "boundary_stone",
    "milestone",
    "wayside_cross",
    "wayside_shrine",
];

/// Keys whose presence says that a feature is something, even where we do not know what.
const MAIN_KEYS: &[&str] = &[
    "building:part",
    "highway",
    "railway",
    "waterway",
    "natural",
    "landuse",
    "leisure",
    "amenity",
    "barrier",
    "power",
    "man_made",
    "place",
    "tourism",
    "historic",
    "boundary",
    "aeroway",
    "kind",
    "shop",
    "office",
    "public_transport",
    "route",
    "military",
    "craft",
    "emergency",
];

/// What a verdict says of a thing of which nothing is told.
pub(super) const UNTAGGED: &str = "without a tag";

fn unknown(attributes: &Attributes, form: Form) -> Verdict {
    let main = MAIN_KEYS
        .iter()
        .find_map(|key| Some((key, tag(attributes, key)?)));
    match (main, form) {
        (_, Form::Nothing) => Verdict::Other("no geometry".to_owned()),
        (Some((key, word)), _) => Verdict::Other(format!("{key}={word} has no place in the city")),
        (None, Form::Area) => Verdict::UntaggedArea,
        (None, Form::Line) => Verdict::Other(format!("a line {UNTAGGED} that says what it is")),
        (None, Form::Point) => Verdict::Other(format!("a point {UNTAGGED} that says what it is")),
    }
}

#[cfg(test)]
mod tests;
