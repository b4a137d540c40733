//! Addresses on a network, users and passwords in registers of cameras, and ids that are none.

use super::{City, check_told, data};

const CAMERAS: &str = "摄像机编号,摄像机名称,国标编码,经度,纬度,朝向\n\
    C1,东门admin:Pass9999@10.1.1.14:554/ch1,34020000001320000014,120.6301,31.3101,南\n\
    C2,大门 用户名admin密码Pass8888,34020000001320000015,120.6301,31.3101,南\n\
    C3,大门,13812340001,120.6301,31.3101,南\n\
    C4,大门,110105194912310021,120.6301,31.3101,南\n\
    C5,10.1.1.15:554/ch1,３4020000001320000016,120.6301,31.3101,南\n\
    admin:Pass7777@10.1.1.16,南门,,120.6301,31.3101,南\n";

fn file_holds(city: &City, text: &str) -> bool {
    let bytes = std::fs::read(city.path()).unwrap();
    bytes
        .windows(text.len())
        .any(|part| part == text.as_bytes())
}

#[test]
fn nobody_reads_how_to_open_a_camera_and_what_is_no_id_is_not_kept() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let told = city.import(&[&city.write("cameras.csv", CAMERAS)]);
    check_told(
        &told,
        &[
            "camera       5 added",
            "taken out of the name and sealed as the stream (row 2, row 6)",
            "it holds the name of a user, a password or an address on a network",
            "an id of GB/T 28181 has 20 digits, and this has not: counts as not given",
            "(row 4, row 5)",
            "its key holds the address of a stream or a password",
        ],
    );
    for secret in [
        "Pass",
        "admin",
        "10.1.1",
        "13812340001",
        "110105194912310021",
    ] {
        assert!(!told.contains(secret), "{secret}: {told}");
        assert!(!file_holds(&city, secret), "{secret}");
    }
    let ground = city.ground();
    let camera = |key: &str| {
        let mut all = ground.cameras.values();
        all.find(|one| one.source.key == key).unwrap()
    };
    assert_eq!(camera("C1").name, "东门");
    assert_eq!(camera("C1").gb28181_id, "34020000001320000014");
    assert!(camera("C1").stream.is_some() && camera("C5").stream.is_some());
    assert_eq!(camera("C2").name, "C2");
    assert_eq!(camera("C3").gb28181_id, "");
    assert_eq!(camera("C4").gb28181_id, "");
    assert_eq!(camera("C5").gb28181_id, "34020000001320000016");
}

#[test]
fn an_id_that_a_spreadsheet_rounded_is_told_in_a_table_of_text_too() {
    let city = City::new();
    let table = "点位名称,国标编码,经度,纬度,朝向\n\
                 东门,3.40E+19,120.6301,31.3101,南\n\
                 西门,3.40E+19,120.6302,31.3101,北\n\
                 南门,34020000001320000017,120.6302,31.3101,北\n";
    let told = city.import_quietly(&[&city.write("cameras.csv", table)]);
    check_told(
        &told,
        &[
            "a spreadsheet stored it as a number and lost its last digits",
            "(row 2, row 3)",
            "it has neither a key nor an id of GB/T 28181 with its 20 digits: skipped (row 2, row 3)",
        ],
    );
    assert!(!told.contains("the same key twice"), "{told}");
}

#[test]
fn a_word_for_no_group_and_a_place_far_from_its_address_are_told() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let events = "事件编号,事件大类,事件标题,事发地址,上报时间\n\
                  E1,胡乱,路灯不亮,平江路12号,2026-04-01\n\
                  E2,政务,路灯不亮,平江路12号,2026-04-01\n\
                  E3,,路灯不亮,平江路12号,2026-04-01\n";
    let told = city.import(&[&city.write("events.csv", events)]);
    check_told(
        &told,
        &[
            "column \"事件大类\": the word is not known: name what it means under [values] in a mapping file (row 2)",
        ],
    );
    let devices = "设备编号,设备类型,安装地址,经度,纬度\n\
                   G1,烟感,平江路12号,120.6389,31.3050\n\
                   G2,烟感,平江路12号,120.6301,31.3101\n";
    let list = city.0.path().join("list.csv");
    let list = list.to_str().unwrap();
    let told = city.import(&[&city.write("devices.csv", devices), "--unmatched", list]);
    check_told(
        &told,
        &[
            "column \"经度\": the position lies more than 200 m from the building of its address",
            "(row 2)",
        ],
    );
    let rows = std::fs::read_to_string(list).unwrap();
    check_told(&rows, &[",2,devices,noted,", "more than 200 m"]);
    let ground = city.ground();
    let at = |key: &str| {
        let mut all = ground.devices.values();
        all.find(|one| one.source.key == key).unwrap().building
    };
    assert_eq!(at("G1"), at("G2"));
}
