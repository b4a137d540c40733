//! What the tests of all readers share: texts in, kinds with keys and warnings out.

use crate::base::ImportId;
use crate::space::Datum;

use super::{Converted, Origin, RawCity, ReadError, Target, choose_crs, convert};

/// Converts what a reader gave, into a new city of its own CRS.
pub(super) fn import(raw: RawCity, datum: Datum) -> Result<Converted, ReadError> {
    let target = Target {
        crs: choose_crs(&raw, None)?,
        extent: None,
    };
    let origin = Origin {
        dataset: "t".into(),
        import: ImportId::from_bits(1),
        crs: None,
        datum,
    };
    convert(raw, &target, &origin)
}

/// Holds what came of `text` against the beginning of what should: kinds with keys, then `!` and
/// the warnings; or the fault.
pub(super) fn check(text: &str, imported: Result<Converted, ReadError>, expected: &str) {
    let found = match imported {
        Err(fault) => fault.to_string(),
        Ok(converted) => told(&converted),
    };
    assert!(
        found.starts_with(expected),
        "{text}\n  found {found}\n  not   {expected}"
    );
}

fn told(converted: &Converted) -> String {
    let entities = converted.entities.iter();
    let mut words: Vec<String> = entities
        .map(|entity| format!("{} {}", entity.key().kind.as_str(), entity.source().key))
        .collect();
    for warning in converted.warnings.list() {
        words.push(format!(
            "! {}: {}",
            warning.places.join(", "),
            warning.reason
        ));
    }
    words.join("; ")
}
