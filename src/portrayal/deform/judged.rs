//! Deformations by what is judged of sensors: several sensors of one building become one lean, one
//! settlement, one grade. Used by pictures, which judge the readings of an archive, and by walls, which
//! follow what the engine judges. What is older than it should be is nothing that can be told.

use std::collections::BTreeMap;

use crate::base::{BuildingId, DeviceId, Timestamp, median};
use crate::model::{
    Device, Ground, Judgement, KindTable, MonitorGrade, Quantity, Rank, RankBy, SuddenKind,
};

use super::{DeformGrade, Deformation, Lean, Told};

/// What one sensor says.
struct Sensor<'a> {
    quantity: Quantity,
    judgement: Option<&'a Judgement>,
    /// Whether it told nothing for too long.
    is_blind: bool,
}

/// Deformations of all buildings that have a sensor of tilt, settlement or a crack, as judged at a moment.
/// A building whose sensors tell nothing is among them, and says so; so are all of them where nothing ran
/// the city yet.
#[must_use]
pub fn deformations(
    ground: &Ground,
    kinds: &KindTable,
    judged: &BTreeMap<DeviceId, Judgement>,
    now: Timestamp,
) -> Vec<Deformation> {
    let sensors = sensors(ground, kinds, (judged, now), None);
    let joined = |(id, sensors): (BuildingId, Vec<Sensor>)| joined(id, &sensors, now);
    sensors.into_iter().map(joined).collect()
}

/// The deformation of one building; `None` where no such sensor is on it.
#[must_use]
pub fn deformation_of(
    ground: &Ground,
    kinds: &KindTable,
    judged: &BTreeMap<DeviceId, Judgement>,
    now: Timestamp,
    building: BuildingId,
) -> Option<Deformation> {
    let sensors = sensors(ground, kinds, (judged, now), Some(building));
    let here = sensors.get(&building)?;
    Some(joined(building, here, now))
}

/// The sensors of each building, or of one alone.
fn sensors<'a>(
    ground: &Ground,
    kinds: &KindTable,
    (judged, now): (&'a BTreeMap<DeviceId, Judgement>, Timestamp),
    only: Option<BuildingId>,
) -> BTreeMap<BuildingId, Vec<Sensor<'a>>> {
    let mut sensors = BTreeMap::<BuildingId, Vec<Sensor>>::new();
    let devices = ground.devices.values();
    let is_wanted = |device: &&Device| only.is_none() || device.building == only;
    for device in devices.filter(is_wanted) {
        let kind = kinds.get(&device.kind);
        let quantity = kind.and_then(|kind| Quantity::of_name(&kind.quantity));
        let Some(((kind, quantity), building)) = kind.zip(quantity).zip(device.building) else {
            continue;
        };
        let judgement = judged.get(&device.id);
        let sensor = Sensor {
            quantity,
            judgement,
            is_blind: judgement.is_none_or(|one| now - one.at > kind.blind_after_ms()),
        };
        sensors.entry(building).or_default().push(sensor);
    }
    sensors
}

impl<'a> Sensor<'a> {
    /// What is judged of it, where that can be used. A house that moved stays what it is until somebody
    /// looked, though its sensor fell silent.
    fn usable(&self) -> Option<&'a Judgement> {
        let is_usable = |one: &&Judgement| !self.is_blind || one.sudden == Some(SuddenKind::Moved);
        let told = self.judgement.filter(is_usable);
        told.filter(|one| one.grade.is_some())
    }

    fn is(&self, quantity: Quantity) -> bool {
        self.quantity == quantity
    }

    /// Size of the lean or width; of settlement what it is since the epoch: what the instrument reads
    /// counts from wherever it was set to nought.
    fn level(&self) -> Option<f64> {
        let told = self.usable()?;
        match self.quantity {
            Quantity::Settlement => told.since_epoch,
            _ => told.level,
        }
    }

    fn rank(&self, now: Timestamp) -> Rank {
        let last = self.judgement.map(|one| one.at);
        let Some(told) = self.usable() else {
            return Rank {
                last,
                ..Rank::default()
            };
        };
        let worse = told.worse_at(now);
        Rank {
            grade: told.grade,
            share: told.share.unwrap_or(0.0),
            surely: Rank::surely_of(self.quantity, told.surely_per_month),
            worse_by: worse.map_or(0, |worse| Rank::worse_by_of(Some(worse.from), told.grade)),
            last,
        }
    }
}

/// Several sensors on one building: the worst grade, the median lean, the median settlement.
fn joined(building: BuildingId, sensors: &[Sensor], now: Timestamp) -> Deformation {
    let ranks = sensors.iter().map(|one| one.rank(now));
    let rank = ranks.fold(Rank::default(), Rank::joined);
    let sunk = sensors.iter().filter(|one| one.is(Quantity::Settlement));
    let sunk = sunk.filter_map(|one| one.usable()?.since_epoch);
    Deformation {
        building,
        lean: lean_of(sensors),
        sink_mm: median(&mut sunk.collect::<Vec<_>>()),
        grade: DeformGrade::from(rank.grade),
        measured_at: rank.last,
        told: told_of(sensors, rank, now),
    }
}

fn told_of(sensors: &[Sensor], rank: Rank, now: Timestamp) -> Told {
    let worst = sensors
        .iter()
        .min_by(|one, other| RankBy::Worst.order(&one.rank(now), &other.rank(now)));
    let figures = worst.and_then(Sensor::usable);
    let worse = sensors.iter().filter_map(|one| {
        let told = one.usable()?;
        Some((told.worse_at(now)?, told.grade?))
    });
    let steps = |(worse, is): &(_, MonitorGrade)| {
        let worse: &crate::model::Worse = worse;
        (Rank::worse_by_of(Some(worse.from), Some(*is)), worse.at)
    };
    Told {
        rank,
        quantity: worst.map(|one| one.quantity),
        fastest: fastest(sensors, now),
        level: worst.and_then(Sensor::level),
        bearing_deg: figures.and_then(|one| one.lean).map(|lean| {
            let [east, north] = lean.permille;
            east.atan2(north).to_degrees().rem_euclid(360.0)
        }),
        share: figures.and_then(|one| one.share),
        per_month: figures.and_then(|one| one.per_month),
        worse: worse.max_by_key(steps),
    }
}

/// What the sensor surely moves a month that moves fastest, and what it measures.
fn fastest(sensors: &[Sensor], now: Timestamp) -> Option<(Quantity, f64)> {
    let first = sensors
        .iter()
        .min_by(|one, other| RankBy::Fastest.order(&one.rank(now), &other.rank(now)))?;
    Some((first.quantity, first.usable()?.surely_per_month?))
}

/// Those with a bearing decide where there are any; a sensor that tells nothing does not lean.
fn lean_of(sensors: &[Sensor]) -> Option<Lean> {
    let tilts = sensors.iter().filter(|one| one.is(Quantity::Tilt));
    let usable: Vec<&Judgement> = tilts.filter_map(Sensor::usable).collect();
    let towards: Vec<_> = usable.iter().filter_map(|one| one.lean).collect();
    if towards.is_empty() {
        let mut sizes: Vec<f64> = usable.iter().filter_map(|one| one.level).collect();
        return median(&mut sizes).map(|permille| Lean::Somewhere { permille });
    }
    let axis = |axis: usize| {
        let values = towards.iter().map(|lean| lean.permille[axis]);
        median(&mut values.collect::<Vec<_>>())
    };
    let errors = towards.iter().filter_map(|lean| lean.error);
    Some(Lean::Towards {
        permille: [axis(0)?, axis(1)?],
        error: errors.max_by(|a, b| a.half_permille[0].total_cmp(&b.half_permille[0])),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{JudgedLean, sample};

    const DAY_MS: crate::base::Millis = 86_400_000;

    fn told(grade: Option<MonitorGrade>, permille: Option<[f64; 2]>, level: f64) -> Judgement {
        Judgement {
            grade,
            level: Some(level),
            lean: permille.map(|permille| JudgedLean {
                permille,
                error: None,
            }),
            ..Judgement::at(sample::MORNING)
        }
    }

    fn sensors(quantity: Quantity, judgements: &[Judgement]) -> Vec<Sensor<'_>> {
        let sensor = |judgement| Sensor {
            quantity,
            judgement: Some(judgement),
            is_blind: false,
        };
        judgements.iter().map(sensor).collect()
    }

    fn check(tilts: &[Judgement], grade: DeformGrade, lean: Option<Lean>) {
        let sensors = sensors(Quantity::Tilt, tilts);
        let one = joined(BuildingId::from_bits(1), &sensors, sample::MORNING);
        assert_eq!((one.grade, one.lean), (grade, lean));
    }

    const CALM: Option<MonitorGrade> = Some(MonitorGrade::Normal);
    const RED: Option<MonitorGrade> = Some(MonitorGrade::Red);

    #[test]
    fn several_sensors_give_the_worst_grade_and_the_median_lean() {
        let towards = |permille| {
            let error = None;
            Some(Lean::Towards { permille, error })
        };
        check(
            &[
                told(CALM, Some([1.0, 0.0]), 1.0),
                told(RED, Some([5.0, 2.0]), 5.4),
                told(CALM, Some([2.0, 1.0]), 2.2),
                told(CALM, None, 9.0),
            ],
            DeformGrade::Red,
            towards([2.0, 1.0]),
        );
        check(
            &[
                told(None, Some([50.0, 0.0]), 50.0),
                told(CALM, Some([1.0, 1.0]), 1.4),
            ],
            DeformGrade::Normal,
            towards([1.0, 1.0]),
        );
        check(
            &[told(CALM, None, 5.0)],
            DeformGrade::Normal,
            Some(Lean::Somewhere { permille: 5.0 }),
        );
        check(
            &[told(None, Some([3.0, 4.0]), 5.0)],
            DeformGrade::CannotTell,
            None,
        );
    }

    #[test]
    fn a_house_sinks_by_the_median_of_its_points() {
        let point = |grade, since_epoch| Judgement {
            since_epoch,
            ..told(grade, None, 40.0)
        };
        let all = [
            point(CALM, Some(2.0)),
            point(CALM, Some(9.0)),
            point(None, Some(99.0)),
            point(Some(MonitorGrade::Orange), Some(4.0)),
        ];
        let sensors = sensors(Quantity::Settlement, &all);
        let one = joined(BuildingId::from_bits(1), &sensors, sample::MORNING);
        assert_eq!((one.sink_mm, one.grade), (Some(4.0), DeformGrade::Orange));
        assert_eq!(one.lean, None);
    }

    #[test]
    fn what_is_old_is_not_told_as_fresh() {
        let (ground, kinds) = (sample::city(1), KindTable::standard());
        let device = sample::device_id("tilt", 0);
        let house = ground.devices[&device].building.unwrap();
        let judged = BTreeMap::from([(device, told(RED, Some([5.0, 2.0]), 5.4))]);
        let at = |days: i64| {
            let now = sample::MORNING.plus(days * DAY_MS);
            let all = deformations(&ground, &kinds, &judged, now);
            *all.iter().find(|one| one.building == house).unwrap()
        };
        assert_eq!(at(7).grade, DeformGrade::Red);
        let old = at(8);
        assert_eq!((old.grade, old.lean), (DeformGrade::CannotTell, None));
        let moved = Judgement {
            sudden: Some(SuddenKind::Moved),
            ..judged[&device].clone()
        };
        let judged = BTreeMap::from([(device, moved)]);
        let all = deformations(&ground, &kinds, &judged, sample::MORNING.plus(8 * DAY_MS));
        let red = all.iter().find(|one| one.building == house).unwrap();
        assert_eq!(red.grade, DeformGrade::Red, "it moved, and nobody looked");
        // Since when it is blind is known.
        assert_eq!(old.measured_at, Some(sample::MORNING));
        assert_eq!(old.told.level, None);
    }

    #[test]
    fn figures_are_those_of_the_worst_sensor() {
        let all = [
            Judgement {
                share: Some(0.2),
                ..told(CALM, None, 1.0)
            },
            Judgement {
                share: Some(1.1),
                per_month: Some([0.4, 0.1]),
                ..told(RED, None, 4.4)
            },
        ];
        let sensors = sensors(Quantity::Tilt, &all);
        let one = joined(BuildingId::from_bits(1), &sensors, sample::MORNING);
        assert_eq!((one.told.level, one.told.share), (Some(4.4), Some(1.1)));
        assert_eq!(one.told.per_month, Some([0.4, 0.1]));
        assert_eq!(one.told.rank.grade, RED);
    }
}
