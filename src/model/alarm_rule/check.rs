//! What a rule must keep to: by itself, and in a city with its kinds, labels and other rules.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::TableFault;
use crate::model::{Device, DeviceKind, Ground, KindId, KindTable, LabelRules};

use super::{
    Absence, AlarmRule, AlarmRules, Combination, Deviation, DeviceException, Limits, Rate,
    THRESHOLD, When, Within,
};

/// A year: no rule waits or looks back longer.
const LONGEST_S: i64 = 31_536_000;
/// Larger than anything that is measured; sums and squares of it are still numbers.
const LARGEST: f64 = 1e12;
/// Most readings in a row, and most alarms together.
const COUNT_MAX: i64 = 1_000;
/// Farther apart nothing belongs together.
const METRES_MAX: f64 = 5_000.0;

impl AlarmRule {
    /// What contradicts itself in it, whatever the city.
    pub(super) fn check_alone(&self) -> Result<(), String> {
        if self.id == THRESHOLD {
            return Err("the id threshold is that of the kinds' own rule; take another one".into());
        }
        if self.kinds.is_empty() && self.groups.is_empty() {
            return Err("kinds or groups must say for which devices it is".to_owned());
        }
        if self.device.len() > AlarmRules::EXCEPTIONS_MOST {
            let most = AlarmRules::EXCEPTIONS_MOST;
            return Err(format!("a rule differs for at most {most} devices"));
        }
        if let Some(fault) = self.schedule.iter().find_map(super::Hours::fault) {
            return Err(fault.to_owned());
        }
        seconds("on_delay_s", self.on_delay_s, 0)?;
        seconds("off_delay_s", self.off_delay_s, 0)?;
        if !(1..=COUNT_MAX).contains(&self.readings) {
            return Err(format!("readings lies between 1 and {COUNT_MAX}"));
        }
        if matches!(self.when, When::Combination(_)) {
            if self.instead_of.is_some() {
                return Err("instead_of means nothing with combination; leave it away".to_owned());
            }
            let other = |one: &DeviceException| one.differ.keys().any(|key| key != "on");
            if self.device.iter().any(other) {
                return Err(
                    "a device can only be left out of a combination, with on = false".into(),
                );
            }
        }
        let waits = self.on_delay_s != 0 || self.off_delay_s != 0 || self.readings != 1;
        match &self.when {
            When::Absence(_) | When::Combination(_) | When::Assessed(_) if waits => Err(format!(
                "on_delay_s, off_delay_s and readings mean nothing with {}; leave them away",
                self.when.name()
            )),
            When::Threshold(limits) => check_limits(limits),
            When::Rate(rate) => check_rate(rate),
            When::Deviation(deviation) => check_deviation(deviation),
            When::Absence(absence) => check_absence(absence),
            When::Combination(combination) => check_combination(combination, &self.id),
            When::Assessed(assessed) if assessed.from.is_none() && !assessed.sudden => {
                Err("from, or sudden = true, must say what is warned of".to_owned())
            }
            When::Assessed(_) => Ok(()),
        }
    }

    /// Whether a kind can show the condition, and get away from it again.
    fn check_kind(&self, kind: &DeviceKind) -> Result<(), String> {
        match &self.when {
            When::Threshold(limits) => kind.check_limits(limits, "")?,
            When::Rate(rate) if rate.below.is_some() && kind.is_about_zero() => {
                return Err(
                    "below makes no sense where min is -max: there the size of the change counts; \
                     use above"
                        .to_owned(),
                );
            }
            When::Absence(absence) if !(kind.min..kind.max).contains(&absence.above) => {
                return Err("above must lie between min and max, and below max".to_owned());
            }
            When::Assessed(_) if !kind.is_monitored() => {
                return Err(format!(
                    "assessed is for what measures tilt, settlement or width, not {}",
                    kind.quantity
                ));
            }
            When::Deviation(one) if one.least >= kind.max - kind.min => {
                return Err("least must be smaller than the range of the kind".to_owned());
            }
            _ => {}
        }
        Ok(())
    }
}

fn seconds(key: &str, value: i64, least: i64) -> Result<(), String> {
    match (least..=LONGEST_S).contains(&value) {
        true => Ok(()),
        false => Err(format!(
            "{key} is {value}; it lies between {least} and {LONGEST_S} seconds, a year"
        )),
    }
}

fn number(key: &str, value: f64) -> Result<(), String> {
    match value.is_finite() && value.abs() <= LARGEST {
        true => Ok(()),
        false => Err(format!("{key} must be a finite number of at most 1e12")),
    }
}

fn check_limits(limits: &Limits) -> Result<(), String> {
    let Limits {
        above,
        below,
        dead_band,
    } = *limits;
    if above.is_none() && below.is_none() {
        return Err("above or below must say where the limit is; with both, outside warns".into());
    }
    above.map_or(Ok(()), |above| number("above", above))?;
    below.map_or(Ok(()), |below| number("below", below))?;
    number("dead_band", dead_band)?;
    if dead_band < 0.0 {
        return Err("dead_band must not be negative".to_owned());
    }
    if let (Some(above), Some(below)) = (above, below)
        && (below >= above || below + dead_band > above - dead_band)
    {
        return Err("below and its dead_band must lie below above and its own".to_owned());
    }
    Ok(())
}

fn check_rate(rate: &Rate) -> Result<(), String> {
    check_limits(&rate.limits())?;
    let rises = rate.above.is_none_or(|above| above > 0.0);
    let falls = rate.below.is_none_or(|below| below < 0.0);
    if !(rises && falls) {
        return Err(
            "above must be larger than 0 and below smaller: what stays the same is no change"
                .into(),
        );
    }
    let band = rate.dead_band;
    let ends = rate.above.is_none_or(|above| band < above);
    if !(ends && rate.below.is_none_or(|below| band < -below)) {
        return Err(
            "dead_band is larger than the limit: an alarm would not end while nothing changes"
                .into(),
        );
    }
    seconds("window_s", rate.window_s, 10)?;
    match (2..=Rate::POINTS_MAX / 2).contains(&rate.least_readings) {
        true => Ok(()),
        false => Err(format!(
            "least_readings lies between 2 and {}",
            Rate::POINTS_MAX / 2
        )),
    }
}

fn check_deviation(one: &Deviation) -> Result<(), String> {
    number("times", one.times)?;
    number("least", one.least)?;
    number("dead_band", one.dead_band)?;
    if !(1.0..=100.0).contains(&one.times) {
        return Err("times lies between 1 and 100".to_owned());
    }
    if one.least <= 0.0 {
        return Err("least must be larger than 0: a value that never moved has no spread".into());
    }
    if !(0.0..one.least).contains(&one.dead_band) {
        return Err("dead_band must be smaller than least, and not negative".to_owned());
    }
    seconds("learn_s", one.learn_s, 3_600)?;
    seconds("half_life_s", one.half_life_s, 3_600)
}

fn check_absence(one: &Absence) -> Result<(), String> {
    number("above", one.above)?;
    seconds("for_s", one.for_s, 60)
}

fn check_combination(one: &Combination, id: &str) -> Result<(), String> {
    if one.of.is_empty() || one.of.iter().any(|other| other == id) {
        return Err("of names other rules, or threshold".to_owned());
    }
    let different = BTreeSet::from_iter(&one.of).len() as i64;
    if different < one.of.len() as i64 {
        return Err("of names a rule twice".to_owned());
    }
    if !(2..=COUNT_MAX).contains(&one.count) {
        return Err(format!("count lies between 2 and {COUNT_MAX}"));
    }
    if !(1..=different.min(one.count)).contains(&one.rules) {
        return Err("rules is at most count, and at most as many as of names".to_owned());
    }
    check_within(one.within)?;
    seconds("window_s", one.window_s, 1)
}

pub(super) fn check_within(within: Within) -> Result<(), String> {
    match within {
        Within::Metres(metres) | Within::Riser(metres)
            if !(metres > 0.0 && metres <= METRES_MAX) =>
        {
            Err(format!(
                "{} is larger than 0 and at most {METRES_MAX}",
                match within {
                    Within::Riser(_) => "riser",
                    _ => "metres",
                }
            ))
        }
        _ => Ok(()),
    }
}

/// Kinds that are named have to be there.
pub(super) fn known_kinds<'a>(
    kinds: &KindTable,
    lists: impl IntoIterator<Item = (&'a str, &'a Vec<KindId>)>,
) -> Result<(), String> {
    for (key, list) in lists {
        if let Some(unknown) = list.iter().find(|id| kinds.get(id).is_none()) {
            let known: Vec<_> = kinds.all().iter().map(|one| one.id.as_str()).collect();
            let known = known.join(", ");
            return Err(format!(
                "{key}: no kind is called {unknown}; there are {known}"
            ));
        }
    }
    Ok(())
}

/// Whether a rule can differ for the devices that an exception names.
fn check_exception(
    rule: &AlarmRule,
    exception: &DeviceException,
    devices: &[&Device],
    kinds: &KindTable,
) -> Result<(), String> {
    if devices.is_empty() {
        return Err(
            "there is no such device in this city; take the id or key of one that is, or remove \
             the entry"
                .to_owned(),
        );
    }
    let known = devices.iter().filter_map(|one| kinds.get(&one.kind));
    let own: Vec<_> = known.filter(|kind| rule.is_for(kind)).collect();
    if own.is_empty() {
        let kind = &devices[0].kind;
        return Err(format!(
            "it is of the kind {kind}, for which the rule is not"
        ));
    }
    let differs = rule.for_device(exception)?;
    own.into_iter()
        .try_for_each(|kind| differs.check_kind(kind))
}

impl AlarmRules {
    /// Whether the rules fit a city: its kinds, its labels, one another. A rule that is off is read
    /// and not asked.
    ///
    /// # Errors
    /// The first rule that does not, with its line and what is allowed.
    pub fn check(&self, kinds: &KindTable, labels: &LabelRules) -> Result<(), TableFault> {
        for (place, rule) in self.all().iter().enumerate() {
            let checked = self.check_names(place).and_then(|()| match rule.on {
                true => self.check_one(rule, kinds, labels),
                false => Ok(()),
            });
            checked.map_err(|reason| self.fault(rule, &reason))?;
        }
        for one in self.suppressions().iter().filter(|one| one.on) {
            let checked = self.check_suppression(one, kinds);
            checked.map_err(|reason| self.fault_of(one, &reason))?;
        }
        Ok(())
    }

    /// Whether the devices that rules name are there, of a kind that the rule is for, and can show
    /// what it asks of them.
    ///
    /// # Errors
    /// The first rule that names another one, with its line.
    pub fn check_devices(&self, ground: &Ground, kinds: &KindTable) -> Result<(), TableFault> {
        let mut by_source = BTreeMap::<&str, Vec<&Device>>::new();
        let named = |rule: &&AlarmRule| rule.on && !rule.device.is_empty();
        if self.all().iter().any(|rule| named(&rule)) {
            for device in ground.devices.values() {
                let of_key = by_source.entry(device.source.key.as_str()).or_default();
                of_key.push(device);
            }
        }
        for rule in self.all().iter().filter(named) {
            for exception in &rule.device {
                let key = exception.source.as_deref().unwrap_or_default();
                let devices = match exception.id {
                    Some(id) => ground.devices.get(&id).into_iter().collect(),
                    None => by_source.get(key).cloned().unwrap_or_default(),
                };
                check_exception(rule, exception, &devices, kinds).map_err(|reason| {
                    let name = exception.name();
                    self.fault(rule, &format!("[[rule.device]] {name:?}: {reason}"))
                })?;
            }
        }
        Ok(())
    }

    fn check_names(&self, place: usize) -> Result<(), String> {
        let rule = &self.all()[place];
        let alike = self.all()[..place].iter().find(|other| {
            let [zh, en] = [[&rule.zh, &other.zh], [&rule.en, &other.en]];
            zh[0].trim() == zh[1].trim() || en[0].trim().eq_ignore_ascii_case(en[1].trim())
        });
        match alike {
            Some(other) => Err(format!(
                "it is called as {:?} is; give it another name, or that id to take its place",
                other.id
            )),
            None => Ok(()),
        }
    }

    fn check_one(
        &self,
        rule: &AlarmRule,
        kinds: &KindTable,
        labels: &LabelRules,
    ) -> Result<(), String> {
        known_kinds(
            kinds,
            [("kinds", &rule.kinds), ("not_kinds", &rule.not_kinds)],
        )?;
        if let Some(label) = &rule.label
            && labels.get(label).is_none()
        {
            let known: Vec<_> = labels.all().iter().map(|one| one.id.as_str()).collect();
            let known = known.join(", ");
            return Err(format!(
                "label: none is called {label:?}; there are {known}"
            ));
        }
        let mut some = false;
        for kind in kinds.all().iter().filter(|kind| rule.is_for(kind)) {
            some = true;
            rule.check_kind(kind)
                .map_err(|reason| format!("for {}: {reason}", kind.id))?;
        }
        if !some {
            return Err("it is for no kind: not_kinds takes away all of them".to_owned());
        }
        self.check_others(rule)
    }

    /// The rules that a combination names: known, used, and none of them waiting for it in turn.
    fn check_others(&self, rule: &AlarmRule) -> Result<(), String> {
        let When::Combination(combination) = &rule.when else {
            return Ok(());
        };
        for id in combination.of.iter().filter(|id| *id != THRESHOLD) {
            match self.get(id) {
                Some(other) if other.on => {}
                Some(_) => return Err(format!("of: the rule {id:?} is off")),
                None => return Err(format!("of: no rule is called {id:?}")),
            }
        }
        let (mut reached, mut next) = (BTreeSet::new(), vec![rule]);
        while let Some(one) = next.pop() {
            let When::Combination(combination) = &one.when else {
                continue;
            };
            for other in combination.of.iter().filter_map(|id| self.get(id)) {
                if other.id == rule.id {
                    return Err(format!(
                        "of: {:?} waits for it in turn; combinations must not go in a circle",
                        one.id
                    ));
                }
                if reached.insert(&other.id) {
                    next.push(other);
                }
            }
        }
        Ok(())
    }
}
