//! Outlines out of raw rings, lines and faces: cleaned, united or buffered polygons in metres.

use geo::algorithm::buffer::{Buffer, BufferStyle, LineCap, LineJoin};
use geo::{ConvexHull, unary_union};
use geo_types::{Coord, LineString, MultiPoint, MultiPolygon, Point, Polygon};

use crate::space::{Repair, Surface, area_m2, clean_polygon};

use super::super::raw::{Position, RawShape};

/// Faces smaller than this when seen from above are walls; square metres.
const FLAT_M2: f64 = 1e-4;
/// Gaps narrower than twice this between faces of one thing are rounding; metres.
const CLOSING_M: f64 = 0.05;
/// Radians an arc of a buffer may span in one straight piece.
const ARC_RAD: f64 = 0.35;

/// A cleaned outline and what was done to it.
pub(super) type Cleaned = (Polygon<f64>, Vec<Repair>);

fn coord(at: &Position) -> Coord<f64> {
    Coord { x: at[0], y: at[1] }
}

/// A line seen from above.
pub(super) fn line(positions: &[Position]) -> LineString<f64> {
    LineString(positions.iter().map(coord).collect())
}

/// An outline as its rings have it.
pub(super) fn polygon(rings: &[Vec<Position>]) -> Polygon<f64> {
    let mut rings = rings.iter().map(|ring| line(ring));
    let outer = rings.next().unwrap_or_else(|| LineString(Vec::new()));
    Polygon::new(outer, rings.collect())
}

/// The shape's polygons cleaned, and the reasons for those that cannot be used.
/// Closed lines count as polygons when `with_closed_lines`.
pub(super) fn polygons(shape: &RawShape, with_closed_lines: bool) -> (Vec<Cleaned>, Vec<String>) {
    let closed = shape
        .lines
        .iter()
        .filter(|line| with_closed_lines && line.len() >= 4 && line.first() == line.last());
    let areas = shape.polygons.iter().map(|rings| polygon(rings));
    let lines = closed.map(|ring| polygon(std::slice::from_ref(ring)));
    let mut cleaned = Vec::new();
    let mut faults = Vec::new();
    for area in areas.chain(lines) {
        match clean_polygon(area) {
            Ok(one) => cleaned.push(one),
            Err(fault) => faults.push(fault.to_string()),
        }
    }
    (cleaned, faults)
}

/// A line as wide as it really is.
pub(super) fn buffered(positions: &[Position], width_m: f64) -> Vec<Polygon<f64>> {
    let style = BufferStyle::new(0.5 * width_m)
        .line_join(LineJoin::Round(ARC_RAD))
        .line_cap(LineCap::Butt);
    line(positions).buffer_with_style(style).0
}

/// The ground that faces cover, seen from above: separate parts, the largest first.
pub(super) fn cover<'a>(faces: impl Iterator<Item = &'a Surface>) -> Vec<Polygon<f64>> {
    let flat: Vec<Polygon<f64>> = faces
        .map(|face| polygon(&face.rings))
        .filter(|face| area_m2(face) > FLAT_M2)
        .filter_map(|face| clean_polygon(face).ok())
        .map(|(face, _)| face)
        .collect();
    let united = match flat.len() {
        0 => return Vec::new(),
        1 => MultiPolygon(flat),
        _ => closed(unary_union(&flat)),
    };
    let cleaned = united
        .0
        .into_iter()
        .filter_map(|part| clean_polygon(part).ok());
    let mut parts: Vec<Polygon<f64>> = cleaned.map(|(part, _)| part).collect();
    parts.sort_by(|a, b| area_m2(b).total_cmp(&area_m2(a)));
    parts
}

/// Bridges the hair-thin gaps that rounded coordinates leave between neighbouring faces.
fn closed(parts: MultiPolygon<f64>) -> MultiPolygon<f64> {
    if parts.0.len() < 2 {
        return parts;
    }
    let step = |by_m: f64| BufferStyle::new(by_m).line_join(LineJoin::Miter(0.6));
    let joined = parts
        .buffer_with_style(step(CLOSING_M))
        .buffer_with_style(step(-CLOSING_M));
    if joined.0.len() < parts.0.len() && !joined.0.is_empty() {
        joined
    } else {
        parts
    }
}

/// The convex hull of positions seen from above; `None` when they span no area.
pub(super) fn hull(positions: impl Iterator<Item = Position>) -> Option<Polygon<f64>> {
    let points = positions.map(|at| Point(coord(&at)));
    let hull = MultiPoint(points.collect()).convex_hull();
    clean_polygon(hull).ok().map(|(hull, _)| hull)
}
