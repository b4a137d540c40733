//! In which encoding the text of a `.dbf` is: as `.cpg` says, as its own language byte says, or
//! guessed, which is told. Never changes a text.

use encoding_rs::{
    BIG5, EUC_KR, GB18030, GBK, SHIFT_JIS, UTF_8, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252,
};

/// An encoding with which texts are read.
pub(super) struct Encoding(&'static encoding_rs::Encoding);

impl Encoding {
    /// UTF-8, before anything is known.
    pub(super) const UTF_8: Self = Self(UTF_8);

    /// The encoding, and what a person should know of it. `text` is what is looked at for a guess.
    pub(super) fn find<'a, I: Iterator<Item = &'a [u8]>>(
        stated: Option<&str>,
        language: u8,
        text: impl Fn() -> I,
    ) -> (Self, Option<String>) {
        let stated = stated.map(|label| label.trim_start_matches('\u{feff}').trim());
        if let Some(label) = stated.filter(|label| !label.is_empty())
            && let Some(encoding) = by_label(label)
        {
            return (Self(encoding), None);
        }
        let unknown = stated.filter(|label| !label.is_empty()).map(|label| {
            format!(
                "the .cpg says {:?}, which is no known encoding; ",
                shown(label)
            )
        });
        let unknown = unknown.unwrap_or_default();
        if let Some(encoding) = by_language(language) {
            let note = format!("{unknown}the .dbf's own mark says {}", encoding.name());
            return (Self(encoding), (!unknown.is_empty()).then_some(note));
        }
        let is_ascii = || text().all(<[u8]>::is_ascii);
        let fits = |encoding: &'static encoding_rs::Encoding| {
            text().all(|part| {
                encoding
                    .decode_without_bom_handling_and_without_replacement(part)
                    .is_some()
            })
        };
        if is_ascii() {
            return (Self(UTF_8), None);
        }
        // A Latin text is no GBK by chance only when it is short; with neither, GBK shows most.
        let encoding = if fits(UTF_8) { UTF_8 } else { GB18030 };
        let note = format!(
            "{unknown}its texts were read as {} (guessed: there is no .cpg that says; write one with the name of the encoding if names look wrong)",
            encoding.name()
        );
        (Self(encoding), Some(note))
    }

    /// A text without the blanks that fill it up; what cannot be read shows as `�`.
    pub(super) fn decode(&self, bytes: &[u8]) -> String {
        let (text, _) = self.0.decode_without_bom_handling(bytes);
        // The width of a field may cut its last letter.
        text.trim_matches(['\0', ' ', '\u{FFFD}']).trim().to_owned()
    }
}

fn shown(label: &str) -> String {
    label.chars().take(40).collect()
}

/// By the words that programs write into `.cpg`.
fn by_label(label: &str) -> Option<&'static encoding_rs::Encoding> {
    let plain = label.to_ascii_lowercase();
    let plain = plain.trim_start_matches("ansi").trim();
    let number = plain
        .trim_start_matches("oem")
        .trim_start_matches("cp")
        .trim_start_matches("ms")
        .trim_matches(['-', '_', ' ']);
    match number {
        "936" => return Some(GBK),
        "54936" => return Some(GB18030),
        "950" => return Some(BIG5),
        "932" => return Some(SHIFT_JIS),
        "949" => return Some(EUC_KR),
        "65001" | "utf8" => return Some(UTF_8),
        "1250" => return Some(WINDOWS_1250),
        "1251" => return Some(WINDOWS_1251),
        // The first 256 letters of `ISO 8859-1` are those of 1252, and nobody means the others.
        "1252" | "88591" | "8859-1" | "" => return Some(WINDOWS_1252),
        _ => {}
    }
    let iso = plain
        .strip_prefix("iso")
        .map(|rest| rest.trim_matches(['-', '_', ' ']).replace("8859", ""));
    if let Some(part) = iso {
        let part = part.trim_matches(['-', '_', ' ']).to_owned();
        return encoding_rs::Encoding::for_label(format!("iso-8859-{part}").as_bytes());
    }
    encoding_rs::Encoding::for_label(plain.as_bytes())
}

/// By the language byte of the table's header, where it names a code page that one can read.
fn by_language(byte: u8) -> Option<&'static encoding_rs::Encoding> {
    match byte {
        0x4d | 0x7a => Some(GBK),
        0x4f | 0x78 => Some(BIG5),
        0x13 | 0x7b => Some(SHIFT_JIS),
        0x4e | 0x79 => Some(EUC_KR),
        0x03 => Some(WINDOWS_1252),
        0xc8 => Some(WINDOWS_1250),
        0xc9 => Some(WINDOWS_1251),
        // GDAL writes 0x57 (ANSI) whatever the text is in.
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(stated: Option<&str>, language: u8, text: &[u8], expected: &str, is_told: bool) {
        let (encoding, note) = Encoding::find(stated, language, || std::iter::once(text));
        let told = format!("{stated:?} {language:#x} {text:?}: {note:?}");
        assert_eq!(encoding.0.name(), expected, "{told}");
        assert_eq!(note.is_some(), is_told, "{told}");
    }

    #[test]
    fn what_is_stated_counts() {
        for (label, expected) in [
            ("UTF-8\n", "UTF-8"),
            ("\u{feff}utf8", "UTF-8"),
            ("65001", "UTF-8"),
            ("GBK", "GBK"),
            ("gb2312", "GBK"),
            ("GB18030", "gb18030"),
            ("936", "GBK"),
            ("CP936", "GBK"),
            ("ANSI 936", "GBK"),
            ("ANSI 1252", "windows-1252"),
            ("ANSI", "windows-1252"),
            ("ISO-8859-1", "windows-1252"),
            ("ISO 88591", "windows-1252"),
            ("ISO-8859-2", "ISO-8859-2"),
            ("ISO88595", "ISO-8859-5"),
            ("Big5", "Big5"),
        ] {
            check(Some(label), 0, b"\xc8\xcb", expected, false);
        }
    }

    #[test]
    fn what_is_not_stated_is_told_or_guessed() {
        check(None, 0x4d, b"\xc8\xcb", "GBK", false);
        check(None, 0x57, "人民路".as_bytes(), "UTF-8", true);
        check(None, 0, b"\xc8\xcb\xc3\xf1\xc2\xb7", "gb18030", true);
        check(None, 0, b"plain", "UTF-8", false);
        check(Some("klingon"), 0, b"\xc8\xcb", "gb18030", true);
        check(Some("klingon"), 0x4d, b"\xc8\xcb", "GBK", true);
    }

    #[test]
    fn fillings_are_no_text() {
        let (gbk, _) = Encoding::find(Some("GBK"), 0, std::iter::empty);
        assert_eq!(gbk.decode(b"\xc8\xcb\xc3\xf1\xc2\xb7   \0\0"), "人民路");
    }
}
