//! The audit: what was opened of people goes into the log before it is shown, and is listed again
//! by `pingjiang audit`. Used by every command that shows or exports personal values. Never holds
//! a personal value.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context;
#[cfg(not(feature = "net"))]
use anyhow::bail;
use clap::Args;
use serde::Serialize;

use crate::access::Session;
use crate::base::Timestamp;
use crate::model::ports::{Archive, ArchiveError};
use crate::model::{Actor, Batch, Change, Reveal};
use crate::store::{CityFile, SqliteArchive};

use super::clock;

/// Where a reveal is put on record when an engine holds the archive.
#[derive(Debug, Clone, Args)]
pub(super) struct EngineLine {
    /// Engine that runs the city: what is opened is put on record there.
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
            let remedy = "an engine runs this city: name it with --connect and its --token";
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
    crate::serve::order(url, token, asked, crate::model::Command::Reveal { reveal })?;
    Ok(())
}

#[cfg(not(feature = "net"))]
fn order(_: &Path, _: (&str, Option<&str>), _: Reveal) -> anyhow::Result<()> {
    bail!("this program was built without the network (feature net), so --connect does nothing")
}

/// List who opened personal values, of whom, and why.
#[derive(Debug, Args)]
pub struct Audit {
    /// The city.
    #[arg(value_name = "CITY.gpkg")]
    city: PathBuf,
    /// Only from this time on, for example 2026-05-01T00:00:00+08:00.
    #[arg(long, value_name = "TIME")]
    from: Option<Timestamp>,
    /// Only up to this time.
    #[arg(long, value_name = "TIME")]
    to: Option<Timestamp>,
    /// Only of this record, for example res-03f2a9c1d4e5b677.
    #[arg(long, value_name = "ID")]
    of: Option<String>,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report<'a> {
    file: String,
    reveals: &'a [Reveal],
}

impl Audit {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<()> {
        let file = CityFile::open(&self.city, None)?;
        let folder = SqliteArchive::folder_of(&self.city);
        let mut reveals = Vec::new();
        if SqliteArchive::exists(&folder) {
            let from = self.from.unwrap_or(Timestamp::from_millis(i64::MIN));
            let to = self.to.unwrap_or(Timestamp::from_millis(i64::MAX));
            reveals = SqliteArchive::open_read_only(&folder)?.reveals(from, to)?;
        }
        if let Some(id) = &self.of {
            reveals.retain(|reveal| reveal.what.contains_key(id));
        }
        if self.json {
            let report = Report {
                file: self.city.display().to_string(),
                reveals: &reveals,
            };
            println!("{}", serde_json::to_string_pretty(&report)?);
            return Ok(());
        }
        if reveals.is_empty() {
            println!("nothing personal was opened, as far as the log tells");
        }
        for reveal in &reveals {
            print_reveal(reveal, file.info().utc_offset_minutes);
        }
        Ok(())
    }
}

fn print_reveal(reveal: &Reveal, utc_offset_minutes: i32) {
    let at = reveal.at.local(utc_offset_minutes, "%Y-%m-%d %H:%M:%S");
    let did = match (&reveal.export, &reveal.decided) {
        (Some(list), _) => format!("took away the list {list:?}"),
        (None, Some(field)) => format!("decided {field}"),
        (None, None) => "opened".to_owned(),
    };
    let (by, role) = (&reveal.by.0, &reveal.role);
    println!(
        "{at}  {by} ({role}) {did} for {}: {}",
        reveal.purpose, reveal.note
    );
    let mut by_fields = BTreeMap::<String, Vec<&str>>::new();
    for (id, fields) in &reveal.what {
        let fields: Vec<_> = fields.iter().map(|field| field.as_str()).collect();
        by_fields.entry(fields.join(", ")).or_default().push(id);
    }
    const IDS_MAX: usize = 4;
    for (fields, ids) in by_fields {
        let more = match ids.len().saturating_sub(IDS_MAX) {
            0 => String::new(),
            more => format!(" and {more} more (--json lists all)"),
        };
        let shown = ids[..ids.len().min(IDS_MAX)].join(" ");
        println!("    {fields}: {shown}{more}");
    }
}
