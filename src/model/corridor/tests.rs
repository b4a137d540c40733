//! Lanes in pieces, canals with banks.

use geo_types::{Coord, LineString, polygon};

use super::*;
use crate::base::ImportId;
use crate::model::{CityInfo, RoadKind, Source, WaterKind};

fn source() -> Source {
    Source {
        dataset: "test".into(),
        key: String::new(),
        import: ImportId::from_bits(1),
    }
}

fn ground(lanes: &[(&str, &[[f64; 2]])], water: &[(&str, Polygon<f64>)]) -> Ground {
    let mut ground = Ground::new(CityInfo {
        name_zh: "试".into(),
        name_en: "Test".into(),
        crs: "EPSG:4549".into(),
        vertical_datum: "not stated".into(),
        utc_offset_minutes: 480,
        synthetic: true,
    });
    for (number, (name, line)) in (0..).zip(lanes) {
        let road = Road {
            id: RoadId::from_bits(number),
            source: source(),
            name: Some((*name).to_owned()),
            kind: RoadKind::Lane,
            line: LineString(line.iter().map(|at| Coord { x: at[0], y: at[1] }).collect()),
            width_m: 4.0,
            surfaces: Vec::new(),
        };
        ground.put(road.into());
    }
    for (number, (name, polygon)) in (0..).zip(water) {
        let water = Water {
            id: WaterId::from_bits(number),
            source: source(),
            name: Some((*name).to_owned()),
            kind: WaterKind::Canal,
            polygon: polygon.clone(),
            level_m: 1.0,
        };
        ground.put(water.into());
    }
    ground
}

fn beside(distance_m: f64, chainage_m: f64, side: Side) -> Option<Beside> {
    Some(Beside {
        distance_m,
        chainage_m,
        side,
    })
}

#[test]
fn pieces_of_a_lane_are_one_lane() {
    // Drawn in any order and direction, with a metre between them at a junction, and one piece
    // further off.
    let ground = ground(
        &[
            ("观前街", &[[101.0, 0.0], [200.0, 0.0]]),
            ("观前街", &[[100.0, 0.0], [0.0, 0.0]]),
            ("别的", &[[0.0, 5.0], [200.0, 5.0]]),
            ("观前街", &[[250.0, 0.0], [300.0, 0.0]]),
        ],
        &[],
    );
    let street = Corridor::of(&ground, Along::RoadsNamed("观前街")).expect("a street");
    assert_eq!(street.lines().count(), 2);
    assert_eq!(street.length_m(), 250.0);
    assert_eq!(
        street.beside([30.0, 7.0], 10.0),
        beside(5.0, 30.0, Side::Left)
    );
    assert_eq!(
        street.beside([150.0, -3.0], 10.0),
        beside(1.0, 150.0, Side::Right)
    );
    assert_eq!(
        street.beside([150.0, 1.0], 10.0),
        beside(0.0, 150.0, Side::On)
    );
    // Behind a gap the metres of the gap count.
    assert_eq!(
        street.beside([260.0, 3.0], 10.0),
        beside(1.0, 260.0, Side::Left)
    );
    assert_eq!(street.beside([30.0, 13.0], 10.0), None);
    assert_eq!(street.beside([f64::NAN, 0.0], 10.0), None);
    assert!(street.bounds(10.0).contains([310.0, 12.0]));
    // One road by itself keeps its direction: this one runs west.
    let one = Corridor::of(&ground, Along::Road(RoadId::from_bits(1))).expect("a road");
    assert_eq!(
        one.beside([30.0, 7.0], 10.0),
        beside(5.0, 70.0, Side::Right)
    );
    assert!(Corridor::of(&ground, Along::RoadsNamed("无")).is_none());
    assert!(Corridor::of(&ground, Along::Road(RoadId::from_bits(9))).is_none());
}

#[test]
fn outlines_are_measured_from_their_nearest_wall() {
    let lane: &[[f64; 2]] = &[[0.0, 0.0], [0.0, 100.0], [50.0, 100.0]];
    let ground = ground(&[("大儒巷", lane)], &[]);
    let lane = Corridor::of(&ground, Along::RoadsNamed("大儒巷")).expect("a lane");
    let house = |x: f64, y: f64| polygon![(x: x, y: y), (x: x + 9., y: y), (x: x + 9., y: y + 9.), (x: x, y: y + 9.)];
    let east = lane.beside_outline(&house(5.0, 40.0), 20.0).expect("near");
    assert_eq!((east.distance_m, east.side), (3.0, Side::Right));
    assert!((40.0..=49.0).contains(&east.chainage_m));
    let across = lane
        .beside_outline(&house(-4.0, 40.0), 20.0)
        .expect("on it");
    assert_eq!((across.distance_m, across.side), (0.0, Side::On));
    let over_the_kerb = lane.beside_outline(&house(1.8, 40.0), 20.0).expect("at it");
    assert_eq!(
        (over_the_kerb.distance_m, over_the_kerb.side),
        (0.0, Side::Right)
    );
    let around = lane.beside_outline(
        &polygon![(x: -500., y: -500.), (x: 500., y: -500.), (x: 0., y: 900.)],
        1.0,
    );
    assert_eq!(around.map(|one| one.side), Some(Side::On));
    assert_eq!(lane.beside_outline(&house(25.0, 40.0), 20.0), None);
}

#[test]
fn canals_are_measured_from_their_banks() {
    let piece = |from: f64, to: f64| polygon![(x: from, y: 0.), (x: to, y: 0.), (x: to, y: 8.), (x: from, y: 8.)];
    let ground = ground(
        &[],
        &[("平江", piece(0.0, 100.0)), ("平江", piece(100.5, 200.0))],
    );
    let canal = Corridor::of(&ground, Along::WaterNamed("平江")).expect("a canal");
    let north = canal.beside([150.0, 11.0], 10.0).expect("near");
    assert_eq!((north.distance_m, north.side), (3.0, Side::Left));
    assert!((north.chainage_m - 150.0).abs() < 1.0, "{north:?}");
    let wet = canal.beside([20.0, 1.0], 10.0).expect("in it");
    assert_eq!((wet.distance_m, wet.side), (0.0, Side::On));
    let one = Corridor::of(&ground, Along::Water(WaterId::from_bits(1))).expect("a piece");
    assert!((one.length_m() - 99.5).abs() < 1.0);
    let house = polygon![(x: 20., y: -9.), (x: 30., y: -9.), (x: 30., y: -4.), (x: 20., y: -4.)];
    let south = canal.beside_outline(&house, 10.0).expect("near");
    assert_eq!((south.distance_m, south.side), (4.0, Side::Right));
    for over_m in [0.0, 0.2] {
        let straight =
            polygon![(x: 20., y: -9.), (x: 30., y: -9.), (x: 30., y: over_m), (x: 20., y: over_m)];
        let straight = canal.beside_outline(&straight, 10.0).expect("at it");
        assert_eq!((straight.distance_m, straight.side), (0.0, Side::Right));
    }
    let pavilion = polygon![(x: 20., y: 1.), (x: 26., y: 1.), (x: 26., y: 3.), (x: 20., y: 3.)];
    let pavilion = canal.beside_outline(&pavilion, 10.0).expect("in it");
    assert_eq!((pavilion.distance_m, pavilion.side), (0.0, Side::On));
}

#[test]
fn bad_lines_are_none() {
    let nan = f64::NAN;
    let none = polygon![(x: nan, y: 0.), (x: 1., y: 0.), (x: 1., y: 1.)];
    let flat = polygon![(x: 0., y: 0.), (x: 0., y: 0.), (x: 0., y: 0.)];
    let ground = ground(
        &[
            ("坏", &[[0.0, nan], [1.0, 1.0]]),
            ("坏", &[[2.0, 2.0]]),
            ("坏", &[]),
        ],
        &[("坏", none), ("坏", flat)],
    );
    for number in 0..3 {
        assert!(Corridor::of(&ground, Along::Road(RoadId::from_bits(number))).is_none());
    }
    assert!(Corridor::of(&ground, Along::RoadsNamed("坏")).is_none());
    assert!(Corridor::of(&ground, Along::WaterNamed("坏")).is_none());
}
