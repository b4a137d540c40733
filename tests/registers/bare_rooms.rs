//! Doors by the bare number of a room in what everybody may see: names and keys of devices, titles of
//! events. Only the homes of the building tell what is one.

use pingjiang::model::OfHome;

use super::{City, check_told};

const HOMES: &str = "房屋编号,房屋地址\n\
                     D1,桃源新村3幢1单元201室\n\
                     D2,桃源新村3幢1单元102室\n\
                     D3,桃源新村3幢1单元203室\n";

fn city() -> City {
    let city = City::new();
    city.import_quietly(&[&city.write("homes.csv", HOMES)]);
    city
}

fn names(city: &City) -> Vec<(String, Option<String>)> {
    let ground = city.ground();
    let all = ground.devices.values();
    let mut all: Vec<_> = all
        .map(|one| (one.source.key.clone(), one.name.clone()))
        .collect();
    all.sort();
    all
}

const NAMED: &str = "设备编号,设备类型,安装地址,安装位置\n\
                     S1,烟感,桃源新村3幢1单元201室,201\n\
                     S2,一键呼叫,桃源新村3幢,呼叫器102\n\
                     S3,烟感,桃源新村3幢1单元203室,烟感203\n\
                     S4,烟感,桃源新村3幢,老张家（203）\n\
                     S5,烟感,桃源新村3幢,烟感二〇三\n\
                     S6,烟感,桃源新村3幢,烟感３－１－２０３\n\
                     S7,烟感,桃源新村3幢,烟感304\n\
                     S8,烟感,平江路12号,烟感203\n\
                     S9,烟感,桃源新村3幢1单元201室,型号203\n";

#[test]
fn a_device_is_not_called_by_the_number_of_a_room() {
    let city = city();
    let told = city.import_quietly(&[&city.write("named.csv", NAMED)]);
    check_told(
        &told,
        &[
            "device       9 added",
            "it is nothing but a door (unit, room), and everybody may see it: not taken (row 2)",
            "taken without the door (row 3, row 4, row 5, row 6, row 7)",
        ],
    );
    let expected = [
        ("S1", None),
        ("S2", Some("呼叫器")),
        ("S3", Some("烟感")),
        ("S4", Some("老张家")),
        ("S5", Some("烟感")),
        ("S6", Some("烟感")),
        ("S7", Some("烟感304")),
        ("S8", Some("烟感203")),
        // Another room than the device's own is a number of something else.
        ("S9", Some("型号203")),
    ];
    let expected = expected.map(|(key, name)| (key.to_owned(), name.map(str::to_owned)));
    assert_eq!(names(&city), expected);
}

const KEYED: &str = "设备编号,设备类型,安装地址\n\
                     YG203,烟感,桃源新村3幢\n\
                     K202,烟感,桃源新村3幢1单元202室\n\
                     TYXC3D1DY201,烟感,桃源新村3幢\n\
                     YG-03-01-0203,烟感,桃源新村3幢1单元203室\n\
                     TYXC-3-1-203,烟感,桃源新村3幢\n\
                     YG0301203,烟感,桃源新村3幢\n\
                     YG31203,烟感,桃源新村3幢1单元203室\n\
                     YG304,烟感,桃源新村3幢\n\
                     SN-00012345203,烟感,桃源新村3幢\n\
                     YG201,烟感,桃源新村3幢1单元203室\n\
                     YG-102,烟感,平江路14号\n";

#[test]
fn a_device_whose_key_holds_the_number_of_a_room_is_refused() {
    let city = city();
    let told = city.import_quietly(&[&city.write("keyed.csv", KEYED)]);
    check_told(
        &told,
        &[
            "device       4 added",
            "7 × its key holds a door",
            "(row 2, row 3, row 4, row 5, row 6, …)",
        ],
    );
    let keys: Vec<_> = names(&city).into_iter().map(|(key, _)| key).collect();
    assert_eq!(keys, ["SN-00012345203", "YG-102", "YG201", "YG304"]);
}

#[test]
fn without_the_key_of_the_city_any_number_of_a_room_may_be_one() {
    let city = city();
    let key = city.path().with_extension("key");
    std::fs::rename(&key, city.path().with_extension("aside")).unwrap();
    let table = "设备编号,设备类型,安装地址,安装位置\n\
                 S1,烟感,桃源新村3幢,烟感203\n\
                 S2,烟感,桃源新村3幢,烟感2000\n\
                 S3,烟感,平江路14号,烟感203\n";
    city.import_quietly(&[&city.write("locked.csv", table)]);
    let names: Vec<_> = names(&city)
        .into_iter()
        .filter_map(|(_, name)| name)
        .collect();
    assert_eq!(names, ["烟感", "烟感2000", "烟感203"]);
}

#[test]
fn a_title_with_the_number_of_a_room_of_the_building_is_about_a_home() {
    let city = city();
    let events = "事件编号,事件标题,事发地址,上报时间\n\
                  E1,203漏水,桃源新村3幢,2026-04-01 08:30\n\
                  E2,老人在201摔倒,桃源新村3幢,2026-04-01 08:30\n\
                  E3,304漏水,桃源新村3幢,2026-04-01 08:30\n\
                  E4,203人核酸,桃源新村3幢,2026-04-01 08:30\n\
                  E5,203路公交改道,桃源新村3幢,2026-04-01 08:30\n\
                  E6,203漏水,平江路12号,2026-04-01 08:30\n";
    let told = city.import_quietly(&[&city.write("calls.csv", events)]);
    check_told(&told, &["it holds a room, a plate", "(row 2, row 3)"]);
    let ground = city.ground();
    let open = ground.events.values().filter(|one| one.home == OfHome::No);
    let mut open: Vec<_> = open.map(|one| one.source.key.as_str()).collect();
    open.sort_unstable();
    assert_eq!(open, ["E3", "E4", "E5", "E6"]);
}

#[test]
fn what_was_there_before_the_homes_is_held_against_them() {
    let city = City::new();
    let devices = "设备编号,设备类型,安装地址,安装位置\n\
                   S1,烟感,桃源新村3幢,老张家（203）\n\
                   S2,烟感,桃源新村3幢,烟感304\n";
    city.import_quietly(&[&city.write("named.csv", devices)]);
    let events = "事件编号,事件标题,事发地址,上报时间\n\
                  E1,203漏水,桃源新村3幢,2026-04-01 08:30\n";
    city.import_quietly(&[&city.write("calls.csv", events)]);
    let told = city.import_quietly(&[&city.write("homes.csv", HOMES)]);
    check_told(
        &told,
        &[
            "1 event of before holds in the title the name of somebody whom a register tells of, or a room of the building",
            "1 name of a device of before holds the name of somebody who lives in that building, or a room of it",
        ],
    );
    let left: Vec<_> = names(&city)
        .into_iter()
        .filter_map(|(_, name)| name)
        .collect();
    assert_eq!(left, ["老张家", "烟感304"]);
    let ground = city.ground();
    assert!(ground.events.values().all(|one| one.home == OfHome::Yes));
}
