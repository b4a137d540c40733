//! When a device reports, and what the plan makes of its ordinary value.

use crate::base::{DeviceId, Millis, Timestamp};
use crate::model::{DeviceKind, Reading};

use super::course::{Course, When};
use super::noise::{grain, unit};
use super::rhythm::{Moment, rounded};
use super::{Fault, Planted, PlantedKind, Simulation};

/// How long an incident takes to develop: slower where a step may not be too large.
const RISE_MS: Millis = 15_000;
const SLOW_RISE_MS: Millis = 50_000;
/// How long it takes to go.
const FALL_MS: Millis = 300_000;
/// Reports at the pace of the first alarm before a device saves its battery a little.
const URGENT_REPORTS: Millis = 24;
const HOUR_MS: Millis = 3_600_000;

/// A device in the simulation.
#[derive(Debug, Clone)]
pub(super) struct Sensor {
    pub(super) id: DeviceId,
    /// Place of its kind in the table.
    pub(super) kind: usize,
    pub(super) seed: u64,
    pub(super) interval_ms: Millis,
    phase_ms: Millis,
    /// Places in the plan.
    pub(super) planted: Vec<usize>,
    /// How it goes through time, if it measures what a building does.
    pub(super) course: Option<Course>,
}

impl Sensor {
    pub(super) fn new(id: DeviceId, kind: usize, interval_s: u32, seed: u64) -> Self {
        let interval_ms = i64::from(interval_s.max(1)) * 1_000;
        Self {
            id,
            kind,
            seed,
            interval_ms,
            phase_ms: (unit(seed, -2) * interval_ms as f64) as Millis,
            planted: Vec::new(),
            course: None,
        }
    }

    /// With the course of the wall it hangs on.
    pub(super) fn with_course(self, course: Option<Course>) -> Self {
        Self { course, ..self }
    }

    /// Whether it has a story of its own: then the plan leaves it alone.
    pub(super) fn has_story(&self) -> bool {
        self.course.as_ref().is_some_and(|it| it.story().is_some())
    }

    /// The first regular report after `after`.
    pub(super) fn next_report(&self, after: Timestamp) -> Timestamp {
        let since = (after.millis() - self.phase_ms).rem_euclid(self.interval_ms);
        after.plus(self.interval_ms - since)
    }
}

impl Simulation {
    /// Adds the sensor's readings after `from` and up to `to`.
    pub(super) fn report(
        &self,
        sensor: &Sensor,
        from: Timestamp,
        to: Timestamp,
        readings: &mut Vec<Reading>,
    ) {
        let mut made = Vec::new();
        let mut at = sensor.next_report(from);
        while at <= to {
            made.extend(self.reading(sensor, at));
            at = at.plus(sensor.interval_ms);
        }
        let incidents = self.planted_on(sensor).filter(|planted| {
            planted.kind == PlantedKind::Incident && planted.from <= to && planted.to > from
        });
        for incident in incidents {
            self.alert(sensor, incident, from, to, &mut made);
        }
        made.sort_by_key(|reading| reading.at);
        made.dedup_by_key(|reading| reading.at);
        readings.extend(made);
    }

    /// Adds of the sensor's regular readings after `from` and up to `to` the first of each hour.
    pub(super) fn sparse(
        &self,
        sensor: &Sensor,
        from: Timestamp,
        to: Timestamp,
        readings: &mut Vec<Reading>,
    ) {
        let mut at = sensor.next_report(from);
        while at <= to {
            readings.extend(self.reading(sensor, at));
            let hour = at.millis().div_euclid(HOUR_MS) + 1;
            at = sensor.next_report(Timestamp::from_millis(hour * HOUR_MS - 1));
        }
    }

    /// A device that is hit reports more often, from the first moment to the last.
    fn alert(
        &self,
        sensor: &Sensor,
        incident: &Planted,
        from: Timestamp,
        to: Timestamp,
        readings: &mut Vec<Reading>,
    ) {
        let pace_ms = (sensor.interval_ms / 60).clamp(3_000, 10_000);
        let mut at = incident.from;
        let mut reports = 0;
        while at < incident.to && at <= to {
            if at > from {
                readings.extend(self.reading(sensor, at));
            }
            reports += 1;
            at = at.plus(if reports < URGENT_REPORTS {
                pace_ms
            } else {
                4 * pace_ms
            });
        }
        if from < incident.to && incident.to <= to {
            readings.extend(self.reading(sensor, incident.to));
        }
    }

    fn planted_on<'a>(&'a self, sensor: &'a Sensor) -> impl Iterator<Item = &'a Planted> {
        sensor.planted.iter().map(|index| &self.plan[*index])
    }

    fn reading(&self, sensor: &Sensor, at: Timestamp) -> Option<Reading> {
        let moment = self.moment(sensor, at);
        let mut reading = self.usual(sensor, at)?;
        let planted = self
            .planted_on(sensor)
            .find(|it| it.from <= at && at <= it.to);
        if let Some(planted) = planted {
            let before = self.usual(sensor, planted.from)?;
            let usual = before.value;
            match planted.kind {
                PlantedKind::Incident => {
                    reading.value = incident(moment.kind, sensor.seed, planted, usual, at)
                }
                PlantedKind::Fault(Fault::Silence) => return None,
                PlantedKind::Fault(Fault::Stuck) => {
                    reading.value = usual;
                    reading.second = before.second;
                }
                PlantedKind::Fault(Fault::Remount) => {
                    let jumps = remounted(planted, at, sensor.interval_ms);
                    let far = moment.kind.jump.map_or(0.0, |jump| jumps * jump);
                    reading.value = rounded((reading.value + far).min(moment.kind.max));
                }
                PlantedKind::Fault(fault) => {
                    reading.value = faulty(moment.kind, fault, reading.value)
                }
            }
        }
        Some(reading)
    }

    /// What it tells where nothing is planted; `None` where it tells nothing.
    fn usual(&self, sensor: &Sensor, at: Timestamp) -> Option<Reading> {
        let moment = self.moment(sensor, at);
        let mut reading = Reading {
            device: sensor.id,
            at,
            arrived: at,
            value: 0.0,
            second: None,
            temperature_c: None,
        };
        let Some(course) = &sensor.course else {
            reading.value = moment.value();
            reading.second = moment.second();
            reading.temperature_c = moment.temperature_c();
            return Some(reading);
        };
        let when = When {
            at_ms: at.millis(),
            local_ms: moment.local_ms,
            start_ms: self.start.millis(),
            interval_ms: sensor.interval_ms,
        };
        if !course.is_sent(when) {
            return None;
        }
        let shown = course.shown(when);
        reading.value = shown.value.clamp(moment.kind.min, moment.kind.max);
        reading.second = shown.second;
        reading.temperature_c = Some(shown.temperature_c);
        Some(reading)
    }

    fn moment<'a>(&'a self, sensor: &Sensor, at: Timestamp) -> Moment<'a> {
        Moment {
            kind: &self.kinds[sensor.kind],
            seed: sensor.seed,
            interval_ms: sensor.interval_ms,
            local_ms: at.millis() + i64::from(self.utc_offset_minutes) * 60_000,
        }
    }
}

/// The value in an incident: from the usual one past the threshold, and back at its end.
fn incident(kind: &DeviceKind, seed: u64, planted: &Planted, usual: f64, at: Timestamp) -> f64 {
    let key = planted.from.millis();
    let chance = unit(seed, key);
    let (threshold, far) = match (kind.alarm_above, kind.alarm_below) {
        (None, Some(below)) => (below, below - (0.3 + 0.4 * chance) * (below - kind.min)),
        (above, _) => {
            let above = above.unwrap_or(kind.max);
            let peak = (above * (1.3 + 0.4 * chance)).min(kind.max * 0.98);
            // A threshold below zero or right under the maximum leaves less room.
            let near = above + 0.5 * (kind.max - above);
            (above, if peak > above { peak } else { near })
        }
    };
    if far == threshold {
        // Yes or no.
        let [quiet, alarmed] = match kind.alarm_above {
            None if kind.alarm_below.is_some() => [kind.max, kind.min],
            _ => [kind.min, kind.max],
        };
        return if at < planted.to { alarmed } else { quiet };
    }
    let rise_ms = kind.jump.map_or(RISE_MS, |_| SLOW_RISE_MS);
    let rise = (at - planted.from) as f64 / rise_ms as f64;
    let fall = (planted.to - at) as f64 / FALL_MS as f64;
    let shape = rise.min(fall).clamp(0.0, 1.0);
    // Full strength trembles a little, far less than what lies between peak and threshold.
    let tremble = if shape < 1.0 {
        0.0
    } else {
        let room = (far - threshold).abs();
        (0.02 * threshold.abs()).min(0.3 * room) * grain(seed, at.millis())
    };
    let leans_back = kind.min < 0.0 && unit(seed ^ 7, key) < 0.5 && kind.is_about_zero();
    let target = if leans_back { -far } else { far };
    rounded(usual + (target + tremble - usual) * shape).clamp(kind.min, kind.max)
}

/// By how many of the largest believable steps a sensor is off that is taken down and mounted anew: while
/// hands are on it, at both ends, each reading is another.
fn remounted(planted: &Planted, at: Timestamp, interval_ms: Millis) -> f64 {
    let reports = ((at - planted.from) / interval_ms).min((planted.to - at) / interval_ms);
    match reports {
        0 => 3.0,
        1 => 2.3,
        _ => 1.7,
    }
}

fn faulty(kind: &DeviceKind, fault: Fault, value: f64) -> f64 {
    let far = match (fault, kind.jump, kind.alarm_above) {
        (Fault::OutOfRange, _, _) => kind.max + 0.3 * (kind.max - kind.min),
        (_, Some(jump), _) => value + 1.7 * jump,
        (_, None, Some(above)) => (1.5 * above).min(kind.max),
        (_, None, None) if kind.warns() => kind.min,
        (_, None, None) => value,
    };
    rounded(far)
}
