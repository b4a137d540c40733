//! Addresses on a network in names and keys of devices and cameras: of streams, with or without who may
//! open them, and words that say that a user or a password stands there. Used by [`super::open_text`] and
//! [`super::things`]. What is cut is given back to who seals it, and to nobody else.

use std::ops::Range;

use super::open_name::{JOINTS, without_empty_brackets};
use crate::base::half_width;

/// What says that a user's name or a password stands there.
const SECRETS: &str = "密码 口令 用户名 账号 帐号 账户 password passwd passwort pwd username";
/// Parts of an address of version 4, and the highest number of one.
const PARTS: usize = 4;
const PART_MAX: u32 = 255;
/// The lowest first part that is no number of a version: 10.1.1.14, and not 1.0.0.12.
const FIRST_MIN: u32 = 10;

/// Whether a text says that it tells a user or a password.
pub(super) fn tells_secret(text: &str) -> bool {
    let plain: String = text.chars().map(half_width).collect();
    let plain = plain.to_lowercase();
    SECRETS.split_whitespace().any(|word| plain.contains(word))
}

/// Whether a text holds the address of a stream.
pub(super) fn holds_stream(text: &str) -> bool {
    let plain: String = text.chars().map(half_width).collect();
    first_address(&plain).is_some()
}

/// A name without the addresses of streams in it, and the first of these; `None` of one without.
pub(super) fn without_stream(name: &str) -> Option<(String, String)> {
    let range = first_address(name)?;
    let stream = name[range.clone()].to_owned();
    let kept = format!("{} {}", &name[..range.start], &name[range.end..]);
    let kept = without_stream(&kept).map_or(kept, |(kept, _)| kept);
    let kept = kept.split_whitespace().collect::<Vec<_>>().join(" ");
    let kept = without_empty_brackets(kept.trim_matches(JOINTS));
    Some((kept, stream))
}

/// Where the first address stands.
fn first_address(text: &str) -> Option<Range<usize>> {
    let found = [with_scheme(text), with_user(text), of_numbers(text)];
    found.into_iter().flatten().min_by_key(|range| range.start)
}

/// Where the run of signs of an address ends that goes on here.
fn end_of(text: &str, at: usize) -> usize {
    let end = text[at..].find(|one: char| !one.is_ascii_graphic());
    end.map_or(text.len(), |end| at + end)
}

/// Where the run of signs before a place begins.
fn start_of(text: &str, at: usize, is_part: impl Fn(char) -> bool) -> usize {
    let before = text[..at].char_indices().rev();
    let start = before.take_while(|(_, one)| is_part(*one)).last();
    start.map_or(at, |(start, _)| start)
}

/// rtsp://…
fn with_scheme(text: &str) -> Option<Range<usize>> {
    let at = text.find("://")?;
    let start = start_of(text, at, |one| {
        one.is_ascii_alphanumeric() || "+-.".contains(one)
    });
    Some(start..end_of(text, at))
}

/// admin:secret@host
fn with_user(text: &str) -> Option<Range<usize>> {
    let places = text.match_indices('@').map(|(at, _)| at);
    let is_part = |one: char| one.is_ascii_graphic();
    let mut found = places.map(|at| (start_of(text, at, is_part), at));
    let (start, at) = found.find(|(start, at)| text[*start..*at].contains(':'))?;
    Some(start..end_of(text, at))
}

/// 10.1.1.14:554/ch1
fn of_numbers(text: &str) -> Option<Range<usize>> {
    let is_part = |one: char| one.is_ascii_digit() || one == '.';
    let mut from = 0;
    while let Some(start) = text[from..].find(is_part).map(|at| from + at) {
        let end = text[start..].find(|one| !is_part(one));
        let end = end.map_or(text.len(), |end| start + end);
        let parts: Vec<Option<u32>> = text[start..end]
            .trim_end_matches('.')
            .split('.')
            .map(|part| part.parse().ok().filter(|part| *part <= PART_MAX))
            .collect();
        let before = text[..start].chars().next_back();
        let is_tied = before.is_some_and(|one| one.is_ascii_alphanumeric());
        let behind = text[end..].chars().next();
        let is_first = parts.first().copied().flatten() >= Some(FIRST_MIN);
        let is_open = behind.is_some_and(|one| matches!(one, ':' | '/'));
        if parts.len() == PARTS
            && parts.iter().all(Option::is_some)
            && !is_tied
            && (is_first || is_open)
        {
            return Some(start..end_of(text, start));
        }
        from = end;
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_address_of_a_stream_is_taken_out() {
        for (name, kept, stream) in [
            (
                "桃源路口 rtsp://a:b@10.0.0.1:554/1",
                "桃源路口",
                "rtsp://a:b@10.0.0.1:554/1",
            ),
            ("rtsp://10.0.0.1/1", "", "rtsp://10.0.0.1/1"),
            ("东门rtmp://x/1南门 http://y/2", "东门 南门", "rtmp://x/1"),
            (
                "东门admin:Pass9999@10.1.1.14:554/ch1",
                "东门",
                "admin:Pass9999@10.1.1.14:554/ch1",
            ),
            ("admin:x@cam.local", "", "admin:x@cam.local"),
            ("10.1.1.15:554/ch1", "", "10.1.1.15:554/ch1"),
            ("西门（192.168.1.20）", "西门", "192.168.1.20"),
        ] {
            let told = Some((kept.to_owned(), stream.to_owned()));
            assert_eq!(without_stream(name), told, "{name}");
            assert!(holds_stream(name), "{name}");
        }
        for name in [
            "平江路口",
            "V1.0.0.12",
            "1.2.3.4",
            "DS-10.1.1.14.5",
            "300.1.1.1",
            "@东门",
            "120.6046 31.3171",
        ] {
            assert_eq!(without_stream(name), None, "{name}");
        }
        assert!(holds_stream("１０．１．１．１５：５５４"));
    }

    #[test]
    fn words_of_secrets_are_known() {
        for text in [
            "大门 用户名admin密码x",
            "Password: x",
            "pwd=1",
            "ＰＡＳＳＷＯＲＤ",
        ] {
            assert!(tells_secret(text), "{text}");
        }
        assert!(!tells_secret("大门") && !tells_secret("用户服务中心"));
    }

    proptest! {
        #[test]
        fn any_text_is_cut_without_fear(name in "\\PC*|[0-9a-z:/@. -]*") {
            if let Some((rest, stream)) = without_stream(&name) {
                prop_assert!(!stream.is_empty() && first_address(&stream).is_some());
                prop_assert!(rest.chars().count() <= name.chars().count());
            }
            let _ = (holds_stream(&name), tells_secret(&name));
        }
    }
}
