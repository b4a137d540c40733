//! The ground's height at many places: triangles of any number of nets behind a grid.
//! Used by whatever stands on terrain or is draped over it. Never changes after it is built.

use super::bounds::Bounds2;
use super::tin::{Tin, height_on};

/// Cells for each triangle, at most: memory stays a small multiple of the nets'.
const CELLS_PER_TRIANGLE: f64 = 1.0;
/// Entries in the cells' lists for each triangle, at most.
const LISTED_PER_TRIANGLE: usize = 12;
/// Most cells along a side.
const CELLS_MAX: f64 = 4_096.0;

/// Triangles by place.
#[derive(Debug, Clone)]
pub struct TinIndex {
    bounds: Bounds2,
    cell: [f64; 2],
    columns: usize,
    rows: usize,
    corners: Vec<[[f64; 3]; 3]>,
    /// Where the triangles of each cell begin in `listed`; one more than there are cells.
    begins: Vec<u32>,
    listed: Vec<u32>,
}

impl TinIndex {
    /// Indexes the nets; triangles with a coordinate that is no number are left out.
    pub fn new<'a>(tins: impl IntoIterator<Item = &'a Tin>) -> Self {
        let all = tins.into_iter().flat_map(Tin::corners);
        Self::from_corners(all.collect())
    }

    /// Indexes triangles given by their corners.
    #[must_use]
    pub fn from_corners(mut corners: Vec<[[f64; 3]; 3]>) -> Self {
        corners.retain(|triangle| triangle.iter().flatten().all(|v| v.is_finite()));
        let flat = corners.iter().flatten().map(|at| [at[0], at[1]]);
        let bounds = Bounds2::from_points(flat);
        let size = if corners.is_empty() {
            [1.0, 1.0]
        } else {
            bounds.size().map(|side| side.max(1e-9))
        };
        let cells = corners.len() as f64 * CELLS_PER_TRIANGLE;
        let side = (size[0] * size[1] / cells.max(1.0)).sqrt();
        let along = |length: f64| (length / side).ceil().clamp(1.0, CELLS_MAX) as usize;
        let (columns, rows) = (along(size[0]), along(size[1]));
        let mut index = Self {
            bounds,
            cell: [size[0] / columns as f64, size[1] / rows as f64],
            columns,
            rows,
            corners,
            begins: vec![0; columns * rows + 1],
            listed: Vec::new(),
        };
        index.coarsen();
        index.fill();
        index
    }

    /// Takes larger cells until the lists are in proportion to the triangles: many large triangles
    /// over each other would otherwise be listed everywhere.
    fn coarsen(&mut self) {
        let allowed = self.corners.len().saturating_mul(LISTED_PER_TRIANGLE);
        while self.columns * self.rows > 1 {
            let listed = self.corners.iter().map(|triangle| {
                let ((west, east), (south, north)) = self.span_of(triangle);
                (east - west + 1) * (north - south + 1)
            });
            if listed.sum::<usize>() <= allowed {
                return;
            }
            let size = [
                self.cell[0] * self.columns as f64,
                self.cell[1] * self.rows as f64,
            ];
            self.columns = (self.columns / 2).max(1);
            self.rows = (self.rows / 2).max(1);
            self.cell = [size[0] / self.columns as f64, size[1] / self.rows as f64];
            self.begins = vec![0; self.columns * self.rows + 1];
        }
    }

    /// Counts the triangles of each cell, then lists them.
    fn fill(&mut self) {
        let corners = std::mem::take(&mut self.corners);
        for triangle in &corners {
            for cell in self.cells_of(triangle) {
                self.begins[cell + 1] += 1;
            }
        }
        for cell in 1..self.begins.len() {
            self.begins[cell] += self.begins[cell - 1];
        }
        let mut next = self.begins.clone();
        self.listed = vec![0; self.begins[self.begins.len() - 1] as usize];
        for (number, triangle) in (0..).zip(&corners) {
            for cell in self.cells_of(triangle) {
                self.listed[next[cell] as usize] = number;
                next[cell] += 1;
            }
        }
        self.corners = corners;
    }

    /// The cells that a triangle's box touches.
    fn cells_of(&self, triangle: &[[f64; 3]; 3]) -> impl Iterator<Item = usize> + use<> {
        let ((west, east), (south, north)) = self.span_of(triangle);
        let columns = self.columns;
        (south..=north).flat_map(move |row| (west..=east).map(move |column| row * columns + column))
    }

    /// First and last column, first and last row of the cells that a triangle's box touches.
    fn span_of(&self, triangle: &[[f64; 3]; 3]) -> ((usize, usize), (usize, usize)) {
        let span = |axis: usize, count: usize| {
            let at = triangle.map(|corner| corner[axis]);
            let place = |v: f64| self.place(axis, count, v);
            let low = at.into_iter().fold(f64::INFINITY, f64::min);
            let high = at.into_iter().fold(f64::NEG_INFINITY, f64::max);
            (place(low), place(high))
        };
        (span(0, self.columns), span(1, self.rows))
    }

    fn place(&self, axis: usize, count: usize, v: f64) -> usize {
        let exact = (v - self.bounds.min[axis]) / self.cell[axis];
        exact.clamp(0.0, (count - 1) as f64) as usize
    }

    /// Whether there is no triangle.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.corners.is_empty()
    }

    /// Every triangle by its corners.
    #[must_use]
    pub fn corners(&self) -> &[[[f64; 3]; 3]] {
        &self.corners
    }

    /// What the triangles cover; empty of none.
    #[must_use]
    pub fn bounds(&self) -> Bounds2 {
        self.bounds
    }

    /// Height of the ground at a place, metres; `None` where there is none. Where nets lie over
    /// each other it is the highest: what stands there must not sink into what is seen.
    #[must_use]
    pub fn height_at(&self, at: [f64; 2]) -> Option<f64> {
        if self.is_empty() || !self.bounds.contains(at) {
            return None;
        }
        let cell =
            self.place(1, self.rows, at[1]) * self.columns + self.place(0, self.columns, at[0]);
        let listed = self.begins[cell] as usize..self.begins[cell + 1] as usize;
        let triangles = self.listed[listed].iter();
        let heights = triangles.filter_map(|number| height_on(&self.corners[*number as usize], at));
        heights.reduce(f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_has_no_height() {
        let index = TinIndex::new([]);
        assert!(index.is_empty());
        assert_eq!(index.height_at([0.0, 0.0]), None);
        let line = Tin::from_triangles(&[[[0.; 3], [1., 0., 0.], [2., 0., 0.]]]);
        assert_eq!(TinIndex::new([&line]).height_at([1.0, 0.0]), None);
    }

    proptest! {
        #[test]
        fn the_grid_finds_what_all_triangles_give(
            corners in prop::collection::vec(
                prop::array::uniform3(prop::array::uniform3(-50.0..50.0f64)), 1..40),
            places in prop::collection::vec(prop::array::uniform2(-60.0..60.0f64), 1..40),
        ) {
            let net = Tin::from_triangles(&corners);
            let index = TinIndex::new([&net]);
            for at in places.into_iter().chain(net.vertices.iter().map(|at| [at[0], at[1]])) {
                prop_assert_eq!(index.height_at(at), net.height_at(at));
            }
        }
    }
}
