//! Geometry of a FlatGeobuf feature as a raw shape. A wrong one gives the reason.

use flatgeobuf::{Feature, Geometry, GeometryType};

use super::super::raw::{Position, RawShape};
use super::super::table::{NESTING_MAX, add_face, add_line, add_ring, is_empty_point};

/// The shape of a feature; of one without geometry it is empty.
pub(super) fn shape_of(feature: &Feature, of_all: GeometryType) -> Result<RawShape, String> {
    let mut shape = RawShape::default();
    if let Some(geometry) = feature.geometry() {
        let kind = match of_all {
            GeometryType::Unknown => geometry.type_(),
            kind => kind,
        };
        add(&geometry, kind, &mut shape, 0)?;
    }
    Ok(shape)
}

fn add(
    geometry: &Geometry,
    kind: GeometryType,
    shape: &mut RawShape,
    depth: usize,
) -> Result<(), String> {
    if depth >= NESTING_MAX {
        return Err(format!("geometries nested deeper than {NESTING_MAX}"));
    }
    match kind {
        GeometryType::Point | GeometryType::MultiPoint => {
            let points = positions(geometry);
            let points = points.into_iter().filter(|at| !is_empty_point(at));
            shape.points.extend(points);
        }
        GeometryType::LineString => add_line(shape, positions(geometry))?,
        GeometryType::MultiLineString => {
            for line in rings(geometry)? {
                add_line(shape, line)?;
            }
        }
        GeometryType::Polygon => {
            if let Some(rings) = polygon(geometry)? {
                shape.polygons.push(rings);
            }
        }
        GeometryType::Triangle => {
            if let Some(rings) = polygon(geometry)? {
                add_face(shape, rings);
            }
        }
        GeometryType::TIN => {
            for triangle in rings(geometry)? {
                let mut face = Vec::new();
                add_ring(&mut face, triangle)?;
                add_face(shape, face);
            }
        }
        GeometryType::MultiPolygon => each(geometry, GeometryType::Polygon, shape, depth)?,
        GeometryType::PolyhedralSurface => each(geometry, GeometryType::Triangle, shape, depth)?,
        GeometryType::GeometryCollection => {
            for part in geometry.parts().into_iter().flatten() {
                add(&part, part.type_(), shape, depth + 1)?;
            }
        }
        kind => {
            let name = kind.variant_name().unwrap_or("unknown");
            return Err(format!(
                "its geometry is of the type {name}, which is not read (GDAL: ogr2ogr -nlt CONVERT_TO_LINEAR makes lines of curves)"
            ));
        }
    }
    Ok(())
}

/// The parts, all of one kind; a multipolygon of one part may do without.
fn each(
    geometry: &Geometry,
    kind: GeometryType,
    shape: &mut RawShape,
    depth: usize,
) -> Result<(), String> {
    match geometry.parts() {
        Some(parts) => parts
            .iter()
            .try_for_each(|part| add(&part, kind, shape, depth + 1)),
        None => add(geometry, kind, shape, depth + 1),
    }
}

fn polygon(geometry: &Geometry) -> Result<Option<Vec<Vec<Position>>>, String> {
    let mut polygon = Vec::new();
    for ring in rings(geometry)? {
        add_ring(&mut polygon, ring)?;
    }
    Ok((!polygon.is_empty()).then_some(polygon))
}

/// All positions; without heights, or with fewer than positions, they lie at 0.
fn positions(geometry: &Geometry) -> Vec<Position> {
    let Some(xy) = geometry.xy() else {
        return Vec::new();
    };
    let count = xy.len() / 2;
    let z = geometry.z().filter(|z| z.len() == count);
    (0..count)
        .map(|index| {
            let height = z.map_or(0.0, |z| z.get(index));
            [xy.get(2 * index), xy.get(2 * index + 1), height]
        })
        .collect()
}

/// The positions, cut where the geometry says that a ring or a line ends.
fn rings(geometry: &Geometry) -> Result<Vec<Vec<Position>>, String> {
    let all = positions(geometry);
    let Some(ends) = geometry.ends().filter(|ends| !ends.is_empty()) else {
        return Ok(if all.is_empty() {
            Vec::new()
        } else {
            vec![all]
        });
    };
    let mut rings = Vec::new();
    let mut start = 0;
    for end in ends {
        let ring = all.get(start..end as usize);
        rings.push(ring.ok_or("a ring ends where it has no position")?.to_vec());
        start = end as usize;
    }
    Ok(rings)
}
