//! What the points of settlement of a city settled by, from the archive beside it, and the field through
//! them: one way for the command `surface`, for pictures and for the wall. Never writes; never tells of a
//! place where the error is large.

use std::path::Path;

use anyhow::{Context, bail};
use rayon::prelude::*;
use serde::Serialize;

use crate::base::{DeviceId, Timestamp};
use crate::model::Ground;
use crate::monitor::field::{
    Contour, CrossValidation, Estimate, Field, FieldSettings, Grid, NoContours, NoField, NoGrid,
    Point, Surface, Variogram,
};
use crate::monitor::{Quantity, SeriesMonitor};
use crate::portrayal::layer::NoSheet;

use super::archive_beside::archive_beside;
use super::monitored::{Bank, Sensors};
use super::tables;

/// What belongs to every figure, in both languages.
pub(super) const NOTE: [&str; 2] = [
    "筛查结果，非沉降观测成果；误差大或远离测点处不给数值",
    "a screening, not a survey; nothing is told where the error is large or no point is near",
];

/// What was measured until a moment.
pub(super) struct Settled {
    /// What each point settled since its epoch, metres from [`Settled::origin`].
    pub points: Vec<Point>,
    /// The first point in the city's CRS: metres of a grid are too large to square.
    pub origin: [f64; 2],
    /// The moment.
    pub at: Timestamp,
    /// The newest reading until then of a point that counts.
    pub newest: Option<Timestamp>,
}

impl Settled {
    /// Of a city at a moment; at the end of its archive for `None`.
    ///
    /// # Errors
    /// When there is no sensor of settlement, no archive beside the city, or one of the files cannot be
    /// used.
    pub fn of(city: &Path, ground: &Ground, at: Option<Timestamp>) -> anyhow::Result<Self> {
        let table = tables::monitor(city)?;
        let sensors = Sensors::of(ground, &tables::kinds(city)?, &table)?;
        let settled: Vec<DeviceId> = (sensors.all())
            .filter(|(_, sensor)| sensor.gauge.quantity() == Quantity::Settlement)
            .map(|(id, _)| id)
            .collect();
        if settled.is_empty() {
            bail!("the city has no sensor of settlement");
        }
        let mut archive = archive_beside(city)?;
        let end = (archive.last_at()?).context("the archive holds nothing yet")?;
        let at = at.unwrap_or(end);
        let mut bank = Bank::new(sensors, table, ground);
        for device in &settled {
            bank.catch_up(*device, &mut archive, at)?;
        }
        let told: Vec<(DeviceId, Point)> = (settled.iter())
            .filter_map(|device| Some((*device, point(&bank, *device)?)))
            .collect();
        let origin = told.first().map_or([0.0; 2], |(_, one)| one.position);
        let last =
            |(device, _): &(DeviceId, Point)| bank.state(*device).and_then(SeriesMonitor::last);
        Ok(Self {
            newest: told.iter().filter_map(last).max(),
            points: (told.iter())
                .map(|(_, point)| Point {
                    position: minus(point.position, origin),
                    ..*point
                })
                .collect(),
            origin,
            at,
        })
    }

    /// The field through the points, or why there is none.
    pub fn field(&self) -> Result<Field, NoField> {
        Field::fit(&self.points, &FieldSettings::default())
    }

    /// The box around the points, so much wider on every side; from the origin. With the reach of the
    /// field no side of it cuts what is told.
    pub fn bounds(&self, more_m: f64) -> [[f64; 2]; 2] {
        let axis = |axis: usize| {
            let all = self.points.iter().map(|point| point.position[axis]);
            let low = all.clone().fold(f64::INFINITY, f64::min);
            let high = all.fold(f64::NEG_INFINITY, f64::max);
            [low - more_m, high + more_m]
        };
        let (x, y) = (axis(0), axis(1));
        [[x[0], y[0]], [x[1], y[1]]]
    }

    /// Cells over all of which a field may tell.
    pub fn grid(&self, field: &Field, cell_m: f64) -> Result<Grid, NoGrid> {
        // Points of which one is alone in a row still make a box.
        Grid::over(self.bounds(field.reach_m().max(10.0)), cell_m)
    }

    /// A place in the city's CRS.
    pub fn placed(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        [x + self.origin[0], y + self.origin[1]]
    }
}

/// One place less another.
pub(super) fn minus(one: [f64; 2], other: [f64; 2]) -> [f64; 2] {
    [one[0] - other[0], one[1] - other[1]]
}

/// What a point settled since its epoch. The error of a level is that of the day it stands on.
fn point(bank: &Bank, device: DeviceId) -> Option<Point> {
    let sensor = bank.sensors().get(device)?;
    let assessment = bank.assess(device)?;
    // What is wrong as a whole is no point of a surface.
    assessment.grade?;
    let [x, y, _] = sensor.position;
    Some(Point {
        position: [x, y],
        value_mm: assessment.since_epoch?,
        sigma_mm: 0.0,
    })
}

/// A field in cells, with its contours.
pub(super) struct Drawn {
    pub field: Field,
    pub surface: Surface,
    pub contours: Vec<Contour>,
}

impl Drawn {
    /// Of a field in cells; the interval, mm, may depend on the range of what is told. Where the standard
    /// error is above it nothing is told: a line that may as well be its neighbour says nothing.
    pub fn of(
        field: Field,
        grid: &Grid,
        every_mm: impl FnOnce((f64, f64)) -> f64,
    ) -> Result<Self, NoContours> {
        let surface = surface(&field, grid);
        let every_mm = every_mm(surface.range_mm().unwrap_or_default());
        let field = field.no_worse_than(every_mm);
        let surface = surface.no_worse_than(field.most_error_mm());
        Ok(Self {
            contours: surface.contours(every_mm)?,
            field,
            surface,
        })
    }
}

/// The surface of a field, a band of it on each core.
fn surface(field: &Field, grid: &Grid) -> Surface {
    let bands = grid.bands(rayon::current_num_threads());
    let bands: Vec<Vec<Option<Estimate>>> = bands
        .into_par_iter()
        .map(|rows| field.band(grid, rows))
        .collect();
    // Bands have all cells; were it otherwise, one thread has them.
    Surface::known(grid, bands.concat()).unwrap_or_else(|| field.surface(grid))
}

/// What is told of settlement, as `--json` prints it.
#[derive(Debug, Serialize)]
pub(super) struct SettlementTable {
    pub at: Timestamp,
    /// The newest reading that counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measured_at: Option<Timestamp>,
    /// What it is, in both languages: it belongs to every figure.
    pub note: [&'static str; 2],
    /// Points that were measured, and how much each settled since its epoch.
    pub points: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<FieldTable>,
    /// Why there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_field: Option<NoField>,
}

/// A field that could be told.
#[derive(Debug, Serialize)]
pub(super) struct FieldTable {
    pub variogram: Variogram,
    pub validation: CrossValidation,
    /// Whether standard errors hold, as far as so many points can tell.
    pub holds: bool,
    /// Where the standard error is above this nothing is told.
    pub most_error_mm: f64,
    /// Nor further from the nearest point than this.
    pub reach_m: f64,
    pub cells: usize,
    pub cells_told: usize,
    pub lowest_mm: Option<f64>,
    pub highest_mm: Option<f64>,
    pub contours: usize,
}

impl SettlementTable {
    /// Of what was measured, and of the field or why there is none.
    pub fn of(settled: &Settled, drawn: &Result<Drawn, NoField>) -> Self {
        Self {
            at: settled.at,
            measured_at: settled.newest,
            note: NOTE,
            points: settled.points.len(),
            field: drawn.as_ref().ok().map(FieldTable::of),
            no_field: drawn.as_ref().err().copied(),
        }
    }
}

impl FieldTable {
    fn of(drawn: &Drawn) -> Self {
        let (field, surface) = (&drawn.field, &drawn.surface);
        let range = surface.range_mm();
        Self {
            variogram: *field.krige().variogram(),
            validation: field.validation().clone(),
            holds: field.validation().holds(),
            most_error_mm: field.most_error_mm(),
            reach_m: field.reach_m(),
            cells: surface.cells().len(),
            cells_told: surface.told(),
            lowest_mm: range.map(|(low, _)| low),
            highest_mm: range.map(|(_, high)| high),
            contours: drawn.contours.len(),
        }
    }
}

/// Why there is no field, as the legend says it.
pub(super) fn reason(why: NoField) -> NoSheet {
    match why {
        NoField::NoReadings => NoSheet::NoReadings,
        NoField::TooFewPoints { points, least } => NoSheet::TooFewPoints { points, least },
        NoField::TooManyPoints { points, most } => NoSheet::TooManyPoints { points, most },
        NoField::Constant { mm } => NoSheet::Constant { mm },
        NoField::NoStructure {
            mean_mm,
            standard_error_mm,
            ..
        } => NoSheet::NoStructure {
            mean_mm,
            standard_error_mm,
        },
        NoField::NotPositiveDefinite => NoSheet::NotPositiveDefinite,
    }
}
