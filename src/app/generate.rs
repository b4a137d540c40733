//! `pingjiang generate`.

use clap::Args;

/// Write a synthetic city.
#[derive(Debug, Args)]
pub struct Generate {}

impl Generate {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<()> {
        anyhow::bail!("not built yet")
    }
}
