//! Records as the geometries that CityJSON knows: bodies, faces, lines and points at a level of
//! detail. Never writes a byte.

use std::collections::HashMap;

use geo_types::{LineString, Polygon};
use serde::Deserialize;

use crate::model::passport::Shapes;
use crate::model::{Building, CityObject, Entity, FaceDetail, GroundAreaKind, LodModel};
use crate::portrayal::scene::body_of;
use crate::space::{Surface, SurfaceKind, Tin, is_closed};

use super::report::Report;

/// Levels of detail that CityJSON 2.0 knows.
const LODS: &[&str] = &[
    "0", "1", "2", "3", "0.0", "0.1", "0.2", "0.3", "1.0", "1.1", "1.2", "1.3", "2.0", "2.1",
    "2.2", "2.3", "3.0", "3.1", "3.2", "3.3",
];
/// City objects that may stand alone and hold faces, with what they may hold.
const FREE_TYPES: &[&str] = &["Bridge", "Tunnel", "CityFurniture", "OtherConstruction"];
/// Keeps whatever has no type of its own; its passport knows what it is.
const GENERIC: &str = "GenericCityObject";
/// A net has no level of detail of its own, and CityJSON demands one.
const NET_LOD: &str = "1";
/// Where an object of points or lines keeps them, as lists of lists of positions.
const POSITIONS: [&str; 2] = ["geometry:points", "geometry:lines"];

/// A geometry.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Geometry {
    /// Its level of detail.
    pub(super) lod: String,
    /// What it consists of.
    pub(super) body: Body,
    /// What the source says of each face, in their order; empty when it says nothing of any.
    pub(super) details: Vec<FaceDetail>,
    /// On how many axes (east, north, up) its coordinates are the record's own: all of them, two
    /// of what the city keeps flat, none of a body that was made by us.
    pub(super) own_axes: usize,
}

/// What a geometry consists of.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Body {
    /// One closed body: its shell.
    Solid(Vec<Surface>),
    /// Faces that bound no single body.
    Faces(Vec<Surface>),
    /// Faces of a terrain, which join.
    Composite(Vec<Surface>),
    /// A net over the ground.
    Net(Tin),
    /// Lines.
    Lines(Vec<Vec<[f64; 3]>>),
    /// Points.
    Points(Vec<[f64; 3]>),
}

/// A record in the words of CityJSON.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shaped {
    /// Type of the city object.
    pub(super) kind: &'static str,
    /// Its geometries.
    pub(super) geometries: Vec<Geometry>,
    /// Which of them are the record's own.
    pub(super) shapes: Shapes,
}

/// The geometries of a record. `base_m` is the height of what the city keeps flat; positions that
/// stand among an object's attributes are taken out of them.
pub(super) fn shaped(
    entity: &mut Entity,
    base_m: f64,
    generated: bool,
    report: &mut Report,
) -> Option<Shaped> {
    let plain = |kind, geometries| Shaped {
        kind,
        geometries,
        shapes: Shapes::Own,
    };
    let face = |polygon: &Polygon<f64>, z_m, kind| flat(std::slice::from_ref(polygon), z_m, kind);
    Some(match entity {
        Entity::Building(one) => building(one, generated, report),
        Entity::Road(one) => {
            let mut geometries = flat(&one.surfaces, base_m, SurfaceKind::TrafficArea);
            geometries.extend(line(&one.line, base_m));
            plain("Road", geometries)
        }
        Entity::Water(one) => {
            let kind = SurfaceKind::WaterSurface;
            plain("WaterBody", face(&one.polygon, one.level_m, kind))
        }
        Entity::GroundArea(one) => {
            let kind = match one.kind {
                GroundAreaKind::Green => "PlantCover",
                _ => "LandUse",
            };
            plain(kind, face(&one.polygon, base_m, SurfaceKind::Unknown))
        }
        Entity::Plant(one) => plain("SolitaryVegetationObject", point(one.position)),
        Entity::Place(one) => plain(GENERIC, point(one.position)),
        Entity::Area(one) => {
            let outline = one.polygon.as_ref();
            let faces = outline.map(|polygon| face(polygon, base_m, SurfaceKind::Unknown));
            plain(GENERIC, faces.unwrap_or_default())
        }
        Entity::Object(one) => object(one, report),
        Entity::Terrain(one) => {
            let net = Body::Net(std::mem::take(&mut one.tin));
            plain("TINRelief", vec![Geometry::own(NET_LOD, net)])
        }
        _ => return None,
    })
}

fn building(one: &Building, generated: bool, report: &mut Report) -> Shaped {
    let mut geometries = models(&one.models, report);
    let mut shapes = Shapes::Own;
    if geometries.is_empty() {
        let outline = std::slice::from_ref(&one.footprint);
        geometries = flat(outline, one.ground_m, SurfaceKind::GroundSurface);
        shapes = Shapes::Outline;
        let body = if generated { body_of(one) } else { Vec::new() };
        if !body.is_empty() {
            let has_roof = body
                .iter()
                .filter(|face| face.kind == SurfaceKind::RoofSurface)
                .any(|face| face.normal().is_none_or(|normal| normal[2] < 0.99));
            let lod = if has_roof { "2" } else { "1" };
            geometries.push(Geometry {
                own_axes: 0,
                ..solid_or_faces(lod, body, Vec::new())
            });
            shapes = Shapes::Generated;
        }
    }
    Shaped {
        kind: "Building",
        geometries,
        shapes,
    }
}

fn object(one: &mut CityObject, report: &mut Report) -> Shaped {
    let is_relief = one.kind == "TINRelief";
    let free = FREE_TYPES.iter().find(|kind| **kind == one.kind);
    let mut geometries = models(&one.models, report);
    let [points, lines] = POSITIONS.map(|name| {
        let lists = one.attributes.get(name)?;
        let lists = Vec::<Vec<[f64; 3]>>::deserialize(lists).ok()?;
        one.attributes.remove(name);
        Some(lists)
    });
    let of = |body| Geometry::own("0", body);
    geometries.extend(points.map(|lists| of(Body::Points(lists.concat()))));
    geometries.extend(lines.map(|lists| of(Body::Lines(lists))));
    let has_lines = geometries
        .iter()
        .any(|geometry| matches!(geometry.body, Body::Lines(_) | Body::Points(_)));
    let kind = match free {
        // Bridges and tunnels may not be lines.
        Some(kind) if !has_lines || matches!(*kind, "CityFurniture" | "OtherConstruction") => kind,
        _ if is_relief && !has_lines => "TINRelief",
        _ => GENERIC,
    };
    if kind == "TINRelief" {
        for geometry in &mut geometries {
            if let Body::Solid(faces) | Body::Faces(faces) = &mut geometry.body {
                geometry.body = Body::Composite(std::mem::take(faces));
            }
        }
    }
    Shaped {
        kind,
        geometries,
        shapes: Shapes::Own,
    }
}

fn models(models: &[LodModel], report: &mut Report) -> Vec<Geometry> {
    let mut geometries = Vec::with_capacity(models.len());
    for model in models {
        if model.surfaces.is_empty() {
            let what = format!("models of LoD {}", model.lod);
            report.left(&what, 1, "without a face");
        } else if LODS.contains(&model.lod.as_str()) {
            let (faces, details) = (model.surfaces.clone(), model.details.clone());
            geometries.push(solid_or_faces(&model.lod, faces, details));
        } else {
            let what = format!("models of LoD {}", model.lod);
            report.left(&what, 1, "CityJSON 2.0 has no such level");
        }
    }
    geometries
}

fn solid_or_faces(lod: &str, faces: Vec<Surface>, details: Vec<FaceDetail>) -> Geometry {
    let body = if is_closed(&faces) && is_one_piece(&faces) {
        Body::Solid(faces)
    } else {
        Body::Faces(faces)
    };
    Geometry {
        details,
        ..Geometry::own(lod, body)
    }
}

/// Whether all faces hang together by their corners: several bodies are no shell.
fn is_one_piece(faces: &[Surface]) -> bool {
    fn root(of: &mut [usize], mut at: usize) -> usize {
        while let Some(&next) = of.get(at)
            && next != at
        {
            let beyond = of.get(next).copied().unwrap_or(next);
            if let Some(slot) = of.get_mut(at) {
                *slot = beyond;
            }
            at = next;
        }
        at
    }
    let mut owner: HashMap<[i64; 3], usize> = HashMap::new();
    let mut of: Vec<usize> = (0..faces.len()).collect();
    for (index, face) in faces.iter().enumerate() {
        for at in face.rings.iter().flatten() {
            let other = *owner.entry(millimetres(*at)).or_insert(index);
            let (a, b) = (root(&mut of, index), root(&mut of, other));
            if let Some(slot) = of.get_mut(a) {
                *slot = b;
            }
        }
    }
    let first = root(&mut of, 0);
    (0..faces.len()).all(|index| root(&mut of, index) == first)
}

/// A position in whole millimetres.
pub(super) fn millimetres(at: [f64; 3]) -> [i64; 3] {
    at.map(|v| (v * 1_000.0).round() as i64)
}

fn flat(polygons: &[Polygon<f64>], z_m: f64, kind: SurfaceKind) -> Vec<Geometry> {
    let faces: Vec<Surface> = polygons
        .iter()
        .filter(|polygon| !polygon.exterior().0.is_empty())
        .map(|polygon| level_face(polygon, z_m, kind))
        .collect();
    let has_faces = !faces.is_empty();
    has_faces
        .then(|| Geometry::level(Body::Faces(faces)))
        .into_iter()
        .collect()
}

/// A polygon as a level face that looks up.
pub(super) fn level_face(polygon: &Polygon<f64>, z_m: f64, kind: SurfaceKind) -> Surface {
    let ring = |ring: &LineString<f64>| {
        let mut ring: Vec<[f64; 3]> = ring.0.iter().map(|at| [at.x, at.y, z_m]).collect();
        if ring.len() > 1 && ring.first() == ring.last() {
            ring.pop();
        }
        ring
    };
    let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
    Surface {
        kind,
        rings: rings.map(ring).collect(),
    }
}

fn line(line: &LineString<f64>, z_m: f64) -> Option<Geometry> {
    let points: Vec<[f64; 3]> = line.0.iter().map(|at| [at.x, at.y, z_m]).collect();
    (points.len() > 1).then(|| Geometry::level(Body::Lines(vec![points])))
}

fn point(at: [f64; 3]) -> Vec<Geometry> {
    // A passport keeps the height.
    vec![Geometry::level(Body::Points(vec![at]))]
}

impl Geometry {
    /// A geometry with heights of its own.
    fn own(lod: &str, body: Body) -> Self {
        Self {
            lod: lod.to_owned(),
            body,
            details: Vec::new(),
            own_axes: 3,
        }
    }

    /// A flat shape at a height that was put in.
    fn level(body: Body) -> Self {
        Self {
            own_axes: 2,
            ..Self::own("0", body)
        }
    }

    /// Calls `each` for every position.
    pub(super) fn for_each(&self, mut each: impl FnMut([f64; 3])) {
        match &self.body {
            Body::Solid(faces) | Body::Faces(faces) | Body::Composite(faces) => {
                let rings = faces.iter().flat_map(|face| &face.rings);
                rings.flatten().for_each(|at| each(*at));
            }
            Body::Net(net) => net.vertices.iter().for_each(|at| each(*at)),
            Body::Lines(lines) => lines.iter().flatten().for_each(|at| each(*at)),
            Body::Points(points) => points.iter().for_each(|at| each(*at)),
        }
    }
}
