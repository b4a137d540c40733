//! From the bytes of an XML document to text: byte-order marks and the encoding that its
//! declaration names. Used by `format` and by readers of XML. Never replaces what cannot be
//! decoded: wrong bytes are an error.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::error::ReadError;
use super::text;

/// The declaration stands within this many bytes.
const HEAD_BYTES: usize = 512;

/// The text of an XML document, without a byte-order mark.
///
/// # Errors
/// [`ReadError`] when it is empty, its encoding is not known, or its bytes are not in it.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, ReadError> {
    let (encoding, mark) = encoding_of(bytes)?;
    if encoding == UTF_8 {
        return text::decode(bytes).map(Cow::Borrowed);
    }
    let body = bytes.get(mark..).unwrap_or_default();
    let text = encoding
        .decode_without_bom_handling_and_without_replacement(body)
        .ok_or_else(|| ReadError::Unusable {
            reason: format!(
                "its content is not text in {}, the encoding that it begins in",
                encoding.name()
            ),
            remedy: "save it as UTF-8, or name the right encoding in its XML declaration"
                .to_owned(),
        })?;
    if text.trim().is_empty() {
        return Err(ReadError::Empty);
    }
    Ok(text)
}

/// Whether bytes begin as an XML document does, in any encoding.
pub(super) fn is_xml(bytes: &[u8]) -> bool {
    match bytes {
        [0xFF, 0xFE, b'<', 0, ..] | [0xFE, 0xFF, 0, b'<', ..] => true,
        [b'<', 0, b'?', 0, ..] | [0, b'<', 0, b'?', ..] => true,
        _ => {
            let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
            let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
            first == Some(&b'<')
        }
    }
}

/// The encoding by mark, by pattern or by declaration, and the length of the mark.
fn encoding_of(bytes: &[u8]) -> Result<(&'static Encoding, usize), ReadError> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return Ok((encoding, mark));
    }
    match bytes {
        [b'<', 0, b'?', 0, ..] => return Ok((UTF_16LE, 0)),
        [0, b'<', 0, b'?', ..] => return Ok((UTF_16BE, 0)),
        _ => {}
    }
    let head = bytes.get(..HEAD_BYTES.min(bytes.len()));
    let Some(label) = declared(head.unwrap_or_default()) else {
        return Ok((UTF_8, 0));
    };
    let encoding = Encoding::for_label(label.as_bytes());
    // UTF-16 without a mark would have shown itself: such a declaration survived a conversion.
    let encoding = encoding.map(|known| match known {
        _ if known == UTF_16LE || known == UTF_16BE => UTF_8,
        _ => known,
    });
    match encoding {
        Some(encoding) => Ok((encoding, 0)),
        None => Err(ReadError::Unusable {
            reason: format!("its XML declaration names the encoding {label:?}, which is not known"),
            remedy: "save it as UTF-8".to_owned(),
        }),
    }
}

/// The encoding that the declaration `<?xml … encoding="…"?>` names.
fn declared(head: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(head);
    let declaration = head.trim_start().strip_prefix("<?xml")?;
    let declaration = &declaration[..declaration.find("?>")?];
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let value = value.strip_prefix(quote)?;
    Some(value[..value.find(quote)?].trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{GBK, SHIFT_JIS};

    const DOCUMENT: &str = "<a>平江</a>";

    fn check(bytes: &[u8], expected: &str) {
        assert!(is_xml(bytes));
        assert_eq!(decode(bytes).unwrap(), expected);
    }

    #[test]
    fn declared_encodings_are_honoured() {
        for (label, encoding) in [("GBK", GBK), ("gb2312", GBK), ("Shift_JIS", SHIFT_JIS)] {
            let text = format!("<?xml version='1.0' encoding='{label}'?>{DOCUMENT}");
            check(&encoding.encode(&text).0, &text);
        }
        let plain = format!("\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>{DOCUMENT}");
        check(plain.as_bytes(), &plain['\u{feff}'.len_utf8()..]);
    }

    #[test]
    fn utf_16_is_told_by_its_mark_or_its_pattern() {
        let text = format!("<?xml version=\"1.0\" encoding=\"UTF-16\"?>{DOCUMENT}");
        let units: Vec<u16> = text.encode_utf16().collect();
        let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        check(&little, &text);
        check(&big, &text);
        check(&[&[0xFF, 0xFE], &little[..]].concat(), &text);
        check(&[&[0xFE, 0xFF], &big[..]].concat(), &text);
    }

    #[test]
    fn wrong_bytes_and_unknown_encodings_are_refused() {
        let fault = |bytes: &[u8]| decode(bytes).unwrap_err().to_string();
        let gbk = fault(b"<?xml version='1.0' encoding='GBK'?><a>\xFF\xFF</a>");
        assert!(gbk.contains("GBK") && gbk.contains("UTF-8"), "{gbk}");
        let unknown = fault(b"<?xml version='1.0' encoding='klingon'?><a/>");
        assert!(unknown.contains("klingon"), "{unknown}");
        assert!(fault(b"<a>\xE5</a>").contains("byte 3"));
        assert_eq!(decode(b""), Err(ReadError::Empty));
    }
}
