//! Every panel at every size: nothing overlaps, leaves its panel or the picture, or is lost.

use super::*;
use crate::portrayal::look::Theme;
use crate::portrayal::overlay::Face;
use crate::portrayal::words::{Key, Lang};

mod cards;
mod charted;
mod collect;
mod compared;
mod credits;
mod deformed;
mod feed;
mod layered;
mod scenes;
mod sheeted;
mod waiting;

use crate::portrayal::card::Card;
use scenes::SCENES;

/// Chinese as wide as high, the rest a little over half.
struct Ems;

impl Measure for Ems {
    fn width(&self, text: &str, size: f32, face: Face) -> f32 {
        let latin = if face == Face::SansBold { 0.6 } else { 0.56 };
        let of = |c: char| if c >= '\u{2E80}' { 1.0 } else { latin };
        text.chars().map(of).sum::<f32>() * size
    }
}

const SIZES: [[f32; 2]; 9] = [
    [320.0, 180.0],
    [640.0, 360.0],
    [800.0, 600.0],
    [1280.0, 720.0],
    [1920.0, 1080.0],
    [3840.0, 2160.0],
    [1080.0, 1920.0],
    [5760.0, 1080.0],
    [1024.0, 768.0],
];

fn made(facts: &HudFacts, mode: HudMode, size_px: [f32; 2], lang: Lang) -> HudLayout {
    layout(&HudInput {
        facts,
        mode,
        size_px,
        ui_scale: 1.0,
        look: Look::of(Theme::Night),
        words: Words::of(lang),
        measure: &Ems,
    })
}

fn texts(made: &HudLayout) -> Vec<(Rect, &str)> {
    let shapes = made.shapes.iter().filter_map(|shape| match shape {
        Shape::Text {
            at,
            text,
            size,
            face,
            ..
        } => {
            let rect = Rect {
                x: at[0],
                y: at[1] - size * 0.88,
                w: Ems.width(text, *size, *face),
                h: *size,
            };
            Some((rect, text.as_str()))
        }
        _ => None,
    });
    shapes.collect()
}

fn holds(outer: &Rect, inner: &Rect) -> bool {
    const SLACK: f32 = 0.6;
    inner.x >= outer.x - SLACK
        && inner.y >= outer.y - SLACK
        && inner.x + inner.w <= outer.x + outer.w + SLACK
        && inner.y + inner.h <= outer.y + outer.h + SLACK
}

fn area(rect: &Rect) -> f32 {
    rect.w * rect.h
}

fn check_texts(made: &HudLayout, label: &str) {
    let texts = texts(made);
    for (at, (rect, text)) in texts.iter().enumerate() {
        let middle = [rect.x + rect.w / 2.0, rect.y + rect.h / 2.0];
        let around = made.shapes.iter().filter_map(|shape| match shape {
            Shape::Panel { rect, .. } if rect.contains(middle) => Some(rect),
            _ => None,
        });
        let nearest = around.min_by(|a, b| area(a).total_cmp(&area(b)));
        let nearest = nearest.unwrap_or_else(|| panic!("{label}: {text:?} has no panel"));
        assert!(holds(nearest, rect), "{label}: {text:?} leaves its panel");
        for (other, told) in &texts[..at] {
            assert!(!other.intersects(rect), "{label}: {text:?} on {told:?}");
        }
    }
}

fn check(made: &HudLayout, size_px: [f32; 2], label: &str) {
    let [w, h] = size_px;
    let picture = Rect {
        x: 0.0,
        y: 0.0,
        w,
        h,
    };
    check_texts(made, label);
    assert!(holds(&picture, &made.map_rect), "{label}");
    for (at, panel) in made.panels.iter().enumerate() {
        assert!(holds(&picture, panel), "{label}: {panel:?}");
        assert!(
            !panel.intersects(&made.map_rect),
            "{label}: {panel:?} on the map"
        );
        for other in &made.panels[..at] {
            assert!(!other.intersects(panel), "{label}: {other:?} {panel:?}");
        }
    }
    for shape in &made.shapes {
        if let Shape::Panel { rect, .. } = shape {
            let inside = made.panels.iter().any(|panel| holds(panel, rect));
            assert!(inside, "{label}: {rect:?} sticks out");
        }
    }
}

#[test]
fn nothing_overlaps_or_leaves_its_panel() {
    for lang in Lang::ALL {
        for (name, scene) in SCENES {
            for size in SIZES {
                for mode in [HudMode::Wall, HudMode::Plate, HudMode::None] {
                    let facts = scene(Words::of(*lang));
                    let label = format!("{name} {} {size:?} {mode:?}", lang.as_str());
                    check(&made(&facts, mode, size, *lang), size, &label);
                }
            }
        }
    }
}

#[test]
fn any_size_is_taken() {
    let facts = scenes::flood(Words::of(Lang::En));
    for w in [f32::NAN, -5.0, 0.0, 1.0, 90.0, 200.0, 400.0, 30_000.0] {
        for h in [f32::NAN, 0.0, 40.0, 70.0, 120.0, 500.0, 9_000.0] {
            for mode in [HudMode::Wall, HudMode::Plate, HudMode::None] {
                let made = made(&facts, mode, [w, h], Lang::En);
                check_texts(&made, &format!("{w} × {h} {mode:?}"));
            }
        }
    }
}

fn said(made: &HudLayout) -> String {
    texts(made)
        .iter()
        .map(|(_, text)| format!("{text}\n"))
        .collect()
}

#[test]
fn a_thumbnail_keeps_alarm_stamps_and_time() {
    for (name, scene) in [
        ("flood", scenes::flood as fn(&_) -> _),
        ("lost", scenes::lost),
    ] {
        let text = said(&made(
            &scene(Words::of(Lang::Zh)),
            HudMode::Wall,
            SIZES[0],
            Lang::Zh,
        ));
        for part in ["红 烟感", "模拟数据", "合成内容", "08:00:05"] {
            assert!(text.contains(part), "{name}: {part} not in {text}");
        }
        assert_eq!(text.contains("失去联系"), name == "lost", "{text}");
    }
}

#[test]
fn no_picture_goes_without_its_stamps() {
    let facts = scenes::flood(Words::of(Lang::En));
    for size in SIZES {
        for mode in [HudMode::Wall, HudMode::Plate, HudMode::None] {
            let text = said(&made(&facts, mode, size, Lang::En));
            for part in ["EXERCISE", "SIMULATED", "SYNTHETIC", "200"] {
                assert!(
                    text.contains(part),
                    "{size:?} {mode:?}: {part} not in {text}"
                );
            }
        }
    }
}

#[test]
fn old_data_never_looks_fresh() {
    let words = Words::of(Lang::Zh);
    let chip = |facts: &HudFacts| {
        let caution = Look::of(Theme::Night).caution;
        made(facts, HudMode::Wall, SIZES[4], Lang::Zh)
            .shapes
            .iter()
            .any(|shape| matches!(shape, Shape::Panel { fill, .. } if *fill == caution))
    };
    let mut facts = scenes::normal(words);
    // A deadline that has passed has that colour as well.
    for row in &mut facts.queue {
        row.clock = None;
    }
    assert!(!chip(&facts));
    facts.data_at = Some(scenes::NOW.plus(-10_001));
    assert!(chip(&facts), "older than ten seconds");
    facts = scenes::lost(words);
    facts.uncommitted = false;
    let text = said(&made(&facts, HudMode::Wall, SIZES[4], Lang::Zh));
    assert!(
        text.contains("与引擎失去联系 · 数据停在 07:58:00（2 分钟前）"),
        "{text}"
    );
}

#[test]
fn the_rest_is_counted() {
    let facts = scenes::flood(Words::of(Lang::Zh));
    let made = made(&facts, HudMode::Wall, SIZES[4], Lang::Zh);
    let flights = made
        .hits
        .iter()
        .filter(|(_, hit)| matches!(hit, Hit::Waiting(_)))
        .count();
    assert!((3..=7).contains(&flights));
    let late = facts.queue[..flights]
        .iter()
        .filter(|row| row.clock.as_ref().is_some_and(|clock| clock.is_over))
        .count();
    let [rest, unseen, late] = [40 - flights, 37 - flights, 9 - late];
    let rest = format!("另有 {rest} 件 · {unseen} 件未确认 · {late} 件超时");
    assert!(said(&made).contains(&rest), "{}", said(&made));
}

#[test]
fn clicks_find_their_button_and_panels_keep_the_rest() {
    let facts = scenes::normal(Words::of(Lang::En));
    let made = made(&facts, HudMode::Wall, SIZES[4], Lang::En);
    let at = |wanted: Hit| {
        let (rect, _) = made.hits.iter().find(|(_, hit)| *hit == wanted).unwrap();
        [rect.x + rect.w / 2.0, rect.y + rect.h / 2.0]
    };
    for hit in [
        Hit::TakeUp(facts.queue[0].item),
        Hit::TakeUp(facts.queue[1].item),
        Hit::SavedView(2),
        Hit::Theme,
        Hit::Lang,
        Hit::North,
        Hit::Waiting(facts.queue[1].item),
    ] {
        assert_eq!(made.hit(at(hit)), Some(hit));
    }
    let acknowledged = Hit::TakeUp(facts.queue[2].item);
    assert!(made.hits.iter().all(|(_, hit)| *hit != acknowledged));
    let map = made.map_rect;
    assert_eq!(made.hit([map.x + map.w / 2.0, map.y + map.h / 2.0]), None);
    let corner = made.panels[0];
    assert_eq!(made.hit([corner.x + 2.0, corner.y + 2.0]), Some(Hit::Panel));
}

#[test]
fn a_plate_has_nothing_to_click_and_says_where_it_is_from() {
    let mut facts = scenes::bare(Words::of(Lang::En));
    facts.link = LinkState::None;
    facts.uncommitted = false;
    let made = made(&facts, HudMode::Plate, SIZES[4], Lang::En);
    assert!(made.hits.iter().all(|(_, hit)| *hit == Hit::Panel));
    assert!(said(&made).contains("Data: footprints, survey_2024"));
    assert!(said(&made).contains("Legend"));
}

#[test]
fn a_plate_without_a_source_names_none_and_one_without_a_city_says_so() {
    for &lang in Lang::ALL {
        let words = Words::of(lang);
        let mut facts = scenes::bare(words);
        facts.link = LinkState::None;
        facts.uncommitted = false;
        let nothing = words.get(Key::NothingToDraw);
        let line = words.format(Key::Sources, &[("names", String::new())]);
        let told = |facts: &HudFacts| said(&made(facts, HudMode::Plate, SIZES[4], lang));
        assert!(told(&facts).contains(line.trim()) && !told(&facts).contains(&nothing));
        facts.sources.clear();
        facts.is_bare = true;
        assert!(!told(&facts).contains(line.trim()), "{}", told(&facts));
        for size in SIZES {
            let made = made(&facts, HudMode::Plate, size, lang);
            check(&made, size, &format!("{size:?}"));
            let start: String = nothing.chars().take(5).collect();
            assert!(said(&made).contains(&start), "{size:?}: {}", said(&made));
        }
    }
}

#[test]
fn the_city_keeps_most_of_the_wall() {
    for (name, scene) in SCENES {
        for size in [SIZES[3], SIZES[4], SIZES[5], SIZES[7]] {
            let made = made(&scene(Words::of(Lang::En)), HudMode::Wall, size, Lang::En);
            let map = made.map_rect;
            let share = area(&map) / (size[0] * size[1]);
            assert!(share > 0.38, "{name} {size:?}: {share:.2}");
        }
    }
}

#[test]
fn the_smallest_text_follows_the_viewing_distance() {
    assert_eq!(base_px([1920.0, 1080.0], 1.0), 20.0);
    assert_eq!(base_px([320.0, 180.0], 1.0), 13.0);
    assert_eq!(base_px([1920.0, 1080.0], f32::NAN), 20.0);
    // Three rows of 55-inch panels, seen from six metres.
    assert!((ui_scale_for(6.0, 2.05) - 1.0).abs() < 0.02);
    assert!((ui_scale_for(6.0, 1.37) - 1.5).abs() < 0.02);
}

#[test]
fn a_card_is_read_whole() {
    let values = [
        "Normal · since 2026-11-24 21:07:33 · reported 12 seconds ago",
        "红 · 15 分钟前 · 已恢复 · 确认人 社区工作站一号席位值班员",
    ];
    for lang in Lang::ALL {
        let mut facts = scenes::flood(Words::of(*lang));
        let line = |value: &str| ("状态".to_owned(), value.to_owned());
        facts.card = Some(Card {
            title: "烟感".to_owned(),
            lines: values.map(line).to_vec(),
            note: None,
            ..Card::default()
        });
        let text = said(&made(&facts, HudMode::Wall, [1_920.0, 1_080.0], *lang));
        let squeezed = |text: &str| text.split_whitespace().collect::<String>();
        for value in values {
            assert!(squeezed(&text).contains(&squeezed(value)), "{text}");
        }
    }
}
