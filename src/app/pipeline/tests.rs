//! The pipeline over an archive in memory that can be made to fail.

mod late;
mod orders;
mod retention;
mod watch;

use std::sync::{Mutex, mpsc};

use super::*;
use crate::base::{AlarmId, DeviceId};
use crate::citygen::days::{Scenario, Simulation};
use crate::feed::{Simulator, Urgency};
use crate::model::ports::{
    ArchiveError, Detail, Orders, Recovered, SnapshotMark, Thinned, Thinning,
};
use crate::model::sample::{MORNING, city, device_id, reading};
use crate::model::{Actor, Command, DeviceHealth, Live, Refusal, Reveal, Rollup, Step};

#[derive(Default)]
struct Disk {
    batches: Vec<Batch>,
    snapshot: Option<Live>,
    full: bool,
    /// Writes, and then says that it did not.
    lies: bool,
    /// Of which devices readings were made rollups, and up to which time.
    thinned: Vec<DeviceId>,
    thinned_before: Timestamp,
}

#[derive(Clone, Default)]
struct Fake(Arc<Mutex<Disk>>);

impl Archive for Fake {
    fn append(&mut self, batches: &[Batch]) -> Result<(), ArchiveError> {
        let mut disk = self.0.lock().unwrap();
        let failed = ArchiveError::Failed {
            doing: "append",
            reason: "no space left".to_owned(),
            place: "fake".to_owned(),
        };
        if disk.full {
            return Err(failed);
        }
        let last = disk.batches.last().map_or(0, |batch| batch.number);
        let given = batches[0].number;
        if given != last + 1 {
            return Err(ArchiveError::Gap { last, given });
        }
        // As text, the way a real one keeps them.
        let text = serde_json::to_string(batches).unwrap();
        disk.batches
            .extend(serde_json::from_str::<Vec<Batch>>(&text).unwrap());
        if disk.lies { Err(failed) } else { Ok(()) }
    }

    fn keep_snapshot(&mut self, live: &Live) -> Result<(), ArchiveError> {
        let text = serde_json::to_string(live).unwrap();
        self.0.lock().unwrap().snapshot = serde_json::from_str(&text).unwrap();
        Ok(())
    }

    fn snapshots(&mut self) -> Result<Vec<SnapshotMark>, ArchiveError> {
        let disk = self.0.lock().unwrap();
        let mark = |live: &Live| SnapshotMark {
            batch: live.batch,
            at: live.at,
        };
        Ok(disk.snapshot.iter().map(mark).collect())
    }

    fn drop_snapshots(&mut self, batches: &[u64]) -> Result<(), ArchiveError> {
        panic!("the only snapshot is to go: {batches:?}");
    }

    fn each_change(
        &mut self,
        _: Timestamp,
        _: Timestamp,
        _: &mut dyn FnMut(Timestamp, &Change),
    ) -> Result<(), ArchiveError> {
        Ok(())
    }

    fn reveals(&mut self, _: Timestamp, _: Timestamp) -> Result<Vec<Reveal>, ArchiveError> {
        Ok(Vec::new())
    }

    fn recover(&mut self, _at_batch: Option<u64>) -> Result<Recovered, ArchiveError> {
        let disk = self.0.lock().unwrap();
        let snapshot = disk.snapshot.clone();
        let from = snapshot.as_ref().map_or(0, |live| live.batch);
        let later = disk.batches.iter().filter(|batch| batch.number > from);
        Ok(Recovered {
            batches: later.cloned().collect(),
            snapshot,
            thinned: false,
        })
    }

    fn batch_at(&mut self, _at: Timestamp) -> Result<u64, ArchiveError> {
        Ok(0)
    }

    fn each_reading(
        &mut self,
        device: DeviceId,
        from: Timestamp,
        to: Timestamp,
        take: &mut dyn FnMut(&Reading),
    ) -> Result<(), ArchiveError> {
        let disk = self.0.lock().unwrap();
        let readings = disk.batches.iter().flat_map(|batch| &batch.readings);
        let is_asked = |it: &&Reading| it.device == device && (from..to).contains(&it.at);
        readings.filter(is_asked).for_each(take);
        Ok(())
    }

    fn rollups(
        &mut self,
        _: DeviceId,
        _: (Step, i32),
        _: Timestamp,
        _: Timestamp,
    ) -> Result<Vec<Rollup>, ArchiveError> {
        Ok(Vec::new())
    }

    fn detail(&mut self, _: DeviceId) -> Result<Detail, ArchiveError> {
        Ok(Detail::default())
    }

    fn thin_readings(&mut self, thinning: &Thinning<'_>) -> Result<Thinned, ArchiveError> {
        let mut disk = self.0.lock().unwrap();
        disk.thinned.extend(thinning.devices);
        disk.thinned_before = disk.thinned_before.max(thinning.before);
        Ok(Thinned {
            readings: 0,
            devices: thinning.devices.len(),
        })
    }

    fn thin_batches(&mut self, _: Timestamp, _: usize) -> Result<usize, ArchiveError> {
        Ok(0)
    }
}

struct Bench {
    disk: Fake,
    inbox: Inbox,
    pipeline: Pipeline,
    published: Vec<Arc<Batch>>,
}

impl Bench {
    fn new() -> Self {
        Self::on(Fake::default())
    }

    fn on(disk: Fake) -> Self {
        let settings = Settings {
            snapshot_batches: 7,
            ..Settings::default()
        };
        let kinds = Arc::new(KindTable::standard());
        let archive = Box::new(disk.clone());
        let pipeline = Pipeline::open(Arc::new(city(4)), kinds, archive, &settings).unwrap();
        Self {
            disk,
            inbox: Inbox::new(100_000),
            pipeline,
            published: Vec::new(),
        }
    }

    fn offer(&self, device: DeviceId, seconds: i64, value: f64) {
        self.inbox
            .offer(reading(device, seconds, value), Urgency::Telemetry);
    }

    fn tick(&mut self, seconds: i64) -> usize {
        let before = self.published.len();
        let published = &mut self.published;
        self.pipeline
            .tick(MORNING.plus(seconds * 1_000), &self.inbox, &mut |batch| {
                published.push(batch.clone());
            })
            .unwrap();
        self.published.len() - before
    }

    fn acknowledge(&self, alarm: AlarmId) -> mpsc::Receiver<Result<CarriedOut, Refusal>> {
        let (sender, answer) = mpsc::channel();
        let by = Actor("Li".to_owned());
        let reply = Box::new(move |result| drop(sender.send(result)));
        self.inbox.order(Command::Acknowledge { alarm, by }, reply);
        answer
    }

    fn set(&self, change: impl Fn(&mut Disk)) {
        change(&mut self.disk.0.lock().unwrap());
    }

    fn stored(&self) -> usize {
        self.disk.0.lock().unwrap().batches.len()
    }

    fn health(&self, device: DeviceId) -> DeviceHealth {
        self.pipeline.twin().live().devices[&device].health
    }
}

#[test]
fn readings_become_batches_and_quiet_ticks_none_but_heartbeats() {
    let mut bench = Bench::new();
    let device = device_id("smoke", 0);
    bench.offer(device, 0, 1.0);
    assert_eq!(bench.tick(0), 1);
    assert_eq!((1..5).map(|second| bench.tick(second)).sum::<usize>(), 0);
    assert_eq!(bench.tick(5), 1, "a heartbeat");
    assert!(bench.published[1].readings.is_empty() && bench.published[1].changes.is_empty());
    assert_eq!(bench.inbox.acknowledged(), 1);
    assert_eq!(bench.stored(), 2);
}

#[test]
fn what_cannot_be_used_is_counted_and_kept_out() {
    let mut bench = Bench::new();
    let device = device_id("smoke", 0);
    bench.offer(device, 0, 1.0);
    bench.offer(DeviceId::from_source("un", "known"), 0, 1.0);
    bench.offer(device, 900, 1.0);
    bench.offer(device, 1, f64::NAN);
    bench.tick(2);
    assert_eq!(bench.published[0].readings.len(), 1);
    bench.offer(device, 3, f64::NAN);
    bench.tick(3);
    assert_eq!(bench.health(device), DeviceHealth::OutOfRange);
    bench.tick(8);
    assert_eq!(bench.pipeline.twin().live().feed.refused, 2);
    bench.offer(device, 10, 1.0);
    bench.offer(device, 10, 1.0);
    bench.tick(10);
    bench.offer(device, 10, 1.0);
    bench.tick(11);
    let heard = bench
        .published
        .iter()
        .flat_map(|batch| &batch.readings)
        .count();
    assert_eq!(heard, 2, "one and the same message counts once");
}

#[test]
fn commands_are_answered_and_the_second_of_two_is_refused() {
    let mut bench = Bench::new();
    bench.offer(device_id("help_button", 0), 0, 1.0);
    bench.tick(0);
    let alarm = bench.pipeline.twin().live().queue()[0].id;
    let answers = [bench.acknowledge(alarm), bench.acknowledge(alarm)];
    let unknown = bench.acknowledge(AlarmId::from_source("no", "such"));
    bench.tick(1);
    let done = answers[0].try_recv().unwrap().unwrap();
    assert_eq!((done.batch, done.uncommitted), (2, false));
    let refusal = answers[1].try_recv().unwrap().unwrap_err();
    assert!(
        matches!(refusal, Refusal::AlreadyAcknowledged { .. }),
        "{refusal}"
    );
    assert!(matches!(
        unknown.try_recv(),
        Ok(Err(Refusal::NoSuchAlarm { .. }))
    ));
    assert_eq!(bench.tick(2), 0, "a refusal makes no batch");
}

#[test]
fn a_full_disk_hides_no_alarm_and_loses_nothing() {
    let mut bench = Bench::new();
    let device = device_id("help_button", 0);
    bench.offer(device, 0, 0.0);
    bench.tick(0);
    bench.set(|disk| disk.full = true);
    bench.offer(device, 1, 1.0);
    bench.tick(1);
    bench.offer(device, 2, 0.0);
    bench.tick(2);
    assert_eq!(
        bench.pipeline.twin().live().alarms.len(),
        1,
        "raised all the same"
    );
    assert!(bench.published[1].uncommitted && bench.published[2].uncommitted);
    assert_eq!((bench.stored(), bench.pipeline.uncommitted()), (1, 2));
    assert_eq!(bench.inbox.acknowledged(), 1, "only what was written");
    bench.set(|disk| disk.full = false);
    assert_eq!(bench.tick(4), 0, "an idle tick writes what waits");
    assert_eq!((bench.stored(), bench.inbox.acknowledged()), (3, 3));
    bench.offer(device, 6, 0.0);
    bench.tick(6);
    assert!(!bench.published[3].uncommitted);
    assert!(
        bench
            .disk
            .0
            .lock()
            .unwrap()
            .batches
            .iter()
            .all(|batch| !batch.uncommitted)
    );
}

#[test]
fn an_append_that_lied_about_failing_is_not_written_twice() {
    let mut bench = Bench::new();
    let device = device_id("smoke", 0);
    bench.set(|disk| disk.lies = true);
    bench.offer(device, 0, 1.0);
    bench.tick(0);
    bench.set(|disk| disk.lies = false);
    for second in [2, 4] {
        bench.offer(device, second, 1.0);
        bench.tick(second);
    }
    let numbers: Vec<_> = bench
        .disk
        .0
        .lock()
        .unwrap()
        .batches
        .iter()
        .map(|it| it.number)
        .collect();
    assert_eq!(numbers, [1, 2, 3]);
}

#[test]
fn a_restart_at_any_batch_goes_on_exactly() {
    let disk = Fake::default();
    let mut bench = Bench::on(disk.clone());
    let kinds = Arc::new(KindTable::standard());
    let ground = city(4);
    let start = MORNING.plus(Simulation::WARM_UP_MS);
    let made = Simulation::new(&ground, &kinds, 5, Scenario::Flood, start);
    let mut simulator = Simulator::new(made, &ground, kinds, MORNING);
    let status = FeedStatus {
        simulated: true,
        ..FeedStatus::default()
    };
    bench.pipeline.listen(status, MORNING, &mut |_| {}).unwrap();
    for minute in 0..40 {
        simulator.pump(MORNING.plus(minute * 60_000), &bench.inbox);
        bench.tick(minute * 60);
        let hash = bench.pipeline.twin().state_hash();
        let again = Bench::on(disk.clone());
        assert_eq!(again.pipeline.twin().state_hash(), hash, "minute {minute}");
        bench.pipeline = again.pipeline;
    }
    let live = bench.pipeline.twin().live();
    assert!(
        live.alarms_raised > 5 && live.feed.simulated,
        "{}",
        live.alarms_raised
    );
    assert!(disk.0.lock().unwrap().snapshot.is_some());
}

#[test]
fn a_source_that_is_cut_off_is_told_at_once_and_its_counts_once_a_minute() {
    let mut bench = Bench::new();
    let mut note = |connected, since: i64, messages, seconds: i64| {
        bench.pipeline.note_connection(FeedConnection {
            connected,
            since: MORNING.plus(since * 1_000),
            messages,
            ..FeedConnection::default()
        });
        bench.tick(seconds);
        let connection = bench.pipeline.twin().live().feed.connection.clone();
        connection.map(|it| (it.connected, it.messages))
    };
    assert_eq!(note(true, 0, 0, 0), Some((true, 0)));
    assert_eq!(note(true, 0, 70, 7), Some((true, 0)), "nothing is wrong");
    assert_eq!(note(false, 8, 80, 8), Some((false, 80)));
    assert_eq!(note(true, 9, 80, 9), Some((true, 80)));
    assert_eq!(note(true, 9, 600, 59), Some((true, 80)));
    assert_eq!(note(true, 9, 610, 61), Some((true, 610)));
    bench.inbox.refuse(3);
    bench.tick(62);
    bench.tick(66);
    assert_eq!(bench.pipeline.twin().live().feed.refused, 3);
}

#[test]
fn closing_leaves_a_snapshot_or_says_what_is_lost() {
    let mut bench = Bench::new();
    bench.offer(device_id("smoke", 0), 0, 1.0);
    bench.tick(0);
    let disk = bench.disk.clone();
    bench.pipeline.close().unwrap();
    assert_eq!(
        disk.0
            .lock()
            .unwrap()
            .snapshot
            .as_ref()
            .map(|live| live.batch),
        Some(1)
    );

    let mut bench = Bench::new();
    bench.set(|disk| disk.full = true);
    bench.offer(device_id("smoke", 0), 0, 1.0);
    bench.tick(0);
    let error = format!("{:#}", bench.pipeline.close().unwrap_err());
    assert!(
        error.contains("1 batches") && error.contains("no space"),
        "{error}"
    );
}

#[test]
fn a_clock_set_back_stands_still() {
    let mut bench = Bench::new();
    bench.offer(device_id("smoke", 0), 0, 1.0);
    bench.tick(100);
    bench.offer(device_id("smoke", 0), 50, 1.0);
    bench.tick(-100);
    assert_eq!(bench.published[1].at, bench.published[0].at);
}
