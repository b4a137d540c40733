//! Materials and textures against the standard: what `appearance` lists, and what geometries name
//! of it. Used by `head` and `geometry`.

use serde_json::{Map, Value};

use super::{Check, Place, is_numbers};

const MATERIAL_COLOURS: &[&str] = &["diffuseColor", "emissiveColor", "specularColor"];
const MATERIAL_SHARES: &[&str] = &["ambientIntensity", "shininess", "transparency"];
/// Members of a texture that take one of a few words.
const TEXTURE_WORDS: &[(&str, &[&str])] = &[
    ("type", &["PNG", "JPG"]),
    ("wrapMode", &["none", "wrap", "mirror", "clamp", "border"]),
    ("textureType", &["unknown", "specific", "typical"]),
];

impl Check<'_> {
    /// The member `appearance`.
    pub(super) fn appearance(&mut self, value: &Value, at: &Place) {
        let Some(members) = value.as_object() else {
            return self.harm(at, "not an object");
        };
        for (name, value) in members {
            let place = at.key(name);
            match name.as_str() {
                "default-theme-texture" | "default-theme-material" => {
                    if !value.is_string() {
                        self.slip(&place, "not a text");
                    }
                }
                "materials" => self.each(value, &place, Self::material),
                "textures" => self.each(value, &place, Self::texture),
                "vertices-texture" => self.each(value, &place, |check, value, place| {
                    if !is_numbers(value, 2, 2) {
                        check.harm(place, "not a list of 2 numbers");
                    }
                }),
                _ => self.slip(&place, "appearance has no such member"),
            }
        }
    }

    fn each(&mut self, list: &Value, at: &Place, one: impl Fn(&mut Self, &Value, &Place)) {
        let Some(list) = list.as_array() else {
            return self.harm(at, "not a list");
        };
        for (index, value) in list.iter().enumerate() {
            one(self, value, &at.at(index));
        }
    }

    fn material(&mut self, value: &Value, at: &Place) {
        let Some(members) = value.as_object() else {
            return self.harm(at, "not an object");
        };
        if !members.contains_key("name") {
            self.slip(&at.key("name"), "it is missing");
        }
        for (name, value) in members {
            let place = at.key(name);
            match name.as_str() {
                "name" if !value.is_string() => self.slip(&place, "not a text"),
                "isSmooth" if !value.is_boolean() => self.slip(&place, "neither true nor false"),
                name if MATERIAL_SHARES.contains(&name) && !value.is_number() => {
                    self.slip(&place, "not a number");
                }
                name if MATERIAL_COLOURS.contains(&name) => {
                    self.numbers(value, &place, 3, 3);
                }
                "name" | "isSmooth" => {}
                name if MATERIAL_SHARES.contains(&name) => {}
                _ => self.slip(&place, "a material has no such member"),
            }
        }
    }

    fn texture(&mut self, value: &Value, at: &Place) {
        let Some(members) = value.as_object() else {
            return self.harm(at, "not an object");
        };
        for (name, value) in members {
            let place = at.key(name);
            let words = TEXTURE_WORDS.iter().find(|(known, _)| known == name);
            match name.as_str() {
                "image" if !value.is_string() => self.slip(&place, "not a text"),
                "image" => {}
                "borderColor" => {
                    self.numbers(value, &place, 3, 4);
                }
                _ => match words {
                    Some((_, words)) => {
                        if !value.as_str().is_some_and(|word| words.contains(&word)) {
                            self.slip(&place, format!("none of {}", words.join(", ")));
                        }
                    }
                    None => self.slip(&place, "a texture has no such member"),
                },
            }
        }
    }

    /// What a geometry with faces says of their looks.
    pub(super) fn looks(
        &mut self,
        geometry: &Map<String, Value>,
        boundaries: &Value,
        levels: usize,
        at: &Place,
    ) {
        if let Some(themes) = geometry.get("material") {
            self.themes(themes, &at.key("material"), |check, theme, place| {
                check.material_theme(theme, boundaries, levels, place);
            });
        }
        if let Some(themes) = geometry.get("texture") {
            self.themes(themes, &at.key("texture"), |check, theme, place| {
                let place = place.key("values");
                match theme.get("values") {
                    None => check.harm(&place, "it is missing"),
                    Some(values) => check.texture_values(values, boundaries, levels, &place),
                }
            });
        }
    }

    fn themes(
        &mut self,
        themes: &Value,
        at: &Place,
        one: impl Fn(&mut Self, &Map<String, Value>, &Place),
    ) {
        let Some(themes) = themes.as_object() else {
            return self.harm(at, "not an object");
        };
        for (name, theme) in themes {
            let place = at.key(name);
            match theme.as_object() {
                Some(theme) => one(self, theme, &place),
                None => self.harm(&place, "not an object"),
            }
        }
    }

    fn material_theme(
        &mut self,
        theme: &Map<String, Value>,
        boundaries: &Value,
        levels: usize,
        at: &Place,
    ) {
        let of = ("material", self.scope.materials);
        match (theme.get("value"), theme.get("values")) {
            (Some(_), Some(_)) => self.harm(at, "it has both value and values"),
            (None, None) => self.harm(at, "it has neither value nor values"),
            (Some(Value::Null), None) => self.harm(&at.key("value"), "no number of a material"),
            (Some(value), None) => self.values(value, boundaries, 0, of, &at.key("value")),
            (None, Some(values)) => self.values(values, boundaries, levels, of, &at.key("values")),
        }
    }

    /// Down to faces, then rings: `[null]`, or a texture and a texture vertex for every vertex.
    fn texture_values(&mut self, values: &Value, boundaries: &Value, levels: usize, at: &Place) {
        let (Some(list), Some(parts)) = (values.as_array(), boundaries.as_array()) else {
            if boundaries.is_array() {
                self.harm(at, "not a list");
            }
            return;
        };
        let is_face = levels == 0;
        if is_face && list.first().is_some_and(is_bare) {
            return self.bare(list, at);
        }
        if list.len() != parts.len() {
            let reason = format!(
                "{} values for {} parts of the boundaries",
                list.len(),
                parts.len()
            );
            return self.harm(at, reason);
        }
        for (index, (value, part)) in list.iter().zip(parts).enumerate() {
            let place = at.at(index);
            if is_face {
                self.texture_ring(value, part, &place);
            } else {
                self.texture_values(value, part, levels - 1, &place);
            }
        }
    }

    /// A face without texture: only that its rings are lists of numbers and nulls.
    fn bare(&mut self, rings: &[Value], at: &Place) {
        for (index, ring) in rings.iter().enumerate() {
            let is_good = ring.as_array().is_some_and(|ring| {
                !ring.is_empty() && ring.iter().all(|one| one.is_null() || one.is_u64())
            });
            if !is_good {
                self.harm(&at.at(index), "not a list of numbers and null");
            }
        }
    }

    fn texture_ring(&mut self, value: &Value, ring: &Value, at: &Place) {
        if is_bare(value) {
            return;
        }
        let (Some(list), Some(corners)) = (value.as_array(), ring.as_array()) else {
            return self.harm(at, "not a list");
        };
        if list.len() != corners.len() + 1 {
            let reason = format!(
                "{} numbers, not a texture and {} texture vertices",
                list.len(),
                corners.len()
            );
            return self.harm(at, reason);
        }
        for (index, number) in list.iter().enumerate() {
            let of = if index == 0 {
                ("texture", self.scope.textures)
            } else {
                ("texture vertex", self.scope.texture_vertices)
            };
            let place = at.at(index);
            if number.is_null() {
                self.harm(&place, format!("null instead of a {}", of.0));
            } else {
                self.values(number, ring, 0, of, &place);
            }
        }
    }
}

/// Whether a ring says that it has no texture.
fn is_bare(ring: &Value) -> bool {
    let first = ring.as_array().and_then(|ring| ring.first());
    first.is_some_and(Value::is_null)
}
