//! Sensors of a city: which are followed, what references they have, what houses say as a whole.

mod stories;

use super::*;
use crate::base::DeviceId;
use crate::model::{KindTable, MonitorGrade, sample};
use crate::monitor::{CannotTell, Quantity};

fn bank(ground: &Ground, table: &str) -> anyhow::Result<Bank> {
    let text = MonitorTable::STANDARD.to_owned() + table;
    let table = MonitorTable::from_toml(&text).map_err(|fault| anyhow::anyhow!("{fault}"))?;
    let sensors = Sensors::of(ground, &KindTable::standard(), &table)?;
    Ok(Bank::new(sensors, table, ground))
}

/// Readings every half hour, what `value` says of day and number.
fn lives(bank: &mut Bank, device: DeviceId, days: i64, value: impl Fn(f64) -> f64) {
    for step in 0..days * 48 {
        let at = sample::MORNING.plus(step * 1_800_000);
        let day = step as f64 / 48.0;
        let noise = f64::from((step as i32 * 37) % 11 - 5) * 0.02;
        let reading = Reading {
            device,
            at,
            arrived: at,
            value: value(day) + noise,
            second: None,
            temperature_c: Some(20.0),
        };
        bank.take(&reading);
    }
}

fn settlement(number: u32) -> DeviceId {
    sample::device_id("settlement", number)
}

#[test]
fn what_measures_tilt_settlement_or_cracks_is_followed() {
    let ground = sample::city(2);
    let bank = bank(&ground, "").expect("a bank");
    assert_eq!(bank.sensors().all().count(), 6);
    let crack = bank.sensors().get(sample::device_id("crack", 1));
    assert_eq!(crack.map(|one| one.gauge.quantity()), Some(Quantity::Crack));
    assert_eq!(bank.sensors().get(sample::device_id("smoke", 0)), None);
    assert_eq!(bank.assess(sample::device_id("smoke", 0)), None);
}

#[test]
fn a_point_of_reference_must_be_there_and_measure_settlement() {
    let ground = sample::city(2);
    let told = |points: &str| {
        let table = format!(
            "\n[[reference]]\nid = \"r\"\nzh = \"基准\"\nen = \"R\"\npoints = [{points}]\n"
        );
        bank(&ground, &table).expect_err("no point").to_string()
    };
    assert!(told("\"BM-1\"").contains("has no such device"));
    assert!(told("\"tilt 0\"").contains("measures no settlement"));
}

/// A tilt sensor's reading of so many mrad.
fn tilted(device: DeviceId, at: Timestamp, mrad: f64) -> Reading {
    Reading {
        device,
        at,
        arrived: at,
        value: mrad,
        second: Some(0.2),
        temperature_c: Some(20.0),
    }
}

#[test]
fn what_a_device_cannot_measure_is_its_fault_and_no_movement() {
    let ground = sample::city(2);
    let mut bank = bank(&ground, "").expect("a bank");
    let device = sample::device_id("tilt", 0);
    lives(&mut bank, device, 20, |_| 1.0);
    let before = bank.assess(device).unwrap();
    assert_eq!(before.grade, Some(MonitorGrade::Normal));
    let mut at = bank.state(device).and_then(SeriesMonitor::last).unwrap();
    for mrad in [80.0, 80.0, 79.5, -51.0] {
        at = at.plus(1_800_000);
        assert_eq!(bank.take(&tilted(device, at, mrad)), None);
    }
    let told = bank.assess(device).unwrap();
    assert_eq!((told.grade, told.sudden), (before.grade, None));
    assert_eq!((told.level, told.share), (before.level, before.share));
    assert_eq!(told.unused.beyond_range, 4);
    let is_told = |why: &CannotTell| match why {
        CannotTell::BeyondRange { range } => (range.from, range.to) == (-50.0, 50.0),
        _ => false,
    };
    assert!(told.cannot_tell.iter().any(is_told), "{told:?}");
    // It measures again, and that is all.
    bank.take(&tilted(device, at.plus(1_800_000), 1.0));
    let after = bank.assess(device).unwrap();
    assert!(!after.cannot_tell.iter().any(is_told), "{after:?}");
    // One that tells nothing else is blind after a week.
    for day in 1..9 {
        bank.take(&tilted(device, at.plus(day * 86_400_000), 80.0));
    }
    bank.known_until(at.plus(8 * 86_400_000));
    assert_eq!(bank.assess(device).unwrap().grade, None);
}

#[test]
fn a_range_is_one_of_the_numbers_that_a_device_tells() {
    let ground = sample::city(1);
    let device = sample::device_id("tilt", 0);
    let entry = format!("\n[[mounting]]\ndevice = \"{device}\"\nunit = \"degree\"\n");
    let bank = bank(&ground, &entry).expect("a bank");
    let range = bank.sensors().get(device).unwrap().range.unwrap();
    assert!((range.to - 2.865).abs() < 0.001, "{range:?}");
    let crack = bank.sensors().get(sample::device_id("crack", 0)).unwrap();
    assert_eq!(
        crack.range.map(|range| (range.from, range.to)),
        Some((0.0, 60.0))
    );
}

#[test]
fn a_house_whose_points_are_silent_or_stuck_is_not_at_rest() {
    let ground = sample::city(1);
    let mut bank = bank(&ground, "").expect("a bank");
    let point = settlement(0);
    lives(&mut bank, point, 130, |_| 2.0);
    let last = bank.state(point).and_then(SeriesMonitor::last).unwrap();
    let house = |bank: &Bank| {
        let assessed = BTreeMap::from([(point, bank.assess(point).unwrap())]);
        let house = houses(bank, &assessed).remove(0);
        (house.grade, house.is_at_rest)
    };
    bank.known_until(last.plus(7 * 86_400_000));
    assert_eq!(house(&bank), (Some(MonitorGrade::Normal), Some(true)));
    assert_eq!(bank.silent().count(), 0);
    bank.known_until(last.plus(8 * 86_400_000));
    assert_eq!(house(&bank), (None, None));
    assert_eq!(bank.silent().collect::<Vec<_>>(), [point]);
    // It tells again, and always the same.
    for step in 1..=200 {
        let at = last.plus(8 * 86_400_000 + step * 1_800_000);
        bank.take(&tilted(point, at, 2.0));
    }
    bank.known_until(last.plus(13 * 86_400_000));
    assert_eq!(house(&bank), (None, None));
    let told = bank.assess(point).unwrap();
    let is_stuck = |why: &CannotTell| matches!(why, CannotTell::Constant { .. });
    assert!(told.cannot_tell.iter().any(is_stuck), "{told:?}");
}

#[test]
fn a_house_is_told_as_a_whole() {
    // Every settlement point hangs at the same house, ten metres from the next.
    let mut ground = sample::city(3);
    let house = *ground.buildings.keys().next().unwrap();
    let points = ground.devices.values_mut();
    for device in points.filter(|one| one.kind.as_str() == "settlement") {
        device.building = Some(house);
    }
    let table =
        "\n[[reference]]\nid = \"r\"\nzh = \"基准\"\nen = \"R\"\npoints = [\"settlement 2\"]\n";
    let mut bank = bank(&ground, table).expect("a bank");
    // All sink by 3 mm a month because of the line; the second one by 5 mm more.
    for number in 0..3 {
        let own = if number == 1 { 5.0 } else { 0.0 };
        lives(&mut bank, settlement(number), 110, |day| {
            (3.0 + own) * day / 30.44
        });
    }
    let assessed: BTreeMap<DeviceId, Assessment> = (0..3)
        .map(|number| (settlement(number), bank.assess(settlement(number)).unwrap()))
        .collect();
    let rate = |number: u32| assessed[&settlement(number)].growth.unwrap().per_month;
    assert!(
        rate(0).abs() < 0.2 && (rate(1) - 5.0).abs() < 0.3,
        "{} {}",
        rate(0),
        rate(1)
    );
    // The reference itself is told as it is.
    assert!((rate(2) - 3.0).abs() < 0.3, "{}", rate(2));
    let houses = houses(&bank, &assessed);
    assert_eq!(houses.len(), 1);
    let uneven = houses[0]
        .differential
        .as_ref()
        .expect("points that lie apart");
    assert!(
        uneven.told.distance_m >= 10.0 && uneven.told.difference_mm > 5.0,
        "{uneven:?}"
    );
    assert_eq!(houses[0].grade, Some(MonitorGrade::Orange));
    assert_eq!(houses[0].is_at_rest, Some(false));
    assert!(rows_together(&ground, &houses, &assessed).is_empty());
}
