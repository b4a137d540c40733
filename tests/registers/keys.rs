//! Keys that registers give their records, which everybody may see: none tells a door, a name or a
//! number, and the same key is the same record again.

use super::{City, check_told, data};

fn holds(city: &City, text: &str) -> bool {
    let bytes = std::fs::read(city.path()).unwrap();
    bytes
        .windows(text.len())
        .any(|part| part == text.as_bytes())
}

fn event_keys(city: &City) -> Vec<String> {
    let ground = city.ground();
    let mut keys: Vec<String> = ground
        .events
        .values()
        .map(|one| one.source.key.clone())
        .collect();
    keys.sort_by_key(String::len);
    keys
}

#[test]
fn a_key_of_a_dwelling_that_tells_its_door_is_a_fingerprint_and_stays_the_same_record() {
    let city = City::new();
    let table = "房屋编号,房屋地址,建筑面积\n\
                 桃源新村3-601,桃源新村3幢1单元601室,60\n\
                 3-602,桃源新村3幢1单元602室,60\n\
                 603,桃源新村3幢1单元603室,60\n\
                 D604,桃源新村3幢1单元604室,60\n\
                 D7,桃源新村3幢1单元605室,60\n";
    let path = city.write("homes.csv", table);
    let told = city.import_quietly(&[&path]);
    check_told(
        &told,
        &["dwelling     5 added", "dwellings: 4 keys tell a door"],
    );
    for key in ["桃源新村3-601", "3-602", "D604"] {
        assert!(!holds(&city, key), "{key}");
    }
    let ground = city.ground();
    let keys: Vec<_> = ground
        .dwellings
        .values()
        .map(|one| &one.source.key)
        .collect();
    assert!(keys.iter().any(|key| *key == "D7"));
    assert_eq!(keys.iter().filter(|key| key.len() == 32).count(), 4);
    let told = city.import_quietly(&[&path]);
    check_told(
        &told,
        &["dwelling     0 added, 0 updated, 0 removed, 5 unchanged"],
    );
    // A row that cannot be read removes nothing of what the city has under its key.
    let table = table.replace("桃源新村3幢1单元601室", "无此路9号601室");
    let told = city.import_quietly(&[&city.write("homes.csv", &table)]);
    check_told(&told, &["dwelling     0 added, 0 updated, 0 removed"]);
    assert_eq!(city.ground().dwellings.len(), 5);
    // Who lives there is linked by the address, whatever the key.
    let people = "姓名,身份证号,现住址\n测试戊,000000195505051317,桃源新村3幢1单元602室\n";
    city.import(&[&city.write("people.csv", people)]);
    assert!(city.resident("测试戊").dwelling.is_some());
}

#[test]
fn a_key_of_an_event_with_a_name_or_a_number_is_a_fingerprint() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let table = "事件编号,事件标题,上报时间,地址,上报人\n\
                 E-植物甲-13900000005,路灯坏,2026-05-01 08:00,平江路12号,\n\
                 E-3-601,漏水,2026-05-01 08:00,桃源新村3幢,\n\
                 E-2026-0001,井盖响,2026-05-01 08:00,桃源新村3幢,\n";
    let path = city.write("events-1.csv", table);
    let told = city.import(&[&path]);
    check_told(
        &told,
        &["event        3 added", "events: 2 keys tell a door, a name"],
    );
    assert!(!holds(&city, "植物甲") && !holds(&city, "13900000005") && !holds(&city, "E-3-601"));
    let keys = event_keys(&city);
    assert_eq!(keys[0], "E-2026-0001");
    assert!(keys[1..].iter().all(|key| key.len() == 32));
    let told = city.import(&[&path]);
    check_told(
        &told,
        &["event        0 added, 0 updated, 0 removed, 3 unchanged"],
    );
}

#[test]
fn a_device_whose_key_is_a_door_is_refused_and_a_serial_number_is_none() {
    let city = City::new();
    city.import_quietly(&[&data("dwellings.csv")]);
    let table = "设备编号,设备类型,安装地址,经度,纬度\n\
                 3-101,烟感,桃源新村3幢,,\n\
                 桃源新村3-101,烟感,桃源新村3幢,,\n\
                 X-301,烟感,桃源新村3幢1单元301室,,\n\
                 7-101,烟感,桃源新村3幢,,\n\
                 3-2026,烟感,桃源新村3幢,,\n\
                 SN-00012345678,烟感,桃源新村3幢,,\n";
    let told = city.import_quietly(&[&city.write("devices-7.csv", table)]);
    check_told(
        &told,
        &[
            "device       3 added",
            "its key holds a door, a telephone or identity number",
            "(row 2, row 3, row 4)",
        ],
    );
}

#[test]
fn a_responder_with_their_own_name_as_title_stays_without_it() {
    let city = City::new();
    let table = "岗位,姓名,联系电话,地址,编号\n\
                 植物乙,植物乙,13900000006,平江路12号,R1\n\
                 消防植物丙,植物丙,13900000007,平江路12号,R-植物丙\n";
    let told = city.import(&[&city.write("responders-1.csv", table)]);
    check_told(
        &told,
        &[
            "responder    2 added",
            "it holds the responder's name",
            "responders: 1 key tells",
        ],
    );
    let ground = city.ground();
    let mut titles: Vec<_> = ground
        .responders
        .values()
        .map(|one| one.title.as_str())
        .collect();
    titles.sort_unstable();
    assert_eq!(titles, ["消防员", "网格员"]);
    assert!(!holds(&city, "植物乙") && !holds(&city, "植物丙"));
}
