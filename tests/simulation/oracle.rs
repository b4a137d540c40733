//! What must hold at the end of a course, worked out without the engine: from what was sent, and from
//! the log by models so simple that one sees that they are right.

use std::collections::{BTreeMap, BTreeSet};

use pingjiang::base::{AlarmId, DeviceId, Timestamp};
use pingjiang::model::dispatch::Act;
use pingjiang::model::ports::CarriedOut;
use pingjiang::model::{Alarm, Batch, Change, DeviceKind, Live, Reading, Twin};

use super::course::Course;
use super::outside::INTERVAL_S;

/// Judges a course; `live` is the engine's state at its end.
pub fn judge(course: &Course, live: &Live) {
    let log = log(course);
    in_order(&log);
    replayed(course, &log, live);
    readings(course);
    let alarms = alarms(&log, live);
    warned(course, &log, &alarms);
    ordered(course, &log);
    course.count("batches", log.len());
    course.count("readings", course.sent().count());
    course.count("alarms", alarms.len());
    course.count("orders carried out", course.carried_out.len());
    course.count("orders refused", course.refused.len());
    course.count("messages delivered again", course.delivered_again());
}

/// The whole log, from its first batch.
fn log(course: &Course) -> Vec<Batch> {
    let mut disk = course.door().disk();
    let archive = disk.store.archive();
    let marks = archive.snapshots().unwrap();
    let kept: Vec<u64> = marks.iter().map(|mark| mark.batch).collect();
    archive.drop_snapshots(&kept).unwrap();
    archive.recover(None).unwrap().batches
}

/// Numbers without a gap, times that never run back, all of it kept.
fn in_order(log: &[Batch]) {
    let numbers: Vec<u64> = log.iter().map(|batch| batch.number).collect();
    assert_eq!(numbers, (1..=log.len() as u64).collect::<Vec<_>>());
    assert!(log.iter().map(|batch| batch.at).is_sorted());
    assert!(log.iter().all(|batch| !batch.uncommitted));
}

/// The state of an engine that went through all of it is that of one that only reads the log.
fn replayed(course: &Course, log: &[Batch], live: &Live) {
    let mut twin = Twin::new(course.ground().clone());
    log.iter().for_each(|batch| twin.apply(batch).unwrap());
    let other = Twin::at_snapshot(course.ground().clone(), live.clone());
    assert_eq!(twin.state_hash(), other.state_hash(), "replay differs");
    assert_eq!(live.feed.dropped, 0, "there was always room");
}

/// Every reading that was sent is kept, each once, and nothing else is.
fn readings(course: &Course) {
    type Key = (DeviceId, Timestamp, u64);
    let key = |device, at, value: f64| -> Key { (device, at, value.to_bits()) };
    let sent: BTreeSet<Key> = course
        .sent()
        .map(|it| key(it.device, it.at, it.value))
        .collect();
    let mut kept = Vec::new();
    let mut disk = course.door().disk();
    for device in course.ground().devices.keys() {
        let all = Timestamp::from_millis(0)..Timestamp::from_millis(i64::MAX);
        let take = &mut |one: &Reading| kept.push(key(one.device, one.at, one.value));
        disk.store
            .archive()
            .each_reading(*device, all.start, all.end, take)
            .unwrap();
    }
    let apart: BTreeSet<Key> = kept.iter().copied().collect();
    assert_eq!(apart.len(), kept.len(), "a reading is kept twice");
    let lost: Vec<_> = sent.difference(&apart).collect();
    assert!(lost.is_empty(), "lost: {lost:?}");
    let odd: Vec<_> = apart.difference(&sent).collect();
    // One may have come ahead of the engine's time, and again when that had caught up.
    assert!(
        odd.iter().all(|it| course.came_ahead(it.0, it.1)),
        "nobody sent {odd:?}"
    );
}

/// Every alarm: raised once, ended once at most and not before, noticed once at most, in one incident.
fn alarms(log: &[Batch], live: &Live) -> Vec<(Alarm, Option<Timestamp>)> {
    let mut all: Vec<(Alarm, Option<Timestamp>)> = Vec::new();
    let mut place = BTreeMap::<AlarmId, usize>::new();
    let mut noticed = BTreeSet::new();
    let mut joined = BTreeMap::<AlarmId, usize>::new();
    for change in log.iter().flat_map(|batch| &batch.changes) {
        match change {
            Change::AlarmRaised { alarm } => {
                let before = place.insert(alarm.id, all.len());
                assert!(before.is_none(), "raised twice: {alarm:?}");
                all.push((alarm.clone(), None));
            }
            Change::AlarmReturned { alarm, at } => {
                let returned = &mut all[place[alarm]].1;
                assert_eq!(*returned, None, "{alarm} ended twice");
                *returned = Some(*at);
            }
            Change::AlarmAcknowledged { alarm, .. } => {
                assert!(
                    place.contains_key(alarm) && noticed.insert(*alarm),
                    "{alarm}"
                );
            }
            Change::Incident { step } => {
                if let Act::Joined { member } = &step.act {
                    *joined.entry(member.alarm).or_default() += 1;
                }
            }
            _ => {}
        }
    }
    let is_open = |(alarm, returned): &&(Alarm, Option<Timestamp>)| {
        returned.is_none() || !noticed.contains(&alarm.id)
    };
    let open: BTreeSet<_> = all.iter().filter(is_open).map(|it| it.0.id).collect();
    assert_eq!(open, live.alarms.keys().copied().collect(), "open alarms");
    assert_eq!(live.alarms_raised, all.len() as u64);
    let once: BTreeMap<_, _> = all.iter().map(|it| (it.0.id, 1)).collect();
    assert_eq!(joined, once, "each alarm is in one incident");
    all
}

/// A device under its kind's threshold, as the table tells it.
struct Model<'a> {
    kind: &'a DeviceKind,
    last: Option<Timestamp>,
    in_a_row: u32,
    seen: BTreeSet<(Timestamp, u64)>,
    is_active: bool,
    told: Vec<(Timestamp, Option<Timestamp>)>,
    late: usize,
}

impl Model<'_> {
    /// A reading of a batch of this time.
    fn take(&mut self, reading: &Reading, now: Timestamp) {
        let is_new = self.seen.insert((reading.at, reading.value.to_bits()));
        let is_beyond = self
            .kind
            .alarm_above
            .is_some_and(|above| reading.value >= above);
        if let Some(last) = self.last
            && reading.at <= last
        {
            let is_press = self.kind.alarm_readings == 1 && is_beyond;
            let is_of_today = now - reading.at <= 24 * 3_600_000;
            if is_press && is_new && is_of_today && !self.is_active {
                self.told.push((reading.at, Some(last)));
                self.late += 1;
            }
            return;
        }
        let gap_ms = 3_000 * i64::from(INTERVAL_S);
        if self.last.is_some_and(|last| reading.at - last > gap_ms) {
            self.in_a_row = 0;
        }
        self.last = Some(reading.at);
        let limit = self.kind.alarm_above.unwrap_or(f64::INFINITY);
        if self.is_active {
            if reading.value <= limit - self.kind.alarm_dead_band {
                self.is_active = false;
                self.in_a_row = 0;
                self.told.last_mut().expect("it is active").1 = Some(reading.at);
            }
        } else if is_beyond {
            self.in_a_row += 1;
            if self.in_a_row >= self.kind.alarm_readings {
                self.in_a_row = 0;
                self.is_active = true;
                self.told.push((reading.at, None));
            }
        } else {
            self.in_a_row = 0;
        }
    }
}

/// The alarms of plain devices are those of the model, whatever happened between two readings.
fn warned(course: &Course, log: &[Batch], alarms: &[(Alarm, Option<Timestamp>)]) {
    for (id, device) in &course.ground().devices {
        let kind = course.kinds().get(&device.kind).expect("a standard kind");
        if kind.jump.is_some() || kind.stuck_s > 0 {
            continue;
        }
        let mut model = Model {
            kind,
            last: None,
            in_a_row: 0,
            seen: BTreeSet::new(),
            is_active: false,
            told: Vec::new(),
            late: 0,
        };
        for batch in log {
            let readings = batch.readings.iter().filter(|it| it.device == *id);
            readings.for_each(|it| model.take(it, batch.at));
        }
        course.count("late presses that warned", model.late);
        let told = alarms.iter().filter(|it| it.0.device == *id);
        let told: Vec<_> = told.map(|(alarm, end)| (alarm.raised_at, *end)).collect();
        assert_eq!(told, model.told, "alarms of {}", device.source.key);
    }
}

/// What was answered to be carried out is in the log, once, and what was refused is not.
fn ordered(course: &Course, log: &[Batch]) {
    let mut by = BTreeMap::<String, BTreeSet<u64>>::new();
    for batch in log {
        let text = serde_json::to_string(&batch.changes).unwrap();
        for (at, _) in text.match_indices("\"Li ") {
            by.entry(text[at + 1..at + 9].to_owned())
                .or_default()
                .insert(batch.number);
        }
    }
    for (who, CarriedOut { batch, .. }) in &course.carried_out {
        assert!(
            by.get(who).is_some_and(|it| it.contains(batch)),
            "{who} in batch {batch}"
        );
    }
    for who in &course.refused {
        assert!(!by.contains_key(who), "{who} was refused");
    }
}
