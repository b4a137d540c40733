//! Houses spread over a district of the size of Gusu.

use geo_types::{Coord, LineString, Polygon};

/// 83 km².
pub const SIDE_M: f64 = 9_110.0;
/// A corner of the old city in EPSG:4549, so that the numbers are as long as real ones.
pub const CORNER: [f64; 2] = [554_000.0, 3_463_000.0];

/// Numbers that look random and are the same in every run (SplitMix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.next()
    }

    /// A place in the district.
    pub fn place(&mut self) -> [f64; 2] {
        CORNER.map(|low| low + SIDE_M * self.next())
    }
}

/// As many houses, in cells of a net.
pub fn houses(count: usize) -> Vec<Polygon<f64>> {
    let mut dice = Dice(1);
    let columns = (count as f64).sqrt().ceil();
    let step_m = SIDE_M / columns;
    let outlines = (0..count).map(|number| {
        let cell = [number as f64 % columns, (number as f64 / columns).floor()];
        let at = [0, 1].map(|k| CORNER[k] + (cell[k] + dice.between(0.3, 0.7)) * step_m);
        house(at, step_m, &mut dice)
    });
    outlines.collect()
}

/// An L of six corners, turned.
fn house(at: [f64; 2], step_m: f64, dice: &mut Dice) -> Polygon<f64> {
    let (a, b) = (
        dice.between(0.15, 0.4) * step_m,
        dice.between(0.15, 0.4) * step_m,
    );
    let (sin, cos) = dice.between(0.0, 0.5).sin_cos();
    let corners = [
        [-a, -b],
        [a, -b],
        [a, 0.0],
        [0.2 * a, 0.0],
        [0.2 * a, b],
        [-a, b],
    ];
    let ring = corners.map(|[u, v]| Coord {
        x: at[0] + u * cos - v * sin,
        y: at[1] + u * sin + v * cos,
    });
    Polygon::new(LineString(ring.to_vec()), Vec::new())
}
