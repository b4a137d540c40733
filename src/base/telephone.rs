//! What is a telephone number, of a cell in which people write numbers as they like: several, with
//! blanks and brackets, with extensions and words. Used by imports and by decisions about a number.
//! Never changes a text, and never tells whose number it is.

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
    let ends = |one: char| !(one.is_ascii_digit() || "+-.() ".contains(one) || one.is_whitespace());
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
}
