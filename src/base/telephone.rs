//! What is a telephone number, of a cell in which people write numbers as they like: several, with
//! blanks and brackets, with extensions and words. Used by imports and by decisions about a number.
//! Never changes a text, and never tells whose number it is.

use std::ops::Range;

use super::digit_groups::{Grouped, grouped_numbers};
use super::width::half_width;

/// Fewest digits of somebody's number: a landline without its area code.
pub const TELEPHONE_DIGITS: usize = 7;
/// Fewest digits of a service's: 110, 12345.
pub const SERVICE_DIGITS: usize = 3;
/// Most digits of a number, as ITU-T E.164 has it.
const MOST_DIGITS: usize = 15;
/// Digits of a mobile number in China.
const MOBILE_DIGITS: usize = 11;

/// Whether a text holds a telephone number of at least so many digits.
#[must_use]
pub fn holds_telephone(text: &str, least: usize) -> bool {
    let text: String = text.chars().map(half_width).collect();
    let ends =
        |one: char| !(one.is_ascii_digit() || "+-.()·•‐–—―_".contains(one) || one.is_whitespace());
    text.split(ends).any(|run| is_number_or_several(run, least))
}

/// Of digits with blanks between them: one number, or several side by side.
fn is_number_or_several(run: &str, least: usize) -> bool {
    let digits = |part: &str| {
        part.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    };
    let all = digits(run);
    let mut parts = run.split_whitespace().map(digits);
    is_number(&all, least) || parts.any(|part| is_number(&part, least)) || are_mobiles(&all)
}

fn is_number(digits: &str, least: usize) -> bool {
    let first = digits.bytes().next();
    let is_filler =
        digits.len() >= TELEPHONE_DIGITS && digits.bytes().all(|one| Some(one) == first);
    (least..=MOST_DIGITS).contains(&digits.len()) && !is_filler
}

/// 138 1234 5678 139 1234 5678.
fn are_mobiles(digits: &str) -> bool {
    let is_mobile = |number: &[u8]| number[0] == b'1' && number[1] >= b'3';
    let mut numbers = digits.as_bytes().chunks_exact(MOBILE_DIGITS);
    let is_whole = !digits.is_empty() && numbers.remainder().is_empty();
    is_whole && numbers.all(is_mobile)
}

/// Digits of a landline's number without its area code.
const LOCAL: std::ops::RangeInclusive<usize> = 7..=8;
/// Area codes of three digits begin so; all others have four.
const SHORT_AREA_CODES: [&str; 2] = ["01", "02"];

/// The area code and the number behind it of a landline's digits.
fn area_and_local(digits: &str) -> Option<(&str, &str)> {
    if !digits.starts_with('0') || digits.starts_with("00") {
        return None;
    }
    let is_short = SHORT_AREA_CODES.iter().any(|one| digits.starts_with(one));
    let (area, local) = digits.split_at_checked(if is_short { 3 } else { 4 })?;
    (LOCAL.contains(&local.len()) && !local.starts_with('0')).then_some((area, local))
}

/// A number without the country's, a landline with the 0 of its area code.
fn within_china(digits: &str) -> String {
    let bare = digits
        .strip_prefix("0086")
        .or_else(|| digits.strip_prefix("86"));
    match bare.filter(|rest| rest.len() >= 10) {
        Some(rest) if rest.len() == MOBILE_DIGITS && rest.starts_with('1') => rest.to_owned(),
        Some(rest) => format!("0{}", rest.trim_start_matches('0')),
        None => digits.to_owned(),
    }
}

/// Whether whole groups are a number that can be called: a mobile one, a landline with or without its
/// area code, or a service's.
fn is_whole(one: &Grouped) -> bool {
    let digits = within_china(&one.digits);
    one.is_mobile()
        || area_and_local(&digits).is_some()
        || LOCAL.contains(&digits.len())
        || digits.len() == 10 && (digits.starts_with("400") || digits.starts_with("800"))
}

/// Under what a number that somebody has is known. A landline's number is the same with its area code
/// and without; one that tells no area code is of the city.
fn known_under(digits: &str) -> Vec<String> {
    let digits = within_china(digits);
    match area_and_local(&digits) {
        Some((_, local)) => vec![format!("within {local}"), digits],
        None if LOCAL.contains(&digits.len()) => {
            vec![format!("within {digits}"), format!("of the city {digits}")]
        }
        None => vec![digits],
    }
}

/// What a number in a text is to be looked for under: see [`known_under`].
fn looked_for(digits: &str) -> Vec<String> {
    let digits = within_china(digits);
    match area_and_local(&digits) {
        Some((_, local)) => vec![format!("of the city {local}"), digits],
        None if LOCAL.contains(&digits.len()) => vec![format!("within {digits}")],
        None => vec![digits],
    }
}

/// Under what the telephone numbers of a cell are known.
#[must_use]
pub fn telephones_of(cell: &str) -> Vec<String> {
    let signs: Vec<char> = cell.chars().map(half_width).collect();
    let numbers = grouped_numbers(&signs, &|one| is_whole(one).then(|| one.range().end));
    let digits = |range: Range<usize>| {
        let signs = signs[range].iter().filter(|one| one.is_ascii_digit());
        signs.collect::<String>()
    };
    numbers
        .into_iter()
        .map(digits)
        .flat_map(|digits| known_under(&digits))
        .collect()
}

/// Where telephone numbers stand in half-width signs that are known under what `is_known` takes.
#[must_use]
pub fn known_telephones(signs: &[char], is_known: &dyn Fn(&str) -> bool) -> Vec<Range<usize>> {
    // Behind the area code of another city the same digits are another number.
    let with_area = grouped_numbers(signs, &|one| {
        let is_one = area_and_local(&within_china(&one.digits)).is_some();
        is_one.then(|| one.range().end)
    });
    grouped_numbers(signs, &|one| {
        let own = one.range();
        let is_part = |whole: &Range<usize>| whole.start < own.start && own.end <= whole.end;
        let is_long = one.digits.len() >= TELEPHONE_DIGITS && !with_area.iter().any(is_part);
        let is_one = is_long
            && looked_for(&one.digits)
                .iter()
                .any(|number| is_known(number));
        is_one.then(|| one.range().end)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_known_however_they_are_written() {
        for text in [
            "13812345678",
            "１３８１２３４５６７８",
            "+86 138-1234-5678",
            "138 1234 5678",
            "138 1234 5678 139 1234 5678",
            "13812345678 13912345678",
            "13812345678/13912345678、0512-65223344",
            "0512-65223344转801",
            "(0512)65223344-801",
            "65223344(家)",
            "儿子：13812345678",
            "008613812345678",
            "4008123456",
            "138·1234·5678",
            "138—1234—5678",
        ] {
            assert!(holds_telephone(text, TELEPHONE_DIGITS), "{text}");
        }
    }

    #[test]
    fn what_is_none_is_none() {
        for text in [
            "",
            "not-a-phone",
            "无",
            "123456",
            "SM-0017",
            "110",
            "11010519491231002X",
            "110105194912310022",
            "00000000000",
        ] {
            assert!(!holds_telephone(text, TELEPHONE_DIGITS), "{text}");
        }
        assert!(holds_telephone("110", SERVICE_DIGITS));
        assert!(!holds_telephone("12", SERVICE_DIGITS));
    }

    /// Whether a number in a text is that of a cell.
    fn is_same(cell: &str, text: &str) -> bool {
        let known = telephones_of(cell);
        let signs: Vec<char> = text.chars().map(half_width).collect();
        !known_telephones(&signs, &|number| known.iter().any(|one| one == number)).is_empty()
    }

    #[test]
    fn a_number_is_the_same_with_and_without_its_area_code_and_however_it_is_parted() {
        for (cell, text) in [
            ("0512-67271234", "67271234来电催办"),
            ("67271234", "(0512)67271234"),
            ("051267271234", "6727-1234"),
            ("+86 512 67271234", "0512 6727 1234"),
            ("010-65223344", "65223344"),
            ("13812340001", "138.1234.0001"),
            ("138 1234 0001 139 1234 0001", "药店139-12340001"),
            ("+86 13812340001", "8613812340001"),
            ("0512-67271234转801", "6727 1234"),
            ("4001234567", "400-123-4567"),
        ] {
            assert!(is_same(cell, text), "{cell} {text}");
        }
        for (cell, text) in [
            ("0512-67271234", "021-67271234"),
            ("13812340001", "12340001"),
            ("0512-67271234", "67271235"),
            ("67271234", "2026-11-29"),
            ("13812340001", "138 1234 0002"),
            ("无", "67271234"),
        ] {
            assert!(!is_same(cell, text), "{cell} {text}");
        }
    }
}
