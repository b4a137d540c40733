//! Devices and cameras as points, and the one word of state that each of them has.

use std::collections::BTreeMap;

use crate::base::{AlarmId, CameraId, DeviceId};
use crate::model::{Device, DeviceHealth, Grade, Ground, KindTable, Live};
use crate::space::LocalFrame;

/// What a glyph stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GlyphOf {
    /// A device.
    Device(DeviceId),
    /// A camera.
    Camera(CameraId),
}

/// A point mark that stays where it is; only its state word changes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glyph {
    /// Local position.
    pub position: [f64; 3],
    /// What it stands for.
    pub of: GlyphOf,
    /// Place of the kind in the legend; 255 for a camera.
    pub kind: u8,
}

/// Marks a camera in [`Glyph::kind`].
pub const CAMERA_KIND: u8 = 255;

/// All glyphs, devices first, each in the order of ids.
pub(super) fn collect(ground: &Ground, frame: &LocalFrame, kinds: &KindTable) -> Vec<Glyph> {
    let devices = ground.devices.values().map(|device| Glyph {
        position: shown_at(ground, frame, device),
        of: GlyphOf::Device(device.id),
        kind: kinds
            .position(&device.kind)
            .map_or(254, |at| at.min(253) as u8),
    });
    let cameras = ground.cameras.values().map(|camera| Glyph {
        position: frame.local_from_projected(camera.position),
        of: GlyphOf::Camera(camera.id),
        kind: CAMERA_KIND,
    });
    devices.chain(cameras).collect()
}

/// How far above a roof the devices inside the building are drawn.
const ABOVE_ROOF_M: f64 = 0.6;

/// Where a device is drawn: a sensor in a kitchen would be hidden by its own roof, so it is shown
/// right above where it is, on top of the building.
pub(super) fn shown_at(ground: &Ground, frame: &LocalFrame, device: &Device) -> [f64; 3] {
    let [x, y, z] = frame.local_from_projected(device.position);
    let building = device.building.and_then(|id| ground.buildings.get(&id));
    let roof = building.map(|one| one.ground_m + one.height_m - frame.origin_h + ABOVE_ROOF_M);
    [x, y, roof.map_or(z, |roof| roof.max(z))]
}

/// State word of a glyph: bits 0–2 grade of its worst open alarm plus one (0 none), bit 3
/// acknowledged, bit 4 health is not fine, bit 5 never heard of, bits 8–15 kind.
#[must_use]
pub fn state_words(glyphs: &[Glyph], live: &Live) -> Vec<u32> {
    let mut worst = BTreeMap::<DeviceId, (Grade, bool, AlarmId)>::new();
    for alarm in live.alarms.values() {
        let this = (alarm.grade, alarm.acknowledged.is_some(), alarm.id);
        worst
            .entry(alarm.device)
            .and_modify(|known| *known = this.min(*known))
            .or_insert(this);
    }
    let word = |glyph: &Glyph| {
        let kind = u32::from(glyph.kind) << 8;
        let GlyphOf::Device(device) = glyph.of else {
            return kind;
        };
        let alarm = worst.get(&device).map_or(0, |(grade, acknowledged, _)| {
            (*grade as u32 + 1) | (u32::from(*acknowledged) << 3)
        });
        let health = match live.devices.get(&device).map(|state| state.health) {
            None | Some(DeviceHealth::Unseen) => 1 << 5,
            Some(DeviceHealth::Fine) => 0,
            Some(_) => 1 << 4,
        };
        kind | alarm | health
    };
    glyphs.iter().map(word).collect()
}
