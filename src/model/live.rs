//! What runs on the ground: readings, device health, alarms, and the memory of rules.
//! All of it is written by [`Twin::apply`](super::Twin::apply) alone and is part of snapshots.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::base::{AlarmId, DeviceId, Timestamp};

use super::alarm_rule::{RuleState, RulesInForce, RulesRefused};
use super::dispatch::Board;
use super::ground::named;
use super::{Alarm, FloodDetector, Judgement, Reading, Standings};

named! {
    /// Grade of a warning, from worst to least. A municipality may rename and recolour them.
    Grade {
        /// Worst.
        Red = "red",
        /// Second.
        Orange = "orange",
        /// Third.
        Yellow = "yellow",
        /// Least.
        #[default]
        Blue = "blue",
    }
}

named! {
    /// What is known about a device itself, apart from what it measures.
    DeviceHealth {
        /// Nothing was ever heard of it.
        #[default]
        Unseen = "unseen",
        /// It reports as expected.
        Fine = "fine",
        /// It missed three reports.
        Silent = "silent",
        /// It repeats one value where that is not normal.
        Stuck = "stuck",
        /// It gives values that it cannot measure.
        OutOfRange = "out_of_range",
        /// It stepped further than can be believed.
        Jump = "jump",
    }
}

/// The latest of one device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeviceState {
    /// The newest reading by device time.
    pub last: Reading,
    /// The value before it, to judge steps.
    pub before: Option<f64>,
    /// Since when the value has been exactly the same.
    pub same_since: Timestamp,
    /// Readings in a row with exactly this value.
    pub same_count: u32,
    /// When anything was last heard of it by the engine's time, usable or not.
    pub heard: Timestamp,
    /// Health.
    pub health: DeviceHealth,
    /// Since when it has that health.
    pub health_since: Timestamp,
    /// Readings taken.
    pub count: u64,
}

impl DeviceState {
    /// The state after the first reading.
    #[must_use]
    pub fn first(reading: &Reading) -> Self {
        Self {
            last: *reading,
            before: None,
            same_since: reading.at,
            same_count: 1,
            heard: reading.arrived,
            health: DeviceHealth::Fine,
            health_since: reading.arrived,
            count: 1,
        }
    }

    /// Takes a further reading; `false` for a late or repeated one, which belongs to the
    /// archive alone: the latest state is the newest by device time.
    pub fn take(&mut self, reading: &Reading) -> bool {
        self.heard = self.heard.max(reading.arrived);
        if reading.at <= self.last.at {
            return false;
        }
        if reading.value == self.last.value && reading.second == self.last.second {
            self.same_count = self.same_count.saturating_add(1);
        } else {
            self.same_since = reading.at;
            self.same_count = 1;
        }
        self.before = Some(self.last.value);
        self.last = *reading;
        self.count = self.count.saturating_add(1);
        true
    }

    /// Takes a verdict on its health. The same verdict once more only tells that something was
    /// heard, usable or not.
    pub fn judge(&mut self, health: DeviceHealth, at: Timestamp) {
        if health != DeviceHealth::Silent {
            self.heard = self.heard.max(at);
        }
        if health != self.health {
            self.health = health;
            self.health_since = at;
        }
    }
}

/// What a rule remembers of a device between readings.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RuleMemory {
    /// Readings in a row at or beyond the threshold.
    pub over_count: u32,
    /// Device time of the first of them.
    pub over_since: Option<Timestamp>,
    /// The last believed values of both axes, while newer ones are not believed.
    #[serde(default)]
    pub trusted: Option<[f64; 2]>,
    /// What the rules of the table remember, by the id of the rule; absent where nothing is.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub of: BTreeMap<String, RuleState>,
}

/// Where readings come from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedStatus {
    /// Name of the feed, for example `simulator`.
    pub name: String,
    /// Whether values are made up; stamped on every picture.
    pub simulated: bool,
    /// Whether it was recorded, and is told again at its own times; stamped on every picture.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub replayed: bool,
    /// Whether this is a drill; stamped on every picture.
    pub exercise: bool,
    /// Readings dropped because the inbox was full.
    pub dropped: u64,
    /// Readings that could not be used: of an unknown device, or from the future.
    #[serde(default)]
    pub refused: u64,
    /// Since when the engine has listened without a break; silence is counted from here.
    #[serde(default)]
    pub since: Timestamp,
    /// When the simulation began that feeds it, if one does: an engine that starts again goes on
    /// with it, or the same incidents would happen once more.
    #[serde(default)]
    pub simulation_start: Option<Timestamp>,
    /// How the connection to its source stands, where there is one that can be cut off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection: Option<FeedConnection>,
}

/// A connection to a source of messages, such as a broker.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedConnection {
    /// Whether it stands.
    pub connected: bool,
    /// Since when it stands, or is cut off.
    pub since: Timestamp,
    /// How often it was made since the engine started.
    pub connections: u64,
    /// Messages since then.
    pub messages: u64,
    /// When the last of them came.
    pub last_message: Option<Timestamp>,
    /// Messages and readings that could not be used, by reason.
    pub refused: BTreeMap<String, u64>,
    /// Devices whose battery was low when they last told.
    pub low_battery: u64,
}

/// Batches of the log that cannot be read any more. In their place stand empty ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LostBatches {
    /// The first of them.
    pub first: u64,
    /// The last of them.
    pub last: u64,
    /// The time of the batch before them; `None` where the log began with them.
    pub from: Option<Timestamp>,
    /// The time of the batch after them.
    pub to: Timestamp,
}

/// What the engine found when it opened a damaged log.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogDamage {
    /// When it was found.
    pub found_at: Timestamp,
    /// What was wrong.
    pub reason: String,
    /// The folder in the archive where the damaged files lie.
    pub kept_in: String,
    /// Batches that were read from them.
    pub salvaged: u64,
    /// Batches that were taken from a backup.
    pub restored: u64,
    /// Batches that are in neither, between others.
    pub lost: Vec<LostBatches>,
    /// The time of the last batch that is left; what came after it may be lost, too. `None` when
    /// nothing is left of the log.
    pub known_up_to: Option<Timestamp>,
    /// Devices whose history could not be read to its end.
    pub histories: u64,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// All that runs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Live {
    /// Number of the last batch applied; 0 before the first.
    pub batch: u64,
    /// Time of the last batch.
    pub at: Timestamp,
    /// The feed.
    pub feed: FeedStatus,
    /// Latest of every device that was ever heard.
    pub devices: BTreeMap<DeviceId, DeviceState>,
    /// Open alarms.
    pub alarms: BTreeMap<AlarmId, Alarm>,
    /// Alarms that were raised since the archive began.
    pub alarms_raised: u64,
    /// Whether more alarms come than the position can take in.
    #[serde(default, skip_serializing_if = "FloodDetector::is_empty")]
    pub flood: FloodDetector,
    /// Which table of rules is in force; nothing in an archive from before any was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alarm_rules: Option<RulesInForce>,
    /// A changed table of rules that cannot be used, until it was mended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules_refused: Option<RulesRefused>,
    /// What people ordered about alarms of a device beforehand; absent where nothing is.
    #[serde(default, skip_serializing_if = "Standings::is_empty")]
    pub standings: Standings,
    /// How often personal values were opened since the archive began.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub reveals: u64,
    /// The damage that was found last in the log; nothing where none ever was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_damage: Option<LogDamage>,
    /// Incidents of the closed loop.
    #[serde(default, skip_serializing_if = "Board::is_empty")]
    pub dispatch: Board,
    /// What the monitor says of sensors of tilt, settlement and cracks.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub judged: BTreeMap<DeviceId, Judgement>,
    /// Memory of the rules, by device; absent when there is nothing to remember.
    pub rules: BTreeMap<DeviceId, RuleMemory>,
}
