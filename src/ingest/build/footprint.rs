//! The footprint and height of a building of which the file gives faces, not an outline.

use geo_types::Polygon;

use crate::model::LodModel;
use crate::space::{Surface, SurfaceKind, area_m2};

use super::outline;

/// A face whose normal's vertical part is above this lies flat: cos 25°.
const FLAT_NORMAL: f64 = 0.9;
/// Faces that reach no higher above the lowest point than this stand on the ground; metres.
const GROUND_STEP_M: f64 = 0.3;
/// The ground faces must cover this share of the hull to be believed without semantics.
const SHARE_MIN: f64 = 0.3;

/// What the faces tell about a building.
pub(super) struct Body {
    /// Outline on the ground.
    pub(super) footprint: Polygon<f64>,
    /// Lowest height.
    pub(super) ground_m: f64,
    /// Highest above lowest; `None` of a flat thing.
    pub(super) rise_m: Option<f64>,
    /// What had to be assumed.
    pub(super) repairs: Vec<&'static str>,
}

/// Reads footprint and height off the models.
pub(super) fn body(models: &[LodModel]) -> Result<Body, String> {
    let corners = || {
        let faces = models.iter().flat_map(|model| &model.surfaces);
        faces.flat_map(|face| face.rings.iter().flatten().copied())
    };
    let (low_m, high_m) = corners().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), at| {
        (low.min(at[2]), high.max(at[2]))
    });
    if !low_m.is_finite() {
        return Err("no usable geometry".to_owned());
    }
    let hull = outline::hull(corners()).ok_or("its geometry spans no area on the ground")?;
    let mut repairs = Vec::new();
    let parts = ground_parts(models, low_m, area_m2(&hull));
    let mut parts = parts.into_iter();
    let footprint = match parts.next() {
        Some(largest) => {
            if parts.next().is_some() {
                repairs.push("footprint: the largest of several separate parts");
            }
            largest
        }
        None => {
            repairs.push("footprint: convex hull, no ground faces were found");
            hull
        }
    };
    let rise_m = high_m - low_m;
    Ok(Body {
        footprint,
        ground_m: low_m,
        rise_m: (rise_m > 0.1).then_some(rise_m),
        repairs,
    })
}

/// The ground parts by the best evidence at hand: semantics, the lowest flat faces, faces that
/// look down, the roof.
fn ground_parts(models: &[LodModel], low_m: f64, hull_m2: f64) -> Vec<Polygon<f64>> {
    let mut finest: Vec<&LodModel> = models.iter().collect();
    finest.sort_by(|a, b| b.lod.cmp(&a.lod));
    let of_kind = |kind: SurfaceKind| {
        finest.iter().map(move |model| {
            outline::cover(model.surfaces.iter().filter(|face| face.kind == kind))
        })
    };
    if let Some(parts) = of_kind(SurfaceKind::GroundSurface).find(|parts| !parts.is_empty()) {
        return parts;
    }
    let by = |test: &dyn Fn(&Surface) -> bool| {
        finest
            .iter()
            .map(|model| outline::cover(model.surfaces.iter().filter(|face| test(face))))
            .find(|parts| parts.iter().map(area_m2).sum::<f64>() >= SHARE_MIN * hull_m2)
    };
    let normal_z = |face: &Surface| face.normal().map_or(0.0, |normal| normal[2]);
    let is_lowest = |face: &Surface| {
        let top_m = face
            .rings
            .iter()
            .flatten()
            .map(|at| at[2])
            .fold(low_m, f64::max);
        normal_z(face).abs() > FLAT_NORMAL && top_m <= low_m + GROUND_STEP_M
    };
    by(&is_lowest)
        .or_else(|| by(&|face| normal_z(face) < -FLAT_NORMAL))
        .or_else(|| of_kind(SurfaceKind::RoofSurface).find(|parts| !parts.is_empty()))
        .or_else(|| by(&|face| normal_z(face) > 0.1))
        .unwrap_or_default()
}
