//! Sudden changes: what a single reading says about a house before any trend can. The first reading far
//! from the level is unconfirmed; the next that agrees confirms it; a lone spike, a sensor that is
//! handled, and one that comes back elsewhere after a silence are told apart from a house that moved.
//! Constant work and memory a reading. Never decides what is alarmed: it says what was seen.

mod agree;
mod moving;

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::robust::median;
use super::thermal::Response;
use super::unit::{Mounting, TiltUnit};

use agree::{agrees, distance, goes_on, slack, taken_for};
use moving::Moving;

/// Readings that make up the level.
const LEVEL_OF: usize = 8;
/// Fewer do not tell a level.
const LEAST: usize = 3;
/// Far readings in a row that do not agree: somebody handles the sensor, or it is broken.
const RESTLESS: u8 = 3;
/// A house that goes on falling has no two readings that agree: so many more behind the first, each
/// further out the same way, confirm it as well.
const ONWARD: u8 = 2;
/// A noisy sensor often tells what would be far for a quiet one: a reading is far by so many standard
/// deviations at least.
const FAR_SIGMAS: f64 = 8.0;
/// What one reading weighs in the noise of a sensor.
const NOISE_SHARE: f32 = 0.05;
/// The distance of two readings whose axes both have noise, in standard deviations of one of them: the
/// mean of a Rayleigh distribution with √2 of these.
const APART_SIGMAS: f64 = 1.772;

/// How sudden changes are judged, in the unit of the series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GrossLimits {
    /// A change of so much between the level and one reading is gross.
    pub far: f64,
    /// Readings that differ less agree.
    pub agree: f64,
    /// After a silence of so many usual intervals a sensor may have been mounted anew.
    pub silent_intervals: f64,
}

/// A change of level.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Jump {
    /// Device time of the first reading away from the level before, ms since 1970.
    pub at_ms: i64,
    /// The level before, in the unit of the series.
    pub from: [f64; 2],
    /// The level after.
    pub to: [f64; 2],
}

impl Jump {
    /// Its size, in the unit of the series.
    #[must_use]
    pub fn size(&self) -> f64 {
        distance(self.from, self.to)
    }
}

/// What a reading says of sudden changes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Seen {
    /// Nothing sudden.
    Level,
    /// Nothing sudden, and the reading before was a lone spike.
    Spike,
    /// Far from the level, and not confirmed.
    Unconfirmed(Jump),
    /// Another reading agrees: the house moved. One that goes on moving is told again, with the whole
    /// change since it began, at the moment at which it began.
    Moved(Jump),
    /// The level is another, and came to be so while the sensor was silent or handled: mounted anew,
    /// as far as can be told. Somebody must look.
    MountedAnew(Jump),
    /// Both axes changed places.
    AxesSwapped(Jump),
    /// The numbers are of another unit from here on.
    OtherUnit(Jump, TiltUnit),
    /// Readings jump about: handled, or broken.
    Restless,
}

/// A reading of the level, as it came: what temperature did to it is taken off when it is looked at, by
/// what is known then.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Recent {
    value: [f32; 2],
    /// Filtered temperature, °C, where one was told.
    celsius: Option<f32>,
}

/// A reading to be judged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Taken {
    /// Device time, ms since 1970.
    pub(super) at_ms: i64,
    /// Its value as measured.
    pub(super) value: [f64; 2],
    /// Filtered temperature, °C.
    pub(super) celsius: Option<f64>,
}

/// What readings are judged with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known<'a> {
    /// How a sensor of tilt hangs; `None` for one of a length.
    pub(super) mounting: Option<&'a Mounting>,
    /// The unit that its numbers look like since they changed to another.
    pub(super) other_unit: Option<TiltUnit>,
    /// What temperature does to it.
    pub(super) response: Option<Response>,
    /// The limits.
    pub(super) limits: &'a GrossLimits,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Pending {
    taken: Recent,
    jump: Jump,
    after_silence: bool,
    /// Device time of the first of the far readings that go on the same way up to this one, ms since 1970.
    #[serde(default)]
    begun_ms: i64,
    /// How many of those lie behind the first.
    #[serde(default)]
    onward: u8,
}

/// The level of a sensor and what is pending against it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Gross {
    recent: VecDeque<Recent>,
    last_ms: i64,
    /// Usual time between readings, ms; nought before it is known.
    interval_ms: f64,
    pending: Option<Pending>,
    restless: u8,
    /// How far two readings of the level that follow each other usually lie apart.
    #[serde(default)]
    apart: f32,
    /// A house that moved and has not come to rest.
    #[serde(default)]
    moving: Option<Moving>,
}

impl Recent {
    fn of(taken: &Taken) -> Self {
        Self {
            value: taken.value.map(|value| value as f32),
            celsius: taken.celsius.map(|celsius| celsius as f32),
        }
    }

    /// Its value as it would be at a temperature; as it is where one of both is not known.
    fn at(&self, celsius: Option<f64>, response: Option<&Response>) -> [f64; 2] {
        let value = self.value.map(f64::from);
        match (response, self.celsius, celsius) {
            (Some(response), Some(own), Some(celsius)) => {
                let warmer = f64::from(own) - celsius;
                [0, 1].map(|axis| value[axis] - response.per_c[axis] * warmer)
            }
            _ => value,
        }
    }
}

impl Gross {
    /// Bytes that it points to.
    pub(super) fn bytes(&self) -> usize {
        self.recent.capacity() * std::mem::size_of::<Recent>()
    }

    /// Standard deviation of a single reading, as far as is known; nought before it is.
    pub(super) fn sigma(&self) -> f64 {
        f64::from(self.apart) / APART_SIGMAS
    }

    /// The level at a temperature: the median of the last readings; `None` before there are enough.
    pub(super) fn level(
        &self,
        celsius: Option<f64>,
        response: Option<&Response>,
    ) -> Option<[f64; 2]> {
        if self.recent.len() < LEAST {
            return None;
        }
        let axis = |axis: usize| {
            let values = self
                .recent
                .iter()
                .map(|one| one.at(celsius, response)[axis]);
            median(&mut values.collect::<Vec<_>>())
        };
        Some([axis(0)?, axis(1)?])
    }

    /// Takes a reading. Changes are told at the temperature of that reading.
    pub(super) fn take(&mut self, taken: &Taken, known: &Known) -> Seen {
        let limits = known.limits;
        let after_silence = self.was_silent(taken.at_ms, limits);
        let Some(level) = self.level(taken.celsius, known.response.as_ref()) else {
            self.keep(Recent::of(taken));
            return Seen::Level;
        };
        let jump = Jump {
            at_ms: taken.at_ms,
            from: level,
            to: taken.value,
        };
        let is_far = jump.size() >= limits.far.max(FAR_SIGMAS * self.sigma());
        let mut next = Pending {
            taken: Recent::of(taken),
            jump,
            after_silence,
            begun_ms: jump.at_ms,
            onward: 0,
        };
        let Some(pending) = self.pending.take() else {
            if !is_far {
                self.restless = 0;
                self.stays(taken, limits);
                return Seen::Level;
            }
            self.pending = Some(next);
            return Seen::Unconfirmed(jump);
        };
        if agrees(
            &pending.jump,
            &jump,
            slack(&pending.jump, self.sigma(), limits),
        ) {
            return self.confirmed(&pending, pending.jump, taken, known);
        }
        if !is_far {
            self.keep(Recent::of(taken));
            return Seen::Spike;
        }
        if goes_on(&pending.jump, &jump) {
            // What was pending before an update of the program knows no other.
            let at_ms = match pending.begun_ms {
                0 => pending.jump.at_ms,
                begun_ms => begun_ms,
            };
            if pending.onward + 1 >= ONWARD {
                return self.confirmed(&pending, Jump { at_ms, ..jump }, taken, known);
            }
            (next.begun_ms, next.onward) = (at_ms, pending.onward + 1);
        }
        next.after_silence = after_silence || pending.after_silence;
        self.restless = self.restless.saturating_add(1);
        self.pending = Some(next);
        if self.restless >= RESTLESS {
            Seen::Restless
        } else {
            Seen::Unconfirmed(jump)
        }
    }

    /// What a jump is taken for that the reading bears out.
    fn confirmed(&mut self, pending: &Pending, jump: Jump, taken: &Taken, known: &Known) -> Seen {
        let was_handled = self.restless + 1 >= RESTLESS;
        let sigma = self.sigma();
        self.begin_anew([pending.taken, Recent::of(taken)]);
        self.restless = 0;
        if let Some(seen) = taken_for(&jump, sigma, known) {
            self.moving = None;
            return seen;
        }
        if pending.after_silence || was_handled {
            self.moving = None;
            return Seen::MountedAnew(jump);
        }
        let moving = Moving::following(self.moving.take(), &jump, taken, known.limits);
        let jump = moving.whole(jump.to);
        self.moving = Some(moving);
        Seen::Moved(jump)
    }

    /// Two readings that agree are the level; the newer one twice, so that there are enough.
    fn begin_anew(&mut self, [one, newer]: [Recent; 2]) {
        self.recent.clear();
        for one in [one, newer, newer] {
            self.keep(one);
        }
    }

    fn keep(&mut self, one: Recent) {
        if self.recent.len() == LEVEL_OF {
            self.recent.pop_front();
        }
        self.recent.push_back(one);
    }

    /// Whether the time since the last reading is a silence; learns how long it usually is.
    fn was_silent(&mut self, at_ms: i64, limits: &GrossLimits) -> bool {
        let apart = (at_ms - self.last_ms) as f64;
        let is_first = self.last_ms == 0;
        self.last_ms = at_ms;
        if is_first || apart <= 0.0 {
            return false;
        }
        if self.interval_ms == 0.0 {
            self.interval_ms = apart;
            return false;
        }
        let is_silence = apart > limits.silent_intervals * self.interval_ms;
        // A silence moves what is usual by little, so that a device that slows down is followed.
        let share = if is_silence { 0.02 } else { 0.1 };
        self.interval_ms += share * (apart.min(20.0 * self.interval_ms) - self.interval_ms);
        is_silence
    }
}
