//! Alarm rules as data: what a rule warns of, for which devices, when, and with which delays. The
//! built-in table is `assets/alarm_rules.toml`; a city may bring further rules (`docs/alarms.md`).
//! Judged in `rules`, read and checked by the tables of a city. Never opens a file, never judges.

mod check;
mod hours;
mod state;
mod suppress;
mod table;
#[cfg(test)]
mod tests;
mod when;

use serde::{Deserialize, Serialize};

use super::{DeviceKind, Grade, KindId, ServiceGroup};

pub use hours::{Day, Hours};
pub use state::{Point, RuleState, RulesInForce, RulesRefused, Usual};
pub use suppress::{Mother, Span, Suppression, While};
pub use table::{AlarmRules, DeviceException};
pub use when::{
    Absence, Assessed, Combination, Deviation, Level, Limits, Per, Rate, Side, When, Within,
};

/// Name of the default rule of a kind: its threshold, dead band and readings in a row.
pub const THRESHOLD: &str = "threshold";

/// A rule whose place another one takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InsteadOf {
    /// The default rule of the kind.
    Threshold,
}

/// One rule. The fields are explained in `assets/alarm_rules.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlarmRule {
    /// Id, for example `level_rising`; the name under which its alarms are raised.
    pub id: String,
    /// Name in Chinese. Everybody sees it: it must not tell what a label tells.
    pub zh: String,
    /// Name in English.
    pub en: String,
    /// Whether it is used at all.
    #[serde(default = "yes")]
    pub on: bool,
    /// Grade of its alarms.
    pub grade: Grade,
    /// Whether its alarms stay until they are reset.
    #[serde(default)]
    pub latched: bool,
    /// Kinds of device that it is for.
    #[serde(default)]
    pub kinds: Vec<KindId>,
    /// Service groups whose kinds it is for.
    #[serde(default)]
    pub groups: Vec<ServiceGroup>,
    /// Kinds of those groups that it is not for.
    #[serde(default)]
    pub not_kinds: Vec<KindId>,
    /// Only devices of homes where somebody with this label lives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The rule that does not hold where this one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<InsteadOf>,
    /// Hours in which it holds; without any, always.
    #[serde(default)]
    pub schedule: Vec<Hours>,
    /// How long the condition must last before the alarm is raised, seconds.
    #[serde(default)]
    pub on_delay_s: i64,
    /// How long it must have ended before the alarm returns, seconds.
    #[serde(default)]
    pub off_delay_s: i64,
    /// Readings in a row that must show the condition.
    #[serde(default = "one")]
    pub readings: i64,
    /// The condition.
    pub when: When,
    /// Devices for which it differs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub device: Vec<DeviceException>,
}

fn yes() -> bool {
    true
}

fn one() -> i64 {
    1
}

/// Whether a kind is among those named, by itself or with its group, and not taken out.
fn names_kind(
    [kinds, not_kinds]: [&[KindId]; 2],
    groups: &[ServiceGroup],
    kind: &DeviceKind,
) -> bool {
    let group = groups.iter().any(|one| one.as_str() == kind.group);
    (kinds.contains(&kind.id) || group) && !not_kinds.contains(&kind.id)
}

impl AlarmRule {
    /// The default rule of a kind, if it warns of anything.
    #[must_use]
    pub fn of_kind(kind: &DeviceKind) -> Option<Self> {
        kind.warns().then(|| Self {
            id: THRESHOLD.to_owned(),
            zh: kind.zh.clone(),
            en: kind.en.clone(),
            on: true,
            grade: kind.grade,
            latched: false,
            kinds: vec![kind.id.clone()],
            groups: Vec::new(),
            not_kinds: Vec::new(),
            label: None,
            instead_of: None,
            schedule: Vec::new(),
            on_delay_s: 0,
            off_delay_s: 0,
            readings: i64::from(kind.alarm_readings),
            when: When::Threshold(kind.limits()),
            device: Vec::new(),
        })
    }

    /// Whether it is for devices of this kind.
    #[must_use]
    pub fn is_for(&self, kind: &DeviceKind) -> bool {
        names_kind([&self.kinds, &self.not_kinds], &self.groups, kind)
    }

    /// Whether it holds at a moment, in local time at this offset from UTC.
    #[must_use]
    pub fn holds_at(&self, at: crate::base::Timestamp, offset_minutes: i32) -> bool {
        let mut hours = self.schedule.iter();
        self.schedule.is_empty() || hours.any(|one| one.since(at, offset_minutes).is_some())
    }

    /// Since when it has held without a break at a moment at which it holds; `None` when it does
    /// not hold, or always holds.
    #[must_use]
    pub fn held_since(
        &self,
        at: crate::base::Timestamp,
        offset_minutes: i32,
    ) -> Option<crate::base::Timestamp> {
        let since = |one: &Hours| one.since(at, offset_minutes);
        self.schedule.iter().filter_map(since).min()
    }
}
