//! A picture of two versions says so, and how many buildings differ.

use super::scenes::normal;
use super::*;
use crate::base::{ImportId, PlaceId};
use crate::model::{Comparison, EntityKind, FeedStatus, Place, PlaceKind, Source, sample};

fn place(key: &str) -> (PlaceId, Place) {
    let place = Place {
        id: PlaceId::from_source("test", key),
        source: Source {
            dataset: "test".to_owned(),
            key: key.to_owned(),
            import: ImportId::from_bits(1),
        },
        name: key.to_owned(),
        name_en: None,
        kind: PlaceKind::Place,
        position: [0.0; 3],
    };
    (place.id, place)
}

fn facts(words: &Words) -> HudFacts {
    HudFacts {
        comparison: Some(Compared {
            from: 12,
            to: 105,
            added: 1_234,
            removed: 56,
            changed: 789,
            same: 101_112,
            others: vec![
                (EntityKind::Road, [3, 0, 12]),
                (EntityKind::Terrain, [0, 1_000, 0]),
            ],
        }),
        ..normal(words)
    }
}

#[test]
fn the_legend_names_both_versions() {
    for &lang in Lang::ALL {
        let facts = facts(Words::of(lang));
        for size in SIZES {
            for mode in [HudMode::Plate, HudMode::Wall] {
                let made = made(&facts, mode, size, lang);
                check(&made, size, &format!("{mode:?} {size:?} {}", lang.as_str()));
            }
        }
        let made = made(&facts, HudMode::Plate, [1280.0, 720.0], lang);
        let told: Vec<_> = texts(&made).into_iter().map(|(_, text)| text).collect();
        let expected = match lang {
            Lang::Zh => [
                "建筑，版本 12 → 105",
                "新增 1,234",
                "删除 56",
                "变更 789",
                "未变 101,112",
                "道路 +3 ±12",
                "地形 −1,000",
            ],
            Lang::En => [
                "Buildings, version 12 → 105",
                "Added 1,234",
                "Removed 56",
                "Changed 789",
                "Same 101,112",
                "Roads +3 ±12",
                "Terrain −1,000",
            ],
        };
        for text in expected {
            assert!(told.contains(&text), "{text}: {told:?}");
        }
    }
}

#[test]
fn nothing_live_is_told_beside_two_versions() {
    for &lang in Lang::ALL {
        let words = Words::of(lang);
        let mut facts = facts(words);
        facts.queue.clear();
        facts.waiting = WaitingCount::default();
        facts.data_at = None;
        facts.link = LinkState::None;
        facts.feed = FeedStatus::default();
        facts.attributions = vec!["© OpenStreetMap contributors".to_owned()];
        let live = [
            Key::DataNone,
            Key::FeedNone,
            Key::AlarmsNone,
            Key::LegendUnacknowledged,
            Key::LegendReturned,
            Key::LegendDevice,
            Key::LegendSilent,
            Key::LegendCamera,
        ];
        for size in SIZES {
            let made = made(&facts, HudMode::Plate, size, lang);
            check(&made, size, &format!("{size:?}"));
            let told: Vec<_> = texts(&made).into_iter().map(|(_, text)| text).collect();
            for word in live.map(|key| words.get(key)) {
                assert!(!told.contains(&word.as_str()), "{size:?} {word}: {told:?}");
            }
            for grade in ["red", "orange", "yellow", "blue"] {
                let grade = words.name("grade", grade);
                let is_told = told.iter().any(|text| text.starts_with(&grade));
                assert!(!is_told, "{size:?} {grade}: {told:?}");
            }
            assert!(
                told.iter().any(|text| text.contains("105")),
                "{size:?} {told:?}"
            );
        }
    }
}

#[test]
fn buildings_are_counted_and_other_kinds_where_they_differ() {
    let mut earlier = sample::city(1);
    let mut later = earlier.clone();
    later.version = 2;
    later.buildings.pop_first();
    later.devices.clear();
    earlier.places = [place("old")].into();
    later.places = [place("new")].into();
    for house in later.buildings.values_mut().take(2) {
        house.area = Some(crate::base::AreaId::from_bits(1));
    }
    if let Some(house) = later.buildings.values_mut().next() {
        house.storeys += 1;
    }
    let told = Compared::of(&Comparison::of(&earlier, &later));
    let expected = Compared {
        from: 1,
        to: 2,
        removed: 1,
        changed: 1,
        same: 2,
        others: vec![(EntityKind::Place, [1, 1, 0])],
        ..Compared::default()
    };
    assert_eq!(told, expected);
}
