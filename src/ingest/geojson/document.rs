//! The outer object of a GeoJSON document, taken apart while it is parsed.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::super::raw::Attributes;
use super::Sink;

/// Everything beside the features.
#[derive(Default)]
pub(super) struct Head {
    /// The old `crs` member.
    pub(super) crs: Option<Value>,
    /// Whether there was a `features` member.
    pub(super) has_features: bool,
    /// All other members: of a single feature or geometry they are all there is.
    pub(super) rest: Attributes,
}

impl Head {
    /// The `type` member.
    pub(super) fn kind(&self) -> &str {
        self.rest
            .get("type")
            .and_then(Value::as_str)
            .unwrap_or_default()
    }
}

/// Parses a document and hands its features to a sink.
pub(super) struct Seed<'a> {
    pub(super) sink: &'a mut Sink,
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Head;
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Head, D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Head;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a GeoJSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Head, A::Error> {
        let mut head = Head::default();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "features" => {
                    head.has_features = true;
                    map.next_value_seed(Features { sink: self.sink })?;
                }
                "crs" => head.crs = Some(map.next_value()?),
                _ => {
                    head.rest.insert(key, map.next_value()?);
                }
            }
        }
        Ok(head)
    }
}

struct Features<'a> {
    sink: &'a mut Sink,
}

impl<'de> DeserializeSeed<'de> for Features<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Features<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of features")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(feature) = list.next_element::<Value>()? {
            self.sink.feature(feature);
        }
        Ok(())
    }
}
