//! A house whose movement is known, and the sensor on it: temperature of day and season with weather,
//! a wall that follows with a lag, noise, gaps. From a seed, so that a test gives the same every time.

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

use crate::base::Timestamp;
use crate::model::{Protection, Structure, Usage};
use crate::monitor::{Sample, Subject};

/// 2026-01-01T00:00 in Suzhou.
pub const START_MS: i64 = 1_767_196_800_000;
const DAY_MS: f64 = 86_400_000.0;

/// A house of brick with three storeys, for which the limit up to 24 m holds.
pub const BRICK: Subject = Subject {
    structure: Structure::Masonry,
    protection: Protection::None,
    usage: Usage::Residential,
    height_m: 9.0,
    storeys: 3,
};

/// What is true.
#[derive(Debug, Clone, Copy)]
pub struct Truth {
    pub seed: u64,
    /// Lean at the start, ‰ east and north.
    pub lean: [f64; 2],
    /// Movement, ‰ a month, from `onset_day` on.
    pub rate_month: [f64; 2],
    pub onset_day: f64,
    /// ‰ a °C of the wall's temperature.
    pub per_c: [f64; 2],
    pub lag_h: f64,
    /// Standard deviation of one reading, ‰.
    pub noise: f64,
    /// Share of readings that are missing, in runs of some hours.
    pub missing: f64,
    pub tells_temperature: bool,
    pub interval_min: i64,
}

impl Default for Truth {
    fn default() -> Self {
        Self {
            seed: 1,
            lean: [0.6, 1.2],
            rate_month: [0.0, 0.0],
            onset_day: 0.0,
            // ± 0.3 ‰ for ± 4 °C.
            per_c: [0.045, 0.06],
            lag_h: 1.5,
            noise: 0.1,
            missing: 0.05,
            tells_temperature: true,
            interval_min: 10,
        }
    }
}

/// Chance with a normal distribution.
pub struct Chance(ChaCha8Rng);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// From nought to one.
    pub fn share(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Mean nought, standard deviation one (Box and Muller).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.share()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.share()).cos()
    }
}

impl Truth {
    /// Its readings over so many days.
    pub fn readings(self, days: u32) -> impl Iterator<Item = Sample> {
        let mut chance = Chance::new(self.seed);
        let step_ms = self.interval_min * 60_000;
        let steps = i64::from(days) * 1_440 / self.interval_min;
        let hours = self.interval_min as f64 / 60.0;
        let (mut weather, mut wall, mut silent) = (0.0, None, 0);
        (0..steps).filter_map(move |index| {
            let day = (index * step_ms) as f64 / DAY_MS;
            // Weather comes and goes within days.
            weather +=
                -weather * hours / 60.0 + chance.normal() * 2.5 * (2.0 * hours / 60.0).sqrt();
            let season = -12.0 * (std::f64::consts::TAU * (day - 15.0) / 365.25).cos();
            let hour = day.fract() * 24.0;
            let sun = 4.0 * (std::f64::consts::TAU * (hour - 9.0) / 24.0).sin();
            let air = 16.0 + season + weather + sun;
            let was = wall.unwrap_or(air);
            let now = was + (air - was) * (1.0 - (-hours / self.lag_h.max(1e-6)).exp());
            wall = Some(now);
            if silent > 0 {
                silent -= 1;
                return None;
            }
            if chance.share() < self.missing / 30.0 {
                silent = (chance.share() * 60.0) as i64;
            }
            let months = (day - self.onset_day).max(0.0) / 30.436_875;
            let lean = [0, 1].map(|axis| {
                self.lean[axis]
                    + self.rate_month[axis] * months
                    + self.per_c[axis] * (now - 20.0)
                    + self.noise * chance.normal()
            });
            Some(Sample {
                at: Timestamp::from_millis(START_MS + index * step_ms),
                first: lean[1],
                second: Some(lean[0]),
                temperature_c: self.tells_temperature.then_some(air),
            })
        })
    }
}
