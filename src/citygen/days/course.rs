//! What a sensor of tilt, settlement or a crack shows: a wall with a level of its own that the warmth of
//! day, weather and season bends, that creeps, and that moves where a story says so. A pure function of
//! seed, device and time, so that a past which is written down later joins what is told live. Used by
//! `report`; which device has which story is decided in `stories`. Never plants an incident.

use std::f64::consts::TAU;

use crate::base::DeviceId;
use crate::model::DeviceKind;

use super::noise::{grain, mix, slow, unit};
use super::rhythm::rounded;
use super::role::Role;
use super::stories::Story;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: f64 = 86_400_000.0;
/// Days in a month of rates: a twelfth of a year.
const MONTH_DAYS: f64 = 30.436_875;
const YEAR_DAYS: f64 = 365.25;
/// Levels are told at this temperature of the wall, °C.
const REFERENCE_C: f64 = 20.0;
/// The mean of a year, and how far the mean of a month swings about it, °C (Suzhou).
const YEAR_C: f64 = 16.5;
const SEASON_C: f64 = 12.0;
/// The coldest day of the year.
const COLDEST_DAY: f64 = 20.0;
/// A movement that is under way when the simulation begins fades with this time constant, so that a
/// simulation that runs for a year does not lay houses flat.
const FADES_DAYS: f64 = 40.0;
/// Readings are missing for so long at a time, in so large a share of such times.
const GAP_MS: i64 = 5 * HOUR_MS;
const GAP_SHARE: f64 = 0.015;
/// What live feeds tell has no gaps but those of the plan: tests hold these against the rules.
const GAPLESS_DAYS: f64 = 1.0;

/// What a sensor on a building measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measures {
    /// ‰ in two axes; told in mrad, which is the same to a thousandth for what houses lean by.
    Tilt,
    /// Millimetres downwards.
    Settlement,
    /// Millimetres of width.
    Crack,
}

impl Measures {
    /// What a kind measures, if it has a course of its own: the standard ones in their units. Another
    /// unit has the ordinary rhythm of a wall.
    pub(super) fn of(kind: &DeviceKind) -> Option<Self> {
        match (kind.id.as_str(), kind.unit.as_str()) {
            ("tilt", "mrad") => Some(Self::Tilt),
            ("settlement", "mm") => Some(Self::Settlement),
            ("crack", "mm") => Some(Self::Crack),
            _ => None,
        }
    }

    /// The threshold of the standard kind, for which the figures here are made.
    const fn usual_threshold(self) -> f64 {
        match self {
            Self::Tilt => 4.0,
            Self::Settlement => 20.0,
            Self::Crack => 10.0,
        }
    }
}

/// A movement with a beginning.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Movement {
    /// How far until the simulation begins: ‰ east and north, or mm and nought.
    pub(super) by: [f64; 2],
    /// Days before the simulation's start at which it sets in.
    pub(super) onset_days: f64,
    /// Whether it gets faster: with the square of time, not with time.
    pub(super) speeds_up: bool,
}

impl Movement {
    /// The share of it that is done so many days behind the start.
    fn share(&self, day: f64) -> f64 {
        let (power, rate) = if self.speeds_up { (2, 2.0) } else { (1, 1.0) };
        let till_start = ((day + self.onset_days) / self.onset_days).clamp(0.0, 1.0);
        let behind = FADES_DAYS * (1.0 - (-day.max(0.0) / FADES_DAYS).exp());
        till_start.powi(power) + rate / self.onset_days * behind
    }
}

/// How a sensor goes through time.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Course {
    measures: Measures,
    seed: u64,
    /// The weather is that of the whole city.
    city_seed: u64,
    /// At [`REFERENCE_C`], when the simulation begins.
    base: [f64; 2],
    /// A °C of the wall.
    per_c: [f64; 2],
    /// How long the wall takes to follow, hours.
    lag_h: f64,
    creep_month: [f64; 2],
    noise: f64,
    /// Sine and cosine of the bearing of the first axis.
    hangs: [f64; 2],
    pub(super) role: Role,
}

/// One moment of a course.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Shown {
    pub(super) value: f64,
    pub(super) second: Option<f64>,
    pub(super) temperature_c: f64,
}

/// A moment, as a course asks for it.
#[derive(Debug, Clone, Copy)]
pub(super) struct When {
    pub(super) at_ms: i64,
    /// Milliseconds since 1970 in local time.
    pub(super) local_ms: i64,
    /// When the simulation began.
    pub(super) start_ms: i64,
    pub(super) interval_ms: i64,
}

impl When {
    /// Days since the simulation began; less than nought before.
    pub(super) fn day(&self) -> f64 {
        (self.at_ms - self.start_ms) as f64 / DAY_MS
    }

    /// The same at another time.
    pub(super) const fn moved_to(self, at_ms: i64) -> Self {
        let local_ms = self.local_ms + at_ms - self.at_ms;
        Self {
            at_ms,
            local_ms,
            ..self
        }
    }
}

impl Course {
    /// The course of a device. `limit_permille` is about what its house may lean.
    pub(super) fn new(
        measures: Measures,
        kind: &DeviceKind,
        [city_seed, seed]: [u64; 2],
        device: DeviceId,
        limit_permille: f64,
        role: Role,
    ) -> Self {
        let own = |key: i64| unit(seed ^ 0x00C0_0125, key);
        let way = |turn: f64| [(turn * TAU).sin(), (turn * TAU).cos()];
        let times = |size: f64, [x, y]: [f64; 2]| [size * x, size * y];
        let (base, per_c, creep, noise) = match measures {
            Measures::Tilt => (
                times(limit_permille * (0.04 + 0.15 * own(1)), way(own(2))),
                // The sunny side grows: a wall bends to the north, more or less.
                times(0.015 + 0.025 * own(3), way(0.2 * own(4) - 0.1)),
                0.015 * own(5),
                0.05,
            ),
            Measures::Settlement => (
                [0.5 + 5.0 * own(1), 0.0],
                [0.02 + 0.03 * own(3), 0.0],
                0.15 * own(5),
                0.25,
            ),
            // What is cold is narrow, and the gap between two parts of a wall the wider.
            Measures::Crack => (
                [0.4 + 1.9 * own(1), 0.0],
                [-0.004 - 0.010 * own(3), 0.0],
                0.006 * own(5),
                0.03,
            ),
        };
        let scale = kind.alarm_above.map_or(1.0, |above| {
            (above / measures.usual_threshold()).clamp(0.0, 1.0)
        });
        let base = role.base.unwrap_or(base);
        let size = base[0].hypot(base[1]).max(1e-9);
        let bearing = bearing_deg(device).to_radians();
        Self {
            measures,
            seed,
            city_seed,
            base: times(scale, base),
            per_c: times(scale, role.per_c.unwrap_or(per_c)),
            lag_h: 0.5 + 4.5 * own(6),
            creep_month: times(scale * creep / size, base),
            noise: scale * noise,
            hangs: [bearing.sin(), bearing.cos()],
            role,
        }
    }

    /// Whether anything is sent at a moment.
    pub(super) fn is_sent(&self, when: When) -> bool {
        // A gap must not swallow the one reading that a story is about.
        let has_gaps = when.day() < -GAPLESS_DAYS && self.story() != Some(Story::Spiked);
        let is_gap =
            has_gaps && unit(self.seed ^ 0x6A9, when.local_ms.div_euclid(GAP_MS)) < GAP_SHARE;
        !is_gap && !self.role.is_silent(when.day())
    }

    /// What is shown at a moment.
    pub(super) fn shown(&self, when: When) -> Shown {
        let When { local_ms, .. } = when;
        let temperature_c = self.air_c(local_ms) + 0.2 * grain(self.seed ^ 0x7E, local_ms);
        let told = self.role.told_of(when);
        let [value, second] = self.axes(told);
        let is_tilt = self.measures == Measures::Tilt;
        Shown {
            value: rounded(value),
            second: is_tilt.then(|| rounded(second)),
            temperature_c: (temperature_c * 10.0).round() / 10.0,
        }
    }

    /// What both axes show.
    fn axes(&self, when: When) -> [f64; 2] {
        let When { local_ms, .. } = when;
        let day = when.day();
        let warmer = self.wall_c(local_ms) - REFERENCE_C;
        let months = day / MONTH_DAYS;
        let moved = self.role.movement.as_ref();
        let off = self.role.off(when);
        let value = [0, 1].map(|axis| {
            let moved = moved.map_or(0.0, |it| it.by[axis] * it.share(day));
            self.base[axis]
                + self.creep_month[axis] * months
                + self.per_c[axis] * warmer
                + moved
                + off[axis]
        });
        let noise = |salt: u64| self.noise * grain(self.seed ^ salt, local_ms);
        match self.measures {
            Measures::Tilt => {
                let [sin, cos] = self.hangs;
                let [east, north] = value;
                [
                    east * sin + north * cos + noise(0x11),
                    east * cos - north * sin + noise(0x22),
                ]
            }
            Measures::Settlement => [value[0] + noise(0x11), 0.0],
            Measures::Crack => [(value[0] + noise(0x11)).max(0.05), 0.0],
        }
    }

    /// The air beside the wall, °C.
    fn air_c(&self, local_ms: i64) -> f64 {
        self.slow_c(local_ms) + self.sun_c(local_ms, 0.0)
    }

    /// The wall, which follows the air with a lag: a first-order filter, whose answer to a day's wave is
    /// known, and which weather passes as a delay.
    fn wall_c(&self, local_ms: i64) -> f64 {
        let lag_ms = (self.lag_h * HOUR_MS as f64) as i64;
        self.slow_c(local_ms - lag_ms) + self.sun_c(local_ms, self.lag_h)
    }

    /// Season and weather.
    fn slow_c(&self, local_ms: i64) -> f64 {
        let day = local_ms as f64 / DAY_MS;
        let season = -SEASON_C * (TAU * (day - COLDEST_DAY) / YEAR_DAYS).cos();
        let weather = |salt: u64, size: f64, hours: i64| {
            size * (slow(mix(self.city_seed, salt), local_ms, hours * HOUR_MS) - 0.5)
        };
        YEAR_C + season + weather(0xC01D, 8.0, 70) + weather(0xF207, 2.5, 19)
    }

    /// The wave of a day, warmest at three in the afternoon, less of it under clouds.
    fn sun_c(&self, local_ms: i64, lag_h: f64) -> f64 {
        let turn = TAU / 24.0;
        let hour = local_ms.rem_euclid(24 * HOUR_MS) as f64 / HOUR_MS as f64;
        let clear = slow(mix(self.city_seed, 0x5019), local_ms, 40 * HOUR_MS);
        let damped = (1.0 + (turn * lag_h).powi(2)).sqrt();
        (2.5 + 3.0 * clear) / damped * (turn * (hour - 9.0) - (turn * lag_h).atan()).sin()
    }

    /// The story of the device, if it has one.
    pub(super) fn story(&self) -> Option<Story> {
        self.role.story
    }
}

/// How the first axis of a tilt sensor hangs, degrees from grid north: of the device alone, so that the
/// table beside a generated city and what is simulated agree.
pub(super) fn bearing_deg(device: DeviceId) -> f64 {
    (unit(mix(0xBEA2, device.bits()), 0) * 72.0).floor() * 5.0
}

/// The bearing that somebody noted when a synthetic tilt sensor was mounted, degrees from grid north; of
/// one in fourteen nobody did.
#[must_use]
pub fn noted_bearing_deg(device: DeviceId) -> Option<f64> {
    let is_noted = unit(mix(0xBEA2, device.bits()), 1) > 1.0 / 14.0;
    is_noted.then(|| bearing_deg(device))
}
