//! Geometries as lists of faces that name their vertices by number, with what is said of each
//! face: its kind, attributes, materials and textures. Used by `document`; never looks a number up.

use serde_json::{Map, Value};

use crate::model::passport::{SURFACE_ATTRIBUTES, SURFACE_TYPE};
use crate::space::SurfaceKind;

/// A face: rings of vertex numbers, the outer first.
#[derive(Clone)]
pub(super) struct Face {
    pub(super) kind: SurfaceKind,
    pub(super) rings: Vec<Vec<u32>>,
    /// Its semantic surface, as a place in `Geometry::surfaces`.
    pub(super) surface: Option<usize>,
    /// Place of the theme, and of the material in the file's list.
    pub(super) materials: Vec<(usize, usize)>,
    /// Place of the theme, and what is on the face.
    pub(super) textures: Vec<(usize, Picture)>,
}

/// A texture on a face, all by number.
#[derive(Clone)]
pub(super) struct Picture {
    pub(super) texture: usize,
    /// A texture vertex for each corner of each ring.
    pub(super) corners: Vec<Vec<usize>>,
}

/// What a semantic surface says beyond a kind that is known.
#[derive(Clone, Default)]
pub(super) struct SurfaceSays {
    pub(super) kind: SurfaceKind,
    pub(super) attributes: Map<String, Value>,
    /// What a copy of its attributes costs, in corners.
    pub(super) cost: usize,
}

/// A geometry before its vertices are known.
#[derive(Clone)]
pub(super) struct Geometry {
    /// Level of detail as text, whichever way the file writes it.
    pub(super) lod: String,
    pub(super) body: Body,
    pub(super) surfaces: Vec<SurfaceSays>,
    /// Themes of materials and of textures.
    pub(super) themes: [Vec<String>; 2],
    /// Whether semantic surfaces name their parents or children, which is not kept.
    pub(super) has_links: bool,
}

/// What a geometry consists of.
#[derive(Clone)]
pub(super) enum Body {
    /// Points, with the semantics as the file has them.
    Points(Vec<u32>, Option<Value>),
    /// Lines, likewise.
    Lines(Vec<Vec<u32>>, Option<Value>),
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
        let semantics = || value.get("semantics").cloned();
        let body = match kind {
            "MultiPoint" => Body::Points(indices(boundaries)?, semantics()),
            "MultiLineString" => {
                let lines = list(boundaries)?.iter().map(indices);
                Body::Lines(lines.collect::<Result<_, _>>()?, semantics())
            }
            "MultiSurface" | "CompositeSurface" => return faces(value, boundaries, 1),
            "Solid" => return faces(value, boundaries, 2),
            "MultiSolid" | "CompositeSolid" => return faces(value, boundaries, 3),
            "GeometryInstance" => instance(value, boundaries)?,
            _ => return Err(format!("{kind:?} is not a geometry type")),
        };
        Ok(Self {
            lod: lod_of(value),
            body,
            surfaces: Vec::new(),
            themes: [Vec::new(), Vec::new()],
            has_links: false,
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

/// A geometry of faces under so many lists.
fn faces(value: &Value, boundaries: &Value, levels: usize) -> Result<Geometry, String> {
    let semantics = value.get("semantics");
    let surfaces = semantics.and_then(|semantics| semantics.get("surfaces")?.as_array());
    let surfaces = surfaces.into_iter().flatten();
    let has_links = surfaces
        .clone()
        .any(|surface| surface.get("parent").is_some() || surface.get("children").is_some());
    let surfaces: Vec<SurfaceSays> = surfaces.map(says).collect();
    let (material_themes, materials) = themes(value.get("material"), |theme| {
        Some(match theme.get("value") {
            Some(value) => Down::Everywhere(value),
            None => Down::Values(theme.get("values")),
        })
    });
    let (texture_themes, textures) = themes(value.get("texture"), |theme| {
        Some(Down::Values(theme.get("values")))
    });
    let start = Says {
        semantics: Down::Values(semantics.and_then(|semantics| semantics.get("values"))),
        materials,
        textures,
    };
    let mut faces = Vec::new();
    walk(boundaries, &start, levels, &surfaces, &mut faces)?;
    Ok(Geometry {
        lod: lod_of(value),
        body: Body::Faces(faces),
        surfaces,
        themes: [material_themes, texture_themes],
        has_links,
    })
}

/// What a semantic surface says, without the numbers of other surfaces.
fn says(surface: &Value) -> SurfaceSays {
    let Some(members) = surface.as_object() else {
        return SurfaceSays::default();
    };
    // Words that the standard lacks stand beside its nearest one in files of ours.
    let word = members.get(SURFACE_TYPE).or(members.get("type"));
    let kind = word.and_then(Value::as_str);
    let kind = kind.map_or(SurfaceKind::Unknown, SurfaceKind::from_cityjson);
    let is_kept = |name: &str| {
        !matches!(name, "parent" | "children" | "type")
            && name != SURFACE_TYPE
            && name != SURFACE_ATTRIBUTES
    };
    let mut attributes: Map<String, Value> = members
        .iter()
        .filter(|(name, _)| is_kept(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    if let Some(word) = word.filter(|word| kind == SurfaceKind::Unknown && !word.is_null()) {
        attributes.insert("type".to_owned(), word.clone());
    }
    if let Some(Value::Object(held)) = members.get(SURFACE_ATTRIBUTES) {
        attributes.extend(held.clone());
    }
    let cost = attributes
        .iter()
        .map(|(name, value)| 2 + name.len() / 24 + cost(value))
        .sum();
    SurfaceSays {
        kind,
        attributes,
        cost,
    }
}

/// What a copy of a value costs, in corners of 24 bytes.
fn cost(value: &Value) -> usize {
    match value {
        Value::String(text) => 2 + text.len() / 24,
        Value::Array(list) => 1 + list.iter().map(|one| 1 + cost(one)).sum::<usize>(),
        Value::Object(members) => {
            let members = members.iter();
            1 + members
                .map(|(name, one)| 2 + name.len() / 24 + cost(one))
                .sum::<usize>()
        }
        _ => 1,
    }
}

/// Names of themes, and where each begins.
fn themes<'a>(
    value: Option<&'a Value>,
    start: impl Fn(&'a Value) -> Option<Down<'a>>,
) -> (Vec<String>, Vec<Down<'a>>) {
    let members = value.and_then(Value::as_object).into_iter().flatten();
    members
        .filter_map(|(name, theme)| Some((name.clone(), start(theme)?)))
        .unzip()
}

/// Values that go along with boundaries.
#[derive(Clone, Copy)]
enum Down<'a> {
    /// One for all faces.
    Everywhere(&'a Value),
    /// A list of the same structure, or `null` from any level down where nothing is said.
    Values(Option<&'a Value>),
}

impl<'a> Down<'a> {
    fn part(self, index: usize) -> Self {
        match self {
            Self::Everywhere(value) => Self::Everywhere(value),
            Self::Values(values) => Self::Values(values.and_then(|values| values.get(index))),
        }
    }

    fn value(self) -> Option<&'a Value> {
        match self {
            Self::Everywhere(value) => Some(value),
            Self::Values(value) => value,
        }
    }

    fn number(self) -> Option<usize> {
        self.value().and_then(place)
    }
}

/// What goes along with boundaries.
struct Says<'a> {
    semantics: Down<'a>,
    materials: Vec<Down<'a>>,
    textures: Vec<Down<'a>>,
}

impl<'a> Says<'a> {
    fn part(&self, index: usize) -> Self {
        let all = |list: &[Down<'a>]| list.iter().map(|one| one.part(index)).collect();
        Self {
            semantics: self.semantics.part(index),
            materials: all(&self.materials),
            textures: all(&self.textures),
        }
    }
}

/// Goes down the lists of solids and shells to the faces.
fn walk(
    boundaries: &Value,
    says: &Says,
    levels: usize,
    surfaces: &[SurfaceSays],
    faces: &mut Vec<Face>,
) -> Result<(), String> {
    if levels > 0 {
        for (index, part) in list(boundaries)?.iter().enumerate() {
            walk(part, &says.part(index), levels - 1, surfaces, faces)?;
        }
        return Ok(());
    }
    let rings = list(boundaries)?
        .iter()
        .map(ring)
        .collect::<Result<Vec<_>, _>>()?;
    if rings.is_empty() {
        return Ok(());
    }
    let surface = says.semantics.number();
    let surface = surface.filter(|number| *number < surfaces.len());
    let kind = surface.and_then(|number| surfaces.get(number));
    let materials = says.materials.iter().enumerate();
    let textures = says.textures.iter().enumerate();
    faces.push(Face {
        kind: kind.map_or(SurfaceKind::Unknown, |surface| surface.kind),
        surface,
        materials: materials
            .filter_map(|(theme, down)| Some((theme, down.number()?)))
            .collect(),
        textures: textures
            .filter_map(|(theme, down)| Some((theme, picture(down.value()?, &rings)?)))
            .collect(),
        rings,
    });
    Ok(())
}

/// The texture of a face: each ring names it first, then a texture vertex for every corner.
fn picture(values: &Value, rings: &[Vec<u32>]) -> Option<Picture> {
    let values = values.as_array()?;
    let texture = values.first()?.as_array()?.first().and_then(place)?;
    let mut corners = Vec::with_capacity(rings.len());
    for (index, ring) in rings.iter().enumerate() {
        let numbers = values.get(index)?.as_array()?.iter().skip(1);
        // A closing corner that the ring repeats is left out here as there.
        let numbers: Vec<usize> = numbers.take(ring.len()).map_while(place).collect();
        if numbers.len() != ring.len() {
            return None;
        }
        corners.push(numbers);
    }
    Some(Picture { texture, corners })
}

fn place(value: &Value) -> Option<usize> {
    value
        .as_u64()
        .and_then(|number| usize::try_from(number).ok())
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
    let template = value.get("template").and_then(place);
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
