//! What is known about one selected building, device or camera. For everybody: nobody is listed,
//! sensitive labels never told, small counts as "fewer than 5"; for who is signed in what was opened
//! for them. Every value carries its age. Used by the panels and by text output. Never opens a sealed
//! value.

mod judged;
mod opened;

use judged::{House, judged_lines, recorded_lean, sudden_line};
use opened::at_least;
pub use opened::{CardRoom, opened_lines};

use std::collections::BTreeSet;

use crate::base::{BuildingId, CameraId, DeviceId, DwellingId, Timestamp};
use crate::model::incident::CardPersonal;
use crate::model::links::building_of;
use crate::model::query::Suppressed;
use crate::model::{
    Building, Camera, Device, DeviceHealth, DeviceKind, EntityKind, EntityRef, Ground, KindTable,
    RecordedLean, RoofStyle, Twin,
};

use super::hud::{ago, compass, kind_name, number, place_of, span, time_of};
use super::scene::lod_drawn;
use super::words::{Key, Words};

/// A card of labelled lines.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Card {
    /// What it is about.
    pub title: String,
    /// Labels and values that stand before all others: what was sudden, what was opened for its reader.
    pub first: Vec<(String, String)>,
    /// What the monitor says, the worst of it; a chart that has room tells this itself.
    pub judged: Vec<(String, String)>,
    /// All other labels and values.
    pub lines: Vec<(String, String)>,
    /// A remark under the lines.
    pub note: Option<String>,
}

/// Counts of people below this are not told.
const FEW: usize = 5;
/// Most people opened on one card.
pub const PEOPLE_OPENED: usize = 5;
/// Most devices listed on a building's card.
const DEVICES_MAX: usize = 8;

/// How far the personal part of a card has come.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum CardRights {
    /// Nobody is signed in: masks.
    #[default]
    Everybody,
    /// It was asked for; masks so long.
    Asked,
    /// It was opened, and is on record; or why it stays closed.
    Opened(CardPersonal),
    /// Nothing was opened: the card has no room for it.
    NoRoom,
    /// It may not be shown: masks, and why.
    Refused(String),
}

/// The card of a building, device or camera; `None` for anything else or unknown.
#[must_use]
pub fn card_for(
    twin: &Twin,
    kinds: &KindTable,
    what: EntityRef,
    now: Timestamp,
    words: &Words,
    rights: &CardRights,
) -> Option<Card> {
    let ground = twin.ground();
    let writer = Writer {
        twin,
        kinds,
        now,
        words,
        rights,
    };
    match what.kind {
        EntityKind::Building => {
            let id = BuildingId::from_bits(what.bits);
            ground.buildings.get(&id).map(|one| writer.building(one))
        }
        EntityKind::Device => {
            let id = DeviceId::from_bits(what.bits);
            ground.devices.get(&id).map(|one| writer.device(one))
        }
        EntityKind::Camera => {
            let id = CameraId::from_bits(what.bits);
            ground.cameras.get(&id).map(|one| writer.camera(one))
        }
        _ => None,
    }
}

/// Whose card shows a record: its own, of a home its building's; `None` for what no card shows.
#[must_use]
pub fn shown_on(ground: &Ground, what: EntityRef) -> Option<EntityRef> {
    match what.kind {
        EntityKind::Building | EntityKind::Device | EntityKind::Camera => Some(what),
        EntityKind::Dwelling => {
            let building = building_of(ground, DwellingId::from_bits(what.bits))?;
            Some(EntityRef {
                kind: EntityKind::Building,
                bits: building.bits(),
            })
        }
        _ => None,
    }
}

struct Writer<'a> {
    twin: &'a Twin,
    kinds: &'a KindTable,
    now: Timestamp,
    words: &'a Words,
    rights: &'a CardRights,
}

impl Writer<'_> {
    fn line(&self, label: Key, value: impl Into<String>) -> (String, String) {
        (self.words.get(label), value.into())
    }

    /// What was opened is what the reader came for: it stands first.
    fn opened(&self) -> Vec<(String, String)> {
        match self.rights {
            CardRights::Opened(opened) => opened_lines(self.words, opened),
            _ => Vec::new(),
        }
    }

    fn building(&self, one: &Building) -> Card {
        let words = self.words;
        let mut lines = Vec::new();
        let title = match (&one.name, &one.address) {
            (Some(name), address) => {
                lines.extend(
                    address
                        .iter()
                        .map(|text| self.line(Key::CardAddress, text.as_str())),
                );
                name.clone()
            }
            (None, Some(address)) => address.clone(),
            (None, None) => words.get(Key::CardBuilding),
        };
        let opened = self.opened();
        let is_opened = !opened.is_empty();
        let House { mut first, judged } = self.judged(one.id);
        first.extend(opened);
        if one.is_proposed() {
            lines.push(self.line(Key::CardStatus, words.get(Key::CardProposed)));
        }
        let named = |family, value| words.name(family, value);
        lines.push(self.line(Key::CardUse, named("usage", one.usage.as_str())));
        lines.push(self.line(
            Key::CardStructure,
            named("structure", one.structure.as_str()),
        ));
        lines.push(self.line(Key::CardStoreys, one.storeys.to_string()));
        let height = [
            ("height", format!("{:.1}", one.height_m)),
            ("origin", named("height_origin", one.height_origin.as_str())),
        ];
        lines.push(self.line(Key::CardHeight, words.format(Key::CardHeightValue, &height)));
        lines.push(self.line(Key::CardRoof, self.roof(one)));
        lines.extend(
            one.year
                .map(|year| self.line(Key::CardYear, year.to_string())),
        );
        lines.push(self.line(
            Key::CardProtection,
            named("protection", one.protection.as_str()),
        ));
        let lean = RecordedLean::of(one).map(|lean| recorded_lean(words, &lean));
        lines.extend(lean.map(|lean| self.line(Key::CardRecordedLean, lean)));
        let has_masks = !is_opened && self.people(one, &mut lines);
        self.devices_of(one, &mut lines);
        let screening = || (!judged.is_empty()).then(|| words.get(Key::CardScreening));
        let note = self.note(has_masks).or_else(screening);
        Card {
            title,
            first,
            judged,
            lines,
            note,
        }
    }

    /// What is said under a card about its personal part, if it has one.
    fn note(&self, has_masks: bool) -> Option<String> {
        let words = self.words;
        match self.rights {
            CardRights::Opened(CardPersonal::Closed(why)) => {
                Some(words.name("closed", why.as_str()))
            }
            CardRights::Opened(_) => Some(words.get(Key::CardOpened)),
            CardRights::Asked => Some(words.get(Key::CardAsked)),
            CardRights::NoRoom => Some(words.get(Key::CardNoRoom)),
            CardRights::Refused(reason) => {
                Some(words.format(Key::CardRefused, &[("reason", reason.clone())]))
            }
            CardRights::Everybody => has_masks.then(|| words.get(Key::CardMasked)),
        }
    }

    /// Whether the roof is the source's own or made up, and from what.
    fn roof(&self, one: &Building) -> String {
        let words = self.words;
        match (lod_drawn(one), one.roof) {
            (Some(lod), _) => words.format(Key::CardRoofGiven, &[("lod", lod.to_owned())]),
            (None, RoofStyle::Derived) => words.get(Key::CardRoofDerived),
            (None, _) => words.get(Key::CardRoofShaped),
        }
    }

    /// Counts of people; tells whether anybody lives there, of whom a role would show more.
    fn people(&self, one: &Building, lines: &mut Vec<(String, String)>) -> bool {
        let ground = self.twin.ground();
        let homes: BTreeSet<_> = ground
            .dwellings
            .values()
            .filter(|home| home.building == one.id)
            .map(|home| home.id)
            .collect();
        let is_here = |home: Option<_>| home.is_some_and(|home| homes.contains(&home));
        let households = ground
            .households
            .values()
            .filter(|one| is_here(one.dwelling))
            .count();
        let residents = ground.residents.values();
        let residents = residents.filter(|one| is_here(one.dwelling)).count();
        if homes.is_empty() {
            return false;
        }
        lines.push(self.line(Key::CardDwellings, number(homes.len())));
        lines.push(self.line(Key::CardHouseholds, self.few(households)));
        lines.push(self.line(Key::CardResidents, self.few(residents)));
        // Nobody is listed, as by no question: only a role opens who lives there.
        residents > 0
    }

    fn few(&self, count: usize) -> String {
        match Suppressed::in_steps(count, FEW) {
            Suppressed::KeptBack => self.words.get(Key::CardFew),
            Suppressed::AtLeast(least) => at_least(self.words, least),
            Suppressed::Told(count) => number(count),
        }
    }

    /// The worst that is said of any of its sensors.
    fn judged(&self, house: BuildingId) -> House {
        House::of(self.twin, self.kinds, house, (self.now, self.words))
    }

    fn devices_of(&self, one: &Building, lines: &mut Vec<(String, String)>) {
        let all = self.twin.ground().devices.values();
        let here: Vec<&Device> = all
            .filter(|device| device.building == Some(one.id))
            .collect();
        for device in here.iter().take(DEVICES_MAX) {
            lines.push((self.kind_of(device), self.value(device)));
        }
        if let Some(rest) = here.len().checked_sub(DEVICES_MAX).filter(|rest| *rest > 0) {
            let args = [("n", number(rest))];
            lines.push((
                String::new(),
                self.words.format(Key::CardMoreDevices, &args),
            ));
        }
    }

    fn kind_of(&self, device: &Device) -> String {
        let kind = self.kinds.get(&device.kind);
        kind.map_or(device.kind.to_string(), |kind| {
            kind_name(kind, self.words).to_owned()
        })
    }

    /// The latest value with its age, and what is wrong with the device, if anything.
    fn value(&self, device: &Device) -> String {
        let words = self.words;
        let Some(state) = self.twin.live().devices.get(&device.id) else {
            return words.get(Key::CardNoValue);
        };
        let kind = self.kinds.get(&device.kind);
        let mut text = value_text(state.last.value, kind, words);
        if let Some(second) = state.last.second {
            text = format!("{text} / {}", value_text(second, kind, words));
        }
        let mut parts = vec![text, ago(words, self.now - state.last.at)];
        if state.health != DeviceHealth::Fine {
            parts.push(words.name("health-value", state.health.as_str()));
        }
        parts.join(" · ")
    }

    fn device(&self, one: &Device) -> Card {
        let (words, live) = (self.words, self.twin.live());
        let ground: &Ground = self.twin.ground();
        let kind = self.kinds.get(&one.kind);
        let mut lines = vec![
            self.line(Key::CardPlace, place_of(ground, one, words)),
            self.line(Key::CardValue, self.value(one)),
        ];
        let judged = live.judged.get(&one.id);
        let state = live.devices.get(&one.id);
        let health = state.map_or(DeviceHealth::Unseen, |state| state.health);
        let mut text = words.name("health-value", health.as_str());
        if let Some(state) = state {
            let offset = ground.info.utc_offset_minutes;
            let since = time_of(state.health_since, self.now, offset);
            text = words.format(Key::CardHealthSince, &[("health", text), ("time", since)]);
        }
        lines.push(self.line(Key::CardHealth, text));
        for alarm in live
            .queue()
            .into_iter()
            .filter(|alarm| alarm.device == one.id)
        {
            let mut parts = vec![
                words.name("grade", alarm.grade.as_str()),
                ago(words, self.now - alarm.raised_at),
            ];
            if !alarm.active {
                parts.push(words.get(Key::AlarmReturned));
            }
            parts.push(match &alarm.acknowledged {
                Some(ack) => words.format(Key::AlarmAcknowledgedBy, &[("by", ack.by.0.clone())]),
                None => words.get(Key::AlarmUnacknowledged),
            });
            lines.push(self.line(Key::CardAlarm, parts.join(" · ")));
        }
        let interval_s = one.interval_s.or(kind.map(|kind| kind.interval_s));
        lines.extend(
            interval_s.map(|seconds| {
                self.line(Key::CardInterval, span(words, i64::from(seconds) * 1_000))
            }),
        );
        let mut sources = vec![one.source.dataset.clone(), live.feed.name.clone()];
        sources.retain(|name| !name.is_empty());
        lines.push(self.line(Key::CardSource, sources.join(" · ")));
        let is_screening = kind.is_some_and(|kind| kind.group == "building_monitoring");
        Card {
            title: self.kind_of(one),
            first: judged
                .and_then(|one| sudden_line(words, one))
                .into_iter()
                .collect(),
            judged: judged.map_or_else(Vec::new, |one| judged_lines(words, kind, one, self.now)),
            lines,
            note: is_screening.then(|| words.get(Key::CardScreening)),
        }
    }

    fn camera(&self, one: &Camera) -> Card {
        let words = self.words;
        let lines = vec![
            self.line(Key::CardOwner, words.name("owner", one.owner.as_str())),
            self.line(Key::CardCameraId, one.gb28181_id.as_str()),
            self.line(Key::CardHeading, compass(words, one.looks_deg())),
            self.line(Key::CardRange, format!("{:.0} m", one.range_m)),
            self.line(Key::CardSource, one.source.dataset.as_str()),
        ];
        Card {
            title: one.name.clone(),
            first: self.opened(),
            judged: Vec::new(),
            lines,
            note: self.note(false),
        }
    }
}

/// A value with its unit; yes or no where the kind says so.
fn value_text(value: f64, kind: Option<&DeviceKind>, words: &Words) -> String {
    let is_switch = |kind: &&DeviceKind| kind.unit.is_empty() && kind.min == 0.0 && kind.max == 1.0;
    if kind.filter(is_switch).is_some() {
        return words.get(if value >= 0.5 {
            Key::YesNoYes
        } else {
            Key::YesNoNo
        });
    }
    if !value.is_finite() {
        return "–".to_owned();
    }
    let decimals = match value.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        _ => 2,
    };
    let unit = kind.map_or("", |kind| kind.unit.as_str());
    let gap = if unit.is_empty() || unit == "°" {
        ""
    } else {
        " "
    };
    format!("{value:.decimals$}{gap}{unit}")
}

#[cfg(test)]
mod tests;
