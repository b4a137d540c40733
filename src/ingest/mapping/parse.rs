//! A mapping file's text into a [`Mapping`]: strict, with the line of what is wrong.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use toml::Spanned;

use crate::base::in_plain_words;
use crate::space::Crs;

use super::super::facts;
use super::{Fact, HeightUnit, Mapping, Named, is_word_of};

/// What is wrong with a mapping file, and where.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("line {line}: {reason} (docs/mapping.md lists every key)")]
pub struct MappingError {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong, and what may be written instead.
    pub reason: String,
}

/// One name or several, of which the first that says something counts.
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "the name of a column or a list of names is expected"
)]
enum Names {
    One(String),
    Several(Vec<String>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    crs: Option<Spanned<String>>,
    kind: Option<Spanned<String>>,
    x: Option<Spanned<String>>,
    y: Option<Spanned<String>>,
    z: Option<Spanned<String>>,
    geometry: Option<Spanned<String>>,
    #[serde(default)]
    height_unit: HeightUnit,
    #[serde(default)]
    attributes: BTreeMap<Fact, Spanned<Names>>,
    #[serde(default)]
    values: BTreeMap<Fact, BTreeMap<String, Spanned<String>>>,
    #[serde(default)]
    defaults: BTreeMap<Fact, Spanned<toml::Value>>,
}

impl Mapping {
    /// Reads the text of a mapping file.
    ///
    /// # Errors
    /// [`MappingError`] with the line, for unknown keys, wrong types and words, and names that
    /// contradict each other.
    pub fn parse(text: &str) -> Result<Self, MappingError> {
        let document: Document = toml::from_str(text).map_err(|fault| MappingError {
            line: fault.span().map_or(1, |span| line_of(text, span.start)),
            reason: in_plain_words(fault.message()),
        })?;
        Reading { text }.mapping(document)
    }
}

struct Reading<'a> {
    text: &'a str,
}

fn line_of(text: &str, at: usize) -> usize {
    let before = text.as_bytes().iter().take(at);
    1 + before.filter(|byte| **byte == b'\n').count()
}

impl Reading<'_> {
    fn fault<T>(&self, at: &Spanned<T>, reason: String) -> MappingError {
        MappingError {
            line: line_of(self.text, at.span().start),
            reason,
        }
    }

    fn mapping(&self, document: Document) -> Result<Mapping, MappingError> {
        let crs = document.crs.map(|text| {
            Crs::parse(text.get_ref()).map_err(|fault| self.fault(&text, fault.to_string()))
        });
        let kind = document.kind.map(|word| {
            is_word_of(Fact::Kind, word.get_ref())
                .map_err(|reason| self.fault(&word, reason))
                .map(|()| word.into_inner())
        });
        if document.x.is_some() != document.y.is_some() {
            let one = document.x.as_ref().or(document.y.as_ref());
            let line = one.map_or(1, |one| line_of(self.text, one.span().start));
            let reason = "x and y belong together: name both".to_owned();
            return Err(MappingError { line, reason });
        }
        let named = |one: Option<Spanned<String>>| {
            one.map(|name| Named {
                line: line_of(self.text, name.span().start),
                name: name.into_inner(),
            })
        };
        Ok(Mapping {
            crs: crs.transpose()?,
            kind: kind.transpose()?,
            position: [document.x, document.y, document.z].map(named),
            geometry: named(document.geometry),
            attributes: self.attributes(document.attributes)?,
            height_unit: document.height_unit,
            values: self.values(document.values)?,
            defaults: self.defaults(document.defaults)?,
        })
    }

    fn attributes(
        &self,
        written: BTreeMap<Fact, Spanned<Names>>,
    ) -> Result<BTreeMap<Fact, Vec<Named>>, MappingError> {
        let mut attributes = BTreeMap::new();
        for (fact, names) in written {
            let line = line_of(self.text, names.span().start);
            let is_empty = match names.get_ref() {
                Names::One(name) => name.is_empty(),
                Names::Several(list) => list.is_empty() || list.iter().any(String::is_empty),
            };
            if is_empty {
                let reason = format!("{} names no attribute", fact.as_str());
                return Err(self.fault(&names, reason));
            }
            let list = match names.into_inner() {
                Names::One(name) => vec![name],
                Names::Several(list) => list,
            };
            let named = list.into_iter().map(|name| Named { name, line });
            attributes.insert(fact, named.collect());
        }
        Ok(attributes)
    }

    fn values(
        &self,
        written: BTreeMap<Fact, BTreeMap<String, Spanned<String>>>,
    ) -> Result<BTreeMap<Fact, BTreeMap<String, String>>, MappingError> {
        let mut values = BTreeMap::new();
        for (fact, words) in written {
            let mut meanings = BTreeMap::new();
            for (word, meaning) in words {
                is_word_of(fact, meaning.get_ref())
                    .map_err(|reason| self.fault(&meaning, reason))?;
                meanings.insert(word.trim().to_owned(), meaning.into_inner());
            }
            values.insert(fact, meanings);
        }
        Ok(values)
    }

    fn defaults(
        &self,
        written: BTreeMap<Fact, Spanned<toml::Value>>,
    ) -> Result<BTreeMap<Fact, Value>, MappingError> {
        let mut defaults = BTreeMap::new();
        for (fact, value) in written {
            let json = match value.get_ref() {
                toml::Value::String(word) if !is_number(fact) => {
                    is_word_of(fact, word).map_err(|reason| self.fault(&value, reason))?;
                    Value::String(word.clone())
                }
                toml::Value::Integer(number) if is_number(fact) => (*number).into(),
                toml::Value::Float(number) if is_number(fact) && number.is_finite() => {
                    (*number).into()
                }
                other => {
                    let reason = format!("{other} is no default for {}", fact.as_str());
                    return Err(self.fault(&value, reason));
                }
            };
            if fact == Fact::Key {
                let reason = "a key is different for each feature: it has no default".to_owned();
                return Err(self.fault(&value, reason));
            }
            is_plausible(fact, &json).map_err(|reason| self.fault(&value, reason))?;
            defaults.insert(fact, json);
        }
        Ok(defaults)
    }
}

/// Whether a default is one that `facts` would take: another would count as not given, silently.
fn is_plausible(fact: Fact, value: &Value) -> Result<(), String> {
    let number = value.as_f64();
    let (is_fine, range) = match fact {
        Fact::Height => {
            let range = 0.0..=facts::HEIGHT_MAX_M;
            let is_fine = number.is_some_and(|height| height > 0.0 && range.contains(&height));
            (is_fine, format!("a number above 0, up to {}", range.end()))
        }
        Fact::Storeys => {
            let range = 1.0..=f64::from(facts::STOREYS_MAX);
            let is_whole = |count: f64| count.fract() == 0.0 && range.contains(&count);
            let is_fine = number.is_some_and(is_whole);
            (is_fine, format!("a whole number from 1 to {}", range.end()))
        }
        Fact::Year => (
            facts::year_in(value).is_some(),
            "a year from 1 to 2200".to_owned(),
        ),
        _ => return Ok(()),
    };
    if is_fine {
        return Ok(());
    }
    Err(format!(
        "{value} is no plausible default for {}: write {range}",
        fact.as_str()
    ))
}

fn is_number(fact: Fact) -> bool {
    matches!(fact, Fact::Height | Fact::Storeys | Fact::Year)
}
