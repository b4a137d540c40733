//! A brick-and-timber pagoda of the region: tapering storeys, eaves with raised corners, a spire.
//! Used for landmarks that have no model of their own. Never a survey of a real pagoda.

use std::f64::consts::TAU;

use super::surface::{Surface, SurfaceKind};

/// Share of the height that is spire.
const SPIRE_SHARE: f64 = 0.2;
/// The top storey's radius as a share of the bottom one's.
const TAPER: f64 = 0.62;
/// How far eaves stand out, as a share of the bottom radius.
const EAVE_REACH: f64 = 0.3;
const STOREYS_MAX: u32 = 40;

/// The spire's outline: a bell-shaped foot, rings and a pearl; radius as a share of the bottom
/// radius, height as a share of the spire's length.
const SPIRE: [(f64, f64); 12] = [
    (0.16, 0.0),
    (0.10, 0.10),
    (0.05, 0.14),
    (0.13, 0.22),
    (0.05, 0.28),
    (0.11, 0.36),
    (0.05, 0.42),
    (0.09, 0.50),
    (0.04, 0.56),
    (0.02, 0.82),
    (0.04, 0.88),
    (0.001, 1.0),
];

/// A level of the silhouette: everything between two levels is a band of faces.
#[derive(Clone, Copy)]
struct Level {
    radius_m: f64,
    z_m: f64,
    /// How much higher the corners are than the middles of the sides.
    corner_lift_m: f64,
    /// What the band from here to the next level is.
    band: SurfaceKind,
}

/// A closed body of `storeys` tapering storeys and a spire, on a regular base with `sides` sides
/// (eight in Suzhou).
///
/// `base` is the centre on the ground `[x, y, z]`, `height_m` the total to the tip, `radius_m`
/// from the centre to a corner of the ground storey. Nothing for fewer than one storey or three
/// sides, or measures that are not positive and finite.
pub fn pagoda(
    base: [f64; 3],
    storeys: u32,
    height_m: f64,
    radius_m: f64,
    sides: u32,
) -> Vec<Surface> {
    let sized = height_m > 0.0 && radius_m > 0.0 && (height_m + radius_m).is_finite();
    let placed = base.iter().all(|v| v.is_finite());
    if !sized || !placed || storeys == 0 || sides < 3 {
        return Vec::new();
    }
    let levels = silhouette(base[2], storeys.min(STOREYS_MAX), height_m, radius_m);
    let points: Vec<Vec<[f64; 3]>> = levels
        .iter()
        .map(|level| around(base, level, sides))
        .collect();
    let mut surfaces = vec![Surface {
        kind: SurfaceKind::GroundSurface,
        rings: vec![points[0].iter().rev().copied().collect()],
    }];
    for (pair, level) in points.windows(2).zip(&levels) {
        let (low, high) = (&pair[0], &pair[1]);
        for k in 0..low.len() {
            let next = (k + 1) % low.len();
            // Raised corners bend the quad: two triangles are always plane.
            for ring in [
                [low[k], low[next], high[next]],
                [low[k], high[next], high[k]],
            ] {
                surfaces.push(Surface {
                    kind: level.band,
                    rings: vec![ring.to_vec()],
                });
            }
        }
    }
    // The tip is a ring of almost no size, closed like the ground.
    surfaces.extend(points.last().map(|tip| Surface {
        kind: SurfaceKind::RoofSurface,
        rings: vec![tip.clone()],
    }));
    surfaces
}

fn silhouette(ground_m: f64, storeys: u32, height_m: f64, radius_m: f64) -> Vec<Level> {
    let storey_m = height_m * (1.0 - SPIRE_SHARE) / f64::from(storeys);
    let radius_of = |storey: u32| {
        let share = f64::from(storey) / f64::from(storeys.max(2) - 1);
        radius_m * (1.0 - (1.0 - TAPER) * share)
    };
    let mut levels = Vec::new();
    let mut push = |radius_m: f64, z_m: f64, corner_lift_m: f64, band: SurfaceKind| {
        levels.push(Level {
            radius_m,
            z_m,
            corner_lift_m,
            band,
        });
    };
    for storey in 0..storeys {
        let (radius, foot) = (radius_of(storey), ground_m + f64::from(storey) * storey_m);
        let reach = EAVE_REACH * radius_m * (0.7 + 0.3 * radius / radius_m);
        let lift = 0.12 * storey_m;
        push(radius, foot, 0.0, SurfaceKind::WallSurface);
        push(radius, foot + 0.72 * storey_m, 0.0, SurfaceKind::Eave);
        push(
            radius + reach,
            foot + 0.68 * storey_m,
            lift,
            SurfaceKind::Eave,
        );
        push(
            radius + reach,
            foot + 0.72 * storey_m,
            lift,
            SurfaceKind::RoofSurface,
        );
    }
    let (top, spire_m) = (
        ground_m + height_m * (1.0 - SPIRE_SHARE),
        height_m * SPIRE_SHARE,
    );
    for (radius, z) in SPIRE {
        push(
            radius * radius_m,
            top + z * spire_m,
            0.0,
            SurfaceKind::RoofSurface,
        );
    }
    levels
}

/// Corners and middles of the sides, alternating, counter-clockwise from above.
fn around(base: [f64; 3], level: &Level, sides: u32) -> Vec<[f64; 3]> {
    let half_angle = 0.5 * TAU / f64::from(sides);
    let point = |k: u32| {
        let is_corner = k.is_multiple_of(2);
        let radius_m = if is_corner {
            level.radius_m
        } else {
            level.radius_m * half_angle.cos()
        };
        let lift_m = if is_corner { level.corner_lift_m } else { 0.0 };
        // Half a side of turn: a side, not a corner, looks south.
        let (s, c) = (half_angle * (f64::from(k) + 1.0)).sin_cos();
        [
            base[0] + radius_m * c,
            base[1] + radius_m * s,
            level.z_m + lift_m,
        ]
    };
    (0..2 * sides).map(point).collect()
}
