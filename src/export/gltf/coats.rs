//! What faces wear in the file: the picture or colour that their source gives them, else the paint
//! of their kind. glTF holds one look of a face, so one theme is chosen for the whole file.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::base::{MaterialId, TextureId};
use crate::model::{EntityKind, FaceDetail, FaceTexture, Ground, Material, Texture};
use crate::space::Surface;

use super::super::Job;
use super::super::palette::{Paint, as_light};
use super::super::report::Report;

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
    /// Pictures that are there, with their addresses.
    pictures: BTreeMap<TextureId, String>,
    /// In the order of their first use: their places are the numbers of the file's materials.
    list: Vec<Coat>,
}

/// The themes that count, by the faces that wear them.
#[derive(Debug, Default)]
pub(super) struct Themes {
    materials: BTreeMap<String, usize>,
    textures: BTreeMap<String, usize>,
}

impl Themes {
    /// Counts what a face wears.
    pub(super) fn see(&mut self, detail: &FaceDetail) {
        for (themes, names) in [
            (
                &mut self.materials,
                detail.materials.keys().collect::<Vec<_>>(),
            ),
            (&mut self.textures, detail.textures.keys().collect()),
        ] {
            for name in names {
                match themes.get_mut(name) {
                    Some(count) => *count += 1,
                    None => drop(themes.insert(name.clone(), 1)),
                }
            }
        }
    }

    /// Leaves the theme of the most faces, the first by name among equals, and tells the others.
    fn choose(&mut self, report: &mut Report) {
        for (themes, what) in [
            (&mut self.materials, "themes of materials"),
            (&mut self.textures, "themes of textures"),
        ] {
            let most = themes.values().max().copied();
            let Some(chosen) = themes.iter().find(|(_, count)| Some(**count) == most) else {
                continue;
            };
            let chosen = chosen.0.clone();
            themes.retain(|name, _| *name != chosen);
            let why = format!("glTF holds one look of a face, and most faces have {chosen:?}");
            report.left(what, themes.len(), &why);
            *themes = [(chosen, 1)].into();
        }
    }
}

impl<'a> Coats<'a> {
    pub(super) fn new(job: &Job<'a>, mut themes: Themes, report: &mut Report) -> Self {
        themes.choose(report);
        let textures = job.ground.textures.values();
        let there = textures.filter(|one| job.options.pictures.contains(&one.image));
        let pictures = there.filter_map(|one| Some((one.id, address(&one.image)?)));
        Self {
            ground: job.ground,
            themes,
            pictures: pictures.collect(),
            list: Vec::new(),
        }
    }

    /// The picture on a face and the places of its corners in it, where there is one to show.
    pub(super) fn picture<'d>(
        &self,
        face: &Surface,
        detail: Option<&'d FaceDetail>,
    ) -> Option<&'d FaceTexture> {
        let (theme, _) = self.themes.textures.first_key_value()?;
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
            let (theme, _) = self.themes.materials.first_key_value()?;
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
                    "its picture (png or jpg) is not beside the file: put it there and export again"
                }
            };
            report.left(EntityKind::Texture.as_str(), 1, why);
        }
    }

    /// The members `materials`, `textures`, `samplers` and `images`, as far as there are any.
    pub(super) fn members(&self) -> Vec<(&'static str, Vec<Value>)> {
        let mut pictures = Pictures::default();
        let materials = self.list.iter().map(|coat| match coat {
            Coat::Paint(paint) => painted(*paint),
            Coat::Material(id) => self
                .ground
                .materials
                .get(id)
                .map_or_else(|| json!({}), dyed),
            Coat::Texture(id) => {
                let uri = self.pictures.get(id).map_or("", String::as_str);
                let texture = self.ground.textures.get(id);
                texture.map_or_else(
                    || json!({}),
                    |one| papered(one, pictures.add(one, uri), uri),
                )
            }
        });
        let materials = materials.collect();
        let members = [
            ("materials", materials),
            ("textures", pictures.textures),
            ("samplers", pictures.samplers),
            ("images", pictures.images),
        ];
        let members = members.into_iter().filter(|(_, list)| !list.is_empty());
        members.collect()
    }
}

/// Lists of a document that grow with each picture.
#[derive(Default)]
struct Pictures {
    textures: Vec<Value>,
    samplers: Vec<Value>,
    images: Vec<Value>,
}

impl Pictures {
    /// Lists a picture and gives back its number; what is the same stands once.
    fn add(&mut self, texture: &Texture, uri: &str) -> usize {
        fn place(list: &mut Vec<Value>, value: Value) -> usize {
            let known = list.iter().position(|one| *one == value);
            known.unwrap_or_else(|| {
                list.push(value);
                list.len() - 1
            })
        }
        let wrap = match texture.wrap_mode.as_deref() {
            Some("none" | "clamp" | "border") => CLAMP_TO_EDGE,
            Some("mirror") => MIRRORED_REPEAT,
            _ => REPEAT,
        };
        let sampler = place(&mut self.samplers, json!({"wrapS": wrap, "wrapT": wrap}));
        let source = place(&mut self.images, json!({"uri": uri}));
        place(
            &mut self.textures,
            json!({"sampler": sampler, "source": source}),
        )
    }
}

/// The address of a picture beside the file (RFC 3986); `None` for what glTF does not know.
fn address(image: &str) -> Option<String> {
    let path = image.replace('\\', "/");
    let ending = path.rsplit('.').next()?.to_ascii_lowercase();
    if !["png", "jpg", "jpeg"].contains(&ending.as_str()) {
        return None;
    }
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    Some(uri)
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
fn papered(one: &Texture, texture: usize, uri: &str) -> Value {
    let mut material = Map::new();
    material.insert("name".to_owned(), one.image.as_str().into());
    material.insert("doubleSided".to_owned(), true.into());
    material.insert(
        "pbrMetallicRoughness".to_owned(),
        json!({
            "baseColorTexture": {"index": texture},
            "metallicFactor": 0.0,
            "roughnessFactor": 1.0,
        }),
    );
    // Pictures of trees and fences have holes.
    if uri.to_ascii_lowercase().ends_with("png") {
        material.insert("alphaMode".to_owned(), "MASK".into());
    }
    material.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_those_of_the_standard() {
        for (image, expected) in [
            ("a/b.png", Some("a/b.png")),
            ("a\\墙 1.JPG", Some("a/%E5%A2%99%201.JPG")),
            ("50%.jpeg", Some("50%25.jpeg")),
            ("a.tif", None),
            ("", None),
        ] {
            assert_eq!(address(image).as_deref(), expected, "{image}");
        }
    }

    #[test]
    fn the_theme_of_most_faces_is_chosen() {
        let detail = |theme: &str| FaceDetail {
            materials: [(theme.to_owned(), MaterialId::from_bits(1))].into(),
            ..FaceDetail::default()
        };
        let mut themes = Themes::default();
        for theme in ["night", "day", "day", "x"] {
            themes.see(&detail(theme));
        }
        let mut report = Report::named("glb", String::new());
        themes.choose(&mut report);
        assert_eq!(themes.materials.keys().collect::<Vec<_>>(), ["day"]);
        assert_eq!(report.left_out[0].count, 2);
    }
}
