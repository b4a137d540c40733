//! The records of a `.shp`: where each begins and ends. Never looks into one.

use super::super::error::ReadError;

/// The header of `.shp` and `.shx`.
const HEADER_BYTES: usize = 100;
/// Number and length before each record; a record of the index.
const RECORD_HEADER_BYTES: usize = 8;
/// What the file begins with.
const FILE_CODE: i32 = 9994;

/// The content of each record, in the order of their numbers.
pub(super) struct Records<'a> {
    bytes: &'a [u8],
    at: usize,
    number: usize,
    /// Where the records begin, by the index, when that is not one behind the other.
    starts: Option<Vec<usize>>,
}

fn big_endian(bytes: &[u8], at: usize) -> Option<i32> {
    let word = bytes.get(at..at.checked_add(4)?)?;
    Some(i32::from_be_bytes(word.try_into().ok()?))
}

impl<'a> Records<'a> {
    /// The records of a file, with its index where there is one.
    pub(super) fn new(bytes: &'a [u8], index: Option<&[u8]>) -> Result<Self, ReadError> {
        if big_endian(bytes, 0) != Some(FILE_CODE) || bytes.len() < HEADER_BYTES {
            return Err(ReadError::Unusable {
                reason: "its header is none of a shapefile".to_owned(),
                remedy: "name the .shp file, and get it again if it is cut off".to_owned(),
            });
        }
        let starts = index.and_then(starts_of);
        let mut records = Self {
            bytes,
            at: HEADER_BYTES,
            number: 0,
            starts: None,
        };
        records.starts = starts.filter(|starts| !records.is_row_of(starts));
        Ok(records)
    }

    /// Whether the records stand one behind the other as the index says.
    fn is_row_of(&self, starts: &[usize]) -> bool {
        let mut at = HEADER_BYTES;
        for start in starts {
            let Some((_, end)) = self.span(at).filter(|_| at == *start) else {
                return false;
            };
            at = end;
        }
        true
    }

    /// Where the content of the record at `at` begins and ends.
    fn span(&self, at: usize) -> Option<(usize, usize)> {
        let words = usize::try_from(big_endian(self.bytes, at.checked_add(4)?)?).ok()?;
        let start = at.checked_add(RECORD_HEADER_BYTES)?;
        let end = start.checked_add(words.checked_mul(2)?)?;
        (end <= self.bytes.len()).then_some((start, end))
    }
}

/// The offsets of an index that is whole.
fn starts_of(index: &[u8]) -> Option<Vec<usize>> {
    if big_endian(index, 0)? != FILE_CODE {
        return None;
    }
    let records = index.get(HEADER_BYTES..)?.chunks_exact(RECORD_HEADER_BYTES);
    records
        .map(|record| usize::try_from(big_endian(record, 0)?).ok()?.checked_mul(2))
        .collect()
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<&'a [u8], ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        let at = match &self.starts {
            Some(starts) => *starts.get(self.number)?,
            None => self.at,
        };
        if self.starts.is_none() && at >= self.bytes.len() {
            return None;
        }
        self.number += 1;
        let Some((start, end)) = self.span(at) else {
            // The end of a loop, whatever follows.
            self.starts = None;
            self.at = self.bytes.len();
            return Some(Err(ReadError::Unusable {
                reason: format!("record {} reaches beyond the end of the file", self.number),
                remedy: "the file is cut off: get it again".to_owned(),
            }));
        };
        self.at = end;
        self.bytes.get(start..end).map(Ok)
    }
}
