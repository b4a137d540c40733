//! Materials and textures: the list of a document or feature, and which face wears which. A
//! sequence lists them feature by feature, for each of its lines stands alone.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Map, Value, json};

use crate::base::{MaterialId, TextureId};
use crate::model::passport::{self, Remarks};
use crate::model::{Entity, FaceDetail, FaceTexture, Ground, Material, Texture};

use super::super::report::Report;
use super::geometry::Kept;

/// What the standard calls pictures that it knows.
const FORMATS: [&str; 2] = ["PNG", "JPG"];
const WRAP_MODES: [&str; 5] = ["none", "wrap", "mirror", "clamp", "border"];
const TEXTURE_TYPES: [&str; 3] = ["unknown", "specific", "typical"];

/// The materials and textures that some faces wear.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Worn {
    pub(super) materials: BTreeSet<MaterialId>,
    pub(super) textures: BTreeSet<TextureId>,
}

impl Worn {
    /// Adds what a face wears.
    pub(super) fn see(&mut self, detail: &FaceDetail) {
        self.materials.extend(detail.materials.values());
        let textures = detail.textures.values();
        self.textures.extend(textures.map(|one| one.texture));
    }
}

/// What a document or feature lists, in the order of its numbers.
#[derive(Debug)]
pub(super) struct Looks<'a> {
    ground: &'a Ground,
    materials: Vec<&'a Material>,
    textures: Vec<&'a Texture>,
    material_numbers: HashMap<MaterialId, usize>,
    texture_numbers: HashMap<TextureId, usize>,
    corners: Vec<[f64; 2]>,
    corner_numbers: HashMap<[u64; 2], usize>,
}

impl<'a> Looks<'a> {
    /// An empty list.
    pub(super) fn new(ground: &'a Ground) -> Self {
        Self {
            ground,
            materials: Vec::new(),
            textures: Vec::new(),
            material_numbers: HashMap::new(),
            texture_numbers: HashMap::new(),
            corners: Vec::new(),
            corner_numbers: HashMap::new(),
        }
    }

    /// A list of these.
    pub(super) fn of(ground: &'a Ground, worn: &Worn) -> Self {
        let mut looks = Self::new(ground);
        for id in &worn.materials {
            looks.material(*id);
        }
        for id in &worn.textures {
            looks.texture(*id);
        }
        looks
    }

    pub(super) fn clear(&mut self) {
        *self = Self::new(self.ground);
    }

    /// The number of a material; `None` where the city has no such.
    fn material(&mut self, id: MaterialId) -> Option<usize> {
        let material = self.ground.materials.get(&id)?;
        let list = &mut self.materials;
        Some(*self.material_numbers.entry(id).or_insert_with(|| {
            list.push(material);
            list.len() - 1
        }))
    }

    fn texture(&mut self, id: TextureId) -> Option<usize> {
        let texture = self.ground.textures.get(&id)?;
        let list = &mut self.textures;
        Some(*self.texture_numbers.entry(id).or_insert_with(|| {
            list.push(texture);
            list.len() - 1
        }))
    }

    fn corner(&mut self, at: [f64; 2]) -> usize {
        let list = &mut self.corners;
        let key = at.map(f64::to_bits);
        *self.corner_numbers.entry(key).or_insert_with(|| {
            list.push(at);
            list.len() - 1
        })
    }

    /// Says what the faces of a geometry wear, theme by theme; `nested` puts the values where the
    /// geometry's type has them.
    pub(super) fn dress(
        &mut self,
        faces: &[Kept<'_>],
        geometry: &mut Map<String, Value>,
        nested: impl Fn(Vec<Value>) -> Value,
        report: &mut Report,
    ) {
        let details = || faces.iter().filter_map(|face| face.detail);
        let themes: BTreeSet<&String> = details().flat_map(|one| one.materials.keys()).collect();
        let mut materials = Map::new();
        for theme in themes {
            let worn = faces.iter().map(|face| {
                let id = face.detail?.materials.get(theme)?;
                let number = self.material(*id);
                if number.is_none() {
                    report.left("materials of faces", 1, UNLISTED);
                }
                number
            });
            let numbers: Vec<Option<usize>> = worn.collect();
            if let Some(said) = material_theme(&numbers, &nested) {
                materials.insert(theme.clone(), said);
            }
        }
        let themes: BTreeSet<&String> = details().flat_map(|one| one.textures.keys()).collect();
        let mut textures = Map::new();
        for theme in themes {
            let worn = faces.iter().map(|face| {
                let on_face = face.detail?.textures.get(theme)?;
                let said = self.picture(face, on_face);
                if said.is_none() {
                    report.left("textures of faces", 1, ASKEW);
                }
                said
            });
            let said: Vec<Option<Value>> = worn.collect();
            if said.iter().any(Option::is_some) {
                let bare = |one: Option<Value>| one.unwrap_or_else(|| json!([[null]]));
                let values = nested(said.into_iter().map(bare).collect());
                textures.insert(theme.clone(), json!({"values": values}));
            }
        }
        for (member, themes) in [("material", materials), ("texture", textures)] {
            if !themes.is_empty() {
                geometry.insert(member.to_owned(), themes.into());
            }
        }
    }

    /// A picture on a face: in each ring its number, then those of the corners' places in it.
    fn picture(&mut self, face: &Kept<'_>, on_face: &FaceTexture) -> Option<Value> {
        let rings = face.pick(&on_face.uv)?;
        if !rings.iter().flatten().flatten().all(|v| v.is_finite()) {
            return None;
        }
        let texture = self.texture(on_face.texture)?;
        let rings = rings.into_iter().map(|ring| {
            let corners = ring.into_iter().map(|at| self.corner(at));
            std::iter::once(texture).chain(corners).collect::<Vec<_>>()
        });
        Some(json!(rings.collect::<Vec<_>>()))
    }

    /// The member `appearance`; `None` where there is nothing to list.
    pub(super) fn appearance(&self) -> Option<Value> {
        let mut members = Map::new();
        if !self.materials.is_empty() {
            let list: Value = self.materials.iter().map(|one| material(one)).collect();
            members.insert("materials".to_owned(), list);
        }
        if !self.textures.is_empty() {
            let list: Value = self.textures.iter().map(|one| texture(one)).collect();
            members.insert("textures".to_owned(), list);
            members.insert("vertices-texture".to_owned(), json!(self.corners));
        }
        (!members.is_empty()).then(|| members.into())
    }

    /// The passports of what is listed, in the same order: the standard lets nothing stand in a
    /// material or texture itself. `None` where nothing is listed.
    pub(super) fn passports(&self) -> Option<Value> {
        let of = |entity: Entity| passport::of(&entity, Remarks::default());
        let materials = self.materials.iter();
        let materials = materials.map(|one| of(Entity::from((*one).clone())));
        let textures = self.textures.iter();
        let textures = textures.map(|one| of(Entity::from((*one).clone())));
        let lists: BTreeMap<&str, Vec<Value>> = [
            ("materials", materials.flatten().collect::<Vec<_>>()),
            ("textures", textures.flatten().collect()),
        ]
        .into_iter()
        .filter(|(_, list)| !list.is_empty())
        .collect();
        (!lists.is_empty()).then(|| json!(lists))
    }
}

const UNLISTED: &str = "the city has no such material";
const ASKEW: &str = "no place in the picture for every corner, or the city has no such picture";

/// One number where all faces wear the same; `None` where none wears any.
fn material_theme(
    numbers: &[Option<usize>],
    nested: impl Fn(Vec<Value>) -> Value,
) -> Option<Value> {
    let first = numbers.iter().flatten().next()?;
    if numbers.iter().all(|number| *number == Some(*first)) {
        return Some(json!({"value": first}));
    }
    let values = numbers.iter().map(|number| json!(number)).collect();
    Some(json!({"values": nested(values)}))
}

/// A material in the words of the standard; what is no finite number is left out.
fn material(one: &Material) -> Value {
    let mut members = Map::new();
    members.insert("name".to_owned(), one.name.as_str().into());
    for (name, share) in [
        ("ambientIntensity", one.ambient_intensity),
        ("shininess", one.shininess),
        ("transparency", one.transparency),
    ] {
        if let Some(share) = share.filter(|share| share.is_finite()) {
            members.insert(name.to_owned(), share.into());
        }
    }
    for (name, colour) in [
        ("diffuseColor", one.diffuse),
        ("emissiveColor", one.emissive),
        ("specularColor", one.specular),
    ] {
        if let Some(colour) = colour.filter(|colour| colour.0.iter().all(|v| v.is_finite())) {
            members.insert(name.to_owned(), json!(colour.0));
        }
    }
    if let Some(is_smooth) = one.is_smooth {
        members.insert("isSmooth".to_owned(), is_smooth.into());
    }
    members.into()
}

/// A texture in the words of the standard; its passport keeps words that the standard lacks.
fn texture(one: &Texture) -> Value {
    let mut members = Map::new();
    members.insert("image".to_owned(), one.image.as_str().into());
    for (name, word, words) in [
        ("type", Some(&one.format), FORMATS.as_slice()),
        ("wrapMode", one.wrap_mode.as_ref(), WRAP_MODES.as_slice()),
        (
            "textureType",
            one.texture_type.as_ref(),
            TEXTURE_TYPES.as_slice(),
        ),
    ] {
        if let Some(word) = word.filter(|word| words.contains(&word.as_str())) {
            members.insert(name.to_owned(), word.as_str().into());
        }
    }
    let border = one.border_color.map(|colour| colour.0);
    if let Some(colour) = border.filter(|colour| colour.iter().all(|v| v.is_finite())) {
        members.insert("borderColor".to_owned(), json!(colour));
    }
    members.into()
}
