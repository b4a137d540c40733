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
    /// is missing or taken.
    pub(super) fn of(materials: &[Material], textures: &[Texture], origin: &Origin) -> Self {
        let dataset = &origin.dataset;
        let names = materials.iter().map(|one| one.name.as_str());
        let keys = keys("material", names).into_iter();
        let images = textures.iter().map(|one| one.image.as_str());
        let images = self::keys("texture", images).into_iter();
        Self {
            materials: keys
                .map(|key| MaterialId::from_source(dataset, &key))
                .collect(),
            textures: images
                .map(|key| TextureId::from_source(dataset, &key))
                .collect(),
        }
    }

    /// The lists as entities, with the same keys.
    pub(super) fn entities(
        &self,
        materials: Vec<Material>,
        textures: Vec<Texture>,
        origin: &Origin,
    ) -> Vec<Entity> {
        let source = |key: String| Source {
            dataset: origin.dataset.clone(),
            key,
            import: origin.import,
        };
        let names = keys("material", materials.iter().map(|one| one.name.as_str()));
        let images = keys("texture", textures.iter().map(|one| one.image.as_str()));
        let materials = materials.into_iter().zip(names).zip(&self.materials);
        let materials = materials.map(|((mut one, key), id)| {
            (one.id, one.source) = (*id, source(key));
            Entity::from(one)
        });
        let textures = textures.into_iter().zip(images).zip(&self.textures);
        let textures = textures.map(|((mut one, key), id)| {
            (one.id, one.source) = (*id, source(key));
            Entity::from(one)
        });
        materials.chain(textures).collect()
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
