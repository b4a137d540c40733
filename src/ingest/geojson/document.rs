//! The outer object of a GeoJSON document, taken apart while it is parsed: first all but its
//! features, so that the CRS is known wherever it stands, then the features one by one.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::super::raw::Attributes;

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

/// Parses a document but for its features, which are passed over.
pub(super) struct HeadSeed;

impl<'de> DeserializeSeed<'de> for HeadSeed {
    type Value = Head;
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Head, D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for HeadSeed {
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
                    map.next_value::<IgnoredAny>()?;
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

/// Parses a document and hands its features to a taker, which may end it.
pub(super) struct FeaturesSeed<T>(pub(super) T);

impl<'de, T: FnMut(Value) -> Result<(), ()>> DeserializeSeed<'de> for FeaturesSeed<T> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de, T: FnMut(Value) -> Result<(), ()>> Visitor<'de> for FeaturesSeed<T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a GeoJSON object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "features" => map.next_value_seed(List(&mut self.0))?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

struct List<'a, T>(&'a mut T);

impl<'de, T: FnMut(Value) -> Result<(), ()>> DeserializeSeed<'de> for List<'_, T> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de, T: FnMut(Value) -> Result<(), ()>> Visitor<'de> for List<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of features")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(feature) = list.next_element::<Value>()? {
            (self.0)(feature).map_err(|()| A::Error::custom("nobody takes the features"))?;
        }
        Ok(())
    }
}
