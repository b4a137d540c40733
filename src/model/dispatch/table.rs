//! The table of dispatch: windows of folding, types of incident with their deadlines, the ladder.
//! The built-in one is `assets/dispatch.toml`; a city may bring its own (docs/tables.md), which
//! replaces it. Never opens a file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::base::{Millis, Spanned, TableEntry, TableFault, check_name, checked, read_table};
use crate::model::{AreaLevel, DeviceKind, EventKind, Grade, ServiceGroup};

use super::Deadline;

/// Longest time that a table may set: a year.
const SECONDS_MAX: i64 = 366 * 86_400;

/// Windows of folding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FoldTimes {
    /// In one building, seconds.
    pub building_s: i64,
    /// Along a riser, seconds.
    pub riser_s: i64,
    /// How far aside a device may be of the others of its riser.
    pub riser_m: f64,
    /// In houses that share a wall, seconds.
    pub party_wall_s: i64,
    /// In one area, in a flood, seconds.
    pub area_s: i64,
    /// Incidents of a flood that begin by place.
    pub places: usize,
    /// Then by grid.
    pub grids: usize,
    /// Then by community; then there is one of the whole city.
    pub communities: usize,
    /// Days for which closed ones can be reopened.
    pub keep_days: i64,
}

/// How people at risk are weighed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RiskTable {
    /// Fewer people than this are always `few`.
    pub least: u32,
    /// From this weight on they are `some`.
    pub some: u32,
    /// From this weight on they are `many`.
    pub many: u32,
    /// What somebody with a label counts; everybody else counts one.
    #[serde(default)]
    pub weights: BTreeMap<String, u32>,
}

/// A rung of the ladder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rung {
    /// Level.
    pub level: AreaLevel,
    /// Who stands there, in Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// A type of incident. The fields are explained in `assets/dispatch.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the table explains them")]
pub struct IncidentType {
    pub id: String,
    pub zh: String,
    pub en: String,
    #[serde(default)]
    pub kinds: Vec<String>,
    #[serde(default)]
    pub groups: Vec<ServiceGroup>,
    #[serde(default)]
    pub events: Vec<EventKind>,
    pub grade: Grade,
    #[serde(default)]
    pub call: bool,
    pub first_rung: AreaLevel,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub together_s: Option<i64>,
    pub acknowledge_s: i64,
    pub dispatch_s: i64,
    pub arrive_s: i64,
    pub feed_back_s: i64,
    pub verify_s: i64,
    pub close_s: i64,
    pub escalate_s: i64,
}

impl IncidentType {
    /// What it is called in Chinese and in English.
    #[must_use]
    pub fn names(&self) -> [String; 2] {
        [self.zh.clone(), self.en.clone()]
    }

    /// The time for a deadline.
    #[must_use]
    pub const fn within_ms(&self, deadline: Deadline) -> Millis {
        let seconds = match deadline {
            Deadline::Acknowledge => self.acknowledge_s,
            Deadline::Dispatch => self.dispatch_s,
            Deadline::Arrive => self.arrive_s,
            Deadline::FeedBack => self.feed_back_s,
            Deadline::Verify => self.verify_s,
            Deadline::Close => self.close_s,
        };
        seconds * 1_000
    }

    fn has_group(&self, group: ServiceGroup) -> bool {
        self.groups.is_empty() || self.groups.contains(&group)
    }

    /// Whether alarms open it that no other type takes.
    fn is_rest(&self) -> bool {
        self.events.is_empty() && self.kinds.is_empty() && self.groups.is_empty()
    }

    fn is_of(&self, kind: &DeviceKind) -> bool {
        let named = self.kinds.iter().any(|one| one == kind.id.as_str());
        let grouped = self.groups.iter().any(|one| one.as_str() == kind.group);
        self.events.is_empty() && (named || grouped)
    }
}

impl TableEntry for IncidentType {
    const WHAT: &'static str = "type";

    fn id(&self) -> &str {
        &self.id
    }

    fn names(&self) -> [&str; 2] {
        [&self.zh, &self.en]
    }

    fn check(&self) -> Result<(), String> {
        let times = [
            ("acknowledge_s", self.acknowledge_s),
            ("dispatch_s", self.dispatch_s),
            ("arrive_s", self.arrive_s),
            ("feed_back_s", self.feed_back_s),
            ("verify_s", self.verify_s),
            ("close_s", self.close_s),
            ("escalate_s", self.escalate_s),
        ];
        let wrong = times
            .iter()
            .find(|(_, one)| !(1..=SECONDS_MAX).contains(one));
        let together = self.together_s.map(|one| ("together_s", one));
        let wrong = wrong
            .copied()
            .or_else(|| together.filter(|(_, one)| !(1..=SECONDS_MAX).contains(one)));
        if let Some((key, _)) = wrong {
            return Err(format!("{key} is 1 to {SECONDS_MAX} seconds"));
        }
        if !self.events.is_empty() && (self.call || !self.kinds.is_empty()) {
            return Err(
                "a type is for events or for kinds of device, and a call for devices".into(),
            );
        }
        if self.call && self.kinds.is_empty() && self.groups.is_empty() {
            return Err("a call names its kinds of device".to_owned());
        }
        Ok(())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    fold: Spanned<FoldTimes>,
    risk: Spanned<RiskTable>,
    rung: Vec<Spanned<Rung>>,
    #[serde(rename = "type")]
    types: Vec<Spanned<IncidentType>>,
}

/// The table of dispatch of a city.
#[derive(Debug, Clone, PartialEq)]
pub struct DispatchTable {
    fold: FoldTimes,
    risk: RiskTable,
    rungs: Vec<Rung>,
    types: Vec<IncidentType>,
}

impl DispatchTable {
    /// The text of the built-in table, with its comments.
    pub const STANDARD: &'static str = include_str!("../../../assets/dispatch.toml");

    /// The built-in table.
    ///
    /// # Panics
    /// Never in a build that passed its tests: the text is part of the program.
    #[must_use]
    pub fn standard() -> Self {
        Self::from_toml(Self::STANDARD).expect("the embedded table is checked by a test")
    }

    /// Reads a table.
    ///
    /// # Errors
    /// When the text is not TOML of this shape, a type stands twice, a number is out of its range, the
    /// ladder has a gap, or not exactly one type takes all other alarms.
    pub fn from_toml(text: &str) -> Result<Self, TableFault> {
        let table: Table = read_table(text)?;
        let at = |offset: usize, reason: String| TableFault::at(text, offset, reason);
        let (fold_at, risk_at) = (table.fold.span().start, table.risk.span().start);
        let (fold, risk) = (table.fold.into_inner(), table.risk.into_inner());
        check_fold(&fold).map_err(|reason| at(fold_at, reason))?;
        check_risk(&risk).map_err(|reason| at(risk_at, reason))?;
        let mut rungs: Vec<Rung> = Vec::new();
        for one in table.rung {
            let start = one.span().start;
            let rung = one.into_inner();
            let told =
                |reason: String| at(start, format!("rung {:?}: {reason}", rung.level.as_str()));
            check_name(&rung.zh)
                .and(check_name(&rung.en))
                .map_err(told)?;
            if rungs.last().is_some_and(|last| last.level <= rung.level) {
                return Err(told(
                    "rungs stand from the grid upwards, each once".to_owned(),
                ));
            }
            rungs.push(rung);
        }
        let types = checked(text, table.types)?;
        if types.iter().filter(|one| one.is_rest()).count() != 1 {
            let reason = "exactly one type without kinds, groups and events takes all other alarms";
            return Err(at(0, reason.to_owned()));
        }
        let missing = types.iter().find(|one| {
            let has = |rung: &Rung| rung.level == one.first_rung;
            !rungs.iter().any(has)
        });
        if let Some(one) = missing {
            let reason = format!(
                "type {:?}: its first_rung is no [[rung]] of this table",
                one.id
            );
            return Err(at(0, reason));
        }
        Ok(Self {
            fold,
            risk,
            rungs,
            types,
        })
    }

    /// Windows of folding.
    #[must_use]
    pub const fn fold(&self) -> &FoldTimes {
        &self.fold
    }

    /// How people at risk are weighed.
    #[must_use]
    pub const fn risk(&self) -> &RiskTable {
        &self.risk
    }

    /// The ladder, from below.
    #[must_use]
    pub fn rungs(&self) -> &[Rung] {
        &self.rungs
    }

    /// The rung above a level.
    #[must_use]
    pub fn above(&self, level: AreaLevel) -> Option<&Rung> {
        self.rungs.iter().find(|rung| rung.level < level)
    }

    /// All types in order.
    #[must_use]
    pub fn types(&self) -> &[IncidentType] {
        &self.types
    }

    /// The type of this id; one that the table no longer has is as the type for all other alarms.
    #[must_use]
    pub fn get(&self, id: &str) -> &IncidentType {
        let of_id = self.types.iter().find(|one| one.id == id);
        of_id.unwrap_or_else(|| self.rest())
    }

    /// The type of this id, if there is one.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&IncidentType> {
        self.types.iter().find(|one| one.id == id)
    }

    /// The type of an alarm of a device of this kind, if a table knows the kind.
    #[must_use]
    pub fn of_kind(&self, kind: Option<&DeviceKind>) -> &IncidentType {
        let of_kind = |kind| self.types.iter().find(|one| one.is_of(kind));
        kind.and_then(of_kind).unwrap_or_else(|| self.rest())
    }

    /// The type of an event.
    #[must_use]
    pub fn of_event(&self, kind: EventKind, group: ServiceGroup) -> &IncidentType {
        let is_its = |one: &&IncidentType| one.events.contains(&kind) && one.has_group(group);
        self.types
            .iter()
            .find(is_its)
            .unwrap_or_else(|| self.rest())
    }

    fn rest(&self) -> &IncidentType {
        // The check at reading: there is exactly one, and so a first.
        self.types
            .iter()
            .find(|one| one.is_rest())
            .unwrap_or(&self.types[0])
    }
}

fn check_fold(fold: &FoldTimes) -> Result<(), String> {
    let times = [
        fold.building_s,
        fold.riser_s,
        fold.party_wall_s,
        fold.area_s,
    ];
    if times.iter().any(|one| !(0..=SECONDS_MAX).contains(one)) || fold.area_s == 0 {
        return Err(format!(
            "windows are 0 to {SECONDS_MAX} seconds, area_s at least 1"
        ));
    }
    if !fold.riser_m.is_finite() || fold.riser_m < 0.0 {
        return Err("riser_m is a distance in metres, 0 or more".to_owned());
    }
    let counts = [fold.places, fold.grids, fold.communities];
    if fold.places == 0 || counts.iter().any(|one| *one > 1_000) {
        return Err("places is 1 to 1000, grids and communities 0 to 1000".to_owned());
    }
    match (1..=366).contains(&fold.keep_days) {
        true => Ok(()),
        false => Err("keep_days is 1 to 366".to_owned()),
    }
}

fn check_risk(risk: &RiskTable) -> Result<(), String> {
    if risk.least < 5 {
        return Err("least is 5 or more: fewer people are a small count".to_owned());
    }
    if risk.some < risk.least || risk.many < risk.some {
        return Err("least, some and many do not fall".to_owned());
    }
    match risk
        .weights
        .values()
        .all(|weight| (1..=100).contains(weight))
    {
        true => Ok(()),
        false => Err("a weight is 1 to 100".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::KindTable;

    #[test]
    fn the_built_in_table_is_good_and_finds_types() {
        let (table, kinds) = (DispatchTable::standard(), KindTable::standard());
        let of = |kind: &str| {
            let kind = kinds.all().iter().find(|one| one.id.as_str() == kind);
            table.of_kind(kind).id.as_str()
        };
        assert_eq!(of("help_button"), "call");
        assert_eq!(of("smoke"), "alarm");
        assert_eq!(of("tilt"), "building");
        assert_eq!(of("no such"), "alarm");
        let above = |level| table.above(level).map(|rung| rung.level);
        assert_eq!(above(AreaLevel::Grid), Some(AreaLevel::Community));
        assert_eq!(above(AreaLevel::District), None);
    }

    #[test]
    fn a_faulty_table_is_told_with_its_line() {
        let check = |from: &str, to: &str, told: &str| {
            assert!(DispatchTable::STANDARD.contains(from), "{from}");
            let text = DispatchTable::STANDARD.replacen(from, to, 1);
            let fault = DispatchTable::from_toml(&text).unwrap_err().to_string();
            assert!(fault.contains("line ") && fault.contains(told), "{fault}");
        };
        check("building_s = 600", "building_s = -1", "windows are");
        check("places = 4", "places = 0", "places is 1");
        check("least = 10", "least = 2", "small count");
        check("many = 50", "many = 5", "do not fall");
        check(
            "id = \"alarm\"",
            "id = \"alarm\"\nkinds = [\"smoke\"]",
            "exactly one type",
        );
        check("level = \"community\"", "level = \"grid\"", "upwards");
        check(
            "acknowledge_s = 64",
            "acknowledge_s = 0",
            "acknowledge_s is 1",
        );
        check("id = \"building\"", "id = \"call\"", "twice");
        check("riser_m = 3.0", "riser_m = nan", "riser_m");
        check(
            "first_rung = \"grid\"",
            "first_step = \"grid\"",
            "unknown field",
        );
    }
}
