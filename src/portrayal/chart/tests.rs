//! Charts at every size: nothing leaves its place or lies on something else, values stand where they
//! belong, gaps stay gaps, and what is not known is said.

pub mod made;
mod scaled;

use proptest::prelude::*;

use super::axis::{Axis, date, round_step, time_ticks, value_ticks};
use super::plot::{Plot, gap_days};
use super::*;
use crate::portrayal::look::Theme;
use crate::portrayal::overlay::{Face, Form, Shape};
use crate::portrayal::words::{Key, Lang};
use made::{FIRST, leaning, silent};

/// Chinese as wide as high, the rest a little over half.
struct Ems;

impl Measure for Ems {
    fn width(&self, text: &str, size: f32, face: Face) -> f32 {
        let latin = if face == Face::SansBold { 0.6 } else { 0.56 };
        let of = |c: char| if c >= '\u{2E80}' { 1.0 } else { latin };
        text.chars().map(of).sum::<f32>() * size
    }
}

fn input<'a>(chart: &'a Chart, [w, h]: [f32; 2], lang: Lang, theme: Theme) -> ChartInput<'a> {
    ChartInput {
        chart,
        rect: Rect {
            x: 40.0,
            y: 25.0,
            w,
            h,
        },
        em: 13.0,
        now: chart.at.plus(3 * DAY_MS),
        is_titled: true,
        look: Look::of(theme),
        words: Words::of(lang),
        measure: &Ems,
    }
}

fn texts(shapes: &[Shape]) -> Vec<(Rect, String)> {
    let texts = shapes.iter().filter_map(|shape| match shape {
        Shape::Text {
            at,
            text,
            size,
            face,
            ..
        } => Some((
            Rect {
                x: at[0],
                y: at[1] - size * 0.88,
                w: Ems.width(text, *size, *face),
                h: *size,
            },
            text.clone(),
        )),
        _ => None,
    });
    texts.collect()
}

fn said(shapes: &[Shape]) -> String {
    let texts = texts(shapes).into_iter().map(|(_, text)| text);
    texts.collect::<Vec<_>>().join(" | ")
}

/// Corners of what a shape covers.
fn covers(shape: &Shape) -> Vec<[f32; 2]> {
    match shape {
        Shape::Panel { rect, .. } => vec![[rect.x, rect.y], [rect.x + rect.w, rect.y + rect.h]],
        Shape::Text { .. } => Vec::new(),
        Shape::Mark { at, size, .. } => {
            let half = size / 2.0;
            vec![[at[0] - half, at[1] - half], [at[0] + half, at[1] + half]]
        }
        Shape::Line { from, to, .. } => vec![*from, *to],
    }
}

fn check(shapes: &[Shape], rect: &Rect) -> Result<(), TestCaseError> {
    const SLACK: f32 = 2.0;
    let holds = |[x, y]: [f32; 2]| {
        x >= rect.x - SLACK
            && y >= rect.y - SLACK
            && x <= rect.x + rect.w + SLACK
            && y <= rect.y + rect.h + SLACK
    };
    for shape in shapes {
        for corner in covers(shape) {
            prop_assert!(holds(corner), "{shape:?} leaves {rect:?}");
        }
    }
    let texts = texts(shapes);
    for (at, (one, text)) in texts.iter().enumerate() {
        prop_assert!(
            holds([one.x, one.y]) && holds([one.x + one.w, one.y + one.h]),
            "{text}"
        );
        for (other, told) in &texts[..at] {
            prop_assert!(!other.intersects(one), "{text:?} on {told:?}");
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn nothing_leaves_its_place_or_lies_on_a_text(
        w in 30.0_f32..1_400.0,
        h in 15.0_f32..900.0,
        days in 8..100_i32,
        is_silent in any::<bool>(),
        measured in prop::sample::select(vec![Quantity::Tilt, Quantity::Settlement, Quantity::Crack]),
        is_chinese in any::<bool>(),
        is_titled in any::<bool>(),
    ) {
        let made = if is_silent { silent() } else { Chart { measured, ..leaning(days) } };
        let lang = if is_chinese { Lang::Zh } else { Lang::En };
        let mut input = input(&made, [w, h], lang, Theme::Night);
        input.is_titled = is_titled;
        check(&chart(&input), &input.rect)?;
        input.rect.h = SPARK_EM * input.em;
        check(&sparkline(&input), &input.rect)?;
    }

    /// What is larger never stands lower, of settlement never higher.
    #[test]
    fn axes_keep_the_order_of_values(a in -50.0_f64..50.0, b in -50.0_f64..50.0, days in 8..100_i32) {
        for measured in [Quantity::Tilt, Quantity::Settlement] {
            let made = Chart { measured, ..leaning(days) };
            let area = Rect { x: 10.0, y: 20.0, w: 300.0, h: 200.0 };
            let plot = Plot::new(&made, area);
            let is_higher = plot.y.px(a) < plot.y.px(b);
            if (a - b).abs() > 1e-6 {
                prop_assert_eq!(is_higher, (a > b) == (measured == Quantity::Tilt));
            }
            let share = f64::from((plot.y.px(a) - plot.y.px[0]) / (plot.y.px[1] - plot.y.px[0]));
            let back = plot.y.ends[0] + share * (plot.y.ends[1] - plot.y.ends[0]);
            prop_assert!((back - a).abs() < 0.01, "{a} comes back as {back}");
        }
    }

    #[test]
    fn ticks_of_values_are_round_and_apart(low in -1e3_f64..1e3, span in 1e-2_f64..1e3, parts in 2.0_f64..12.0) {
        let apart = span / parts;
        let (ticks, decimals) = value_ticks([low, low + span], apart);
        prop_assert!(ticks.len() <= parts as usize + 1);
        for pair in ticks.windows(2) {
            prop_assert!(pair[1] - pair[0] >= apart * 0.999);
            let [one, next] = [pair[0], pair[1]].map(|value| format!("{value:.decimals$}"));
            prop_assert_ne!(one, next);
        }
    }

    #[test]
    fn ticks_of_time_are_apart_and_dated(first in 15_000_i32..25_000, days in 7.0_f64..400.0, apart in 1.0_f64..60.0) {
        let ends = [f64::from(first), f64::from(first) + days];
        let ticks = time_ticks(ends, apart);
        for pair in ticks.windows(2) {
            prop_assert!(pair[1].0 - pair[0].0 >= apart.min(28.0), "{ticks:?}");
        }
        for (day, label) in ticks {
            let whole = date(day as i64, "%Y-%m-%d");
            prop_assert!(whole.contains(&label) && (ends[0]..=ends[1]).contains(&day));
        }
    }
}

#[test]
fn steps_are_one_two_or_five() {
    let steps = [0.3, 0.5, 0.51, 1.0, 1.2, 3.0, 70.0].map(round_step);
    assert_eq!(steps, [0.5, 0.5, 1.0, 1.0, 2.0, 5.0, 100.0]);
    let axis = Axis {
        ends: [0.0, 10.0],
        px: [100.0, 0.0],
    };
    assert_eq!(
        [axis.px(0.0), axis.px(7.5), axis.px(10.0)],
        [100.0, 25.0, 0.0]
    );
}

/// Where discs of days and marks of limits stand: x, y, form.
fn marks(shapes: &[Shape], wanted: Form) -> Vec<[f32; 2]> {
    let marks = shapes.iter().filter_map(|shape| match shape {
        Shape::Mark { at, form, .. } if *form == wanted => Some(*at),
        _ => None,
    });
    marks.collect()
}

#[test]
fn days_and_limits_stand_on_one_scale() {
    let made = leaning(41);
    let shapes = chart(&input(&made, [500.0, 300.0], Lang::En, Theme::Ink));
    let discs = marks(&shapes, Form::Disc);
    // The legend's own sample is the last one, or none.
    let days = &discs[discs.len() - made.days.len()..];
    let (first, last) = (made.days[0], *made.days.last().unwrap());
    let slope = f64::from(days[days.len() - 1][1] - days[0][1]) / (last.value - first.value);
    let place = |value: f64| f64::from(days[0][1]) + (value - first.value) * slope;
    for (day, at) in made.days.iter().zip(days) {
        assert!(
            (place(day.value) - f64::from(at[1])).abs() < 0.1,
            "{day:?} at {at:?}"
        );
    }
    // Orange is in the picture, and its line and mark are where its value is.
    let orange = marks(&shapes, Form::Triangle);
    let is_there = orange
        .iter()
        .any(|at| (f64::from(at[1]) - place(8.5)).abs() < 0.1);
    assert!(is_there, "{orange:?} {}", place(8.5));
    let text = said(&shapes);
    assert!(text.contains("orange 8.50"), "{text}");
    // What lies outside is told with its value and unit.
    assert!(
        text.contains("↑ red 10.00 ‰") || text.contains("red 10.00"),
        "{text}"
    );
}

#[test]
fn a_gap_is_not_bridged() {
    let made = leaning(41);
    let area = Rect {
        x: 0.0,
        y: 0.0,
        w: 400.0,
        h: 200.0,
    };
    let plot = Plot::new(&made, area);
    let input = input(&made, [400.0, 200.0], Lang::Zh, Theme::Night);
    let mut sheet = sheet::Sheet::new(&input);
    plot::raw(&mut sheet, &plot);
    plot::days(&mut sheet, &plot);
    let [from, to] = [20.6, 29.4].map(|day| plot.x.px(f64::from(FIRST) + day));
    for shape in &sheet.shapes {
        if let Shape::Line {
            from: one,
            to: other,
            ..
        } = shape
        {
            let ends = [one[0].min(other[0]), one[0].max(other[0])];
            assert!(
                ends[1] <= from || ends[0] >= to,
                "{shape:?} within {from} to {to}"
            );
        }
    }
    let gaps = gap_days(&made);
    let [gap_from, gap_to] = gaps[0];
    assert_eq!(
        [gap_from, gap_to],
        [20.0, 30.0].map(|day| f64::from(FIRST) + day)
    );
    // And what was not read until the moment shown is a gap, too.
    let later = Chart {
        at: made.at.plus(5 * DAY_MS),
        ..made
    };
    assert_eq!(gap_days(&later).len(), 2);
}

#[test]
fn a_wild_reading_squeezes_nothing() {
    let made = leaning(60);
    let [low, high] = range::value_range(&made);
    assert!(high < 12.0 && low > 3.0, "{low} to {high}");
    assert!(plot::has_beyond(&made));
    let text = said(&chart(&input(&made, [700.0, 420.0], Lang::En, Theme::Ink)));
    assert!(text.contains("beyond the scale"), "{text}");
}

#[test]
fn age_screening_and_grade_are_on_every_chart() {
    for &lang in Lang::ALL {
        let words = Words::of(lang);
        for made in [leaning(41), silent()] {
            for size in [
                [210.0, 175.0],
                [260.0, 200.0],
                [330.0, 300.0],
                [1_200.0, 600.0],
            ] {
                let input = input(&made, size, lang, Theme::Night);
                let text = said(&chart(&input));
                let grade = words.name("deform_grade", made.grade.as_str());
                assert!(text.contains(&grade), "{size:?} {text}");
                assert!(
                    text.contains(&words.get(Key::DeformScreening)),
                    "{size:?} {text}"
                );
                let newest = match made.newest {
                    Some(newest) => say::age(newest, &input),
                    None => words.get(Key::DeformNoReadings),
                };
                assert!(text.contains(&newest), "{size:?} {newest}: {text}");
            }
        }
    }
}

#[test]
fn what_tells_nothing_says_why() {
    for (&lang, reason) in Lang::ALL
        .iter()
        .zip(["没有可用的读数", "no reading that could be used"])
    {
        let made = silent();
        let input = input(&made, [330.0, 200.0], lang, Theme::Ink);
        assert!(said(&chart(&input)).contains(reason));
        assert!(said(&sparkline(&input)).contains(reason));
    }
}

#[test]
fn a_sparkline_never_tells_an_old_level_as_new() {
    let made = leaning(41);
    for w in [90.0, 120.0, 160.0, 240.0, 400.0] {
        let mut input = input(&made, [w, SPARK_EM * 13.0], Lang::En, Theme::Night);
        input.is_titled = false;
        let text = said(&sparkline(&input));
        let has_level = text.contains('‰');
        assert!(!has_level || text.contains("3 d"), "{w}: {text}");
    }
    let input = input(&made, [400.0, SPARK_EM * 13.0], Lang::En, Theme::Night);
    let text = said(&sparkline(&input));
    assert!(
        text.contains("‰ · 3 d ago") && text.contains("Tilt …k3f9"),
        "{text}"
    );
}

#[test]
fn the_worst_comes_first_and_what_tells_nothing_last() {
    let other = |bits: u64, grade: DeformGrade, share: Option<f64>| Chart {
        device: DeviceId::from_bits(bits),
        grade,
        share,
        ..leaning(20)
    };
    let mut charts = [
        other(1, DeformGrade::CannotTell, None),
        other(2, DeformGrade::Normal, Some(0.1)),
        other(3, DeformGrade::Red, Some(1.2)),
        other(4, DeformGrade::Red, Some(1.4)),
    ];
    Chart::sort(&mut charts);
    assert_eq!(charts.map(|chart| chart.device.bits()), [4, 3, 2, 1]);
}
