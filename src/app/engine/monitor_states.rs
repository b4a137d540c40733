//! The states of the monitor, kept beside the archive so that an engine that starts again need not read
//! years of readings: derived, complete, and thrown away where anything does not fit. Never the only place
//! of anything: without the file the states are made anew from the readings.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::{Deserialize, Serialize};

use crate::app::monitored::{Bank, Sensors};
use crate::base::{DeviceId, Timestamp};
use crate::model::{Ground, KindTable};
use crate::monitor::SeriesMonitor;
use crate::store::SqliteArchive;

use super::super::tables;
use super::archive::Place;

/// What its lines look like; states of another form are made anew.
const FORMAT: u32 = 1;
/// How often it is written while the engine runs.
const EVERY: Duration = Duration::from_hours(1);

/// Where the states of a running engine are kept, and when.
pub(super) struct StateFile {
    path: Option<PathBuf>,
    next: Instant,
    writer: Option<JoinHandle<()>>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Head {
    format: u32,
}

#[derive(Debug, Serialize, Deserialize)]
struct Line {
    device: DeviceId,
    /// How the sensor was read: by another mounting its series is another one.
    gauge: String,
    state: SeriesMonitor,
}

/// The sensors of a city with the states that were kept, and where to keep them.
///
/// # Errors
/// When the table of the monitor cannot be used.
pub(super) fn open(
    city: &Path,
    place: &Place,
    ground: &Ground,
    kinds: &KindTable,
    last_at: Timestamp,
) -> anyhow::Result<(Bank, StateFile)> {
    let table = tables::monitor(city)?;
    let sensors = Sensors::of(ground, kinds, &table)?;
    let mut bank = Bank::new(sensors, table, ground);
    let folder = match place {
        Place::BesideCity => Some(SqliteArchive::folder_of(city)),
        Place::Folder(folder) => Some(folder.clone()),
        Place::Memory | Place::Url(_) => None,
    };
    let path = folder.map(|folder| folder.join("monitor.states"));
    if let Some(path) = path.as_ref().filter(|path| path.exists()) {
        match read(path) {
            Ok(lines) => restore(&mut bank, lines, last_at),
            Err(error) => {
                tracing::warn!("states of the monitor are made anew from the readings: {error:#}")
            }
        }
    }
    let file = StateFile {
        path,
        next: Instant::now() + EVERY,
        writer: None,
    };
    Ok((bank, file))
}

fn restore(bank: &mut Bank, lines: BTreeMap<DeviceId, Line>, last_at: Timestamp) {
    for (device, line) in lines {
        let gauge = bank
            .sensors()
            .get(device)
            .map(|sensor| gauge_of(&sensor.gauge));
        // An archive that was put back from a backup knows less than the state does.
        let is_known = line.state.last().is_none_or(|last| last <= last_at);
        if gauge.as_ref() == Some(&line.gauge) && is_known {
            bank.restore(device, line.state);
        }
    }
}

fn gauge_of(gauge: &crate::monitor::Gauge) -> String {
    format!("{gauge:?}")
}

fn read(path: &Path) -> anyhow::Result<BTreeMap<DeviceId, Line>> {
    let place = || path.display().to_string();
    let file = File::open(path).with_context(place)?;
    let mut lines = BufReader::new(DeflateDecoder::new(BufReader::new(file))).lines();
    let first = lines.next().context("nothing in it").with_context(place)?;
    let head: Head = serde_json::from_str(&first.with_context(place)?).with_context(place)?;
    if head.format != FORMAT {
        bail!("{}: of another version of the program", place());
    }
    let mut all = BTreeMap::new();
    for line in lines {
        let line: Line = serde_json::from_str(&line.with_context(place)?).with_context(place)?;
        all.insert(line.device, line);
    }
    Ok(all)
}

fn write(path: &Path, states: &[Line]) -> anyhow::Result<()> {
    let draft = path.with_extension("states.draft");
    let place = || draft.display().to_string();
    let file = File::create(&draft).with_context(place)?;
    let mut text = DeflateEncoder::new(BufWriter::new(file), Compression::fast());
    serde_json::to_writer(&mut text, &Head { format: FORMAT })?;
    for line in states {
        text.write_all(b"\n").with_context(place)?;
        serde_json::to_writer(&mut text, line)?;
    }
    let mut file = text.finish().with_context(place)?;
    file.flush().with_context(place)?;
    file.into_inner()?.sync_all().with_context(place)?;
    fs::rename(&draft, path).with_context(|| path.display().to_string())
}

impl StateFile {
    /// Keeps the states when it is time, on a thread of its own.
    pub(super) fn keep_when_due(&mut self, bank: Option<&Bank>) {
        let is_busy = |writer: &JoinHandle<()>| !writer.is_finished();
        if Instant::now() < self.next || self.writer.as_ref().is_some_and(is_busy) {
            return;
        }
        self.next = Instant::now() + EVERY;
        let Some((path, states)) = self.path.clone().zip(bank.map(lines)) else {
            return;
        };
        self.writer = Some(thread::spawn(move || keep(&path, &states)));
    }

    /// Keeps the states a last time.
    pub(super) fn close(self, bank: Option<&Bank>) {
        if let Some(writer) = self.writer {
            // A panic there costs the file and no more.
            let _ = writer.join();
        }
        if let Some((path, states)) = self.path.zip(bank.map(lines)) {
            keep(&path, &states);
        }
    }
}

/// Failing at that costs time on the next start, so it is told and no more.
fn keep(path: &Path, states: &[Line]) {
    if let Err(error) = write(path, states) {
        tracing::warn!("states of the monitor are not kept: {error:#}");
    }
}

fn lines(bank: &Bank) -> Vec<Line> {
    let all = bank.states().filter_map(|(device, state)| {
        Some(Line {
            device,
            gauge: gauge_of(&bank.sensors().get(device)?.gauge),
            state: state.clone(),
        })
    });
    all.collect()
}
