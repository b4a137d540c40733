//! Small histories whose figures can be worked out by hand.

use super::*;
use crate::base::AlarmId;
use crate::model::Actor;
use crate::model::sample::{MORNING, device_id};

const SECOND: Millis = 1_000;
const HOUR: Millis = 3_600 * SECOND;

fn all(_: DeviceId) -> bool {
    true
}

fn alarm(number: u32, device: u32, at: Timestamp) -> Alarm {
    Alarm {
        id: AlarmId::from_source("test", &number.to_string()),
        device: device_id("smoke", device),
        rule: "threshold".to_owned(),
        grade: Grade::Red,
        raised_at: at,
        value: 9.0,
        active: true,
        returned_at: None,
        acknowledged: None,
        exercise: false,
        latched: false,
        suppressed: None,
    }
}

/// Figures of alarms given as (device, seconds raised, seconds to its end, seconds to notice).
fn figures(alarms: &[(u32, i64, Option<i64>, Option<i64>)], hours: i64) -> AlarmFigures {
    let at = |seconds: i64| MORNING.plus(seconds * SECOND);
    let mut changes = Vec::new();
    for (number, (device, raised, end, notice)) in (0..).zip(alarms) {
        let one = alarm(number, *device, at(*raised));
        let id = one.id;
        changes.push((at(*raised), Change::AlarmRaised { alarm: one }));
        changes.extend(end.map(|after| {
            let at = at(raised + after);
            (at, Change::AlarmReturned { alarm: id, at })
        }));
        changes.extend(notice.map(|after| {
            let (at, by) = (at(raised + after), Actor("Li".to_owned()));
            (at, Change::AlarmAcknowledged { alarm: id, by, at })
        }));
    }
    changes.sort_by_key(|one| one.0);
    let mut count = AlarmCount::new(&Live::default(), MORNING, 1, &all);
    for (at, change) in &changes {
        count.take(*at, change);
    }
    count.figures(MORNING.plus(hours * HOUR))
}

#[test]
fn a_quiet_hour() {
    let told = figures(
        &[
            (0, 0, Some(60), Some(20)),
            (1, 600, Some(5), Some(40)),
            (2, 1_800, None, None),
        ],
        1,
    );
    assert_eq!((told.raised, told.by_grade["red"]), (3, 3));
    assert_eq!(
        (told.per_position_hour, told.floods, told.flood_share),
        (3.0, 0, 0.0)
    );
    assert_eq!((told.most_in_10_min, told.fleeting), (1, 1));
    let spans = (told.acknowledged.median_s, told.acknowledged.p90_s);
    assert_eq!(spans, (Some(20.0), Some(40.0)));
    assert_eq!(
        (told.returned.count, told.returned.longest_s),
        (2, Some(60.0))
    );
    assert_eq!((told.unacknowledged, told.most_frequent_share), (1, 1.0));
    assert!((told.chattering, told.stale_most) == (0, 0));
}

#[test]
fn a_flood_and_what_chatters() {
    // Twelve in twelve seconds, of one device four times.
    let rows: Vec<_> = (0..12_u32)
        .map(|at| {
            (
                if at % 3 == 0 { 0 } else { at },
                i64::from(at),
                Some(1),
                None,
            )
        })
        .collect();
    let told = figures(&rows, 1);
    assert_eq!((told.floods, told.most_in_10_min), (1, 12));
    // From the eleventh (10 s) until the eighth is forgotten (10 min 7 s).
    assert!(
        (told.flood_share - 597.0 / 3_600.0).abs() < 1e-9,
        "{}",
        told.flood_share
    );
    assert_eq!(told.chattering, 1);
    assert_eq!(
        told.chattering_most[0].condition.device,
        device_id("smoke", 0)
    );
    assert_eq!(
        (told.chattering_most[0].count, told.most_frequent[0].count),
        (2, 4)
    );
}

#[test]
fn what_stands_for_days_is_stale_whether_it_began_before_or_not() {
    let mut live = Live::default();
    let old = alarm(90, 5, MORNING.plus(-30 * HOUR));
    live.alarms.insert(old.id, old.clone());
    let mut count = AlarmCount::new(&live, MORNING, 1, &all);
    let new = alarm(91, 6, MORNING);
    count.take(MORNING, &Change::AlarmRaised { alarm: new });
    let ended = MORNING.plus(23 * HOUR);
    count.take(
        ended,
        &Change::AlarmReturned {
            alarm: old.id,
            at: ended,
        },
    );
    assert_eq!(count.figures(MORNING.plus(30 * HOUR)).stale_most, 1);
}

#[test]
fn drills_other_devices_and_repeated_changes_do_not_count() {
    let only = |device: DeviceId| device != device_id("smoke", 1);
    let mut count = AlarmCount::new(&Live::default(), MORNING, 2, &only);
    let drill = Alarm {
        exercise: true,
        ..alarm(0, 0, MORNING)
    };
    for one in [
        drill,
        alarm(1, 1, MORNING),
        alarm(2, 2, MORNING),
        alarm(2, 2, MORNING),
    ] {
        count.take(MORNING, &Change::AlarmRaised { alarm: one });
    }
    let told = count.figures(MORNING.plus(HOUR));
    assert_eq!((told.raised, told.exercise, told.positions), (1, 1, 2));
    assert_eq!(told.per_position_hour, 0.5);
}

#[test]
fn what_was_suppressed_counts_apart_until_it_is_seen() {
    let mut count = AlarmCount::new(&Live::default(), MORNING, 1, &all);
    let mark = crate::model::Suppressed {
        by: "works".to_owned(),
        zh: "检修".to_owned(),
        en: "Works".to_owned(),
        since: MORNING,
    };
    let suppressed = |number: u32| Alarm {
        suppressed: Some(mark.clone()),
        ..alarm(number, number, MORNING)
    };
    let ids = [1, 2].map(|number| suppressed(number).id);
    for number in [1, 2] {
        let alarm = suppressed(number);
        count.take(MORNING, &Change::AlarmRaised { alarm });
    }
    let at = MORNING.plus(60 * SECOND);
    let returned = Change::AlarmReturned { alarm: ids[0], at };
    count.take(at, &returned);
    for alarm in ids {
        let at = MORNING.plus(600 * SECOND);
        count.take(at, &Change::SuppressionEnded { alarm, at });
    }
    let told = count.figures(MORNING.plus(HOUR));
    assert_eq!(
        (told.suppressed, told.raised, told.unacknowledged),
        (2, 1, 1)
    );
    assert_eq!(told.returned.count, 0);
}
