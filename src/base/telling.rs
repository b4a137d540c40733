//! What in a text that everybody may see belongs to one person: numbers of people, plates, rooms. Used
//! by imports and by notes of the log. Knows no names, and never decides what becomes of the text.

use super::digit_groups::mobile_numbers;
use super::width::half_width;

/// Fewest digits of a telephone or identity number; so many in a row are no house number.
const DIGITS: usize = 11;
/// What the plates of the provinces begin with.
const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";

/// What may stand between the sign of a province, the letter and the digits of one plate.
const PLATE_JOINTS: &str = "·•・‧∙⋅●.．。-‐–—_ '";

/// What stands within one long number: blanks and dashes.
const RUN_JOINTS: &[char] = &[' ', '-', '‐', '–', '—', '―', '－'];

/// Runs of digits, with the groups in which each is written. A day before a serial number (20260401-0001)
/// is none of them.
fn runs(text: &str) -> Vec<Vec<String>> {
    let text: String = text.chars().map(half_width).collect();
    let between = |one: char| !one.is_ascii_digit() && !RUN_JOINTS.contains(&one);
    let groups = |run: &str| {
        let groups = run.split(RUN_JOINTS).filter(|group| !group.is_empty());
        let groups: Vec<String> = groups.map(str::to_owned).collect();
        let days = usize::from(groups.len() > 1 && is_day(&groups[0]));
        groups[days..].to_vec()
    };
    text.split(between).map(groups).collect()
}

/// Whether eight digits are a day of this century: 20260401.
fn is_day(digits: &str) -> bool {
    let number = |from, to| {
        digits
            .get(from..to)
            .and_then(|part| part.parse::<u8>().ok())
    };
    digits.len() == 8
        && digits.starts_with("20")
        && number(4, 6).is_some_and(|month| (1..=12).contains(&month))
        && number(6, 8).is_some_and(|day| (1..=31).contains(&day))
}

/// Whether digits are a mobile number in China: eleven, 13… to 19….
#[must_use]
pub fn is_mobile(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    bytes.len() == DIGITS && bytes[0] == b'1' && bytes[1] >= b'3'
}

/// Whether it holds a number as long as those of telephones and identity cards, or the plate of a
/// vehicle.
#[must_use]
pub fn holds_personal_number(text: &str) -> bool {
    let is_long = |run: &Vec<String>| run.iter().map(String::len).sum::<usize>() >= DIGITS;
    runs(text).iter().any(is_long) || holds_mobile_number(text) || holds_plate(text)
}

/// Whether it holds a mobile telephone number: eleven digits, 13… to 19…, alone or in groups however these
/// are parted, also with other figures beside them. Serial numbers of devices are longer or shorter.
#[must_use]
pub fn holds_mobile_number(text: &str) -> bool {
    let signs: Vec<char> = text.chars().map(half_width).collect();
    !mobile_numbers(&signs).is_empty()
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
/// or digits with a digit among them, small or large, with dots, blanks and dashes between.
#[must_use]
pub fn holds_plate(text: &str) -> bool {
    let text: String = text.chars().map(half_width).collect();
    let begins = text.match_indices(|one| PROVINCES.contains(one));
    begins
        .map(|(at, sign)| &text[at + sign.len()..])
        .any(is_plate_behind)
}

/// Whether letter and digits of a plate stand here: behind the letter in one piece, or all in pieces.
fn is_plate_behind(rest: &str) -> bool {
    let is_joint = |one: char| PLATE_JOINTS.contains(one) || one.is_whitespace();
    let rest = rest.trim_start_matches(is_joint);
    let Some(letter) = rest.chars().next().filter(char::is_ascii_alphabetic) else {
        return false;
    };
    let is_number =
        |signs: &str| matches!(signs.len(), 5 | 6) && signs.chars().any(|one| one.is_ascii_digit());
    let behind = &rest[letter.len_utf8()..];
    let run = |signs: &mut dyn Iterator<Item = char>| {
        signs
            .take_while(char::is_ascii_alphanumeric)
            .collect::<String>()
    };
    let whole = run(&mut behind.trim_start_matches(is_joint).chars());
    let pieces = run(&mut behind.chars().filter(|one| !is_joint(*one)));
    is_number(&whole) || is_number(&pieces)
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
            "苏e12345违停",
            "苏e·12345",
            "苏E.12345占道",
            "苏E•12345",
            "苏E-12345",
            "苏 E 123 45",
            "苏E12345 2026年",
            "20260401-13962200044",
            "110105-19491231-0022",
        ] {
            assert!(holds_personal_number(text), "{text}");
        }
        for text in [
            "平江路 128 号 3 幢",
            "2026-04-01 积水",
            "工单20260401-0001",
            "20260401-00017 积水",
            "新e家超市12幢",
            "苏州市E区",
            "新苏新村12幢",
            "",
        ] {
            assert!(!holds_personal_number(text), "{text}");
        }
    }

    #[test]
    fn serial_numbers_are_no_telephones() {
        for text in [
            "薛根13812345678",
            "13962200044-1",
            "20260401-13962200044",
            "便民店13962200044-1",
            "1-139-6220-0044",
            "夜班138.1234.0001",
            "药店13812 340001",
            "138—1234—0001反映漏水",
            "１３９６２２０００４４－１",
        ] {
            assert!(holds_mobile_number(text), "{text}");
        }
        for text in [
            "32050801001320000001",
            "861234567890123",
            "12345678901",
            "SM-0017",
            "20260401-0001",
            "20260401-139-6220",
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
