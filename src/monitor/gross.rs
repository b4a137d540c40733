//! Sudden changes: what a single reading says about a house before any trend can. The first reading far
//! from the level is unconfirmed; the next that agrees confirms it; a lone spike, a sensor that is
//! handled, and one that comes back elsewhere after a silence are told apart from a house that moved.
//! Constant work and memory a reading. Never decides what is alarmed: it says what was seen.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::robust::median;
use super::thermal::Response;
use super::unit::{TiltUnit, other_unit};

/// Readings that make up the level.
const LEVEL_OF: usize = 8;
/// Fewer do not tell a level.
const LEAST: usize = 3;
/// Far readings in a row that do not agree: somebody handles the sensor, or it is broken.
const RESTLESS: u8 = 3;
/// Two jumps go the same way when the cosine between them is above this.
const SAME_WAY: f64 = 0.9;

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
    /// Device time of the first reading at the new level, ms since 1970.
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
        (self.to[0] - self.from[0]).hypot(self.to[1] - self.from[1])
    }
}

/// What a reading says of sudden changes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Seen {
    /// Nothing sudden.
    Level,
    /// Nothing sudden, and the reading before was a lone spike.
    Spike,
    /// Far from the level, for the first time: not confirmed.
    Unconfirmed(Jump),
    /// A second reading agrees: the house moved.
    Moved(Jump),
    /// The level is another, and came to be so while the sensor was silent or handled: mounted anew,
    /// as far as can be told. Somebody must look.
    MountedAnew(Jump),
    /// Both axes changed places.
    AxesSwapped(Jump),
    /// The numbers are of another unit from here on, in which they are smaller.
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
    /// What the numbers of a sensor of tilt are taken to be; `None` for one of a length.
    pub(super) unit: Option<TiltUnit>,
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
        let is_far = jump.size() >= limits.far;
        let Some(pending) = self.pending.take() else {
            if !is_far {
                self.restless = 0;
                self.keep(Recent::of(taken));
                return Seen::Level;
            }
            self.pending = Some(Pending {
                taken: Recent::of(taken),
                jump,
                after_silence,
            });
            return Seen::Unconfirmed(jump);
        };
        if agrees(&pending.jump, &jump, limits) {
            return self.confirmed(&pending, taken, known);
        }
        if !is_far {
            self.keep(Recent::of(taken));
            return Seen::Spike;
        }
        self.restless = self.restless.saturating_add(1);
        self.pending = Some(Pending {
            taken: Recent::of(taken),
            jump,
            after_silence: after_silence || pending.after_silence,
        });
        if self.restless >= RESTLESS {
            Seen::Restless
        } else {
            Seen::Unconfirmed(jump)
        }
    }

    fn confirmed(&mut self, pending: &Pending, taken: &Taken, known: &Known) -> Seen {
        let was_handled = self.restless + 1 >= RESTLESS;
        let jump = pending.jump;
        self.recent.clear();
        self.restless = 0;
        // Two readings that agree are the level; the newer one twice, so that there are enough.
        for one in [pending.taken, Recent::of(taken), Recent::of(taken)] {
            self.keep(one);
        }
        let agree = known.limits.agree;
        // A house may well go on the way it leans: only what shrinks by the ratio of two units is taken
        // for another unit.
        let shrinks = size(jump.to) < size(jump.from);
        let other = (known.unit.filter(|_| shrinks))
            .and_then(|unit| other_unit(unit, jump.from, jump.to, agree));
        if known.unit.is_some() && is_swapped(&jump, agree) {
            Seen::AxesSwapped(jump)
        } else if let Some(other) = other {
            Seen::OtherUnit(jump, other)
        } else if pending.after_silence || was_handled {
            Seen::MountedAnew(jump)
        } else {
            Seen::Moved(jump)
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

/// Whether a second far reading agrees with the first: near it, or further out the same way.
fn agrees(first: &Jump, second: &Jump, limits: &GrossLimits) -> bool {
    let apart = [0, 1].map(|axis| second.to[axis] - first.to[axis]);
    if apart[0].hypot(apart[1]) <= limits.agree {
        return true;
    }
    let way = |jump: &Jump| [0, 1].map(|axis| jump.to[axis] - first.from[axis]);
    let (one, other) = (way(first), way(second));
    let sizes = (one[0].hypot(one[1]), other[0].hypot(other[1]));
    let along = one[0] * other[0] + one[1] * other[1];
    sizes.1 >= sizes.0 && along > SAME_WAY * sizes.0 * sizes.1
}

fn size(value: [f64; 2]) -> f64 {
    value[0].hypot(value[1])
}

/// Whether the new level is the old one with both axes exchanged.
fn is_swapped(jump: &Jump, agree: f64) -> bool {
    let apart = [jump.to[0] - jump.from[1], jump.to[1] - jump.from[0]];
    apart[0].hypot(apart[1]) <= agree
}
