//! `pingjiang run`.

use clap::Args;

/// Run the headless engine.
#[derive(Debug, Args)]
pub struct Run {}

impl Run {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<()> {
        anyhow::bail!("not built yet")
    }
}
