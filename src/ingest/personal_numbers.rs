//! Numbers of people in texts of foreign files and registers: mobile numbers and identity numbers, however
//! they are grouped. Used by `personal_attributes` and by `register::open_text`. Never decides what becomes
//! of a text; what it gives back of a number is its mask.

use crate::base::{Mask, Sealed, half_width, is_mobile};
use crate::model::identity::{IdentityFault, IdentityNo};

/// Signs of an identity number, and digits of one of before 1999.
const IDENTITY_SIGNS: [usize; 2] = [18, 15];
/// Years of birth that make a number with a wrong check character somebody's all the same: later dates
/// are those of codes.
const BIRTHS: std::ops::Range<i16> = 1900..2016;
/// The first two digits of provinces.
const PROVINCES: [&str; 34] = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41",
    "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71",
    "81", "82",
];

/// The digits of a text that is one mobile number and nothing else.
pub(super) fn as_mobile(text: &str) -> Option<String> {
    if !text
        .chars()
        .all(|one| one.is_ascii_digit() || "+- ".contains(one))
    {
        return None;
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let digits = match digits.strip_prefix("86").filter(|rest| is_mobile(rest)) {
        Some(rest) => rest.to_owned(),
        None => digits,
    };
    let groups: Vec<usize> = text
        .split(|one: char| !one.is_ascii_digit())
        .map(str::len)
        .filter(|length| *length > 0 && *length != 2)
        .collect();
    let is_written_so = matches!(groups.as_slice(), [11 | 13] | [3, 4, 4]);
    (is_mobile(&digits) && is_written_so).then_some(digits)
}

/// Runs of signs that are digits, blanks and dashes, with no letter or dot right beside them.
fn runs(text: &str, is_part: fn(char) -> bool) -> impl Iterator<Item = &str> {
    let mut rest = text;
    let mut before = None;
    std::iter::from_fn(move || {
        loop {
            let start = rest.find(is_part)?;
            before = rest[..start].chars().next_back().or(before);
            let run = &rest[start..];
            let end = run.find(|one: char| !is_part(one)).unwrap_or(run.len());
            let (run, behind) = run.split_at(end);
            let ties = |one: Option<char>| {
                one.is_some_and(|one| one.is_ascii_alphanumeric() || "_/.".contains(one))
            };
            let is_digit = |one: char| one.is_ascii_digit();
            let is_tied = run.starts_with(is_digit) && ties(before)
                || run.ends_with(is_digit) && ties(behind.chars().next());
            (rest, before) = (behind, run.chars().next_back());
            if !is_tied {
                return Some(run.trim_matches([' ', '-']));
            }
        }
    })
}

/// Mobile numbers in a text of half-width signs, as they stand there.
fn mobiles(text: &str) -> impl Iterator<Item = &str> {
    let is_part = |one: char| one.is_ascii_digit() || "+- ".contains(one);
    let numbers = runs(text, is_part).flat_map(|run| {
        let pieces = run.split(' ').chain(run.split('-'));
        [run]
            .into_iter()
            .chain(pieces.filter(move |one| *one != run))
    });
    numbers.filter(|run| as_mobile(run).is_some())
}

/// Whether a text of half-width signs holds a mobile number.
pub(super) fn holds_mobile(text: &str) -> bool {
    mobiles(text).next().is_some()
}

/// Whether a text is one telephone number of a landline with its area code, and nothing else.
pub(super) fn is_landline(text: &str) -> bool {
    let is_sign = |one: char| one.is_ascii_digit() || "+-() ".contains(one);
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let bare = digits.strip_prefix("86").map(|rest| format!("0{rest}"));
    let digits = bare.unwrap_or(digits);
    let has_signs = text.contains(['-', '(', ' ']);
    text.chars().all(is_sign)
        && has_signs
        && digits.starts_with('0')
        && (10..=12).contains(&digits.len())
}

/// Whether a text is an identity number without a fault.
pub(super) fn is_identity(text: &str) -> bool {
    let is_long = text.len() == IDENTITY_SIGNS[0];
    is_long && IdentityNo::new(text).is_some_and(|number| number.fault().is_none())
}

/// Whether a text is an identity number, be it one with a slip of the pen or of before 1999.
fn is_like_identity(text: &str) -> bool {
    if !IDENTITY_SIGNS.contains(&text.len()) || is_identity(text) {
        return is_identity(text);
    }
    let has_province = text
        .get(..2)
        .is_some_and(|front| PROVINCES.contains(&front));
    let Some(number) = IdentityNo::new(text).filter(|_| has_province) else {
        return false;
    };
    let is_born = number
        .birth_date()
        .is_some_and(|date| BIRTHS.contains(&date.year()));
    is_born && matches!(number.fault(), None | Some(IdentityFault::CheckCharacter))
}

/// Identity numbers in a text of half-width signs.
fn identities(text: &str) -> impl Iterator<Item = &str> {
    let is_part = |one: char| one.is_ascii_digit() || matches!(one, 'X' | 'x');
    let words = text.split(move |one: char| !is_part(one));
    words.filter(|word| is_like_identity(word))
}

/// Whether a text of half-width signs holds an identity number.
pub(super) fn holds_identity(text: &str) -> bool {
    identities(text).next().is_some()
}

/// A text with every mobile number and identity number in it as its mask; `None` of one without.
pub(super) fn masked_numbers(text: &str) -> Option<String> {
    let mut masked: String = text.chars().map(half_width).collect();
    let plain = masked.clone();
    let (identities, mobiles) = (identities(&plain), mobiles(&plain));
    let numbers = identities.map(|one| (one, Mask::Identity));
    let numbers: Vec<_> = numbers
        .chain(mobiles.map(|one| (one, Mask::Phone)))
        .collect();
    for (number, mask) in &numbers {
        masked = masked.replace(number, &Sealed::new(*number).masked(*mask));
    }
    (!numbers.is_empty()).then_some(masked)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn mobile_numbers_are_known_and_other_numbers_are_none() {
        for text in [
            "户主李德13812345678",
            "联系 138-1234-5678",
            "+86 13812345678 (home)",
            "13812345678、13912345678",
            "ask 138 1234 5678",
            "便民店13812345678-1",
            "20260401-13812345678",
        ] {
            assert!(holds_mobile(text), "{text}");
        }
        for text in [
            "BLD15012345678",
            "2013-04-05 12:30",
            "https://example.invalid/13812345678.jpg",
            "1998-05-01 123",
            "320508001013200000",
            "way/13812345678",
        ] {
            assert!(!holds_mobile(text), "{text}");
        }
        assert_eq!(
            as_mobile("+86-138-1234-5678").as_deref(),
            Some("13812345678")
        );
        assert_eq!(as_mobile("0512-65223344"), None);
        assert!(is_landline("0512-65223344") && is_landline("(0512) 6522 3344"));
        assert!(!is_landline("051265223344") && !is_landline("2026-04-01 12"));
    }

    #[test]
    fn identity_numbers_are_known_and_codes_are_none() {
        for text in [
            "11010519491231002X",
            "证11010519491231002x补办",
            // With a slip of the pen, and of before 1999.
            "110105194912310021",
            "110105491231002",
        ] {
            assert!(holds_identity(text), "{text}");
        }
        for text in [
            "320508202604010001",
            "32050801001320000001",
            "861234567890123",
            "913205086600000000",
            "110105194913310021",
            "",
        ] {
            assert!(!holds_identity(text), "{text}");
        }
    }

    #[test]
    fn numbers_in_a_text_are_masked_and_the_rest_stays() {
        let masked = |text: &str| masked_numbers(text);
        assert_eq!(masked("13812345678"), Some("138****5678".into()));
        assert_eq!(
            masked("李德记 138-1234-5678").as_deref(),
            Some("李德记 138******5678")
        );
        assert_eq!(
            masked("11010519491231002X").as_deref(),
            Some("110***********002X")
        );
        assert_eq!(masked("65223344 平江路12号"), None);
    }

    proptest! {
        #[test]
        fn any_text_is_looked_at_without_fear(text in "\\PC*|[0-9+ xX.-]*") {
            let _ = (as_mobile(&text), is_identity(&text));
            let plain: String = text.chars().map(half_width).collect();
            if let Some(masked) = masked_numbers(&text) {
                prop_assert!(holds_mobile(&plain) || holds_identity(&plain));
                prop_assert!(masked.contains('*'));
            }
        }

        /// A mobile number between words is found however its digits are grouped.
        #[test]
        fn a_mobile_number_between_words_is_found(digits in "1[3-9][0-9]{9}", gap in "[ -]?") {
            let (front, rest) = digits.split_at(3);
            let (middle, end) = rest.split_at(4);
            let text = format!("户主{front}{gap}{middle}{gap}{end}，在家");
            prop_assert!(holds_mobile(&text), "{}", text);
            let masked = masked_numbers(&text);
            prop_assert!(masked.is_some_and(|masked| !masked.contains(middle) || middle == front));
        }
    }
}
