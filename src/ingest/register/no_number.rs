//! What stands where the number of a household or the plate of a vehicle belongs and is none: 无, 0, 不详,
//! 临牌, a digit that fills the cell. Many rows have it, so it makes no two of them the same. Used by
//! every register that tells such numbers. Never keeps or shows one.

use super::cell::{Fault, half_width};
use super::field::Field;
use super::record::Record;
use super::words;

/// Words for no number at all.
const NOTHING: &str = "无 没有 暂无 暂缺 暂未登记 不详 不明 不知 不清楚 未知 未填 未登记 未录入 未提供 未采集 空 空白 缺 \
    缺失 待定 待补 待补充 待录 待录入 待核实 待查 同上 其他 其它 na none null nil unknown";
/// What they go before: 无户号, 暂无号码.
const NUMBERS: &[&str] = &[
    "户号",
    "户口",
    "编号",
    "号码",
    "车牌号",
    "车牌",
    "牌照",
    "号牌",
    "牌",
    "号",
];
/// The same of plates: the vehicle has none yet, or one of paper.
const NO_PLATE: &str = "未上牌 未挂牌 未上牌照 未办理 未办 新车 临牌 临时牌 临时车牌 临时牌照 临时号牌 临时 套牌 外地 外地车";
/// So many times the same digit is nobody's number.
const FILLED: usize = 4;

/// What is said of such a number of a household.
pub(super) const NO_HOUSEHOLD: Fault = "it is no number of a household, for it names none (无, 0, 不详 …): \
     counts as not given, and makes nobody one household with others";
/// The same of a plate.
pub(super) const NO_VEHICLE: Fault = "it is no plate, for it names no vehicle (无牌, 未上牌, 临牌 …): the \
     vehicle is kept without a number";

/// The number of the household that a row tells; `None` also of what is none.
pub(super) fn household_number(record: &Record) -> Option<String> {
    record
        .text(Field::Household)
        .filter(|number| !is_none(number))
}

/// The plate that a row tells, in one form; `None` also of what is none.
pub(super) fn plate(record: &Record) -> Option<String> {
    let told = record.text(Field::Plate)?;
    words::plate(&told).filter(|_| !is_no_plate(&told))
}

/// Whether a text that stands in the place of a household's number is none.
pub(super) fn is_none(text: &str) -> bool {
    let plain = plain(text);
    let front = NUMBERS.iter().find_map(|word| plain.strip_suffix(word));
    let is_nothing = |text: &str| NOTHING.split_whitespace().any(|word| word == text);
    let first = plain.chars().next();
    let is_filled = plain.starts_with(|one: char| one.is_ascii_digit())
        && plain.chars().all(|one| Some(one) == first)
        && (first == Some('0') || plain.len() >= FILLED);
    plain.is_empty() || is_filled || is_nothing(&plain) || front.is_some_and(is_nothing)
}

/// Whether a text that stands in the place of a plate is none.
pub(super) fn is_no_plate(text: &str) -> bool {
    let plain = plain(text);
    is_none(text) || NO_PLATE.split_whitespace().any(|word| word == plain)
}

/// Letters and digits alone, small and half-width.
fn plain(text: &str) -> String {
    let letters = half_width(text).to_lowercase();
    letters
        .chars()
        .filter(|one| one.is_alphanumeric())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_the_place_of_a_number_is_none() {
        for text in [
            "无",
            "（无）",
            "0",
            "０",
            "000",
            "-",
            "/",
            "——",
            "不详",
            "暂无",
            "N/A",
            "null",
            "无户号",
            "暂无编号",
            "99999999",
            "1111",
            " 无 ",
        ] {
            assert!(is_none(text), "{text}");
            assert!(is_no_plate(text), "{text}");
        }
        for text in ["1", "2", "11", "222", "H0", "001", "3205080001", "无锡1"] {
            assert!(!is_none(text), "{text}");
        }
        for text in ["无牌", "无车牌", "未上牌", "临牌", "临时牌照", "暂无牌照"] {
            assert!(is_no_plate(text), "{text}");
        }
        for text in ["苏E12345", "苏E·D00000", "临E1234"] {
            assert!(!is_no_plate(text), "{text}");
        }
    }
}
