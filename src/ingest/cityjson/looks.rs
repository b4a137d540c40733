//! Materials and textures of a file: each distinct one once, however many features list it.
//! Used by the readers of documents and sequences. Asks whether a picture's file is there, and
//! never opens it.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Map, Value};

use crate::base::{ImportId, MaterialId, TextureId};
use crate::model::passport::{LOOKS, MEMBER, Passport};
use crate::model::{Entity, EntityKind, Material, Rgb, Rgba, Source, Texture};

use super::super::input::Input;
use super::super::raw::RawCity;

/// What a document or feature lists, by its own numbers.
#[derive(Default)]
pub(super) struct Looks {
    /// The file's number of a material → its id in the raw city.
    pub(super) materials: Vec<MaterialId>,
    pub(super) textures: Vec<TextureId>,
    /// Texture vertices.
    pub(super) corners: Vec<[f64; 2]>,
}

/// All materials and textures so far.
#[derive(Default)]
pub(super) struct Register {
    materials: HashMap<String, MaterialId>,
    textures: HashMap<String, TextureId>,
    /// Pictures whose files are not there.
    missing: BTreeSet<String>,
    default_themes: BTreeSet<String>,
}

/// Names of missing files that a warning lists.
const LISTED: usize = 5;

impl Register {
    /// Takes up what the member `appearance` of a document or feature lists.
    pub(super) fn take(
        &mut self,
        members: &Map<String, Value>,
        input: &Input,
        city: &mut RawCity,
    ) -> Looks {
        let Some(appearance) = members.get("appearance").and_then(Value::as_object) else {
            return Looks::default();
        };
        for (member, what) in [
            ("default-theme-material", "materials"),
            ("default-theme-texture", "textures"),
        ] {
            if let Some(theme) = appearance.get(member).and_then(Value::as_str) {
                self.default_themes.insert(format!("{theme} ({what})"));
            }
        }
        // In a feature beside the list, in a document among the metadata.
        let metadata = || members.get("metadata")?.get(LOOKS);
        let passports = members.get(LOOKS).or_else(metadata);
        let passport = |name: &str, number: usize| passports?.get(name)?.get(number);
        let list = |name: &str| appearance.get(name).and_then(Value::as_array);
        let of = |name: &'static str| {
            let list = list(name).into_iter().flatten().enumerate();
            list.map(move |(number, one)| (one, passport(name, number)))
        };
        let materials = of("materials").map(|(one, own)| self.material(one, own, city));
        let materials = materials.collect();
        let textures = of("textures").map(|(one, own)| self.texture(one, own, input, city));
        let textures = textures.collect();
        let corners = list("vertices-texture").into_iter().flatten();
        Looks {
            materials,
            textures,
            corners: corners.map(corner).collect(),
        }
    }

    fn material(
        &mut self,
        value: &Value,
        passport: Option<&Value>,
        city: &mut RawCity,
    ) -> MaterialId {
        let place = MaterialId::from_bits(city.materials.len() as u64);
        let material = material(place, value);
        let own = passport.and_then(passport_of).filter(|own| {
            own.kind == EntityKind::Material && own.name().unwrap_or_default() == material.name
        });
        let key = key_of(value, own.as_ref());
        *self.materials.entry(key).or_insert_with(|| {
            let stamped = own.and_then(|own| stamped(&own, material.clone().into()));
            city.materials.push(match stamped {
                Some(Entity::Material(own)) => *own,
                _ => material,
            });
            place
        })
    }

    fn texture(
        &mut self,
        value: &Value,
        passport: Option<&Value>,
        input: &Input,
        city: &mut RawCity,
    ) -> TextureId {
        let place = TextureId::from_bits(city.textures.len() as u64);
        let texture = texture(place, value);
        let own = passport.and_then(passport_of).filter(|own| {
            own.kind == EntityKind::Texture && own.image().unwrap_or_default() == texture.image
        });
        let key = key_of(value, own.as_ref());
        if let Some(id) = self.textures.get(&key) {
            return *id;
        }
        if !is_there(&texture.image, input) {
            self.missing.insert(texture.image.clone());
        }
        let stamped = own.and_then(|own| stamped(&own, texture.clone().into()));
        city.textures.push(match stamped {
            Some(Entity::Texture(own)) => *own,
            _ => texture,
        });
        self.textures.insert(key, place);
        place
    }

    /// Tells what is missing, once for the whole file.
    pub(super) fn finish(self, city: &mut RawCity) {
        if !self.missing.is_empty() {
            let count = self.missing.len();
            let names: Vec<&str> = self
                .missing
                .iter()
                .take(LISTED)
                .map(String::as_str)
                .collect();
            let more = if count > LISTED {
                format!(" and {} more", count - LISTED)
            } else {
                String::new()
            };
            city.warnings.note(
                "appearance.textures",
                format!(
                    "not beside the file: {}{more}; the textures are kept as references",
                    names.join(", ")
                ),
            );
        }
        if !self.default_themes.is_empty() {
            let themes: Vec<String> = self.default_themes.into_iter().collect();
            city.notes
                .push(format!("default themes: {}", themes.join(", ")));
        }
    }
}

/// Whether a picture is beside the file, or somewhere that is not looked at.
fn is_there(image: &str, input: &Input) -> bool {
    let is_address = image.starts_with("http://") || image.starts_with("https://");
    // Files from another system may write `appearance\0.jpg`.
    is_address || input.has_beside(image) || input.has_beside(&image.replace('\\', "/"))
}

fn passport_of(value: &Value) -> Option<Passport> {
    Passport::among(&[(MEMBER.to_owned(), value.clone())].into_iter().collect())
}

/// By what materials and textures are told apart: two data sets may list the same.
fn key_of(value: &Value, own: Option<&Passport>) -> String {
    let whose = own.map(|own| [own.dataset.as_str(), own.key.as_str()]);
    serde_json::json!([value, whose]).to_string()
}

/// What was read with what its passport says of it; `None` when that cannot be.
fn stamped(own: &Passport, mut read: Entity) -> Option<Entity> {
    own.stamp(&mut read).ok()?;
    let source = match &mut read {
        Entity::Material(one) => &mut one.source,
        Entity::Texture(one) => &mut one.source,
        _ => return None,
    };
    source.dataset = own.dataset.clone();
    source.key = own.key.clone();
    Some(read)
}

/// Whose it is becomes known when the data set has a name.
fn nobody() -> Source {
    Source {
        dataset: String::new(),
        key: String::new(),
        import: ImportId::from_bits(0),
    }
}

fn material(id: MaterialId, value: &Value) -> Material {
    let empty = Map::new();
    let members = value.as_object().unwrap_or(&empty);
    let share = |name: &str| {
        let number = members.get(name).and_then(Value::as_f64);
        number.map(|number| number.clamp(0.0, 1.0))
    };
    let colour = |name: &str| shares::<3>(members.get(name)?).map(Rgb);
    Material {
        id,
        source: nobody(),
        name: text(members, "name").unwrap_or_default(),
        ambient_intensity: share("ambientIntensity"),
        diffuse: colour("diffuseColor"),
        emissive: colour("emissiveColor"),
        specular: colour("specularColor"),
        shininess: share("shininess"),
        transparency: share("transparency"),
        is_smooth: members.get("isSmooth").and_then(Value::as_bool),
    }
}

fn texture(id: TextureId, value: &Value) -> Texture {
    let empty = Map::new();
    let members = value.as_object().unwrap_or(&empty);
    let border = members.get("borderColor").and_then(|value| {
        let opaque = || shares::<3>(value).map(|[r, g, b]| [r, g, b, 1.0]);
        shares::<4>(value).or_else(opaque).map(Rgba)
    });
    Texture {
        id,
        source: nobody(),
        image: text(members, "image").unwrap_or_default(),
        format: text(members, "type").unwrap_or_default(),
        wrap_mode: text(members, "wrapMode"),
        texture_type: text(members, "textureType"),
        border_color: border,
    }
}

fn text(members: &Map<String, Value>, name: &str) -> Option<String> {
    members.get(name)?.as_str().map(str::to_owned)
}

/// So many shares of light.
fn shares<const N: usize>(value: &Value) -> Option<[f64; N]> {
    let numbers = value.as_array()?.iter().map(Value::as_f64);
    let numbers: Vec<f64> = numbers.collect::<Option<_>>()?;
    let numbers = <[f64; N]>::try_from(numbers).ok()?;
    Some(numbers.map(|number| number.clamp(0.0, 1.0)))
}

/// A texture vertex; where it is none, the lower left corner.
fn corner(value: &Value) -> [f64; 2] {
    let number = |index: usize| value.get(index).and_then(Value::as_f64);
    [number(0).unwrap_or(0.0), number(1).unwrap_or(0.0)]
}
