//! Ids of their own for the materials and textures of a raw city, in their lists and on its faces.
//! Used by `convert`. Never looks at what they show.

use std::collections::{BTreeMap, HashSet};

use crate::base::{ImportId, MaterialId, TextureId};
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

/// Sources and ids of one list, in its order.
struct Named<Id> {
    sources: Vec<Source>,
    taken: HashSet<String>,
    ids: Vec<Id>,
}

impl<Id> Default for Named<Id> {
    fn default() -> Self {
        Self {
            sources: Vec::new(),
            taken: HashSet::new(),
            ids: Vec::new(),
        }
    }
}

impl<Id> Named<Id> {
    /// Takes up what the list has more than before. What names its data set is a record of ours and
    /// keeps its source; else the key is the name itself where it is the first of its kind, or
    /// `KIND-PLACE`.
    fn extend<'a>(
        &mut self,
        kind: &str,
        list: impl Iterator<Item = (&'a Source, &'a str)>,
        origin: &Origin,
        id: impl Fn(&str, &str) -> Id,
    ) {
        let known = self.sources.len();
        for (place, (said, name)) in list.enumerate().skip(known) {
            let mut key = name.to_owned();
            if key.trim().is_empty() || self.taken.contains(&key) {
                key = format!("{kind}-{place}");
            }
            // A name may itself look like that.
            while !self.taken.insert(key.clone()) {
                key.push('+');
            }
            let mut source = said.clone();
            if source.dataset.is_empty() {
                (source.dataset, source.key) = (origin.dataset.clone(), key);
            }
            self.ids.push(id(&source.dataset, &source.key));
            self.sources.push(source);
        }
    }

    /// The list with its ids and sources.
    fn settle(self, import: ImportId) -> impl Iterator<Item = (Id, Source)> {
        let of_run = move |source: Source| Source { import, ..source };
        self.ids
            .into_iter()
            .zip(self.sources.into_iter().map(of_run))
    }
}

impl Looks {
    /// Gives materials and textures that are new in the lists their ids: by their names, or by
    /// their places where a name is missing or taken.
    pub(super) fn extend(&mut self, materials: &[Material], textures: &[Texture], origin: &Origin) {
        let list = materials.iter().map(|one| (&one.source, one.name.as_str()));
        self.materials
            .extend("material", list, origin, MaterialId::from_source);
        let list = textures.iter().map(|one| (&one.source, one.image.as_str()));
        self.textures
            .extend("texture", list, origin, TextureId::from_source);
    }

    /// The lists as entities, with the same keys.
    pub(super) fn entities(
        self,
        mut materials: Vec<Material>,
        mut textures: Vec<Texture>,
        origin: &Origin,
    ) -> Vec<Entity> {
        let settled = self.materials.settle(origin.import);
        for (one, known) in materials.iter_mut().zip(settled) {
            (one.id, one.source) = known;
        }
        let settled = self.textures.settle(origin.import);
        for (one, known) in textures.iter_mut().zip(settled) {
            (one.id, one.source) = known;
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
    use crate::space::Datum;

    #[test]
    fn every_key_comes_once_however_the_list_grows() {
        let names = ["roof", "", "roof", "material-4", "material-4", " "];
        let source = |dataset: &str, key: &str| Source {
            dataset: dataset.into(),
            key: key.into(),
            import: ImportId::from_bits(0),
        };
        let origin = Origin {
            dataset: "here".into(),
            import: ImportId::from_bits(1),
            crs: None,
            datum: Datum::Wgs84,
        };
        let nothing_said = source("", "");
        let ours = source("elsewhere", "its own");
        for step in 1..=names.len() {
            let mut named = Named::default();
            for count in (0..=names.len()).step_by(step).chain([names.len() + 1]) {
                let so_far = names.iter().map(|name| (&nothing_said, *name));
                let so_far = so_far.chain([(&ours, "roof")]).take(count);
                named.extend("material", so_far, &origin, |dataset, key| {
                    format!("{dataset}/{key}")
                });
            }
            let expected = [
                "here/roof",
                "here/material-1",
                "here/material-2",
                "here/material-4",
                "here/material-4+",
                "here/material-5",
                "elsewhere/its own",
            ];
            assert_eq!(named.ids, expected);
            let settled = named.settle(origin.import);
            let sources = settled.map(|(_, source)| {
                assert_eq!(source.import, origin.import);
                format!("{}/{}", source.dataset, source.key)
            });
            assert_eq!(sources.collect::<Vec<_>>(), expected);
        }
    }
}
