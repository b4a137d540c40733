//! What stands before the first number of an address: areas of administration from large to small,
//! then ways and estates.
//! Used by the parser. Never reads a number.

use super::Address;
use super::facts::{CityNames, Known};
use super::words::{BARE_WAYS, ESTATES_WITHIN, WAYS, is_estate, is_way, starts};

/// A level of administration: how its names end, how long a name may be with its ending, and what
/// must not follow, because then the word goes on (市场, 区府路).
struct Level {
    endings: &'static [&'static str],
    most: usize,
    not_before: &'static [&'static str],
}

/// From province to community; endings longest first.
const LEVELS: [Level; 5] = [
    Level {
        endings: &["自治区", "省"],
        most: 8,
        not_before: &["府", "道"],
    },
    Level {
        endings: &["自治州", "地区", "市"],
        most: 8,
        not_before: &["场", "政", "民", "府", "桥", "口", "中心"],
    },
    Level {
        endings: &["开发区", "园区", "区", "县", "市", "旗"],
        most: 9,
        not_before: &[
            "域", "间", "府", "政", "前", "学", "城", "场", "民", "街", "后",
        ],
    },
    Level {
        endings: &["街道办事处", "街道", "镇", "乡"],
        most: 8,
        not_before: &["路", "街", "江", "政", "大道", "愁", "会"],
    },
    Level {
        endings: &[
            "社区居民委员会",
            "社区居委会",
            "居民委员会",
            "村民委员会",
            "居委会",
            "村委会",
            "社区",
            "居委",
        ],
        most: 13,
        not_before: &["服务", "卫生", "医院", "中心", "活动"],
    },
];

/// The level from which on names may hold the word of a way: 钮家巷社区, 石路街道.
const FROM_STREETS: usize = 3;

/// Words that end in 区 and are no district: parts of estates.
const NO_DISTRICTS: &[&str] = &[
    "小区",
    "社区",
    "生活区",
    "宿舍区",
    "住宅区",
    "家属区",
    "别墅区",
    "景区",
    "街区",
    "厂区",
    "校区",
    "科技园区",
    "产业园区",
];

/// Reads the names that stand before the first number. `numbered` tells that a number follows.
pub(super) fn read(names: &[String], numbered: bool, facts: &CityNames, into: &mut Address) {
    // Behind a city 昆山市 is a district.
    let mut rank = if into.city.is_some() { 2 } else { 0 };
    for (place, name) in names.iter().enumerate() {
        let chars: Vec<char> = name.chars().collect();
        let spans = known_spans(&chars, facts);
        let limit = spans.first().map_or(chars.len(), |span| span.0);
        let is_last = numbered && place + 1 == names.len() && spans.is_empty();
        let stem = stems(&chars[..limit], facts);
        let mut at = stem + areas(&chars[stem..limit], &mut rank, is_last, into);
        for (start, end, known) in spans {
            let start = start - usize::from(makes_another(&chars[at..start]));
            unknown(&chars[at..start], into);
            let end = end + branch(&chars[end..]);
            let text: String = chars[start..end].iter().collect();
            match known {
                Known::Way => into.take_way(text),
                Known::Estate => into.take_estate(text),
            }
            at = end;
        }
        unknown(&chars[at..], into);
    }
}

/// Where known names stand. A name that is only the front of an area's is none: 钮家巷社区.
fn known_spans(chars: &[char], facts: &CityNames) -> Vec<(usize, usize, Known)> {
    let mut spans = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let found = facts.at(&chars[at..]).filter(|(length, _)| {
            let rest = &chars[at + length..];
            let area = ["社区", "街道", "道", "居委", "居民委"];
            !area.iter().any(|word| starts(rest, word))
        });
        if let Some((length, known)) = found {
            spans.push((at, at + length, known));
            at += length;
        } else {
            at += 1;
        }
    }
    spans
}

/// What before a known name makes it another one: 西扇骨弄, 新桃源新村.
const MAKES_ANOTHER: &[char] = &[
    '东', '西', '南', '北', '中', '大', '小', '新', '老', '旧', '上', '下', '前', '后', '内', '外',
];

/// Whether the last sign before a known name belongs to it, so that another way or estate is meant: it
/// stands alone there, or behind a name that ends.
fn makes_another(before: &[char]) -> bool {
    let Some((last, front)) = before.split_last() else {
        return false;
    };
    let front: String = front.iter().collect();
    MAKES_ANOTHER.contains(last) && (front.is_empty() || is_way(&front) || is_estate(&front))
}

/// A branch of a known lane is a way of its own: 支弄 behind 梧桐里.
fn branch(rest: &[char]) -> usize {
    let end = (1..=3).find(|length| {
        rest.get(..*length)
            .is_some_and(|text| is_way(&text.iter().collect::<String>()))
    });
    let branches = rest
        .first()
        .is_some_and(|one| "支东西南北中后前".contains(*one));
    end.filter(|length| branches && *length > 1).unwrap_or(0)
}

/// How many characters name province and city without 省 and 市.
fn stems(chars: &[char], facts: &CityNames) -> usize {
    let mut at = 0;
    for stem in facts.stems() {
        let length = stem.chars().count();
        let rest = chars.get(at + length..).unwrap_or_default();
        let whole = rest.first().is_some_and(|one| matches!(one, '省' | '市'));
        // 苏州河路 and 苏州大学 begin with the city's name and mean something else.
        if starts(&chars[at..], stem) && !whole && (rest.is_empty() || begins_area(rest)) {
            at += length;
        }
    }
    at
}

/// Whether an area of administration or the name of a city begins here.
fn begins_area(rest: &[char]) -> bool {
    (1..rest.len().min(8)).any(|at| {
        LEVELS[1..4]
            .iter()
            .any(|level| level.endings.iter().any(|word| starts(&rest[at..], word)))
    })
}

/// Takes areas from the front; answers where they end.
fn areas(chars: &[char], rank: &mut usize, is_last: bool, into: &mut Address) -> usize {
    let mut from = 0;
    while let Some((level, end)) = next_area(&chars[from..], *rank) {
        let rest = &chars[from + end..];
        // 西中市 is a street of shops: something must be left for the number to stand on.
        if rest.is_empty() && is_last && into.road.is_none() && into.estate.is_none() {
            break;
        }
        into.take_area(level, chars[from..from + end].iter().collect());
        *rank = level + 1;
        from += end;
    }
    from
}

/// The area that ends first: its level and its length.
fn next_area(chars: &[char], rank: usize) -> Option<(usize, usize)> {
    for at in 1..chars.len() {
        for (level, words) in LEVELS.iter().enumerate().skip(rank) {
            let ending = words.endings.iter().find(|word| starts(&chars[at..], word));
            let Some(ending) = ending else { continue };
            let end = at + ending.chars().count();
            let rest = &chars[end..];
            let name: String = chars[..end].iter().collect();
            let goes_on = words.not_before.iter().any(|word| starts(rest, word));
            let is_part = level == 2 && is_part_of_estate(&name);
            let has_way =
                level < FROM_STREETS && chars[1..at].iter().any(|one| "路街巷弄".contains(*one));
            let rest: String = rest.iter().collect();
            let is_front = BARE_WAYS.contains(&rest.as_str());
            if end <= words.most && !goes_on && !is_part && !has_way && !is_front {
                return Some((level, end));
            }
        }
    }
    None
}

/// Whether 区 ends the name of a part of an estate: 桃源新村东区, and 东区 alone, which 吴中区 is not.
fn is_part_of_estate(name: &str) -> bool {
    NO_DISTRICTS.iter().any(|word| name.ends_with(word))
        || ESTATES_WITHIN.iter().any(|word| name.contains(word))
        || ["东区", "西区", "南区", "北区", "中区"].contains(&name)
}

/// Takes a text of which no name is known apart by the words of ways and estates.
fn unknown(chars: &[char], into: &mut Address) {
    let mut from = 0;
    while let Some((length, is_way)) = next_name(&chars[from..]) {
        let text: String = chars[from..from + length].iter().collect();
        if is_way {
            into.take_way(text);
        } else {
            into.take_estate(text);
        }
        from += length;
    }
    let rest: String = chars[from..].iter().collect();
    match rest.as_str() {
        "" => {}
        name if is_way(name) => into.take_way(rest),
        name if is_estate(name) || into.road.is_some() => into.take_estate(rest),
        _ => into.take_way(rest),
    }
}

/// The next name behind which another one follows: its length, and whether it is a way.
fn next_name(chars: &[char]) -> Option<(usize, bool)> {
    let endings = |words: &'static [&'static str], way| words.iter().map(move |word| (word, way));
    for at in 1..chars.len() {
        let mut all = endings(WAYS, true).chain(endings(ESTATES_WITHIN, false));
        let Some((ending, way)) = all.find(|(word, _)| starts(&chars[at..], word)) else {
            continue;
        };
        let end = at + ending.chars().count();
        let rest = &chars[end..];
        let text: String = rest.iter().collect();
        let goes_on = ["坊", "区", "道", "口", "边", "堂", "里"]
            .iter()
            .any(|word| starts(rest, word));
        if rest.len() > 1 && !goes_on && !BARE_WAYS.contains(&text.as_str()) {
            return Some((end, way));
        }
    }
    None
}
