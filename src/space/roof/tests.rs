//! Tests of `roof`.

use super::*;
use crate::space::{area_m2, eave_details, oriented_rectangle, ridge_details, triangulate_surface};
use geo_types::{Coord, polygon};
use proptest::prelude::*;

/// Six times the volume is the sum of determinants over a closed surface's triangles.
fn volume_m3(surfaces: &[Surface], about: [f64; 3]) -> f64 {
    let mut triangles = Vec::new();
    for surface in surfaces {
        triangulate_surface(surface, &mut triangles);
    }
    let minus = |p: [f64; 3]| [p[0] - about[0], p[1] - about[1], p[2] - about[2]];
    let six: f64 = triangles
        .iter()
        .map(|t| {
            let [a, b, c] = t.map(minus);
            a[0] * (b[1] * c[2] - b[2] * c[1])
                + a[1] * (b[2] * c[0] - b[0] * c[2])
                + a[2] * (b[0] * c[1] - b[1] * c[0])
        })
        .sum();
    six / 6.0
}

/// How many directed edges are not met by their opposites. Edges are first split at every corner
/// that lies on them, so T-junctions pass and gaps do not.
fn unmatched_edges(surfaces: &[Surface]) -> usize {
    const SAME_M: f64 = 1e-3;
    let mut corners: Vec<[f64; 3]> = Vec::new();
    let distance =
        |a: [f64; 3], b: [f64; 3]| (0..3).map(|k| (a[k] - b[k]).powi(2)).sum::<f64>().sqrt();
    let mut number_of = |p: &[f64; 3]| {
        let known = corners.iter().position(|c| distance(*c, *p) < SAME_M);
        known.unwrap_or_else(|| {
            corners.push(*p);
            corners.len() - 1
        })
    };
    let rings: Vec<Vec<usize>> = surfaces
        .iter()
        .flat_map(|s| &s.rings)
        .map(|ring| ring.iter().map(&mut number_of).collect())
        .collect();
    let mut balance = std::collections::HashMap::new();
    for ring in &rings {
        for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
            let (p, q) = (corners[*a], corners[*b]);
            let length = distance(p, q);
            let on_edge = |i: &usize| {
                i != a
                    && i != b
                    && distance(p, corners[*i]) + distance(corners[*i], q) < length + 1e-7
            };
            let mut chain: Vec<usize> =
                (0..corners.len()).filter(on_edge).chain([*a, *b]).collect();
            chain.sort_by(|i, j| distance(p, corners[*i]).total_cmp(&distance(p, corners[*j])));
            for pair in chain.windows(2) {
                let key = (pair[0].min(pair[1]), pair[0].max(pair[1]));
                // Both ends in one corner: an edge shorter than a millimetre.
                if key.0 == key.1 {
                    continue;
                }
                *balance.entry(key).or_insert(0) += if pair[0] < pair[1] { 1 } else { -1 };
            }
        }
    }
    balance.values().filter(|sum| **sum != 0).count()
}

fn ring_origin(surfaces: &[Surface]) -> [f64; 3] {
    surfaces[0].rings[0][0]
}

/// ∫ h dA by thin slices across the rectangle, sharing no code with the roof's cutting.
fn integral_m3(polygon: &Polygon<f64>, params: &RoofParams) -> f64 {
    let rect = oriented_rectangle(polygon);
    let bands = match params.shape {
        RoofShape::MultiGable => (2.0 * rect.half_v / params.max_span_m - 1e-6)
            .ceil()
            .max(1.0),
        _ => 1.0,
    };
    let width = 2.0 * rect.half_v / bands;
    let rise = |u: f64, v: f64| match params.shape {
        RoofShape::Flat => 0.0,
        RoofShape::Hip => {
            params.pitch * (rect.half_v - v.abs()).min(rect.half_u - u.abs()).max(0.0)
        }
        _ => {
            let from_band_border = (v + rect.half_v).rem_euclid(width);
            params.pitch * from_band_border.min(width - from_band_border)
        }
    };
    let (slices, steps) = (3000, 200);
    let dv = 2.0 * rect.half_v / slices as f64;
    let mut total = 0.0;
    for slice in 0..slices {
        let v = -rect.half_v + (slice as f64 + 0.5) * dv;
        let mut crossings = Vec::new();
        for line in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            for pair in line.0.windows(2) {
                let (a, b) = (
                    rect.uv_from_world([pair[0].x, pair[0].y]),
                    rect.uv_from_world([pair[1].x, pair[1].y]),
                );
                if (a[1] > v) != (b[1] > v) {
                    crossings.push(a[0] + (v - a[1]) / (b[1] - a[1]) * (b[0] - a[0]));
                }
            }
        }
        crossings.sort_by(f64::total_cmp);
        for span in crossings.chunks_exact(2) {
            let du = (span[1] - span[0]) / steps as f64;
            let heights: f64 = (0..steps)
                .map(|k| params.eave_m + rise(span[0] + (k as f64 + 0.5) * du, v))
                .sum();
            total += heights * du * dv;
        }
    }
    total
}

#[track_caller]
fn check(polygon: &Polygon<f64>, params: &RoofParams) {
    let surfaces = build_house(polygon, 3.0, params);
    assert!(!surfaces.is_empty());
    assert!(
        surfaces
            .iter()
            .flat_map(|s| &s.rings)
            .flatten()
            .flatten()
            .all(|v| v.is_finite())
    );
    let volume = volume_m3(&surfaces, ring_origin(&surfaces));
    let expected = integral_m3(polygon, params);
    assert!(
        (volume - expected).abs() < 2e-3 * expected,
        "{volume} m³ instead of {expected} m³, {params:?}"
    );
    assert_eq!(unmatched_edges(&surfaces), 0, "{params:?}");
    let roof_area: f64 = surfaces
        .iter()
        .filter(|s| s.kind == SurfaceKind::RoofSurface)
        .map(|s| s.rings.iter().map(|r| flat_area(r)).sum::<f64>())
        .sum();
    assert!((roof_area - area_m2(polygon)).abs() < 1e-3, "{roof_area}");
}

fn flat_area(ring: &[[f64; 3]]) -> f64 {
    let flat: Vec<[f64; 2]> = ring.iter().map(|p| [p[0], p[1]]).collect();
    crate::space::ring::signed_area(&flat)
}

fn params(shape: RoofShape) -> RoofParams {
    RoofParams {
        shape,
        ..RoofParams::default()
    }
}

const SHAPES: [RoofShape; 4] = [
    RoofShape::Flat,
    RoofShape::Gable,
    RoofShape::Hip,
    RoofShape::MultiGable,
];

fn courtyard_house() -> Polygon<f64> {
    polygon!(
        exterior: [(x: 0., y: 0.), (x: 24., y: 2.), (x: 23., y: 20.), (x: 12., y: 19.), (x: 11.8, y: 26.), (x: -2., y: 25.)],
        interiors: [[(x: 5., y: 6.), (x: 5., y: 13.), (x: 11., y: 13.), (x: 11., y: 6.)]],
    )
}

#[test]
fn every_shape_closes_over_every_outline() {
    let long = polygon![(x: 0., y: 0.), (x: 20., y: 0.), (x: 20., y: 8.), (x: 0., y: 8.)];
    let square = polygon![(x: 0., y: 0.), (x: 10., y: 0.), (x: 10., y: 10.), (x: 0., y: 10.)];
    let ell = polygon![(x: 0., y: 0.), (x: 20., y: 0.), (x: 20., y: 8.), (x: 9., y: 8.), (x: 9., y: 16.), (x: 0., y: 16.)];
    let triangle = polygon![(x: 0., y: 0.), (x: 20., y: 0.), (x: 3., y: 8.)];
    for outline in [long, square, ell, triangle, courtyard_house()] {
        for shape in SHAPES {
            check(&outline, &params(shape));
        }
    }
}

#[test]
fn a_deep_house_has_several_ridges() {
    let deep = polygon![(x: 0., y: 0.), (x: 30., y: 0.), (x: 30., y: 26.), (x: 0., y: 26.)];
    let three = params(RoofShape::MultiGable);
    assert!((ridge_rise_m(&deep, &three) - 0.5 * 26.0 / 6.0).abs() < 1e-9);
    assert!((ridge_rise_m(&deep, &params(RoofShape::Gable)) - 6.5).abs() < 1e-9);
    assert_eq!(ridge_rise_m(&deep, &params(RoofShape::Flat)), 0.0);
    let roofs = build_house(&deep, 0.0, &three)
        .iter()
        .filter(|s| s.kind == SurfaceKind::RoofSurface)
        .count();
    assert_eq!(roofs, 6);
    assert_eq!(ridge_details(&deep, 0.0, &three).len(), 3 * 7);
    let ridge = roof_height_m(&deep, &three, [15.0, 13.0]).unwrap();
    assert!((ridge - 5.6 - 0.5 * 26.0 / 6.0).abs() < 1e-9);
    assert_eq!(roof_height_m(&deep, &three, [31.0, 13.0]), None);
}

#[test]
fn details_are_bars_and_slabs() {
    let house = polygon![(x: 0., y: 0.), (x: 20., y: 0.), (x: 20., y: 8.), (x: 0., y: 8.)];
    let bars = ridge_details(&house, 0.0, &params(RoofShape::Gable));
    assert_eq!(bars.len(), 7);
    // Bars are open below; about a point at their base the missing face adds nothing.
    let volume = volume_m3(&bars, [0.0, 0.0, 5.6 + 2.0 - 0.08]);
    assert!(
        volume > 0.25 * 0.38 * 20.0 && volume < 0.25 * 0.63 * 20.0,
        "{volume}"
    );
    let eaves = eave_details(&house, 0.0, &params(RoofShape::Gable));
    assert_eq!(eaves.len(), 2 * 5);
    for slab in eaves.chunks(5) {
        let normals: Vec<[f64; 3]> = slab.iter().filter_map(Surface::normal).collect();
        let south = if slab[1].rings[0][0][1] < 4.0 {
            -1.0
        } else {
            1.0
        };
        assert_eq!(normals.len(), 5);
        assert!(normals[0][2] > 0.8 && normals[2][2] < -0.8, "{normals:?}");
        assert!(normals[1][1] * south > 0.99, "{normals:?}");
        assert!(normals[3][0] * normals[4][0] < -0.99, "{normals:?}");
    }
    let lowest = eaves
        .iter()
        .flat_map(|s| &s.rings)
        .flatten()
        .map(|p| p[2])
        .fold(f64::MAX, f64::min);
    assert!((lowest - (5.6 - 0.5 * 0.5 - 0.12)).abs() < 1e-9, "{lowest}");
    assert_eq!(
        eave_details(&house, 0.0, &params(RoofShape::Hip)).len(),
        4 * 3
    );
    assert!(eave_details(&house, 0.0, &params(RoofShape::Flat)).is_empty());
    assert!(ridge_details(&house, 0.0, &params(RoofShape::Flat)).is_empty());
}

#[test]
fn nonsense_builds_nothing() {
    let house = polygon![(x: 0., y: 0.), (x: 20., y: 0.), (x: 20., y: 8.), (x: 0., y: 8.)];
    let line = polygon![(x: 0., y: 0.), (x: 20., y: 0.), (x: 10., y: 0.)];
    let nan = RoofParams {
        eave_m: f64::NAN,
        ..RoofParams::default()
    };
    assert!(build_house(&house, 0.0, &nan).is_empty());
    assert!(build_house(&house, f64::INFINITY, &RoofParams::default()).is_empty());
    assert!(build_house(&line, 0.0, &RoofParams::default()).is_empty());
    assert!(
        build_house(
            &Polygon::new(geo_types::LineString(vec![]), vec![]),
            0.0,
            &RoofParams::default()
        )
        .is_empty()
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    /// Star-shaped outlines at projected sizes, convex or not.
    #[test]
    fn bodies_are_watertight(
        radii in prop::collection::vec(6.0..20.0f64, 3..12),
        stretch in 0.4..1.0f64,
        shape in prop::sample::select(&SHAPES[..]),
        pitch in 0.1..1.0f64,
        max_span_m in 5.0..14.0f64,
    ) {
        let n = radii.len() as f64;
        let corner = |(i, r): (usize, &f64)| {
            let (s, c) = (std::f64::consts::TAU * i as f64 / n).sin_cos();
            Coord { x: 558_574.0 + r * c, y: 3_467_120.7 + stretch * r * s }
        };
        let outline = Polygon::new(radii.iter().enumerate().map(corner).collect(), vec![]);
        check(&outline, &RoofParams { shape, pitch, max_span_m, ..RoofParams::default() });
    }
}
