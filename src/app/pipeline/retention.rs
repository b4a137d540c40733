//! How long single readings are kept: of kinds that say `raw = "kept"` for good, of all others for
//! [`Settings::raw_ms`](super::Settings), after which rollups remain. Works in small steps between
//! ticks, so that no alarm waits for it. Never touches a change.

use crate::base::{DeviceId, Millis, Timestamp};
use crate::model::ports::{Archive, ArchiveError, Thinning};
use crate::model::{Ground, KindTable, RawReadings};

use super::Settings;

/// All devices are gone through so often.
const ROUND_MS: Millis = 3_600_000;
/// At most so much in one step: some milliseconds of the writer's time.
const DEVICES_MAX: usize = 100;
const READINGS_MAX: usize = 2_000;
const BATCHES_MAX: usize = 500;

/// Where the work stands.
pub(super) struct Retention {
    /// Of which single readings go. A device of a kind that nobody knows keeps them: what cannot be
    /// judged is not thrown away.
    devices: Vec<DeviceId>,
    utc_offset_minutes: i32,
    raw_ms: Millis,
    pause_ms: Millis,
    next_step: Timestamp,
    next_round: Timestamp,
    /// Devices done in this round.
    done: usize,
}

impl Retention {
    pub(super) fn new(ground: &Ground, kinds: &KindTable, settings: &Settings) -> Self {
        let is_thinned = |kind| {
            let kind = kinds.get(kind);
            kind.is_some_and(|kind| kind.raw == RawReadings::RolledUp)
        };
        let devices = ground.devices.values();
        let devices = devices.filter(|device| is_thinned(&device.kind));
        Self {
            devices: devices.map(|device| device.id).collect(),
            utc_offset_minutes: ground.info.utc_offset_minutes,
            raw_ms: settings.raw_ms,
            pause_ms: settings.upkeep_ms,
            next_step: Timestamp::default(),
            next_round: Timestamp::default(),
            done: 0,
        }
    }

    /// Does a step of the work when it is time. What fails is tried again in the next round.
    pub(super) fn step(&mut self, archive: &mut dyn Archive, now: Timestamp) {
        if now < self.next_step {
            return;
        }
        self.next_step = now.plus(self.pause_ms);
        if self.done == 0 && now < self.next_round {
            return;
        }
        match self.thin(archive, now.plus(-self.raw_ms)) {
            Ok(true) => self.end_round(now),
            Ok(false) => {}
            Err(error) => {
                tracing::warn!("old readings stay: {error}");
                self.end_round(now);
            }
        }
    }

    fn end_round(&mut self, now: Timestamp) {
        self.done = 0;
        self.next_round = now.plus(ROUND_MS);
    }

    /// Whether this was the last step of a round.
    fn thin(&mut self, archive: &mut dyn Archive, before: Timestamp) -> Result<bool, ArchiveError> {
        let rest = &self.devices[self.done.min(self.devices.len())..];
        let thinned = archive.thin_readings(&Thinning {
            devices: &rest[..rest.len().min(DEVICES_MAX)],
            before,
            utc_offset_minutes: self.utc_offset_minutes,
            readings_max: READINGS_MAX,
        })?;
        self.done += thinned.devices;
        let batches = archive.thin_batches(before, BATCHES_MAX)?;
        Ok(self.done == self.devices.len() && batches < BATCHES_MAX)
    }
}
