//! `pingjiang demo`.

use clap::Args;

/// Generate, simulate and show a city.
#[derive(Debug, Args)]
pub struct Demo {}

impl Demo {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<()> {
        anyhow::bail!("not built yet")
    }
}
