//! Places for a device in, on and at a building, and the promise that no two are the same.
//! Used by `devices` and `into`. Knows buildings only as the model gives them.

use std::collections::BTreeSet;

use geo_types::Coord;

use crate::model::{Building, RoofStyle, Usage};
use crate::space::{Bounds2, polygon_contains};

use super::frame::millimetres;
use super::seed::Stream;

/// Hands out positions, each only once.
#[derive(Debug, Default)]
pub(super) struct Spots(BTreeSet<[i64; 3]>);

impl Spots {
    /// The position, or the next free one above it.
    pub(super) fn claim(&mut self, [x, y, z]: [f64; 3]) -> [f64; 3] {
        let mut at = [x, y, z].map(millimetres);
        // Twelve centimetres: two small housings on a wall, one over the other.
        while !self.0.insert(at.map(|c| (c * 1_000.0).round() as i64)) {
            at[2] = millimetres(at[2] + 0.12);
        }
        at
    }
}

/// A point inside the outline, courts left out; a corner when the house is too thin to hit.
pub(super) fn inside(building: &Building, stream: &mut Stream) -> [f64; 2] {
    let ring = &building.footprint.exterior().0;
    let bounds = Bounds2::from_points(ring.iter().map(|c| [c.x, c.y]));
    for _ in 0..40 {
        let x = stream.between(bounds.min[0], bounds.max[0]);
        let y = stream.between(bounds.min[1], bounds.max[1]);
        if polygon_contains(&building.footprint, [x, y]) {
            return [x, y];
        }
    }
    corner(building, stream)
}

/// A corner of the outline.
pub(super) fn corner(building: &Building, stream: &mut Stream) -> [f64; 2] {
    let ring = open_ring(building);
    let at = stream.index(ring.len());
    ring.get(at).map_or([0.0; 2], |c| [c.x, c.y])
}

/// A point on an outer wall: longer walls more often.
pub(super) fn wall(building: &Building, stream: &mut Stream) -> [f64; 2] {
    let ring = &building.footprint.exterior().0;
    let length = |pair: &[Coord<f64>]| (pair[1].x - pair[0].x).hypot(pair[1].y - pair[0].y);
    let lengths: Vec<f64> = ring.windows(2).map(length).collect();
    let edge = stream.weighted(&lengths);
    let share = stream.between(0.1, 0.9);
    match ring.get(edge..edge + 2) {
        Some([a, b]) => [a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share],
        _ => corner(building, stream),
    }
}

fn open_ring(building: &Building) -> &[Coord<f64>] {
    let ring = &building.footprint.exterior().0;
    &ring[..ring.len().saturating_sub(1)]
}

/// Height of the floor of a storey above the ground; 1 is the ground floor.
pub(super) fn floor_m(building: &Building, floor: i16) -> f64 {
    let storeys = f64::from(building.storeys.max(1));
    eaves_m(building) / storeys * f64::from((floor - 1).max(0))
}

/// Height of the eaves above the ground: three quarters of a tiled house, nearly all of a flat one.
pub(super) fn eaves_m(building: &Building) -> f64 {
    if let Some(eaves_m) = building
        .attributes
        .get("eaves_m")
        .and_then(|value| value.as_f64())
    {
        return eaves_m;
    }
    match building.roof {
        RoofStyle::Flat => building.height_m,
        _ if building.storeys > 3 => building.height_m,
        _ => building.height_m * 0.75,
    }
}

/// Whether a house is lived in as far as one can tell.
pub(super) fn lived_in(building: &Building) -> bool {
    matches!(
        building.usage,
        Usage::Residential | Usage::Commercial | Usage::Unknown
    )
}
