//! What the monitor says of a sensor of tilt, settlement or a crack, as the live state keeps it: small,
//! since there are thousands, and told again only when it changes or a day is over. Worked out in
//! `monitor`, used by rules, walls and cards. Never decides.

use serde::{Deserialize, Serialize};

use crate::base::Timestamp;

/// How bad it is, worse ones last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MonitorGrade {
    /// Nothing to look at.
    Normal,
    /// To be looked at at times.
    Attention,
    /// Yellow warning.
    Yellow,
    /// Orange warning.
    Orange,
    /// Red warning: at the limit or beyond.
    Red,
}

/// What was sudden.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuddenKind {
    /// One reading far from the level; the next one tells.
    Unconfirmed,
    /// The house moved: two readings agree.
    Moved,
    /// Mounted anew, as far as can be told.
    MountedAnew,
}

/// What is said of one sensor. Numbers are in the unit of its series: ‰, or mm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// Device time of the reading after which it was judged.
    pub at: Timestamp,
    /// The grade; `None` where nothing can be told.
    pub grade: Option<MonitorGrade>,
    /// The grade by share of the limit and rate alone, whatever was sudden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trend: Option<MonitorGrade>,
    /// Something sudden, until somebody looked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sudden: Option<SuddenKind>,
    /// Size of the lean, settlement downwards, or width.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<f64>,
    /// Share of the limit, 1 at the limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<f64>,
    /// How it grows a month, and half of the 95 % interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_month: Option<[f64; 2]>,
    /// Up to when, by device time, somebody looked at what was sudden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub looked: Option<Timestamp>,
}

impl Judgement {
    /// Whether it says something else than another one: figures that creep are no news.
    #[must_use]
    pub fn is_news_after(&self, other: &Self) -> bool {
        let told = |one: &Self| (one.grade, one.trend, one.sudden, one.looked);
        told(self) != told(other)
    }
}
