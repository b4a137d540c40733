//! Whether a file of registers is called like somebody whom it tells of (王某某.csv, 王某某家庭情况.xlsx): its name
//! would stand in the city in the clear, as the data set's and in the list of runs. Used by `app::import` before
//! a file is read. Never tells whose name it is.

use std::path::Path;

use super::field::Field;
use super::kept_of_person::names_in;
use super::kind::RegisterKind;
use super::record::Record;
use super::rows::Bytes;
use super::{RegisterOptions, table};
use crate::ingest::{ReadError, dataset_name};
use crate::model::LabelRules;

/// From so many letters on a name counts within other words, too.
const WITHIN: usize = 3;

/// Whether a name of somebody in the file stands in its own name. What cannot be read is told by its
/// reader, and counts as a file that is called like nobody.
pub(super) fn names_somebody(path: &Path, options: &RegisterOptions, labels: &LabelRules) -> bool {
    let stem = dataset_name(path);
    // Names in Latin letters are too many words besides.
    let is_told = stem
        .chars()
        .any(|one| ('\u{4E00}'..='\u{9FFF}').contains(&one));
    is_told && holds_name(&stem, Bytes::File(path), (options, labels)).unwrap_or(false)
}

fn holds_name(
    stem: &str,
    bytes: Bytes,
    (options, labels): (&RegisterOptions, &LabelRules),
) -> Result<bool, ReadError> {
    let parts: Vec<&str> = stem
        .split(|one: char| !one.is_alphabetic())
        .filter(|part| !part.is_empty())
        .collect();
    let is_in =
        |name: &str| parts.contains(&name) || name.chars().count() >= WITHIN && stem.contains(name);
    let (_, tables) = table::tables(bytes, (options, labels), &mut Vec::new())?;
    let mut found = false;
    for table in &tables {
        let own = match table.kind {
            RegisterKind::Residents | RegisterKind::Responders => Some(Field::Name),
            _ => None,
        };
        let fields: Vec<Field> = own
            .into_iter()
            .chain([Field::ContactName, Field::Reporter])
            .filter(|field| table.columns.has(*field))
            .collect();
        table.each_row(bytes, &mut |_, cells| {
            let record = Record::new(&table.columns, &options.mapping, cells);
            let told = fields.iter().filter_map(|field| record.text(*field));
            let mut names = told.flat_map(|text| names_in(&text));
            found = names.any(|name| is_in(name.letters()));
            Ok(!found)
        })?;
        if found {
            break;
        }
    }
    Ok(found)
}
