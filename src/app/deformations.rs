//! What sensors of tilt, settlement and cracks say of buildings, as deformations to draw: the readings of the archive beside a city,
//! judged as `assess` judges them. Used by `shot`. Never writes, never makes up what was not measured.

use std::collections::BTreeMap;
use std::path::Path;

use crate::base::{BuildingId, DeviceId, Timestamp};
use crate::model::{Ground, MonitorGrade};
use crate::monitor::{Quantity, RADIUS_95, Residuals, SeriesMonitor, TrendDay, line, median};
use crate::portrayal::deform::{DeformGrade, Deformation, Lean, LeanError};
use crate::store::SqliteArchive;

use super::archive_beside::archive_beside;
use super::monitored::{Bank, Sensors};
use super::tables;

/// What one sensor says.
struct Told {
    grade: Option<MonitorGrade>,
    /// ‰ east and north, how sure; without a bearing only its size counts. Of tilt alone.
    lean: Option<([f64; 2], Option<LeanError>)>,
    has_bearing: bool,
    /// Settlement since its epoch, mm. Of settlement alone.
    sink_mm: Option<f64>,
    last: Option<Timestamp>,
}

/// Deformations of all buildings that have a sensor of tilt, settlement or a crack, at a moment (at the end of the
/// archive for `None`). A building whose sensors tell nothing is among them, and says so; so are all of
/// them where nothing ran the city yet.
///
/// # Errors
/// When archive or tables cannot be read, or a kind measures in an unknown unit.
pub(super) fn deformations(
    city: &Path,
    ground: &Ground,
    at: Option<Timestamp>,
) -> anyhow::Result<Vec<Deformation>> {
    let (kinds, table) = (tables::kinds(city)?, tables::monitor(city)?);
    let sensors = Sensors::of(ground, &kinds, &table)?;
    let mut bank = Bank::new(sensors, table, ground);
    let has_archive = SqliteArchive::exists(&SqliteArchive::folder_of(city));
    let mut archive = has_archive.then(|| archive_beside(city)).transpose()?;
    let end = archive.as_ref().map(SqliteArchive::last_at).transpose()?;
    let until = at.or(end.flatten());
    let followed: Vec<(DeviceId, BuildingId)> = (bank.sensors().all())
        .filter_map(|(id, sensor)| Some((id, sensor.building?)))
        .collect();
    if let Some((archive, until)) = archive.as_mut().zip(until) {
        let all: Vec<DeviceId> = bank.sensors().all().map(|(id, _)| id).collect();
        for device in all {
            bank.catch_up(device, archive, until)?;
        }
    }
    let mut told = BTreeMap::<BuildingId, Vec<Told>>::new();
    for (device, building) in followed {
        if let Some(one) = Told::of(&bank, device) {
            told.entry(building).or_default().push(one);
        }
    }
    Ok(told
        .into_iter()
        .map(|(id, told)| joined(id, &told))
        .collect())
}

impl Told {
    fn of(bank: &Bank, device: DeviceId) -> Option<Self> {
        let sensor = bank.sensors().get(device)?;
        let silent = SeriesMonitor::default();
        let state = bank.state(device).unwrap_or(&silent);
        let followed = bank.followed(device, state)?;
        let assessment = bank.assess(device)?;
        let lean = followed
            .level()
            .filter(|_| assessment.quantity == Quantity::Tilt);
        let sinks = assessment.quantity == Quantity::Settlement && assessment.grade.is_some();
        Some(Self {
            grade: assessment.grade,
            lean: lean.map(|lean| (lean, scatter(followed.days()))),
            has_bearing: sensor.gauge.has_bearing(),
            sink_mm: assessment.since_epoch.filter(|_| sinks),
            last: state.last(),
        })
    }
}

/// Several sensors on one building: the worst grade, the median lean, the median settlement.
fn joined(building: BuildingId, told: &[Told]) -> Deformation {
    let grade = told.iter().filter_map(|one| one.grade).max();
    Deformation {
        building,
        lean: lean_of(told),
        sink_mm: median(
            &mut told
                .iter()
                .filter_map(|one| one.sink_mm)
                .collect::<Vec<_>>(),
        ),
        grade: DeformGrade::from(grade),
        measured_at: told.iter().filter_map(|one| one.last).max(),
    }
}

/// Those with a bearing decide where there are any; a sensor that tells nothing does not lean.
fn lean_of(told: &[Told]) -> Option<Lean> {
    let usable = || told.iter().filter(|one| one.grade.is_some());
    let towards: Vec<_> = (usable().filter(|one| one.has_bearing))
        .filter_map(|one| one.lean)
        .collect();
    if towards.is_empty() {
        let sizes = usable().filter_map(|one| one.lean);
        let mut sizes: Vec<f64> = sizes.map(|(lean, _)| lean[0].hypot(lean[1])).collect();
        return median(&mut sizes).map(|permille| Lean::Somewhere { permille });
    }
    let axis = |axis: usize| {
        let values = towards.iter().map(|(lean, _)| lean[axis]);
        median(&mut values.collect::<Vec<_>>())
    };
    let longest = |error: &LeanError| error.half_permille[0];
    let errors = towards.iter().filter_map(|(_, error)| *error);
    Some(Lean::Towards {
        permille: [axis(0)?, axis(1)?],
        error: errors.max_by(|a, b| longest(a).total_cmp(&longest(b))),
    })
}

/// Days that tell how far one of them strays from the trend.
const SCATTER_DAYS: usize = 30;
/// Fewer say nothing about it.
const LEAST_DAYS: usize = 5;

/// The ellipse that holds 95 % of single days around their trend: how sure the level of a day is.
fn scatter(days: &[TrendDay]) -> Option<LeanError> {
    let days = &days[days.len().saturating_sub(SCATTER_DAYS)..];
    if days.len() < LEAST_DAYS {
        return None;
    }
    let times: Vec<f64> = days.iter().map(|day| f64::from(day.number)).collect();
    let residuals = |axis: usize| {
        let values: Vec<f64> = days.iter().map(|day| day.value[axis]).collect();
        let trend = line(&times, &values, Residuals::Apart)?;
        let strays = times.iter().zip(&values);
        Some(
            strays
                .map(|(time, value)| value - trend.at(*time))
                .collect::<Vec<_>>(),
        )
    };
    let [east, north] = [residuals(0)?, residuals(1)?];
    let mean = |a: &[f64], b: &[f64]| {
        let products = a.iter().zip(b).map(|(a, b)| a * b);
        // Two numbers of each line were fitted.
        products.sum::<f64>() / (days.len() - 2) as f64
    };
    let covariance = [
        mean(&east, &east),
        mean(&east, &north),
        mean(&north, &north),
    ];
    LeanError::of_covariance(covariance, RADIUS_95)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(grade: Option<MonitorGrade>, lean: [f64; 2], has_bearing: bool) -> Told {
        Told {
            grade,
            lean: Some((lean, None)),
            has_bearing,
            sink_mm: None,
            last: None,
        }
    }

    fn check(told: &[Told], grade: DeformGrade, lean: Option<Lean>) {
        let one = joined(BuildingId::from_bits(1), told);
        assert_eq!((one.grade, one.lean), (grade, lean));
    }

    #[test]
    fn several_sensors_give_the_worst_grade_and_the_median_lean() {
        let (calm, red) = (Some(MonitorGrade::Normal), Some(MonitorGrade::Red));
        let towards = |permille| {
            let error = None;
            Some(Lean::Towards { permille, error })
        };
        check(
            &[
                told(calm, [1.0, 0.0], true),
                told(red, [5.0, 2.0], true),
                told(calm, [2.0, 1.0], true),
                told(calm, [9.0, 9.0], false),
            ],
            DeformGrade::Red,
            towards([2.0, 1.0]),
        );
        check(
            &[told(None, [50.0, 0.0], true), told(calm, [1.0, 1.0], true)],
            DeformGrade::Normal,
            towards([1.0, 1.0]),
        );
        check(
            &[told(calm, [3.0, 4.0], false)],
            DeformGrade::Normal,
            Some(Lean::Somewhere { permille: 5.0 }),
        );
        check(
            &[told(None, [3.0, 4.0], true)],
            DeformGrade::CannotTell,
            None,
        );
    }

    #[test]
    fn a_house_sinks_by_the_median_of_its_points() {
        let point = |grade, sink_mm| Told {
            grade,
            lean: None,
            has_bearing: false,
            sink_mm,
            last: None,
        };
        let calm = Some(MonitorGrade::Normal);
        let all = [
            point(calm, Some(2.0)),
            point(calm, Some(9.0)),
            point(None, None),
            point(Some(MonitorGrade::Orange), Some(4.0)),
        ];
        let one = joined(BuildingId::from_bits(1), &all);
        assert_eq!((one.sink_mm, one.grade), (Some(4.0), DeformGrade::Orange));
        assert_eq!(one.lean, None);
    }

    #[test]
    fn the_ellipse_tells_how_far_days_stray_from_their_trend() {
        let days: Vec<TrendDay> = (0..40)
            .map(|number| {
                let stray = if number % 2 == 0 { 0.1 } else { -0.1 };
                TrendDay {
                    number,
                    value: [0.05 * f64::from(number) + stray, 1.0],
                    celsius: None,
                }
            })
            .collect();
        let ellipse = scatter(&days).expect("days enough");
        let [long, short] = ellipse.half_permille;
        assert!((0.23..0.27).contains(&long) && short < 1e-6, "{ellipse:?}");
        assert!((ellipse.bearing_deg - 90.0).abs() < 1e-6);
        assert_eq!(scatter(&days[..4]), None);
    }
}
