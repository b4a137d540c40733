//! The tables of a file: which sheets there are, where their headers stand, what each is.

use super::cell::Cell;
use super::columns::{Columns, kind_of};
use super::header::{HEADER_ROWS, Header, is_header};
use super::kind::RegisterKind;
use super::members::Members;
use super::merged::Merged;
use super::record::Record;
use super::rows::{Bytes, RowAt, TakeRow, TextForm, Workbook, is_workbook};
use super::run::Place;
use super::{Format, Looks, RegisterOptions};
use crate::base::counted;
use crate::ingest::{ReadError, csv};
use crate::model::LabelRules;

/// How a row does not fit to its headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WidthFault {
    /// It is skipped.
    TooMany { cells: usize, headers: usize },
    /// It is taken; the column is the first that it lacks.
    EndsBefore(usize),
}

/// A table of one register.
pub(super) struct Table {
    /// Index of its file.
    pub(super) file: usize,
    pub(super) kind: RegisterKind,
    pub(super) columns: Columns,
    /// The sheet, of a workbook.
    sheet: Option<String>,
    /// Which one that is, from 1.
    sheet_number: usize,
    /// Rows with this number or a lower one are above the records.
    header_row: u64,
    /// The first row below them that begins another table, where one does.
    pub(super) end_row: Option<u64>,
    pub(super) form: Option<TextForm>,
}

impl Table {
    /// What is wrong with how many cells a row has. In a workbook each cell tells its column; in a text
    /// only its turn does, so that of a row with too many nobody knows what stands where.
    pub(super) fn width_fault(&self, cells: &[Cell]) -> Option<WidthFault> {
        let headers = self.columns.width();
        self.form?;
        if cells.iter().skip(headers).any(|cell| *cell != Cell::Empty) {
            return Some(WidthFault::TooMany {
                cells: cells.len(),
                headers,
            });
        }
        let missing = (cells.len()..headers).find(|at| !self.columns.name(*at).is_empty());
        missing.map(WidthFault::EndsBefore)
    }

    /// Whether nobody knows what stands where in a row.
    pub(super) fn is_shifted(&self, cells: &[Cell]) -> bool {
        matches!(self.width_fault(cells), Some(WidthFault::TooMany { .. }))
    }

    /// Whether a row says the headers again, as on every page of a print.
    pub(super) fn is_header_again(&self, cells: &[Cell]) -> bool {
        let mut filled = words(cells).peekable();
        let is_own = |(at, text): (usize, &str)| self.columns.name(at).trim() == text;
        filled.peek().is_some() && filled.all(is_own)
    }

    /// Whether a row holds the headers of another table: most of what stands in it are headers, and at
    /// least three of them, none in its own column.
    pub(super) fn begins_another(&self, cells: &[Cell]) -> bool {
        const LEAST: usize = 3;
        let filled = cells.iter().filter(|cell| **cell != Cell::Empty).count();
        let headers = words(cells).filter(|(_, text)| is_header(text)).count();
        headers >= LEAST && 2 * headers > filled && !self.is_header_again(cells)
    }

    /// The sheet it stands on, of a workbook.
    pub(super) fn sheet(&self) -> Option<&str> {
        self.sheet.as_deref()
    }

    /// Where a row stands.
    pub(super) fn place(&self, row: u64) -> Place {
        Place {
            sheet: self.sheet.clone(),
            sheet_number: self.sheet_number,
            row,
        }
    }

    /// Calls `take` with each row below the headers that may be a record.
    pub(super) fn each_row(&self, bytes: Bytes, take: TakeRow) -> Result<(), ReadError> {
        self.each_row_and_total(bytes, &mut |at, cells| {
            if self.end_row.is_some_and(|end| at.number >= end) {
                return Ok(false);
            }
            match Record::is_total(cells) || self.is_header_again(cells) {
                true => Ok(true),
                false => take(at, cells),
            }
        })
    }

    /// Calls `take` with each row below the headers, and with those that tell totals.
    pub(super) fn each_row_and_total(&self, bytes: Bytes, take: TakeRow) -> Result<(), ReadError> {
        let header_row = self.header_row;
        let mut members = Members::of(&self.columns);
        let mut below = |mut at: RowAt, cells: &[Cell]| {
            if at.number <= header_row {
                return Ok(true);
            }
            let members = members.as_mut().filter(|_| !self.is_shifted(cells));
            match members.and_then(|members| members.fill(cells)) {
                Some(filled) => {
                    at.is_filled = true;
                    take(at, &filled)
                }
                None => take(at, cells),
            }
        };
        match (&self.sheet, &self.form) {
            (Some(sheet), _) => {
                let mut book = Workbook::open(bytes)?;
                let mut merged = Merged::below(header_row, book.merged_cells(sheet)?);
                book.each_row(sheet, &mut |at, cells| match merged.count() {
                    0 => below(at, cells),
                    _ => below(at, &merged.fill(at.number, cells)),
                })
            }
            (None, Some(form)) => form.each_row(bytes, &mut below),
            (None, None) => Ok(()),
        }
    }
}

/// The cells of a row that hold text, with their columns; another cell is a text that is no header.
fn words(cells: &[Cell]) -> impl Iterator<Item = (usize, &str)> {
    let filled = cells
        .iter()
        .enumerate()
        .filter(|(_, cell)| **cell != Cell::Empty);
    filled.map(|(at, cell)| match cell {
        Cell::Text(text) => (at, text.trim()),
        _ => (at, ""),
    })
}

/// The first rows of a table, with their numbers.
fn top(
    read: impl FnOnce(TakeRow) -> Result<(), ReadError>,
) -> Result<(Vec<u64>, Vec<Vec<Cell>>), ReadError> {
    let (mut numbers, mut rows) = (Vec::new(), Vec::new());
    read(&mut |at, cells| {
        numbers.push(at.number);
        rows.push(cells.to_vec());
        Ok(rows.len() < HEADER_ROWS)
    })?;
    Ok((numbers, rows))
}

/// What the headers of a table of text tell.
pub(super) fn looks_of_text(bytes: Bytes) -> Result<Looks, ReadError> {
    let form = TextForm::of(bytes)?;
    let head = bytes.head()?;
    // What is wrong further on is told by the reader of what it is.
    let (_, rows) = top(|take| form.first_rows(&head, take))?;
    let Some(header) = Header::find(&rows) else {
        return Ok(Looks::Other);
    };
    if kind_of(&header.names).is_some() {
        return Ok(Looks::Register);
    }
    let first = rows.first().into_iter().flatten();
    let first = first.map(|cell| cell.text().ok().flatten().unwrap_or_default());
    Ok(match csv::has_coordinates(first.collect()) {
        true => Looks::Other,
        false => Looks::Untold,
    })
}

/// The tables of a file.
pub(super) fn tables(
    bytes: Bytes,
    (options, labels): (&RegisterOptions, &LabelRules),
    notes: &mut Vec<String>,
) -> Result<(Format, Vec<Table>), ReadError> {
    if is_workbook(&bytes.head()?) {
        let tables = sheets(bytes, (options, labels), notes)?;
        return Ok((Format::Xlsx, tables));
    }
    if let Some(sheet) = &options.mapping.sheet {
        return Err(ReadError::Unusable {
            reason: format!("the mapping names the sheet {sheet:?}, and a table of text has none"),
            remedy: "take `sheet` out of the mapping, or name the workbook".to_owned(),
        });
    }
    let form = TextForm::of(bytes)?;
    notes.extend(form.note());
    let top = top(|take| form.each_row(bytes, take))?;
    let mut table = table(top, None, (options, labels))?.ok_or_else(|| what_is_it(&[]))?;
    notes.extend(table.columns.notes().iter().cloned());
    table.form = Some(form);
    Ok((Format::Csv, vec![table]))
}

fn sheets(
    bytes: Bytes,
    (options, labels): (&RegisterOptions, &LabelRules),
    notes: &mut Vec<String>,
) -> Result<Vec<Table>, ReadError> {
    let mut book = Workbook::open(bytes)?;
    let (names, seen): (Vec<String>, Vec<bool>) = book.sheets().into_iter().unzip();
    let wanted = options.mapping.sheet.as_ref();
    check_there(wanted, &names)?;
    let mut found = Vec::new();
    let mut faults = Vec::new();
    let is_wanted = |name: &String| wanted.is_none_or(|wanted| wanted == name);
    let numbered = names.iter().enumerate().filter(|(_, name)| is_wanted(name));
    for (at, name) in numbered {
        let number = at + 1;
        if !seen[at] && wanted.is_none() {
            notes.push(hidden(number, name));
            continue;
        }
        let top = top(|take| book.each_row(name, take))?;
        match table(top, Some(name), (options, labels)) {
            Ok(Some(mut table)) => {
                table.sheet_number = number;
                let columns = table.columns.notes().iter();
                notes.extend(columns.map(|note| format!("sheet {number} {name:?}: {note}")));
                let merged = Merged::below(table.header_row, book.merged_cells(name)?).count();
                if merged > 0 {
                    notes.push(format!(
                        "sheet {number} {name:?}: {} over several rows: what stands in one counts for each of its \
                         rows",
                        counted(merged, "merged cell stands", "merged cells stand")
                    ));
                }
                found.push(table);
            }
            Ok(None) => {
                notes.push(format!(
                    "sheet {number} {name:?} is empty, or its headers tell no register: skipped; --as names what it is"
                ));
            }
            Err(fault) => faults.push((number, name, fault)),
        }
    }
    if found.is_empty() {
        let is_hidden = names.len() > 1 && seen.contains(&false) || !seen.contains(&true);
        return Err(match faults.into_iter().next() {
            Some((.., fault)) => fault,
            None if is_hidden => all_hidden(),
            None => what_is_it(&names),
        });
    }
    let skipped = faults
        .into_iter()
        .map(|(number, name, fault)| format!("sheet {number} {name:?} is skipped: {fault}"));
    notes.extend(skipped);
    Ok(found)
}

/// Refuses a sheet that the mapping names and the workbook does not have.
fn check_there(wanted: Option<&String>, names: &[String]) -> Result<(), ReadError> {
    match wanted.filter(|wanted| !names.contains(wanted)) {
        None => Ok(()),
        Some(wanted) => Err(ReadError::Unusable {
            reason: format!(
                "the mapping names the sheet {wanted:?}, which the workbook does not have"
            ),
            remedy: format!("its sheets are {}", names.join(", ")),
        }),
    }
}

/// The table below these rows; `None` where nothing says what it is.
fn table(
    (numbers, rows): (Vec<u64>, Vec<Vec<Cell>>),
    sheet: Option<&String>,
    (options, labels): (&RegisterOptions, &LabelRules),
) -> Result<Option<Table>, ReadError> {
    let Some(header) = Header::find(&rows) else {
        return if sheet.is_some() {
            Ok(None)
        } else {
            Err(ReadError::Empty)
        };
    };
    let stated = options.mapping.register.or(options.kind);
    let Some(kind) = stated.or_else(|| kind_of(&header.names)) else {
        return Ok(None);
    };
    Ok(Some(Table {
        file: 0,
        kind,
        header_row: numbers.get(header.rows - 1).copied().unwrap_or(0),
        columns: Columns::find(kind, header, &options.mapping, labels)?,
        sheet: sheet.cloned(),
        sheet_number: 0,
        end_row: None,
        form: None,
    }))
}

/// What is said of a sheet that whoever opened the workbook did not see.
fn hidden(number: usize, name: &str) -> String {
    format!(
        "sheet {number} {name:?} is hidden: skipped; show it in a spreadsheet program, or name it with \
         `sheet` in a mapping file"
    )
}

fn all_hidden() -> ReadError {
    ReadError::Unusable {
        reason:
            "none of its sheets that can be seen tells which register it is, and others are hidden"
                .to_owned(),
        remedy:
            "show the sheet in a spreadsheet program, or name it with `sheet` in a mapping file"
                .to_owned(),
    }
}

fn what_is_it(sheets: &[String]) -> ReadError {
    let of = if sheets.is_empty() {
        "its headers"
    } else {
        "the headers of its sheets"
    };
    ReadError::Unusable {
        reason: format!("{of} do not tell which register it is"),
        remedy: format!("name it with --as {}", RegisterKind::names()),
    }
}
