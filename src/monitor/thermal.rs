//! How a sensor answers to temperature, learned from within its days: movement over weeks does not
//! spoil it, since each day is held against its own mean. A wall warms later than the air beside it,
//! so several lags are followed side by side, and the one that explains most is taken. Constant work
//! and memory a reading. Never compensates before it has learned enough.
//!
//! Method: for each lag the temperature runs through a first-order filter; within a day the covariance
//! of value and filtered temperature is summed up, and days fade out of the sums with a half-life.

use serde::{Deserialize, Serialize};

/// Time constants that are tried, hours.
pub const LAGS_H: [f64; 5] = [0.0, 1.0, 2.5, 5.0, 9.0];
/// The temperature that values are brought to, °C.
pub const REFERENCE_C: f64 = 20.0;

/// Days after which a day counts half.
const HALF_LIFE_DAYS: f64 = 20.0;
/// A day with fewer readings tells nothing of how they hang together.
const LEAST_READINGS: f64 = 12.0;
/// Nor one in which the temperature hardly changed: standard deviation, °C.
const LEAST_SWING_C: f64 = 0.3;
/// Days (in weights) after which the answer is believed.
const LEAST_DAYS: f64 = 3.0;
/// Below this share of the variance within days temperature explains nothing.
const LEAST_EXPLAINED: f64 = 0.1;
/// A day's residual variance so many times the usual one counts less by that.
const ODD_DAY: f64 = 6.0;

/// Sums over one day for one lag.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
struct Sums {
    t: f64,
    tt: f64,
    xt: [f64; 2],
}

/// What fades: sums of squares and products about the mean of each day, for one lag.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
struct Faded {
    tt: f64,
    xt: [f64; 2],
}

/// What has been learned about one device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Thermal {
    /// Filtered temperature for each lag, °C; `None` before the first.
    filtered_c: Option<[f64; LAGS_H.len()]>,
    last_ms: i64,
    today: [Sums; LAGS_H.len()],
    count: f64,
    x: [f64; 2],
    xx: [f64; 2],
    /// Taken off before sums are made, so that they stay small.
    origin: [f64; 2],
    faded: [Faded; LAGS_H.len()],
    faded_xx: [f64; 2],
    days: f64,
    /// Residual variance of usual days.
    usual: f64,
    lag: usize,
}

impl Default for Thermal {
    fn default() -> Self {
        Self {
            filtered_c: None,
            last_ms: 0,
            today: Default::default(),
            count: 0.0,
            x: [0.0; 2],
            xx: [0.0; 2],
            origin: [0.0; 2],
            faded: Default::default(),
            faded_xx: [0.0; 2],
            days: 0.0,
            usual: 0.0,
            lag: 0,
        }
    }
}

/// What temperature does to a device.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Response {
    /// In the unit of the series a °C, for both components.
    pub per_c: [f64; 2],
    /// How long the wall takes to follow, hours.
    pub lag_h: f64,
    /// Share of the variance within days that it explains, 0 to 1.
    pub explained: f64,
}

impl Thermal {
    /// Takes the temperature of a reading, °C. Answers with the filtered one of the lag that counts
    /// now.
    pub fn warm(&mut self, at_ms: i64, temperature_c: f64) -> f64 {
        let apart_h = (at_ms - self.last_ms) as f64 / 3_600_000.0;
        self.last_ms = at_ms;
        let mut filtered = self.filtered_c.unwrap_or([temperature_c; LAGS_H.len()]);
        for (value, lag_h) in filtered.iter_mut().zip(LAGS_H) {
            let share = if lag_h > 0.0 {
                1.0 - (-apart_h.max(0.0) / lag_h).exp()
            } else {
                1.0
            };
            *value += (temperature_c - *value) * share;
        }
        self.filtered_c = Some(filtered);
        filtered[self.lag]
    }

    /// Learns from the value of the reading whose temperature was taken last. Not called for one that
    /// is wild: it would be taken for what temperature does.
    pub fn take(&mut self, value: [f64; 2]) {
        let Some(filtered) = self.filtered_c else {
            return;
        };
        if self.count == 0.0 && self.days == 0.0 {
            self.origin = value;
        }
        self.count += 1.0;
        let x = [value[0] - self.origin[0], value[1] - self.origin[1]];
        for (axis, x) in x.iter().enumerate() {
            self.x[axis] += x;
            self.xx[axis] += x * x;
        }
        for (sums, value) in self.today.iter_mut().zip(filtered) {
            let t = value - REFERENCE_C;
            sums.t += t;
            sums.tt += t * t;
            for (sum, x) in sums.xt.iter_mut().zip(x) {
                *sum += x * t;
            }
        }
    }

    /// Ends a day. One in which a sensor was touched or the house moved is not `ordinary` and teaches
    /// nothing about temperature.
    pub fn end_day(&mut self, is_ordinary: bool) {
        if is_ordinary && self.count >= LEAST_READINGS {
            self.learn();
        }
        self.today = Default::default();
        self.count = 0.0;
        self.x = [0.0; 2];
        self.xx = [0.0; 2];
    }

    fn learn(&mut self) {
        let n = self.count;
        let about_mean = |xy: f64, x: f64, y: f64| xy / n - (x / n) * (y / n);
        let day = self.today.map(|sums| Faded {
            tt: about_mean(sums.tt, sums.t, sums.t).max(0.0),
            xt: [0, 1].map(|axis| about_mean(sums.xt[axis], self.x[axis], sums.t)),
        });
        if day[0].tt < LEAST_SWING_C * LEAST_SWING_C {
            return;
        }
        let xx = [0, 1].map(|axis| about_mean(self.xx[axis], self.x[axis], self.x[axis]).max(0.0));
        let weight = self.weight_of(&day[self.lag], xx);
        let fade = 0.5_f64.powf(1.0 / HALF_LIFE_DAYS);
        for (faded, day) in self.faded.iter_mut().zip(&day) {
            faded.tt = faded.tt * fade + weight * day.tt;
            for (sum, xt) in faded.xt.iter_mut().zip(day.xt) {
                *sum = *sum * fade + weight * xt;
            }
        }
        for (sum, xx) in self.faded_xx.iter_mut().zip(xx) {
            *sum = *sum * fade + weight * xx;
        }
        self.days = self.days * fade + weight;
        let best = (0..LAGS_H.len())
            .map(|lag| (lag, self.explained(lag)))
            .max_by(|one, other| one.1.total_cmp(&other.1));
        self.lag = best.map_or(0, |(lag, _)| lag);
    }

    /// How much a day counts: one, or less where it does not follow what was learned so far.
    fn weight_of(&mut self, day: &Faded, xx: [f64; 2]) -> f64 {
        let slope = self.slope(self.lag);
        let residual: f64 = (0..2)
            .map(|axis| xx[axis] - 2.0 * slope[axis] * day.xt[axis] + slope[axis].powi(2) * day.tt)
            .sum::<f64>()
            .max(0.0);
        if self.days < LEAST_DAYS {
            self.usual = self.usual.max(residual);
            return 1.0;
        }
        let limit = ODD_DAY * self.usual.max(f64::MIN_POSITIVE);
        let weight = (limit / residual.max(f64::MIN_POSITIVE)).min(1.0);
        // The usual variance follows slowly, and an odd day moves it by its weight alone.
        self.usual += 0.1 * weight * (residual.min(limit) - self.usual);
        weight
    }

    fn slope(&self, lag: usize) -> [f64; 2] {
        let faded = &self.faded[lag];
        if faded.tt > 0.0 {
            faded.xt.map(|xt| xt / faded.tt)
        } else {
            [0.0; 2]
        }
    }

    fn explained(&self, lag: usize) -> f64 {
        let all: f64 = self.faded_xx.iter().sum();
        let slope = self.slope(lag);
        let told: f64 = (0..2)
            .map(|axis| slope[axis] * self.faded[lag].xt[axis])
            .sum();
        if all > 0.0 {
            (told / all).clamp(0.0, 1.0)
        } else {
            0.0
        }
    }

    /// What temperature does, once enough days have told; `None` before, or where it explains nothing.
    #[must_use]
    pub fn response(&self) -> Option<Response> {
        let explained = self.explained(self.lag);
        (self.days >= LEAST_DAYS && explained >= LEAST_EXPLAINED).then(|| Response {
            per_c: self.slope(self.lag),
            lag_h: LAGS_H[self.lag],
            explained,
        })
    }
}

impl Response {
    /// A value brought to [`REFERENCE_C`].
    #[must_use]
    pub fn compensated(&self, value: [f64; 2], filtered_c: f64) -> [f64; 2] {
        let warmer = filtered_c - REFERENCE_C;
        [0, 1].map(|axis| value[axis] - self.per_c[axis] * warmer)
    }
}
