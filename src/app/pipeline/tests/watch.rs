//! The monitor in the pipeline: a house that moves is alarmed at the second reading that agrees, a row of
//! them is one incident, and it is over once somebody looked; a restart goes on where it was.

use super::*;
use crate::app::monitored::Sensors;
use crate::base::{IncidentId, SealError, Sealer};
use crate::model::alarm_rule::AlarmRules;
use crate::model::dispatch::{self, Ask, Cause, ShutText, Stage};
use crate::model::{MonitorGrade, SuddenKind};
use crate::monitor::MonitorTable;
use crate::rules::Homes;

const STEP_S: i64 = 600;

/// Seals nothing: what the tests write is no secret.
struct Open;

impl Sealer for Open {
    fn seal(&self, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        Ok([b"PJ", plain].concat())
    }

    fn unseal(&self, blob: &[u8]) -> Result<Vec<u8>, SealError> {
        Ok(blob[2..].to_vec())
    }
}

fn words() -> ShutText {
    ShutText::seal("went there", &Open).unwrap()
}

/// Four houses in a row, wall to wall, with a tilt sensor each.
fn row() -> Ground {
    let mut ground = city(4);
    let houses: Vec<_> = ground.buildings.keys().copied().collect();
    for pair in houses.windows(2) {
        for [one, other] in [[pair[0], pair[1]], [pair[1], pair[0]]] {
            ground
                .buildings
                .get_mut(&one)
                .unwrap()
                .party_walls
                .push(other);
        }
    }
    ground
}

struct Houses {
    bench: Bench,
    at_s: i64,
}

/// A pipeline that follows no sensor yet, and the bank that it is to follow.
fn unfollowed(disk: &Fake) -> (Pipeline, Bank) {
    let ground = Arc::new(row());
    let kinds = Arc::new(KindTable::standard());
    let settings = Settings {
        snapshot_batches: 7,
        ..Settings::default()
    };
    let archive = Box::new(disk.clone());
    let mut pipeline = Pipeline::open(ground.clone(), kinds.clone(), archive, &settings).unwrap();
    let rules = AlarmRules::standard();
    pipeline.set_rules(Plan::new(&rules, kinds.clone(), &ground, Homes::new()).unwrap());
    let table = MonitorTable::standard();
    let sensors = Sensors::of(&ground, &kinds, &table).unwrap();
    let bank = Bank::new(sensors, table, &ground);
    (pipeline, bank)
}

impl Houses {
    fn on(disk: Fake) -> Self {
        let (mut pipeline, bank) = unfollowed(&disk);
        pipeline.follow(bank).unwrap();
        let at_s = (pipeline.twin().live().at - MORNING).max(0) / 1_000;
        let bench = Bench {
            disk,
            inbox: Inbox::new(100_000),
            pipeline,
            published: Vec::new(),
        };
        Self { bench, at_s }
    }

    fn new() -> Self {
        Self::on(Fake::default())
    }

    /// So many steps in which each sensor tells; `lean` by its number.
    fn live(&mut self, steps: i64, lean: impl Fn(u32) -> f64) {
        for _ in 0..steps {
            self.at_s += STEP_S;
            for number in 0..4 {
                let noise = f64::from((self.at_s / STEP_S * 7 + i64::from(number)) as i32 % 5 - 2);
                let value = lean(number) + 0.02 * noise;
                self.bench
                    .offer(device_id("tilt", number), self.at_s, value);
            }
            self.bench.tick(self.at_s);
            self.bench.tick(self.at_s + 1);
        }
    }

    fn alarms(&self) -> Vec<(u32, String)> {
        let mut alarms: Vec<_> = (self.bench.pipeline.twin().live().alarms.values())
            .filter(|alarm| alarm.active)
            .map(|alarm| {
                let mut all = 0..4;
                let number = all.find(|number| device_id("tilt", *number) == alarm.device);
                (number.unwrap(), alarm.rule.clone())
            })
            .collect();
        alarms.sort();
        alarms
    }

    fn incidents(&self) -> Vec<dispatch::Incident> {
        let board = &self.bench.pipeline.twin().live().dispatch;
        board.incidents.values().cloned().collect()
    }

    fn order(&mut self, incident: IncidentId, by: &str, ask: Ask) -> Result<CarriedOut, Refusal> {
        let (sender, answer) = mpsc::channel();
        let order = dispatch::Order {
            incident,
            by: Actor(by.to_owned()),
            ask,
        };
        let reply = Box::new(move |result| drop(sender.send(result)));
        self.bench.inbox.order(Command::Incident { order }, reply);
        self.at_s += 2;
        self.bench.tick(self.at_s);
        answer.try_recv().unwrap()
    }
}

#[test]
fn a_house_that_moves_is_alarmed_at_the_second_reading_and_over_once_somebody_looked() {
    let mut houses = Houses::new();
    houses.live(60, |_| 1.0);
    assert_eq!(houses.alarms(), []);
    houses.live(1, |number| if number == 1 { 4.0 } else { 1.0 });
    let device = device_id("tilt", 1);
    let judged = |houses: &Houses| houses.bench.pipeline.twin().live().judged[&device].clone();
    assert_eq!(judged(&houses).sudden, Some(SuddenKind::Unconfirmed));
    assert_eq!(houses.alarms(), []);
    houses.live(1, |number| if number == 1 { 4.0 } else { 1.0 });
    assert_eq!(judged(&houses).sudden, Some(SuddenKind::Moved));
    assert_eq!(judged(&houses).grade, Some(MonitorGrade::Red));
    let moved = [(1, "house_moved".to_owned())];
    assert_eq!(houses.alarms(), moved);
    // It stays, however long nobody looks.
    houses.live(20, |number| if number == 1 { 4.0 } else { 1.0 });
    assert_eq!(houses.alarms(), moved);

    somebody_looks(&mut houses);
    // The next jump is a new matter.
    houses.live(2, |number| if number == 1 { 7.5 } else { 1.0 });
    assert_eq!(houses.alarms(), moved);
}

#[test]
fn a_spike_behind_a_movement_neither_ends_nor_repeats_its_alarm() {
    let mut houses = Houses::new();
    houses.live(60, |_| 1.0);
    let device = device_id("tilt", 1);
    let lean = |mrad: f64| move |number: u32| if number == 1 { mrad } else { 1.0 };
    houses.live(2, lean(4.0));
    let moved = [(1, "house_moved".to_owned())];
    for mrad in [-9.0, 4.0, 4.0, 35.0, 4.0, 80.0, 80.0, 4.0] {
        houses.live(1, lean(mrad));
        assert_eq!(houses.alarms(), moved, "{mrad}");
        let live = houses.bench.pipeline.twin().live();
        assert_eq!(
            live.judged[&device].grade,
            Some(MonitorGrade::Red),
            "{mrad}"
        );
        assert_eq!(live.judged[&device].sudden, Some(SuddenKind::Moved));
    }
    assert_eq!(houses.bench.pipeline.twin().live().alarms_raised, 1);
}

#[test]
fn a_house_that_falls_over_several_readings_is_one_alarm() {
    let mut houses = Houses::new();
    houses.live(60, |_| 1.0);
    for step in 1..=5 {
        let mrad = 1.0 + 1.4 * f64::from(step);
        houses.live(1, |number| if number == 1 { mrad } else { 1.0 });
    }
    houses.live(30, |number| if number == 1 { 8.0 } else { 1.0 });
    assert_eq!(houses.alarms(), [(1, "house_moved".to_owned())]);
    assert_eq!(houses.bench.pipeline.twin().live().alarms_raised, 1);
}

#[test]
fn values_beyond_the_range_of_the_device_alarm_nobody() {
    let mut houses = Houses::new();
    houses.live(60, |_| 1.0);
    houses.live(20, |number| if number == 2 { 80.0 } else { 1.0 });
    let live = houses.bench.pipeline.twin().live();
    assert_eq!(live.judged[&device_id("tilt", 2)].sudden, None);
    let people = |(_, rule): &(u32, String)| rule.starts_with("house_");
    assert!(!houses.alarms().iter().any(people), "{:?}", houses.alarms());
}

#[test]
fn a_sensor_that_fell_silent_is_judged_so_by_the_engine() {
    let mut houses = Houses::new();
    // Fifteen days, so that there is a grade.
    houses.live(15 * 144, |_| 1.0);
    let device = device_id("tilt", 3);
    let judged = |houses: &Houses| houses.bench.pipeline.twin().live().judged[&device].clone();
    assert_eq!(judged(&houses).grade, Some(MonitorGrade::Normal));
    houses.at_s += 7 * 86_400 - 60;
    houses.bench.tick(houses.at_s);
    assert_eq!(judged(&houses).grade, Some(MonitorGrade::Normal));
    houses.at_s += 120;
    houses.bench.tick(houses.at_s);
    houses.bench.tick(houses.at_s + 1);
    let blind = judged(&houses);
    assert_eq!((blind.grade, blind.per_month), (None, None));
    houses.live(2, |_| 1.0);
    assert!(judged(&houses).grade.is_some());
}

/// Takes the incident of the second house from the first notice to its end.
fn somebody_looks(houses: &mut Houses) {
    let device = device_id("tilt", 1);
    let moved = [(1, "house_moved".to_owned())];
    let one = houses.incidents().remove(0);
    let (li, wang) = ("Li", "Wang");
    houses
        .order(one.id, li, Ask::Acknowledge { seen: None })
        .unwrap();
    houses
        .order(
            one.id,
            li,
            Ask::Assign {
                owner: Actor(li.to_owned()),
            },
        )
        .unwrap();
    houses
        .order(
            one.id,
            li,
            Ask::FeedBack {
                team: None,
                words: words(),
            },
        )
        .unwrap();
    let close = Ask::Close {
        cause: Cause::Handled,
        words: None,
    };
    houses
        .order(one.id, wang, close.clone())
        .expect_err("nobody verified it");
    assert_eq!(houses.alarms(), moved);
    houses
        .order(one.id, wang, Ask::Verify { words: None })
        .unwrap();
    houses.live(1, |number| if number == 1 { 4.0 } else { 1.0 });
    assert_eq!(houses.alarms(), []);
    assert!(
        houses.bench.pipeline.twin().live().judged[&device]
            .looked
            .is_some()
    );
    houses.order(one.id, wang, close).unwrap();
    assert_eq!(houses.incidents()[0].stage, Stage::Close);
}

#[test]
fn spikes_and_a_remounted_sensor_raise_nothing() {
    let mut houses = Houses::new();
    houses.live(60, |_| 1.0);
    for _ in 0..5 {
        houses.live(1, |number| if number == 2 { 9.0 } else { 1.0 });
        houses.live(3, |_| 1.0);
    }
    houses.at_s += 6 * STEP_S;
    houses.live(20, |number| if number == 0 { -6.0 } else { 1.0 });
    let judged = &houses.bench.pipeline.twin().live().judged;
    let sudden = |number: u32| judged[&device_id("tilt", number)].sudden;
    assert_eq!(sudden(0), Some(SuddenKind::MountedAnew));
    assert_eq!(sudden(2), None);
    assert_eq!(houses.bench.pipeline.twin().live().alarms_raised, 0);
}

#[test]
fn four_houses_in_a_row_that_move_within_days_are_one_incident() {
    let mut houses = Houses::new();
    houses.live(60, |_| 1.0);
    for moved in 0..4 {
        // A day and a half between one and the next.
        houses.live(216, |number| if number <= moved { 4.0 } else { 1.0 });
    }
    assert_eq!(houses.alarms().len(), 4);
    let incidents = houses.incidents();
    assert_eq!(incidents.len(), 1, "{incidents:#?}");
    assert_eq!(incidents[0].buildings.len(), 4);
}

#[test]
fn a_restart_goes_on_with_the_same_states_and_judgements() {
    let lean = |number: u32| f64::from(number) * 0.5;
    let mut straight = Houses::new();
    straight.live(200, lean);
    let mut broken = Houses::new();
    broken.live(113, lean);
    // Stopped without a word: batches and readings are all there is.
    let mut broken = Houses::on(broken.bench.disk.clone());
    broken.live(87, lean);
    assert_eq!(straight.at_s, broken.at_s - broken.at_s % STEP_S);
    let [one, other] = [&straight, &broken].map(|houses| houses.bench.pipeline.bank().unwrap());
    for number in 0..4 {
        let device = device_id("tilt", number);
        assert_eq!(one.state(device), other.state(device));
        assert_eq!(one.assess(device), other.assess(device));
    }
    let judged = |houses: &Houses| houses.bench.pipeline.twin().live().judged.clone();
    assert_eq!(judged(&straight), judged(&broken));
}

#[test]
fn what_became_worse_before_anybody_looked_is_told_with_the_first_batch() {
    const DAYS: i64 = 80;
    let disk = Fake::default();
    let (mut pipeline, bank) = unfollowed(&disk);
    // The house of number 0 begins to move three weeks before the end, that of number 1 did so long ago.
    let lean = |number: u32, day: f64| match number {
        0 => 1.0 + (day - 60.0).max(0.0) * 0.05,
        1 => 1.0 + day * 0.05,
        _ => 1.0,
    };
    for day in 0..DAYS {
        let mut readings = Vec::new();
        for hour in 0..24 {
            let seconds = (day * 24 + hour) * 3_600;
            for number in 0..4 {
                let noise = f64::from((hour * 7 + i64::from(number)) as i32 % 5 - 2) * 0.02;
                let value = lean(number, seconds as f64 / 86_400.0) + noise;
                readings.push(reading(device_id("tilt", number), seconds, value));
            }
        }
        let at = MORNING.plus((day + 1) * 86_400_000);
        pipeline.recall(readings, Vec::new(), at).unwrap();
    }
    assert!(pipeline.twin().live().judged.is_empty());
    pipeline.follow(bank).unwrap();
    let inbox = Inbox::new(100);
    let now = MORNING.plus(DAYS * 86_400_000 + 1_000);
    pipeline.tick(now, &inbox, &mut |_| {}).unwrap();
    let judged = &pipeline.twin().live().judged;
    let told = |number| &judged[&device_id("tilt", number)];
    let worse = told(0).worse.expect("it moves since three weeks");
    assert_eq!(worse.from, MonitorGrade::Normal);
    let days_ago = (now - worse.at) / 86_400_000;
    assert!((1..20).contains(&days_ago), "{days_ago}");
    assert!(told(1).grade > Some(MonitorGrade::Normal));
    assert_eq!([1, 2, 3].map(|number| told(number).worse), [None; 3]);
}
