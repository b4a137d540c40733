//! Geometries as lists of vertex numbers with their semantics.

use serde_json::{Map, Value, json};

use crate::space::{Surface, SurfaceKind};

use super::super::report::Report;
use super::super::shapes::{Body, Geometry};
use super::vertices::{Vertex, Vertices};

/// A geometry of the file; `None` when nothing of it is left at a millimetre's grid.
pub(super) fn boundaries_of(
    geometry: &Geometry,
    vertices: &mut Vertices,
    report: &mut Report,
) -> Option<Value> {
    let (kind, faces) = match &geometry.body {
        Body::Points(points) => return points_of(points, &geometry.lod, vertices),
        Body::Lines(lines) => return lines_of(lines, &geometry.lod, vertices),
        Body::Solid(faces) => ("Solid", faces),
        Body::Faces(faces) => ("MultiSurface", faces),
        Body::Composite(faces) => ("CompositeSurface", faces),
    };
    let mut kept = Vec::with_capacity(faces.len());
    for face in faces {
        match face_of(face, vertices) {
            Some(rings) => kept.push((face.kind, rings)),
            None => report.left("faces", 1, "narrower than a millimetre"),
        }
    }
    if kept.is_empty() {
        return None;
    }
    // A shell with a hole in it is none.
    let is_solid = kind == "Solid" && kept.len() == faces.len();
    let kind = if kind == "Solid" && !is_solid {
        "MultiSurface"
    } else {
        kind
    };
    let semantics = semantics_of(&kept, is_solid);
    let faces: Vec<Value> = kept.into_iter().map(|(_, rings)| rings).collect();
    let boundaries = if is_solid {
        json!([faces])
    } else {
        faces.into()
    };
    let mut out = Map::new();
    out.insert("type".to_owned(), kind.into());
    out.insert("lod".to_owned(), geometry.lod.as_str().into());
    out.insert("boundaries".to_owned(), boundaries);
    if let Some(semantics) = semantics {
        out.insert("semantics".to_owned(), semantics);
    }
    Some(out.into())
}

/// The rings of a face; `None` when its outer ring has less than three corners left. Holes that
/// vanish are left out.
fn face_of(face: &Surface, vertices: &mut Vertices) -> Option<Value> {
    let mut rings = face.rings.iter().map(|ring| ring_of(ring, vertices));
    let outer = rings.next()??;
    let rings: Vec<Vec<Vertex>> = std::iter::once(outer).chain(rings.flatten()).collect();
    let mut numbered = |ring: Vec<Vertex>| -> Vec<usize> {
        ring.into_iter().map(|at| vertices.number(at)).collect()
    };
    Some(
        rings
            .into_iter()
            .map(&mut numbered)
            .collect::<Vec<_>>()
            .into(),
    )
}

fn ring_of(ring: &[[f64; 3]], vertices: &Vertices) -> Option<Vec<Vertex>> {
    let mut corners: Vec<Vertex> = ring
        .iter()
        .map(|at| vertices.rounded(*at))
        .collect::<Option<_>>()?;
    corners.dedup();
    while corners.len() > 1 && corners.first() == corners.last() {
        corners.pop();
    }
    (corners.len() >= 3).then_some(corners)
}

fn points_of(points: &[[f64; 3]], lod: &str, vertices: &mut Vertices) -> Option<Value> {
    let rounded: Option<Vec<Vertex>> = points.iter().map(|at| vertices.rounded(*at)).collect();
    let numbers: Vec<usize> = rounded?.into_iter().map(|at| vertices.number(at)).collect();
    let has_points = !numbers.is_empty();
    has_points.then(|| json!({"type": "MultiPoint", "lod": lod, "boundaries": numbers}))
}

fn lines_of(lines: &[Vec<[f64; 3]>], lod: &str, vertices: &mut Vertices) -> Option<Value> {
    let rounded = |line: &Vec<[f64; 3]>| {
        let mut corners: Vec<Vertex> = line
            .iter()
            .map(|at| vertices.rounded(*at))
            .collect::<Option<_>>()?;
        corners.dedup();
        (corners.len() >= 2).then_some(corners)
    };
    let lines: Vec<Vec<Vertex>> = lines.iter().filter_map(rounded).collect();
    let has_lines = !lines.is_empty();
    let mut numbered = |line: Vec<Vertex>| -> Vec<usize> {
        line.into_iter().map(|at| vertices.number(at)).collect()
    };
    let numbers: Vec<Vec<usize>> = lines.into_iter().map(&mut numbered).collect();
    has_lines.then(|| json!({"type": "MultiLineString", "lod": lod, "boundaries": numbers}))
}

/// Kinds once each, and which kind each face has; `None` where nothing is known of any face.
fn semantics_of(faces: &[(SurfaceKind, Value)], is_solid: bool) -> Option<Value> {
    let mut kinds: Vec<SurfaceKind> = Vec::new();
    let mut values: Vec<Value> = Vec::with_capacity(faces.len());
    for (kind, _) in faces {
        if *kind == SurfaceKind::Unknown {
            values.push(Value::Null);
            continue;
        }
        let number = kinds.iter().position(|known| known == kind);
        let number = number.unwrap_or_else(|| {
            kinds.push(*kind);
            kinds.len() - 1
        });
        values.push(number.into());
    }
    if kinds.is_empty() {
        return None;
    }
    let surfaces: Vec<Value> = kinds.into_iter().map(surface_of).collect();
    let values = if is_solid {
        json!([values])
    } else {
        values.into()
    };
    Some(json!({"surfaces": surfaces, "values": values}))
}

/// Details of ours go under the standard's nearest word, for a word of an extension needs a
/// schema that everybody can fetch.
fn surface_of(kind: SurfaceKind) -> Value {
    let word = match kind {
        SurfaceKind::Ridge | SurfaceKind::Eave => SurfaceKind::RoofSurface,
        SurfaceKind::Parapet => SurfaceKind::WallSurface,
        _ => return json!({"type": kind.as_str()}),
    };
    json!({"type": word.as_str(), "pingjiang:type": kind.as_str()})
}
