//! Workbooks that are small on disk and huge when unpacked are refused before anything of them is kept.
//! Every part is unpacked once and thrown away, for what a part says of its own size may be untrue.

use std::io::{self, Read, Seek, Write};

use zip::ZipArchive;

use super::cell::Cell;
use crate::ingest::{ReadError, fence};

/// What the parts of a workbook may unpack to in all, bytes.
const ALL_MAX_BYTES: u64 = 1 << 30;
/// What its shared texts may unpack to, bytes: they stand in memory.
const TEXTS_MAX_BYTES: u64 = 256 << 20;
/// Parts that a workbook may have.
const PARTS_MAX: usize = 10_000;
/// Rows that a sheet may have, as spreadsheet programs have it.
const ROWS_MAX: u64 = 1 << 20;
/// Characters that a cell may hold, likewise.
const CELL_MAX_CHARS: usize = 32_767;
/// So many bytes a character may take in a part at most, written as a reference.
const CHAR_MAX_BYTES: usize = 12;

/// How far a workbook may unpack.
struct Limits {
    all_bytes: u64,
    texts_bytes: u64,
    parts: usize,
}

/// Refuses a workbook that unpacks to more than a register can be. What cannot be unpacked at all is
/// left to the reader of workbooks.
///
/// # Errors
/// Naming the limit.
pub(super) fn check(from: impl Read + Seek) -> Result<(), ReadError> {
    let limits = Limits {
        all_bytes: ALL_MAX_BYTES,
        texts_bytes: TEXTS_MAX_BYTES,
        parts: PARTS_MAX,
    };
    // Faulty archives are told by the reader of workbooks, which knows what it needs.
    fence::fenced(|| check_within(from, &limits)).unwrap_or(Ok(()))
}

fn check_within(from: impl Read + Seek, limits: &Limits) -> Result<(), ReadError> {
    let Ok(mut archive) = ZipArchive::new(from) else {
        return Ok(());
    };
    if archive.len() > limits.parts {
        return Err(too_much(format!(
            "the workbook has {} parts, and more than {} are read of none",
            archive.len(),
            limits.parts
        )));
    }
    let mut all_bytes = 0;
    for place in 0..archive.len() {
        let Ok(part) = archive.by_index(place) else {
            continue;
        };
        let name = part.name().map(|name| name.to_lowercase());
        // A part without a name that can be read may be anything.
        let are_texts = name
            .as_ref()
            .is_ok_and(|name| name.ends_with("sharedstrings.xml"));
        let rest = limits.all_bytes - all_bytes;
        let most = if are_texts {
            rest.min(limits.texts_bytes)
        } else {
            rest
        };
        let holds_cells = !name
            .as_ref()
            .is_ok_and(|name| !name.starts_with("xl/worksheets/"));
        let mut part = part.take(most + 1);
        let mut texts = Texts::default();
        // A part that breaks off is unpacked up to there by the reader too.
        let _ = io::copy(&mut part, &mut texts);
        let bytes = most + 1 - part.limit();
        if bytes > most && most < rest {
            return Err(too_much(format!(
                "the texts of the workbook unpack to more than {} MB",
                limits.texts_bytes >> 20
            )));
        }
        if bytes > most {
            return Err(too_much(format!(
                "the workbook unpacks to more than {} MB",
                limits.all_bytes >> 20
            )));
        }
        if texts.longest > CELL_MAX_CHARS * CHAR_MAX_BYTES && (are_texts || holds_cells) {
            return Err(too_long("a cell of the workbook".to_owned()));
        }
        all_bytes += bytes;
    }
    Ok(())
}

/// The longest text between two marks of a part, of all that was written into it.
#[derive(Default)]
struct Texts {
    longest: usize,
    last: usize,
}

impl Write for Texts {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut runs = bytes
            .split(|byte| matches!(byte, b'<' | b'>'))
            .map(<[u8]>::len);
        self.last += runs.next().unwrap_or(0);
        self.longest = self.longest.max(self.last);
        for run in runs {
            self.last = run;
            self.longest = self.longest.max(run);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Refuses a cell beyond what spreadsheet programs write; row from 1, column from 0.
///
/// # Errors
/// Naming sheet, cell and limit.
pub(super) fn check_cell(
    sheet: &str,
    (row, column): (u64, u32),
    cell: &Cell,
) -> Result<(), ReadError> {
    if row > ROWS_MAX {
        return Err(too_much(format!(
            "sheet {sheet:?} has a row {row}, and spreadsheet programs have {ROWS_MAX} rows"
        )));
    }
    match cell {
        Cell::Text(text)
            if text.len() > CELL_MAX_CHARS && text.chars().count() > CELL_MAX_CHARS =>
        {
            Err(too_long(format!(
                "cell {}{row} of sheet {sheet:?}",
                letters(column)
            )))
        }
        _ => Ok(()),
    }
}

/// A column as spreadsheet programs name it.
fn letters(column: u32) -> String {
    let mut rest = column + 1;
    let mut name = Vec::new();
    while rest > 0 {
        let digit = (rest - 1) % 26;
        name.push(char::from(b'A' + digit as u8));
        rest = (rest - 1) / 26;
    }
    name.iter().rev().collect()
}

fn too_long(what: String) -> ReadError {
    ReadError::Unusable {
        reason: format!(
            "{what} holds more than {CELL_MAX_CHARS} characters, which no spreadsheet program writes"
        ),
        remedy: "look what stands there, and shorten it".to_owned(),
    }
}

fn too_much(reason: String) -> ReadError {
    ReadError::Unusable {
        reason,
        remedy: "save its sheets as CSV, which is read as a stream".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use proptest::prelude::*;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    /// An archive of parts of nothing but blanks, so long each.
    fn archive(parts: &[(&str, usize)]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in parts {
            writer
                .start_file(*name, SimpleFileOptions::default())
                .unwrap();
            writer.write_all(&vec![b' '; *bytes]).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn small() -> Limits {
        Limits {
            all_bytes: 1 << 20,
            texts_bytes: 1 << 18,
            parts: 8,
        }
    }

    /// How many bytes the reader of archives gives.
    fn unpacked(bytes: &[u8]) -> u64 {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut all = 0;
        for place in 0..archive.len() {
            let mut part = archive.by_index(place).unwrap().take(u64::MAX);
            let _ = std::io::copy(&mut part, &mut std::io::sink());
            all += u64::MAX - part.limit();
        }
        all
    }

    fn is_refused(bytes: &[u8]) -> bool {
        check_within(Cursor::new(bytes), &small()).is_err()
    }

    #[test]
    fn what_unpacks_to_too_much_is_refused_whatever_it_says_of_its_size() {
        let bomb = archive(&[("xl/worksheets/sheet1.xml", 4 << 20)]);
        assert!(bomb.len() < 20_000 && is_refused(&bomb));
        let texts = archive(&[("xl/sharedStrings.xml", 300_000)]);
        let told = check_within(Cursor::new(&texts), &small()).unwrap_err();
        assert!(told.to_string().contains("texts of the workbook"), "{told}");
        assert!(!is_refused(&archive(&[
            ("xl/sharedStrings.xml", 200_000),
            ("a", 700_000)
        ])));
        assert!(is_refused(&archive(&[("a", 600_000), ("b", 600_000)])));
        // The size that is told, in the local head and in the list, is made small.
        let mut liar = bomb;
        let told = u32::try_from(4 << 20).unwrap().to_le_bytes();
        let places: Vec<usize> = liar
            .windows(4)
            .enumerate()
            .filter(|(_, bytes)| *bytes == told)
            .map(|(at, _)| at)
            .collect();
        assert!(!places.is_empty());
        for at in places {
            liar[at..at + 4].copy_from_slice(&9_u32.to_le_bytes());
        }
        // Whoever reads on where the size ends is refused; whoever stops there is no danger.
        assert!(is_refused(&liar) || unpacked(&liar) <= 1 << 20);
    }

    proptest! {
        #[test]
        fn never_more_than_the_limits_and_never_a_panic(
            sizes in prop::collection::vec(0_usize..700_000, 0..10),
            cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        ) {
            let names: Vec<String> = (0..sizes.len()).map(|number| number.to_string()).collect();
            let parts: Vec<_> = names.iter().map(String::as_str).zip(sizes.iter().copied()).collect();
            let mut bytes = archive(&parts);
            let too_much = sizes.len() > 8 || sizes.iter().sum::<usize>() > 1 << 20;
            prop_assert_eq!(is_refused(&bytes), too_much);
            for (place, byte) in cuts {
                let at = place.index(bytes.len());
                bytes[at] = byte;
            }
            let _ = check(Cursor::new(&bytes));
        }
    }
}
