//! From the twin to [`HudFacts`]: one way for wall, picture and text.

use std::collections::BTreeMap;

use crate::base::{DeviceId, Millis, Timestamp};
use crate::model::{
    Alarm, Aside, Building, Device, DeviceHealth, DeviceKind, Grade, Ground, KindTable, Live,
    Source, Twin,
};
use crate::portrayal::words::{Key, Words};

use super::facts::{AlarmRow, Counts, HudFacts, KindHealth, LinkState};
use super::say::{self, time_of};
use super::waiting::queue_rows;

/// The seven service groups in the order of the panel.
const GROUPS: [&str; 7] = [
    "smart_security",
    "community_care",
    "building_monitoring",
    "video_surveillance",
    "government_affairs",
    "household_chores",
    "business_services",
];

/// How long a damage of the log is told on the wall; in the log it stands for good.
const DAMAGE_TOLD_MS: Millis = 7 * 86_400_000;

/// Data sets named on a plate.
const SOURCES_MAX: usize = 4;

fn counts(ground: &Ground, live: &Live) -> Counts {
    Counts {
        buildings: ground.buildings.len(),
        households: ground.households.len(),
        residents: ground.residents.len(),
        devices: ground.devices.len(),
        reporting: ground
            .devices
            .keys()
            .filter(|id| reports(live, **id))
            .count(),
        cameras: ground.cameras.len(),
        proposed: ground
            .buildings
            .values()
            .filter(|one| one.is_proposed())
            .count(),
    }
}

/// Whether anything in the picture is made up: the city, or devices put into a real one.
fn is_synthetic(ground: &Ground) -> bool {
    let devices = ground.devices.values().map(|device| &device.source);
    let mut sources = devices.chain(ground.cameras.values().map(|camera| &camera.source));
    ground.info.synthetic || sources.any(Source::is_synthetic)
}

/// The facts of the panels at `now`. What the twin does not know (scale, heading, exaggeration,
/// saved views, card, focus, `uncommitted`) stays neutral: the picture's owner fills it in.
#[must_use]
pub fn facts_from(
    twin: &Twin,
    kinds: &KindTable,
    now: Timestamp,
    link: LinkState,
    words: &Words,
) -> HudFacts {
    let (ground, live) = (twin.ground(), twin.live());
    let (queue, waiting) = queue_rows(twin, kinds, (now, words));
    HudFacts {
        city_name_zh: ground.info.name_zh.clone(),
        city_name_en: ground.info.name_en.clone(),
        now,
        // Not the engine's heart beat: with a dead feed that would call old data fresh.
        data_at: live.devices.values().map(|state| state.heard).max(),
        stale_after_ms: Some(stale_after_ms(ground, kinds)),
        utc_offset_minutes: ground.info.utc_offset_minutes,
        link,
        feed: live.feed.clone(),
        flood: Some(live.flood.at(now)).filter(|flood| flood.since.is_some()),
        rules_refused: live
            .rules_refused
            .as_ref()
            .map(|refused| refused.reason.clone()),
        log_damage: live
            .log_damage
            .clone()
            .filter(|damage| now - damage.found_at < DAMAGE_TOLD_MS),
        sources: sources(ground),
        attributions: ground.attributions.clone(),
        synthetic: is_synthetic(ground),
        counts: counts(ground, live),
        queue,
        waiting,
        by_grade: by_grade(live),
        health: health(ground, live, kinds, words),
        ..HudFacts::default()
    }
}

fn by_grade(live: &Live) -> [usize; 4] {
    let mut by_grade = [0; 4];
    for alarm in live.alarms.values() {
        let at = Grade::ALL.iter().position(|grade| *grade == alarm.grade);
        if let Some(count) = at.and_then(|at| by_grade.get_mut(at)) {
            *count += 1;
        }
    }
    by_grade
}

/// Every open alarm as lists show it, in the order of [`Live::queue`].
#[must_use]
pub fn alarm_rows(twin: &Twin, kinds: &KindTable, now: Timestamp, words: &Words) -> Vec<AlarmRow> {
    let queue = twin.live().queue().into_iter();
    let rows = queue.map(|alarm| row(twin, kinds, alarm, (now, words)));
    rows.collect()
}

fn reports(live: &Live, device: DeviceId) -> bool {
    live.devices
        .get(&device)
        .is_some_and(|state| !matches!(state.health, DeviceHealth::Unseen | DeviceHealth::Silent))
}

/// Data sets of the buildings; where none stands, of the rest of the base map.
fn sources(ground: &Ground) -> Vec<String> {
    let buildings = named_sources(ground.buildings.values().map(|one| &one.source));
    if !buildings.is_empty() {
        return buildings;
    }
    named_sources(ground.map_sources())
}

fn named_sources<'a>(sources: impl Iterator<Item = &'a Source>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for source in sources {
        if names.iter().all(|name| *name != source.dataset) {
            names.push(source.dataset.clone());
            if names.len() == SOURCES_MAX {
                break;
            }
        }
    }
    names
}

/// Age from which the data of this city are old. All devices together report once in so many
/// milliseconds; twenty times that without a word does not happen by chance.
fn stale_after_ms(ground: &Ground, kinds: &KindTable) -> Millis {
    let per_ms = |device: &Device| {
        let usual = kinds.get(&device.kind).map(|kind| kind.interval_s);
        let interval_s = device.interval_s.or(usual).unwrap_or(3_600);
        1.0 / (f64::from(interval_s.max(1)) * 1_000.0)
    };
    let all_per_ms: f64 = ground.devices.values().map(per_ms).sum();
    let silence_ms = if all_per_ms > 0.0 {
        20.0 / all_per_ms
    } else {
        0.0
    };
    (silence_ms as Millis).max(say::STALE_MS)
}

/// The name of a kind in the language of `words`.
pub(in crate::portrayal) fn kind_name<'a>(kind: &'a DeviceKind, words: &Words) -> &'a str {
    words.lang().pick(&kind.zh, &kind.en)
}

pub(super) fn row(
    twin: &Twin,
    kinds: &KindTable,
    alarm: &Alarm,
    (now, words): (Timestamp, &Words),
) -> AlarmRow {
    let ground = twin.ground();
    let device = ground.devices.get(&alarm.device);
    let kind = device.and_then(|device| kinds.get(&device.kind));
    let place = match device {
        Some(device) => place_of(ground, device, words),
        None => words.get(Key::AlarmNowhere),
    };
    AlarmRow {
        id: alarm.id,
        grade: alarm.grade,
        kind: title(twin, kind, alarm, words),
        glyph: kind.map_or('!', |kind| kind.glyph),
        place,
        raised_at: alarm.raised_at,
        active: alarm.active,
        acknowledged_by: alarm.acknowledged.as_ref().map(|ack| ack.by.0.clone()),
        exercise: alarm.exercise,
        remark: remark(twin, alarm, now, words),
    }
}

/// The kind and the place of a device, for everybody.
#[must_use]
pub fn device_words(
    ground: &Ground,
    kinds: &KindTable,
    id: DeviceId,
    words: &Words,
) -> [String; 2] {
    let Some(device) = ground.devices.get(&id) else {
        return [id.to_string(), words.get(Key::AlarmNowhere)];
    };
    let kind = kinds.get(&device.kind);
    let kind = kind.map_or(device.kind.to_string(), |kind| {
        kind_name(kind, words).to_owned()
    });
    [kind, place_of(ground, device, words)]
}

/// What an alarm is called: after its kind of device, or after the rule of the table that raised it.
pub(super) fn title(
    twin: &Twin,
    kind: Option<&DeviceKind>,
    alarm: &Alarm,
    words: &Words,
) -> String {
    let rules = twin.live().alarm_rules.as_ref();
    let rule = rules.and_then(|rules| rules.names.get(&alarm.rule));
    match (rule, kind) {
        (Some([zh, en]), _) => words.lang().pick(zh, en).to_owned(),
        (None, Some(kind)) => kind_name(kind, words).to_owned(),
        (None, None) => alarm.rule.clone(),
    }
}

/// What was ordered about an alarm, or is still to be done with it.
pub(super) fn remark(twin: &Twin, alarm: &Alarm, now: Timestamp, words: &Words) -> Option<String> {
    match twin.live().aside(alarm) {
        Some(aside) => Some(aside_text(twin, aside, now, words)),
        None => (alarm.latched && !alarm.active).then(|| words.get(Key::AlarmLatched)),
    }
}

/// Why alarms are put aside: by whom and until when, or by design.
#[must_use]
pub fn aside_text(twin: &Twin, aside: Aside<'_>, now: Timestamp, words: &Words) -> String {
    let offset = twin.ground().info.utc_offset_minutes;
    match aside {
        Aside::Shelved(shelf) => {
            let until = time_of(shelf.until, now, offset);
            let args = [("time", until), ("by", shelf.by.0.clone())];
            words.format(Key::AlarmShelved, &args)
        }
        Aside::OutOfService(mark) => {
            words.format(Key::AlarmOutOfService, &[("by", mark.by.0.clone())])
        }
        Aside::Suppressed(mark) => {
            let why = words.lang().pick(&mark.zh, &mark.en).to_owned();
            words.format(Key::AlarmSuppressed, &[("reason", why)])
        }
    }
}

/// Where a device is, for everybody: its building's name and address, never a door number;
/// otherwise the nearest place with a name, otherwise the position itself.
pub(in crate::portrayal) fn place_of(ground: &Ground, device: &Device, words: &Words) -> String {
    let building = device.building.and_then(|id| ground.buildings.get(&id));
    if let Some(text) = building.and_then(address) {
        return text;
    }
    let [x, y, _] = device.position;
    let nearest = ground.places.values().min_by(|a, b| {
        let away = |p: [f64; 3]| (p[0] - x).hypot(p[1] - y);
        away(a.position).total_cmp(&away(b.position))
    });
    match nearest {
        Some(place) => {
            let en = place.name_en.as_deref().unwrap_or(&place.name);
            let name = words.lang().pick(&place.name, en).to_owned();
            words.format(Key::NearPlace, &[("place", name)])
        }
        None => format!("E {x:.0} N {y:.0}"),
    }
}

pub(in crate::portrayal) fn address(building: &Building) -> Option<String> {
    match (&building.name, &building.address) {
        (Some(name), Some(address)) => Some(format!("{name} · {address}")),
        (Some(one), None) | (None, Some(one)) => Some(one.clone()),
        (None, None) => None,
    }
}

fn health(ground: &Ground, live: &Live, kinds: &KindTable, words: &Words) -> Vec<KindHealth> {
    let mut alarmed = BTreeMap::<DeviceId, Grade>::new();
    for alarm in live.alarms.values().filter(|alarm| alarm.active) {
        let worst = alarmed.entry(alarm.device).or_insert(alarm.grade);
        *worst = alarm.grade.min(*worst);
    }
    let mut found = BTreeMap::new();
    for (id, device) in &ground.devices {
        let kind = kinds.get(&device.kind);
        let group = kind.and_then(|kind| GROUPS.iter().position(|name| *name == kind.group));
        let position = kinds.position(&device.kind);
        let order = (
            group.unwrap_or(GROUPS.len()),
            position.unwrap_or(usize::MAX),
            &device.kind,
        );
        let entry = found.entry(order).or_insert_with(|| KindHealth {
            name: kind.map_or(device.kind.to_string(), |kind| {
                kind_name(kind, words).to_owned()
            }),
            glyph: kind.map_or('?', |kind| kind.glyph),
            ..KindHealth::default()
        });
        entry.total += 1;
        let health = live
            .devices
            .get(id)
            .map_or(DeviceHealth::Unseen, |state| state.health);
        match (alarmed.get(id), health) {
            (Some(grade), _) => {
                entry.alarm += 1;
                entry.worst = Some(entry.worst.map_or(*grade, |worst| worst.min(*grade)));
            }
            (None, DeviceHealth::Fine) => entry.fine += 1,
            (None, DeviceHealth::Unseen | DeviceHealth::Silent) => entry.silent += 1,
            (None, DeviceHealth::Stuck | DeviceHealth::OutOfRange | DeviceHealth::Jump) => {
                entry.faulty += 1;
            }
        }
    }
    found.into_values().collect()
}
