//! Who asks: role, purpose, areas; and the options that every question has.

use std::path::PathBuf;

use clap::Args;

use crate::access::Visitor;
use crate::app::audit::EngineLine;
use crate::app::language::Language;

/// Options that every question has.
#[derive(Debug, Args)]
#[command(next_help_heading = "Who asks, and how it is told")]
pub(super) struct Asker {
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
        default_value = ""
    )]
    pub note: String,
    /// Area that you work for, by code, name or id, where your role sees only its own; may be given
    /// several times.
    #[arg(long, global = true, value_name = "AREA", requires = "role")]
    pub area: Vec<String>,
    /// Who you are, for the audit; your account on this machine otherwise.
    #[arg(long, global = true, value_name = "NAME", env = "PINGJIANG_WHO")]
    pub who: Option<String>,
    /// Key of the city's personal values; CITY.key beside the city otherwise.
    #[arg(long, global = true, value_name = "FILE", env = "PINGJIANG_KEY")]
    pub key_file: Option<PathBuf>,
    #[command(flatten)]
    pub line: EngineLine,
    /// Print one JSON document.
    #[arg(long, global = true)]
    pub json: bool,
    /// Language of what is printed.
    #[arg(long, global = true, value_enum, default_value_t = Language::En)]
    pub lang: Language,
}

impl Asker {
    /// The role and purpose; `None` without a role.
    pub fn visitor(&self) -> Option<Visitor> {
        self.role.as_ref().map(|role| Visitor {
            role: role.clone(),
            areas: self.area.clone(),
            purpose: self.purpose.clone(),
            note: self.note.clone(),
        })
    }

    /// Who is put on record.
    pub fn name(&self) -> String {
        let account = || {
            std::env::var("USER")
                .or_else(|_| std::env::var("LOGNAME"))
                .ok()
        };
        let name = self.who.clone().or_else(account).or_else(account_number);
        name.unwrap_or_else(|| "unknown".to_owned())
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
