//! Who stands before the city: role, purpose and areas as they are told on the command line, and the
//! session that begins with them. Used by `query`, `shot` and `wall`. Never opens a value itself.

use std::path::Path;

use clap::Args;

use crate::access::{Session, Visitor};
use crate::base::holds_personal_number;
use crate::model::Ground;

use super::tables;

/// In which role somebody asks, and why.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Who asks")]
pub(super) struct Who {
    /// Role in which you ask (docs/roles.md); without one everything personal is masked.
    #[arg(long, global = true, value_name = "ROLE")]
    pub role: Option<String>,
    /// What you open personal values for: a purpose of the role.
    #[arg(long, global = true, value_name = "PURPOSE", requires = "role")]
    pub purpose: Option<String>,
    /// What exactly for, for the audit; name no people here.
    #[arg(
        long,
        global = true,
        value_name = "TEXT",
        requires = "purpose",
        value_parser = a_note
    )]
    pub note: Option<String>,
    /// Area that you work for, by code, name or id, where your role sees only its own; may be given
    /// several times.
    #[arg(long, global = true, value_name = "AREA", requires = "role")]
    pub area: Vec<String>,
    /// Who you are, for the audit; your account on this machine otherwise.
    #[arg(
        long,
        global = true,
        value_name = "NAME",
        env = "PINGJIANG_WHO",
        value_parser = a_name
    )]
    pub who: Option<String>,
}

impl Who {
    /// Who is put on record.
    pub fn name(&self) -> String {
        let account = || {
            std::env::var("USER")
                .or_else(|_| std::env::var("LOGNAME"))
                .ok()
                .filter(|name| one_line(name).is_ok())
        };
        let name = self.who.clone().or_else(account).or_else(account_number);
        name.unwrap_or_else(|| "unknown".to_owned())
    }

    /// Begins a session under the table of roles beside the city, or the standard one; `None`
    /// without a role.
    ///
    /// # Errors
    /// When the table cannot be used, or the role does not fit.
    pub fn begin(&self, city: &Path, ground: &Ground) -> anyhow::Result<Option<Session>> {
        let roles = tables::roles(city)?;
        let Some(role) = &self.role else {
            return Ok(None);
        };
        let visitor = Visitor {
            role: role.clone(),
            areas: self.area.clone(),
            purpose: self.purpose.clone(),
            note: self.note.clone().unwrap_or_default(),
        };
        Ok(Some(Session::begin(&roles, &visitor, ground)?))
    }
}

/// A text as it may stand in the audit: one line that is shown as it is written, or a line of
/// somebody else's could be put there.
fn one_line(text: &str) -> Result<String, String> {
    const CHARS_MAX: usize = 300;
    if text.chars().any(crate::base::is_unseen) {
        return Err("one line of signs that can be seen is wanted".to_owned());
    }
    if text.chars().count() > CHARS_MAX {
        return Err(format!("at most {CHARS_MAX} signs are kept"));
    }
    Ok(text.to_owned())
}

/// Somebody's name: nobody is put on record as nobody.
fn a_name(text: &str) -> Result<String, String> {
    let name = one_line(text)?.trim().to_owned();
    if name.is_empty() {
        return Err("a name is wanted: who looked stands in the audit".to_owned());
    }
    Ok(name)
}

/// A note. It lies open in the log, so numbers of people have no place in it.
fn a_note(text: &str) -> Result<String, String> {
    if holds_personal_number(text) {
        return Err(
            "a telephone or identity number, or a plate, does not belong into the note, which lies open in the log; name the record by its id".to_owned(),
        );
    }
    if text.trim().is_empty() {
        return Err(
            "it is empty: say why with --note, for whoever reads the audit, or leave it out where no \
             reason is needed"
                .to_owned(),
        );
    }
    one_line(text)
}

/// Says it where a role without a purpose opens nothing, or nothing opens without the key.
pub(super) fn note_masks(session: Option<&Session>, key_is_away: bool) {
    if key_is_away {
        eprintln!(
            "note: the city's key is not at hand: values stay masked, and nobody is found by name or label (--key-file)"
        );
    } else if session.is_some_and(|one| one.purpose().is_empty() && !one.role().opens.is_empty()) {
        eprintln!("note: without --purpose personal values stay masked");
    }
}

/// The number of the account that runs this program, where the system tells it.
#[cfg(unix)]
fn account_number() -> Option<String> {
    use std::os::unix::fs::MetadataExt;
    let about = std::fs::metadata("/proc/self").ok()?;
    Some(format!("account {}", about.uid()))
}

#[cfg(not(unix))]
fn account_number() -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_is_named_and_no_number_of_a_person_is_noted() {
        assert_eq!(a_name(" 李 ").as_deref(), Ok("李"));
        for nobody in ["", " ", "\u{3000}"] {
            assert!(a_name(nobody).is_err(), "{nobody:?}");
        }
        for good in [
            "ring 3, 2026-11-29 14:00",
            "res-03f2a9c1d4e5b677",
            "1234567890",
        ] {
            assert!(a_note(good).is_ok(), "{good}");
        }
        for bad in [
            "called 13912345678",
            "139-1234-5678",
            "１３９１２３４５６７８",
            "000000199612230343",
            "",
            " \u{3000}",
        ] {
            assert!(a_note(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_goes_on_record_is_one_line_that_is_seen() {
        for good in ["", "值班员 李", "ring 3, gas (2nd floor)"] {
            assert_eq!(one_line(good).as_deref(), Ok(good));
        }
        let long = "x".repeat(301);
        for bad in [
            "a\nb",
            "a\u{1b}[2K",
            "a\u{2028}b",
            "a\u{202e}b",
            "\t",
            &long,
        ] {
            assert!(one_line(bad).is_err(), "{bad:?}");
        }
    }
}
