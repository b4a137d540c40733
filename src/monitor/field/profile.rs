//! What a field says along a line: a street, a wall, a metro tunnel. Used by [`Field`](super::Field).
//! Where nothing can be told there is a gap, never a line drawn across it.

use serde::Serialize;

use super::krige::{Estimate, apart_m};

/// More points than this are refused.
pub const MOST_STEPS: usize = 10_000;

/// A place of a profile.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ProfilePoint {
    /// Metres along the line from its beginning.
    pub along_m: f64,
    /// Local metres, east and north.
    pub position: [f64; 2],
    /// What the field says there; `None` where its standard error is too large.
    pub estimate: Option<Estimate>,
}

/// Why there is no profile.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum NoProfile {
    /// Fewer than two places, or one that is no number.
    #[error("a profile needs a line of two places or more, each of them finite")]
    NoLine,
    /// A step that is not above nought.
    #[error("the step of a profile must be above 0 m")]
    NoStep,
    /// More points than [`MOST_STEPS`].
    #[error("a profile has at most {most} points, not {points}: take a longer step")]
    TooManySteps {
        /// So many would be.
        points: u64,
        /// So many may be.
        most: usize,
    },
}

/// What `at` says along a line, every `step_m` from its beginning and at its end.
///
/// # Errors
/// See [`NoProfile`].
pub fn profile(
    line: &[[f64; 2]],
    step_m: f64,
    at: impl Fn([f64; 2]) -> Option<Estimate>,
) -> Result<Vec<ProfilePoint>, NoProfile> {
    let lengths: Vec<f64> = (line.windows(2).map(|pair| apart_m(pair[0], pair[1]))).collect();
    let length_m: f64 = lengths.iter().sum();
    if lengths.is_empty() || !length_m.is_finite() {
        return Err(NoProfile::NoLine);
    }
    if !(step_m > 0.0) {
        return Err(NoProfile::NoStep);
    }
    let whole = (length_m / step_m).floor();
    if whole + 2.0 > MOST_STEPS as f64 {
        return Err(NoProfile::TooManySteps {
            points: (whole + 2.0) as u64,
            most: MOST_STEPS,
        });
    }
    let steps = (0..=whole as u32).map(|number| f64::from(number) * step_m);
    let mut alongs: Vec<f64> = steps.map(|along_m| along_m.min(length_m)).collect();
    // The end stands once, also where a step comes to it but for rounding.
    if alongs
        .last()
        .is_some_and(|last| length_m - last > 1e-9 * length_m)
    {
        alongs.push(length_m);
    }
    let (mut part, mut before_m) = (0, 0.0);
    let points = alongs.into_iter().map(|along_m| {
        while part + 1 < lengths.len() && along_m > before_m + lengths[part] {
            before_m += lengths[part];
            part += 1;
        }
        let share = match lengths[part] {
            0.0 => 0.0,
            length_m => ((along_m - before_m) / length_m).clamp(0.0, 1.0),
        };
        let [from, to] = [line[part], line[part + 1]];
        let position = [0, 1].map(|axis| from[axis] + share * (to[axis] - from[axis]));
        ProfilePoint {
            along_m,
            position,
            estimate: at(position),
        }
    });
    Ok(points.collect())
}
