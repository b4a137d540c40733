//! One record of a `.shp` as a raw shape. The library takes it apart, after its counts were held
//! against its length: it reserves what a record claims. A wrong one gives the reason.

use std::io::Cursor;

use shapefile::record::traits::HasXY;
use shapefile::{Patch, Point, PointM, PointZ, PolygonRing, ReadableShape, Shape};

use super::super::raw::{Position, RawShape};
use super::super::table::{add_face, add_line, add_ring, polygons_of_rings};

/// Bytes of a position without height.
const POINT_BYTES: usize = 16;
/// Where the counts stand in a record of several points: behind type and box.
const COUNTS_AT: usize = 36;

/// The shape of a record; of a null shape it is empty.
pub(super) fn shape_of(record: &[u8]) -> Result<RawShape, String> {
    claims_fit(record)?;
    let size = i32::try_from(record.len()).map_err(|_| "it is too long".to_owned())?;
    let read = Shape::read_from(&mut Cursor::new(record), size)
        .map_err(|fault| format!("its shape cannot be read ({fault})"))?;
    let mut shape = RawShape::default();
    match read {
        Shape::NullShape => {}
        Shape::Point(point) => shape.points.push(position(&point)),
        Shape::PointM(point) => shape.points.push(position(&point)),
        Shape::PointZ(point) => shape.points.push(position(&point)),
        Shape::Multipoint(points) => shape.points = positions(points.points()),
        Shape::MultipointM(points) => shape.points = positions(points.points()),
        Shape::MultipointZ(points) => shape.points = positions(points.points()),
        Shape::Polyline(line) => lines(line.parts(), &mut shape)?,
        Shape::PolylineM(line) => lines(line.parts(), &mut shape)?,
        Shape::PolylineZ(line) => lines(line.parts(), &mut shape)?,
        Shape::Polygon(polygon) => rings(polygon.rings(), &mut shape)?,
        Shape::PolygonM(polygon) => rings(polygon.rings(), &mut shape)?,
        Shape::PolygonZ(polygon) => rings(polygon.rings(), &mut shape)?,
        Shape::Multipatch(patches) => faces(patches.patches(), &mut shape)?,
    }
    Ok(shape)
}

/// Whether a record is long enough for the parts and points that it claims.
fn claims_fit(record: &[u8]) -> Result<(), String> {
    let word = |at: usize| -> Option<usize> {
        let bytes = record.get(at..at + 4)?.try_into().ok()?;
        usize::try_from(i32::from_le_bytes(bytes)).ok()
    };
    let kind = word(0).ok_or("its shape has no type")?;
    let counts = match kind {
        3 | 5 | 13 | 15 | 23 | 25 => word(COUNTS_AT).zip(word(COUNTS_AT + 4)).map(|it| (it, 4)),
        31 => word(COUNTS_AT).zip(word(COUNTS_AT + 4)).map(|it| (it, 8)),
        8 | 18 | 28 => word(COUNTS_AT).map(|points| ((0, points), 0)),
        _ => return Ok(()),
    };
    let ((parts, points), part_bytes) = counts.ok_or("its shape is cut off")?;
    let needed = parts
        .checked_mul(part_bytes)
        .zip(points.checked_mul(POINT_BYTES))
        .and_then(|(parts, points)| parts.checked_add(points));
    match needed {
        Some(needed) if needed <= record.len() => Ok(()),
        _ => Err(format!(
            "its shape claims {parts} parts and {points} points, for which it is too short"
        )),
    }
}

/// A point of any dimension: a measure is no height.
trait Place: HasXY {
    fn height(&self) -> f64 {
        0.0
    }
}

impl Place for Point {}
impl Place for PointM {}
impl Place for PointZ {
    fn height(&self) -> f64 {
        self.z
    }
}

fn position(point: &impl Place) -> Position {
    [point.x(), point.y(), point.height()]
}

fn positions<P: Place>(points: &[P]) -> Vec<Position> {
    points.iter().map(position).collect()
}

fn lines<P: Place>(parts: &[Vec<P>], shape: &mut RawShape) -> Result<(), String> {
    parts
        .iter()
        .try_for_each(|part| add_line(shape, positions(part)))
}

fn rings<P: Place>(rings: &[PolygonRing<P>], shape: &mut RawShape) -> Result<(), String> {
    let mut plain = Vec::with_capacity(rings.len());
    for ring in rings {
        let points = match ring {
            PolygonRing::Outer(points) | PolygonRing::Inner(points) => points,
        };
        add_ring(&mut plain, positions(points))?;
    }
    shape.polygons = polygons_of_rings(plain);
    Ok(())
}

/// The faces of a body.
fn faces(patches: &[Patch], shape: &mut RawShape) -> Result<(), String> {
    let mut face: Vec<Vec<Position>> = Vec::new();
    for patch in patches {
        let continues = matches!(patch, Patch::InnerRing(_) | Patch::Ring(_));
        if !continues && !face.is_empty() {
            add_face(shape, std::mem::take(&mut face));
        }
        match patch {
            Patch::TriangleStrip(points) => {
                for (index, corner) in positions(points).windows(3).enumerate() {
                    let [a, b, c] = [corner[0], corner[1], corner[2]];
                    // Every second triangle of a strip runs the other way.
                    let ring = if index % 2 == 0 { [a, b, c] } else { [b, a, c] };
                    add_triangle(shape, ring);
                }
            }
            Patch::TriangleFan(points) => {
                let points = positions(points);
                let Some((first, rest)) = points.split_first() else {
                    continue;
                };
                for pair in rest.windows(2) {
                    add_triangle(shape, [*first, pair[0], pair[1]]);
                }
            }
            Patch::OuterRing(points)
            | Patch::InnerRing(points)
            | Patch::FirstRing(points)
            | Patch::Ring(points) => add_ring(&mut face, positions(points))?,
        }
    }
    if !face.is_empty() {
        add_face(shape, face);
    }
    Ok(())
}

/// Triangles without area only join the parts of a strip.
fn add_triangle(shape: &mut RawShape, [a, b, c]: [Position; 3]) {
    if a != b && b != c && c != a {
        add_face(shape, vec![vec![a, b, c]]);
    }
}
