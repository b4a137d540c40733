//! Which attribute of a file is what: a person's answer in a mapping file (`docs/mapping.md`).
//! Readers ask it for columns and kinds; `build` and `tags` look at a feature through
//! [`Mapping::view`]. Never reads a file itself, and never changes what is kept of a feature.

mod fact;
mod parse;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

use crate::space::Crs;

pub(super) use fact::Fact;
pub use parse::MappingError;

use super::Format;
use super::error::ReadError;
use super::raw::Attributes;
use super::{kind_words, words};

/// Which attribute is what.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Mapping {
    /// The CRS of the coordinates; goes before what the file says.
    pub crs: Option<Crs>,
    /// What every feature is that says nothing else.
    kind: Option<String>,
    /// Columns of a table's coordinates.
    position: [Option<Named>; 3],
    /// Column of geometry as well-known text.
    geometry: Option<Named>,
    attributes: BTreeMap<Fact, Vec<Named>>,
    height_unit: HeightUnit,
    values: BTreeMap<Fact, BTreeMap<String, String>>,
    defaults: BTreeMap<Fact, Value>,
}

/// The name of an attribute with where the mapping names it.
#[derive(Debug, Clone, PartialEq)]
struct Named {
    name: String,
    line: usize,
}

/// What the numbers of the height's attribute count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize)]
enum HeightUnit {
    #[default]
    #[serde(rename = "m")]
    Metres,
    #[serde(rename = "ft")]
    Feet,
    #[serde(rename = "storeys", alias = "floors")]
    Storeys,
}

/// Feet in metres.
const FOOT_M: f64 = 0.3048;

impl Mapping {
    /// Whether it says nothing about attributes.
    fn is_silent(&self) -> bool {
        self.attributes.is_empty()
            && self.values.is_empty()
            && self.defaults.is_empty()
            && self.kind.is_none()
    }

    /// Whether a person said which attribute this is.
    pub(super) fn names(&self, fact: Fact) -> bool {
        self.attributes.contains_key(&fact)
    }

    /// The attributes that a person named for a fact.
    pub(super) fn named(&self, fact: Fact) -> Option<Vec<&str>> {
        let named = self.attributes.get(&fact)?;
        Some(named.iter().map(|named| named.name.as_str()).collect())
    }

    /// Whether the attribute of the height counts storeys.
    pub(super) fn counts_storeys(&self) -> bool {
        self.height_unit == HeightUnit::Storeys
    }

    /// The column of coordinate 0, 1 or 2.
    pub(super) fn coordinate(&self, axis: usize) -> Option<&str> {
        let named = self.position.get(axis)?.as_ref()?;
        Some(&named.name)
    }

    /// The column of geometry as well-known text.
    pub(super) fn geometry(&self) -> Option<&str> {
        self.geometry.as_ref().map(|named| named.name.as_str())
    }

    /// The stable id that its own column gives.
    pub(super) fn key(&self, attributes: &Attributes) -> Option<String> {
        let named = self.attributes.get(&Fact::Key)?;
        named
            .iter()
            .find_map(|named| word(attributes.get(&named.name)?))
    }

    /// The feature as `facts` and `tags` are to see it: with what the mapping says under the names
    /// they know. The feature itself keeps its attributes as they are.
    pub(super) fn view<'a>(&self, attributes: &'a Attributes) -> Cow<'a, Attributes> {
        if self.is_silent() {
            return Cow::Borrowed(attributes);
        }
        let mut seen = attributes.clone();
        for fact in Fact::ALL {
            self.show(*fact, attributes, &mut seen);
        }
        Cow::Owned(seen)
    }

    /// Puts one fact where it is looked for.
    fn show(&self, fact: Fact, attributes: &Attributes, seen: &mut Attributes) {
        let named = self.attributes.get(&fact);
        let is_touched =
            named.is_some() || self.values.contains_key(&fact) || self.defaults.contains_key(&fact);
        let kind = self.kind.as_ref().filter(|_| fact == Fact::Kind);
        if !is_touched && kind.is_none() {
            return;
        }
        let said = match named {
            Some(named) => named
                .iter()
                .find_map(|named| said(attributes.get(&named.name)?)),
            None => fact
                .names()
                .iter()
                .find_map(|name| said(attributes.get(*name)?)),
        };
        let translated = said
            .map(|value| self.translated(fact, value, named.is_some()))
            .filter(|value| fact != Fact::Kind || is_kind(value));
        let default = self.defaults.get(&fact).filter(|_| translated.is_none());
        let value = translated
            .or_else(|| default.cloned())
            .or_else(|| kind.cloned().map(Value::String));
        if named.is_some() || value.is_some() {
            for name in fact.names().iter().chain(fact.rivals()) {
                // `building` and `amenity` say what a thing is as well.
                if !matches!(*name, "building" | "amenity") {
                    seen.remove(*name);
                }
            }
        }
        if let Some(flag) = default.and_then(|_| fact.default_flag()) {
            seen.insert(flag.to_owned(), true.into());
        }
        if fact == Fact::Height && self.height_unit == HeightUnit::Storeys && named.is_some() {
            if let Some(value) = value {
                seen.insert(Fact::Storeys.canonical().to_owned(), value);
            }
        } else if let Some(value) = value {
            seen.insert(fact.canonical().to_owned(), value);
        }
    }

    fn translated(&self, fact: Fact, value: &Value, is_named: bool) -> Value {
        let words = self.values.get(&fact);
        if let Some(meaning) = words.and_then(|words| word(value).and_then(|word| words.get(&word)))
        {
            return Value::String(meaning.clone());
        }
        if fact == Fact::Height
            && is_named
            && self.height_unit == HeightUnit::Feet
            && let Some(feet) = plain_number(value)
        {
            return (feet * FOOT_M).into();
        }
        value.clone()
    }

    /// Whether a file has the attributes that the mapping names; columns of coordinates are
    /// wanted of tables of text only.
    ///
    /// # Errors
    /// [`ReadError::Unusable`] with the line of the mapping and the file's own names.
    pub(super) fn check<'n>(
        &self,
        format: Format,
        names: impl Iterator<Item = &'n str> + Clone,
    ) -> Result<(), ReadError> {
        let is_missing = |named: &&Named| !names.clone().any(|name| name == named.name);
        let of_facts = self
            .attributes
            .values()
            .filter(|list| list.iter().all(|named| is_missing(&named)))
            .filter_map(|list| list.first());
        let is_table = format == Format::Csv;
        let columns = self.position.iter().flatten().chain(&self.geometry);
        let columns = columns.filter(|named| is_table && is_missing(named));
        let Some(missing) = of_facts.chain(columns).next() else {
            return Ok(());
        };
        let listed: Vec<&str> = names.clone().take(LISTED_MAX).collect();
        let more = names.skip(LISTED_MAX).count();
        let more = (more > 0).then(|| format!(" and {more} more"));
        Err(ReadError::Unusable {
            reason: format!(
                "the mapping's line {} names {:?}, which the file does not have",
                missing.line, missing.name
            ),
            remedy: format!(
                "its attributes are {}{}",
                listed.join(", "),
                more.unwrap_or_default()
            ),
        })
    }
}

/// Names that a message lists.
const LISTED_MAX: usize = 60;

/// A value that says something.
fn said(value: &Value) -> Option<&Value> {
    match value {
        Value::Null => None,
        Value::String(text) if text.trim().is_empty() => None,
        _ => Some(value),
    }
}

/// A value as the word that a table of values or a key may hold.
pub(super) fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

fn is_kind(value: &Value) -> bool {
    value.as_str().and_then(kind_words::kind_word).is_some()
}

fn plain_number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
    .filter(|number: &f64| number.is_finite())
}

/// The text that a fact has in a mapping, where it must be one of a list of words.
fn is_word_of(fact: Fact, word: &str) -> Result<(), String> {
    let known = words::known(fact);
    if known.is_empty() || known.contains(&word) {
        return Ok(());
    }
    Err(format!(
        "{word:?} is no {}; write one of {}",
        fact.as_str(),
        known.join(", ")
    ))
}
