//! The way of an incident from the warning to the close, and what is refused on it.

use super::*;
use crate::model::Event;
use crate::model::dispatch::{Cause, Risk, Stage, rows};

/// An incident of one red alarm, seen, with Li seeing to it.
fn begun() -> (Loop, IncidentId, AlarmId) {
    let mut city = Loop::new();
    let alarm = city.raise("smoke", 0, Grade::Red);
    let id = city.of(alarm).id;
    city.ask(
        id,
        "Wang",
        Ask::Acknowledge {
            seen: Some(Grade::Red),
        },
    )
    .unwrap();
    city.ask(
        id,
        "Wang",
        Ask::Assign {
            owner: person("Li"),
        },
    )
    .unwrap();
    (city, id, alarm)
}

fn feed_back(number: Option<u32>) -> Ask {
    Ask::FeedBack {
        team: number.map(team),
        words: text("burnt rice, window opened"),
    }
}

#[test]
fn the_whole_way() {
    let (mut city, id, alarm) = begun();
    assert!(
        city.twin.live().alarms[&alarm].acknowledged.is_some(),
        "of its alarms, too"
    );
    let refused = city.ask(id, "Wang", Ask::Dispatch { teams: Vec::new() });
    assert_eq!(refused, Err(Refused::NoTeam));
    let teams = vec![team(0), team(2)];
    city.ask(id, "Wang", Ask::Dispatch { teams }).unwrap();
    assert_eq!(city.get(id).stage, Stage::Dispatch);
    let again = Ask::Dispatch {
        teams: vec![team(2)],
    };
    assert_eq!(
        city.ask(id, "Wang", again),
        Err(Refused::SentAlready { team: team(2) })
    );
    assert_eq!(
        city.ask(id, "Zhao", feed_back(Some(0))),
        Err(Refused::NotArrived { team: team(0) })
    );
    city.wait(60)
        .ask(id, "Zhao", Ask::Arrive { team: team(0) })
        .unwrap();
    assert_eq!(city.get(id).stage, Stage::Track);
    city.ask(id, "Zhao", feed_back(Some(0))).unwrap();
    assert_eq!(city.get(id).stage, Stage::Track, "one is still out");
    assert_eq!(
        city.ask(id, "Li", feed_back(None)),
        Err(Refused::TeamsOut { teams: 1 })
    );
    city.ask(id, "Sun", Ask::Arrive { team: team(2) }).unwrap();
    city.ask(id, "Sun", feed_back(Some(2))).unwrap();
    assert_eq!(city.get(id).stage, Stage::FeedBack);
    verified_and_closed(city, id, alarm);
}

fn verified_and_closed(mut city: Loop, id: IncidentId, alarm: AlarmId) {
    // Whoever handled it does not verify it, however the name is typed.
    for handler in ["Li", " li", "ＬＩ", "Zhao", "Sun"] {
        let refused = city.ask(id, handler, Ask::Verify { words: None });
        assert_eq!(
            refused,
            Err(Refused::VerifierHandled {
                by: person(handler)
            })
        );
    }
    let close = Ask::Close {
        cause: Cause::Handled,
        words: None,
    };
    assert_eq!(
        city.ask(id, "Wang", close.clone()),
        Err(Refused::NeedsFullWay)
    );
    city.ask(
        id,
        "Wang",
        Ask::Verify {
            words: Some(text("seen")),
        },
    )
    .unwrap();
    assert_eq!(
        city.ask(id, "Wang", close.clone()),
        Err(Refused::AlarmsOpen { alarms: 1 })
    );
    city.end(alarm);
    city.wait(60).ask(id, "Wang", close).unwrap();
    let one = city.get(id);
    assert_eq!(one.closed, Some((city.now, Cause::Handled)));
    assert!(one.clocks.is_empty() && rows(city.twin.live(), 10).is_empty());
    city.check_replay();
}

#[test]
fn what_was_not_done_begins_again() {
    let (mut city, id, alarm) = begun();
    city.ask(id, "Li", feed_back(None)).unwrap();
    city.ask(
        id,
        "Wang",
        Ask::SendBack {
            why: text("still smells"),
        },
    )
    .unwrap();
    assert_eq!(city.get(id).stage, Stage::Warn);
    city.ask(id, "Li", feed_back(None)).unwrap();
    city.ask(id, "Wang", Ask::Verify { words: None }).unwrap();
    city.end(alarm);
    let close = Ask::Close {
        cause: Cause::Handled,
        words: None,
    };
    city.ask(id, "Wang", close).unwrap();
    assert_eq!(
        city.ask(id, "Wang", feed_back(None)),
        Err(Refused::IsClosed)
    );
    city.ask(
        id,
        "Wang",
        Ask::Reopen {
            why: text("smoke again"),
        },
    )
    .unwrap();
    let one = city.get(id);
    assert!(one.is_open() && one.acknowledged.is_none() && one.closed.is_none());
    assert_eq!(one.owner, Some(person("Li")));
    city.check_replay();
}

#[test]
fn small_matters_may_be_closed_without_the_full_way() {
    for (grade, cause, expected) in [
        (Grade::Blue, Cause::FalseAlarm, Ok(())),
        (Grade::Yellow, Cause::EndedByItself, Ok(())),
        (Grade::Yellow, Cause::Handled, Err(Refused::NeedsFullWay)),
        (Grade::Orange, Cause::FalseAlarm, Err(Refused::NeedsFullWay)),
        (Grade::Red, Cause::Test, Err(Refused::NeedsFullWay)),
    ] {
        let mut city = Loop::new();
        let alarm = city.raise("smoke", 0, grade);
        let id = city.of(alarm).id;
        city.end(alarm);
        let close = Ask::Close { cause, words: None };
        let unseen = city.ask(id, "Wang", close.clone());
        assert_eq!(unseen, Err(Refused::NeedsFullWay), "seen first");
        city.ask(id, "Wang", Ask::Acknowledge { seen: None })
            .unwrap();
        let closed = city.ask(id, "Wang", close).map(|_| ());
        assert_eq!(closed, expected, "{grade:?} {cause:?}");
    }
}

#[test]
fn owners_and_holds() {
    let (mut city, id, _) = begun();
    let assign = Ask::Assign {
        owner: person("Qian"),
    };
    assert_eq!(
        city.ask(id, "Wang", assign),
        Err(Refused::HasOwner {
            owner: person("Li")
        })
    );
    let hand = |to: &str| Ask::HandOver {
        to: person(to),
        why: text("end of shift"),
    };
    assert_eq!(
        city.ask(id, "Li", hand("LI")),
        Err(Refused::HasOwner {
            owner: person("Li")
        })
    );
    city.ask(id, "Li", hand("Qian")).unwrap();
    assert_eq!(city.get(id).owner, Some(person("Qian")));
    assert_eq!(
        city.ask(id, "Qian", Ask::Resume { words: None }),
        Err(Refused::NotOnHold)
    );
    city.ask(
        id,
        "Qian",
        Ask::Hold {
            why: text("no key"),
        },
    )
    .unwrap();
    let held = Refused::IsOnHold { by: person("Qian") };
    let dispatch = Ask::Dispatch {
        teams: vec![team(0)],
    };
    assert_eq!(city.ask(id, "Wang", dispatch), Err(held));
    city.ask(id, "Qian", Ask::Resume { words: None }).unwrap();
    city.check_replay();
}

#[test]
fn a_joint_meeting_decides_before_the_close() {
    let (mut city, id, _) = begun();
    let hand = Ask::HandOver {
        to: person("Qian"),
        why: text("end of shift"),
    };
    city.ask(id, "Li", hand).unwrap();
    let words = text("gas company has to come");
    let call = |departments: &[&str]| Ask::CallMeeting {
        departments: departments.iter().map(|one| (*one).to_owned()).collect(),
        words: words.clone(),
    };
    assert_eq!(
        city.ask(id, "Qian", call(&[])),
        Err(Refused::NoDepartments { most: 20 })
    );
    city.ask(id, "Qian", call(&["燃气集团", "住建局"])).unwrap();
    city.ask(id, "Qian", feed_back(None)).unwrap();
    // Both saw to it at some time.
    for handler in ["Li", "Qian"] {
        let refused = city.ask(id, handler, Ask::Verify { words: None });
        assert_eq!(
            refused,
            Err(Refused::VerifierHandled {
                by: person(handler)
            })
        );
    }
    city.ask(id, "Wang", Ask::Verify { words: None }).unwrap();
    let close = Ask::Close {
        cause: Cause::Handled,
        words: None,
    };
    assert_eq!(city.ask(id, "Wang", close), Err(Refused::MeetingOpen));
    city.ask(
        id,
        "Wang",
        Ask::DecideMeeting {
            words: words.clone(),
        },
    )
    .unwrap();
    let refused = city.ask(id, "Wang", Ask::DecideMeeting { words });
    assert_eq!(refused, Err(Refused::NoMeeting));
    city.check_replay();
}

#[test]
fn incidents_are_put_together_and_split() {
    let mut city = Loop::new();
    let far = city.raise("smoke", 2, Grade::Yellow);
    let into = city.of(far).id;
    city.ask(into, "Wang", Ask::Acknowledge { seen: None })
        .unwrap();
    let near = city.raise("smoke", 0, Grade::Red);
    let from = city.of(near).id;
    let why = text("one fire");
    let itself = Ask::Merge {
        into: from,
        why: why.clone(),
    };
    assert_eq!(city.ask(from, "Wang", itself), Err(Refused::DoNotMix));
    city.ask(
        from,
        "Wang",
        Ask::Merge {
            into,
            why: why.clone(),
        },
    )
    .unwrap();
    let one = city.of(near);
    assert_eq!(
        (one.id, one.grade, one.alarm_count()),
        (into, Grade::Red, 2)
    );
    assert!(one.acknowledged.is_none(), "worse than what was seen");
    assert_eq!(
        city.ask(from, "Wang", Ask::Reopen { why: why.clone() }),
        Err(Refused::IsMerged { into })
    );
    are_split(city, into, [near, far]);
}

fn are_split(mut city: Loop, into: IncidentId, [near, far]: [AlarmId; 2]) {
    let why = text("two fires after all");
    let own = IncidentId::from_source("hand", "1");
    let all = Ask::Split {
        into: own,
        alarms: vec![near, far],
        why: why.clone(),
    };
    assert_eq!(city.ask(into, "Wang", all), Err(Refused::NothingToSplit));
    let twice = Ask::Split {
        into: own,
        alarms: vec![near, near],
        why: why.clone(),
    };
    assert_eq!(
        city.ask(into, "Wang", twice),
        Err(Refused::NotItsAlarm { alarm: near })
    );
    city.ask(
        into,
        "Wang",
        Ask::Split {
            into: own,
            alarms: vec![near],
            why,
        },
    )
    .unwrap();
    let one = city.of(near);
    assert_eq!((one.id, one.grade, one.alarm_count()), (own, Grade::Red, 1));
    assert!(one.next_clock().is_some());
    assert_eq!(city.of(far).id, into);
    city.check_replay();
}

#[test]
fn people_open_incidents_for_places_and_events() {
    let mut ground = ground();
    let event = crate::base::EventId::from_source("sample", "event");
    ground.events.insert(event, reported(&ground, event));
    let mut city = Loop::with(ground, DispatchTable::standard(), Crowd::new());
    let own = |key: &str| IncidentId::from_source("hand", key);
    let open = |kind: &str, building| Ask::Open {
        kind: kind.to_owned(),
        grade: None,
        building,
        area: None,
        title: text("tree across the lane"),
        token_sha256: Some("AB".repeat(32)),
    };
    let unknown = Refused::NoSuchType {
        kind: "no".to_owned(),
    };
    assert_eq!(city.ask(own("1"), "Wang", open("no", None)), Err(unknown));
    assert_eq!(
        city.ask(own("1"), "Wang", open("call", None)),
        Err(Refused::OpensByButton)
    );
    assert_eq!(
        city.ask(own("1"), "Wang", open("report", Some(house(77)))),
        Err(Refused::NoSuchPlace)
    );
    city.ask(own("1"), "Wang", open("report", Some(house(2))))
        .unwrap();
    let twice = city.ask(own("1"), "Wang", open("report", Some(house(2))));
    assert_eq!(
        twice,
        Err(Refused::IsThere { incident: own("1") }),
        "delivered twice, opened once"
    );
    let one = city
        .twin
        .live()
        .dispatch
        .of_token(&"ab".repeat(32))
        .unwrap();
    assert_eq!(
        (one.id, one.grade, one.risk),
        (own("1"), Grade::Yellow, Risk::Few)
    );
    let for_event = Ask::OpenFor {
        event,
        token_sha256: None,
    };
    city.ask(own("2"), "Wang", for_event.clone()).unwrap();
    let one = city.get(own("2"));
    assert_eq!(one.opening.spot.building, None, "of a home the area alone");
    assert!(one.opening.spot.area.is_some());
    assert_eq!(
        city.ask(own("3"), "Wang", for_event),
        Err(Refused::IsThere { incident: own("2") })
    );
    city.check_replay();
}

fn reported(ground: &Ground, id: crate::base::EventId) -> Event {
    Event {
        id,
        source: ground.buildings[&house(0)].source.clone(),
        kind: Default::default(),
        group: Default::default(),
        title: Some("下水道堵塞".to_owned()),
        position: None,
        building: Some(house(0)),
        dwelling: None,
        area: None,
        reported_at: MORNING,
        due_at: None,
        status: Default::default(),
        reporter: None,
        text: None,
        home: crate::model::OfHome::Yes,
    }
}
