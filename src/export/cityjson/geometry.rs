//! Geometries as lists of vertex numbers, with what is said of each face.

use serde_json::{Map, Value, json};

use crate::model::FaceDetail;
use crate::space::{Surface, Tin};

use super::super::report::Report;
use super::super::shapes::{Body, Geometry};
use super::looks::Looks;
use super::semantics;
use super::vertices::{Vertex, Vertices};

/// What the objects of a file share while they are written.
pub(super) struct Shared<'a> {
    pub(super) vertices: Vertices,
    pub(super) looks: Looks<'a>,
}

/// A face that is left on the grid.
pub(super) struct Kept<'a> {
    /// As it was.
    pub(super) face: &'a Surface,
    /// What else is said of it.
    pub(super) detail: Option<&'a FaceDetail>,
    /// Its rings on the grid.
    rings: Vec<KeptRing>,
}

/// A ring that is left on the grid.
struct KeptRing {
    /// Its place among the face's rings.
    place: usize,
    /// Numbers of vertices.
    numbers: Vec<usize>,
    /// Which corners of the ring they are.
    corners: Vec<usize>,
}

impl Kept<'_> {
    /// What a list in the order of the face's rings and corners says of those that are left;
    /// `None` where it does not say something of each.
    pub(super) fn pick<T: Copy>(&self, of_corners: &[Vec<T>]) -> Option<Vec<Vec<T>>> {
        let rings = self.rings.iter().map(|ring| {
            let said = of_corners.get(ring.place)?;
            let is_whole = said.len() == self.face.rings.get(ring.place)?.len();
            let corners = ring.corners.iter().map(|corner| said.get(*corner).copied());
            is_whole.then(|| corners.collect::<Option<Vec<T>>>())?
        });
        rings.collect()
    }
}

/// A geometry of the file; `None` when nothing of it is left on the grid.
pub(super) fn boundaries_of(
    geometry: &Geometry,
    shared: &mut Shared<'_>,
    report: &mut Report,
) -> Option<Value> {
    let (kind, faces) = match &geometry.body {
        Body::Points(points) => return points_of(points, &geometry.lod, &mut shared.vertices),
        Body::Lines(lines) => return lines_of(lines, &geometry.lod, &mut shared.vertices),
        Body::Net(net) => return net_of(net, &geometry.lod, &mut shared.vertices, report),
        Body::Solid(faces) => ("Solid", faces),
        Body::Faces(faces) => ("MultiSurface", faces),
        Body::Composite(faces) => ("CompositeSurface", faces),
    };
    let kept = kept_faces(faces, &geometry.details, &mut shared.vertices, report);
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
    // The values of a shell stand one list deeper.
    let nested = |values: Vec<Value>| -> Value {
        if is_solid {
            json!([values])
        } else {
            values.into()
        }
    };
    let mut out = Map::new();
    out.insert("type".to_owned(), kind.into());
    out.insert("lod".to_owned(), geometry.lod.as_str().into());
    let faces = kept.iter().map(|one| {
        let rings = one.rings.iter().map(|ring| ring.numbers.as_slice());
        rings.collect::<Vec<_>>()
    });
    let boundaries = nested(faces.map(|rings| json!(rings)).collect());
    out.insert("boundaries".to_owned(), boundaries);
    if let Some((surfaces, values)) = semantics::of(&kept) {
        let semantics = json!({"surfaces": surfaces, "values": nested(values)});
        out.insert("semantics".to_owned(), semantics);
    }
    if !geometry.details.is_empty() {
        shared.looks.dress(&kept, &mut out, nested, report);
    }
    Some(out.into())
}

/// The faces that are left on the grid.
fn kept_faces<'a>(
    faces: &'a [Surface],
    details: &'a [FaceDetail],
    vertices: &mut Vertices,
    report: &mut Report,
) -> Vec<Kept<'a>> {
    let mut kept = Vec::with_capacity(faces.len());
    for (index, face) in faces.iter().enumerate() {
        match rings_of(face, vertices) {
            Some(rings) => kept.push(Kept {
                face,
                detail: details.get(index),
                rings,
            }),
            None => report.left("faces", 1, NARROW),
        }
    }
    kept
}

/// Why a face or a triangle stays behind.
const NARROW: &str = "narrower than a step of the file's grid";

/// The rings of a face; `None` when its outer ring has less than three corners left. Holes that
/// vanish are left out.
fn rings_of(face: &Surface, vertices: &mut Vertices) -> Option<Vec<KeptRing>> {
    let rings = face.rings.iter().map(|ring| ring_of(ring, vertices));
    let rings: Vec<_> = rings.collect();
    if !rings.first().is_some_and(Option::is_some) {
        return None;
    }
    let kept = rings.into_iter().enumerate().filter_map(|(place, ring)| {
        let (corners, at): (Vec<usize>, Vec<Vertex>) = ring?.into_iter().unzip();
        Some(KeptRing {
            place,
            numbers: at.into_iter().map(|at| vertices.number(at)).collect(),
            corners,
        })
    });
    Some(kept.collect())
}

/// The corners of a ring that differ from the one before, each with its place.
fn ring_of(ring: &[[f64; 3]], vertices: &Vertices) -> Option<Vec<(usize, Vertex)>> {
    let corners = ring.iter().enumerate();
    let corners = corners.map(|(place, at)| Some((place, vertices.on_grid(*at)?)));
    let mut corners = corners.collect::<Option<Vec<_>>>()?;
    corners.dedup_by_key(|(_, at)| *at);
    let at = |corner: Option<&(usize, Vertex)>| corner.map(|(_, at)| *at);
    while corners.len() > 1 && at(corners.first()) == at(corners.last()) {
        corners.pop();
    }
    (corners.len() >= 3).then_some(corners)
}

/// A net as a surface of triangles that join.
fn net_of(net: &Tin, lod: &str, vertices: &mut Vertices, report: &mut Report) -> Option<Value> {
    let mut faces: Vec<Value> = Vec::with_capacity(net.triangles.len());
    for corners in net.corners() {
        let [a, b, c] = corners.map(|at| vertices.on_grid(at));
        match (a, b, c) {
            (Some(a), Some(b), Some(c)) if a != b && b != c && c != a => {
                let numbers = [a, b, c].map(|at| vertices.number(at));
                faces.push(json!([numbers]));
            }
            _ => report.left("triangles of terrain", 1, NARROW),
        }
    }
    let has_faces = !faces.is_empty();
    has_faces.then(|| json!({"type": "CompositeSurface", "lod": lod, "boundaries": faces}))
}

fn points_of(points: &[[f64; 3]], lod: &str, vertices: &mut Vertices) -> Option<Value> {
    let on_grid: Option<Vec<Vertex>> = points.iter().map(|at| vertices.on_grid(*at)).collect();
    let numbers: Vec<usize> = on_grid?.into_iter().map(|at| vertices.number(at)).collect();
    let has_points = !numbers.is_empty();
    has_points.then(|| json!({"type": "MultiPoint", "lod": lod, "boundaries": numbers}))
}

fn lines_of(lines: &[Vec<[f64; 3]>], lod: &str, vertices: &mut Vertices) -> Option<Value> {
    let on_grid = |line: &Vec<[f64; 3]>| {
        let corners = line.iter().map(|at| vertices.on_grid(*at));
        let mut corners: Vec<Vertex> = corners.collect::<Option<_>>()?;
        corners.dedup();
        (corners.len() >= 2).then_some(corners)
    };
    let lines: Vec<Vec<Vertex>> = lines.iter().filter_map(on_grid).collect();
    let has_lines = !lines.is_empty();
    let mut numbered = |line: Vec<Vertex>| -> Vec<usize> {
        line.into_iter().map(|at| vertices.number(at)).collect()
    };
    let numbers: Vec<Vec<usize>> = lines.into_iter().map(&mut numbered).collect();
    has_lines.then(|| json!({"type": "MultiLineString", "lod": lod, "boundaries": numbers}))
}
