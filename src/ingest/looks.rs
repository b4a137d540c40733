//! Ids of their own for the materials and textures of a raw city, in their lists and on its faces.
//! Used by `convert`. Never looks at what they show.

use std::collections::{BTreeMap, HashSet};

use crate::base::{MaterialId, TextureId};
use crate::model::{Entity, FaceDetail, Material, Source, Texture};

use super::convert::Origin;
use super::raw::RawFeature;

/// From places in the lists to ids.
pub(super) struct Looks {
    materials: Vec<MaterialId>,
    textures: Vec<TextureId>,
}

impl Looks {
    /// Gives materials and textures their ids: by their names, or by their places where a name
    /// is missing or taken. What names its data set is a record of ours and keeps its own.
    pub(super) fn of(materials: &[Material], textures: &[Texture], origin: &Origin) -> Self {
        let materials = materials.iter().map(|one| (&one.source, one.name.as_str()));
        let textures = textures.iter().map(|one| (&one.source, one.image.as_str()));
        Self {
            materials: sources("material", materials, origin)
                .map(|one| MaterialId::from_source(&one.dataset, &one.key))
                .collect(),
            textures: sources("texture", textures, origin)
                .map(|one| TextureId::from_source(&one.dataset, &one.key))
                .collect(),
        }
    }

    /// The lists as entities, with the same keys.
    pub(super) fn entities(
        &self,
        mut materials: Vec<Material>,
        mut textures: Vec<Texture>,
        origin: &Origin,
    ) -> Vec<Entity> {
        let named = materials.iter().map(|one| (&one.source, one.name.as_str()));
        let of_materials: Vec<Source> = sources("material", named, origin).collect();
        let named = textures.iter().map(|one| (&one.source, one.image.as_str()));
        let of_textures: Vec<Source> = sources("texture", named, origin).collect();
        let each = materials.iter_mut().zip(of_materials).zip(&self.materials);
        for ((one, source), id) in each {
            (one.id, one.source) = (*id, source);
        }
        let each = textures.iter_mut().zip(of_textures).zip(&self.textures);
        for ((one, source), id) in each {
            (one.id, one.source) = (*id, source);
        }
        let materials = materials.into_iter().map(Entity::from);
        materials
            .chain(textures.into_iter().map(Entity::from))
            .collect()
    }

    /// Has the faces of a feature name the ids; what names nothing that is listed is left out.
    pub(super) fn settle(&self, feature: &mut RawFeature) {
        let models = feature.shape.models.iter_mut();
        for detail in models.flat_map(|model| &mut model.details) {
            self.settle_face(detail);
        }
    }

    fn settle_face(&self, detail: &mut FaceDetail) {
        let material = |id: MaterialId| self.materials.get(usize::try_from(id.bits()).ok()?);
        let texture = |id: TextureId| self.textures.get(usize::try_from(id.bits()).ok()?);
        detail.materials = std::mem::take(&mut detail.materials)
            .into_iter()
            .filter_map(|(theme, id)| Some((theme, *material(id)?)))
            .collect();
        detail.textures = std::mem::take(&mut detail.textures)
            .into_iter()
            .filter_map(|(theme, mut on_face)| {
                on_face.texture = *texture(on_face.texture)?;
                Some((theme, on_face))
            })
            .collect::<BTreeMap<_, _>>();
    }
}

/// Where each of a list comes from: what it says itself, else the data set and a key by its name.
fn sources<'a>(
    kind: &str,
    list: impl Iterator<Item = (&'a Source, &'a str)>,
    origin: &Origin,
) -> impl Iterator<Item = Source> {
    let (said, names): (Vec<&Source>, Vec<&str>) = list.unzip();
    let said: Vec<Source> = said.into_iter().cloned().collect();
    let keys = keys(kind, names.into_iter());
    let (dataset, import) = (origin.dataset.clone(), origin.import);
    said.into_iter().zip(keys).map(move |(said, key)| {
        if said.dataset.is_empty() {
            Source {
                dataset: dataset.clone(),
                key,
                import,
            }
        } else {
            Source { import, ..said }
        }
    })
}

/// A key for each name: the name itself where it is the first of its kind, else `KIND-PLACE`.
/// Lists that begin alike give keys that begin alike.
fn keys<'a>(kind: &str, names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut taken = HashSet::new();
    let mut key = |(place, name): (usize, &str)| {
        let mut key = name.to_owned();
        if key.trim().is_empty() || taken.contains(&key) {
            key = format!("{kind}-{place}");
        }
        // A name may itself look like that.
        while !taken.insert(key.clone()) {
            key.push('+');
        }
        key
    };
    names.enumerate().map(&mut key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_comes_once() {
        let names = ["roof", "", "roof", "material-4", "material-4", " "];
        assert_eq!(
            keys("material", names.into_iter()),
            [
                "roof",
                "material-1",
                "material-2",
                "material-4",
                "material-4+",
                "material-5"
            ]
        );
    }
}
