//! Whether a table of text is UTF-8, was until somebody broke a byte of it, or is something else.
//! Used by `rows`. Looks at the bytes as a stream and never keeps or shows any.

use super::rows::Bytes;
use crate::ingest::ReadError;

/// What the bytes of a text are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Utf8 {
    /// UTF-8.
    Whole,
    /// UTF-8 but for a few bytes, of which this is the first.
    Broken(At),
    /// Another encoding.
    Other(At),
}

/// Where a byte stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct At {
    /// Line of the text, from 1.
    line: u64,
    /// Byte of the file, from 1.
    byte: u64,
}

impl At {
    /// What is wrong there.
    pub(super) fn fault(self) -> ReadError {
        let Self { line, byte } = self;
        ReadError::Unusable {
            reason: format!(
                "row {line} holds a byte that is no UTF-8, which the rest of the table is: byte \
                 {byte} of the file"
            ),
            remedy: "mend the sign there, or get the table again and save it as CSV in UTF-8"
                .to_owned(),
        }
    }
}

/// So many signs beyond ASCII to one fault are UTF-8 with a fault. Other encodings of Chinese give
/// about as many faults as signs.
const SIGNS_A_FAULT: u64 = 8;

#[derive(Default)]
struct Look {
    /// Signs of several bytes.
    signs: u64,
    faults: u64,
    /// Where the last bad bytes end.
    bad_to: u64,
    first: Option<At>,
    lines: u64,
    bytes: u64,
}

impl Look {
    fn pass(&mut self, good: &[u8]) {
        let count = |is: fn(&u8) -> bool| good.iter().filter(|byte| is(byte)).count() as u64;
        self.signs += count(|byte| *byte >= 0xC0);
        self.lines += count(|byte| *byte == b'\n');
        self.bytes += good.len() as u64;
    }

    fn fault(&mut self, bad: usize) {
        let (line, byte) = (self.lines + 1, self.bytes + 1);
        self.first.get_or_insert(At { line, byte });
        // What is left of one broken sign is one fault.
        self.faults += u64::from(self.faults == 0 || self.bytes != self.bad_to);
        self.bytes += bad as u64;
        self.bad_to = self.bytes;
    }

    /// Takes what can be told of these bytes; how many that are.
    fn take(&mut self, bytes: &[u8]) -> usize {
        let mut rest = bytes;
        loop {
            let fault = match std::str::from_utf8(rest) {
                Ok(_) => {
                    self.pass(rest);
                    return bytes.len();
                }
                Err(fault) => fault,
            };
            let (good, after) = rest.split_at(fault.valid_up_to());
            self.pass(good);
            let Some(bad) = fault.error_len() else {
                return bytes.len() - after.len();
            };
            self.fault(bad);
            rest = &after[bad..];
        }
    }
}

/// Looks at all bytes; a sign may be cut between two pieces.
pub(super) fn look(bytes: Bytes) -> Result<Utf8, ReadError> {
    let (mut look, mut rest) = (Look::default(), Vec::new());
    bytes.each_piece(&mut |piece| {
        rest.extend_from_slice(piece);
        let taken = look.take(&rest);
        rest.drain(..taken);
    })?;
    if !rest.is_empty() {
        look.fault(rest.len());
    }
    Ok(match look.first {
        None => Utf8::Whole,
        Some(at) if look.signs >= SIGNS_A_FAULT * look.faults => Utf8::Broken(at),
        Some(at) => Utf8::Other(at),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_byte_is_told_from_another_encoding() {
        let text = "姓名,身份证号,住址\n王小明,1,平江路十二号\n";
        let look = |bytes: &[u8]| look(Bytes::Memory(bytes)).unwrap();
        assert_eq!(look(text.as_bytes()), Utf8::Whole);
        let mut broken = text.as_bytes().to_vec();
        let at = text.find('王').unwrap();
        broken[at] = 0xFF;
        let Utf8::Broken(found) = look(&broken) else {
            panic!("{:?}", look(&broken));
        };
        assert_eq!((found.line, found.byte), (2, at as u64 + 1));
        let cut = &text.as_bytes()[..text.len() - 2];
        assert!(matches!(look(cut), Utf8::Broken(_)));
        let (other, ..) = encoding_rs::GB18030.encode(text);
        assert!(matches!(look(&other), Utf8::Other(_)));
    }
}
