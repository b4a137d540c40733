//! Charts on cards and pages: they stay in their place at every size, push out neither what explains the
//! map nor what waits, and a page has its stamps.

use super::scenes::{NOW, normal};
use super::*;
use crate::base::DeviceId;
use crate::portrayal::chart::tests::made::{leaning, silent};
use crate::portrayal::chart::{CardCharts, Chart};

/// What a card says of a house in words.
const JUDGED: &str = "66 % ▲";

fn states() -> Vec<CardCharts> {
    let other = |bits: u64| Chart {
        device: DeviceId::from_bits(bits),
        ..leaning(30)
    };
    let house = |count: u64| CardCharts::Told((0..count).map(other).collect());
    vec![
        CardCharts::Asked,
        CardCharts::NoHistory,
        CardCharts::Failed("archive/log.sqlite: disk I/O error".to_owned()),
        CardCharts::Told(vec![leaning(60)]),
        CardCharts::Told(vec![silent()]),
        house(3),
        house(14),
    ]
}

fn shown(words: &Words, lines: usize, charts: CardCharts) -> HudFacts {
    let mut facts = normal(words);
    let label = words.get(Key::CardUse);
    facts.card = Some(Card {
        title: words.get(Key::CardBuilding),
        judged: vec![(words.get(Key::CardJudged), JUDGED.to_owned())],
        lines: vec![(label, "3.12 mrad / 0.40 mrad".to_owned()); lines],
        note: Some(words.get(Key::CardScreening)),
        ..Card::default()
    });
    facts.now = NOW;
    facts.charts = charts;
    facts
}

#[test]
fn charts_stay_in_their_place() {
    for &lang in Lang::ALL {
        for charts in states() {
            for lines in [2, 8, 20] {
                let facts = shown(Words::of(lang), lines, charts.clone());
                for size in SIZES {
                    for mode in [HudMode::Plate, HudMode::Wall, HudMode::None] {
                        let made = made(&facts, mode, size, lang);
                        let label = format!("{lines} {mode:?} {size:?} {}", lang.as_str());
                        check(&made, size, &label);
                    }
                }
            }
        }
    }
}

#[test]
fn a_wall_has_room_for_a_chart_beside_legend_and_queue() {
    for &lang in Lang::ALL {
        let words = Words::of(lang);
        let facts = shown(words, 7, CardCharts::Told(vec![leaning(60)]));
        for size in [SIZES[4], SIZES[5]] {
            let text = said(&made(&facts, HudMode::Wall, size, lang));
            let without = said(&made(&normal(words), HudMode::Wall, size, lang));
            let screening = words.get(Key::DeformScreening);
            for part in [words.get(Key::ChartDays), screening] {
                assert!(text.contains(&part), "{size:?} {part}: {text}");
            }
            for part in [words.get(Key::Legend), words.get(Key::AlarmUnacknowledged)] {
                assert!(
                    without.contains(&part) <= text.contains(&part),
                    "{part}: {text}"
                );
            }
            for row in &facts.queue {
                assert!(text.contains(&row.place), "{}: {text}", row.place);
            }
        }
    }
}

#[test]
fn a_chosen_house_shows_its_worst_sensor_before_legend_and_storeys() {
    for &lang in Lang::ALL {
        let words = Words::of(lang);
        for (is_leaning, count) in [(true, 1), (true, 5), (false, 1), (false, 5)] {
            let charts = (0..count).map(|bits| Chart {
                device: DeviceId::from_bits(bits),
                ..leaning(60)
            });
            let mut facts = shown(words, 12, CardCharts::Told(charts.collect()));
            if is_leaning {
                facts.deformed = Some(super::deformed::facts());
            }
            for mode in [HudMode::Wall, HudMode::Plate] {
                let text = said(&made(&facts, mode, SIZES[4], lang));
                let label = format!("{mode:?} {is_leaning} {count}: {text}");
                // Level, rate, share and grade stand over the chart, and once.
                let level = words.format(Key::CardJudgedShare, &[("share", "70".into())]);
                let grade = words.name("deform_grade", "attention");
                for part in [
                    "7.13 ‰",
                    "± 0.12",
                    &level,
                    &grade,
                    &words.get(Key::ChartDays),
                ] {
                    assert!(text.contains(part), "{part}: {label}");
                }
                assert!(!text.contains(JUDGED), "{label}");
                // So does that it is a screening, and colours on the map stay explained.
                let screening = words.get(Key::DeformScreening);
                let is_told = |line: &&str| line.contains(&screening) && !line.contains('×');
                let told = text.lines().filter(is_told).count();
                assert!(told == 1 || is_leaning, "{label}");
                assert!(!text.contains(&words.get(Key::CardScreening)), "{label}");
                for grade in ["red", "attention"] {
                    let grade = words.name("deform_grade", grade);
                    assert!(!is_leaning || text.contains(&grade), "{grade}: {label}");
                }
            }
        }
        // Without a history the sentence stands in words.
        let facts = shown(words, 12, CardCharts::NoHistory);
        let text = said(&made(&facts, HudMode::Wall, SIZES[4], lang));
        assert!(
            text.contains(JUDGED) && text.contains(&words.get(Key::CardScreening)),
            "{text}"
        );
    }
}

#[test]
fn more_sensors_than_there_is_room_for_are_counted() {
    let words = Words::of(Lang::En);
    let many = states().pop().expect("states");
    let facts = shown(words, 12, many);
    let text = said(&made(&facts, HudMode::Wall, SIZES[3], Lang::En));
    assert!(text.contains("more sensors of the house"), "{text}");
    assert!(text.contains(&words.get(Key::DeformScreening)), "{text}");
}

#[test]
fn a_page_says_where_of_when_and_from_whom() {
    for &lang in Lang::ALL {
        let words = Words::of(lang);
        for charts in states() {
            let mut facts = shown(words, 3, charts.clone());
            facts.is_page = true;
            for size in SIZES.into_iter().filter(|size| size[1] >= 360.0) {
                let made = made(&facts, HudMode::Plate, size, lang);
                check_texts(&made, &format!("{size:?} {}", lang.as_str()));
                let text = said(&made);
                assert!(text.contains("SIMULATED"), "{size:?} {text}");
            }
            let text = said(&made(&facts, HudMode::Plate, SIZES[3], lang));
            let place = lang.pick("悬桥巷 12 号", "12 Xuanqiao Lane");
            let is_told = matches!(charts, CardCharts::Told(_));
            assert_eq!(text.contains(place), is_told, "{text}");
            if is_told {
                assert!(text.contains(&words.get(Key::DeformScreening)), "{text}");
            }
            // What has no ground has no north.
            assert!(
                !text.lines().any(|line| line == words.get(Key::North)),
                "{text}"
            );
        }
    }
}
