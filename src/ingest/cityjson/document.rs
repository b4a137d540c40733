//! The outer object of a CityJSON document or feature, taken apart while it is parsed. A text is
//! gone through twice: first for all that stands beside the objects, since a file may say its
//! version or list its vertices after them, then for the objects one by one.

use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::super::raw::Attributes;
use super::check::{Faults, Place};
use super::geometry::Geometry;

/// A vertex as the file has it; NaN where it is not three numbers.
pub(super) type Vertex = [f64; 3];

/// Whole numbers beyond this are not told apart any more.
const VERTEX_MAX: f64 = 9_007_199_254_740_992.0;

/// What stands beside the objects.
#[derive(Default)]
pub(super) struct Document {
    /// All members but objects and vertices.
    pub(super) members: Map<String, Value>,
    /// Members that came more than once; the last counts.
    repeated: Vec<String>,
    pub(super) has_objects: bool,
    pub(super) has_vertices: bool,
    pub(super) vertices: Vec<Vertex>,
    /// Vertices that are wrong, by their place, with the reason.
    wrong_vertices: Vec<(usize, &'static str)>,
}

/// Wrong vertices that are kept; a list of nothing but wrong ones stays cheap.
const WRONG_VERTICES_MAX: usize = 20;

impl Document {
    /// Its type, or nothing.
    pub(super) fn kind(&self) -> &str {
        let kind = self.members.get("type").and_then(Value::as_str);
        kind.unwrap_or_default()
    }

    /// Notes what is wrong with its outermost parts.
    pub(super) fn judge(&self, faults: &mut Faults) {
        let root = Place::ROOT;
        for name in &self.repeated {
            faults.harm(&root.key(name), "it is given twice");
        }
        for (name, is_there) in [
            ("CityObjects", self.has_objects),
            ("vertices", self.has_vertices),
        ] {
            if !is_there {
                faults.harm(&root.key(name), "it is missing");
            }
        }
        let vertices = root.key("vertices");
        for (index, reason) in &self.wrong_vertices {
            faults.harm(&vertices.at(*index), *reason);
        }
    }

    fn vertex(&mut self, value: &Value) {
        let vertex = vertex_from(value);
        let reason = if value.as_array().is_none_or(|list| list.len() != 3)
            || vertex.iter().any(|number| number.is_nan())
        {
            Some("not a list of 3 numbers")
        } else if vertex.iter().any(|number| number.abs() > VERTEX_MAX) {
            Some("too large to be told from its neighbours")
        } else {
            None
        };
        if let Some(reason) = reason
            && self.wrong_vertices.len() < WRONG_VERTICES_MAX
        {
            self.wrong_vertices.push((self.vertices.len(), reason));
        }
        self.vertices.push(vertex);
    }
}

/// A city object with its geometries read.
pub(super) struct Object {
    pub(super) kind: String,
    pub(super) attributes: Attributes,
    pub(super) parents: Vec<String>,
    pub(super) children: Vec<String>,
    /// Of a group: what belongs to it, and as what.
    pub(super) group: Option<Group>,
    pub(super) geometries: Vec<Result<Geometry, String>>,
}

/// What a group holds.
pub(super) struct Group {
    pub(super) members: Vec<String>,
    pub(super) roles: Option<Value>,
}

/// The type of groups.
pub(super) const GROUP: &str = "CityObjectGroup";

impl Object {
    /// Reads an object.
    pub(super) fn from_json(value: Value) -> Result<Self, String> {
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
        let (parents, mut children) = (keys("parents"), keys("children"));
        let group = (kind == GROUP).then(|| {
            // 1.0 lists them as members, later versions as children.
            let mut grouped = keys("members");
            grouped.append(&mut children);
            Group {
                members: grouped,
                roles: members.get("children_roles").cloned(),
            }
        });
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
        // Members that an extension brings.
        for (name, value) in members {
            if name.starts_with('+') {
                attributes.entry(name).or_insert(value);
            }
        }
        Ok(Self {
            kind,
            attributes,
            parents,
            children,
            group,
            geometries,
        })
    }
}

/// Parses all but the objects.
pub(super) struct Head;

impl<'de> DeserializeSeed<'de> for Head {
    type Value = Document;
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Document, D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Head {
    type Value = Document;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a CityJSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Document, A::Error> {
        let mut document = Document::default();
        while let Some(key) = map.next_key::<String>()? {
            let is_repeated = match key.as_str() {
                "CityObjects" => {
                    map.next_value::<IgnoredAny>()?;
                    std::mem::replace(&mut document.has_objects, true)
                }
                "vertices" => {
                    document.vertices.clear();
                    document.wrong_vertices.clear();
                    map.next_value_seed(Vertices(&mut document))?;
                    std::mem::replace(&mut document.has_vertices, true)
                }
                _ => document.members.contains_key(&key),
            };
            if is_repeated && document.repeated.len() < WRONG_VERTICES_MAX {
                document.repeated.push(key.clone());
            }
            if !matches!(key.as_str(), "CityObjects" | "vertices") {
                document.members.insert(key, map.next_value()?);
            }
        }
        Ok(document)
    }
}

/// Parses the objects alone, and hands each over with its key.
pub(super) struct Objects<'a>(pub(super) &'a mut dyn FnMut(String, Value));

impl<'de> DeserializeSeed<'de> for Objects<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Objects<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a CityJSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == "CityObjects" {
                map.next_value_seed(ObjectMap(&mut *self.0))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

struct ObjectMap<'a>(&'a mut dyn FnMut(String, Value));

impl<'de> DeserializeSeed<'de> for ObjectMap<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for ObjectMap<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of city objects")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some((key, value)) = map.next_entry::<String, Value>()? {
            (self.0)(key, value);
        }
        Ok(())
    }
}

struct Vertices<'a>(&'a mut Document);

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
            self.0.vertex(&vertex);
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

/// How many vertices nothing names, and how many come again.
pub(super) fn idle_vertices(vertices: &[Vertex], used: &[bool]) -> (usize, usize) {
    let unused = used.iter().filter(|used| !**used).count();
    let mut seen = HashSet::with_capacity(vertices.len());
    let repeated = vertices
        .iter()
        .filter(|vertex| !seen.insert(vertex.map(f64::to_bits)))
        .count();
    (unused, repeated)
}
