//! `pingjiang import`.

use clap::Args;

/// Read a base map or a registry into a city.
#[derive(Debug, Args)]
pub struct Import {}

impl Import {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<()> {
        anyhow::bail!("not built yet")
    }
}
