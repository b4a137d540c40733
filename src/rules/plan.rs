//! Which rules hold for which device: the table of rules made ready for a city. Made by `app` when
//! an engine starts and when the table or the day changes; read by every judge. Never changes itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::base::{AreaId, DeviceId, TableFault};
use crate::model::alarm_rule::{AlarmRule, AlarmRules, InsteadOf, Suppression, THRESHOLD, When};
use crate::model::query::AreaIndex;
use crate::model::{DeviceKind, Ground, KindId, KindTable};

/// Devices of homes where somebody with a label lives, by label. Worked out by the caller, who may
/// open labels; here they are facts about devices.
pub type Homes = BTreeMap<String, BTreeSet<DeviceId>>;

/// The rules of a city, by kind and device.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    kinds: Arc<KindTable>,
    /// Rules that judge one device, the kind's own first.
    of_kind: BTreeMap<KindId, Vec<AlarmRule>>,
    /// Each behind those that it waits for.
    combinations: Vec<AlarmRule>,
    /// Rules that differ for a device; `None` where one is off.
    of_device: BTreeMap<DeviceId, BTreeMap<String, Option<AlarmRule>>>,
    suppressions: Vec<Ready>,
    homes: Homes,
    offset_minutes: i32,
}

impl Plan {
    /// The kinds' own rules alone.
    #[must_use]
    pub fn of_kinds(kinds: Arc<KindTable>) -> Self {
        let own = |kind: &DeviceKind| {
            (
                kind.id.clone(),
                AlarmRule::of_kind(kind).into_iter().collect(),
            )
        };
        Self {
            of_kind: kinds.all().iter().map(own).collect(),
            combinations: Vec::new(),
            of_device: BTreeMap::new(),
            suppressions: Vec::new(),
            homes: Homes::new(),
            offset_minutes: 0,
            kinds,
        }
    }

    /// The kinds' own rules and those of a table that fits these kinds
    /// ([`AlarmRules::check`](crate::model::alarm_rule::AlarmRules::check)).
    ///
    /// # Errors
    /// When a rule names a device that is not there, or differs for one in a way that cannot be.
    pub fn new(
        table: &AlarmRules,
        kinds: Arc<KindTable>,
        ground: &Ground,
        homes: Homes,
    ) -> Result<Self, TableFault> {
        table.check_devices(ground, &kinds)?;
        let mut plan = Self {
            homes,
            offset_minutes: ground.info.utc_offset_minutes,
            ..Self::of_kinds(kinds)
        };
        for rule in table.all().iter().filter(|rule| rule.on) {
            let bare = AlarmRule {
                device: Vec::new(),
                ..rule.clone()
            };
            if let When::Combination(_) = rule.when {
                plan.combinations.push(bare.clone());
            } else {
                for kind in plan.kinds.all().iter().filter(|kind| rule.is_for(kind)) {
                    plan.of_kind
                        .entry(kind.id.clone())
                        .or_default()
                        .push(bare.clone());
                }
            }
            let told = |reason: String| table.fault(rule, &reason);
            plan.take_exceptions(rule, ground).map_err(told)?;
        }
        plan.combinations = in_order(plan.combinations);
        plan.suppressions = ready(table, ground)?;
        Ok(plan)
    }

    fn take_exceptions(&mut self, rule: &AlarmRule, ground: &Ground) -> Result<(), String> {
        let (mut by_id, mut by_source) = (BTreeMap::new(), BTreeMap::new());
        for exception in &rule.device {
            let own = rule.for_device(exception)?;
            let own = own.on.then_some(own);
            match (&exception.id, &exception.source) {
                (Some(id), _) => drop(by_id.insert(*id, own)),
                (None, Some(key)) => drop(by_source.insert(key.as_str(), own)),
                (None, None) => {}
            }
        }
        if rule.device.is_empty() {
            return Ok(());
        }
        for (id, device) in &ground.devices {
            let own = by_id
                .get(id)
                .or_else(|| by_source.get(device.source.key.as_str()));
            if let Some(own) = own {
                let of_device = self.of_device.entry(*id).or_default();
                of_device.insert(rule.id.clone(), own.clone());
            }
        }
        Ok(())
    }

    /// The same rules with other facts about homes: labels change with birthdays.
    #[must_use]
    pub fn with_homes(&self, homes: Homes) -> Self {
        Self {
            homes,
            ..self.clone()
        }
    }

    /// The kinds that it was made for.
    #[must_use]
    pub fn kinds(&self) -> &Arc<KindTable> {
        &self.kinds
    }

    /// Offset of the city's local time from UTC.
    pub(super) fn offset_minutes(&self) -> i32 {
        self.offset_minutes
    }

    /// The rules that judge a device of a kind.
    pub(super) fn rules(&self, device: DeviceId, kind: &KindId) -> Vec<&AlarmRule> {
        let all = self.of_kind.get(kind).map_or(&[][..], Vec::as_slice);
        let mut rules: Vec<_> = all
            .iter()
            .filter_map(|rule| self.own(rule, device))
            .collect();
        let replaced = |rule: &&AlarmRule| rule.instead_of == Some(InsteadOf::Threshold);
        if rules.iter().any(replaced) {
            rules.retain(|rule| rule.id != THRESHOLD);
        }
        rules
    }

    /// A rule as it is for a device of its kinds; `None` where it does not hold.
    fn own<'a>(&'a self, rule: &'a AlarmRule, device: DeviceId) -> Option<&'a AlarmRule> {
        let at_home = |label: &String| {
            self.homes
                .get(label)
                .is_some_and(|all| all.contains(&device))
        };
        if !rule.label.as_ref().is_none_or(at_home) {
            return None;
        }
        let own = self
            .of_device
            .get(&device)
            .and_then(|own| own.get(&rule.id));
        own.map_or(Some(rule), Option::as_ref)
    }

    /// When alarms are suppressed by design, in the order of the table.
    pub(super) fn suppressions(&self) -> &[Ready] {
        &self.suppressions
    }

    /// The rules that judge several devices together, each behind those that it waits for.
    pub(super) fn combinations(&self) -> &[AlarmRule] {
        &self.combinations
    }

    /// Whether alarms of a device of a kind count for a combination.
    pub(super) fn counts(&self, combination: &AlarmRule, device: DeviceId, kind: &KindId) -> bool {
        let kind = self.kinds.get(kind);
        kind.is_some_and(|kind| combination.is_for(kind)) && self.own(combination, device).is_some()
    }

    /// Whether a rule of this name can raise alarms of a device of a kind.
    pub(super) fn knows(&self, rule: &str, device: DeviceId, kind: &KindId) -> bool {
        let combination = self.combinations.iter().find(|one| one.id == rule);
        match combination {
            Some(one) => self.counts(one, device, kind),
            None => self.rules(device, kind).iter().any(|one| one.id == rule),
        }
    }
}

/// An entry of the table that suppresses alarms, with the devices that it names.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ready {
    pub(super) entry: Suppression,
    /// Those in its areas and of its list; `None` where it has neither.
    devices: Option<BTreeSet<DeviceId>>,
}

impl Ready {
    pub(super) fn is_of(&self, device: DeviceId) -> bool {
        self.devices
            .as_ref()
            .is_none_or(|all| all.contains(&device))
    }
}

/// The entries that are used.
fn ready(table: &AlarmRules, ground: &Ground) -> Result<Vec<Ready>, TableFault> {
    let used = table.suppressions().iter().filter(|one| one.on);
    let ready = used.map(|entry| {
        let devices = devices_of(entry, ground);
        let devices = devices.map_err(|reason| table.fault_of(entry, &reason))?;
        let entry = entry.clone();
        Ok::<_, TableFault>(Ready { entry, devices })
    });
    ready.collect()
}

fn devices_of(entry: &Suppression, ground: &Ground) -> Result<Option<BTreeSet<DeviceId>>, String> {
    if entry.areas.is_empty() && entry.devices.is_empty() {
        return Ok(None);
    }
    let areas = entry.areas.iter().map(|name| ground.area_named(name));
    let areas: Vec<AreaId> = areas
        .collect::<Result<_, _>>()
        .map_err(|fault| format!("areas: {fault}"))?;
    let named: BTreeSet<&str> = entry.devices.iter().map(String::as_str).collect();
    let index = AreaIndex::of(ground);
    let mut found = BTreeSet::new();
    let mut met = BTreeSet::new();
    for device in ground.devices.values() {
        let id = device.id.to_string();
        let names = [id.as_str(), device.source.key.as_str()];
        let name = names.iter().find_map(|name| named.get(*name));
        met.extend(name.copied());
        let area = || {
            let house = device.building.and_then(|id| ground.buildings.get(&id));
            let [x, y, _] = device.position;
            let of_house = house.and_then(|house| house.area);
            of_house.or_else(|| index.at(ground, [x, y]))
        };
        let is_there = areas.is_empty()
            || area().is_some_and(|area| areas.iter().any(|whole| index.is_in(area, *whole)));
        if is_there && (named.is_empty() || name.is_some()) {
            found.insert(device.id);
        }
    }
    match named.difference(&met).next() {
        Some(unknown) => Err(format!(
            "devices: there is no device {unknown:?} in this city; take the id or key of one that is"
        )),
        None => Ok(Some(found)),
    }
}

/// Combinations, each behind those that it waits for; the table has none in a circle.
fn in_order(mut all: Vec<AlarmRule>) -> Vec<AlarmRule> {
    let mut ordered: Vec<AlarmRule> = Vec::with_capacity(all.len());
    while !all.is_empty() {
        let ids: BTreeSet<_> = all.iter().map(|rule| rule.id.clone()).collect();
        let waits = |rule: &AlarmRule| match &rule.when {
            When::Combination(one) => one.of.iter().any(|id| ids.contains(id)),
            _ => false,
        };
        let (waiting, ready): (Vec<_>, Vec<_>) = all.into_iter().partition(waits);
        if ready.is_empty() {
            ordered.extend(waiting);
            break;
        }
        ordered.extend(ready);
        all = waiting;
    }
    ordered
}
