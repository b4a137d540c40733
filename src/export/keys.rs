//! Keys of records within a file: the source's own where it is free, the record's id otherwise.

use std::collections::HashSet;

use crate::model::Entity;

/// Hands out keys, each once.
#[derive(Debug, Default)]
pub(super) struct Keys(HashSet<String>);

impl Keys {
    /// The key of a record. Data sets and kinds may use the same keys; a passport tells them apart.
    pub(super) fn of(&mut self, entity: &Entity) -> String {
        let source = &entity.source().key;
        let is_usable = !source.trim().is_empty() && source.trim() == source;
        if is_usable && self.0.insert(source.clone()) {
            return source.clone();
        }
        let id = id_text(entity);
        let mut key = id.clone();
        let mut number = 2;
        while !self.0.insert(key.clone()) {
            key = format!("{id}#{number}");
            number += 1;
        }
        key
    }
}

/// The written form of a record's id.
pub(super) fn id_text(entity: &Entity) -> String {
    match entity {
        Entity::Area(one) => one.id.to_string(),
        Entity::Building(one) => one.id.to_string(),
        Entity::Road(one) => one.id.to_string(),
        Entity::Water(one) => one.id.to_string(),
        Entity::GroundArea(one) => one.id.to_string(),
        Entity::Plant(one) => one.id.to_string(),
        Entity::Place(one) => one.id.to_string(),
        Entity::Object(one) => one.id.to_string(),
        Entity::Terrain(one) => one.id.to_string(),
        other => format!("{}-{:016x}", other.key().kind.as_str(), other.key().bits),
    }
}
