//! Rows of trees (`natural=tree_row`): OpenStreetMap has the line, the city has trees. Used by
//! `assemble`.

use super::super::raw::{Position, RawShape};
use super::element::{Tags, tag};

/// Metres between two trees of a row.
const STEP_M: f64 = 6.0;
/// A row of more is a fault in the data, not an avenue.
const TREES_MAX: usize = 5_000;
/// Metres in a degree of latitude.
const DEGREE_M: f64 = 111_195.0;

/// Puts trees along the lines of a row, and takes the lines away; other ways stay as they are.
pub(super) fn plant(tags: &Tags, shape: &mut RawShape) {
    if tag(tags, "natural") != Some("tree_row") {
        return;
    }
    let mut trees = Vec::new();
    for line in std::mem::take(&mut shape.lines) {
        along(&line, &mut trees);
    }
    shape.points = trees;
}

fn along(line: &[Position], trees: &mut Vec<Position>) {
    trees.extend(line.first());
    let mut left_m = STEP_M;
    for (a, b) in line.iter().zip(line.iter().skip(1)) {
        let east_m = (b[0] - a[0]) * DEGREE_M * a[1].to_radians().cos();
        let length_m = east_m.hypot((b[1] - a[1]) * DEGREE_M);
        let mut at_m = left_m;
        while at_m <= length_m && trees.len() < TREES_MAX {
            let share = at_m / length_m;
            let on = |axis: usize| a[axis] + share * (b[axis] - a[axis]);
            trees.push([on(0), on(1), 0.0]);
            at_m += STEP_M;
        }
        left_m = (at_m - length_m).max(0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_six_metres_around_corners_too() {
        let degree = |metres: f64| metres / DEGREE_M;
        let mut shape = RawShape {
            lines: vec![vec![
                [0.0; 3],
                [degree(10.0), 0.0, 0.0],
                [degree(10.0), degree(9.0), 0.0],
            ]],
            ..RawShape::default()
        };
        let tags = vec![("natural".to_owned(), "tree_row".to_owned())];
        plant(&tags, &mut shape);
        let metres: Vec<[i64; 2]> = shape
            .points
            .iter()
            .map(|at| [at[0], at[1]].map(|v| (v * DEGREE_M).round() as i64))
            .collect();
        assert_eq!(metres, [[0, 0], [6, 0], [10, 2], [10, 8]]);
        assert!(shape.lines.is_empty());
    }
}
