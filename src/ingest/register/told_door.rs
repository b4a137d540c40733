//! Doors in names and titles that no 室 behind digits marks: 一〇一室, 3-101, 3幢506, 三楼东户. Used by
//! [`super::open_name`], which cuts them out, and by [`super::open_text`], which seals what tells them.
//! What is a model, a measure, a date or a range is no door. Never decides what becomes of the text.

use crate::base::{half_width, holds_room};

/// Runs of signs: first and behind the last.
pub(super) type Span = (usize, usize);

/// Numerals of a number that is written sign by sign, 〇 also as a letter.
const NUMERALS: &str = "〇零○OoＯ一二三四五六七八九壹贰叁肆伍陆柒捌玖";
/// What a room is marked by.
const ROOM_MARKS: &[&str] = &["号室", "号房", "房间", "室", "房"];
/// What makes such a mark the front of another word.
const NO_ROOM: &[&str] = &["内", "外", "产", "东", "屋", "型", "厅"];
/// What stands between the figures of a house and a door.
const DASHES: &[char] = &['-', '—', '–', '―', '‐', '~'];
/// The mark of a house or of a unit: behind 3幢 stands a door, behind 讲座 none.
const HOUSE_MARKS: &[&str] = &["号楼", "幢", "栋", "座", "弄", "#", "单元", "号"];
/// What stands before figures that are no door: of a model, an edition, a number.
const NO_DOOR_BEFORE: &[&str] = &[
    "型号", "型", "版本", "版", "系列", "规格", "编号", "编码", "序号", "号码", "电话", "热线",
    "批次", "第", "no.", "no", "sn", "ver",
];
/// What stands behind figures that are no door: models, parts of a text, measures of a range.
const MODELS: &[&str] = &[
    "型", "版", "款", "系列", "规格", "批次", "条", "章", "页", "号", "路公", "路车", "千", "毫米",
    "厘米", "公里", "米", "元", "度", "℃", "%",
];
/// The same behind one figure, which may count something.
const COUNTS: &[&str] = &[
    "人", "名", "位", "个", "户", "家", "台", "盏", "株", "次", "万", "伏", "瓦", "平方", "平米",
    "㎡", "岁", "年", "月", "日", "小时", "分钟",
];
/// Signs of a number that goes on: 3-101.5, 3-101/A.
const GOES_ON: &[char] = &['.', '/', '\\', ':', '_', '=', '@', '+'];
/// Short numbers that everybody calls.
const EMERGENCY: &[&str] = &["110", "119", "120", "122"];
/// Where a home lies on its floor.
const SIDES: &[&str] = &[
    "东南", "东北", "西南", "西北", "东", "西", "南", "北", "中", "左", "右", "前", "后",
];
/// What stands behind such a side.
const SIDE_WORDS: &[&str] = &["边", "首", "侧", "面", "头", "间", "手"];
/// What makes 户 the front of another word.
const NO_HOME: &[&str] = &[
    "外", "型", "籍", "口", "主", "数", "名", "部", "县", "均", "用", "枢",
];
/// What makes a side the end of another word: 房东户, 股东户, 山东户.
const NO_SIDE: &[char] = &[
    '房', '股', '山', '广', '京', '华', '湖', '河', '云', '其', '集', '城',
];

/// Whether a text tells a door, marked or not.
pub(super) fn tells_door(text: &str) -> bool {
    let signs: Vec<char> = text.chars().map(half_width).collect();
    holds_room(text) || !doors(&signs).is_empty()
}

/// Doors of half-width signs.
pub(super) fn doors(signs: &[char]) -> Vec<Span> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < signs.len() {
        let door = numeral_room(signs, at)
            .or_else(|| figures(signs, at))
            .or_else(|| behind_house(signs, at))
            .or_else(|| side(signs, at));
        match door {
            Some(end) => {
                found.push((at, end));
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

fn starts_with(signs: &[char], word: &str) -> bool {
    let mut at = signs.iter();
    word.chars().all(|one| at.next() == Some(&one))
}

/// How many signs the first of these words has that stands here.
fn word_length(signs: &[char], words: &[&str]) -> Option<usize> {
    let word = words.iter().find(|word| starts_with(signs, word))?;
    Some(word.chars().count())
}

fn ends_with(signs: &[char], words: &[&str]) -> bool {
    let tail: String = signs[signs.len().saturating_sub(4)..].iter().collect();
    let tail = tail.to_lowercase();
    words.iter().any(|word| tail.ends_with(word))
}

/// The digit that a sign is, also one of a number that is written sign by sign.
pub(super) fn plain_digit(sign: char) -> Option<char> {
    let value = ["零一二三四五六七八九", "〇壹贰叁肆伍陆柒捌玖", "○"]
        .iter()
        .find_map(|digits| digits.chars().position(|one| one == sign));
    match value {
        _ if sign.is_ascii_digit() => Some(sign),
        value => char::from_digit(u32::try_from(value?).ok()?, 10),
    }
}

/// What behind the number of a room of the building says that it is that home, though behind other numbers
/// it counts homes: 301户漏水, 301户主, 301家, 301号门.
const HOME_MARKS: &[&str] = &["户", "家", "号门", "号户", "号家", "号住", "号业主", "号租"];

/// Whether a number that ends here, and is that of a room of the building, counts something all the same, or
/// is that of a model or a measure.
pub(super) fn is_counted(signs: &[char], end: usize) -> bool {
    room_mark(signs, end).is_none()
        && word_length(&signs[end..], HOME_MARKS).is_none()
        && !is_free_behind(signs, end, &[MODELS, COUNTS])
}

/// The mark of a room that stands here, unless it is the front of another word; where it ends.
fn room_mark(signs: &[char], at: usize) -> Option<usize> {
    let end = at + word_length(&signs[at..], ROOM_MARKS)?;
    word_length(&signs[end..], NO_ROOM).is_none().then_some(end)
}

/// Numerals of a room, sign by sign or with hundreds: 一〇一, 五百零六; how many signs they have.
/// 三室 is how large a home is, and 审判二室 an office.
fn numerals(signs: &[char]) -> usize {
    let of = |kinds: &'static str| signs.iter().take_while(move |one| kinds.contains(**one));
    let plain = of(NUMERALS).count();
    let with_hundreds = of("〇零一二三四五六七八九十百壹贰叁肆伍陆柒捌玖拾佰").count();
    let hundreds = &signs[1.min(with_hundreds)..with_hundreds];
    let has_hundred = hundreds.contains(&'百') || hundreds.contains(&'佰');
    match has_hundred {
        true if with_hundreds >= 4 => with_hundreds,
        _ if (3..=4).contains(&plain) && !"〇零○OoＯ".contains(signs[0]) => plain,
        _ => 0,
    }
}

fn is_numeral(one: char) -> bool {
    "〇零○一二三四五六七八九十百两壹贰叁肆伍陆柒捌玖拾佰".contains(one)
}

fn numeral_room(signs: &[char], at: usize) -> Option<usize> {
    let length = numerals(&signs[at..]);
    let begins = at == 0 || !is_numeral(signs[at - 1]) && !signs[at - 1].is_ascii_alphanumeric();
    (length > 0 && begins).then(|| room_mark(signs, at + length))?
}

/// Most digits of a room.
const ROOM_DIGITS: usize = 4;

/// Whether digits can be a room: a floor, and one of at most 39 doors there. Years are none.
fn is_room(digits: &[char]) -> bool {
    if digits.len() > ROOM_DIGITS {
        return false;
    }
    let number = digits
        .iter()
        .fold(0, |all, one| all * 10 + one.to_digit(10).unwrap_or(0));
    let (floor, door) = (number / 100, number % 100);
    let is_year = digits.len() == 4 && (1900..2100).contains(&number);
    let has_floor = match digits.len() {
        3 => floor >= 1,
        4 => (10..=60).contains(&floor),
        _ => false,
    };
    has_floor && (1..40).contains(&door) && !is_year
}

/// Whether figures that begin here are the beginning of a number, and of no model.
fn is_free_before(signs: &[char], at: usize) -> bool {
    let before = &signs[..at];
    let last = before.iter().rev().find(|one| !one.is_whitespace());
    let is_word = |one: &char| one.is_ascii_alphanumeric() || GOES_ON.contains(one);
    let is_tied = before
        .last()
        .is_some_and(|one| is_word(one) || DASHES.contains(one));
    // DS-2CD 3-101 is a model of a maker.
    let is_of_maker = last.is_some_and(char::is_ascii_alphabetic);
    let bare: Vec<char> = before
        .iter()
        .copied()
        .filter(|one| !one.is_whitespace())
        .collect();
    !is_tied && !is_of_maker && !ends_with(&bare, NO_DOOR_BEFORE)
}

/// Whether a number ends here, and none of these words stands behind it.
fn is_free_behind(signs: &[char], at: usize, words: &[&[&str]]) -> bool {
    let Some(next) = signs.get(at) else {
        return true;
    };
    let is_tied = next.is_ascii_alphanumeric() || GOES_ON.contains(next) || DASHES.contains(next);
    let mut found = words
        .iter()
        .filter_map(|words| word_length(&signs[at..], words));
    !is_tied && found.next().is_none()
}

/// Figures of a door behind those of house and unit: 3-101, 3-1-506; where they end.
fn figures(signs: &[char], at: usize) -> Option<usize> {
    if !signs[at].is_ascii_digit() || !is_free_before(signs, at) {
        return None;
    }
    let is_part = |one: &char| one.is_ascii_digit() || DASHES.contains(one);
    let length = signs[at..].iter().take_while(|one| is_part(one)).count();
    let end = at + length;
    let parts: Vec<&[char]> = signs[at..end].split(|one| DASHES.contains(one)).collect();
    let is_door = match parts.as_slice() {
        [house, room] => (1..=2).contains(&house.len()) && is_room(room),
        [house, unit, room] => {
            (1..=3).contains(&house.len()) && (1..=2).contains(&unit.len()) && is_room(room)
        }
        _ => false,
    };
    if !is_door {
        return None;
    }
    room_mark(signs, end).or_else(|| is_free_behind(signs, end, &[MODELS]).then_some(end))
}

/// A bare room behind the mark of a house or a unit: 3幢506, 1单元 506; where it ends. 12号 is a house
/// where a room stands behind it, and a day where a number of four digits does.
fn behind_house(signs: &[char], at: usize) -> Option<usize> {
    let is_digit = signs[at].is_ascii_digit() || NUMERALS.contains(signs[at]);
    let is_joint = |one: &char| " -,，、·".contains(*one);
    let before = &signs[..at];
    let gap = before.iter().rev().take_while(|one| is_joint(one)).count();
    let before = &before[..before.len() - gap];
    let mark = HOUSE_MARKS.iter().find(|mark| ends_with(before, &[mark]))?;
    let house = &before[..before.len() - mark.chars().count()];
    let is_house = house
        .last()
        .is_some_and(|one| one.is_ascii_alphanumeric() || is_numeral(*one));
    if !is_digit || !is_house {
        return None;
    }
    let digits = signs[at..]
        .iter()
        .take_while(|one| one.is_ascii_digit())
        .count();
    let is_door = match digits {
        0 => return room_behind_house(signs, at),
        length => {
            let digits = &signs[at..at + length];
            let text: String = digits.iter().collect();
            let is_called = EMERGENCY.contains(&text.as_str());
            is_room(digits) && !(*mark == "号" && (is_called || length > 3))
        }
    };
    let end = at + digits;
    let is_free = room_mark(signs, end)
        .or_else(|| is_free_behind(signs, end, &[MODELS, COUNTS]).then_some(end));
    is_door.then_some(is_free)?
}

/// Numerals of a room behind a house: 三幢五〇六.
fn room_behind_house(signs: &[char], at: usize) -> Option<usize> {
    let length = numerals(&signs[at..]);
    let end = at + length;
    (length > 0).then(|| {
        room_mark(signs, end)
            .or_else(|| is_free_behind(signs, end, &[MODELS, COUNTS]).then_some(end))
    })?
}

/// A home by where it lies: 三楼东户, 5层西室, 东边户; where it ends.
fn side(signs: &[char], at: usize) -> Option<usize> {
    let is_figure = |one: &char| one.is_ascii_digit() || is_numeral(*one);
    let is_begin = at == 0 || !is_figure(&signs[at - 1]);
    let figure = signs[at..].iter().take_while(|one| is_figure(one)).count();
    let floor = (figure > 0 && is_begin)
        .then(|| word_length(&signs[at + figure..], &["楼", "层"]))
        .flatten();
    let begin = at + floor.map_or(0, |mark| figure + mark);
    let side = word_length(&signs[begin..], SIDES)?;
    let word = word_length(&signs[begin + side..], SIDE_WORDS).unwrap_or(0);
    let mark = begin + side + word;
    let marks: &[&str] = match floor {
        Some(_) => &["户", "室", "套", "屋", "间"],
        None => &["户", "套"],
    };
    let end = mark + word_length(&signs[mark..], marks)?;
    let is_other = word_length(&signs[end..], NO_HOME).is_some()
        || at > 0 && floor.is_none() && NO_SIDE.contains(&signs[at - 1]);
    let is_sure =
        floor.is_some() || word > 0 || "东西南北".contains(signs[begin]) && signs[mark] == '户';
    (is_sure && !is_other).then_some(end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn doors_are_found_however_they_are_written() {
        for text in [
            "桃源新村3幢一〇一室漏水",
            "五百零六室",
            "叁零壹室漏水",
            "伍佰零陆室",
            "3-101",
            "桃源新村3-101烟感",
            "３－１０１门口",
            "2-1-506 漏水",
            "3-101室烟感",
            "桃源新村3幢506漏水",
            "1单元506烟感",
            "三幢五〇六烟感",
            "A座1203漏水",
            "平江路12号101漏水",
            "三楼东户断电",
            "5层西室",
            "3幢东边户",
            "西户烟感",
            "101室",
            "3-101天花板漏水",
            "3-101人员被困",
            "3幢101安装烟感",
        ] {
            assert!(tells_door(text), "{text}");
        }
    }

    #[test]
    fn models_measures_dates_and_other_words_are_no_doors() {
        for text in [
            "DS-2CD3-101",
            "海康3-101型烟感",
            "型号3-101",
            "型号 3-101",
            "V3-101烟感",
            "DS 3-101",
            "烟感3-101版",
            "3-101.5",
            "2026-04-101",
            "12-2026",
            "0512-6522",
            "65223-101-2026",
            "3-500米",
            "101-102",
            "讲座506人",
            "3幢101户停电",
            "3幢101人核酸",
            "3号110出警",
            "6号1030开会",
            "12号101路公交",
            "两室一厅",
            "审判二室烟感",
            "会议室烟感",
            "三楼东侧走廊",
            "东户外广场",
            "房东户口登记",
            "山东户籍",
            "南北户型",
            "三楼楼道灯",
            "平江路12号",
            "12-1号",
            "楼道灯不亮 2026-04-01",
            "一二三室内体育馆",
            "平江路14号13900000001",
            "3-13900000001",
        ] {
            assert!(!tells_door(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_looked_at_without_fear(text in "\\PC*|[0-9一〇百幢号室楼东户#A -]*") {
            let signs: Vec<char> = text.chars().map(half_width).collect();
            let found = doors(&signs);
            prop_assert!(found.iter().all(|(from, to)| from < to && *to <= signs.len()));
            prop_assert!(found.is_sorted_by(|a, b| a.1 <= b.0));
        }

        /// A door of a house stands out wherever it is written.
        #[test]
        fn a_door_is_found_between_words(house in 1_u32..100, floor in 1_u32..19, door in 1_u32..40) {
            let text = format!("桃源{house}-{floor}{door:02}漏水");
            prop_assert!(tells_door(&text), "{}", text);
        }
    }
}
