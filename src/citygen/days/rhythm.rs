//! The ordinary course of a day, kind by kind, as a share of the kind's threshold. Ordinary
//! values stay clear of it, whatever a city's table sets it to.

use crate::model::DeviceKind;

use super::noise::{grain, slow, unit};

const HOUR_MS: i64 = 3_600_000;

/// One device at one moment.
pub(super) struct Moment<'a> {
    pub(super) kind: &'a DeviceKind,
    pub(super) seed: u64,
    pub(super) interval_ms: i64,
    /// Milliseconds since 1970 in local time.
    pub(super) local_ms: i64,
}

impl Moment<'_> {
    /// The ordinary value.
    pub(super) fn value(&self) -> f64 {
        let kind = self.kind;
        if kind.min == 0.0 && kind.max == 1.0 {
            // Off is what a kind with a lower threshold warns of.
            let is_on = self.is_on() != kind.alarm_below.is_some();
            return f64::from(u8::from(is_on));
        }
        let high = kind.alarm_above.unwrap_or(kind.max);
        let value = match kind.alarm_below {
            // Between both thresholds, clear of the dead bands too.
            Some(below) => {
                let low = below + kind.alarm_dead_band;
                low + (0.25 + self.share()).clamp(0.1, 0.8) * (high - low)
            }
            None => {
                let low = if high > 0.0 {
                    kind.min.max(0.0)
                } else {
                    kind.min
                };
                low + self.share() * (high - low)
            }
        };
        rounded(value).clamp(kind.min, kind.max)
    }

    /// The second axis of a tilt sensor.
    pub(super) fn second(&self) -> Option<f64> {
        let axis = Moment {
            seed: self.seed ^ 2,
            ..*self
        };
        (self.kind.id.as_str() == "tilt").then(|| rounded(axis.share() * 1.2))
    }

    /// Temperature of devices on walls.
    pub(super) fn temperature_c(&self) -> Option<f64> {
        let told = matches!(self.kind.id.as_str(), "tilt" | "settlement" | "crack");
        told.then(|| (self.warmth_c() * 10.0).round() / 10.0)
    }

    fn hour(&self) -> f64 {
        self.local_ms.rem_euclid(24 * HOUR_MS) as f64 / HOUR_MS as f64
    }

    fn warmth_c(&self) -> f64 {
        let sun = ((self.hour() - 9.0) / 24.0 * std::f64::consts::TAU).sin();
        18.0 + 6.0 * sun + 0.4 * self.grain()
    }

    fn grain(&self) -> f64 {
        grain(self.seed, self.local_ms)
    }

    fn slow(&self, hours: i64) -> f64 {
        slow(self.seed ^ 1, self.local_ms, hours * HOUR_MS)
    }

    /// A number that is the device's own for good.
    fn own(&self) -> f64 {
        unit(self.seed, -1)
    }

    fn share(&self) -> f64 {
        let peak = |at: f64, width: f64| (-((self.hour() - at) / width).powi(2)).exp();
        let at_home = 0.06 + 0.5 * peak(7.0, 1.2) + 0.25 * peak(12.0, 1.0) + 0.6 * peak(19.5, 2.0);
        match self.kind.id.as_str() {
            "water_meter" => {
                // A tap runs or does not run through a quarter of an hour.
                let quarter = self.local_ms.div_euclid(HOUR_MS / 4);
                let runs = unit(self.seed, quarter) < at_home;
                if runs {
                    0.08 + 0.5 * unit(self.seed ^ 3, quarter)
                } else {
                    0.0
                }
            }
            "electric_load" => {
                let base = 0.02 + 0.04 * self.own();
                base + at_home * (0.1 + 0.5 * self.slow(1)) + 0.005 * self.grain().abs()
            }
            "gas_leak" => (0.05 + 0.02 * self.slow(2) + 0.01 * self.grain()).max(0.0),
            "smoke" => (0.06 + 0.15 * at_home * self.slow(1) + 0.01 * self.grain()).max(0.0),
            "air_quality" => {
                let traffic = 0.1 * (peak(8.0, 2.0) + peak(18.0, 2.5));
                0.15 + 0.35 * self.slow(6) + traffic + 0.01 * self.grain()
            }
            // A canal behind sluices: a faint tide and slow rain.
            "water_level" => {
                let tide =
                    (self.local_ms as f64 / (12.42 * HOUR_MS as f64) * std::f64::consts::TAU).sin();
                0.28 + 0.02 * tide + 0.06 * self.slow(18) + 0.001 * self.grain()
            }
            "manhole_cover" => 0.02 + 0.02 * self.grain().abs(),
            // What stands on walls: an offset of its own, the temperature, a slow drift.
            _ => {
                let warm = 0.003 * (self.warmth_c() - 18.0);
                0.05 + 0.3 * self.own() + warm + 0.05 * self.slow(72) + 0.004 * self.grain()
            }
        }
    }

    /// Yes or no: parking fills by night, doors open by day for less than a report's interval.
    fn is_on(&self) -> bool {
        let by_day = (7.0..21.0).contains(&self.hour());
        let slot = self.local_ms.div_euclid(self.interval_ms);
        match self.kind.id.as_str() {
            "parking" => {
                let full = if by_day { 0.45 } else { 0.85 };
                unit(self.seed, self.local_ms.div_euclid(2 * HOUR_MS)) < full
            }
            "door" => by_day && slot % 2 == 0 && unit(self.seed, slot) < 0.15,
            _ => false,
        }
    }
}

/// Three decimals: what a device would send.
pub(super) fn rounded(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}
