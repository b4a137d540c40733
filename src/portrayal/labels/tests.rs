//! Names keep clear of each other, win by priority, and run along what they name.

use super::*;
use crate::portrayal::look::Theme;

struct Em;

impl Measure for Em {
    fn width(&self, text: &str, size: f32, _face: Face) -> f32 {
        text.chars().count() as f32 * size
    }
}

const BOUNDS: Rect = Rect {
    x: 0.0,
    y: 0.0,
    w: 800.0,
    h: 600.0,
};

fn name(id: u64, text: &str, anchor: [f32; 2], priority: i32) -> LabelCandidate {
    LabelCandidate {
        id,
        text: text.to_owned(),
        class: LabelClass::Place,
        anchor,
        priority,
        angle_rad: None,
        length_px: None,
        distance_m: 100.0,
        range_m: [0.0, 1_000.0],
    }
}

fn placed(candidates: &[LabelCandidate], reserved: &[Rect], labels_max: usize) -> Vec<Shape> {
    let frame = LabelFrame {
        bounds: BOUNDS,
        reserved,
        base_px: 20.0,
        labels_max,
        look: Look::of(Theme::Ink),
        measure: &Em,
    };
    place_labels(candidates, &frame)
}

/// The texts that were placed, joined.
fn check(candidates: &[LabelCandidate], reserved: &[Rect], labels_max: usize, expected: &str) {
    let shapes = placed(candidates, reserved, labels_max);
    let texts: Vec<_> = shapes
        .iter()
        .filter_map(|shape| match shape {
            Shape::Text { text, .. } => Some(text.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(texts.join("|"), expected);
}

#[test]
fn priority_wins_and_order_does_not_matter() {
    let mut names: Vec<_> = (0..8)
        .map(|id| name(id, &format!("名{id}"), [400.0, 300.0], i32::from(id == 5)))
        .collect();
    check(&names, &[], 9, "名5|名0|名1");
    names.reverse();
    check(&names, &[], 9, "名5|名0|名1");
    check(&names, &[], 1, "名5");
}

#[test]
fn panels_alarms_edges_and_distance_keep_names_away() {
    let at = [400.0, 300.0];
    let whole = [BOUNDS];
    check(&[name(1, "阊门", at, 0)], &whole, 9, "");
    check(&[name(1, "阊门", [5.0, 300.0], 0)], &[], 9, "");
    check(&[name(1, "阊门", [f32::NAN, 300.0], 0)], &[], 9, "");
    let far = LabelCandidate {
        distance_m: 2_000.0,
        ..name(1, "阊门", at, 0)
    };
    check(&[far], &[], 9, "");
    check(&[name(1, "阊门", at, 0)], &[], 9, "阊门");
}

#[test]
fn one_name_is_written_once_and_only_where_it_fits() {
    let along = |id, x| LabelCandidate {
        class: LabelClass::Lane,
        angle_rad: Some(0.2),
        length_px: Some(70.0),
        ..name(id, "悬桥巷", [x, 300.0], 0)
    };
    check(&[along(1, 200.0), along(2, 400.0)], &[], 9, "悬|桥|巷");
    let short = LabelCandidate {
        length_px: Some(50.0),
        ..along(1, 200.0)
    };
    check(&[short], &[], 9, "");
}

/// Positions and turns of the letters of a name along `angle`.
fn letters(text: &str, angle: f32) -> Vec<([f32; 2], f32)> {
    let one = LabelCandidate {
        class: LabelClass::Water,
        angle_rad: Some(angle),
        ..name(1, text, [400.0, 300.0], 0)
    };
    let shapes = placed(&[one], &[], 9).into_iter();
    shapes
        .filter_map(|shape| match shape {
            Shape::Text { at, angle_rad, .. } => Some((at, angle_rad)),
            _ => None,
        })
        .collect()
}

#[test]
fn water_names_run_along_the_water_and_are_never_upside_down() {
    for step in 0..24 {
        let angle = step as f32 * std::f32::consts::TAU / 24.0;
        for text in ["平江河", "Moat"] {
            let letters = letters(text, angle);
            let (first, last) = (letters[0].0, letters[letters.len() - 1].0);
            let (dx, dy) = (last[0] - first[0], last[1] - first[1]);
            let reads_on = dx > -0.5 || (text == "平江河" && dy > 0.0);
            assert!(reads_on, "{text} at {angle}: {dx} {dy}");
            for (_, turn) in &letters {
                assert!(
                    turn.abs() <= std::f32::consts::FRAC_PI_2 + 0.01,
                    "{text} at {angle}"
                );
            }
        }
    }
    assert_eq!(
        letters("平江河", 1.5)[0].1,
        0.0,
        "Chinese stands upright on a steep line"
    );
}
