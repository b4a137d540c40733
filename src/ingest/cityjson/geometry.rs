//! Geometries as lists of faces that name their vertices by number, with their semantics.

use serde_json::Value;

use crate::space::SurfaceKind;

/// A face: rings of vertex numbers, the outer first.
#[derive(Clone)]
pub(super) struct Face {
    pub(super) kind: SurfaceKind,
    pub(super) rings: Vec<Vec<u32>>,
}

/// A geometry before its vertices are known.
#[derive(Clone)]
pub(super) struct Geometry {
    /// Level of detail as text, whichever way the file writes it.
    pub(super) lod: String,
    pub(super) body: Body,
}

/// What a geometry consists of.
#[derive(Clone)]
pub(super) enum Body {
    Points(Vec<u32>),
    Lines(Vec<Vec<u32>>),
    Faces(Vec<Face>),
    /// A template, turned and scaled by a matrix (row by row) and moved to a vertex.
    Instance {
        template: usize,
        anchor: u32,
        matrix: [f64; 16],
    },
}

impl Geometry {
    /// Reads one geometry of any type.
    pub(super) fn from_json(value: &Value) -> Result<Self, String> {
        let kind = value
            .get("type")
            .and_then(Value::as_str)
            .ok_or("a geometry without type")?;
        let boundaries = value
            .get("boundaries")
            .ok_or("a geometry without boundaries")?;
        let faces = |levels: usize| {
            let semantics = Semantics::of(value);
            let mut faces = Vec::new();
            semantics.walk(boundaries, semantics.values, levels, &mut faces)?;
            Ok::<Body, String>(Body::Faces(faces))
        };
        let body = match kind {
            "MultiPoint" => Body::Points(indices(boundaries)?),
            "MultiLineString" => Body::Lines(
                list(boundaries)?
                    .iter()
                    .map(indices)
                    .collect::<Result<_, _>>()?,
            ),
            "MultiSurface" | "CompositeSurface" => faces(1)?,
            "Solid" => faces(2)?,
            "MultiSolid" | "CompositeSolid" => faces(3)?,
            "GeometryInstance" => instance(value, boundaries)?,
            _ => return Err(format!("{kind:?} is not a geometry type")),
        };
        Ok(Self {
            lod: lod_of(value),
            body,
        })
    }
}

/// `2`, `2.0` and `"2"` are one level.
fn lod_of(geometry: &Value) -> String {
    match geometry.get("lod") {
        Some(Value::String(lod)) if !lod.trim().is_empty() => lod.trim().to_owned(),
        // `f64` prints 2.0 as `2` and 2.2 as `2.2`.
        Some(Value::Number(lod)) => format!("{}", lod.as_f64().unwrap_or_default()),
        _ => "0".to_owned(),
    }
}

struct Semantics<'a> {
    kinds: Vec<SurfaceKind>,
    values: Option<&'a Value>,
}

impl<'a> Semantics<'a> {
    fn of(geometry: &'a Value) -> Self {
        let semantics = geometry.get("semantics");
        let surfaces = semantics.and_then(|semantics| semantics.get("surfaces")?.as_array());
        let kind = |surface: &Value| {
            // Our own details, which go under the standard's nearest word.
            let word = surface.get("pingjiang:type").or(surface.get("type"));
            let word = word.and_then(Value::as_str);
            word.map_or(SurfaceKind::Unknown, SurfaceKind::from_cityjson)
        };
        Self {
            kinds: surfaces.into_iter().flatten().map(kind).collect(),
            values: semantics.and_then(|semantics| semantics.get("values")),
        }
    }

    /// Goes down the lists of solids and shells; `values` goes along, and is `null` from any
    /// level down where nothing is said.
    fn walk(
        &self,
        boundaries: &Value,
        values: Option<&Value>,
        levels: usize,
        faces: &mut Vec<Face>,
    ) -> Result<(), String> {
        if levels == 0 {
            let number = values
                .and_then(Value::as_u64)
                .and_then(|n| usize::try_from(n).ok());
            let kind = number.and_then(|number| self.kinds.get(number).copied());
            let rings = list(boundaries)?
                .iter()
                .map(ring)
                .collect::<Result<Vec<_>, _>>()?;
            if !rings.is_empty() {
                faces.push(Face {
                    kind: kind.unwrap_or_default(),
                    rings,
                });
            }
            return Ok(());
        }
        for (index, part) in list(boundaries)?.iter().enumerate() {
            let value = values.and_then(|values| values.get(index));
            self.walk(part, value, levels - 1, faces)?;
        }
        Ok(())
    }
}

fn list(value: &Value) -> Result<&Vec<Value>, String> {
    value
        .as_array()
        .ok_or_else(|| "its boundaries are not nested as its type demands".to_owned())
}

fn index(value: &Value) -> Result<u32, String> {
    let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
    number.ok_or_else(|| "its boundaries hold something that is no vertex number".to_owned())
}

fn indices(value: &Value) -> Result<Vec<u32>, String> {
    list(value)?.iter().map(index).collect()
}

fn ring(value: &Value) -> Result<Vec<u32>, String> {
    let mut ring = indices(value)?;
    if ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    if ring.len() < 3 {
        return Err(format!("a ring of {} vertices", ring.len()));
    }
    Ok(ring)
}

fn instance(value: &Value, boundaries: &Value) -> Result<Body, String> {
    let template = value.get("template").and_then(Value::as_u64);
    let template = template.and_then(|number| usize::try_from(number).ok());
    let anchor = indices(boundaries)?.first().copied();
    let numbers = value.get("transformationMatrix").and_then(Value::as_array);
    let numbers = numbers.map(Vec::as_slice).unwrap_or_default().iter();
    let numbers: Vec<f64> = numbers.filter_map(Value::as_f64).collect();
    let matrix = <[f64; 16]>::try_from(numbers)
        .map_err(|_| "an instance without a matrix of 16 numbers".to_owned())?;
    Ok(Body::Instance {
        template: template.ok_or("an instance without a template number")?,
        anchor: anchor.ok_or("an instance without an anchor")?,
        matrix,
    })
}
