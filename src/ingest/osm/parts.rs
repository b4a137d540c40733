//! Parts of buildings (`building:part`) and bodies that do not stand on the ground. A part belongs
//! to the building whose outline holds it: its tags go into the building's attribute
//! `building:parts`, and where parts say how high they are, the building gets a model of LoD 1 out
//! of them. Used by `assemble`. Never drops a part: one outside every outline is a building.

use geo::InteriorPoint;
use geo_types::{Coord, LineString, Polygon};
use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};
use serde_json::json;

use crate::model::LodModel;
use crate::space::{Surface, SurfaceKind, area_m2, polygon_contains};

use super::super::facts::{self, STOREY_M};
use super::super::raw::{Attributes, Position, RawFeature};

/// Below this share of an outline parts are additions to a body, above it they are the body.
const SHARE_MIN: f64 = 0.9;
/// No building is higher; metres.
const HEIGHT_MAX_M: f64 = 1_000.0;
/// The attribute that holds the parts of a building.
const PARTS: &str = "building:parts";

type Rings = Vec<Vec<Position>>;

/// A part of a building.
pub(super) struct Part {
    pub(super) key: String,
    pub(super) attributes: Attributes,
    pub(super) polygons: Vec<Rings>,
}

/// Parts that wait for their building.
pub(super) struct Parts {
    waiting: Vec<Option<Part>>,
    tree: RTree<GeomWithData<[f64; 2], usize>>,
}

fn polygon(rings: &Rings) -> Polygon<f64> {
    let mut lines = rings.iter().map(|ring| {
        let coords = ring.iter().map(|at| Coord { x: at[0], y: at[1] });
        LineString(coords.collect())
    });
    let outer = lines.next().unwrap_or_else(|| LineString(Vec::new()));
    Polygon::new(outer, lines.collect())
}

fn area(polygons: &[Rings]) -> f64 {
    polygons.iter().map(|rings| area_m2(&polygon(rings))).sum()
}

impl Parts {
    /// Parts of a file.
    pub(super) fn new(parts: Vec<Part>) -> Self {
        let places = parts.iter().enumerate().filter_map(|(index, part)| {
            let point = polygon(part.polygons.first()?).interior_point()?;
            Some(GeomWithData::new([point.x(), point.y()], index))
        });
        Self {
            tree: RTree::bulk_load(places.collect()),
            waiting: parts.into_iter().map(Some).collect(),
        }
    }

    /// The parts within these outlines, which wait no more.
    fn within(&mut self, outlines: &[Rings]) -> Vec<Part> {
        let mut found = Vec::new();
        for rings in outlines {
            let outline = polygon(rings);
            let corners = outline.exterior().0.iter().map(|at| [at.x, at.y]);
            let corners: Vec<[f64; 2]> = corners.collect();
            let near = self
                .tree
                .locate_in_envelope(AABB::from_points(corners.iter()));
            found.extend(
                near.filter(|place| polygon_contains(&outline, *place.geom()))
                    .map(|place| place.data),
            );
        }
        // In the order of the file, whatever the tree's.
        found.sort_unstable();
        let waiting = &mut self.waiting;
        found
            .into_iter()
            .filter_map(|index| waiting.get_mut(index)?.take())
            .collect()
    }

    /// Gives a building its parts, and a body where it or they say more than a height.
    pub(super) fn furnish(&mut self, building: &mut RawFeature) {
        let parts = self.within(&building.shape.polygons);
        let whole = Extent::of(&building.attributes);
        let mut surfaces = Vec::new();
        let stated: Vec<Option<Extent>> = parts
            .iter()
            .map(|one| Extent::of(&one.attributes))
            .collect();
        if stated.iter().any(Option::is_some) {
            for (part, stated) in parts.iter().zip(&stated) {
                if let Some(extent) = stated.or(whole) {
                    extent.extrude(&part.polygons, &mut surfaces);
                }
            }
            let covered: f64 = parts.iter().map(|part| area(&part.polygons)).sum();
            if covered < SHARE_MIN * area(&building.shape.polygons)
                && let Some(whole) = whole
            {
                whole.extrude(&building.shape.polygons, &mut surfaces);
            }
        } else if let Some(whole) = whole.filter(|whole| whole.low_m > 0.0) {
            whole.extrude(&building.shape.polygons, &mut surfaces);
        }
        if !surfaces.is_empty() {
            building.shape.models.push(LodModel {
                lod: "1".to_owned(),
                surfaces,
                details: Vec::new(),
            });
        }
        if !parts.is_empty() {
            let told = parts
                .into_iter()
                .map(|part| json!({"key": part.key, "tags": part.attributes}));
            let told = told.collect();
            building.attributes.insert(PARTS.to_owned(), told);
        }
    }

    /// What is left: parts outside every outline.
    pub(super) fn rest(&mut self) -> Vec<Part> {
        std::mem::take(&mut self.waiting)
            .into_iter()
            .flatten()
            .collect()
    }
}

/// From where to where something rises above the ground.
#[derive(Clone, Copy)]
struct Extent {
    low_m: f64,
    high_m: f64,
}

impl Extent {
    /// As tags state it; `None` where they tell no height.
    fn of(attributes: &Attributes) -> Option<Self> {
        let length = |keys: &[&str]| facts::first_length_m(attributes, keys, HEIGHT_MAX_M);
        let high_m = length(&["height", "building:height"]).or_else(|| {
            let storeys = length(&["building:levels"])?;
            Some(storeys * STOREY_M + facts::roof_rise_m(attributes))
        })?;
        let low_m = length(&["min_height", "building:min_height"])
            .or_else(|| Some(length(&["building:min_level"])? * STOREY_M))
            .unwrap_or(0.0);
        (low_m < high_m).then_some(Self { low_m, high_m })
    }

    /// Adds the faces of a body with upright walls.
    fn extrude(self, polygons: &[Rings], surfaces: &mut Vec<Surface>) {
        for rings in polygons {
            let level = |height_m: f64, is_up: bool| -> Rings {
                let turned = rings.iter().enumerate().map(|(index, ring)| {
                    let is_hole = index > 0;
                    let mut ring: Vec<Position> =
                        ring.iter().map(|at| [at[0], at[1], height_m]).collect();
                    if (turn(&ring) > 0.0) == (is_hole == is_up) {
                        ring.reverse();
                    }
                    ring
                });
                turned.collect()
            };
            let (ground, roof) = (level(self.low_m, false), level(self.high_m, true));
            for ring in &roof {
                let next = ring.iter().cycle().skip(1);
                for (a, b) in ring.iter().zip(next) {
                    let low = |at: &Position| [at[0], at[1], self.low_m];
                    surfaces.push(Surface {
                        kind: SurfaceKind::WallSurface,
                        rings: vec![vec![low(a), low(b), *b, *a]],
                    });
                }
            }
            surfaces.push(Surface {
                kind: SurfaceKind::RoofSurface,
                rings: roof,
            });
            surfaces.push(Surface {
                kind: SurfaceKind::GroundSurface,
                rings: ground,
            });
        }
    }
}

/// Twice the area of a ring, positive where it runs counter-clockwise.
fn turn(ring: &[Position]) -> f64 {
    let Some(origin) = ring.first() else {
        return 0.0;
    };
    let next = ring.iter().cycle().skip(1);
    let cross = |(a, b): (&Position, &Position)| {
        (a[0] - origin[0]) * (b[1] - origin[1]) - (b[0] - origin[0]) * (a[1] - origin[1])
    };
    ring.iter().zip(next).map(cross).sum()
}
