//! Geometry of a GeoPackage: a header, then well-known binary in any of its dimensions, as a raw
//! shape. A wrong one gives the reason.

use geo_traits::{
    CoordTrait, Dimensions, GeometryCollectionTrait, GeometryTrait, GeometryType, LineStringTrait,
    MultiLineStringTrait, MultiPointTrait, MultiPolygonTrait, PointTrait, PolygonTrait,
};
use rusqlite::types::ValueRef;
use wkb::reader::Wkb;

use super::super::raw::{Position, RawShape};
use super::super::table::{NESTING_MAX, add_line, add_ring, is_empty_point};

/// Bytes of the header before its box.
const HEAD_BYTES: usize = 8;
/// Bytes of the box, by the number in the flags.
const BOX_BYTES: [usize; 5] = [0, 32, 48, 48, 64];
/// Set where the geometry is of a type that an extension defines.
const EXTENDED_FLAG: u8 = 0x20;

/// The shape of a row's geometry; of one without geometry it is empty.
pub(super) fn shape_of(value: ValueRef) -> Result<RawShape, String> {
    let bytes = match value {
        ValueRef::Null => return Ok(RawShape::default()),
        ValueRef::Blob(bytes) => bytes,
        _ => return Err("its geometry is no binary value".to_owned()),
    };
    let mut shape = RawShape::default();
    let geometry = Wkb::try_new(well_known(bytes)?).map_err(|fault| {
        format!("its geometry cannot be read ({fault}; GDAL: ogr2ogr -nlt CONVERT_TO_LINEAR makes lines of curves)")
    })?;
    add(&geometry, &mut shape, 0)?;
    Ok(shape)
}

/// The part behind the header.
fn well_known(bytes: &[u8]) -> Result<&[u8], String> {
    let Some([b'G', b'P', _version, flags]) = bytes.first_chunk::<4>() else {
        return Err("its geometry does not begin as a GeoPackage's does".to_owned());
    };
    if flags & EXTENDED_FLAG != 0 {
        return Err("its geometry is of an extension, which is not read".to_owned());
    }
    let box_bytes = BOX_BYTES
        .get(usize::from((flags >> 1) & 7))
        .ok_or("its geometry has an unknown kind of box")?;
    bytes
        .get(HEAD_BYTES + box_bytes..)
        .ok_or_else(|| "its geometry is cut off".to_owned())
}

fn add(
    geometry: &impl GeometryTrait<T = f64>,
    shape: &mut RawShape,
    depth: usize,
) -> Result<(), String> {
    match geometry.as_type() {
        GeometryType::Point(point) => shape.points.extend(point_of(point)),
        GeometryType::MultiPoint(points) => {
            shape
                .points
                .extend(points.points().filter_map(|point| point_of(&point)));
        }
        GeometryType::LineString(line) => add_some_line(shape, line)?,
        GeometryType::MultiLineString(lines) => {
            for line in lines.line_strings() {
                add_some_line(shape, &line)?;
            }
        }
        GeometryType::Polygon(polygon) => add_polygon(shape, polygon)?,
        GeometryType::MultiPolygon(polygons) => {
            for polygon in polygons.polygons() {
                add_polygon(shape, &polygon)?;
            }
        }
        GeometryType::GeometryCollection(members) => {
            if depth >= NESTING_MAX {
                return Err(format!("geometries nested deeper than {NESTING_MAX}"));
            }
            for member in members.geometries() {
                add(&member, shape, depth + 1)?;
            }
        }
        _ => return Err("its geometry is of a type that is not read".to_owned()),
    }
    Ok(())
}

/// An empty point is written as not a number.
fn point_of(point: &impl PointTrait<T = f64>) -> Option<Position> {
    let at = position(&point.coord()?);
    (!is_empty_point(&at)).then_some(at)
}

/// Measures are no heights.
fn position(at: &impl CoordTrait<T = f64>) -> Position {
    let height = match at.dim() {
        Dimensions::Xyz | Dimensions::Xyzm => at.nth(2),
        _ => None,
    };
    [at.x(), at.y(), height.unwrap_or(0.0)]
}

fn positions(line: &impl LineStringTrait<T = f64>) -> Vec<Position> {
    line.coords().map(|at| position(&at)).collect()
}

/// An empty line is nothing, and no fault.
fn add_some_line(shape: &mut RawShape, line: &impl LineStringTrait<T = f64>) -> Result<(), String> {
    if line.num_coords() == 0 {
        return Ok(());
    }
    add_line(shape, positions(line))
}

fn add_polygon(shape: &mut RawShape, polygon: &impl PolygonTrait<T = f64>) -> Result<(), String> {
    let Some(outer) = polygon.exterior().filter(|ring| ring.num_coords() > 0) else {
        return Ok(());
    };
    let mut rings = Vec::new();
    add_ring(&mut rings, positions(&outer))?;
    for hole in polygon.interiors() {
        add_ring(&mut rings, positions(&hole))?;
    }
    shape.polygons.push(rings);
    Ok(())
}
