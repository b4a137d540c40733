//! Geometries against the standard: type, level of detail, boundaries nested as the type demands
//! and within the list of vertices, semantics of the same structure. Used for the geometries of
//! objects, addresses and templates alike.

use serde_json::{Map, Value};

use super::types::{self, shapes};
use super::{Check, Place, Version};

/// Which list the numbers in boundaries count in.
#[derive(Clone, Copy)]
pub(super) enum Pool {
    /// The vertices of the document or feature.
    Own,
    /// The vertices of templates, of which there are so many.
    Templates(usize),
}

/// What a geometry's type demands.
struct Demand {
    bit: u8,
    /// Lists above a vertex number.
    depth: usize,
    /// Lists above what semantics say of one point, line or face.
    levels: usize,
}

fn demand(bit: u8) -> Demand {
    let (depth, levels) = match bit {
        shapes::POINTS | shapes::INSTANCE => (1, 1),
        shapes::LINES => (2, 1),
        shapes::SURFACES | shapes::SKIN => (3, 1),
        shapes::SOLID => (4, 2),
        _ => (5, 3),
    };
    Demand { bit, depth, levels }
}

impl Check<'_> {
    /// A geometry of an object of this type, which may have these kinds.
    pub(super) fn geometry(&mut self, value: &Value, object: &str, allowed: u8, at: &Place) {
        self.any_geometry(value, (object, allowed), Pool::Own, at);
    }

    /// The place of an address.
    pub(super) fn location(&mut self, value: &Value, at: &Place) {
        self.any_geometry(value, ("an address", shapes::POINTS), Pool::Own, at);
    }

    /// A geometry that instances stand for.
    pub(super) fn template(&mut self, value: &Value, vertices: usize, at: &Place) {
        let pool = Pool::Templates(vertices);
        self.any_geometry(value, ("a template", shapes::OWN), pool, at);
    }

    fn any_geometry(&mut self, value: &Value, whose: (&str, u8), pool: Pool, at: &Place) {
        let Some(members) = value.as_object() else {
            return self.harm(at, "not an object");
        };
        let name = members.get("type").and_then(Value::as_str);
        let Some(name) = name else {
            return self.harm(&at.key("type"), "it is missing or no text");
        };
        let Some(bit) = shapes::of(name) else {
            let reason = format!("{name:?} is not a type of geometries");
            return self.harm(&at.key("type"), reason);
        };
        if whose.1 & bit == 0 {
            let reason = format!("{} cannot be a {name}", whose.0);
            self.slip(&at.key("type"), reason);
        }
        let demand = demand(bit);
        self.members(members, bit, at);
        let place = at.key("boundaries");
        let Some(boundaries) = members.get("boundaries") else {
            return self.harm(&place, "it is missing");
        };
        self.boundaries(boundaries, demand.depth, pool, &place);
        if demand.bit == shapes::INSTANCE {
            return self.instance(members, boundaries, at);
        }
        self.lod(members.get("lod"), &at.key("lod"));
        if let Some(semantics) = members.get("semantics") {
            self.semantics(
                semantics,
                boundaries,
                (whose.0, &demand),
                &at.key("semantics"),
            );
        }
        if bit & (shapes::POINTS | shapes::LINES) == 0 {
            match pool {
                Pool::Own => self.looks(members, boundaries, demand.levels, at),
                Pool::Templates(_) => self.template_looks(members, boundaries, demand.levels, at),
            }
        }
    }

    /// Of templates, wrong numbers of materials and textures are told and cost nothing but the
    /// colour: real files have them, and the common validators do not look there.
    fn template_looks(
        &mut self,
        members: &Map<String, Value>,
        boundaries: &Value,
        levels: usize,
        at: &Place,
    ) {
        let before = std::mem::take(self.faults);
        self.looks(members, boundaries, levels, at);
        let found = std::mem::replace(self.faults, before);
        let found = found.kept().iter();
        self.faults
            .odd
            .extend(found.map(|fault| (fault.place.clone(), fault.reason.clone())));
    }

    /// Members that the type does not have.
    fn members(&mut self, members: &Map<String, Value>, bit: u8, at: &Place) {
        let has_semantics = bit & (shapes::POINTS | shapes::LINES) == 0;
        let allowed: &[&str] = match bit {
            shapes::INSTANCE => &["type", "template", "boundaries", "transformationMatrix"],
            _ if has_semantics => &[
                "type",
                "lod",
                "boundaries",
                "semantics",
                "material",
                "texture",
            ],
            _ if self.version() == Version::V10 => &["type", "lod", "boundaries"],
            _ => &["type", "lod", "boundaries", "semantics"],
        };
        for name in members.keys() {
            if !allowed.contains(&name.as_str()) {
                self.slip(&at.key(name), "such a geometry has no such member");
            }
        }
    }

    fn lod(&mut self, lod: Option<&Value>, at: &Place) {
        let Some(lod) = lod else {
            return self.slip(at, "it is missing");
        };
        let is_good = match self.version() {
            Version::V10 => lod.as_f64().is_some_and(|lod| (0.0..=3.5).contains(&lod)),
            Version::V11 => lod.as_str().is_some_and(is_digit_and_digit),
            Version::V20 => lod.as_str().is_some_and(|lod| {
                is_digit_and_digit(lod)
                    && lod.bytes().all(|byte| matches!(byte, b'0'..=b'3' | b'.'))
            }),
        };
        if !is_good {
            let wanted = match self.version() {
                Version::V10 => "1.0 demands a number from 0 to 3.5",
                Version::V11 => "1.1 demands a text such as \"2\" or \"2.1\"",
                Version::V20 => "2.0 demands a text from \"0\" to \"3.3\"",
            };
            self.slip(at, wanted);
        }
    }

    /// Lists of lists down to numbers of vertices that exist.
    fn boundaries(&mut self, value: &Value, depth: usize, pool: Pool, at: &Place) {
        if depth == 0 {
            return self.vertex(value, pool, at);
        }
        let Some(list) = value.as_array() else {
            return self.harm(
                at,
                "not a list: the boundaries are not nested as the type demands",
            );
        };
        if list.is_empty() && self.version() == Version::V20 {
            self.slip(at, "an empty list, which 2.0 forbids in boundaries");
        }
        for (index, one) in list.iter().enumerate() {
            self.boundaries(one, depth - 1, pool, &at.at(index));
        }
    }

    fn vertex(&mut self, value: &Value, pool: Pool, at: &Place) {
        let Some(number) = value.as_u64() else {
            return self.harm(at, "no number of a vertex");
        };
        let place = usize::try_from(number).unwrap_or(usize::MAX);
        let (count, what) = match pool {
            Pool::Own => (self.scope.vertices, "vertex"),
            Pool::Templates(count) => (count, "template vertex"),
        };
        if place >= count {
            return self.harm(
                at,
                format!("{what} {number} does not exist, there are {count}"),
            );
        }
        if let (Pool::Own, Some(used)) = (pool, self.used.get_mut(place)) {
            *used = true;
        }
    }

    fn instance(&mut self, members: &Map<String, Value>, boundaries: &Value, at: &Place) {
        if boundaries.as_array().is_some_and(|list| list.len() != 1) {
            self.harm(&at.key("boundaries"), "an instance has one vertex");
        }
        let place = at.key("template");
        let number = members.get("template").and_then(Value::as_u64);
        let templates = self.scope.templates;
        match number.map(|number| usize::try_from(number).unwrap_or(usize::MAX)) {
            None => self.harm(&place, "it is missing or no number of a template"),
            Some(number) if number >= templates => {
                self.harm(
                    &place,
                    format!("template {number} does not exist, there are {templates}"),
                );
            }
            Some(_) => {}
        }
        let matrix = members.get("transformationMatrix").unwrap_or(&Value::Null);
        if !super::is_numbers(matrix, 16, 16) {
            self.harm(&at.key("transformationMatrix"), "not a list of 16 numbers");
        }
    }

    fn semantics(
        &mut self,
        value: &Value,
        boundaries: &Value,
        (object, demand): (&str, &Demand),
        at: &Place,
    ) {
        let Some(members) = value.as_object() else {
            return self.harm(at, "not an object");
        };
        let place = at.key("surfaces");
        let Some(surfaces) = members.get("surfaces").and_then(Value::as_array) else {
            return self.harm(&place, "it is missing or no list");
        };
        for (index, surface) in surfaces.iter().enumerate() {
            self.surface(surface, object, &place.at(index));
        }
        let place = at.key("values");
        match members.get("values") {
            None => self.harm(&place, "it is missing"),
            Some(values) => {
                let of = ("surface", surfaces.len());
                self.values(values, boundaries, demand.levels, of, &place);
            }
        }
    }

    fn surface(&mut self, surface: &Value, object: &str, at: &Place) {
        let Some(members) = surface.as_object() else {
            return self.harm(at, "not an object");
        };
        let place = at.key("type");
        let version = self.version();
        match members.get("type") {
            Some(Value::String(word)) if types::is_surface_word(word, version) => {
                if word.starts_with('+') && version == Version::V20 {
                    self.extra(&place, self.extensions.has_surface(word), word);
                } else if types::belongs(word, object) == Some(false) {
                    let reason = format!("a {object} has no {word}");
                    self.faults.odd(&place, reason);
                }
            }
            Some(Value::String(word)) => {
                let reason = format!("{word:?} is not a surface of CityJSON {}", version.as_str());
                self.slip(&place, reason);
            }
            Some(_) => self.slip(&place, "not a text"),
            None if version == Version::V20 => self.slip(&place, "it is missing"),
            None => {}
        }
    }

    /// Numbers in the structure of boundaries, each of something that exists; nothing is said from
    /// any level down where there is `null`.
    pub(super) fn values(
        &mut self,
        values: &Value,
        boundaries: &Value,
        levels: usize,
        (what, count): (&str, usize),
        at: &Place,
    ) {
        if values.is_null() {
            return;
        }
        if levels == 0 {
            let number = values
                .as_u64()
                .and_then(|number| usize::try_from(number).ok());
            match number {
                None => self.harm(at, format!("no number of a {what}")),
                Some(number) if number >= count => {
                    self.harm(
                        at,
                        format!("{what} {number} does not exist, there are {count}"),
                    );
                }
                Some(_) => {}
            }
            return;
        }
        let Some(list) = values.as_array() else {
            return self.harm(at, "not a list");
        };
        // Faults of the boundaries themselves are told already.
        let Some(parts) = boundaries.as_array() else {
            return;
        };
        if list.len() != parts.len() {
            let reason = format!(
                "{} values for {} parts of the boundaries",
                list.len(),
                parts.len()
            );
            return self.harm(at, reason);
        }
        for (index, (value, part)) in list.iter().zip(parts).enumerate() {
            self.values(value, part, levels - 1, (what, count), &at.at(index));
        }
    }
}

/// `2` or `2.1`.
fn is_digit_and_digit(text: &str) -> bool {
    match text.as_bytes() {
        [one] => one.is_ascii_digit(),
        [one, b'.', two] => one.is_ascii_digit() && two.is_ascii_digit(),
        _ => false,
    }
}
