//! Doors to the outside that `app` opens and hands down: traits here, implementations above.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;

use crate::base::{AreaId, DeviceId, Timestamp};

use super::dispatch::Order;
use super::{
    Actor, AlarmFigures, Batch, Change, Command, EventKind, Live, Reading, Refusal, Reveal, Rollup,
    ServiceGroup, Step,
};

/// What an archive gives back when a city is opened.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Recovered {
    /// The newest snapshot of the live state.
    pub snapshot: Option<Live>,
    /// The batches after it, in order and without a gap.
    pub batches: Vec<Batch>,
    /// Whether some of these batches are so old that they come without their readings. Devices then
    /// are as the snapshot knows them; [`Archive::rollups`] tells what they measured since.
    pub thinned: bool,
}

/// What is still known of what a device measured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Detail {
    /// Single readings are kept from this device time on, of earlier times rollups alone; `None`
    /// while every reading is kept.
    pub raw_since: Option<Timestamp>,
    /// Readings of the time before that which came after they would have been rolled up. They are
    /// counted and not kept: nobody could tell whether they are in the rollups already.
    pub too_late: u64,
}

/// Which readings are to become rollups alone.
#[derive(Debug, Clone, Copy)]
pub struct Thinning<'a> {
    /// Of these devices, in this order.
    pub devices: &'a [DeviceId],
    /// Those of hours that ended by this device time.
    pub before: Timestamp,
    /// By which clock days are told.
    pub utc_offset_minutes: i32,
    /// Stop after the hour in which so many are gone.
    pub readings_max: usize,
}

/// How far a thinning came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Thinned {
    /// Readings that are rollups alone now.
    pub readings: usize,
    /// Devices of the list that are done; the one after them was stopped at.
    pub devices: usize,
}

/// Where a snapshot stands in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SnapshotMark {
    /// The batch after which it was taken.
    pub batch: u64,
    /// The time of that batch.
    pub at: Timestamp,
}

/// Why an archive cannot serve.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// Somebody else writes this archive.
    #[error("the archive is in use by {holder}; stop it, or follow it with --connect: {place}")]
    Held {
        /// Who holds it, as far as is known.
        holder: String,
        /// The archive.
        place: String,
    },
    /// What is stored contradicts itself.
    #[error(
        "the archive is damaged ({reason}); an engine that starts mends what can be read, and takes \
         the rest from a backup with --recover-from: {place}"
    )]
    Damaged {
        /// What was found.
        reason: String,
        /// The archive.
        place: String,
    },
    /// A batch does not follow the last one.
    #[error("batch {given} does not follow batch {last}")]
    Gap {
        /// The last number stored.
        last: u64,
        /// The number given.
        given: u64,
    },
    /// Reading or writing failed.
    #[error("{doing}: {reason}: {place}")]
    Failed {
        /// What was being done.
        doing: &'static str,
        /// Why it failed.
        reason: String,
        /// The archive.
        place: String,
    },
}

/// The append-only log of batches with snapshots. One contract, tested over every back end.
pub trait Archive: Send {
    /// Appends batches in one durable transaction.
    ///
    /// # Errors
    /// [`ArchiveError::Gap`] when the first does not follow the last stored one; nothing is
    /// written then or on any other error.
    fn append(&mut self, batches: &[Batch]) -> Result<(), ArchiveError>;

    /// Keeps a snapshot of the live state after batch `live.batch`.
    ///
    /// # Errors
    /// When it cannot be written, or no such batch was appended.
    fn keep_snapshot(&mut self, live: &Live) -> Result<(), ArchiveError>;

    /// The snapshots that are kept, oldest first: each with its batch and that batch's time.
    ///
    /// # Errors
    /// When the archive cannot be read.
    fn snapshots(&mut self) -> Result<Vec<SnapshotMark>, ArchiveError>;

    /// Forgets the snapshots after these batches; those that are not there are passed over.
    /// Batches stay, so every moment is still recovered, from an older snapshot.
    ///
    /// # Errors
    /// When the archive cannot be written.
    fn drop_snapshots(&mut self, batches: &[u64]) -> Result<(), ArchiveError>;

    /// The newest snapshot at or before `at_batch` (the newest of all for `None`) and the
    /// batches after it up to `at_batch`.
    ///
    /// # Errors
    /// When the archive cannot be read or is damaged.
    fn recover(&mut self, at_batch: Option<u64>) -> Result<Recovered, ArchiveError>;

    /// The number of the last batch with a time at or before `at`; 0 when there is none.
    ///
    /// # Errors
    /// When the archive cannot be read.
    fn batch_at(&mut self, at: Timestamp) -> Result<u64, ArchiveError>;

    /// Calls `take` for every change of the batches from one time to another, both included, oldest
    /// first, with the time of its batch.
    ///
    /// # Errors
    /// When the archive cannot be read or is damaged; some may have been taken by then.
    fn each_change(
        &mut self,
        from: Timestamp,
        to: Timestamp,
        take: &mut dyn FnMut(Timestamp, &Change),
    ) -> Result<(), ArchiveError>;

    /// What was opened of people from one time to another, both included, oldest first.
    ///
    /// # Errors
    /// When the archive cannot be read or is damaged.
    fn reveals(&mut self, from: Timestamp, to: Timestamp) -> Result<Vec<Reveal>, ArchiveError>;

    /// Calls `take` for every reading of a device that is kept singly, of device times from `from`
    /// on and before `to`, oldest first and each once however often it was delivered.
    ///
    /// # Errors
    /// When the archive cannot be read or is damaged; some may have been taken by then.
    fn each_reading(
        &mut self,
        device: DeviceId,
        from: Timestamp,
        to: Timestamp,
        take: &mut dyn FnMut(&Reading),
    ) -> Result<(), ArchiveError>;

    /// What a device measured, rolled up `by` steps of a clock so many minutes ahead of UTC, of every
    /// step that begins from `from` on and before `to`, oldest first; also of times of which no
    /// single reading is kept any more. Always as if made of every reading there ever was in time.
    ///
    /// # Errors
    /// When the archive cannot be read or is damaged.
    fn rollups(
        &mut self,
        device: DeviceId,
        by: (Step, i32),
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Rollup>, ArchiveError>;

    /// How much is known of what a device measured.
    ///
    /// # Errors
    /// When the archive cannot be read.
    fn detail(&mut self, device: DeviceId) -> Result<Detail, ArchiveError>;

    /// Makes rollups of old readings and forgets these, in one durable transaction, hour by hour of
    /// each device.
    ///
    /// # Errors
    /// When the archive cannot be written; nothing is changed then.
    fn thin_readings(&mut self, thinning: &Thinning<'_>) -> Result<Thinned, ArchiveError>;

    /// Forgets the readings in batches before a time, `batches_max` of them at most, and tells how
    /// many those were. Changes stay, and so does what is known of each device.
    ///
    /// # Errors
    /// When the archive cannot be written; nothing is changed then.
    fn thin_batches(
        &mut self,
        before: Timestamp,
        batches_max: usize,
    ) -> Result<usize, ArchiveError>;
}

/// How a command was carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CarriedOut {
    /// The batch that carries it out.
    pub batch: u64,
    /// Whether that batch could not be written to the archive yet: it is lost when the engine stops
    /// before it can.
    pub uncommitted: bool,
}

/// Takes the answer to a command: how it was carried out, or why not.
pub type Answer = Box<dyn FnOnce(Result<CarriedOut, Refusal>) + Send>;

/// Where commands are handed in; the engine answers once it has dealt with them.
pub trait Orders: Send + Sync {
    /// Hands in a command. `answer` is called once, from another thread; when the engine stops
    /// first it is dropped without a call.
    fn order(&self, command: Command, answer: Answer);
}

/// A report as a program hands it in; `docs/api.md` explains the fields.
#[derive(Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "docs/api.md says what each is")]
pub struct ReportAsked {
    /// The sender's own id of it: sent again it is the same report.
    pub id: String,
    pub kind: EventKind,
    pub group: ServiceGroup,
    pub title: String,
    pub text: Option<String>,
    pub address: Option<String>,
    pub longitude: Option<f64>,
    pub latitude: Option<f64>,
    pub reporter: Option<String>,
    pub phone: Option<String>,
    pub reported_at: Timestamp,
    pub due_at: Option<Timestamp>,
}

/// A report as it goes to the engine.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportMade {
    /// The sender's own id of it.
    pub id: String,
    /// Opens an incident, always the same one for this sender and id.
    pub order: Order,
    /// By which the reporter follows it.
    pub code: String,
    /// Where it lies.
    pub area: Option<AreaId>,
}

/// What is wrong with a report, and how to mend it. It repeats nothing of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// Its place in the request, from 1.
    pub row: usize,
    /// What and how.
    pub detail: String,
}

/// Why reports are not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotReported {
    /// These are at fault.
    Faulty(Vec<RowFault>),
    /// The city's key is not at hand.
    Locked,
    /// The city could not be looked at; why.
    Failed(String),
}

/// Where reports are placed in the city and sealed.
pub trait ReportDoor: Send + Sync {
    /// Makes orders of reports of a sender, of all or of none. May take seconds.
    ///
    /// # Errors
    /// When one is at fault, or nothing can be sealed.
    fn make(
        &self,
        by: &Actor,
        sender: &str,
        asked: &[ReportAsked],
    ) -> Result<Vec<ReportMade>, NotReported>;
}

/// What became of messages that were handed in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Readings taken.
    pub readings: u64,
    /// Words on connections taken.
    pub presences: u64,
    /// What could not be used, by reason in words.
    pub refused: BTreeMap<String, u64>,
    /// Hand this to [`FeedDoor::is_committed`].
    pub mark: u64,
}

/// Why messages are not taken at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotDelivered {
    /// There is no feed of this name.
    NoSuchFeed {
        /// Those that there are.
        known: Vec<String>,
    },
    /// The feed is not for this media type.
    OtherMedia {
        /// Those that it is for.
        known: Vec<&'static str>,
    },
    /// There is no room: readings would be lost.
    Full,
}

/// Where messages of devices are handed in that come by requests.
pub trait FeedDoor: Send + Sync {
    /// Most requests of one sender to a feed in a minute; `None` where there is no such feed.
    fn per_minute(&self, feed: &str) -> Option<u32>;

    /// Hands in a body of a media type; `device` is whom the request names.
    ///
    /// # Errors
    /// When none of it was looked at.
    fn deliver(
        &self,
        feed: &str,
        media: &str,
        device: Option<&str>,
        body: &[u8],
    ) -> Result<Delivered, NotDelivered>;

    /// What could not be used since the engine started, by reason in words.
    fn refused(&self) -> BTreeMap<String, u64>;

    /// Waits until everything up to a mark is committed, but no longer than `at_most`.
    fn is_committed(&self, mark: u64, at_most: Duration) -> bool;
}

/// Which past alarms figures are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FiguresAsked {
    /// A month of the city, such as `2026-05`, instead of the two times.
    pub month: Option<String>,
    /// From when on; a day before the end otherwise.
    pub from: Option<Timestamp>,
    /// Until when; the end of the log otherwise.
    pub to: Option<Timestamp>,
    /// Only devices in this area, by code, name or id.
    pub area: Option<String>,
    /// Operator positions that share the alarms.
    pub positions: u16,
}

/// Why there are no figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoFigures {
    /// The engine keeps no archive beside its city.
    NotKept,
    /// Nothing in that time, or no such time; why, for people.
    Nothing(String),
}

/// Where figures of past alarms are worked out.
pub trait PastAlarms: Send + Sync {
    /// The figures. Reads the log: may take seconds.
    ///
    /// # Errors
    /// When there is no archive, or nothing in it of that time.
    fn figures(&self, asked: &FiguresAsked) -> Result<AlarmFigures, NoFigures>;
}

/// The bytes of the city file that an engine runs, for a follower that has none.
pub trait CityBytes: Send + Sync {
    /// Opens the file for reading from its beginning.
    ///
    /// # Errors
    /// When it cannot be opened.
    fn open(&self) -> std::io::Result<Box<dyn std::io::Read + Send>>;
}

/// What a follower of an engine learns.
#[derive(Debug, Clone, PartialEq)]
pub enum LinkEvent {
    /// Start over from this state: the first contact, or a gap that could not be filled.
    Reset(Box<Live>),
    /// The next batch.
    Batch(Arc<Batch>),
    /// The engine cannot be reached; what is shown grows old from now on.
    Lost {
        /// Why, for people.
        reason: String,
    },
    /// The engine is reached again.
    Restored,
    /// A command was refused.
    Refused(Refusal),
    /// A command never reached the engine; it may be given again.
    Undelivered {
        /// The command.
        command: Command,
        /// Why, for people.
        reason: String,
    },
}

/// A follower's line to an engine, in this process or over the connect protocol.
pub trait Link: Send + Sync {
    /// What arrived since the last call; never waits.
    fn poll(&mut self) -> Vec<LinkEvent>;

    /// Asks the engine for something; the answer is a batch or a refusal.
    fn send(&mut self, command: Command);
}
