//! `pingjiang readings`: what a device measured, from the archive beside the city; of times whose
//! single readings are gone, what remains of them. Never writes.

mod page;

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::base::{DeviceId, Millis, Timestamp};
use crate::model::ports::{Archive, Detail};
use crate::model::{Ground, Reading, Rollup, Step};
use crate::portrayal::words::Lang;
use crate::store::{CityFile, SqliteArchive};

use super::archive_beside::archive_beside;
use super::device_named::device_named;
use super::tables;

/// What a device measured.
///
/// Single readings are kept for 90 days, or as the table engine says, of kinds that say so for good (docs/archive.md). Of times
/// before that --step raw gives the least, mean and greatest of each minute, and says so.
#[derive(Debug, Args)]
pub struct Readings {
    /// City.
    #[arg(value_name = "CITY.gpkg")]
    city: PathBuf,
    /// The device, by its id or its name.
    #[arg(value_name = "DEVICE")]
    device: String,
    /// From this device time on, such as 2026-05-01T00:00:00+08:00; a day before the end otherwise.
    #[arg(long, value_name = "TIME")]
    from: Option<Timestamp>,
    /// Before this time; the end of the archive otherwise.
    #[arg(long, value_name = "TIME")]
    to: Option<Timestamp>,
    /// Single readings, or the least, mean and greatest of each minute, hour or day.
    #[arg(long, default_value = "raw", value_name = "STEP")]
    step: Asked,
    /// zh or en.
    #[arg(long, default_value = "zh")]
    lang: Lang,
    /// Print one JSON document.
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// Print a table with commas, one line a reading or step.
    #[arg(long)]
    csv: bool,
}

/// How fine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Asked {
    Raw,
    Minute,
    Hour,
    Day,
}

impl Asked {
    /// The step of what is rolled up: of single readings that are gone, their minutes.
    const fn step(self) -> Step {
        match self {
            Self::Raw | Self::Minute => Step::Minute,
            Self::Hour => Step::Hour,
            Self::Day => Step::Day,
        }
    }
}

/// What is told.
#[derive(Debug, Serialize)]
struct Document {
    city: String,
    device: DeviceId,
    /// Id of its kind; `None` for a device that is no longer registered.
    kind: Option<String>,
    unit: Option<String>,
    from: Timestamp,
    to: Timestamp,
    /// The step of `rollups`.
    step: &'static str,
    /// Single readings are kept from here on; `None` while all are.
    raw_since: Option<Timestamp>,
    /// Readings that came after the rollups of their time were made: counted, not kept.
    too_late: u64,
    rollups: Vec<Rollup>,
    readings: Vec<Reading>,
    #[serde(skip)]
    name: String,
    #[serde(skip)]
    utc_offset_minutes: i32,
}

impl Readings {
    /// Runs the command.
    ///
    /// # Errors
    /// When city, archive or device are not there, or the times contradict each other.
    pub fn run(self) -> anyhow::Result<()> {
        let file = CityFile::open(&self.city, None)?;
        let ground = file.load_ground()?;
        let mut archive = archive_beside(&self.city)?;
        let end = archive
            .last_at()?
            .context("the archive holds nothing yet")?;
        let document = self.document(&ground, &mut archive, end)?;
        if self.json {
            println!("{}", serde_json::to_string_pretty(&document)?);
            return Ok(());
        }
        let text = match self.csv {
            true => page::csv(&document)?,
            false => page::page(&document, self.lang),
        };
        page::notes(&document, self.step == Asked::Raw, self.lang);
        std::io::stdout().write_all(text.as_bytes())?;
        Ok(())
    }

    fn document(
        &self,
        ground: &Ground,
        archive: &mut SqliteArchive,
        end: Timestamp,
    ) -> anyhow::Result<Document> {
        const DAY_MS: Millis = 86_400_000;
        let device = device_named(ground, &self.device)?;
        let to = self.to.unwrap_or(end.plus(1));
        let from = self.from.unwrap_or(to.plus(-DAY_MS));
        if from >= to {
            bail!("--from must lie before --to: {from} is not before {to}");
        }
        let detail = archive.detail(device)?;
        self.check_known(ground, archive, device, detail)?;
        let kinds = tables::kinds(&self.city)?;
        let registered = ground.devices.get(&device);
        let kind = registered.map(|device| &device.kind);
        let utc_offset_minutes = ground.info.utc_offset_minutes;
        let mut document = Document {
            city: self.city.display().to_string(),
            device,
            kind: kind.map(ToString::to_string),
            unit: kind
                .and_then(|kind| kinds.get(kind))
                .map(|kind| kind.unit.clone()),
            from,
            to,
            step: self.step.step().as_str(),
            raw_since: detail.raw_since,
            too_late: detail.too_late,
            rollups: Vec::new(),
            readings: Vec::new(),
            name: page::title(ground, &kinds, device, self.lang),
            utc_offset_minutes,
        };
        let step = self.step.step();
        let begin = step.begin(from, utc_offset_minutes);
        let by = (step, utc_offset_minutes);
        if self.step != Asked::Raw {
            document.rollups = archive.rollups(device, by, begin, to)?;
            return Ok(document);
        }
        let border = detail.raw_since.unwrap_or(from).clamp(from, to);
        if from < border {
            document.rollups = archive.rollups(device, by, begin, border)?;
        }
        let mut take = |reading: &Reading| document.readings.push(*reading);
        archive.each_reading(device, border, to, &mut take)?;
        Ok(document)
    }

    /// A device may be gone from the registers and still have a history.
    fn check_known(
        &self,
        ground: &Ground,
        archive: &mut SqliteArchive,
        device: DeviceId,
        detail: Detail,
    ) -> anyhow::Result<()> {
        let mut is_known = ground.devices.contains_key(&device) || detail.raw_since.is_some();
        if !is_known {
            let [first, last] = [i64::MIN, i64::MAX].map(Timestamp::from_millis);
            archive.each_reading(device, first, last, &mut |_| is_known = true)?;
        }
        if !is_known {
            bail!("neither the city nor its archive knows a device {device}");
        }
        Ok(())
    }
}
