//! Orders that the disk cannot take: they are carried out, and their answer says that they may be lost.

use super::*;

#[test]
fn an_order_that_is_not_yet_on_disk_says_so_and_is_found_missing_after_a_crash() {
    let mut bench = Bench::new();
    for index in [0, 1] {
        bench.offer(device_id("help_button", index), 0, 1.0);
    }
    bench.tick(0);
    let queue: Vec<_> = bench
        .pipeline
        .twin()
        .live()
        .queue()
        .iter()
        .map(|it| it.id)
        .collect();
    let kept = bench.acknowledge(queue[0]);
    bench.tick(1);
    assert!(!kept.try_recv().unwrap().unwrap().uncommitted);
    bench.set(|disk| disk.full = true);
    let lost = bench.acknowledge(queue[1]);
    bench.tick(2);
    assert!(lost.try_recv().unwrap().unwrap().uncommitted);
    let shown = bench.pipeline.twin().live().clone();
    assert!(
        shown
            .alarms
            .values()
            .all(|alarm| alarm.acknowledged.is_some())
    );
    // It stops before the disk is well; who looked on is told what came back.
    bench.set(|disk| disk.full = false);
    let begins = Bench::on(bench.disk.clone());
    let begins = begins.pipeline.twin().live();
    assert_eq!(shown.undone_in(begins), 1);
    assert_eq!(begins.undone_in(begins), 0);
    assert!(begins.alarms[&queue[0]].acknowledged.is_some());
    assert!(begins.alarms[&queue[1]].acknowledged.is_none());
}
