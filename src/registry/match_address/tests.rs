//! Addresses against a small register, and against one in which every door is found again.

use proptest::prelude::*;

use super::*;
use crate::registry::address::CityNames;

fn names() -> CityNames {
    CityNames::new(
        ["平江路", "梧桐里", "大儒巷", "人民路", "延安西路"],
        ["桃源新村", "柳带新村"],
    )
}

fn parse(text: &str) -> Address {
    Address::parse(text, &names())
}

fn index(addresses: &[&str]) -> AddressIndex<usize> {
    AddressIndex::build(addresses.iter().map(|text| parse(text)).enumerate())
}

const REGISTER: &[&str] = &[
    "金阊街道平江路12号 101室",
    "金阊街道平江路12号 102室",
    "金阊街道平江路14号 101室",
    "金阊街道桃源新村3幢1单元301室",
    "金阊街道桃源新村3幢2单元301室",
    "金阊街道桃源新村3幢2单元302室",
    "金阊街道人民路178号桃源新村5幢201室",
    "平江街道大儒巷7号甲",
    "延安西路1538弄12号301室",
    "金阊街道梧桐里3-7号 101室",
    "平江街道梧桐里20号 101室",
];

/// `=3 0.95`: linked to 3; `?3,4`: ambiguous; `!3 room differs`: unmatched, best is 3; `!`: none.
fn check(text: &str, expected: &str) {
    let told = match index(REGISTER).find(&parse(text), &MatchRules::default()) {
        Outcome::Linked(one) => format!("={} {:.2}", one.key, one.score),
        Outcome::Ambiguous(list) => {
            let keys: Vec<_> = list.iter().map(|one| one.key.to_string()).collect();
            format!("?{}", keys.join(","))
        }
        Outcome::Unmatched(Some(best)) => {
            let reasons: Vec<_> = best.reasons.iter().map(Reason::text).collect();
            format!("!{} {}", best.key, reasons.join(", "))
        }
        Outcome::Unmatched(None) => "!".to_owned(),
    };
    assert_eq!(told, expected, "{text}");
}

#[test]
fn what_is_told_in_other_words_is_found() {
    check("平江路12号101", "=0 1.00");
    check("江苏省苏州市姑苏区金阊街道平江路１２號101室", "=0 1.00");
    check("桃源新村3-2-302", "=5 1.00");
    check("桃源新村三栋二单元302室", "=5 1.00");
    check("桃源新村3幢302", "=5 0.95");
    check("桃源新村5幢201室", "=6 0.98");
    check("人民路178号5幢201", "=6 0.99");
    check("大儒巷甲7号", "=7 1.00");
    check("延安西路12号301", "=8 0.90");
    check("梧桐里5号101室", "=9 0.95");
    check("桃源新村5号201室", "=6 0.95");
    check("桃源新村5号201室内", "=6 0.90");
    check("大儒巷7号 甲", "=7 1.00");
}

#[test]
fn what_is_ambiguous_is_told_and_not_linked() {
    check("平江路12号", "?0,1");
    check("桃源新村3幢301", "?3,4");
    check(
        "平江路12号(原门牌)",
        "!0 number of an older numbering, room missing",
    );
}

#[test]
fn another_door_is_never_linked() {
    check("平江路12号103", "!0 room differs");
    check("平江路13号101", "!");
    check("桃源新村3幢3单元301", "!3 unit differs");
    check("桃源新村9幢301", "!");
    check("平江路12号101室西", "!0 rest not understood");
    check("大儒巷7号", "!7 number differs");
    check("梧桐里9号101室", "!");
    check("平江街道平江路12号101", "!0 street differs");
    check("桃坞街道平江路12号101", "=0 0.90");
    check("平江里12号101", "!0 road is spelt otherwise");
    check("观前街12号101", "!");
    check("", "!");
}

#[test]
fn what_is_told_twice_counts_once_and_otherwise_is_never_linked() {
    check("平江路12号101室 101室", "=0 1.00");
    check("桃源新村3幢1单元301室 1单元 301室", "=3 1.00");
    check("桃源新村3幢2单元302室 桃源新村3幢", "=5 1.00");
    check("桃源新村3幢1单元 3-301室", "=3 1.00");
    check("平江路12号 12-101", "=0 1.00");
    check("平江路12号101室 102室", "?0,1");
    check("桃源新村3幢1单元2单元301室", "?3,4");
    check("平江路12号101室 9室", "?0");
    check(
        "平江路12号8室 9室",
        "!0 room differs, room told twice, and not the same",
    );
}

#[test]
fn another_district_contradicts_once_the_register_tells_its_own() {
    let home = parse("江苏省苏州市姑苏区");
    let at_home = |text: &&str| parse(text).or_areas_of(&home);
    let index = AddressIndex::build(REGISTER.iter().map(at_home).enumerate());
    let linked = |text| index.find(&parse(text), &MatchRules::default()).linked();
    assert_eq!(linked("苏州市姑苏区平江路12号101"), Some(0));
    for elsewhere in ["吴中区平江路12号101", "昆山市平江路12号101"] {
        assert_eq!(
            linked(elsewhere),
            None,
            "{elsewhere}: {:?}",
            parse(elsewhere)
        );
    }
}

#[test]
fn a_dwelling_registered_twice_is_ambiguous_and_once_under_two_addresses_is_not() {
    let twice = index(&["平江路12号101室", "平江路12号101"]);
    let found = twice.find(&parse("平江路12号101"), &MatchRules::default());
    assert!(matches!(found, Outcome::Ambiguous(list) if list.len() == 2));
    let both = ["平江路12号101室", "大儒巷3号101室"].map(|text| (7, parse(text)));
    let found = AddressIndex::build(both).find(&parse("大儒巷3号101"), &MatchRules::default());
    assert_eq!(found.linked(), Some(7));
}

/// A register in which doors, units, buildings and numbers run in rows.
fn town() -> Vec<String> {
    let mut all = Vec::new();
    for number in 1..9 {
        for door in [101, 102, 201] {
            all.push(format!("金阊街道平江路{number}号{door}室"));
        }
        all.push(format!("金阊街道大儒巷{number}号甲"));
        all.push(format!("金阊街道大儒巷{number}号"));
    }
    for building in 1..5 {
        for unit in 1..3 {
            for door in [101, 102, 201, 202, 301] {
                all.push(format!(
                    "金阊街道人民路{}号桃源新村{building}幢{unit}单元{door}室",
                    170 + building
                ));
            }
        }
    }
    for lane in [900, 902] {
        for number in 1..4 {
            all.push(format!("延安西路{lane}弄{number}号{}室", 300 + number));
        }
    }
    all
}

/// A number in Chinese numerals, digit by digit from 100 on.
fn chinese(number: u32) -> String {
    let digits = ["〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    if number < 10 {
        return digits[number as usize].to_owned();
    }
    if (10..20).contains(&number) {
        return format!(
            "十{}",
            if number == 10 {
                ""
            } else {
                digits[(number - 10) as usize]
            }
        );
    }
    number
        .to_string()
        .bytes()
        .map(|digit| digits[usize::from(digit - b'0')])
        .collect()
}

/// One of the ways to write the same address. `ways` holds a yes or no for each change.
fn rewritten(text: &str, ways: &[bool]) -> String {
    let mut text = text.to_owned();
    if ways[0] {
        text = text.replace("金阊街道", "");
    }
    if ways[1] {
        text = format!("江苏省苏州市姑苏区{text}");
    }
    if ways[2] {
        text = text.replace('幢', "栋");
    }
    if ways[3] {
        text = text.replace('室', "");
    }
    if ways[4] {
        text = text.replace('号', "號").replace("单元", "單元");
    }
    if ways[5] {
        text = in_chinese(&text);
    }
    if ways[6] {
        text = text
            .chars()
            .map(|one| match one {
                '0'..='9' => char::from_u32(one as u32 - '0' as u32 + 0xFF10).unwrap(),
                one => one,
            })
            .collect();
    }
    if ways[7] {
        text = text
            .replace('号', " 号 ")
            .replace('幢', "幢　")
            .replace('栋', " 栋");
    }
    if ways[8] {
        text = text.replace("号", "号,").replace("单元", "单元，");
    }
    text
}

/// With every number that has its mark behind it in Chinese numerals.
fn in_chinese(text: &str) -> String {
    let mut out = String::new();
    let mut digits = String::new();
    for one in text.chars().chain(['\n']) {
        if one.is_ascii_digit() {
            digits.push(one);
            continue;
        }
        if !digits.is_empty() {
            let plain = std::mem::take(&mut digits);
            let marked = "号弄幢栋单室".contains(one);
            out.push_str(&if marked {
                chinese(plain.parse().unwrap())
            } else {
                plain
            });
        }
        out.push(one);
    }
    out.trim_end().to_owned()
}

proptest! {
    #[test]
    fn every_dwelling_is_found_however_its_address_is_written(
        pick in any::<proptest::sample::Index>(),
        ways in proptest::collection::vec(any::<bool>(), 9),
    ) {
        let town = town();
        let addresses: Vec<&str> = town.iter().map(String::as_str).collect();
        let place = pick.index(town.len());
        let text = rewritten(&town[place], &ways);
        let found = index(&addresses).find(&parse(&text), &MatchRules::default());
        prop_assert_eq!(found.linked(), Some(place), "{} as {}: {:?}", &town[place], text, found);
    }

    #[test]
    fn a_wrong_room_is_never_linked(
        pick in any::<proptest::sample::Index>(),
        wrong in 1_u32..1_500,
        ways in proptest::collection::vec(any::<bool>(), 9),
    ) {
        let town = town();
        let addresses: Vec<&str> = town.iter().map(String::as_str).collect();
        let original = &town[pick.index(town.len())];
        prop_assume!(original.ends_with('室'));
        let cut = original.trim_end_matches('室').trim_end_matches(|one: char| one.is_ascii_digit());
        let changed = format!("{cut}{wrong}室");
        let expected = town.iter().position(|one| *one == changed);
        let text = rewritten(&changed, &ways);
        let found = index(&addresses).find(&parse(&text), &MatchRules::default());
        prop_assert_eq!(found.linked(), expected, "{}", text);
    }

    #[test]
    fn any_address_has_an_outcome(text in "\\PC{0,40}") {
        let town = town();
        let addresses: Vec<&str> = town.iter().map(String::as_str).collect();
        let _ = index(&addresses).find(&parse(&text), &MatchRules::default());
    }
}
