//! Histories of devices: each reading once, in the order of device time; rollups as if no reading
//! had ever been forgotten.

use std::collections::BTreeMap;

use super::*;
use crate::model::ports::{Detail, Thinned, Thinning};
use crate::model::{Rollup, Spread, Step};

/// The city's clock.
const OFFSET: i32 = 480;
const HOUR_S: i64 = 3_600;

fn history(archive: &mut dyn Archive, of: u64, from: i64, to: i64) -> Vec<Reading> {
    let mut all = Vec::new();
    let mut take = |reading: &Reading| all.push(*reading);
    archive
        .each_reading(device(of), time(from), time(to), &mut take)
        .unwrap();
    all
}

fn thin(archive: &mut dyn Archive, devices: &[u64], before: i64, readings_max: usize) -> Thinned {
    let devices: Vec<_> = devices.iter().map(|number| device(*number)).collect();
    let thinning = Thinning {
        devices: &devices,
        before: time(before),
        utc_offset_minutes: OFFSET,
        readings_max,
    };
    archive.thin_readings(&thinning).unwrap()
}

#[test]
fn a_history_holds_each_reading_once_by_device_time() {
    let late = Reading {
        arrived: time(99),
        ..reading(1, 5, 4.0)
    };
    let batches = [
        batch(1, vec![reading(1, 9, 1.0), reading(1, 5, 4.0)], vec![]),
        batch(
            2,
            vec![reading(2, 5, 1.0), late, reading(1, 5, 4.5)],
            vec![],
        ),
        batch(3, vec![reading(1, 9, 1.0), reading(1, 7, -0.0)], vec![]),
    ];
    on_every_back_end(|archive| {
        assert!(history(archive, 1, 0, 100).is_empty());
        archive.append(&batches).unwrap();
        let whole = [
            reading(1, 5, 4.0),
            reading(1, 5, 4.5),
            reading(1, 7, -0.0),
            reading(1, 9, 1.0),
        ];
        let found = history(archive, 1, 0, 100);
        assert_eq!(found, whole);
        assert!(found[2].value.is_sign_negative());
        assert_eq!(
            history(archive, 1, 5, 9),
            whole[..3],
            "the end is not in it"
        );
        assert!(history(archive, 1, 9, 5).is_empty());
        assert_eq!(history(archive, 2, 0, 100), [reading(2, 5, 1.0)]);
        assert_eq!(archive.detail(device(1)).unwrap(), Detail::default());
    });
}

#[test]
fn what_grew_old_is_told_as_rollups_and_what_comes_too_late_is_counted() {
    on_every_back_end(|archive| {
        let readings = |from: i64| (0..90).map(move |it| reading(2, from + it * 60, it as f64));
        archive
            .append(&[batch(1, readings(0).collect(), vec![])])
            .unwrap();
        let by = |step| (step, OFFSET);
        let asked = |archive: &mut dyn Archive, step| {
            archive
                .rollups(device(2), by(step), time(-90_000), time(90_000))
                .unwrap()
        };
        let before = Step::ALL.iter().map(|step| asked(archive, *step));
        let before: Vec<_> = before.collect();
        assert_eq!(before[0].len(), 90);
        assert_eq!(before[0][0].second.map(|it| it.count), Some(1));

        let thinned = thin(archive, &[1, 2], 90_000, 1);
        assert!(thinned.readings > 0 && thinned.devices == 1, "{thinned:?}");
        let more = thin(archive, &[2], 90_000, usize::MAX);
        assert_eq!((thinned.readings + more.readings, more.devices), (90, 1));
        assert_eq!(thin(archive, &[2], 90_000, usize::MAX).readings, 0);
        let since = archive.detail(device(2)).unwrap().raw_since.unwrap();
        assert!(since > time(89 * 60) && since <= time(90_000), "{since}");
        assert!(history(archive, 2, -90_000, 90_000).is_empty());
        let after = Step::ALL.iter().map(|step| asked(archive, *step));
        assert_eq!(after.collect::<Vec<_>>(), before);

        // Delivered again, and one that nobody has seen: which is which cannot be told any more.
        let again = vec![
            reading(2, 0, 0.0),
            reading(2, 1, 7.0),
            reading(2, 90_000, 1.0),
        ];
        archive.append(&[batch(2, again.clone(), vec![])]).unwrap();
        let detail = archive.detail(device(2)).unwrap();
        assert_eq!(
            detail,
            Detail {
                raw_since: Some(since),
                too_late: 2
            }
        );
        assert_eq!(asked(archive, Step::Hour)[..before[1].len()], before[1]);
        assert_eq!(history(archive, 2, 0, 100_000).len(), 1);
        assert_eq!(archive.recover(Some(2)).unwrap().batches[1].readings, again);
    });
}

#[test]
fn old_batches_lose_their_readings_and_nothing_else() {
    on_every_back_end(|archive| {
        let status = FeedStatus::default();
        let with = |number, of| {
            let change = Change::Feed {
                status: status.clone(),
            };
            batch(number, vec![reading(of, number as i64, 1.0)], vec![change])
        };
        let mut all = vec![with(1, 1), batch(2, vec![], vec![]), with(3, 2), with(4, 1)];
        archive.append(&all).unwrap();
        assert!(!archive.recover(None).unwrap().thinned);
        assert_eq!(archive.thin_batches(time(3), 1).unwrap(), 1);
        assert_eq!(archive.thin_batches(time(3), 9).unwrap(), 1);
        assert_eq!(archive.thin_batches(time(3), 9).unwrap(), 0);
        all[0].readings.clear();
        let recovered = archive.recover(None).unwrap();
        assert_eq!(recovered.batches, all);
        assert!(recovered.thinned);
        archive.keep_snapshot(folded(&all[..1]).live()).unwrap();
        assert!(
            !archive.recover(None).unwrap().thinned,
            "the second had none"
        );
        assert_eq!(history(archive, 1, 0, 9).len(), 2, "the history stays");
    });
}

/// One thing that may happen to an archive.
#[derive(Debug, Clone)]
enum Event {
    Append(Vec<Reading>),
    Again(prop::sample::Index),
    Thin { before: i64, readings_max: usize },
    Reopen,
}

fn any_step() -> impl Strategy<Value = Event> {
    let readings = prop::collection::vec(
        (1..4_u64, 0..40 * HOUR_S / 700, -50..50_i32)
            .prop_map(|(of, at, value)| reading(of, at * 700, f64::from(value) / 4.0)),
        1..25,
    );
    prop_oneof![
        4 => readings.prop_map(Event::Append),
        2 => any::<prop::sample::Index>().prop_map(Event::Again),
        3 => (0..40 * HOUR_S, 1..40_usize)
            .prop_map(|(before, readings_max)| Event::Thin { before, readings_max }),
        1 => Just(Event::Reopen),
    ]
}

/// Rolled up the slow way, from every reading that was ever accepted.
fn slowly(readings: &[Reading], of: u64, step: Step) -> Vec<(Timestamp, Spread, Option<Spread>)> {
    let mut by_step = BTreeMap::<Timestamp, Vec<Reading>>::new();
    let of_device = readings.iter().filter(|one| one.device == device(of));
    for one in of_device {
        let since = (one.at.millis() + i64::from(OFFSET) * 60_000).rem_euclid(step.millis());
        by_step.entry(one.at.plus(-since)).or_default().push(*one);
    }
    let spread = |values: Vec<f64>| -> Option<Spread> {
        let count = values.len();
        (count > 0).then(|| Spread {
            count: count as u64,
            mean: values.iter().sum::<f64>() / count as f64,
            min: values.iter().copied().fold(f64::INFINITY, f64::min),
            max: values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        })
    };
    let rolled = by_step.into_iter().map(|(at, all)| {
        let value = spread(all.iter().map(|one| one.value).collect()).unwrap();
        (
            at,
            value,
            spread(all.iter().filter_map(|one| one.second).collect()),
        )
    });
    rolled.collect()
}

fn is_near(a: &Spread, b: &Spread) -> bool {
    (a.count, a.min, a.max) == (b.count, b.min, b.max) && (a.mean - b.mean).abs() < 1e-9
}

fn all_rollups(archive: &mut dyn Archive, of: u64, step: Step) -> Vec<Rollup> {
    let (from, to) = (time(-100_000), time(1_000_000));
    archive
        .rollups(device(of), (step, OFFSET), from, to)
        .unwrap()
}

/// Appends to both archives, and notes what is new and in time.
fn append(pair: [&mut dyn Archive; 2], number: u64, all: &[Reading], known: &mut Vec<Reading>) {
    let [memory, disk] = pair;
    let batch = batch(number, all.to_vec(), vec![]);
    for one in all {
        let raw_since = memory.detail(one.device).unwrap().raw_since;
        let is_known = known.iter().any(|old| {
            (old.device, old.at, old.value, old.second)
                == (one.device, one.at, one.value, one.second)
        });
        if !is_known && raw_since.is_none_or(|since| one.at >= since) {
            known.push(*one);
        }
    }
    memory.append(std::slice::from_ref(&batch)).unwrap();
    disk.append(&[batch]).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Late, out of order, delivered again, rolled up in between, opened again: rollups are always
    /// those of every reading that came in time, and both archives say the same.
    #[test]
    fn rollups_are_those_of_every_reading(steps in prop::collection::vec(any_step(), 1..16)) {
        let folder = tempfile::tempdir().unwrap();
        let mut memory = MemoryArchive::new();
        let mut disk = SqliteArchive::open(folder.path()).unwrap();
        let (mut number, mut known) = (0, Vec::new());
        for step in steps {
            match step {
                Event::Append(readings) => {
                    number += 1;
                    append([&mut memory, &mut disk], number, &readings, &mut known);
                }
                Event::Again(index) => {
                    let Some(one) = (!known.is_empty()).then(|| *index.get(&known)) else { continue };
                    number += 1;
                    append([&mut memory, &mut disk], number, &[one, one], &mut known);
                }
                Event::Thin { before, readings_max } => {
                    let devices = [1, 3];
                    let one = thin(&mut memory, &devices, before, readings_max);
                    prop_assert_eq!(one, thin(&mut disk, &devices, before, readings_max));
                }
                Event::Reopen => {
                    drop(disk);
                    disk = SqliteArchive::open(folder.path()).unwrap();
                }
            }
        }
        for of in 1..4 {
            prop_assert_eq!(memory.detail(device(of)).unwrap(), disk.detail(device(of)).unwrap());
            let raw = history(&mut memory, of, -1, 1_000_000);
            prop_assert_eq!(&raw, &history(&mut disk, of, -1, 1_000_000));
            for step in Step::ALL {
                let rollups = all_rollups(&mut memory, of, *step);
                prop_assert_eq!(&rollups, &all_rollups(&mut disk, of, *step));
                let slow = slowly(&known, of, *step);
                prop_assert_eq!(rollups.len(), slow.len(), "{:?}", step);
                for (rollup, (at, value, second)) in rollups.iter().zip(&slow) {
                    prop_assert_eq!(rollup.at, *at);
                    prop_assert!(is_near(&rollup.value, value), "{:?} {:?}", rollup, value);
                    prop_assert_eq!(rollup.second.is_some(), second.is_some());
                    if let (Some(fast), Some(slow)) = (&rollup.second, second) {
                        prop_assert!(is_near(fast, slow), "{:?} {:?}", rollup, slow);
                    }
                }
            }
        }
    }
}
