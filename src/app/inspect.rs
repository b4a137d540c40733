//! `pingjiang inspect`.

use clap::Args;

/// Tell what a city file holds.
#[derive(Debug, Args)]
pub struct Inspect {}

impl Inspect {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<()> {
        anyhow::bail!("not built yet")
    }
}
