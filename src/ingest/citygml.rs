//! Not read yet.

use super::error::ReadError;
use super::raw::RawCity;
use super::{Input, ReadOptions, Take};

/// Reads it.
pub fn read_citygml(_: &Input, _: &ReadOptions, _: Take) -> Result<RawCity, ReadError> {
    Err(ReadError::Unusable {
        reason: "it is not read yet".to_owned(),
        remedy: "convert it".to_owned(),
    })
}
