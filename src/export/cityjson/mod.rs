//! CityJSON 2.0 as one document or as a text sequence, written object by object: memory holds the
//! vertices of a document, or one object of a sequence.

mod geometry;
mod grid;
mod looks;
mod semantics;
mod vertices;

use std::io::Write;

use serde_json::{Map, Value, json};

use crate::model::passport;
use crate::model::{Entity, EntityKind};
use crate::space::Bounds3;

use super::Job;
use super::attributes::{CITYGML, with_passport};
use super::error::ExportError;
use super::keys::Keys;
use super::report::Report;
use super::shapes::{Shaped, shaped};
use geometry::{Shared, boundaries_of};
use grid::{Grid, Survey};
use looks::{Looks, Worn};
use vertices::Vertices;

/// Writes one document.
pub(super) fn write_document(
    job: &Job<'_>,
    out: &mut impl Write,
    report: &mut Report,
) -> Result<(), ExportError> {
    let frame = Frame::of(job)?;
    // All that the objects may name has its number before them.
    let mut shared = frame.shared(Looks::of(job.ground, &frame.worn));
    let mut head = frame.head(job, &shared.looks, report);
    head.remove("CityObjects");
    head.remove("vertices");
    // All members but the large ones, which come object by object.
    let text = serde_json::to_string(&head)?;
    let open = text.strip_suffix('}').unwrap_or(&text);
    write!(out, "{open},\"CityObjects\":{{")?;
    let mut is_first = true;
    frame.each(job, report, &mut shared, |key, object, _| {
        if !std::mem::take(&mut is_first) {
            out.write_all(b",")?;
        }
        out.write_all(b"\n")?;
        serde_json::to_writer(&mut *out, &key)?;
        out.write_all(b":")?;
        serde_json::to_writer(&mut *out, &object)?;
        Ok(())
    })?;
    out.write_all(b"\n},")?;
    if let Some(appearance) = shared.looks.appearance() {
        write!(out, "\"appearance\":{appearance},")?;
    }
    out.write_all(b"\"vertices\":")?;
    shared.vertices.write(out)?;
    out.write_all(b"}\n")?;
    Ok(())
}

/// Writes a sequence: the head, then one feature a line, each with the materials, textures and
/// vertices of its own.
pub(super) fn write_sequence(
    job: &Job<'_>,
    out: &mut impl Write,
    report: &mut Report,
) -> Result<(), ExportError> {
    let frame = Frame::of(job)?;
    // What no face wears has no other line to stand in.
    let unworn = Looks::of(job.ground, &frame.unworn());
    let mut head = frame.head(job, &unworn, report);
    if let Some(appearance) = unworn.appearance() {
        head.insert("appearance".to_owned(), appearance);
    }
    serde_json::to_writer(&mut *out, &head)?;
    out.write_all(b"\n")?;
    let mut shared = frame.shared(Looks::new(job.ground));
    frame.each(job, report, &mut shared, |key, object, shared| {
        let mut objects = Map::new();
        objects.insert(key.to_owned(), Value::Object(object));
        let mut feature = json!({"type": "CityJSONFeature", "id": key, "CityObjects": objects});
        let Shared { vertices, looks } = shared;
        if let (Some(appearance), Some(passports)) = (looks.appearance(), looks.passports()) {
            feature["appearance"] = appearance;
            feature[passport::LOOKS] = passports;
        }
        let text = feature.to_string();
        let open = text.strip_suffix('}').unwrap_or(&text);
        write!(out, "{open},\"vertices\":")?;
        vertices.write(out)?;
        out.write_all(b"}\n")?;
        vertices.clear();
        looks.clear();
        Ok(())
    })
}

/// What all objects of a file share.
struct Frame {
    extent: Bounds3,
    grid: Grid,
    /// Materials and textures that go out: those of the faces, and of a whole city all.
    worn: Worn,
    /// Those of the faces.
    on_faces: Worn,
    base_m: f64,
}

impl Frame {
    /// Looks at every position and face once.
    fn of(job: &Job<'_>) -> Result<Self, ExportError> {
        let base_m = job.base_m();
        let mut survey = Survey::new();
        let mut on_faces = Worn::default();
        // Counted when they are written.
        let mut unused = Report::named("", String::new());
        job.each(|mut entity| {
            let shaped = shaped(&mut entity, base_m, job.options.generated, &mut unused);
            for geometry in shaped.iter().flat_map(|shaped| &shaped.geometries) {
                geometry.for_each(|at| survey.see(at, geometry.own_axes));
                geometry.details.iter().for_each(|one| on_faces.see(one));
            }
            Ok(())
        })?;
        let ground = job.ground;
        on_faces
            .materials
            .retain(|id| ground.materials.contains_key(id));
        on_faces
            .textures
            .retain(|id| ground.textures.contains_key(id));
        let worn = if job.is_whole() {
            Worn {
                materials: ground.materials.keys().copied().collect(),
                textures: ground.textures.keys().copied().collect(),
            }
        } else {
            on_faces.clone()
        };
        Ok(Self {
            extent: *survey.extent(),
            grid: survey.grid(),
            worn,
            on_faces,
            base_m,
        })
    }

    fn shared<'a>(&self, looks: Looks<'a>) -> Shared<'a> {
        Shared {
            vertices: Vertices::new(self.grid),
            looks,
        }
    }

    /// What goes out though no face wears it.
    fn unworn(&self) -> Worn {
        let Worn {
            materials,
            textures,
        } = &self.on_faces;
        Worn {
            materials: &self.worn.materials - materials,
            textures: &self.worn.textures - textures,
        }
    }

    /// The document without objects, which is the first line of a sequence; `listed` are the
    /// materials and textures that stand beside it.
    fn head(&self, job: &Job<'_>, listed: &Looks<'_>, report: &mut Report) -> Map<String, Value> {
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
            let corners = [self.extent.min, self.extent.max].concat();
            metadata.insert("geographicalExtent".to_owned(), corners.into());
        }
        if let Some(whom) = job.attribution() {
            metadata.insert("attribution".to_owned(), whom.into());
        }
        let vertical = info.vertical_datum.as_str();
        metadata.insert("pingjiang:verticalDatum".to_owned(), vertical.into());
        if let Some(passports) = listed.passports() {
            metadata.insert(passport::LOOKS.to_owned(), passports);
        }
        let document = json!({
            "type": "CityJSON",
            "version": "2.0",
            "transform": {"scale": self.grid.scale(), "translate": self.grid.translate()},
            "metadata": metadata,
            "CityObjects": {},
            "vertices": [],
        });
        match document {
            Value::Object(members) => members,
            _ => Map::new(),
        }
    }

    /// Hands over every object with its key and what it uses, and tells what stays behind.
    fn each<'a>(
        &self,
        job: &Job<'_>,
        report: &mut Report,
        shared: &mut Shared<'a>,
        mut then: impl FnMut(&str, Map<String, Value>, &mut Shared<'a>) -> Result<(), ExportError>,
    ) -> Result<(), ExportError> {
        job.count_unasked(report)?;
        self.count_looks(job, report);
        if let Some(step_m) = self.grid.rounding_m() {
            report.notes.push(format!(
                "coordinates span too much to be kept to the last digit: rounded to {step_m:.1e} m"
            ));
        }
        let mut keys = Keys::default();
        job.each(|mut entity| {
            let is_generated = job.options.generated;
            let Some(shaped) = shaped(&mut entity, self.base_m, is_generated, report) else {
                return Ok(());
            };
            let kind = entity.key().kind;
            let Some(object) = object_of(&entity, shaped, shared, report) else {
                report.left(kind.as_str(), 1, "no shape that the format can hold");
                return Ok(());
            };
            then(&keys.of(&entity), object, shared)?;
            report.wrote(kind);
            Ok(())
        })
    }

    fn count_looks(&self, job: &Job<'_>, report: &mut Report) {
        let Worn {
            materials,
            textures,
        } = &self.worn;
        for (kind, count) in [
            (EntityKind::Material, materials.len()),
            (EntityKind::Texture, textures.len()),
        ] {
            (0..count).for_each(|_| report.wrote(kind));
            let left = job.ground.count(kind).saturating_sub(count);
            report.left(kind.as_str(), left, "on no face that goes out");
        }
        if !textures.is_empty() {
            let note = "pictures are named as their source names them: put them beside the file";
            report.notes.push(note.to_owned());
        }
    }
}

fn object_of(
    entity: &Entity,
    shaped: Shaped,
    shared: &mut Shared<'_>,
    report: &mut Report,
) -> Option<Map<String, Value>> {
    let geometries: Vec<Value> = shaped
        .geometries
        .iter()
        .filter_map(|geometry| boundaries_of(geometry, shared, report))
        .collect();
    // An area may have no outline, and a group has no shape; all others are nothing without one.
    if geometries.is_empty() && !matches!(entity, Entity::Area(_) | Entity::Object(_)) {
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
