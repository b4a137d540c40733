//! When a wall asks for charts of what is selected: at first, and again once its sensors are judged anew or
//! told on another day. Never asks every frame, never while an answer is on its way.

use crate::base::{BuildingId, DeviceId, Timestamp};
use crate::model::{EntityKind, EntityRef, Judgement, Twin};
use crate::portrayal::chart::CardCharts;

use super::super::compose::Composer;
use super::{RegisterQuestion, Registers};

/// A day in milliseconds.
const DAY_MS: i64 = 86_400_000;

/// What is known of a sensor: what charts of it change with.
#[derive(Debug, Clone, PartialEq)]
struct Known {
    device: DeviceId,
    /// Day of its newest reading.
    day: Option<i64>,
    judged: Option<Judgement>,
}

/// What was asked last.
#[derive(Debug, Default)]
pub(super) struct Charted {
    what: Option<EntityRef>,
    known: Vec<Known>,
    /// The batch that `known` was looked up in.
    batch: u64,
    is_on_its_way: bool,
}

impl Charted {
    /// Asks for charts of what is selected, where something new would be on them.
    pub fn ask(
        &mut self,
        (twin, selected): (&Twin, Option<EntityRef>),
        registers: &mut dyn Registers,
        composer: &mut Composer,
    ) {
        let is_other = self.what != selected;
        let batch = twin.live().batch;
        if !is_other && (self.batch == batch || self.is_on_its_way) {
            return;
        }
        self.what = selected;
        self.batch = batch;
        let Some(what) = selected else {
            return;
        };
        let known = known_of(twin, composer, what);
        if known.is_empty() || (!is_other && known == self.known) {
            self.known = known;
            return;
        }
        if is_other {
            composer.show_charts(what, CardCharts::Asked);
        }
        let looked = known.iter();
        let looked = looked.filter_map(|one| Some((one.device, one.judged.as_ref()?.looked?)));
        let looked: Vec<(DeviceId, Timestamp)> = looked.collect();
        self.known = known;
        self.is_on_its_way = true;
        registers.ask(RegisterQuestion::Charts { what, looked });
    }

    /// Whether an answer is about what is selected.
    pub fn take(&mut self, what: EntityRef) -> bool {
        let is_wanted = self.what == Some(what);
        self.is_on_its_way &= !is_wanted;
        is_wanted
    }
}

/// The sensors of building monitoring of what is selected.
fn known_of(twin: &Twin, composer: &Composer, what: EntityRef) -> Vec<Known> {
    let (ground, live) = (twin.ground(), twin.live());
    let is_here = |device: &&crate::model::Device| match what.kind {
        EntityKind::Device => device.id == DeviceId::from_bits(what.bits),
        EntityKind::Building => device.building == Some(BuildingId::from_bits(what.bits)),
        _ => false,
    };
    let is_monitoring = |device: &&crate::model::Device| {
        let kind = composer.kinds().get(&device.kind);
        kind.is_some_and(|kind| kind.group == "building_monitoring")
    };
    let offset_ms = i64::from(ground.info.utc_offset_minutes) * 60_000;
    let sensors = ground
        .devices
        .values()
        .filter(is_here)
        .filter(is_monitoring);
    let known = sensors.map(|device| Known {
        device: device.id,
        day: (live.devices.get(&device.id))
            .map(|state| (state.last.at.millis() + offset_ms).div_euclid(DAY_MS)),
        judged: live.judged.get(&device.id).cloned(),
    });
    known.collect()
}
