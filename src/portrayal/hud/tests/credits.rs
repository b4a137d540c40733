//! Whom a picture must name, at every size and in every mode.

use super::*;

const MODES: [HudMode; 3] = [HudMode::Wall, HudMode::Plate, HudMode::None];

#[test]
fn no_picture_goes_without_whom_to_name() {
    for lang in Lang::ALL {
        for size in SIZES {
            for mode in MODES {
                let facts = scenes::credited(Words::of(*lang));
                let text = said(&made(&facts, mode, size, *lang));
                let (synthetic, data) = match lang {
                    Lang::Zh => ("合成内容", "数据来源"),
                    Lang::En => ("SYNTHETIC", "Data:"),
                };
                for part in ["© OpenS", data, synthetic] {
                    assert!(
                        text.contains(part),
                        "{size:?} {mode:?}: {part} not in {text}"
                    );
                }
            }
        }
    }
}

#[test]
fn names_are_whole_where_there_is_room_and_shortened_where_not() {
    for lang in Lang::ALL {
        let facts = scenes::credited(Words::of(*lang));
        for mode in MODES {
            let wide = said(&made(&facts, mode, SIZES[3], *lang));
            assert!(wide.contains(scenes::OSM), "{mode:?}: {wide}");
            let narrow = said(&made(&facts, mode, SIZES[0], *lang));
            let line = narrow.lines().find(|line| line.starts_with("© OpenS"));
            assert!(
                line.is_some_and(|line| line.ends_with('…')),
                "{mode:?}: {narrow}"
            );
        }
    }
}

#[test]
fn a_crowd_of_names_shares_one_row() {
    for lang in Lang::ALL {
        for size in SIZES {
            let facts = scenes::crowded(Words::of(*lang));
            let made = made(&facts, HudMode::Plate, size, *lang);
            let texts = texts(&made);
            let names = texts.iter().filter(|(_, text)| text.starts_with('©'));
            let heights: Vec<f32> = names.map(|(rect, _)| rect.y).collect();
            assert!(!heights.is_empty(), "{size:?}: {}", said(&made));
            assert!(
                heights.iter().all(|y| *y == heights[0]),
                "{size:?}: {heights:?}"
            );
            assert!(said(&made).contains("© O"), "{size:?}: {}", said(&made));
        }
    }
}

#[test]
fn a_plate_names_them_and_not_its_data_sets() {
    let mut facts = scenes::bare(Words::of(Lang::En));
    facts.link = LinkState::None;
    let data_sets = "Data: footprints, survey_2024";
    assert!(said(&made(&facts, HudMode::Plate, SIZES[4], Lang::En)).contains(data_sets));
    facts.attributions = vec![scenes::OSM.to_owned()];
    let text = said(&made(&facts, HudMode::Plate, SIZES[4], Lang::En));
    assert!(
        text.contains(scenes::OSM) && !text.contains(data_sets),
        "{text}"
    );
}
