//! Houses as a whole: points against each other, tilt against settlement, rows of houses that move together.

use proptest::prelude::*;

use super::super::*;
use super::truth::{BRICK, Truth};

fn point(x: f64, y: f64, settlement_mm: f64) -> SettledPoint {
    SettledPoint {
        position: [x, y],
        settlement_mm,
    }
}

#[test]
fn the_largest_distortion_is_told_with_its_points() {
    let told = differential(&[
        point(0.0, 0.0, 3.0),
        point(12.0, 0.0, 9.0),
        point(12.0, 8.0, 10.0),
        // Beside the first: too near to tell a slope.
        point(0.4, 0.0, 6.0),
    ])
    .expect("points that lie apart");
    assert_eq!(told.between, [0, 1]);
    assert_eq!((told.distance_m, told.difference_mm), (12.0, 6.0));
    assert!((told.distortion_permille - 0.5).abs() < 1e-12);
    let table = MonitorTable::standard();
    let (share, grade, limit) = grade_of_distortion(&told, &BRICK, &table).expect("a limit");
    assert_eq!((share, grade, limit), (0.25, MonitorGrade::Normal, 2.0));
    assert_eq!(differential(&[point(0.0, 0.0, 1.0)]), None);
    assert_eq!(
        differential(&[point(0.0, 0.0, 1.0), point(9.0, 0.0, f64::NAN)]),
        None
    );
}

#[test]
fn timber_heritage_is_not_judged_by_distortion_of_masonry() {
    let heritage = Subject {
        structure: crate::model::Structure::TimberBrick,
        protection: crate::model::Protection::Listed,
        ..BRICK
    };
    let told = differential(&[point(0.0, 0.0, 0.0), point(5.0, 0.0, 40.0)]).expect("points");
    let table = MonitorTable::standard();
    assert_eq!(grade_of_distortion(&told, &heritage, &table), None);
}

/// The rate of a sensor that moves by so much a month, over ninety days.
fn rate_of(seed: u64, per_month: [f64; 2], is_tilt: bool) -> Rate {
    let truth = Truth {
        seed,
        lean: [0.5, 0.5],
        rate_month: per_month,
        per_c: [0.0, 0.0],
        noise: if is_tilt { 0.05 } else { 0.2 },
        interval_min: 60,
        ..Truth::default()
    };
    let gauge = match is_tilt {
        true => Gauge::Tilt(Mounting::plain(TiltUnit::Permille)),
        false => Gauge::Length {
            quantity: Quantity::Settlement,
            unit: LengthUnit::Mm,
            zero: 0.0,
            scale: 1.0,
        },
    };
    let gross = MonitorTable::standard().gross(gauge.quantity());
    let mut monitor = SeriesMonitor::default();
    for mut sample in truth.readings(92) {
        if !is_tilt {
            sample.second = None;
        }
        gauge.take(&mut monitor, &sample, &gross, 480);
    }
    rate(&monitor.trend_days(), 90, &Warmth::default()).expect("ninety days")
}

#[test]
fn tilt_and_settlement_of_one_house_are_held_against_each_other() {
    // The east side of a house of 10 m sinks 6 mm a month more: 0.6 ‰ a month towards east.
    let sides = [[0.0, 0.0], [10.0, 0.0], [10.0, 8.0], [0.0, 8.0]];
    let points: Vec<([f64; 2], Rate)> = sides
        .into_iter()
        .zip(0..)
        .map(|(at, seed)| (at, rate_of(seed, [0.0, 0.6 * at[0] + 1.0], false)))
        .collect();
    let east = rate_of(9, [0.6, 0.0], true);
    let told = agreement(&east, &points, 0.3).expect("points that lie apart");
    assert!(told.agrees(), "{told:?}");
    assert!((told.settlement_permille[0] - 1.8).abs() < 0.3, "{told:?}");
    let west = agreement(&rate_of(10, [-0.6, 0.0], true), &points, 0.3).expect("points");
    assert!(!west.agrees(), "{west:?}");
    // Two points tell nothing of what lies across their line.
    let both = &points[..2];
    let north = agreement(&rate_of(11, [0.6, 2.0], true), both, 0.3).expect("two points");
    assert!(north.agrees(), "{north:?}");
    assert!(north.settlement_permille[1].abs() < 1e-9, "{north:?}");
    assert_eq!(agreement(&east, &points[..1], 0.3), None);
}

#[test]
fn a_row_that_moves_together_is_one_matter() {
    let mover = |house: u32, way: Option<[f64; 2]>| Mover { house, way };
    let east = Some([1.0, 0.1]);
    let row = [
        mover(1, east),
        mover(2, Some([3.0, -0.2])),
        mover(3, None),
        mover(4, Some([0.5, 0.2])),
        // Shares a wall with the fourth and goes the other way; the sixth stands alone.
        mover(5, Some([-1.0, 0.0])),
        mover(9, east),
    ];
    let share_wall = |one: u32, other: u32| one.abs_diff(other) == 1;
    assert_eq!(together(&row, share_wall), [vec![1, 2, 3, 4]]);
    assert!(together::<u32>(&[], |_, _| true).is_empty());
}

proptest! {
    /// No group is of one, no house stands in two, and members of one group are joined by walls.
    #[test]
    fn groups_hang_together(
        ways in prop::collection::vec(prop::option::of((-1.0..1.0_f64, -1.0..1.0_f64)), 0..12),
        walls in prop::collection::vec((0..12_usize, 0..12_usize), 0..20),
    ) {
        let movers: Vec<Mover<usize>> = ways
            .iter()
            .enumerate()
            .map(|(house, way)| Mover { house, way: way.map(|(x, y)| [x, y]) })
            .collect();
        let share = |one: usize, other: usize| {
            walls.contains(&(one, other)) || walls.contains(&(other, one))
        };
        let groups = together(&movers, share);
        let mut seen = std::collections::BTreeSet::new();
        for group in &groups {
            prop_assert!(group.len() > 1);
            for house in group {
                prop_assert!(seen.insert(*house));
                prop_assert!(group.iter().any(|other| other != house && share(*house, *other)));
            }
        }
    }

    /// Nothing panics, and what is told is a number.
    #[test]
    fn any_points_come_to_numbers_or_to_none(
        points in prop::collection::vec((any::<f64>(), -1e6..1e6_f64, any::<f64>()), 0..8),
    ) {
        let points: Vec<SettledPoint> = points.into_iter().map(|(x, y, mm)| point(x, y, mm)).collect();
        if let Some(told) = differential(&points) {
            prop_assert!(!told.distortion_permille.is_nan(), "{told:?}");
        }
    }
}
