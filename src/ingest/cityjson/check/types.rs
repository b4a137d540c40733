//! Which types of city objects each version knows, what geometries they may have and what they
//! must have. Tables only.

use super::Version;

/// Kinds of geometries as bits.
pub(super) mod shapes {
    pub(in super::super) const POINTS: u8 = 1;
    pub(in super::super) const LINES: u8 = 2;
    pub(in super::super) const SURFACES: u8 = 4;
    pub(in super::super) const SKIN: u8 = 8;
    pub(in super::super) const SOLID: u8 = 16;
    pub(in super::super) const SOLIDS: u8 = 32;
    pub(in super::super) const JOINED_SOLIDS: u8 = 64;
    pub(in super::super) const INSTANCE: u8 = 128;
    pub(in super::super) const ANY: u8 = 255;
    /// All but instances of templates.
    pub(in super::super) const OWN: u8 = ANY - INSTANCE;
    /// What bounds a building, bridge or tunnel.
    pub(in super::super) const BODY: u8 = SURFACES | SKIN | SOLID | JOINED_SOLIDS;
    /// The same in 1.0, which had no skins there.
    pub(in super::super) const BODY_10: u8 = SURFACES | SOLID | JOINED_SOLIDS;
    /// Where traffic goes.
    pub(in super::super) const WAY: u8 = LINES | SURFACES | SKIN;

    /// Types of geometries by name.
    pub(in super::super) const NAMES: &[(&str, u8)] = &[
        ("MultiPoint", POINTS),
        ("MultiLineString", LINES),
        ("MultiSurface", SURFACES),
        ("CompositeSurface", SKIN),
        ("Solid", SOLID),
        ("MultiSolid", SOLIDS),
        ("CompositeSolid", JOINED_SOLIDS),
        ("GeometryInstance", INSTANCE),
    ];

    /// The bit of a type.
    pub(in super::super) fn of(name: &str) -> Option<u8> {
        let found = NAMES.iter().find(|(known, _)| *known == name);
        found.map(|(_, bit)| *bit)
    }
}

use shapes::JOINED_SOLIDS;
use shapes::{ANY, BODY, BODY_10, LINES, OWN, SKIN, SOLID, SOLIDS, SURFACES, WAY};

/// A type of city objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ObjectType {
    pub(super) shapes: u8,
    /// Whether it is nothing without a parent.
    pub(super) needs_parent: bool,
    /// Whether it may say an address.
    pub(super) has_address: bool,
}

const fn alone(shapes: u8) -> ObjectType {
    ObjectType {
        shapes,
        needs_parent: false,
        has_address: false,
    }
}

const fn part(shapes: u8) -> ObjectType {
    ObjectType {
        shapes,
        needs_parent: true,
        has_address: false,
    }
}

const fn addressed(mut one: ObjectType) -> ObjectType {
    one.has_address = true;
    one
}

/// Types of 1.1 and 2.0; the generic object came (back) with 2.0.
const TYPES: &[(&str, ObjectType)] = &[
    ("Building", addressed(alone(BODY))),
    ("BuildingPart", addressed(part(BODY))),
    ("BuildingInstallation", part(ANY)),
    ("BuildingConstructiveElement", part(ANY)),
    ("BuildingFurniture", part(ANY)),
    ("BuildingRoom", part(BODY)),
    ("BuildingUnit", addressed(part(BODY))),
    ("BuildingStorey", part(BODY)),
    ("Bridge", addressed(alone(BODY))),
    ("BridgePart", addressed(part(BODY))),
    ("BridgeInstallation", part(ANY)),
    ("BridgeConstructiveElement", part(ANY)),
    ("BridgeRoom", part(BODY)),
    ("BridgeFurniture", part(ANY)),
    ("Tunnel", alone(BODY)),
    ("TunnelPart", part(BODY)),
    ("TunnelInstallation", part(ANY)),
    ("TunnelConstructiveElement", part(ANY)),
    ("TunnelHollowSpace", part(BODY)),
    ("TunnelFurniture", part(ANY)),
    ("Road", alone(WAY)),
    ("Railway", alone(WAY)),
    ("Waterway", alone(WAY)),
    ("TransportSquare", alone(WAY)),
    ("TINRelief", alone(SKIN)),
    ("WaterBody", alone(LINES | BODY)),
    ("PlantCover", alone(BODY | SOLIDS)),
    ("SolitaryVegetationObject", alone(ANY)),
    ("LandUse", alone(SURFACES | SKIN)),
    ("CityFurniture", alone(ANY)),
    ("CityObjectGroup", alone(OWN)),
    ("OtherConstruction", alone(ANY)),
    ("GenericCityObject", alone(ANY)),
];

const TYPES_10: &[(&str, ObjectType)] = &[
    ("Building", addressed(alone(BODY_10))),
    ("BuildingPart", addressed(part(BODY_10))),
    ("BuildingInstallation", part(ANY)),
    ("Bridge", addressed(alone(BODY_10))),
    ("BridgePart", addressed(part(BODY_10))),
    ("BridgeInstallation", part(ANY)),
    ("BridgeConstructionElement", part(ANY)),
    ("Tunnel", alone(BODY_10)),
    ("TunnelPart", part(BODY_10)),
    ("TunnelInstallation", part(ANY)),
    ("Road", alone(WAY)),
    ("Railway", alone(WAY)),
    ("TransportSquare", alone(WAY)),
    ("TINRelief", alone(SKIN)),
    (
        "WaterBody",
        alone(LINES | SURFACES | SKIN | SOLID | JOINED_SOLIDS),
    ),
    ("PlantCover", alone(SURFACES | SOLIDS)),
    ("SolitaryVegetationObject", alone(ANY)),
    ("LandUse", alone(SURFACES | SKIN)),
    ("CityFurniture", alone(ANY)),
    ("CityObjectGroup", alone(OWN)),
    ("GenericCityObject", alone(ANY)),
];

/// The type of this name in a version; `None` where the version does not know it.
pub(super) fn object_type(name: &str, version: Version) -> Option<ObjectType> {
    // A type of an extension may be anything: `+`, a capital and more.
    if is_extra(name) {
        return Some(alone(ANY));
    }
    if version == Version::V11 && name == "GenericCityObject" {
        return None;
    }
    let types = if version == Version::V10 {
        TYPES_10
    } else {
        TYPES
    };
    let found = types.iter().find(|(known, _)| *known == name);
    found.map(|(_, one)| *one)
}

/// Whether a type is one of an extension: `+`, a capital and at least one more letter.
pub(super) fn is_extra(name: &str) -> bool {
    let mut rest = name.chars();
    let is_marked = rest.next() == Some('+');
    let is_capital = rest
        .next()
        .is_some_and(|letter| letter.is_ascii_uppercase());
    let next = rest.next();
    is_marked && is_capital && next.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
}

/// Words for semantic surfaces; the last ones came with 1.1.
const SURFACE_WORDS: &[&str] = &[
    "RoofSurface",
    "GroundSurface",
    "WallSurface",
    "ClosureSurface",
    "OuterCeilingSurface",
    "OuterFloorSurface",
    "Window",
    "Door",
    "WaterSurface",
    "WaterGroundSurface",
    "WaterClosureSurface",
    "TrafficArea",
    "AuxiliaryTrafficArea",
    "InteriorWallSurface",
    "CeilingSurface",
    "FloorSurface",
    "TransportationHole",
    "TransportationMarking",
];
const SURFACE_WORDS_OF_10: usize = 13;

/// Whether a version knows a word for semantic surfaces.
pub(super) fn is_surface_word(word: &str, version: Version) -> bool {
    let known = if version == Version::V10 {
        SURFACE_WORDS.get(..SURFACE_WORDS_OF_10).unwrap_or_default()
    } else {
        SURFACE_WORDS
    };
    known.contains(&word) || super::has_plus_word(word)
}

/// What the surfaces of a type of objects may be; `None` for types on which the standard is silent.
pub(super) fn belongs(word: &str, object: &str) -> Option<bool> {
    const WATER: &[&str] = &["WaterSurface", "WaterGroundSurface", "WaterClosureSurface"];
    const TRAFFIC: &[&str] = &[
        "TrafficArea",
        "AuxiliaryTrafficArea",
        "TransportationMarking",
        "TransportationHole",
    ];
    let is_water = WATER.contains(&word);
    let is_traffic = TRAFFIC.contains(&word);
    if super::has_plus_word(word) || is_extra(object) {
        return None;
    }
    match object {
        "WaterBody" => Some(is_water),
        "Road" | "Railway" | "TransportSquare" | "Waterway" => Some(is_traffic),
        _ if object.starts_with("Building")
            || object.starts_with("Bridge")
            || object.starts_with("Tunnel")
            || object == "OtherConstruction" =>
        {
            Some(!is_water && !is_traffic)
        }
        _ => None,
    }
}

/// What a version says an attribute holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    Text,
    Date,
    Number,
    Integer,
    Bool,
    List,
}

/// Attributes of 1.0, which alone says what they hold: types of objects by their beginning.
const ATTRIBUTES_10: &[(&str, &str, Holds)] = &[
    ("", "creationDate", Holds::Date),
    ("", "terminationDate", Holds::Date),
    ("", "class", Holds::Text),
    ("", "function", Holds::Text),
    ("", "usage", Holds::Text),
    ("Building", "measuredHeight", Holds::Number),
    ("Building", "roofType", Holds::Text),
    ("Building", "storeysAboveGround", Holds::Integer),
    ("Building", "storeysBelowGround", Holds::Integer),
    ("Building", "storeyHeightsAboveGround", Holds::List),
    ("Building", "storeyHeightsBelowGround", Holds::List),
    ("Building", "yearOfConstruction", Holds::Integer),
    ("Building", "yearOfDemolition", Holds::Integer),
    ("Bridge", "yearOfConstruction", Holds::Integer),
    ("Bridge", "yearOfDemolition", Holds::Integer),
    ("Bridge", "isMovable", Holds::Bool),
    ("Tunnel", "yearOfConstruction", Holds::Integer),
    ("Tunnel", "yearOfDemolition", Holds::Integer),
    ("Road", "surfaceMaterial", Holds::List),
    ("Railway", "surfaceMaterial", Holds::List),
    ("TransportSquare", "surfaceMaterial", Holds::List),
    ("SolitaryVegetationObject", "species", Holds::Text),
    ("SolitaryVegetationObject", "height", Holds::Number),
    ("SolitaryVegetationObject", "trunkDiameter", Holds::Number),
    ("SolitaryVegetationObject", "crownDiameter", Holds::Number),
    ("PlantCover", "averageHeight", Holds::Number),
];

/// What version 1.0 says an attribute of a type holds.
pub(super) fn attribute_10(object: &str, name: &str) -> Option<Holds> {
    let of_type = |start: &str| {
        start.is_empty()
            || object
                .strip_prefix(start)
                .is_some_and(|rest| matches!(rest, "" | "Part"))
    };
    let found = ATTRIBUTES_10
        .iter()
        .find(|(start, known, _)| *known == name && of_type(start));
    found.map(|(.., holds)| *holds)
}
