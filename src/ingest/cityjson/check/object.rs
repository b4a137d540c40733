//! City objects against the standard: type, members, attributes, address. Used by the readers for
//! every object as it is parsed.

use serde_json::{Map, Value};

use super::types::{self, Holds, ObjectType};
use super::{Check, Place, Version, metadata};

impl Check<'_> {
    /// One city object under its key.
    pub(in super::super) fn object(&mut self, key: &str, value: &Value) {
        let objects = Place::ROOT.key("CityObjects");
        let place = objects.key(key);
        let Some(members) = value.as_object() else {
            return self.harm(&place, "not an object");
        };
        let name = match members.get("type") {
            Some(Value::String(name)) => name.as_str(),
            Some(_) => return self.harm(&place.key("type"), "not a text"),
            None => return self.harm(&place.key("type"), "it is missing"),
        };
        let Some(kind) = types::object_type(name, self.version()) else {
            let version = self.version().as_str();
            let reason = format!("{name:?} is not a type of CityJSON {version}");
            return self.harm(&place.key("type"), reason);
        };
        if types::is_extra(name) {
            self.extra(&place.key("type"), self.extensions.has_object(name), name);
        }
        self.relatives(name, kind, members, &place);
        self.attributes(name, members, &place);
        if let Some(extent) = members.get("geographicalExtent") {
            self.numbers(extent, &place.key("geographicalExtent"), 6, 6);
        }
        if kind.has_address
            && let Some(address) = members.get("address")
        {
            self.address(address, &place.key("address"));
        }
        self.geometries(name, kind, members, &place);
    }

    /// Members that name other objects; whether those exist is for `family`.
    fn relatives(
        &mut self,
        name: &str,
        kind: ObjectType,
        members: &Map<String, Value>,
        at: &Place,
    ) {
        for member in ["parents", "children"] {
            if let Some(keys) = members.get(member) {
                self.texts(keys, &at.key(member));
            }
        }
        if kind.needs_parent && !members.contains_key("parents") {
            self.slip(
                &at.key("parents"),
                format!("it is missing, and a {name} has parents"),
            );
        }
        if name != "CityObjectGroup" {
            return;
        }
        let list = if self.version() == Version::V10 {
            "members"
        } else {
            "children"
        };
        match members.get(list) {
            Some(keys) if list == "members" => self.texts(keys, &at.key(list)),
            Some(_) => {}
            None => self.harm(&at.key(list), "it is missing, and a group has members"),
        }
        if self.version() != Version::V10
            && let Some(roles) = members.get("children_roles")
        {
            let of_texts = roles
                .as_array()
                .is_some_and(|list| list.iter().all(|one| one.is_string() || one.is_null()));
            if !of_texts {
                self.slip(&at.key("children_roles"), "not a list of texts");
            }
        }
    }

    fn attributes(&mut self, name: &str, members: &Map<String, Value>, at: &Place) {
        let Some(attributes) = members.get("attributes") else {
            return;
        };
        let at = at.key("attributes");
        let Some(attributes) = attributes.as_object() else {
            return if types::is_extra(name) {
                self.slip(&at, "not an object")
            } else {
                self.harm(&at, "not an object")
            };
        };
        for (key, value) in attributes {
            if key.starts_with('+') {
                let known = self.extensions.has_attribute(name, key);
                self.extra(&at.key(key), known, key);
            }
            if self.version() == Version::V10
                && let Some(holds) = types::attribute_10(name, key)
                && !is_held(value, holds)
            {
                self.slip(
                    &at.key(key),
                    format!("1.0 demands {} here", in_words(holds)),
                );
            }
        }
    }

    /// An address: one object in 1.0, a list of them since.
    fn address(&mut self, address: &Value, at: &Place) {
        if self.version() == Version::V10 {
            return self.one_address(address, at);
        }
        let Some(list) = address.as_array() else {
            return self.slip(at, "not a list of addresses");
        };
        for (index, one) in list.iter().enumerate() {
            self.one_address(one, &at.at(index));
        }
    }

    fn one_address(&mut self, address: &Value, at: &Place) {
        let Some(members) = address.as_object() else {
            return self.slip(at, "not an object");
        };
        if self.version() == Version::V10 {
            let names = [
                "CountryName",
                "LocalityName",
                "ThoroughfareNumber",
                "ThoroughfareName",
                "PostalCode",
            ];
            for name in names {
                if members.get(name).is_some_and(|value| !value.is_string()) {
                    self.slip(&at.key(name), "not a text");
                }
            }
        }
        if let Some(location) = members.get("location") {
            self.location(location, &at.key("location"));
        }
    }

    fn geometries(
        &mut self,
        name: &str,
        kind: ObjectType,
        members: &Map<String, Value>,
        at: &Place,
    ) {
        let at = at.key("geometry");
        let Some(geometry) = members.get("geometry") else {
            let must = self.version() == Version::V10
                && name != "CityObjectGroup"
                && !types::is_extra(name);
            if must {
                self.slip(&at, "it is missing; 1.0 demands it, if only an empty list");
            }
            return;
        };
        let Some(list) = geometry.as_array() else {
            return self.harm(&at, "not a list");
        };
        for (index, geometry) in list.iter().enumerate() {
            self.geometry(geometry, name, kind.shapes, &at.at(index));
        }
    }

    /// A word with a `+`: an extension must be declared, and the word in it where it is at hand.
    pub(super) fn extra(&mut self, at: &Place, known: bool, word: &str) {
        if known {
            return;
        }
        let reason = if self.extensions.is_empty() {
            format!("{word:?} is a word of an extension, and the file declares none")
        } else {
            format!("{word:?} is in none of the extensions that the file declares")
        };
        self.slip(at, reason);
    }
}

fn is_held(value: &Value, holds: Holds) -> bool {
    match holds {
        Holds::Text => value.is_string(),
        Holds::Date => value.as_str().is_some_and(metadata::is_date),
        Holds::Number => value.is_number(),
        Holds::Integer => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        Holds::Bool => value.is_boolean(),
        Holds::List => value.is_array(),
    }
}

fn in_words(holds: Holds) -> &'static str {
    match holds {
        Holds::Text => "a text",
        Holds::Date => "a date such as 2024-05-31",
        Holds::Number => "a number",
        Holds::Integer => "a whole number",
        Holds::Bool => "true or false",
        Holds::List => "a list",
    }
}
