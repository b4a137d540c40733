//! Kriging, leaving out and variograms against gstools (`tests/data/monitor/field.py`), and the fast
//! ways against the slow ones.

use serde::Deserialize;

use super::super::field::*;
use super::field_truth::places;
use super::truth::Chance;

#[derive(Deserialize)]
struct Oracle {
    kriging: Vec<Case>,
    variograms: Vec<Shown>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    variogram: Variogram,
    points: Vec<Point>,
    asked: Vec<[f64; 2]>,
    mm: Vec<f64>,
    standard_error_mm: Vec<f64>,
    rmse_mm: f64,
    mean_standardised: f64,
    mean_squared_standardised: f64,
    share_within_95: f64,
}

#[derive(Deserialize)]
struct Shown {
    name: String,
    points: Vec<Point>,
    lags: Vec<Lag>,
    least_off: std::collections::BTreeMap<Shape, f64>,
}

fn oracle() -> Oracle {
    let text = include_str!("../../../tests/data/monitor/field.json");
    serde_json::from_str(text).expect("the fixture")
}

fn near(name: &str, what: &str, got: f64, want: f64) {
    let off = (got - want).abs();
    assert!(
        off < 1e-7 * want.abs().max(1.0),
        "{name}, {what}: {got}, gstools {want}"
    );
}

#[test]
fn estimates_and_standard_errors_are_those_of_gstools() {
    let cases = oracle().kriging;
    assert!(cases.len() >= 6);
    for case in cases {
        let krige = Krige::new(&case.points, case.variogram).expect(&case.name);
        let wanted = case.mm.iter().zip(&case.standard_error_mm);
        for (position, (mm, error)) in case.asked.iter().zip(wanted) {
            let got = krige.at(*position).expect("a place");
            near(&case.name, "mm", got.mm, *mm);
            // A root of what is nought but for rounding.
            if *error > 1e-5 || got.standard_error_mm > 1e-5 {
                near(&case.name, "error", got.standard_error_mm, *error);
            }
        }
        assert_eq!(krige.at([f64::NAN, 0.0]), None);
    }
}

#[test]
fn leaving_out_at_once_is_leaving_out_one_by_one() {
    for case in oracle().kriging {
        let krige = Krige::new(&case.points, case.variogram).expect(&case.name);
        let got = CrossValidation::of(&krige).expect("enough");
        let check = |what, got, want| near(&case.name, what, got, want);
        check("rmse", got.rmse_mm, case.rmse_mm);
        check("mean", got.mean_standardised, case.mean_standardised);
        check(
            "squares",
            got.mean_squared_standardised,
            case.mean_squared_standardised,
        );
        check("within", got.share_within_95, case.share_within_95);
        // And by our own kriging.
        let count = case.points.len();
        let squares = (0..count).map(|index| {
            let mut rest = case.points.clone();
            let left = rest.remove(index);
            let others = Krige::new(&rest, case.variogram).expect("still");
            (left.value_mm - others.at(left.position).expect("a place").mm).powi(2)
        });
        let rmse_mm = (squares.sum::<f64>() / count as f64).sqrt();
        check("rmse by our own", got.rmse_mm, rmse_mm);
    }
}

#[test]
fn experimental_variograms_are_those_of_gstools() {
    for shown in oracle().variograms {
        let lags = experimental(&shown.points);
        assert_eq!(lags.len(), shown.lags.len(), "{}", shown.name);
        for (got, want) in lags.iter().zip(&shown.lags) {
            assert_eq!(got.pairs, want.pairs, "{}", shown.name);
            near(&shown.name, "distance", got.distance_m, want.distance_m);
            let (got, want) = (got.semivariance_mm2, want.semivariance_mm2);
            near(&shown.name, "semivariance", got, want);
        }
    }
}

#[test]
fn fits_are_nearly_as_near_as_can_be() {
    for shown in oracle().variograms {
        for (shape, least) in &shown.least_off {
            let model = fit(&shown.lags, *shape).expect("structured");
            let off: f64 = (shown.lags.iter())
                .map(|lag| {
                    let told = model.semivariance_mm2(lag.distance_m);
                    lag.pairs as f64 * (lag.semivariance_mm2 / told - 1.0).powi(2)
                })
                .sum();
            let name = &shown.name;
            assert!(
                off < 1.1 * least,
                "{name}, {shape:?}: {off}, scipy {least}, {model:?}"
            );
        }
    }
}

#[test]
fn a_model_is_found_again_from_what_it_says() {
    for shape in Shape::ALL {
        for (nugget_mm2, range_m) in [(0.5, 60.0), (2.0, 150.0), (0.01, 260.0)] {
            let truth = Variogram {
                shape,
                nugget_mm2,
                sill_mm2: 6.0,
                range_m,
            };
            let lags: Vec<Lag> = (1..=15)
                .map(|number| {
                    let distance_m = f64::from(number) * 20.0;
                    Lag {
                        distance_m,
                        semivariance_mm2: truth.semivariance_mm2(distance_m),
                        pairs: 40,
                    }
                })
                .collect();
            let got = fit(&lags, shape).expect("structured");
            let near = |got: f64, want: f64| (got - want).abs() < 1e-3 * want.max(1.0);
            let is_found = near(got.nugget_mm2, truth.nugget_mm2)
                && near(got.sill_mm2, truth.sill_mm2)
                && near(got.range_m, truth.range_m);
            assert!(is_found, "{truth:?}: {got:?}");
        }
    }
}

#[test]
fn our_exponential_is_that_of_the_machine() {
    for number in 0..200_000 {
        let share = f64::from(number) * 0.001_234_567;
        let (got, want) = (Shape::Exponential.correlation(share), (-3.0 * share).exp());
        assert!(
            (got - want).abs() <= (2e-15 + 1e-15 * share) * want + 1e-299,
            "{share}: {got}, {want}"
        );
    }
    assert_eq!(Shape::Exponential.correlation(0.0), 1.0);
    assert_eq!(Shape::Gaussian.correlation(1e200), 0.0);
    assert_eq!(Shape::Exponential.correlation(f64::INFINITY), 0.0);
}

#[test]
fn a_surface_is_what_kriging_says_in_each_cell() {
    for case in oracle().kriging {
        let krige = Krige::new(&case.points, case.variogram).expect(&case.name);
        for cell_m in [3.0, 11.0] {
            let worst = worst_share(&case.name, &krige, cell_m);
            println!("{}, {cell_m} m: {:.3} %", case.name, worst * 100.0);
            // To 1 % of the field's standard deviation.
            assert!(worst <= 0.01, "{}, {cell_m} m: {worst}", case.name);
        }
    }
}

/// How far standard errors of a surface are off, as a share of the field's standard deviation.
fn worst_share(name: &str, krige: &Krige, cell_m: f64) -> f64 {
    let grid = Grid::over([[-31.0, -17.0], [540.0, 433.0]], cell_m).expect("a grid");
    let surface = Surface::of(krige, &grid, f64::INFINITY);
    assert_eq!(surface.told(), grid.columns * grid.rows);
    let mut worst = 0.0_f64;
    for row in 0..grid.rows {
        for column in 0..grid.columns {
            let got = surface.at(column, row).expect("told");
            let want = krige.at(grid.centre(column, row)).expect("a place");
            near(name, "cell", got.mm, want.mm);
            worst = worst.max((got.standard_error_mm - want.standard_error_mm).abs());
        }
    }
    worst / krige.variogram().sill_mm2.sqrt()
}

#[test]
fn standard_errors_of_a_community_are_within_a_hundredth() {
    for (number, shape) in Shape::ALL.into_iter().enumerate() {
        for nugget_mm2 in [0.0, 0.5, 4.0] {
            let truth = Variogram {
                shape,
                nugget_mm2,
                sill_mm2: 9.0,
                range_m: 150.0,
            };
            let mut chance = Chance::new(number as u64);
            let points: Vec<Point> = (places(&mut chance, 120).into_iter())
                .map(|position| Point {
                    position,
                    value_mm: 10.0 * chance.share(),
                    sigma_mm: 0.3,
                })
                .collect();
            let krige = Krige::new(&points, truth).expect("one");
            let worst = worst_share("community", &krige, 3.0);
            assert!(worst <= 0.01, "{truth:?}: {worst}");
        }
    }
}

#[test]
fn bands_of_a_surface_are_the_surface() {
    for case in oracle().kriging {
        let krige = Krige::new(&case.points, case.variogram).expect(&case.name);
        let grid = Grid::over([[-31.0, -17.0], [540.0, 433.0]], 5.0).expect("a grid");
        let most_mm = 0.8 * case.variogram.sill_mm2.sqrt();
        let whole = Surface::of(&krige, &grid, most_mm);
        for count in [1, 2, 3, 50] {
            let bands = grid.bands(count);
            assert!(!bands.is_empty() && bands.len() <= count);
            let cells = bands.into_iter();
            let cells = cells.flat_map(|rows| Surface::band(&krige, &grid, rows, most_mm));
            assert_eq!(
                Surface::known(&grid, cells.collect()).as_ref(),
                Some(&whole)
            );
        }
    }
}
