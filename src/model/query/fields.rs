//! The open fields of records by name, for conditions such as `storeys>=3`. Personal fields are not
//! among them: nobody can narrow down a sealed value by asking for it often enough.

use std::borrow::Cow;

use serde_json::Value;

use crate::model::{Attributes, EntityKind, EntityView};

/// The value of a field.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldValue<'a> {
    /// Text.
    Text(Cow<'a, str>),
    /// A number, in the unit of the field's name.
    Number(f64),
}

impl<'a> From<&'a str> for FieldValue<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<f64> for FieldValue<'_> {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<u16> for FieldValue<'_> {
    fn from(number: u16) -> Self {
        Self::Number(number.into())
    }
}

impl From<i16> for FieldValue<'_> {
    fn from(number: i16) -> Self {
        Self::Number(number.into())
    }
}

impl From<crate::base::Timestamp> for FieldValue<'_> {
    fn from(at: crate::base::Timestamp) -> Self {
        Self::Text(at.to_string().into())
    }
}

/// How the attributes of the source are asked for: `attributes.` and their name.
const ATTRIBUTES: &str = "attributes.";

macro_rules! fields {
    ($($variant:ident { $($name:literal => |$one:ident| $value:expr,)* })*) => {
        /// The fields of a kind that conditions may name; buildings and objects have
        /// `attributes.NAME` besides.
        #[must_use]
        pub fn known_fields(kind: EntityKind) -> &'static [&'static str] {
            match kind {
                $(EntityKind::$variant => &[$($name,)*],)*
                _ => &[],
            }
        }

        fn own_field<'a>(entity: EntityView<'a>, name: &str) -> Option<FieldValue<'a>> {
            match (entity, name) {
                $($((EntityView::$variant($one), $name) => {
                    let value: Option<_> = $value;
                    value.map(FieldValue::from)
                })*)*
                _ => None,
            }
        }
    };
}

fields! {
    Area {
        "level" => |one| Some(one.level.as_str()),
        "code" => |one| one.code.as_deref(),
        "name" => |one| Some(one.name.as_str()),
    }
    Building {
        "name" => |one| one.name.as_deref(),
        "address" => |one| one.address.as_deref(),
        "ground_m" => |one| Some(one.ground_m),
        "height_m" => |one| Some(one.height_m),
        "height_origin" => |one| Some(one.height_origin.as_str()),
        "storeys" => |one| Some(one.storeys),
        "structure" => |one| Some(one.structure.as_str()),
        "year" => |one| one.year,
        "usage" => |one| Some(one.usage.as_str()),
        "protection" => |one| Some(one.protection.as_str()),
        "roof" => |one| Some(one.roof.as_str()),
    }
    Road {
        "name" => |one| one.name.as_deref(),
        "kind" => |one| Some(one.kind.as_str()),
        "width_m" => |one| Some(one.width_m),
    }
    Water {
        "name" => |one| one.name.as_deref(),
        "kind" => |one| Some(one.kind.as_str()),
        "level_m" => |one| Some(one.level_m),
    }
    GroundArea {
        "name" => |one| one.name.as_deref(),
        "kind" => |one| Some(one.kind.as_str()),
    }
    Plant {
        "height_m" => |one| Some(one.height_m),
        "crown_m" => |one| Some(one.crown_m),
    }
    Place {
        "name" => |one| Some(one.name.as_str()),
        "name_en" => |one| one.name_en.as_deref(),
        "kind" => |one| Some(one.kind.as_str()),
    }
    Object {
        "name" => |one| one.name.as_deref(),
        "kind" => |one| Some(one.kind.as_str()),
    }
    Dwelling {
        "floor" => |one| Some(one.floor),
        "usage" => |one| Some(one.usage.as_str()),
        "area_m2" => |one| Some(one.area_m2),
    }
    Resident {
        "verified_on" => |one| Some(one.verified_on.as_str()),
    }
    Vehicle {
        "kind" => |one| Some(one.kind.as_str()),
    }
    Device {
        "kind" => |one| Some(one.kind.as_str()),
        "name" => |one| one.name.as_deref(),
    }
    Camera {
        "name" => |one| Some(one.name.as_str()),
        "kind" => |one| one.kind.map(|kind| kind.as_str()),
        "owner" => |one| Some(one.owner.as_str()),
        "gb28181_id" => |one| Some(one.gb28181_id.as_str()),
        "range_m" => |one| Some(one.range_m),
    }
    Facility {
        "name" => |one| Some(one.name.as_str()),
        "kind" => |one| Some(one.kind.as_str()),
    }
    Responder {
        "title" => |one| Some(one.title.as_str()),
        "kind" => |one| Some(one.kind.as_str()),
        "duty" => |one| one.duty.as_deref(),
    }
    Event {
        "title" => |one| one.title.as_deref(),
        "kind" => |one| Some(one.kind.as_str()),
        "group" => |one| Some(one.group.as_str()),
        "status" => |one| Some(one.status.as_str()),
        "reported_at" => |one| Some(one.reported_at),
        "due_at" => |one| one.due_at,
    }
}

/// The value of an open field; `None` where the record has none, or no such field.
#[must_use]
pub fn field<'a>(entity: EntityView<'a>, name: &str) -> Option<FieldValue<'a>> {
    let attributes = |attributes: &'a Attributes| {
        let value = attributes.get(name.strip_prefix(ATTRIBUTES)?)?;
        Some(match value {
            Value::Null => return None,
            Value::String(text) => FieldValue::Text(Cow::Borrowed(text)),
            Value::Number(number) => FieldValue::Number(number.as_f64()?),
            other => FieldValue::Text(Cow::Owned(other.to_string())),
        })
    };
    own_field(entity, name).or_else(|| match entity {
        EntityView::Building(one) => attributes(&one.attributes),
        EntityView::Object(one) => attributes(&one.attributes),
        _ => None,
    })
}

/// Whether records of this kind have a field of this name that may be asked for.
pub(super) fn has_field(kind: EntityKind, name: &str) -> bool {
    let with_attributes = matches!(kind, EntityKind::Building | EntityKind::Object);
    known_fields(kind).contains(&name) || (with_attributes && name.starts_with(ATTRIBUTES))
}
