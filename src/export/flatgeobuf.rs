//! FlatGeobuf: one layer of all kinds with a spatial index. A few plain columns are for everybody;
//! the column `pingjiang` holds the passport and all attributes of the source.

use std::io::Write;

use flatgeobuf::geozero::error::Result as GeoResult;
use flatgeobuf::geozero::{ColumnValue, GeomProcessor, GeozeroGeometry, PropertyProcessor};
use flatgeobuf::{ColumnType, FgbCrs, FgbWriter, FgbWriterOptions, GeometryType};
use serde_json::{Map, Value, json};

use crate::model::Entity;
use crate::model::passport::{self, MEMBER, Remarks, Shapes};
use crate::space::Crs;

use super::Job;
use super::attributes::{PLAIN, in_words, of_source};
use super::error::ExportError;
use super::flat::{self, At, Flat, Projection, Rings};
use super::report::Report;

/// The columns for everybody: name and type.
const COLUMNS: &[(&str, ColumnType)] = &[
    ("id", ColumnType::String),
    ("type", ColumnType::String),
    ("name", ColumnType::String),
    ("kind", ColumnType::String),
    ("height", ColumnType::Double),
    ("height_origin", ColumnType::String),
    ("storeys", ColumnType::Long),
    ("year", ColumnType::Long),
    ("usage", ColumnType::String),
    ("address", ColumnType::String),
    ("width", ColumnType::Double),
    ("level", ColumnType::String),
    (MEMBER, ColumnType::Json),
];

/// The type of the feature with a road's surfaces beside its centre line: programs that draw maps
/// draw no collections of lines and areas.
const SURFACES: &str = "road_surface";

/// Writes the layer.
pub(super) fn write(
    job: &Job<'_>,
    out: &mut impl Write,
    report: &mut Report,
) -> Result<(), ExportError> {
    let crs = job.options.crs.as_ref().unwrap_or(job.crs);
    report.crs = crs.name();
    let mut writer = layer(job, crs, report)?;
    let projection = Projection::new(job.crs, crs)?;
    let mut halves = 0;
    flat::each(job, &projection, report, |entity, flat, report| {
        let kind = entity.key().kind;
        let is_written = match flat {
            Flat::Nothing => {
                report.left(kind.as_str(), 1, "without an outline");
                return Ok(());
            }
            Flat::LineAndPolygons(line, polygons) => {
                let surfaces = Flat::Polygons(polygons);
                halves += 1;
                add(&mut writer, entity, &Flat::Line(line), Shapes::Line)?
                    && add(&mut writer, entity, &surfaces, Shapes::Surfaces)?
            }
            flat => add(&mut writer, entity, &flat, Shapes::Own)?,
        };
        if is_written {
            report.wrote(kind);
        }
        Ok(())
    })?;
    if halves > 0 {
        report.notes.push(format!(
            "{halves} roads stand in two features each: \"road\" is the centre line, {SURFACES:?} the surfaces"
        ));
    }
    writer
        .write(out)
        .map_err(|fault| failed("the layer", &fault))
}

fn failed(record: &str, fault: &impl std::fmt::Display) -> ExportError {
    ExportError::Refused {
        record: record.to_owned(),
        reason: fault.to_string(),
    }
}

fn layer<'a>(job: &Job<'_>, crs: &Crs, report: &mut Report) -> Result<FgbWriter<'a>, ExportError> {
    let whom = job.attribution();
    let about = json!({
        "attribution": whom,
        "day": job.options.day,
        "verticalDatum": job.ground.info.vertical_datum,
    })
    .to_string();
    let code = crs.epsg().and_then(|code| i32::try_from(code).ok());
    if code.is_none() {
        report.notes.push(format!(
            "the CRS has no EPSG code: the file names none; it is {}",
            crs.proj()
        ));
    }
    let name = crs.name();
    let options = FgbWriterOptions {
        write_index: true,
        // The types are mixed, and each feature says its own.
        detect_type: false,
        promote_to_multi: false,
        crs: FgbCrs {
            org: code.map(|_| "EPSG"),
            code: code.unwrap_or(0),
            name: Some(&name),
            ..FgbCrs::default()
        },
        title: Some(&job.ground.info.name_zh),
        description: whom.as_deref(),
        metadata: Some(&about),
        ..FgbWriterOptions::default()
    };
    let title = job.ground.info.name_en.as_str();
    let writer = FgbWriter::create_with_options(title, GeometryType::Unknown, options);
    let mut writer = writer.map_err(|fault| failed("the layer", &fault))?;
    for (name, kind) in COLUMNS {
        writer.add_column(name, *kind, |_, column| column.nullable = true);
    }
    Ok(writer)
}

/// Adds a record; `false` for what has no passport.
fn add(
    writer: &mut FgbWriter<'_>,
    entity: &Entity,
    flat: &Flat,
    shapes: Shapes,
) -> Result<bool, ExportError> {
    let attributes: Map<String, Value> = of_source(entity)
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let remarks = Remarks {
        shapes,
        added: &[],
        is_whole: true,
        attributes: Some(&attributes),
    };
    let Some(passport) = passport::of(entity, remarks) else {
        return Ok(false);
    };
    let mut words = in_words(entity, PLAIN);
    words.push(("id", entity.key().id_text().into()));
    let kind = match shapes {
        Shapes::Surfaces => SURFACES,
        _ => entity.key().kind.as_str(),
    };
    words.push(("type", kind.into()));
    let passport = passport.to_string();
    let mut refusal = None;
    let added = writer.add_feature_geom(Drawn(flat), |feature| {
        for (index, (name, kind)) in COLUMNS.iter().enumerate() {
            let word = words.iter().find(|(word, _)| word == name);
            let value = match (word, *kind) {
                (None, ColumnType::Json) => Some(ColumnValue::Json(&passport)),
                (None, _) => None,
                (Some((_, value)), ColumnType::Double) => value.as_f64().map(ColumnValue::Double),
                (Some((_, value)), ColumnType::Long) => value.as_i64().map(ColumnValue::Long),
                (Some((_, value)), _) => value.as_str().map(ColumnValue::String),
            };
            if let Some(value) = value
                && let Err(fault) = feature.property(index, name, &value)
            {
                refusal = Some(fault);
            }
        }
    });
    match added.err().or(refusal) {
        None => Ok(true),
        Some(fault) => {
            let record = format!("{} {}", entity.key().kind.as_str(), entity.source().key);
            Err(failed(&record, &fault))
        }
    }
}

/// A shape that draws itself for the library.
struct Drawn<'a>(&'a Flat);

impl GeozeroGeometry for Drawn<'_> {
    fn process_geom<P: GeomProcessor>(&self, to: &mut P) -> GeoResult<()> {
        match self.0 {
            Flat::Nothing | Flat::LineAndPolygons(..) => Ok(()),
            Flat::Point(at) => {
                to.point_begin(0)?;
                to.xy(at[0], at[1], 0)?;
                to.point_end(0)
            }
            Flat::Line(line) => draw_line(to, line, true, 0),
            Flat::Polygon(rings) => draw_polygon(to, rings, true, 0),
            Flat::Polygons(polygons) => {
                to.multipolygon_begin(polygons.len(), 0)?;
                for (index, rings) in polygons.iter().enumerate() {
                    draw_polygon(to, rings, false, index)?;
                }
                to.multipolygon_end(0)
            }
        }
    }
}

fn draw_line(
    to: &mut impl GeomProcessor,
    line: &[At],
    tagged: bool,
    index: usize,
) -> GeoResult<()> {
    to.linestring_begin(tagged, line.len(), index)?;
    for (index, at) in line.iter().enumerate() {
        to.xy(at[0], at[1], index)?;
    }
    to.linestring_end(tagged, index)
}

fn draw_polygon(
    to: &mut impl GeomProcessor,
    rings: &Rings,
    tagged: bool,
    index: usize,
) -> GeoResult<()> {
    to.polygon_begin(tagged, rings.len(), index)?;
    for (index, ring) in rings.iter().enumerate() {
        draw_line(to, ring, false, index)?;
    }
    to.polygon_end(tagged, index)
}
