//! Ids of their own for the materials and textures of a raw city, in their lists and on its faces.
//! Used by `convert`. Never looks at what they show.

use std::collections::{BTreeMap, HashSet};

use crate::base::{MaterialId, TextureId};
use crate::model::{Entity, FaceDetail, Material, Source, Texture};

use super::convert::Origin;
use super::raw::RawFeature;

/// From places in the lists to ids. The lists grow while a file is read; what is known of their
/// beginning stays true.
#[derive(Default)]
pub(super) struct Looks {
    materials: Named<MaterialId>,
    textures: Named<TextureId>,
}

/// Keys and ids of one list, in its order.
struct Named<Id> {
    keys: Vec<String>,
    taken: HashSet<String>,
    ids: Vec<Id>,
}

impl<Id> Default for Named<Id> {
    fn default() -> Self {
        Self {
            keys: Vec::new(),
            taken: HashSet::new(),
            ids: Vec::new(),
        }
    }
}

impl<Id> Named<Id> {
    /// Takes up what the list has more than before: a key is the name itself where it is the first
    /// of its kind, else `KIND-PLACE`.
    fn extend<'a>(
        &mut self,
        kind: &str,
        names: impl Iterator<Item = &'a str>,
        id: impl Fn(&str) -> Id,
    ) {
        let known = self.keys.len();
        for (place, name) in names.enumerate().skip(known) {
            let mut key = name.to_owned();
            if key.trim().is_empty() || self.taken.contains(&key) {
                key = format!("{kind}-{place}");
            }
            // A name may itself look like that.
            while !self.taken.insert(key.clone()) {
                key.push('+');
            }
            self.ids.push(id(&key));
            self.keys.push(key);
        }
    }
}

impl Looks {
    /// Gives materials and textures that are new in the lists their ids: by their names, or by
    /// their places where a name is missing or taken.
    pub(super) fn extend(&mut self, materials: &[Material], textures: &[Texture], origin: &Origin) {
        let dataset = &origin.dataset;
        let names = materials.iter().map(|one| one.name.as_str());
        self.materials.extend("material", names, |key| {
            MaterialId::from_source(dataset, key)
        });
        let images = textures.iter().map(|one| one.image.as_str());
        self.textures.extend("texture", images, |key| {
            TextureId::from_source(dataset, key)
        });
    }

    /// The lists as entities, with the same keys.
    pub(super) fn entities(
        self,
        materials: Vec<Material>,
        textures: Vec<Texture>,
        origin: &Origin,
    ) -> Vec<Entity> {
        let source = |key: String| Source {
            dataset: origin.dataset.clone(),
            key,
            import: origin.import,
        };
        let Self {
            materials: names,
            textures: images,
        } = self;
        let materials = materials.into_iter().zip(names.keys).zip(names.ids);
        let materials = materials.map(|((mut one, key), id)| {
            (one.id, one.source) = (id, source(key));
            Entity::from(one)
        });
        let textures = textures.into_iter().zip(images.keys).zip(images.ids);
        let textures = textures.map(|((mut one, key), id)| {
            (one.id, one.source) = (id, source(key));
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
        let material = |id: MaterialId| self.materials.ids.get(usize::try_from(id.bits()).ok()?);
        let texture = |id: TextureId| self.textures.ids.get(usize::try_from(id.bits()).ok()?);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_comes_once_however_the_list_grows() {
        let names = ["roof", "", "roof", "material-4", "material-4", " "];
        for step in 1..=names.len() {
            let mut named = Named::default();
            for count in (0..names.len()).step_by(step).chain([names.len()]) {
                let so_far = names[..count].iter().copied();
                named.extend("material", so_far, str::to_owned);
            }
            let expected = [
                "roof",
                "material-1",
                "material-2",
                "material-4",
                "material-4+",
                "material-5",
            ];
            assert_eq!(named.keys, expected);
            assert_eq!(named.ids, expected);
        }
    }
}
