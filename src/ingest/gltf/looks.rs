//! Materials and textures of a glTF document as the raw city keeps them: the base colour, and the
//! name of its picture. Never opens a picture.

use std::path::Path;

use gltf::Document;
use gltf::image::Source as ImageSource;
use gltf::texture::WrappingMode;

use super::super::Input;
use super::super::raw::RawCity;
use super::buffers::percent_decoded;
use crate::base::{ImportId, MaterialId, TextureId};
use crate::model::{Material, Rgb, Source, Texture};

/// The theme under which faces name what they wear; glTF has one look.
pub(super) const THEME: &str = "gltf";
/// Where a picture lies that is no file of its own.
const INSIDE: &str = "#images/";

/// Adds all materials and textures, each in the place that faces name.
pub(super) fn add(raw: &mut RawCity, document: &Document) {
    for (place, material) in document.materials().enumerate() {
        let look = material.pbr_metallic_roughness();
        let [red, green, blue, opacity] = look.base_color_factor().map(f64::from);
        let emissive = material.emissive_factor().map(f64::from);
        let glows = emissive.iter().any(|share| *share > 0.0);
        raw.materials.push(Material {
            id: MaterialId::from_bits(place as u64),
            source: source(),
            name: material.name().unwrap_or("material").to_owned(),
            ambient_intensity: None,
            diffuse: Some(Rgb([red, green, blue].map(as_seen))),
            emissive: glows.then(|| Rgb(emissive.map(as_seen))),
            specular: None,
            shininess: Some(share(1.0 - f64::from(look.roughness_factor()))),
            transparency: (opacity < 1.0).then(|| share(1.0 - opacity)),
            is_smooth: None,
        });
    }
    for (place, texture) in document.textures().enumerate() {
        let (image, mime) = match texture.source().source() {
            ImageSource::Uri { uri, mime_type } if !uri.starts_with("data:") => {
                let name = percent_decoded(uri).unwrap_or_else(|| uri.to_owned());
                (name, mime_type)
            }
            ImageSource::Uri { mime_type, .. } => {
                (format!("{INSIDE}{}", texture.source().index()), mime_type)
            }
            ImageSource::View { mime_type, .. } => (
                format!("{INSIDE}{}", texture.source().index()),
                Some(mime_type),
            ),
        };
        let is_jpeg = mime == Some("image/jpeg")
            || Path::new(&image)
                .extension()
                .is_some_and(|ending| ending.eq_ignore_ascii_case("jpg"));
        let wrap = match texture.sampler().wrap_s() {
            WrappingMode::ClampToEdge => "clamp",
            WrappingMode::MirroredRepeat => "mirror",
            WrappingMode::Repeat => "wrap",
        };
        raw.textures.push(Texture {
            id: TextureId::from_bits(place as u64),
            source: source(),
            image,
            format: if is_jpeg { "JPG" } else { "PNG" }.to_owned(),
            wrap_mode: Some(wrap.to_owned()),
            texture_type: None,
            border_color: None,
        });
    }
}

/// Notes pictures that are not where the file says.
pub(super) fn note_missing(raw: &mut RawCity, input: &Input) {
    let textures = raw.textures.iter();
    let files = textures.filter(|texture| !texture.image.starts_with(INSIDE));
    let missing: Vec<String> = files
        .filter(|texture| !input.has_beside(&texture.image))
        .map(|texture| texture.image.clone())
        .collect();
    for image in missing {
        let reason = "there is no such picture beside the file; its name is kept";
        raw.warnings.note(image, reason);
    }
}

/// A share of light, as glTF has it, as a share of sRGB, as colours of the city are.
fn as_seen(light: f64) -> f64 {
    let light = share(light);
    if light <= 0.003_130_8 {
        12.92 * light
    } else {
        share(1.055 * light.powf(1.0 / 2.4) - 0.055)
    }
}

fn share(value: f64) -> f64 {
    if value.is_finite() {
        value.clamp(0.0, 1.0)
    } else {
        0.0
    }
}

/// Filled in by `convert`.
fn source() -> Source {
    Source {
        dataset: String::new(),
        key: String::new(),
        import: ImportId::from_bits(0),
    }
}
