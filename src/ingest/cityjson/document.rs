//! The outer object of a CityJSON document or feature, taken apart while it is parsed: what is
//! not needed is never held.

use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::super::raw::Attributes;
use super::geometry::Geometry;

/// A vertex as the file has it; NaN where it is not three numbers.
pub(super) type Vertex = [f64; 3];

/// A parsed document.
#[derive(Default)]
pub(super) struct Document {
    pub(super) kind: String,
    pub(super) version: Option<String>,
    pub(super) transform: Option<Value>,
    pub(super) metadata: Option<Value>,
    pub(super) has_objects: bool,
    pub(super) has_vertices: bool,
    /// Objects in the order of the file, each key once.
    pub(super) objects: Vec<(String, Result<Object, String>)>,
    /// Keys that came more than once.
    pub(super) repeated: Vec<String>,
    pub(super) vertices: Vec<Vertex>,
    pub(super) templates: Option<Value>,
    pub(super) materials: usize,
    pub(super) textures: usize,
    pub(super) extensions: Vec<String>,
}

/// A city object with its geometries read.
pub(super) struct Object {
    pub(super) kind: String,
    pub(super) attributes: Attributes,
    pub(super) parents: Vec<String>,
    pub(super) children: Vec<String>,
    pub(super) geometries: Vec<Result<Geometry, String>>,
}

impl Object {
    fn from_json(value: Value) -> Result<Self, String> {
        let Value::Object(mut members) = value else {
            return Err("not an object".to_owned());
        };
        let kind = members
            .get("type")
            .and_then(Value::as_str)
            .ok_or("it has no type")?
            .to_owned();
        let keys = |name: &str| -> Vec<String> {
            let list = members.get(name).and_then(Value::as_array);
            let list = list.map(Vec::as_slice).unwrap_or_default();
            list.iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect()
        };
        let (parents, children) = (keys("parents"), keys("children"));
        let geometries = match members.get("geometry") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(list)) => list.iter().map(Geometry::from_json).collect(),
            Some(_) => vec![Err("geometry is not a list".to_owned())],
        };
        let mut attributes = match members.remove("attributes") {
            Some(Value::Object(attributes)) => attributes,
            None | Some(Value::Null) => Attributes::new(),
            Some(_) => return Err("its attributes are not an object".to_owned()),
        };
        if let Some(address) = members.remove("address") {
            attributes.entry("address").or_insert(address);
        }
        Ok(Self {
            kind,
            attributes,
            parents,
            children,
            geometries,
        })
    }
}

/// Parses a document.
pub(super) struct Seed;

impl<'de> DeserializeSeed<'de> for Seed {
    type Value = Document;
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Document, D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Seed {
    type Value = Document;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a CityJSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Document, A::Error> {
        let mut document = Document::default();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "type" => document.kind = text_of(map.next_value()?).unwrap_or_default(),
                "version" => document.version = text_of(map.next_value()?),
                "transform" => document.transform = Some(map.next_value()?),
                "metadata" => document.metadata = Some(map.next_value()?),
                "CityObjects" => {
                    document.has_objects = true;
                    map.next_value_seed(Objects(&mut document))?;
                }
                "vertices" => {
                    document.has_vertices = true;
                    map.next_value_seed(Vertices(&mut document.vertices))?;
                }
                "geometry-templates" => document.templates = Some(map.next_value()?),
                "appearance" => {
                    let appearance: Value = map.next_value()?;
                    let count = |name: &str| {
                        appearance
                            .get(name)
                            .and_then(Value::as_array)
                            .map_or(0, Vec::len)
                    };
                    (document.materials, document.textures) =
                        (count("materials"), count("textures"));
                }
                "extensions" => {
                    let extensions: Value = map.next_value()?;
                    let names = extensions
                        .as_object()
                        .into_iter()
                        .flat_map(|names| names.keys());
                    document.extensions = names.cloned().collect();
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(document)
    }
}

/// Versions are texts, but `"version": 1.1` is common.
fn text_of(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

struct Objects<'a>(&'a mut Document);

impl<'de> DeserializeSeed<'de> for Objects<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Objects<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of city objects")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen: HashSet<String> = self.0.objects.iter().map(|(key, _)| key.clone()).collect();
        while let Some((key, value)) = map.next_entry::<String, Value>()? {
            if seen.insert(key.clone()) {
                self.0.objects.push((key, Object::from_json(value)));
            } else {
                self.0.repeated.push(key);
            }
        }
        Ok(())
    }
}

struct Vertices<'a>(&'a mut Vec<Vertex>);

impl<'de> DeserializeSeed<'de> for Vertices<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Vertices<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of vertices")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(vertex) = list.next_element::<Value>()? {
            self.0.push(vertex_from(&vertex));
        }
        Ok(())
    }
}

/// The vertex, or NaN: only geometries that use it suffer.
pub(super) fn vertex_from(value: &Value) -> Vertex {
    let mut vertex = [f64::NAN; 3];
    if let Some(numbers) = value.as_array().filter(|numbers| numbers.len() >= 3) {
        for (slot, number) in vertex.iter_mut().zip(numbers) {
            *slot = number.as_f64().unwrap_or(f64::NAN);
        }
    }
    vertex
}
