//! What is to hold: what a register says, what the record has, or a value of one's own; and the
//! decision that makes of it for one person. Never writes.

use std::io::Read;
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;

use crate::base::{FileFault, TELEPHONE_DIGITS, holds_telephone, is_unseen};
use crate::model::Decision;
use crate::registry::address::CityNames;
use crate::registry::merge::{HOME, Person};

/// What is to hold.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(super) struct Choice {
    /// What this register says: the name of its data set.
    #[arg(long, value_name = "REGISTER")]
    take: Option<String>,
    /// What the record has now.
    #[arg(long)]
    keep: bool,
    /// The text in this file, - for standard input: values of people do not belong on a command line.
    #[arg(long, value_name = "FILE")]
    value_from: Option<PathBuf>,
    /// This dwelling, for records that are linked to none or to a wrong one: people, households, devices,
    /// events, and vehicles by the household there. `import --unmatched` lists rows with candidates.
    #[arg(long, value_name = "DWELLING", conflicts_with_all = ["field", "within", "everywhere"])]
    dwelling: Option<String>,
}

/// A longer value is none of a register.
const VALUE_MAX_BYTES: usize = 1024;

impl Choice {
    /// In words, without a value.
    pub fn text(&self) -> String {
        match (&self.take, self.keep) {
            (Some(register), _) => format!("from {register}"),
            (None, true) => "as it was".to_owned(),
            (None, false) => "as known otherwise".to_owned(),
        }
    }

    /// The register whose word is to hold, where one is named.
    pub fn register(&self) -> Option<&str> {
        self.take.as_deref()
    }

    /// The dwelling that records are to be linked to; `None` where a field is decided.
    pub fn dwelling(&self) -> Option<&str> {
        self.dwelling.as_deref()
    }

    /// The value of one's own, in the form of the field; `None` where another choice was made.
    ///
    /// # Errors
    /// When it cannot be read, or is no value of the field.
    pub fn typed(&self, field: &str) -> anyhow::Result<Option<String>> {
        if field == "identity_no" {
            bail!("people are told apart by their identity numbers: these are not decided");
        }
        if field == HOME {
            bail!("a dwelling is chosen with --dwelling ID, and no field");
        }
        let Some(path) = &self.value_from else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        let most = VALUE_MAX_BYTES as u64 + 1;
        let read = match path.as_os_str() == "-" {
            true => std::io::stdin().take(most).read_to_end(&mut bytes),
            false => {
                std::fs::File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes))
            }
        };
        read.map_err(FileFault::unread)
            .with_context(|| format!("the value cannot be read: {}", path.display()))?;
        if bytes.len() > VALUE_MAX_BYTES {
            bail!(
                "the value is longer than {VALUE_MAX_BYTES} bytes, and a field of a register is not: put the value alone into the file: {}",
                path.display()
            );
        }
        let text = String::from_utf8(bytes);
        let text = text
            .ok()
            .with_context(|| format!("the value is no text in UTF-8: {}", path.display()))?;
        value_of(field, text.trim_start_matches('\u{FEFF}').trim())
            .map(Some)
            .with_context(|| path.display().to_string())
    }
}

/// A value in the form in which registers tell the field.
fn value_of(field: &str, text: &str) -> anyhow::Result<String> {
    if text.is_empty() || text.chars().any(is_unseen) {
        bail!("the value must be one line of signs that can be seen");
    }
    match field {
        "household" | "labels" | "contacts" => {
            bail!("{field} can only be taken from a register: --take or --keep")
        }
        "birth_date" if text.parse::<jiff::civil::Date>().is_err() => {
            bail!("a date of birth reads like 1949-12-31")
        }
        "phone" if !holds_telephone(text, TELEPHONE_DIGITS) => {
            bail!("that is no telephone number: one has {TELEPHONE_DIGITS} digits or more")
        }
        _ => Ok(text.to_owned()),
    }
}

/// What is decided of everybody who is meant.
pub(super) struct Ruling<'a> {
    pub field: &'a str,
    pub choice: &'a Choice,
    /// The value of one's own.
    pub value: Option<&'a str>,
    /// Who, why, when.
    pub template: Decision,
}

impl Ruling<'_> {
    /// The decision about one person; otherwise why there is none, without a value.
    pub fn on(&self, person: &Person, names: &CityNames) -> Result<Decision, String> {
        let field = self.field;
        let (value, from) = if let Some(register) = &self.choice.take {
            let told = person.told_by(register, field, names);
            let told = told.ok_or_else(|| {
                format!("{register:?} says nothing of its {field}, or several things")
            })?;
            (told, Some(register.clone()))
        } else if let Some(value) = self.value {
            (value, None)
        } else {
            let stands = person.value(field);
            let stands = stands.ok_or_else(|| {
                format!("its record tells no {field} that could be kept: --take a register's")
            })?;
            let before = person.decision(field).map(|one| one.from.clone());
            (
                stands,
                before.unwrap_or_else(|| Some(person.stands.dataset.clone())),
            )
        };
        Ok(Decision {
            value: value.to_owned(),
            from,
            ..self.template.clone()
        })
    }
}
