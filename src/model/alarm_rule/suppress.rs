//! When alarms are suppressed by design (ISA-18.2, IEC 62682): entries of the table of alarm rules that
//! say of which alarms nothing is to be done while a condition holds, since it explains them. Judged in
//! `rules`. Never about what endangers people, unless an entry says so expressly; never judges itself.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::base::{TableEntry, Timestamp};
use crate::model::{DeviceKind, Grade, KindId, KindTable, ServiceGroup};

use super::check::{check_within, known_kinds};
use super::{AlarmRule, AlarmRules, Hours, THRESHOLD, Within, names_kind, yes};

/// Most areas and most devices that an entry names.
const NAMED_MAX: usize = 2_000;

/// One entry, `[[suppress]]`. The fields are explained in `assets/alarm_rules.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suppression {
    /// Id, for example `riser_shut`.
    pub id: String,
    /// Why, in Chinese, as lists tell it beside the alarm.
    pub zh: String,
    /// Why, in English.
    pub en: String,
    /// Whether it is used at all.
    #[serde(default = "yes")]
    pub on: bool,
    /// Kinds of device whose alarms are meant.
    #[serde(default)]
    pub kinds: Vec<KindId>,
    /// Service groups whose kinds are meant.
    #[serde(default)]
    pub groups: Vec<ServiceGroup>,
    /// Kinds of those groups that are not meant.
    #[serde(default)]
    pub not_kinds: Vec<KindId>,
    /// Rules whose alarms are meant; without any, all.
    #[serde(default)]
    pub rules: Vec<String>,
    /// Areas in which, by code, name or id; without any, everywhere.
    #[serde(default)]
    pub areas: Vec<String>,
    /// Devices, by id or by key in their register; without any, all.
    #[serde(default)]
    pub devices: Vec<String>,
    /// Whether what endangers people is meant, too.
    #[serde(default)]
    pub people_safety: bool,
    /// While this holds.
    #[serde(rename = "while")]
    pub during: While,
}

/// What holds while alarms are suppressed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum While {
    /// Hours of every week.
    Schedule(Vec<Hours>),
    /// Times that were planned, each once.
    Planned(Vec<Span>),
    /// Another alarm is active near by.
    Alarm(Mother),
}

/// A time between two moments, written in RFC 3339.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// From this moment on.
    #[serde(with = "moment")]
    pub from: Timestamp,
    /// Up to this one.
    #[serde(with = "moment")]
    pub to: Timestamp,
}

/// The alarm that explains others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mother {
    /// Of these rules; `threshold` is the default rule of the kinds.
    pub of: Vec<String>,
    /// Of devices of these kinds.
    pub kinds: Vec<KindId>,
    /// How near.
    pub within: Within,
}

/// Whether a kind warns of what endangers people: help buttons, smoke, gas, and whatever a city grades
/// alike.
fn endangers_people(kind: &DeviceKind) -> bool {
    kind.grade == Grade::Red
}

impl Suppression {
    /// Whether alarms of a grade under a rule of devices of this kind are meant, wherever.
    #[must_use]
    pub fn covers(&self, rule: &str, kind: &DeviceKind, grade: Grade) -> bool {
        let is_rule = self.rules.is_empty() || self.rules.iter().any(|one| one == rule);
        let may = self.people_safety || !endangers_people(kind) && grade != Grade::Red;
        is_rule && may && names_kind([&self.kinds, &self.not_kinds], &self.groups, kind)
    }

    /// Whether its time is now; `false` where it waits for an alarm.
    #[must_use]
    pub fn is_time(&self, at: Timestamp, offset_minutes: i32) -> bool {
        match &self.during {
            While::Schedule(hours) => hours
                .iter()
                .any(|one| one.since(at, offset_minutes).is_some()),
            While::Planned(spans) => spans.iter().any(|one| one.from <= at && at < one.to),
            While::Alarm(_) => false,
        }
    }
}

impl TableEntry for Suppression {
    const WHAT: &'static str = "suppression";

    fn id(&self) -> &str {
        &self.id
    }

    fn names(&self) -> [&str; 2] {
        [&self.zh, &self.en]
    }

    fn check(&self) -> Result<(), String> {
        if self.kinds.is_empty() && self.groups.is_empty() {
            return Err("kinds or groups must say of which devices".to_owned());
        }
        if self.areas.len() > NAMED_MAX || self.devices.len() > NAMED_MAX {
            return Err(format!(
                "at most {NAMED_MAX} areas and {NAMED_MAX} devices are named"
            ));
        }
        match &self.during {
            While::Schedule(hours) => match hours.iter().find_map(Hours::fault) {
                Some(fault) => Err(fault.to_owned()),
                None if hours.is_empty() => Err("while.schedule names hours".to_owned()),
                None => Ok(()),
            },
            While::Planned(spans) if spans.is_empty() => {
                Err("while.planned names times, each from and to".to_owned())
            }
            While::Planned(spans) => match spans.iter().all(|one| one.from < one.to) {
                true => Ok(()),
                false => Err("while.planned: from lies before to".to_owned()),
            },
            While::Alarm(mother) => mother.check_alone(),
        }
    }
}

impl Mother {
    fn check_alone(&self) -> Result<(), String> {
        if self.of.is_empty() || self.kinds.is_empty() {
            return Err("while.alarm names rules in of, and kinds".to_owned());
        }
        if BTreeSet::from_iter(&self.of).len() < self.of.len() {
            return Err("while.alarm: of names a rule twice".to_owned());
        }
        check_within(self.within)
    }
}

impl AlarmRules {
    /// Whether an entry fits a city's kinds and the rules beside it.
    pub(super) fn check_suppression(
        &self,
        one: &Suppression,
        kinds: &KindTable,
    ) -> Result<(), String> {
        known_kinds(
            kinds,
            [("kinds", &one.kinds), ("not_kinds", &one.not_kinds)],
        )?;
        let named = one.kinds.iter().filter_map(|id| kinds.get(id));
        let dangers = |kind: &&DeviceKind| endangers_people(kind) && !one.people_safety;
        if let Some(kind) = named.clone().find(dangers) {
            return Err(format!(
                "kinds: {} warns of what endangers people and is never suppressed, unless the entry says \
                 people_safety = true",
                kind.id
            ));
        }
        let meant = |kind: &&DeviceKind| {
            let grades = [kind.grade, Grade::Blue];
            let rules = one.rules.first().map_or(THRESHOLD, String::as_str);
            grades.iter().any(|grade| one.covers(rules, kind, *grade))
        };
        if !kinds.all().iter().any(|kind| meant(&kind)) {
            return Err("it is for no kind: nothing is left of its groups".to_owned());
        }
        self.known_rules("rules", &one.rules)?;
        match &one.during {
            While::Alarm(mother) => self.check_mother(mother, kinds),
            _ => Ok(()),
        }
    }

    /// An alarm that explains others must be one that can come, and that no other alarm suppresses: two
    /// could suppress each other, and nobody would see either.
    fn check_mother(&self, mother: &Mother, kinds: &KindTable) -> Result<(), String> {
        known_kinds(kinds, [("while.alarm: kinds", &mother.kinds)])?;
        self.known_rules("while.alarm: of", &mother.of)?;
        let mut can_come = false;
        for kind in mother.kinds.iter().filter_map(|id| kinds.get(id)) {
            for id in &mother.of {
                let rule = self.get(id);
                can_come |= rule.map_or(kind.warns(), |rule: &AlarmRule| rule.is_for(kind));
                let grade = rule.map_or(kind.grade, |rule| rule.grade);
                let mut waiting = self.suppressions().iter().filter(|other| other.on);
                let other = waiting.find(|other| {
                    matches!(other.during, While::Alarm(_)) && other.covers(id, kind, grade)
                });
                if let Some(other) = other {
                    return Err(format!(
                        "while.alarm: alarms of {id} of {} are themselves suppressed by {:?} while \
                         another alarm is active; name other rules or kinds in one of both",
                        kind.id, other.id
                    ));
                }
            }
        }
        match can_come {
            true => Ok(()),
            false => Err("while.alarm: no rule of these warns of these kinds".to_owned()),
        }
    }

    fn known_rules(&self, key: &str, ids: &[String]) -> Result<(), String> {
        for id in ids.iter().filter(|id| *id != THRESHOLD) {
            match self.get(id) {
                Some(rule) if rule.on => {}
                Some(_) => return Err(format!("{key}: the rule {id:?} is off")),
                None => return Err(format!("{key}: no rule is called {id:?}")),
            }
        }
        Ok(())
    }
}

/// A moment in a table: text, for people write it.
mod moment {
    use serde::{Deserialize, Deserializer, Serializer, de};

    use crate::base::Timestamp;

    pub(super) fn serialize<S: Serializer>(at: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(at)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
        let text = String::deserialize(from)?;
        let wrong = |_| {
            de::Error::custom(format!(
                "a moment reads like \"2026-05-03T08:00:00+08:00\", not {text:?}"
            ))
        };
        text.parse().map_err(wrong)
    }
}
