//! A moment as tables write it: ISO 8601 with or without offset, with a blank, slashes, dots or
//! Chinese signs, a month or a year alone, and numbers of seconds. Pure; used by `series` alone. Never
//! takes a date that does not exist, and never guesses which of day and month comes first.

/// Milliseconds of a minute and of a day.
pub(super) const MINUTE_MS: i64 = 60_000;
pub(super) const DAY_MS: i64 = 86_400_000;
/// Years that a measurement can be of.
const YEARS: std::ops::RangeInclusive<i64> = 1800..=2200;
/// Offsets from UTC lie within this, minutes.
const OFFSET_MOST: i64 = 14 * 60;

/// A moment as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    /// Milliseconds since 1970 by the clock it was written by.
    pub clock_ms: i64,
    /// That clock's offset from UTC, where it is written, minutes.
    pub offset_minutes: Option<i32>,
    /// Whether there was a time of day.
    pub has_time: bool,
}

/// Milliseconds since 1970 of midnight on a date of the calendar; `None` for one that does not exist.
pub(super) fn midnight_ms(year: i64, month: i64, day: i64) -> Option<i64> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let most = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !YEARS.contains(&year) || !(1..=most).contains(&day) {
        return None;
    }
    // Years that begin in March have their odd day at the end (Hinnant, days from civil).
    let (year, month) = match month {
        1 | 2 => (year - 1, month + 9),
        _ => (year, month - 3),
    };
    let of_era = year.rem_euclid(400);
    let of_year = (153 * month + 2) / 5 + day - 1;
    let days = year.div_euclid(400) * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    Some((days - 719_468) * DAY_MS)
}

/// Milliseconds of a time of day; midnight at the end of a day is 24:00.
pub(super) fn of_day_ms(hour: i64, minute: i64, second_ms: i64) -> Option<i64> {
    let is_end = hour == 24 && minute == 0 && second_ms == 0;
    let fits = (0..24).contains(&hour) || is_end;
    // A second is 60 where one was put in.
    let fits = fits && (0..60).contains(&minute) && (0..61_000).contains(&second_ms);
    fits.then_some((hour * 60 + minute) * MINUTE_MS + second_ms)
}

/// Reads a date with or without a time of day: `2024-05-01T08:00:00+08:00`, `2024/5/1 8:00`,
/// `2024年5月1日 8时30分`, `2024-05`.
pub(super) fn date(text: &str) -> Option<Moment> {
    let mut rest = Rest(text.trim());
    let year = rest.number(4, 4)?;
    let apart = rest.one_of(&['-', '/', '.', '年'])?;
    let month = rest.number(1, 2)?;
    let day = match rest.one_of(&[apart, '月']) {
        Some(_) if !rest.is_at_end() => {
            let day = rest.number(1, 2)?;
            rest.one_of(&['日', '号']);
            day
        }
        // A month alone ends with its number, or with its sign.
        Some('月') | None if apart != '.' => 1,
        _ => return None,
    };
    let midnight = midnight_ms(year, month, day)?;
    let mut moment = Moment {
        clock_ms: midnight,
        offset_minutes: None,
        has_time: false,
    };
    if rest.is_at_end() {
        return Some(moment);
    }
    if rest.one_of(&['T', 't', ' ', '\u{3000}', '_']).is_none() && !rest.begins_with_digit() {
        return None;
    }
    rest.0 = rest.0.trim_start();
    moment.clock_ms += rest.time_of_day()?;
    moment.has_time = true;
    moment.offset_minutes = rest.offset()?;
    rest.is_at_end().then_some(moment)
}

/// Reads a time of day alone, to milliseconds since midnight.
pub(super) fn time_of_day(text: &str) -> Option<i64> {
    let mut rest = Rest(text.trim());
    let time = rest.time_of_day()?;
    rest.is_at_end().then_some(time)
}

/// Reads digits alone: `20240501`, `202405010830`, `20240501083000`.
pub(super) fn compact(text: &str) -> Option<Moment> {
    let text = text.trim();
    if !text.bytes().all(|byte| byte.is_ascii_digit()) || ![8, 12, 14].contains(&text.len()) {
        return None;
    }
    let part = |from: usize, to: usize| text.get(from..to).and_then(|part| part.parse().ok());
    let second_ms = part(12, 14).map_or(0, |second: i64| second * 1_000);
    let of_day = of_day_ms(
        part(8, 10).unwrap_or(0),
        part(10, 12).unwrap_or(0),
        second_ms,
    )?;
    Some(Moment {
        clock_ms: midnight_ms(part(0, 4)?, part(4, 6)?, part(6, 8)?)? + of_day,
        offset_minutes: None,
        has_time: text.len() > 8,
    })
}

/// Reads seconds or milliseconds since 1970, from 2000 to 2100.
pub(super) fn epoch(text: &str) -> Option<Moment> {
    const SECONDS: std::ops::Range<f64> = 946_684_800.0..4_102_444_800.0;
    let number: f64 = text.trim().parse().ok()?;
    let clock_ms = if SECONDS.contains(&number) {
        number * 1_000.0
    } else if SECONDS.contains(&(number / 1_000.0)) {
        number
    } else {
        return None;
    };
    Some(Moment {
        clock_ms: clock_ms as i64,
        offset_minutes: Some(0),
        has_time: true,
    })
}

/// Reads a year alone, as its first day.
pub(super) fn year(text: &str) -> Option<Moment> {
    let text = text.trim().trim_end_matches('年');
    let year = (text.len() == 4).then(|| text.parse().ok()).flatten()?;
    Some(Moment {
        clock_ms: midnight_ms(year, 1, 1)?,
        offset_minutes: None,
        has_time: false,
    })
}

/// What of a text has not been read.
struct Rest<'a>(&'a str);

impl Rest<'_> {
    fn is_at_end(&self) -> bool {
        self.0.trim().is_empty()
    }

    fn begins_with_digit(&self) -> bool {
        self.0.starts_with(|letter: char| letter.is_ascii_digit())
    }

    fn number(&mut self, least: usize, most: usize) -> Option<i64> {
        let digits = self
            .0
            .bytes()
            .take(most)
            .take_while(u8::is_ascii_digit)
            .count();
        let (number, rest) = self.0.split_at_checked(digits)?;
        self.0 = rest;
        (digits >= least).then(|| number.parse().ok()).flatten()
    }

    fn one_of(&mut self, signs: &[char]) -> Option<char> {
        let sign = self.0.chars().next().filter(|sign| signs.contains(sign))?;
        self.0 = &self.0[sign.len_utf8()..];
        Some(sign)
    }

    fn time_of_day(&mut self) -> Option<i64> {
        let hour = self.number(1, 2)?;
        let sign = self.one_of(&[':', '时', '点'])?;
        let mut minute = 0;
        if sign == ':' || self.begins_with_digit() {
            minute = self.number(1, 2)?;
        }
        let mut second_ms = 0;
        if self.one_of(&[':', '分']).is_some() && self.begins_with_digit() {
            second_ms = self.number(1, 2)? * 1_000;
            if self.one_of(&['.', ',']).is_some() {
                let digits = self.0.bytes().take_while(u8::is_ascii_digit).count();
                let (fraction, rest) = self.0.split_at_checked(digits)?;
                self.0 = rest;
                let thousandths = format!("{fraction:0<3}");
                second_ms += thousandths.get(..3)?.parse::<i64>().ok()?;
            }
            self.one_of(&['秒']);
        }
        of_day_ms(hour, minute, second_ms)
    }

    /// The offset behind a time of day, minutes; `Some(None)` where there is none.
    fn offset(&mut self) -> Option<Option<i32>> {
        self.0 = self.0.trim();
        if self.is_at_end() {
            return Some(None);
        }
        if self.one_of(&['Z', 'z']).is_some() {
            return Some(Some(0));
        }
        let sign = match self.one_of(&['+', '-', '−'])? {
            '+' => 1,
            _ => -1,
        };
        let hours = self.number(2, 2)?;
        self.one_of(&[':']);
        let minutes = match self.is_at_end() {
            true => 0,
            false => self.number(2, 2)?,
        };
        let offset = hours * 60 + minutes;
        (offset <= OFFSET_MOST && minutes < 60).then(|| i32::try_from(sign * offset).ok())
    }
}
