//! What the settlement field of a community costs: fitting it, its surface at cells of 2 m, contours, a
//! profile, for 50 to 400 measured points, one core; the surface on all cores, too. The reference is kriging cell by cell, as it is
//! written in a book.

use std::hint::black_box;
use std::time::{Duration, Instant};

use rayon::prelude::*;

use pingjiang::monitor::field::{
    Field, FieldSettings, Grid, Krige, Point, Shape, Surface, Variogram,
};

/// The community: 520 × 400 m.
const BOUNDS: [[f64; 2]; 2] = [[0.0, 0.0], [520.0, 400.0]];
const CELL_M: f64 = 2.0;
const RUNS: usize = 5;
/// Every so many cells the reference is asked: it takes the same time in each.
const SAMPLED: usize = 20;

fn main() {
    println!("| points | what | time | aim | kriging cell by cell |");
    println!("|---|---|---|---|---|");
    let grid = Grid::over(BOUNDS, CELL_M).expect("a grid");
    for count in [50, 200, 400] {
        let points = points(count);
        for shape in Shape::ALL {
            surface_of(&points, shape, &grid);
        }
        whole(&points, &grid);
    }
}

/// A surface with a given variogram, told in every cell, against the reference.
fn surface_of(points: &[Point], shape: Shape, grid: &Grid) {
    let variogram = Variogram {
        shape,
        nugget_mm2: 0.5,
        sill_mm2: 9.0,
        range_m: 150.0,
    };
    let krige = Krige::new(points, variogram).expect("it is positive definite");
    let time = median(|| {
        black_box(Surface::of(&krige, grid, f64::INFINITY));
    });
    let on_all_cores = median(|| {
        let bands = grid.bands(rayon::current_num_threads());
        let band = |rows| Surface::band(&krige, grid, rows, f64::INFINITY);
        let cells: Vec<_> = bands.into_par_iter().map(band).collect();
        black_box(Surface::known(grid, cells.concat()));
    });
    let began = Instant::now();
    let cells = grid.columns * grid.rows;
    for cell in (0..cells).step_by(SAMPLED) {
        black_box(krige.at(grid.centre(cell % grid.columns, cell / grid.columns)));
    }
    let one_by_one_ms = millis(began.elapsed()) * SAMPLED as f64;
    let ms = millis(time);
    println!(
        "| {} | surface, {shape:?}, {cells} cells | {ms:.1} ms | {} | {one_by_one_ms:.0} ms, {:.1} × |\n\
         | {0} | the same on all cores | {:.1} ms | {1} | |",
        points.len(),
        aim(points.len()),
        one_by_one_ms / ms,
        millis(on_all_cores)
    );
}

/// From points to what is drawn.
fn whole(points: &[Point], grid: &Grid) {
    let settings = FieldSettings::default();
    let row = |what: &str, time: Duration, aim: &str| {
        println!(
            "| {} | {what} | {:.1} ms | {aim} | |",
            points.len(),
            millis(time)
        );
    };
    let fitted = median(|| {
        black_box(Field::fit(points, &settings)).ok();
    });
    row("fit, three forms, each point left out", fitted, "");
    let field = Field::fit(points, &settings).expect("a field");
    let surface = field.surface(grid);
    let drawn = median(|| {
        let field = Field::fit(points, &settings).expect("a field");
        black_box(field.surface(grid).contours(1.0)).ok();
    });
    let what = format!(
        "fit, surface and contours, {:?}, {} cells told",
        field.krige().variogram().shape,
        surface.told()
    );
    row(&what, drawn, aim(points.len()));
    let contours = median(|| {
        black_box(surface.contours(1.0)).ok();
    });
    row("contours every mm", contours, "");
    let profile = median(|| {
        black_box(field.profile(&BOUNDS, CELL_M)).ok();
    });
    row("a profile across it, every 2 m", profile, "");
}

/// What the project asks of a community.
fn aim(points: usize) -> &'static str {
    if points == 200 { "≤ 200 ms" } else { "" }
}

/// The median of some runs.
fn median(mut run: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let began = Instant::now();
            run();
            began.elapsed()
        })
        .collect();
    times.sort();
    times[RUNS / 2]
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// Two bowls of settlement and what differs from house to house, at places in no order.
fn points(count: usize) -> Vec<Point> {
    let mut state = 9_u64;
    let mut share = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let points = (0..count).map(|_| {
        let position = [520.0 * share(), 400.0 * share()];
        let bowl = |centre: [f64; 2], width_m: f64| {
            let [east, north] = [0, 1].map(|axis| (position[axis] - centre[axis]) / width_m);
            (-(east * east + north * north)).exp()
        };
        let value_mm = -12.0 * bowl([180.0, 150.0], 110.0) - 7.0 * bowl([400.0, 300.0], 60.0);
        Point {
            position,
            value_mm: value_mm + 1.5 * (share() - 0.5),
            sigma_mm: 0.3,
        }
    });
    points.collect()
}
