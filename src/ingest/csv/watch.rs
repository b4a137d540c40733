//! What a table of text must not hold, seen in its bytes as they are read: a quote that takes the
//! rows behind it into one cell, a cell or a row without end. The reader of CSV forgives all of that,
//! and rows would be gone without a word. Used by tables of points and by registers. Never shows a
//! value.

#[cfg(test)]
mod tests;

use std::fmt;
use std::io::{self, Read, Seek, SeekFrom};

use crate::ingest::ReadError;

/// How large cells may be.
#[derive(Debug, Clone, Copy)]
pub(in crate::ingest) struct CellLimits {
    /// Bytes of a cell.
    pub bytes: u64,
    /// Line breaks in a cell.
    pub breaks: u64,
}

/// Cells of a row, as spreadsheet programs have it.
const CELLS_MAX: u64 = 16_384;

/// What is wrong, and in which line of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ingest) struct TextFault {
    line: u64,
    what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    /// A quote that nothing closes.
    Unclosed,
    /// A quoted cell, and more behind it than a separator; the line of that.
    Follows(u64),
    /// A quoted cell that holds as many line breaks and separators as whole rows would.
    Swallows(u64),
    /// More line breaks in a cell than this.
    Breaks(u64),
    /// More bytes in a cell than this.
    Long(u64),
    /// More cells in a row than spreadsheet programs have.
    Wide,
    /// Lines that end as on machines of the last century.
    BareReturn,
}

impl fmt::Display for TextFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = self.line;
        match self.what {
            What::Unclosed => write!(f, "the quote in line {line} is not closed up to the end"),
            What::Follows(there) => write!(
                f,
                "the cell that a quote begins in line {line} goes on behind its closing quote in line {there}"
            ),
            What::Swallows(breaks) => write!(
                f,
                "a quote makes line {line} and the {breaks} below it one row, and they look like rows of their own"
            ),
            What::Breaks(most) => write!(
                f,
                "the cell that a quote begins in line {line} holds more than {most} line breaks"
            ),
            What::Long(most) => {
                write!(f, "a cell in line {line} holds more than {} KB", most >> 10)
            }
            What::Wide => write!(f, "line {line} has more than {CELLS_MAX} cells"),
            What::BareReturn => write!(f, "line {line} ends with a carriage return alone"),
        }
    }
}

impl std::error::Error for TextFault {}

impl From<TextFault> for ReadError {
    fn from(fault: TextFault) -> Self {
        let remedy = match fault.what {
            What::Unclosed | What::Follows(_) | What::Swallows(_) | What::Breaks(_) => {
                "put it right there: a quote within a quoted cell is written twice, one too many is taken out, and a cell that truly holds line breaks is written on one line"
            }
            What::Long(_) | What::Wide => "look whether its separators and quotes are right there",
            What::BareReturn => "save it with the line ends of Windows or Unix",
        };
        Self::Unusable {
            reason: fault.to_string(),
            remedy: remedy.to_owned(),
        }
    }
}

/// The fault of a table's bytes behind what the reader of CSV reports.
pub(in crate::ingest) fn fault_of(fault: &::csv::Error) -> Option<TextFault> {
    match fault.kind() {
        ::csv::ErrorKind::Io(fault) => fault.get_ref()?.downcast_ref().copied(),
        _ => None,
    }
}

/// Bytes that are watched while they are read. After a jump it takes up the watch at the beginning of
/// a row, and lines are counted from there.
pub(in crate::ingest) struct Watched<R> {
    from: R,
    watch: Watch,
}

impl<R> Watched<R> {
    /// Watches a table in UTF-8 or GB18030 that parts its cells by this byte.
    pub(in crate::ingest) fn new(from: R, delimiter: u8, limits: CellLimits) -> Self {
        Self {
            from,
            watch: Watch::new(delimiter, limits),
        }
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.from.read(buffer)?;
        let seen = match count {
            0 if buffer.is_empty() => Ok(()),
            0 => self.watch.end(),
            count => self.watch.take(&buffer[..count]),
        };
        seen.map_err(io::Error::other)?;
        Ok(count)
    }
}

impl<R: Seek> Seek for Watched<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.watch = Watch::new(self.watch.delimiter, self.watch.limits);
        self.from.seek(to)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the first byte of a cell.
    Begin,
    Plain,
    Quoted,
    /// Behind a quote that closes a cell, or is the first of two.
    Closed,
    /// Behind a blank behind a closing quote.
    Blank,
    /// Behind a carriage return that ends a row.
    Return,
}

/// The row that is being read.
#[derive(Clone, Copy, Default)]
struct Row {
    /// Separators outside quotes.
    separators: u64,
    /// Within quoted cells: separators, ends of lines that are not blank, and the line of the first
    /// quote.
    hidden: u64,
    lines: u64,
    quote_line: u64,
    /// Lines at its beginning and end that hold nothing but a quote: blank lines, maybe.
    bare: u64,
    is_begun: bool,
}

struct Watch {
    delimiter: u8,
    limits: CellLimits,
    state: State,
    line: u64,
    /// Bytes that a mark at the very beginning may still have.
    mark: &'static [u8],
    row: Row,
    /// Of the cell: the line of its quote, its bytes and line breaks.
    quote_line: u64,
    cell_bytes: u64,
    cell_breaks: u64,
    /// Whether the line within the quoted cell is blank so far.
    is_blank: bool,
    /// Most separators of a row so far.
    widest: u64,
    /// A row over several lines from before it was known how wide rows are.
    early: Option<Row>,
    fault: Option<TextFault>,
}

impl Watch {
    fn new(delimiter: u8, limits: CellLimits) -> Self {
        Self {
            delimiter,
            limits,
            state: State::Begin,
            line: 1,
            mark: b"\xEF\xBB\xBF",
            row: Row::default(),
            quote_line: 0,
            cell_bytes: 0,
            cell_breaks: 0,
            is_blank: false,
            widest: 0,
            early: None,
            fault: None,
        }
    }

    fn take(&mut self, bytes: &[u8]) -> Result<(), TextFault> {
        let mut bytes = bytes;
        while let (Some((mark, rest)), Some((byte, behind))) =
            (self.mark.split_first(), bytes.split_first())
        {
            if mark != byte {
                self.mark = &[];
                break;
            }
            (self.mark, bytes) = (rest, behind);
        }
        for byte in bytes {
            if let Some(fault) = self.fault {
                return Err(fault);
            }
            self.byte(*byte);
        }
        self.fault.map_or(Ok(()), Err)
    }

    fn end(&mut self) -> Result<(), TextFault> {
        match self.state {
            State::Quoted => self.report(self.quote_line, What::Unclosed),
            State::Return => {}
            _ => self.end_row(),
        }
        self.fault.map_or(Ok(()), Err)
    }

    fn report(&mut self, line: u64, what: What) {
        self.fault.get_or_insert(TextFault { line, what });
    }

    fn byte(&mut self, byte: u8) {
        self.cell_bytes += 1;
        if self.cell_bytes > self.limits.bytes {
            self.report(self.line, What::Long(self.limits.bytes));
        }
        match (self.state, byte) {
            (State::Quoted, b'"') => self.state = State::Closed,
            (State::Quoted, byte) => self.quoted(byte),
            (State::Closed, b'"') => {
                self.state = State::Quoted;
                self.is_blank = false;
            }
            (State::Begin, b'"') => {
                self.state = State::Quoted;
                self.quote_line = self.line;
                self.row.is_begun = true;
                self.is_blank = false;
            }
            (State::Return, b'\r') => {}
            (State::Return, b'\n') => {
                self.line += 1;
                self.begin_cell();
            }
            (State::Return, _) => self.report(self.line, What::BareReturn),
            (_, b'\r') => {
                self.end_row();
                self.state = State::Return;
            }
            (_, b'\n') => {
                self.end_row();
                self.line += 1;
            }
            (_, byte) if byte == self.delimiter => self.separator(),
            (State::Closed | State::Blank, b' ' | b'\t') => self.state = State::Blank,
            (State::Closed | State::Blank, _) => {
                self.report(self.quote_line, What::Follows(self.line));
            }
            _ => {
                self.state = State::Plain;
                self.row.is_begun = true;
            }
        }
    }

    fn quoted(&mut self, byte: u8) {
        match byte {
            b'\n' => {
                self.line += 1;
                self.cell_breaks += 1;
                if self.cell_breaks > self.limits.breaks {
                    self.report(self.quote_line, What::Breaks(self.limits.breaks));
                }
                if !std::mem::replace(&mut self.is_blank, true) {
                    if self.cell_bytes == 2 && self.row.separators == 0 {
                        self.row.bare += 1;
                    }
                    if self.row.lines == 0 {
                        self.row.quote_line = self.quote_line;
                    }
                    self.row.lines += 1;
                }
            }
            // A line is as long with it as without.
            b'\r' => self.cell_bytes -= 1,
            byte => {
                self.is_blank = false;
                self.row.hidden += u64::from(byte == self.delimiter);
            }
        }
    }

    fn separator(&mut self) {
        self.begin_cell();
        self.row.is_begun = true;
        self.row.separators += 1;
        if self.row.separators >= CELLS_MAX {
            self.report(self.line, What::Wide);
        }
    }

    fn begin_cell(&mut self) {
        self.state = State::Begin;
        (self.cell_bytes, self.cell_breaks) = (0, 0);
    }

    /// Ends a row and, where it went over several lines, asks whether those were rows.
    fn end_row(&mut self) {
        let is_closed = matches!(self.state, State::Closed | State::Blank);
        let mut row = std::mem::take(&mut self.row);
        row.bare += u64::from(is_closed && self.is_blank);
        self.begin_cell();
        if !row.is_begun {
            return;
        }
        if row.lines > 0 {
            if row.holds_rows(row.separators) || row.holds_rows(self.widest) {
                self.report(row.quote_line, What::Swallows(row.lines));
            }
            self.early = self.early.or(Some(row));
        } else if row.separators > self.widest {
            self.widest = row.separators;
            if let Some(early) = self.early.filter(|early| early.holds_rows(row.separators)) {
                self.report(early.quote_line, What::Swallows(early.lines));
            }
        }
    }
}

impl Row {
    /// Whether its lines were rows before a quote made them one: rows keep their separators then, as
    /// many as so many rows of this width have.
    fn holds_rows(self, separators: u64) -> bool {
        let all = self.separators + self.hidden;
        let mut rows = (self.lines + 1).saturating_sub(self.bare).max(2)..=self.lines + 1;
        separators > 0 && rows.any(|rows| all == separators * rows)
    }
}
