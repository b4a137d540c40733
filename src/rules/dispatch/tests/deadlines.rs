//! Clocks, the ladder, holds, and what is let go of.

use super::*;
use crate::model::dispatch::{Cause, Deadline};
use crate::model::{Condition, Shelf};

fn due(city: &Loop, id: IncidentId) -> Vec<(Deadline, i64)> {
    let clocks = city.get(id).clocks.iter();
    clocks
        .map(|it| (it.deadline, (it.due - MORNING) / 1_000))
        .collect()
}

#[test]
fn each_step_has_its_time() {
    let mut city = Loop::new();
    let alarm = city.raise("smoke", 0, Grade::Orange);
    let id = city.of(alarm).id;
    assert_eq!(
        due(&city, id),
        [(Deadline::Acknowledge, 106), (Deadline::Close, 172_800)]
    );
    city.wait(50)
        .ask(id, "Li", Ask::Acknowledge { seen: None })
        .unwrap();
    assert_eq!(due(&city, id)[0], (Deadline::Dispatch, 230));
    city.wait(10)
        .ask(
            id,
            "Li",
            Ask::Dispatch {
                teams: vec![team(0)],
            },
        )
        .unwrap();
    assert_eq!(due(&city, id)[0], (Deadline::Arrive, 960));
    // On hold the clocks stand still.
    city.ask(
        id,
        "Li",
        Ask::Hold {
            why: text("road closed"),
        },
    )
    .unwrap();
    assert_eq!(acts(&city.wait(5_000).tick(Vec::new())), Vec::<&str>::new());
    city.ask(id, "Li", Ask::Resume { words: None }).unwrap();
    assert_eq!(
        due(&city, id),
        [(Deadline::Arrive, 5_960), (Deadline::Close, 177_800)]
    );
    let late = city.wait(900).tick(Vec::new());
    assert_eq!(acts(&late), ["overdue", "escalated"]);
    assert_eq!(city.get(id).rung, AreaLevel::Community);
    // Told once; up again after five minutes, and no further than there is.
    assert_eq!(acts(&city.wait(299).tick(Vec::new())), Vec::<&str>::new());
    assert_eq!(acts(&city.wait(1).tick(Vec::new())), ["escalated"]);
    assert_eq!(acts(&city.wait(300).tick(Vec::new())), ["escalated"]);
    assert_eq!(city.get(id).rung, AreaLevel::District);
    assert_eq!(acts(&city.wait(3_000).tick(Vec::new())), Vec::<&str>::new());
    city.ask(id, "Zhao", Ask::Arrive { team: team(0) }).unwrap();
    assert_eq!(due(&city, id)[0].0, Deadline::FeedBack);
    city.check_replay();
}

#[test]
fn what_was_put_aside_passes_no_deadline() {
    let mut city = Loop::new();
    let alarm = city.raise("smoke", 0, Grade::Orange);
    let condition = Condition::of_device(device_id("smoke", 0));
    let shelf = Shelf {
        by: person("Li"),
        at: city.now,
        reason: "being cleaned".to_owned(),
        until: city.now.plus(3_600_000),
        once: false,
    };
    city.put(vec![Change::Shelved { condition, shelf }]);
    assert_eq!(acts(&city.wait(2_000).tick(Vec::new())), Vec::<&str>::new());
    assert!(city.of(alarm).is_aside(city.twin.live()));
    // Another one beside it is not put aside: then it counts.
    city.raise("gas_leak", 0, Grade::Orange);
    assert_eq!(acts(&city.wait(1).tick(Vec::new())), Vec::<&str>::new());
    let other = city.wait(200).tick(Vec::new());
    assert!(
        has(&other, |act| matches!(act, Act::Overdue { .. })) || city.of(alarm).clocks[0].is_passed
    );
}

#[test]
fn what_was_closed_is_filed_after_its_days() {
    let mut city = Loop::new();
    let alarm = city.raise("smoke", 0, Grade::Blue);
    let id = city.of(alarm).id;
    city.end(alarm);
    city.ask(id, "Li", Ask::Acknowledge { seen: None }).unwrap();
    let close = Ask::Close {
        cause: Cause::FalseAlarm,
        words: None,
    };
    city.ask(id, "Li", close).unwrap();
    city.wait(30 * 86_400 - 1).tick(Vec::new());
    assert_eq!(city.twin.live().dispatch.incidents.len(), 1);
    assert_eq!(acts(&city.wait(1).tick(Vec::new())), ["filed"]);
    let board = &city.twin.live().dispatch;
    assert_eq!((board.incidents.len(), board.opened), (0, 1));
    city.check_replay();
}
