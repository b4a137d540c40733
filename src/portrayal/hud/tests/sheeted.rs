//! The legend of the sheet of settlement: numbers of its ramp, how well it holds, of when it is, that it is
//! a screening; or why nothing is drawn. Beside leaning houses both legends stand.

use super::scenes::{NOW, normal};
use super::*;
use crate::portrayal::layer::{ContourInterval, MapLayer, NoSheet, SettlementFacts, SheetFacts};

fn sheet(told: Result<SheetFacts, NoSheet>) -> SettlementFacts {
    SettlementFacts {
        points: 60,
        measured_at: Some(NOW),
        told,
    }
}

fn bowl() -> SheetFacts {
    SheetFacts {
        low_mm: -6.2,
        high_mm: 21.3,
        scale_mm: 25.0,
        every: ContourInterval::from_mm(5.0).unwrap(),
        share_told: 0.634,
        most_error_mm: 4.25,
        reach_m: 60.0,
        rmse_mm: 1.37,
        share_within_95: 0.94,
        holds: false,
    }
}

fn facts(words: &Words, told: Result<SheetFacts, NoSheet>) -> HudFacts {
    HudFacts {
        layer: Some(MapLayer::settlement(None, sheet(told), None, "2026-05-01").facts),
        layers: LayerOffer::Ready,
        ..normal(words)
    }
}

fn told(facts: &HudFacts, mode: HudMode, size: [f32; 2], lang: Lang) -> String {
    let made = made(facts, mode, size, lang);
    let texts = texts(&made).into_iter().map(|(_, text)| text);
    texts.collect::<Vec<_>>().join(" ")
}

#[test]
fn nothing_overlaps_beside_a_sheet_and_leaning_houses() {
    let constant = NoSheet::Constant { mm: 3.0 };
    for &lang in Lang::ALL {
        for told in [Ok(bowl()), Err(constant)] {
            for deformed in [None, Some(super::deformed::facts())] {
                let facts = HudFacts {
                    deformed,
                    ..facts(Words::of(lang), told)
                };
                for size in SIZES {
                    for mode in [HudMode::Plate, HudMode::Wall, HudMode::None] {
                        let made = made(&facts, mode, size, lang);
                        check(&made, size, &format!("{mode:?} {size:?} {}", lang.as_str()));
                    }
                }
            }
        }
    }
}

#[test]
fn the_legend_tells_what_it_is_how_sure_and_of_when() {
    let zh = [
        "地面沉降（mm）",
        "−25",
        "每 5 mm",
        "虚线为隆起",
        "60 个",
        "−6.2 至 21.3 mm",
        "63.4 %",
        "4.25 mm",
        "1.37 mm",
        "94.0 %",
        "请谨慎使用",
        "筛查结果",
        "2026-05-01 08:00",
    ];
    let en = [
        "Settlement of the ground",
        "−25",
        "every 5 mm",
        "dashed: heave",
        "60 points",
        "−6.2 to 21.3 mm",
        "63.4 %",
        "4.25 mm",
        "1.37 mm",
        "94.0 %",
        "use with care",
        "Screening, not a survey",
        "2026-05-01 08:00",
    ];
    for (lang, words) in [(Lang::Zh, zh), (Lang::En, en)] {
        let facts = facts(Words::of(lang), Ok(bowl()));
        for mode in [HudMode::Plate, HudMode::Wall] {
            let whole = told(&facts, mode, [1920.0, 1080.0], lang);
            // Lines may end anywhere.
            let whole = whole.replace(' ', "");
            for word in words {
                assert!(whole.contains(&word.replace(' ', "")), "{word}: {whole}");
            }
        }
    }
    // Ground that only settles has no sign of heave, and a field that holds no warning.
    let calm = SheetFacts {
        low_mm: 0.4,
        holds: true,
        ..bowl()
    };
    let facts = facts(Words::of(Lang::En), Ok(calm));
    let whole = told(&facts, HudMode::Wall, [1920.0, 1080.0], Lang::En);
    for word in ["dashed", "use with care", "−"] {
        assert!(!whole.contains(word), "{word}: {whole}");
    }
}

#[test]
fn every_reason_is_told_in_both_languages() {
    let reasons = [
        NoSheet::NoReadings,
        NoSheet::TooFewPoints {
            points: 5,
            least: 8,
        },
        NoSheet::TooManyPoints {
            points: 2_000,
            most: 1_000,
        },
        NoSheet::Constant { mm: 3.0 },
        NoSheet::NoStructure {
            mean_mm: -2.5,
            standard_error_mm: 0.25,
        },
        NoSheet::NotPositiveDefinite,
        NoSheet::NowhereTold { most_error_mm: 1.5 },
    ];
    for &lang in Lang::ALL {
        let words = Words::of(lang);
        for why in reasons {
            let text = why.text(words);
            assert!(!text.contains("sheet-") && !text.contains('$'), "{text}");
            for mode in [HudMode::Plate, HudMode::None] {
                let whole = told(&facts(words, Err(why)), mode, [1920.0, 1080.0], lang);
                let whole = whole.replace(' ', "");
                assert!(whole.contains(&text.replace(' ', "")), "{text}: {whole}");
            }
        }
        let text = NoSheet::NoStructure {
            mean_mm: -2.5,
            standard_error_mm: 0.25,
        };
        assert!(text.text(words).contains("−2.50 ± 0.25 mm"));
    }
}

#[test]
fn a_picture_without_panels_is_stamped() {
    for (lang, words) in [
        (
            Lang::Zh,
            ["地面沉降", "每 5 mm", "筛查结果", "2026-05-01 08:00"],
        ),
        (
            Lang::En,
            ["settlement", "every 5 mm", "screening", "2026-05-01 08:00"],
        ),
    ] {
        let facts = facts(Words::of(lang), Ok(bowl()));
        let whole = told(&facts, HudMode::None, [1280.0, 720.0], lang);
        for word in words {
            assert!(whole.contains(word), "{word}: {whole}");
        }
    }
}
