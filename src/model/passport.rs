//! What our own files in foreign formats say of a record beside its shape and its source's
//! attributes, so that it comes back as it was: data set and key (which make the id), and every
//! field that a reader could not know. One member, `pingjiang`, of a feature's attributes.
//! Written by `export`, honoured by `ingest`; one list of fields serves both. Never holds a shape
//! or anything personal: kinds of registries have no passport.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

pub use super::flat_shape::FlatShape;
use super::limits::{self, Impossible};
use super::{
    AreaLevel, Entity, EntityKind, GroundAreaKind, PlaceKind, RoadKind, Source, WaterKind,
};

/// The attribute that holds a passport: an object, or the same as JSON text.
pub const MEMBER: &str = "pingjiang";
/// Where a file lists the passports of its materials and textures, by their places in its own
/// lists: nothing else may stand in a material or texture itself.
pub const LOOKS: &str = "pingjiang:looks";
/// What a semantic surface is, where the standard has no word for it: our word, the source's, or
/// nothing.
pub const SURFACE_TYPE: &str = "pingjiang:type";
/// Attributes of a semantic surface whose names have a meaning of their own in the file.
pub const SURFACE_ATTRIBUTES: &str = "pingjiang:attributes";

/// Beside a passport, the shape of a record whose faces are not its own, where a format holds faces
/// alone: a [`FlatShape`] in the city's CRS.
pub const SHAPE: &str = "pingjiang:shape";

/// Which of the written shapes are the record's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shapes {
    /// All of them.
    #[default]
    Own,
    /// Faces of LoD 0 are the outline; there is no model.
    Outline,
    /// As [`Shapes::Outline`], and the models beside it were made from it by us.
    Generated,
    /// The centre line of a road whose surfaces stand in a feature of their own.
    Line,
    /// The surfaces of a road whose centre line stands in a feature of its own.
    Surfaces,
}

impl Shapes {
    const NAMED: [(Self, &'static str); 4] = [
        (Self::Outline, "outline"),
        (Self::Generated, "generated"),
        (Self::Line, "line"),
        (Self::Surfaces, "surfaces"),
    ];
}

/// A passport that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Passport {
    /// What the record is.
    pub kind: EntityKind,
    /// Its data set.
    pub dataset: String,
    /// Its key in the data set.
    pub key: String,
    /// Which shapes are its own.
    pub shapes: Shapes,
    fields: Map<String, Value>,
}

/// What else a writer says.
#[derive(Debug, Clone, Copy, Default)]
pub struct Remarks<'a> {
    /// Which shapes are the record's own.
    pub shapes: Shapes,
    /// Attributes beside the passport that only serve other programs.
    pub added: &'a [&'static str],
    /// Every attribute beside the passport only serves other programs.
    pub is_whole: bool,
    /// Attributes of the source that cannot stand beside the passport.
    pub attributes: Option<&'a Map<String, Value>>,
}

macro_rules! fields {
    ($($variant:ident { $($field:ident)* })*) => {
        fn put_fields(entity: &Entity, out: &mut Map<String, Value>) -> bool {
            match entity {
                $(Entity::$variant(_one) => { $(put(out, stringify!($field), &_one.$field);)* })*
                _ => return false,
            }
            true
        }

        fn set_fields(entity: &mut Entity, from: &Map<String, Value>) -> Result<(), String> {
            match entity {
                $(Entity::$variant(_one) => { $(_one.$field = get(from, stringify!($field))?;)* })*
                _ => {}
            }
            Ok(())
        }
    };
}

fields! {
    Area { level code name parent }
    Building {
        name address ground_m height_m height_origin storeys structure year usage protection roof
        party_walls area repairs
    }
    Road { name kind width_m }
    Water { name kind level_m }
    GroundArea { name kind }
    Plant { height_m crown_m }
    Place { name name_en kind }
    Object { name kind }
    Terrain { }
    Material { name }
    Texture { image format wrap_mode texture_type }
}

/// Fields at their default are left out.
fn put<T: Serialize + Default + PartialEq>(out: &mut Map<String, Value>, name: &str, field: &T) {
    if *field != T::default()
        && let Ok(value) = serde_json::to_value(field)
    {
        out.insert(name.to_owned(), value);
    }
}

fn get<T: DeserializeOwned + Default>(from: &Map<String, Value>, name: &str) -> Result<T, String> {
    match from.get(name) {
        None => Ok(T::default()),
        Some(value) => T::deserialize(value).map_err(|fault| format!("{name}: {fault}")),
    }
}

/// The passport of a record; `None` for registries, which never leave the city this way.
#[must_use]
pub fn of(entity: &Entity, remarks: Remarks<'_>) -> Option<Value> {
    let mut out = Map::new();
    let Source { dataset, key, .. } = entity.source();
    let mut say = |name: &str, value: Value| out.insert(name.to_owned(), value);
    say("type", entity.key().kind.as_str().into());
    say("dataset", dataset.as_str().into());
    say("key", key.as_str().into());
    let shapes = Shapes::NAMED.iter().find(|(one, _)| *one == remarks.shapes);
    if let Some((_, word)) = shapes {
        say("geometry", (*word).into());
    }
    if remarks.is_whole {
        say("whole", true.into());
    } else if !remarks.added.is_empty() {
        say("added", remarks.added.into());
    }
    if let Some(attributes) = remarks.attributes.filter(|members| !members.is_empty()) {
        say("attributes", attributes.clone().into());
    }
    // Vector formats are flat here, and projections carry no height.
    if let Some(z_m) = foot_m(entity) {
        say("z_m", z_m.into());
    }
    put_fields(entity, &mut out).then_some(Value::Object(out))
}

fn foot_m(entity: &Entity) -> Option<f64> {
    match entity {
        Entity::Plant(one) => Some(one.position[2]),
        Entity::Place(one) => Some(one.position[2]),
        _ => None,
    }
}

impl Passport {
    /// The passport among attributes, left there; `None` where there is none, or something else
    /// of that name.
    #[must_use]
    pub fn among(attributes: &Map<String, Value>) -> Option<Self> {
        let mut fields = members(attributes.get(MEMBER)?)?;
        let word = |name: &str| Some(fields.get(name)?.as_str()?.to_owned());
        let kind = EntityKind::from_name(&word("type")?)?;
        let (dataset, key) = (word("dataset")?, word("key")?);
        let shapes = word("geometry").and_then(|word| {
            let named = Shapes::NAMED.iter().find(|(_, name)| *name == word);
            named.map(|(shapes, _)| *shapes)
        });
        fields.remove("attributes");
        Some(Self {
            kind,
            dataset,
            key,
            shapes: shapes.unwrap_or_default(),
            fields,
        })
    }

    /// Takes the passport out of attributes, and with it what was written for other programs:
    /// what stays is what the source said.
    #[must_use]
    pub fn take(attributes: &mut Map<String, Value>) -> Option<Self> {
        let passport = Self::among(attributes)?;
        let mut member = members(&attributes.remove(MEMBER)?)?;
        if member.get("whole").and_then(Value::as_bool) == Some(true) {
            attributes.clear();
        }
        let added = member.get("added").and_then(Value::as_array);
        for name in added.into_iter().flatten().filter_map(Value::as_str) {
            attributes.remove(name);
        }
        if let Some(Value::Object(held)) = member.remove("attributes") {
            attributes.extend(held);
        }
        Some(passport)
    }

    /// The kind of road it names.
    #[must_use]
    pub fn road_kind(&self) -> RoadKind {
        get(&self.fields, "kind").unwrap_or_default()
    }

    /// The kind of water it names.
    #[must_use]
    pub fn water_kind(&self) -> WaterKind {
        get(&self.fields, "kind").unwrap_or_default()
    }

    /// The kind of open ground it names.
    #[must_use]
    pub fn ground_area_kind(&self) -> GroundAreaKind {
        get(&self.fields, "kind").unwrap_or_default()
    }

    /// The kind of place it names.
    #[must_use]
    pub fn place_kind(&self) -> PlaceKind {
        get(&self.fields, "kind").unwrap_or_default()
    }

    /// The level of area it names.
    #[must_use]
    pub fn area_level(&self) -> AreaLevel {
        get(&self.fields, "level").unwrap_or_default()
    }

    /// The name it gives; of an area or a place, which have one always.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.fields.get("name")?.as_str()
    }

    /// The picture it is of; of a texture.
    #[must_use]
    pub fn image(&self) -> Option<&str> {
        self.fields.get("image")?.as_str()
    }

    /// The type of another object it names.
    #[must_use]
    pub fn object_kind(&self) -> Option<&str> {
        self.fields.get("kind")?.as_str()
    }

    /// Puts the fields into a record that was built from the shape.
    ///
    /// # Errors
    /// What cannot be: a field of another type, a length that no city has. The record is spoilt
    /// then.
    pub fn stamp(&self, entity: &mut Entity) -> Result<(), String> {
        set_fields(entity, &self.fields)?;
        let z_m = self.fields.get("z_m").and_then(Value::as_f64);
        match entity {
            Entity::Plant(one) => one.position[2] = z_m.unwrap_or(one.position[2]),
            Entity::Place(one) => one.position[2] = z_m.unwrap_or(one.position[2]),
            _ => {}
        }
        plausible(entity)
    }
}

fn members(value: &Value) -> Option<Map<String, Value>> {
    match value {
        Value::Object(members) => Some(members.clone()),
        Value::String(text) => serde_json::from_str(text).ok(),
        _ => None,
    }
}

/// Files come from anywhere: a passport must not bring in what no reader would let pass.
fn plausible(entity: &Entity) -> Result<(), String> {
    let said = |fault: Impossible| format!("{}: {}", fault.field, fault.reason);
    let length = |name, metres, min_m| limits::length(name, metres, min_m).map_err(said);
    let level = |name, metres| limits::level(name, metres).map_err(said);
    match entity {
        Entity::Building(one) => {
            length("height_m", one.height_m, 0.0)?;
            level("ground_m", one.ground_m)?;
            if one.storeys > limits::STOREYS_MAX {
                return Err(format!("storeys: {} are too many", one.storeys));
            }
            Ok(())
        }
        Entity::Road(one) => length("width_m", one.width_m, 0.0),
        Entity::Water(one) => level("level_m", one.level_m),
        Entity::Plant(one) => {
            length("height_m", one.height_m, 0.0)?;
            length("crown_m", one.crown_m, 0.0)?;
            level("z_m", one.position[2])
        }
        Entity::Place(one) => {
            level("z_m", one.position[2])?;
            let named = !one.name.is_empty();
            named.then_some(()).ok_or_else(|| "name: none".to_owned())
        }
        Entity::Area(one) => {
            let named = !one.name.is_empty();
            named.then_some(()).ok_or_else(|| "name: none".to_owned())
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
