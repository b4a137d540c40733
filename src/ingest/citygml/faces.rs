//! The geometries of one object as faces by level of detail, each polygon once, with the meaning
//! of the boundary surface it belongs to. Used by `objects`. Never reads XML.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;

use crate::model::{FaceDetail, LodModel};
use crate::space::{Surface, SurfaceKind};

use super::super::raw::Position;
use super::geometry::RawFace;
use super::xml::Element;

/// What the boundary surface says of its faces.
pub(super) type Said = BTreeMap<String, Value>;

/// Faces that one property of an object, or of a surface of it, gives at one level.
pub(super) struct Group<'m, 'a> {
    pub(super) lod: &'m str,
    pub(super) kind: SurfaceKind,
    /// Whether they stand in a boundary surface, with what that says.
    pub(super) surface: Option<Said>,
    pub(super) faces: Vec<RawFace<'m, 'a>>,
}

/// The place of a face of a boundary surface: group and face.
type Place = (usize, usize);

/// Adds the faces of an object to the models of its family: first those of its solids, in their
/// order, with what boundary surfaces say of them, then the surfaces that no solid has.
///
/// A face of a solid and one of a boundary surface are the same where they are the same polygon,
/// or where a solid that refers to none repeats the corners.
pub(super) fn add(groups: Vec<Group>, models: &mut Vec<LodModel>) {
    let meanings = meanings(&groups);
    let repeated = repeated(&groups, &meanings);
    let mut taken: HashSet<(&str, *const Element)> = HashSet::new();
    let mut taken_places: HashSet<Place> = HashSet::new();
    let mut out: Vec<(&str, Surface, FaceDetail)> = Vec::new();
    for group in groups.iter().filter(|group| group.surface.is_none()) {
        for face in &group.faces {
            let pointer = face.polygon.map(std::ptr::from_ref::<Element>);
            if pointer.is_some_and(|pointer| !taken.insert((group.lod, pointer))) {
                continue;
            }
            let place = pointer
                .and_then(|pointer| meanings.get(&pointer))
                .or_else(|| {
                    let found = repeated.get(&(group.lod, key(face)))?;
                    taken_places.insert(*found);
                    Some(found)
                });
            let owner = place.and_then(|(group, place)| {
                let group = groups.get(*group)?;
                Some((group, group.faces.get(*place)?))
            });
            let kind = owner.map_or(group.kind, |(owner, _)| owner.kind);
            let mut detail = detail(face, owner.and_then(|(owner, _)| owner.surface.as_ref()));
            if let Some((_, same)) = owner {
                wear(&mut detail, face, same);
            }
            out.push((group.lod, surface(face, kind), detail));
        }
    }
    for (index, group) in groups.iter().enumerate() {
        let Some(said) = &group.surface else { continue };
        for (place, face) in group.faces.iter().enumerate() {
            let pointer = face.polygon.map(std::ptr::from_ref::<Element>);
            let is_again = pointer.is_some_and(|pointer| !taken.insert((group.lod, pointer)));
            if !is_again && !taken_places.contains(&(index, place)) {
                out.push((
                    group.lod,
                    surface(face, group.kind),
                    detail(face, Some(said)),
                ));
            }
        }
    }
    for (lod, surface, detail) in out {
        push(models, lod, surface, detail);
    }
}

/// Which boundary surface each polygon belongs to; the first that has it.
fn meanings(groups: &[Group]) -> HashMap<*const Element<'static>, Place> {
    let mut meanings = HashMap::new();
    for (index, group) in groups.iter().enumerate() {
        if group.surface.is_none() {
            continue;
        }
        for (place, face) in group.faces.iter().enumerate() {
            if let Some(polygon) = face.polygon {
                let pointer = std::ptr::from_ref(polygon).cast();
                meanings.entry(pointer).or_insert((index, place));
            }
        }
    }
    meanings
}

/// Faces of boundary surfaces by level and corners, where a solid of that level does not refer.
fn repeated<'g>(
    groups: &'g [Group],
    meanings: &HashMap<*const Element<'static>, Place>,
) -> HashMap<(&'g str, Vec<[u64; 3]>), Place> {
    let is_strange = |face: &RawFace| {
        let pointer = face
            .polygon
            .map(|polygon| std::ptr::from_ref(polygon).cast());
        pointer.is_some_and(|pointer| !meanings.contains_key(&pointer))
    };
    let levels: HashSet<&str> = groups
        .iter()
        .filter(|group| group.surface.is_none() && group.faces.iter().any(is_strange))
        .map(|group| group.lod)
        .collect();
    let mut repeated = HashMap::new();
    for (index, group) in groups.iter().enumerate() {
        if group.surface.is_none() || !levels.contains(group.lod) {
            continue;
        }
        for (place, face) in group.faces.iter().enumerate() {
            repeated
                .entry((group.lod, key(face)))
                .or_insert((index, place));
        }
    }
    repeated
}

/// The corners of the outer ring, wherever it begins and whichever way it goes.
fn key(face: &RawFace) -> Vec<[u64; 3]> {
    let bits = |at: &Position| at.map(f64::to_bits);
    let outer = face.rings.first();
    let mut corners: Vec<[u64; 3]> = outer.into_iter().flatten().map(bits).collect();
    corners.sort_unstable();
    corners
}

fn surface(face: &RawFace, kind: SurfaceKind) -> Surface {
    Surface {
        kind,
        rings: face.rings.clone(),
    }
}

fn detail(face: &RawFace, said: Option<&Said>) -> FaceDetail {
    FaceDetail {
        attributes: said.cloned().unwrap_or_default(),
        ..face.detail.clone()
    }
}

/// A face wears what the same face wears in its boundary surface: there it may lie in something
/// that is dressed as a whole.
fn wear(detail: &mut FaceDetail, face: &RawFace, same: &RawFace) {
    for (theme, material) in &same.detail.materials {
        detail.materials.entry(theme.clone()).or_insert(*material);
    }
    for (theme, picture) in &same.detail.textures {
        let worn = detail.textures.entry(theme.clone());
        worn.or_insert_with(|| {
            let mut picture = picture.clone();
            if face.rings != same.rings {
                picture.uv.iter_mut().for_each(|ring| ring.reverse());
            }
            picture
        });
    }
}

fn push(models: &mut Vec<LodModel>, lod: &str, surface: Surface, detail: FaceDetail) {
    let found = models.iter().position(|model| model.lod == lod);
    let place = found.unwrap_or_else(|| {
        models.push(LodModel {
            lod: lod.to_owned(),
            surfaces: Vec::new(),
            details: Vec::new(),
        });
        models.len() - 1
    });
    if let Some(model) = models.get_mut(place) {
        model.surfaces.push(surface);
        model.details.push(detail);
    }
}

/// Drops details that say nothing of any face.
pub(super) fn finish(models: &mut [LodModel]) {
    models.sort_by(|a, b| a.lod.cmp(&b.lod));
    for model in models {
        if model.details.iter().all(FaceDetail::is_empty) {
            model.details = Vec::new();
        }
    }
}
