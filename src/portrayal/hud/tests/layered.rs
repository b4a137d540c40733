//! A picture with a layer explains every colour, says where the figures come from and how old they
//! are, and who is signed in.

use super::scenes::normal;
use super::*;
use crate::model::query::Suppressed;
use crate::model::{AreaLevel, PopulationMeasure};
use crate::portrayal::layer::{Basis, Extent, LayerClass, LayerFacts, LayerKind, Meaning, UNTOLD};

fn quality() -> LayerFacts {
    let band = |class, low, high, areas| LayerClass {
        class,
        meaning: Meaning::Band(low, high),
        extent: Extent::Areas(areas),
    };
    LayerFacts {
        kind: LayerKind::Quality {
            measure: PopulationMeasure::Confirmed,
            by: AreaLevel::Grid,
        },
        as_of: "2026-05-01".to_owned(),
        classes: vec![
            band(0, 70, 72, 2),
            band(2, 68, 70, 1_169),
            band(4, 66, 68, 0),
            LayerClass {
                class: UNTOLD,
                meaning: Meaning::Untold,
                extent: Extent::Areas(1),
            },
        ],
        basis: Basis::Residents {
            count: Suppressed::Told(928_400),
            share: Some(0.703),
            unplaced: Suppressed::KeptBack,
        },
    }
}

fn coverage() -> LayerFacts {
    let class = |class, meaning, share| LayerClass {
        class,
        meaning,
        extent: Extent::Ground(share),
    };
    LayerFacts {
        kind: LayerKind::Coverage,
        as_of: "2026-05-01".to_owned(),
        classes: vec![
            class(
                0,
                Meaning::Seen {
                    cameras: 3,
                    or_more: true,
                },
                0.1,
            ),
            class(3, Meaning::Turning, 0.2),
            class(4, Meaning::BlindOpen, 0.3),
            class(5, Meaning::BlindRoad, 0.4),
        ],
        basis: Basis::Cameras {
            count: 10_000,
            cell_m: 14.5,
            seen: [0.5, 0.25, 0.125],
        },
    }
}

fn facts(words: &Words, layer: LayerFacts, has_card: bool) -> HudFacts {
    HudFacts {
        layer: Some(layer),
        layers: LayerOffer::Making,
        signed_in: Some(SignedIn {
            role: ["网格员".to_owned(), "grid worker".to_owned()],
            areas: vec!["第三网格".to_owned()],
            purpose: Some(["上门服务".to_owned(), "a visit".to_owned()]),
            key_is_away: has_card,
        }),
        card: has_card.then(|| Card {
            title: "悬桥巷 12 号".to_owned(),
            lines: vec![("居民".to_owned(), "12".to_owned()); 30],
            note: Some("已记录".to_owned()),
            ..Card::default()
        }),
        ..normal(words)
    }
}

#[test]
fn nothing_overlaps_beside_a_layer() {
    for &lang in Lang::ALL {
        for layer in [quality(), coverage()] {
            for has_card in [false, true] {
                let facts = facts(Words::of(lang), layer.clone(), has_card);
                for size in SIZES {
                    for mode in [HudMode::Plate, HudMode::Wall, HudMode::None] {
                        let made = made(&facts, mode, size, lang);
                        let label = format!("{mode:?} {size:?} {has_card} {}", lang.as_str());
                        check(&made, size, &label);
                    }
                }
            }
        }
    }
}

#[test]
fn the_legend_tells_classes_figures_day_and_source() {
    let told = |layer, lang, mode| {
        let facts = facts(Words::of(lang), layer, false);
        let made = made(&facts, mode, [1920.0, 1080.0], lang);
        let texts: Vec<String> = texts(&made)
            .into_iter()
            .map(|(_, text)| text.to_owned())
            .collect();
        texts
    };
    for mode in [HudMode::Plate, HudMode::Wall] {
        let texts = told(quality(), Lang::En, mode);
        for text in [
            "70–72 % · 2 areas",
            "68–70 % · 1,169 areas",
            "As of 2026-05-01",
        ] {
            assert!(texts.iter().any(|one| one == text), "{text}: {texts:?}");
        }
        let whole = texts.join(" ");
        for text in [
            "too few people to tell",
            "70.3 %",
            "928,400",
            "grid worker · 第三网格 · a visit",
        ] {
            assert!(whole.contains(text), "{text}: {whole}");
        }
        let whole = told(coverage(), Lang::Zh, mode).join(" ");
        for text in [
            "道路盲区 · 40.0 %",
            "10,000",
            "14.5 m",
            "50.0 %",
            "截至 2026-05-01",
        ] {
            assert!(whole.contains(text), "{text}: {whole}");
        }
    }
}

#[test]
fn that_the_key_is_away_is_told_instead_of_the_purpose() {
    for &lang in Lang::ALL {
        let words = Words::of(lang);
        let mut facts = facts(words, quality(), false);
        let told = |facts: &HudFacts| {
            let made = made(facts, HudMode::Wall, [1920.0, 1080.0], lang);
            let texts: Vec<String> = texts(&made)
                .iter()
                .map(|(_, text)| text.to_string())
                .collect();
            texts.concat().contains(&words.get(Key::SignedInKeyAway))
        };
        assert!(!told(&facts));
        facts
            .signed_in
            .iter_mut()
            .for_each(|who| who.key_is_away = true);
        assert!(told(&facts));
    }
}

#[test]
fn blind_ground_has_a_second_sign_in_the_legend() {
    let lines = |layer| {
        let facts = facts(Words::of(Lang::En), layer, false);
        let made = made(&facts, HudMode::Plate, [1920.0, 1080.0], Lang::En);
        let is_line = |shape: &&Shape| matches!(shape, Shape::Line { .. });
        made.shapes.iter().filter(is_line).count()
    };
    assert!(lines(coverage()) >= lines(quality()) + 8);
}

#[test]
fn the_button_names_its_key_and_steps() {
    let facts = facts(Words::of(Lang::En), quality(), false);
    let made = made(&facts, HudMode::Wall, [1920.0, 1080.0], Lang::En);
    assert!(made.hits.iter().any(|(_, hit)| *hit == Hit::Layer));
    assert!(texts(&made).iter().any(|(_, text)| *text == "M Layer …"));
}
