//! Conditions of rules: what is compared with what. Numbers as a table gives them.

use serde::{Deserialize, Serialize};

use crate::base::Millis;
use crate::model::ground::named;
use crate::model::{Judgement, MonitorGrade, SuddenKind};

/// The condition of a rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// The value lies beyond a limit.
    Threshold(Limits),
    /// The value changes too fast.
    Rate(Rate),
    /// The value is not as is usual for the device.
    Deviation(Deviation),
    /// Nothing was used for a long time.
    Absence(Absence),
    /// Several alarms of other rules near one another.
    Combination(Combination),
    /// What the monitor says of a sensor of tilt, settlement or a crack.
    Assessed(Assessed),
}

impl When {
    /// Its name in a table.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Threshold(_) => "threshold",
            Self::Rate(_) => "rate",
            Self::Deviation(_) => "deviation",
            Self::Absence(_) => "absence",
            Self::Combination(_) => "combination",
            Self::Assessed(_) => "assessed",
        }
    }
}

/// How a value stands to a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// It calls for an alarm.
    Beyond,
    /// Within the dead band: it neither calls for an alarm nor ends one.
    Between,
    /// It ends an alarm.
    Back,
    /// Too little is known.
    Unknown,
}

/// Limits with a dead band; with both, what lies outside of them calls for an alarm.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Upper limit, in the unit of the kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<f64>,
    /// Lower limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<f64>,
    /// How far back within the limit the value must come for the alarm to return.
    #[serde(default)]
    pub dead_band: f64,
}

impl Limits {
    /// Whether a value lies at or beyond a limit.
    #[must_use]
    pub fn is_beyond(&self, value: f64) -> bool {
        self.above.is_some_and(|above| value >= above)
            || self.below.is_some_and(|below| value <= below)
    }

    /// Whether a value lies within the limits, past the dead band.
    #[must_use]
    pub fn is_back(&self, value: f64) -> bool {
        let band = self.dead_band;
        let from_above = |above| value < above && value <= above - band;
        let from_below = |below| value > below && value >= below + band;
        self.above.is_none_or(from_above) && self.below.is_none_or(from_below)
    }

    /// How a value stands to them.
    #[must_use]
    pub fn level(&self, value: f64) -> Level {
        if self.is_beyond(value) {
            Level::Beyond
        } else if self.is_back(value) {
            Level::Back
        } else {
            Level::Between
        }
    }
}

named! {
    /// The time in which a rate counts the change.
    Per {
        /// A second.
        Second = "second",
        /// A minute.
        Minute = "minute",
        /// An hour.
        #[default]
        Hour = "hour",
        /// A day.
        Day = "day",
    }
}

impl Per {
    /// Its length in seconds.
    #[must_use]
    pub const fn seconds(self) -> f64 {
        match self {
            Self::Second => 1.0,
            Self::Minute => 60.0,
            Self::Hour => 3_600.0,
            Self::Day => 86_400.0,
        }
    }
}

/// A change in a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// Upper limit, in units of the kind per `per`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<f64>,
    /// Lower limit; a fall is negative.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<f64>,
    /// As of a threshold, in the unit of the rate.
    #[serde(default)]
    pub dead_band: f64,
    /// The time in which the change is counted.
    #[serde(default)]
    pub per: Per,
    /// How far back readings count, seconds.
    pub window_s: i64,
    /// Readings that there must be at least.
    #[serde(default = "three")]
    pub least_readings: i64,
}

fn three() -> i64 {
    3
}

impl Rate {
    /// Most readings that are kept for one rate: closer ones are passed over.
    pub const POINTS_MAX: i64 = 24;

    /// Its limits.
    #[must_use]
    pub const fn limits(&self) -> Limits {
        Limits {
            above: self.above,
            below: self.below,
            dead_band: self.dead_band,
        }
    }

    /// Least time between two readings that are kept.
    #[must_use]
    pub const fn spacing_ms(&self) -> Millis {
        self.window_s * 1_000 / Self::POINTS_MAX
    }
}

named! {
    /// To which side a value must deviate.
    Side {
        /// Either.
        #[default]
        Both = "both",
        /// More than usual.
        Above = "above",
        /// Less than usual.
        Below = "below",
    }
}

/// A distance from what is usual for the device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deviation {
    /// Least distance in multiples of the usual spread.
    pub times: f64,
    /// Least distance in the unit of the kind.
    pub least: f64,
    /// How much nearer the value must come for the alarm to return, in the unit of the kind.
    #[serde(default)]
    pub dead_band: f64,
    /// To which side.
    #[serde(default)]
    pub side: Side,
    /// How long the device is listened to before it can deviate, seconds.
    #[serde(default = "a_week")]
    pub learn_s: i64,
    /// After how long a reading counts half, seconds.
    #[serde(default = "a_week")]
    pub half_life_s: i64,
}

fn a_week() -> i64 {
    7 * 86_400
}

impl Deviation {
    /// Least time between two readings of which it learns.
    #[must_use]
    pub const fn spacing_ms(&self) -> Millis {
        self.half_life_s * 1_000 / 128
    }
}

/// A time in which nothing is used: no reading lies above a value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Absence {
    /// A reading above this is use.
    #[serde(default)]
    pub above: f64,
    /// How long, seconds.
    pub for_s: i64,
}

/// Where alarms must lie to count together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Within {
    /// In one building.
    Building,
    /// In one building or one that shares a wall with it.
    PartyWall,
    /// In one building and no farther aside than so many metres: on one vertical line.
    Riser(f64),
    /// No farther from each other, over ground, in metres.
    Metres(f64),
}

/// Alarms of other rules that are active near one another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Combination {
    /// The other rules; `threshold` is the default rule of the kinds.
    pub of: Vec<String>,
    /// Active alarms that there must be.
    pub count: i64,
    /// Different rules among them.
    #[serde(default = "one_rule")]
    pub rules: i64,
    /// Where.
    pub within: Within,
    /// Most seconds between their raising.
    pub window_s: i64,
}

fn one_rule() -> i64 {
    1
}

/// What the monitor must say of a sensor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assessed {
    /// This grade or a worse one, by share of the limit and rate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<MonitorGrade>,
    /// That the house moved suddenly, and nobody looked yet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sudden: bool,
}

impl Assessed {
    /// Whether a judgement says so.
    #[must_use]
    pub fn holds(&self, judgement: &Judgement) -> bool {
        let is_sudden = judgement.sudden == Some(SuddenKind::Moved);
        let is_so_bad = |from| judgement.trend.is_some_and(|trend| trend >= from);
        (self.sudden && is_sudden) || self.from.is_some_and(is_so_bad)
    }

    /// Whether a judgement ends an alarm of it: a sensor that went blind does not say that all is well.
    #[must_use]
    pub fn is_over(&self, judgement: &Judgement) -> bool {
        !self.holds(judgement) && (self.from.is_none() || judgement.grade.is_some())
    }
}
