//! Combinations: several alarms of other rules near one another become an alarm of their own, of the
//! device that warned first. Looked for when alarms were raised or returned, over the alarms that are
//! active then; never looks at readings.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{AlarmId, BuildingId, Timestamp};
use crate::model::alarm_rule::{AlarmRule, Combination, When, Within};
use crate::model::{Alarm, Change, Device, Ground, Reading, Twin};

use super::Plan;
use super::weigh::{Facts, raised};

/// Notes combinations that came about or ended with the changes so far, and those whose hours are
/// over when it `is_due`.
pub(super) fn find(
    twin: &Twin,
    plan: &Plan,
    is_due: bool,
    now: Timestamp,
    changes: &mut Vec<Change>,
) {
    let is_news = |change: &Change| {
        matches!(
            change,
            Change::AlarmRaised { .. } | Change::AlarmReturned { .. }
        )
    };
    if plan.combinations().is_empty() || !(is_due || changes.iter().any(is_news)) {
        return;
    }
    let mut alarms = Alarms::after(twin, changes);
    for rule in plan.combinations() {
        if let When::Combination(combination) = &rule.when {
            let told = changes.len();
            Together::new(twin, plan, rule, combination, &alarms).find(now, changes);
            if changes.len() > told {
                // It may count for another one behind it.
                alarms = Alarms::after(twin, changes);
            }
        }
    }
}

/// Active alarms once the changes of this step are applied.
struct Alarms {
    active: BTreeMap<AlarmId, Alarm>,
    raised: BTreeSet<AlarmId>,
}

impl Alarms {
    fn after(twin: &Twin, changes: &[Change]) -> Self {
        let live = twin.live().alarms.values();
        let active = live.filter(|alarm| alarm.active);
        let mut all = Self {
            active: active.map(|alarm| (alarm.id, alarm.clone())).collect(),
            raised: BTreeSet::new(),
        };
        for change in changes {
            match change {
                Change::AlarmRaised { alarm } => {
                    all.active.insert(alarm.id, alarm.clone());
                    all.raised.insert(alarm.id);
                }
                Change::AlarmReturned { alarm, .. } => {
                    all.active.remove(alarm);
                }
                _ => {}
            }
        }
        all
    }
}

/// One combination over the alarms that count for it.
struct Together<'a> {
    ground: &'a Ground,
    plan: &'a Plan,
    rule: &'a AlarmRule,
    combination: &'a Combination,
    exercise: bool,
    /// Active alarms of the rules that count, by where they lie.
    members: BTreeMap<Cell, Vec<&'a Alarm>>,
    raised: &'a BTreeSet<AlarmId>,
    /// Its own active alarms.
    own: Vec<&'a Alarm>,
}

/// A building, or a square as wide as the distance; alarms that belong together lie in one cell or
/// in neighbouring ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Cell {
    Building(BuildingId),
    Square(i64, i64),
}

impl<'a> Together<'a> {
    fn new(
        twin: &'a Twin,
        plan: &'a Plan,
        rule: &'a AlarmRule,
        combination: &'a Combination,
        alarms: &'a Alarms,
    ) -> Self {
        let ground = twin.ground().as_ref();
        let mut together = Self {
            ground,
            plan,
            rule,
            combination,
            exercise: twin.live().feed.exercise,
            members: BTreeMap::new(),
            raised: &alarms.raised,
            own: Vec::new(),
        };
        for alarm in alarms.active.values() {
            if alarm.rule == rule.id {
                together.own.push(alarm);
            }
            let device = ground.devices.get(&alarm.device);
            // What somebody put aside makes no further alarm either.
            let counts = combination.of.contains(&alarm.rule)
                && twin.live().aside(alarm).is_none()
                && device.is_some_and(|one| plan.counts(rule, one.id, &one.kind));
            if let Some(cell) = device.filter(|_| counts).and_then(|one| together.cell(one)) {
                together.members.entry(cell).or_default().push(alarm);
            }
        }
        together
    }

    fn cell(&self, device: &Device) -> Option<Cell> {
        let [x, y, _] = device.position;
        match self.combination.within {
            Within::Building | Within::PartyWall | Within::Riser(_) => {
                device.building.map(Cell::Building)
            }
            // Out of the range of whole numbers a cast ends at the last one: far off, not wrong.
            Within::Metres(metres) => Some(Cell::Square(
                (x / metres).floor() as i64,
                (y / metres).floor() as i64,
            )),
        }
    }

    fn cells_near(&self, device: &Device) -> BTreeSet<Cell> {
        let Some(cell) = self.cell(device) else {
            return BTreeSet::new();
        };
        let walls = |id: BuildingId| {
            let house = self.ground.buildings.get(&id);
            house.map_or(&[][..], |house| house.party_walls.as_slice())
        };
        match (cell, self.combination.within) {
            (Cell::Building(id), Within::PartyWall) => {
                let beside = walls(id).iter().map(|one| Cell::Building(*one));
                beside.chain([cell]).collect()
            }
            (Cell::Building(_), _) => BTreeSet::from([cell]),
            (Cell::Square(x, y), _) => {
                let around = |by: i64, way: i64| by.saturating_add(way);
                let near = (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (dx, dy)));
                near.map(|(dx, dy)| Cell::Square(around(x, dx), around(y, dy)))
                    .collect()
            }
        }
    }

    /// Alarms that count and lie near a device.
    fn near(&self, device: &Device) -> Vec<&'a Alarm> {
        let far = |alarm: &&&Alarm| match self.combination.within {
            Within::Metres(metres) | Within::Riser(metres) => {
                let there = self
                    .ground
                    .devices
                    .get(&alarm.device)
                    .map(|one| one.position);
                let [x, y, _] = device.position;
                there.is_some_and(|[u, v, _]| (u - x).hypot(v - y) <= metres)
            }
            Within::Building | Within::PartyWall => true,
        };
        let cells = self.cells_near(device);
        let lists = cells.iter().filter_map(|cell| self.members.get(cell));
        lists.flatten().filter(far).copied().collect()
    }

    fn is_enough(&self, alarms: &[&Alarm]) -> bool {
        let rules: BTreeSet<_> = alarms.iter().map(|alarm| &alarm.rule).collect();
        alarms.len() as i64 >= self.combination.count
            && rules.len() as i64 >= self.combination.rules
    }

    fn find(&self, now: Timestamp, changes: &mut Vec<Change>) {
        let holds = |at| self.rule.holds_at(at, self.plan.offset_minutes());
        let mut anchors = Vec::new();
        for alarm in &self.own {
            let device = self.ground.devices.get(&alarm.device);
            let lasts = device.is_none_or(|device| self.is_enough(&self.near(device)));
            match lasts && holds(now) {
                true => anchors.extend(device),
                false => changes.push(Change::AlarmReturned {
                    alarm: alarm.id,
                    at: now,
                }),
            }
        }
        let members = self.members.values().flatten();
        let mut new: Vec<_> = members
            .filter(|alarm| self.raised.contains(&alarm.id))
            .collect();
        new.sort_by_key(|alarm| (alarm.raised_at, alarm.id));
        for alarm in new.into_iter().filter(|alarm| holds(alarm.raised_at)) {
            let raised = self.raise(alarm, &anchors);
            if let Some((device, alarm)) = raised {
                anchors.push(device);
                changes.push(Change::AlarmRaised { alarm });
            }
        }
    }

    /// The alarm that `last` completes, unless one is active that it belongs to already.
    fn raise(&self, last: &Alarm, anchors: &[&Device]) -> Option<(&'a Device, Alarm)> {
        let window_ms = self.combination.window_s * 1_000;
        let mut near = self.near(self.ground.devices.get(&last.device)?);
        near.retain(|one| (one.raised_at - last.raised_at).saturating_abs() <= window_ms);
        if !self.is_enough(&near) {
            return None;
        }
        let told = |anchor: &&Device| self.near(anchor).iter().any(|one| one.id == last.id);
        if anchors.iter().any(told) {
            return None;
        }
        let first = near.iter().min_by_key(|one| (one.raised_at, one.id))?;
        let device = self.ground.devices.get(&first.device)?;
        let at = near.iter().map(|one| one.raised_at).max()?;
        let reading = Reading {
            device: device.id,
            at,
            arrived: at,
            value: first.value,
            second: None,
            temperature_c: None,
        };
        let facts = Facts {
            device: device.id,
            offset_minutes: self.plan.offset_minutes(),
            exercise: self.exercise,
        };
        Some((device, raised(self.rule, at, &reading, facts)))
    }
}
