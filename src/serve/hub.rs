//! What followers are told: the newest state, and the last batches in a ring.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::model::{Batch, Live, Twin};

use super::protocol::{Event, Hello, Keeping, PROTOCOL};

/// What the batches weigh at most, in readings, that are kept for followers who fell behind or come back:
/// half a minute of a city that sends a thousand messages a second, an hour of one that only tells that it
/// is alive. By number they would fill the memory: in a fast simulation, or when a city tells everything at
/// once, each holds thousands of readings, and whoever comes back would be told all of it in one piece.
/// Much more than this is told sooner by the state itself.
const RING_WEIGHT: usize = 30_000;
/// A change weighs as much as so many readings, about what it takes in memory.
const CHANGE_WEIGHT: usize = 8;
/// What a batch weighs without anything in it.
const BATCH_WEIGHT: usize = 4;

/// Longest time that followers have to say goodbye when the engine stops.
const GOODBYE: Duration = Duration::from_millis(500);

/// How far the engine has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum News {
    /// The number of the last batch.
    Batch(u64),
    /// The engine stops.
    End,
}

/// The meeting point of the pipeline, which publishes, and of any number of followers.
pub struct Hub {
    run: String,
    keeping: Keeping,
    state: Mutex<State>,
    news: watch::Sender<News>,
}

struct State {
    twin: Twin,
    uncommitted: bool,
    ring: VecDeque<Arc<Batch>>,
    /// The weight of all batches in the ring.
    weight: usize,
}

impl State {
    /// Keeps a batch, the newest whatever it weighs; the oldest go.
    fn keep(&mut self, batch: &Arc<Batch>) {
        self.ring.push_back(batch.clone());
        self.weight += weight(batch);
        while self.weight > RING_WEIGHT && self.ring.len() > 1 {
            let oldest = self.ring.pop_front();
            self.weight -= oldest.map_or(0, |batch| weight(&batch));
        }
    }
}

fn weight(batch: &Batch) -> usize {
    BATCH_WEIGHT + batch.readings.len() + CHANGE_WEIGHT * batch.changes.len()
}

impl Hub {
    /// A hub that begins at `twin`; `run` names this run of the engine and is never used twice,
    /// `keeping` tells how its city is kept.
    #[must_use]
    pub fn new(twin: Twin, run: impl Into<String>, keeping: Keeping) -> Self {
        let news = watch::Sender::new(News::Batch(twin.live().batch));
        Self {
            run: run.into(),
            keeping,
            state: Mutex::new(State {
                twin,
                uncommitted: false,
                ring: VecDeque::new(),
                weight: 0,
            }),
            news,
        }
    }

    /// Tells all followers of the next batch. One that does not follow is an error of the
    /// engine; it is logged and withheld.
    pub fn publish(&self, batch: &Arc<Batch>) {
        let mut state = self.lock();
        if let Err(error) = state.twin.apply(batch) {
            tracing::error!("not published: {error}");
            return;
        }
        state.uncommitted = batch.uncommitted;
        state.keep(batch);
        drop(state);
        self.news.send_replace(News::Batch(batch.number));
    }

    /// Ends every follower's stream, and gives those who are told why a moment to hear it.
    pub fn close(&self) {
        self.news.send_replace(News::End);
        let until = Instant::now() + GOODBYE;
        while self.followers() > 0 && Instant::now() < until {
            thread::sleep(GOODBYE / 50);
        }
    }

    /// The state after the last batch.
    #[must_use]
    pub fn live(&self) -> Live {
        self.lock().twin.live().clone()
    }

    /// Looks at the twin as of the last batch. The pipeline waits meanwhile: to be short.
    pub(super) fn look<T>(&self, look: impl FnOnce(&Twin) -> T) -> T {
        look(&self.lock().twin)
    }

    /// Who is here and how far it has come.
    #[must_use]
    pub fn hello(&self) -> Hello {
        let state = self.lock();
        let (ground, live) = (state.twin.ground(), state.twin.live());
        Hello {
            protocol: PROTOCOL,
            software: env!("CARGO_PKG_VERSION").to_owned(),
            run: self.run.clone(),
            city: ground.info.clone(),
            ground_version: ground.version,
            batch: live.batch,
            at: live.at,
            feed: live.feed.clone(),
            uncommitted: state.uncommitted,
            keeping: Some(self.keeping.clone()),
        }
    }

    /// The last batch, when it and all before it are in the archive.
    pub(super) fn committed(&self) -> Option<u64> {
        let state = self.lock();
        (!state.uncommitted).then_some(state.twin.live().batch)
    }

    /// Streams that are open.
    pub(super) fn followers(&self) -> usize {
        self.news.receiver_count()
    }

    pub(super) fn news(&self) -> watch::Receiver<News> {
        self.news.subscribe()
    }

    /// What a follower has to be told that knows everything up to `after` of the run `run`;
    /// `None` knows nothing. A gap is a reset, never silence.
    pub(super) fn since(&self, after: Option<u64>, run: Option<&str>) -> Vec<Event> {
        let state = self.lock();
        let last = state.twin.live().batch;
        let same_run = run.is_none_or(|run| run == self.run);
        let first = state.ring.front().map_or(last + 1, |batch| batch.number);
        match after {
            Some(after) if same_run && after <= last && after + 1 >= first => {
                let later = state.ring.iter().filter(|batch| batch.number > after);
                later
                    .map(|batch| Event::Batch {
                        batch: batch.clone(),
                    })
                    .collect()
            }
            _ => vec![Event::Reset {
                run: self.run.clone(),
                live: Box::new(state.twin.live().clone()),
            }],
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A batch is applied as a whole or not at all, so a panic elsewhere spoils nothing.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::sample::{MORNING, device_id, next_batch, reading, twin};

    /// The numbers of batches that somebody is told who knows everything up to `after`; `None` when it
    /// is told the state instead.
    fn told(hub: &Hub, after: u64) -> Option<Vec<u64>> {
        let number = |event: &Event| match event {
            Event::Batch { batch } => Some(batch.number),
            _ => None,
        };
        hub.since(Some(after), None).iter().map(number).collect()
    }

    #[test]
    fn what_is_kept_is_bounded_by_its_weight() {
        let mut made = twin(1);
        let hub = Hub::new(made.clone(), "run", Keeping::default());
        let mut publish = |readings: usize, batches: usize| {
            for _ in 0..batches {
                let mut batch = next_batch(&made, MORNING);
                batch.readings = vec![reading(device_id("smoke", 0), 1, 1.0); readings];
                made.apply(&batch).unwrap();
                hub.publish(&Arc::new(batch));
            }
            made.live().batch
        };
        for readings in [0, 1, 100, RING_WEIGHT / 10] {
            let kept = RING_WEIGHT / (readings + BATCH_WEIGHT);
            let last = publish(readings, kept + 10);
            let after = last - kept as u64;
            assert_eq!(told(&hub, after).map(|it| it.len()), Some(kept));
            assert_eq!(told(&hub, after - 1), None, "a gap is told");
        }
        let last = publish(2 * RING_WEIGHT, 1);
        assert_eq!(told(&hub, last - 1), Some(vec![last]), "the newest stays");
        assert_eq!(told(&hub, last - 2), None);
        let last = publish(0, 3);
        assert_eq!(told(&hub, last - 3).map(|it| it.len()), Some(3));
        assert_eq!(told(&hub, last - 4), None);
    }
}
