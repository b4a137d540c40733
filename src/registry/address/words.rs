//! The words of Chinese addresses: how names of ways and estates end, what stands behind a number.
//! Used by the parser. Public knowledge of the language, nothing of one city.

use super::lex::Mark;
use super::numeral;

/// How names of ways end that no other word goes on with: whatever follows is another name.
/// Longest first.
pub(super) const WAYS: &[&str] = &["弄堂", "大街", "大道", "胡同", "路", "街", "巷", "弄"];

/// Endings that are no name by themselves: a way called 石路街 does not end behind 路.
pub(super) const BARE_WAYS: &[&str] = &[
    "路", "街", "巷", "弄", "弄堂", "大街", "大道", "胡同", "直街", "横街", "后街", "前街", "支路",
    "支弄",
];

/// How names of estates and buildings end, so that a name without a way's ending is one of them.
const ESTATES: &[&str] = &[
    "新村",
    "小区",
    "花园",
    "公寓",
    "家园",
    "名苑",
    "山庄",
    "大厦",
    "大楼",
    "广场",
    "别墅",
    "宿舍",
    "小学",
    "中学",
    "大学",
    "学校",
    "医院",
    "中心",
    "市场",
    "工业园",
    "产业园",
    "科技园",
    "新苑",
    "佳苑",
    "雅苑",
    "花苑",
    "苑",
    "村",
    "区",
    "期",
    "府",
    "邸",
    "寓",
    "庄园",
    "华庭",
    "豪庭",
    "大院",
    "院",
];

/// Endings of estates behind which a further name may stand: 桃源新村梧桐巷.
pub(super) const ESTATES_WITHIN: &[&str] = &["新村", "小区", "花园", "公寓", "家园"];

/// Whether a name ends as that of an estate, a compound or a building does.
pub(super) fn is_estate(name: &str) -> bool {
    ESTATES.iter().any(|ending| name.ends_with(ending))
}

/// Endings of estates that stand behind names of people and homes as well.
const OF_HOMES: &[&str] = &["宿舍", "大院"];

/// Whether a name can be nothing but that of an estate, a compound or a named building: 李府 and 后院 are
/// not, nor is what holds a long number.
#[must_use]
pub fn names_estate(name: &str) -> bool {
    let is_long = |word: &&&str| word.chars().count() > 1 && !OF_HOMES.contains(*word);
    let ends = ESTATES
        .iter()
        .filter(is_long)
        .any(|word| name.ends_with(word));
    // 彩香一村四区, 桃源新村东区.
    let mut signs = name.chars().rev();
    let is_part = signs.next().is_some_and(|last| "村区期苑坊".contains(last));
    let counts = |one: char| one.is_ascii_digit() || numeral::is_numeral(one) || is_side(one);
    (ends || is_part && signs.next().is_some_and(counts)) && !holds_long_number(name)
}

/// Whether a name can be nothing but that of a way.
#[must_use]
pub fn names_way(name: &str) -> bool {
    is_way(name) && !holds_long_number(name)
}

/// More digits than names of places have.
fn holds_long_number(name: &str) -> bool {
    const MOST: usize = 4;
    name.chars().filter(char::is_ascii_digit).count() > MOST
}

/// Whether a name ends as that of a way does.
pub(super) fn is_way(name: &str) -> bool {
    WAYS.iter().any(|ending| name.ends_with(ending))
}

/// Marks behind a number, longest first.
const MARKS: &[(&str, Mark)] = &[
    ("号楼", Mark::Building),
    ("号幢", Mark::Building),
    ("号栋", Mark::Building),
    ("#楼", Mark::Building),
    ("#幢", Mark::Building),
    ("#栋", Mark::Building),
    ("号大院", Mark::House),
    ("号院", Mark::House),
    ("号门", Mark::Unit),
    ("号室", Mark::Room),
    ("号房", Mark::Room),
    ("号", Mark::House),
    ("弄", Mark::Lane),
    ("幢", Mark::Building),
    ("栋", Mark::Building),
    ("座", Mark::Building),
    ("单元", Mark::Unit),
    ("门", Mark::Unit),
    ("梯", Mark::Unit),
    ("层", Mark::Floor),
    ("楼", Mark::Storey),
    ("房间", Mark::Room),
    ("室", Mark::Room),
    ("房", Mark::Room),
    ("户", Mark::Room),
    ("#", Mark::Hash),
];

/// What goes on a name although it follows a number: 1号路, 三门桥, 4区, 二村, 1912街区.
const GOES_ON: &[&str] = &["路", "街", "巷", "桥", "弄", "大道", "线", "站", "渡", "浜"];

/// The mark that begins here, and how many characters it has.
pub(super) fn mark_at(chars: &[char]) -> Option<(Mark, usize)> {
    let is_it = |text: &str| starts(chars, text) && !is_of_door(text, chars);
    let (text, mark) = MARKS.iter().find(|(text, _)| is_it(text))?;
    let length = text.chars().count();
    let rest = &chars[length..];
    if GOES_ON.iter().any(|word| starts(rest, word)) {
        return None;
    }
    Some((*mark, length))
}

/// Whether 门 is the front of another word: 101门面, 12号门口.
fn is_of_door(mark: &str, chars: &[char]) -> bool {
    let next = chars.get(mark.chars().count());
    mark.ends_with('门') && next.is_some_and(|next| "面市口卫店厅".contains(*next))
}

/// What behind a door says that another one beside it is meant.
pub(super) const BESIDE: &[&str] = &[
    "楼上",
    "楼下",
    "隔壁",
    "对面",
    "对门",
    "斜对面",
    "斜对门",
    "旁边",
    "旁",
    "附近",
    "边上",
    "后面",
    "前面",
    "左边",
    "右边",
    "邻居",
];

/// Whether a text begins with such a word.
pub(super) fn is_beside(text: &str) -> bool {
    BESIDE.iter().any(|word| text.starts_with(word))
}

/// Whether `text` stands at the front.
pub(super) fn starts(chars: &[char], text: &str) -> bool {
    let mut at = chars.iter();
    text.chars().all(|one| at.next() == Some(&one))
}

/// Heavenly stems, which number what was added later: 12号甲.
pub(super) fn is_stem(one: char) -> bool {
    "甲乙丙丁戊己庚辛".contains(one)
}

/// Sides that tell buildings, stairs and doors apart: 东楼, 西单元, 中户.
pub(super) fn is_side(one: char) -> bool {
    "东西南北中前后".contains(one)
}
