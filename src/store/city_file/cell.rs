//! How one field of a record becomes one column of a table and back.
//! Used by [`super::record`]. Personal fields are sealed here, so none reaches a table in clear.

use geo_types::{LineString, Polygon};
use rusqlite::types::{Null, ToSqlOutput, Value, ValueRef};

use crate::base::{
    AreaId, BuildingId, DwellingId, HouseholdId, ImportId, SealError, Sealed, Sealer, SharedSealer,
    Timestamp,
};
use crate::model::{
    AreaLevel, Attributes, CameraKind, CameraOwner, EventKind, EventStatus, FacilityKind,
    GroundAreaKind, HeightOrigin, KindId, LodModel, PlaceKind, Protection, ResponderKind, Rgb,
    Rgba, RoadKind, RoofStyle, ServiceGroup, Structure, Usage, VehicleKind, WaterKind,
};
use crate::space::Tin;
use crate::store::Vault;

use super::geometry::{self, ShapeFault};

mod sealed_form;
mod sealed_list;

use sealed_form::Padded;
pub(super) use sealed_form::{Form, NOT_SEALED, put_json, take_json};

/// What a column needs to know of its city.
#[derive(Debug, Clone)]
pub(super) struct Codec {
    /// Opens and seals personal values; without it they stay locked.
    keys: Option<Keys>,
    /// The city's coordinate system in its own file.
    pub srs_id: i32,
}

/// The city's key, for texts and for JSON that is padded; shared with the values that it opens.
#[derive(Debug, Clone)]
struct Keys {
    vault: Vault,
    sealer: SharedSealer,
    padded: Padded,
    padded_sealer: SharedSealer,
}

/// Why a field cannot be written or read. It never carries a personal value.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CellFault {
    /// A personal value is to be written and there is no key.
    #[error("it holds personal values, and the city's key is not at hand")]
    NoKey,
    /// Sealing or unsealing failed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// A geometry cannot be kept or read.
    #[error("{0}")]
    Shape(String),
    /// A number is NaN or infinite.
    #[error("it is not a finite number")]
    NotANumber,
    /// The stored value is not what the column should hold.
    #[error("{0}")]
    Wrong(String),
}

impl From<ShapeFault> for CellFault {
    fn from(fault: ShapeFault) -> Self {
        Self::Shape(fault.to_string())
    }
}

/// The geometry type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    /// Its name in GeoPackage.
    pub name: &'static str,
    /// Whether it has heights.
    pub with_z: bool,
}

/// A field that is kept in one column.
pub(super) trait Cell: Sized {
    /// Type of the column.
    const SQL: &'static str;
    /// Whether the column may be NULL.
    const NULLABLE: bool = false;
    /// Set for geometry columns.
    const SHAPE: Option<Shape> = None;
    /// Set where what stands there is sealed.
    const SEALED: Option<Form> = None;

    fn put(&self, codec: &Codec) -> Result<ToSqlOutput<'_>, CellFault>;
    fn take(value: ValueRef<'_>, codec: &Codec) -> Result<Self, CellFault>;
}

impl<T: Cell> Cell for Option<T> {
    const SQL: &'static str = T::SQL;
    const NULLABLE: bool = true;
    const SHAPE: Option<Shape> = T::SHAPE;
    const SEALED: Option<Form> = T::SEALED;

    fn put(&self, codec: &Codec) -> Result<ToSqlOutput<'_>, CellFault> {
        match self {
            Some(one) => one.put(codec),
            None => Ok(Null.into()),
        }
    }

    fn take(value: ValueRef<'_>, codec: &Codec) -> Result<Self, CellFault> {
        match value {
            ValueRef::Null => Ok(None),
            value => T::take(value, codec).map(Some),
        }
    }
}

/// The values of one row in the order of what all kinds have and the kind's columns: a row of a query, or
/// one kept in the change table.
pub(super) trait Cells {
    /// The value at a place.
    fn at(&self, place: usize) -> Result<ValueRef<'_>, CellFault>;
}

impl Cells for rusqlite::Row<'_> {
    fn at(&self, place: usize) -> Result<ValueRef<'_>, CellFault> {
        self.get_ref(place)
            .map_err(|fault| CellFault::Wrong(fault.to_string()))
    }
}

impl Cells for Vec<Value> {
    fn at(&self, place: usize) -> Result<ValueRef<'_>, CellFault> {
        self.get(place)
            .map(ValueRef::from)
            .ok_or_else(|| CellFault::Wrong("it is missing".to_owned()))
    }
}

fn wrong(expected: &str, value: ValueRef<'_>) -> CellFault {
    CellFault::Wrong(format!(
        "it should be {expected}, not {}",
        value.data_type()
    ))
}

/// The text in a column.
pub(super) fn text(value: ValueRef<'_>) -> Result<&str, CellFault> {
    value.as_str().map_err(|_| wrong("a text", value))
}

/// The whole number in a column.
pub(super) fn integer(value: ValueRef<'_>) -> Result<i64, CellFault> {
    value.as_i64().map_err(|_| wrong("a whole number", value))
}

pub(super) fn bytes(value: ValueRef<'_>) -> Result<&[u8], CellFault> {
    value.as_blob().map_err(|_| wrong("a blob", value))
}

impl Cell for String {
    const SQL: &'static str = "TEXT";
    fn put(&self, _: &Codec) -> Result<ToSqlOutput<'_>, CellFault> {
        Ok(self.as_str().into())
    }
    fn take(value: ValueRef<'_>, _: &Codec) -> Result<Self, CellFault> {
        text(value).map(str::to_owned)
    }
}

impl Cell for KindId {
    const SQL: &'static str = "TEXT";
    fn put(&self, _: &Codec) -> Result<ToSqlOutput<'_>, CellFault> {
        Ok(self.as_str().into())
    }
    fn take(value: ValueRef<'_>, _: &Codec) -> Result<Self, CellFault> {
        text(value).map(Self::new)
    }
}

impl Cell for f64 {
    const SQL: &'static str = "DOUBLE";
    fn put(&self, _: &Codec) -> Result<ToSqlOutput<'_>, CellFault> {
        if !self.is_finite() {
            return Err(CellFault::NotANumber);
        }
        Ok((*self).into())
    }
    fn take(value: ValueRef<'_>, _: &Codec) -> Result<Self, CellFault> {
        match value {
            // Nothing that is written is infinite, but another program may have put it there.
            ValueRef::Real(number) if !number.is_finite() => Err(CellFault::NotANumber),
            ValueRef::Real(number) => Ok(number),
            ValueRef::Integer(number) => Ok(number as f64),
            other => Err(wrong("a number", other)),
        }
    }
}

impl Cell for bool {
    const SQL: &'static str = "BOOLEAN";
    fn put(&self, _: &Codec) -> Result<ToSqlOutput<'_>, CellFault> {
        Ok(i64::from(*self).into())
    }
    fn take(value: ValueRef<'_>, _: &Codec) -> Result<Self, CellFault> {
        integer(value).map(|number| number != 0)
    }
}

macro_rules! whole_numbers {
    ($($number:ty)*) => {$(impl Cell for $number {
        const SQL: &'static str = "INTEGER";
        fn put(&self, _: &Codec) -> Result<ToSqlOutput<'_>, CellFault> {
            Ok(i64::from(*self).into())
        }
        fn take(value: ValueRef<'_>, _: &Codec) -> Result<Self, CellFault> {
            let number = integer(value)?;
            number.try_into().map_err(|_| CellFault::Wrong(format!("{number} is out of range")))
        }
    })*};
}
whole_numbers!(i16 u16 u32);

/// Links between records are the `fid` of the other, so that other programs can join by them.
macro_rules! links {
    ($($id:ty)*) => {$(impl Cell for $id {
        const SQL: &'static str = "INTEGER";
        fn put(&self, _: &Codec) -> Result<ToSqlOutput<'_>, CellFault> {
            Ok(self.bits().cast_signed().into())
        }
        fn take(value: ValueRef<'_>, _: &Codec) -> Result<Self, CellFault> {
            integer(value).map(|bits| Self::from_bits(bits.cast_unsigned()))
        }
    })*};
}
links!(AreaId BuildingId DwellingId HouseholdId);

/// As GeoPackage writes times: UTC, to the millisecond.
impl Cell for Timestamp {
    const SQL: &'static str = "DATETIME";
    fn put(&self, _: &Codec) -> Result<ToSqlOutput<'_>, CellFault> {
        Ok(super::meta::date_time(*self).into())
    }
    fn take(value: ValueRef<'_>, _: &Codec) -> Result<Self, CellFault> {
        let text = text(value)?;
        let fault = |fault: crate::base::TimeError| CellFault::Wrong(fault.to_string());
        text.parse().map_err(fault)
    }
}

impl Cell for ImportId {
    const SQL: &'static str = "TEXT";
    fn put(&self, _: &Codec) -> Result<ToSqlOutput<'_>, CellFault> {
        Ok(self.to_string().into())
    }
    fn take(value: ValueRef<'_>, _: &Codec) -> Result<Self, CellFault> {
        let text = text(value)?;
        text.parse()
            .map_err(|_| CellFault::Wrong(format!("{text:?} is no import's id")))
    }
}

macro_rules! words {
    ($($word:ty)*) => {$(impl Cell for $word {
        const SQL: &'static str = "TEXT";
        fn put(&self, _: &Codec) -> Result<ToSqlOutput<'_>, CellFault> {
            Ok(self.as_str().into())
        }
        fn take(value: ValueRef<'_>, _: &Codec) -> Result<Self, CellFault> {
            let name = text(value)?;
            Self::from_name(name).ok_or_else(|| {
                let known: Vec<_> = Self::ALL.iter().map(|one| one.as_str()).collect();
                CellFault::Wrong(format!("{name:?} is none of {}", known.join(", ")))
            })
        }
    })*};
}
words!(AreaLevel CameraKind CameraOwner EventKind EventStatus FacilityKind GroundAreaKind
    HeightOrigin PlaceKind Protection ResponderKind RoadKind RoofStyle ServiceGroup Structure Usage
    VehicleKind WaterKind);

fn to_json(value: &impl serde::Serialize) -> Result<ToSqlOutput<'static>, CellFault> {
    serde_json::to_string(value)
        .map(ToSqlOutput::from)
        .map_err(|fault| CellFault::Wrong(fault.to_string()))
}

macro_rules! json {
    ($($kind:ty)*) => {$(impl Cell for $kind {
        const SQL: &'static str = "TEXT";
        fn put(&self, _: &Codec) -> Result<ToSqlOutput<'_>, CellFault> {
            to_json(self)
        }
        fn take(value: ValueRef<'_>, _: &Codec) -> Result<Self, CellFault> {
            serde_json::from_str(text(value)?)
                .map_err(|fault| CellFault::Wrong(format!("it is not the expected JSON ({fault})")))
        }
    })*};
}
json!(Vec<String> Vec<BuildingId> Attributes Rgb Rgba);

/// The column holds the levels of detail in order; their faces are rows of a table of their own.
impl Cell for Vec<LodModel> {
    const SQL: &'static str = "TEXT";
    fn put(&self, _: &Codec) -> Result<ToSqlOutput<'_>, CellFault> {
        to_json(&self.iter().map(|model| &model.lod).collect::<Vec<_>>())
    }
    fn take(value: ValueRef<'_>, codec: &Codec) -> Result<Self, CellFault> {
        let lods = Vec::<String>::take(value, codec)?;
        let model = |lod| LodModel {
            lod,
            surfaces: Vec::new(),
            details: Vec::new(),
        };
        Ok(lods.into_iter().map(model).collect())
    }
}

/// The column holds how many there are; the polygons are rows of a table of their own.
impl Cell for Vec<Polygon<f64>> {
    const SQL: &'static str = "INTEGER";
    fn put(&self, _: &Codec) -> Result<ToSqlOutput<'_>, CellFault> {
        Ok((self.len() as i64).into())
    }
    fn take(_: ValueRef<'_>, _: &Codec) -> Result<Self, CellFault> {
        Ok(Vec::new())
    }
}

macro_rules! shapes {
    ($($kind:ty, $name:literal, $with_z:literal, $put:expr, $take:path;)*) => {$(
        impl Cell for $kind {
            const SQL: &'static str = $name;
            const SHAPE: Option<Shape> = Some(Shape { name: $name, with_z: $with_z });
            fn put(&self, codec: &Codec) -> Result<ToSqlOutput<'_>, CellFault> {
                let put: fn(&Self, i32) -> Result<Vec<u8>, ShapeFault> = $put;
                Ok(put(self, codec.srs_id)?.into())
            }
            fn take(value: ValueRef<'_>, _: &Codec) -> Result<Self, CellFault> {
                Ok($take(bytes(value)?)?)
            }
        }
    )*};
}
shapes! {
    [f64; 3], "POINT", true, |at, srs_id| geometry::point_z(*at, srs_id), geometry::read_point_z;
    LineString<f64>, "LINESTRING", false, geometry::line, geometry::read_line;
    Polygon<f64>, "POLYGON", false, geometry::polygon, geometry::read_polygon;
    Tin, "MULTIPOLYGON", true, geometry::tin, geometry::read_tin;
}

impl Codec {
    /// With the city's key, where it is at hand.
    pub fn new(vault: Option<Vault>, srs_id: i32) -> Self {
        let keys = |vault: Vault| Keys {
            sealer: SharedSealer::new(vault.clone()),
            padded: Padded(vault.clone()),
            padded_sealer: SharedSealer::new(Padded(vault.clone())),
            vault,
        };
        Self {
            keys: vault.map(keys),
            srs_id,
        }
    }

    /// The city's key, where it is at hand.
    pub fn vault(&self) -> Option<&Vault> {
        self.keys.as_ref().map(|keys| &keys.vault)
    }

    pub(super) fn seal(&self, value: &Sealed) -> Result<Vec<u8>, CellFault> {
        seal(value, self.keys.as_ref().map(|keys| &keys.vault))
    }

    /// As [`Codec::seal`], of JSON that is padded.
    pub fn seal_padded(&self, value: &Sealed) -> Result<Vec<u8>, CellFault> {
        seal(value, self.keys.as_ref().map(|keys| &keys.padded))
    }

    /// A value that is opened when somebody asks for it.
    fn sealed(&self, blob: &[u8]) -> Sealed {
        Sealed::from_blob(blob, self.keys.as_ref().map(|keys| &keys.sealer))
    }

    /// As [`Codec::sealed`], of JSON that is padded.
    fn sealed_padded(&self, blob: &[u8]) -> Sealed {
        Sealed::from_blob(blob, self.keys.as_ref().map(|keys| &keys.padded_sealer))
    }
}

fn seal(value: &Sealed, sealer: Option<&impl Sealer>) -> Result<Vec<u8>, CellFault> {
    match (sealer, value.blob_of_locked()) {
        (_, Some(blob)) => Ok(blob.to_vec()),
        (Some(sealer), None) => Ok(value.to_blob(sealer)?),
        (None, None) => Err(CellFault::NoKey),
    }
}

/// What lies in a sealed column. Something else than a blob opens to nobody, as a blob does that was
/// changed: it hides only itself.
fn sealed_bytes(value: ValueRef<'_>) -> &[u8] {
    match value {
        ValueRef::Blob(bytes) | ValueRef::Text(bytes) => bytes,
        // Too short to be anything of ours; no bytes at all are an empty list of the first formats.
        ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) => &[0],
    }
}

impl Cell for Sealed {
    const SQL: &'static str = "BLOB";
    const SEALED: Option<Form> = Some(Form::Text);
    fn put(&self, codec: &Codec) -> Result<ToSqlOutput<'_>, CellFault> {
        Ok(codec.seal(self)?.into())
    }
    fn take(value: ValueRef<'_>, codec: &Codec) -> Result<Self, CellFault> {
        Ok(codec.sealed(sealed_bytes(value)))
    }
}
