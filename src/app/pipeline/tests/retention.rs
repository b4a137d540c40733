//! Which readings the pipeline lets become rollups, and when.

use super::*;

#[test]
fn old_readings_are_rolled_up_but_of_kinds_that_keep_them() {
    let mut bench = Bench::new();
    let ground = bench.pipeline.twin().ground().clone();
    for second in 0..20 {
        bench.tick(second);
    }
    let mut disk = bench.disk.0.lock().unwrap();
    let mut thinned = std::mem::take(&mut disk.thinned);
    let count = thinned.len();
    thinned.sort();
    thinned.dedup();
    assert_eq!(count, thinned.len(), "each once in a round");
    let kept = ["tilt", "settlement", "crack"];
    let devices = ground.devices.values();
    let expected = devices.filter(|device| !kept.contains(&device.kind.as_str()));
    let expected: Vec<DeviceId> = expected.map(|device| device.id).collect();
    assert!(expected.len() < ground.devices.len());
    assert_eq!(thinned, expected);
    const DAYS_90_MS: i64 = 90 * 86_400_000;
    assert!(MORNING - disk.thinned_before >= DAYS_90_MS - 20_000);
    drop(disk);
    bench.tick(3_700);
    assert_eq!(
        bench.disk.0.lock().unwrap().thinned.len(),
        count,
        "and again"
    );
}
