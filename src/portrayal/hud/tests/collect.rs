//! Facts from a small twin.

use std::sync::Arc;

use super::*;
use crate::base::{AlarmId, DeviceId, ImportId, PlaceId, Timestamp};
use crate::model::alarm_rule::{RulesInForce, RulesRefused};
use crate::model::{
    Acknowledgement, Actor, Alarm, Batch, Change, CityInfo, Device, DeviceHealth, Entity, Grade,
    Ground, KindId, KindTable, LogDamage, LostBatches, Place, PlaceKind, Reading, Source, Twin,
};

const NOW: Timestamp = scenes::NOW;

fn source(key: &str) -> Source {
    Source {
        dataset: "test".to_owned(),
        key: key.to_owned(),
        import: ImportId::from_source("test", "1"),
    }
}

pub(super) fn device(key: &str, kind: &str) -> Device {
    Device {
        id: DeviceId::from_source("test", key),
        source: source(key),
        kind: KindId::new(kind),
        position: [10.0, 20.0, 3.0],
        building: None,
        dwelling: None,
        interval_s: None,
        home: crate::model::DeviceHome::Known,
        name: None,
    }
}

pub(super) fn alarm(key: &str, device: &Device, grade: Grade, acknowledged: bool) -> Change {
    let by = Actor("王敏".to_owned());
    let alarm = Alarm {
        id: AlarmId::from_source("test", key),
        device: device.id,
        rule: "threshold".to_owned(),
        grade,
        raised_at: NOW.plus(-60_000),
        value: 9.0,
        active: true,
        returned_at: None,
        acknowledged: acknowledged.then_some(Acknowledgement { by, at: NOW }),
        exercise: false,
        latched: false,
        suppressed: None,
    };
    Change::AlarmRaised { alarm }
}

/// Three smoke alarms (fine, silent, never heard of), one tilt sensor with two alarms.
pub(super) fn twin() -> Twin {
    let mut ground = Ground::new(CityInfo {
        name_zh: "苏州".to_owned(),
        name_en: "Suzhou".to_owned(),
        crs: "EPSG:4549".to_owned(),
        vertical_datum: "1985".to_owned(),
        utc_offset_minutes: 480,
        synthetic: true,
    });
    ground.attributions = vec!["© A".to_owned()];
    let devices = [
        ("a", "smoke"),
        ("b", "smoke"),
        ("c", "smoke"),
        ("d", "tilt"),
    ];
    let devices = devices.map(|(key, kind)| device(key, kind));
    for device in &devices {
        ground.put(Entity::from(device.clone()));
    }
    ground.put(Entity::from(Place {
        id: PlaceId::from_source("test", "p"),
        source: source("p"),
        name: "双塔".to_owned(),
        name_en: Some("Twin Pagodas".to_owned()),
        kind: PlaceKind::Pagoda,
        position: [0.0, 0.0, 0.0],
    }));
    let reading = |device: &Device| Reading {
        device: device.id,
        at: NOW.plus(-5_000),
        arrived: NOW.plus(-4_000),
        value: 1.0,
        second: None,
        temperature_c: None,
    };
    let [a, b, _, d] = &devices;
    let mut twin = Twin::new(Arc::new(ground));
    let batch = Batch {
        number: 1,
        ground_version: 0,
        at: NOW.plus(-2_000),
        readings: vec![reading(a), reading(b), reading(d)],
        changes: vec![
            Change::Health {
                device: b.id,
                health: DeviceHealth::Silent,
                at: NOW,
            },
            alarm("1", d, Grade::Orange, true),
            alarm("2", d, Grade::Red, false),
        ],
        uncommitted: false,
    };
    twin.apply(&batch).unwrap();
    twin
}

#[test]
fn facts_are_counted_from_the_twin() {
    let words = Words::of(Lang::En);
    let facts = facts_from(
        &twin(),
        &KindTable::standard(),
        NOW,
        LinkState::Alive,
        words,
    );
    // Of the reading that came last, not of the engine's last batch; a city of four devices that
    // report every few minutes is not called old after seconds.
    assert_eq!(facts.data_age(), Some(4_000));
    assert!(facts.stale_after_ms > Some(60_000));
    assert_eq!(facts.attributions, ["© A"]);
    assert_eq!((facts.counts.devices, facts.counts.reporting), (4, 2));
    let health: Vec<_> = facts
        .health
        .iter()
        .map(|kind| {
            (
                kind.name.as_str(),
                kind.total,
                kind.fine,
                kind.silent,
                kind.alarm,
            )
        })
        .collect();
    assert_eq!(health, [("Smoke", 3, 1, 2, 0), ("Tilt", 1, 0, 0, 1)]);
    assert_eq!(facts.health[1].worst, Some(Grade::Red));
    assert_eq!((facts.alarms_total(), facts.waiting.unseen), (2, 1));
    let rows: Vec<_> = facts
        .queue
        .iter()
        .map(|row| (row.grade, row.place.as_str()))
        .collect();
    let place = "near Twin Pagodas";
    assert_eq!(rows, [(Grade::Red, place), (Grade::Orange, place)]);
}

#[test]
fn an_alarm_is_called_after_its_rule_and_a_refused_table_is_told() {
    let mut twin = twin();
    let rules = RulesInForce {
        file: Some("city.alarms.toml".to_owned()),
        sha256: String::new(),
        at: NOW,
        names: [(
            "threshold".to_owned(),
            ["甲".to_owned(), "Lasting".to_owned()],
        )]
        .into(),
    };
    let refused = RulesRefused {
        file: "city.alarms.toml".to_owned(),
        reason: "line 3: no such kind".to_owned(),
        at: NOW,
    };
    let mut batch = Batch {
        number: twin.live().batch + 1,
        ground_version: twin.ground().version,
        at: NOW,
        readings: Vec::new(),
        changes: vec![Change::RulesReplaced {
            rules: rules.clone(),
        }],
        uncommitted: false,
    };
    let facts = |twin: &Twin| {
        let words = Words::of(Lang::En);
        facts_from(twin, &KindTable::standard(), NOW, LinkState::Alive, words)
    };
    let names =
        |twin: &Twin| -> Vec<_> { facts(twin).queue.into_iter().map(|row| row.title).collect() };
    assert_eq!(names(&twin), ["Tilt", "Tilt"]);
    batch.changes.push(Change::RulesRefused { refused });
    twin.apply(&batch).unwrap();
    assert_eq!(names(&twin), ["Lasting", "Lasting"]);
    let told = made(&facts(&twin), HudMode::Wall, SIZES[4], Lang::En);
    assert!(said(&told).contains("not taken, those before hold: line 3"));
    batch.number += 1;
    batch.changes = vec![Change::RulesReplaced { rules }];
    twin.apply(&batch).unwrap();
    assert_eq!(facts(&twin).rules_refused, None);
}

#[test]
fn a_damaged_log_is_told_for_a_week() {
    let found = |damage: LogDamage, now: Timestamp| {
        let mut twin = twin();
        let batch = Batch {
            number: twin.live().batch + 1,
            ground_version: twin.ground().version,
            at: NOW,
            readings: Vec::new(),
            changes: vec![Change::LogDamaged { damage }],
            uncommitted: false,
        };
        twin.apply(&batch).unwrap();
        let words = Words::of(Lang::En);
        let facts = facts_from(&twin, &KindTable::standard(), now, LinkState::Alive, words);
        said(&made(&facts, HudMode::Wall, SIZES[4], Lang::En))
    };
    let nothing_left = LogDamage {
        found_at: NOW,
        ..LogDamage::default()
    };
    let tail = LogDamage {
        known_up_to: Some(NOW),
        ..nothing_left.clone()
    };
    let hole = LostBatches {
        first: 3,
        last: 9,
        from: None,
        to: NOW,
    };
    let holes = LogDamage {
        lost: vec![hole],
        ..tail.clone()
    };
    assert!(found(nothing_left.clone(), NOW).contains("it begins anew"));
    assert!(found(tail, NOW).contains("may be lost"));
    assert!(found(holes, NOW).contains("7 batches are lost"));
    let later = NOW.plus(8 * 86_400_000);
    assert!(!found(nothing_left, later).contains("begins anew"));
}

#[test]
fn a_flood_is_told_as_long_as_it_lasts() {
    let mut twin = twin();
    let device = twin.ground().devices.values().next().unwrap().clone();
    let alarms = (0..12).map(|at| alarm(&format!("flood {at}"), &device, Grade::Blue, true));
    let batch = Batch {
        number: twin.live().batch + 1,
        ground_version: twin.ground().version,
        at: NOW,
        readings: Vec::new(),
        changes: alarms.collect(),
        uncommitted: false,
    };
    let facts = |twin: &Twin, now| {
        let words = Words::of(Lang::En);
        facts_from(twin, &KindTable::standard(), now, LinkState::Alive, words)
    };
    assert_eq!(facts(&twin, NOW).flood, None);
    twin.apply(&batch).unwrap();
    // Two were open before.
    let told = made(&facts(&twin, NOW), HudMode::Wall, SIZES[4], Lang::En);
    assert!(
        said(&told).contains("Flood since 08:00:05"),
        "{}",
        said(&told)
    );
    assert_eq!(facts(&twin, NOW.plus(11 * 60_000)).flood, None);
}

#[test]
fn an_empty_city_gives_facts_too() {
    let info = twin().ground().info.clone();
    let twin = Twin::new(Arc::new(Ground::new(info)));
    let words = Words::of(Lang::Zh);
    let facts = facts_from(&twin, &KindTable::standard(), NOW, LinkState::None, words);
    assert_eq!(facts.data_at, None);
    let made = made(&facts, HudMode::Wall, SIZES[4], Lang::Zh);
    assert!(said(&made).contains("无待处置预警"));
}

#[test]
fn a_city_of_terrain_alone_names_its_source() {
    let mut ground = (*twin().ground().clone()).clone();
    ground.buildings.clear();
    ground.places.clear();
    let sources = |ground: &Ground| {
        let twin = Twin::new(Arc::new(ground.clone()));
        let kinds = KindTable::standard();
        let words = Words::of(Lang::En);
        facts_from(&twin, &kinds, NOW, LinkState::None, words).sources
    };
    assert!(sources(&ground).is_empty());
    let terrain = crate::model::Terrain {
        id: crate::base::TerrainId::from_source("dem", "1"),
        source: Source {
            dataset: "dem".to_owned(),
            ..source("1")
        },
        tin: crate::space::Tin::from_triangles(&[]),
    };
    ground.terrain.insert(terrain.id, terrain);
    assert_eq!(sources(&ground), ["dem"]);
}
