//! Tests of `height_field`.

use super::*;
use geo_types::polygon;

fn field_with_box(top_m: f32) -> HeightField {
    let bounds = Bounds2 {
        min: [0.0, 0.0],
        max: [200.0, 200.0],
    };
    let mut field = HeightField::new(bounds, 1.0, 0.0).unwrap();
    let house =
        polygon![(x: 90., y: 90.), (x: 110., y: 90.), (x: 110., y: 110.), (x: 90., y: 110.)];
    field.raise_prism(&house, top_m);
    field
}

/// Walks from the middle of the box away from the sun and returns how far beyond the wall the
/// ground is in shadow.
#[track_caller]
fn check_shadow(azimuth_deg: f64, elevation_deg: f64) {
    let field = field_with_box(20.0);
    let (azimuth, elevation) = (azimuth_deg.to_radians(), elevation_deg.to_radians());
    let shadow = field.sun_shadow_m(azimuth, elevation);
    let (east, north) = azimuth.sin_cos();
    let shaded = |m: f64| {
        let at = [100.0 - east * m, 100.0 - north * m];
        field.index_at(at).is_some_and(|i| shadow[i] > 0.05)
    };
    // The far wall, from the middle, along the light.
    let wall_m = 10.0 / east.abs().max(north.abs());
    let end_m = (0..950)
        .map(|k| 0.1 * k as f64)
        .rfind(|m| *m > wall_m && shaded(*m))
        .unwrap();
    let expected_m = 20.0 / elevation.tan();
    assert!(
        (end_m - wall_m - expected_m).abs() <= 1.6,
        "sun {azimuth_deg}°/{elevation_deg}°: {} instead of {expected_m}",
        end_m - wall_m
    );
}

#[test]
fn shadow_is_as_long_as_height_over_tangent() {
    for azimuth in [0.0, 90.0, 180.0, 270.0, 135.0, 160.0, 200.0, 250.0, 340.0] {
        check_shadow(azimuth, 35.2);
    }
    check_shadow(180.0, 20.0);
    check_shadow(180.0, 70.0);
}

#[test]
fn the_sunny_side_is_lit_and_night_is_dark() {
    let field = field_with_box(20.0);
    let noon = field.sun_shadow_m(std::f64::consts::PI, 0.6);
    let south = field.index_at([100.0, 80.0]).unwrap();
    let north = field.index_at([100.0, 115.0]).unwrap();
    assert!(noon[south] < 0.0 && noon[north] > 10.0);
    assert!(
        field
            .sun_shadow_m(0.0, -0.1)
            .iter()
            .all(|s| *s == f32::INFINITY)
    );
}

#[test]
fn prisms_and_triangles_fill_the_cells_below_them() {
    let field = field_with_box(20.0);
    let raised = field.heights_m().iter().filter(|h| **h == 20.0).count();
    assert_eq!(raised, 400);
    let mut slope = HeightField::new(field.bounds(), 1.0, 0.0).unwrap();
    slope.raise_triangle(&[[0.0, 0.0, 0.0], [100.0, 0.0, 100.0], [0.0, 100.0, 0.0]]);
    let at = |x: f64, y: f64| slope.heights_m()[slope.index_at([x, y]).unwrap()];
    assert!((at(50.5, 20.5) - 50.5).abs() < 1e-3);
    assert_eq!(at(80.5, 80.5), 0.0);
    assert!((slope.sample(slope.heights_m(), [50.0, 20.0]).unwrap() - 50.0).abs() < 1e-3);
}

#[test]
fn blur_keeps_the_sum_and_spreads_to_the_radius() {
    let field = field_with_box(20.0);
    let mean = field.sky_occlusion(12.0);
    let sum = |v: &[f32]| v.iter().map(|h| f64::from(*h)).sum::<f64>();
    assert!((sum(&mean) - sum(field.heights_m())).abs() < 1.0);
    let at = |x: f64| mean[field.index_at([x, 100.5]).unwrap()];
    assert!(
        at(100.5) > 15.0 && at(115.5) > 0.1 && at(125.5) < 1e-3,
        "{} {}",
        at(115.5),
        at(125.5)
    );
}

#[test]
fn unusable_fields_are_refused() {
    let bounds = Bounds2 {
        min: [0.0, 0.0],
        max: [10.0, 10.0],
    };
    assert!(HeightField::new(bounds, 0.0, 0.0).is_none());
    assert!(HeightField::new(bounds, f64::NAN, 0.0).is_none());
    assert!(HeightField::new(bounds, 1e-6, 0.0).is_none());
    assert!(HeightField::new(Bounds2::empty(), 1.0, 0.0).is_none());
    let field = HeightField::new(bounds, 3.0, 0.0).unwrap();
    assert_eq!((field.columns(), field.rows()), (4, 4));
    assert_eq!(field.index_at([12.5, 0.0]), None);
    assert_eq!(field.index_at([f64::NAN, 0.0]), None);
}
