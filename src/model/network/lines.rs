//! The centre lines of the roads as the network takes them up, and a count of those it cannot.
//! Used by `Network::of`. Never joins two roads.

use std::sync::Arc;

use crate::model::{Ground, Road, RoadKind};
use crate::space;

use super::index::Piece;
use super::{Made, RoadName};

/// No coordinate of a city's CRS is further from zero; metres.
const COORDINATE_MAX_M: f64 = 1e9;

/// A centre line, or a piece that was put in to bridge a gap in front of one.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// Place in the list of roads.
    pub(super) road: u32,
    pub(super) kind: RoadKind,
    pub(super) width_m: f64,
    /// Two places at least, neighbours differ.
    pub(super) points: Vec<[f64; 2]>,
    /// How far each place is from the beginning, along the line.
    pub(super) along_m: Vec<f64>,
}

impl Line {
    pub(super) fn new(road: u32, kind: RoadKind, width_m: f64, points: Vec<[f64; 2]>) -> Self {
        let mut along_m = Vec::with_capacity(points.len());
        let mut sum = 0.0;
        for (at, point) in points.iter().enumerate() {
            if at > 0 {
                sum += space::distance(points[at - 1], *point);
            }
            along_m.push(sum);
        }
        Self {
            road,
            kind,
            width_m,
            points,
            along_m,
        }
    }

    pub(super) fn length_m(&self) -> f64 {
        self.along_m.last().copied().unwrap_or(0.0)
    }

    pub(super) fn is_bridge(&self) -> bool {
        self.kind == RoadKind::Bridge
    }

    /// How far along a share of a piece lies.
    pub(super) fn along(&self, piece: usize, share: f64) -> f64 {
        let (from, to) = (self.along_m[piece], self.along_m[piece + 1]);
        from + share * (to - from)
    }

    /// Its straight pieces, for an index.
    pub(super) fn pieces(&self, owner: u32) -> impl Iterator<Item = Piece> {
        let pairs = self.points.windows(2).enumerate();
        pairs.map(move |(number, pair)| Piece {
            ends: [pair[0], pair[1]],
            owner,
            number: number as u32,
        })
    }
}

/// The lines of all roads that somebody may use, and who they are. What is left out is counted.
pub(super) fn lines_of(ground: &Ground, made: &mut Made) -> (Vec<Line>, Vec<RoadName>) {
    let (mut lines, mut roads) = (Vec::new(), Vec::new());
    for road in ground.roads.values() {
        if road.kind == RoadKind::Rail {
            made.rails += 1;
            continue;
        }
        if road.line.0.is_empty() {
            made.surfaces_only += usize::from(!road.surfaces.is_empty());
            made.broken += usize::from(road.surfaces.is_empty());
            continue;
        }
        let Some(points) = cleaned(road) else {
            made.broken += 1;
            continue;
        };
        // A width that is none is one that nobody knows.
        let is_width = road.width_m.is_finite() && road.width_m > 0.0;
        let width_m = if is_width { road.width_m } else { 0.0 };
        let line = Line::new(roads.len() as u32, road.kind, width_m, points);
        made.length_m += line.length_m();
        lines.push(line);
        roads.push(RoadName {
            id: road.id,
            name: road.name.as_deref().map(Arc::from),
        });
    }
    made.roads = roads.len();
    (lines, roads)
}

/// The line without repeated places; `None` when it has no length or a place that is none.
fn cleaned(road: &Road) -> Option<Vec<[f64; 2]>> {
    let mut points: Vec<[f64; 2]> = Vec::with_capacity(road.line.0.len());
    for corner in &road.line.0 {
        let point = [corner.x, corner.y];
        // `!(a <= b)` refuses NaN too.
        if point.iter().any(|v| !(v.abs() <= COORDINATE_MAX_M)) {
            return None;
        }
        if points
            .last()
            .is_none_or(|last| space::distance(*last, point) > 0.0)
        {
            points.push(point);
        }
    }
    (points.len() > 1).then_some(points)
}
