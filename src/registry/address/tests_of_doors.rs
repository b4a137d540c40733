//! Doors that are no flats, doors of old houses, floors against rooms, and ways whose names go on.

use super::*;

fn names() -> CityNames {
    CityNames::new(["扇骨弄", "平江路", "桃路"], ["桃源新村"])
        .within(Some("江苏省"), Some("苏州市"))
}

fn parse(text: &str) -> Address {
    Address::parse(text, &names())
}

fn door(text: &str) -> String {
    parse(text).door().unwrap_or_default()
}

#[test]
fn what_is_no_flat_has_a_door_of_its_own() {
    for (text, expected) in [
        ("桃源新村8幢403车库", "403车库"),
        ("桃源新村8幢车库403", "403车库"),
        ("桃源新村8幢1单元403室车库", "403车库"),
        ("桃源新村8幢404阁楼", "404阁楼"),
        ("桃源新村8幢101地下室", "101地下室"),
        ("桃源新村8幢自行车库101", "101自行车库"),
        ("桃源新村8幢底商101", "101铺"),
        ("桃源新村8幢101铺", "101铺"),
        ("桃源新村8幢101门面", "101铺"),
        ("桃源新村8幢3号车库", "3车库"),
        ("桃源新村8幢车库", "车库"),
        ("桃源新村8幢101室（车库）", "101车库"),
        ("桃源新村8幢101室一楼车库", "101车库"),
        ("扇骨弄7号101室夹层", "101夹层"),
        ("扇骨弄7号101室违建", "101违建"),
        ("扇骨弄7号 101(搭建)", "101违建"),
        ("扇骨弄7号101室临", "101临"),
        ("扇骨弄7号临101室", "临101"),
        ("桃源新村8幢地下101室", "负101"),
        ("桃源新村8幢-101室", "负101"),
        ("桃源新村8幢1单元-101", "负101"),
        ("桃源新村8幢负101", "负101"),
        ("桃源新村8幢负一层101室", "负101"),
        ("桃源新村8幢地下1层2室", "负102"),
        ("桃源新村8幢负101车库", "负101车库"),
    ] {
        assert_eq!(door(text), expected, "{text}");
        let again = parse(&parse(text).to_text());
        assert_eq!(again.door().unwrap_or_default(), expected, "{text} again");
    }
    assert_eq!(parse("桃源新村8幢负101").floor, Some(-1));
    assert_eq!(
        parse("扇骨弄临7号")
            .number
            .map(Numbered::to_text)
            .as_deref(),
        Some("7临")
    );
}

#[test]
fn a_flat_stays_one() {
    for text in [
        "桃源新村8幢101室",
        "桃源新村8-101",
        "桃源新村8幢101室内",
        "桃源新村8幢101室带车库",
        "桃源新村8幢-1单元-101室",
        "桃源新村8幢1单元101室（空关）",
        "平江路12号101",
        "桃源新村8幢101门口",
    ] {
        assert_eq!(door(text), "101", "{text}");
    }
    assert_eq!(door("桃源新村8幢-301室"), "301");
    assert_eq!(door("桃源新村8幢3012室"), "3012");
}

#[test]
fn words_behind_a_house_tell_a_door_and_no_estate() {
    for (text, words) in [
        ("扇骨弄7号东厢房", "东厢房"),
        ("扇骨弄7号（东厢房）", "东厢房"),
        ("扇骨弄7号二进西间", "二进西间"),
        ("扇骨弄7号轩辕破天", "轩辕破天"),
        ("扇骨弄7号13798760001", "13798760001"),
        ("扇骨弄7号低保户", "低保户"),
        ("扇骨弄7号独居老人房", "独居老人房"),
        ("扇骨弄7号王阿姨家灶间", "王阿姨家灶间"),
        ("扇骨弄7号302室租户", "租户"),
    ] {
        let address = parse(text);
        assert_eq!(address.within.concat(), words, "{text}");
        assert_eq!(address.estate, None, "{text}");
        assert!(address.house().within.is_empty(), "{text}");
    }
    for text in [
        "平江路12号桃源新村3幢",
        "平江路12号苏州大厦",
        "平江路12号金色年华3幢201室",
        "平江路12号金色年华3-201",
    ] {
        assert!(parse(text).within.is_empty(), "{text}");
        assert!(parse(text).estate.is_some(), "{text}");
    }
}

#[test]
fn a_floor_that_is_not_the_rooms_contradicts_it() {
    for text in [
        "桃源新村8幢1楼601",
        "桃源新村8幢4楼505",
        "平江路12号2层501室",
    ] {
        let address = parse(text);
        assert_eq!(address.also.len(), 1, "{text}");
        assert_eq!(address.readings().len(), 1, "{text}");
        assert!(address.house().also.is_empty(), "{text}");
    }
    for text in [
        "桃源新村8幢6楼601",
        "桃源新村8幢6楼1室",
        "桃源新村8幢10楼1001",
        "桃源新村8幢3楼3012",
        "桃源新村8幢101室一楼车库",
        "桃源新村3楼501",
    ] {
        assert!(parse(text).also.is_empty(), "{text}");
    }
}

#[test]
fn a_sign_before_a_known_name_makes_it_another() {
    for (text, road) in [
        ("西扇骨弄7号101室", "西扇骨弄"),
        ("金阊街道北扇骨弄7号", "北扇骨弄"),
        ("平江路小扇骨弄7号", "小扇骨弄"),
        ("南桃路43号", "南桃路"),
        ("苏州市扇骨弄7号", "扇骨弄"),
        ("平江路扇骨弄7号", "扇骨弄"),
    ] {
        assert_eq!(parse(text).road.as_deref(), Some(road), "{text}");
    }
    assert_eq!(parse("新桃源新村8幢").estate.as_deref(), Some("新桃源新村"));
}

#[test]
fn names_of_places_are_told_from_words_about_homes() {
    for name in [
        "桃源新村",
        "苏州大厦",
        "彩香一村",
        "彩香一村四区",
        "桃源新村东区",
        "玫瑰花园",
    ] {
        assert!(names_estate(name), "{name}");
    }
    for name in [
        "李府",
        "后院",
        "王家大院",
        "东厢房",
        "轩辕破天",
        "13798760001小区",
    ] {
        assert!(!names_estate(name), "{name}");
    }
    assert!(names_way("平江路") && !names_way("轩辕破天"));
}
