//! Folding: to which incident an alarm belongs. Alarms of one tick are taken in the order of their
//! device time, so it does not matter in which order messages arrived; only those that join one that
//! was just taken, in its house or behind its walls, come right behind it: a row of houses is one incident
//! in whatever order its houses tell. Whatever cannot be placed opens an incident: no alarm is without one.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{AlarmId, AreaId, BuildingId, DeviceId, IncidentId, Timestamp};
use crate::model::dispatch::{
    Act, Incident, IncidentType, Member, Opening, Origin, Relation, Spot,
};
use crate::model::{Alarm, AreaLevel, Change, Device, Grade};

use super::waiting::Waiting;
use super::{Draft, clocks};

/// Puts alarms of `changes` into incidents; when it `is_due` also alarms that are in none, as after an
/// engine of before there were incidents.
pub(super) fn find(draft: &mut Draft<'_>, is_due: bool, changes: &[Change]) {
    let live = draft.live();
    let raised = changes.iter().filter_map(|change| match change {
        Change::AlarmRaised { alarm } if alarm.suppressed.is_none() => Some(alarm),
        _ => None,
    });
    // What is suppressed by design needs nobody until that is over, and then only if it still holds.
    let is_over = |alarm: &Alarm| {
        let told = |wanted: AlarmId, change: &Change| match change {
            Change::SuppressionEnded { alarm, .. } => *alarm == wanted,
            _ => false,
        };
        changes.iter().any(|change| told(alarm.id, change))
    };
    let goes = |alarm: &Alarm| {
        let returned = |change: &Change| matches!(change, Change::AlarmReturned { alarm: one, .. } if *one == alarm.id);
        !alarm.latched && (!alarm.active || changes.iter().any(returned))
    };
    let known = live.alarms.values().filter(|alarm| match alarm.suppressed {
        None => is_due,
        Some(_) => is_over(alarm) && !goes(alarm),
    });
    let mut alarms: Vec<&Alarm> = raised.chain(known).collect();
    if alarms.is_empty() {
        return;
    }
    let all = live.dispatch.incidents.values();
    let members = all.flat_map(|one| one.members.iter().map(|member| member.alarm));
    let mut taken: BTreeSet<AlarmId> = members.collect();
    alarms.retain(|alarm| taken.insert(alarm.id));
    if alarms.is_empty() {
        return;
    }
    alarms.sort_by_key(|alarm| (alarm.raised_at, alarm.id));
    let mut places = Places::of(draft);
    let mut waiting = Waiting::of(draft, &alarms);
    for alarm in alarms {
        if !waiting.take(alarm) {
            continue;
        }
        places.fold(draft, alarm);
        let mut beside = waiting.beside(draft, alarm);
        while let Some(turn) = beside.pop_first() {
            let Some(next) = waiting.alarm(&turn) else {
                continue;
            };
            if places.join_near(draft, next) {
                waiting.take(next);
                beside.extend(waiting.beside(draft, next));
            }
        }
    }
}

/// Incidents that work goes on, by where they are.
struct Places {
    of_building: BTreeMap<BuildingId, BTreeSet<IncidentId>>,
    of_device: BTreeMap<DeviceId, BTreeSet<IncidentId>>,
    wide: BTreeSet<IncidentId>,
    /// Incidents of alarms that began a short while ago, by drill and reach; calls do not count.
    recent: BTreeMap<(bool, Reach), usize>,
}

/// How far an incident of a flood reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reach {
    Place,
    Area(AreaLevel),
    City,
}

impl Places {
    fn of(draft: &Draft<'_>) -> Self {
        let mut places = Self {
            of_building: BTreeMap::new(),
            of_device: BTreeMap::new(),
            wide: BTreeSet::new(),
            recent: BTreeMap::new(),
        };
        let since = draft.now.plus(-draft.desk.table().fold().area_s * 1_000);
        for one in draft.live().dispatch.incidents.values() {
            if one.opened_at > since {
                places.count(draft, one);
            }
            if one.is_worked_on() {
                places.note(one);
            }
        }
        places
    }

    fn count(&mut self, draft: &Draft<'_>, one: &Incident) {
        let opening = &one.opening;
        if opening.origin == Origin::Alarms && !opening.is_call {
            let key = (opening.exercise, reach_of(draft, one));
            *self.recent.entry(key).or_default() += 1;
        }
    }

    fn note(&mut self, one: &Incident) {
        if one.opening.spot.is_wide {
            self.wide.insert(one.id);
            return;
        }
        for building in &one.buildings {
            self.of_building
                .entry(*building)
                .or_default()
                .insert(one.id);
        }
        let devices = one.members.iter().map(|member| member.device);
        for device in devices.chain(one.opening.spot.device) {
            self.of_device.entry(device).or_default().insert(one.id);
        }
    }

    fn fold(&mut self, draft: &mut Draft<'_>, alarm: &Alarm) {
        let device = draft.ground().devices.get(&alarm.device);
        let kind = draft.desk.type_of(device);
        let near = self.near(draft, alarm, device, kind);
        let found = match near {
            None if !kind.call => self.in_flood(draft, alarm),
            near => near,
        };
        self.put(draft, alarm, found);
    }

    /// Puts an alarm into an incident near by, if there is one.
    fn join_near(&mut self, draft: &mut Draft<'_>, alarm: &Alarm) -> bool {
        let device = draft.ground().devices.get(&alarm.device);
        let kind = draft.desk.type_of(device);
        let near = self.near(draft, alarm, device, kind);
        if near.is_some() {
            self.put(draft, alarm, near);
        }
        near.is_some()
    }

    /// Puts an alarm into the incident that was found, or opens one for it.
    fn put(&mut self, draft: &mut Draft<'_>, alarm: &Alarm, found: Option<(Relation, IncidentId)>) {
        let device = draft.ground().devices.get(&alarm.device);
        let kind = draft.desk.type_of(device);
        let (relation, id) = found.unwrap_or_else(|| {
            let spot = Spot {
                device: Some(alarm.device),
                building: device.and_then(|one| one.building),
                area: draft.desk.area(alarm.device),
                is_wide: false,
            };
            (Relation::First, open(draft, alarm, kind, spot))
        });
        join(draft, id, alarm, (device, relation));
        let Some(one) = draft.incident(id) else {
            return;
        };
        if relation == Relation::First {
            self.count(draft, one);
            self.note(one);
        } else if !one.opening.spot.is_wide {
            if let Some(building) = device.and_then(|one| one.building) {
                self.of_building.entry(building).or_default().insert(id);
            }
            self.of_device.entry(alarm.device).or_default().insert(id);
        }
    }

    /// The incident near by to which it belongs, the closest relation first, then the oldest.
    fn near(
        &self,
        draft: &Draft<'_>,
        alarm: &Alarm,
        device: Option<&Device>,
        kind: &IncidentType,
    ) -> Option<(Relation, IncidentId)> {
        let times = draft.desk.table().fold();
        let in_building_s = kind.together_s.unwrap_or(times.building_s);
        let behind_wall_s = kind.together_s.unwrap_or(times.party_wall_s);
        let fits = |id: &IncidentId| {
            let one = draft.incident(*id)?;
            let is_like = one.opening.exercise == alarm.exercise && one.opening.kind == kind.id;
            (is_like && one.is_worked_on()).then_some(one)
        };
        let mut found: Vec<(Relation, Timestamp, IncidentId)> = Vec::new();
        let of_device = self.of_device.get(&alarm.device).into_iter().flatten();
        for one in of_device.filter_map(fits) {
            if kind.call || is_within(one, alarm.raised_at, in_building_s) {
                found.push((Relation::Device, one.opened_at, one.id));
            }
        }
        let building = device.and_then(|one| one.building).filter(|_| !kind.call);
        for one in self.at(building).filter_map(fits) {
            if is_within(one, alarm.raised_at, in_building_s) {
                found.push((Relation::Building, one.opened_at, one.id));
            } else if device.is_some_and(|device| is_on_riser(draft, one, device, alarm)) {
                found.push((Relation::Riser, one.opened_at, one.id));
            }
        }
        let house = building.and_then(|id| draft.ground().buildings.get(&id));
        let walls = house.map_or(&[][..], |house| house.party_walls.as_slice());
        let beside = walls.iter().flat_map(|id| self.at(Some(*id)));
        for one in beside.filter_map(fits) {
            if is_within(one, alarm.raised_at, behind_wall_s) {
                found.push((Relation::PartyWall, one.opened_at, one.id));
            }
        }
        let best = found.into_iter().min_by_key(|(relation, opened_at, id)| {
            (*relation == Relation::PartyWall, *opened_at, *id, *relation)
        });
        best.map(|(relation, _, id)| (relation, id))
    }

    fn at(&self, building: Option<BuildingId>) -> impl Iterator<Item = &IncidentId> {
        let of = building.and_then(|id| self.of_building.get(&id));
        of.into_iter().flatten()
    }

    /// In a flood, the incident of the area; opened where there is none.
    fn in_flood(&self, draft: &mut Draft<'_>, alarm: &Alarm) -> Option<(Relation, IncidentId)> {
        let table = draft.desk.table();
        let times = table.fold();
        let count = |reach: Reach| {
            let count = self.recent.get(&(alarm.exercise, reach));
            count.copied().unwrap_or(0)
        };
        if count(Reach::Place) < times.places {
            return None;
        }
        let levels = [
            (AreaLevel::Grid, times.grids),
            (AreaLevel::Community, times.communities),
        ];
        let mut chosen = None;
        for (level, most) in levels {
            let Some(area) = draft.desk.area_of(draft.ground(), alarm.device, level) else {
                continue;
            };
            if let Some(id) = self.wide_at(draft, alarm, Some(area)) {
                return Some((Relation::Area, id));
            }
            if chosen.is_none() && count(Reach::Area(level)) < most {
                chosen = Some(area);
            }
        }
        if chosen.is_none()
            && let Some(id) = self.wide_at(draft, alarm, None)
        {
            return Some((Relation::Area, id));
        }
        let spot = Spot {
            device: None,
            building: None,
            area: chosen,
            is_wide: true,
        };
        // Of whatever type its alarms are, it is handled as alarms that no other type takes.
        let kind = table.of_kind(None);
        Some((Relation::First, open(draft, alarm, kind, spot)))
    }

    fn wide_at(
        &self,
        draft: &Draft<'_>,
        alarm: &Alarm,
        area: Option<AreaId>,
    ) -> Option<IncidentId> {
        let area_s = draft.desk.table().fold().area_s;
        let is_it = |id: &&IncidentId| {
            draft.incident(**id).is_some_and(|one| {
                one.opening.spot.area == area
                    && one.opening.exercise == alarm.exercise
                    && one.is_worked_on()
                    && is_within(one, alarm.raised_at, area_s)
            })
        };
        self.wide.iter().find(is_it).copied()
    }
}

fn reach_of(draft: &Draft<'_>, one: &Incident) -> Reach {
    let spot = &one.opening.spot;
    match (spot.is_wide, spot.area) {
        (false, _) => Reach::Place,
        (true, None) => Reach::City,
        (true, Some(area)) => {
            let area = draft.ground().areas.get(&area);
            area.map_or(Reach::City, |area| Reach::Area(area.level))
        }
    }
}

/// Whether a moment is at most so many seconds before the first or after the last alarm.
fn is_within(one: &Incident, at: Timestamp, seconds: i64) -> bool {
    let first = one
        .first
        .as_ref()
        .map_or(one.opened_at, |first| first.raised_at);
    let window_ms = seconds * 1_000;
    first.plus(-window_ms) <= at && at <= one.last_at.max(first).plus(window_ms)
}

/// Whether a device of its kind warned above or below it a while ago.
fn is_on_riser(draft: &Draft<'_>, one: &Incident, device: &Device, alarm: &Alarm) -> bool {
    let times = draft.desk.table().fold();
    let [x, y, _] = device.position;
    one.members.iter().any(|member| {
        let other = draft.ground().devices.get(&member.device);
        let is_on_it = other.is_some_and(|other| {
            let [u, v, _] = other.position;
            other.kind == device.kind
                && other.building == device.building
                && (u - x).hypot(v - y) <= times.riser_m
        });
        is_on_it && (alarm.raised_at - member.raised_at).saturating_abs() <= times.riser_s * 1_000
    })
}

fn open(draft: &mut Draft<'_>, alarm: &Alarm, kind: &IncidentType, spot: Spot) -> IncidentId {
    let id = IncidentId::from_source("alarms", &alarm.id.to_string());
    let opening = Opening {
        kind: kind.id.clone(),
        name: Some(kind.names()),
        origin: Origin::Alarms,
        spot,
        grade: alarm.grade,
        exercise: alarm.exercise,
        is_call: kind.call,
        rung: kind.first_rung,
        group: None,
        title: None,
        token_sha256: None,
    };
    draft.does(
        id,
        Act::Opened {
            opening: Box::new(opening),
        },
    );
    id
}

/// A further alarm counts as unseen when it is worse than those before it, and when it is of the worst
/// grade and of a device or rule that had not warned yet.
fn join(
    draft: &mut Draft<'_>,
    id: IncidentId,
    alarm: &Alarm,
    (device, relation): (Option<&Device>, Relation),
) {
    let Some(one) = draft.incident(id) else {
        return;
    };
    let is_known = |member: &Member| member.device == alarm.device && member.rule == alarm.rule;
    let is_new_red = alarm.grade == Grade::Red && !one.members.iter().any(is_known);
    let counts = is_new_red || one.opening.is_call;
    let is_worse = alarm.grade < one.grade || counts && one.acknowledged.is_some();
    let taken_up = one.hold.as_ref().map(|_| clocks::resumed(one, draft.now));
    let grade = one.grade.min(alarm.grade);
    let member = Member {
        alarm: alarm.id,
        device: alarm.device,
        rule: alarm.rule.clone(),
        grade: alarm.grade,
        raised_at: alarm.raised_at,
        building: device.and_then(|one| one.building),
        relation,
    };
    draft.does(id, Act::Joined { member });
    if is_worse {
        if let Some(clocks) = taken_up {
            draft.does(id, Act::Clocked { clocks });
        }
        draft.does(id, Act::Raised { grade });
    }
}
