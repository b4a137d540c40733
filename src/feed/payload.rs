//! From the bytes of a message to observations, by the city's table of feeds: JSON of any shape,
//! envelopes of vendors, CSV lines, SenML, single words such as a last will.
//!
//! Used by [`Intake`](super::Intake) for every source of messages. Pure: bytes, topic and `now` in,
//! observations or typed refusals out. Never looks at the twin, never panics, whatever the bytes.

mod csv_lines;
mod device_time;
mod fields;
mod json;
mod path;
mod senml;
mod table;
mod topic;

use crate::base::{Millis, Timestamp};

pub use table::{Conversion, FeedMapping, FeedTable, Format, TimeForm};
pub use topic::TopicPattern;

/// Largest payload that is looked at, in bytes.
pub const PAYLOAD_BYTES_MAX: usize = 256 * 1024;
/// How far a device's clock may run ahead. Beyond that its readings would hide all later ones.
pub const AHEAD_MS: Millis = 5 * 60_000;
/// 2000-01-01T00:00:00Z: a clock that shows less was never set.
const EARLIEST: Timestamp = Timestamp::from_millis(946_684_800_000);

/// What a device told, with the name that the message gives it.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// The device as the message names it.
    pub device: String,
    /// Device time; `None` when the message tells none.
    pub at: Option<Timestamp>,
    /// The value in the unit of the kind.
    pub value: Option<f64>,
    /// Second axis, in the same unit.
    pub second: Option<f64>,
    /// Temperature of the device.
    pub temperature_c: Option<f64>,
    /// Charge of its battery, 0 to 100.
    pub battery_percent: Option<f64>,
    /// What it or its gateway says of its connection.
    pub online: Option<bool>,
}

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident = $words:literal;)*) => {
        /// Why a message or one reading of it cannot be used.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
        pub enum Refusal { $($(#[$doc])* #[error($words)] $name,)* }

        impl Refusal {
            /// Every reason.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];
        }
    };
}

refusals! {
    /// No feed of the table has a pattern for the topic.
    UnknownTopic = "unknown topic";
    /// More than [`PAYLOAD_BYTES_MAX`].
    TooLarge = "too large";
    /// Text that is none.
    NotUtf8 = "not UTF-8";
    /// Not of the format that the table says.
    Malformed = "malformed";
    /// No device is named.
    NoDevice = "no device named";
    /// Nothing of what the table asks for is in it, or it is neither number nor known word.
    NoValue = "no value";
    /// A value that is no number, or too large for one.
    NotFinite = "not finite";
    /// A time that cannot be read.
    NoTime = "time not understood";
    /// A kept message without a device time: nobody knows how old it is.
    Ageless = "kept without time";
    /// Before the year 2000.
    TooOld = "time before 2000";
    /// More than five minutes ahead.
    Ahead = "time ahead";
    /// The city has no such device.
    UnknownDevice = "unknown device";
}

/// A message as it came.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a> {
    /// The topic, in MQTT's form; of other sources a name in its place.
    pub topic: &'a str,
    /// The payload.
    pub payload: &'a [u8],
    /// Whether the broker had kept it from earlier.
    pub retained: bool,
    /// When it arrived.
    pub arrived: Timestamp,
}

/// What came of each reading of a message.
pub type Readings = Vec<Result<Observation, Refusal>>;

/// Decodes a message by the first feed that has a pattern for its topic.
///
/// # Errors
/// When nothing of it can be used; faults of single readings stand in their places.
pub fn decode<'t>(
    table: &'t FeedTable,
    message: Message,
    utc_offset_minutes: i32,
) -> Result<(&'t FeedMapping, Readings), Refusal> {
    let (feed, device) = table.find(message.topic).ok_or(Refusal::UnknownTopic)?;
    if message.payload.len() > PAYLOAD_BYTES_MAX {
        return Err(Refusal::TooLarge);
    }
    Ok((feed, decode_by(feed, device, message, utc_offset_minutes)?))
}

/// Decodes a message by this feed; `device` is whom the way that it came by names. Of any size: who
/// takes it in has a limit.
///
/// # Errors
/// When nothing of it can be used; faults of single readings stand in their places.
pub fn decode_by(
    feed: &FeedMapping,
    device: Option<&str>,
    message: Message,
    utc_offset_minutes: i32,
) -> Result<Readings, Refusal> {
    let text = std::str::from_utf8(message.payload).map_err(|_| Refusal::NotUtf8)?;
    let text = text.trim_start_matches('\u{feff}');
    let context = Context {
        feed,
        topic_device: device,
        arrived: message.arrived,
        retained: message.retained,
        utc_offset_minutes,
    };
    let mut readings = match feed.format {
        Format::Json => json::decode(text, &context)?,
        Format::Csv => csv_lines::decode(text, &context)?,
        Format::Senml => senml::decode(text, &context)?,
        Format::Word => vec![fields::word(text, &context)],
    };
    for reading in &mut readings {
        if let Ok(observation) = reading
            && let Err(refusal) = plausible(observation, &message)
        {
            *reading = Err(refusal);
        }
    }
    Ok(readings)
}

/// What the decoders of formats go by.
struct Context<'a> {
    feed: &'a FeedMapping,
    /// The device that the topic names.
    topic_device: Option<&'a str>,
    arrived: Timestamp,
    retained: bool,
    utc_offset_minutes: i32,
}

fn plausible(observation: &Observation, message: &Message) -> Result<(), Refusal> {
    let numbers = [
        observation.value,
        observation.second,
        observation.temperature_c,
        observation.battery_percent,
    ];
    if !numbers.into_iter().flatten().all(f64::is_finite) {
        return Err(Refusal::NotFinite);
    }
    match observation.at {
        Some(at) if at < EARLIEST => Err(Refusal::TooOld),
        Some(at) if at > message.arrived.plus(AHEAD_MS) => Err(Refusal::Ahead),
        // Whether a device is online is true as long as it is kept; a value is of its time.
        None if message.retained && observation.value.is_some() => Err(Refusal::Ageless),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
