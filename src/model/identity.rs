//! Identity numbers of GB 11643: one form for all ways to write them, and what they tell.
//!
//! Used by the faults of records, by merging and by the import of registries. A number never shows in `Debug` or an error.

use std::fmt;

use jiff::civil::Date;

use crate::base::half_width;

/// An identity number in its form of 18 characters, or as it came where it is none.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdentityNo(String);

impl fmt::Debug for IdentityNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("‹identity number›")
    }
}

/// What is wrong with an identity number. It carries nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityFault {
    /// Neither 15 digits nor 17 digits with a check character.
    Form,
    /// It holds no day of the calendar.
    BirthDate,
    /// The check character does not fit.
    CheckCharacter,
}

/// Which sex an identity number tells: odd sequence numbers for men, even ones for women.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// Odd.
    Male,
    /// Even.
    Female,
}

/// Digits of the number of the second generation without its check character.
const BODY: usize = 17;
/// Digits of the first generation, before 1999: without century and check character.
const OLD: usize = 15;
/// Signs of the number of a passport or permit, and the fewest digits among them.
const FOREIGN: std::ops::RangeInclusive<usize> = 7..=15;
const FOREIGN_DIGITS: usize = 5;

impl IdentityNo {
    /// The one form of a number: half-width, capital X, no spaces or dashes, 15 digits made to 18
    /// as GB 11643 has it. `None` of a text with nothing in it. What has no right form is kept as
    /// it is, so that equal faulty numbers are still equal; [`IdentityNo::fault`] tells.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let plain = |one: char| match half_width(one) {
            // The letter is also written as a sign of multiplication or in another alphabet.
            '×' | 'Х' | 'х' | 'Χ' | 'χ' => 'X',
            one => one,
        };
        // Spreadsheets keep numbers as text behind an apostrophe.
        let is_filler = |one: char| {
            one.is_whitespace()
                || one.is_control()
                || matches!(one, '-' | '\'' | '\u{FEFF}' | '\u{200B}')
        };
        let mut number: String = text
            .chars()
            .map(plain)
            .filter(|one| !is_filler(*one))
            .map(|one| one.to_ascii_uppercase())
            .collect();
        if number.len() == OLD && number.bytes().all(|one| one.is_ascii_digit()) {
            number.insert_str(6, "19");
            number.extend(check_character(&number));
        }
        (!number.is_empty()).then_some(Self(number))
    }

    /// The number, for sealing and for a keyed hash.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is wrong with it.
    #[must_use]
    pub fn fault(&self) -> Option<IdentityFault> {
        let Some((body, check)) = self.parts().filter(|(body, _)| !is_filled(body)) else {
            return Some(IdentityFault::Form);
        };
        if self.birth_date().is_none() {
            return Some(IdentityFault::BirthDate);
        }
        (check_character(body) != Some(check)).then_some(IdentityFault::CheckCharacter)
    }

    /// Whether it tells one person from all others: a number without a fault, or that of a passport or
    /// permit. What registers write in its place (无, 0, 111…) and what a spreadsheet made of a number
    /// (3.2E+17) many people have.
    #[must_use]
    pub fn identifies(&self) -> bool {
        self.fault().is_none() || self.is_foreign()
    }

    /// Whether it is a number at all, be it with a slip of the pen, and nothing that stands in its place.
    #[must_use]
    pub fn is_number(&self) -> bool {
        self.is_foreign() || self.fault() != Some(IdentityFault::Form)
    }

    /// Whether it is the number of a passport or permit: letters first, and digits that are not all the
    /// same, and none that a register gave for the time being; what kind of paper it is may stand beside it in Chinese.
    #[must_use]
    pub fn is_foreign(&self) -> bool {
        let is_beside = |one: char| !one.is_ascii() || "()[]:".contains(one);
        let number = self.0.trim_matches(is_beside);
        let digits = || number.chars().filter(char::is_ascii_digit);
        !is_temporary(number)
            && number.chars().all(|one| one.is_ascii_alphanumeric())
            && number.starts_with(|one: char| one.is_ascii_alphabetic())
            && FOREIGN.contains(&number.len())
            && digits().count() >= FOREIGN_DIGITS
            && digits().any(|one| Some(one) != digits().next())
    }

    /// The date of birth that it holds, in any form it can be read in.
    #[must_use]
    pub fn birth_date(&self) -> Option<Date> {
        let (body, _) = self.parts()?;
        let part = |from, to| body.get(from..to)?.parse::<i16>().ok();
        let (year, month, day) = (part(6, 10)?, part(10, 12)?, part(12, 14)?);
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    }

    /// The sex that it tells.
    #[must_use]
    pub fn sex(&self) -> Option<Sex> {
        let (body, _) = self.parts()?;
        let last = body.chars().next_back()?.to_digit(10)?;
        Some(if last % 2 == 1 {
            Sex::Male
        } else {
            Sex::Female
        })
    }

    fn parts(&self) -> Option<(&str, char)> {
        let (body, check) = self.0.split_at_checked(BODY)?;
        let mut rest = check.chars();
        let check = rest
            .next()
            .filter(|one| one.is_ascii_digit() || *one == 'X')?;
        let right = rest.next().is_none() && body.bytes().all(|one| one.is_ascii_digit());
        right.then_some((body, check))
    }
}

/// Whether one digit stands in all places of a number, the century that a number of 15 digits was given
/// left aside: somebody filled the cell.
fn is_filled(body: &str) -> bool {
    let all_same = |mut digits: std::str::Chars| {
        let first = digits.next();
        digits.all(|one| Some(one) == first)
    };
    let old = body.get(6..8).filter(|century| *century == "19");
    let old = old.map(|_| [&body[..6], &body[8..]].concat());
    all_same(body.chars()) || old.is_some_and(|old| all_same(old.chars()))
}

/// Whether a number is one that a register gave for the time being: TEMP00001, LS2026001.
fn is_temporary(number: &str) -> bool {
    let is_counted = |rest: &str| {
        ["0", "19", "20"]
            .iter()
            .any(|front| rest.starts_with(front))
    };
    ["TEMP", "TMP", "LINSHI"]
        .iter()
        .any(|front| number.starts_with(front))
        || number.strip_prefix("LS").is_some_and(is_counted)
}

/// The check character over 17 digits (ISO 7064 MOD 11-2).
fn check_character(body: &str) -> Option<char> {
    let sum = body
        .chars()
        .try_fold(0, |sum, digit| Some((sum + digit.to_digit(10)?) * 2 % 11))?;
    "10X98765432".chars().nth(sum as usize)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, form: &str, fault: Option<IdentityFault>) {
        let number = IdentityNo::new(text).unwrap();
        assert_eq!((number.as_str(), number.fault()), (form, fault));
    }

    #[test]
    fn forms_and_faults() {
        // The published examples of GB 11643.
        let right = "11010519491231002X";
        check("11010519491231002x", right, None);
        check("１１０１０５１９４９１２３１００２Ｘ", right, None);
        check(" '110105 19491231-002X\t", right, None);
        check("110105491231002", right, None);
        check("440524188001010014", "440524188001010014", None);
        check(
            "110105194912310021",
            "110105194912310021",
            Some(IdentityFault::CheckCharacter),
        );
        check(
            "11010519491331002X",
            "11010519491331002X",
            Some(IdentityFault::BirthDate),
        );
        check(
            "1101051949123100",
            "1101051949123100",
            Some(IdentityFault::Form),
        );
        check("护照E1234", "护照E1234", Some(IdentityFault::Form));
        assert_eq!(IdentityNo::new(" - "), None);
    }

    #[test]
    fn only_what_can_be_one_persons_identifies() {
        let identifies = |text: &str| IdentityNo::new(text).is_some_and(|one| one.identifies());
        for text in [
            "11010519491231002X",
            "１１０１０５１９４９１２３１００２ｘ",
            "110105491231002",
            "E12345678",
            "护照E12345678",
            "EA1234567（护照）",
            "H0123456789",
            "KOR310000010101",
            "LS8123456",
        ] {
            assert!(identifies(text), "{text}");
        }
        for text in [
            "无",
            "不详",
            "暂无",
            "没有",
            "未上户",
            "0",
            "000000",
            "000000000000000",
            "000000000000000000",
            "111111111111111",
            "111111111111111111",
            "3.20508E+17",
            "320508E17",
            "TEMP00001",
            "temp-00001",
            "LS2026001",
            "ls00001",
            "护照",
            "护照E00000000",
            "X",
            "110105194912310021",
            "11010519491331002X",
            "1101051949123100",
            "12345678",
            "无证",
        ] {
            assert!(!identifies(text), "{text}");
        }
    }

    #[test]
    fn what_it_tells() {
        let number = IdentityNo::new("11010519491231002X").unwrap();
        assert_eq!(number.birth_date(), Some(Date::constant(1949, 12, 31)));
        assert_eq!(number.sex(), Some(Sex::Female));
        assert_eq!(format!("{number:?}"), "‹identity number›");
    }

    proptest! {
        #[test]
        fn any_text_is_a_number_or_none(text in "\\PC{0,30}") {
            if let Some(number) = IdentityNo::new(&text) {
                let _ = (number.fault(), number.birth_date(), number.sex());
                let again = IdentityNo::new(number.as_str());
                prop_assert_eq!(again, Some(number));
            }
        }
    }
}
