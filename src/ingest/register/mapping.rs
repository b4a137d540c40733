//! Which column of a register is what: a person's answer in a mapping file (`docs/registries.md`).
//! Strict, with the line of what is wrong. Never reads a file itself.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use toml::Spanned;

use super::field::Field;
use super::kind::RegisterKind;
use crate::base::in_plain_words;
use crate::ingest::MappingError;
use crate::registry::merge::HOME;

/// What a mapping file says of a register.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RegisterMapping {
    /// What the rows are.
    pub register: Option<RegisterKind>,
    /// The sheet to read, of a workbook with several.
    pub sheet: Option<String>,
    /// Field → column, with the line that says so.
    pub(super) columns: BTreeMap<Field, (String, usize)>,
    /// Trait of residents → column, with the line that says so.
    pub(super) traits: BTreeMap<String, (String, usize)>,
    /// Field → word of the file → what it means.
    pub(super) values: BTreeMap<Field, BTreeMap<String, String>>,
    /// Names of things that stay as they are, although somebody is called so.
    pub(super) public_names: BTreeSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    register: Spanned<String>,
    sheet: Option<String>,
    #[serde(default)]
    public_names: Option<Spanned<BTreeSet<String>>>,
    #[serde(default)]
    columns: BTreeMap<Field, Spanned<String>>,
    #[serde(default)]
    traits: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    values: BTreeMap<Field, BTreeMap<String, String>>,
}

impl RegisterMapping {
    /// Whether the text is of a mapping for a register, and not for a base map.
    #[must_use]
    pub fn is_one(text: &str) -> bool {
        text.lines().any(|line| {
            let rest = line.trim_start().strip_prefix("register");
            rest.is_some_and(|rest| rest.trim_start().starts_with('='))
        })
    }

    /// Reads the text of a mapping file.
    ///
    /// # Errors
    /// [`MappingError`] with the line.
    pub fn parse(text: &str) -> Result<Self, MappingError> {
        let line_of = |at: usize| 1 + text.bytes().take(at).filter(|byte| *byte == b'\n').count();
        let document: Document = toml::from_str(text).map_err(|fault| MappingError {
            line: fault.span().map_or(1, |span| line_of(span.start)),
            reason: in_plain_words(fault.message()),
        })?;
        let line = line_of(document.register.span().start);
        let name = document.register.into_inner();
        let register = RegisterKind::from_name(&name).ok_or_else(|| MappingError {
            line,
            reason: format!(
                "{name:?} is no register; write one of {}",
                RegisterKind::names()
            ),
        })?;
        let public_names = public_names(document.public_names, register, &line_of)?;
        let column = |name: Spanned<String>| {
            let line = line_of(name.span().start);
            (name.into_inner(), line)
        };
        let columns: BTreeMap<Field, _> = document
            .columns
            .into_iter()
            .map(|(field, name)| (field, column(name)))
            .collect();
        let strange = columns
            .iter()
            .find(|(field, _)| !register.fields().contains(field));
        if let Some((field, (_, line))) = strange {
            let fields: Vec<&str> = register.fields().iter().map(|one| one.as_str()).collect();
            return Err(MappingError {
                line: *line,
                reason: format!(
                    "{} have no {}; they have {}",
                    register.as_str(),
                    field.as_str(),
                    fields.join(", ")
                ),
            });
        }
        let traits = document.traits.into_iter();
        let traits = traits.map(|(name, one)| (name, column(one))).collect();
        check_traits(register, &traits)?;
        check_twice(&columns, &traits)?;
        Ok(Self {
            register: Some(register),
            sheet: document.sheet,
            columns,
            traits,
            values: document.values,
            public_names,
        })
    }
}

/// Names that stay, of a register of things that are called something.
fn public_names(
    told: Option<Spanned<BTreeSet<String>>>,
    register: RegisterKind,
    line_of: &dyn Fn(usize) -> usize,
) -> Result<BTreeSet<String>, MappingError> {
    match told {
        Some(names) if !register.is_called_freely() => Err(MappingError {
            line: line_of(names.span().start),
            reason: format!(
                "{} have no names that everybody may see: take public_names away",
                register.as_str()
            ),
        }),
        names => Ok(names.map(Spanned::into_inner).unwrap_or_default()),
    }
}

/// Column and line of what is mapped, by name.
type Mapped<K> = BTreeMap<K, (String, usize)>;

/// Only residents have traits, and those that are fields keep their meaning.
fn check_traits(register: RegisterKind, traits: &Mapped<String>) -> Result<(), MappingError> {
    let fields = RegisterKind::Residents.fields();
    let own = |name: &str| {
        ["contacts", HOME].contains(&name) || fields.iter().any(|one| one.as_str() == name)
    };
    for (name, (_, line)) in traits {
        let reason = if register != RegisterKind::Residents {
            format!("{} have no traits: take [traits] away", register.as_str())
        } else if own(name) {
            format!(
                "{name:?} is a field of residents already: name its column under [columns], or give \
                 the trait another name"
            )
        } else {
            continue;
        };
        return Err(MappingError {
            line: *line,
            reason,
        });
    }
    Ok(())
}

/// One column tells one thing.
fn check_twice(columns: &Mapped<Field>, traits: &Mapped<String>) -> Result<(), MappingError> {
    let fields = columns.iter().map(|(field, one)| (field.as_str(), one));
    let traits = traits.iter().map(|(name, one)| (name.as_str(), one));
    let mut known = BTreeMap::new();
    for (what, (column, line)) in fields.chain(traits) {
        if let Some(first) = known.insert(column, what) {
            return Err(MappingError {
                line: *line,
                reason: format!(
                    "the column {column:?} is named for {first} and for {what}: name it once, or \
                     have two columns in the table"
                ),
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_contradicts_itself_is_refused_with_its_line() {
        let check = |text: &str, line: usize, words: &str| {
            let fault = RegisterMapping::parse(text).unwrap_err();
            assert_eq!(fault.line, line, "{text}");
            assert!(fault.reason.contains(words), "{}", fault.reason);
        };
        let head = "register = \"residents\"\n";
        check(
            &format!("{head}[columns]\nname = \"甲\"\nphone = \"甲\"\n"),
            4,
            "named for name and for phone",
        );
        check(
            &format!("{head}[columns]\nname = \"甲\"\n[traits]\nhobby = \"甲\"\n"),
            5,
            "named for name and for hobby",
        );
        check(
            &format!("{head}[traits]\nmarital = \"婚姻\"\n"),
            3,
            "under [columns]",
        );
        check(
            "register = \"devices\"\n[traits]\nhobby = \"a\"\n",
            3,
            "have no traits",
        );
    }
}
