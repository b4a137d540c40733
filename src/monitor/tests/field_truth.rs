//! How well a field does where the truth is known: fields of a known variogram, measured at some places
//! and held against others. `cargo test --no-default-features --lib -- --ignored --nocapture
//! monitor::tests::field_truth` prints the tables of docs/monitor.md.

use super::super::field::*;
use super::truth::Chance;

/// The community: 520 × 400 m.
pub const BOUNDS: [[f64; 2]; 2] = [[0.0, 0.0], [520.0, 400.0]];

/// Places all over the community, some of them along three lanes.
pub fn places(chance: &mut Chance, count: usize) -> Vec<[f64; 2]> {
    let places = (0..count).map(|number| {
        let [east, north] = [520.0 * chance.share(), 400.0 * chance.share()];
        match number % 6 {
            0 => [east, 100.0 + 4.0 * chance.share()],
            1 => [east, 270.0 + 4.0 * chance.share()],
            2 => [210.0 + 4.0 * chance.share(), north],
            _ => [east, north],
        }
    });
    places.collect()
}

/// Values of a field with this variogram at places, mm, the nugget in them.
pub fn values(chance: &mut Chance, variogram: &Variogram, places: &[[f64; 2]]) -> Vec<f64> {
    let count = places.len();
    let mut factor = vec![vec![0.0; count]; count];
    for row in 0..count {
        for column in 0..=row {
            let [one, other] = [places[row], places[column]];
            let apart_m = (one[0] - other[0]).hypot(one[1] - other[1]);
            let products = (0..column).map(|k| factor[row][k] * factor[column][k]);
            let left = products.sum::<f64>();
            factor[row][column] = if row == column {
                (variogram.sill_mm2 * (1.0 + 1e-9) - left).sqrt()
            } else {
                (variogram.covariance_mm2(apart_m) - left) / factor[column][column]
            };
        }
    }
    let normal: Vec<f64> = (0..count).map(|_| chance.normal()).collect();
    let rows = factor.iter();
    rows.map(|row| {
        row.iter()
            .zip(&normal)
            .map(|(one, other)| one * other)
            .sum()
    })
    .collect()
}

/// A settlement of −12 mm on average: measured points, and the truth elsewhere.
pub fn made_up(
    seed: u64,
    variogram: &Variogram,
    count: usize,
    sigma_mm: f64,
) -> (Vec<Point>, Vec<([f64; 2], f64)>) {
    const HELD_BACK: usize = 150;
    let mut chance = Chance::new(seed);
    let places = places(&mut chance, count + HELD_BACK);
    let values = values(&mut chance, variogram, &places);
    let mut all = places.into_iter().zip(values);
    let points = all.by_ref().take(count).map(|(position, mm)| Point {
        position,
        value_mm: mm - 12.0 + sigma_mm * chance.normal(),
        sigma_mm,
    });
    let points = points.collect();
    (points, all.map(|(place, mm)| (place, mm - 12.0)).collect())
}

pub fn variogram(shape: Shape, nugget_mm2: f64, range_m: f64) -> Variogram {
    Variogram {
        shape,
        nugget_mm2,
        sill_mm2: 9.0,
        range_m,
    }
}

/// What many fields came to.
#[derive(Default)]
struct Tally {
    fitted: u32,
    holds: u32,
    asked: u32,
    told: u32,
    within: u32,
    squares: f64,
    errors: f64,
    known_squares: f64,
    scaled: Vec<f64>,
    shapes: [u32; 3],
}

fn tally(seeds: u64, truth: &Variogram, count: usize, sigma_mm: f64) -> Tally {
    let mut tally = Tally::default();
    for seed in 0..seeds {
        let (points, held_back) = made_up(seed, truth, count, sigma_mm);
        tally.asked += held_back.len() as u32;
        // How well it does by its own errors, near points and far from them.
        let settings = FieldSettings {
            farthest_m: f64::INFINITY,
            ..FieldSettings::default()
        };
        let Ok(field) = Field::fit(&points, &settings) else {
            continue;
        };
        let known = Krige::new(&points, *truth).expect("it is one");
        tally.fitted += 1;
        tally.holds += u32::from(field.validation().holds());
        tally.scaled.push(field.scaled_by());
        let shape = field.krige().variogram().shape;
        let number = Shape::ALL.iter().position(|one| *one == shape);
        tally.shapes[number.expect("one of them")] += 1;
        for (place, mm) in held_back {
            let Some(got) = field.at(place) else {
                continue;
            };
            let off = got.mm - mm;
            tally.told += 1;
            tally.within += u32::from(off.abs() <= 1.96 * got.standard_error_mm);
            tally.squares += off * off;
            tally.errors += got.standard_error_mm.powi(2);
            tally.known_squares += (known.at(place).expect("a place").mm - mm).powi(2);
        }
    }
    tally
}

#[test]
fn intervals_hold_where_the_truth_is_known() {
    for (truth, count) in [
        (variogram(Shape::Exponential, 0.5, 200.0), 120),
        (variogram(Shape::Spherical, 0.3, 180.0), 80),
    ] {
        let tally = tally(12, &truth, count, 0.5);
        assert_eq!(tally.fitted, 12, "{truth:?}");
        let share = f64::from(tally.within) / f64::from(tally.told);
        assert!(tally.told > 600, "{truth:?}: {}", tally.told);
        assert!((0.92..=0.98).contains(&share), "{truth:?}: {share}");
    }
}

#[test]
fn noise_is_no_field() {
    let mut told = 0;
    for seed in 0..40 {
        let noise = variogram(Shape::Spherical, 9.0, 1.0);
        let (points, _) = made_up(seed, &noise, 60, 0.5);
        match Field::fit(&points, &FieldSettings::default()) {
            Err(NoField::NoStructure { mean_mm, .. }) => {
                assert!((mean_mm + 12.0).abs() < 2.0, "{mean_mm}");
            }
            Err(other) => panic!("{other}"),
            Ok(field) => {
                let grid = Grid::over(BOUNDS, 10.0).expect("a grid");
                told += field.surface(&grid).told();
            }
        }
    }
    // Of 83,200 cells.
    assert!(told < 800, "{told}");
}

#[test]
fn the_order_of_points_does_not_matter() {
    let truth = variogram(Shape::Spherical, 0.3, 180.0);
    let (mut points, _) = made_up(3, &truth, 50, 0.4);
    let first = Field::fit(&points, &FieldSettings::default()).expect("a field");
    points.reverse();
    points.swap(3, 30);
    let again = Field::fit(&points, &FieldSettings::default()).expect("a field");
    assert_eq!(first, again);
}

#[test]
#[ignore = "prints the tables of docs/monitor.md; some minutes"]
fn tables() {
    println!(
        "| truth | points | field | told | within 95 % | rmse mm | told error mm | rmse with the true variogram | scaled, median | forms | holds |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|");
    for (shape, nugget_mm2, range_m, count, sigma_mm) in [
        (Shape::Spherical, 0.5, 150.0, 200, 0.5),
        (Shape::Exponential, 0.5, 200.0, 200, 0.5),
        (Shape::Gaussian, 0.5, 150.0, 200, 0.5),
        (Shape::Exponential, 3.0, 200.0, 200, 0.5),
        (Shape::Exponential, 0.5, 200.0, 200, 2.0),
        (Shape::Exponential, 0.5, 200.0, 100, 0.5),
        (Shape::Exponential, 0.5, 200.0, 40, 0.5),
        (Shape::Exponential, 0.5, 200.0, 15, 0.5),
        (Shape::Exponential, 0.5, 200.0, 8, 0.5),
        (Shape::Exponential, 0.5, 40.0, 100, 0.5),
        (Shape::Exponential, 9.0, 40.0, 100, 0.5),
    ] {
        let truth = variogram(shape, nugget_mm2, range_m);
        let mut tally = tally(60, &truth, count, sigma_mm);
        tally.scaled.sort_by(f64::total_cmp);
        let told = f64::from(tally.told);
        println!(
            "| {shape:?}, nugget {nugget_mm2}, range {range_m} m, error {sigma_mm} mm | {count} | {} of 60 | {:.0} % | {:.1} % | {:.2} | {:.2} | {:.2} | {:.2} | {:?} | {} |",
            tally.fitted,
            100.0 * told / f64::from(tally.asked),
            100.0 * f64::from(tally.within) / told,
            (tally.squares / told).sqrt(),
            (tally.errors / told).sqrt(),
            (tally.known_squares / told).sqrt(),
            tally
                .scaled
                .get(tally.scaled.len() / 2)
                .copied()
                .unwrap_or(f64::NAN),
            tally.shapes,
            tally.holds,
        );
    }
}
