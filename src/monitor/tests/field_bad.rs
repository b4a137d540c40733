//! What cannot be a field, and anything that may come: a reason, never a panic and never a nought.

use proptest::prelude::*;

use super::super::field::*;
use super::field_truth::{BOUNDS, made_up, variogram};

fn point(east: f64, north: f64, value_mm: f64, sigma_mm: f64) -> Point {
    Point {
        position: [east, north],
        value_mm,
        sigma_mm,
    }
}

fn why(points: &[Point]) -> NoField {
    let field = Field::fit(points, &FieldSettings::default());
    field
        .map(|field| *field.krige().variogram())
        .expect_err("no field")
}

/// A lattice of places.
fn lattice(side: u32, value: impl Fn(f64, f64) -> f64) -> Vec<Point> {
    let places = (0..side * side).map(|number| {
        let [east, north] = [number % side, number / side].map(|step| f64::from(step) * 30.0);
        point(east, north, value(east, north), 0.0)
    });
    places.collect()
}

#[test]
fn each_bad_input_is_told_with_its_reason() {
    assert_eq!(why(&[]), NoField::NoReadings);
    let missing = lattice(5, |_, _| f64::NAN);
    assert_eq!(why(&missing), NoField::NoReadings);
    let two = [point(0.0, 0.0, 1.0, 0.1), point(9.0, 0.0, 2.0, 0.1)];
    assert_eq!(
        why(&two),
        NoField::TooFewPoints {
            points: 2,
            least: 8
        }
    );
    let same = vec![point(3.0, 3.0, -2.0, 0.1); 40];
    assert_eq!(
        why(&same),
        NoField::TooFewPoints {
            points: 1,
            least: 8
        }
    );
    assert_eq!(
        why(&lattice(5, |_, _| -3.0)),
        NoField::Constant { mm: -3.0 }
    );
    assert_eq!(why(&lattice(5, |_, _| 0.0)), NoField::Constant { mm: 0.0 });
    let many = lattice(40, |east, _| east);
    assert_eq!(
        why(&many),
        NoField::TooManyPoints {
            points: 1_600,
            most: MOST_POINTS
        }
    );
    // A board of chess: neighbours differ most.
    let chess = lattice(8, |east, north| ((east + north) / 30.0 % 2.0) * 5.0);
    assert!(
        matches!(why(&chess), NoField::NoStructure { .. }),
        "{:?}",
        why(&chess)
    );
}

#[test]
fn values_that_differ_by_no_more_than_their_errors_are_no_field() {
    let mut told = 0;
    for seed in 0..20 {
        let mut flat = made_up(seed, &variogram(Shape::Spherical, 9.0, 1.0), 40, 0.0).0;
        flat.iter_mut().for_each(|point| point.sigma_mm = 3.0);
        match Field::fit(&flat, &FieldSettings::default()) {
            Err(reason) => assert!(matches!(reason, NoField::NoStructure { .. }), "{reason}"),
            // What looks like one by chance is nearly everywhere too unsure to be drawn.
            Ok(field) => {
                let grid = Grid::over(BOUNDS, 8.0).expect("a grid");
                told += field.surface(&grid).told();
            }
        }
    }
    // Of 65,000 cells.
    println!("{told}");
    assert!(told < 650, "{told}");
}

#[test]
fn a_variogram_that_is_not_positive_definite_is_refused() {
    let points = lattice(5, |east, north| east * 0.1 - north * 0.03);
    let truth = variogram(Shape::Spherical, 0.5, 100.0);
    let refused = |change: &dyn Fn(&mut Variogram)| {
        let mut variogram = truth;
        change(&mut variogram);
        Krige::new(&points, variogram) == Err(NoField::NotPositiveDefinite)
    };
    assert!(!refused(&|_| {}));
    assert!(refused(&|it| it.nugget_mm2 = -0.1));
    assert!(refused(&|it| it.nugget_mm2 = 10.0));
    assert!(refused(&|it| it.sill_mm2 = 0.0));
    assert!(refused(&|it| it.sill_mm2 = f64::NAN));
    assert!(refused(&|it| it.range_m = 0.0));
    assert!(refused(&|it| it.range_m = f64::INFINITY));
    // As smooth as can be, without a nugget, over a long range: one row is nearly the next.
    assert!(refused(&|it| {
        (it.shape, it.nugget_mm2, it.range_m) = (Shape::Gaussian, 0.0, 5_000.0);
    }));
}

#[test]
fn points_at_one_place_become_one_by_their_errors() {
    let all = [
        point(5.0, 5.0, 2.0, 0.1),
        point(5.05, 5.0, 2.2, 0.2),
        point(0.0, 0.0, 1.0, 0.0),
        point(f64::NAN, 0.0, 1.0, 0.0),
        point(0.0, 9.0, 1.0, -1.0),
        point(0.0, 9.0, 1e9, 1.0),
        point(0.0, 30.0, 1.0, 0.1),
        point(0.0, 30.0, 3.0, 0.1),
    ];
    let Gathered {
        points,
        unusable,
        merged,
    } = gather(&all);
    assert_eq!((points.len(), unusable, merged), (3, 3, 2));
    assert_eq!(points[0], all[2]);
    // They differ by more than they say: the error is that of their difference.
    assert!((points[1].value_mm - 2.0).abs() < 1e-12);
    assert!((points[1].sigma_mm - 1.0).abs() < 1e-12, "{:?}", points[1]);
    assert!((points[2].value_mm - 2.04).abs() < 1e-12);
    assert!((points[2].sigma_mm - 0.008_f64.sqrt()).abs() < 1e-12);
}

#[test]
fn one_odd_house_is_told_and_not_smoothed_away() {
    let truth = variogram(Shape::Exponential, 0.2, 300.0);
    let (mut points, _) = made_up(7, &truth, 100, 0.2);
    points[40].value_mm -= 30.0;
    let field = Field::fit(&points, &FieldSettings::default()).expect("a field");
    let (odd, standardised) = field.validation().odd[0];
    assert_eq!(odd, points[40]);
    assert!(standardised < -5.0, "{standardised}");
}

#[test]
fn reasons_can_be_written_and_read() {
    let reason = NoField::TooFewPoints {
        points: 2,
        least: 8,
    };
    let text = serde_json::to_string(&reason).expect("written");
    assert_eq!(text, r#"{"why":"too_few_points","points":2,"least":8}"#);
    assert_eq!(
        serde_json::from_str::<NoField>(&text).expect("read"),
        reason
    );
}

fn number(usual: std::ops::Range<f64>) -> impl Strategy<Value = f64> {
    prop_oneof![16 => usual, 1 => -1e300..1e300, 1 => any::<f64>(), 1 => Just(0.0)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Whatever is measured: a field whose every figure is one, or a reason.
    #[test]
    fn any_points_come_to_a_field_or_to_a_reason(
        raw in prop::collection::vec(
            (number(0.0..520.0), number(0.0..400.0), number(-30.0..5.0), number(0.0..2.0)),
            0..40,
        ),
        is_twice in any::<bool>(),
        slope in number(-0.1..0.1),
        cell_m in number(1.0..40.0),
        interval_mm in number(0.5..5.0),
    ) {
        let mut points: Vec<Point> = (raw.into_iter())
            .map(|(east, north, mm, sigma)| point(east, north, mm + slope * east, sigma))
            .collect();
        if is_twice {
            points.extend(points.clone());
        }
        let Ok(field) = Field::fit(&points, &FieldSettings::default()) else {
            return Ok(());
        };
        prop_assert!(field.krige().variogram().is_valid());
        let told = |estimate: Estimate| {
            estimate.mm.is_finite()
                && (0.0..=field.most_error_mm()).contains(&estimate.standard_error_mm)
        };
        prop_assert!(field.validation().rmse_mm.is_finite());
        for point in &points {
            prop_assert!(field.at(point.position).is_none_or(told));
        }
        if let Ok(grid) = Grid::over([[-20.0, -20.0], [540.0, 420.0]], cell_m.max(8.0)) {
            let surface = field.surface(&grid);
            prop_assert!(surface.cells().iter().flatten().all(|estimate| told(*estimate)));
            for line in surface.contours(interval_mm).unwrap_or_default() {
                prop_assert!(line.line.len() > 1 && line.line.iter().flatten().all(|m| m.is_finite()));
            }
        }
        let line = [[0.0, 0.0], [slope * 1e4, 300.0]];
        prop_assert!(field.profile(&line, cell_m).unwrap_or_default().len() <= MOST_STEPS);
    }
}
