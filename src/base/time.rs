//! Points in time as milliseconds since 1970 UTC, read and written as RFC 3339.
//! The city's offset from UTC is an argument: this floor knows no clock and no time zone table.

use std::{fmt, ops::Sub, str::FromStr};

use serde::{Deserialize, Serialize};

/// A length of time in milliseconds.
pub type Millis = i64;

/// Why a text is not a point in time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a time reads like 2026-05-01T08:00:00+08:00, not {0:?}")]
pub struct TimeError(String);

/// A point in time, in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From milliseconds since 1970 UTC.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970 UTC.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// This point moved by `millis`.
    #[must_use]
    pub const fn plus(self, millis: Millis) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// Milliseconds since local midnight at this offset from UTC.
    #[must_use]
    pub fn millis_of_day(self, offset_minutes: i32) -> i64 {
        const DAY_MS: i64 = 86_400_000;
        // Of the day first: a time out of a damaged message may lie at the end of its range.
        (self.0.rem_euclid(DAY_MS) + i64::from(offset_minutes) * 60_000).rem_euclid(DAY_MS)
    }

    /// Formats in local time, with `strftime` directives such as `%Y-%m-%d %H:%M:%S`.
    /// A point outside the years −9999 to 9999 gives a dash.
    #[must_use]
    pub fn local(self, offset_minutes: i32, format: &str) -> String {
        let offset = jiff::tz::Offset::from_seconds(offset_minutes.saturating_mul(60));
        let (Ok(point), Ok(offset)) = (jiff::Timestamp::from_millisecond(self.0), offset) else {
            return "–".to_owned();
        };
        jiff::fmt::strtime::format(format, &point.to_zoned(offset.to_time_zone()))
            .unwrap_or_else(|_| "–".to_owned())
    }
}

impl Sub for Timestamp {
    type Output = Millis;
    fn sub(self, earlier: Self) -> Millis {
        self.0.saturating_sub(earlier.0)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(point) => write!(f, "{point}"),
            Err(_) => write!(f, "{} ms", self.0),
        }
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Timestamp {
    type Err = TimeError;
    fn from_str(text: &str) -> Result<Self, TimeError> {
        let wrong = || TimeError(text.to_owned());
        // RFC 3339 writes years in four digits; far from ours the parser trips over a sign.
        if text.trim_start().starts_with(['-', '+']) {
            return Err(wrong());
        }
        let point: jiff::Timestamp = text.parse().map_err(|_| wrong())?;
        let millis = point.as_millisecond();
        // The last fraction of a second of the year 9999 can be read and not be written.
        jiff::Timestamp::from_millisecond(millis).map_err(|_| wrong())?;
        Ok(Self(millis))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_i64(self.0)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        i64::deserialize(from).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_local_time() {
        let at: Timestamp = "2026-05-01T08:30:00+08:00".parse().unwrap();
        assert_eq!(at.to_string(), "2026-05-01T00:30:00Z");
        assert_eq!(at.local(480, "%Y-%m-%d %H:%M"), "2026-05-01 08:30");
        assert_eq!(at.millis_of_day(480), (8 * 60 + 30) * 60_000);
        assert!(
            "yesterday"
                .parse::<Timestamp>()
                .unwrap_err()
                .to_string()
                .contains("yesterday")
        );
    }

    #[test]
    fn what_could_not_be_written_is_not_read() {
        let last: Timestamp = "9999-12-30T22:00:00Z".parse().unwrap();
        assert_eq!(last.to_string().parse(), Ok(last));
        assert!("9999-12-30T22:00:00.95Z".parse::<Timestamp>().is_err());
        assert!("-009999-01-02T01:59:58.14Z".parse::<Timestamp>().is_err());
    }

    #[test]
    fn absurd_times_neither_panic_nor_lie() {
        assert_eq!(Timestamp::from_millis(i64::MAX).local(480, "%Y"), "–");
        assert_eq!(Timestamp::from_millis(i64::MAX).plus(5).millis(), i64::MAX);
        assert_eq!(
            Timestamp::from_millis(i64::MAX).millis_of_day(0),
            i64::MAX % 86_400_000
        );
        assert_eq!(
            Timestamp::from_millis(i64::MIN).millis_of_day(0),
            i64::MIN.rem_euclid(86_400_000)
        );
    }
}
