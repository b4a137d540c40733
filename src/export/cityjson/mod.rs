//! CityJSON 2.0 as one document or as a text sequence, written object by object: memory holds the
//! vertices of a document, or one object of a sequence.

mod geometry;
mod vertices;

use std::io::Write;

use serde_json::{Map, Value, json};

use crate::model::Entity;
use crate::space::Bounds3;

use super::Job;
use super::attributes::{CITYGML, with_passport};
use super::error::ExportError;
use super::keys::Keys;
use super::report::Report;
use super::shapes::{Shaped, shaped};
use geometry::boundaries_of;
use vertices::Vertices;

/// Coordinates are whole millimetres.
const SCALE: f64 = 0.001;

/// Writes one document.
pub(super) fn write_document(
    job: &Job<'_>,
    out: &mut impl Write,
    report: &mut Report,
) -> Result<(), ExportError> {
    let frame = Frame::of(job)?;
    let mut head = frame.head(job, report);
    head.remove("CityObjects");
    head.remove("vertices");
    // All members but the two large ones, which come object by object.
    let text = serde_json::to_string(&head)?;
    let open = text.strip_suffix('}').unwrap_or(&text);
    write!(out, "{open},\"CityObjects\":{{")?;
    let mut vertices = Vertices::new(frame.translate);
    let mut is_first = true;
    job.count_unasked(report)?;
    frame.each(job, report, &mut vertices, |key, object, _| {
        if !std::mem::take(&mut is_first) {
            out.write_all(b",")?;
        }
        out.write_all(b"\n")?;
        serde_json::to_writer(&mut *out, &key)?;
        out.write_all(b":")?;
        serde_json::to_writer(&mut *out, &object)?;
        Ok(())
    })?;
    out.write_all(b"\n},\"vertices\":")?;
    vertices.write(out)?;
    out.write_all(b"}\n")?;
    Ok(())
}

/// Writes a sequence: the head, then one feature a line.
pub(super) fn write_sequence(
    job: &Job<'_>,
    out: &mut impl Write,
    report: &mut Report,
) -> Result<(), ExportError> {
    let frame = Frame::of(job)?;
    serde_json::to_writer(&mut *out, &frame.head(job, report))?;
    out.write_all(b"\n")?;
    let mut vertices = Vertices::new(frame.translate);
    job.count_unasked(report)?;
    frame.each(job, report, &mut vertices, |key, object, vertices| {
        let mut objects = Map::new();
        objects.insert(key.to_owned(), Value::Object(object));
        let feature = json!({"type": "CityJSONFeature", "id": key, "CityObjects": objects});
        let text = feature.to_string();
        let open = text.strip_suffix('}').unwrap_or(&text);
        write!(out, "{open},\"vertices\":")?;
        vertices.write(out)?;
        out.write_all(b"}\n")?;
        vertices.clear();
        Ok(())
    })
}

/// What all objects of a file share.
struct Frame {
    extent: Bounds3,
    translate: [f64; 3],
    base_m: f64,
}

impl Frame {
    /// Looks at every position once.
    fn of(job: &Job<'_>) -> Result<Self, ExportError> {
        let base_m = job.base_m();
        let mut extent = Bounds3::empty();
        // Counted when they are written.
        let mut unused = Report::named("", String::new());
        job.each(|mut entity| {
            let shaped = shaped(&mut entity, base_m, job.options.generated, &mut unused);
            let geometries = shaped.map(|shaped| shaped.geometries).unwrap_or_default();
            for at in geometries.iter().flat_map(|geometry| geometry.positions()) {
                if at.iter().all(|v| v.is_finite()) {
                    extent.include(at);
                }
            }
            Ok(())
        })?;
        let translate = if extent.is_empty() {
            [0.0; 3]
        } else {
            extent.min.map(f64::floor)
        };
        Ok(Self {
            extent,
            translate,
            base_m,
        })
    }

    /// The document without objects, which is the first line of a sequence.
    fn head(&self, job: &Job<'_>, report: &mut Report) -> Map<String, Value> {
        let info = &job.ground.info;
        let mut metadata = Map::new();
        metadata.insert("title".to_owned(), info.name_zh.as_str().into());
        metadata.insert("referenceDate".to_owned(), job.options.day.as_str().into());
        match job.crs.epsg() {
            Some(code) => {
                let url = format!("https://www.opengis.net/def/crs/EPSG/0/{code}");
                metadata.insert("referenceSystem".to_owned(), url.into());
            }
            None => report.notes.push(format!(
                "the city's CRS has no EPSG code: the file names none; import it with --crs \"{}\"",
                job.crs.proj()
            )),
        }
        if !self.extent.is_empty() {
            let round = |at: [f64; 3]| at.map(|v| (v / SCALE).round() * SCALE);
            let corners = [round(self.extent.min), round(self.extent.max)].concat();
            metadata.insert("geographicalExtent".to_owned(), corners.into());
        }
        if let Some(whom) = job.attribution() {
            metadata.insert("attribution".to_owned(), whom.into());
        }
        let vertical = info.vertical_datum.as_str();
        metadata.insert("pingjiang:verticalDatum".to_owned(), vertical.into());
        let document = json!({
            "type": "CityJSON",
            "version": "2.0",
            "transform": {"scale": [SCALE, SCALE, SCALE], "translate": self.translate},
            "metadata": metadata,
            "CityObjects": {},
            "vertices": [],
        });
        match document {
            Value::Object(members) => members,
            _ => Map::new(),
        }
    }

    /// Hands over every object with its key and the vertices it uses.
    fn each(
        &self,
        job: &Job<'_>,
        report: &mut Report,
        vertices: &mut Vertices,
        mut then: impl FnMut(&str, Map<String, Value>, &mut Vertices) -> Result<(), ExportError>,
    ) -> Result<(), ExportError> {
        let mut keys = Keys::default();
        job.each(|mut entity| {
            let is_generated = job.options.generated;
            let Some(shaped) = shaped(&mut entity, self.base_m, is_generated, report) else {
                return Ok(());
            };
            let kind = entity.key().kind;
            let Some(object) = object_of(&entity, shaped, vertices, report) else {
                report.left(kind.as_str(), 1, "no shape that the format can hold");
                return Ok(());
            };
            then(&keys.of(&entity), object, vertices)?;
            report.wrote(kind);
            Ok(())
        })
    }
}

fn object_of(
    entity: &Entity,
    shaped: Shaped,
    vertices: &mut Vertices,
    report: &mut Report,
) -> Option<Map<String, Value>> {
    let geometries: Vec<Value> = shaped
        .geometries
        .iter()
        .filter_map(|geometry| boundaries_of(geometry, vertices, report))
        .collect();
    // An area may have no outline; everything else is nothing without a shape.
    if geometries.is_empty() && !matches!(entity, Entity::Area(_)) {
        return None;
    }
    // Attributes of extensions would need the extension's schema.
    let attributes = with_passport(entity, shaped.shapes, CITYGML, |name| name.starts_with('+'))?;
    let mut object = Map::new();
    object.insert("type".to_owned(), shaped.kind.into());
    object.insert("attributes".to_owned(), attributes.into());
    object.insert("geometry".to_owned(), geometries.into());
    Some(object)
}
