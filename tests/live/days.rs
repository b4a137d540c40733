//! Simulated days held against the alarm rules: every planted incident raises exactly one
//! alarm, every planted fault none, and nothing else alarms.

use std::collections::BTreeMap;
use std::sync::Arc;

use pingjiang::base::{DeviceId, Timestamp};
use pingjiang::citygen::days::{Fault, Planted, PlantedKind, Scenario, Simulation};
use pingjiang::citygen::{self, AreaSpec};
use pingjiang::model::{Batch, Change, DeviceHealth, Ground, KindTable, Twin};
use pingjiang::rules::{self, Plan};

use super::sample::{self, MORNING};

/// What a simulated stretch of time brought.
#[derive(Default)]
struct Brought {
    raised: Vec<(DeviceId, Timestamp)>,
    health: Vec<(DeviceId, DeviceHealth, Timestamp)>,
}

fn run(simulation: &mut Simulation, twin: &mut Twin, minutes: i64) -> Brought {
    let plan = Plan::of_kinds(Arc::new(KindTable::standard()));
    let mut brought = Brought::default();
    let mut last = MORNING.plus(-Simulation::WARM_UP_MS);
    let mut readings = simulation.backlog(last);
    for minute in 0..=minutes + Simulation::WARM_UP_MS / 60_000 {
        let now = MORNING.plus(minute * 60_000 - Simulation::WARM_UP_MS);
        readings.extend(simulation.readings_between(last, now));
        for reading in &mut readings {
            reading.arrived = now;
        }
        let changes = rules::step(twin, &plan, &readings, now);
        for change in &changes {
            match change {
                Change::AlarmRaised { alarm } => {
                    brought.raised.push((alarm.device, alarm.raised_at))
                }
                Change::Health { device, health, at } => {
                    brought.health.push((*device, *health, *at))
                }
                _ => {}
            }
        }
        let batch = Batch {
            number: twin.live().batch + 1,
            ground_version: twin.ground().version,
            at: now,
            readings: std::mem::take(&mut readings),
            changes,
            uncommitted: false,
        };
        twin.apply(&batch).expect("batches follow each other");
        last = now;
    }
    brought
}

fn check(seed: u64, scenario: Scenario, ground: Ground) {
    let ground = Arc::new(ground);
    let mut simulation = Simulation::new(&ground, &KindTable::standard(), seed, scenario, MORNING);
    let mut twin = Twin::new(ground.clone());
    let brought = run(&mut simulation, &mut twin, 24 * 60);
    let end = MORNING.plus(24 * 3_600_000);
    let kind_of = |id: &DeviceId| ground.devices[id].kind.to_string();
    let context = |planted: &Planted| {
        format!(
            "seed {seed} {scenario}: {} {planted:?}",
            kind_of(&planted.device)
        )
    };

    let mut left = BTreeMap::<_, u32>::new();
    for raised in &brought.raised {
        *left.entry(*raised).or_default() += 1;
    }
    for planted in simulation.plan().iter().filter(|it| it.to < end) {
        let mut alarms = 0;
        left.retain(|(device, at), count| {
            let its = *device == planted.device && (planted.from..=planted.to).contains(at);
            alarms += if its { *count } else { 0 };
            !its
        });
        let wanted = u32::from(planted.kind == PlantedKind::Incident);
        assert_eq!(alarms, wanted, "{}", context(planted));
        if let Some(health) = expected_health(planted.kind, &kind_of(&planted.device)) {
            let noticed = brought.health.iter().any(|(device, told, at)| {
                *device == planted.device
                    && *told == health
                    && (planted.from..=planted.to.plus(60_000)).contains(at)
            });
            assert!(noticed, "{health:?} unnoticed: {}", context(planted));
        }
    }
    // A house that leans by more than its kind's threshold has a story of its own.
    let leaning: Vec<DeviceId> = simulation.stories().map(|(device, _)| device).collect();
    left.retain(|(device, at), count| {
        if *count == 1 && leaning.contains(device) {
            return false;
        }
        let begun = simulation
            .plan()
            .iter()
            .filter(|it| it.kind == PlantedKind::Incident);
        !begun
            .into_iter()
            .any(|it| it.device == *device && it.from <= *at && it.to >= end)
    });
    assert!(
        left.is_empty(),
        "seed {seed} {scenario}: alarms out of nothing: {left:?}"
    );
}

fn expected_health(kind: PlantedKind, device_kind: &str) -> Option<DeviceHealth> {
    let kinds = KindTable::standard();
    let record = kinds
        .all()
        .iter()
        .find(|it| it.id.as_str() == device_kind)?;
    match kind {
        PlantedKind::Incident => None,
        PlantedKind::Fault(Fault::Spike) => record.jump.map(|_| DeviceHealth::Jump),
        PlantedKind::Fault(Fault::Remount) => Some(DeviceHealth::Jump),
        PlantedKind::Fault(Fault::Stuck) => Some(DeviceHealth::Stuck),
        PlantedKind::Fault(Fault::OutOfRange) => Some(DeviceHealth::OutOfRange),
        PlantedKind::Fault(Fault::Silence) => Some(DeviceHealth::Silent),
    }
}

#[test]
fn calm_days() {
    (1..=3).for_each(|seed| check(seed, Scenario::Calm, sample::city(5)));
}

#[test]
fn normal_days() {
    (1..=5).for_each(|seed| check(seed, Scenario::Normal, sample::city(8)));
}

#[test]
fn flood_days() {
    (1..=3).for_each(|seed| check(seed, Scenario::Flood, sample::city(10)));
}

#[test]
fn days_in_the_demo_city() {
    check(1, Scenario::Normal, demo_city());
    check(2, Scenario::Flood, demo_city());
}

fn demo_city() -> Ground {
    let spec = AreaSpec::named("zjl").expect("the area is part of the program");
    let city = citygen::generate(&spec, 1).expect("the area can be built");
    let mut ground = Ground::new(city.info.clone());
    for entity in city.entities {
        ground.put(entity);
    }
    ground
}

#[test]
fn the_first_minute_of_a_normal_day_shows_alarms_and_faults() {
    let ground = Arc::new(sample::city(8));
    let mut simulation = Simulation::new(
        &ground,
        &KindTable::standard(),
        1,
        Scenario::Normal,
        MORNING,
    );
    let mut twin = Twin::new(ground);
    run(&mut simulation, &mut twin, 1);
    let live = twin.live();
    assert!(live.alarms.len() >= 5, "{:#?}", live.queue());
    let faulty = |wanted| {
        live.devices
            .values()
            .filter(|it| it.health == wanted)
            .count()
    };
    for health in [
        DeviceHealth::Silent,
        DeviceHealth::Stuck,
        DeviceHealth::OutOfRange,
        DeviceHealth::Jump,
    ] {
        assert!(faulty(health) > 0, "nobody is {health:?}");
    }
}
