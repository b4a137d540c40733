//! GeoJSON, feature by feature: WGS 84 as RFC 7946 demands, or any CRS, which its predecessor's
//! `crs` member names.

use std::io::Write;

use serde_json::{Map, Value, json};

use crate::model::passport::Shapes;
use crate::space::Crs;

use super::Job;
use super::attributes::{PLAIN, with_passport};
use super::error::ExportError;
use super::flat::{self, At, Flat, Projection, Rings};
use super::keys::Keys;
use super::report::Report;

/// Degrees are written to a tenth of a millimetre on the ground.
const DEGREE_DIGITS: f64 = 1e9;

/// Writes a feature collection.
pub(super) fn write(
    job: &Job<'_>,
    out: &mut impl Write,
    report: &mut Report,
) -> Result<(), ExportError> {
    let wgs84 = Crs::from_epsg(4326)?;
    let crs = job.options.crs.as_ref().unwrap_or(&wgs84);
    report.crs = crs.name();
    let head = serde_json::to_string(&head(job, crs, report))?;
    let open = head.strip_suffix('}').unwrap_or(&head);
    write!(out, "{open},\"features\":[")?;
    let projection = Projection::new(job.crs, crs)?;
    let mut keys = Keys::default();
    let mut is_first = true;
    flat::each(job, &projection, report, |entity, flat, report| {
        let attributes = with_passport(entity, Shapes::Own, PLAIN, |_| false);
        let Some(attributes) = attributes else {
            return Ok(());
        };
        if !std::mem::take(&mut is_first) {
            out.write_all(b",")?;
        }
        out.write_all(b"\n")?;
        let feature = json!({
            "type": "Feature",
            "id": keys.of(entity),
            "properties": attributes,
            "geometry": geometry(&flat, crs.is_geographic()),
        });
        serde_json::to_writer(&mut *out, &feature)?;
        report.wrote(entity.key().kind);
        Ok(())
    })?;
    out.write_all(b"\n]}\n")?;
    Ok(())
}

/// Everything but the features.
fn head(job: &Job<'_>, crs: &Crs, report: &mut Report) -> Map<String, Value> {
    let mut head = Map::new();
    head.insert("type".to_owned(), "FeatureCollection".into());
    head.insert("name".to_owned(), job.ground.info.name_zh.as_str().into());
    if let Some(whom) = job.attribution() {
        head.insert("attribution".to_owned(), whom.into());
    }
    if crs.epsg() != Some(4326) {
        let name = match crs.epsg() {
            Some(code) => format!("urn:ogc:def:crs:EPSG::{code}"),
            None => crs.name(),
        };
        head.insert(
            "crs".to_owned(),
            json!({"type": "name", "properties": {"name": name}}),
        );
        report.notes.push(
            "not WGS 84: programs that know RFC 7946 only will misplace it; GDAL and QGIS will not"
                .to_owned(),
        );
    }
    let about = json!({
        "day": job.options.day,
        "verticalDatum": job.ground.info.vertical_datum,
    });
    head.insert("pingjiang".to_owned(), about);
    head
}

fn geometry(flat: &Flat, is_geographic: bool) -> Value {
    let position = |at: &At| -> Value {
        let round = |v: f64| {
            if is_geographic {
                (v * DEGREE_DIGITS).round() / DEGREE_DIGITS
            } else {
                v
            }
        };
        json!([round(at[0]), round(at[1])])
    };
    let line = |line: &Vec<At>| -> Value { line.iter().map(position).collect() };
    let polygon = |rings: &Rings| -> Value { rings.iter().map(line).collect() };
    let of = |kind: &str, coordinates: Value| json!({"type": kind, "coordinates": coordinates});
    let polygons = |list: &[Rings]| match list {
        [one] => of("Polygon", polygon(one)),
        _ => of("MultiPolygon", list.iter().map(polygon).collect()),
    };
    match flat {
        Flat::Nothing => Value::Null,
        Flat::Point(at) => of("Point", position(at)),
        Flat::Line(points) => of("LineString", line(points)),
        Flat::Polygon(rings) => of("Polygon", polygon(rings)),
        Flat::Polygons(list) => polygons(list),
        Flat::LineAndPolygons(points, list) => json!({
            "type": "GeometryCollection",
            "geometries": [of("LineString", line(points)), polygons(list)],
        }),
    }
}
