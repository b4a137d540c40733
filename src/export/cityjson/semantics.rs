//! What faces are: semantic surfaces, each once, with all that the source says of them.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::model::passport::{SURFACE_ATTRIBUTES, SURFACE_TYPE};
use crate::space::{Surface, SurfaceKind};

use super::geometry::Kept;

/// The semantic surfaces of faces, and which one each face is; `None` where nothing is known of
/// any.
pub(super) fn of(faces: &[Kept<'_>]) -> Option<(Vec<Value>, Vec<Value>)> {
    let mut surfaces: Vec<Value> = Vec::new();
    let mut known: HashMap<(SurfaceKind, String), usize> = HashMap::new();
    let mut values = Vec::with_capacity(faces.len());
    for Kept { face, detail, .. } in faces {
        let attributes = detail.map(|detail| &detail.attributes);
        let attributes = attributes.filter(|attributes| !attributes.is_empty());
        if face.kind == SurfaceKind::Unknown && attributes.is_none() {
            values.push(Value::Null);
            continue;
        }
        let members: Map<String, Value> = attributes
            .into_iter()
            .flatten()
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let surface = surface_of(face, members);
        let text = match attributes {
            Some(_) => Value::from(surface.clone()).to_string(),
            None => String::new(),
        };
        let number = *known.entry((face.kind, text)).or_insert_with(|| {
            surfaces.push(surface.into());
            surfaces.len() - 1
        });
        values.push(number.into());
    }
    (!surfaces.is_empty()).then_some((surfaces, values))
}

/// Words of ours and of extensions go under the standard's nearest, for a word of an extension
/// needs a schema that everybody can fetch.
fn surface_of(face: &Surface, mut attributes: Map<String, Value>) -> Map<String, Value> {
    let (word, own) = match face.kind {
        SurfaceKind::Ridge | SurfaceKind::Eave => {
            (SurfaceKind::RoofSurface, Some(face.kind.as_str().into()))
        }
        SurfaceKind::Parapet => (SurfaceKind::WallSurface, Some(face.kind.as_str().into())),
        SurfaceKind::Unknown => {
            let said = attributes.remove("type");
            (by_slope(face), Some(said.unwrap_or(Value::Null)))
        }
        kind => (kind, None),
    };
    let mut surface = Map::new();
    surface.insert("type".to_owned(), word.as_str().into());
    if let Some(own) = own {
        surface.insert(SURFACE_TYPE.to_owned(), own);
    }
    let mut held = Map::new();
    for (name, value) in attributes {
        let is_taken = matches!(name.as_str(), "type" | "parent" | "children")
            || name == SURFACE_TYPE
            || name == SURFACE_ATTRIBUTES
            || name.starts_with('+');
        let place = if is_taken { &mut held } else { &mut surface };
        place.insert(name, value);
    }
    if !held.is_empty() {
        surface.insert(SURFACE_ATTRIBUTES.to_owned(), held.into());
    }
    surface
}

/// What a face most likely is of which no word is known.
fn by_slope(face: &Surface) -> SurfaceKind {
    let up = face.normal().map_or(0.0, |normal| normal[2]);
    match up {
        _ if up > 0.25 => SurfaceKind::RoofSurface,
        _ if up < -0.25 => SurfaceKind::GroundSurface,
        _ => SurfaceKind::WallSurface,
    }
}
