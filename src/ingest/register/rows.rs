//! The rows of tables: CSV read as a stream, in UTF-8 or as Chinese programs save it, and
//! workbooks (XLSX) sheet by sheet. Never keeps a row, and never shows what is in one.

#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom};
use std::path::Path;

use ::csv::{ByteRecord, ReaderBuilder};
use calamine::{DataRef, Reader as _, Sheet, SheetVisible, Xlsx};
use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use super::cell::Cell;
use super::guard;
use super::utf8::{self, Utf8};
use crate::base::why_unread;
use crate::ingest::csv::lines::Lined;
use crate::ingest::csv::watch::{self, CellLimits, Watched};
use crate::ingest::{ReadError, fence};

/// Workbooks above this are not read: their sheets stand in memory; bytes.
const WORKBOOK_MAX_BYTES: u64 = 256 << 20;
/// Bytes by which encoding and delimiter are told.
const HEAD_BYTES: usize = 64 << 10;

/// What a cell of a table of text may hold: a note of some lines.
const CELLS: CellLimits = CellLimits {
    bytes: 128 << 10,
    breaks: 100,
};

/// Where a table comes from.
#[derive(Clone, Copy)]
pub(super) enum Bytes<'a> {
    /// A file on disk, read as a stream.
    File(&'a Path),
    /// Bytes in memory.
    Memory(&'a [u8]),
}

/// A file that can be read from the beginning again.
trait Source: Read + Seek {}
impl<T: Read + Seek> Source for T {}

impl<'a> Bytes<'a> {
    fn open(self) -> Result<Box<dyn Source + 'a>, ReadError> {
        Ok(match self {
            Self::File(path) => Box::new(File::open(path).map_err(system)?),
            Self::Memory(bytes) => Box::new(Cursor::new(bytes)),
        })
    }

    fn size(self) -> Result<u64, ReadError> {
        self.open()?.seek(SeekFrom::End(0)).map_err(system)
    }

    /// Calls `take` with piece after piece.
    pub(super) fn each_piece(self, take: &mut dyn FnMut(&[u8])) -> Result<(), ReadError> {
        let mut from = self.open()?;
        let mut piece = vec![0; 1 << 20];
        loop {
            match from.read(&mut piece).map_err(system)? {
                0 => return Ok(()),
                count => take(&piece[..count]),
            }
        }
    }

    /// The first bytes.
    pub(super) fn head(self) -> Result<Vec<u8>, ReadError> {
        let mut head = Vec::new();
        let from = self.open()?;
        from.take(HEAD_BYTES as u64)
            .read_to_end(&mut head)
            .map_err(system)?;
        Ok(head)
    }
}

fn system(fault: std::io::Error) -> ReadError {
    ReadError::System(why_unread(&fault))
}

/// Where a row stands in its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RowAt {
    /// Its number in the file, from 1.
    pub(super) number: u64,
    /// Its first byte, of a table of text; 0 of a workbook.
    pub(super) byte: u64,
    /// Whether it has something from the row above, as the member of a household.
    pub(super) is_filled: bool,
}

/// Takes a row and its cells; answers whether to go on.
pub(super) type TakeRow<'a> = &'a mut dyn FnMut(RowAt, &[Cell]) -> Result<bool, ReadError>;

/// Whether the bytes are those of a workbook.
pub(super) fn is_workbook(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04")
}

/// What workbooks of before 2007 begin with, and such as a password locks.
const OLD_WORKBOOK: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
/// How names of workbooks end.
const WORKBOOK_ENDINGS: &[&str] = &["xlsx", "xlsm"];

/// Refuses what is no workbook though its name says so, and workbooks that are not read.
pub(super) fn check_named(name: &Path, head: &[u8]) -> Result<(), ReadError> {
    let refuse = |reason: &str, remedy: &str| {
        Err(ReadError::Unusable {
            reason: reason.to_owned(),
            remedy: remedy.to_owned(),
        })
    };
    if head.starts_with(OLD_WORKBOOK) {
        return refuse(
            "it is a workbook of the old kind (.xls), or one that a password locks",
            "open it in a spreadsheet program and save it as XLSX without a password, or its \
             sheets as CSV",
        );
    }
    let ending = name
        .extension()
        .map(|ending| ending.to_string_lossy().to_lowercase());
    let says_workbook = ending.is_some_and(|one| WORKBOOK_ENDINGS.contains(&one.as_str()));
    if !says_workbook || is_workbook(head) || head.is_empty() {
        return Ok(());
    }
    let is_marked = Encoding::for_bom(head).is_some();
    let is_control = |byte: &u8| byte.is_ascii_control() && !b"\t\n\r\x0C".contains(byte);
    if is_marked || !head.iter().any(is_control) {
        return refuse(
            "its name says that it is a workbook (.xlsx), and it holds text, such as CSV",
            "rename it to end in .csv if that is what it is, or open it in a spreadsheet program \
             and save it as XLSX",
        );
    }
    refuse(
        "its name says that it is a workbook (.xlsx), and what it holds is none: it is damaged or \
         another kind of file",
        "get it again, or open it where it was made and save it as XLSX or CSV",
    )
}

/// How a table of text is written.
#[derive(Clone, Copy)]
pub(super) struct TextForm {
    encoding: &'static Encoding,
    delimiter: u8,
    is_guessed: bool,
}

impl TextForm {
    /// Told by all bytes of the file, which are looked at once as a stream.
    pub(super) fn of(bytes: Bytes) -> Result<Self, ReadError> {
        let head = bytes.head()?;
        let marked = Encoding::for_bom(&head).map(|(encoding, _)| encoding);
        let (encoding, is_guessed) = match marked {
            Some(wide) if wide != UTF_8 => {
                check_pairs(bytes)?;
                (wide, false)
            }
            marked => match utf8::look(bytes)? {
                Utf8::Whole => (UTF_8, false),
                Utf8::Broken(at) => return Err(at.fault()),
                Utf8::Other(at) if marked.is_some() => return Err(at.fault()),
                Utf8::Other(_) => (GB18030, true),
            },
        };
        let (text, _) = encoding.decode_with_bom_removal(&head);
        // In GB18030 the bar is also the second half of characters.
        let candidates: &[u8] = if is_guessed { b"\t;," } else { b"|\t;," };
        let first = text
            .lines()
            .find(|line| !line.trim().is_empty())
            .unwrap_or_default();
        let count = |one: &u8| first.bytes().filter(|byte| byte == one).count();
        let delimiter = candidates.iter().copied().max_by_key(|one| count(one));
        Ok(Self {
            encoding,
            delimiter: delimiter.unwrap_or(b','),
            is_guessed,
        })
    }

    /// What a person should know of it.
    pub(super) fn note(&self) -> Option<String> {
        let note = "its text is not UTF-8 and was read as GB18030 (guessed)";
        self.is_guessed.then(|| note.to_owned())
    }

    /// Calls `take` with each row. UTF-16 is made UTF-8 first, in memory.
    pub(super) fn each_row(&self, bytes: Bytes, take: TakeRow) -> Result<(), ReadError> {
        let watched = Watched::new(self.text(bytes)?, self.delimiter, CELLS);
        self.rows(Box::new(watched), 1 << 20).each(take)
    }

    /// The rows at the beginning, whatever is wrong further on.
    pub(super) fn first_rows(&self, head: &[u8], take: TakeRow) -> Result<(), ReadError> {
        let text = self.text(Bytes::Memory(head))?;
        self.rows(text, 1 << 10).each(take)
    }

    /// The rows of a table that was read to its end, to be read again in any order.
    pub(super) fn again<'a>(&self, bytes: Bytes<'a>) -> Result<TextRows<'a>, ReadError> {
        Ok(self.rows(self.text(bytes)?, 1 << 10))
    }

    /// The bytes, in UTF-8 or GB18030.
    fn text<'a>(&self, bytes: Bytes<'a>) -> Result<Box<dyn Source + 'a>, ReadError> {
        Ok(if [UTF_16LE, UTF_16BE].contains(&self.encoding) {
            let mut all = Vec::new();
            bytes.each_piece(&mut |piece| all.extend_from_slice(piece))?;
            let text = self.encoding.decode_with_bom_removal(&all).0.into_owned();
            Box::new(Cursor::new(text.into_bytes()))
        } else {
            bytes.open()?
        })
    }

    fn rows<'a>(&self, from: Box<dyn Source + 'a>, buffer: usize) -> TextRows<'a> {
        let reader = ReaderBuilder::new()
            .delimiter(self.delimiter)
            .flexible(true)
            .has_headers(false)
            .buffer_capacity(buffer)
            .from_reader(Lined::new(from));
        TextRows {
            reader,
            encoding: if self.encoding == GB18030 {
                GB18030
            } else {
                UTF_8
            },
            record: ByteRecord::new(),
            cells: Vec::new(),
        }
    }
}

/// The rows of a table of text.
pub(super) struct TextRows<'a> {
    reader: ::csv::Reader<Lined<Box<dyn Source + 'a>>>,
    encoding: &'static Encoding,
    record: ByteRecord,
    cells: Vec<Cell>,
}

impl TextRows<'_> {
    fn each(mut self, take: TakeRow) -> Result<(), ReadError> {
        while let Some(at) = self.next()? {
            if !take(at, &self.cells)? {
                break;
            }
        }
        Ok(())
    }

    /// Reads the next row; `None` behind the last.
    fn next(&mut self) -> Result<Option<RowAt>, ReadError> {
        let is_there = self
            .reader
            .read_byte_record(&mut self.record)
            .map_err(broken)?;
        self.cells.clear();
        let fields = self.record.iter();
        self.cells.extend(
            fields.map(|field| Cell::of_text(&self.encoding.decode_without_bom_handling(field).0)),
        );
        let byte = self.record.position().map_or(0, ::csv::Position::byte);
        let number = self.reader.get_mut().line_of(byte);
        Ok(is_there.then_some(RowAt {
            number,
            byte,
            is_filled: false,
        }))
    }

    /// The cells of the row that begins there.
    pub(super) fn at(&mut self, at: RowAt) -> Result<&[Cell], ReadError> {
        let mut place = ::csv::Position::new();
        place.set_byte(at.byte).set_line(at.number);
        self.reader.seek(place).map_err(broken)?;
        self.next()?;
        Ok(&self.cells)
    }
}

/// Refuses UTF-16 of which half a sign is missing: its last row would be made of what is left.
fn check_pairs(bytes: Bytes) -> Result<(), ReadError> {
    if bytes.size()?.is_multiple_of(2) {
        return Ok(());
    }
    Err(ReadError::Unusable {
        reason:
            "it is UTF-16, whose signs have two bytes each, and has an odd number of bytes: it \
                 is cut off or damaged"
                .to_owned(),
        remedy: "get it again, or save it as CSV in UTF-8".to_owned(),
    })
}

fn broken(fault: ::csv::Error) -> ReadError {
    if let Some(fault) = watch::fault_of(&fault) {
        return fault.into();
    }
    let place = fault.position().map(|at| format!(" at line {}", at.line()));
    ReadError::Unusable {
        reason: format!("the table cannot be read{}", place.unwrap_or_default()),
        remedy: "save it as CSV in UTF-8 again".to_owned(),
    }
}

/// More columns than this are none of a register.
const COLUMNS_MAX: usize = 512;

/// A cell that is merged with others; rows from 1, columns from 0. Its value belongs to the first of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MergedCells {
    pub(super) first_row: u64,
    pub(super) last_row: u64,
    pub(super) column: usize,
}

/// A workbook, open.
pub(super) struct Workbook<'a>(Xlsx<Box<dyn Source + 'a>>);

impl<'a> Workbook<'a> {
    /// Opens it.
    pub(super) fn open(bytes: Bytes<'a>) -> Result<Self, ReadError> {
        let size = bytes.size()?;
        if size > WORKBOOK_MAX_BYTES {
            return Err(ReadError::TooLarge {
                size_mb: size >> 20,
                limit_mb: WORKBOOK_MAX_BYTES >> 20,
                remedy: "save its sheets as CSV, which is read as a stream",
            });
        }
        guard::check(bytes.open()?)?;
        let from = bytes.open()?;
        fence::fenced(|| Xlsx::new(from))
            .and_then(Result::ok)
            .map(Self)
            .ok_or_else(damaged)
    }

    /// The names of its sheets, and whether each can be seen where it is opened.
    pub(super) fn sheets(&self) -> Vec<(String, bool)> {
        let sheets = self.0.sheets_metadata().iter();
        let told = |one: &Sheet| (one.name.clone(), one.visible == SheetVisible::Visible);
        sheets.map(told).collect()
    }

    /// The cells of a sheet that are merged with those below them.
    pub(super) fn merged_cells(&mut self, sheet: &str) -> Result<Vec<MergedCells>, ReadError> {
        let book = &mut self.0;
        let merged = fence::fenced(|| book.merge_cells_by_sheet_name(sheet))
            .and_then(Result::ok)
            .ok_or_else(damaged)?;
        let merged = merged.into_iter().map(|one| MergedCells {
            first_row: u64::from(one.start.0) + 1,
            last_row: u64::from(one.end.0) + 1,
            column: one.start.1 as usize,
        });
        Ok(merged.filter(|one| one.column < COLUMNS_MAX).collect())
    }

    /// Calls `take` with each row of a sheet that holds something.
    pub(super) fn each_row(&mut self, sheet: &str, take: TakeRow) -> Result<(), ReadError> {
        let book = &mut self.0;
        let mut cells = fence::fenced(|| book.worksheet_cells_reader(sheet))
            .and_then(Result::ok)
            .ok_or_else(damaged)?;
        let mut row: Vec<Cell> = Vec::new();
        let mut number = 0;
        let place = |number| RowAt {
            number,
            byte: 0,
            is_filled: false,
        };
        loop {
            let next = fence::fenced(|| {
                let next = cells.next_cell().ok()?;
                Some(next.map(|cell| (cell.get_position(), cell_of(cell.get_value()))))
            });
            let next = next.flatten().ok_or_else(damaged)?;
            let Some(((at, column), cell)) = next else {
                break;
            };
            let at = u64::from(at) + 1;
            guard::check_cell(sheet, (at, column), &cell)?;
            if at != number {
                if !row.is_empty() && !take(place(number), &row)? {
                    return Ok(());
                }
                row.clear();
                number = at;
            }
            let column = column as usize;
            if column < COLUMNS_MAX && cell != Cell::Empty {
                row.resize(row.len().max(column + 1), Cell::Empty);
                row[column] = cell;
            }
        }
        if !row.is_empty() {
            take(place(number), &row)?;
        }
        Ok(())
    }
}

fn damaged() -> ReadError {
    ReadError::Unusable {
        reason: "the workbook cannot be read: it is damaged, locked by a password, or no XLSX"
            .to_owned(),
        remedy: "open it in a spreadsheet program and save it as XLSX again, or its sheets as CSV"
            .to_owned(),
    }
}

fn cell_of(data: &DataRef) -> Cell {
    match data {
        DataRef::Empty | DataRef::Error(_) => Cell::Empty,
        DataRef::String(text) | DataRef::DurationIso(text) | DataRef::DateTimeIso(text) => {
            Cell::of_text(text)
        }
        DataRef::SharedString(text) => Cell::of_text(text),
        DataRef::Int(number) => Cell::Number(*number as f64),
        DataRef::Float(number) if number.is_finite() => Cell::Number(*number),
        DataRef::Float(_) => Cell::Empty,
        DataRef::Bool(truth) => Cell::Bool(*truth),
        DataRef::DateTime(serial) if !serial.is_datetime() => Cell::Number(serial.as_f64()),
        DataRef::DateTime(serial) => {
            let (year, month, day, hour, minute, second, _) = serial.to_ymd_hms_milli();
            let signed = |value: u8| i8::try_from(value).ok();
            let time = i16::try_from(year).ok().and_then(|year| {
                let day = (signed(month)?, signed(day)?);
                let (hour, minute, second) = (signed(hour)?, signed(minute)?, signed(second)?);
                jiff::civil::DateTime::new(year, day.0, day.1, hour, minute, second, 0).ok()
            });
            time.map_or(Cell::Number(serial.as_f64()), Cell::Time)
        }
    }
}
