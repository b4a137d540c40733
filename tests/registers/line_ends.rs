//! Tables as programs save them: with the line ends of Windows, marks, quotes and in Chinese encodings
//! they bring the same records, and rows are told by the same numbers.

use encoding_rs::GB18030;

use super::{City, check_told, data};

const PEOPLE: &str = "姓名,公民身份号码,现住址,联系电话\n\
                      测试甲,000000194001011237,平江路12号101室,13900000001\n\
                      测试乙,000000197006151240,平江路12号102室,无号码\n";

/// A table in every way in which it is saved.
fn saved(table: &str) -> Vec<Vec<u8>> {
    let windows = table.replace('\n', "\r\n");
    let quoted = windows.replace(',', ";").replace("测试甲", "\"测试甲\"");
    let wide = format!("\u{FEFF}{windows}");
    let wide: Vec<u8> = wide.encode_utf16().flat_map(u16::to_le_bytes).collect();
    vec![
        table.as_bytes().to_vec(),
        windows.as_bytes().to_vec(),
        windows.trim_end().as_bytes().to_vec(),
        format!("\u{FEFF}{windows}").into_bytes(),
        quoted.into_bytes(),
        GB18030.encode(&windows).0.into_owned(),
        wide,
    ]
}

#[test]
fn a_register_brings_the_same_people_whatever_ends_its_lines() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let path = city.write("people.csv", "");
    for (at, bytes) in saved(PEOPLE).into_iter().enumerate() {
        std::fs::write(&path, bytes).unwrap();
        let told = city.import(&[&path]);
        let of = match at {
            0 => "resident     2 added",
            _ => "resident     0 added, 0 updated, 0 removed, 2 unchanged",
        };
        check_told(&told, &[of, "it is no telephone number", "(row 3)"]);
    }
}

#[test]
fn no_register_loses_its_first_row() {
    let tables = [
        (
            "cars.csv",
            "车牌号,车辆类型,地址\n测A00001,小型汽车,平江路12号\n测A00002,小型汽车,平江路12号\n",
            "vehicle",
        ),
        (
            "shops.csv",
            "设施名称,设施类型,地址\n助餐点,社区食堂,桃源新村3幢\n活动室,文化站,桃源新村3幢\n",
            "facility",
        ),
        (
            "sensors.csv",
            "设备编号,设备类型,安装地址\nS1,烟感,桃源新村3幢\nS2,烟感,桃源新村3幢\n",
            "device",
        ),
        (
            "views.csv",
            "摄像机编号,监控点名称,经度,纬度\nC1,路口,120.6301,31.3099\nC2,桥头,120.6301,31.3099\n",
            "camera",
        ),
        (
            "calls.csv",
            "事件编号,事件标题,事发地址,上报时间\nE1,路灯不亮,大儒巷7号甲,2026-04-01 08:30\nE2,井盖响,大儒巷7号甲,2026-04-01 08:30\n",
            "event",
        ),
    ];
    let city = City::new();
    for (name, table, kind) in tables {
        let path = city.write(name, &table.replace('\n', "\r\n"));
        let told = city.import_quietly(&[&path]);
        check_told(&told, &[&format!("{kind:12} 2 added")]);
    }
}

#[test]
fn a_base_map_as_a_table_tells_the_line_of_a_row_it_cannot_read() {
    let city = City::new();
    let table = "类型,名称,经度,纬度\r\nplace,甲桥,120.6301,31.3099\r\nplace,乙桥,无,31.3099\r\n";
    let told = city.import_quietly(&[&city.write("places.csv", table)]);
    check_told(&told, &["place        1 added", "line 3"]);
}
