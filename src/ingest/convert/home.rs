//! Whether what arrives can belong to one city: nothing lies too far from its home, which is what
//! the city covers or, of a new one, the middle of its first file. Used by `converter`, part by
//! part. Never moves a coordinate.

use crate::space::{Bounds2, Crs};

use super::super::error::ReadError;
use super::super::raw::{RawFeature, RawShape};
use super::super::target::{self, FAR_M};

/// What distances are measured from, and what was found so far.
pub(super) struct Home {
    at: Option<Bounds2>,
    /// Of a home that is guessed; `None` of one that is known.
    guess: Option<Guess>,
    /// Features that have a position.
    located: usize,
    /// Features that cannot belong here.
    misfits: usize,
    /// Place and reason of the first of them.
    first_misfit: Option<(String, String)>,
}

/// What a guessed home is checked with when all of the file was seen.
struct Guess {
    /// First positions of the features that could be placed.
    firsts: Vec<[f64; 2]>,
    /// The farthest position of what was taken; metres.
    farthest_m: f64,
    /// The farthest position of the feature that was refused most narrowly; metres.
    nearest_stray_m: f64,
}

fn point(at: [f64; 2]) -> Bounds2 {
    Bounds2 { min: at, max: at }
}

impl Home {
    /// The home of a city that covers `extent`, or the one that an earlier reading found; the
    /// middle of what comes where there is neither.
    pub(super) fn new(extent: Option<Bounds2>, known: Option<[f64; 2]>) -> Self {
        let extent = extent.filter(|extent| !extent.is_empty());
        let at = extent.or(known.map(point));
        let guess = at.is_none().then(|| Guess {
            firsts: Vec::new(),
            farthest_m: 0.0,
            nearest_stray_m: f64::INFINITY,
        });
        Self {
            at,
            guess,
            located: 0,
            misfits: 0,
            first_misfit: None,
        }
    }

    /// Learns the first positions of a part's features, before any of them is judged.
    pub(super) fn meet(&mut self, firsts: impl Iterator<Item = [f64; 2]>) {
        let Some(guess) = &mut self.guess else { return };
        guess.firsts.extend(firsts);
        if self.at.is_none() {
            self.at = target::median(guess.firsts.iter().copied()).map(point);
        }
    }

    /// Why a feature cannot belong here, if it cannot; `fault` is why it could not be placed.
    pub(super) fn judge(&mut self, feature: &RawFeature, fault: Option<String>) -> Option<String> {
        self.located += usize::from(!feature.shape.is_empty());
        let reason = fault.or_else(|| self.too_far(&feature.shape))?;
        self.misfits += 1;
        self.first_misfit
            .get_or_insert_with(|| (feature.place(), reason.clone()));
        Some(reason)
    }

    fn too_far(&mut self, shape: &RawShape) -> Option<String> {
        let home = self.at?;
        let farthest_m = shape
            .positions()
            .map(|at| target::distance_m(&home, [at[0], at[1]]))
            .fold(0.0, f64::max);
        let is_stray = farthest_m > FAR_M;
        if let Some(guess) = &mut self.guess {
            if is_stray {
                guess.nearest_stray_m = guess.nearest_stray_m.min(farthest_m);
            } else {
                guess.farthest_m = guess.farthest_m.max(farthest_m);
            }
        }
        is_stray.then(|| {
            format!(
                "it lies {:.0} km from the rest of the city",
                farthest_m / 1000.0
            )
        })
    }

    /// The true middle, where a guessed one may have led to another judgement of some feature.
    pub(super) fn misled(&self) -> Option<[f64; 2]> {
        let guess = self.guess.as_ref()?;
        let middle = target::median(guess.firsts.iter().copied())?;
        let off_m = target::distance_m(&self.at?, middle);
        let holds = guess.farthest_m + off_m <= FAR_M && guess.nearest_stray_m - off_m > FAR_M;
        (!holds).then_some(middle)
    }

    /// Refuses a file of which most does not belong here: a few stray features are the file's
    /// fault, most of them mean a wrong CRS.
    pub(super) fn check(self, source: &Crs) -> Result<(), ReadError> {
        match self.first_misfit {
            Some((feature, reason)) if self.misfits * 2 > self.located => {
                Err(ReadError::DoesNotFit {
                    crs: source.name(),
                    feature,
                    reason,
                })
            }
            _ => Ok(()),
        }
    }
}
