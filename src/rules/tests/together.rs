//! Combinations: alarms near one another become one of the first out.

use std::sync::Arc;

use super::table::bench;
use super::*;

const TOGETHER: &str = "[[rule]]\nid = \"own\"\nzh = \"甲\"\nen = \"own\"\ngrade = \"red\"\n\
    kinds = [\"smoke\", \"gas_leak\"]\n\
    when.combination = { of = [\"threshold\"], count = 2, within = \"building\", window_s = 120 }\n";

/// Raises or ends the kind's own alarm of a device; gives what became of the combination.
fn set(bench: &mut Bench, kind: &str, number: u32, from_s: i64, value: f64) -> Vec<(char, i64)> {
    let device = device_id(kind, number);
    let own = |change: &&Change| match change {
        Change::AlarmRaised { alarm } => alarm.rule == "own",
        _ => true,
    };
    let mut told = Vec::new();
    for at in [from_s, from_s + 10] {
        let changes = bench.tick(&[reading(device, at, value)], MORNING.plus(at * 1_000));
        let combined: Vec<_> = changes.iter().filter(own).cloned().collect();
        told.extend(Bench::told(&combined));
    }
    told
}

#[test]
fn alarms_near_one_another_make_one_of_the_first_out() {
    // Devices of one number are in one house: 0 in the first, 1 in the second.
    let mut near = bench(TOGETHER, &[]);
    assert_eq!(set(&mut near, "smoke", 0, 0, 30.0), []);
    assert_eq!(set(&mut near, "gas_leak", 1, 20, 30.0), [], "another house");
    assert_eq!(set(&mut near, "gas_leak", 0, 40, 30.0), [('!', 50)]);
    let own = near
        .active()
        .into_iter()
        .find(|alarm| alarm.rule == "own")
        .unwrap();
    assert_eq!(own.device, device_id("smoke", 0), "the first one out");
    // One of both ends, and so does what they made.
    assert_eq!(set(&mut near, "smoke", 0, 70, 0.0), [('o', 70), ('o', 70)]);

    let mut apart = bench(TOGETHER, &[]);
    set(&mut apart, "smoke", 0, 0, 30.0);
    assert_eq!(
        set(&mut apart, "gas_leak", 0, 300, 30.0),
        [],
        "too long afterwards"
    );

    let metres = |text: &str| TOGETHER.replace("\"building\"", text);
    for (within, together) in [("{ metres = 9.0 }", 0), ("{ metres = 10.0 }", 1)] {
        let mut bench = bench(&metres(within), &[]);
        set(&mut bench, "smoke", 0, 0, 30.0);
        let told = set(&mut bench, "smoke", 1, 20, 30.0);
        assert_eq!(told.len(), together, "ten metres apart, within {within}");
    }
}

#[test]
fn a_combination_may_cross_a_party_wall_and_count_for_another_one() {
    let mut bench = bench(
        &format!(
            "{}{}",
            TOGETHER.replace("\"building\"", "\"party_wall\""),
            TOGETHER
                .replace("\"own\"", "\"more\"")
                .replace("甲", "乙")
                .replace(
                    "[\"threshold\"], count = 2",
                    "[\"threshold\", \"own\"], count = 3, rules = 2"
                )
                .replace("\"building\"", "\"party_wall\"")
        ),
        &[],
    );
    let mut ground = (**bench.twin.ground()).clone();
    let houses = [0, 1].map(|number| {
        ground.devices[&device_id("smoke", number)]
            .building
            .unwrap()
    });
    ground.buildings.get_mut(&houses[0]).unwrap().party_walls = vec![houses[1]];
    ground.buildings.get_mut(&houses[1]).unwrap().party_walls = vec![houses[0]];
    bench.twin = Twin::new(Arc::new(ground));
    set(&mut bench, "smoke", 0, 0, 30.0);
    set(&mut bench, "smoke", 1, 20, 30.0);
    let mut raised: Vec<_> = bench
        .active()
        .iter()
        .map(|alarm| alarm.rule.clone())
        .collect();
    raised.sort_unstable();
    assert_eq!(raised, ["more", "own", "threshold", "threshold"]);
}
