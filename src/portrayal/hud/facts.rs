//! What the panels say, as plain data: filled by [`facts_from`] for wall, picture and text alike,
//! so that no two of them can disagree. Personal values never enter here.

use crate::base::{AlarmId, Millis, Timestamp};
use crate::model::{
    Comparison, Difference, EntityKind, EntityRef, FeedStatus, FloodState, Grade, LogDamage,
    Refusal,
};

use super::super::card::Card;
use super::super::chart::CardCharts;
use super::super::deform::{DeformFacts, RankedList};
use super::super::layer::{Basis, LayerFacts};
use super::super::words::{Key, Words};
use super::say::span;
use super::waiting::{Item, QueueRow, WaitingCount};

/// The line to the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LinkState {
    /// A picture of one moment: nothing is followed.
    #[default]
    None,
    /// The engine answers.
    Alive,
    /// The engine does not answer; what is shown grows old.
    Lost {
        /// Since when.
        since: Timestamp,
    },
}

/// How many there are. Counts of whole registries, never of a few people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Buildings.
    pub buildings: usize,
    /// Households.
    pub households: usize,
    /// Residents.
    pub residents: usize,
    /// Devices.
    pub devices: usize,
    /// Devices that report, whatever they report.
    pub reporting: usize,
    /// Cameras.
    pub cameras: usize,
    /// Buildings that are only proposed.
    pub proposed: usize,
}

/// One row of the alarm queue.
#[derive(Debug, Clone, PartialEq)]
pub struct AlarmRow {
    /// The alarm.
    pub id: AlarmId,
    /// Its grade.
    pub grade: Grade,
    /// Name of the device's kind.
    pub kind: String,
    /// The kind's sign.
    pub glyph: char,
    /// Where, without door number.
    pub place: String,
    /// When it was raised.
    pub raised_at: Timestamp,
    /// Whether the condition still holds.
    pub active: bool,
    /// Who acknowledged it.
    pub acknowledged_by: Option<String>,
    /// Whether it belongs to a drill.
    pub exercise: bool,
    /// What was ordered about it: shelved until when, out of service, to be reset.
    pub remark: Option<String>,
}

impl AlarmRow {
    /// What was done about it and what is still to be done, in words.
    #[must_use]
    pub fn state(&self, words: &Words) -> String {
        let mut parts: Vec<String> = self.remark.clone().into_iter().collect();
        if self.exercise {
            parts.push(words.get(Key::AlarmExercise));
        }
        parts.push(match &self.acknowledged_by {
            Some(by) => words.format(Key::AlarmAcknowledgedBy, &[("by", by.clone())]),
            None => words.get(Key::AlarmUnacknowledged),
        });
        if !self.active {
            parts.push(words.get(Key::AlarmReturned));
        }
        parts.join(" · ")
    }

    /// How long ago it was raised.
    #[must_use]
    pub fn age(&self, words: &Words, now: Timestamp) -> String {
        span(words, now - self.raised_at)
    }

    /// Whether nobody took notice yet.
    #[must_use]
    pub fn is_unacknowledged(&self) -> bool {
        self.acknowledged_by.is_none()
    }
}

/// How the devices of one kind are. Each device counts once: in alarm before faulty before
/// silent before fine.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KindHealth {
    /// Name of the kind.
    pub name: String,
    /// The kind's sign.
    pub glyph: char,
    /// All devices of the kind.
    pub total: usize,
    /// Fine and without an open alarm.
    pub fine: usize,
    /// Silent or never heard of.
    pub silent: usize,
    /// Stuck, jumping or out of range.
    pub faulty: usize,
    /// With an active alarm.
    pub alarm: usize,
    /// The worst grade of those.
    pub worst: Option<Grade>,
}

/// Kinds of record beside buildings that a picture of two versions tells about, as far as they
/// differ. Records about people are never told.
pub const COMPARED_KINDS: [EntityKind; 7] = [
    EntityKind::Road,
    EntityKind::Water,
    EntityKind::GroundArea,
    EntityKind::Object,
    EntityKind::Plant,
    EntityKind::Place,
    EntityKind::Terrain,
];

/// Two versions and how many records differ.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Compared {
    /// The earlier version.
    pub from: u64,
    /// The later version.
    pub to: u64,
    /// Buildings that only the later one has.
    pub added: usize,
    /// Buildings that only the earlier one has.
    pub removed: usize,
    /// Buildings that differ.
    pub changed: usize,
    /// Buildings that both have just so.
    pub same: usize,
    /// Other kinds that differ, with how many were added, removed and changed.
    pub others: Vec<(EntityKind, [usize; 3])>,
}

impl Compared {
    /// Of a comparison of two whole cities, counted as the picture shows them.
    #[must_use]
    pub fn of(comparison: &Comparison) -> Self {
        let mut kinds = comparison.by_kind();
        let buildings = kinds.remove(&EntityKind::Building).unwrap_or_default();
        let changed = comparison.changed.keys();
        let changed = changed
            .filter(|key| key.kind == EntityKind::Building)
            .filter(|key| comparison.difference(**key) == Difference::Changed)
            .count();
        let others = COMPARED_KINDS.iter().filter_map(|kind| {
            let of = kinds.get(kind)?;
            let counts = [of.added, of.removed, of.changed];
            (counts != [0; 3]).then_some((*kind, counts))
        });
        Self {
            others: others.collect(),
            from: comparison.from,
            to: comparison.to,
            added: buildings.added,
            removed: buildings.removed,
            changed,
            same: buildings.unchanged + buildings.changed - changed,
        }
    }
}

/// Whether layers can be had.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum LayerOffer {
    /// No: a picture, or a wall without its registers.
    #[default]
    None,
    /// Yes.
    Ready,
    /// One was asked for and is being made.
    Making,
    /// One was asked for and cannot be had.
    Refused {
        /// Why, for people.
        reason: String,
    },
}

/// Why an order that somebody gave at the wall was not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrderAnswer {
    /// The engine refused it.
    Refused(Refusal),
    /// It never reached the engine.
    Undelivered,
}

/// Orders that were carried out and are lost, because the engine stopped before its disk could take
/// them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undone {
    /// How many.
    pub orders: usize,
    /// When that was found.
    pub found_at: Timestamp,
}

/// Who stands before the wall, as `access` knows them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SignedIn {
    /// Name of the role in Chinese and in English.
    pub role: [String; 2],
    /// The areas that they work for; empty for everywhere.
    pub areas: Vec<String>,
    /// What they are here for, in Chinese and in English; `None` where they named nothing, so that
    /// everything is masked.
    pub purpose: Option<[String; 2]>,
    /// Whether the city's key is away, so that everything is masked whatever the purpose.
    pub key_is_away: bool,
}

/// Everything the panels say.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HudFacts {
    /// Name of the city in Chinese.
    pub city_name_zh: String,
    /// Name of the city in English.
    pub city_name_en: String,
    /// The picture's time.
    pub now: Timestamp,
    /// When a device was heard last.
    pub data_at: Option<Timestamp>,
    /// Age from which the data are called old; `None` for the least.
    pub stale_after_ms: Option<Millis>,
    /// Offset of local time from UTC.
    pub utc_offset_minutes: i32,
    /// The line to the engine.
    pub link: LinkState,
    /// Where readings come from.
    pub feed: FeedStatus,
    /// Data sets that the buildings come from, or where none stands the rest of the base map;
    /// named where nobody must be.
    pub sources: Vec<String>,
    /// Whom every picture must name, each once.
    pub attributions: Vec<String>,
    /// Whether people and things are made up.
    pub synthetic: bool,
    /// Whether the newest data could not be stored yet.
    pub uncommitted: bool,
    /// What was lost of orders, as long as that is told.
    pub undone: Option<Undone>,
    /// More alarms than a person can take in, while that lasts.
    pub flood: Option<FloodState>,
    /// Why a changed table of alarm rules was not taken.
    pub rules_refused: Option<String>,
    /// Damage of the log that was found not long ago.
    pub log_damage: Option<LogDamage>,
    /// Counts of the registries.
    pub counts: Counts,
    /// The first [`QUEUE_ROWS`] of what waits for somebody, the most urgent first.
    pub queue: Vec<QueueRow>,
    /// How much waits, shown or not.
    pub waiting: WaitingCount,
    /// All open alarms by grade, worst first.
    pub by_grade: [usize; 4],
    /// Device health by kind, ordered by service group and legend.
    pub health: Vec<KindHealth>,
    /// Whether the city has nothing to draw but bare ground.
    pub is_bare: bool,
    /// Metres a pixel shows at the centre of the view; `None` where the picture has no scale.
    pub scale_m_per_px: Option<f64>,
    /// Where the view looks, clockwise from north.
    pub heading_deg: f64,
    /// How buildings lean and sink, where they are shown so.
    pub deformed: Option<DeformFacts>,
    /// Which houses are looked at first, where buildings are shown as they lean.
    pub ranked: Option<RankedList>,
    /// Whether buildings can be shown as they lean here: a wall of a city with such sensors.
    pub can_deform: bool,
    /// Names of the saved views, for their buttons.
    pub views: Vec<String>,
    /// What differs, where the picture shows two versions.
    pub comparison: Option<Compared>,
    /// The layer over the map, where one is shown.
    pub layer: Option<LayerFacts>,
    /// Whether layers can be had here, and how the one is doing that was asked for.
    pub layers: LayerOffer,
    /// Who is signed in; `None` for everybody.
    pub signed_in: Option<SignedIn>,
    /// What is known of the selected thing.
    pub card: Option<Card>,
    /// The charts on the card.
    pub charts: CardCharts,
    /// Whether the picture is these charts alone, for a report.
    pub is_page: bool,
    /// What the card is about.
    pub selected: Option<EntityRef>,
    /// What is in focus: its row is outlined.
    pub focus: Option<Item>,
    /// What became of an order that was not carried out.
    pub answer: Option<OrderAnswer>,
}

/// Rows of the queue that facts carry; more than any panel shows.
pub const QUEUE_ROWS: usize = 12;

impl HudFacts {
    /// Open alarms.
    #[must_use]
    pub fn alarms_total(&self) -> usize {
        self.by_grade.iter().sum()
    }

    /// When the newest of the data is from that a still picture shows: what devices told, and what houses,
    /// sheet and charts are drawn from, which may know more.
    #[must_use]
    pub fn newest(&self) -> Option<Timestamp> {
        let sheet = self.layer.as_ref().and_then(|layer| match &layer.basis {
            Basis::Settlement(facts) => facts.measured_at,
            _ => None,
        });
        let charts = match &self.charts {
            CardCharts::Told(charts) => charts.iter().filter_map(|one| one.newest).max(),
            _ => None,
        };
        let deformed = self.deformed.and_then(|deformed| deformed.measured_at);
        let all = [self.data_at, deformed, sheet, charts];
        all.into_iter().flatten().max()
    }

    /// Age of the data at the picture's time.
    #[must_use]
    pub fn data_age(&self) -> Option<Millis> {
        self.data_at.map(|at| (self.now - at).max(0))
    }
}
