//! A flood of alarms in the generated community: few rows, nothing lost, nothing bad hidden.

use std::collections::BTreeSet;
use std::sync::Arc;

use pingjiang::base::{AlarmId, Timestamp};
use pingjiang::citygen::{self, AreaSpec};
use pingjiang::model::dispatch::{DispatchTable, ROWS_MAX, rows};
use pingjiang::model::{Alarm, Batch, Change, Grade, Ground, KindTable, Live, Twin};
use pingjiang::portrayal::hud::{LinkState, QUEUE_ROWS, facts_from};
use pingjiang::portrayal::words::{Lang, Words};
use pingjiang::rules::dispatch::{Crowd, Desk, step};

const MORNING: Timestamp = Timestamp::from_millis(1_777_593_600_000);

fn ground() -> Ground {
    let spec = AreaSpec::named("zjl").expect("the embedded description is valid");
    let city = citygen::generate(&spec, 1).expect("a city");
    let mut ground = Ground::new(city.info);
    for entity in city.entities {
        ground.put(entity);
    }
    ground
}

struct City {
    twin: Twin,
    desk: Desk,
}

impl City {
    fn new() -> Self {
        let (ground, kinds) = (Arc::new(ground()), Arc::new(KindTable::standard()));
        let desk = Desk::new(DispatchTable::standard(), kinds, &ground, Crowd::new());
        Self {
            twin: Twin::new(ground),
            desk,
        }
    }

    fn tick(&mut self, alarms: &[Alarm], now: Timestamp) {
        let raised = alarms.iter().map(|alarm| Change::AlarmRaised {
            alarm: alarm.clone(),
        });
        let mut changes: Vec<Change> = raised.collect();
        step(&self.twin, &self.desk, now, &mut changes);
        let batch = Batch {
            number: self.twin.live().batch + 1,
            ground_version: self.twin.ground().version,
            at: now,
            readings: Vec::new(),
            changes,
            uncommitted: false,
        };
        let kept = serde_json::to_string(&batch).expect("it has a JSON form");
        let kept = serde_json::from_str(&kept).expect("it was written just now");
        self.twin.apply(&kept).expect("it follows");
    }

    fn live(&self) -> &Live {
        self.twin.live()
    }

    /// Alarms of 1,000 devices all over the city in ten seconds: each of whose kind `is_there`.
    fn alarms(&self, is_there: fn(&str) -> bool) -> Vec<Alarm> {
        let devices = self.twin.ground().devices.values();
        let devices: Vec<_> = devices.filter(|one| is_there(one.kind.as_str())).collect();
        let every = (devices.len() / 1_000).max(1);
        let chosen = devices
            .iter()
            .step_by(every)
            .cycle()
            .take(1_000)
            .enumerate();
        let alarm = |(number, device): (usize, &&pingjiang::model::Device)| Alarm {
            id: AlarmId::from_source("flood", &format!("{} {number}", device.id)),
            device: device.id,
            rule: "threshold".to_owned(),
            // A red one comes late, among many.
            grade: match number {
                700 => Grade::Red,
                _ => Grade::ALL[1 + number % 3],
            },
            raised_at: MORNING.plus(number as i64 * 10),
            value: 1.0,
            active: true,
            returned_at: None,
            acknowledged: None,
            exercise: false,
            latched: false,
            suppressed: None,
        };
        chosen.map(alarm).collect()
    }
}

/// The wall's queue has a row for each incident, the red one on top, and counts those it does not
/// show; every alarm is in one of them.
fn on_the_wall(city: &City) {
    let (kinds, words) = (KindTable::standard(), Words::of(Lang::Zh));
    let now = MORNING.plus(12_000);
    let facts = facts_from(&city.twin, &kinds, now, LinkState::Alive, words);
    let open = city.live().dispatch.open().count();
    assert_eq!((facts.waiting.all, facts.waiting.unseen), (open, open));
    assert_eq!(facts.alarms_total(), 1_000);
    assert_eq!(facts.queue.len(), open.min(QUEUE_ROWS));
    assert_eq!(facts.queue[0].grade, Grade::Red);
    let clock = facts.queue[0].clock.as_ref();
    assert!(clock.is_some_and(|clock| !clock.text.is_empty() && !clock.is_over));
}

fn check(is_there: fn(&str) -> bool) {
    let mut city = City::new();
    let alarms = city.alarms(is_there);
    assert_eq!(alarms.len(), 1_000);
    for (tick, part) in alarms.chunks(25).enumerate() {
        city.tick(part, MORNING.plus(tick as i64 * 250));
        let live = city.live();
        let rows = rows(live, ROWS_MAX);
        assert!((1..=ROWS_MAX).contains(&rows.len()), "tick {tick}");
        let told: u64 = rows.iter().map(|row| row.alarms).sum();
        assert_eq!(
            told as usize,
            25 * (tick + 1),
            "each is counted, from the first tick on"
        );
    }
    on_the_wall(&city);
    let live = city.live();
    let rows = rows(live, ROWS_MAX);
    assert_eq!(rows[0].grade, Grade::Red, "on top");
    assert!(rows[0].unacknowledged > 0);
    let reached = rows.iter().flat_map(|row| &row.incidents);
    let members = reached.flat_map(|id| &live.dispatch.incidents[id].members);
    let reached: Vec<AlarmId> = members.map(|member| member.alarm).collect();
    let apart: BTreeSet<_> = reached.iter().copied().collect();
    assert_eq!(reached.len(), 1_000);
    assert_eq!(apart, alarms.iter().map(|alarm| alarm.id).collect());
}

#[test]
fn a_thousand_alarms_in_ten_seconds_are_ten_rows() {
    check(|_| true);
}

#[test]
fn so_are_a_thousand_that_are_no_calls_and_they_are_ten_incidents() {
    fn is_no_call(kind: &str) -> bool {
        kind != "help_button"
    }
    check(is_no_call);
    let mut city = City::new();
    city.tick(&city.alarms(is_no_call), MORNING.plus(10_000));
    let open = city.live().dispatch.open().count();
    assert!(open <= ROWS_MAX, "{open}");
    // Work goes on in them: what follows joins, and the flood that ended leaves places to themselves.
    let later = Alarm {
        id: AlarmId::from_source("flood", "later"),
        raised_at: MORNING.plus(7_200_000),
        ..city.alarms(is_no_call)[0].clone()
    };
    city.tick(std::slice::from_ref(&later), MORNING.plus(7_200_000));
    let own = city.live().dispatch.of_alarm(later.id).expect("in one");
    assert!(!own.opening.spot.is_wide && own.alarm_count() == 1);
}

#[test]
fn a_thousand_calls_stay_calls() {
    let mut city = City::new();
    let calls = city.alarms(|kind| kind == "help_button");
    let devices: BTreeSet<_> = calls.iter().map(|alarm| alarm.device).collect();
    city.tick(&calls, MORNING.plus(10_000));
    assert_eq!(city.live().dispatch.open().count(), devices.len());
    assert!(city.live().dispatch.open().all(|one| one.opening.is_call));
    assert!(rows(city.live(), ROWS_MAX).len() <= ROWS_MAX);
}
