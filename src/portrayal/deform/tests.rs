//! Factors, ellipses, hatches and marks.

use std::collections::BTreeMap;

use super::*;
use crate::base::DeviceId;
use crate::model::{Judgement, KindTable, RankBy, sample};
use crate::portrayal::camera::{Camera, Viewpoint};
use crate::portrayal::look::Theme;
use crate::portrayal::overlay::Shape;
use crate::portrayal::words::{Lang, Words};

#[test]
fn a_factor_lies_between_1_and_500() {
    for (text, factor) in [("1", 1), ("100", 100), ("×500", 500), ("x25", 25)] {
        assert_eq!(
            text.parse::<Exaggeration>().map(Exaggeration::get),
            Ok(factor)
        );
    }
    for text in ["0", "501", "-3", "1.5", "", "many", "70000"] {
        let fault = text.parse::<Exaggeration>().unwrap_err().to_string();
        assert!(
            fault.contains("1 to 500") && fault.contains(text),
            "{fault}"
        );
    }
    assert_eq!(Exaggeration::default().to_string(), "×100");
}

#[test]
fn a_factor_steps_up_and_down_and_stays_at_the_ends() {
    let stepped = |from: u16, is_up| Exaggeration::new(from).unwrap().step(is_up).get();
    assert_eq!([1, 60, 500].map(|from| stepped(from, true)), [10, 100, 500]);
    assert_eq!([1, 60, 500].map(|from| stepped(from, false)), [1, 50, 300]);
}

#[test]
fn worse_grades_are_hatched_more_densely_and_no_two_alike() {
    let cover = |grade: DeformGrade| {
        let hatch = hatch_of(grade);
        let ways = if hatch.kind == HatchKind::Crossed {
            2.0
        } else {
            1.0
        };
        ways * hatch.width_px / hatch.period_px
    };
    let [red, orange, yellow, attention, normal, cannot_tell] = DeformGrade::ALL;
    for (worse, better) in [
        (red, orange),
        (orange, yellow),
        (yellow, attention),
        (attention, normal),
    ] {
        assert!(cover(worse) > cover(better), "{worse:?}");
        assert!(worse.severity() > better.severity());
    }
    assert_eq!(hatch_of(cannot_tell).kind, HatchKind::Dots);
    assert!(cannot_tell.severity() < normal.severity());
    assert_eq!(hatch_of(normal).kind, HatchKind::None);
}

/// The marks of one house of 10 m in the middle of a picture, drawn with a factor of 100.
fn check(grade: DeformGrade, lean: Option<Lean>) -> DeformMarks {
    let camera = Camera::new(Viewpoint::oblique([0.0; 3], 40.0, 1.6), [1_280.0, 800.0]);
    let post = Post {
        grade,
        upright: [0.0, 0.0, 10.0],
        m_per_permille: 1.0,
        lean,
    };
    deform_marks(&[post], &[], &camera, 15.0, Look::of(Theme::Ink))
}

fn forms(marks: &DeformMarks) -> Vec<Form> {
    let forms = marks.shapes.iter().filter_map(|shape| match shape {
        Shape::Mark { form, .. } => Some(*form),
        _ => None,
    });
    forms.collect()
}

fn lines(marks: &DeformMarks) -> usize {
    let is_line = |shape: &&Shape| matches!(shape, Shape::Line { .. });
    marks.shapes.iter().filter(is_line).count()
}

#[test]
fn a_lean_is_an_arrow_with_its_ellipse_and_one_without_direction_a_ring() {
    let error = LeanError::of_covariance([0.2, 0.0, 0.1], 2.4);
    let towards = |error| Lean::Towards {
        permille: [4.0, 3.0],
        error,
    };
    let arrow = check(DeformGrade::Normal, Some(towards(None)));
    assert!(forms(&arrow).contains(&Form::Triangle));
    let with_ellipse = check(DeformGrade::Normal, Some(towards(error)));
    assert_eq!(lines(&with_ellipse), lines(&arrow) + 80);
    let ring = check(DeformGrade::Normal, Some(Lean::Somewhere { permille: 4.0 }));
    assert_eq!((lines(&ring), forms(&ring).len()), (80, 0));
    assert_eq!(check(DeformGrade::Normal, None), DeformMarks::default());
}

#[test]
fn the_form_of_a_grade_stands_over_the_roof_as_it_is_drawn() {
    let red = check(DeformGrade::Red, None);
    assert_eq!(forms(&red), [Form::Hexagon]);
    assert_eq!(red.reserved.len(), 1);
    let lean = Lean::Towards {
        permille: [0.0, 5.0],
        error: None,
    };
    let leaning = check(DeformGrade::Red, Some(lean));
    assert!(leaning.reserved[0].y < red.reserved[0].y, "it moved north");
    let blind = check(DeformGrade::CannotTell, None);
    assert_eq!(forms(&blind), [Form::Hatched]);
}

#[test]
fn what_is_told_counts_every_building_once() {
    let one = |bits, grade, lean, sink_mm| Deformation {
        building: BuildingId::from_bits(bits),
        lean,
        sink_mm,
        grade,
        measured_at: Some(Timestamp::from_millis(bits as i64)),
        told: Told::default(),
    };
    let somewhere = Some(Lean::Somewhere { permille: 1.0 });
    let view = DeformedView {
        factor: Exaggeration::new(50).unwrap(),
        since: None,
        deformations: vec![
            one(1, DeformGrade::Red, None, Some(3.0)),
            one(9, DeformGrade::Normal, somewhere, None),
            one(4, DeformGrade::CannotTell, None, None),
        ],
    };
    let facts = view.facts(10, &[]);
    assert_eq!(facts.counts, [1, 0, 0, 0, 1, 1]);
    assert_eq!((facts.somewhere, facts.sunk, facts.unmeasured), (1, 1, 7));
    assert_eq!(facts.measured_at, Some(Timestamp::from_millis(9)));
}

/// A day after the morning of the sample.
fn day(days: i64) -> Timestamp {
    sample::MORNING.plus(days * 86_400_000)
}

fn judged(at: i64, grade: MonitorGrade, share: f64, [rate, half]: [f64; 2]) -> Judgement {
    Judgement {
        grade: Some(grade),
        level: Some(share * 4.0),
        share: Some(share),
        per_month: Some([rate, half]),
        surely_per_month: Some((rate - half).max(0.0)),
        ..Judgement::at(day(at))
    }
}

/// Three of four houses judged, one of them long ago and one worse than before.
fn judged_houses() -> BTreeMap<DeviceId, Judgement> {
    use MonitorGrade::{Normal, Orange, Red};
    let before = judged(-3, Normal, 0.1, [0.0, 0.2]);
    let newly = judged(0, Orange, 0.5, [0.9, 0.1]).following(Some(&before));
    BTreeMap::from([
        (
            sample::device_id("tilt", 0),
            judged(0, Red, 1.1, [0.1, 0.2]),
        ),
        (
            sample::device_id("tilt", 1),
            judged(-20, Orange, 0.7, [0.3, 0.1]),
        ),
        (sample::device_id("tilt", 2), newly),
    ])
}

#[test]
fn a_list_of_houses_tells_what_it_is_about() {
    let (city, kinds) = (sample::city(8), KindTable::standard());
    let words = Words::of(Lang::En);
    let now = day(0).plus(3_600_000);
    let all = deformations(&city, &kinds, &judged_houses(), now);
    let list = |by| RankedList::of(&city, &all, by, now, words);
    let lines = |by| {
        let rows = list(by).rows.into_iter();
        let lines = rows.map(|row| format!("{} | {}", row.figure, row.about));
        lines.collect::<Vec<_>>()
    };
    assert_eq!(
        lines(RankBy::Worst),
        [
            "110 % | lean 4.40 ‰ · +0.10±0.20/month",
            "50 % | lean 2.00 ‰ · +0.90±0.10/month"
        ]
    );
    assert_eq!(
        lines(RankBy::Fastest),
        ["≥ 0.80 ‰/month | lean 2.00 ‰ · 50 % of the limit"]
    );
    assert_eq!(
        lines(RankBy::NewlyWorse),
        ["1 h 0 min ago | normal → orange"]
    );
    let blind = list(RankBy::Blind);
    assert_eq!(blind.total(), all.len() - 2);
    let lines = lines(RankBy::Blind);
    for told in ["20 d ago | no readings", "never | no readings"] {
        assert!(lines.iter().any(|line| line == told), "{lines:?}");
    }
    assert!(blind.rows.len() <= RANKED_ROWS);
}
