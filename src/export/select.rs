//! Which records go out, and with which of their models. Counts what stays behind.

use crate::model::{Entity, EntityKind, Ground, LodModel};

use super::error::ExportError;
use super::report::Report;
use super::{Job, LAYERS, LOOKS};

/// Why people and things stay in the city.
const PERSONAL: &str = "personal data never leave the city this way";
const REGISTRY: &str = "a registry, not the base map; a copy of the city (.gpkg) keeps it";

/// Counts the registries, none of which goes out.
pub(super) fn count_registries(ground: &Ground, report: &mut Report) {
    let is_registry = |kind: &&EntityKind| !LAYERS.contains(kind) && !LOOKS.contains(kind);
    for kind in EntityKind::ALL.iter().filter(is_registry) {
        let why = match kind {
            EntityKind::Device | EntityKind::Camera | EntityKind::Facility => REGISTRY,
            _ => PERSONAL,
        };
        report.left(kind.as_str(), ground.count(*kind), why);
    }
}

impl Job<'_> {
    /// Hands over every record that is asked for, one at a time, its models chosen.
    pub(super) fn each(
        &self,
        mut then: impl FnMut(Entity) -> Result<(), ExportError>,
    ) -> Result<(), ExportError> {
        let ground = self.ground;
        macro_rules! kinds {
            ($($variant:ident $field:ident)*) => {
                $(if self.options.layers.contains(&EntityKind::$variant) {
                    for one in ground.$field.values() {
                        let entity = Entity::from(one.clone());
                        if self.is_inside(&entity) {
                            then(self.with_chosen_models(entity))?;
                        }
                    }
                })*
            };
        }
        kinds! {
            Area areas
            Building buildings
            Road roads
            Water water
            GroundArea ground_areas
            Plant plants
            Place places
            Object objects
            Terrain terrain
        }
        Ok(())
    }

    /// Counts what the caller's own choice leaves behind.
    pub(super) fn count_unasked(&self, report: &mut Report) -> Result<(), ExportError> {
        for kind in LAYERS {
            if !self.options.layers.contains(kind) {
                let count = self.ground.count(*kind);
                report.left(kind.as_str(), count, "not among --layers");
            }
        }
        if self.options.bbox.is_some() {
            let mut inside = std::collections::BTreeMap::new();
            self.each(|entity| {
                *inside.entry(entity.key().kind).or_insert(0) += 1;
                Ok(())
            })?;
            for kind in &self.options.layers {
                let inside = inside.get(kind).copied().unwrap_or(0);
                let outside = self.ground.count(*kind).saturating_sub(inside);
                report.left(kind.as_str(), outside, "outside --bbox");
            }
        }
        Ok(())
    }

    fn is_inside(&self, entity: &Entity) -> bool {
        self.options.bbox.is_none_or(|bbox| {
            let bounds = entity.bounds();
            !bounds.is_empty() && bounds.intersects(&bbox)
        })
    }

    fn with_chosen_models(&self, mut entity: Entity) -> Entity {
        if let Some(lod) = &self.options.lod {
            match &mut entity {
                Entity::Building(one) => choose(&mut one.models, lod),
                Entity::Object(one) => choose(&mut one.models, lod),
                _ => {}
            }
        }
        entity
    }
}

/// Keeps the models of this level, or those of the best level below it.
fn choose(models: &mut Vec<LodModel>, lod: &str) {
    let best = models
        .iter()
        .filter(|model| rank(&model.lod, "0") <= rank(lod, "9") && !model.surfaces.is_empty())
        .max_by_key(|model| rank(&model.lod, "0"))
        .map(|model| model.lod.clone());
    models.retain(|model| Some(&model.lod) == best.as_ref());
}

/// A level's place in the order of detail; what is no level comes first. A model of `2` says no
/// more than 2.0, and who asks for `2` takes the whole of 2.0–2.9: hence `otherwise`.
pub(super) fn rank(lod: &str, otherwise: &str) -> (u32, u32) {
    let (whole, part) = lod.split_once('.').unwrap_or((lod, otherwise));
    (whole.parse().unwrap_or(0), part.parse().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(have: &[&str], ask: &str, expected: &[&str]) {
        let face = crate::space::Surface {
            kind: Default::default(),
            rings: Vec::new(),
        };
        let model = |lod: &&str| LodModel {
            lod: (*lod).to_owned(),
            surfaces: vec![face.clone()],
            details: Vec::new(),
        };
        let mut models: Vec<LodModel> = have.iter().map(model).collect();
        choose(&mut models, ask);
        let lods: Vec<&str> = models.iter().map(|model| model.lod.as_str()).collect();
        assert_eq!(lods, expected, "{have:?} {ask}");
    }

    #[test]
    fn the_level_asked_for_or_the_best_below() {
        let dutch = ["0", "1.2", "1.3", "2.2"];
        check(&dutch, "1.3", &["1.3"]);
        check(&dutch, "1", &["1.3"]);
        check(&dutch, "3", &["2.2"]);
        check(&dutch, "0", &["0"]);
        check(&["2"], "1.3", &[]);
        check(&["2"], "2.2", &["2"]);
        check(&["2"], "2", &["2"]);
        check(&["1", "10"], "10", &["10"]);
        check(&["x"], "0", &["x"]);
        check(&[], "2", &[]);
    }
}
