//! From the city's projected coordinates to the local frame.

use geo_types::{Coord, LineString, Polygon};

use crate::space::{LocalFrame, Surface};

pub(super) fn local_point(frame: &LocalFrame, at: Coord<f64>) -> [f64; 2] {
    let [x, y, _] = frame.local_from_projected([at.x, at.y, 0.0]);
    [x, y]
}

pub(super) fn local_line(frame: &LocalFrame, line: &LineString<f64>) -> Vec<[f64; 2]> {
    line.coords().map(|at| local_point(frame, *at)).collect()
}

pub(super) fn local_polygon(frame: &LocalFrame, polygon: &Polygon<f64>) -> Polygon<f64> {
    let ring = |ring: &LineString<f64>| {
        LineString::from_iter(ring.coords().map(|at| local_point(frame, *at)))
    };
    Polygon::new(
        ring(polygon.exterior()),
        polygon.interiors().iter().map(ring).collect(),
    )
}

pub(super) fn local_surface(frame: &LocalFrame, surface: &Surface) -> Surface {
    let ring = |ring: &Vec<[f64; 3]>| {
        ring.iter()
            .map(|at| frame.local_from_projected(*at))
            .collect()
    };
    Surface {
        kind: surface.kind,
        rings: surface.rings.iter().map(ring).collect(),
    }
}
