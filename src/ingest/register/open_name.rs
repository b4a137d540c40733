//! Names of things as everybody may see them: without the door that they tell. Used by
//! [`super::open_text`]. What is cut is given back to nobody, and what stays is as
//! it was written.

use super::link::Linker;
use super::rooms::Rooms;
use super::told_door::{Span, doors};
use crate::base::half_width;
use crate::registry::address::Part;

/// What stands behind the figure of a unit or a room.
const DOOR_MARKS: &[&str] = &[
    "单元", "号室", "号房", "房间", "号门", "室", "房", "户", "门", "梯",
];
/// What makes a mark the front of another word: 3号门禁, 2户外灯, 1房产证.
const OTHER_WORDS: &[&str] = &[
    "禁", "口", "卫", "厅", "岗", "洞", "前", "外", "内", "锁", "磁", "产", "屋", "东", "型", "间",
];
/// What stands before the bare figures of a door: 2幢506, 12号1-301.
const HOUSE_MARKS: &[&str] = &["号楼", "幢", "栋", "座", "号", "弄", "#"];
/// What joins a door to what stands around it.
pub(super) const JOINTS: &[char] = &['-', '_', ' ', '·', '/', ',', '，', '、'];

/// A name without its door; `None` of one that tells none. A bare number is one where it is one of these
/// rooms.
pub(super) fn without_door(name: &str, rooms: &Rooms, linker: &Linker) -> Option<String> {
    let signs: Vec<char> = name.chars().collect();
    let plain: Vec<char> = signs.iter().copied().map(half_width).collect();
    let mut cut = marked_doors(&plain);
    cut.extend(doors(&plain));
    cut.extend(rooms.spans(&plain));
    let rest = || kept(&signs, &cut);
    if linker.parse(&rest()).has(Part::Room) {
        cut.extend(bare_doors(&plain));
    }
    if cut.is_empty() {
        return None;
    }
    cut.extend(floors(&plain, &cut));
    Some(kept(&signs, &cut))
}

/// A name without the bare numbers of these rooms; `None` of one that tells none.
pub(super) fn without_room(name: &str, rooms: &Rooms) -> Option<String> {
    let signs: Vec<char> = name.chars().collect();
    let plain: Vec<char> = signs.iter().copied().map(half_width).collect();
    let cut = rooms.spans(&plain);
    (!cut.is_empty()).then(|| kept(&signs, &cut))
}

/// What is left, with one joint where something was cut out between two.
fn kept(signs: &[char], cut: &[Span]) -> String {
    let mut text = String::new();
    let mut after_cut = false;
    for (at, sign) in signs.iter().enumerate() {
        if cut.iter().any(|(from, to)| (*from..*to).contains(&at)) {
            after_cut = true;
            continue;
        }
        let is_joint = JOINTS.contains(&half_width(*sign));
        if after_cut && is_joint && text.ends_with(|last| JOINTS.contains(&half_width(last))) {
            continue;
        }
        after_cut &= is_joint;
        text.push(*sign);
    }
    without_empty_brackets(&text)
}

/// Brackets that may stand around a door, opening and closing.
const BRACKETS: &[(char, char)] = &[
    ('(', ')'),
    ('（', '）'),
    ('[', ']'),
    ('【', '】'),
    ('「', '」'),
];

/// A text without brackets around nothing, and without what opens at its end or closes at its beginning:
/// what stood there was cut out.
pub(super) fn without_empty_brackets(text: &str) -> String {
    let is_joint = |one: char| JOINTS.contains(&half_width(one));
    let mut text = text.trim_matches(is_joint).to_owned();
    loop {
        let before = text.len();
        for (open, close) in BRACKETS {
            let signs: Vec<(usize, char)> = text.char_indices().collect();
            let empty = signs.iter().enumerate().find_map(|(at, (from, sign))| {
                let behind = signs[at + 1..].iter().find(|(_, one)| !is_joint(*one))?;
                let is_empty = half_width(*sign) == half_width(*open)
                    && half_width(behind.1) == half_width(*close);
                is_empty.then_some(*from..behind.0 + behind.1.len_utf8())
            });
            if let Some(range) = empty {
                text.replace_range(range, "");
            }
        }
        let opens = |one: char| BRACKETS.iter().any(|(open, _)| *open == one);
        let closes = |one: char| BRACKETS.iter().any(|(_, close)| *close == one);
        let end = text.trim_end_matches(|one| opens(one) || is_joint(one));
        text = end
            .trim_start_matches(|one| closes(one) || is_joint(one))
            .to_owned();
        if text.len() == before {
            return text;
        }
    }
}

fn starts_with(signs: &[char], word: &str) -> bool {
    let mut at = signs.iter();
    word.chars().all(|one| at.next() == Some(&one))
}

/// The figure that begins here, with letters and dashes inside: 506, B12, 1-301; how many signs it has.
fn figure(signs: &[char]) -> usize {
    let is_part = |one: &char| one.is_ascii_alphanumeric() || *one == '-';
    let length = signs.iter().take_while(|one| is_part(one)).count();
    let run = &signs[..length];
    let length = length - run.iter().rev().take_while(|one| **one == '-').count();
    let has_digit = run.iter().any(char::is_ascii_digit);
    if length > 0 && run[0] != '-' && has_digit {
        return length;
    }
    let is_numeral = |one: &char| "〇零一二三四五六七八九十".contains(*one);
    signs.iter().take_while(|one| is_numeral(one)).count()
}

/// Whether a figure may begin here: not within another one.
fn begins(signs: &[char], at: usize) -> bool {
    let before = at.checked_sub(1).map(|before| signs[before]);
    !before.is_some_and(|one| one.is_ascii_alphanumeric())
}

/// Units and rooms with their marks.
fn marked_doors(signs: &[char]) -> Vec<Span> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < signs.len() {
        let length = figure(&signs[at..]);
        if length == 0 || !begins(signs, at) {
            at += 1;
            continue;
        }
        let behind = at + length;
        let gap = signs[behind..]
            .iter()
            .take_while(|one| **one == ' ')
            .count();
        let rest = &signs[behind + gap..];
        let mark = DOOR_MARKS.iter().find(|mark| starts_with(rest, mark));
        let mark = mark.map(|mark| mark.chars().count());
        let is_other = |mark: usize| {
            OTHER_WORDS
                .iter()
                .any(|one| starts_with(&rest[mark..], one))
        };
        match mark.filter(|mark| !is_other(*mark)) {
            Some(mark) => {
                found.push((at, behind + gap + mark));
                at = behind + gap + mark;
            }
            None => at = behind,
        }
    }
    found
}

/// Bare figures right behind the mark of a house, and a second 号 at the end: 2幢506, 12号3号.
fn bare_doors(signs: &[char]) -> Vec<Span> {
    let mut found = Vec::new();
    for at in 1..signs.len() {
        let before = &signs[..at];
        let is_behind = |mark: &str| {
            let length = mark.chars().count();
            before.len() >= length && starts_with(&before[before.len() - length..], mark)
        };
        if !HOUSE_MARKS.iter().any(|mark| is_behind(mark)) {
            continue;
        }
        let is_joint = |one: &char| JOINTS.contains(one);
        let gap = signs[at..].iter().take_while(|one| is_joint(one)).count();
        let start = at + gap;
        let end = start + figure(&signs[start..]);
        let rest = &signs[end..];
        let is_house = HOUSE_MARKS.iter().any(|mark| starts_with(rest, mark));
        let is_last_number = starts_with(rest, "号") && rest.len() == 1;
        if end > start && (!is_house || is_last_number) {
            found.push((start, end + usize::from(is_last_number)));
        }
    }
    found
}

/// Floors beside a door: 5层506室, and 5楼506室 where that is the floor.
fn floors(signs: &[char], doors: &[Span]) -> Vec<Span> {
    let mut found = Vec::new();
    for (from, to) in doors {
        let room: String = signs[*from..*to].iter().collect();
        let gap = signs[..*from].iter().rev();
        let gap = gap.take_while(|one| JOINTS.contains(one)).count();
        let end = from - gap;
        let Some(mark) = end.checked_sub(1).map(|mark| signs[mark]) else {
            continue;
        };
        let digits = signs[..end - 1].iter().rev();
        let digits = digits.take_while(|one| one.is_ascii_digit()).count();
        let start = end - 1 - digits;
        let floor: String = signs[start..end - 1].iter().collect();
        let is_floor = mark == '层' || mark == '楼' && room.starts_with(&floor);
        if digits > 0 && is_floor {
            found.push((start, end));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cut(name: &str) -> String {
        let signs: Vec<char> = name.chars().map(half_width).collect();
        let mut cut = marked_doors(&signs);
        cut.extend(doors(&signs));
        cut.extend(floors(&signs, &cut));
        kept(&signs, &cut)
    }

    #[test]
    fn a_door_is_cut_out_and_the_rest_stays() {
        for (name, rest) in [
            ("桃源新村2幢506室烟感", "桃源新村2幢烟感"),
            ("桃源新村2幢506室-烟感", "桃源新村2幢-烟感"),
            ("桃源新村2幢1单元506室烟感", "桃源新村2幢烟感"),
            ("桃源新村2幢 - 506室 - 烟感", "桃源新村2幢 - 烟感"),
            ("桃源新村2幢5层506室烟感", "桃源新村2幢烟感"),
            ("2号楼5楼506室", "2号楼"),
            ("３单元楼道灯", "楼道灯"),
            ("平江路12号101室", "平江路12号"),
            ("会议室烟感", "会议室烟感"),
            ("3号门禁", "3号门禁"),
            ("1号楼2号电梯", "1号楼2号电梯"),
            ("5层楼道", "5层楼道"),
            ("桃源新村三楼东户烟感", "桃源新村烟感"),
            ("桃源新村3-101烟感", "桃源新村烟感"),
            ("桃源新村2幢一〇一室烟感", "桃源新村2幢烟感"),
            ("海康3-101型烟感", "海康3-101型烟感"),
            ("DS-2CD3-101", "DS-2CD3-101"),
            ("506室", ""),
            ("桃源新村3幢(506室)", "桃源新村3幢"),
            ("桃源新村3幢（1单元506室）烟感", "桃源新村3幢烟感"),
            ("桃源新村3幢(506室", "桃源新村3幢"),
            ("(506室)桃源新村", "桃源新村"),
            ("桃源新村3幢(东侧506室)", "桃源新村3幢(东侧)"),
            ("烟感(东侧)", "烟感(东侧)"),
            ("【506室】", ""),
        ] {
            assert_eq!(cut(name), rest, "{name}");
        }
    }

    proptest! {
        /// Whatever stands around it, a room is not left, and nothing but it is missing.
        #[test]
        fn a_room_is_never_left(before in "[幢楼桃源 -]{0,5}", room in 101_u32..2000, after in "[烟感 -]{0,5}") {
            let name = cut(&format!("{before}{room}室{after}"));
            prop_assert!(!crate::base::holds_room(&name), "{name}");
            let letters = |text: &str| text.chars().filter(|one| one.is_alphabetic()).count();
            prop_assert_eq!(letters(&name), letters(&before) + letters(&after));
        }

        #[test]
        fn any_text_is_cut_without_fear(name in "\\PC*|[0-9a-z:/ 室单元层楼幢号-]*") {
            let rest = cut(&name);
            prop_assert!(rest.chars().count() <= name.chars().count());
        }
    }
}
