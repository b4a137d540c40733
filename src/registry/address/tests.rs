//! A corpus of ways to write addresses in Suzhou, Shanghai and Beijing. Ways and estates are
//! public; which door is meant is invented.

use proptest::prelude::*;

use super::*;

/// The parts as one line: `road=平江路 no=12`.
fn line(address: &Address) -> String {
    let mut words = Vec::new();
    let mut add = |key: &str, value: Option<String>| {
        words.extend(value.map(|value| format!("{key}={value}")));
    };
    add("prov", address.province.clone());
    add("city", address.city.clone());
    add("dist", address.district.clone());
    add("street", address.street.clone());
    add("comm", address.community.clone());
    add(
        "outer",
        (!address.outer.is_empty()).then(|| address.outer.join("+")),
    );
    add("road", address.road.clone());
    add("estate", address.estate.clone());
    add("lane", address.lane.map(Numbered::to_text));
    add("no", address.number.map(Numbered::to_text));
    add("bld", address.building.clone());
    add("unit", address.unit.clone());
    add("floor", address.floor.map(|floor| floor.to_string()));
    add("room", address.room.clone());
    add(
        "remark",
        (!address.remarks.is_empty()).then(|| address.remarks.join("+")),
    );
    add(
        "rest",
        (!address.rest.is_empty()).then(|| address.rest.join("+")),
    );
    words.join(" ")
}

fn names() -> CityNames {
    let ways = [
        "平江路",
        "桃坞河沿",
        "梧桐里",
        "石塔头",
        "庙堂前",
        "钮家巷",
        "悬桥巷",
    ];
    CityNames::new(ways, ["桃源新村", "艺圃"]).within(Some("江苏省"), Some("苏州市"))
}

/// Address and expected parts, with the names of a city.
const SUZHOU: &[(&str, &str)] = &[
    ("平江路12号", "road=平江路 no=12"),
    ("江苏省苏州市姑苏区", "prov=江苏省 city=苏州市 dist=姑苏区"),
    ("平江路 12 号", "road=平江路 no=12"),
    ("平江路１２号", "road=平江路 no=12"),
    ("平江路十二号", "road=平江路 no=12"),
    ("平江路12號", "road=平江路 no=12"),
    ("平江路12", "road=平江路 no=12"),
    ("平江路12#", "road=平江路 no=12"),
    (
        "苏州市姑苏区平江路12号",
        "city=苏州市 dist=姑苏区 road=平江路 no=12",
    ),
    (
        "江苏省苏州市姑苏区平江街道平江路12号",
        "prov=江苏省 city=苏州市 dist=姑苏区 street=平江街道 road=平江路 no=12",
    ),
    (
        "江苏苏州姑苏区平江路12号",
        "prov=江苏省 city=苏州市 dist=姑苏区 road=平江路 no=12",
    ),
    (
        "215005 江苏省苏州市姑苏区平江路12号",
        "prov=江苏省 city=苏州市 dist=姑苏区 road=平江路 no=12",
    ),
    (
        "平江街道钮家巷社区悬桥巷12号",
        "street=平江街道 comm=钮家巷社区 road=悬桥巷 no=12",
    ),
    (
        "金阊街道桃坞河沿 12号 301室",
        "street=金阊街道 road=桃坞河沿 no=12 room=301",
    ),
    (
        "金阊街道桃坞河沿 12号 2幢 301室",
        "street=金阊街道 road=桃坞河沿 no=12 bld=2 room=301",
    ),
    (
        "金阊街道桃源新村 3幢 101室",
        "street=金阊街道 estate=桃源新村 bld=3 room=101",
    ),
    (
        "桃源新村3栋一单元301室",
        "estate=桃源新村 bld=3 unit=1 room=301",
    ),
    (
        "桃源新村三幢一单元三〇一室",
        "estate=桃源新村 bld=3 unit=1 room=301",
    ),
    ("桃源新村3-1-301", "estate=桃源新村 bld=3 unit=1 room=301"),
    (
        "桃源新村3－1－301室",
        "estate=桃源新村 bld=3 unit=1 room=301",
    ),
    ("桃源新村3/301", "estate=桃源新村 bld=3 room=301"),
    (
        "桃源新村3号楼1单元301号",
        "estate=桃源新村 bld=3 unit=1 room=301",
    ),
    ("桃源新村3#301", "estate=桃源新村 bld=3 room=301"),
    ("桃源新村3#楼301", "estate=桃源新村 bld=3 room=301"),
    ("桃源新村第三幢301", "estate=桃源新村 bld=3 room=301"),
    (
        "桃源新村(东区)3幢301室",
        "estate=桃源新村东区 bld=3 room=301",
    ),
    ("桃源新村东区3幢301室", "estate=桃源新村东区 bld=3 room=301"),
    ("石塔头7号甲", "road=石塔头 no=7甲"),
    ("庙堂前甲7号", "road=庙堂前 no=7甲"),
    ("平江路12号之一", "road=平江路 no=12之1"),
    ("平江路12-1号", "road=平江路 no=12之1"),
    ("平江路12号-1", "road=平江路 no=12之1"),
    ("平江路12号附1号", "road=平江路 no=12之1"),
    ("平江路3-5号", "road=平江路 no=3-5"),
    ("平江路3至5号", "road=平江路 no=3-5"),
    ("平江路12-301", "road=平江路 no=12 room=301"),
    ("平江路12号2楼", "road=平江路 no=12 floor=2"),
    ("平江路12号二楼东户", "road=平江路 no=12 floor=2 room=东"),
    ("平江路12号（原门牌）", "road=平江路 no=12 remark=原门牌"),
    (
        "平江路12号(原钮家巷5号)301",
        "road=平江路 no=12 room=301 remark=原钮家巷5号",
    ),
    ("艺圃 1号", "estate=艺圃 no=1"),
    ("梧桐里支弄 3号", "road=梧桐里支弄 no=3"),
    ("梧桐里1弄 3号", "road=梧桐里 lane=1 no=3"),
    ("悬桥巷 12 号 302", "road=悬桥巷 no=12 room=302"),
    ("临顿路大儒巷12号", "outer=临顿路 road=大儒巷 no=12"),
    ("桃花坞大街176号", "road=桃花坞大街 no=176"),
    ("十全街655号", "road=十全街 no=655"),
    ("五卅路148号", "road=五卅路 no=148"),
    ("三元坊45号", "road=三元坊 no=45"),
    ("东中市12号", "road=东中市 no=12"),
    ("姑苏区西中市12号", "dist=姑苏区 road=西中市 no=12"),
    (
        "三香路1号苏州大厦A座1201室",
        "road=三香路 estate=苏州大厦 no=1 bld=A room=1201",
    ),
    (
        "彩香一村四区12幢304室",
        "estate=彩香一村四区 bld=12 room=304",
    ),
    ("彩香一村4区12幢304", "estate=彩香一村4区 bld=12 room=304"),
    (
        "人民路178号桃源新村3幢2单元201室",
        "road=人民路 estate=桃源新村 no=178 bld=3 unit=2 room=201",
    ),
    (
        "人民路178号3-2-201",
        "road=人民路 no=178 bld=3 unit=2 room=201",
    ),
    (
        "工业园区星湖街328号创意产业园5栋",
        "dist=工业园区 road=星湖街 estate=创意产业园 no=328 bld=5",
    ),
    (
        "昆山市玉山镇前进中路219号",
        "city=昆山市 street=玉山镇 road=前进中路 no=219",
    ),
    (
        "江苏省苏州市昆山市同丰路12号",
        "prov=江苏省 city=苏州市 dist=昆山市 road=同丰路 no=12",
    ),
    ("桃源新村3幢301A", "estate=桃源新村 bld=3 room=301A"),
    ("桃源新村3幢301-1室", "estate=桃源新村 bld=3 room=301-1"),
    ("桃源新村3幢0301室", "estate=桃源新村 bld=3 room=301"),
    ("桃源新村3幢3楼2室", "estate=桃源新村 bld=3 floor=3 room=2"),
    ("桃源新村3楼501", "estate=桃源新村 bld=3 room=501"),
    ("平江路12号地下1层", "road=平江路 no=12 floor=-1"),
];

/// Without any name known.
const ELSEWHERE: &[(&str, &str)] = &[
    (
        "上海市长宁区延安西路1538弄12号301室",
        "city=上海市 dist=长宁区 road=延安西路 lane=1538 no=12 room=301",
    ),
    (
        "延安西路1538弄12号楼301",
        "road=延安西路 lane=1538 bld=12 room=301",
    ),
    (
        "上海市静安区南京西路1515号2楼",
        "city=上海市 dist=静安区 road=南京西路 no=1515 floor=2",
    ),
    (
        "浦东新区世纪大道100号",
        "dist=浦东新区 road=世纪大道 no=100",
    ),
    (
        "虹口区三门路358弄3号",
        "dist=虹口区 road=三门路 lane=358 no=3",
    ),
    (
        "愚园路九百弄五号二〇三室",
        "road=愚园路 lane=900 no=5 room=203",
    ),
    (
        "愚园路900弄玫瑰花园5号203室",
        "road=愚园路 estate=玫瑰花园 lane=900 no=5 room=203",
    ),
    (
        "徐汇区田林街道田林十二村3号602",
        "dist=徐汇区 street=田林街道 estate=田林十二村 no=3 room=602",
    ),
    (
        "北京市东城区东四十条甲22号院3号楼2单元501",
        "city=北京市 dist=东城区 road=东四十条 no=22甲 bld=3 unit=2 room=501",
    ),
    (
        "北京市朝阳区和平里七区3楼2门501号",
        "city=北京市 dist=朝阳区 estate=和平里七区 bld=3 unit=2 room=501",
    ),
    (
        "海淀区中关村大街27号1101",
        "dist=海淀区 road=中关村大街 no=27 room=1101",
    ),
    (
        "西城区南锣鼓巷胡同15号",
        "dist=西城区 road=南锣鼓巷胡同 no=15",
    ),
    (
        "朝阳区建国路1号路5号",
        "dist=朝阳区 road=1号路 no=5 outer=建国路",
    ),
];

fn check(cases: &[(&str, &str)], names: &CityNames) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(text, expected)| {
            let found = line(&Address::parse(text, names));
            let sorted = |text: &str| {
                let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
                words.sort();
                words
            };
            (sorted(&found) != sorted(expected))
                .then(|| format!("{text}\n  found    {found}\n  expected {expected}"))
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn addresses_of_suzhou() {
    check(SUZHOU, &names());
}

#[test]
fn addresses_elsewhere() {
    check(ELSEWHERE, &CityNames::default());
}

#[test]
fn nothing_of_a_door_is_told_in_passing() {
    let address = Address::parse("平江路12号3幢2单元301室", &names());
    let told = format!("{address:?} {:?}", address.number);
    for part in ["12", "301", "平江", "3幢"] {
        assert!(!told.contains(part), "{told}");
    }
    assert!(told.contains("road") && told.contains("room"), "{told}");
}

#[test]
fn written_out_and_read_again() {
    for (text, _) in SUZHOU {
        let once = Address {
            remarks: Vec::new(),
            ..Address::parse(text, &names())
        };
        let again = Address::parse(&once.to_text(), &names());
        assert_eq!(line(&again), line(&once), "{text} as {}", once.to_text());
    }
}

proptest! {
    #[test]
    fn any_text_has_parts(text in "\\PC{0,60}") {
        let address = Address::parse(&text, &names());
        let _ = (address.to_text(), address.door(), format!("{address:?}"));
    }

    #[test]
    fn any_row_of_address_words_has_parts(
        words in proptest::collection::vec(
            proptest::sample::select(vec![
                "平江路", "桃源新村", "12", "号", "弄", "幢", "-", "之", "一", "十", "百", "甲", "单元",
                "室", "楼", "层", "(", ")", "原", "#", "第", "至", " ", "区", "市", "A", "附", "东", "地下",
                "99999999", "4294967295",
            ]),
            0..14,
        ),
    ) {
        let text = words.concat();
        let address = Address::parse(&text, &names());
        let _ = Address::parse(&address.to_text(), &CityNames::default());
    }
}
