//! Rings and lines of binary formats as parts of a raw shape. Says what is wrong with one, and
//! never takes a number that is none.

use crate::model::LodModel;
use crate::space::{Surface, SurfaceKind};

use super::super::raw::{Position, RawShape};

/// The level of detail of bodies whose format knows no levels: roofs are shaped.
const BODY_LOD: &str = "2";

/// Collections may hold collections; deeper than this is an attack, not a map.
pub(in super::super) const NESTING_MAX: usize = 16;

/// Adds a line of at least two positions.
pub(in super::super) fn add_line(shape: &mut RawShape, line: Vec<Position>) -> Result<(), String> {
    check(&line)?;
    if line.len() < 2 {
        return Err(format!("a line of {} positions", line.len()));
    }
    shape.lines.push(line);
    Ok(())
}

/// Adds a ring to a polygon: opened, and of at least three positions.
pub(in super::super) fn add_ring(
    polygon: &mut Vec<Vec<Position>>,
    mut ring: Vec<Position>,
) -> Result<(), String> {
    check(&ring)?;
    if ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    if ring.len() < 3 {
        return Err(format!("a ring of {} different positions", ring.len()));
    }
    polygon.push(ring);
    Ok(())
}

/// Adds a face of a body: all faces of a shape make one model.
pub(in super::super) fn add_face(shape: &mut RawShape, rings: Vec<Vec<Position>>) {
    let face = Surface {
        kind: SurfaceKind::Unknown,
        rings,
    };
    match shape.models.first_mut() {
        Some(model) => model.surfaces.push(face),
        None => shape.models.push(LodModel {
            lod: BODY_LOD.to_owned(),
            surfaces: vec![face],
            details: Vec::new(),
        }),
    }
}

/// How binary formats write a point that is nowhere.
pub(in super::super) fn is_empty_point(at: &Position) -> bool {
    at[0].is_nan() && at[1].is_nan()
}

/// Whether all are numbers.
fn check(positions: &[Position]) -> Result<(), String> {
    if positions.iter().flatten().all(|number| number.is_finite()) {
        return Ok(());
    }
    Err("a coordinate is not a finite number".to_owned())
}

/// Rings of one shape, in no order, as polygons: rings that run clockwise are outer ones, and each
/// other is a hole in the smallest that holds it. Where nothing holds it, or no ring is clockwise,
/// it is an outer ring itself, whatever its direction.
pub(in super::super) fn polygons_of_rings(rings: Vec<Vec<Position>>) -> Vec<Vec<Vec<Position>>> {
    let (outer, inner): (Vec<_>, Vec<_>) =
        rings.into_iter().partition(|ring| signed_area(ring) < 0.0);
    let sizes: Vec<f64> = outer.iter().map(|ring| signed_area(ring).abs()).collect();
    let boxes: Vec<[f64; 4]> = outer.iter().map(|ring| bounds(ring)).collect();
    let mut polygons: Vec<Vec<Vec<Position>>> = outer.into_iter().map(|ring| vec![ring]).collect();
    let count = polygons.len();
    for hole in inner {
        let within = bounds(&hole);
        let holds = |index: &usize| {
            let (box_of, polygon) = (boxes.get(*index), polygons.get(*index));
            let ring = polygon.and_then(|polygon| polygon.first());
            box_of.is_some_and(|outer| covers(outer, &within))
                && ring.is_some_and(|ring| holds_most(ring, &hole))
        };
        let smallest = (0..count)
            .filter(holds)
            .min_by(|a, b| sizes[*a].total_cmp(&sizes[*b]));
        match smallest.and_then(|index| polygons.get_mut(index)) {
            Some(polygon) => polygon.push(hole),
            None => polygons.push(vec![hole]),
        }
    }
    polygons
}

/// The area that a ring encloses, negative when it runs clockwise.
fn signed_area(ring: &[Position]) -> f64 {
    let Some(origin) = ring.first() else {
        return 0.0;
    };
    let next = ring.iter().cycle().skip(1);
    // Relative to a corner, so that large coordinates do not eat the digits.
    let at = |p: &Position| [p[0] - origin[0], p[1] - origin[1]];
    let twice: f64 = ring
        .iter()
        .zip(next)
        .map(|(a, b)| {
            let (a, b) = (at(a), at(b));
            a[0] * b[1] - b[0] * a[1]
        })
        .sum();
    0.5 * twice
}

fn bounds(ring: &[Position]) -> [f64; 4] {
    let start = [
        f64::INFINITY,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NEG_INFINITY,
    ];
    ring.iter().fold(start, |all, at| {
        [
            all[0].min(at[0]),
            all[1].min(at[1]),
            all[2].max(at[0]),
            all[3].max(at[1]),
        ]
    })
}

fn covers(outer: &[f64; 4], inner: &[f64; 4]) -> bool {
    outer[0] <= inner[0] && outer[1] <= inner[1] && outer[2] >= inner[2] && outer[3] >= inner[3]
}

/// A few corners are asked: one alone may lie on the outer ring.
const CORNERS_ASKED: usize = 5;

fn holds_most(outer: &[Position], hole: &[Position]) -> bool {
    let step = hole.len().div_ceil(CORNERS_ASKED).max(1);
    let asked = hole.iter().step_by(step);
    let (inside, all) = asked.fold((0, 0), |(inside, all), at| {
        (inside + usize::from(contains(outer, at)), all + 1)
    });
    inside * 2 >= all
}

fn contains(ring: &[Position], at: &Position) -> bool {
    let next = ring.iter().cycle().skip(1);
    let crossings = ring.iter().zip(next).filter(|(a, b)| {
        (a[1] > at[1]) != (b[1] > at[1])
            && at[0] < (b[0] - a[0]) * (at[1] - a[1]) / (b[1] - a[1]) + a[0]
    });
    crossings.count() % 2 == 1
}
