//! Sensors of tilt, settlement and cracks in a city, each with the state of its series: readings go in, and
//! what `monitor` says comes out. Used by the engine, which keeps all of them, and by commands that work a
//! moment out anew from the archive. Never opens an archive by itself, never decides what is alarmed.

mod house;
mod sensors;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::base::{DeviceId, Timestamp};
use crate::model::ports::{Archive, ArchiveError};
use crate::model::{Ground, Reading};
use crate::monitor::{
    Assessment, Followed, MonitorTable, Reference, Sample, Seen, SeriesMonitor, assess,
};

pub use house::{Agrees, House, Uneven, houses, rows_together};
pub use sensors::Sensors;

/// Sensors, and the states of those that are followed.
#[derive(Debug)]
pub struct Bank {
    sensors: Sensors,
    table: MonitorTable,
    states: BTreeMap<DeviceId, SeriesMonitor>,
    looked: BTreeMap<DeviceId, Timestamp>,
    utc_offset_minutes: i32,
    /// The moment that is known up to: what is silent is so by it.
    now: Option<Timestamp>,
}

impl Bank {
    /// Of a city, with no reading yet.
    #[must_use]
    pub fn new(sensors: Sensors, table: MonitorTable, ground: &Ground) -> Self {
        Self {
            sensors,
            table,
            states: BTreeMap::new(),
            looked: BTreeMap::new(),
            utc_offset_minutes: ground.info.utc_offset_minutes,
            now: None,
        }
    }

    /// What can be followed.
    #[must_use]
    pub fn sensors(&self) -> &Sensors {
        &self.sensors
    }

    /// By which limits.
    #[must_use]
    pub fn table(&self) -> &MonitorTable {
        &self.table
    }

    /// By which clock days are cut.
    #[must_use]
    pub const fn utc_offset_minutes(&self) -> i32 {
        self.utc_offset_minutes
    }

    /// The state of a sensor, once it told anything.
    #[must_use]
    pub fn state(&self, device: DeviceId) -> Option<&SeriesMonitor> {
        self.states.get(&device)
    }

    /// The states of all, for whoever keeps them.
    pub fn states(&self) -> impl Iterator<Item = (DeviceId, &SeriesMonitor)> {
        self.states.iter().map(|(id, state)| (*id, state))
    }

    /// Goes on with a state that was kept.
    pub fn restore(&mut self, device: DeviceId, state: SeriesMonitor) {
        if self.sensors.get(device).is_some() {
            self.states.insert(device, state);
        }
    }

    /// The day, by the city's clock, that a moment falls on; days since 1970.
    #[must_use]
    pub fn day_of(&self, at: Timestamp) -> i64 {
        let local_ms = at.millis() + i64::from(self.utc_offset_minutes) * 60_000;
        local_ms.div_euclid(86_400_000)
    }

    /// Notes that all is known up to a moment: a sensor that told nothing for too long before it is
    /// blind.
    pub fn known_until(&mut self, now: Timestamp) {
        self.now = self.now.max(Some(now));
    }

    /// Sensors that told nothing for too long.
    pub fn silent(&self) -> impl Iterator<Item = DeviceId> {
        self.states.iter().filter_map(|(id, state)| {
            let (now, sensor) = (self.now?, self.sensors.get(*id)?);
            (now - state.last()? > sensor.blind_after_ms).then_some(*id)
        })
    }

    /// Takes a reading, if its device is followed. Answers as [`SeriesMonitor::take`] does; what its device
    /// cannot have measured is not believed.
    pub fn take(&mut self, reading: &Reading) -> Option<Seen> {
        let sensor = self.sensors.get(reading.device)?;
        let gross = self.table.gross(sensor.gauge.quantity());
        let sample = Sample {
            at: reading.at,
            first: reading.value,
            second: reading.second,
            temperature_c: reading.temperature_c,
        };
        let state = self.states.entry(reading.device).or_default();
        if !sensor.believes(&sample) {
            state.note_beyond_range(sample.at);
            return None;
        }
        (sensor.gauge).take(state, &sample, &gross, self.utc_offset_minutes)
    }

    /// Takes what the archive holds of a device after what its state knows, up to a moment, itself
    /// included. Tells how many readings those were.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn catch_up(
        &mut self,
        device: DeviceId,
        archive: &mut dyn Archive,
        until: Timestamp,
    ) -> Result<u64, ArchiveError> {
        let last = self.states.get(&device).and_then(SeriesMonitor::last);
        let from = last.map_or(Timestamp::from_millis(i64::MIN), |last| last.plus(1));
        let mut count = 0;
        archive.each_reading(device, from, until.plus(1), &mut |reading| {
            self.take(reading);
            count += 1;
        })?;
        self.known_until(until);
        Ok(count)
    }

    /// Notes up to when somebody looked at what was sudden at a sensor.
    pub fn looked_at(&mut self, device: DeviceId, until: Timestamp) {
        self.looked.insert(device, until);
    }

    /// Up to when somebody looked.
    #[must_use]
    pub fn looked(&self, device: DeviceId) -> Option<Timestamp> {
        self.looked.get(&device).copied()
    }

    /// A sensor made ready to be judged, held against its references where it has any; `None` for one
    /// that is not followed. `state` stands in for a sensor that told nothing.
    #[must_use]
    pub fn followed<'a>(
        &'a self,
        device: DeviceId,
        state: &'a SeriesMonitor,
    ) -> Option<Followed<'a>> {
        let sensor = self.sensors.get(device)?;
        let mut followed = Followed::of(state, &sensor.gauge).within(sensor.range);
        if let Some(now) = self.now {
            followed = followed.judged_at(now, sensor.blind_after_ms);
        }
        if !sensor.references.is_empty() {
            let points: Vec<&SeriesMonitor> = (sensor.references.iter())
                .filter_map(|point| self.states.get(point))
                .collect();
            let agree_mm = self.table.settlement.references_agree_mm;
            followed = followed.against(&Reference::of(&points), agree_mm);
        }
        if let Some(until) = self.looked(device) {
            followed = followed.looked_at(until);
        }
        Some(followed)
    }

    /// What can be said of a sensor; `None` for one that is not followed.
    #[must_use]
    pub fn assess(&self, device: DeviceId) -> Option<Assessment> {
        let silent = SeriesMonitor::default();
        let state = self.states.get(&device).unwrap_or(&silent);
        let followed = self.followed(device, state)?;
        let sensor = self.sensors.get(device)?;
        Some(assess(&followed, &sensor.subject, &self.table))
    }
}
