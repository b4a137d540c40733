//! Words behind a house that are not understood belong to its door: nobody reads them in the open.

use super::{City, check_told, text};
use crate::command::pingjiang;
use pingjiang::access;

const WORDS: &[&str] = &[
    "轩辕破天",
    "13798760001",
    "低保户",
    "独居老人房",
    "王阿姨家灶间",
    "东厢房",
    "二进西间",
];

/// A register of homes in one house, each told by such words alone.
fn homes(key: bool) -> String {
    let rows = WORDS.iter().enumerate().map(|(at, word)| match key {
        true => format!("W{at},平江路12号{word},40\n"),
        false => format!("平江路12号{word},40\n"),
    });
    let rows: String = rows.collect();
    let head = if key {
        "房屋编号,房屋坐落,建筑面积\n"
    } else {
        "房屋坐落,建筑面积\n"
    };
    format!("{head}{rows}")
}

impl City {
    /// Whether the file of the city holds a text in clear.
    fn holds(&self, text: &str) -> bool {
        let bytes = std::fs::read(self.path()).unwrap();
        bytes
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    }

    fn search(&self, words: &str) -> String {
        let path = self.path();
        let output = pingjiang(&["query", path.to_str().unwrap(), "search", words]);
        text(&output.stdout)
    }
}

#[test]
fn the_open_address_of_a_dwelling_holds_its_house_and_nothing_else() {
    let city = City::new();
    let file = city.write("homes.csv", &homes(true));
    let told = city.import_quietly(&[&file]);
    check_told(
        &told,
        &[
            "dwelling     7 added",
            "column \"房屋坐落\": it holds words that are not understood as the place of a house",
        ],
    );
    let ground = city.ground();
    let clearance = access::for_keeping();
    for home in ground.dwellings.values() {
        assert_eq!(home.address, None);
        let door = home.door.open(&clearance).unwrap().into_owned();
        assert!(WORDS.contains(&door.as_str()), "{door}");
    }
    let found = city.search("平江路12号");
    for word in WORDS {
        assert!(!told.contains(word), "{word}: {told}");
        assert!(!city.holds(word), "{word}");
        assert!(!found.contains(word), "{word}: {found}");
        assert!(!city.search(word).contains("dwl-"), "{word}");
    }
    // Read again nothing changes, and somebody is found behind that door.
    check_told(
        &city.import_quietly(&[&file]),
        &[": 0 added, 0 updated, 0 removed, "],
    );
    let people = city.write(
        "people.csv",
        "姓名,身份证号,现住址\n测试甲,000000194001011237,平江路12号东厢房\n测试乙,000000194001011253,平江路12号西厢房\n",
    );
    city.import(&[&people]);
    assert!(city.resident("测试甲").dwelling.is_some());
    assert_eq!(city.resident("测试乙").dwelling, None);
}

#[test]
fn homes_without_keys_are_known_again_by_their_words() {
    let city = City::new();
    let file = city.write("homes.csv", &homes(false));
    city.import_quietly(&[&file]);
    let before = city.ground().dwellings;
    assert_eq!(before.len(), WORDS.len());
    city.import_quietly(&[&file]);
    assert_eq!(city.ground().dwellings, before);
}

#[test]
fn words_before_a_house_are_not_open_either_and_estates_stay() {
    let city = City::new();
    let table = "房屋编号,房屋坐落,经度,纬度\n\
                 A,轩辕破天平江路14号101室,120.63025,31.31005\n\
                 B,轩辕破天3幢101室,120.63045,31.31005\n\
                 C,平江路14号苏州大厦102室,120.63025,31.31005\n\
                 D,平江路14号137-9876-0001,120.63025,31.31005\n";
    city.import_quietly(&[&city.write("homes.csv", table)]);
    let ground = city.ground();
    let of = |key: &str| {
        let one = ground.dwellings.values().find(|one| one.source.key == key);
        one.unwrap().address.clone().unwrap_or_default()
    };
    assert_eq!((of("A"), of("B"), of("D")), Default::default());
    assert_eq!(of("C"), "平江路14号苏州大厦");
    assert!(!city.holds("轩辕破天") && !city.holds("9876"));
}

#[test]
fn a_dwelling_that_stood_with_its_words_in_the_open_is_renewed() {
    let city = City::new();
    let file = city.write("homes.csv", &homes(true));
    city.import_quietly(&[&file]);
    let before = city.ground().dwellings;
    let open = "UPDATE dwelling SET address = '平江路12号轩辕破天' WHERE source_key = 'W0'";
    let connection = rusqlite::Connection::open(city.path()).unwrap();
    assert_eq!(connection.execute(open, []).unwrap(), 1);
    drop(connection);
    assert_ne!(city.ground().dwellings, before);
    check_told(
        &city.import_quietly(&[&file]),
        &[": 0 added, 1 updated, 0 removed, "],
    );
    assert_eq!(city.ground().dwellings.len(), before.len());
    assert!(
        city.ground()
            .dwellings
            .values()
            .all(|one| one.address.is_none())
    );
    assert!(
        before
            .keys()
            .all(|id| city.ground().dwellings.contains_key(id))
    );
}

#[test]
fn a_camera_called_by_its_address_tells_where_it_hangs_and_no_other_words() {
    let city = City::new();
    let rows = [
        "平江路12号王阿姨家门口",
        "平江路12号轩辕破天家",
        "平江路12号东厢房",
        "平江路12号东侧大门口",
        "平江路与大儒巷交叉口",
        "王阿姨家门口",
    ];
    let rows = rows.iter().enumerate();
    let rows: String = rows
        .map(|(at, address)| format!("C{at},枪机,90,{address},120.63,31.3099\n"))
        .collect();
    let table = format!("摄像机编号,摄像机类型,朝向,安装地址,经度,纬度\n{rows}");
    let told = city.import_quietly(&[&city.write("cameras.csv", &table)]);
    check_told(&told, &["taken without them (row 2, row 3, row 4, row 7)"]);
    let ground = city.ground();
    let name = |key: &str| {
        let one = ground.cameras.values().find(|one| one.source.key == key);
        one.unwrap().name.clone()
    };
    let names = ["C0", "C1", "C2", "C3", "C4", "C5"].map(name);
    assert_eq!(
        names,
        [
            "平江路12号",
            "平江路12号",
            "平江路12号",
            "平江路12号东侧大门口",
            "平江路与大儒巷交叉口",
            "C5"
        ]
    );
    assert!(!city.holds("王阿姨") && !city.holds("轩辕"));
}
