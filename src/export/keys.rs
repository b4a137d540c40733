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
        let id = entity.key().id_text();
        let mut key = id.clone();
        let mut number = 2;
        while !self.0.insert(key.clone()) {
            key = format!("{id}#{number}");
            number += 1;
        }
        key
    }
}
