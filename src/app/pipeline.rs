//! The pipeline: the only writer of the twin. One [`Pipeline::tick`] decodes what waits in the
//! inbox, lets the rules judge it, appends to the archive, applies to the twin, acknowledges the
//! source, publishes the batch, and answers the commands; in this order.
//!
//! When the archive cannot be written, batches are applied and published all the same, marked
//! `uncommitted`, kept in order and appended later; their source stays unacknowledged until
//! then, and orders are answered as carried out but not yet on disk. Never reads a clock itself: `now`
//! is an argument.

mod begin;
mod decode;
mod engine_time;
mod keep;
mod retention;
mod thin;
mod watch;

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::Context;

use crate::app::monitored::Bank;
use crate::base::{Millis, Timestamp};
use crate::feed::{Inbox, Order, Taken};
use crate::model::dispatch::DispatchTable;
use crate::model::ports::{Answer, Archive, CarriedOut};
use crate::model::{
    ApplyError, Batch, Change, EngineTable, FeedConnection, FeedStatus, Ground, KindTable, Reading,
    Subject, Twin,
};
use crate::rules::dispatch::{Crowd, Desk};
use crate::rules::{self, Plan};

pub use engine_time::EngineTime;
use keep::Keeper;
use retention::Retention;
use watch::Watch;

/// How often the counts of a source are told while nothing is wrong.
const COUNTS_MS: Millis = 60_000;

/// Numbers that an operator may want to change.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Longest time without a batch, so that followers know how old what they show is.
    pub heartbeat_ms: Millis,
    /// Batches between two snapshots.
    pub snapshot_batches: u64,
    /// Time between two tries to write an archive that failed.
    pub retry_ms: Millis,
    /// How long single readings are kept of kinds that do not keep them for good.
    pub raw_ms: Millis,
    /// Time between two steps of making rollups of older ones.
    pub upkeep_ms: Millis,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            heartbeat_ms: 5_000,
            snapshot_batches: 2_000,
            retry_ms: 1_000,
            raw_ms: EngineTable::default().raw_ms(),
            upkeep_ms: 1_000,
        }
    }
}

impl Settings {
    /// For an engine whose time runs `speed` times as fast: pauses stay what they are on the
    /// clock on the wall.
    #[must_use]
    pub fn at_speed(speed: f64) -> Self {
        let settings = Self::default();
        let stretched = |millis: Millis| ((millis as f64 * speed) as Millis).max(1);
        Self {
            heartbeat_ms: stretched(settings.heartbeat_ms),
            retry_ms: stretched(settings.retry_ms),
            upkeep_ms: stretched(settings.upkeep_ms),
            ..settings
        }
    }

    /// With so long a time for which single readings are kept.
    #[must_use]
    pub fn keeping_raw_for(self, raw_ms: Millis) -> Self {
        Self { raw_ms, ..self }
    }
}

/// The engine's one thread of work.
pub struct Pipeline {
    twin: Twin,
    plan: Plan,
    desk: Desk,
    watch: Option<Watch>,
    keeper: Keeper,
    heartbeat_ms: Millis,
    /// Drops and refusals of earlier runs, which the inbox does not know of.
    dropped_before: u64,
    refused: u64,
    /// What is told with the next batch.
    news: Vec<Change>,
    connection: Option<FeedConnection>,
}

/// Takes every batch right after it was applied, before its commands are answered.
pub type Publish<'a> = &'a mut dyn FnMut(&Arc<Batch>);

impl Pipeline {
    /// Goes on where the archive ends.
    ///
    /// # Errors
    /// When the archive cannot be read, or holds what does not fit this city.
    pub fn open(
        ground: Arc<Ground>,
        kinds: Arc<KindTable>,
        mut archive: Box<dyn Archive>,
        settings: &Settings,
    ) -> anyhow::Result<Self> {
        let recovered = archive.recover(None)?;
        let retention = Retention::new(&ground, &kinds, settings);
        let last_snapshot = recovered.snapshot.as_ref().map_or(0, |live| live.batch);
        let mut twin = match recovered.snapshot {
            Some(live) => Twin::at_snapshot(ground, live),
            None => Twin::new(ground),
        };
        for batch in &recovered.batches {
            twin.apply(batch)
                .context("the archive does not belong to this city file, or the file is older")?;
        }
        let feed = &twin.live().feed;
        Ok(Self {
            dropped_before: feed.dropped,
            refused: feed.refused,
            keeper: Keeper::new(archive, settings, last_snapshot, retention),
            heartbeat_ms: settings.heartbeat_ms,
            connection: None,
            desk: Desk::new(
                DispatchTable::standard(),
                kinds.clone(),
                twin.ground(),
                Crowd::new(),
            ),
            watch: None,
            twin,
            plan: Plan::of_kinds(kinds),
            news: Vec::new(),
        })
    }

    /// Judges by these rules from the next tick on.
    pub fn set_rules(&mut self, plan: Plan) {
        self.plan = plan;
    }

    /// Handles incidents by this desk from the next tick on.
    pub fn set_desk(&mut self, desk: Desk) {
        self.desk = desk;
    }

    /// The states of what is followed.
    #[must_use]
    pub fn bank(&self) -> Option<&Bank> {
        self.watch.as_ref().map(Watch::bank)
    }

    /// Tells something with the next batch, before what follows from its readings.
    pub fn tell(&mut self, change: Change) {
        self.news.push(change);
    }

    /// The rules that are judged by.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Notes how the connection to the source of readings stands; told with the next tick.
    pub fn note_connection(&mut self, connection: FeedConnection) {
        self.connection = Some(connection);
    }

    /// The twin as of the last batch.
    #[must_use]
    pub fn twin(&self) -> &Twin {
        &self.twin
    }

    /// Batches that wait for the archive; 0 when all is well.
    #[must_use]
    pub fn uncommitted(&self) -> usize {
        self.keeper.waiting()
    }

    /// Notes that the feed `name` is listened to from `now` on: silence is counted from here.
    /// To be called before the first tick.
    ///
    /// # Errors
    /// As [`Pipeline::tick`].
    pub fn listen(
        &mut self,
        status: FeedStatus,
        now: Timestamp,
        publish: Publish,
    ) -> Result<(), ApplyError> {
        let now = now.max(self.twin.live().at);
        let status = FeedStatus {
            dropped: self.dropped_before,
            refused: self.refused,
            since: now,
            ..status
        };
        self.run(Vec::new(), vec![Change::Feed { status }], now, publish)?;
        Ok(())
    }

    /// One round. A clock that was set back counts as standing still.
    ///
    /// # Errors
    /// Never in a sound build: a batch made here follows the last one.
    pub fn tick(
        &mut self,
        now: Timestamp,
        inbox: &Inbox,
        publish: Publish,
    ) -> Result<(), ApplyError> {
        let now = now.max(self.twin.live().at);
        let Taken {
            readings,
            presences,
            orders,
            dropped,
            refused,
            up_to,
        } = inbox.take();
        let keeper = &mut self.keeper;
        let knows = &mut |reading: &Reading| keeper.knows(reading);
        let decoded = decode::decode(&self.twin, self.plan.kinds(), readings, now, knows);
        self.refused += decoded.refused;
        let mut changes = std::mem::take(&mut self.news);
        if let Some(watch) = &mut self.watch {
            changes.extend(watch.judge(&self.twin, &decoded.readings, now));
        }
        changes.extend(rules::step(&self.twin, &self.plan, &decoded.readings, now));
        let words = presences.iter().map(|it| (it.device, it.online));
        changes.extend(rules::connections(
            &self.twin,
            words,
            &decoded.readings,
            now,
        ));
        rules::dispatch::step(&self.twin, &self.desk, now, &mut changes);
        changes.extend(self.counters([dropped, refused], now));
        let mut readings = decoded.readings;
        readings.retain(Reading::is_finite);

        let mut orders = orders;
        loop {
            let (answers, later) = self.carry_out(orders, &mut changes, now);
            orders = later;
            let idle = readings.is_empty() && changes.is_empty();
            if idle && now - self.twin.live().at < self.heartbeat_ms {
                self.keeper.retry(now);
                break;
            }
            let (readings, changes) = (std::mem::take(&mut readings), std::mem::take(&mut changes));
            let carried_out = self.run(readings, changes, now, publish)?;
            for answer in answers {
                answer(Ok(carried_out));
            }
            if orders.is_empty() {
                break;
            }
        }
        inbox.acknowledge(self.keeper.committed_up_to(up_to));
        self.keeper.tend(now);
        Ok(())
    }

    /// Writes what can still be written, and a snapshot.
    ///
    /// # Errors
    /// When batches are lost because the archive cannot be written.
    pub fn close(mut self) -> anyhow::Result<()> {
        self.keeper.close(self.twin.live())
    }

    /// Archive, twin, publish.
    fn run(
        &mut self,
        readings: Vec<Reading>,
        changes: Vec<Change>,
        now: Timestamp,
        publish: Publish,
    ) -> Result<CarriedOut, ApplyError> {
        let mut batch = Batch {
            number: self.twin.live().batch + 1,
            ground_version: self.twin.ground().version,
            at: now,
            readings,
            changes,
            uncommitted: false,
        };
        batch.uncommitted = !self.keeper.append(&batch, now);
        self.twin.apply(&batch)?;
        let carried_out = CarriedOut {
            batch: batch.number,
            uncommitted: batch.uncommitted,
        };
        publish(&Arc::new(batch));
        self.keeper.snapshot_when_due(self.twin.live());
        Ok(carried_out)
    }

    /// Carries out commands; refused ones are answered at once. Of several that concern one alarm,
    /// device or incident only the first belongs to this batch: the others must see its outcome, as
    /// they must see what this tick brought about for an incident.
    fn carry_out(
        &self,
        orders: Vec<Order>,
        changes: &mut Vec<Change>,
        now: Timestamp,
    ) -> (Vec<Answer>, Vec<Order>) {
        let is_of_incident = |subject: &Subject| matches!(subject, Subject::Incident(_));
        let told = changes.iter().flat_map(Change::subjects);
        let mut touched: BTreeSet<Subject> = told.filter(is_of_incident).collect();
        let (mut answers, mut later) = (Vec::new(), Vec::new());
        for order in orders {
            if order.command.subjects().any(|one| touched.contains(&one)) {
                later.push(order);
                continue;
            }
            match rules::command(&self.twin, &self.desk, &order.command, now) {
                Ok(follows) => {
                    let mut concerned = follows.iter().flat_map(Change::subjects);
                    if concerned.any(|one| touched.contains(&one)) {
                        later.push(order);
                        continue;
                    }
                    touched.extend(order.command.subjects());
                    touched.extend(follows.iter().flat_map(Change::subjects));
                    changes.extend(follows);
                    answers.push(order.answer);
                }
                Err(refusal) => (order.answer)(Err(refusal)),
            }
        }
        (answers, later)
    }

    /// The feed's counters, when they have changed; at most once a heartbeat, and what came without a
    /// fault once a minute, since changes are kept for good. That its source is cut off or there again
    /// is told at once.
    fn counters(&self, [dropped, refused]: [u64; 2], now: Timestamp) -> Option<Change> {
        let feed = &self.twin.live().feed;
        let dropped = self.dropped_before + dropped;
        let refused = self.refused + refused;
        let connection = self.connection.clone().or_else(|| feed.connection.clone());
        let stands = |one: &Option<FeedConnection>| one.as_ref().map(|it| (it.connected, it.since));
        let turned = stands(&connection) != stands(&feed.connection);
        let passed = |step: Millis| {
            let last = self.twin.live().at.millis();
            now.millis().div_euclid(step) != last.div_euclid(step)
        };
        let faults = dropped != feed.dropped || refused != feed.refused;
        let is_due = turned
            || faults && passed(self.heartbeat_ms)
            || connection != feed.connection && passed(COUNTS_MS);
        is_due.then(|| Change::Feed {
            status: FeedStatus {
                dropped,
                refused,
                connection,
                ..feed.clone()
            },
        })
    }
}

#[cfg(test)]
mod tests;
