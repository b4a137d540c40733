//! The rows of a table of times and numbers: what parts their cells, and where its headers end. Pure on
//! text; used by `series` alone. Never drops a row: what is no row of values stands above them.

use ::csv::{ReaderBuilder, StringRecord};

use super::moment;
use super::values::is_number;
use crate::ingest::ReadError;
use crate::ingest::csv::broken;
use crate::ingest::csv::watch::{CellLimits, Watched};

/// Lines by which it is told what parts cells.
const SAMPLE_LINES: usize = 50;
/// Rows that may stand above the values.
const HEAD_ROWS: usize = 50;
/// A table of numbers has no long cells.
const CELLS: CellLimits = CellLimits {
    bytes: 64 << 10,
    breaks: 10,
};

/// A row and its line in the file, from 1.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub line: u64,
    pub cells: StringRecord,
}

impl Row {
    /// A cell without blanks around it; an empty one where there is none.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).unwrap_or_default().trim()
    }
}

/// What parts the cells of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Apart {
    Sign(u8),
    Blanks,
}

/// A table cut into rows.
pub(super) struct Rows {
    pub apart: Apart,
    /// What stands above the values.
    pub head: Vec<Row>,
    /// Rows of values.
    pub rows: Vec<Row>,
    /// Cells of the widest row.
    pub width: usize,
}

impl Rows {
    /// Cuts a text into rows.
    pub fn of(text: &str) -> Result<Self, ReadError> {
        let apart = apart(text);
        let mut rows = match apart {
            Apart::Sign(sign) => by_sign(text, sign)?,
            Apart::Blanks => by_blanks(text),
        };
        rows.retain(|row| row.cells.iter().any(|cell| !cell.trim().is_empty()));
        if rows.is_empty() {
            return Err(ReadError::Empty);
        }
        let head = &rows[..rows.len().min(HEAD_ROWS + 1)];
        // A head may hold numbers of its own; a time stands in rows of values alone.
        let begins = head
            .iter()
            .position(has_time)
            .or_else(|| head.iter().position(has_numbers));
        let begins = begins.unwrap_or(1).min(rows.len());
        let values = rows.split_off(begins);
        let width = values.iter().map(|row| row.cells.len()).max().unwrap_or(0);
        Ok(Self {
            apart,
            head: rows,
            rows: values,
            width,
        })
    }
}

/// Whether a row has a time beside something else.
fn has_time(row: &Row) -> bool {
    let mut told = row.cells.iter().filter(|cell| !cell.trim().is_empty());
    told.clone().count() > 1 && told.any(|cell| moment::date(cell).is_some())
}

/// Whether half of the cells of a row are numbers.
fn has_numbers(row: &Row) -> bool {
    let told = row.cells.iter().filter(|cell| !cell.trim().is_empty());
    let numbers = told.clone().filter(|cell| is_number(cell)).count();
    let count = told.count();
    numbers * 2 >= count && numbers > 0 && !(count == 1 && row.cells.len() > 1)
}

/// The sign that stands in most lines as often as in the others; blanks where none does.
fn apart(text: &str) -> Apart {
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
        .take(SAMPLE_LINES)
        .collect();
    let has = |sign: u8| {
        let count = |line: &&str| line.bytes().filter(|byte| *byte == sign).count();
        let holds = lines.iter().map(count).filter(|count| *count > 0).count();
        // Most of the lines, but for a head of prose.
        holds * 3 > lines.len() * 2
    };
    // A semicolon or a tab goes before a comma, which may stand in numbers.
    let sign = [b'\t', b';', b'|', b',']
        .into_iter()
        .find(|sign| has(*sign));
    sign.map_or(Apart::Blanks, Apart::Sign)
}

fn by_sign(text: &str, sign: u8) -> Result<Vec<Row>, ReadError> {
    let mut reader = ReaderBuilder::new()
        .delimiter(sign)
        .has_headers(false)
        .flexible(true)
        .comment(Some(b'#'))
        .from_reader(Watched::new(text.as_bytes(), sign, CELLS));
    let mut rows = Vec::new();
    for cells in reader.records() {
        let cells = cells.map_err(broken)?;
        let line = cells.position().map_or(0, ::csv::Position::line);
        rows.push(Row { line, cells });
    }
    Ok(rows)
}

fn by_blanks(text: &str) -> Vec<Row> {
    let lines = (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.starts_with('#'));
    lines
        .map(|(line, text)| Row {
            line,
            cells: text.split_whitespace().collect(),
        })
        .collect()
}
