//! Traits in the words of registers: 城镇低保 and 享受 (under 低保情况) are low income, 无人赡养 is nobody. What the
//! city's rules of labels know is left as it is; only what they do not know is put into the words that the
//! built-in rules have. Used for what a row tells of somebody, and for telling what gives no label. Never
//! guesses from a word that is in no list.

use super::field::Field;
use super::header::plain;
use super::open_text::holds_somebodys_number;
use super::record::Record;
use super::words::yes_or_no;
use crate::model::LabelRules;

/// What is said of a value that no rule knows: who has it would get no label, and nobody would hear of it.
pub(super) const NO_RULE: &str = "no rule of labels knows this value: kept, and it gives no label; translate it under \
     [values.FIELD] in a mapping file, or name it in CITY.labels.toml";
/// What is said of a number of a person where a trait belongs.
pub(super) const NUMBER: &str =
    "it holds a telephone or identity number, which is no such value: counts as not given";

/// What a value begins with, or holds, that says that it does not hold.
const NOT: &str = "不 未 非 无 没 曾 原 取消 停 退出 注销 否";
/// Values that are no need of anybody's, and give no label rightly.
const PLAIN_MARITAL: &str = "已婚 未婚 初婚 再婚 复婚 离婚 离异 有配偶 分居 同居 其他 未说明 不详 10 20 21 22 23 40 90 \
     married single unmarried divorced remarried";
/// The same of incomes.
const PLAIN_INCOME: &str = "一般 正常 普通 良好 稳定";
/// The same of who supports somebody.
const PLAIN_SUPPORT: &str = "有 子女 儿子 女儿 配偶 本人 自己 自理 政府 社区 亲属 家属 父母 孙 侄 弟 妹 兄 姐 儿 女 养老院 退休";

/// A trait as the rules of labels know it; `None` of what says that there is nothing.
pub(super) fn trait_value(
    field: Field,
    text: &str,
    record: &Record,
    rules: &LabelRules,
) -> Option<String> {
    if holds_somebodys_number(text) {
        return None;
    }
    let asks = |word: &str| record.header(field).is_some_and(|name| name.contains(word));
    let answer = yes_or_no(text);
    let plain = plain(text);
    match field {
        Field::Disability | Field::Income | Field::Family if answer == Some(false) => None,
        // 1 is a degree.
        Field::Disability if answer == Some(true) && text != "1" => Some("是".to_owned()),
        Field::Disability => Some(text.to_owned()),
        _ if rules.tells(field.as_str(), text) => Some(text.to_owned()),
        Field::Income => match income(&plain, answer == Some(true), asks("低保")) {
            Told::Nothing => None,
            Told::Word(word) => Some(word.to_owned()),
            Told::Own => Some(text.to_owned()),
        },
        Field::Marital => Some(match is_widowed(&plain) {
            true => "丧偶".to_owned(),
            false => text.to_owned(),
        }),
        Field::Support => Some(match is_nobody(&plain) {
            true => "无".to_owned(),
            false => text.to_owned(),
        }),
        Field::Family => Some(
            match is_bereaved(&plain, answer == Some(true), asks("失独")) {
                true => "失独".to_owned(),
                false => text.to_owned(),
            },
        ),
        _ => Some(text.to_owned()),
    }
}

/// Whether a value that was kept gives nobody a label though it might be meant to.
pub(super) fn gives_no_label(field: Field, value: &str, rules: &LabelRules) -> bool {
    let plain = plain(value);
    let is_plain = |list: &str| list.split_whitespace().any(|word| word == plain);
    let is_known = match field {
        Field::Disability => false,
        Field::Marital => is_plain(PLAIN_MARITAL),
        Field::Income => is_plain(PLAIN_INCOME),
        Field::Support => PLAIN_SUPPORT
            .split_whitespace()
            .any(|word| plain.contains(word)),
        Field::Family => false,
        _ => true,
    };
    !is_known && !rules.knows(field.as_str(), value)
}

/// What a word for an income comes to.
enum Told {
    Nothing,
    Word(&'static str),
    /// What it says itself.
    Own,
}

fn income(plain: &str, is_yes: bool, asks_low: bool) -> Told {
    let holds = |words: &[&str]| words.iter().any(|word| plain.contains(word));
    let is_turned = NOT.split_whitespace().any(|word| plain.starts_with(word))
        || holds(&["取消", "停发", "退出", "不享受", "未享受", "不符合"]);
    let is_class = asks_low
        && matches!(
            plain,
            "a类" | "b类" | "c类" | "a" | "b" | "c" | "在享" | "在保"
        );
    match () {
        () if is_turned => Told::Nothing,
        () if holds(&["边缘", "低边"]) => Told::Word("near_low"),
        () if holds(&["特困", "五保", "三无"]) => Told::Word("特困"),
        () if holds(&["低保", "最低生活保障"]) || is_class => Told::Word("low"),
        () if asks_low && (is_yes || plain.starts_with("享受")) => Told::Word("low"),
        () => Told::Own,
    }
}

fn is_widowed(plain: &str) -> bool {
    // 30 is the code of GB/T 2261.2.
    let is_word = matches!(
        plain,
        "30" | "丧" | "鳏" | "寡" | "鳏寡" | "widow" | "widower"
    );
    is_word || plain.contains("丧偶") && !plain.starts_with(['未', '非', '不'])
}

fn is_nobody(plain: &str) -> bool {
    let no_one = ["无人", "没人", "没有", "无赡养", "无子女", "无依", "无法定"];
    no_one.iter().any(|word| plain.starts_with(word)) || matches!(plain, "无" | "none" | "否")
}

fn is_bereaved(plain: &str, is_yes: bool, asks: bool) -> bool {
    let words = ["失独", "独生子女死亡", "独生子女伤亡", "计生特殊"];
    let is_turned = plain.starts_with(['非', '不', '未']);
    asks && is_yes || !is_turned && words.iter().any(|word| plain.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn low(text: &str) -> Option<&'static str> {
        match income(&plain(text), yes_or_no(text) == Some(true), true) {
            Told::Nothing => None,
            Told::Word(word) => Some(word),
            Told::Own => Some("own"),
        }
    }

    #[test]
    fn incomes_in_the_words_of_registers() {
        for text in [
            "享受",
            "享受低保",
            "城镇低保",
            "低保对象",
            "低保（2019年）",
            "低保、残疾",
            "A类",
            "在享",
            "√",
        ] {
            assert_eq!(low(text), Some("low"), "{text}");
        }
        for text in ["特困供养", "特困人员", "五保"] {
            assert_eq!(low(text), Some("特困"), "{text}");
        }
        assert_eq!(low("低保边缘户"), Some("near_low"));
        for text in ["非低保", "不享受", "已取消", "无", "未享受低保"] {
            assert_eq!(low(text), None, "{text}");
        }
        assert_eq!(low("低收入"), Some("own"));
    }

    #[test]
    fn the_widowed_the_unsupported_the_bereaved() {
        for text in ["丧偶（2019）", "已丧偶", "鳏寡", "30", "丧偶未再婚"] {
            assert!(is_widowed(&plain(text)), "{text}");
        }
        assert!(!is_widowed("未丧偶") && !is_widowed("离婚"));
        for text in ["无人赡养", "没有", "无"] {
            assert!(is_nobody(text), "{text}");
        }
        assert!(!is_nobody("有子女"));
        assert!(is_bereaved("失独家庭", false, false) && is_bereaved("是", true, true));
        assert!(!is_bereaved("是", true, false));
    }
}
