//! What was found in a table of times and numbers, as plain data: how it was read, what its clock did,
//! and what of each column could not be used. Filled by `series`, shown by whoever reads a series.
//! Never holds the text of a cell that is no known mark: a wrong file may tell of people.

use serde::Serialize;

use crate::base::Timestamp;

/// How moments are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeForm {
    /// A date with or without time of day in one column.
    Date,
    /// A date in one column and the time of day in another.
    DateAndTime,
    /// Year, month, day and what follows in columns of their own.
    Parts,
    /// Digits alone: `20240501083000`.
    Compact,
    /// Seconds or milliseconds since 1970.
    Epoch,
    /// The year alone.
    Year,
}

/// How a table was read, and what holds for all of its columns.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TableReport {
    /// What parts its cells: `,`, `;`, `|`, `tab` or `blanks`.
    pub cells_apart_by: &'static str,
    /// Rows of values.
    pub rows: usize,
    /// Rows above the values.
    pub head_rows: usize,
    /// Columns that tell the time.
    pub time_columns: Vec<String>,
    /// How they tell it.
    pub time_form: TimeForm,
    /// Whether times are by a local clock whose offset is not written: they were read by that of the
    /// options.
    pub is_local_time: bool,
    /// Offsets from UTC as they are written, each from the row where it begins, minutes.
    pub offsets: Vec<OffsetFrom>,
    /// Rows without a time that can be read.
    pub not_a_time: Faults,
    /// Times that were told before for the same place: the first counts.
    pub doubled: usize,
    /// Of these, such that tell something else.
    pub doubled_otherwise: usize,
    /// Rows older than the one before.
    pub backwards: usize,
    /// Whole or half hours by which a local clock was set; times before are moved onto the last clock.
    pub clock_jumps: Vec<ClockJump>,
    /// Columns that tell the place, where several places share a table.
    pub place_columns: Vec<String>,
    /// Columns that are no series, and why.
    pub unused: Vec<UnusedColumn>,
    /// What else was guessed, such as the encoding.
    pub notes: Vec<String>,
}

/// An offset from UTC and where it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct OffsetFrom {
    /// Line of the file, from 1.
    pub line: u64,
    /// Minutes east of UTC.
    pub offset_minutes: i32,
}

/// A clock that was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ClockJump {
    /// Line of the file with the first time behind it.
    pub line: u64,
    /// By so many minutes; less than nought: set back.
    pub by_minutes: i32,
}

/// Cells that could not be read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Faults {
    /// So many.
    pub count: usize,
    /// Lines of the first ten.
    pub lines: Vec<u64>,
}

impl Faults {
    /// Notes one.
    pub(super) fn note(&mut self, line: u64) {
        self.count += 1;
        if self.lines.len() < 10 {
            self.lines.push(line);
        }
    }
}

/// A column that is no series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnusedColumn {
    /// Its name.
    pub name: String,
    /// Why.
    pub why: Unused,
}

/// Why a column is no series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unused {
    /// It is empty.
    Empty,
    /// Most of it are no numbers.
    Words,
    /// It counts the rows.
    CountsRows,
}

/// What was found in one column, of one place.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct SeriesReport {
    /// Cells with nothing in them.
    pub empty: usize,
    /// Marks for what was not measured, set aside.
    pub sentinels: Vec<Sentinel>,
    /// Cells that are neither number nor mark, set aside.
    pub not_a_number: Faults,
    /// Numbers with a comma before their fraction.
    pub decimal_commas: usize,
    /// The usual distance of two values, milliseconds.
    pub interval_ms: Option<i64>,
    /// Where values are missing: the first hundred.
    pub gaps: Vec<Gap>,
    /// So many gaps there are.
    pub gap_count: usize,
    /// Values that stay the same for longer than chance explains, kept: the first hundred.
    pub stuck: Vec<Stuck>,
    /// Whether all values are alike.
    pub is_constant: bool,
}

/// A mark for what was not measured.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sentinel {
    /// As it is written, or its number.
    pub mark: String,
    /// How it was known.
    pub rule: SentinelRule,
    /// How often.
    pub count: usize,
}

/// How a mark was known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SentinelRule {
    /// A word such as `NaN`, `null` or `--`.
    Word,
    /// A number that loggers write for nothing, such as −9999, and far from all other values.
    Code,
    /// A value again and again at the end of the range, far from all others: the end of what the
    /// sensor can tell.
    EndOfRange,
}

/// A time without values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// The last value before.
    pub from: Timestamp,
    /// The first behind.
    pub to: Timestamp,
    /// So many values are missing.
    pub missing: u64,
    /// Whether it is as long as a local clock that was set forward would leave: nobody can tell.
    pub may_be_clock: bool,
}

/// Values that stay the same.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Stuck {
    /// The first of them.
    pub from: Timestamp,
    /// The last.
    pub to: Timestamp,
    /// So many.
    pub count: usize,
    /// The value.
    pub value: f64,
}
