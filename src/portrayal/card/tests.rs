//! What a card tells, and what it must not tell.

use std::sync::Arc;

use geo_types::{LineString, Polygon};

use super::*;
use crate::base::{Closed, HouseholdId, ImportId, ResidentId, Sealed, SealedList};
use crate::model::{
    Batch, CameraOwner, Change, CityInfo, Dwelling, Entity, HeightOrigin, Household, KindId,
    LodModel, Protection, Reading, Resident, RoofStyle, Source, Structure, Usage,
};
use crate::portrayal::words::{Key, Lang};
use crate::space::{Surface, SurfaceKind};

const NOW: Timestamp = Timestamp::from_millis(1_777_593_605_000);

fn source(key: &str) -> Source {
    Source {
        dataset: "test".to_owned(),
        key: key.to_owned(),
        import: ImportId::from_source("test", "1"),
    }
}

fn building() -> Building {
    Building {
        id: BuildingId::from_source("test", "b"),
        source: source("b"),
        name: None,
        address: Some("悬桥巷 12 号".to_owned()),
        footprint: Polygon::new(LineString::new(Vec::new()), Vec::new()),
        ground_m: 3.0,
        height_m: 7.4,
        height_origin: HeightOrigin::Storeys,
        storeys: 2,
        structure: Structure::TimberBrick,
        year: Some(1912),
        usage: Usage::Residential,
        protection: Protection::Controlled,
        roof: RoofStyle::Gable,
        party_walls: Vec::new(),
        area: None,
        models: Vec::new(),
        repairs: Vec::new(),
        attributes: Default::default(),
    }
}

fn resident(at: usize, home: DwellingId) -> Resident {
    Resident {
        id: ResidentId::from_source("test", &at.to_string()),
        source: source("r"),
        household: None,
        dwelling: Some(home),
        name: Sealed::new(format!("王小明{at}")),
        identity_no: Sealed::new("320508194001011234"),
        birth_date: Sealed::new("1940-01-01"),
        phone: Some(Sealed::new("13912345678")),
        labels: SealedList::new(["elderly_alone"]),
        address: Sealed::new("悬桥巷 12 号 302"),
        verified_on: "2025-01-01".to_owned(),
        traits: None,
        contacts: None,
        further: None,
    }
}

/// A house with a tilt sensor and so many residents.
fn twin(residents: usize) -> Twin {
    let mut ground = Ground::new(CityInfo {
        name_zh: String::new(),
        name_en: String::new(),
        crs: "EPSG:4549".to_owned(),
        vertical_datum: "1985".to_owned(),
        utc_offset_minutes: 480,
        synthetic: true,
    });
    let home = DwellingId::from_source("test", "d");
    ground.put(Entity::from(building()));
    ground.put(Entity::from(Dwelling {
        id: home,
        source: source("d"),
        building: building().id,
        floor: 1,
        door: Sealed::new("302"),
        usage: Usage::Residential,
        area_m2: 60.0,
        address: None,
    }));
    ground.put(Entity::from(Household {
        id: HouseholdId::from_source("test", "h"),
        source: source("h"),
        dwelling: Some(home),
        address: Sealed::new("悬桥巷 12 号 302"),
    }));
    for at in 0..residents {
        ground.put(Entity::from(resident(at, home)));
    }
    ground.put(Entity::from(tilt()));
    ground.put(Entity::from(camera()));
    let mut twin = Twin::new(Arc::new(ground));
    let reading = Reading {
        device: tilt().id,
        at: NOW.plus(-180_000),
        arrived: NOW.plus(-179_000),
        value: 1.234,
        second: Some(-0.5),
        temperature_c: None,
    };
    let batch = Batch {
        number: 1,
        ground_version: 0,
        at: NOW,
        readings: vec![reading],
        changes: Vec::new(),
        uncommitted: false,
    };
    twin.apply(&batch).unwrap();
    twin
}

fn tilt() -> Device {
    Device {
        id: DeviceId::from_source("test", "t"),
        source: source("t"),
        kind: KindId::new("tilt"),
        position: [0.0; 3],
        building: Some(building().id),
        dwelling: None,
        interval_s: None,
        home: crate::model::DeviceHome::Known,
        name: None,
    }
}

fn camera() -> Camera {
    Camera {
        id: CameraId::from_source("test", "c"),
        source: source("c"),
        name: "平江路北口".to_owned(),
        position: [0.0; 3],
        heading_deg: -44.0,
        pitch_deg: -20.0,
        fov_deg: 70.0,
        range_m: 42.0,
        owner: CameraOwner::Community,
        gb28181_id: "32050812001320000017".to_owned(),
        kind: None,
        stream: None,
    }
}

fn text(residents: usize, what: Entity, lang: Lang) -> String {
    let (twin, kinds) = (twin(residents), KindTable::standard());
    let card = card_for(
        &twin,
        &kinds,
        what.key(),
        NOW,
        Words::of(lang),
        &CardRights::Everybody,
    )
    .unwrap();
    let lines = card
        .lines
        .iter()
        .map(|(label, value)| format!("{label}: {value}"));
    let note = card.note.clone();
    let parts: Vec<_> = std::iter::once(card.title.clone())
        .chain(lines)
        .chain(note)
        .collect();
    parts.join("\n")
}

#[test]
fn a_house_of_few_tells_no_count_and_no_name() {
    let text = text(4, building().into(), Lang::En);
    assert!(text.contains("Residents: fewer than 5"), "{text}");
    assert!(text.contains("Height: 7.4 m (from storeys)"), "{text}");
    assert!(text.contains("Structure: Timber and brick"), "{text}");
    assert!(
        text.contains("Tilt: 1.23 mrad / -0.50 mrad · 3 min ago"),
        "{text}"
    );
    assert!(!text.contains('王') && !text.contains("139"), "{text}");
}

#[test]
fn a_roof_tells_whether_it_was_made_up() {
    let told = |change: fn(&mut Building), lang| {
        let mut house = building();
        change(&mut house);
        let mut ground = (**twin(0).ground()).clone();
        ground.put(Entity::from(house.clone()));
        let twin = Twin::new(Arc::new(ground));
        let what = Entity::from(house).key();
        let words = Words::of(lang);
        let card = card_for(
            &twin,
            &KindTable::standard(),
            what,
            NOW,
            words,
            &CardRights::Everybody,
        )
        .unwrap();
        let roof = words.get(Key::CardRoof);
        let line = card.lines.into_iter().find(|(label, _)| *label == roof);
        line.unwrap().1
    };
    let derived: fn(&mut Building) = |house| house.roof = RoofStyle::Derived;
    assert_eq!(told(derived, Lang::En), "generated from footprint and era");
    assert_eq!(told(derived, Lang::Zh), "按平面与年代生成");
    let shaped: fn(&mut Building) = |house| house.roof = RoofStyle::Hip;
    assert_eq!(told(shaped, Lang::En), "generated, shape from the source");
    let given: fn(&mut Building) = |house| {
        let face = Surface {
            kind: SurfaceKind::RoofSurface,
            rings: vec![vec![[0.0; 3], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]],
        };
        for (lod, surfaces) in [("1.2", vec![]), ("2.2", vec![face])] {
            house.models.push(LodModel {
                lod: lod.to_owned(),
                surfaces,
                details: Default::default(),
            });
        }
    };
    assert_eq!(told(given, Lang::En), "surfaces of the source, LoD 2.2");
    assert_eq!(told(given, Lang::Zh), "源数据实体，LoD 2.2");
    let house: fn(&mut Building) = |_| {};
    assert_eq!(told(house, Lang::Zh), "生成，形状来自源数据");
}

#[test]
fn people_are_counted_and_nobody_is_listed() {
    let text = text(9, building().into(), Lang::Zh);
    // In steps: an exact count of each house beside one of a square would tell of the next.
    assert!(text.contains("人口: 5 及以上"), "{text}");
    assert!(text.contains("个人信息已脱敏"), "{text}");
    for secret in ["王", "139", "小明", "elderly", "302", "1940", "320508"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

#[test]
fn a_device_tells_age_health_and_source() {
    let told = text(0, tilt().into(), Lang::Zh);
    assert!(told.starts_with("倾斜\n位置: 悬桥巷 12 号\n"), "{told}");
    assert!(
        told.contains("3 分钟前") && told.contains("来源: test"),
        "{told}"
    );
    assert!(told.contains("不作房屋鉴定结论"), "{told}");
}

#[test]
fn a_camera_tells_where_it_looks() {
    let told = text(0, camera().into(), Lang::En);
    assert!(told.contains("Looks: north-west 316°"), "{told}");
    assert!(told.contains("GB/T 28181: 32050812001320000017"), "{told}");
}

#[test]
fn the_card_of_a_home_is_that_of_its_building() {
    let twin = twin(9);
    let ground = twin.ground();
    let home = *ground.dwellings.keys().next().unwrap();
    let on = |kind, bits| shown_on(ground, EntityRef { kind, bits });
    let house = on(EntityKind::Dwelling, home.bits()).unwrap();
    assert_eq!(house.kind, EntityKind::Building);
    assert_eq!(house.bits, ground.dwellings[&home].building.bits());
    let person = *ground.residents.keys().next().unwrap();
    assert_eq!(on(EntityKind::Resident, person.bits()), None);
}

#[test]
fn a_closed_card_tells_why_in_one_line() {
    let twin = twin(7);
    let what = EntityRef {
        kind: EntityKind::Building,
        bits: building().id.bits(),
    };
    for &lang in Lang::ALL {
        let words = Words::of(lang);
        let mut told = BTreeSet::new();
        for why in Closed::ALL {
            let rights = CardRights::Opened(CardPersonal::Closed(why));
            let card = card_for(&twin, &KindTable::standard(), what, NOW, words, &rights).unwrap();
            let note = card.note.clone().unwrap();
            assert_ne!(note, why.as_str(), "the words lack it");
            told.insert(note);
            // Counts as for everybody.
            let residents = words.format(Key::CardAtLeast, &[("n", "5".to_owned())]);
            assert!(
                card.lines.iter().any(|(_, value)| *value == residents),
                "{card:?}"
            );
        }
        assert_eq!(told.len(), Closed::ALL.len());
    }
}

#[test]
fn what_is_unknown_has_no_card() {
    let what = EntityRef {
        kind: EntityKind::Building,
        bits: 1,
    };
    let kinds = KindTable::standard();
    assert_eq!(
        card_for(
            &twin(0),
            &kinds,
            what,
            NOW,
            Words::of(Lang::Zh),
            &CardRights::Everybody
        ),
        None
    );
}

#[test]
fn values_read_well() {
    let kinds = KindTable::standard();
    let told =
        |id: &str, value| value_text(value, kinds.get(&KindId::new(id)), Words::of(Lang::En));
    assert_eq!(told("door", 1.0), "yes");
    assert_eq!(told("manhole_cover", 12.34), "12.3°");
    assert_eq!(told("water_meter", 640.4), "640 L/h");
    assert_eq!(told("tilt", f64::NAN), "–");
}

#[test]
fn what_the_monitor_says_stands_on_the_card_of_a_sensor_and_of_its_house() {
    use crate::model::{Judgement, MonitorGrade, SuddenKind, sample};
    let mut twin = sample::twin(1);
    let device = sample::device_id("tilt", 0);
    let house = twin.ground().devices[&device].building.unwrap();
    let judgement = Judgement {
        grade: Some(MonitorGrade::Red),
        trend: Some(MonitorGrade::Yellow),
        sudden: Some(SuddenKind::Moved),
        level: Some(3.1),
        share: Some(0.78),
        per_month: Some([0.4, 0.1]),
        ..Judgement::at(sample::MORNING)
    };
    let mut batch = sample::next_batch(&twin, sample::MORNING);
    batch.changes = vec![Change::Judged { device, judgement }];
    twin.apply(&batch).unwrap();
    let card = |kind: EntityKind, bits: u64, lang: Lang| {
        let (kinds, now) = (KindTable::standard(), sample::MORNING.plus(3_600_000));
        let what = EntityRef { kind, bits };
        let rights = CardRights::Everybody;
        let card = card_for(&twin, &kinds, what, now, Words::of(lang), &rights).unwrap();
        let lines = (card.first.iter().chain(&card.judged))
            .chain(&card.lines)
            .map(|(label, value)| format!("{label}: {value}"));
        (lines.collect::<Vec<_>>().join("\n"), card.note)
    };
    let (text, note) = card(EntityKind::Device, device.bits(), Lang::En);
    for words in [
        "Sudden: The house moved: look now",
        "Assessment: red · 78 % of the limit",
        "Change: +0.40 ‰ a month ± 0.10",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(note.is_some(), "a screening says so");
    let (text, note) = card(EntityKind::Building, house.bits(), Lang::Zh);
    // What was sudden first, then the grade, then how far and how fast, before any storeys.
    let start = "突变: ";
    assert!(text.starts_with(start), "{text}");
    let figures = "变形评估: 红色 · 占限值 78% · 1 小时 0 分前\n倾斜: 3.10 ‰ · ";
    assert!(
        text.contains(figures) && text.contains("± 0.10\n"),
        "{text}"
    );
    assert_eq!(note, Some(Words::of(Lang::Zh).get(Key::CardScreening)));
}

#[test]
fn what_sources_record_of_a_lean_stands_side_by_side() {
    use crate::model::{
        LEAN_RECORDED_DEG, LEAN_RECORDED_SOURCES, LEAN_RECORDED_TOWARDS_DEG, sample,
    };
    let mut city = sample::city(1);
    let house = *city.buildings.keys().next().unwrap();
    let attributes = &mut city.buildings.get_mut(&house).unwrap().attributes;
    let told = serde_json::json!([3.98, 2.67]);
    attributes.insert(LEAN_RECORDED_DEG.to_owned(), told);
    let towards = serde_json::json!([22.5, 315.0]);
    attributes.insert(LEAN_RECORDED_TOWARDS_DEG.to_owned(), towards);
    let sources = serde_json::json!(["", "survey 1957"]);
    attributes.insert(LEAN_RECORDED_SOURCES.to_owned(), sources);
    let twin = Twin::new(std::sync::Arc::new(city));
    let what = EntityRef {
        kind: EntityKind::Building,
        bits: house.bits(),
    };
    let told = |lang| {
        let (kinds, words) = (KindTable::standard(), Words::of(lang));
        let rights = CardRights::Everybody;
        let card = card_for(&twin, &kinds, what, sample::MORNING, words, &rights).unwrap();
        let label = words.get(Key::CardRecordedLean);
        let line = card.lines.into_iter().find(|(name, _)| *name == label);
        line.unwrap().1
    };
    assert_eq!(
        told(Lang::En),
        "2.67° north-west 315° (survey 1957) · 3.98° north-north-east 22.5° (source not named) · sources \
         disagree"
    );
    assert_eq!(
        told(Lang::Zh),
        "2.67° 西北 315° (survey 1957) · 3.98° 北东北 22.5° (来源未注明) · 来源不一致"
    );
}
