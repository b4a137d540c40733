//! Tables that a person writes in TOML: read strictly, every fault told with its line.
//! Used by the tables of a city: kinds of device, labels, roles, travellers, matching, feeds, engine. Never opens
//! a file: who does puts its name before the line.

use std::collections::HashSet;

use serde::de::DeserializeOwned;
pub use toml::Spanned;

use super::in_plain_words;

/// Longest name of an entry, in characters: it stands on cards and in legends.
const NAME_MAX: usize = 40;

/// Why a table cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct TableFault {
    /// Where, counted from 1; of an entry its first line.
    pub line: usize,
    /// What is wrong and what is allowed.
    pub reason: String,
}

impl TableFault {
    /// A fault at a byte of the text.
    #[must_use]
    pub fn at(text: &str, offset: usize, reason: impl Into<String>) -> Self {
        let before = text.bytes().take(offset);
        Self {
            line: 1 + before.filter(|byte| *byte == b'\n').count(),
            reason: reason.into(),
        }
    }

    /// A fault of a value, where the text sets it; in the first line where it does not.
    #[must_use]
    pub fn of_value(text: &str, name: &str, reason: impl Into<String>) -> Self {
        let sets = |line: &str| {
            let rest = line.trim_start().strip_prefix(name);
            rest.is_some_and(|rest| rest.trim_start().starts_with('='))
        };
        let before = text.split_inclusive('\n').take_while(|line| !sets(line));
        let offset = before.map(str::len).sum::<usize>();
        let is_set = offset < text.len();
        Self::at(text, if is_set { offset } else { 0 }, reason)
    }
}

/// Reads TOML of exactly this shape.
///
/// # Errors
/// When it is no TOML, or not of this shape.
pub fn read_table<T: DeserializeOwned>(text: &str) -> Result<T, TableFault> {
    toml::from_str(text).map_err(|fault| {
        let offset = fault.span().map_or(0, |span| span.start);
        TableFault::at(text, offset, in_plain_words(fault.message()))
    })
}

/// An entry of a table.
pub trait TableEntry {
    /// What it is called, in the singular: `kind`.
    const WHAT: &'static str;

    /// Its id, unique in its table.
    fn id(&self) -> &str;

    /// Its names in Chinese and English.
    fn names(&self) -> [&str; 2];

    /// What contradicts itself in it.
    ///
    /// # Errors
    /// The contradiction, and what is allowed.
    fn check(&self) -> Result<(), String>;
}

/// The entries of a table, each checked.
///
/// # Errors
/// When an id or a name stands twice, an id is none, a name is none, or an entry contradicts itself.
pub fn checked<T: TableEntry>(text: &str, list: Vec<Spanned<T>>) -> Result<Vec<T>, TableFault> {
    let (mut known, mut named) = (HashSet::new(), HashSet::new());
    let mut entries = Vec::with_capacity(list.len());
    for spanned in list {
        let offset = spanned.span().start;
        let entry = spanned.into_inner();
        let checked = check_id(entry.id())
            .and_then(|()| match known.insert(entry.id().to_owned()) {
                true => Ok(()),
                false => Err("stands in the table twice".to_owned()),
            })
            .and_then(|()| entry.names().into_iter().try_for_each(check_name))
            .and_then(|()| entry.names().into_iter().zip(["zh", "en"]).try_for_each(
                |(name, language)| match named.insert((language, name.trim().to_lowercase())) {
                    true => Ok(()),
                    false => Err(format!(
                        "another one is called {name:?} already; who reads it could not tell them apart"
                    )),
                },
            ))
            .and_then(|()| entry.check());
        checked.map_err(|reason| {
            TableFault::at(
                text,
                offset,
                format!("{} {:?}: {reason}", T::WHAT, entry.id()),
            )
        })?;
        entries.push(entry);
    }
    Ok(entries)
}

/// The entry that is called so: by its id, or by a name as it is shown, in either language.
#[must_use]
pub fn called<'a, T: TableEntry>(entries: &'a [T], asked: &str) -> Option<&'a T> {
    let asked = asked.trim().to_lowercase();
    let is_named = |one: &&T| {
        one.names()
            .iter()
            .any(|name| name.trim().to_lowercase() == asked)
    };
    let by_id = entries.iter().find(|one| one.id() == asked);
    by_id.or_else(|| entries.iter().find(is_named))
}

/// The entries for whoever named none of them: ids, with the names as they are shown.
#[must_use]
pub fn known_names<'a, T: TableEntry + 'a>(entries: impl IntoIterator<Item = &'a T>) -> String {
    let told = entries.into_iter().map(|one| {
        let [zh, en] = one.names();
        format!("{} ({zh}, {en})", one.id())
    });
    let told: Vec<_> = told.collect();
    match told.is_empty() {
        true => "none".to_owned(),
        false => told.join(", "),
    }
}

fn check_id(id: &str) -> Result<(), String> {
    let is_plain = |one: u8| one.is_ascii_lowercase() || one.is_ascii_digit() || one == b'_';
    match id.len() {
        0 => Err("the id must not be empty".to_owned()),
        1..=NAME_MAX if id.bytes().all(is_plain) => Ok(()),
        _ => Err(format!(
            "an id is made of a–z, 0–9 and _, at most {NAME_MAX} of them"
        )),
    }
}

/// A text that is shown: not blank, short, on one line.
///
/// # Errors
/// What it must be instead.
pub fn check_name(name: &str) -> Result<(), String> {
    let is_short = name.chars().count() <= NAME_MAX;
    match !name.trim().is_empty() && is_short && !name.chars().any(char::is_control) {
        true => Ok(()),
        false => Err(format!(
            "zh and en have 1 to {NAME_MAX} characters on one line"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Table {
        thing: Vec<Spanned<Thing>>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Thing {
        id: String,
        zh: String,
    }

    impl TableEntry for Thing {
        const WHAT: &'static str = "thing";
        fn id(&self) -> &str {
            &self.id
        }
        fn names(&self) -> [&str; 2] {
            [&self.zh, "thing"]
        }
        fn check(&self) -> Result<(), String> {
            Ok(())
        }
    }

    fn fault(text: &str) -> String {
        let read = read_table::<Table>(text).and_then(|table| checked(text, table.thing));
        read.unwrap_err().to_string()
    }

    #[test]
    fn a_fault_is_told_with_its_line() {
        let good = "# things\n\n[[thing]]\nid = \"a\"\nzh = \"甲\"\n";
        let told = fault(&format!("{good}\n[[thing]]\nid = \"a\"\nzh = \"乙\"\n"));
        assert_eq!(told, "line 7: thing \"a\": stands in the table twice");
        let told = fault(&format!("{good}colour = 3\n"));
        assert!(told.starts_with("line 6: unknown field `colour`"), "{told}");
        let told = fault(&format!("{good}\n[[thing]\n"));
        assert!(told.starts_with("line 7: "), "{told}");
        let told = fault(&good.replace("\"a\"", "\"A b\""));
        assert!(told.starts_with("line 3: thing \"A b\": an id"), "{told}");
        let told = fault(&good.replace("甲", " \\n"));
        assert!(
            told.contains("line 3") && told.contains("zh and en"),
            "{told}"
        );
    }
}
