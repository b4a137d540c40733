//! Tests of the offsets between Chinese datums, over the whole formula and at its border.

use super::*;
use proptest::prelude::*;

/// East and north metres from `a` to `b`, good to centimetres over a kilometre.
fn offset_m(a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    let phi = a.1.to_radians();
    let per_degree = 6_371_000.0_f64.to_radians();
    (
        (b.0 - a.0) * per_degree * phi.cos(),
        (b.1 - a.1) * per_degree,
    )
}

#[test]
fn offsets_at_the_north_temple_pagoda() {
    let at = Wgs84LonLat::new(120.615402, 31.324543).unwrap();
    let gcj = Gcj02LonLat::from(at);
    let (e, n) = offset_m((at.lon_deg, at.lat_deg), (gcj.lon_deg, gcj.lat_deg));
    assert!(
        (e - 397.0).abs() < 5.0 && (n + 241.0).abs() < 5.0,
        "{e} {n}"
    );
    assert!((e.hypot(n) - 464.0).abs() < 5.0);
    let bd = Bd09LonLat::from(at);
    let (e, n) = offset_m((at.lon_deg, at.lat_deg), (bd.lon_deg, bd.lat_deg));
    assert!((e.hypot(n) - 1104.0).abs() < 10.0, "{}", e.hypot(n));
}

#[test]
fn outside_china_nothing_moves() {
    let delft = Wgs84LonLat::new(4.36, 52.01).unwrap();
    assert_eq!(Gcj02LonLat::from(delft).lon_deg(), 4.36);
}

#[test]
fn nonsense_is_refused() {
    assert!(Wgs84LonLat::new(f64::NAN, 0.0).is_err());
    assert!(Wgs84LonLat::new(31.3, 120.6).is_err());
    assert!("wgs72".parse::<Datum>().is_err());
    assert_eq!("GCJ-02".parse(), Ok(Datum::Gcj02));
}

/// How far a position lies from itself after both ways there and back, metres.
fn there_and_back_m(lon: f64, lat: f64) -> f64 {
    let at = Wgs84LonLat::new(lon, lat).unwrap();
    let off = |back: Wgs84LonLat| {
        let (e, n) = offset_m((lon, lat), (back.lon_deg, back.lat_deg));
        e.hypot(n)
    };
    let gcj = off(Wgs84LonLat::from(Gcj02LonLat::from(at)));
    let bd = off(Wgs84LonLat::from(Bd09LonLat::from(at)));
    gcj.max(bd)
}

#[test]
fn round_trips_on_a_fine_grid() {
    let (mut worst_m, mut count) = (0.0_f64, 0);
    for i in 0..=660 {
        for j in 0..=550 {
            let (lon, lat) = (
                72.004 + f64::from(i) * 0.099_7,
                0.829_3 + f64::from(j) * 0.099_99,
            );
            worst_m = worst_m.max(there_and_back_m(lon.min(137.834_7), lat.min(55.827_1)));
            count += 1;
        }
    }
    assert!(worst_m < 1e-3, "{worst_m} m at {count} places");
}

proptest! {
    #[test]
    fn round_trips_to_a_micrometre(lon in 75.0..135.0f64, lat in 3.0..53.0f64) {
        prop_assert!(there_and_back_m(lon, lat) < 1e-5);
    }

    /// The formula has a kink at 105° E and jumps at its border: inside, both are passed.
    #[test]
    fn round_trips_at_kink_and_border(
        along in 0.0..1.0f64,
        inward_deg in 0.0..0.02f64,
        side in 0..5usize,
    ) {
        let lon = 72.004 + along * (137.834_7 - 72.004);
        let lat = 0.829_3 + along * (55.827_1 - 0.829_3);
        let (lon, lat) = match side {
            0 => (72.004 + inward_deg, lat),
            1 => (137.834_7 - inward_deg, lat),
            2 => (lon, 0.829_3 + inward_deg),
            3 => (lon, 55.827_1 - inward_deg),
            _ => (105.0 + (inward_deg - 0.01) * 1e-3, lat),
        };
        prop_assert!(there_and_back_m(lon, lat) < 1e-3, "{} m", there_and_back_m(lon, lat));
    }

    /// A kilometre outside nothing is ambiguous any more.
    #[test]
    fn outside_the_border_nothing_moves(lat in 1.0..55.0f64, outward_deg in 0.02..5.0f64) {
        for lon in [72.004 - outward_deg, 137.834_7 + outward_deg] {
            prop_assert!(there_and_back_m(lon, lat) < 1e-5);
        }
    }
}
