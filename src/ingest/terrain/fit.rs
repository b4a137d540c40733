//! From one tile of a raster to a net of few triangles: begins with the tile's outline and takes in
//! the node that is farthest from the net until none is farther than the tolerance (greedy
//! insertion after Garland and Heckbert). Holes in the data stay holes.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use spade::handles::{FixedFaceHandle, FixedVertexHandle, InnerTag};
use spade::{ConstrainedDelaunayTriangulation, HasPosition, Point2, Triangulation};

use super::edges::Line;
use super::grid::Grid;
use crate::space::Tin;

/// Nodes of a tile: first and last column and row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) columns: [usize; 2],
    pub(super) rows: [usize; 2],
}

/// How exact a net is to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Exactness {
    /// Farthest that a node may lie from the net, metres.
    pub(super) tolerance_m: f64,
    /// Most corners of one tile; what is rougher stays less exact.
    pub(super) corners_max: usize,
}

/// A tile's net.
pub(super) struct Fitted {
    pub(super) tin: Tin,
    /// How far the farthest node lies from it where there were too many; 0 otherwise.
    pub(super) beyond_m: f64,
}

/// A node of the grid as a corner of the net.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Node([usize; 2]);

impl HasPosition for Node {
    type Scalar = f64;

    fn position(&self) -> Point2<f64> {
        Point2::new(self.0[0] as f64, self.0[1] as f64)
    }
}

type Net = ConstrainedDelaunayTriangulation<Node>;
type Face = FixedFaceHandle<InnerTag>;

/// The node of a face that is farthest off.
struct Candidate {
    off_m: f64,
    node: [usize; 2],
    face: Face,
    /// The face's age when this was found; an older one is out of date.
    age: u32,
}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_distance = self.off_m.total_cmp(&other.off_m);
        by_distance.then_with(|| other.node.cmp(&self.node))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Candidate {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Candidate {}

/// The net over a tile; `None` where it has no data.
pub(super) fn fit(grid: &Grid, window: Window, exactness: Exactness) -> Option<Fitted> {
    let mut work = Work {
        grid,
        window,
        exactness,
        net: Net::new(),
        ages: Vec::new(),
        open: BinaryHeap::new(),
    };
    work.outline();
    work.refine();
    let beyond_m = work.open.peek().map_or(0.0, |worst| worst.off_m);
    let tin = work.tin();
    (!tin.triangles.is_empty()).then_some(Fitted { tin, beyond_m })
}

struct Work<'a> {
    grid: &'a Grid,
    window: Window,
    exactness: Exactness,
    net: Net,
    ages: Vec<u32>,
    open: BinaryHeap<Candidate>,
}

impl Work<'_> {
    /// Inserts the tile's border and the borders of its holes, as edges that stay.
    fn outline(&mut self) {
        let ([west, east], [first, last]) = (self.window.columns, self.window.rows);
        let line = |is_row: bool, number: usize| {
            let (from, to) = if is_row { (west, east) } else { (first, last) };
            Line {
                is_row,
                number,
                from,
                to,
            }
        };
        for (line, is_before) in [
            (line(true, first), false),
            (line(true, last), true),
            (line(false, west), false),
            (line(false, east), true),
        ] {
            self.border(
                line,
                |before, behind| if is_before { before } else { behind },
            );
        }
        let cells = || (first..last).flat_map(|row| (west..east).map(move |column| (column, row)));
        if cells().all(|(column, row)| self.grid.has_cell(column as isize, row as isize)) {
            return;
        }
        for number in first + 1..last {
            self.border(line(true, number), |before, behind| before != behind);
        }
        for number in west + 1..east {
            self.border(line(false, number), |before, behind| before != behind);
        }
    }

    /// Inserts those runs of a line that bound what has data.
    fn border(&mut self, line: Line, bounds: impl Fn(bool, bool) -> bool) {
        // A hair less, so that rounding never puts a further node on a border.
        let tolerance_m = 0.999 * self.exactness.tolerance_m;
        for run in line.runs(self.grid, tolerance_m) {
            if !bounds(run.before, run.behind) {
                continue;
            }
            let mut last: Option<FixedVertexHandle> = None;
            for node in run.nodes {
                // Nodes are finite and small: they can always be inserted.
                let Ok(corner) = self.net.insert(Node(node)) else {
                    continue;
                };
                if let Some(last) = last
                    && self.net.can_add_constraint(last, corner)
                {
                    self.net.add_constraint(last, corner);
                }
                last = Some(corner);
            }
        }
    }

    /// Takes in the farthest node until none is too far.
    fn refine(&mut self) {
        let faces: Vec<Face> = self.net.fixed_inner_faces().collect();
        for face in faces {
            self.look_at(face);
        }
        while let Some(worst) = self.open.peek() {
            if self.ages[worst.face.index()] != worst.age {
                self.open.pop();
                continue;
            }
            if self.net.num_vertices() >= self.exactness.corners_max {
                return;
            }
            let (node, face) = (worst.node, worst.face);
            self.open.pop();
            let near = self.net.face(face).vertices()[0].fix();
            let Ok(corner) = self.net.insert_with_hint(Node(node), near) else {
                continue;
            };
            // Every face that an insertion changes has the new corner.
            let around = self.net.vertex(corner).out_edges();
            let faces: Vec<Face> = around
                .filter_map(|edge| Some(edge.face().as_inner()?.fix()))
                .collect();
            for face in faces {
                self.look_at(face);
            }
        }
    }

    fn corners_of(&self, face: Face) -> [[usize; 2]; 3] {
        self.net.face(face).vertices().map(|one| one.data().0)
    }

    /// Finds the face's farthest node.
    fn look_at(&mut self, face: Face) {
        if self.ages.len() <= face.index() {
            self.ages.resize(face.index() + 1, 0);
        }
        self.ages[face.index()] += 1;
        let corners = self.corners_of(face);
        if !self.has_data(corners) {
            return;
        }
        if let Some((off_m, node)) = farthest(self.grid, corners)
            && off_m > self.exactness.tolerance_m
        {
            self.open.push(Candidate {
                off_m,
                node,
                face,
                age: self.ages[face.index()],
            });
        }
    }

    /// Whether a face lies where the data are: edges along holes stay, so that its middle tells.
    fn has_data(&self, corners: [[usize; 2]; 3]) -> bool {
        let [column, row] = [0, 1].map(|axis| corners.iter().map(|at| at[axis]).sum::<usize>() / 3);
        self.grid.has_cell(column as isize, row as isize)
    }

    /// The faces that have data, counter-clockwise in the file's coordinates.
    fn tin(&self) -> Tin {
        let is_mirrored = self.grid.place.turn() < 0.0;
        let mut tin = Tin::default();
        let mut places = vec![u32::MAX; self.net.num_vertices()];
        for face in self.net.inner_faces() {
            let corners = face.vertices();
            if !self.has_data(corners.map(|one| one.data().0)) {
                continue;
            }
            // Corners in the order of the triangles, which is that in which a city file gives them
            // back: equal files make equal nets.
            let [a, b, c] = corners;
            let turned = if is_mirrored { [a, c, b] } else { [a, b, c] };
            tin.triangles.push(turned.map(|one| {
                let place = &mut places[one.index()];
                if *place == u32::MAX {
                    *place = tin.vertices.len() as u32;
                    let [column, row] = one.data().0;
                    tin.vertices.push(self.grid.position(column, row));
                }
                *place
            }));
        }
        tin
    }
}

/// The node inside a counter-clockwise triangle or on its edges that is farthest above or below
/// it, with its distance.
fn farthest(grid: &Grid, corners: [[usize; 2]; 3]) -> Option<(f64, [usize; 2])> {
    let [a, b, c] = corners.map(|[column, row]| [column as i64, row as i64]);
    let [ha, hb, hc] = corners.map(|[column, row]| f64::from(grid.height_m(column, row)));
    let area = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]);
    if area <= 0 {
        return None;
    }
    let (ux, uy) = ((b[0] - a[0]) as f64, (b[1] - a[1]) as f64);
    let (vx, vy) = ((c[0] - a[0]) as f64, (c[1] - a[1]) as f64);
    let by_column = ((hb - ha) * vy - (hc - ha) * uy) / area as f64;
    let by_row = ((hc - ha) * ux - (hb - ha) * vx) / area as f64;
    let rows = [a, b, c].map(|at| at[1]);
    let columns = [a, b, c].map(|at| at[0]);
    let least = |v: [i64; 3]| v[0].min(v[1]).min(v[2]);
    let most = |v: [i64; 3]| v[0].max(v[1]).max(v[2]);
    let mut best: Option<(f64, [usize; 2])> = None;
    for row in least(rows)..=most(rows) {
        let (mut west, mut east) = (least(columns), most(columns));
        for (p, q) in [(a, b), (b, c), (c, a)] {
            // The node is left of the edge where `slope * column + rest >= 0`.
            let slope = p[1] - q[1];
            let rest = (q[0] - p[0]) * (row - p[1]) - slope * p[0];
            match slope.cmp(&0) {
                Ordering::Greater => west = west.max(-rest.div_euclid(slope)),
                Ordering::Less => east = east.min(rest.div_euclid(-slope)),
                Ordering::Equal if rest < 0 => east = west - 1,
                Ordering::Equal => {}
            }
        }
        let start_m = ha + by_row * (row - a[1]) as f64;
        for column in west..=east {
            let net_m = start_m + by_column * (column - a[0]) as f64;
            let node = [column as usize, row as usize];
            let off_m = (f64::from(grid.height_m(node[0], node[1])) - net_m).abs();
            // NaN is never farther.
            if off_m > best.map_or(0.0, |(known, _)| known) {
                best = Some((off_m, node));
            }
        }
    }
    best
}
