//! Shadow and sky light, baked once: a raster that tells every pixel below which height it lies
//! in the sun's shadow and how high its surroundings stand. One texture fetch replaces shadow
//! maps and ambient occlusion, which a machine without a GPU cannot pay.

use crate::space::Bounds2;

/// Sun of every picture unless a time of day is studied: from the south-west, late morning high.
pub(super) const SUN_AZIMUTH_DEG: f64 = 232.0;
/// Its height above the horizon: long soft shadows that still reach into lanes.
pub(super) const SUN_ELEVATION_DEG: f64 = 38.0;
/// Unit vector to the sun.
#[must_use]
pub fn sun_direction() -> [f64; 3] {
    let (sin_e, cos_e) = SUN_ELEVATION_DEG.to_radians().sin_cos();
    let (sin_a, cos_a) = SUN_AZIMUTH_DEG.to_radians().sin_cos();
    [sin_a * cos_e, cos_a * cos_e, sin_e]
}

/// Heights up to this are told apart; the raster's bytes are shares of it.
pub const SHADE_HEIGHT_M: f64 = 40.0;

/// The raster, two bytes a cell: height of shadow, height of surroundings, both above the
/// ground as shares of [`SHADE_HEIGHT_M`]; rows from south to north.
#[derive(Debug, Clone, PartialEq)]
pub struct Shade {
    /// What it covers, local.
    pub bounds: Bounds2,
    /// Cells east to west.
    pub columns: u32,
    /// Cells south to north.
    pub rows: u32,
    /// Two bytes a cell.
    pub bytes: Vec<u8>,
}

/// Baked light on a face, both 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Light {
    /// From the sun.
    pub sun: f64,
    /// From the sky.
    pub open: f64,
}

/// A wall stands on the edge of its own cells: its light is looked up this far in front of it.
const OFFSET_M: f64 = 0.8;

impl Shade {
    /// Light on a face; the height of `middle` counts from the foot of its building. The same as
    /// `shaders/city.wgsl` computes for each pixel from nearby.
    pub(super) fn light_on(&self, middle: [f64; 3], normal: [f64; 3]) -> Light {
        let place = |k: usize, cells: u32| {
            let share = (middle[k] + normal[k] * OFFSET_M - self.bounds.min[k])
                / self.bounds.size()[k].max(1e-9);
            (share * f64::from(cells)).clamp(0.0, f64::from(cells - 1)) as usize
        };
        let at = place(1, self.rows) * self.columns as usize + place(0, self.columns);
        let height_m = |byte: usize| {
            let byte = self.bytes.get(at * 2 + byte).copied().unwrap_or(0);
            f64::from(byte) / 255.0 * SHADE_HEIGHT_M
        };
        let to_sun: f64 = sun_direction().iter().zip(normal).map(|(s, n)| s * n).sum();
        let face = (to_sun.max(0.0) * 1.45).min(1.0).sqrt();
        Light {
            sun: face * ((middle[2] - height_m(0)) / 1.2 + 0.58).clamp(0.0, 1.0),
            open: 1.0 - 0.42 * ((height_m(1) - middle[2].max(0.0)) / 7.0).clamp(0.0, 1.0),
        }
    }

    /// Moves the raster out; what is left still knows what it covered.
    #[must_use]
    pub fn take(&mut self) -> Self {
        Self {
            bytes: std::mem::take(&mut self.bytes),
            ..*self
        }
    }
}
