//! The day on which somebody was born, as registers write it: whole, as a month, as a year, or as something
//! else that a spreadsheet would take for a day. Used by [`super::person_row`] and [`super::probe`]. A month
//! stands for its first day and a year for its own, so that an age is never too low, and by less than a
//! month or a year too high. Never guesses a day out of an age.

use jiff::civil::Date;

use super::cell::{Cell, Fault, half_width};
use super::field::Field;
use super::record::Record;

/// Nobody is older, years.
const OLDEST: i16 = 120;
/// The first year of birth that is one by itself.
const FIRST_YEAR: i16 = 1900;
/// Below this a number is an age.
const AGES: f64 = 130.0;

const IS_AGE: Fault =
    "it is an age and no day of birth: counts as not given; write the day or the year of birth";
const IS_NONE: Fault = "it is no date";
const TOO_OLD: Fault = "the day of birth is more than 120 years ago (a year or an age that a spreadsheet took \
     for a date looks so): counts as not given";
const TO_COME: Fault = "the day is yet to come: counts as not given";
const NO_MONTH: Fault = "of 1950.1 nobody can tell whether it is January or October, for spreadsheets leave out \
     the last 0: counts as not given; write 1950-01 or 1950-10";
/// What is said of a month and of a year.
const MONTH_ALONE: Fault = "it tells the month of birth and no day: taken as the first day of the month, and as \
     the day that the identity number tells where that lies in it; an age is right but for that month";
const YEAR_ALONE: Fault = "it tells the year of birth and no day: taken as the first day of the year, and as the \
     day that the identity number tells where that lies in it; an age may be one year too high";

/// How much of a day of birth is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Born {
    On(Date),
    /// The first day of the month.
    InMonth(Date),
    /// The first day of the year.
    InYear(Date),
}

impl Born {
    fn first_day(self) -> Date {
        let (Self::On(date) | Self::InMonth(date) | Self::InYear(date)) = self;
        date
    }

    /// Whether a day may be the one that is meant.
    pub(super) fn may_be(self, day: Date) -> bool {
        match self {
            Self::On(date) => date == day,
            Self::InMonth(date) => (date.year(), date.month()) == (day.year(), day.month()),
            Self::InYear(date) => date.year() == day.year(),
        }
    }

    /// The day that stands in the record; `identity` is the one that an identity number tells.
    pub(super) fn day(self, identity: Option<Date>) -> Date {
        let own = identity.filter(|day| self.may_be(*day));
        own.unwrap_or(self.first_day())
    }
}

/// When somebody was born, as their row tells; `today` is `YYYY-MM-DD`.
pub(super) fn birth_of(record: &Record, today: &str) -> Option<Born> {
    let born = record.of_cell(Field::BirthDate, read)?;
    let day = born.first_day();
    if day.to_string().as_str() > today {
        record.fault(Field::BirthDate, TO_COME);
        return None;
    }
    let is_too_old = today.parse::<Date>().ok().is_some_and(|today| {
        let years = jiff::Span::new().years(i64::from(OLDEST));
        today.checked_sub(years).is_ok_and(|first| day < first)
    });
    if is_too_old {
        record.fault(Field::BirthDate, TOO_OLD);
        return None;
    }
    match born {
        Born::On(_) => {}
        Born::InMonth(_) => record.fault(Field::BirthDate, MONTH_ALONE),
        Born::InYear(_) => record.fault(Field::BirthDate, YEAR_ALONE),
    }
    Some(born)
}

fn read(cell: &Cell) -> Result<Option<Born>, Fault> {
    match cell {
        Cell::Number(number) if *number < AGES => Err(IS_AGE),
        Cell::Number(number) => {
            let text = number.to_string();
            match part_of(&text)? {
                Some(born) => Ok(Some(born)),
                None => whole(cell),
            }
        }
        Cell::Text(text) => {
            let plain: String = half_width(text).split_whitespace().collect();
            let bare = plain.trim_end_matches(['岁', '周']);
            if bare.parse::<f64>().is_ok_and(|age| age < AGES) {
                return Err(IS_AGE);
            }
            match part_of(&plain)? {
                Some(born) => Ok(Some(born)),
                None => whole(cell),
            }
        }
        _ => whole(cell),
    }
}

fn whole(cell: &Cell) -> Result<Option<Born>, Fault> {
    let date = cell.date().map_err(|_| IS_NONE)?;
    Ok(date.map(Born::On))
}

/// A month or a year: 1958年3月, 1950.05, 1980-02, 195803, 1985, 1985年; `None` of what is neither.
fn part_of(text: &str) -> Result<Option<Born>, Fault> {
    let is_joint = |one: char| "-/.年月".contains(one);
    if !text
        .chars()
        .all(|one| one.is_ascii_digit() || is_joint(one))
    {
        return Ok(None);
    }
    let parts: Vec<&str> = text
        .split(is_joint)
        .filter(|part| !part.is_empty())
        .collect();
    let (year, month) = match parts.as_slice() {
        [all] if all.len() == 4 => (*all, None),
        [all] if all.len() == 6 => (&all[..4], Some(&all[4..])),
        [year, month] if year.len() == 4 && month.len() <= 2 => (*year, Some(*month)),
        _ => return Ok(None),
    };
    if month == Some("1") && text.contains('.') {
        return Err(NO_MONTH);
    }
    let year = year.parse::<i16>().ok().filter(|year| *year >= FIRST_YEAR);
    let number = month.map_or(Some(1), |month| month.parse::<i8>().ok());
    let date = year.zip(number);
    let date = date.and_then(|(year, month)| Date::new(year, month, 1).ok());
    let made = |date| match month {
        Some(_) => Born::InMonth(date),
        None => Born::InYear(date),
    };
    date.map(made).map(Some).ok_or(IS_NONE)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn text(text: &str) -> Result<Option<Born>, Fault> {
        read(&Cell::of_text(text))
    }

    #[test]
    fn months_and_years_are_what_they_are() {
        for (told, first) in [
            ("1958年3月", "1958-03-01"),
            ("1950.05", "1950-05-01"),
            ("1950.10", "1950-10-01"),
            ("1980-02", "1980-02-01"),
            ("1980/2", "1980-02-01"),
            ("195803", "1958-03-01"),
            ("１９５８年３月", "1958-03-01"),
        ] {
            assert_eq!(text(told), Ok(Some(Born::InMonth(day(first)))), "{told}");
        }
        for told in ["1985", "1985年"] {
            assert_eq!(text(told), Ok(Some(Born::InYear(day("1985-01-01")))));
        }
        let number = |number: f64| read(&Cell::Number(number));
        assert_eq!(number(1985.0), Ok(Some(Born::InYear(day("1985-01-01")))));
        assert_eq!(
            number(195_803.0),
            Ok(Some(Born::InMonth(day("1958-03-01"))))
        );
        assert_eq!(number(1950.05), Ok(Some(Born::InMonth(day("1950-05-01")))));
        assert_eq!(number(18_264.0), Ok(Some(Born::On(day("1950-01-01")))));
        assert_eq!(text("1949-12-31"), Ok(Some(Born::On(day("1949-12-31")))));
        assert_eq!(text(""), Ok(None));
    }

    #[test]
    fn ages_and_what_nobody_can_tell_are_none() {
        assert_eq!(read(&Cell::Number(35.0)), Err(IS_AGE));
        assert_eq!(text("35"), Err(IS_AGE));
        assert_eq!(text("35岁"), Err(IS_AGE));
        assert_eq!(text("1950.1"), Err(NO_MONTH));
        assert_eq!(read(&Cell::Number(1950.1)), Err(NO_MONTH));
        for told in ["195813", "1899", "soon", "1950-13"] {
            assert_eq!(text(told), Err(IS_NONE), "{told}");
        }
    }

    #[test]
    fn the_day_of_an_identity_number_within_the_month_is_the_day() {
        let march = Born::InMonth(day("1958-03-01"));
        assert_eq!(march.day(Some(day("1958-03-15"))), day("1958-03-15"));
        assert_eq!(march.day(Some(day("1958-04-15"))), day("1958-03-01"));
        assert_eq!(march.day(None), day("1958-03-01"));
        assert!(Born::InYear(day("1985-01-01")).may_be(day("1985-12-31")));
    }

    proptest! {
        #[test]
        fn any_cell_is_read_without_fear(told in "\\PC*|[0-9年月./ -]*", number: f64) {
            let _ = (text(&told), read(&Cell::Number(number)));
        }
    }
}
