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

use crate::base::Timestamp;
use crate::model::Ground;
use crate::monitor::field::{Contour, ProfilePoint};
use crate::portrayal::words::{Lang, Words};
use crate::store::CityFile;

use super::coverage_table::lon_lat;
use super::query::from_lon_lat;
use super::settled::{Drawn, FieldTable, NOTE, Settled, SettlementTable, minus, reason};

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
    #[serde(flatten)]
    settlement: SettlementTable,
    profile: Vec<Along>,
}

/// A place of a profile.
#[derive(Debug, Serialize)]
struct Along {
    along_m: f64,
    mm: Option<f64>,
    standard_error_mm: Option<f64>,
}

impl Surface {
    /// Runs the command.
    ///
    /// # Errors
    /// When city, archive, table or file cannot be used, or what was asked for makes no sense.
    pub fn run(self) -> anyhow::Result<()> {
        let ground = CityFile::open(&self.city, None)?.load_ground()?;
        let settled = Settled::of(&self.city, &ground, self.at)?;
        let document = self.document(&ground, &settled)?;
        if self.json {
            println!("{}", serde_json::to_string_pretty(&document)?);
        } else {
            print!("{}", page(&document, &ground, self.lang));
        }
        Ok(())
    }

    fn document(&self, ground: &Ground, settled: &Settled) -> anyhow::Result<Document> {
        let drawn = match settled.field() {
            Ok(field) => {
                let grid = settled.grid(&field, self.cell).context("--cell")?;
                let drawn = Drawn::of(field, &grid, |_| self.interval);
                Ok(drawn.context("--interval")?)
            }
            Err(why) => Err(why),
        };
        let mut profile = Vec::new();
        match (&drawn, &self.contours) {
            (Err(why), Some(out)) => bail!("{} is not written: {why}", out.display()),
            (Ok(drawn), Some(out)) => write(out, &features(ground, &drawn.contours, settled)?)?,
            (_, None) => {}
        }
        if let (Ok(drawn), false) = (&drawn, self.profile.is_empty()) {
            let line = self.line(ground, settled.origin)?;
            let along = drawn.field.profile(&line, self.step).context("--profile")?;
            profile = along.iter().map(Along::of).collect();
        }
        Ok(Document {
            city: self.city.display().to_string(),
            settlement: SettlementTable::of(settled, &drawn),
            profile,
        })
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

fn features(ground: &Ground, contours: &[Contour], settled: &Settled) -> anyhow::Result<String> {
    let mut features = Vec::with_capacity(contours.len());
    for contour in contours {
        let line: Option<Vec<[f64; 2]>> = (contour.line.iter())
            .map(|at| lon_lat(ground, settled.placed(*at)))
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
        "at": settled.at,
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
    let settlement = &document.settlement;
    let at = settlement.at.local(offset, "%Y-%m-%d %H:%M");
    let points = settlement.points;
    let mut text = match lang {
        Lang::Zh => format!("{at}  沉降测点 {points} 个\n{}\n", NOTE[0]),
        Lang::En => format!("{at}  {points} points of settlement\n{}\n", NOTE[1]),
    };
    if let Some(why) = settlement.no_field {
        let why = reason(why).text(Words::of(lang));
        text += &match lang {
            Lang::Zh => format!("\n无法给出沉降面：{why}\n"),
            Lang::En => format!("\nno surface: {why}\n"),
        };
    }
    if let Some(told) = &settlement.field {
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
                lang.pick(
                    "误差过大或附近无测点",
                    "the error is too large, or no point is near"
                )
            ),
        };
    }
    text
}

fn told_field(told: &FieldTable, lang: Lang) -> String {
    let (model, check) = (&told.variogram, &told.validation);
    let (low, high) = (
        told.lowest_mm.unwrap_or(0.0),
        told.highest_mm.unwrap_or(0.0),
    );
    let share = 100.0 * told.cells_told as f64 / told.cells.max(1) as f64;
    let (error, reach) = (told.most_error_mm, told.reach_m);
    let within = 100.0 * check.share_within_95;
    let (range, nugget, sill) = (model.range_m, model.nugget_mm2, model.sill_mm2);
    let mut text = match lang {
        Lang::Zh => format!(
            "\n沉降 {low:.1} 至 {high:.1} mm，等值线 {} 条\n\
             距测点 {reach:.0} m 内且标准误差不大于 {error:.2} mm 处给出，占外框的 {share:.0}%\n\
             变差函数 {:?}：块金 {nugget:.2} mm²，基台 {sill:.2} mm²，变程 {range:.0} m\n\
             交叉验证：均方根误差 {:.2} mm，{within:.0}% 落在 95% 区间内\n",
            told.contours, model.shape, check.rmse_mm
        ),
        Lang::En => format!(
            "\nsettlement of {low:.1} to {high:.1} mm, {} contours\n\
             told within {reach:.0} m of a point where the standard error is at most {error:.2} mm, \
             {share:.0} % of the box around them\nvariogram {:?}: nugget {nugget:.2} mm², sill {sill:.2} mm², range {range:.0} m\n\
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
