//! By what a chart is scaled and from where it counts, and that names of limits keep off the curve.

use super::*;

#[test]
fn settlement_counts_from_the_epoch_and_names_the_instrument() {
    let made = Chart {
        measured: Quantity::Settlement,
        bearing_deg: None,
        ..leaning(41)
    };
    let level = made.level.unwrap();
    let since = made.clone().since(Some(level - 3.0));
    assert_eq!((since.level, since.reads), (Some(level - 3.0), Some(level)));
    for (day, was) in since.days.iter().zip(&made.days) {
        assert!((was.value - day.value - 3.0).abs() < 1e-9);
    }
    // Limits, trend, forecast and readings keep their place beside the days.
    let [from, to] = [&made, &since].map(range::value_range);
    assert!((0..2).all(|end| from[end] - to[end] < 4.0 && from[end] >= to[end]));
    let tiers = |chart: &Chart| chart.limit.as_ref().unwrap().tiers[1].1;
    assert!((tiers(&made) - tiers(&since) - 3.0).abs() < 1e-9);
    let text = said(&chart(&input(&since, [500.0, 300.0], Lang::En, Theme::Ink)));
    let figure = |value: f64| Quantity::Settlement.told(value);
    let told = format!(
        "{} since the epoch (instrument {})",
        figure(level - 3.0),
        figure(level)
    );
    assert!(text.contains(&told), "{told}: {text}");
    // Without an epoch nothing is moved.
    assert_eq!(made.clone().since(None), made);
}

/// A lean that grows to 2.7 ‰ with a forecast that may go anywhere, under a limit of 4 ‰.
fn growing() -> Chart {
    let made = leaning(60);
    let down = |value: f64| (value - 6.0) * 2.2 + 0.05;
    let days = made.days.iter().map(|day| DayPoint {
        value: down(day.value),
        ..*day
    });
    let raw = made.raw.iter().map(|span| RawSpan {
        low: down(span.low + 0.3),
        high: down(span.high.min(8.0) - 0.3),
        ..*span
    });
    let ahead = made.ahead.iter().map(|one| {
        let wide = f64::from(one.number - FIRST - 59) / 6.0;
        let middle = down(one.middle);
        AheadPoint {
            middle,
            bands: [0.4, 0.8, 1.6].map(|times| [middle - times * wide, middle + times * wide]),
            ..*one
        }
    });
    let tiers = [
        (DeformGrade::Attention, 1.33),
        (DeformGrade::Yellow, 2.8),
        (DeformGrade::Orange, 3.4),
        (DeformGrade::Red, 4.0),
    ];
    Chart {
        days: days.collect(),
        raw: raw.collect(),
        ahead: ahead.collect(),
        trend: None,
        level: Some(2.6),
        limit: made.limit.clone().map(|limit| ChartLimit {
            value: 4.0,
            tiers: tiers.into(),
            ..limit
        }),
        ..made
    }
}

#[test]
fn what_is_foreseen_is_cut_and_does_not_squeeze_what_was_measured() {
    let made = growing();
    let [low, high] = range::value_range(&made);
    let values = made.days.iter().map(|day| day.value);
    let most = values.clone().fold(f64::NEG_INFINITY, f64::max);
    let least = values.fold(f64::INFINITY, f64::min);
    assert!(
        (most - least) / (high - low) > 0.5,
        "{least} to {most} of {low} to {high}"
    );
    // The next limit is in the picture.
    assert!(high > 2.8, "{high}");
    for (&lang, told) in Lang::ALL.iter().zip(["超出部分截去", "cut at the edge"]) {
        let text = said(&chart(&input(&made, [500.0, 420.0], lang, Theme::Ink)));
        assert!(text.contains(told), "{text}");
        let calm = Chart {
            ahead: Vec::new(),
            ..made.clone()
        };
        let text = said(&chart(&input(&calm, [500.0, 420.0], lang, Theme::Ink)));
        assert!(!text.contains(told), "{text}");
    }
}

#[test]
fn names_of_limits_keep_off_the_curve() {
    for made in [growing(), leaning(41), leaning(90)] {
        for size in [[250.0, 200.0], [330.0, 300.0], [700.0, 400.0]] {
            let input = input(&made, size, Lang::En, Theme::Ink);
            let shapes = chart(&input);
            let discs = marks(&shapes, Form::Disc);
            let names = ["attention ", "yellow ", "orange ", "red "];
            let labels = texts(&shapes);
            let labels = labels.iter().filter(|(_, text)| {
                names.iter().any(|name| text.starts_with(name)) && text.contains('.')
            });
            for (rect, text) in labels {
                for at in &discs {
                    assert!(!rect.contains(*at), "{size:?}: {text} on {at:?}");
                }
            }
        }
    }
}
