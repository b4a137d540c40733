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
        let Some((body, check)) = self.parts() else {
            return Some(IdentityFault::Form);
        };
        if self.birth_date().is_none() {
            return Some(IdentityFault::BirthDate);
        }
        (check_character(body) != Some(check)).then_some(IdentityFault::CheckCharacter)
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
