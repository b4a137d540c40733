//! Upright prisms over footprints: flat roofs, with or without a parapet.
//! Used for modern blocks and for far levels of detail. Never bends a roof: see `roof`.

use geo_types::Polygon;

use super::polygon::inset;
use super::ring::{Ring, edges, oriented_rings};
use super::surface::{Surface, SurfaceKind};

/// Height of a parapet above the roof deck, metres.
pub const PARAPET_HEIGHT_M: f64 = 0.5;
const PARAPET_WIDTH_M: f64 = 0.2;

/// A closed prism from `ground_m` up by `height_m`, metres: ground, one wall per edge, flat roof.
///
/// Nothing for a footprint without three corners or a height that is not positive and finite.
pub fn extrude(polygon: &Polygon<f64>, ground_m: f64, height_m: f64) -> Vec<Surface> {
    let rings = oriented_rings(polygon);
    if rings.is_empty() || !(height_m > 0.0 && (ground_m + height_m).is_finite()) {
        return Vec::new();
    }
    let top_m = ground_m + height_m;
    let mut surfaces = vec![level_from_below(&rings, ground_m)];
    surfaces.extend(walls(&rings, ground_m, top_m, SurfaceKind::WallSurface));
    surfaces.push(level(&rings, top_m, SurfaceKind::RoofSurface));
    surfaces
}

/// As [`extrude`] with a parapet [`PARAPET_HEIGHT_M`] above the deck at `height_m`: outer faces,
/// rim and inner faces of kind [`SurfaceKind::Parapet`], closed like the plain prism.
///
/// A footprint too narrow for two parapets gets none.
pub fn flat_with_parapet(polygon: &Polygon<f64>, ground_m: f64, height_m: f64) -> Vec<Surface> {
    let outer = oriented_rings(polygon);
    let deck = inset(polygon, PARAPET_WIDTH_M).map(|deck| oriented_rings(&deck));
    // With another number of rings the deck fell apart or a courtyard merged with the street.
    let Some(deck) = deck.filter(|deck| deck.len() == outer.len()) else {
        return extrude(polygon, ground_m, height_m);
    };
    if !(height_m > 0.0 && (ground_m + height_m).is_finite()) {
        return Vec::new();
    }
    let deck_m = ground_m + height_m;
    let rim_m = deck_m + PARAPET_HEIGHT_M;
    let mut surfaces = vec![level_from_below(&outer, ground_m)];
    surfaces.extend(walls(&outer, ground_m, deck_m, SurfaceKind::WallSurface));
    surfaces.extend(walls(&outer, deck_m, rim_m, SurfaceKind::Parapet));
    // The inner faces look at the deck: walls of the deck's outline turned round.
    let turned: Vec<Ring> = deck
        .iter()
        .map(|ring| ring.iter().rev().copied().collect())
        .collect();
    surfaces.extend(walls(&turned, deck_m, rim_m, SurfaceKind::Parapet));
    surfaces.extend(rim(&outer, &turned, rim_m));
    surfaces.push(level(&deck, deck_m, SurfaceKind::RoofSurface));
    surfaces
}

/// The top of the parapet: the space between footprint and deck.
fn rim(outer: &[Ring], turned_deck: &[Ring], rim_m: f64) -> Vec<Surface> {
    let around_outline = level(
        &[outer[0].clone(), turned_deck[0].clone()],
        rim_m,
        SurfaceKind::Parapet,
    );
    // Around a courtyard the deck's hole is the larger ring and the courtyard the hole in it.
    // Their order is the same in both lists only for a single courtyard, so match by place.
    let mut surfaces = vec![around_outline];
    for hole in &outer[1..] {
        let around = turned_deck[1..]
            .iter()
            .min_by(|a, b| gap(a, hole).total_cmp(&gap(b, hole)));
        if let Some(around) = around {
            surfaces.push(level(
                &[around.clone(), hole.clone()],
                rim_m,
                SurfaceKind::Parapet,
            ));
        }
    }
    surfaces
}

fn gap(ring: &[[f64; 2]], hole: &[[f64; 2]]) -> f64 {
    let Some(at) = hole.first() else {
        return f64::INFINITY;
    };
    let distance = |p: &[f64; 2]| (p[0] - at[0]).hypot(p[1] - at[1]);
    ring.iter().map(distance).fold(f64::INFINITY, f64::min)
}

fn walls(
    rings: &[Ring],
    from_m: f64,
    to_m: f64,
    kind: SurfaceKind,
) -> impl Iterator<Item = Surface> + '_ {
    rings
        .iter()
        .flat_map(|ring| edges(ring))
        .map(move |(a, b)| Surface {
            kind,
            rings: vec![vec![
                [a[0], a[1], from_m],
                [b[0], b[1], from_m],
                [b[0], b[1], to_m],
                [a[0], a[1], to_m],
            ]],
        })
}

fn level(rings: &[Ring], height_m: f64, kind: SurfaceKind) -> Surface {
    let lifted = |ring: &Ring| ring.iter().map(|p| [p[0], p[1], height_m]).collect();
    Surface {
        kind,
        rings: rings.iter().map(lifted).collect(),
    }
}

fn level_from_below(rings: &[Ring], height_m: f64) -> Surface {
    let mut surface = level(rings, height_m, SurfaceKind::GroundSurface);
    for ring in &mut surface.rings {
        ring.reverse();
    }
    surface
}

#[cfg(test)]
mod tests;
