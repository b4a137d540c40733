//! `pingjiang surface`: what the ground of a community settles by between its points, with its standard
//! error: kriged from all points of settlement, held against each point left out, as contours for a map
//! and as profiles along a line. Nothing is told where the error is large. A screening. Never writes a
//! city.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use serde::Serialize;
use serde_json::json;

use crate::base::{DeviceId, Timestamp};
use crate::model::Ground;
use crate::monitor::Quantity;
use crate::monitor::field::{
    Contour, CrossValidation, Field, FieldSettings, Grid, NoField, Point, ProfilePoint, Variogram,
};
use crate::portrayal::words::Lang;
use crate::store::CityFile;

use super::archive_beside::archive_beside;
use super::coverage_table::lon_lat;
use super::monitored::{Bank, Sensors};
use super::query::from_lon_lat;
use super::tables;

/// What the ground settles by between the points that are measured, where that can be told.
///
/// A screening, not an appraisal: kriging with a fitted variogram (docs/monitor.md, "The field"), each
/// point held against what the others say. Where the standard error is large nothing is told.
#[derive(Debug, Args)]
pub struct Surface {
    /// City.
    #[arg(value_name = "CITY.gpkg")]
    city: PathBuf,
    /// At this moment; the end of the archive otherwise.
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
    /// Write contours as GeoJSON (WGS 84).
    #[arg(long, value_name = "OUT.geojson")]
    contours: Option<PathBuf>,
    /// Millimetres from one contour to the next.
    #[arg(long, default_value_t = 2.0, value_name = "MM")]
    interval: f64,
    /// Side of a cell, metres.
    #[arg(long, default_value_t = 2.0, value_name = "M")]
    cell: f64,
    /// A profile along this line: longitude,latitude of two places or more.
    #[arg(long, num_args = 2.., value_name = "LON,LAT", allow_hyphen_values = true)]
    profile: Vec<String>,
    /// Metres from one place of the profile to the next.
    #[arg(long, default_value_t = 10.0, value_name = "M")]
    step: f64,
    /// zh or en.
    #[arg(long, default_value = "zh")]
    lang: Lang,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
}

/// What is told.
#[derive(Debug, Serialize)]
struct Document {
    city: String,
    at: Timestamp,
    /// What it is, in both languages: it belongs to every figure.
    note: [&'static str; 2],
    /// Points that were measured, and how much each settled since its epoch.
    points: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<Told>,
    /// Why there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    no_field: Option<NoField>,
    profile: Vec<Along>,
}

/// A field that could be told.
#[derive(Debug, Serialize)]
struct Told {
    variogram: Variogram,
    validation: CrossValidation,
    /// Whether standard errors hold, as far as so many points can tell.
    holds: bool,
    cells: usize,
    cells_told: usize,
    lowest_mm: Option<f64>,
    highest_mm: Option<f64>,
    contours: usize,
}

/// A place of a profile.
#[derive(Debug, Serialize)]
struct Along {
    along_m: f64,
    mm: Option<f64>,
    standard_error_mm: Option<f64>,
}

/// What belongs to every figure.
const NOTE: [&str; 2] = [
    "筛查结果，非沉降观测成果；误差大处不给数值",
    "a screening, not a survey; nothing is told where the error is large",
];

impl Surface {
    /// Runs the command.
    ///
    /// # Errors
    /// When city, archive, table or file cannot be used, or what was asked for makes no sense.
    pub fn run(self) -> anyhow::Result<()> {
        let ground = CityFile::open(&self.city, None)?.load_ground()?;
        let mut archive = archive_beside(&self.city)?;
        let end = archive
            .last_at()?
            .context("the archive holds nothing yet")?;
        let at = self.at.unwrap_or(end);
        let table = tables::monitor(&self.city)?;
        let sensors = Sensors::of(&ground, &tables::kinds(&self.city)?, &table)?;
        let mut bank = Bank::new(sensors, table, &ground);
        let settled: Vec<DeviceId> = (bank.sensors().all())
            .filter(|(_, sensor)| sensor.gauge.quantity() == Quantity::Settlement)
            .map(|(id, _)| id)
            .collect();
        if settled.is_empty() {
            bail!("the city has no sensor of settlement");
        }
        for device in &settled {
            bank.catch_up(*device, &mut archive, at)?;
        }
        let points = points(&bank, &settled);
        // Places are told from the first point: metres of a grid are too large to square.
        let origin = points.first().map_or([0.0; 2], |point| point.position);
        let local = points.iter().map(|point| Point {
            position: minus(point.position, origin),
            ..*point
        });
        let local: Vec<Point> = local.collect();
        let document = self.document(&ground, &local, origin, at)?;
        if self.json {
            println!("{}", serde_json::to_string_pretty(&document)?);
        } else {
            print!("{}", page(&document, &ground, self.lang));
        }
        Ok(())
    }

    fn document(
        &self,
        ground: &Ground,
        points: &[Point],
        origin: [f64; 2],
        at: Timestamp,
    ) -> anyhow::Result<Document> {
        let mut document = Document {
            city: self.city.display().to_string(),
            at,
            note: NOTE,
            points: points.len(),
            field: None,
            no_field: None,
            profile: Vec::new(),
        };
        let field = match Field::fit(points, &FieldSettings::default()) {
            Ok(field) => field,
            Err(why) => {
                if let Some(out) = &self.contours {
                    bail!("{} is not written: {why}", out.display());
                }
                document.no_field = Some(why);
                return Ok(document);
            }
        };
        let grid = Grid::over(bounds(points), self.cell).context("--cell")?;
        let surface = field.surface(&grid);
        let contours = surface.contours(self.interval).context("--interval")?;
        if let Some(out) = &self.contours {
            write(out, &features(ground, &contours, origin, at)?)?;
        }
        if !self.profile.is_empty() {
            let line = self.line(ground, origin)?;
            let along = field.profile(&line, self.step).context("--profile")?;
            document.profile = along.iter().map(Along::of).collect();
        }
        let range = surface.range_mm();
        document.field = Some(Told {
            variogram: *field.krige().variogram(),
            validation: field.validation().clone(),
            holds: field.validation().holds(),
            cells: surface.cells().len(),
            cells_told: surface.told(),
            lowest_mm: range.map(|(low, _)| low),
            highest_mm: range.map(|(_, high)| high),
            contours: contours.len(),
        });
        Ok(document)
    }

    /// The line of the profile, from the first point.
    fn line(&self, ground: &Ground, origin: [f64; 2]) -> anyhow::Result<Vec<[f64; 2]>> {
        let place = |text: &String| {
            let parts: Option<Vec<f64>> =
                text.split(',').map(|one| one.trim().parse().ok()).collect();
            let Some([lon, lat]) = parts.as_deref() else {
                bail!(
                    "--profile {text}: two numbers with a comma are a place, such as 120.6065,31.3165"
                );
            };
            Ok(minus(from_lon_lat(ground, [*lon, *lat])?, origin))
        };
        self.profile.iter().map(place).collect()
    }
}

impl Along {
    fn of(point: &ProfilePoint) -> Self {
        Self {
            along_m: point.along_m,
            mm: point.estimate.map(|estimate| estimate.mm),
            standard_error_mm: point.estimate.map(|estimate| estimate.standard_error_mm),
        }
    }
}

fn minus(one: [f64; 2], other: [f64; 2]) -> [f64; 2] {
    [one[0] - other[0], one[1] - other[1]]
}

/// What each point settled since its epoch. The error of a level is that of the day it stands on.
fn points(bank: &Bank, devices: &[DeviceId]) -> Vec<Point> {
    let told = devices.iter().filter_map(|device| {
        let sensor = bank.sensors().get(*device)?;
        let assessment = bank.assess(*device)?;
        // What is wrong as a whole is no point of a surface.
        assessment.grade?;
        let [x, y, _] = sensor.position;
        Some(Point {
            position: [x, y],
            value_mm: assessment.since_epoch?,
            sigma_mm: 0.0,
        })
    });
    told.collect()
}

/// The box around the points, a twentieth wider on every side, and never thinner than twenty metres.
fn bounds(points: &[Point]) -> [[f64; 2]; 2] {
    let axis = |axis: usize| {
        let all = points.iter().map(|point| point.position[axis]);
        let low = all.clone().fold(f64::INFINITY, f64::min);
        let high = all.fold(f64::NEG_INFINITY, f64::max);
        let more = (0.05 * (high - low)).max(10.0);
        [low - more, high + more]
    };
    let (x, y) = (axis(0), axis(1));
    [[x[0], y[0]], [x[1], y[1]]]
}

fn features(
    ground: &Ground,
    contours: &[Contour],
    origin: [f64; 2],
    at: Timestamp,
) -> anyhow::Result<String> {
    let mut features = Vec::with_capacity(contours.len());
    for contour in contours {
        let line: Option<Vec<[f64; 2]>> = (contour.line.iter())
            .map(|at| lon_lat(ground, [at[0] + origin[0], at[1] + origin[1]]))
            .collect();
        let line =
            line.context("the city's coordinates cannot be told as longitude and latitude")?;
        features.push(json!({
            "type": "Feature",
            "properties": { "settlement_mm": contour.value_mm },
            "geometry": { "type": "LineString", "coordinates": line },
        }));
    }
    let collection = json!({
        "type": "FeatureCollection",
        "at": at,
        "note": NOTE,
        "features": features,
    });
    Ok(serde_json::to_string(&collection)?)
}

/// Whole or not at all.
fn write(out: &Path, text: &str) -> anyhow::Result<()> {
    let draft = out.with_extension("geojson.draft");
    fs::write(&draft, text)
        .and_then(|()| fs::rename(&draft, out))
        .with_context(|| format!("{} cannot be written", out.display()))
}

fn page(document: &Document, ground: &Ground, lang: Lang) -> String {
    let offset = ground.info.utc_offset_minutes;
    let at = document.at.local(offset, "%Y-%m-%d %H:%M");
    let points = document.points;
    let mut text = match lang {
        Lang::Zh => format!("{at}  沉降测点 {points} 个\n{}\n", NOTE[0]),
        Lang::En => format!("{at}  {points} points of settlement\n{}\n", NOTE[1]),
    };
    if let Some(why) = &document.no_field {
        text += &match lang {
            Lang::Zh => format!("\n无法给出沉降面：{}\n", why_not(why)),
            Lang::En => format!("\nno surface: {why}\n"),
        };
    }
    if let Some(told) = &document.field {
        text += &told_field(told, lang);
    }
    if !document.profile.is_empty() {
        text += lang.pick(
            "\n剖面（沿线距离 m：沉降 mm ± 标准误差）\n",
            "\nprofile (m along the line: mm ± standard error)\n",
        );
    }
    for one in &document.profile {
        text += &match (one.mm, one.standard_error_mm) {
            (Some(mm), Some(error)) => format!("{:>8.1}  {mm:>7.2} ± {error:.2}\n", one.along_m),
            _ => format!(
                "{:>8.1}  {}\n",
                one.along_m,
                lang.pick("误差过大", "the error is too large")
            ),
        };
    }
    text
}

fn told_field(told: &Told, lang: Lang) -> String {
    let (model, check) = (&told.variogram, &told.validation);
    let (low, high) = (
        told.lowest_mm.unwrap_or(0.0),
        told.highest_mm.unwrap_or(0.0),
    );
    let share = 100.0 * told.cells_told as f64 / told.cells.max(1) as f64;
    let within = 100.0 * check.share_within_95;
    let (range, nugget, sill) = (model.range_m, model.nugget_mm2, model.sill_mm2);
    let mut text = match lang {
        Lang::Zh => format!(
            "\n沉降 {low:.1} 至 {high:.1} mm，给出 {share:.0}% 的范围，等值线 {} 条\n\
             变差函数 {:?}：块金 {nugget:.2} mm²，基台 {sill:.2} mm²，变程 {range:.0} m\n\
             交叉验证：均方根误差 {:.2} mm，{within:.0}% 落在 95% 区间内\n",
            told.contours, model.shape, check.rmse_mm
        ),
        Lang::En => format!(
            "\nsettlement of {low:.1} to {high:.1} mm, told for {share:.0} % of the box around the points; \
             {} contours\nvariogram {:?}: nugget {nugget:.2} mm², sill {sill:.2} mm², range {range:.0} m\n\
             each point left out: root mean square {:.2} mm, {within:.0} % within the 95 % interval\n",
            told.contours, model.shape, check.rmse_mm
        ),
    };
    if !told.holds {
        text += lang.pick(
            "标准误差与实际偏差不符：请谨慎使用\n",
            "standard errors do not fit what is seen: use with care\n",
        );
    }
    text
}

fn why_not(why: &NoField) -> String {
    match why {
        NoField::NoReadings => "没有可用的读数".to_owned(),
        NoField::TooFewPoints { points, least } => {
            format!("只有 {points} 个测点，至少需要 {least} 个")
        }
        NoField::TooManyPoints { points, most } => {
            format!("测点 {points} 个，最多 {most} 个")
        }
        NoField::Constant { mm } => format!("各点数值都是 {mm} mm"),
        NoField::NoStructure { mean_mm, .. } => {
            format!("相邻测点并不更相似，只能给出平均值 {mean_mm:.2} mm")
        }
        NoField::NotPositiveDefinite => "变差函数不可用（协方差非正定）".to_owned(),
    }
}
