//! Files as sources of an engine: a folder that is watched, a file that is replayed.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};

use super::clock::Clock;
use super::{Options, feeds};
use crate::base::{FileFault, Timestamp};
use crate::feed::files::{Folder, Replay, Watched};
use crate::feed::{Inbox, Intake};
use crate::model::{Ground, KindTable, Live};

/// The name under which the table of feeds has those that files are read by.
const FEED: &str = "readings";

/// A recording that is played.
#[derive(Debug, Clone, PartialEq)]
pub struct Replayed {
    /// The file.
    pub file: PathBuf,
    /// Seconds of the recording in a second.
    pub speed: f64,
}

/// Reads the recording, and looks whether the engine can go through its time.
pub(super) fn replay(
    options: &Options,
    ground: &Ground,
    kinds: &Arc<KindTable>,
    live: &Live,
    inbox: &Arc<Inbox>,
) -> anyhow::Result<Option<Replay>> {
    let Some(Replayed { file, speed }) = &options.replay else {
        return Ok(None);
    };
    let intake = Intake::new(feeds(options)?, ground, kinds, inbox.clone());
    let shown = file.display();
    let replay =
        Replay::read(file, FEED, &intake).with_context(|| format!("{shown} cannot be replayed"))?;
    let local = |at: Timestamp| at.local(ground.info.utc_offset_minutes, "%Y-%m-%d %H:%M:%S");
    let [first, last] = replay.span().map(local);
    let is_other = live.batch > 0 && !live.feed.replayed;
    if is_other && live.at > replay.span()[0] {
        bail!(
            "{shown} begins at {first}, and the archive goes to {} already; replay it into an \
             archive of its own with --archive DIR, or --archive memory",
            local(live.at)
        );
    }
    let refused: u64 = intake.counts().refused.values().sum();
    let readings = replay.left();
    tracing::info!(readings, refused, first, last, speed, "replaying {shown}");
    Ok(Some(replay))
}

/// The clock of an engine: that of a recording where one is played, but never before `last`.
pub(super) fn clock(replay: Option<&Replay>, last: Timestamp, speed: f64) -> Clock {
    match replay {
        Some(replay) => Clock::own(replay.span()[0].max(last), speed),
        None => Clock::start(last, speed),
    }
}

/// Tells what is due of a recording.
pub(super) fn pump(replay: &mut Replay, now: Timestamp, inbox: &Inbox) {
    if replay.left() == 0 {
        return;
    }
    replay.pump(now, inbox);
    if replay.left() == 0 {
        tracing::info!("all of the recording was replayed; the engine goes on until it is stopped");
    }
}

/// Begins to watch the folder, if one is named.
pub(super) fn watch(
    options: &Options,
    ground: &Ground,
    kinds: &Arc<KindTable>,
    inbox: &Arc<Inbox>,
    clock: &Clock,
) -> anyhow::Result<Option<Folder>> {
    let Some(folder) = &options.watch else {
        return Ok(None);
    };
    let intake = Intake::new(feeds(options)?, ground, kinds, inbox.clone());
    let clock = clock.clone();
    let now = Box::new(move || clock.now());
    let watched = Watched::new(folder, FEED, intake, inbox.clone(), now);
    let begun = Folder::start(watched).map_err(FileFault::unwritten);
    let shown = |folder: &Path| format!("the folder cannot be watched: {}", folder.display());
    begun.with_context(|| shown(folder)).map(Some)
}
