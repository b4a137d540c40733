//! `pingjiang doctor`.

use clap::Args;

/// Tell what this machine has and lacks.
#[derive(Debug, Args)]
pub struct Doctor {}

impl Doctor {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<()> {
        anyhow::bail!("not built yet")
    }
}
