//! The audit: what was opened of people goes into the log before it is shown, and is listed again
//! by [`super::audit_command`]. Used by every command that shows or exports personal values. Never holds
//! a personal value.

use std::path::Path;

use anyhow::{Context, bail};
use clap::Args;

use crate::access::Session;
use crate::model::ports::{Archive, ArchiveError};
use crate::model::{Actor, Batch, Change, Reveal};
#[cfg(feature = "net")]
use crate::store::CityFile;
use crate::store::SqliteArchive;

use super::clock;

/// Where a reveal is put on record when an engine holds the archive.
#[derive(Debug, Clone, Args)]
pub(super) struct EngineLine {
    /// Engine that runs the city: what is opened or ordered goes on record there.
    #[arg(long, global = true, value_name = "URL")]
    pub connect: Option<String>,
    /// Token of that engine.
    #[arg(
        long,
        global = true,
        value_name = "TOKEN",
        env = "PINGJIANG_TOKEN",
        hide_env_values = true
    )]
    pub token: Option<String>,
}

/// What was done with what was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed<'a> {
    /// It was looked at.
    Looked,
    /// A list was taken away.
    TookAway(&'a str),
    /// What holds of a field was decided.
    Decided(&'a str),
}

/// What a session opened, as the log keeps it; `None` when it opened nothing and did nothing with it.
pub(super) fn reveal_of(session: &Session, who: &str, deed: Deed<'_>) -> Option<Reveal> {
    let what = session.opened();
    let (export, decided) = match deed {
        Deed::Looked => (None, None),
        Deed::TookAway(list) => (Some(list.to_owned()), None),
        Deed::Decided(field) => (None, Some(field.to_owned())),
    };
    (deed != Deed::Looked || !what.is_empty()).then(|| Reveal {
        by: Actor(who.to_owned()),
        role: session.role().id.clone(),
        what,
        purpose: session.purpose().to_owned(),
        note: session.note().to_owned(),
        at: clock::now(),
        export,
        decided,
    })
}

/// Puts a reveal on record, in the engine that runs the city or in its archive. Only after this may
/// anything be shown.
///
/// # Errors
/// When it cannot be put on record; then nothing must be shown.
pub(super) fn put_on_record(
    city: &Path,
    line: &EngineLine,
    ground_version: u64,
    reveal: Reveal,
) -> anyhow::Result<()> {
    const NOTHING_SHOWN: &str = "nothing personal is shown, for it cannot be put on record";
    if let Some(url) = &line.connect {
        return order(city, (url, line.token.as_deref()), reveal).context(NOTHING_SHOWN);
    }
    let mut archive = match SqliteArchive::open(&SqliteArchive::folder_of(city)) {
        Err(fault @ ArchiveError::Held { .. }) => {
            let remedy = "an engine that runs this city is named with --connect and its --token; anything else will be done soon: ask again";
            return Err(fault).context(remedy).context(NOTHING_SHOWN);
        }
        other => other.context(NOTHING_SHOWN)?,
    };
    let number = archive.last_batch().context(NOTHING_SHOWN)? + 1;
    let batch = Batch {
        number,
        ground_version,
        at: reveal.at,
        readings: Vec::new(),
        changes: vec![Change::Revealed { reveal }],
        uncommitted: false,
    };
    archive.append(&[batch]).context(NOTHING_SHOWN)
}

#[cfg(feature = "net")]
fn order(city: &Path, (url, token): (&str, Option<&str>), reveal: Reveal) -> anyhow::Result<()> {
    let token = token.context("--connect needs the engine's token: --token or PINGJIANG_TOKEN")?;
    let file = CityFile::open(city, None)?;
    let key_name = file.key_name()?;
    let asked = (file.info(), key_name.as_deref());
    let done = crate::serve::order(url, token, asked, crate::model::Command::Reveal { reveal })?;
    if done.uncommitted {
        bail!(
            "the engine cannot write its archive, so what is opened would not stay on record; see \
             what the engine says of its disk, and ask again when that is mended: {url}"
        );
    }
    Ok(())
}

#[cfg(not(feature = "net"))]
fn order(_: &Path, _: (&str, Option<&str>), _: Reveal) -> anyhow::Result<()> {
    bail!("this program was built without the network (feature net), so --connect does nothing")
}
