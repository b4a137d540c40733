//! The raw city: what a foreign file says, in its own coordinates, already sorted by kind.
//! Readers write it, `convert` reads it. Never knows the target CRS, and nothing in it is
//! checked beyond "these are numbers".

use serde_json::{Map, Value};

use crate::base::Warnings;
use crate::model::{
    AreaLevel, GroundAreaKind, LodModel, Material, PlaceKind, RoadKind, Texture, WaterKind,
};
use crate::space::{Crs, CrsError, Datum, Tin};

use super::{Format, Mapping};

/// Members of a feature or object as the file has them.
pub type Attributes = Map<String, Value>;

/// A position in the file's coordinates; z is 0 when the file has none.
pub type Position = [f64; 3];

/// A file's content.
#[derive(Debug, Clone)]
pub struct RawCity {
    /// The format it came in.
    pub format: Format,
    /// The CRS it names, or that its format prescribes.
    pub crs: Option<Crs>,
    /// Why the CRS it names cannot be used; no matter when the caller states one.
    pub crs_fault: Option<CrsError>,
    /// The datum of longitudes and latitudes that it names; goes before the caller's.
    pub datum: Option<Datum>,
    /// Whom its data demands to be named on every picture.
    pub attribution: Option<String>,
    /// Who made it, by its title and contact; counts where nothing is demanded or stated.
    pub maker: Option<String>,
    /// Colours that its faces name. Their ids, and those that faces name, are places in this list
    /// until `convert` gives them their own.
    pub materials: Vec<Material>,
    /// Pictures that its faces name, likewise.
    pub textures: Vec<Texture>,
    /// Its things, in the order of the file.
    pub features: Vec<RawFeature>,
    /// What was wrong and therefore skipped or mended.
    pub warnings: Warnings,
    /// Keys of features that the file has and that cannot be used: they are faulty, not gone.
    pub faulty: Vec<String>,
    /// How many more there are whose key cannot be told: any feature that is missed may be one.
    pub nameless: usize,
    /// What a person should know that is no fault.
    pub notes: Vec<String>,
    /// Which attributes tell what, where a person says so.
    pub mapping: Mapping,
}

impl RawCity {
    /// An empty raw city.
    #[must_use]
    pub fn new(format: Format) -> Self {
        Self {
            format,
            crs: None,
            crs_fault: None,
            datum: None,
            attribution: None,
            maker: None,
            materials: Vec::new(),
            textures: Vec::new(),
            features: Vec::new(),
            warnings: Warnings::default(),
            faulty: Vec::new(),
            nameless: 0,
            notes: Vec::new(),
            mapping: Mapping::default(),
        }
    }

    /// Notes that a feature is there and cannot be used.
    pub fn skip(&mut self, spot: Spot, key: &str, fault: &str) {
        self.warnings
            .note(place_of(spot, key), format!("{fault}: skipped"));
        self.faulty.push(key.to_owned());
    }
}

/// Where in the file a feature stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spot {
    /// The n-th feature, from 1.
    Feature(usize),
    /// A member of `CityObjects`.
    Object,
    /// A member of `CityObjects` on this line.
    Line(usize),
    /// An element that begins on this line.
    Element(usize),
}

/// What a feature is.
#[derive(Debug, Clone, PartialEq)]
pub enum RawKind {
    /// A building.
    Building,
    /// A unit in the building of this key.
    Dwelling {
        /// Key of the building.
        building: String,
    },
    /// A road with the width that its class suggests.
    Road {
        /// Kind of road.
        kind: RoadKind,
        /// Width where the feature states none.
        width_m: f64,
    },
    /// Water with the width a line of its class would have.
    Water {
        /// Kind of water.
        kind: WaterKind,
        /// Width where the feature states none.
        width_m: f64,
    },
    /// Open ground.
    Ground(GroundAreaKind),
    /// A tree.
    Plant,
    /// The ground's shape.
    Terrain,
    /// A named place.
    Place(PlaceKind),
    /// An administrative area.
    Area(AreaLevel),
    /// Another object, with its type.
    Object(String),
}

/// One thing of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct RawFeature {
    /// Key within the data set.
    pub key: String,
    /// Where it stands.
    pub spot: Spot,
    /// What it is.
    pub kind: RawKind,
    /// Its attributes.
    pub attributes: Attributes,
    /// Its geometry.
    pub shape: RawShape,
}

impl RawFeature {
    /// Its place for warnings.
    #[must_use]
    pub fn place(&self) -> String {
        place_of(self.spot, &self.key)
    }
}

/// The place of a feature for warnings.
#[must_use]
pub fn place_of(spot: Spot, key: &str) -> String {
    match spot {
        Spot::Feature(number) => format!("feature {number} (id {key})"),
        Spot::Object => format!("CityObjects.{key}"),
        Spot::Line(line) => format!("line {line}, CityObjects.{key}"),
        Spot::Element(line) => format!("line {line} (gml:id {key})"),
    }
}

/// Geometry in the file's coordinates.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RawShape {
    /// Single positions.
    pub points: Vec<Position>,
    /// Lines.
    pub lines: Vec<Vec<Position>>,
    /// Polygons: outer ring first, then holes; rings are not closed.
    pub polygons: Vec<Vec<Vec<Position>>>,
    /// Faces by level of detail.
    pub models: Vec<LodModel>,
    /// Nets of triangles over the ground.
    pub tins: Vec<Tin>,
}

impl RawShape {
    /// Whether there is no position at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.positions().next().is_none()
    }

    /// Every position.
    pub fn positions(&self) -> impl Iterator<Item = Position> + '_ {
        let points = self.points.iter();
        let lines = self.lines.iter().flatten();
        let polygons = self.polygons.iter().flatten().flatten();
        let faces = self.models.iter().flat_map(|model| &model.surfaces);
        let corners = faces.flat_map(|face| face.rings.iter().flatten());
        let nets = self.tins.iter().flat_map(|tin| &tin.vertices);
        let shapes = points.chain(lines).chain(polygons);
        shapes.chain(corners).chain(nets).copied()
    }

    /// Calls `change` on every position until one fails.
    ///
    /// # Errors
    /// The first error of `change`.
    pub fn try_for_each<E>(
        &mut self,
        mut change: impl FnMut(&mut Position) -> Result<(), E>,
    ) -> Result<(), E> {
        self.points.iter_mut().try_for_each(&mut change)?;
        self.lines.iter_mut().flatten().try_for_each(&mut change)?;
        let polygons = self.polygons.iter_mut().flatten().flatten();
        polygons.into_iter().try_for_each(&mut change)?;
        let faces = self.models.iter_mut().flat_map(|model| &mut model.surfaces);
        faces
            .flat_map(|face| face.rings.iter_mut().flatten())
            .try_for_each(&mut change)?;
        let nets = self.tins.iter_mut().flat_map(|tin| &mut tin.vertices);
        nets.into_iter().try_for_each(&mut change)
    }
}
