//! The bytes behind a glTF document: its own binary part, data inside its text, files beside it.
//! Never fetches anything, and never holds more than a buffer claims and has.

use super::super::Input;
use super::super::error::ReadError;
use super::document::Opened;
use super::unusable;

/// All buffers in their order.
pub(super) fn resolve(opened: &Opened, input: &Input) -> Result<Vec<Vec<u8>>, ReadError> {
    let mut buffers = Vec::new();
    for buffer in opened.document.buffers() {
        let name = format!("buffers[{}]", buffer.index());
        let bytes = match buffer.source() {
            gltf::buffer::Source::Bin => opened.blob.clone().ok_or_else(|| {
                unusable(
                    format!("{name}: the binary part is missing"),
                    "get the whole .glb again",
                )
            })?,
            gltf::buffer::Source::Uri(uri) => from_uri(uri, &name, input)?,
        };
        if bytes.len() < buffer.length() {
            return Err(unusable(
                format!(
                    "{name} claims {} bytes and has {}",
                    buffer.length(),
                    bytes.len()
                ),
                "the file is cut off: get it again",
            ));
        }
        buffers.push(bytes);
    }
    Ok(buffers)
}

fn from_uri(uri: &str, name: &str, input: &Input) -> Result<Vec<u8>, ReadError> {
    if let Some(data) = uri.strip_prefix("data:") {
        let encoded = data.split_once(";base64,").map(|(_, encoded)| encoded);
        return encoded
            .and_then(|encoded| from_base64(encoded.as_bytes()))
            .ok_or_else(|| unusable(format!("{name}: its data are no base64"), "write it anew"));
    }
    let plain = percent_decoded(uri);
    let bytes = plain.as_deref().and_then(|plain| input.beside(plain));
    bytes.ok_or_else(|| {
        unusable(
            format!("{name}: there is no file {uri:?} beside it"),
            "put the file beside the .gltf, or pack both into a .glb",
        )
    })
}

/// Bytes of base64 (RFC 4648), with or without padding; `None` of other signs.
fn from_base64(text: &[u8]) -> Option<Vec<u8>> {
    let padding = text.iter().rev().take_while(|sign| **sign == b'=').count();
    let digits = text.get(..text.len() - padding.min(2))?;
    let mut bytes = Vec::with_capacity(digits.len() / 4 * 3 + 2);
    for group in digits.chunks(4) {
        let mut word = 0_u32;
        for sign in group {
            let value = match sign {
                b'A'..=b'Z' => sign - b'A',
                b'a'..=b'z' => sign - b'a' + 26,
                b'0'..=b'9' => sign - b'0' + 52,
                b'+' | b'-' => 62,
                b'/' | b'_' => 63,
                _ => return None,
            };
            word = word << 6 | u32::from(value);
        }
        let whole = match group.len() {
            1 => return None,
            count => count - 1,
        };
        word <<= 6 * (4 - group.len());
        bytes.extend_from_slice(&word.to_be_bytes()[1..=whole]);
    }
    Some(bytes)
}

/// A name with `%20` and its like written out.
pub(super) fn percent_decoded(uri: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(uri.len());
    let mut rest = uri.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first == b'%' {
            let digits = std::str::from_utf8(rest.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = rest.get(2..)?;
        } else {
            bytes.push(*first);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&[u8]>) {
        assert_eq!(from_base64(text.as_bytes()).as_deref(), expected, "{text}");
    }

    #[test]
    fn base64_of_every_length() {
        check("", Some(b""));
        check("Zg==", Some(b"f"));
        check("Zm8=", Some(b"fo"));
        check("Zm9v", Some(b"foo"));
        check("Zm9vYg", Some(b"foob"));
        check("////", Some(&[255, 255, 255]));
        check("Z", None);
        check("Zm9 v", None);
        check("=", Some(b""));
    }

    #[test]
    fn names_are_written_out() {
        assert_eq!(percent_decoded("a%20b.bin").as_deref(), Some("a b.bin"));
        assert_eq!(percent_decoded("%e5%a1%94").as_deref(), Some("塔"));
        for faulty in ["%", "%2", "%zz", "%ff"] {
            assert_eq!(percent_decoded(faulty), None, "{faulty}");
        }
    }
}
