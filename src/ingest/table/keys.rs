//! Keys of rows: the id they state, or one out of their content; each key once.
//! Of rows that were handed on only hashes are kept, so that a million of them stay cheap.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::super::mapping::{Fact, Mapping};
use super::super::raw::{Attributes, RawFeature, RawShape};

/// The text of an id.
pub(in super::super) fn id_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The id that a row states: in the attribute of the mapping, or in one that usually holds it.
pub(in super::super) fn stated_key(attributes: &Attributes, mapping: &Mapping) -> Option<String> {
    if mapping.names(Fact::Key) {
        return mapping.key(attributes);
    }
    Fact::Key
        .names()
        .iter()
        .find_map(|key| id_of(attributes.get(*key)?))
}

/// The beginning of a digest in hexadecimal digits: long enough to tell the rows of a file apart.
pub(in super::super) fn digits(digest: &[u8]) -> String {
    digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// A key out of the content, for rows without an id.
pub(in super::super) fn content_key(attributes: &Attributes, shape: &RawShape) -> String {
    let mut digest = Sha256::new();
    digest.update(serde_json::to_vec(attributes).unwrap_or_default());
    for at in shape.positions() {
        for number in at {
            digest.update(number.to_le_bytes());
        }
    }
    digits(&digest.finalize())
}

/// Keys that were seen, by their hash.
#[derive(Default)]
pub(super) struct Keys {
    /// Hash of the key → hash of the first content and how often the key came.
    seen: HashMap<u64, (u64, u32)>,
}

/// What is known of a feature's key.
pub(super) enum Known {
    /// It is new.
    New,
    /// The same thing had it.
    Same,
    /// Another thing had it; this is a key of its own.
    Numbered(String),
}

impl Keys {
    /// Adds a feature.
    pub(super) fn add(&mut self, feature: &RawFeature) -> Known {
        let content = content_hash(feature);
        let key = hash_of(&feature.key);
        let Some((first, times)) = self.seen.get_mut(&key) else {
            self.seen.insert(key, (content, 1));
            return Known::New;
        };
        *times = times.saturating_add(1);
        if *first == content {
            return Known::Same;
        }
        let mut number = *times;
        loop {
            let numbered = format!("{}#{number}", feature.key);
            let hash = hash_of(&numbered);
            if let std::collections::hash_map::Entry::Vacant(free) = self.seen.entry(hash) {
                free.insert((content, 1));
                return Known::Numbered(numbered);
            }
            number = number.saturating_add(1);
        }
    }
}

fn hash_of(what: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}

fn content_hash(feature: &RawFeature) -> u64 {
    let mut hasher = DefaultHasher::new();
    for (name, value) in &feature.attributes {
        name.hash(&mut hasher);
        value.hash(&mut hasher);
    }
    let shape = &feature.shape;
    let sizes = [shape.points.len(), shape.lines.len(), shape.polygons.len()];
    sizes.hash(&mut hasher);
    let lines = shape.lines.iter().chain(shape.polygons.iter().flatten());
    for line in lines {
        line.len().hash(&mut hasher);
    }
    for at in shape.positions() {
        at.map(f64::to_bits).hash(&mut hasher);
    }
    hasher.finish()
}
