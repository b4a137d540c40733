//! `pingjiang assess`: what the sensors of tilt, settlement and cracks of a city say of their buildings,
//! worst first, from the readings in the archive beside it, now or for any past moment. A screening, never
//! an appraisal. Never writes.

mod foreseen;
mod page;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::base::{BuildingId, DeviceId, Timestamp};
use crate::model::ports::Archive;
use crate::model::{Ground, KindTable, MonitorGrade, NEWLY_WORSE_MS, Rank, RankBy};
use crate::monitor::{Assessment, LimitStatus, Quantity, SeriesMonitor};
use crate::portrayal::hud::device_words;
use crate::portrayal::words::{Lang, Words};
use crate::store::{CityFile, SqliteArchive};

pub(in crate::app) use foreseen::Foreseen;
#[cfg(feature = "view")]
pub(in crate::app) use foreseen::cannot_forecast;
pub(in crate::app) use page::{about, grade_name, left_out};
#[cfg(feature = "view")]
pub(in crate::app) use page::{status_name, why};

use super::archive_beside::archive_beside;
use super::device_named::device_named;
use super::moment::live_at;
use super::monitored::{Bank, House, Sensors, houses, rows_together};
use super::tables;

/// What sensors of tilt, settlement and cracks say of their buildings, worst first.
///
/// A screening by limits of the table monitor (docs/monitor.md), not an appraisal. Every figure is
/// worked out from the readings in the archive, so what is told of a past moment is what was told then, but for
/// readings that came late.
#[derive(Debug, Args)]
pub struct Assess {
    /// City.
    #[arg(value_name = "CITY.gpkg")]
    city: PathBuf,
    /// Sensors, by id or name; all of the city otherwise.
    #[arg(value_name = "DEVICE")]
    devices: Vec<String>,
    /// At this moment, such as 2026-05-01T00:00:00+08:00; the end of the archive otherwise.
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
    /// What comes first.
    #[arg(long, default_value = "worst", value_name = "ORDER")]
    by: Order,
    /// Only what measures this; everything otherwise.
    #[arg(long, value_name = "QUANTITY")]
    of: Option<Of>,
    /// Tell, too, where each goes from here, how well that held in its own past, and when its rate
    /// changed.
    #[arg(long)]
    forecast: bool,
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
    /// What moves fastest, for sure: the lower end of its rate.
    Fastest,
    /// What is worse than thirty days before, by how much.
    NewlyWorse,
    /// What tells nothing.
    Blind,
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::app) enum Of {
    /// Lean.
    Tilt,
    /// Settlement.
    Settlement,
    /// Width of cracks.
    Crack,
}

/// One sensor.
#[derive(Debug, Serialize)]
struct Row {
    device: DeviceId,
    building: Option<BuildingId>,
    /// Device time of the newest reading that was used.
    last: Option<Timestamp>,
    readings: u64,
    /// Where the limit is from.
    limit_source: Option<String>,
    /// What the limit is called, in Chinese and in English.
    limit_names: Option<[String; 2]>,
    /// How the limit is known.
    limit_status: Option<LimitStatus>,
    /// Its grade thirty days before; `None` where nothing could be told then.
    grade_before: Option<MonitorGrade>,
    #[serde(flatten)]
    assessment: Assessment,
    /// Where it goes from here, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    forecast: Option<Foreseen>,
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
    /// Houses by what all their sensors say together.
    houses: Vec<House>,
    /// Houses that move together, joined by party walls.
    together: Vec<Vec<BuildingId>>,
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
        let ground = Arc::new(file.load_ground()?);
        let kinds = tables::kinds(&self.city)?;
        let table = tables::monitor(&self.city)?;
        let sensors = Sensors::of(&ground, &kinds, &table)?;
        let devices = self.devices(&ground, &sensors)?;
        let mut archive = archive_beside(&self.city)?;
        let end = archive
            .last_at()?
            .context("the archive holds nothing yet")?;
        let at = self.at.unwrap_or(end);
        let mut bank = Bank::new(sensors, table, &ground);
        // A state for each that is asked for and for each that those are held against.
        let wanted = bank.sensors().with_references(&devices);
        let before = at.plus(-NEWLY_WORSE_MS);
        read(&mut bank, &mut archive, &wanted, before)?;
        let grades_before: BTreeMap<DeviceId, Option<MonitorGrade>> = devices
            .iter()
            .map(|id| (*id, bank.assess(*id).and_then(|one| one.grade)))
            .collect();
        read(&mut bank, &mut archive, &wanted, at)?;
        take_looked(&mut bank, &ground, &self.city, at)?;
        let assessed: BTreeMap<DeviceId, Assessment> = devices
            .iter()
            .filter_map(|id| Some((*id, bank.assess(*id)?)))
            .collect();
        let mut houses = houses(&bank, &assessed);
        let together = rows_together(&ground, &houses, &assessed);
        let teller = Teller {
            ground: &ground,
            kinds: &kinds,
            bank: &bank,
            lang: self.lang,
            foresees: self.forecast,
        };
        let rows = assessed
            .into_iter()
            .map(|(id, one)| teller.row(id, one, grades_before.get(&id).copied().flatten()));
        let mut rows: Vec<Row> = rows.collect();
        self.sort(&mut rows);
        self.sort_houses(&mut houses, &rows);
        let document = Document {
            city: self.city.display().to_string(),
            at,
            note: NOTE,
            devices: rows,
            houses,
            together,
        };
        if self.json {
            println!("{}", serde_json::to_string_pretty(&document)?);
        } else {
            print!("{}", page::Page::new(&document, &teller, self.by).text());
        }
        Ok(())
    }

    /// The devices asked for: those named, or all that are followed.
    fn devices(&self, ground: &Ground, sensors: &Sensors) -> anyhow::Result<Vec<DeviceId>> {
        let is_of = |id: DeviceId| {
            let quantity = sensors.get(id).map(|sensor| sensor.gauge.quantity());
            self.of.is_none_or(|of| quantity == Some(of.quantity()))
        };
        if self.devices.is_empty() {
            let all = sensors.all().map(|(id, _)| id);
            return Ok(all.filter(|id| is_of(*id)).collect());
        }
        let named = self.devices.iter().map(|told| {
            let id = device_named(ground, told)?;
            let device = ground.devices.get(&id).with_context(|| {
                format!("the city has no device {id}; query and inspect list those it has")
            })?;
            if sensors.get(id).is_none() {
                bail!(
                    "{id} is of kind {}, which measures no tilt, settlement or crack",
                    device.kind
                );
            }
            if !is_of(id) {
                bail!("{id} is of kind {}, which --of leaves out", device.kind);
            }
            Ok(id)
        });
        named.collect()
    }

    fn sort(&self, rows: &mut [Row]) {
        rows.sort_by(|one, other| self.by.rank_by().order(&one.rank(), &other.rank()));
    }

    /// In the same order, by all of their sensors and by how unevenly they settle.
    fn sort_houses(&self, houses: &mut [House], rows: &[Row]) {
        let mut ranks: BTreeMap<BuildingId, Rank> = BTreeMap::new();
        for row in rows {
            let Some(building) = row.building else {
                continue;
            };
            let rank = ranks.entry(building).or_default();
            *rank = rank.joined(row.rank());
        }
        let rank = |house: &House| {
            let of_sensors = ranks.get(&house.building).copied().unwrap_or_default();
            let uneven = house.differential.as_ref().and_then(|uneven| uneven.share);
            Rank {
                grade: of_sensors.grade.max(house.grade),
                share: of_sensors.share.max(uneven.map_or(0.0, |[share, _]| share)),
                ..of_sensors
            }
        };
        houses.sort_by(|one, other| self.by.rank_by().order(&rank(one), &rank(other)));
    }
}

impl Row {
    /// By what it is put in order.
    fn rank(&self) -> Rank {
        let told = &self.assessment;
        Rank {
            grade: told.grade,
            share: told.share.unwrap_or(0.0),
            surely: Rank::surely_of(told.quantity, told.surely_per_month()),
            worse_by: Rank::worse_by_of(self.grade_before, told.grade),
            last: self.last,
        }
    }
}

impl Order {
    /// As lists of houses name it.
    const fn rank_by(self) -> RankBy {
        match self {
            Self::Worst => RankBy::Worst,
            Self::Fastest => RankBy::Fastest,
            Self::NewlyWorse => RankBy::NewlyWorse,
            Self::Blind => RankBy::Blind,
        }
    }
}

impl Of {
    /// As the monitor names it.
    pub(in crate::app) const fn quantity(self) -> Quantity {
        match self {
            Self::Tilt => Quantity::Tilt,
            Self::Settlement => Quantity::Settlement,
            Self::Crack => Quantity::Crack,
        }
    }
}

/// Takes in what the archive holds of devices up to a moment.
fn read(
    bank: &mut Bank,
    archive: &mut SqliteArchive,
    devices: &[DeviceId],
    until: Timestamp,
) -> anyhow::Result<()> {
    for device in devices {
        bank.catch_up(*device, archive as &mut dyn Archive, until)?;
    }
    Ok(())
}

/// Up to when somebody looked at what was sudden, as the engine knew at that moment.
fn take_looked(
    bank: &mut Bank,
    ground: &Arc<Ground>,
    city: &Path,
    at: Timestamp,
) -> anyhow::Result<()> {
    let Some(live) = live_at(ground, city, Some(at))? else {
        return Ok(());
    };
    for (device, judgement) in &live.judged {
        if let Some(until) = judgement.looked {
            bank.looked_at(*device, until);
        }
    }
    Ok(())
}

/// What rows and pages are told with.
struct Teller<'a> {
    ground: &'a Ground,
    kinds: &'a KindTable,
    bank: &'a Bank,
    lang: Lang,
    foresees: bool,
}

impl Teller<'_> {
    fn row(
        &self,
        device: DeviceId,
        assessment: Assessment,
        grade_before: Option<MonitorGrade>,
    ) -> Row {
        let state = self.bank.state(device);
        let sensor = self.bank.sensors().get(device);
        let limit = sensor
            .and_then(|sensor| (self.bank.table()).limit(assessment.quantity, &sensor.subject));
        let [kind, place] = device_words(self.ground, self.kinds, device, Words::of(self.lang));
        Row {
            device,
            building: sensor.and_then(|sensor| sensor.building),
            last: state.and_then(SeriesMonitor::last),
            readings: state.map_or(0, SeriesMonitor::readings),
            limit_source: limit.map(|limit| limit.source.clone()),
            limit_names: limit.map(|limit| [limit.zh.clone(), limit.en.clone()]),
            limit_status: limit.map(|limit| limit.status),
            grade_before,
            forecast: self.foreseen(device, &assessment),
            assessment,
            name: format!("{kind}  {place}"),
        }
    }
}

impl Teller<'_> {
    fn foreseen(&self, device: DeviceId, assessment: &Assessment) -> Option<Foreseen> {
        let is_asked = self.foresees && !assessment.tells_nothing();
        let state = self.bank.state(device).filter(|_| is_asked)?;
        let followed = self.bank.followed(device, state)?;
        // What is beyond its limit does not come to it any more.
        let below = assessment.share.is_some_and(|share| share < 1.0);
        let limit = assessment.limit.as_ref().filter(|_| below);
        let limit = limit.map(|(_, limit)| *limit);
        Some(Foreseen::of(&followed.series(), limit))
    }
}

/// Whether a grade calls for somebody.
fn is_warning(grade: Option<MonitorGrade>) -> bool {
    grade.is_some_and(|grade| grade > MonitorGrade::Normal)
}
