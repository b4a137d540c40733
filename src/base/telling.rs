//! What in a text that everybody may see belongs to one person: numbers of people, plates, rooms. Used
//! by imports and by notes of the log. Knows no names, and never decides what becomes of the text.

use super::width::half_width;

/// Fewest digits of a telephone or identity number; so many in a row are no house number.
const DIGITS: usize = 11;
/// What the plates of the provinces begin with.
const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";

/// Runs of digits, with what stands between digits of one number left out.
fn runs(text: &str) -> Vec<String> {
    let text: String = text.chars().map(half_width).collect();
    let between = |one: char| !one.is_ascii_digit() && !matches!(one, ' ' | '-');
    let digits = |run: &str| run.chars().filter(char::is_ascii_digit).collect::<String>();
    text.split(between).map(digits).collect()
}

/// Whether it holds a number as long as those of telephones and identity cards, or the plate of a
/// vehicle.
#[must_use]
pub fn holds_personal_number(text: &str) -> bool {
    runs(text).iter().any(|run| run.len() >= DIGITS) || holds_plate(text)
}

/// Whether it holds a mobile telephone number: eleven digits alone, 13… to 19…. Serial numbers of
/// devices are longer or shorter.
#[must_use]
pub fn holds_mobile_number(text: &str) -> bool {
    let is_mobile = |run: &String| {
        let digits = run.as_bytes();
        digits.len() == DIGITS && digits[0] == b'1' && digits[1] >= b'3'
    };
    runs(text).iter().any(is_mobile)
}

/// Whether it names a room: digits before 室.
#[must_use]
pub fn holds_room(text: &str) -> bool {
    let mut before = ' ';
    for one in text.chars().map(half_width) {
        if one == '室' && before.is_ascii_digit() {
            return true;
        }
        before = one;
    }
    false
}

/// Whether it holds the plate of a vehicle: the sign of a province, a letter, and five or six letters
/// or digits with a digit among them.
#[must_use]
pub fn holds_plate(text: &str) -> bool {
    let text: String = text.chars().map(half_width).collect();
    text.match_indices(|one| PROVINCES.contains(one))
        .any(|(at, sign)| {
            let rest = &text[at + sign.len()..];
            let plate = rest.chars().filter(|one| !matches!(one, '·' | ' ' | '-'));
            let plate: String = plate.take_while(char::is_ascii_alphanumeric).collect();
            let begins = plate.starts_with(|one: char| one.is_ascii_uppercase());
            let has_digit = plate.chars().skip(1).any(|one| one.is_ascii_digit());
            begins && has_digit && matches!(plate.len(), 6 | 7)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_people_and_plates_are_found() {
        for text in [
            "路灯坏 联系13812345678",
            "电话 ０５１２－６７２７ １２３４",
            "身份证11010519491231002X补办",
            "苏E12345占道",
            "车 苏E·D12345 堵门",
        ] {
            assert!(holds_personal_number(text), "{text}");
        }
        for text in [
            "平江路 128 号 3 幢",
            "2026-04-01 积水",
            "苏州市E区",
            "新苏新村12幢",
            "",
        ] {
            assert!(!holds_personal_number(text), "{text}");
        }
    }

    #[test]
    fn serial_numbers_are_no_telephones() {
        assert!(holds_mobile_number("薛根13812345678"));
        for text in [
            "32050801001320000001",
            "861234567890123",
            "12345678901",
            "SM-0017",
        ] {
            assert!(!holds_mobile_number(text), "{text}");
        }
    }

    #[test]
    fn rooms_are_found() {
        assert!(holds_room("桃源新村2幢506室-烟感") && holds_room("３０１室"));
        assert!(!holds_room("会议室烟感") && !holds_room("B-2-506"));
    }
}
