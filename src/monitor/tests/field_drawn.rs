//! What is drawn of a field: contours of surfaces whose lines are known, gaps, outlines, profiles.

use geo_types::polygon;

use super::super::field::*;
use super::field_truth::{BOUNDS, made_up, variogram};

/// A surface of a known function.
fn known(grid: &Grid, mm: impl Fn([f64; 2]) -> Option<f64>) -> Surface {
    let cells = (0..grid.columns * grid.rows).map(|cell| {
        mm(grid.centre(cell % grid.columns, cell / grid.columns)).map(|mm| Estimate {
            mm,
            standard_error_mm: 0.1,
        })
    });
    Surface::known(grid, cells.collect()).expect("as many")
}

fn square(side_m: f64, cell_m: f64) -> Grid {
    Grid::over([[0.0, 0.0], [side_m, side_m]], cell_m).expect("a grid")
}

#[test]
fn a_slope_has_straight_lines_with_the_higher_side_on_the_left() {
    let grid = square(100.0, 2.0);
    let surface = known(&grid, |[east, north]| Some(0.1 * east + 0.05 * north));
    let lines = surface.contours(2.0).expect("lines");
    let levels: Vec<f64> = lines.iter().map(|line| line.value_mm).collect();
    assert_eq!(levels, [2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0]);
    for Contour { value_mm, line } in &lines {
        for [east, north] in line {
            assert!((0.1 * east + 0.05 * north - value_mm).abs() < 1e-9);
            assert!((1.0..=99.0).contains(east) && (1.0..=99.0).contains(north));
        }
        // East is higher: the line runs south.
        assert!(line[0][1] > line[line.len() - 1][1], "{value_mm}");
    }
    assert!(lines.iter().all(|line| !line.is_closed()));
}

#[test]
fn a_cone_has_closed_circles_around_its_top() {
    let grid = square(200.0, 2.0);
    let radius = |[east, north]: [f64; 2]| (east - 100.0_f64).hypot(north - 100.0);
    let surface = known(&grid, |place| Some(-20.0 + 0.2 * radius(place)));
    let lines = surface.contours(5.0).expect("lines");
    // The corner squares beyond 100 m have lines of their own at 0 and 5 mm.
    let closed: Vec<&Contour> = lines.iter().filter(|line| line.is_closed()).collect();
    assert_eq!(closed.len(), 3);
    for line in closed {
        let wanted_m = (line.value_mm + 20.0) / 0.2;
        for place in &line.line {
            let off_m = (radius(*place) - wanted_m).abs();
            assert!(off_m < 0.05, "{}: {off_m}", line.value_mm);
        }
        // Higher outside: it runs clockwise.
        let doubled: f64 = (line.line.windows(2))
            .map(|pair| pair[0][0] * pair[1][1] - pair[1][0] * pair[0][1])
            .sum();
        let area = std::f64::consts::PI * wanted_m * wanted_m;
        assert!((doubled / -2.0 / area - 1.0).abs() < 0.01, "{doubled}");
    }
}

#[test]
fn a_line_never_crosses_what_is_unknown() {
    let grid = square(100.0, 2.0);
    let is_hole = |[east, north]: [f64; 2]| (east - 50.0).hypot(north - 50.0) < 15.0;
    let surface = known(&grid, |place| (!is_hole(place)).then_some(0.1 * place[0]));
    let lines = surface.contours(1.0).expect("lines");
    for line in &lines {
        assert!(!line.is_closed());
        for pair in line.line.windows(2) {
            for share in [0.0, 0.25, 0.5, 0.75, 1.0] {
                let at = [0, 1].map(|axis| pair[0][axis] + share * (pair[1][axis] - pair[0][axis]));
                assert!(!is_hole(at), "{at:?}");
            }
        }
    }
    let at_5 = lines.iter().filter(|line| line.value_mm == 5.0);
    assert_eq!(at_5.count(), 2, "one below the hole and one above");
}

#[test]
fn a_saddle_and_a_plain_at_the_level_break_nothing() {
    let grid = square(40.0, 2.0);
    let saddle = known(&grid, |[east, north]| {
        Some((east - 20.0) * (north - 20.0) / 10.0)
    });
    for line in saddle.contours(1.0).expect("lines") {
        for [east, north] in &line.line {
            let mm = (east - 20.0) * (north - 20.0) / 10.0;
            assert!((mm - line.value_mm).abs() < 0.2, "{mm} {}", line.value_mm);
        }
    }
    let plain = known(&grid, |_| Some(3.0));
    assert_eq!(plain.contours(1.0), Ok(Vec::new()));
    assert_eq!(known(&grid, |_| None).contours(1.0), Ok(Vec::new()));
    let steps = known(&grid, |[east, _]| Some((east / 10.0).floor()));
    assert!(steps.contours(1.0).expect("lines").len() >= 3);
    assert_eq!(plain.contours(0.0), Err(NoContours::NoInterval));
    assert_eq!(plain.contours(f64::NAN), Err(NoContours::NoInterval));
    let fault = saddle.contours(1e-9).expect_err("too many");
    assert!(matches!(fault, NoContours::TooManyLevels { .. }), "{fault}");
}

#[test]
fn an_outline_and_its_holes_cut_the_surface() {
    let outline = polygon![
        exterior: [(x: 10.0, y: 10.0), (x: 90.0, y: 10.0), (x: 50.0, y: 90.0)],
        interiors: [[(x: 45.0, y: 20.0), (x: 55.0, y: 20.0), (x: 55.0, y: 40.0), (x: 45.0, y: 40.0)]],
    ];
    let grid = square(100.0, 1.0).within(&outline);
    let truth = variogram(Shape::Spherical, 0.3, 180.0);
    let krige = Krige::new(&made_up(1, &truth, 30, 0.2).0, truth).expect("one");
    let surface = Surface::of(&krige, &grid, f64::INFINITY);
    for row in 0..100 {
        for column in 0..100 {
            let at = grid.centre(column, row);
            let is_inside = geo::Contains::contains(&outline, &geo_types::Point::from(at));
            assert_eq!(surface.at(column, row).is_some(), is_inside, "{at:?}");
        }
    }
}

#[test]
fn nothing_is_drawn_beyond_what_was_measured() {
    let truth = variogram(Shape::Spherical, 0.3, 120.0);
    let (points, _) = made_up(5, &truth, 120, 0.3);
    let settings = FieldSettings::default();
    let field = Field::fit(&points, &settings).expect("a field");
    let grid = Grid::over([[-400.0, -400.0], [920.0, 800.0]], 8.0).expect("a grid");
    let surface = field.surface(&grid);
    let reach_m = field.krige().variogram().range_m;
    let mut told = 0;
    for row in 0..grid.rows {
        for column in 0..grid.columns {
            let at = grid.centre(column, row);
            let distances = points
                .iter()
                .map(|point| (point.position[0] - at[0]).hypot(point.position[1] - at[1]));
            let nearest_m = distances.fold(f64::INFINITY, f64::min);
            if let Some(estimate) = surface.at(column, row) {
                told += 1;
                assert!(nearest_m < 0.6 * reach_m, "{at:?}: {nearest_m} m");
                assert!(nearest_m <= settings.farthest_m, "{at:?}: {nearest_m} m");
                assert!(estimate.standard_error_mm <= field.most_error_mm());
            }
            if nearest_m > reach_m {
                assert_eq!(field.at(at), None);
            }
        }
    }
    let community = 520.0 * 400.0 / 64.0;
    assert!(f64::from(told) > 0.4 * community, "{told}");
    // Contours stand on told cells alone.
    for line in surface.contours(1.0).expect("lines") {
        for place in line.line {
            let cell =
                [0, 1].map(|axis| ((place[axis] - grid.origin[axis]) / grid.cell_m) as usize);
            assert!(surface.at(cell[0], cell[1]).is_some(), "{place:?}");
        }
    }
}

/// A smooth bowl is told far beyond the last point by its error alone.
#[test]
fn a_sheet_ends_around_what_was_measured_and_where_contours_say_nothing() {
    let truth = variogram(Shape::Gaussian, 0.05, 300.0);
    let (points, _) = made_up(9, &truth, 120, 0.1);
    let anywhere = FieldSettings {
        farthest_m: f64::INFINITY,
        ..FieldSettings::default()
    };
    let grid = Grid::over([[-200.0, -200.0], [720.0, 600.0]], 8.0).expect("a grid");
    let told = |settings: &FieldSettings| {
        let field = Field::fit(&points, settings).expect("a field");
        (field.surface(&grid), field)
    };
    let nearest_m = |at: [f64; 2]| {
        let apart = |one: &Point| (one.position[0] - at[0]).hypot(one.position[1] - at[1]);
        points.iter().map(apart).fold(f64::INFINITY, f64::min)
    };
    let farthest_m = |surface: &Surface| {
        let cells = (0..grid.rows).flat_map(|row| (0..grid.columns).map(move |c| (c, row)));
        let told = cells.filter(|(column, row)| surface.at(*column, *row).is_some());
        told.map(|(column, row)| nearest_m(grid.centre(column, row)))
            .fold(0.0, f64::max)
    };
    let (wide, _) = told(&anywhere);
    assert!(farthest_m(&wide) > 70.0, "{}", farthest_m(&wide));
    let (near, field) = told(&FieldSettings::default());
    assert_eq!(field.reach_m(), 60.0);
    assert!(
        (45.0..=60.0).contains(&farthest_m(&near)),
        "{}",
        farthest_m(&near)
    );
    for row in 0..grid.rows {
        for column in 0..grid.columns {
            let is_near = nearest_m(grid.centre(column, row)) <= 60.0;
            let expected = wide.at(column, row).filter(|_| is_near);
            let told = near.at(column, row);
            assert_eq!(told.is_some(), expected.is_some(), "{column} {row}");
        }
    }
    // No worse than a contour's interval.
    let every_mm = 0.5 * field.most_error_mm();
    let strict = near.clone().no_worse_than(every_mm);
    let field = field.no_worse_than(every_mm);
    assert_eq!(field.most_error_mm(), every_mm);
    assert!(strict.told() < near.told() && strict.told() > 0);
    let worst = strict
        .cells()
        .iter()
        .flatten()
        .map(|one| one.standard_error_mm);
    assert!(worst.fold(0.0, f64::max) <= every_mm);
    assert_eq!(field.at([-150.0, -150.0]), None);
}

#[test]
fn a_profile_has_its_steps_its_end_and_its_gaps() {
    let truth = variogram(Shape::Exponential, 0.3, 150.0);
    let (points, _) = made_up(5, &truth, 150, 0.3);
    let field = Field::fit(&points, &FieldSettings::default()).expect("a field");
    let line = [
        [100.0, 100.0],
        [400.0, 100.0],
        [400.0, 140.0],
        [400.0, 1_000.0],
    ];
    let profile = field.profile(&line, 7.0).expect("a profile");
    assert_eq!(profile.len(), 173);
    assert_eq!(profile[172].along_m, 1_200.0);
    assert_eq!(profile[172].position, [400.0, 1_000.0]);
    assert!(
        (profile[44].position[1] - 108.0).abs() < 1e-9,
        "{:?}",
        profile[44]
    );
    for at in &profile {
        assert_eq!(at.estimate, field.at(at.position));
    }
    assert!(profile[10].estimate.is_some() && profile[172].estimate.is_none());
    let exact = field.profile(&line[..2], 0.1).expect("a profile");
    assert_eq!(exact.len(), 3_001);
    let refused = |line: &[[f64; 2]], step_m| field.profile(line, step_m).expect_err("none");
    assert_eq!(refused(&line[..1], 1.0), NoProfile::NoLine);
    assert_eq!(
        refused(&[[0.0, f64::NAN], [1.0, 1.0]], 1.0),
        NoProfile::NoLine
    );
    assert_eq!(refused(&line, 0.0), NoProfile::NoStep);
    assert!(matches!(
        refused(&line, 1e-6),
        NoProfile::TooManySteps { .. }
    ));
}

#[test]
fn a_grid_that_cannot_be_is_refused() {
    let no = |bounds, cell_m| Grid::over(bounds, cell_m).expect_err("none");
    assert_eq!(no([[0.0, 0.0], [0.0, 10.0]], 1.0), NoGrid::NoBounds);
    assert_eq!(no([[0.0, f64::NAN], [10.0, 10.0]], 1.0), NoGrid::NoBounds);
    assert_eq!(
        no([[0.0, 0.0], [f64::INFINITY, 10.0]], 1.0),
        NoGrid::NoBounds
    );
    assert_eq!(no(BOUNDS, -2.0), NoGrid::NoCell);
    assert_eq!(no(BOUNDS, f64::NAN), NoGrid::NoCell);
    assert!(matches!(no(BOUNDS, 0.1), NoGrid::TooManyCells { .. }));
    assert!(matches!(no(BOUNDS, 1e-300), NoGrid::TooManyCells { .. }));
    let grid = Grid::over(BOUNDS, 2.0).expect("a grid");
    assert_eq!((grid.columns, grid.rows), (260, 200));
}
