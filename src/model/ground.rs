//! The base map: areas, buildings, roads, water, green and places.
//! Positions and shapes are in the city's projected CRS: x east, y north, z up, in metres.

use geo_types::{LineString, Polygon};
use serde::{Deserialize, Serialize};

use crate::base::{
    AreaId, BuildingId, GroundAreaId, ImportId, ObjectId, PlaceId, PlantId, RoadId, WaterId,
};
use crate::space::Surface;

use super::{Attributes, FaceDetail};

/// Declares an enum whose values have stable names in files, programs and on the command line.
macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default,
                 serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant,)* }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name in files and programs.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// The value of this name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$variant),)* _ => None }
            }
        }
    };
}
pub(crate) use named;

/// Where an entity came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The data set: a file's stem or `citygen`.
    pub dataset: String,
    /// The key within the data set.
    pub key: String,
    /// The run that wrote the entity last.
    pub import: ImportId,
}

/// How the data sets of generators begin.
const SYNTHETIC: &str = "citygen:";

impl Source {
    /// Whether the record was made up by a generator.
    #[must_use]
    pub fn is_synthetic(&self) -> bool {
        self.dataset.starts_with(SYNTHETIC)
    }
}

named! {
    /// How a building's height is known.
    HeightOrigin {
        /// A true value of the source.
        Measured = "measured",
        /// Storeys times three metres.
        Storeys = "storeys",
        /// Nothing is known: a default was taken.
        #[default]
        Default = "default",
    }
}

named! {
    /// What carries the building.
    Structure {
        /// Not known.
        #[default]
        Unknown = "unknown",
        /// Timber frame with brick infill: the traditional house.
        TimberBrick = "timber_brick",
        /// Load-bearing brick, often with concrete slabs: 1970s–1990s walk-ups.
        Masonry = "masonry",
        /// Reinforced concrete.
        Concrete = "concrete",
        /// Steel.
        Steel = "steel",
    }
}

named! {
    /// What the building is used for.
    Usage {
        /// Not known.
        #[default]
        Unknown = "unknown",
        /// Homes.
        Residential = "residential",
        /// Shops and workshops at street level, often with homes above.
        Commercial = "commercial",
        /// Schools, offices of the community, health.
        Public = "public",
        /// Temples, halls, gardens' buildings.
        Heritage = "heritage",
        /// Sheds, garages, toilets.
        Service = "service",
    }
}

named! {
    /// Whether and how a building is protected.
    Protection {
        /// Not listed.
        #[default]
        None = "none",
        /// Controlled-protection building (控保建筑).
        Controlled = "controlled",
        /// Listed monument (文物保护单位).
        Listed = "listed",
    }
}

named! {
    /// How the roof is drawn when no real roof surfaces are given.
    RoofStyle {
        /// Decided from kind, size and era by `portrayal`.
        #[default]
        Derived = "derived",
        /// Traditional gable, several ridges behind each other on a deep house.
        Gable = "gable",
        /// Hipped roof of halls.
        Hip = "hip",
        /// Flat with a parapet: walk-ups.
        Flat = "flat",
        /// Many-storeyed pagoda.
        Pagoda = "pagoda",
    }
}

named! {
    /// Kinds of road.
    RoadKind {
        /// A public street for cars.
        #[default]
        Street = "street",
        /// A lane (巷, 弄).
        Lane = "lane",
        /// A quay-side path along a canal.
        Quay = "quay",
        /// A bridge.
        Bridge = "bridge",
        /// A path in a yard or a garden.
        Path = "path",
        /// A flight of steps.
        Steps = "steps",
        /// Rails: nobody walks or drives there.
        Rail = "rail",
    }
}

named! {
    /// Kinds of water.
    WaterKind {
        /// A canal or small river.
        #[default]
        Canal = "canal",
        /// The moat around the old city.
        Moat = "moat",
        /// A pond or lake.
        Pond = "pond",
    }
}

named! {
    /// Kinds of open ground.
    GroundAreaKind {
        /// Lawn, park, garden.
        #[default]
        Green = "green",
        /// A paved square.
        Plaza = "plaza",
        /// A courtyard.
        Courtyard = "courtyard",
        /// A parking area.
        Parking = "parking",
        /// Anything else.
        Other = "other",
    }
}

named! {
    /// Levels of administration, from large to small.
    AreaLevel {
        /// District (区).
        #[default]
        District = "district",
        /// Street or sub-district (街道).
        Street = "street",
        /// Community (社区).
        Community = "community",
        /// Grid (网格).
        Grid = "grid",
    }
}

named! {
    /// Kinds of named place.
    PlaceKind {
        /// A hotel, a museum, anything with a name.
        #[default]
        Place = "place",
        /// A city gate.
        Gate = "gate",
        /// A pagoda.
        Pagoda = "pagoda",
        /// A garden.
        Garden = "garden",
        /// A town, a quarter, a square: what other places lie in.
        Quarter = "quarter",
        /// A work of art, a board, a bench: has a name, and is small.
        Detail = "detail",
    }
}

/// The geometry of one object at one level of detail, as the source gives it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LodModel {
    /// Level of detail as written in the source, for example `2.2`.
    pub lod: String,
    /// Faces with their meaning.
    pub surfaces: Vec<Surface>,
    /// What else the source says of each face, in the order of `surfaces`; empty when it says
    /// nothing of any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<FaceDetail>,
}

/// A building.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Building {
    /// Stable id.
    pub id: BuildingId,
    /// Origin of the record.
    pub source: Source,
    /// Name, when it has one.
    pub name: Option<String>,
    /// Address without door number.
    pub address: Option<String>,
    /// Outline on the ground; inner rings are courtyards.
    pub footprint: Polygon<f64>,
    /// Height of the ground at the building.
    pub ground_m: f64,
    /// Height of the roof's highest line above the ground.
    pub height_m: f64,
    /// How `height_m` is known.
    pub height_origin: HeightOrigin,
    /// Storeys above ground.
    pub storeys: u16,
    /// What carries it.
    pub structure: Structure,
    /// Year of construction.
    pub year: Option<u16>,
    /// What it is used for.
    pub usage: Usage,
    /// Whether it is protected.
    pub protection: Protection,
    /// Roof to draw when `models` has none.
    pub roof: RoofStyle,
    /// Neighbours behind a shared wall.
    pub party_walls: Vec<BuildingId>,
    /// The smallest area it stands in.
    pub area: Option<AreaId>,
    /// Real geometry, one entry a level of detail; empty when only the footprint is known.
    pub models: Vec<LodModel>,
    /// What was mended on import.
    pub repairs: Vec<String>,
    /// Further attributes of the source.
    pub attributes: Attributes,
}

/// A road, lane or bridge deck.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Road {
    /// Stable id.
    pub id: RoadId,
    /// Origin of the record.
    pub source: Source,
    /// Name.
    pub name: Option<String>,
    /// Kind.
    pub kind: RoadKind,
    /// Centre line; empty when only surfaces are known.
    pub line: LineString<f64>,
    /// Width along the centre line.
    pub width_m: f64,
    /// Surfaces of the carriageway where the source has them.
    pub surfaces: Vec<Polygon<f64>>,
}

/// A piece of water.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Water {
    /// Stable id.
    pub id: WaterId,
    /// Origin of the record.
    pub source: Source,
    /// Name.
    pub name: Option<String>,
    /// Kind.
    pub kind: WaterKind,
    /// Surface of the water.
    pub polygon: Polygon<f64>,
    /// Height of the water's surface.
    pub level_m: f64,
}

/// A piece of open ground.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroundArea {
    /// Stable id.
    pub id: GroundAreaId,
    /// Origin of the record.
    pub source: Source,
    /// Name.
    pub name: Option<String>,
    /// Kind.
    pub kind: GroundAreaKind,
    /// Outline.
    pub polygon: Polygon<f64>,
}

/// An administrative area.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AdminArea {
    /// Stable id.
    pub id: AreaId,
    /// Origin of the record.
    pub source: Source,
    /// Level.
    pub level: AreaLevel,
    /// Official code, when there is one.
    pub code: Option<String>,
    /// Name.
    pub name: String,
    /// The area it belongs to.
    pub parent: Option<AreaId>,
    /// Outline; `None` when it is not published.
    pub polygon: Option<Polygon<f64>>,
}

/// A tree or another plant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plant {
    /// Stable id.
    pub id: PlantId,
    /// Origin of the record.
    pub source: Source,
    /// Foot of the stem.
    pub position: [f64; 3],
    /// Height.
    pub height_m: f64,
    /// Diameter of the crown.
    pub crown_m: f64,
}

/// A named place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// Stable id.
    pub id: PlaceId,
    /// Origin of the record.
    pub source: Source,
    /// Name in Chinese, or as the source has it.
    pub name: String,
    /// Name in English.
    pub name_en: Option<String>,
    /// Kind.
    pub kind: PlaceKind,
    /// Where its label stands.
    pub position: [f64; 3],
}

/// Another object with geometry of its own: a bridge, city furniture, a generic object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CityObject {
    /// Stable id.
    pub id: ObjectId,
    /// Origin of the record.
    pub source: Source,
    /// Type in the source, for example `Bridge`.
    pub kind: String,
    /// Name.
    pub name: Option<String>,
    /// Geometry.
    pub models: Vec<LodModel>,
    /// Further attributes of the source.
    pub attributes: Attributes,
}
