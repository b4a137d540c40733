//! What faces wear in the file: the picture or colour that their source gives them, else the paint
//! of their kind. glTF holds one look of a face, so one theme is chosen for the whole file.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::base::{MaterialId, TextureId};
use crate::model::{EntityKind, FaceDetail, FaceTexture, Ground, Material, Texture};
use crate::space::Surface;

use super::super::Job;
use super::super::palette::{Paint, as_light};
use super::super::report::Report;
use super::themes::Themes;

const CLAMP_TO_EDGE: u32 = 33_071;
const MIRRORED_REPEAT: u32 = 33_648;
const REPEAT: u32 = 10_497;
/// No picture comes so often on one face; 32-bit floats hold it.
const PLACE_MAX: f64 = 1e6;

/// What a face wears.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Coat {
    /// The paint of its kind.
    Paint(Paint),
    /// A colour of the source.
    Material(MaterialId),
    /// A picture of the source.
    Texture(TextureId),
}

/// What faces can wear, and what they do.
#[derive(Debug)]
pub(super) struct Coats<'a> {
    ground: &'a Ground,
    themes: Themes,
    /// Pictures that are there.
    pictures: BTreeMap<TextureId, Picture<'a>>,
    /// Whether the file takes the pictures in; otherwise it names them.
    takes_in: bool,
    /// In the order of their first use: their places are the numbers of the file's materials.
    list: Vec<Coat>,
}

/// A picture that glTF can show.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Picture<'a> {
    /// As textures name it.
    image: &'a str,
    media_type: &'static str,
    pub(super) bytes: &'a [u8],
}

impl<'a> Picture<'a> {
    /// `None` for what is neither PNG nor JPEG, whatever it is called.
    fn of(image: &'a str, bytes: &'a [u8]) -> Option<Self> {
        let media_type = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            "image/png"
        } else if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
            "image/jpeg"
        } else {
            return None;
        };
        Some(Self {
            image,
            media_type,
            bytes,
        })
    }
}

impl<'a> Coats<'a> {
    pub(super) fn new(
        job: &Job<'a>,
        mut themes: Themes,
        takes_in: bool,
        report: &mut Report,
    ) -> Self {
        themes.choose(report);
        let pictures = job.ground.textures.values().filter_map(|one| {
            let (image, bytes) = job.options.pictures.get_key_value(&one.image)?;
            Some((one.id, Picture::of(image, bytes)?))
        });
        Self {
            ground: job.ground,
            themes,
            pictures: pictures.collect(),
            takes_in,
            list: Vec::new(),
        }
    }

    /// The picture on a face and the places of its corners in it, where there is one to show.
    pub(super) fn picture<'d>(
        &self,
        face: &Surface,
        detail: Option<&'d FaceDetail>,
    ) -> Option<&'d FaceTexture> {
        let theme = self.themes.of_textures()?;
        let on_face = detail?.textures.get(theme)?;
        let is_there = self.pictures.contains_key(&on_face.texture);
        let corners = face.rings.iter().map(Vec::len);
        let is_whole = corners.eq(on_face.uv.iter().map(Vec::len))
            && on_face
                .uv
                .iter()
                .flatten()
                .flatten()
                .all(|v| v.abs() <= PLACE_MAX);
        (is_there && is_whole).then_some(on_face)
    }

    /// The colour of a face: its source's, or `paint`.
    pub(super) fn colour(&self, detail: Option<&FaceDetail>, paint: Paint) -> Coat {
        let of_source = || {
            let theme = self.themes.of_materials()?;
            let id = detail?.materials.get(theme)?;
            let material = self.ground.materials.get(id)?;
            let diffuse = material.diffuse?;
            let is_colour = diffuse.0.iter().all(|v| v.is_finite());
            is_colour.then_some(Coat::Material(*id))
        };
        of_source().unwrap_or(Coat::Paint(paint))
    }

    /// The number of a coat among the file's materials.
    pub(super) fn number(&mut self, coat: Coat) -> usize {
        let known = self.list.iter().position(|one| *one == coat);
        known.unwrap_or_else(|| {
            self.list.push(coat);
            self.list.len() - 1
        })
    }

    /// Counts what went out and what did not.
    pub(super) fn tell(&self, report: &mut Report) {
        let worn: BTreeSet<Coat> = self.list.iter().copied().collect();
        let ground = self.ground;
        for id in ground.materials.keys() {
            if worn.contains(&Coat::Material(*id)) {
                report.wrote(EntityKind::Material);
            } else {
                let why = "no colour of a face that goes out";
                report.left(EntityKind::Material.as_str(), 1, why);
            }
        }
        for id in ground.textures.keys() {
            let why = match self.pictures.contains_key(id) {
                true if worn.contains(&Coat::Texture(*id)) => {
                    report.wrote(EntityKind::Texture);
                    continue;
                }
                true => "on no face that goes out",
                false => {
                    "no PNG or JPEG of that name beside the file: put it there and export again"
                }
            };
            report.left(EntityKind::Texture.as_str(), 1, why);
        }
    }

    /// Pictures that faces wear, each once, in the order of their numbers.
    fn worn_pictures(&self) -> Vec<Picture<'a>> {
        let mut worn: Vec<Picture> = Vec::new();
        for coat in &self.list {
            if let Coat::Texture(id) = coat
                && let Some(picture) = self.pictures.get(id)
                && worn.iter().all(|one| one.image != picture.image)
            {
                worn.push(*picture);
            }
        }
        worn
    }

    /// Pictures that the file takes in, in the order of their views.
    pub(super) fn inside(&self) -> Vec<Picture<'a>> {
        if self.takes_in {
            self.worn_pictures()
        } else {
            Vec::new()
        }
    }

    /// The members `materials`, `textures`, `samplers` and `images`, as far as there are any;
    /// pictures inside the file lie in views from number `first_view` on.
    pub(super) fn members(&self, first_view: usize) -> Vec<(&'static str, Vec<Value>)> {
        let pictures = self.worn_pictures();
        let (mut textures, mut samplers) = (Vec::new(), Vec::new());
        let materials = self.list.iter().map(|coat| match coat {
            Coat::Paint(paint) => painted(*paint),
            Coat::Material(id) => self.ground.materials.get(id).map_or_else(bare, dyed),
            Coat::Texture(id) => {
                let texture = self.ground.textures.get(id);
                let picture = self.pictures.get(id);
                let (Some(texture), Some(picture)) = (texture, picture) else {
                    return bare();
                };
                let sampler = place(&mut samplers, sampler(texture));
                let source = pictures.iter().position(|one| one.image == picture.image);
                let member = json!({"sampler": sampler, "source": source});
                papered(picture, place(&mut textures, member))
            }
        });
        let materials = materials.collect();
        let images = pictures.iter().enumerate();
        let images = images.map(|(number, one)| {
            if self.takes_in {
                json!({"bufferView": first_view + number, "mimeType": one.media_type})
            } else {
                json!({"uri": address(one.image)})
            }
        });
        let members = [
            ("materials", materials),
            ("textures", textures),
            ("samplers", samplers),
            ("images", images.collect()),
        ];
        let members = members.into_iter().filter(|(_, list)| !list.is_empty());
        members.collect()
    }
}

/// The number of a value in a list that holds each once.
fn place(list: &mut Vec<Value>, value: Value) -> usize {
    let known = list.iter().position(|one| *one == value);
    known.unwrap_or_else(|| {
        list.push(value);
        list.len() - 1
    })
}

fn sampler(texture: &Texture) -> Value {
    let wrap = match texture.wrap_mode.as_deref() {
        Some("none" | "clamp" | "border") => CLAMP_TO_EDGE,
        Some("mirror") => MIRRORED_REPEAT,
        _ => REPEAT,
    };
    json!({"wrapS": wrap, "wrapT": wrap})
}

/// The address of a picture beside the file (RFC 3986).
fn address(image: &str) -> String {
    let mut uri = String::with_capacity(image.len());
    // Files from another system write `looks\\0.jpg`.
    for byte in image.replace('\\', "/").bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

/// A material of which nothing is known.
fn bare() -> Value {
    json!({})
}

fn painted(paint: Paint) -> Value {
    json!({
        "name": paint.name(),
        // Foreign faces look either way.
        "doubleSided": true,
        "pbrMetallicRoughness": {
            "baseColorFactor": paint.linear(),
            "metallicFactor": 0.0,
            "roughnessFactor": 1.0,
        },
    })
}

/// A colour of the source. Highlights' colour and ambient light have no place in glTF.
fn dyed(one: &Material) -> Value {
    let share = |share: Option<f64>| share.filter(|v| v.is_finite()).map(|v| v.clamp(0.0, 1.0));
    let light = |colour: [f64; 3]| colour.map(as_light);
    let opacity = 1.0 - share(one.transparency).unwrap_or(0.0);
    let [r, g, b] = one.diffuse.map_or([1.0; 3], |colour| light(colour.0));
    let mut material = json!({
        "name": one.name,
        "doubleSided": true,
        "pbrMetallicRoughness": {
            "baseColorFactor": [r, g, b, opacity],
            "metallicFactor": 0.0,
            "roughnessFactor": 1.0 - share(one.shininess).unwrap_or(0.0),
        },
    });
    if opacity < 1.0 {
        material["alphaMode"] = "BLEND".into();
    }
    let emissive = one.emissive.map(|colour| light(colour.0));
    if let Some(emissive) = emissive.filter(|light| light.iter().any(|v| *v > 0.0)) {
        material["emissiveFactor"] = json!(emissive);
    }
    material
}

/// A picture of the source.
fn papered(picture: &Picture<'_>, texture: usize) -> Value {
    let mut material = json!({
        "name": picture.image,
        "doubleSided": true,
        "pbrMetallicRoughness": {
            "baseColorTexture": {"index": texture},
            "metallicFactor": 0.0,
            "roughnessFactor": 1.0,
        },
    });
    // Pictures of trees and fences have holes.
    if picture.media_type == "image/png" {
        material["alphaMode"] = "MASK".into();
    }
    material
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_those_of_the_standard() {
        for (image, expected) in [
            ("a/b.png", "a/b.png"),
            ("a\\墙 1.JPG", "a/%E5%A2%99%201.JPG"),
            ("50%.jpeg", "50%25.jpeg"),
            ("http:x", "http%3Ax"),
        ] {
            assert_eq!(address(image), expected, "{image}");
        }
    }
}
