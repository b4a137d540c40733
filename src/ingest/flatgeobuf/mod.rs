//! FlatGeobuf 2 and 3: header, the index that is passed over, and one flatbuffer for each feature.
//! Header and features are verified before anything of them is looked at, and no size that the
//! file claims is believed beyond the bytes that are there. The library's own iteration is not
//! used: it reserves what a feature claims, and stops the program at attributes that are cut off.

mod geometry;
mod properties;
#[cfg(test)]
mod tests;

use flatgeobuf::packed_r_tree::PackedRTree;
use flatgeobuf::{FgbReader, Header, size_prefixed_root_as_feature};

use crate::space::{Crs, CrsError};

use super::attribution;
use super::error::ReadError;
use super::own::Halves;
use super::raw::{Attributes, RawCity, RawShape};
use super::table::{self, Row, Sink};
use super::{Format, Input, ReadOptions, Take};

/// Mark, and the size of the header.
const FRONT_BYTES: usize = 12;
/// A node of the index: a box and an offset.
const NODE_BYTES: u64 = 40;

/// Reads it.
///
/// # Errors
/// When the header is damaged or the file is cut off, or the first error of `take`.
pub fn read_flatgeobuf(
    input: &Input,
    options: &ReadOptions,
    take: Take,
) -> Result<RawCity, ReadError> {
    let reader = FgbReader::open(input.bytes).map_err(|_| damaged("its header", UNSOUND))?;
    let header = reader.header();
    let mut sink = Sink::new(Format::FlatGeobuf, options, take);
    match crs_of(&header) {
        Ok(crs) => sink.city.crs = crs,
        Err(fault) => sink.city.crs_fault = Some(fault),
    }
    let about = header
        .metadata()
        .and_then(|text| serde_json::from_str(text).ok());
    if let Some(serde_json::Value::Object(about)) = about {
        sink.city.attribution = attribution::demanded(&about);
    }
    let columns = properties::columns(header.columns());
    let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    let count = header.features_count();
    if count > 0 && !names.is_empty() {
        sink.check_names(&names)?;
    }
    let mut rest = features(&header, input.bytes)?;
    let mut number = 0;
    let mut halves = Halves::default();
    while (count == 0 && !rest.is_empty()) || number < count {
        number += 1;
        sink.next();
        let feature = next_feature(&mut rest, number, count)?;
        let row = size_prefixed_root_as_feature(feature)
            .map_err(|_| damaged(&format!("feature {number}"), UNSOUND))?;
        let shape = match geometry::shape_of(&row, header.geometry_type()) {
            Ok(shape) => shape,
            Err(reason) => {
                sink.skip(None, &reason);
                continue;
            }
        };
        let attributes = match properties::of(&row, &columns) {
            Ok(attributes) => attributes,
            Err(reason) => {
                sink.skip(None, &reason);
                continue;
            }
        };
        if let Some(whole) = halves.join(attributes, shape) {
            sink.put(row_of(whole, &header, options))?;
        }
    }
    for half in halves.rest() {
        sink.put(row_of(half, &header, options))?;
    }
    Ok(sink.finish())
}

fn row_of<'n>(
    (attributes, shape): (Attributes, RawShape),
    header: &Header<'n>,
    options: &ReadOptions,
) -> Row<'n> {
    let key = table::stated_key(&attributes, &options.mapping)
        .unwrap_or_else(|| table::content_key(&attributes, &shape));
    Row {
        key,
        attributes,
        shape,
        layer: header.name(),
    }
}

/// What the library says of it goes over many lines and names nothing that a person could mend.
const UNSOUND: &str = "its parts do not fit into each other";

fn damaged(what: &str, fault: &str) -> ReadError {
    ReadError::Unusable {
        reason: format!("{what} is damaged ({fault})"),
        remedy: "get the file again".to_owned(),
    }
}

fn cut_off(reason: String) -> ReadError {
    ReadError::Unusable {
        reason,
        remedy: "the file is cut off: get it again".to_owned(),
    }
}

/// The bytes behind header and index.
fn features<'a>(header: &Header, bytes: &'a [u8]) -> Result<&'a [u8], ReadError> {
    let size = bytes
        .get(FRONT_BYTES - 4..FRONT_BYTES)
        .and_then(|size| size.try_into().ok())
        .map_or(0, |size| u32::from_le_bytes(size) as usize);
    let behind_header = bytes.get(FRONT_BYTES + size..).unwrap_or_default();
    let (count, node_size) = (header.features_count(), header.index_node_size());
    if node_size == 0 || count == 0 {
        return Ok(behind_header);
    }
    let claims = |what: String| {
        cut_off(format!(
            "the header claims {what}, for which the file is too short"
        ))
    };
    if count > bytes.len() as u64 / NODE_BYTES {
        return Err(claims(format!("{count} features")));
    }
    if node_size < 2 {
        return Err(damaged("its index", "nodes of one item"));
    }
    let index_bytes = PackedRTree::index_size(count as usize, node_size);
    behind_header
        .get(index_bytes..)
        .ok_or_else(|| claims(format!("an index of {index_bytes} bytes")))
}

/// The next feature with its size before it.
fn next_feature<'a>(rest: &mut &'a [u8], number: u64, count: u64) -> Result<&'a [u8], ReadError> {
    let ends = |what: &str| {
        let of = if count > 0 {
            format!(" of {count}")
        } else {
            String::new()
        };
        cut_off(format!("the file ends {what} feature {number}{of}"))
    };
    let size: [u8; 4] = rest
        .get(..4)
        .and_then(|size| size.try_into().ok())
        .ok_or_else(|| ends("before"))?;
    let end = (u32::from_le_bytes(size) as usize)
        .checked_add(4)
        .filter(|end| *end <= rest.len())
        .ok_or_else(|| ends("within"))?;
    let (feature, behind) = rest.split_at(end);
    *rest = behind;
    Ok(feature)
}

/// By code, or by text where the code is not built in.
fn crs_of(header: &Header) -> Result<Option<Crs>, CrsError> {
    let Some(crs) = header.crs() else {
        return Ok(None);
    };
    let is_epsg = crs.org().is_none_or(|org| org.eq_ignore_ascii_case("EPSG"));
    let code = u32::try_from(crs.code()).ok().filter(|code| *code > 0);
    let by_code = code.filter(|_| is_epsg).map(Crs::from_epsg);
    let by_text = || crs.wkt().filter(|text| !text.trim().is_empty());
    match (by_code, by_text()) {
        (Some(Ok(crs)), _) => Ok(Some(crs)),
        (_, Some(text)) => Crs::from_wkt(text).map(Some),
        (Some(Err(fault)), None) => Err(fault),
        (None, None) => Ok(None),
    }
}
