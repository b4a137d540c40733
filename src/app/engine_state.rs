//! The state that an engine has now, or the last one in the archive beside the city. Used by commands
//! that list what runs and hand in orders. Never writes.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::model::ports::{Link, LinkEvent};
use crate::model::{Ground, Twin};
use crate::serve;

use super::audit::EngineLine;
use super::moment::twin_at;

/// How long the engine is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// The state of the engine that is named, or the last one in the archive; and whether it is the
/// engine's.
///
/// # Errors
/// When the engine does not answer, or nothing ran this city yet.
pub(super) fn twin_now(
    ground: &Arc<Ground>,
    city: &Path,
    line: &EngineLine,
) -> anyhow::Result<(Twin, bool)> {
    let Some(url) = &line.connect else {
        let twin = twin_at(ground, city, None)?;
        let twin = twin.with_context(|| {
            format!(
                "nothing ran this city yet: there is no archive beside {}",
                city.display()
            )
        })?;
        return Ok((twin, false));
    };
    let token = line.token.as_deref();
    let token = token.context("--connect needs the engine's token: --token or PINGJIANG_TOKEN")?;
    let mut link = serve::follow(url, token)?;
    let until = Instant::now() + PATIENCE;
    while Instant::now() < until {
        for event in link.poll() {
            match event {
                LinkEvent::Reset(live) => {
                    return Ok((Twin::at_snapshot(Arc::clone(ground), *live), true));
                }
                LinkEvent::Lost { reason } => bail!("{reason}: {url}"),
                _ => {}
            }
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    bail!("the engine does not answer: {url}")
}
