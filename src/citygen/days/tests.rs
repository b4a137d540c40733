//! The simulation against itself. Against the alarm rules it is held in `tests/live_days.rs`,
//! since a module never uses another of its own floor.

use std::collections::BTreeSet;

use super::*;
use crate::model::sample::{MORNING, city};

fn simulation(seed: u64, scenario: Scenario) -> Simulation {
    Simulation::new(&city(6), &KindTable::standard(), seed, scenario, MORNING)
}

const HOUR: Millis = 3_600_000;

#[test]
fn the_same_time_gives_the_same_readings_however_it_is_cut() {
    let whole = simulation(7, Scenario::Flood).readings_between(MORNING, MORNING.plus(2 * HOUR));
    let mut pieces = Vec::new();
    let mut cut = simulation(7, Scenario::Flood);
    let mut at = MORNING;
    for step in (0..).map(|turn| 250 + turn % 7 * 1_613) {
        let next = at.plus(step).min(MORNING.plus(2 * HOUR));
        pieces.extend(cut.readings_between(at, next));
        at = next;
        if at == MORNING.plus(2 * HOUR) {
            break;
        }
    }
    assert_eq!(pieces, whole);
    assert_eq!(cut.plan(), simulation(7, Scenario::Flood).plan());
    assert_ne!(
        simulation(8, Scenario::Flood).readings_between(MORNING, MORNING.plus(2 * HOUR)),
        whole
    );
}

#[test]
fn every_device_has_its_own_beat() {
    let readings = simulation(1, Scenario::Calm).readings_between(MORNING, MORNING.plus(HOUR));
    let devices: BTreeSet<_> = readings.iter().map(|it| it.device).collect();
    assert_eq!(devices.len(), 6 * 13);
    let firsts: BTreeSet<_> = devices
        .iter()
        .filter_map(|id| readings.iter().find(|it| it.device == *id))
        .map(|it| it.at)
        .collect();
    assert!(
        firsts.len() > 70,
        "hardly two report at once: {}",
        firsts.len()
    );
}

#[test]
fn nothing_planted_overlaps_on_one_device() {
    let mut made = simulation(3, Scenario::Flood);
    made.readings_between(MORNING.plus(47 * HOUR), MORNING.plus(48 * HOUR));
    assert!(made.plan().len() > 50, "{}", made.plan().len());
    for (at, one) in made.plan().iter().enumerate() {
        for other in made.plan()[at + 1..]
            .iter()
            .filter(|it| it.device == one.device)
        {
            assert!(
                one.to < other.from || other.to < one.from,
                "{one:?} {other:?}"
            );
        }
    }
}

#[test]
fn a_minute_of_the_normal_scenario_has_something_to_show() {
    let made = simulation(1, Scenario::Normal);
    let soon = MORNING.plus(60_000);
    let count = |wanted: fn(&PlantedKind) -> bool| {
        let planted = made
            .plan()
            .iter()
            .filter(|it| it.from < soon && it.to > MORNING);
        planted.filter(|it| wanted(&it.kind)).count()
    };
    assert!(count(|kind| *kind == PlantedKind::Incident) >= 6);
    assert!(count(|kind| matches!(kind, PlantedKind::Fault(_))) >= 5);
}

#[test]
fn scenarios_have_names() {
    for scenario in Scenario::ALL {
        assert_eq!(scenario.to_string().parse(), Ok(scenario));
    }
    assert!(
        "storm"
            .parse::<Scenario>()
            .unwrap_err()
            .to_string()
            .contains("flood")
    );
}
