//! `pingjiang assess`: what the tilt sensors of a city say of their buildings, worst first, from the
//! readings in the archive beside it, now or for any past moment. A screening, never an appraisal. Never
//! writes.

mod page;

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::base::{BuildingId, DeviceId, Timestamp};
use crate::model::ports::Archive;
use crate::model::{Device, Ground, KindTable, Reading};
use crate::monitor::{
    Assessment, MonitorGrade, MonitorTable, Mounting, Subject, TiltMonitor, TiltSample, TiltUnit,
    assess,
};
use crate::portrayal::hud::device_words;
use crate::portrayal::words::{Lang, Words};
use crate::store::{CityFile, SqliteArchive};

use super::archive_beside::archive_beside;
use super::device_named::device_named;
use super::tables;

/// What tilt sensors say of their buildings, worst first.
///
/// A screening by limits of the table monitor (docs/monitor.md), not an appraisal. Every figure is
/// worked out from the readings in the archive, so what is told of a past moment is what was told then.
#[derive(Debug, Args)]
pub struct Assess {
    /// City.
    #[arg(value_name = "CITY.gpkg")]
    city: PathBuf,
    /// Tilt sensors, by id or name; all of the city otherwise.
    #[arg(value_name = "DEVICE")]
    devices: Vec<String>,
    /// At this moment, such as 2026-05-01T00:00:00+08:00; the end of the archive otherwise.
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
    /// What comes first.
    #[arg(long, default_value = "worst", value_name = "ORDER")]
    by: Order,
    /// zh or en.
    #[arg(long, default_value = "zh")]
    lang: Lang,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
}

/// What comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Order {
    /// The worst grade, then the largest share of its limit.
    Worst,
    /// What leans away fastest, for sure: the lower end of its rate.
    Fastest,
    /// What tells nothing.
    Blind,
}

/// One sensor.
#[derive(Debug, Serialize)]
struct Row {
    device: DeviceId,
    building: Option<BuildingId>,
    /// Device time of the newest reading that was used.
    last: Option<Timestamp>,
    readings: u64,
    /// How the limit is known, and where it is from.
    limit_source: Option<String>,
    #[serde(flatten)]
    assessment: Assessment,
    #[serde(skip)]
    name: String,
}

/// What is told.
#[derive(Debug, Serialize)]
struct Document {
    city: String,
    at: Timestamp,
    /// What it is, in both languages: it belongs to every figure.
    note: [&'static str; 2],
    devices: Vec<Row>,
}

/// What belongs to every figure.
const NOTE: [&str; 2] = [
    "筛查结果，非房屋安全鉴定；限值由配置设定",
    "a screening, not an appraisal; limits are set by configuration",
];

impl Assess {
    /// Runs the command.
    ///
    /// # Errors
    /// When city, archive, table or a device cannot be used.
    pub fn run(self) -> anyhow::Result<()> {
        let file = CityFile::open(&self.city, None)?;
        let ground = file.load_ground()?;
        let kinds = tables::kinds(&self.city)?;
        let table = tables::monitor(&self.city)?;
        let devices = self.devices(&ground, &kinds)?;
        let mut archive = archive_beside(&self.city)?;
        let end = archive
            .last_at()?
            .context("the archive holds nothing yet")?;
        let at = self.at.unwrap_or(end);
        let mut rows = Vec::with_capacity(devices.len());
        for device in devices {
            let judge = Judge {
                ground: &ground,
                kinds: &kinds,
                table: &table,
                lang: self.lang,
            };
            rows.push(judge.row(device, &mut archive, at)?);
        }
        self.sort(&mut rows);
        let document = Document {
            city: self.city.display().to_string(),
            at,
            note: NOTE,
            devices: rows,
        };
        if self.json {
            println!("{}", serde_json::to_string_pretty(&document)?);
        } else {
            let offset = ground.info.utc_offset_minutes;
            print!("{}", page::page(&document, &table, offset, self.lang));
        }
        Ok(())
    }

    /// The devices asked for: those named, or all that measure tilt.
    fn devices<'a>(
        &self,
        ground: &'a Ground,
        kinds: &KindTable,
    ) -> anyhow::Result<Vec<&'a Device>> {
        let measures_tilt = |device: &Device| {
            kinds
                .get(&device.kind)
                .is_some_and(|kind| kind.quantity == "tilt")
        };
        if self.devices.is_empty() {
            let all = ground.devices.values();
            return Ok(all.filter(|device| measures_tilt(device)).collect());
        }
        let named = self.devices.iter().map(|told| {
            let id = device_named(ground, told)?;
            let device = ground.devices.get(&id).with_context(|| {
                format!("the city has no device {id}; query and inspect list those it has")
            })?;
            if !measures_tilt(device) {
                bail!("{id} is of kind {}, which measures no tilt", device.kind);
            }
            Ok(device)
        });
        named.collect()
    }

    fn sort(&self, rows: &mut [Row]) {
        let share = |row: &Row| row.assessment.share.unwrap_or(0.0);
        let low = |row: &Row| {
            let rates = row.assessment.rates.iter().map(|rate| rate.low);
            rates.fold(0.0, f64::max)
        };
        let grade = |row: &Row| row.assessment.grade;
        match self.by {
            Order::Worst => rows.sort_by(|one, other| {
                (grade(other).cmp(&grade(one))).then(share(other).total_cmp(&share(one)))
            }),
            Order::Fastest => rows.sort_by(|one, other| low(other).total_cmp(&low(one))),
            Order::Blind => rows.sort_by_key(|row| (grade(row).is_some(), row.last)),
        }
    }
}

/// What a sensor is judged with.
pub(super) struct Judge<'a> {
    pub ground: &'a Ground,
    pub kinds: &'a KindTable,
    pub table: &'a MonitorTable,
    pub lang: Lang,
}

impl Judge<'_> {
    fn row(
        &self,
        device: &Device,
        archive: &mut SqliteArchive,
        at: Timestamp,
    ) -> anyhow::Result<Row> {
        let mounting = self.mounting(device)?;
        let mut monitor = TiltMonitor::default();
        let offset = self.ground.info.utc_offset_minutes;
        let first = Timestamp::from_millis(i64::MIN);
        archive.each_reading(device.id, first, at.plus(1), &mut |reading| {
            monitor.take(&sample(reading), &mounting, &self.table.gross, offset);
        })?;
        let building = device
            .building
            .and_then(|id| self.ground.buildings.get(&id));
        // Of nothing nothing is known: no limit fits.
        let subject = building.map_or(Subject::unknown(), Subject::from);
        let [kind, place] = device_words(self.ground, self.kinds, device.id, Words::of(self.lang));
        Ok(Row {
            device: device.id,
            building: device.building,
            last: monitor.last(),
            readings: monitor.readings(),
            limit_source: self.table.limit(&subject).map(|limit| limit.source.clone()),
            assessment: assess(&monitor, &mounting, &subject, self.table),
            name: format!("{kind}  {place}"),
        })
    }

    pub fn mounting(&self, device: &Device) -> anyhow::Result<Mounting> {
        let kind = self.kinds.get(&device.kind).context("its kind is known")?;
        let unit = TiltUnit::from_symbol(&kind.unit).with_context(|| {
            format!(
                "kind {}: {:?} is no unit of tilt; °, mrad, mm/m, ‰ or % are",
                kind.id, kind.unit
            )
        })?;
        let id = device.id.to_string();
        let names = [Some(id.as_str()), device.name.as_deref()];
        let names: Vec<&str> = names.into_iter().flatten().collect();
        Ok(self.table.mounting(&names, unit))
    }
}

pub(super) fn sample(reading: &Reading) -> TiltSample {
    TiltSample {
        at: reading.at,
        first: reading.value,
        second: reading.second,
        temperature_c: reading.temperature_c,
    }
}

/// Whether a grade calls for somebody.
fn is_warning(grade: Option<MonitorGrade>) -> bool {
    grade.is_some_and(|grade| grade > MonitorGrade::Normal)
}
