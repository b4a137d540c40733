//! Names of facilities, devices, cameras, buildings and places, which everybody may see: whose name is
//! masked, which door or stream is taken out, what stays, and what is told.

use pingjiang::access;

use super::{City, check_told, data};

const SHOPS: &str = "设施名称,设施类型,经度,纬度,地址\n\
                     测试甲家小卖部,商店,120.6301,31.3099,\n\
                     测试丙烟酒店,商店,,,平江路14号\n\
                     测试丙纪念馆,文化站,,,桃源新村3幢\n\
                     测试甲家具店,商店,,,桃源新村3幢\n";

fn facilities(city: &City) -> Vec<String> {
    let ground = city.ground();
    let mut names: Vec<_> = ground
        .facilities
        .values()
        .map(|one| one.name.clone())
        .collect();
    names.sort();
    names
}

fn file_holds(city: &City, name: &str) -> bool {
    let bytes = std::fs::read(city.path()).unwrap();
    bytes
        .windows(name.len())
        .any(|part| part == name.as_bytes())
}

/// The names of people masked, those of history and furniture as they are.
const MASKED: [&str; 4] = ["测*家小卖部", "测*烟酒店", "测试丙纪念馆", "测试甲家具店"];

#[test]
fn a_facility_called_after_somebody_is_masked_and_listed() {
    let city = City::new();
    city.import(&[&data("dwellings.csv"), &data("residents.csv")]);
    let list = city.0.path().join("list.csv");
    let list = list.to_str().unwrap();
    let shops = city.write("shops.csv", SHOPS);
    let told = city.import(&[&shops, "--unmatched", list]);
    check_told(
        &told,
        &[
            "facility     4 added",
            "it holds the name of somebody who lives there, and everybody may see it: taken with that name masked",
            "(row 2, row 3)",
        ],
    );
    assert_eq!(facilities(&city), MASKED);
    assert!(!file_holds(&city, "测试甲家小卖部") && !file_holds(&city, "测试丙烟酒店"));
    let rows = std::fs::read_to_string(list).unwrap();
    assert_eq!(rows.matches(",facilities,named,").count(), 2, "{rows}");
    assert!(!rows.contains("测试"), "{rows}");
    // The same again changes nothing; a person says which name is public.
    let told = city.import(&[&shops]);
    check_told(&told, &["facility     0 added, 0 updated"]);
    let map = city.write(
        "public.toml",
        "register = \"facilities\"\npublic_names = [\"测试丙烟酒店\"]\n",
    );
    city.import(&[&shops, "--map", &map, "--replace-all"]);
    assert!(facilities(&city).contains(&"测试丙烟酒店".to_owned()));
    assert!(facilities(&city).contains(&"测*家小卖部".to_owned()));
    let map = city.write(
        "wrong.toml",
        "register = \"residents\"\npublic_names = [\"甲\"]\n",
    );
    let told = city.refusal(&[&data("residents.csv"), "--map", &map]);
    check_told(&told, &["line 2", "take public_names away"]);
}

#[test]
fn facilities_cameras_buildings_and_places_of_before_are_held_against_people() {
    let city = City::new();
    city.import_quietly(&[&data("dwellings.csv")]);
    city.import_quietly(&[&city.write("shops.csv", SHOPS)]);
    let cameras = "摄像机编号,监控点名称,经度,纬度\nC1,测试甲家门口,120.6301,31.3099\nC2,路口,120.6301,31.3099\n";
    city.import_quietly(&[&city.write("cameras-1.csv", cameras)]);
    let places = r#"{"type":"FeatureCollection","features":[
        {"type":"Feature","properties":{"kind":"place","name":"测试乙家门前"},"geometry":{"type":"Point","coordinates":[120.6301,31.3099]}},
        {"type":"Feature","properties":{"kind":"place","name":"测试乙桥"},"geometry":{"type":"Point","coordinates":[120.6302,31.3099]}}]}"#;
    let places = city.write("places.geojson", places);
    city.import_quietly(&[&places]);
    assert!(file_holds(&city, "测试甲家小卖部") && file_holds(&city, "测试乙家门前"));
    let told = city.import(&[&data("residents.csv")]);
    check_told(
        &told,
        &[
            "2 names of facility records of before hold the name of somebody who lives there",
            "1 name of a camera of before holds the name",
            "1 name of a place of before holds the name",
        ],
    );
    assert_eq!(facilities(&city), MASKED);
    let ground = city.ground();
    let cameras: Vec<_> = ground
        .cameras
        .values()
        .map(|one| one.name.as_str())
        .collect();
    assert!(cameras.contains(&"测*家门口") && cameras.contains(&"路口"));
    // A base map that comes again is held against them too.
    let told = city.import(&[&places]);
    check_told(&told, &["1 name of a building or place holds the name"]);
    let ground = city.ground();
    let mut names: Vec<_> = ground
        .places
        .values()
        .map(|one| one.name.as_str())
        .collect();
    names.retain(|name| name.starts_with('测'));
    names.sort();
    assert_eq!(names, ["测*家门前", "测试乙桥"]);
}

#[test]
fn a_name_loses_its_door_and_its_stream_and_nothing_else_and_that_is_told() {
    let city = City::new();
    city.import_quietly(&[&data("dwellings.csv")]);
    let devices = "设备编号,设备类型,安装地址,安装位置\n\
                   S1,烟感,桃源新村3幢,桃源新村3幢1单元301室烟感\n\
                   S2,烟感,桃源新村3幢,3号门禁旁\n\
                   S3,烟感,桃源新村3幢,301室\n\
                   S4,烟感,桃源新村3幢,走廊 http://10.0.0.1/x\n\
                   S5,烟感,桃源新村3幢,烟感13900000001\n\
                   S6,烟感,桃源新村3幢,桃源新村3幢1-301烟感\n";
    let told = city.import(&[&city.write("doors.csv", devices)]);
    check_told(
        &told,
        &[
            "column \"安装位置\": it tells a door (unit, room), and everybody may see it: taken without the door (row 2, row 7)",
            "column \"安装位置\": it is nothing but a door (unit, room), and everybody may see it: not taken (row 4)",
            "column \"安装位置\": it holds an address on a network, and everybody may see a name: that is left out (row 5)",
            "column \"安装位置\": it holds a mobile telephone number or a plate, and everybody may see it: not taken (row 6)",
        ],
    );
    let ground = city.ground();
    let mut names: Vec<_> = ground
        .devices
        .values()
        .map(|one| (one.source.key.as_str(), one.name.as_deref()))
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            ("S1", Some("桃源新村3幢烟感")),
            ("S2", Some("3号门禁旁")),
            ("S3", None),
            ("S4", Some("走廊")),
            ("S5", None),
            ("S6", Some("桃源新村3幢烟感")),
        ]
    );
    let cameras = "摄像机编号,监控点名称,经度,纬度,地址,视频流地址\n\
                   C1,rtsp://a:b@10.0.0.1/1,120.6301,31.3099,桃源新村3幢301室,\n\
                   C2,路口rtsp://a:b@10.0.0.1/2,120.6301,31.3099,,rtsp://10.0.0.2/2\n\
                   rtsp://10.0.0.3/3,路口,120.6301,31.3099,,\n";
    let told = city.import(&[&city.write("streams.csv", cameras)]);
    check_told(
        &told,
        &[
            "camera       2 added",
            "belongs into a column of its own (视频流地址, stream): taken out of the name and sealed as the stream (row 2)",
            "and the row has one there: left out of the name (row 3)",
            "column \"地址\": the camera has no name and is called by its address: taken without the door (row 2)",
            "its key holds the address of a stream",
        ],
    );
    let ground = city.ground();
    let of = |key: &str| ground.cameras.values().find(|one| one.source.key == key);
    let stream = |key: &str| of(key)?.stream.as_ref()?.open(&access::for_keeping());
    let name = |key: &str| of(key).map(|one| one.name.as_str());
    assert_eq!(name("C1"), Some("桃源新村3幢"));
    assert_eq!(stream("C1").as_deref(), Some("rtsp://a:b@10.0.0.1/1"));
    assert_eq!(name("C2"), Some("路口"));
    assert_eq!(stream("C2").as_deref(), Some("rtsp://10.0.0.2/2"));
    assert!(!file_holds(&city, "rtsp://"));
}

#[test]
fn a_camera_called_by_its_address_names_nobody() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    city.import_quietly(&[&city.write(
        "people.csv",
        "姓名,公民身份号码,现住址\n孔芳娜,000000194001011237,平江路12号101室\n",
    )]);
    let cameras = "摄像机编号,监控点名称,摄像机类型,朝向,地址,经度,纬度\n\
                   C1,,枪机,90,孔芳娜家门口,120.63,31.3099\n\
                   C2,,枪机,90,桃源新村3幢孔芳娜,120.63,31.3099\n\
                   C3,,枪机,90,平江路14号13900000001,120.63,31.3099\n\
                   C4,,枪机,90,平江路14号苏E·12345,120.63,31.3099\n\
                   C5,,枪机,90,平江路14号门口,120.63,31.3099\n";
    let told = city.import_quietly(&[&city.write("cameras.csv", cameras)]);
    check_told(
        &told,
        &[
            "called by its address, which holds the name or number of somebody: taken with that masked (row 2, row 3, row 4)",
            "its address holds a plate, which everybody would see: called by its key (row 5)",
        ],
    );
    let ground = city.ground();
    let mut names: Vec<_> = ground
        .cameras
        .values()
        .map(|one| one.name.as_str())
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "C4",
            "孔*家门口",
            "平江路14号139****0001",
            "平江路14号门口",
            "桃源新村3幢孔*"
        ]
    );
}
