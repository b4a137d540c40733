//! The properties that hold for every condition: replay, redelivery, restart, bounded memory.

use super::table::bench;
use super::*;
use crate::model::alarm_rule::RuleState;

/// One rule of each condition over the kinds that the hostile feed uses.
fn every_condition() -> String {
    let own = |id: &str, zh: &str, kind: &str, rest: &str| {
        format!(
            "[[rule]]\nid = \"{id}\"\nzh = \"{zh}\"\nen = \"{id}\"\ngrade = \"yellow\"\n\
             kinds = [\"{kind}\"]\n{rest}\n"
        )
    };
    [
        own("slow", "甲", "smoke", "instead_of = \"threshold\"\non_delay_s = 70\noff_delay_s = 40\nreadings = 2\nwhen.threshold = { above = 5.0, dead_band = 1.0 }"),
        own("rate", "乙", "water_level", "when.rate = { above = 0.5, below = -0.5, window_s = 900, least_readings = 2 }"),
        own("odd", "丙", "gas_leak", "when.deviation = { times = 2.0, least = 1.0, learn_s = 3600, half_life_s = 3600 }"),
        own("none", "丁", "tilt", "when.absence = { above = 2.0, for_s = 900 }"),
        own("moves", "庚", "tilt", "when.assessed = { from = \"attention\", sudden = true }"),
        own("hours", "戊", "help_button", "schedule = [{ from = \"08:10\", to = \"08:40\" }]\nwhen.threshold = { above = 1.0 }"),
        own("some", "己", "smoke", "when.combination = { of = [\"slow\", \"odd\", \"threshold\"], count = 2, within = \"building\", window_s = 600 }").replace("[\"smoke\"]", "[\"smoke\", \"gas_leak\", \"tilt\"]"),
    ]
    .concat()
}

fn bounded(state: &RuleState) -> bool {
    let finite = state
        .points
        .iter()
        .all(|point| point.axes.iter().all(|one| one.is_finite()));
    let usual = state
        .usual
        .is_none_or(|usual| usual.spread.is_finite() && usual.mean[0].is_finite());
    state.points.len() <= 25 && finite && usual
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_feed_replays_equal_under_every_condition(acts in acts()) {
        let mut played = bench(&every_condition(), &[]);
        play(&mut played, &acts, false);
        for memory in played.twin.live().rules.values() {
            prop_assert!(memory.of.values().all(bounded), "{memory:?}");
        }
        let mut again = twin(2);
        for batch in &played.log {
            let text = serde_json::to_string(batch).unwrap();
            again.apply(&serde_json::from_str(&text).unwrap()).unwrap();
        }
        prop_assert_eq!(again.state_hash(), played.twin.state_hash());
    }

    #[test]
    fn redelivery_raises_nothing_more_under_any_condition(acts in acts()) {
        let (mut once, mut twice) = (bench(&every_condition(), &[]), bench(&every_condition(), &[]));
        play(&mut once, &acts, false);
        play(&mut twice, &acts, true);
        prop_assert_eq!(&once.twin.live().alarms, &twice.twin.live().alarms);
        prop_assert_eq!(once.twin.live().alarms_raised, twice.twin.live().alarms_raised);
    }
}

#[test]
fn a_restart_between_any_two_batches_goes_on_alike() {
    let device = device_id("smoke", 0);
    let mut straight = bench(&every_condition(), &[]);
    let values: Vec<_> = (0..12)
        .map(|at| (at * 30, if at % 7 < 5 { 9.0 } else { 1.0 }))
        .collect();
    let mut broken = bench(&every_condition(), &[]);
    for (at, value) in values {
        let now = MORNING.plus(at * 1_000);
        straight.tick(&[reading(device, at, value)], now);
        let snapshot = serde_json::to_string(broken.twin.live()).unwrap();
        let ground = broken.twin.ground().clone();
        broken.twin = Twin::at_snapshot(ground, serde_json::from_str(&snapshot).unwrap());
        broken.tick(&[reading(device, at, value)], now);
        assert_eq!(broken.twin.state_hash(), straight.twin.state_hash(), "{at}");
    }
    assert!(straight.twin.live().alarms_raised > 0);
}
