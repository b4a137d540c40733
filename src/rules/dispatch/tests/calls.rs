//! Help-button calls.

use super::*;
use crate::model::dispatch::{CallOutcome, CallStep, Deadline, Stage};

fn called() -> (Loop, IncidentId, AlarmId) {
    let mut city = Loop::new();
    let alarm = city.raise("help_button", 0, Grade::Red);
    let id = city.of(alarm).id;
    (city, id, alarm)
}

fn step(step: CallStep, outcome: CallOutcome) -> Ask {
    Ask::Call {
        step,
        outcome,
        words: None,
        skip: None,
    }
}

fn skipping(step: CallStep, outcome: CallOutcome) -> Ask {
    let skip = Some(text("lies on the floor, ambulance first"));
    Ask::Call {
        step,
        outcome,
        words: None,
        skip,
    }
}

fn told() -> Ask {
    Ask::FeedBack {
        team: None,
        words: text("daughter is with her"),
    }
}

#[test]
fn steps_come_in_their_order() {
    let (mut city, id, alarm) = called();
    assert_eq!(
        city.ask(id, "Li", Ask::Acknowledge { seen: None }),
        Err(Refused::IsACall)
    );
    let contact = step(CallStep::Contact, CallOutcome::Reached);
    let next = CallStep::Answer;
    assert_eq!(
        city.ask(id, "Li", contact.clone()),
        Err(Refused::StepBefore { next })
    );
    let skip_answer = skipping(CallStep::Confirm, CallOutcome::Fine);
    assert_eq!(
        city.ask(id, "Li", skip_answer),
        Err(Refused::StepBefore { next }),
        "not to be left out"
    );
    let wrong = step(CallStep::Answer, CallOutcome::Fine);
    assert!(matches!(
        city.ask(id, "Li", wrong),
        Err(Refused::NoSuchOutcome { .. })
    ));
    city.wait(30)
        .ask(id, "Li", step(CallStep::Answer, CallOutcome::Reached))
        .unwrap();
    assert!(city.get(id).acknowledged.is_some());
    assert!(city.twin.live().alarms[&alarm].acknowledged.is_some());
    assert_eq!(
        city.ask(id, "Li", contact.clone()),
        Err(Refused::StepBefore {
            next: CallStep::Confirm
        })
    );
}

#[test]
fn steps_are_left_out_with_a_reason_only() {
    let (mut city, id, _) = called();
    let contact = step(CallStep::Contact, CallOutcome::Reached);
    let answer = step(CallStep::Answer, CallOutcome::Reached);
    city.ask(id, "Li", answer).unwrap();
    city.ask(id, "Li", step(CallStep::Confirm, CallOutcome::NeedsHelp))
        .unwrap();
    city.ask(
        id,
        "Li",
        Ask::Assign {
            owner: person("Li"),
        },
    )
    .unwrap();
    assert_eq!(city.ask(id, "Li", told()), Err(Refused::NobodyHelps));
    assert_eq!(
        city.ask(id, "Li", Ask::Hold { why: text("later") }),
        Err(Refused::NobodyHelps)
    );
    city.ask(
        id,
        "Li",
        skipping(CallStep::Ambulance, CallOutcome::Reached),
    )
    .unwrap();
    let steps: Vec<_> = city
        .get(id)
        .call
        .iter()
        .map(|it| (it.step, it.outcome))
        .collect();
    assert_eq!(
        steps[2..],
        [
            (CallStep::Contact, CallOutcome::Skipped),
            (CallStep::CommunityWorker, CallOutcome::Skipped),
            (CallStep::Ambulance, CallOutcome::Reached),
        ]
    );
    assert_eq!(
        city.ask(id, "Li", contact),
        Err(Refused::StepTaken {
            step: CallStep::Contact
        })
    );
    city.ask(id, "Li", told()).unwrap();
    assert_eq!(city.get(id).stage, Stage::FeedBack);
    city.check_replay();
}

#[test]
fn nobody_is_left_without_help() {
    let (mut city, id, _) = called();
    city.ask(id, "Li", step(CallStep::Answer, CallOutcome::NoAnswer))
        .unwrap();
    city.ask(
        id,
        "Li",
        Ask::Assign {
            owner: person("Li"),
        },
    )
    .unwrap();
    assert_eq!(city.ask(id, "Li", told()), Err(Refused::NotConfirmed));
    city.ask(id, "Li", step(CallStep::Confirm, CallOutcome::NoAnswer))
        .unwrap();
    city.ask(id, "Li", step(CallStep::Contact, CallOutcome::NotReached))
        .unwrap();
    assert_eq!(city.ask(id, "Li", told()), Err(Refused::NobodyHelps));
    city.ask(
        id,
        "Li",
        Ask::Dispatch {
            teams: vec![team(1)],
        },
    )
    .unwrap();
    city.ask(id, "Zhao", Ask::Arrive { team: team(1) }).unwrap();
    let fed_back = Ask::FeedBack {
        team: Some(team(1)),
        words: text("asleep, all well"),
    };
    city.ask(id, "Zhao", fed_back).unwrap();

    let (mut city, id, _) = called();
    city.ask(id, "Li", step(CallStep::Answer, CallOutcome::Reached))
        .unwrap();
    city.ask(id, "Li", step(CallStep::Confirm, CallOutcome::FalsePress))
        .unwrap();
    city.ask(
        id,
        "Li",
        Ask::Assign {
            owner: person("Li"),
        },
    )
    .unwrap();
    city.ask(id, "Li", told()).unwrap();
}

#[test]
fn an_unanswered_call_goes_up_after_64_and_106_seconds() {
    let (mut city, id, _) = called();
    assert!(!has(&city.wait(63).tick(Vec::new()), |act| matches!(
        act,
        Act::Overdue { .. }
    )));
    let changes = city.wait(1).tick(Vec::new());
    assert_eq!(acts(&changes), ["overdue", "escalated"]);
    assert!(has(&changes, |act| *act
        == Act::Overdue {
            deadline: Deadline::Acknowledge
        }));
    assert_eq!(city.get(id).rung, AreaLevel::Community);
    assert_eq!(acts(&city.wait(41).tick(Vec::new())), Vec::<&str>::new());
    city.wait(1).tick(Vec::new());
    assert_eq!(city.get(id).rung, AreaLevel::Street);
    city.ask(id, "Li", step(CallStep::Answer, CallOutcome::Reached))
        .unwrap();
    assert_eq!(acts(&city.wait(60).tick(Vec::new())), Vec::<&str>::new());
}

#[test]
fn pressed_again_it_is_answered_again() {
    let (mut city, id, _) = called();
    city.ask(id, "Li", step(CallStep::Answer, CallOutcome::Reached))
        .unwrap();
    city.ask(id, "Li", step(CallStep::Confirm, CallOutcome::Fine))
        .unwrap();
    let second = city.wait(600).raise("help_button", 0, Grade::Red);
    assert_eq!(city.of(second).id, id);
    assert!(city.get(id).acknowledged.is_none());
    city.ask(id, "Wang", step(CallStep::Answer, CallOutcome::Reached))
        .unwrap();
    assert!(city.twin.live().alarms[&second].acknowledged.is_some());
    city.ask(id, "Wang", step(CallStep::Contact, CallOutcome::Reached))
        .unwrap();
}
