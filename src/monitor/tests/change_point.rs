//! Changes of the rate: lines with bends against numpy, and series whose bend is known.

use proptest::prelude::*;
use serde::Deserialize;

use super::super::change_point::bent;
use super::super::*;
use super::courses::NOISE;
use super::truth::Chance;

#[derive(Deserialize)]
struct Oracle {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    times: Vec<f64>,
    values: Vec<f64>,
    correlation: f64,
    knots: Vec<f64>,
    squares: f64,
    slopes: Vec<f64>,
}

#[test]
fn lines_with_bends_are_those_of_numpy() {
    let text = include_str!("../../../tests/data/monitor/change_point.json");
    let oracle: Oracle = serde_json::from_str(text).expect("the fixture");
    assert!(oracle.cases.len() >= 5);
    for case in oracle.cases {
        let name = &case.name;
        let fit = bent(&case.times, &case.values, case.correlation, &case.knots).expect(name);
        let off = (fit.squares - case.squares).abs() / case.squares;
        // With rows one by one the first has its whole variance.
        assert!(off < 1e-9, "{name}: {} and {}", fit.squares, case.squares);
        assert_eq!(fit.slopes.len(), case.slopes.len(), "{name}");
        for (slope, wanted) in fit.slopes.iter().zip(&case.slopes) {
            assert!(
                (slope - wanted).abs() < 1e-9,
                "{name}: {slope} and {wanted}"
            );
        }
    }
}

/// Ninety days with a slope that changes by so many ‰ a month on the day `at`, and how days hang together.
fn series(seed: u64, keeps: f64, (at, by_month): (i32, f64)) -> Vec<DayValue> {
    let mut chance = Chance::new(seed ^ 0x0c4a);
    let slope = 0.3 / 30.0 * chance.normal();
    let mut near = chance.normal();
    let value = |number: i32| {
        near = keeps * near + (1.0 - keeps * keeps).sqrt() * chance.normal();
        let bend = by_month / 30.0 * f64::from((number - at).max(0));
        DayValue {
            number,
            value: slope * f64::from(number) + bend + NOISE * near,
        }
    };
    (0..90).map(value).collect()
}

/// How many straight lines are told to bend, of so many.
fn false_changes(seeds: std::ops::Range<u64>, keeps: f64) -> usize {
    let bends = |seed: &u64| {
        let found = rate_changes(&series(*seed, keeps, (0, 0.0))).expect("it can be told");
        !found.changes.is_empty()
    };
    seeds.filter(bends).count()
}

/// Of so many series with a bend on day 45: how many are told to bend once within ten days of it, how
/// often its days hold it, and the median of the days that it takes to be told.
fn real_changes(seeds: std::ops::Range<u64>, keeps: f64, by_month: f64) -> (usize, usize, f64) {
    let (mut hits, mut held, mut delays) = (0, 0, Vec::new());
    for seed in seeds {
        let whole = series(seed, keeps, (45, by_month));
        let found = rate_changes(&whole).expect("it can be told");
        if let [only] = found.changes[..] {
            hits += usize::from(only.number.abs_diff(45) <= 10);
            held += usize::from((only.from_number..=only.to_number).contains(&45));
        }
        let told = (46..90).find(|last| {
            let found = rate_changes(&whole[..*last as usize + 1]);
            found.is_ok_and(|found| {
                found
                    .changes
                    .iter()
                    .any(|one| one.number.abs_diff(45) <= 10)
            })
        });
        delays.push(told.map_or(f64::INFINITY, |day| f64::from(day - 45)));
    }
    (hits, held, median(&mut delays).unwrap_or(f64::INFINITY))
}

#[test]
fn straight_lines_bend_in_no_more_than_one_of_twenty() {
    for keeps in [0.0, 0.4, 0.7] {
        let found = false_changes(0..300, keeps);
        assert!(found <= 21, "correlation {keeps}: {found} of 300");
    }
}

#[test]
fn a_bend_is_found_with_its_day_and_its_rates() {
    let (hits, held, delay) = real_changes(0..20, 0.4, 0.6);
    assert!(
        hits >= 17 && held >= 15 && delay <= 25.0,
        "{hits}, {held}, {delay}"
    );
    let found = rate_changes(&series(3, 0.0, (45, 1.5))).unwrap();
    let [only] = found.changes[..] else {
        panic!("{found:?}");
    };
    assert!(
        (only.number - 45).abs() <= 3 && only.strength > 5.0,
        "{only:?}"
    );
    let by_month = (only.after_per_day - only.before_per_day) * 30.0;
    assert!((by_month - 1.5).abs() < 0.2, "{only:?}");
}

#[test]
fn two_bends_are_told_and_a_wild_day_is_none() {
    let mut twice = series(5, 0.0, (30, 2.0));
    for one in &mut twice {
        one.value -= 2.0 / 30.0 * f64::from((one.number - 60).max(0));
    }
    twice[50].value += 3.0;
    let found = rate_changes(&twice).unwrap();
    let days: Vec<i32> = found.changes.iter().map(|one| one.number).collect();
    assert!(matches!(days[..], [28..=32, 58..=62]), "{found:?}");
    assert_eq!(found.left_out.wild, 1);
}

#[test]
fn what_tells_no_rate_is_said_with_its_reason() {
    let of = |values: &[f64]| {
        let series = (0..).zip(values).map(|(number, value)| DayValue {
            number,
            value: *value,
        });
        rate_changes(&series.collect::<Vec<_>>()).map(|found| found.changes.len())
    };
    assert_eq!(
        of(&[]),
        Err(CannotFindChange::TooFew {
            values: 0,
            needed: 21
        })
    );
    assert_eq!(
        of(&[f64::NAN; 40]),
        Err(CannotFindChange::TooFew {
            values: 0,
            needed: 21
        })
    );
    assert_eq!(of(&[2.0; 40]), Err(CannotFindChange::Constant));
    let line: Vec<f64> = (0..40).map(|day| 5.0 + f64::from(day) * 0.25).collect();
    assert_eq!(of(&line), Ok(0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn any_series(values in prop::collection::vec((any::<i16>(), any::<f64>()), 0..70)) {
        let series: Vec<DayValue> = values
            .iter()
            .map(|(number, value)| DayValue { number: i32::from(*number), value: *value })
            .collect();
        if let Ok(found) = rate_changes(&series) {
            prop_assert!(found.changes.len() <= 2);
            for one in &found.changes {
                prop_assert!(one.from_number <= one.number && one.number <= one.to_number);
                prop_assert!(one.before_per_day.is_finite() && one.after_per_day.is_finite());
            }
        }
    }
}

#[test]
#[ignore = "runs for minutes, and prints the tables of docs/monitor.md"]
fn tables() {
    println!("| correlation | told to bend |\n|---|---|");
    for keeps in [0.0, 0.3, 0.6, 0.8] {
        println!(
            "| {keeps} | {} of 1,000 |",
            false_changes(5_000..6_000, keeps)
        );
    }
    println!(
        "| by ‰ a month | correlation | found once, within 10 days | its days hold it | told after days |\n|---|---|---|---|---|"
    );
    for (by_month, keeps) in [
        (0.3, 0.0),
        (0.3, 0.6),
        (0.6, 0.0),
        (0.6, 0.6),
        (1.5, 0.0),
        (1.5, 0.6),
    ] {
        let (hits, held, delay) = real_changes(5_000..5_100, keeps, by_month);
        println!("| {by_month} | {keeps} | {hits} of 100 | {held} | {delay} |");
    }
}
