//! Tests of `extrude`.

use super::*;
use crate::space::{area_m2, pagoda, triangulate_surface};
use geo_types::polygon;

fn volume_m3(surfaces: &[Surface]) -> f64 {
    let mut triangles = Vec::new();
    for surface in surfaces {
        triangulate_surface(surface, &mut triangles);
    }
    let six: f64 = triangles
        .iter()
        .map(|[a, b, c]| {
            a[0] * (b[1] * c[2] - b[2] * c[1])
                + a[1] * (b[2] * c[0] - b[0] * c[2])
                + a[2] * (b[0] * c[1] - b[1] * c[0])
        })
        .sum();
    six / 6.0
}

/// Every directed edge of a closed body is met by its opposite.
fn is_closed(surfaces: &[Surface]) -> bool {
    let key = |p: &[f64; 3]| p.map(|v| (v * 1e6).round() as i64);
    let mut balance = std::collections::HashMap::new();
    for ring in surfaces.iter().flat_map(|s| &s.rings) {
        for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
            let (a, b) = (key(a), key(b));
            let (pair, sign) = if a < b { ((a, b), 1) } else { ((b, a), -1) };
            *balance.entry(pair).or_insert(0) += sign;
        }
    }
    balance.values().all(|sum| *sum == 0)
}

fn courtyard() -> Polygon<f64> {
    polygon!(
        exterior: [(x: 0., y: 0.), (x: 20., y: 0.), (x: 20., y: 20.), (x: 0., y: 20.)],
        interiors: [
            [(x: 4., y: 4.), (x: 4., y: 8.), (x: 8., y: 8.), (x: 8., y: 4.)],
            [(x: 12., y: 12.), (x: 12., y: 16.), (x: 16., y: 16.), (x: 16., y: 12.)],
        ],
    )
}

#[test]
fn prisms_are_closed_and_as_large_as_they_should_be() {
    let block = extrude(&courtyard(), 3.0, 10.0);
    assert!(is_closed(&block));
    assert!((volume_m3(&block) - 10.0 * area_m2(&courtyard())).abs() < 1e-6);
    assert!(extrude(&courtyard(), 0.0, 0.0).is_empty());
    assert!(extrude(&courtyard(), 0.0, f64::NAN).is_empty());
}

#[test]
fn parapets_run_round_roof_and_courtyards() {
    let block = flat_with_parapet(&courtyard(), 0.0, 18.0);
    assert!(is_closed(&block));
    // Deck volume plus a rim 0.2 m wide and 0.5 m high around 20 m and twice 4 m squares.
    let rim_m2 = (400.0 - 19.6 * 19.6) + 2.0 * (4.4 * 4.4 - 16.0);
    let expected = 18.0 * 368.0 + 0.5 * rim_m2;
    assert!(
        (volume_m3(&block) - expected).abs() < 1e-2,
        "{} {expected}",
        volume_m3(&block)
    );
    assert!(block.iter().any(|s| s.kind == SurfaceKind::Parapet));
    let narrow = polygon![(x: 0., y: 0.), (x: 20., y: 0.), (x: 20., y: 0.3), (x: 0., y: 0.3)];
    assert_eq!(flat_with_parapet(&narrow, 0.0, 18.0).len(), 6);
}

#[test]
fn pagodas_are_closed_and_reach_their_height() {
    let north_temple = pagoda([0.0; 3], 9, 76.0, 9.0, 8);
    assert!(is_closed(&north_temple));
    assert!(volume_m3(&north_temple) > 0.0);
    let top = north_temple
        .iter()
        .flat_map(|s| &s.rings)
        .flatten()
        .map(|p| p[2])
        .fold(0.0, f64::max);
    assert!((top - 76.0).abs() < 1e-9);
    assert!(pagoda([0.0; 3], 0, 76.0, 9.0, 8).is_empty());
    assert!(pagoda([0.0; 3], 9, f64::NAN, 9.0, 8).is_empty());
}
