//! Devices and cameras as points, and the one word of state that each of them has.

use std::collections::{BTreeMap, HashSet};

use crate::base::{AlarmId, CameraId, DeviceId};
use crate::model::{Device, DeviceHealth, Grade, Ground, KindTable, Live};
use crate::portrayal::camera::Camera;
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
    /// Where a camera looks, clockwise from north, `NO_HEADING_DEG` where nobody knows; 0 for a device.
    pub heading_deg: f64,
}

/// The heading of a camera of which nobody knows where it looks: drawn as a disc, and no wedge.
pub(super) const NO_HEADING_DEG: f64 = 1e6;

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
        heading_deg: 0.0,
    });
    let cameras = ground.cameras.values().map(|camera| Glyph {
        position: frame.local_from_projected(camera.position),
        of: GlyphOf::Camera(camera.id),
        kind: CAMERA_KIND,
        heading_deg: camera.looks_deg().unwrap_or(NO_HEADING_DEG),
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

/// Pixels of the picture for each glyph without an alarm: more of them would be noise.
const PX_PER_GLYPH: f64 = 24.0;

/// How much a glyph matters, from its state word: 0 is fine, 1 silent or at fault, above that the
/// grade of its alarm, red highest.
fn urgency(word: u32) -> u32 {
    match word & 7 {
        0 if word & 0x30 == 0 => 0,
        0 => 1,
        grade => 10 - grade,
    }
}

/// A glyph smaller than this is a dot: nobody could tell its outline.
const DOT_PX: f64 = 2.2;
/// Of alike dots in a square of so many pixels one is drawn: the others would lie under it.
const DOT_CELL_PX: f64 = 1.6;

/// The glyphs to draw, by index, in paint order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GlyphOrder {
    /// Dots first, then those with an outline.
    pub indices: Vec<u32>,
    /// How many of them are dots.
    pub dots: usize,
}

/// How far outside the picture a mark may stand and still reach into it, pixels.
const MARGIN_PX: f64 = 40.0;

/// What decides where and how large a glyph is.
struct Lens<'a> {
    camera: &'a Camera,
    focal_px: f64,
    mark_scale: f64,
}

impl Lens<'_> {
    /// Nothing outside the picture; the cell of a dot, as `shaders/glyph.wgsl` draws it, or none.
    /// Cameras and what is silent have an outline at any size.
    fn place(&self, glyph: &Glyph, quiet: bool) -> Option<Option<[i32; 2]>> {
        let (pixel, depth_m) = self.camera.pixel_of(glyph.position)?;
        let inside = |k: usize| {
            (-MARGIN_PX..self.camera.size_px[k] + MARGIN_PX).contains(&f64::from(pixel[k]))
        };
        let near = (self.focal_px / depth_m.max(1.0) / self.mark_scale * 0.18).min(1.0);
        let is_small = (1.0 + 2.2 * near) * self.mark_scale < DOT_PX;
        let is_dot = quiet && glyph.kind != CAMERA_KIND && is_small;
        let cell = pixel.map(|v| (f64::from(v) / (DOT_CELL_PX * self.mark_scale)) as i32);
        (inside(0) && inside(1)).then_some(is_dot.then_some(cell))
    }
}

/// The glyphs to draw: those in the picture, the most urgent last, so that they lie on top. Where
/// there is no room for all, those at fault come before those that are fine and either in the
/// order of `ranks`; one in alarm is always there. `mark_scale` is the scale of marks that the
/// shader knows.
#[must_use]
pub fn glyphs_in_view(
    glyphs: &[Glyph],
    words: &[u32],
    ranks: &[u32],
    camera: &Camera,
    mark_scale: f64,
) -> GlyphOrder {
    let lens = Lens {
        camera,
        focal_px: camera.view.range_m / camera.metres_per_pixel(),
        mark_scale,
    };
    let [w, h] = camera.size_px;
    let mut room = (w * h / PX_PER_GLYPH) as usize;
    let mut dots = [Vec::new(), Vec::new()];
    let mut marks = [Vec::new(), Vec::new(), Vec::new()];
    for layer in (0..marks.len()).rev() {
        let mut taken = HashSet::new();
        for index in ranks {
            let at = *index as usize;
            let (Some(glyph), Some(word)) = (glyphs.get(at), words.get(at)) else {
                continue;
            };
            if urgency(*word).min(2) as usize != layer {
                continue;
            }
            let Some(cell) = lens.place(glyph, word & 0x17 == 0) else {
                continue;
            };
            if layer < 2 && cell.is_some_and(|cell| !taken.insert(cell)) {
                continue;
            }
            if layer < 2 {
                let Some(left) = room.checked_sub(1) else {
                    break;
                };
                room = left;
            }
            match dots.get_mut(layer).filter(|_| cell.is_some()) {
                Some(dots) => dots.push(*index),
                None => marks[layer].push(*index),
            }
        }
    }
    marks[2].sort_by_key(|index| urgency(words[*index as usize]));
    let mut indices = dots.concat();
    let dots = indices.len();
    indices.extend(marks.concat());
    GlyphOrder { indices, dots }
}

/// An order of all glyphs in which every beginning is spread evenly over the city.
#[must_use]
pub fn glyph_ranks(count: usize) -> Vec<u32> {
    let mut ranks: Vec<u32> = (0..count as u32).collect();
    ranks.sort_by_key(|index| index.wrapping_mul(2_654_435_761));
    ranks
}

/// State word of a glyph: bits 0–2 grade of its worst open alarm plus one (0 none), bit 3
/// acknowledged, bit 4 silent or at fault, bit 5 never heard of, bits 8–15 kind. Before any data
/// came at all, what was never heard of is not called silent: there is nothing to miss yet.
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
            None | Some(DeviceHealth::Unseen) => (1 << 5) | (u32::from(live.batch > 0) << 4),
            Some(DeviceHealth::Fine) => 0,
            Some(_) => 1 << 4,
        };
        kind | alarm | health
    };
    glyphs.iter().map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portrayal::camera::Viewpoint;

    fn check(words: &[u32], size_px: [f64; 2], expected: &[u32]) {
        // Almost three pixels apart, so that no dot hides another.
        let apart_m = 280.0 / size_px[0];
        let glyphs: Vec<Glyph> = (0..words.len())
            .map(|i| Glyph {
                position: [i as f64 * apart_m, 0.0, 0.0],
                of: GlyphOf::Device(DeviceId::from_bits(i as u64)),
                kind: 0,
                heading_deg: 0.0,
            })
            .collect();
        let camera = Camera::new(Viewpoint::oblique([0.0; 3], 50.0, 1.0), size_px);
        let ranks: Vec<u32> = (0..words.len() as u32).collect();
        let far = glyphs_in_view(&glyphs, words, &ranks, &camera, 1.0);
        assert_eq!(far.indices, expected);
        let quiet = expected
            .iter()
            .filter(|index| words[**index as usize] & 0x17 == 0);
        assert_eq!(far.dots, quiet.count());
        let large = glyphs_in_view(&glyphs, words, &ranks, &camera, 4.0);
        assert_eq!((large.indices, large.dots), (expected.to_vec(), 0));
    }

    #[test]
    fn the_worst_lies_on_top_and_is_never_left_out() {
        check(&[0, 0, 0], [100.0, 100.0], &[0, 1, 2]);
        check(&[1, 0, 3, 0x10], [100.0, 100.0], &[1, 3, 2, 0]);
        check(&[0x13, 0x12], [100.0, 100.0], &[0, 1]);
        // Room for two that are fine.
        check(&[0, 0, 0, 0, 1, 0x20], [7.0, 7.0], &[0, 5, 4]);
        check(&[0x10, 0x10, 0x10, 2, 1, 0], [7.0, 7.0], &[0, 1, 3, 4]);
    }

    #[test]
    fn ranks_are_a_permutation() {
        let mut ranks = glyph_ranks(1_000);
        let early: Vec<u32> = ranks[..100].to_vec();
        assert!(early.iter().any(|i| *i < 300) && early.iter().any(|i| *i > 700));
        ranks.sort_unstable();
        assert!(ranks.iter().copied().eq(0..1_000));
    }
}
