//! One contract for every back end, and what only the one on disk can get wrong.

mod damage;
mod histories;
mod killed;
mod on_disk;
mod upgrading;

use std::sync::Arc;

use proptest::prelude::*;

use super::{MemoryArchive, SqliteArchive};
use crate::base::{AlarmId, DeviceId, Timestamp};
use crate::model::ports::{Archive, ArchiveError, Recovered};
use crate::model::{
    Actor, Alarm, Batch, Change, CityInfo, DeviceHealth, FeedStatus, Grade, Ground, Reading,
    RuleMemory, Twin,
};

/// Runs `test` on every back end, each one empty.
fn on_every_back_end(test: impl Fn(&mut dyn Archive)) {
    test(&mut MemoryArchive::new());
    let folder = tempfile::tempdir().unwrap();
    test(&mut SqliteArchive::open(&folder.path().join("城市.archive")).unwrap());
}

fn time(second: i64) -> Timestamp {
    Timestamp::from_millis(1_777_600_000_000 + second * 1000)
}

fn device(number: u64) -> DeviceId {
    DeviceId::from_bits(number)
}

fn reading(number: u64, second: i64, value: f64) -> Reading {
    Reading {
        device: device(number),
        at: time(second),
        arrived: time(second + 2),
        value,
        second: (number == 2).then_some(value * 0.1),
        temperature_c: None,
    }
}

fn alarm(number: u64) -> Alarm {
    Alarm {
        id: AlarmId::from_bits(number),
        device: device(number),
        rule: "烟感".into(),
        grade: Grade::Red,
        raised_at: time(0),
        value: 0.1 + 0.2,
        active: true,
        returned_at: None,
        acknowledged: None,
        exercise: false,
        latched: false,
        suppressed: None,
    }
}

fn batch(number: u64, readings: Vec<Reading>, changes: Vec<Change>) -> Batch {
    Batch {
        number,
        ground_version: 1,
        at: time(number as i64),
        readings,
        changes,
        uncommitted: false,
    }
}

fn empty_batches(numbers: std::ops::RangeInclusive<u64>) -> Vec<Batch> {
    numbers
        .map(|number| batch(number, vec![], vec![]))
        .collect()
}

fn twin() -> Twin {
    let mut ground = Ground::new(CityInfo {
        name_zh: "城".into(),
        name_en: "City".into(),
        crs: "EPSG:4549".into(),
        vertical_datum: String::new(),
        utc_offset_minutes: 480,
        synthetic: true,
    });
    ground.version = 1;
    Twin::new(Arc::new(ground))
}

fn folded(batches: &[Batch]) -> Twin {
    let mut twin = twin();
    for batch in batches {
        twin.apply(batch).unwrap();
    }
    twin
}

fn replayed(recovered: Recovered) -> Twin {
    let ground = twin().ground().clone();
    let mut twin = match recovered.snapshot {
        Some(live) => Twin::at_snapshot(ground, live),
        None => Twin::new(ground),
    };
    for batch in &recovered.batches {
        twin.apply(batch).unwrap();
    }
    twin
}

#[test]
fn nothing_comes_from_nothing() {
    on_every_back_end(|archive| {
        assert_eq!(archive.recover(None).unwrap(), Recovered::default());
        assert_eq!(archive.batch_at(time(9)).unwrap(), 0);
        archive.append(&[]).unwrap();
    });
}

#[test]
fn a_batch_comes_back_exactly() {
    // Not in the order of devices or times, and each one's own values to the last bit.
    let readings = vec![
        reading(3, 5, 0.1 + 0.2),
        reading(1, 9, -1e-300),
        reading(2, 7, f64::MAX),
    ];
    let changes = vec![
        Change::Feed {
            status: FeedStatus {
                name: "模拟".into(),
                simulated: true,
                ..FeedStatus::default()
            },
        },
        Change::AlarmRaised { alarm: alarm(3) },
    ];
    let mut given = batch(1, readings, changes);
    given.uncommitted = true;
    on_every_back_end(|archive| {
        archive.append(std::slice::from_ref(&given)).unwrap();
        let expected = Batch {
            uncommitted: false,
            ..given.clone()
        };
        assert_eq!(archive.recover(None).unwrap().batches, [expected]);
    });
}

#[test]
fn readings_delivered_again_stay_in_their_batches() {
    let late = Reading {
        arrived: time(99),
        ..reading(1, 5, 4.0)
    };
    let batches = [
        batch(1, vec![reading(1, 5, 4.0), reading(1, 5, 4.0)], vec![]),
        batch(
            2,
            vec![reading(2, 5, 1.0), late, reading(1, 5, 4.5)],
            vec![],
        ),
        batch(3, vec![reading(1, 5, 4.5), reading(1, 5, 4.0)], vec![]),
    ];
    on_every_back_end(|archive| {
        archive.append(&batches).unwrap();
        assert_eq!(archive.recover(None).unwrap().batches, batches);
    });
}

#[test]
fn a_gap_is_refused_and_nothing_is_kept() {
    on_every_back_end(|archive| {
        archive.append(&empty_batches(1..=3)).unwrap();
        for (given, expected) in [
            (empty_batches(5..=6), (3, 5)),
            (empty_batches(3..=4), (3, 3)),
            (
                [empty_batches(4..=4), empty_batches(6..=6)].concat(),
                (4, 6),
            ),
        ] {
            match archive.append(&given).unwrap_err() {
                ArchiveError::Gap { last, given } => assert_eq!((last, given), expected),
                other => panic!("{other}"),
            }
        }
        assert_eq!(archive.recover(None).unwrap().batches.len(), 3);
        archive.append(&empty_batches(4..=4)).unwrap();
    });
}

#[test]
fn the_newest_snapshot_before_a_moment_is_taken() {
    on_every_back_end(|archive| {
        let batches = empty_batches(1..=9);
        archive.append(&batches).unwrap();
        for upto in [3, 6] {
            archive
                .keep_snapshot(folded(&batches[..upto]).live())
                .unwrap();
        }
        let check = |archive: &mut dyn Archive, at, snapshot: Option<u64>, expected: &[u64]| {
            let recovered = archive.recover(at).unwrap();
            assert_eq!(recovered.snapshot.map(|live| live.batch), snapshot);
            let numbers: Vec<_> = recovered.batches.iter().map(|batch| batch.number).collect();
            assert_eq!(numbers, expected);
        };
        check(archive, None, Some(6), &[7, 8, 9]);
        check(archive, Some(99), Some(6), &[7, 8, 9]);
        check(archive, Some(7), Some(6), &[7]);
        check(archive, Some(6), Some(6), &[]);
        check(archive, Some(5), Some(3), &[4, 5]);
        check(archive, Some(2), None, &[1, 2]);
        check(archive, Some(0), None, &[]);
        let mut future = folded(&batches).live().clone();
        future.batch = 10;
        let fault = archive.keep_snapshot(&future).unwrap_err();
        assert!(
            matches!(fault, ArchiveError::Gap { last: 9, given: 10 }),
            "{fault}"
        );
    });
}

#[test]
fn dropped_snapshots_cost_time_and_nothing_else() {
    on_every_back_end(|archive| {
        let batches = empty_batches(1..=9);
        archive.append(&batches).unwrap();
        for upto in [2, 4, 6, 8] {
            archive
                .keep_snapshot(folded(&batches[..upto]).live())
                .unwrap();
        }
        let marks = |archive: &mut dyn Archive| -> Vec<_> {
            let marks = archive.snapshots().unwrap();
            marks.iter().map(|mark| (mark.batch, mark.at)).collect()
        };
        let expected = [2, 4, 6, 8].map(|number| (number, time(number as i64)));
        assert_eq!(marks(archive), expected);
        // One that is not there is passed over.
        archive.drop_snapshots(&[4, 5, 8]).unwrap();
        archive.drop_snapshots(&[]).unwrap();
        assert_eq!(marks(archive), [expected[0], expected[2]]);
        for upto in 0..=9 {
            let recovered = archive.recover(Some(upto)).unwrap();
            let from = recovered.snapshot.as_ref().map_or(0, |live| live.batch);
            let known = [0, 2, 6].into_iter().filter(|batch| *batch <= upto).max();
            assert_eq!(Some(from), known, "at {upto}");
            let hash = replayed(recovered).state_hash();
            assert_eq!(hash, folded(&batches[..upto as usize]).state_hash());
        }
        archive.drop_snapshots(&[2, 6]).unwrap();
        assert!(archive.snapshots().unwrap().is_empty());
        assert_eq!(archive.recover(None).unwrap().batches, batches);
    });
}

#[test]
fn what_was_opened_is_told_by_time() {
    let reveal = |second: i64| crate::model::Reveal {
        by: Actor("li.wei".into()),
        role: "operator".into(),
        what: [(
            "res-1".to_owned(),
            [crate::base::PersonalField::Name].into(),
        )]
        .into(),
        purpose: "incident".into(),
        note: "烟感 12".into(),
        at: time(second),
        export: None,
        decided: None,
    };
    on_every_back_end(|archive| {
        let opened = |second| Change::Revealed {
            reveal: reveal(second),
        };
        let health = Change::Health {
            device: device(1),
            health: DeviceHealth::Fine,
            at: time(1),
        };
        archive
            .append(&[batch(1, vec![], vec![health.clone(), opened(1)])])
            .unwrap();
        archive
            .append(&[batch(2, vec![], vec![opened(2), opened(5)])])
            .unwrap();
        let told = archive.reveals(time(2), time(5)).unwrap();
        assert_eq!(told, [reveal(2), reveal(5)]);
        assert_eq!(archive.reveals(time(6), time(9)).unwrap(), []);
        let mut all = Vec::new();
        let mut take = |at, change: &Change| all.push((at, change.clone()));
        archive.each_change(time(1), time(2), &mut take).unwrap();
        archive.each_change(time(2), time(1), &mut take).unwrap();
        let times = [time(1), time(1), time(2), time(2)];
        let changes = [health, opened(1), opened(2), opened(5)];
        assert_eq!(all, times.into_iter().zip(changes).collect::<Vec<_>>());
    });
}

#[test]
fn a_moment_names_its_batch() {
    on_every_back_end(|archive| {
        let mut batches = empty_batches(1..=4);
        // The clock was set back between the second and the third.
        for (batch, second) in batches.iter_mut().zip([10, 20, 15, 30]) {
            batch.at = time(second);
        }
        archive.append(&batches).unwrap();
        for (second, expected) in [(9, 0), (10, 1), (14, 1), (15, 3), (29, 3), (30, 4), (99, 4)] {
            assert_eq!(
                archive.batch_at(time(second)).unwrap(),
                expected,
                "{second}"
            );
        }
    });
}

fn any_reading() -> impl Strategy<Value = Reading> {
    let value = prop_oneof![
        Just(1.0),
        Just(0.0),
        Just(-0.0),
        any::<f64>().prop_filter("finite", |v| v.is_finite())
    ];
    (0..4u64, 0..12i64, 0..3i64, value, any::<bool>()).prop_map(|(of, at, late, value, warm)| {
        Reading {
            arrived: time(at + late),
            temperature_c: warm.then_some(value / 3.0),
            ..reading(of, at, value)
        }
    })
}

fn any_change() -> impl Strategy<Value = Change> {
    let value = any::<f64>().prop_filter("finite", |value| value.is_finite());
    prop_oneof![
        (0..4u64, value).prop_map(|(of, value)| Change::AlarmRaised {
            alarm: Alarm { value, ..alarm(of) }
        }),
        (0..4u64, 0..9i64).prop_map(|(of, at)| Change::AlarmReturned {
            alarm: AlarmId::from_bits(of),
            at: time(at),
        }),
        (0..4u64, "[王a\"\\\\]{0,3}").prop_map(|(of, name)| Change::AlarmAcknowledged {
            alarm: AlarmId::from_bits(of),
            by: Actor(name),
            at: time(1),
        }),
        (0..4u64, 0..3u32).prop_map(|(of, over_count)| Change::Memory {
            device: device(of),
            memory: RuleMemory {
                over_count,
                over_since: (over_count > 1).then(|| time(3)),
                ..RuleMemory::default()
            },
        }),
        (0..4u64, 0..6usize).prop_map(|(of, health)| Change::Health {
            device: device(of),
            health: DeviceHealth::ALL[health],
            at: time(2),
        }),
    ]
}

fn any_log() -> impl Strategy<Value = Vec<Batch>> {
    let content = (
        prop::collection::vec(any_reading(), 0..6),
        prop::collection::vec(any_change(), 0..5),
    );
    prop::collection::vec(content, 1..12).prop_map(|contents| {
        let numbered = contents.into_iter().zip(1..);
        numbered
            .map(|((readings, changes), number)| batch(number, readings, changes))
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever happened, in whatever portions it was appended and wherever snapshots lie: after
    /// opening again, every moment is the fold of the batches up to it.
    #[test]
    fn reopened_and_replayed_it_is_the_same_twin(
        log in any_log(), portion in 1..5usize, snapshot_every in 1..5usize,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("city.archive");
        {
            let mut archive = SqliteArchive::open(&path).unwrap();
            let mut done = 0;
            for batches in log.chunks(portion) {
                archive.append(batches).unwrap();
                done += batches.len();
                if done % snapshot_every == 0 {
                    archive.keep_snapshot(folded(&log[..done]).live()).unwrap();
                }
            }
        }
        let mut archive = SqliteArchive::open(&path).unwrap();
        for upto in 0..=log.len() {
            let twin = replayed(archive.recover(Some(upto as u64)).unwrap());
            prop_assert_eq!(twin.state_hash(), folded(&log[..upto]).state_hash(), "at {}", upto);
        }
        let last = archive.last_batch().unwrap();
        prop_assert_eq!(last, log.len() as u64);
    }
}
