//! A picture of two versions says so, and how many buildings differ.

use super::scenes::normal;
use super::*;
use crate::model::{Comparison, sample};

fn facts(words: &Words) -> HudFacts {
    HudFacts {
        comparison: Some(Compared {
            from: 12,
            to: 105,
            added: 1_234,
            removed: 56,
            changed: 789,
            same: 101_112,
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
            ],
            Lang::En => [
                "Buildings, version 12 → 105",
                "Added 1,234",
                "Removed 56",
                "Changed 789",
                "Same 101,112",
            ],
        };
        for text in expected {
            assert!(told.contains(&text), "{text}: {told:?}");
        }
    }
}

#[test]
fn only_buildings_are_counted() {
    let earlier = sample::city(1);
    let mut later = earlier.clone();
    later.version = 2;
    later.buildings.pop_first();
    later.devices.clear();
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
        ..Compared::default()
    };
    assert_eq!(told, expected);
}
