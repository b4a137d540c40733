//! Houses from footprints: walls, roof planes, ground.
//! Used by `citygen` and by `view` for buildings that come without a roof of their own. Never
//! decides what roof a building has; that is the caller's knowledge.

use geo_types::Polygon;
use serde::{Deserialize, Serialize};

use super::polygon::polygon_contains;
use super::ring::Ring;
use super::roof_plan::RoofPlan;
use super::surface::{Surface, SurfaceKind};

/// The form of a roof.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoofShape {
    /// Level at the height of the eaves.
    #[default]
    Flat,
    /// Two slopes and one ridge along the long side.
    Gable,
    /// Slopes on all four sides.
    Hip,
    /// As many parallel gables as the depth needs, each at most `max_span_m` wide: the roof of
    /// the deep courtyard houses of Suzhou. A shallow house gets a single gable.
    MultiGable,
}

/// The measures of a roof.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoofParams {
    /// The form.
    pub shape: RoofShape,
    /// Height of the eaves above the ground, metres; positive.
    pub eave_m: f64,
    /// Rise over run of the slopes, no unit: 0.5 is the common tiled roof (27°).
    pub pitch: f64,
    /// How far the eaves stand out from the wall in plan, metres; used by
    /// [`super::eave_details`] only.
    pub overhang_m: f64,
    /// The widest span under one ridge of a [`RoofShape::MultiGable`], metres; about 9 in timber.
    pub max_span_m: f64,
}

impl Default for RoofParams {
    /// A two-storey tiled house of the old city.
    fn default() -> Self {
        Self {
            shape: RoofShape::MultiGable,
            eave_m: 5.6,
            pitch: 0.5,
            overhang_m: 0.5,
            max_span_m: 9.0,
        }
    }
}

/// A closed body over any simple footprint, courtyards included: ground, walls, roof planes.
///
/// Method: the roof's height is a function over the footprint's least rectangle; the footprint is
/// cut along the function's creases into pieces that are plane, and walls get a corner wherever
/// they cross a crease, so gable triangles close without a gap. Roof and walls share their
/// corners exactly.
///
/// Heights are `ground_m` plus the parameters, metres. The footprint should have passed
/// [`super::clean_polygon`]. Nothing comes of a footprint without area or of measures that are
/// not finite or an eaves height that is not positive.
pub fn build_house(polygon: &Polygon<f64>, ground_m: f64, params: &RoofParams) -> Vec<Surface> {
    let Some(plan) = RoofPlan::new(polygon, params).filter(|_| ground_m.is_finite()) else {
        return Vec::new();
    };
    let mut surfaces = vec![ground(&plan, ground_m)];
    for ring in &plan.edges {
        for (index, edge) in ring.iter().enumerate() {
            let next = ring[(index + 1) % ring.len()][0];
            surfaces.push(wall(&plan, ground_m, edge, next));
        }
    }
    for piece in plan.pieces() {
        let lifted = |ring: &Ring| {
            ring.iter()
                .map(|uv| roof_point(&plan, ground_m, *uv))
                .collect()
        };
        surfaces.push(Surface {
            kind: SurfaceKind::RoofSurface,
            rings: piece.iter().map(lifted).collect(),
        });
    }
    surfaces
}

/// How far the ridge stands above the eaves, metres; 0 for a flat roof or a footprint without
/// area. The whole house is `eave_m` plus this high.
pub fn ridge_rise_m(polygon: &Polygon<f64>, params: &RoofParams) -> f64 {
    RoofPlan::new(polygon, params).map_or(0.0, |plan| plan.rise_m())
}

/// Height of the roof above the ground at a point, metres; `None` outside the footprint.
pub fn roof_height_m(polygon: &Polygon<f64>, params: &RoofParams, at: [f64; 2]) -> Option<f64> {
    if !polygon_contains(polygon, at) {
        return None;
    }
    let plan = RoofPlan::new(polygon, params)?;
    Some(plan.height_m(plan.rect.uv_from_world(at)))
}

/// The underside: the footprint seen from below.
fn ground(plan: &RoofPlan, ground_m: f64) -> Surface {
    let from_below = |ring: &Vec<Ring>| {
        let corners = ring.iter().rev().filter_map(|edge| edge.first());
        corners.map(|uv| point(plan, *uv, ground_m)).collect()
    };
    Surface {
        kind: SurfaceKind::GroundSurface,
        rings: plan.edges.iter().map(from_below).collect(),
    }
}

/// One wall from the start of an edge to the start of the next, its top following the roof.
fn wall(plan: &RoofPlan, ground_m: f64, edge: &[[f64; 2]], next: [f64; 2]) -> Surface {
    let mut ring = Vec::with_capacity(edge.len() + 3);
    ring.extend(edge.first().map(|start| point(plan, *start, ground_m)));
    ring.push(point(plan, next, ground_m));
    ring.push(roof_point(plan, ground_m, next));
    ring.extend(edge.iter().rev().map(|uv| roof_point(plan, ground_m, *uv)));
    Surface {
        kind: SurfaceKind::WallSurface,
        rings: vec![ring],
    }
}

fn point(plan: &RoofPlan, uv: [f64; 2], height_m: f64) -> [f64; 3] {
    let [x, y] = plan.rect.world_from_uv(uv);
    [x, y, height_m]
}

fn roof_point(plan: &RoofPlan, ground_m: f64, uv: [f64; 2]) -> [f64; 3] {
    point(plan, uv, ground_m + plan.height_m(uv))
}

#[cfg(test)]
mod tests;
