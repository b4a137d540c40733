//! What stands beside the objects: type, version, transform, vertices, extensions, templates and
//! root members that are not of the standard. Used once a document, and once a feature.

use serde_json::{Map, Value};

use super::{Check, Place, Version, is_numbers};

/// Members that a document may have.
const ROOT: &[&str] = &[
    "type",
    "version",
    "extensions",
    "transform",
    "metadata",
    "CityObjects",
    "vertices",
    "appearance",
    "geometry-templates",
];
/// Members that belong to the first line of a sequence alone.
const FIRST_LINE_ONLY: &[&str] = &[
    "transform",
    "version",
    "metadata",
    "geometry-templates",
    "extensions",
];
/// Coordinates beyond this many metres or degrees are on no Earth.
const COORDINATE_MAX: f64 = 1e12;

impl Check<'_> {
    /// The members of a document beside its objects and vertices.
    pub(in super::super) fn head(&mut self, members: &Map<String, Value>, is_sequence: bool) {
        let root = Place::ROOT;
        match members.get("transform") {
            Some(transform) => self.transform(transform, &root.key("transform")),
            None if self.version() > Version::V10 => {
                let reason = "it is missing";
                if is_sequence {
                    self.slip(&root.key("transform"), reason);
                } else {
                    self.harm(&root.key("transform"), reason);
                }
            }
            None => {}
        }
        for (name, value) in members {
            let place = root.key(name);
            match name.as_str() {
                "metadata" => self.metadata(value, &place),
                "extensions" => self.declared(value, &place),
                "appearance" => self.appearance(value, &place),
                "geometry-templates" => self.templates(value, &place),
                name if name.starts_with('+') => {
                    self.extra(&place, self.extensions.has_root(name), name);
                }
                name if !ROOT.contains(&name) => {
                    let reason = "the standard has no such member: not kept";
                    self.faults.odd(&place, reason);
                }
                _ => {}
            }
        }
    }

    /// The members of a feature beside its objects and vertices.
    pub(in super::super) fn feature(&mut self, members: &Map<String, Value>) {
        let root = Place::ROOT;
        if !members.get("id").is_some_and(Value::is_string) {
            self.slip(&root.key("id"), "it is missing or no text");
        }
        for (name, value) in members {
            let place = root.key(name);
            match name.as_str() {
                "appearance" => self.appearance(value, &place),
                name if FIRST_LINE_ONLY.contains(&name) => {
                    self.slip(&place, "it belongs to the first line alone");
                }
                "type" | "id" => {}
                _ if self.version() == Version::V11 => {
                    self.slip(&place, "a feature of 1.1 has no such member");
                }
                _ => {}
            }
        }
    }

    fn transform(&mut self, value: &Value, at: &Place) {
        let Some(members) = value.as_object() else {
            return self.harm(at, "not an object");
        };
        for name in ["scale", "translate"] {
            let place = at.key(name);
            match members.get(name) {
                None => self.harm(&place, "it is missing"),
                Some(numbers) if !is_numbers(numbers, 3, 3) => {
                    self.harm(&place, "not a list of 3 numbers");
                }
                Some(numbers) => self.coordinates(numbers, &place),
            }
        }
        for name in members.keys() {
            if name != "scale" && name != "translate" {
                self.slip(&at.key(name), "transform has no such member");
            }
        }
    }

    /// Numbers that something on Earth can have.
    fn coordinates(&mut self, numbers: &Value, at: &Place) {
        for (axis, number) in numbers.as_array().into_iter().flatten().enumerate() {
            if number
                .as_f64()
                .is_none_or(|number| number.abs() > COORDINATE_MAX)
            {
                self.harm(&at.at(axis), "too large for any coordinate on Earth");
            }
        }
    }

    fn declared(&mut self, value: &Value, at: &Place) {
        let Some(extensions) = value.as_object() else {
            return self.slip(at, "not an object");
        };
        for (name, about) in extensions {
            let place = at.key(name);
            let Some(about) = about.as_object() else {
                self.slip(&place, "not an object");
                continue;
            };
            if !about.get("url").is_some_and(Value::is_string) {
                self.slip(&place.key("url"), "it is missing or no text");
            }
            let version = about.get("version").and_then(Value::as_str);
            if !version.is_some_and(|version| is_version(version, self.version())) {
                self.slip(
                    &place.key("version"),
                    "it is missing or no version such as 1.0",
                );
            }
        }
    }

    fn templates(&mut self, value: &Value, at: &Place) {
        let Some(members) = value.as_object() else {
            return self.harm(at, "not an object");
        };
        let place = at.key("vertices-templates");
        let mut count = 0;
        match members.get("vertices-templates").map(Value::as_array) {
            Some(Some(vertices)) => {
                count = vertices.len();
                for (index, vertex) in vertices.iter().enumerate() {
                    if !is_numbers(vertex, 3, 3) {
                        self.harm(&place.at(index), "not a list of 3 numbers");
                    }
                }
            }
            _ => self.harm(&place, "it is missing or no list"),
        }
        let place = at.key("templates");
        match members.get("templates").map(Value::as_array) {
            Some(Some(templates)) => {
                for (index, template) in templates.iter().enumerate() {
                    self.template(template, count, &place.at(index));
                }
            }
            _ => self.harm(&place, "it is missing or no list"),
        }
        for name in members.keys() {
            if name != "templates" && name != "vertices-templates" {
                self.slip(&at.key(name), "geometry-templates has no such member");
            }
        }
    }
}

/// `1.0`; since 2.0 also `1.0.2`.
fn is_version(text: &str, version: Version) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let is_number =
        |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let leads_with_zero = |part: &&str| part.len() > 1 && part.starts_with('0');
    match version {
        Version::V20 => {
            matches!(parts.len(), 2 | 3)
                && parts.iter().all(is_number)
                && !parts.iter().any(leads_with_zero)
        }
        Version::V11 => parts.len() == 2 && parts.iter().all(is_number),
        Version::V10 => {
            parts.len() == 2 && parts.iter().all(|part| part.len() == 1 && is_number(part))
        }
    }
}
