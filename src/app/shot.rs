//! `pingjiang shot`.

use clap::Args;

/// Draw one picture.
#[derive(Debug, Args)]
pub struct Shot {}

impl Shot {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<()> {
        anyhow::bail!("not built yet")
    }
}
