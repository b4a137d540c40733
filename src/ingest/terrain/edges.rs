//! Which nodes a grid line keeps: the ends of what is seen along it, and what is needed to stay
//! within the tolerance between them. A line decides by itself alone, so the two tiles that meet
//! in it keep the same nodes and no crack opens between them.

use super::grid::Grid;

/// A stretch of a grid line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line {
    /// Whether it runs along a row.
    pub(super) is_row: bool,
    /// The row or the column that it is.
    pub(super) number: usize,
    /// First and last node along it.
    pub(super) from: usize,
    pub(super) to: usize,
}

/// A stretch of a line along which the same sides have data.
pub(super) struct Run {
    /// Data in the cells before the line (lower row or column), and behind it.
    pub(super) before: bool,
    pub(super) behind: bool,
    /// The nodes to keep, as column and row.
    pub(super) nodes: Vec<[usize; 2]>,
}

impl Line {
    fn node(&self, along: usize) -> [usize; 2] {
        if self.is_row {
            [along, self.number]
        } else {
            [self.number, along]
        }
    }

    /// Whether the cells on either side of the edge that begins at a node have data.
    fn sides(&self, grid: &Grid, along: usize) -> (bool, bool) {
        let (along, number) = (along as isize, self.number as isize);
        if self.is_row {
            (
                grid.has_cell(along, number - 1),
                grid.has_cell(along, number),
            )
        } else {
            (
                grid.has_cell(number - 1, along),
                grid.has_cell(number, along),
            )
        }
    }

    /// The runs that have data on one side at least.
    pub(super) fn runs(&self, grid: &Grid, tolerance_m: f64) -> Vec<Run> {
        let mut runs = Vec::new();
        let mut first = self.from;
        while first < self.to {
            let sides = self.sides(grid, first);
            let mut end = first + 1;
            while end < self.to && self.sides(grid, end) == sides {
                end += 1;
            }
            if sides.0 || sides.1 {
                runs.push(Run {
                    before: sides.0,
                    behind: sides.1,
                    nodes: self.kept(grid, first, end, tolerance_m),
                });
            }
            first = end;
        }
        runs
    }

    /// The ends, and between them the node that is farthest off, again and again.
    fn kept(&self, grid: &Grid, first: usize, end: usize, tolerance_m: f64) -> Vec<[usize; 2]> {
        let height_m = |along: usize| {
            let [column, row] = self.node(along);
            f64::from(grid.height_m(column, row))
        };
        let mut kept = vec![first];
        let mut open = vec![end];
        while let (Some(&low), Some(&high)) = (kept.last(), open.last()) {
            let (start_m, slope) = (
                height_m(low),
                (height_m(high) - height_m(low)) / (high - low) as f64,
            );
            let off_m = |at: usize| (height_m(at) - start_m - slope * (at - low) as f64).abs();
            let farthest = (low + 1..high).max_by(|a, b| off_m(*a).total_cmp(&off_m(*b)));
            match farthest {
                Some(at) if off_m(at) > tolerance_m => open.push(at),
                _ => {
                    kept.push(high);
                    open.pop();
                }
            }
        }
        kept.into_iter().map(|along| self.node(along)).collect()
    }
}
