//! Chance that can be asked for again: every number follows from what it is asked with.

/// Mixes two words into one that looks random (SplitMix64's finaliser).
pub(super) fn mix(a: u64, b: u64) -> u64 {
    let mut z = a
        .wrapping_add(b.wrapping_mul(0x9E37_79B9_7F4A_7C15))
        .wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A number in 0..1 for this seed and this key.
pub(super) fn unit(seed: u64, key: i64) -> f64 {
    // 53 bits fill a double exactly.
    (mix(seed, key as u64) >> 11) as f64 / (1_u64 << 53) as f64
}

/// Noise about zero, rarely beyond ±1 and never beyond ±2: four even numbers added.
pub(super) fn grain(seed: u64, key: i64) -> f64 {
    (0..4).map(|part| unit(mix(seed, part), key)).sum::<f64>() - 2.0
}

/// Noise in 0..1 that takes `period_ms` to change.
pub(super) fn slow(seed: u64, at_ms: i64, period_ms: i64) -> f64 {
    let knot = at_ms.div_euclid(period_ms);
    let share = at_ms.rem_euclid(period_ms) as f64 / period_ms as f64;
    let smooth = share * share * (3.0 - 2.0 * share);
    let (a, b) = (unit(seed, knot), unit(seed, knot + 1));
    a + (b - a) * smooth
}

/// A row of numbers from one seed, for the planner.
#[derive(Debug, Clone)]
pub(super) struct Dice {
    seed: u64,
    thrown: i64,
}

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self { seed, thrown: 0 }
    }

    /// The next number in 0..1.
    pub(super) fn unit(&mut self) -> f64 {
        self.thrown += 1;
        unit(self.seed, self.thrown)
    }

    /// A number in `low..high`.
    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A place in a list of `len`, which must not be empty.
    pub(super) fn place(&mut self, len: usize) -> usize {
        ((self.unit() * len as f64) as usize).min(len - 1)
    }
}
