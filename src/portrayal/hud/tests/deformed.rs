//! A deformed picture always says by how much, that it is a screening, and of when; its legend explains
//! every grade with its count and sign.

use super::scenes::normal;
use super::*;
use crate::base::BuildingId;
use crate::model::RankBy;
use crate::portrayal::deform::{DeformFacts, DeformGrade, Exaggeration, RankedList, RankedRow};

/// A view with every grade.
pub fn facts() -> DeformFacts {
    DeformFacts {
        factor: Exaggeration::new(200).unwrap(),
        since: None,
        counts: [61, 12, 5, 3, 1_002, 7],
        somewhere: 4,
        sunk: 2,
        recorded: [3, 1],
        unmeasured: 8_112,
        measured_at: Some(scenes::NOW),
    }
}

fn shown(words: &Words, deformed: DeformFacts) -> HudFacts {
    HudFacts {
        deformed: Some(deformed),
        ..normal(words)
    }
}

/// A list longer than any panel.
fn ranked(words: &Words, by: RankBy) -> RankedList {
    let row = |index: u64| RankedRow {
        building: BuildingId::from_bits(index),
        grade: DeformGrade::ALL[index as usize % DeformGrade::ALL.len()],
        place: match words.lang() {
            Lang::Zh => format!("平江历史街区东北街{index}号 · 苏州市姑苏区"),
            Lang::En => format!("{index} Northeast Street, Pingjiang Historic Quarter"),
        },
        figure: format!("{} %", 120 - index * 9),
        about: "倾斜 3.12 ‰ · +0.42 ± 0.11".to_owned(),
    };
    RankedList {
        by,
        rows: (0..9).map(row).collect(),
        counts: [81, 12, 9, 1_007],
    }
}

fn told(facts: &HudFacts, mode: HudMode, size: [f32; 2], lang: Lang) -> String {
    let made = made(facts, mode, size, lang);
    let texts = texts(&made).into_iter().map(|(_, text)| text);
    texts.collect::<Vec<_>>().join(" | ")
}

#[test]
fn the_stamp_is_on_every_picture() {
    for (lang, words) in [
        (
            Lang::Zh,
            [
                "变形放大 ×200",
                "筛查结果，非房屋安全鉴定",
                "2026-05-01 08:00",
            ],
        ),
        (
            Lang::En,
            [
                "deformation ×200",
                "screening, not appraisal",
                "2026-05-01 08:00",
            ],
        ),
    ] {
        let facts = shown(Words::of(lang), facts());
        for mode in [HudMode::Plate, HudMode::Wall, HudMode::None] {
            for size in SIZES.into_iter().filter(|size| size[0] >= 1_024.0) {
                let whole = told(&facts, mode, size, lang);
                for word in words {
                    assert!(whole.contains(word), "{mode:?} {size:?} {word}: {whole}");
                }
            }
            let small = told(&facts, mode, [320.0, 180.0], lang);
            assert!(small.contains("×200"), "{mode:?}: {small}");
        }
        let mut once = facts.clone();
        once.deformed = once.deformed.map(|one| DeformFacts {
            factor: Exaggeration::new(1).unwrap(),
            measured_at: None,
            ..one
        });
        let whole = told(&once, HudMode::None, SIZES[4], lang);
        assert!(whole.contains("×1 "), "{whole}");
    }
}

#[test]
fn the_legend_tells_every_grade_and_what_is_not_measured() {
    for &lang in Lang::ALL {
        let words = Words::of(lang);
        let facts = shown(words, facts());
        for mode in [HudMode::Plate, HudMode::Wall] {
            let whole = told(&facts, mode, SIZES[4], lang);
            for grade in DeformGrade::ALL {
                let name = words.name("deform_grade", grade.as_str());
                assert!(whole.contains(&format!("{name} · ")), "{name}: {whole}");
            }
            for figure in ["1,002", "8,112"] {
                assert!(whole.contains(figure), "{figure}: {whole}");
            }
            assert!(whole.contains(&words.get(Key::DeformScreening)), "{whole}");
        }
    }
}

#[test]
fn the_list_of_houses_is_whole_or_counted_and_can_be_clicked() {
    for &lang in Lang::ALL {
        let words = Words::of(lang);
        for by in RankBy::ALL {
            let facts = HudFacts {
                ranked: Some(ranked(words, by)),
                can_deform: true,
                ..shown(words, facts())
            };
            for size in SIZES {
                let made = made(&facts, HudMode::Wall, size, lang);
                let context = format!("{by:?} {size:?} {}", lang.as_str());
                check(&made, size, &context);
                let houses = made.hits.iter();
                let houses = houses.filter(|(_, hit)| matches!(hit, Hit::House(_)));
                let (houses, total) = (houses.count(), ranked(words, by).total());
                if houses > 0 {
                    let more = [("n", say::number(total - houses))];
                    let told = texts(&made).into_iter().map(|(_, text)| text);
                    let more = words.format(Key::RankedMore, &more);
                    assert!(
                        told.into_iter().any(|text| text == more),
                        "{context}: {more}"
                    );
                    let others = made.hits.iter();
                    let others = others.filter(|(_, hit)| matches!(hit, Hit::Rank(_)));
                    assert_eq!(others.count(), 3, "{context}");
                }
            }
            let wall = made(&facts, HudMode::Wall, SIZES[4], lang);
            let has = |wanted: Hit| wall.hits.iter().any(|(_, hit)| *hit == wanted);
            assert!(has(Hit::House(BuildingId::from_bits(0))), "{by:?}");
            assert!(has(Hit::Exaggerate(true)) && has(Hit::Exaggerate(false)) && has(Hit::Deform));
        }
        // Nothing of it where nobody can click but what is told.
        let facts = HudFacts {
            ranked: Some(ranked(words, RankBy::Worst)),
            ..shown(words, facts())
        };
        let plate = made(&facts, HudMode::Plate, SIZES[4], lang);
        assert!(plate.hits.iter().all(|(_, hit)| *hit == Hit::Panel));
    }
}

#[test]
fn nothing_overlaps_beside_a_deformed_view() {
    for &lang in Lang::ALL {
        let facts = shown(Words::of(lang), facts());
        for size in SIZES {
            for mode in [HudMode::Plate, HudMode::Wall, HudMode::None] {
                let made = made(&facts, mode, size, lang);
                check(&made, size, &format!("{mode:?} {size:?} {}", lang.as_str()));
            }
        }
    }
}

/// Readings of houses may be newer than what the log knows of devices, or all there is.
#[test]
fn the_data_time_of_a_still_picture_is_that_of_its_newest_reading() {
    for known in [None, Some(scenes::NOW.plus(-54_000_000))] {
        let mut facts = shown(Words::of(Lang::En), facts());
        facts.data_at = known;
        facts.link = LinkState::None;
        let text = told(&facts, HudMode::Plate, SIZES[4], Lang::En);
        assert!(text.contains("Data 2026-05-01 08:00:0"), "{text}");
        // A wall says how old its own data are.
        facts.link = LinkState::Alive;
        let text = told(&facts, HudMode::Wall, SIZES[4], Lang::En);
        assert!(!text.contains("Data 08:00"), "{text}");
    }
}

#[test]
fn an_english_wall_cuts_neither_the_factor_nor_what_signs_mean() {
    let words = Words::of(Lang::En);
    for size in [SIZES[3], SIZES[4], SIZES[5]] {
        let mut facts = shown(words, facts());
        facts.queue[0].title = "House moved suddenly".to_owned();
        facts.queue[0].place = "金阊街道盛家弄 2号".to_owned();
        facts.queue[0].since = facts.now.plus(-6_900_000);
        let text = told(&facts, HudMode::Wall, size, Lang::En);
        for part in [
            "Deformation ×200",
            "95 %",
            "House moved suddenly",
            "1 h 55 min",
        ] {
            assert!(text.contains(part), "{size:?} {part}: {text}");
        }
    }
}
