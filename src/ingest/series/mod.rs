//! A table of times and numbers, of any sensor and from anywhere, as series: which column tells the
//! time and how, what each column is called and in which unit, and all that is wrong with it, told
//! and not tuned. Used by `app` for series that stand in a file. Reads CSV with any separator, tables
//! parted by blanks, with and without headers. Never fills a gap, never converts a unit, never makes up
//! a time, and never quotes a cell: a wrong file may tell of people.
//!
//! Start reading at [`read_series`]: `rows` cuts the text, `times` finds the time, `clock` settles it,
//! `columns` makes series of what is left, by the rules of `values`; `told` is what was found.

mod clock;
mod columns;
mod header;
mod moment;
mod rows;
#[cfg(test)]
mod tests;
mod times;
mod told;
mod values;

use std::path::Path;

use serde::Serialize;

use self::columns::Table;
use self::rows::{Apart, Rows};
use self::times::TimeColumns;
pub use self::told::{
    ClockJump, Faults, Gap, OffsetFrom, Sentinel, SentinelRule, SeriesReport, Stuck, TableReport,
    TimeForm, Unused, UnusedColumn,
};
use super::{ImportError, ReadError, csv, file, foreign};
use crate::base::Timestamp;

/// Larger tables are not read: they stand in memory; bytes.
const SIZE_MAX_BYTES: usize = 512 << 20;

/// What the file does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeriesOptions {
    /// The offset from UTC of times that are written without one, minutes.
    pub offset_minutes: i32,
}

/// The series of a file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Series {
    /// One for each column of numbers, and for each place where several share a table.
    pub columns: Vec<SeriesColumn>,
    /// How the table was read, and what holds for all columns.
    pub told: TableReport,
}

/// One series.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SeriesColumn {
    /// Its name by the header, without the unit; `column 3` where there is no header.
    pub name: String,
    /// Its unit as the header writes it.
    pub unit: Option<String>,
    /// Of which place or sensor, where several share a table: the cells that say so.
    pub place: Option<String>,
    /// Times and values, ascending, each time once.
    pub values: Vec<(Timestamp, f64)>,
    /// What was found in it.
    pub told: SeriesReport,
}

/// Reads a file as series.
///
/// # Errors
/// [`ImportError`] that names the file, what is wrong with it and what to do.
pub fn read_series_file(path: &Path, options: &SeriesOptions) -> Result<Series, ImportError> {
    let read = || read_series(&file::bytes_of(path)?, path, options);
    read().map_err(|fault| ImportError {
        fault,
        path: path.to_owned(),
    })
}

/// Reads the bytes of a table as series; the name only tells what is no table.
///
/// # Errors
/// [`ReadError`] for what is no text, too large or damaged, where no column tells a time, where nearly
/// no row has one, and where no column holds numbers.
pub fn read_series(
    bytes: &[u8],
    name: &Path,
    options: &SeriesOptions,
) -> Result<Series, ReadError> {
    foreign::refuse(bytes, name)?;
    if bytes.len() > SIZE_MAX_BYTES {
        return Err(ReadError::TooLarge {
            size_mb: (bytes.len() >> 20) as u64,
            limit_mb: (SIZE_MAX_BYTES >> 20) as u64,
            remedy: "split it by years, or thin it out",
        });
    }
    let (text, note) = csv::decoded(bytes);
    if text.contains('\0') {
        return Err(unusable(
            "it holds bytes that are no text",
            "export it as CSV",
        ));
    }
    let rows = Rows::of(&text)?;
    let names = names(&rows);
    let plain: Vec<String> = names.iter().map(|(name, _)| name.clone()).collect();
    let time =
        TimeColumns::find(&rows.rows, &plain, rows.width).ok_or_else(|| no_times(&rows, &plain))?;
    let table = Table::new(&rows, names, time);
    let mut series = table.series(options);
    series.told.notes.extend(note);
    if series.columns.is_empty() {
        return Err(unusable(
            "it has times, and no column of numbers beside them",
            "look whether numbers stand in cells of their own, without their unit",
        ));
    }
    Ok(series)
}

/// Names and units of the columns by the rows above the values; none where there are no such rows.
fn names(rows: &Rows) -> Vec<(String, Option<String>)> {
    let told = |row: &rows::Row| {
        row.cells
            .iter()
            .filter(|cell| !cell.trim().is_empty())
            .count()
    };
    // The row that names most columns; of several alike the first. A title names one, and a row that is
    // wider than those of values is about something else.
    let fits = |(_, row): &(usize, &rows::Row)| told(row) <= rows.width;
    let head = rows.head.iter().enumerate().rev().filter(fits);
    let best = head.max_by_key(|(_, row)| told(row));
    let Some((at, row)) = best.filter(|(_, row)| told(row) * 2 > rows.width) else {
        return Vec::new();
    };
    let units = rows
        .head
        .get(at + 1)
        .filter(|row| row.cells.iter().any(|cell| header::is_unit(cell.trim())));
    let name = |column: usize| {
        let (name, unit) = header::name_and_unit(row.cell(column));
        let below = units
            .map(|row| row.cell(column))
            .filter(|unit| !unit.is_empty());
        (name, unit.or(below.map(str::to_owned)))
    };
    (0..rows.width).map(name).collect()
}

fn unusable(reason: &str, remedy: &str) -> ReadError {
    ReadError::Unusable {
        reason: reason.to_owned(),
        remedy: remedy.to_owned(),
    }
}

/// Why no time was found, and in which row it was looked for first.
fn no_times(rows: &Rows, names: &[String]) -> ReadError {
    let line = rows.rows.first().map_or(1, |row| row.line);
    let has_year = |name: &&String| {
        let digits = |letter: char| !letter.is_ascii_digit();
        name.split(digits).any(|part| moment::year(part).is_some())
    };
    let years = names.iter().filter(has_year).count();
    if years > 1 {
        return unusable(
            &format!(
                "no column tells the time, and {years} headers have a year in them: a row is no moment"
            ),
            "turn the table, so that each row is a moment and a column tells the year",
        );
    }
    unusable(
        &format!("no column tells the time of nearly every row (looked from row {line} on)"),
        "give it a column such as 2026-05-01 08:00:00, 2026-05-01T08:00:00+08:00, or year, month and day in columns \
         of their own; which of 1/5/2026 is the day nobody can tell",
    )
}

impl Apart {
    fn as_str(self) -> &'static str {
        match self {
            Self::Sign(b'\t') => "tab",
            Self::Sign(b';') => ";",
            Self::Sign(b'|') => "|",
            Self::Sign(_) => ",",
            Self::Blanks => "blanks",
        }
    }
}
