//! Which records go out, and with which of their models. Counts what stays behind.

use crate::model::{Entity, EntityKind, Ground, choose_lod};

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
                Entity::Building(one) => choose_lod(&mut one.models, lod),
                Entity::Object(one) => choose_lod(&mut one.models, lod),
                _ => {}
            }
        }
        entity
    }
}
