//! Messages of devices that come by HTTP, into the inbox: the feed of the table chosen by name and
//! media type, a body taken apart into messages. `serve` answers those who send. Used by the server's
//! threads.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use super::clock::Clock;
use crate::feed::payload::{FeedMapping, Format, Message};
use crate::feed::{Inbox, Intake, Receipt};
use crate::model::ports::{Delivered, FeedDoor, NotDelivered};

/// Requests of one token to a feed in a minute, where the table does not say.
const PER_MINUTE: u32 = 6_000;
/// Media types of one JSON document a line.
const LINES: [&str; 3] = [
    "application/x-ndjson",
    "application/ndjson",
    "application/jsonl",
];

/// The door for messages by HTTP.
pub(super) struct HttpFeed {
    intake: Intake,
    inbox: Arc<Inbox>,
    clock: Clock,
}

impl HttpFeed {
    pub(super) fn new(intake: Intake, inbox: Arc<Inbox>, clock: Clock) -> Self {
        Self {
            intake,
            inbox,
            clock,
        }
    }

    fn feed(&self, name: &str, media: &str) -> Result<&FeedMapping, NotDelivered> {
        let mut media_known = BTreeSet::new();
        for feed in self.intake.table().by_http(name) {
            if media_of(feed.format).contains(&media) {
                return Ok(feed);
            }
            media_known.extend(media_of(feed.format));
        }
        if media_known.is_empty() {
            let all = self.intake.table().all().iter();
            let names: BTreeSet<_> = all.filter_map(|feed| feed.http.clone()).collect();
            return Err(NotDelivered::NoSuchFeed {
                known: names.into_iter().collect(),
            });
        }
        Err(NotDelivered::OtherMedia {
            known: media_known.into_iter().collect(),
        })
    }
}

fn media_of(format: Format) -> &'static [&'static str] {
    match format {
        Format::Json => &[
            "application/json",
            "application/x-ndjson",
            "application/ndjson",
            "application/jsonl",
        ],
        Format::Csv => &["text/csv"],
        Format::Senml => &["application/senml+json"],
        Format::Word => &["text/plain"],
    }
}

impl FeedDoor for HttpFeed {
    fn per_minute(&self, feed: &str) -> Option<u32> {
        let mut feeds = self.intake.table().by_http(feed).peekable();
        feeds.peek()?;
        Some(
            feeds
                .find_map(|feed| feed.http_per_minute)
                .unwrap_or(PER_MINUTE),
        )
    }

    fn deliver(
        &self,
        name: &str,
        media: &str,
        device: Option<&str>,
        body: &[u8],
    ) -> Result<Delivered, NotDelivered> {
        let feed = self.feed(name, media)?;
        let arrived = self.clock.now();
        let take = |payload| {
            let message = Message {
                topic: name,
                payload,
                retained: false,
                arrived,
            };
            self.intake.take_by(feed, device, message)
        };
        let mut delivered = Delivered::default();
        if LINES.contains(&media) {
            let lines = body.split(|byte| *byte == b'\n');
            for line in lines.filter(|line| !line.trim_ascii().is_empty()) {
                add(&mut delivered, take(line))?;
            }
        } else {
            add(&mut delivered, take(body))?;
        }
        Ok(delivered)
    }

    fn refused(&self) -> BTreeMap<String, u64> {
        let refused = self.intake.counts().refused.into_iter();
        refused
            .map(|(reason, count)| (reason.to_string(), count))
            .collect()
    }

    fn is_committed(&self, mark: u64, at_most: Duration) -> bool {
        self.inbox.wait_acknowledged(mark, at_most) >= mark
    }
}

/// Adds what became of a message. Of a body that found no room to its end nothing is promised; what
/// was taken of it comes again and is known then.
fn add(sum: &mut Delivered, receipt: Receipt) -> Result<(), NotDelivered> {
    sum.readings += receipt.readings;
    sum.presences += receipt.presences;
    sum.mark = sum.mark.max(receipt.mark);
    for (reason, count) in receipt.refused {
        *sum.refused.entry(reason.to_string()).or_default() += count;
    }
    match receipt.is_whole {
        true => Ok(()),
        false => Err(NotDelivered::Full),
    }
}
