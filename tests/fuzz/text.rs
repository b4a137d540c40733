//! Names of coordinate systems, and times, as people and files write them.

use pingjiang::base::Timestamp;
use pingjiang::space::{Crs, CrsError, Transform};

use crate::bodies::Seen;

/// Places in degrees, and what is about as many metres.
const DEGREES: [[f64; 3]; 4] = [
    [120.6, 31.3, 4.0],
    [4.36, 52.01, 0.0],
    [-58.4, -34.6, 9.0],
    [180.0, 90.0, 0.0],
];

/// A name is refused with advice, or gives a system whose own name reads back as the same, and
/// whose transformations give numbers or reasons.
pub fn crs(bytes: &[u8]) -> Seen {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Seen::REFUSED;
    };
    let crs = match Crs::parse(text) {
        Ok(crs) => crs,
        Err(fault) => {
            let advice = fault.to_string();
            let is_own = matches!(fault, CrsError::Unusable { .. } | CrsError::OwnGrid { .. });
            assert!(advice.contains("--crs") || is_own, "{advice}");
            return Seen::message(&advice);
        }
    };
    usable(&crs)
}

/// Well-known text is refused with advice, or gives a system that can be used like a named one;
/// the same text in other brackets, with other space and in small letters is the same system.
pub fn wkt(bytes: &[u8]) -> Seen {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Seen::REFUSED;
    };
    let crs = match Crs::from_wkt(text) {
        Ok(crs) => crs,
        Err(fault) => {
            let advice = fault.to_string();
            assert!(advice.contains("--crs"), "{advice}");
            return Seen::message(&advice);
        }
    };
    if text.len() < REWRITTEN_MAX_BYTES {
        assert_eq!(Crs::from_wkt(&rewritten(text)), Ok(crs.clone()));
    }
    usable(&crs)
}

/// Longer texts could come out longer than any that is read.
const REWRITTEN_MAX_BYTES: usize = 40_000;

/// Well-known text that says the same: outside of quotes round brackets, space and small letters.
fn rewritten(text: &str) -> String {
    let mut quoted = false;
    let mut other = String::new();
    for letter in text.chars() {
        quoted ^= letter == '"';
        match letter {
            _ if quoted => other.push(letter),
            '[' => other.push_str(" ( "),
            ']' => other.push_str("\n)"),
            ',' => other.push_str(" ,\t"),
            _ => other.push(letter.to_ascii_lowercase()),
        }
    }
    other
}

/// A system that was taken has a name that reads back as the same, and transformations that give
/// numbers or reasons.
fn usable(crs: &Crs) -> Seen {
    assert_eq!(Crs::parse(&crs.name()).as_ref(), Ok(crs), "{}", crs.name());
    let wgs84 = Crs::from_epsg(4326).expect("it is built in");
    let there = Transform::between(&wgs84, crs).expect("it was read, so it can be used");
    let back = Transform::between(crs, &wgs84).expect("likewise");
    let mut outcomes = Vec::new();
    for at in DEGREES {
        let Ok(moved) = there.apply(at) else {
            outcomes.push(0);
            continue;
        };
        assert!(moved.iter().all(|number| number.is_finite()), "{moved:?}");
        let is_shifted = moved[2] != at[2];
        assert!(!is_shifted || crs.is_geocentric(), "a height was shifted");
        outcomes.push(match back.apply(moved) {
            Ok(again) => {
                assert!(again.iter().all(|number| number.is_finite()), "{again:?}");
                1
            }
            Err(_) => 2,
        });
    }
    let projection = crs.proj().split_whitespace().next().map(str::to_owned);
    Seen::of((crs.is_geographic(), projection, outcomes))
}

/// A time is refused with an example, or reads back from what it writes. As a bare number of
/// milliseconds any time can be shown, moved and compared.
pub fn time(bytes: &[u8]) -> Seen {
    if let Some(eight) = bytes.first_chunk::<8>() {
        any_time(i64::from_le_bytes(*eight));
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Seen::REFUSED;
    };
    if let Ok(at) = serde_json::from_str::<Timestamp>(text) {
        any_time(at.millis());
    }
    match text.parse::<Timestamp>() {
        Ok(at) => {
            let written = at.to_string();
            assert_eq!(written.parse(), Ok(at), "{text} was written as {written}");
            any_time(at.millis());
            Seen::of((at.millis().signum(), written.len(), text.len()))
        }
        Err(fault) => {
            assert!(fault.to_string().contains("2026"), "{fault}");
            Seen::message(&fault.to_string())
        }
    }
}

fn any_time(millis: i64) {
    let at = Timestamp::from_millis(millis);
    for offset_minutes in [0, 480, -720, i32::MAX, i32::MIN] {
        assert!((0..86_400_000).contains(&at.millis_of_day(offset_minutes)));
        assert!(!at.local(offset_minutes, "%Y-%m-%d %H:%M:%S").is_empty());
    }
    let (later, earlier) = (at.plus(i64::MAX), at.plus(i64::MIN));
    assert!(later >= at && earlier <= at);
    assert!(later - at >= 0 && earlier - at <= 0);
    let text = serde_json::to_string(&at).expect("it has a JSON form");
    assert_eq!(serde_json::from_str::<Timestamp>(&text).ok(), Some(at));
}
