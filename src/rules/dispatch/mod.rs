//! The closed loop: folds alarms into incidents, runs their clocks and ladder, and carries out what
//! people order about them. Used by `app::pipeline` after the alarm rules, in the same tick. All it
//! remembers is in the twin; what it decided is in the log, and a replay never asks it. Never reads a
//! clock, a file or a random number.
//!
//! Start reading at [`step`] and [`command`]; what several acts of one tick come to is kept in a
//! `Draft`.

mod calls;
mod clocks;
mod desk;
mod draft;
mod fold;
mod moves;
mod orders;
mod waiting;

pub use desk::{Crowd, Desk};

use crate::base::Timestamp;
use crate::model::dispatch::{Order, Refused};
use crate::model::{Change, Twin};

use super::silence;
use draft::Draft;

/// Adds what follows for incidents from `changes`, those of the alarm rules in this tick, and from the
/// time that has passed. Clocks are looked at once a second.
pub fn step(twin: &Twin, desk: &Desk, now: Timestamp, changes: &mut Vec<Change>) {
    let is_due = silence::is_due(twin.live().at, now);
    let mut draft = Draft::new(twin, desk, now);
    fold::find(&mut draft, is_due, changes);
    if is_due {
        clocks::run(&mut draft);
        clocks::file(&mut draft);
    }
    changes.extend(draft.finish());
}

/// The changes that carry out an order.
///
/// # Errors
/// A typed refusal, when the order is not legal in the present state.
pub fn command(
    twin: &Twin,
    desk: &Desk,
    order: &Order,
    now: Timestamp,
) -> Result<Vec<Change>, Refused> {
    let mut draft = Draft::new(twin, desk, now);
    orders::carry_out(&mut draft, order)?;
    Ok(draft.finish())
}

#[cfg(test)]
mod tests;
