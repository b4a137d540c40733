//! Simulated days: what the devices of a city would report, with incidents and faults planted
//! according to a plan that tests can hold the alarm rules against.
//!
//! Used by the simulator feed and by tests. Everything follows from the seed: a reading depends
//! on its device and its time alone, so the same stretch of time gives the same readings however
//! it is cut. Never reads a clock. Start reading at [`Simulation::readings_between`].

mod course;
mod noise;
mod plan;
mod report;
mod rhythm;
mod role;
mod stories;

use std::fmt;

use crate::base::{DeviceId, Millis, Timestamp};
use crate::model::{DeviceKind, Ground, KindId, KindTable, Reading};

use course::{Course, Measures};
use noise::mix;
use report::Sensor;

pub use course::noted_bearing_deg;
pub use stories::Story;

/// How much happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scenario {
    /// Hours between incidents.
    Calm,
    /// A handful of incidents and faults at once, then one every ten minutes or so.
    #[default]
    Normal,
    /// A rainstorm: every canal gauge rises and much else goes wrong.
    Flood,
}

/// A text that names no scenario.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a scenario is one of calm, normal, flood, not {0:?}")]
pub struct ScenarioError(String);

impl Scenario {
    /// Every scenario.
    pub const ALL: [Self; 3] = [Self::Calm, Self::Normal, Self::Flood];

    /// Its name on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Calm => "calm",
            Self::Normal => "normal",
            Self::Flood => "flood",
        }
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Scenario {
    type Err = ScenarioError;
    fn from_str(text: &str) -> Result<Self, ScenarioError> {
        let found = Self::ALL.into_iter().find(|it| it.as_str() == text);
        found.ok_or_else(|| ScenarioError(text.to_owned()))
    }
}

/// What can be wrong with a device that measures nothing unusual.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// One reading far off.
    Spike,
    /// The same value over and over.
    Stuck,
    /// Values that the device cannot measure.
    OutOfRange,
    /// Mounted anew: everything is off by a constant.
    Remount,
    /// Nothing is sent.
    Silence,
}

/// What was planted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlantedKind {
    /// Something that people must be warned of, once.
    Incident,
    /// Something wrong with the device; nobody must be warned.
    Fault(Fault),
}

/// One thing in the plan.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Planted {
    /// The device.
    pub device: DeviceId,
    /// What happens.
    pub kind: PlantedKind,
    /// Device time of the first reading that is concerned.
    pub from: Timestamp,
    /// Device time of the last one.
    pub to: Timestamp,
}

/// A city's devices with everything that will happen to them.
#[derive(Debug, Clone)]
pub struct Simulation {
    seed: u64,
    scenario: Scenario,
    start: Timestamp,
    utc_offset_minutes: i32,
    kinds: Vec<DeviceKind>,
    sensors: Vec<Sensor>,
    plan: Vec<Planted>,
    days_planned: i64,
}

impl Simulation {
    /// How long before its start a simulation should be listened to, so that what went wrong
    /// before has been noticed by then.
    pub const WARM_UP_MS: Millis = 20 * 60_000;

    /// All devices of `ground` whose kind is known, from `start` on. Some of what is planted
    /// begins before `start`, so that a city is not born in perfect order.
    #[must_use]
    pub fn new(
        ground: &Ground,
        kinds: &KindTable,
        seed: u64,
        scenario: Scenario,
        start: Timestamp,
    ) -> Self {
        let sensors = sensors(ground, kinds, seed);
        let mut made = Self {
            seed,
            scenario,
            start,
            utc_offset_minutes: ground.info.utc_offset_minutes,
            kinds: kinds.all().to_vec(),
            sensors,
            plan: Vec::new(),
            days_planned: 0,
        };
        made.plan_until(start);
        made
    }

    /// What is planted as far as the days are planned, in no particular order.
    #[must_use]
    pub fn plan(&self) -> &[Planted] {
        &self.plan
    }

    /// Every reading with a device time after `from` and up to `to`, in the order of device
    /// time. They arrive when they are made; a feed may delay them.
    pub fn readings_between(&mut self, from: Timestamp, to: Timestamp) -> Vec<Reading> {
        self.plan_until(to);
        let mut readings = Vec::new();
        for sensor in &self.sensors {
            self.report(sensor, from, to, &mut readings);
        }
        readings.sort_by_key(|reading| (reading.at, reading.device));
        readings
    }

    /// What was heard of every device when somebody starts to listen at `at`: its last reading,
    /// and of a stuck one as many as show that it is stuck.
    pub fn backlog(&mut self, at: Timestamp) -> Vec<Reading> {
        self.plan_until(at);
        let mut readings = Vec::new();
        for sensor in &self.sensors {
            let [from, until] = self.heard_before(sensor, at);
            self.report(sensor, from, until, &mut readings);
        }
        readings.sort_by_key(|reading| (reading.at, reading.device));
        readings
    }

    /// Between which moments the backlog of a sensor lies.
    fn heard_before(&self, sensor: &Sensor, at: Timestamp) -> [Timestamp; 2] {
        let mut from = at.plus(-sensor.interval_ms);
        let mut until = at;
        for planted in sensor.planted.iter().map(|index| &self.plan[*index]) {
            if planted.from <= at && at <= planted.to {
                match planted.kind {
                    PlantedKind::Fault(Fault::Silence) => {
                        until = planted.from.plus(-1);
                        from = until.plus(-sensor.interval_ms);
                    }
                    PlantedKind::Fault(Fault::Stuck) => from = planted.from.plus(-1),
                    _ => {}
                }
            }
        }
        [from, until]
    }

    /// How many sensors of tilt, settlement and cracks have a past.
    #[must_use]
    pub fn with_past(&self) -> usize {
        let sensors = self.sensors.iter();
        sensors.filter(|sensor| sensor.course.is_some()).count()
    }

    /// The past of sensors of tilt, settlement and cracks after `from` and up to `to`: of each the first
    /// reading of an hour. It ends where the backlog of one who starts to listen at `listened` begins,
    /// so that both join. The same however it is cut at whole hours.
    #[must_use]
    pub fn past(&mut self, from: Timestamp, to: Timestamp, listened: Timestamp) -> Vec<Reading> {
        self.plan_until(to.max(listened));
        let mut readings = Vec::new();
        for sensor in self.sensors.iter().filter(|it| it.course.is_some()) {
            let [until, _] = self.heard_before(sensor, listened);
            self.sparse(sensor, from, to.min(until), &mut readings);
        }
        readings.sort_by_key(|reading| (reading.at, reading.device));
        readings
    }

    /// Which sensors have a story, and which.
    pub fn stories(&self) -> impl Iterator<Item = (DeviceId, Story)> {
        let sensors = self.sensors.iter();
        sensors.filter_map(|sensor| Some((sensor.id, sensor.course.as_ref()?.story()?)))
    }
}

/// The devices of a city whose kind is known, those on buildings with the course of their walls.
fn sensors(ground: &Ground, kinds: &KindTable, seed: u64) -> Vec<Sensor> {
    let kind_of = |kind: &KindId| Some((kinds.position(kind)?, kinds.get(kind)?));
    let known = || ground.devices.values();
    let followed: Vec<(DeviceId, Measures)> = known()
        .filter_map(|device| Some((device.id, Measures::of(kind_of(&device.kind)?.1)?)))
        .collect();
    let roles = stories::roles(ground, &followed, seed);
    let made = known().filter_map(|device| {
        let (position, kind) = kind_of(&device.kind)?;
        let interval_s = device.interval_s.unwrap_or(kind.interval_s);
        let own = mix(seed, device.id.bits());
        let course = Measures::of(kind).map(|measures| {
            let house = device.building.and_then(|id| ground.buildings.get(&id));
            let limit_permille = stories::limit_permille(house);
            let role = roles.get(&device.id).copied().unwrap_or_default();
            Course::new(measures, kind, [seed, own], device.id, limit_permille, role)
        });
        Some(Sensor::new(device.id, position, interval_s, own).with_course(course))
    });
    made.collect()
}

#[cfg(test)]
mod tests;
