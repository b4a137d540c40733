//! Readings that come after newer ones.

use super::*;

/// What was raised so far, and what is open.
fn alarms(bench: &Bench) -> [usize; 2] {
    let live = bench.pipeline.twin().live();
    [live.alarms_raised as usize, live.alarms.len()]
}

#[test]
fn a_press_that_comes_late_warns_once_however_often_it_comes() {
    let mut bench = Bench::new();
    let button = device_id("help_button", 0);
    bench.offer(button, 10, 0.0);
    bench.tick(10);
    bench.offer(button, 5, 1.0);
    bench.offer(button, 5, 1.0);
    bench.tick(11);
    assert_eq!(alarms(&bench), [1, 1]);
    let alarm = bench.pipeline.twin().live().queue()[0].clone();
    assert_eq!(alarm.raised_at, MORNING.plus(5_000));
    assert_eq!(
        alarm.returned_at,
        Some(MORNING.plus(10_000)),
        "a newer one tells so"
    );
    bench.offer(button, 5, 1.0);
    bench.tick(12);
    assert_eq!(alarms(&bench), [1, 1]);

    let _answer = bench.acknowledge(alarm.id);
    bench.tick(13);
    assert_eq!(alarms(&bench), [1, 0], "it is over");
    bench.offer(button, 5, 1.0);
    bench.tick(14);
    let mut again = Bench::on(bench.disk.clone());
    again.offer(button, 5, 1.0);
    again.tick(15);
    assert_eq!(
        alarms(&again),
        [1, 0],
        "the archive knows it, also after a restart"
    );
}

#[test]
fn a_press_in_the_same_second_as_another_word_of_the_button_warns() {
    let mut bench = Bench::new();
    let button = device_id("help_button", 0);
    bench.offer(button, 0, 0.0);
    bench.offer(button, 0, 1.0);
    bench.tick(0);
    assert_eq!(alarms(&bench), [1, 1]);
    bench.offer(button, 1, 0.0);
    bench.tick(1);
    // Not on the disk yet: what waits for it is known as well.
    bench.set(|disk| disk.full = true);
    for second in [2, 3] {
        bench.offer(button, 1, 1.0);
        bench.tick(second);
    }
    assert_eq!(alarms(&bench), [2, 2]);
}

#[test]
fn what_is_a_day_old_or_one_of_a_series_changes_nothing() {
    let mut bench = Bench::new();
    const DAY_S: i64 = 24 * 3_600;
    let (button, smoke) = (device_id("help_button", 0), device_id("smoke", 0));
    bench.offer(button, DAY_S + 10, 0.0);
    bench.offer(smoke, DAY_S + 10, 0.0);
    bench.tick(DAY_S + 10);
    bench.offer(button, 5, 1.0);
    for second in [5, 6, 7] {
        bench.offer(smoke, DAY_S + second, 30.0);
    }
    bench.tick(DAY_S + 11);
    assert_eq!(alarms(&bench), [0, 0]);
}
