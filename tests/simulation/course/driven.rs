//! The engine of a course: it starts, works and crashes, and a wall follows what it publishes.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Mutex};

use pingjiang::app::pipeline::{EngineTime, Pipeline, Settings};
use pingjiang::base::Timestamp;
use pingjiang::feed::{Inbox, Intake};
use pingjiang::model::ports::CarriedOut;
use pingjiang::model::{Batch, FeedStatus, Twin};

use super::super::disk::Crashed;
use super::{Course, Mistake};

/// Readings that the inbox has room for: far fewer than an engine's.
const ROOM: usize = 64;

/// An engine, as `app::engine` puts one together.
pub struct Engine {
    pub pipeline: Pipeline,
    pub inbox: Arc<Inbox>,
    pub intake: Intake,
    time: EngineTime,
}

impl Course {
    /// Does something with the engine that a crash may end; gives back whether it did not.
    fn guarded(&mut self, act: impl FnOnce(&mut Self)) -> bool {
        match catch_unwind(AssertUnwindSafe(|| act(self))) {
            Ok(()) => true,
            Err(crash) if crash.is::<Crashed>() => false,
            Err(fault) => resume_unwind(fault),
        }
    }

    pub(super) fn start(&mut self) {
        if let Some(damage) = self.door.disk().store.open_again() {
            panic!("a write that was cut off is no damage: {damage:?}");
        }
        let published = Arc::new(Mutex::new(Vec::new()));
        let heard = published.clone();
        let mut made = None;
        let is_up = self.guarded(|course| {
            let settings = Settings {
                snapshot_batches: 7,
                ..Settings::default()
            };
            let (ground, kinds) = (course.ground.clone(), course.kinds.clone());
            let archive = Box::new(course.door.clone());
            let pipeline = Pipeline::open(ground, kinds, archive, &settings).expect("it opens");
            course.compare(&pipeline);
            let last = pipeline.twin().live().at;
            let time = EngineTime::start(last, course.system(), course.elapsed_ms);
            let inbox = Arc::new(Inbox::new(ROOM));
            let (ground, kinds) = (&course.ground, &course.kinds);
            let intake = Intake::new(course.feeds.clone(), ground, kinds, inbox.clone());
            let engine = made.insert(Engine {
                pipeline,
                inbox,
                intake,
                time,
            });
            let now = engine.time.at(course.system(), course.elapsed_ms);
            let door = course.door.clone();
            let publish = &mut |batch: &Arc<Batch>| {
                heard.lock().unwrap().push(batch.clone());
                door.step();
            };
            let status = FeedStatus::default();
            engine
                .pipeline
                .listen(status, now, publish)
                .expect("it listens");
        });
        let batches = std::mem::take(&mut *published.lock().unwrap());
        self.follow(&batches);
        self.engine = made.filter(|_| is_up);
        self.note(format!(
            "the engine is {}",
            if is_up { "up" } else { "down again" }
        ));
    }

    /// What an engine begins with is what was shown last and kept, and no more.
    fn compare(&mut self, pipeline: &Pipeline) {
        let twin = pipeline.twin();
        let (begins, shown) = (twin.live().batch, self.follower.live().batch);
        assert!(begins >= self.committed, "batch {} is lost", self.committed);
        if begins > shown {
            let recovered = self.door.disk().store.archive().recover(None).unwrap();
            let later = recovered.batches.iter().filter(|it| it.number > shown);
            later.for_each(|batch| self.follower.apply(batch).unwrap());
        }
        self.count(
            "batches shown and lost",
            shown.saturating_sub(begins) as usize,
        );
        if begins >= shown {
            let hashes = [twin, &self.follower].map(Twin::state_hash);
            assert_eq!(hashes[0], hashes[1], "after batch {begins}");
        }
        // What was shown and not kept is gone: a wall is told to begin anew.
        self.follower = Twin::at_snapshot(self.ground.clone(), twin.live().clone());
        self.committed = begins;
        let is_kept = |one: &CarriedOut| one.batch <= begins;
        for (who, one) in &self.carried_out {
            assert!(
                is_kept(one) || one.uncommitted,
                "{who} was told that it is done, and it is lost: batch {}",
                one.batch
            );
        }
        let told = self.carried_out.len();
        self.carried_out.retain(|_, one| is_kept(one));
        let lost = told - self.carried_out.len();
        self.count("orders lost, as was said", lost);
    }

    /// A wall follows, and knows what is kept for good.
    fn follow(&mut self, batches: &[Arc<Batch>]) {
        for batch in batches {
            self.follower.apply(batch).expect("no number is left out");
            if !batch.uncommitted {
                self.committed = batch.number;
            }
            self.published_ms = self.elapsed_ms;
        }
    }

    pub(super) fn engine_now(&mut self) -> Timestamp {
        let (system, elapsed_ms) = (self.system(), self.elapsed_ms);
        match &mut self.engine {
            Some(_) if self.mistake == Mistake::FollowsTheClock => system,
            Some(engine) => engine.time.at(system, elapsed_ms),
            None => system,
        }
    }

    pub(super) fn tick(&mut self) {
        let now = self.engine_now();
        let published = Arc::new(Mutex::new(Vec::new()));
        let heard = published.clone();
        let is_up = self.guarded(|course| {
            let door = course.door.clone();
            let publish = &mut |batch: &Arc<Batch>| {
                heard.lock().unwrap().push(batch.clone());
                door.step();
            };
            let engine = course.engine.as_mut().expect("it runs");
            let inbox = engine.inbox.clone();
            engine
                .pipeline
                .tick(now, &inbox, publish)
                .expect("it ticks");
        });
        let batches = std::mem::take(&mut *published.lock().unwrap());
        self.follow(&batches);
        self.take_answers();
        // Acknowledgements are sent by others, who may have been faster than a crash.
        self.acknowledge();
        if is_up {
            let quiet_ms = self.elapsed_ms - self.published_ms;
            let longest_ms = Settings::default().heartbeat_ms * 11 / 10;
            assert!(
                !batches.is_empty() || quiet_ms <= longest_ms,
                "nothing is published for {quiet_ms} ms: time stands still"
            );
            return;
        }
        self.count("crashes", 1);
        self.note("the engine crashed".to_owned());
        self.engine = None;
        self.outside.broker.cut_off();
        self.outside.broker.connected = true;
        for (_, mark) in &mut self.outside.requests {
            *mark = None;
        }
    }
}
