//! glTF 2.0: one node a record with its id, name and height, its finest faces as triangles with
//! normals, in the colours and pictures that their source gives them or the paint of their kind.
//! Axes are glTF's (x east, y up, z south) from an origin that
//! `asset.extras` tells; nodes are moved, so that corners keep their millimetres as 32-bit floats.
//! Written piece by piece as text beside three growing buffers; never held as a tree of values.

mod coats;
mod mesh;
mod pieces;
mod themes;

use std::io::Write;

use serde_json::{Value, json};

use crate::model::passport::{self, FlatShape, MEMBER, Remarks, SHAPE, Shapes};
use crate::model::{Entity, EntityKind, lod_rank};
use crate::space::Bounds3;

use super::Job;
use super::attributes::{name_of, of_source};
use super::error::ExportError;
use super::report::Report;
use super::shapes::{Body, Shaped, shaped};
use coats::Coats;
use mesh::{Mesh, Shape};
use pieces::Pieces;
use themes::Themes;

const MAGIC: u32 = 0x4654_6C67;
const JSON_CHUNK: u32 = 0x4E4F_534A;
const BIN_CHUNK: u32 = 0x004E_4942;

/// Writes one binary file, its pictures inside.
pub(super) fn write_binary(
    job: &Job<'_>,
    out: &mut impl Write,
    report: &mut Report,
) -> Result<(), ExportError> {
    let (pieces, coats) = pieces_of(job, true, report)?;
    let mut text = pieces.document(&coats, None)?;
    text.resize(text.len().next_multiple_of(4), b' ');
    let buffers = pieces.buffers(&coats);
    let bytes: usize = buffers.iter().map(|buffer| buffer.len()).sum();
    let bin_chunk = if bytes == 0 { 0 } else { 8 + bytes };
    let total = too_large(12 + 8 + text.len() + bin_chunk)?;
    for word in [MAGIC, 2, total, too_large(text.len())?, JSON_CHUNK] {
        out.write_all(&word.to_le_bytes())?;
    }
    out.write_all(&text)?;
    if bytes > 0 {
        for word in [too_large(bytes)?, BIN_CHUNK] {
            out.write_all(&word.to_le_bytes())?;
        }
        for buffer in buffers {
            out.write_all(buffer)?;
        }
    }
    Ok(())
}

/// Writes one text file with its buffer inside and its pictures beside it.
pub(super) fn write_text(
    job: &Job<'_>,
    out: &mut impl Write,
    report: &mut Report,
) -> Result<(), ExportError> {
    let (pieces, coats) = pieces_of(job, false, report)?;
    let bytes = pieces.buffers(&coats).concat();
    too_large(bytes.len())?;
    let uri = format!("data:application/octet-stream;base64,{}", base64(&bytes));
    out.write_all(&pieces.document(&coats, Some(&uri))?)?;
    Ok(())
}

fn too_large(bytes: usize) -> Result<u32, ExportError> {
    u32::try_from(bytes).map_err(|_| ExportError::TooLarge {
        reason: format!("glTF holds 4 GiB, and this takes {} MiB", bytes >> 20),
    })
}

/// Standard base64 with padding (RFC 4648).
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let word = group
            .iter()
            .zip([16, 8, 0])
            .fold(0_u32, |word, (byte, shift)| {
                word | u32::from(*byte) << shift
            });
        for (place, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            let digit = DIGITS[(word >> shift & 63) as usize];
            text.push(if place <= group.len() {
                char::from(digit)
            } else {
                '='
            });
        }
    }
    text
}

fn pieces_of<'a>(
    job: &Job<'a>,
    takes_in: bool,
    report: &mut Report,
) -> Result<(Pieces, Coats<'a>), ExportError> {
    job.count_unasked(report)?;
    let base_m = job.base_m();
    let (origin, themes) = survey(job, base_m)?;
    let mut coats = Coats::new(job, themes, takes_in, report);
    let mut pieces = Pieces::new(job, origin);
    let mut outlines = 0;
    job.each(|mut entity| {
        let kind = entity.key().kind;
        let Some(shaped) = shaped(&mut entity, base_m, job.options.generated, report) else {
            return Ok(());
        };
        let is_bare = kind == EntityKind::Building && shaped.geometries.len() == 1;
        outlines += usize::from(is_bare && shaped.shapes == Shapes::Outline);
        let extras = extras_of(&entity, &shaped);
        if add((&mut pieces, &mut coats), &entity, shaped, extras)? {
            report.wrote(kind);
        } else {
            report.left(kind.as_str(), 1, "no shape that the format can hold");
        }
        Ok(())
    })?;
    if outlines > 0 {
        report.notes.push(format!(
            "{outlines} buildings have no faces and lie flat: --generated makes bodies for them"
        ));
    }
    coats.tell(report);
    Ok((pieces, coats))
}

/// The middle of the city in whole metres, at the height of its ground, and what its faces wear.
fn survey(job: &Job<'_>, base_m: f64) -> Result<([f64; 3], Themes), ExportError> {
    let mut bounds = crate::space::Bounds2::empty();
    let mut themes = Themes::default();
    job.each(|entity| {
        bounds = bounds.union(&entity.bounds());
        let models = match &entity {
            Entity::Building(one) => one.models.as_slice(),
            Entity::Object(one) => &one.models,
            _ => &[],
        };
        let details = models.iter().flat_map(|model| &model.details);
        details.for_each(|detail| themes.see(detail));
        Ok(())
    })?;
    let origin = if bounds.is_empty() || !bounds.center().iter().all(|v| v.is_finite()) {
        [0.0; 3]
    } else {
        let [e, n] = bounds.center();
        [e.floor(), n.floor(), base_m.floor()]
    };
    Ok((origin, themes))
}

/// Adds a record; `false` when there is nothing to see of it.
fn add(
    (pieces, coats): (&mut Pieces, &mut Coats<'_>),
    entity: &Entity,
    shaped: Shaped,
    extras: Value,
) -> Result<bool, ExportError> {
    let name = name_of(entity).unwrap_or(&entity.source().key).to_owned();
    let mut bounds = Bounds3::empty();
    let mut shape = Shape::default();
    let mut finest = (0, 0);
    let mut has_points = false;
    for geometry in shaped.geometries {
        let rank = lod_rank(&geometry.lod, "0");
        geometry.for_each(|at| bounds.include(at));
        match geometry.body {
            Body::Solid(of) | Body::Faces(of) | Body::Composite(of) if rank >= finest => {
                (shape.faces, shape.details, finest) = (of, geometry.details, rank);
            }
            Body::Solid(_) | Body::Faces(_) | Body::Composite(_) => {}
            Body::Net(net) => shape.nets.push(net),
            Body::Lines(of) => shape.lines.extend(of),
            Body::Points(of) => has_points |= !of.is_empty(),
        }
    }
    if bounds.is_empty() || !bounds.center().iter().all(|v| v.is_finite()) {
        return Ok(false);
    }
    let [e, n, _] = bounds.center();
    let anchor = [e, n, bounds.min[2]].map(|v| (v * 1_000.0).round() / 1_000.0);
    let mesh = Mesh::of(entity, &shape, anchor, coats);
    if mesh.is_empty() && !has_points {
        return Ok(false);
    }
    pieces.add(&name, anchor, &mesh, coats, extras)?;
    Ok(true)
}

/// What other programs should see of a record, and what an import needs to make it again.
fn extras_of(entity: &Entity, shaped: &Shaped) -> Value {
    let source = entity.source();
    let mut extras = json!({
        "id": entity.key().id_text(),
        "type": entity.key().kind.as_str(),
        "dataset": source.dataset,
        "key": source.key,
        "name": name_of(entity),
    });
    let mut say = |name: &str, value: Value| extras[name] = value;
    match entity {
        Entity::Building(one) => {
            say("height_m", one.height_m.into());
            say("height_origin", one.height_origin.as_str().into());
            say("storeys", one.storeys.into());
            say("usage", one.usage.as_str().into());
            if shaped.shapes == Shapes::Own {
                let lods = shaped.geometries.iter().map(|geometry| &geometry.lod);
                say(
                    "lod",
                    lods.max_by_key(|lod| lod_rank(lod, "0"))
                        .map_or(Value::Null, |lod| lod.as_str().into()),
                );
            } else {
                say("geometry", "generated".into());
            }
        }
        Entity::Plant(one) => {
            say("height_m", one.height_m.into());
            say("crown_m", one.crown_m.into());
        }
        Entity::Object(one) => say("kind", one.kind.as_str().into()),
        _ => {}
    }
    let attributes = of_source(entity).map(|(name, value)| (name.clone(), value.clone()));
    let attributes = attributes.collect();
    let remarks = Remarks {
        shapes: shaped.shapes,
        attributes: Some(&attributes),
        ..Remarks::default()
    };
    if let Some(passport) = passport::of(entity, remarks) {
        extras[MEMBER] = passport;
    }
    let has_own_faces = matches!(entity, Entity::Building(_)) && shaped.shapes == Shapes::Own;
    if let Some(shape) = FlatShape::of(entity).filter(|_| !has_own_faces) {
        extras[SHAPE] = json!(shape);
    }
    extras
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        for (bytes, expected) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(bytes.as_bytes()), expected);
        }
    }
}
