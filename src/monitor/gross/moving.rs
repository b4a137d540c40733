//! A movement from its first reading until the house is at rest again: what moves over several readings
//! is one movement, told as a whole. Constant work a reading.

use serde::{Deserialize, Serialize};

use super::super::thermal::Response;
use super::agree::distance;
use super::{APART_SIGMAS, Gross, GrossLimits, Jump, LEVEL_OF, NOISE_SHARE, Recent, Taken};

/// After so many readings a movement is over, however noisy they are.
const READINGS_MOST: u8 = 64;
/// After so long it is, too: days that lie within it would count as a trend.
const LASTS_MS: i64 = 86_400_000;
/// Readings of the same level hardly ever differ by so many standard deviations.
const APART_MOST: f64 = 4.5;

/// A movement that has not come to rest.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Moving {
    /// Device time of its first reading, ms since 1970.
    at_ms: i64,
    /// The level before it, at the temperature of its first reading that was confirmed.
    from: [f64; 2],
    celsius: Option<f64>,
    /// Where it was last told to have come to.
    to: [f64; 2],
    /// Readings since it was confirmed, and those of them that lie still.
    readings: u8,
    still: u8,
}

/// How far a movement is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in super::super) struct Going {
    /// The whole change up to now.
    pub(in super::super) jump: Jump,
    /// Whether the newest reading lies still further out.
    pub(in super::super) is_on_its_way: bool,
}

impl Moving {
    /// A movement that was confirmed; the same one as that before it where it goes on. What comes back
    /// is another.
    pub(super) fn following(
        before: Option<Self>,
        jump: &Jump,
        taken: &Taken,
        limits: &GrossLimits,
    ) -> Self {
        let alone = Self {
            at_ms: jump.at_ms,
            from: jump.from,
            celsius: taken.celsius,
            to: jump.to,
            readings: 0,
            still: 0,
        };
        let before = before.filter(|before| jump.at_ms - before.at_ms <= LASTS_MS);
        let whole = before.map(|before| Self {
            to: jump.to,
            readings: 0,
            still: 0,
            ..before
        });
        let is_further = |whole: &Self| {
            let was = before.map_or(0.0, |before| distance(before.from, before.to));
            distance(whole.from, whole.to) >= was.max(limits.far)
        };
        whole.filter(is_further).unwrap_or(alone)
    }

    /// The whole of it, where it has come so far.
    pub(super) const fn whole(&self, to: [f64; 2]) -> Jump {
        Jump {
            at_ms: self.at_ms,
            from: self.from,
            to,
        }
    }
}

impl Gross {
    /// Takes a reading that is not far from the level. While a house moves the level is that of its
    /// newest readings: a median of eight would lie halfway.
    pub(super) fn stays(&mut self, taken: &Taken, limits: &GrossLimits) {
        let recent = Recent::of(taken);
        let last = self.recent.back().copied();
        let apart = last.map_or(0.0, |last| distance(last.value.map(f64::from), taken.value));
        let most = limits.agree.max(APART_MOST * self.sigma());
        if let Some(moving) = &mut self.moving {
            moving.readings += 1;
            let is_still = apart <= most;
            moving.still = if is_still { moving.still + 1 } else { 0 };
            let is_over = moving.readings >= READINGS_MOST
                || usize::from(moving.still) > LEVEL_OF
                || taken.at_ms - moving.at_ms > LASTS_MS;
            if is_over {
                self.moving = None;
            } else if let Some(last) = last.filter(|_| !is_still) {
                self.begin_anew([last, recent]);
                return;
            }
        }
        let apart = apart.min(APART_SIGMAS * limits.agree) as f32;
        self.apart = match self.apart {
            0.0 => apart,
            usual => usual + NOISE_SHARE * (apart - usual),
        };
        self.keep(recent);
    }

    /// How far the movement is that has not come to rest; `None` where there is none.
    pub(in super::super) fn going(&self, response: Option<&Response>) -> Option<Going> {
        let moving = self.moving.as_ref()?;
        Some(Going {
            jump: moving.whole(self.level(moving.celsius, response)?),
            is_on_its_way: moving.still == 0,
        })
    }
}
