//! What tilt sensors say of buildings, as deformations to draw: the readings of the archive beside a city,
//! judged as `assess` judges them. Used by `shot`. Never writes, never makes up what was not measured.

use std::collections::BTreeMap;
use std::path::Path;

use crate::base::{BuildingId, Timestamp};
use crate::model::Ground;
use crate::model::ports::Archive;
use crate::monitor::{
    MonitorGrade, RADIUS_95, Residuals, Subject, TiltMonitor, TrendDay, assess, line, median,
};
use crate::portrayal::deform::{DeformGrade, Deformation, Lean, LeanError};
use crate::portrayal::words::Lang;
use crate::store::SqliteArchive;

use super::archive_beside::archive_beside;
use super::assess::{Judge, sample};
use super::tables;

/// What one sensor says.
struct Told {
    grade: Option<MonitorGrade>,
    /// ‰ east and north, how sure; without a bearing only its size counts.
    lean: Option<([f64; 2], Option<LeanError>)>,
    has_bearing: bool,
    last: Option<Timestamp>,
}

/// Deformations of all buildings that have a tilt sensor, at a moment (at the end of the archive for
/// `None`). A building whose sensors tell nothing is among them, and says so; so are all of them where
/// nothing ran the city yet.
///
/// # Errors
/// When archive or tables cannot be read, or a kind measures tilt in an unknown unit.
pub(super) fn deformations(
    city: &Path,
    ground: &Ground,
    at: Option<Timestamp>,
) -> anyhow::Result<Vec<Deformation>> {
    let (kinds, table) = (tables::kinds(city)?, tables::monitor(city)?);
    let judge = Judge {
        ground,
        kinds: &kinds,
        table: &table,
        lang: Lang::default(),
    };
    let has_archive = SqliteArchive::exists(&SqliteArchive::folder_of(city));
    let mut archive = has_archive.then(|| archive_beside(city)).transpose()?;
    let from = Timestamp::from_millis(i64::MIN);
    let to = at.map_or(Timestamp::from_millis(i64::MAX), |at| at.plus(1));
    let mut told = BTreeMap::<BuildingId, Vec<Told>>::new();
    for device in ground.devices.values() {
        let measures_tilt = kinds
            .get(&device.kind)
            .is_some_and(|kind| kind.quantity == "tilt");
        let building = device.building.and_then(|id| ground.buildings.get(&id));
        let Some(building) = building.filter(|_| measures_tilt) else {
            continue;
        };
        let mounting = judge.mounting(device)?;
        let mut monitor = TiltMonitor::default();
        if let Some(archive) = &mut archive {
            let offset = ground.info.utc_offset_minutes;
            archive.each_reading(device.id, from, to, &mut |reading| {
                monitor.take(&sample(reading), &mounting, &table.gross, offset);
            })?;
        }
        let days = monitor.trend_days();
        let one = Told {
            grade: assess(&monitor, &mounting, &Subject::from(building), &table).grade,
            lean: (monitor.lean_permille()).map(|lean| (lean, scatter(&days))),
            has_bearing: mounting.bearing_deg.is_some(),
            last: monitor.last(),
        };
        told.entry(building.id).or_default().push(one);
    }
    Ok(told
        .into_iter()
        .map(|(id, told)| joined(id, &told))
        .collect())
}

/// Several sensors on one building: the worst grade, the median lean.
fn joined(building: BuildingId, told: &[Told]) -> Deformation {
    let grade = told.iter().filter_map(|one| one.grade).max();
    Deformation {
        building,
        lean: lean_of(told),
        // Settlement is not assessed yet.
        sink_mm: None,
        grade: grade.map_or(DeformGrade::CannotTell, grade_of),
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

const fn grade_of(grade: MonitorGrade) -> DeformGrade {
    match grade {
        MonitorGrade::Normal => DeformGrade::Normal,
        MonitorGrade::Attention => DeformGrade::Attention,
        MonitorGrade::Yellow => DeformGrade::Yellow,
        MonitorGrade::Orange => DeformGrade::Orange,
        MonitorGrade::Red => DeformGrade::Red,
    }
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
        let values: Vec<f64> = days.iter().map(|day| day.lean[axis]).collect();
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
    fn the_ellipse_tells_how_far_days_stray_from_their_trend() {
        let days: Vec<TrendDay> = (0..40)
            .map(|number| {
                let stray = if number % 2 == 0 { 0.1 } else { -0.1 };
                TrendDay {
                    number,
                    lean: [0.05 * f64::from(number) + stray, 1.0],
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
