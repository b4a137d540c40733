//! Sentences that several panels share: spans of time, ages, numbers.

use crate::base::{Millis, Timestamp};
use crate::portrayal::words::{Key, Words};

/// Data older than this is said to be old.
pub(super) const STALE_MS: Millis = 10_000;

const MINUTE: Millis = 60_000;
const HOUR: Millis = 60 * MINUTE;
const DAY: Millis = 24 * HOUR;

/// A span of time in its one or two largest units; what lies ahead counts as nothing.
pub(in crate::portrayal) fn span(words: &Words, millis: Millis) -> String {
    let millis = millis.max(0);
    let one = |key, unit: Millis| words.format(key, &[("n", (millis / unit).to_string())]);
    match millis {
        DAY.. => one(Key::SpanDays, DAY),
        HOUR.. => {
            let (h, m) = (millis / HOUR, millis % HOUR / MINUTE);
            words.format(
                Key::SpanHours,
                &[("h", h.to_string()), ("m", m.to_string())],
            )
        }
        MINUTE.. => one(Key::SpanMinutes, MINUTE),
        _ => one(Key::SpanSeconds, 1_000),
    }
}

/// How long ago.
pub(in crate::portrayal) fn ago(words: &Words, millis: Millis) -> String {
    words.format(Key::Age, &[("span", span(words, millis))])
}

/// The name of a direction, degrees clockwise from north: the nearest of sixteen winds.
#[must_use]
pub fn wind(words: &Words, degrees: f64) -> String {
    // A turn that is not a number falls on north and shows itself in the figure.
    let point = (degrees.rem_euclid(360.0) / 22.5).round() as usize % 16;
    words.name("compass", &point.to_string())
}

/// A direction: the nearest of sixteen winds, and degrees clockwise from north.
pub(in crate::portrayal) fn compass(words: &Words, degrees: Option<f64>) -> String {
    let Some(turn) = degrees.map(|degrees| degrees.rem_euclid(360.0)) else {
        return words.name("compass", "unknown");
    };
    format!("{} {turn:.0}°", wind(words, turn))
}

/// A change with its sign and so many decimals; what rounds to nothing has no minus.
#[must_use]
pub fn signed(value: f64, decimals: usize) -> String {
    let text = format!("{value:+.decimals$}");
    let is_nought = text.chars().all(|c| !c.is_ascii_digit() || c == '0');
    match is_nought {
        true => text.replace('-', "+"),
        false => text,
    }
}

/// A whole number with commas between thousands.
pub(in crate::portrayal) fn number(value: usize) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The time of day; with the date when it is not the day of `now`.
pub(in crate::portrayal) fn time_of(at: Timestamp, now: Timestamp, offset_minutes: i32) -> String {
    let day = |time: Timestamp| time.local(offset_minutes, "%Y-%m-%d");
    let format = if day(at) == day(now) {
        "%H:%M:%S"
    } else {
        "%Y-%m-%d %H:%M"
    };
    at.local(offset_minutes, format)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portrayal::words::Lang;

    #[test]
    fn spans_and_numbers() {
        let en = Words::of(Lang::En);
        let texts = [-5, 59_999, 60_000, HOUR + 12 * MINUTE, 50 * HOUR].map(|ms| span(en, ms));
        assert_eq!(texts, ["0 s", "59 s", "1 min", "1 h 12 min", "2 d"]);
        assert_eq!(ago(Words::of(Lang::Zh), 3 * MINUTE), "3 分钟前");
        let numbers = [0, 999, 1_000, 928_400, 1_234_567].map(number);
        assert_eq!(numbers, ["0", "999", "1,000", "928,400", "1,234,567"]);
    }

    #[test]
    fn a_direction_is_the_nearest_of_sixteen_winds() {
        let en = Words::of(Lang::En);
        let told = [22.5, 40.0, 350.0, -45.0, 78.0, f64::NAN].map(|degrees| wind(en, degrees));
        let winds = [
            "north-north-east",
            "north-east",
            "north",
            "north-west",
            "east-north-east",
        ];
        assert_eq!(told[..5], winds.map(str::to_owned));
        assert_eq!(told[5], "north");
        assert_eq!(compass(Words::of(Lang::Zh), Some(22.5)), "北东北 22°");
    }

    #[test]
    fn nothing_falls_by_nothing() {
        let told = [-0.004, 0.004, -0.006, 0.25, -12.0].map(|value| signed(value, 2));
        assert_eq!(told, ["+0.00", "+0.00", "-0.01", "+0.25", "-12.00"]);
        assert_eq!(signed(f64::NAN, 1), "NaN");
    }

    #[test]
    fn another_day_is_named() {
        let now: Timestamp = "2026-05-02T00:10:00+08:00".parse().unwrap();
        assert_eq!(time_of(now.plus(-MINUTE), now, 480), "00:09:00");
        assert_eq!(time_of(now.plus(-HOUR), now, 480), "2026-05-01 23:10");
    }
}
