//! In which line of its file a row of a table begins. The reader of CSV tells the place where it
//! stopped behind the row before: within the line end of Windows, or above blank lines, and that is
//! another line. Used by tables of points and by registers. Never keeps what it passes on.

use std::collections::VecDeque;
use std::io::{self, Read, Seek, SeekFrom};

/// Bytes whose lines are counted while they are read. After a jump lines are counted from there.
pub(in crate::ingest) struct Lined<R> {
    from: R,
    /// The byte that comes next, and its line.
    byte: u64,
    line: u64,
    /// Whether nothing of the line was there yet.
    is_fresh: bool,
    /// The first bytes of lines that are not blank and have not been asked for, with these lines.
    begun: VecDeque<(u64, u64)>,
}

impl<R> Lined<R> {
    /// Counts from the first byte.
    pub(in crate::ingest) fn new(from: R) -> Self {
        Self {
            from,
            byte: 0,
            line: 1,
            is_fresh: true,
            begun: VecDeque::new(),
        }
    }

    /// The line of the row that begins at this byte, or behind line ends there. Rows are asked for in
    /// their order.
    pub(in crate::ingest) fn line_of(&mut self, byte: u64) -> u64 {
        while self.begun.front().is_some_and(|(at, _)| *at < byte) {
            self.begun.pop_front();
        }
        self.begun.front().map_or(self.line, |(_, line)| *line)
    }
}

impl<R: Read> Read for Lined<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.from.read(buffer)?;
        for (at, byte) in (self.byte..).zip(&buffer[..count]) {
            match byte {
                b'\n' => {
                    self.line += 1;
                    self.is_fresh = true;
                }
                b'\r' => {}
                _ if self.is_fresh => {
                    self.is_fresh = false;
                    self.begun.push_back((at, self.line));
                }
                _ => {}
            }
        }
        self.byte += count as u64;
        Ok(count)
    }
}

impl<R: Seek> Seek for Lined<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let byte = self.from.seek(to)?;
        (self.byte, self.line, self.is_fresh) = (byte, 1, true);
        self.begun.clear();
        Ok(byte)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The lines in which the rows of a text begin.
    fn lines(text: &str) -> Vec<u64> {
        let mut reader = ::csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(Lined::new(text.as_bytes()));
        let (mut lines, mut record) = (Vec::new(), ::csv::ByteRecord::new());
        while reader.read_byte_record(&mut record).unwrap() {
            let byte = record.position().unwrap().byte();
            lines.push(reader.get_mut().line_of(byte));
        }
        lines
    }

    #[test]
    fn a_row_is_told_by_the_line_in_which_it_begins() {
        assert_eq!(lines("h\na\nb\n"), [1, 2, 3]);
        assert_eq!(lines("h\r\na\r\nb"), [1, 2, 3]);
        assert_eq!(lines("\u{FEFF}h\r\n\r\na\r\n\n\nb\r\n"), [1, 3, 6]);
        assert_eq!(lines("h\r\n\"a\r\n\r\na\"\r\nb\r\n"), [1, 2, 5]);
        assert_eq!(lines("\n\nh\na"), [3, 4]);
    }

    proptest! {
        /// Line ends of Windows and of Unix give the same lines.
        #[test]
        fn line_ends_do_not_move_rows(text in "[ab,]{0,3}(\n{1,3}([ab,]{1,3}|\"a\n{1,2}b\",)){0,8}") {
            prop_assert_eq!(lines(&text), lines(&text.replace('\n', "\r\n")));
        }
    }
}
