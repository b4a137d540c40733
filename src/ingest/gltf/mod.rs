//! glTF 2.0 (`.gltf`, `.glb`): a landmark or a proposed building at a stated place, or a city that
//! this program wrote and that tells its own place. Axes are turned from glTF's (y up) to ours
//! (z up). Never reads pictures: textures are kept as references.

mod accessor;
mod buffers;
mod document;
mod looks;
mod scene;
#[cfg(test)]
mod tests;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::attribution::clean_attribution;
use super::error::ReadError;
use super::own;
use super::placement::{Placement, Resolved};
use super::raw::{Attributes, RawCity, RawFeature, RawKind, RawShape, Spot};
use super::stand::{GROUND_ATTRIBUTE, UNKNOWN};
use super::{Format, Input, ReadOptions, Take};
use crate::base::counted;
use crate::model::passport::{FlatShape, MEMBER, Passport, SHAPE};
use crate::model::{LodModel, PROPOSED, STATUS_ATTRIBUTE};
use crate::space::{Crs, SurfaceKind, Tin};
use document::{Opened, Own};
use scene::{Faces, Walk};

/// Level of detail under which faces are kept.
const LOD: &str = "3";

/// Reads a model.
///
/// # Errors
/// [`ReadError`] when it is damaged, needs what is not supported, or nobody says where it stands.
pub fn read_gltf(input: &Input, options: &ReadOptions, _: Take) -> Result<RawCity, ReadError> {
    let opened = document::open(input.bytes)?;
    let buffers = buffers::resolve(&opened, input)?;
    let mut raw = RawCity::new(Format::Gltf);
    let whom = opened.document.as_json().asset.copyright.as_deref();
    raw.attribution = whom.and_then(clean_attribution);
    match (&options.placement, &opened.own) {
        (Some(placement), _) => placed(&mut raw, &opened, &buffers, placement, input)?,
        (None, Some(own)) => city(&mut raw, &opened, &buffers, own)?,
        (None, None) => {
            return Err(unusable(
                "it does not say where it stands",
                "state --at E,N[,Z] in the city's CRS or --at-lonlat LON,LAT[,Z], and --heading, \
                 --scale, --as-building, --name where needed",
            ));
        }
    }
    looks::note_missing(&mut raw, input);
    Ok(raw)
}

fn unusable(reason: impl Into<String>, remedy: &str) -> ReadError {
    ReadError::Unusable {
        reason: reason.into(),
        remedy: remedy.to_owned(),
    }
}

/// The whole file as one thing at a stated place.
fn placed(
    raw: &mut RawCity,
    opened: &Opened,
    buffers: &[Vec<u8>],
    placement: &Placement,
    input: &Input,
) -> Result<(), ReadError> {
    let Resolved { at, crs, turn_deg } = placement.resolved()?;
    raw.crs = crs;
    let mut walk = Walk::new(&opened.document, buffers);
    let mut faces = Faces::default();
    for root in walk.roots() {
        walk.node(root, &mut faces)?;
    }
    looks::add(raw, &opened.document);
    let (sin, cos) = turn_deg.to_radians().sin_cos();
    let scale = placement.scale;
    let base_m = placement.height_m.unwrap_or(0.0);
    // Model x is east and −z north before the turn.
    let model = faces.into_model(LOD, placement.as_building, |[x, y, z]| {
        let (east, north, up) = (x * scale, -z * scale, y * scale);
        [
            at[0] + east * cos + north * sin,
            at[1] - east * sin + north * cos,
            base_m + up,
        ]
    });
    let name = placement.name.clone();
    let stem = super::dataset_name(input.name);
    let mut attributes = Attributes::new();
    attributes.insert(
        "name".to_owned(),
        name.unwrap_or_else(|| stem.clone()).into(),
    );
    if placement.height_m.is_none() {
        attributes.insert(GROUND_ATTRIBUTE.to_owned(), UNKNOWN.into());
    }
    if placement.as_building {
        attributes.insert(STATUS_ATTRIBUTE.to_owned(), PROPOSED.into());
    }
    let kind = if placement.as_building {
        RawKind::Building
    } else {
        RawKind::Object("Landmark".to_owned())
    };
    push(raw, stem, kind, attributes, model)
}

/// A city that this program wrote: one thing for each node, at the place that the file tells.
fn city(
    raw: &mut RawCity,
    opened: &Opened,
    buffers: &[Vec<u8>],
    own: &Own,
) -> Result<(), ReadError> {
    raw.crs = Some(Crs::parse(&own.crs)?);
    looks::add(raw, &opened.document);
    let [e, n, h] = own.origin;
    let mut walk = Walk::new(&opened.document, buffers);
    let mut flat = 0;
    for root in walk.roots() {
        let said = opened.extras_of(root);
        let text = |key: &str| said.get(key).and_then(Value::as_str);
        let key = text("key").map_or_else(|| format!("node-{root}"), str::to_owned);
        let kind = match text("type") {
            Some("building") => RawKind::Building,
            Some("terrain") => RawKind::Terrain,
            other => RawKind::Object(text("kind").or(other).unwrap_or("Generic").to_owned()),
        };
        if let Some((kind, shape)) = flat_shape(said) {
            put(raw, key, kind, attributes_of(said), shape);
            continue;
        }
        let mut faces = Faces::default();
        walk.node(root, &mut faces)?;
        if faces.is_empty() {
            flat += 1;
            continue;
        }
        let is_building = kind == RawKind::Building;
        let lod = text("lod").unwrap_or(LOD);
        let model = faces.into_model(lod, is_building, |[x, y, z]| [e + x, n - z, h + y]);
        push(raw, key, kind, attributes_of(said), model)?;
    }
    if raw.features.iter().all(|one| one.shape.models.is_empty()) {
        // Then they are only the paints of kinds.
        raw.materials.clear();
        raw.textures.clear();
    }
    if flat > 0 {
        raw.notes.push(format!(
            "{} left out",
            counted(flat, "node without faces is", "nodes without faces are")
        ));
    }
    if raw.features.is_empty() {
        return Err(no_face());
    }
    Ok(())
}

/// What a node says of itself, without what became its key and its kind.
fn attributes_of(said: &Map<String, Value>) -> Attributes {
    if let (Some(passport), true) = (said.get(MEMBER), Passport::among(said).is_some()) {
        return [(MEMBER.to_owned(), passport.clone())]
            .into_iter()
            .collect();
    }
    let used = ["id", "type", "dataset", "key", "kind"];
    let kept = said
        .iter()
        .filter(|(key, value)| !used.contains(&key.as_str()) && !value.is_null());
    kept.map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

/// The shape of a record that this program wrote and whose faces it drew itself: they are nobody's
/// measurement.
fn flat_shape(said: &Map<String, Value>) -> Option<(RawKind, RawShape)> {
    let kind = own::kind(said)?;
    let FlatShape {
        polygons,
        lines,
        points,
    } = FlatShape::deserialize(said.get(SHAPE)?).ok()?;
    let shape = RawShape {
        polygons,
        lines,
        points,
        ..RawShape::default()
    };
    Some((kind, shape))
}

fn no_face() -> ReadError {
    unusable("it has no face", "name a model with triangles")
}

fn push(
    raw: &mut RawCity,
    key: String,
    kind: RawKind,
    attributes: Attributes,
    model: LodModel,
) -> Result<(), ReadError> {
    if model.surfaces.is_empty() {
        return Err(no_face());
    }
    let mut shape = RawShape::default();
    if kind == RawKind::Terrain {
        let rings = model.surfaces.iter().flat_map(|face| &face.rings);
        let triangles = rings.filter_map(|ring| ring.as_slice().try_into().ok());
        let triangles: Vec<[[f64; 3]; 3]> = triangles.collect();
        shape.tins.push(Tin::from_triangles(&triangles));
    } else {
        shape.models.push(model);
    }
    put(raw, key, kind, attributes, shape);
    Ok(())
}

fn put(raw: &mut RawCity, key: String, kind: RawKind, attributes: Attributes, shape: RawShape) {
    raw.features.push(RawFeature {
        key,
        spot: Spot::Feature(raw.features.len() + 1),
        kind,
        attributes,
        shape,
    });
}

/// What a face of a building is by the way it looks, so that the drawing finds its material.
fn kind_by_normal(up: f64) -> SurfaceKind {
    if up > 0.3 {
        SurfaceKind::RoofSurface
    } else if up < -0.7 {
        SurfaceKind::GroundSurface
    } else {
        SurfaceKind::WallSurface
    }
}
