//! Colours and pictures of a city model: materials, textures, and which surfaces wear them.
//! Used by `survey` for what stands beside the members, by `objects` for what stands within one,
//! and by `geometry` for each face. Never opens a picture.

use std::collections::HashMap;

use crate::base::{ImportId, MaterialId, TextureId};
use crate::model::{FaceDetail, FaceTexture, Material, Rgb, Rgba, Source, Texture};

use super::super::raw::RawCity;
use super::xml::Element;

/// What surfaces wear, by the id of a polygon or of anything it is in.
#[derive(Default)]
pub(super) struct Appearance {
    /// Materials in the order of the file that the city has not got yet.
    materials: Vec<Material>,
    /// Textures, likewise.
    textures: Vec<Texture>,
    /// How many materials and textures the city has got: ids are places in its lists.
    published: [u64; 2],
    targets: HashMap<String, Vec<Coat>>,
    /// Targets that were named since the member began.
    added: Vec<String>,
    /// Parts that no texture of ours can hold, counted.
    pub(super) left_out: usize,
}

/// Where the corners of rings lie in a picture, the closing one too, by the id of the ring.
type Corners = HashMap<String, Vec<[f64; 2]>>;

/// One coat of a surface.
struct Coat {
    theme: String,
    paint: Paint,
}

enum Paint {
    Material(MaterialId),
    /// With the place of each corner in the picture, by the id of the ring.
    Texture(TextureId, Corners),
}

/// The rings of a face as the appearance knows them: id and number of corners, before the closing
/// one is dropped.
pub(super) struct RingName<'s> {
    pub(super) id: Option<&'s str>,
    pub(super) corners: usize,
}

impl Appearance {
    /// Whether nothing wears anything.
    pub(super) fn is_plain(&self) -> bool {
        self.targets.is_empty()
    }

    /// Takes every `Appearance` in an element; gives back which targets it names.
    pub(super) fn add(&mut self, element: &Element) -> Vec<String> {
        let mut found = Vec::new();
        element.walk(&mut |one| {
            if one.name() == "Appearance" {
                found.push(one);
            }
        });
        for appearance in found {
            let theme = appearance.child("theme").and_then(Element::words);
            let theme = theme.unwrap_or("default");
            for member in &appearance.children {
                if !matches!(member.name(), "surfaceDataMember" | "surfaceData") {
                    continue;
                }
                for data in &member.children {
                    match data.name() {
                        "X3DMaterial" => self.material(data, theme),
                        "ParameterizedTexture" => self.texture(data, theme),
                        _ => self.left_out += 1,
                    }
                }
            }
        }
        std::mem::take(&mut self.added)
    }

    /// Hands new materials and textures over to the city.
    pub(super) fn publish(&mut self, city: &mut RawCity) {
        self.published[0] += self.materials.len() as u64;
        self.published[1] += self.textures.len() as u64;
        city.materials.append(&mut self.materials);
        city.textures.append(&mut self.textures);
    }

    /// Forgets what a member's own appearance said.
    pub(super) fn forget(&mut self, targets: Vec<String>) {
        for target in targets {
            self.targets.remove(&target);
        }
    }

    fn material(&mut self, data: &Element, theme: &str) {
        let id = MaterialId::from_bits(self.published[0] + self.materials.len() as u64);
        let share = |name| number(data, name).filter(|share| (0.0..=1.0).contains(share));
        let color = |name| {
            let parts = numbers(data.child(name)?.words()?);
            <[f64; 3]>::try_from(parts).ok().map(Rgb)
        };
        self.materials.push(Material {
            id,
            source: no_source(),
            name: name_of(data),
            ambient_intensity: share("ambientIntensity"),
            diffuse: color("diffuseColor"),
            emissive: color("emissiveColor"),
            specular: color("specularColor"),
            shininess: share("shininess"),
            transparency: share("transparency"),
            is_smooth: data
                .child("isSmooth")
                .and_then(Element::words)
                .map(|word| matches!(word, "true" | "1")),
        });
        for target in data.all("target") {
            self.put(target_of(target), theme, Paint::Material(id));
        }
    }

    fn texture(&mut self, data: &Element, theme: &str) {
        let word = |name| data.child(name).and_then(Element::words);
        let image = word("imageURI").unwrap_or_default();
        let id = TextureId::from_bits(self.published[1] + self.textures.len() as u64);
        let border = word("borderColor").map(numbers).and_then(|mut parts| {
            parts.resize(parts.len().max(4), 1.0);
            <[f64; 4]>::try_from(parts).ok().map(Rgba)
        });
        self.textures.push(Texture {
            id,
            source: no_source(),
            image: image.to_owned(),
            format: picture_format(word("mimeType"), image).to_owned(),
            wrap_mode: word("wrapMode").map(str::to_owned),
            texture_type: word("textureType").map(str::to_owned),
            border_color: border,
        });
        // CityGML 1 and 2: the target names the surface and holds the corners.
        for target in data.all("target") {
            self.put(
                target_of(target),
                theme,
                Paint::Texture(id, corners(target)),
            );
        }
        // CityGML 3: an association names the surface and holds them.
        for outer in data.all("textureParameterization") {
            for association in outer.all("TextureAssociation") {
                let target = association.child("target").and_then(target_of);
                let rings = association.child("textureParameterization");
                let rings = rings.map(corners).unwrap_or_default();
                self.put(target, theme, Paint::Texture(id, rings));
            }
        }
    }

    fn put(&mut self, target: Option<&str>, theme: &str, paint: Paint) {
        let Some(target) = target else { return };
        self.added.push(target.to_owned());
        let coats = self.targets.entry(target.to_owned()).or_default();
        coats.push(Coat {
            theme: theme.to_owned(),
            paint,
        });
    }

    /// Dresses a face: `ids` are its own and those of what it is in, the nearest last.
    /// Gives back how many pictures do not fit its rings.
    pub(super) fn dress(&self, ids: &[&str], rings: &[RingName], detail: &mut FaceDetail) -> usize {
        let mut misfits = 0;
        for coat in ids.iter().filter_map(|id| self.targets.get(*id)).flatten() {
            match &coat.paint {
                Paint::Material(id) => {
                    detail.materials.insert(coat.theme.clone(), *id);
                }
                Paint::Texture(id, lists) => match fitted(lists, rings) {
                    Some(uv) => {
                        let texture = FaceTexture { texture: *id, uv };
                        detail.textures.insert(coat.theme.clone(), texture);
                    }
                    // A picture on a whole solid lists the rings of some of its faces.
                    None if !rings.iter().any(|ring| of(lists, ring).is_some()) => {}
                    None => misfits += 1,
                },
            }
        }
        misfits
    }
}

fn of<'c>(lists: &'c Corners, ring: &RingName) -> Option<&'c Vec<[f64; 2]>> {
    lists.get(ring.id?)
}

/// The corners of each ring in the picture, without the closing one; `None` when a ring has none
/// or a different number.
fn fitted(lists: &Corners, rings: &[RingName]) -> Option<Vec<Vec<[f64; 2]>>> {
    let fit = |ring: &RingName| {
        let list = of(lists, ring).filter(|list| list.len() == ring.corners)?;
        Some(
            list.iter()
                .take(list.len().saturating_sub(1))
                .copied()
                .collect(),
        )
    };
    rings.iter().map(fit).collect()
}

fn no_source() -> Source {
    Source {
        dataset: String::new(),
        key: String::new(),
        import: ImportId::from_bits(0),
    }
}

fn name_of(data: &Element) -> String {
    let name = data.child("name").and_then(Element::words);
    name.or_else(|| data.id()).unwrap_or_default().to_owned()
}

/// `#id`, as attribute `uri` (CityGML 1 and 2), as text, or as a link.
fn target_of<'s>(target: &'s Element) -> Option<&'s str> {
    let uri = target.attribute("uri").or_else(|| target.attribute("href"));
    let uri = uri.or_else(|| target.words())?.trim();
    let id = uri.strip_prefix('#').unwrap_or(uri);
    (!id.is_empty()).then_some(id)
}

/// Ring ids with their corners: lists and ring names alternate (3.0), or a list names its ring.
fn corners(target: &Element) -> Corners {
    let mut rings = Corners::new();
    for list in target.all("TexCoordList") {
        let named: Vec<&str> = list.all("ring").filter_map(target_of).collect();
        for (place, one) in list.all("textureCoordinates").enumerate() {
            let id = one.attribute("ring").map(|id| id.trim_start_matches('#'));
            let Some(id) = id.or_else(|| named.get(place).copied()) else {
                continue;
            };
            let flat = numbers(one.words().unwrap_or_default());
            let pairs = flat.chunks_exact(2).map(|pair| [pair[0], pair[1]]);
            rings.insert(id.to_owned(), pairs.collect());
        }
    }
    rings
}

fn number(data: &Element, name: &str) -> Option<f64> {
    let number: f64 = data.child(name)?.words()?.parse().ok()?;
    number.is_finite().then_some(number)
}

/// The numbers of a text; none when one of its words is no finite number.
fn numbers(text: &str) -> Vec<f64> {
    let numbers = text.split_whitespace().map(str::parse::<f64>);
    let numbers: Result<Vec<f64>, _> = numbers.collect();
    let numbers = numbers.unwrap_or_default();
    match numbers.iter().all(|number| number.is_finite()) {
        true => numbers,
        false => Vec::new(),
    }
}

fn picture_format(mime: Option<&str>, image: &str) -> &'static str {
    let image = image.to_ascii_lowercase();
    let mime = mime.unwrap_or_default().to_ascii_lowercase();
    if mime.contains("png") || image.ends_with(".png") {
        "PNG"
    } else {
        "JPG"
    }
}
