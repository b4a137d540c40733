//! A cell of a table, and the values that may stand in it: text stored as numbers, numbers and
//! dates stored as text. Never shows a value in an error.

use jiff::civil::{Date, DateTime};

use crate::base;

/// What stands in a cell.
#[derive(Clone, PartialEq)]
pub(super) enum Cell {
    Empty,
    Text(String),
    Number(f64),
    Bool(bool),
    /// A date with its time.
    Time(DateTime),
}

/// From this on, a number does not hold every digit that was typed.
const EXACT_MAX: f64 = 9_007_199_254_740_992.0;
/// Days that spreadsheets count between the years 1900 and 2150.
const SERIAL_DAYS: std::ops::RangeInclusive<f64> = 1.0..=91_312.0;

/// Why a value cannot be taken. It never carries the value.
pub(super) type Fault = &'static str;

impl Cell {
    /// A cell of a table of text.
    pub(super) fn of_text(text: &str) -> Self {
        // Spreadsheets and systems write text that looks like a number as ="0123" or '0123.
        let text = text.trim_matches(|one: char| one.is_whitespace() || one == '\u{FEFF}');
        let plain;
        let text = match text.contains(is_odd_blank) {
            true => {
                plain = text.replace(is_odd_blank, " ");
                plain.as_str()
            }
            false => text,
        };
        // A break within a cell is the same, whatever ends the lines of the table.
        let joined;
        let text = match text.contains("\r\n") {
            true => {
                joined = text.replace("\r\n", "\n");
                joined.as_str()
            }
            false => text,
        };
        let unwrapped = text
            .strip_prefix("=\"")
            .and_then(|text| text.strip_suffix('"'));
        let text = unwrapped.unwrap_or(text).trim_start_matches('\'').trim();
        match text {
            "" | "-" | "--" | "/" | "NULL" | "null" | "(null)" | "无数据" | "#N/A" | "#REF!"
            | "#VALUE!" | "#NAME?" | "#NUM!" | "#DIV/0!" => Self::Empty,
            // As programs write what is not there.
            "nan" | "NaN" | "NaT" | "None" | "<NA>" | "undefined" => Self::Empty,
            text => Self::Text(text.to_owned()),
        }
    }

    /// The value as text.
    ///
    /// # Errors
    /// Of a number that lost digits when it was stored.
    pub(super) fn text(&self) -> Result<Option<String>, Fault> {
        Ok(match self {
            Self::Empty => None,
            Self::Text(text) if text.chars().any(is_hidden) => {
                return Err(
                    "it holds signs that cannot be seen (control characters, signs without width): \
                     counts as not given; type it anew",
                );
            }
            Self::Text(text) => Some(text.clone()),
            Self::Number(number) if number.abs() >= EXACT_MAX => {
                return Err("it was stored as a number and lost its last digits: store it as text");
            }
            Self::Number(number) => Some(number.to_string()),
            Self::Bool(truth) => Some(if *truth { "是" } else { "否" }.to_owned()),
            Self::Time(time) if time.time() == jiff::civil::Time::midnight() => {
                Some(time.date().to_string())
            }
            Self::Time(time) => Some(time.to_string().replace('T', " ")),
        })
    }

    /// The value as a number.
    ///
    /// # Errors
    /// When it is something else.
    pub(super) fn number(&self) -> Result<Option<f64>, Fault> {
        const FAULT: Fault = "it is no number";
        match self {
            Self::Empty => Ok(None),
            Self::Number(number) => Ok(Some(*number)),
            Self::Text(text) => {
                let plain = half_width(text);
                let plain = plain.trim_end_matches(|one: char| !one.is_ascii_digit() && one != '.');
                let number = plain.trim().replace(',', "").parse::<f64>().ok();
                number
                    .filter(|number| number.is_finite())
                    .map(Some)
                    .ok_or(FAULT)
            }
            Self::Bool(_) | Self::Time(_) => Err(FAULT),
        }
    }

    /// The value as a day.
    ///
    /// # Errors
    /// When it is something else, or no day of the calendar.
    pub(super) fn date(&self) -> Result<Option<Date>, Fault> {
        Ok(self.time()?.map(|time| time.date()))
    }

    /// The value as a date with time; midnight where no time is told.
    ///
    /// # Errors
    /// When it is something else.
    pub(super) fn time(&self) -> Result<Option<DateTime>, Fault> {
        const FAULT: Fault = "it is no date";
        match self {
            Self::Empty => Ok(None),
            Self::Time(time) => Ok(Some(*time)),
            Self::Number(number) if number.fract() == 0.0 && *number >= 10_000_000.0 => {
                time_of(&number.to_string()).map(Some).ok_or(FAULT)
            }
            // Someone typed a year or an age, which a spreadsheet would show as a day long ago.
            Self::Number(number) if is_year_or_age(*number) => {
                Err("it is a number that may be a year or an age, and no date")
            }
            Self::Number(serial) => serial_time(*serial).map(Some).ok_or(FAULT),
            Self::Text(text) => time_of(text).map(Some).ok_or(FAULT),
            Self::Bool(_) => Err(FAULT),
        }
    }
}

/// A blank that is not an ordinary one: tabs, no-break spaces, separators. Line breaks are told apart
/// by the field.
fn is_odd_blank(one: char) -> bool {
    let is_break = matches!(one, '\n' | '\r');
    one.is_whitespace()
        && !is_break
        && (one.is_control() || "\u{a0}\u{2007}\u{202f}\u{2028}\u{2029}".contains(one))
}

/// A sign that cannot be seen and is no line break.
fn is_hidden(one: char) -> bool {
    base::is_unseen(one) && !matches!(one, '\n' | '\r')
}

/// Whether a number is a year of this or the last century, or as small as an age.
fn is_year_or_age(number: f64) -> bool {
    number < 130.0 || number.fract() == 0.0 && (1900.0..2100.0).contains(&number)
}

/// A date as spreadsheets count it: days from 1899-12-30.
fn serial_time(serial: f64) -> Option<DateTime> {
    if !SERIAL_DAYS.contains(&serial) {
        return None;
    }
    let day =
        Date::constant(1899, 12, 30).checked_add(jiff::Span::new().days(serial.trunc() as i64));
    let seconds = (serial.fract() * 86_400.0).round() as i64;
    let midnight = day.ok()?.to_datetime(jiff::civil::Time::midnight());
    midnight
        .checked_add(jiff::Span::new().seconds(seconds))
        .ok()
}

/// 1949-12-31, 1949/12/31, 1949.12.31, 1949年12月31日, 19491231, each with or without 08:30[:00].
fn time_of(text: &str) -> Option<DateTime> {
    let text = half_width(text);
    let mut numbers = Vec::new();
    let mut digits = String::new();
    for one in text.chars().chain([' ']) {
        if one.is_ascii_digit() {
            digits.push(one);
        } else {
            let known = one.is_whitespace() || "-/.年月日时分秒:T".contains(one);
            if !known {
                return None;
            }
            if !digits.is_empty() {
                numbers.push(std::mem::take(&mut digits));
            }
        }
    }
    let joined = numbers.first().filter(|first| first.len() == 8).cloned();
    if let Some(joined) = joined {
        let (year, rest) = joined.split_at(4);
        let (month, day) = rest.split_at(2);
        numbers.splice(..1, [year, month, day].map(str::to_owned));
    }
    let part = |at: usize| {
        numbers
            .get(at)
            .map_or(Some(0), |text| text.parse::<i16>().ok())
    };
    if numbers.len() < 3 || numbers.len() > 6 || numbers.first()?.len() != 4 {
        return None;
    }
    let small = |at: usize| part(at).and_then(|value| i8::try_from(value).ok());
    DateTime::new(
        part(0)?,
        small(1)?,
        small(2)?,
        small(3)?,
        small(4)?,
        small(5)?,
        0,
    )
    .ok()
}

/// A text with full-width characters made half-width.
pub(super) fn half_width(text: &str) -> String {
    text.chars().map(base::half_width).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_all_their_forms() {
        let text = |text: &str| {
            Cell::of_text(text)
                .date()
                .map(|date| date.map(|date| date.to_string()))
        };
        for form in [
            "1949-12-31",
            "1949/12/31",
            "1949.12.31",
            "1949年12月31日",
            "19491231",
            "１９４９－１２－３１",
            "1949-12-31 08:30",
            "1949-12-31T08:30:00",
        ] {
            assert_eq!(text(form), Ok(Some("1949-12-31".to_owned())), "{form}");
        }
        for wrong in ["1949-13-31", "soon", "31.12.1949", "1949", "1949-12-31 x"] {
            assert!(text(wrong).is_err(), "{wrong}");
        }
        assert_eq!(text(" "), Ok(None));
        assert_eq!(
            Cell::Number(18_264.0).date(),
            Ok(Some(Date::constant(1950, 1, 1)))
        );
        assert_eq!(
            Cell::Number(19_491_231.0).date(),
            Ok(Some(Date::constant(1949, 12, 31)))
        );
        assert!(Cell::Number(0.5).date().is_err() && Cell::Number(f64::NAN).date().is_err());
    }

    #[test]
    fn numbers_as_text_and_text_as_numbers() {
        assert_eq!(Cell::of_text("１２.5米").number(), Ok(Some(12.5)));
        assert_eq!(Cell::of_text("1,250").number(), Ok(Some(1250.0)));
        assert!(Cell::of_text("tall").number().is_err());
        assert_eq!(Cell::Number(301.0).text(), Ok(Some("301".to_owned())));
        assert!(Cell::Number(1.2e17).text().is_err());
        assert_eq!(
            Cell::of_text("=\"0123\"").text(),
            Ok(Some("0123".to_owned()))
        );
        assert_eq!(Cell::of_text("'0123").text(), Ok(Some("0123".to_owned())));
    }

    #[test]
    fn blanks_are_blanks_and_other_unseen_signs_are_faults() {
        let text = |text: &str| Cell::of_text(text).text();
        assert_eq!(text(" 王\t小\u{a0}明\r"), Ok(Some("王 小 明".to_owned())));
        assert_eq!(text("a\r\nb"), Ok(Some("a\nb".to_owned())));
        for hidden in [
            "王\u{0}",
            "王\u{1b}[31m小明",
            "王\u{200b}小",
            "王\u{202e}小",
        ] {
            assert!(text(hidden).is_err(), "{hidden:?}");
        }
    }
}
