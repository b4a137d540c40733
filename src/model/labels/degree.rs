//! Degrees of disability as registers write them: 二级, 贰级, 2级, Ⅱ, 肢体二级 are one. Used by the rules of
//! labels, which say which degrees count. Never knows whose it is.

use crate::base::half_width;

/// The trait that has degrees.
pub const DISABILITY: &str = "disability";

/// What of somebody is impaired, in the words of GB/T 26341; longer words first.
const KINDS: &[&str] = &[
    "肢体", "视力", "听力", "言语", "智力", "精神", "多重", "残疾", "伤残", "、", "/", "(", ")",
];
/// What stands behind a degree.
const MARKS: &[&str] = &["级", "等"];
/// The degrees, in all their numerals.
const DEGREES: [&[&str]; 4] = [
    &["1", "一", "壹", "ⅰ", "i"],
    &["2", "二", "贰", "ⅱ", "ii", "两"],
    &["3", "三", "叁", "ⅲ", "iii"],
    &["4", "四", "肆", "ⅳ", "iv"],
];

/// What a value of the trait means: a degree from 1 to 4, or that there is a disability of no degree
/// that is told; `None` of other words.
pub(super) fn degree(value: &str) -> Option<&'static str> {
    let plain: String = value.chars().map(half_width).collect();
    let plain: String = plain.to_lowercase().split_whitespace().collect();
    if matches!(plain.as_str(), "是" | "有" | "yes") {
        return Some("yes");
    }
    let mut rest = plain.as_str();
    let cut = |text: &str| KINDS.iter().find(|kind| text.starts_with(**kind)).copied();
    while let Some(kind) = cut(rest) {
        rest = &rest[kind.len()..];
    }
    if rest.is_empty() {
        return (!plain.is_empty()).then_some("yes");
    }
    let rest = rest.strip_suffix("残疾").unwrap_or(rest);
    let bare = MARKS.iter().find_map(|mark| rest.strip_suffix(mark));
    let bare = bare.unwrap_or(rest);
    let of = |numerals: &&[&str]| numerals.contains(&bare);
    let place = DEGREES.iter().position(of)?;
    ["1", "2", "3", "4"].get(place).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_degree_is_read_however_it_is_written() {
        for value in [
            "2",
            "二级",
            "贰级",
            "２级",
            "Ⅱ级",
            "肢体二级",
            "视力残疾2级",
            "多重 贰",
            "二级残疾",
        ] {
            assert_eq!(degree(value), Some("2"), "{value}");
        }
        for value in ["是", "肢体", "听力、言语", "残疾"] {
            assert_eq!(degree(value), Some("yes"), "{value}");
        }
        for value in ["五级", "重度", "", "12", "待评定"] {
            assert_eq!(degree(value), None, "{value}");
        }
    }
}
