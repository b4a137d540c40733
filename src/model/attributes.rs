//! What a source says of a thing beyond the fields of its record: a map from names to values.
//! Used by every record that keeps such. Never interprets a value.
//!
//! A list in the order of names, not a tree: a city holds a million of these with two or three
//! members each, and a tree's smallest node has room for eleven (640 bytes).

use std::fmt;
use std::ops::Index;

use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

type Member = (String, Value);

/// Further attributes of a source: each name once, in the order of names.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Attributes(Vec<Member>);

impl Attributes {
    /// No attributes.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn place(&self, name: &str) -> Result<usize, usize> {
        self.0
            .binary_search_by(|(known, _)| known.as_str().cmp(name))
    }

    /// The value of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        let place = self.place(name).ok()?;
        Some(&self.0[place].1)
    }

    /// Whether there is a value of this name.
    #[must_use]
    pub fn contains_key(&self, name: &str) -> bool {
        self.place(name).is_ok()
    }

    /// Puts a value in, and gives back what had its name.
    pub fn insert(&mut self, name: String, value: Value) -> Option<Value> {
        match self.place(&name) {
            Ok(place) => Some(std::mem::replace(&mut self.0[place].1, value)),
            Err(place) => {
                self.0.reserve_exact(1);
                self.0.insert(place, (name, value));
                None
            }
        }
    }

    /// Takes the value of this name out.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let place = self.place(name).ok()?;
        Some(self.0.remove(place).1)
    }

    /// The names, in their order.
    pub fn keys(&self) -> impl Iterator<Item = &String> {
        self.0.iter().map(|(name, _)| name)
    }

    /// Names and values, in the order of names.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.into_iter()
    }
}

/// Of a name that comes twice the last value counts.
impl FromIterator<Member> for Attributes {
    fn from_iter<I: IntoIterator<Item = Member>>(members: I) -> Self {
        let mut list: Vec<Member> = members.into_iter().collect();
        if !list.is_sorted_by(|(a, _), (b, _)| a < b) {
            // The sort keeps equal names in their order; the last of them is met first.
            list.sort_by(|(a, _), (b, _)| a.cmp(b));
            list.reverse();
            list.dedup_by(|(a, _), (b, _)| a == b);
            list.reverse();
        }
        list.shrink_to_fit();
        Self(list)
    }
}

impl<const N: usize> From<[Member; N]> for Attributes {
    fn from(members: [Member; N]) -> Self {
        members.into_iter().collect()
    }
}

impl IntoIterator for Attributes {
    type Item = Member;
    type IntoIter = std::vec::IntoIter<Member>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Attributes {
    type Item = (&'a String, &'a Value);
    type IntoIter =
        std::iter::Map<std::slice::Iter<'a, Member>, fn(&'a Member) -> (&'a String, &'a Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter().map(|(name, value)| (name, value))
    }
}

impl Index<&str> for Attributes {
    type Output = Value;

    /// The value of this name, or null.
    fn index(&self, name: &str) -> &Value {
        self.get(name).unwrap_or(&Value::Null)
    }
}

impl Serialize for Attributes {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(self.len()))?;
        for (name, value) in self {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Attributes {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Attributes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Attributes, A::Error> {
                let members = std::iter::from_fn(|| map.next_entry().transpose());
                members.collect()
            }
        }

        from.deserialize_map(Members)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// A map like any other: the same members, order and text as the library's.
        #[test]
        fn behaves_as_a_map(
            members in prop::collection::vec(("[a-d名]{0,2}", 0_u8..9), 0..12),
            more in prop::collection::vec(("[a-d名]{0,2}", prop::option::of(0_u8..9)), 0..12),
        ) {
            let members = members.into_iter().map(|(name, value)| (name, Value::from(value)));
            let mut own: Attributes = members.clone().collect();
            let mut tree: BTreeMap<String, Value> = members.collect();
            for (name, value) in more {
                prop_assert_eq!(own.get(&name), tree.get(&name));
                prop_assert_eq!(own.contains_key(&name), tree.contains_key(&name));
                let (found, expected) = match value {
                    Some(value) => (
                        own.insert(name.clone(), value.into()),
                        tree.insert(name, value.into()),
                    ),
                    None => (own.remove(&name), tree.remove(&name)),
                };
                prop_assert_eq!(found, expected);
            }
            prop_assert_eq!(own.len(), tree.len());
            prop_assert!(own.iter().eq(&tree));
            let text = serde_json::to_string(&own).unwrap();
            prop_assert_eq!(&text, &serde_json::to_string(&tree).unwrap());
            prop_assert_eq!(serde_json::from_str::<Attributes>(&text).unwrap(), own);
        }
    }

    #[test]
    fn the_last_of_a_name_counts() {
        let text = r#"{"b": 1, "a": 2, "b": 3, "b": 4}"#;
        let found: Attributes = serde_json::from_str(text).unwrap();
        assert_eq!(
            found,
            [("a".into(), 2.into()), ("b".into(), 4.into())].into()
        );
        assert_eq!(found["c"], Value::Null);
        assert!(serde_json::from_str::<Attributes>("[]").is_err());
    }
}
