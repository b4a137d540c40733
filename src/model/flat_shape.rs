//! What a city keeps flat of a record, as plain numbers: for formats that hold faces alone, beside a
//! record's passport. Never holds faces.

use geo_types::{Coord, Polygon};
use serde::{Deserialize, Serialize};

use super::Entity;

/// What a city keeps flat of a record.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FlatShape {
    /// Areas: rings of east, north and height, the outer one first, metres.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub polygons: Vec<Vec<Vec<[f64; 3]>>>,
    /// Lines.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<Vec<[f64; 3]>>,
    /// Points.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub points: Vec<[f64; 3]>,
}

impl FlatShape {
    /// The flat shape of a record; `None` of one that has faces of its own, or no shape.
    #[must_use]
    pub fn of(entity: &Entity) -> Option<Self> {
        let mut shape = Self::default();
        let corner = |at: &Coord<f64>| [at.x, at.y, 0.0];
        let rings = |polygon: &Polygon<f64>| {
            let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
            rings
                .map(|ring| ring.coords().map(corner).collect())
                .collect()
        };
        match entity {
            Entity::Area(one) => shape.polygons.extend(one.polygon.as_ref().map(rings)),
            Entity::Building(one) => shape.polygons.push(rings(&one.footprint)),
            Entity::Water(one) => shape.polygons.push(rings(&one.polygon)),
            Entity::GroundArea(one) => shape.polygons.push(rings(&one.polygon)),
            Entity::Road(one) => {
                shape.polygons.extend(one.surfaces.iter().map(rings));
                if !one.line.0.is_empty() {
                    shape.lines.push(one.line.coords().map(corner).collect());
                }
            }
            Entity::Plant(one) => shape.points.push(one.position),
            Entity::Place(one) => shape.points.push(one.position),
            _ => return None,
        }
        (shape != Self::default()).then_some(shape)
    }
}
