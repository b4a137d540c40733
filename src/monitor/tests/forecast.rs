//! Forecasts of series whose course is known: how often their intervals hold, and what is refused.

use proptest::prelude::*;

use super::super::*;
use super::courses::{KINDS, Kind, NOISE, course};

/// The days that are known, and those that are foreseen.
const KNOWN_DAYS: i32 = 100;

/// For each of the usual days ahead: how often 50, 80 and 95 % held, of how many, and the median
/// half width of the last.
#[derive(Debug, Clone, Default)]
struct Held([([usize; 3], usize, Vec<f64>); HORIZONS_DAYS.len()]);

impl Held {
    fn try_all(&mut self, kind: Kind, seeds: std::ops::Range<u64>) {
        for seed in seeds {
            let whole = course(kind, seed, 191);
            let from = whole.partition_point(|one| one.number < KNOWN_DAYS);
            let forecast = forecast(&whole[..from]).expect("it can be told");
            for (index, days) in HORIZONS_DAYS.into_iter().enumerate() {
                let number = forecast.last_number + days as i32;
                let Ok(at) = whole.binary_search_by_key(&number, |one| one.number) else {
                    continue;
                };
                let ahead = forecast.at(days).expect("it reaches");
                let (held, count, widths) = &mut self.0[index];
                let intervals = [ahead.half, ahead.most, ahead.nearly_all];
                for (held, interval) in held.iter_mut().zip(intervals) {
                    *held += usize::from(interval.holds(whole[at].value));
                }
                *count += 1;
                widths.push((ahead.nearly_all.high - ahead.nearly_all.low) / 2.0);
            }
        }
    }

    fn add(&mut self, other: &Self) {
        for (one, other) in self.0.iter_mut().zip(&other.0) {
            (0..3).for_each(|at| one.0[at] += other.0[at]);
            one.1 += other.1;
            one.2.extend(&other.2);
        }
    }

    /// Share of 50, 80, 95 %, in percent.
    fn percent(&self, horizon: usize) -> [f64; 3] {
        let (held, count, _) = &self.0[horizon];
        held.map(|held| 100.0 * held as f64 / *count as f64)
    }

    fn print(&self, name: &str) {
        for (horizon, days) in HORIZONS_DAYS.into_iter().enumerate() {
            let [half, most, nearly_all] = self.percent(horizon);
            let (_, count, widths) = &self.0[horizon];
            let width = median(&mut widths.clone()).unwrap_or(f64::NAN);
            println!(
                "| {name} | {days} | {half:.1} | {most:.1} | {nearly_all:.1} | ± {width:.2} | {count} |"
            );
        }
    }
}

fn all(seeds: std::ops::Range<u64>) -> Vec<(Kind, Held)> {
    let each = KINDS.into_iter().map(|kind| {
        let mut held = Held::default();
        held.try_all(kind, seeds.clone());
        (kind, held)
    });
    each.collect()
}

/// Of all courses together each interval may be this many points of a percent off.
const POINTS_OFF: f64 = 5.0;

fn check_all(sum: &Held) {
    for (horizon, days) in HORIZONS_DAYS.into_iter().enumerate() {
        for (held, wanted) in sum.percent(horizon).into_iter().zip([50.0, 80.0, 95.0]) {
            let off = held - wanted;
            assert!(
                off.abs() <= POINTS_OFF,
                "{days} days: {held:.1} % of {wanted} %"
            );
        }
    }
}

#[test]
fn intervals_of_all_courses_hold_within_five_points() {
    let mut sum = Held::default();
    all(0..120).iter().for_each(|(_, held)| sum.add(held));
    check_all(&sum);
}

#[test]
#[ignore = "runs for minutes, and prints the table of docs/monitor.md"]
fn table() {
    let mut sum = Held::default();
    println!(
        "| course | days ahead | 50 % held | 80 % | 95 % | 95 % is | forecasts |\n\
         |---|---|---|---|---|---|---|"
    );
    for (kind, held) in all(20_000..20_500) {
        held.print(&format!("{kind:?}"));
        sum.add(&held);
    }
    sum.print("all");
    check_all(&sum);
}

fn straight(days: i32, slope: f64) -> Vec<DayValue> {
    let mut series = course(Kind::Straight, 7, days as u32);
    for (index, one) in series.iter_mut().enumerate() {
        let off = NOISE * ((index * 7 % 11) as f64 / 5.0 - 1.0);
        one.value = 1.0 + slope * f64::from(one.number) + off;
    }
    series
}

#[test]
fn a_line_goes_on_and_its_interval_widens() {
    let forecast = forecast(&straight(100, 0.01)).expect("it can be told");
    assert_eq!(
        (forecast.last_number, forecast.values, forecast.most_days),
        (99, 100, 297)
    );
    let usual = forecast.usual();
    assert_eq!(usual.len(), HORIZONS_DAYS.len());
    for ahead in &usual {
        let truth = 1.0 + 0.01 * f64::from(99 + ahead.ahead_days);
        assert!(ahead.nearly_all.holds(truth), "{ahead:?}, {truth}");
        let ends = [
            ahead.nearly_all.low,
            ahead.most.low,
            ahead.half.low,
            ahead.middle,
            ahead.half.high,
            ahead.most.high,
            ahead.nearly_all.high,
        ];
        assert!(ends.is_sorted(), "{ahead:?}");
    }
    let width = |ahead: &Ahead| ahead.nearly_all.high - ahead.nearly_all.low;
    let [near, .., far] = usual.as_slice() else {
        panic!("{usual:#?}");
    };
    assert!(width(far) > 2.0 * width(near), "{usual:#?}");
}

#[test]
fn a_limit_is_reached_soonest_and_as_expected() {
    let forecast = forecast(&straight(100, 0.01)).expect("it can be told");
    // It stands at 2.0 and needs 40 days.
    let reaching = forecast.reaching(2.4, Way::Up);
    let (soonest, expected) = (
        reaching.soonest_days.unwrap(),
        reaching.expected_days.unwrap(),
    );
    assert!(
        (30..40).contains(&soonest) && (35..55).contains(&expected),
        "{reaching:?}"
    );
    // It may end before, and then it takes long.
    assert!(
        reaching.latest_days.is_none_or(|days| days > 90),
        "{reaching:?}"
    );
    assert_eq!(reaching.looked_days, 297);
    assert!(
        reaching
            .chances
            .is_sorted_by(|one, next| one.1 <= next.1 + 1e-6),
        "{reaching:?}"
    );
    assert!(
        reaching.chances[0].1 < 0.01 && reaching.chances[4].1 > 0.5,
        "{reaching:?}"
    );
    // What lies behind is reached at once, what lies far off the way is not.
    assert_eq!(forecast.reaching(1.5, Way::Up).latest_days, Some(1));
    assert_eq!(forecast.reaching(1.0, Way::Down).expected_days, None);
    let [up, down] = [Way::Up, Way::Down].map(|way| forecast.chance_beyond(2.4, way, 30).unwrap());
    assert!((up + down - 1.0).abs() < 1e-9, "{up}, {down}");
}

#[test]
fn what_cannot_be_foreseen_is_said_with_its_reason() {
    let of = |values: &[f64]| {
        let series = (0..).zip(values).map(|(number, value)| DayValue {
            number,
            value: *value,
        });
        forecast(&series.collect::<Vec<_>>()).map(|forecast| forecast.usual().len())
    };
    assert_eq!(
        of(&[]),
        Err(CannotForecast::TooFew {
            values: 0,
            needed: 8
        })
    );
    assert_eq!(
        of(&[1.0, 2.0]),
        Err(CannotForecast::TooFew {
            values: 2,
            needed: 8
        })
    );
    assert_eq!(of(&[3.0; 50]), Err(CannotForecast::Constant));
    assert_eq!(
        of(&[f64::NAN; 50]),
        Err(CannotForecast::TooFew {
            values: 0,
            needed: 8
        })
    );
    assert_eq!(
        of(&[f64::INFINITY; 9]),
        Err(CannotForecast::TooFew {
            values: 0,
            needed: 8
        })
    );
    // Eight days carry three weeks.
    let few = forecast(&straight(8, 0.01)).expect("it can be told");
    let too_far = CannotForecast::TooFar {
        ahead_days: 30,
        most_days: 21,
    };
    assert_eq!(few.at(30).unwrap_err(), too_far);
    assert_eq!(few.usual().len(), 2);
    assert!(too_far.to_string().contains("the series carries 21"));
}

#[test]
fn what_is_left_out_is_counted() {
    let mut series = straight(130, 0.01);
    series[60].value = f64::NAN;
    series[70].value = 50.0;
    series.push(DayValue {
        number: 80,
        value: 1.8,
    });
    series.reverse();
    let wild = forecast(&series).expect("it can be told");
    let left_out = LeftOut {
        not_a_number: 1,
        doubled: 1,
        wild: 1,
        too_old: 29,
    };
    assert_eq!((wild.left_out, wild.values), (left_out, 99));
    let ahead = wild.at(14).unwrap();
    assert!((ahead.middle - 2.43).abs() < 0.05, "{ahead:?}");
}

#[test]
fn a_back_test_tells_how_well_it_held() {
    let held = back_test(&course(Kind::Hanging, 3, 400));
    assert_eq!(
        held.iter().map(|one| one.horizon_days).collect::<Vec<_>>(),
        HORIZONS_DAYS
    );
    for one in &held {
        assert!(one.count >= 15, "{one:?}");
        assert!(
            one.held_50 <= one.held_80 && one.held_80 <= one.held_95,
            "{one:?}"
        );
        assert!(one.held_95 >= 0.85, "{one:?}");
    }
    assert_eq!(back_test(&[]), []);
    assert_eq!(back_test(&straight(12, 0.01)), []);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Whatever comes: no panic, every number finite, ends in order, the same again.
    #[test]
    fn any_series(
        values in prop::collection::vec((any::<i16>(), any::<f64>()), 0..60),
        is_tame: bool,
    ) {
        let value = |value: f64| if is_tame { (value.to_bits() % 1_000) as f64 } else { value };
        let series: Vec<DayValue> = values
            .iter()
            .map(|(number, any)| DayValue { number: i32::from(*number), value: value(*any) })
            .collect();
        prop_assert!(back_test(&series).iter().all(|one| one.held_95 <= 1.0));
        if let Ok(forecast) = forecast(&series) {
            for ahead in forecast.usual() {
                let ends = [ahead.nearly_all.low, ahead.middle, ahead.nearly_all.high];
                prop_assert!(ends.iter().all(|end| end.is_finite()), "{:?}", ahead);
                prop_assert!(ends.is_sorted(), "{:?}", ahead);
            }
            let reaching = forecast.reaching(3.0, Way::Up);
            prop_assert_eq!(&reaching, &super::super::forecast(&series).unwrap().reaching(3.0, Way::Up));
        }
    }
}
