//! In which dwelling a device stands, and where there, at rest: one sealed value in the column `home`,
//! of one length whether it stands in a dwelling, in one that no register tells of or in none, for a
//! help button tells of somebody who needs one. The column `dwelling` holds nothing, and `geom` of a device of a home is a place of the
//! building. Used by [`super::record`] for rows. What came before is [`super::device_older`]'s. Never
//! seals the building, which everybody may know.

use rusqlite::types::{Null, ToSqlOutput, Value, ValueRef};
use serde::{Deserialize, Serialize};

use crate::base::{DwellingId, Sealed, Sealer};
use crate::model::{Device, DeviceHome, EntityKind, far_from};

use super::cell::{Cell, CellFault, Codec, Form};
use super::device_older;
use super::geometry;
use super::record::{self, COMMON, Cells, Fault, Record};

pub(super) const HOME: &str = "home";
pub(super) const DWELLING: &str = "dwelling";
pub(super) const GEOM: &str = "geom";

/// What is sealed of a device that stands in no dwelling.
pub(super) const NONE: &str = "{}";

/// What is sealed of a device of a home.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Matter {
    /// `None` of a home that no register of dwellings tells of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dwelling: Option<DwellingId>,
    /// Its own place, metres in the city's CRS.
    position: [f64; 3],
}

/// What could not be opened, as it came. What is known goes through [`put`], never through here.
impl Cell for DeviceHome {
    const SQL: &'static str = "BLOB";
    const NULLABLE: bool = true;
    const SEALED: Option<Form> = Some(Form::DeviceHome);
    fn put(&self, codec: &Codec) -> Result<ToSqlOutput<'_>, CellFault> {
        match self {
            Self::Known | Self::At(_) => Ok(Null.into()),
            Self::Shut(sealed, _) => Ok(codec.seal(sealed)?.into()),
        }
    }
    fn take(value: ValueRef<'_>, codec: &Codec) -> Result<Self, CellFault> {
        match value {
            ValueRef::Null => Ok(Self::Known),
            value => Sealed::take(value, codec).map(|sealed| Self::Shut(sealed, None)),
        }
    }
}

/// The row of a device.
pub(super) fn put<'a>(device: &'a Device, codec: &Codec) -> Result<Vec<ToSqlOutput<'a>>, Fault> {
    let mut row = device.row(codec)?;
    let own = COMMON.len()..;
    for (place, column) in own.zip(record::columns(EntityKind::Device)) {
        let cell = match column.name {
            DWELLING => Ok(Value::Null),
            HOME if !device.is_shut() => sealed_maybe(device, codec),
            GEOM => point_of(device, codec),
            _ => continue,
        };
        let fault = |fault| Fault {
            column: column.name,
            fault,
        };
        row[place] = ToSqlOutput::Owned(cell.map_err(fault)?);
    }
    Ok(row)
}

/// Where everybody may know it to be; what could not be opened of an older format stays as it was.
fn point_of(device: &Device, codec: &Codec) -> Result<Value, CellFault> {
    let at = match (&device.home, device.dwelling) {
        (DeviceHome::Shut(_, Some(own)), _) => *own,
        // Whoever writes puts it into its building before; its own place never stands here.
        (DeviceHome::Known, Some(_)) => far_from(device.position),
        _ => device.position,
    };
    let blob = geometry::point_z(at, codec.srs_id);
    Ok(Value::Blob(blob?))
}

/// The device of a row. One of an older format is not yet where everybody may see it
/// ([`device_older::settle`]).
pub(super) fn take(row: &impl Cells, codec: &Codec) -> Result<Device, Fault> {
    let mut device = Device::of_row(row, codec)?;
    if !device.is_shut() {
        return Ok(device);
    }
    // What another program wrote beside the sealed value does not count.
    device.dwelling = None;
    let blob = blob_of(row).unwrap_or_default();
    let opened = codec.vault().and_then(|vault| vault.unseal(blob).ok());
    match opened.and_then(|text| read(&text)) {
        Some(Opened::Now(Some((dwelling, own)))) => {
            (device.dwelling, device.home) = (dwelling, DeviceHome::At(own));
        }
        Some(Opened::Now(None)) => device.home = DeviceHome::Known,
        Some(Opened::Older(dwelling)) => {
            (device.dwelling, device.home) = (dwelling, DeviceHome::Known);
        }
        None => {
            if let DeviceHome::Shut(_, own) = &mut device.home {
                *own = device_older::is_older(blob).then_some(device.position);
            }
        }
    }
    Ok(device)
}

fn blob_of(row: &impl Cells) -> Option<&[u8]> {
    let mut own = record::columns(EntityKind::Device).iter();
    let place = COMMON.len() + own.position(|column| column.name == HOME)?;
    row.at(place).ok()?.as_blob().ok()
}

/// The dwelling of a device of a home, as far as it is known, and the device's own place.
pub(super) type Home = (Option<DwellingId>, [f64; 3]);

/// What an opened value says.
pub(super) enum Opened {
    /// Its home, or that it stands in none.
    Now(Option<Home>),
    /// As format 6 had it: the dwelling alone.
    Older(Option<DwellingId>),
}

pub(super) fn read(text: &[u8]) -> Option<Opened> {
    let text = str::from_utf8(text).ok()?.trim_ascii_end();
    match text {
        NONE => Some(Opened::Now(None)),
        _ if text.starts_with('{') => {
            let matter: Matter = serde_json::from_str(text).ok()?;
            let is_place = matter.position.iter().all(|one| one.is_finite());
            is_place.then_some(Opened::Now(Some((matter.dwelling, matter.position))))
        }
        older => device_older::read(older).map(Opened::Older),
    }
}

/// Whether an opened value is what is sealed of a device.
pub(super) fn is_home(text: &[u8]) -> bool {
    read(text).is_some()
}

/// What is sealed of a device that stands in this home, or in none.
pub(super) fn sealed(home: Option<Home>, codec: &Codec) -> Result<Vec<u8>, CellFault> {
    let text = match home {
        None => NONE.to_owned(),
        Some((_, position)) if !position.iter().all(|one| one.is_finite()) => {
            return Err(CellFault::NotANumber);
        }
        Some((dwelling, position)) => {
            let text = serde_json::to_string(&Matter { dwelling, position });
            text.map_err(|fault| CellFault::Wrong(fault.to_string()))?
        }
    };
    codec.seal_padded(&Sealed::new(text))
}

/// Nothing stands for nothing where it cannot be sealed; a home never stands there in clear.
fn sealed_maybe(device: &Device, codec: &Codec) -> Result<Value, CellFault> {
    let is_home = device.is_in_a_home();
    let home = is_home.then(|| (device.dwelling, device.own_position()));
    match (codec.vault(), home) {
        (None, None) => Ok(Value::Null),
        _ => sealed(home, codec).map(Value::Blob),
    }
}
