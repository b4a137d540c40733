//! GeoJSON geometries as raw shapes. A wrong one gives the reason, never a panic.

use serde_json::Value;

use super::super::raw::{Position, RawShape};

/// Collections may hold collections; deeper than this is an attack, not a map.
const NESTING_MAX: usize = 16;

/// Whether this is the name of a geometry type.
pub(super) fn is_geometry(kind: &str) -> bool {
    matches!(
        kind,
        "Point"
            | "MultiPoint"
            | "LineString"
            | "MultiLineString"
            | "Polygon"
            | "MultiPolygon"
            | "GeometryCollection"
    )
}

/// The shape of a `geometry` member; `null` gives an empty shape.
pub(super) fn shape_from(geometry: Option<&Value>) -> Result<RawShape, String> {
    let mut shape = RawShape::default();
    match geometry {
        None => return Err("no geometry member".to_owned()),
        Some(Value::Null) => {}
        Some(geometry) => add(geometry, &mut shape, 0)?,
    }
    Ok(shape)
}

fn add(geometry: &Value, shape: &mut RawShape, depth: usize) -> Result<(), String> {
    let kind = geometry.get("type").and_then(Value::as_str);
    let kind = kind.ok_or("its geometry has no type")?;
    if kind == "GeometryCollection" {
        if depth >= NESTING_MAX {
            return Err(format!(
                "geometry collections nested deeper than {NESTING_MAX}"
            ));
        }
        let members = geometry.get("geometries").and_then(Value::as_array);
        let members = members.ok_or("a GeometryCollection without geometries")?;
        return members
            .iter()
            .try_for_each(|member| add(member, shape, depth + 1));
    }
    if !is_geometry(kind) {
        return Err(format!("{kind:?} is not a geometry type"));
    }
    let coordinates = geometry
        .get("coordinates")
        .ok_or("its geometry has no coordinates")?;
    match kind {
        "Point" => shape.points.push(position(coordinates)?),
        "MultiPoint" => shape.points.extend(positions(coordinates)?),
        "LineString" => add_line(coordinates, shape)?,
        "MultiLineString" => {
            for line in list(coordinates)? {
                add_line(line, shape)?;
            }
        }
        "Polygon" => shape.polygons.push(polygon(coordinates)?),
        _ => {
            for part in list(coordinates)? {
                shape.polygons.push(polygon(part)?);
            }
        }
    }
    Ok(())
}

fn list(value: &Value) -> Result<&Vec<Value>, String> {
    value
        .as_array()
        .ok_or_else(|| format!("{} where a list of coordinates belongs", word(value)))
}

fn word(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn position(value: &Value) -> Result<Position, String> {
    let numbers = list(value)?;
    if numbers.len() < 2 {
        return Err(format!("a position of {} numbers", numbers.len()));
    }
    let mut at = [0.0; 3];
    for (slot, number) in at.iter_mut().zip(numbers) {
        *slot = number
            .as_f64()
            .filter(|v| v.is_finite())
            .ok_or_else(|| format!("{} where a coordinate belongs", word(number)))?;
    }
    Ok(at)
}

fn positions(value: &Value) -> Result<Vec<Position>, String> {
    list(value)?.iter().map(position).collect()
}

fn add_line(value: &Value, shape: &mut RawShape) -> Result<(), String> {
    let line = positions(value)?;
    if line.len() < 2 {
        return Err(format!("a line of {} positions", line.len()));
    }
    shape.lines.push(line);
    Ok(())
}

fn polygon(value: &Value) -> Result<Vec<Vec<Position>>, String> {
    let mut rings: Vec<Vec<Position>> = Vec::new();
    for ring in list(value)? {
        let mut ring = positions(ring)?;
        if ring.len() > 1 && ring.first() == ring.last() {
            ring.pop();
        }
        if ring.len() < 3 {
            return Err(format!("a ring of {} different positions", ring.len()));
        }
        rings.push(ring);
    }
    if rings.is_empty() {
        return Err("a polygon without rings".to_owned());
    }
    Ok(rings)
}
