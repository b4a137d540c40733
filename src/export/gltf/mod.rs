//! glTF 2.0: one node a record with its id, name and height, its finest faces as triangles with
//! normals and a material each. Axes are glTF's (x east, y up, z south) from an origin that
//! `asset.extras` tells; nodes are moved, so that corners keep their millimetres as 32-bit floats.
//! Written piece by piece as text beside three growing buffers; never held as a tree of values.

mod mesh;
mod pieces;

use std::io::Write;

use serde_json::{Value, json};

use crate::model::{Entity, EntityKind};
use crate::space::{Bounds3, Surface};

use super::Job;
use super::attributes::name_of;
use super::error::ExportError;
use super::keys::id_text;
use super::report::Report;
use super::select::rank;
use super::shapes::{Body, Shaped, shaped};
use mesh::Mesh;
use pieces::Pieces;

const MAGIC: u32 = 0x4654_6C67;
const JSON_CHUNK: u32 = 0x4E4F_534A;
const BIN_CHUNK: u32 = 0x004E_4942;

/// Writes one binary file.
pub(super) fn write_binary(
    job: &Job<'_>,
    out: &mut impl Write,
    report: &mut Report,
) -> Result<(), ExportError> {
    let pieces = pieces_of(job, report)?;
    let mut text = pieces.document(None)?;
    text.resize(text.len().next_multiple_of(4), b' ');
    let buffers = pieces.buffers();
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

/// Writes one text file with its buffer inside.
pub(super) fn write_text(
    job: &Job<'_>,
    out: &mut impl Write,
    report: &mut Report,
) -> Result<(), ExportError> {
    let pieces = pieces_of(job, report)?;
    let bytes = pieces.buffers().concat();
    too_large(bytes.len())?;
    let uri = format!("data:application/octet-stream;base64,{}", base64(&bytes));
    out.write_all(&pieces.document(Some(&uri))?)?;
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

fn pieces_of(job: &Job<'_>, report: &mut Report) -> Result<Pieces, ExportError> {
    job.count_unasked(report)?;
    let base_m = job.base_m();
    let origin = origin_of(job, base_m)?;
    let mut pieces = Pieces::new(job, origin);
    let mut outlines = 0;
    job.each(|mut entity| {
        let kind = entity.key().kind;
        let Some(shaped) = shaped(&mut entity, base_m, job.options.generated, report) else {
            return Ok(());
        };
        let is_bare = kind == EntityKind::Building && shaped.geometries.len() == 1;
        outlines +=
            usize::from(is_bare && shaped.shapes == crate::model::passport::Shapes::Outline);
        let extras = extras_of(&entity);
        if add(&mut pieces, &entity, shaped, extras)? {
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
    Ok(pieces)
}

/// The middle of the city in whole metres, at the height of its ground.
fn origin_of(job: &Job<'_>, base_m: f64) -> Result<[f64; 3], ExportError> {
    let mut bounds = crate::space::Bounds2::empty();
    job.each(|entity| {
        bounds = bounds.union(&super::select::bounds_of(&entity));
        Ok(())
    })?;
    if bounds.is_empty() || !bounds.center().iter().all(|v| v.is_finite()) {
        return Ok([0.0; 3]);
    }
    let [e, n] = bounds.center();
    Ok([e.floor(), n.floor(), base_m.floor()])
}

/// Adds a record; `false` when there is nothing to see of it.
fn add(
    pieces: &mut Pieces,
    entity: &Entity,
    shaped: Shaped,
    extras: Value,
) -> Result<bool, ExportError> {
    let name = name_of(entity).unwrap_or(&entity.source().key).to_owned();
    let mut faces: Vec<Surface> = Vec::new();
    let mut finest = (0, 0);
    let (mut lines, mut points) = (Vec::new(), Vec::new());
    for geometry in shaped.geometries {
        let rank = rank(&geometry.lod, "0");
        match geometry.body {
            Body::Solid(of) | Body::Faces(of) | Body::Composite(of) if rank >= finest => {
                (faces, finest) = (of, rank);
            }
            Body::Solid(_) | Body::Faces(_) | Body::Composite(_) => {}
            Body::Lines(of) => lines.extend(of),
            Body::Points(of) => points.extend(of),
        }
    }
    let corners = faces.iter().flat_map(|face| face.rings.iter().flatten());
    let all = corners
        .chain(lines.iter().flatten())
        .chain(&points)
        .copied();
    let bounds = Bounds3::from_points(all);
    if bounds.is_empty() || !bounds.center().iter().all(|v| v.is_finite()) {
        return Ok(false);
    }
    let [e, n, _] = bounds.center();
    let anchor = [e, n, bounds.min[2]].map(|v| (v * 1_000.0).round() / 1_000.0);
    let mesh = Mesh::of(entity, &faces, &lines, anchor);
    if mesh.is_empty() && points.is_empty() {
        return Ok(false);
    }
    pieces.add(&name, anchor, &mesh, extras)?;
    Ok(true)
}

fn extras_of(entity: &Entity) -> Value {
    let source = entity.source();
    let mut extras = json!({
        "id": id_text(entity),
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
            if one.models.is_empty() {
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
