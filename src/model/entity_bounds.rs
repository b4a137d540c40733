//! What a record of the base map covers. Used where records are chosen or compared by place
//! (export, newer versions of a data set). Registers have no place of their own here.

use geo_types::Polygon;

use crate::space::{Bounds2, Bounds3};

use super::Entity;

impl Entity {
    /// What the record covers, in the city's CRS, metres; empty where it covers nothing, as
    /// materials and the records of registers do.
    #[must_use]
    pub fn bounds(&self) -> Bounds2 {
        match self {
            Self::Area(one) => one
                .polygon
                .as_ref()
                .map_or(Bounds2::empty(), Bounds2::from_polygon),
            Self::Building(one) => Bounds2::from_polygon(&one.footprint),
            Self::Road(one) => {
                let line = one.line.0.iter().map(|at| [at.x, at.y]);
                of_polygons(&one.surfaces).union(&Bounds2::from_points(line))
            }
            Self::Water(one) => Bounds2::from_polygon(&one.polygon),
            Self::GroundArea(one) => Bounds2::from_polygon(&one.polygon),
            Self::Plant(one) => of_point(one.position),
            Self::Place(one) => of_point(one.position),
            Self::Object(one) => {
                let faces = one.models.iter().flat_map(|model| &model.surfaces);
                let corners = faces.flat_map(|face| face.rings.iter().flatten().copied());
                Bounds3::from_points(corners).footprint()
            }
            Self::Terrain(one) => one.tin.bounds(),
            Self::Material(_)
            | Self::Texture(_)
            | Self::Dwelling(_)
            | Self::Household(_)
            | Self::Resident(_)
            | Self::Vehicle(_)
            | Self::Device(_)
            | Self::Camera(_)
            | Self::Facility(_)
            | Self::Responder(_)
            | Self::Event(_) => Bounds2::empty(),
        }
    }
}

fn of_polygons(polygons: &[Polygon<f64>]) -> Bounds2 {
    let each = polygons.iter().map(Bounds2::from_polygon);
    each.fold(Bounds2::empty(), |all, one| all.union(&one))
}

fn of_point(at: [f64; 3]) -> Bounds2 {
    Bounds2::from_points([[at[0], at[1]]])
}
