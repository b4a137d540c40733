//! The stream of batches: one task a follower, at the follower's own pace. Used by the connect
//! protocol and by the events of the API. Never waits for a follower.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::hub::{Hub, News};
use super::protocol::Event;

/// How long a line may be quiet. A follower gives it up after several of these.
pub(super) const HEARTBEAT: Duration = Duration::from_secs(2);

/// Chunks that may wait for a slow follower; the rest waits in the hub's ring, and beyond that
/// the follower is reset.
const CHUNKS: usize = 4;

/// Those who may follow over the API at once, by whatever means.
const FOLLOWERS_MAX: usize = 1_024;

/// Whether one more may follow.
pub(super) fn has_room(hub: &Hub) -> bool {
    hub.followers() < FOLLOWERS_MAX
}

/// The body of `GET /v1/batches`.
pub(super) fn stream(hub: Arc<Hub>, after: Option<u64>, run: Option<String>) -> Body {
    stream_as(hub, after, run, Event::line, || true)
}

/// The same events in another form, for as long as whoever follows `may_go_on`.
pub(super) fn stream_as(
    hub: Arc<Hub>,
    after: Option<u64>,
    run: Option<String>,
    encode: impl Fn(&Event) -> String + Send + Sync + 'static,
    may_go_on: impl Fn() -> bool + Send + Sync + 'static,
) -> Body {
    let (sender, receiver) = mpsc::channel::<Result<String, Infallible>>(CHUNKS);
    tokio::spawn(async move {
        let mut news = hub.news();
        let (mut known, mut run) = (after, run);
        loop {
            if *news.borrow_and_update() == News::End || !may_go_on() {
                return;
            }
            let events = hub.since(known, run.as_deref());
            for event in &events {
                match event {
                    Event::Reset { live, .. } => known = Some(live.batch),
                    Event::Batch { batch } => known = Some(batch.number),
                    Event::Heartbeat { .. } => {}
                }
            }
            // From here on the follower stands on this run.
            run = None;
            let lines: String = events.iter().map(&encode).collect();
            if !lines.is_empty() && sender.send(Ok(lines)).await.is_err() {
                return;
            }
            while tokio::time::timeout(HEARTBEAT, news.changed())
                .await
                .is_err()
            {
                let batch = known.unwrap_or_default();
                let alive = encode(&Event::Heartbeat { batch });
                if !may_go_on() || sender.send(Ok(alive)).await.is_err() {
                    return;
                }
            }
        }
    });
    Body::from_stream(ReceiverStream::new(receiver))
}
