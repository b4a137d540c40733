//! Help-button calls: answer, find out how the person is, then contact, community worker, ambulance,
//! police. The steps are taken in this order; one that is left out needs a reason, and both are on
//! record.

use crate::model::Actor;
use crate::model::dispatch::{Act, CallOutcome, CallStep, Incident, Refused, ShutText, TeamWork};

use super::{Draft, orders};

/// Takes a step of a call.
pub(super) fn take(
    draft: &mut Draft<'_>,
    one: &Incident,
    by: &Actor,
    (step, outcome): (CallStep, CallOutcome),
    (words, skip): (&Option<ShutText>, &Option<ShutText>),
) -> Result<(), Refused> {
    if !one.opening.is_call {
        return Err(Refused::IsNoCall);
    }
    if !comes_to(step, outcome) {
        return Err(Refused::NoSuchOutcome { step, outcome });
    }
    // Pressed again after it was answered: it has to be answered again, and the steps go on.
    let is_again = step == CallStep::Answer && one.acknowledged.is_none() && !one.call.is_empty();
    let next = one.call.iter().map(|done| done.step).max();
    let is_missing = |other: &CallStep| next.is_none_or(|last| *other > last);
    if !is_again {
        if !is_missing(&step) {
            return Err(Refused::StepTaken { step });
        }
        let between = CallStep::ALL.iter().copied();
        let between = between.filter(|other| is_missing(other) && *other < step);
        for step in between {
            // Nobody can know what to do who has not answered.
            let reason = skip.as_ref().filter(|_| step != CallStep::Answer);
            let words = reason.ok_or(Refused::StepBefore { next: step })?.clone();
            let act = Act::CallTaken {
                step,
                outcome: CallOutcome::Skipped,
                words: Some(words),
            };
            draft.did(one.id, by, act);
        }
    }
    if step == CallStep::Answer {
        orders::take_notice(draft, one, by);
    }
    let words = words.clone();
    draft.did(
        one.id,
        by,
        Act::CallTaken {
            step,
            outcome,
            words,
        },
    );
    Ok(())
}

const fn comes_to(step: CallStep, outcome: CallOutcome) -> bool {
    use CallOutcome as To;
    match step {
        CallStep::Answer => matches!(outcome, To::Reached | To::NoAnswer),
        CallStep::Confirm => matches!(
            outcome,
            To::Fine | To::NeedsHelp | To::NoAnswer | To::FalsePress
        ),
        _ => matches!(outcome, To::Reached | To::NotReached),
    }
}

/// Whether the outcome of a call may be told: somebody knows that the person is well, or somebody was
/// reached or is there.
pub(super) fn is_helped(one: &Incident) -> Result<(), Refused> {
    let confirmed = one
        .call
        .iter()
        .rev()
        .find(|done| done.step == CallStep::Confirm);
    let confirmed = confirmed.filter(|done| done.outcome != CallOutcome::Skipped);
    let is_well = confirmed
        .is_some_and(|done| matches!(done.outcome, CallOutcome::Fine | CallOutcome::FalsePress));
    let help = one.call.iter().filter(|done| done.step > CallStep::Confirm);
    let mut help = help.map(|done| done.outcome);
    let is_reached = help.any(|outcome| outcome == CallOutcome::Reached);
    let is_there = |work: &TeamWork| work.arrived_at.is_some();
    match is_well || is_reached || one.teams.values().any(is_there) {
        true => Ok(()),
        false if confirmed.is_none() => Err(Refused::NotConfirmed),
        false => Err(Refused::NobodyHelps),
    }
}
