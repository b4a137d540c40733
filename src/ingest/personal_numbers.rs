//! Numbers of people in texts of foreign files and registers: mobile numbers and identity numbers, however
//! they are grouped. Used by `personal_attributes` and by `register::open_text`. Never decides what becomes
//! of a text; what it gives back of a number is its mask.

use std::ops::Range;

use crate::base::{
    Mask, Sealed, check_letter, grouped_numbers, half_width, is_mobile, mobile_numbers,
};
use crate::model::identity::{IdentityFault, IdentityNo};

/// Signs of an identity number, and digits of one of before 1999.
const IDENTITY_SIGNS: [usize; 2] = [18, 15];
/// Digits of a county, which an identity number begins with.
const COUNTY: usize = 6;
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

/// Whether a text of half-width signs holds a mobile number that no letter or path ties to a code.
pub(super) fn holds_mobile(text: &str) -> bool {
    let signs: Vec<char> = text.chars().collect();
    let ties = |one: Option<&char>| {
        one.is_some_and(|one| one.is_ascii_alphanumeric() || "_/.".contains(*one))
    };
    let mut found = mobile_numbers(&signs).into_iter();
    found.any(|range| {
        let before = range.start.checked_sub(1).and_then(|at| signs.get(at));
        !ties(before) && !ties(signs.get(range.end))
    })
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

/// Where identity numbers stand in half-width signs, in one piece or in groups. Groups that no check
/// character confirms are one where the first are those of a county.
fn identities(signs: &[char]) -> Vec<Range<usize>> {
    grouped_numbers(signs, &|one| {
        let mut county = 0;
        let mut lengths = one.groups.iter().map(|group| {
            county += group.len();
            county
        });
        let begins_with_county = one.groups.len() == 1 || lengths.any(|length| length == COUNTY);
        let is_one = |text: &str| is_identity(text) || begins_with_county && is_like_identity(text);
        let end = one.range().end;
        let with_letter = || {
            let end = check_letter(signs, end)?;
            is_one(&format!("{}X", one.digits)).then_some(end)
        };
        match one.digits.len() + 1 == IDENTITY_SIGNS[0] {
            true => with_letter(),
            false => is_one(&one.digits).then_some(end),
        }
    })
}

/// Whether a text of half-width signs holds an identity number.
pub(super) fn holds_identity(text: &str) -> bool {
    !identities(&text.chars().collect::<Vec<_>>()).is_empty()
}

/// A text with every mobile number and identity number in it as its mask; `None` of one without.
pub(super) fn masked_numbers(text: &str) -> Option<String> {
    let signs: Vec<char> = text.chars().map(half_width).collect();
    let of = |ranges: Vec<Range<usize>>, mask| ranges.into_iter().map(move |range| (range, mask));
    let mut numbers: Vec<_> = of(identities(&signs), Mask::Identity).collect();
    let is_free = |range: &Range<usize>| {
        let apart = |one: &Range<usize>| one.end <= range.start || range.end <= one.start;
        numbers.iter().all(|(one, _)| apart(one))
    };
    let mobiles: Vec<_> = mobile_numbers(&signs).into_iter().filter(is_free).collect();
    numbers.extend(of(mobiles, Mask::Phone));
    numbers.sort_by_key(|(range, _)| range.start);
    let (mut masked, mut from) = (String::new(), 0);
    for (range, mask) in &numbers {
        masked.extend(&signs[from..range.start]);
        let number: String = signs[range.clone()].iter().collect();
        masked.push_str(&Sealed::new(number).masked(*mask));
        from = range.end;
    }
    masked.extend(&signs[from..]);
    (!numbers.is_empty()).then_some(masked)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::base::holds_mobile_number;

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
            "烟感110105-19491231-0022",
            "110105 19491231 002X",
            "110105.1949.1231.002x办证",
            "1101 0519 4912 3100 2X",
            "110105 491231 002",
        ] {
            assert!(holds_identity(text), "{text}");
        }
        for text in [
            "320508202604010001",
            "32050801001320000001",
            "861234567890123",
            "913205086600000000",
            "110105194913310021",
            "2026-04-01 08:30 110105",
            "320508-20260401-0001",
            "12-3-401 2026.11.29",
            "120.6046,31.3171 2026-05-01",
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
                prop_assert!(holds_mobile_number(&plain) || holds_identity(&plain));
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
