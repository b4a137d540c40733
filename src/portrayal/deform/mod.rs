//! Deformed buildings as plain data: how each leans and sinks by what was measured, how sure that is,
//! and how bad. Made from what is judged of sensors, drawn by `scene` and `view` times a factor that is
//! always told beside it. A screening: never judges, never smooths, never makes up a direction.

mod hatch;
mod judged;
mod marks;
mod ranked;
mod recorded;
mod since;
#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use crate::base::{BuildingId, Timestamp};
use crate::model::{LeanError, MonitorGrade, Quantity, Rank, Worse};

use super::look::Look;
use super::overlay::{Form, Rgba};

pub use hatch::{Hatch, HatchKind, hatch_of};
pub use judged::{deformation_of, deformations};
pub use marks::{DeformMarks, Post, deform_marks};
pub use ranked::{RANKED_ROWS, RankedList, RankedRow};
pub use recorded::RecordedPost;
pub use since::since;

/// How bad it is: the five steps of an assessment, and that nothing can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum DeformGrade {
    /// Nothing to look at.
    Normal = 0,
    /// To be looked at at times.
    Attention = 1,
    /// Yellow warning.
    Yellow = 2,
    /// Orange warning.
    Orange = 3,
    /// Red warning.
    Red = 4,
    /// Sensors tell nothing that could be used.
    CannotTell = 5,
}

impl From<Option<MonitorGrade>> for DeformGrade {
    fn from(grade: Option<MonitorGrade>) -> Self {
        match grade {
            None => Self::CannotTell,
            Some(MonitorGrade::Normal) => Self::Normal,
            Some(MonitorGrade::Attention) => Self::Attention,
            Some(MonitorGrade::Yellow) => Self::Yellow,
            Some(MonitorGrade::Orange) => Self::Orange,
            Some(MonitorGrade::Red) => Self::Red,
        }
    }
}

/// How many grades there are, with that of which nothing can be told.
pub const DEFORM_GRADES: usize = 6;

impl DeformGrade {
    /// Every grade, worst first, what cannot be told last: the order of the legend.
    pub const ALL: [Self; DEFORM_GRADES] = [
        Self::Red,
        Self::Orange,
        Self::Yellow,
        Self::Attention,
        Self::Normal,
        Self::CannotTell,
    ];

    /// Its place in the colours and hatches of a theme.
    #[must_use]
    pub const fn class(self) -> u8 {
        self as u8
    }

    /// How bad it is as a number: what cannot be told lies below all that can.
    #[must_use]
    pub const fn severity(self) -> u8 {
        match self {
            Self::CannotTell => 0,
            graded => graded as u8 + 1,
        }
    }

    /// The name in the word files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Attention => "attention",
            Self::Yellow => "yellow",
            Self::Orange => "orange",
            Self::Red => "red",
            Self::CannotTell => "cannot_tell",
        }
    }

    /// The form and colour of its mark over a roof: those of alarms for what is a warning there, too;
    /// `None` for what is normal, which calls nobody.
    #[must_use]
    pub const fn mark(self, look: &Look) -> Option<(Form, Rgba)> {
        Some(match self {
            Self::Normal => return None,
            Self::Attention => (Form::Diamond, look.tilt[3]),
            Self::Yellow => (Form::Square, look.grades[2]),
            Self::Orange => (Form::Triangle, look.grades[1]),
            Self::Red => (Form::Hexagon, look.grades[0]),
            Self::CannotTell => (Form::Hatched, look.silent),
        })
    }

    /// The colours of walls and roofs, by class.
    #[must_use]
    pub const fn colors(look: &Look) -> [Rgba; DEFORM_GRADES] {
        let [a, b, c, d, e] = look.tilt;
        [a, b, c, d, e, look.layer_untold]
    }
}

/// How many times larger a deformation is drawn than it is: 1 to 500, usually 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Exaggeration(u16);

impl Default for Exaggeration {
    fn default() -> Self {
        Self(100)
    }
}

impl Exaggeration {
    /// Factors that a wall steps through.
    pub const STEPS: [u16; 7] = [1, 10, 50, 100, 200, 300, 500];

    /// The largest factor: a lean of 1 ‰ becomes 27°.
    pub const MAX: u16 = 500;

    /// A factor; `None` outside 1 to 500.
    #[must_use]
    pub const fn new(factor: u16) -> Option<Self> {
        match factor {
            1..=Self::MAX => Some(Self(factor)),
            _ => None,
        }
    }

    /// The next larger factor of [`Self::STEPS`], or the next smaller; itself at the end.
    #[must_use]
    pub fn step(self, is_up: bool) -> Self {
        let steps = Self::STEPS.into_iter();
        let next = match is_up {
            true => steps.clone().find(|step| *step > self.0),
            false => steps.clone().rev().find(|step| *step < self.0),
        };
        next.and_then(Self::new).unwrap_or(self)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }
}

impl fmt::Display for Exaggeration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "×{}", self.0)
    }
}

/// Why a text names no factor.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a factor is a whole number from 1 to 500, such as 100, not {0:?}")]
pub struct ExaggerationError(String);

impl FromStr for Exaggeration {
    type Err = ExaggerationError;

    fn from_str(text: &str) -> Result<Self, ExaggerationError> {
        let number = text.trim_start_matches(['x', '×']).parse().ok();
        let fault = || ExaggerationError(text.to_owned());
        number.and_then(Self::new).ok_or_else(fault)
    }
}

/// How a building leans.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Lean {
    /// In a direction.
    Towards {
        /// ‰ east and north.
        permille: [f64; 2],
        /// How sure that is; `None` where it is not known.
        error: Option<LeanError>,
    },
    /// By so much, nobody knows where to: no sensor of it has a bearing.
    Somewhere {
        /// ‰.
        permille: f64,
    },
}

/// What was measured of one building.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Deformation {
    /// The building.
    pub building: BuildingId,
    /// How it leans; `None` where that cannot be told.
    pub lean: Option<Lean>,
    /// How far it sank, millimetres; less than nought where it rose; `None` where it is not measured.
    pub sink_mm: Option<f64>,
    /// How bad that is.
    pub grade: DeformGrade,
    /// The newest reading that was used.
    pub measured_at: Option<Timestamp>,
    /// What lists tell of it.
    pub told: Told,
}

/// What lists tell of a building: by what it is ranked, and the figures of its worst sensor.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Told {
    /// By what it is ranked.
    pub rank: Rank,
    /// What the worst of its sensors measures.
    pub quantity: Option<Quantity>,
    /// Size of the lean, ‰; settlement since the epoch or width, mm.
    pub level: Option<f64>,
    /// Where that leans to, degrees clockwise from north, where it is a lean with a bearing.
    pub bearing_deg: Option<f64>,
    /// Share of the limit, 1 at the limit.
    pub share: Option<f64>,
    /// How that grows a month, and half of the 95 % interval.
    pub per_month: Option<[f64; 2]>,
    /// What the sensor measures that moves fastest for sure, and by how much it does a month at least.
    pub fastest: Option<(Quantity, f64)>,
    /// That the grade of one of its sensors became worse not long ago, and to what.
    pub worse: Option<(Worse, MonitorGrade)>,
}

/// A city's buildings deformed.
#[derive(Debug, Clone, PartialEq)]
pub struct DeformedView {
    /// How many times larger than it is.
    pub factor: Exaggeration,
    /// Since when: deformations are changes since an earlier moment. `None`: all that is measured.
    pub since: Option<Timestamp>,
    /// Buildings that are measured, each once. All others stand as they are.
    pub deformations: Vec<Deformation>,
}

/// What stamp and legend tell of a deformed view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeformFacts {
    /// How many times larger than it is.
    pub factor: Exaggeration,
    /// Since when, where it is a change.
    pub since: Option<Timestamp>,
    /// Buildings of each grade, by class.
    pub counts: [usize; DEFORM_GRADES],
    /// Buildings that lean nobody knows where to.
    pub somewhere: usize,
    /// Buildings that sank or rose by a measured value.
    pub sunk: usize,
    /// Buildings that lean by what sources record, and how many of these sources do not agree about.
    pub recorded: [usize; 2],
    /// Buildings of the city that are not measured.
    pub unmeasured: usize,
    /// The newest reading; `None` where there is none.
    pub measured_at: Option<Timestamp>,
}

impl DeformedView {
    /// What is told of it, in a city of so many buildings, with what sources record of some.
    #[must_use]
    pub fn facts(&self, buildings: usize, recorded: &[RecordedPost]) -> DeformFacts {
        let disagree = recorded.iter().filter(|one| one.lean.disagrees());
        let mut counts = [0; DEFORM_GRADES];
        for one in &self.deformations {
            counts[usize::from(one.grade.class())] += 1;
        }
        let with = |holds: fn(&Deformation) -> bool| {
            let found = self.deformations.iter().filter(|one| holds(one));
            found.count()
        };
        DeformFacts {
            factor: self.factor,
            since: self.since,
            counts,
            somewhere: with(|one| matches!(one.lean, Some(Lean::Somewhere { .. }))),
            sunk: with(|one| one.sink_mm.is_some()),
            recorded: [recorded.len(), disagree.count()],
            unmeasured: buildings.saturating_sub(self.deformations.len()),
            measured_at: (self.deformations.iter())
                .filter_map(|one| one.measured_at)
                .max(),
        }
    }
}
