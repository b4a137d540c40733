//! `pingjiang wall`.

use clap::Args;

/// Show the wall display.
#[derive(Debug, Args)]
pub struct Wall {}

impl Wall {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<()> {
        anyhow::bail!("not built yet")
    }
}
