//! What can be said of a sensor: grade, numbers with their intervals, and what cannot be told. Plain data
//! that `assess` fills and pages, pictures and alarms read; decides nothing.

use serde::{Deserialize, Serialize};

use crate::base::Timestamp;
use crate::model::{JudgedLean, Judgement, LeanError, MonitorGrade, SuddenKind};

use super::gross::Jump;
use super::kept::Unused;
use super::range::DeviceRange;
use super::rate::Rate;
use super::unit::{AnyUnit, TiltUnit};
use crate::model::Quantity;

/// Why nothing, or not all, can be told.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum CannotTell {
    /// Nothing was measured, or nothing that could be used.
    NoReadings,
    /// Fewer days than a rate needs.
    TooFewDays {
        /// So many there are.
        days: usize,
    },
    /// Nothing was measured for too long: what was told holds for the past.
    Silent {
        /// Device time of the newest reading.
        since: Timestamp,
    },
    /// The value never changes: a sensor that is stuck.
    Constant {
        /// Device time of the first reading that told it; `None` where that is not known.
        #[serde(default)]
        since: Option<Timestamp>,
    },
    /// The newest readings are beyond what the device can measure: they are not believed.
    BeyondRange {
        /// What it can measure.
        range: DeviceRange,
    },
    /// No building stands with such a level.
    Implausible {
        /// The level as the numbers are read, in the unit of the series.
        level: f64,
        /// Of what.
        quantity: Quantity,
        /// In what they would make sense.
        unit: Option<AnyUnit>,
    },
    /// No limit fits the building, or the one that fits sets no number.
    NoLimit,
    /// The numbers are of another unit than the mounting says.
    OtherUnit {
        /// What they look like.
        unit: TiltUnit,
    },
    /// What was taken for a movement of the house may be another unit: both levels differ by the ratio
    /// of two.
    MayBeOtherUnit {
        /// What they look like.
        unit: TiltUnit,
    },
    /// The axes were exchanged.
    AxesSwapped,
    /// Readings jump about.
    Restless,
    /// None of the points that it is measured against told on a day on which it did.
    NoReference,
    /// The points that it is measured against differ: one of them moves.
    ReferencesDisagree {
        /// By so much, mm.
        apart_mm: f64,
    },
}

/// Something sudden.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum Sudden {
    /// One reading far from the level; the next one tells.
    Unconfirmed {
        /// The jump.
        jump: Jump,
    },
    /// The house moved: readings agree.
    Moved {
        /// The jump.
        jump: Jump,
    },
    /// Mounted anew, as far as can be told: somebody must look.
    MountedAnew {
        /// The jump.
        jump: Jump,
    },
}

/// What can be said of one sensor now. Numbers are in the unit of its series.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Assessment {
    /// What it measures.
    pub quantity: Quantity,
    /// The unit of its series: ‰ or mm.
    pub unit: &'static str,
    /// The grade; `None` where nothing can be told.
    pub grade: Option<MonitorGrade>,
    /// What it was before it fell silent or was stuck: `None` while it tells.
    pub last_grade: Option<MonitorGrade>,
    /// Grade by the share of the limit.
    pub by_share: Option<MonitorGrade>,
    /// Grade by the rate.
    pub by_rate: Option<MonitorGrade>,
    /// Size of the lean; settlement downwards; width.
    pub level: Option<f64>,
    /// What it is more than in its first month; of a lean the size of the difference.
    pub since_epoch: Option<f64>,
    /// The lean towards east and north, ‰; only with a mounting that says where its axes point.
    pub lean_permille: Option<[f64; 2]>,
    /// How sure that is.
    pub lean_error: Option<LeanError>,
    /// Where it leans to, degrees clockwise from north; likewise.
    pub bearing_deg: Option<f64>,
    /// Share of the limit, 1 at the limit.
    pub share: Option<f64>,
    /// The limit's id and number.
    pub limit: Option<(String, f64)>,
    /// Rates over the windows of the table, and since the epoch as the last one.
    pub rates: Vec<Rate>,
    /// The rate that decides its grade by rate: over the window in which it moves fastest for sure.
    pub decisive: Option<Rate>,
    /// The rate that the sentence tells: along the level, over the window that decides.
    pub growth: Option<Growth>,
    /// Change of the rate over the longest window, a month each month, and half its 95 % interval.
    pub acceleration: Option<(f64, f64)>,
    /// Days until the limit is reached at the rate of that window.
    pub days_to_limit: Option<DaysToLimit>,
    /// Whether settlement is at rest.
    pub stability: Option<Stability>,
    /// Something sudden, the newest.
    pub sudden: Option<Sudden>,
    /// What cannot be told, and why.
    pub cannot_tell: Vec<CannotTell>,
    /// What could not be used of the readings.
    pub unused: Unused,
}

/// Whether settlement is at rest (JGJ 8: 0.01 to 0.04 mm a day over the last 100 days), by the interval of
/// its rate.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Stability {
    /// It moves slower than the limit for sure.
    AtRest {
        /// Rate, mm a day.
        mm_day: f64,
    },
    /// It moves faster for sure.
    Moving {
        /// Rate, mm a day.
        mm_day: f64,
    },
    /// The interval holds both, or there are fewer days than it takes.
    Unsure {
        /// Days there are.
        days: u32,
    },
}

/// How the level grows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Growth {
    /// A month, along the level.
    pub per_month: f64,
    /// Half of the 95 % interval.
    pub half: f64,
    /// Over so many days.
    pub span_days: u32,
}

/// When the limit is reached if it goes on like this.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct DaysToLimit {
    /// At the fastest rate of the interval.
    pub soonest: f64,
    /// At the rate itself; `None` where it does not grow.
    pub expected: Option<f64>,
    /// At the slowest; `None` where it may never be.
    pub latest: Option<f64>,
}

impl Assessment {
    /// Whether nothing can be told of the sensor now, whatever it showed.
    #[must_use]
    pub fn tells_nothing(&self) -> bool {
        self.cannot_tell.iter().any(CannotTell::spoils_all)
    }

    /// The fastest that it surely moves, a month: the largest lower end of its rates. `None` without a rate.
    #[must_use]
    pub fn surely_per_month(&self) -> Option<f64> {
        let low = self.rates.iter().map(|rate| rate.low);
        low.max_by(f64::total_cmp)
    }

    /// What the live state keeps of it. `at` is the device time of the reading after which it was made.
    #[must_use]
    pub fn judgement(&self, at: Timestamp, looked: Option<Timestamp>) -> Judgement {
        let trend = self.by_share.max(self.by_rate);
        Judgement {
            grade: self.grade,
            trend: trend.filter(|_| !self.tells_nothing()),
            sudden: self.sudden.map(|sudden| match sudden {
                Sudden::Unconfirmed { .. } => SuddenKind::Unconfirmed,
                Sudden::Moved { .. } => SuddenKind::Moved,
                Sudden::MountedAnew { .. } => SuddenKind::MountedAnew,
            }),
            level: self.level,
            share: self.share,
            per_month: self.growth.map(|growth| [growth.per_month, growth.half]),
            looked,
            since_epoch: self.since_epoch,
            lean: self.lean_permille.map(|permille| JudgedLean {
                permille,
                error: self.lean_error,
            }),
            surely_per_month: self.surely_per_month(),
            ..Judgement::at(at)
        }
    }
}
