//! What a sensor of tilt, settlement or a crack measured, as a chart: raw readings, days, trend, limits,
//! forecast and what was sudden, as plain data, and laid out into a display list for any rectangle, down
//! to a sparkline in one line. Made by `app` from assessments, drawn on cards, walls and reports. A
//! screening, and says so; never bridges a gap, never shows old data without their age, never judges.

mod axis;
mod layout;
mod legend;
mod marks;
mod plot;
mod range;
mod say;
mod sheet;
mod spark;
#[cfg(test)]
pub(super) mod tests;

use crate::base::{DeviceId, Timestamp};
use crate::model::Quantity;

use super::deform::DeformGrade;
use super::look::Look;
use super::overlay::{Measure, Rect, Rgba};
use super::words::Words;

pub use layout::{EMPTY_EM, WANTED_EM, chart, has_room};
pub use spark::{SPARK_EM, sparkline};

/// A day in milliseconds.
const DAY_MS: i64 = 86_400_000;

/// Colours of what is measured, from pale to deep.
const fn ramp(measured: Quantity, look: &Look) -> [Rgba; 5] {
    match measured {
        Quantity::Tilt | Quantity::Distortion | Quantity::Crack => look.tilt,
        Quantity::Settlement => look.settlement,
    }
}

/// Readings of a stretch of time, from the least to the greatest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RawSpan {
    /// When it begins, days since 1970 by the city's clock.
    pub from_day: f64,
    /// When it ends.
    pub to_day: f64,
    /// The least.
    pub low: f64,
    /// The greatest.
    pub high: f64,
}

/// The value of one day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DayPoint {
    /// Days since 1970 by the city's clock.
    pub number: i32,
    /// Its value.
    pub value: f64,
}

/// An end of a piece of the trend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrendEnd {
    /// Its day.
    pub number: i32,
    /// Value of the line.
    pub value: f64,
    /// Half of what the slope's interval makes of it.
    pub half: f64,
}

/// The line through the newest days, in pieces between sudden movements.
#[derive(Debug, Clone, PartialEq)]
pub struct Trend {
    /// Growth a month.
    pub per_month: f64,
    /// Half of its 95 % interval.
    pub half: f64,
    /// Over so many days.
    pub span_days: u32,
    /// Both ends of each piece, oldest first.
    pub pieces: Vec<[TrendEnd; 2]>,
}

/// The limit that grades are shares of.
#[derive(Debug, Clone, PartialEq)]
pub struct ChartLimit {
    /// What it is called, in Chinese and in English.
    pub names: [String; 2],
    /// How it is known, likewise.
    pub status: [String; 2],
    /// The control value.
    pub value: f64,
    /// From which value each grade holds, rising.
    pub tiers: Vec<(DeformGrade, f64)>,
}

/// What is foreseen for one day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AheadPoint {
    /// Days since 1970.
    pub number: i32,
    /// As likely above as below.
    pub middle: f64,
    /// Intervals of 50, 80 and 95 %.
    pub bands: [[f64; 2]; 3],
}

/// What was sudden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// The house moved.
    Moved,
    /// The sensor was mounted anew, as far as can be told.
    MountedAnew,
    /// One reading far off, which nothing bore out yet.
    Unconfirmed,
    /// Its axes were exchanged.
    AxesSwapped,
    /// Its numbers are of another unit.
    OtherUnit,
}

impl EventKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::Moved,
        Self::MountedAnew,
        Self::Unconfirmed,
        Self::AxesSwapped,
        Self::OtherUnit,
    ];

    /// The name in the word files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Moved => "moved",
            Self::MountedAnew => "mounted_anew",
            Self::Unconfirmed => "unconfirmed",
            Self::AxesSwapped => "axes_swapped",
            Self::OtherUnit => "other_unit",
        }
    }
}

/// Something sudden.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChartEvent {
    /// Device time.
    pub at: Timestamp,
    /// What.
    pub kind: EventKind,
    /// By how much, along the way of the series.
    pub by: f64,
    /// Whether nobody looked yet.
    pub is_open: bool,
}

/// Everything a chart of one sensor shows. Values are in [`Quantity::unit`].
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// Of which sensor.
    pub device: DeviceId,
    /// What it is called, in Chinese and in English.
    pub titles: [String; 2],
    /// Where it is, as everybody may know, likewise.
    pub places: [String; 2],
    /// What it measures.
    pub measured: Quantity,
    /// The city's clock.
    pub utc_offset_minutes: i32,
    /// What was known until then is shown.
    pub at: Timestamp,
    /// Device time of the newest reading that was used; `None` where there is none.
    pub newest: Option<Timestamp>,
    /// How bad it is.
    pub grade: DeformGrade,
    /// The level now; of settlement that since the epoch.
    pub level: Option<f64>,
    /// What the instrument reads, where that is not the level.
    pub reads: Option<f64>,
    /// Where it leans to, degrees clockwise from north, where that is on record.
    pub bearing_deg: Option<f64>,
    /// Share of the limit.
    pub share: Option<f64>,
    /// Readings as they came, stretch by stretch; none for a stretch without any.
    pub raw: Vec<RawSpan>,
    /// Whether the stretches are hours, not days.
    pub raw_is_hourly: bool,
    /// Days, oldest first.
    pub days: Vec<DayPoint>,
    /// Whether temperature was taken off them.
    pub is_compensated: bool,
    /// The trend, where one can be told.
    pub trend: Option<Trend>,
    /// The limit, where one is set.
    pub limit: Option<ChartLimit>,
    /// What is foreseen, by days.
    pub ahead: Vec<AheadPoint>,
    /// What was sudden, oldest first.
    pub events: Vec<ChartEvent>,
    /// What cannot be told and why, in Chinese and in English.
    pub untold: Vec<[String; 2]>,
}

impl Chart {
    /// A moment on the axis of time: days since 1970 by the city's clock.
    #[must_use]
    pub fn day_of(&self, at: Timestamp) -> f64 {
        let local_ms = at.millis() + i64::from(self.utc_offset_minutes) * 60_000;
        local_ms as f64 / DAY_MS as f64
    }

    /// Whether there is nothing to draw.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.raw.is_empty() && self.days.is_empty()
    }

    /// The same counted from the epoch, where the level is so much since then: what an instrument reads
    /// counts from wherever it was set to nought. Limits move along, since grades go by what it reads.
    #[must_use]
    pub fn since(mut self, since_epoch: Option<f64>) -> Self {
        let Some((since, level)) = since_epoch.zip(self.level) else {
            return self;
        };
        let off = level - since;
        self.reads = Some(level);
        self.level = Some(since);
        for span in &mut self.raw {
            span.low -= off;
            span.high -= off;
        }
        self.days.iter_mut().for_each(|day| day.value -= off);
        let pieces = self.trend.iter_mut().flat_map(|trend| &mut trend.pieces);
        pieces.flatten().for_each(|end| end.value -= off);
        for point in &mut self.ahead {
            point.middle -= off;
            point.bands.iter_mut().flatten().for_each(|end| *end -= off);
        }
        let tiers = self.limit.iter_mut().flat_map(|limit| &mut limit.tiers);
        tiers.for_each(|(_, value)| *value -= off);
        self
    }

    /// Puts the worst first: by grade, then by share of the limit; what tells nothing comes last.
    pub fn sort(charts: &mut [Self]) {
        charts.sort_by(|one, other| {
            let share = |chart: &Self| chart.share.unwrap_or(0.0);
            (other.grade.severity().cmp(&one.grade.severity()))
                .then(share(other).total_cmp(&share(one)))
                .then(one.device.cmp(&other.device))
        });
    }
}

/// How a chart is drawn.
#[derive(Clone, Copy)]
pub struct ChartInput<'a> {
    /// What.
    pub chart: &'a Chart,
    /// Where.
    pub rect: Rect,
    /// The em, pixels.
    pub em: f32,
    /// The time from which the age of the data is told.
    pub now: Timestamp,
    /// Whether what it is called stands on it.
    pub is_titled: bool,
    /// Theme.
    pub look: &'a Look,
    /// Language.
    pub words: &'a Words,
    /// How wide texts are.
    pub measure: &'a dyn Measure,
}

/// The charts on a card.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum CardCharts {
    /// Nothing is measured there, or nobody can tell.
    #[default]
    None,
    /// They are being made.
    Asked,
    /// The worst first.
    Told(Vec<Chart>),
    /// No archive lies here.
    NoHistory,
    /// They cannot be had; why, for people.
    Failed(String),
}
