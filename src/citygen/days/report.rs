//! When a device reports, and what the plan makes of its ordinary value.

use crate::base::{DeviceId, Millis, Timestamp};
use crate::model::{DeviceKind, Reading};

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
        }
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
        let mut reading = Reading {
            device: sensor.id,
            at,
            arrived: at,
            value: moment.value(),
            second: moment.second(),
            temperature_c: moment.temperature_c(),
        };
        let planted = self
            .planted_on(sensor)
            .find(|it| it.from <= at && at <= it.to);
        if let Some(planted) = planted {
            let usual = self.moment(sensor, planted.from).value();
            match planted.kind {
                PlantedKind::Incident => {
                    reading.value = incident(moment.kind, sensor.seed, planted, usual, at)
                }
                PlantedKind::Fault(Fault::Silence) => return None,
                PlantedKind::Fault(Fault::Stuck) => {
                    reading.value = usual;
                    reading.second = self.moment(sensor, planted.from).second();
                }
                PlantedKind::Fault(fault) => {
                    reading.value = faulty(moment.kind, fault, reading.value)
                }
            }
        }
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
