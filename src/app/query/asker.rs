//! Who asks: role, purpose, areas; and the options that every question has.

use std::path::PathBuf;

use clap::Args;

use crate::app::audit::EngineLine;
use crate::app::language::Language;
use crate::app::who::Who;

/// Options that every question has.
#[derive(Debug, Args)]
#[command(next_help_heading = "How it is told")]
pub(super) struct Asker {
    #[command(flatten)]
    pub who: Who,
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
