//! What registers write in several ways and means one thing: plates, degrees of disability, headers; and
//! the direction of a camera, which means nothing where it cannot be read.

use super::command::pingjiang;
use super::{City, check_told, data, text};

#[test]
fn a_plate_is_one_vehicle_however_it_is_written() {
    let city = City::new();
    let head = "车牌号,车辆类型,地址\n";
    let rows: String = ["测A00001", "测a00001", "测A·00001", "测Ａ ００００１"]
        .iter()
        .map(|plate| format!("{plate},小型汽车,平江路12号\n"))
        .collect();
    let told = city.import(&[&city.write("cars.csv", &format!("{head}{rows}"))]);
    check_told(
        &told,
        &[
            "vehicle      1 added",
            "the same key twice: only the first is taken",
        ],
    );
    let again = format!("{head}测Ａ·00001,小型汽车,平江路12号\n");
    let told = city.import(&[&city.write("cars.csv", &again)]);
    check_told(
        &told,
        &["vehicle      0 added, 0 updated, 0 removed, 1 unchanged"],
    );
}

#[test]
fn a_camera_without_a_direction_sees_nothing_and_that_is_told() {
    let city = City::new();
    let cameras = "摄像机编号,监控点名称,摄像机类型,朝向,经度,纬度\n\
                   C1,路口,枪机,朝河,120.6301,31.3099\n\
                   C2,桥头,枪机,400,120.6301,31.3099\n\
                   C3,巷口,枪机,,120.6301,31.3099\n\
                   C4,广场,全景,不详,120.6301,31.3099\n\
                   C5,东门,枪机,东,120.6301,31.3099\n";
    let told = city.import(&[&city.write("views.csv", cameras)]);
    check_told(
        &told,
        &[
            "camera       5 added",
            "nobody knows where the camera looks",
            "(row 2, row 3, row 4)",
        ],
    );
    assert!(
        !told.contains("out of range"),
        "one fault is one warning: {told}"
    );
    let ground = city.ground();
    let mut looks: Vec<_> = ground
        .cameras
        .values()
        .map(|one| (one.source.key.as_str(), one.looks_deg()))
        .collect();
    looks.sort_by_key(|(key, _)| *key);
    assert_eq!(
        looks,
        [
            ("C1", None),
            ("C2", None),
            ("C3", None),
            ("C4", Some(0.0)),
            ("C5", Some(90.0))
        ]
    );
    let path = city.path();
    let output = pingjiang(&["query", path.to_str().unwrap(), "coverage"]);
    check_told(
        &text(&output.stdout),
        &["3 cameras do not tell where they look: counted as seeing nothing"],
    );
    let output = pingjiang(&["inspect", path.to_str().unwrap()]);
    check_told(&text(&output.stdout), &["Cameras without direction"]);
}

#[test]
fn a_degree_of_disability_that_no_rule_knows_is_told() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let people = "姓名,公民身份号码,残疾等级,現住址\n\
                  测试甲,000000194001011237,肢体二级,平江路12号101室\n\
                  测试乙,000000197006151240,贰级,平江路12号102室\n\
                  测试丙,000000198511301250,重度,平江路14号\n\
                  测试丁,000000195505051317,否,平江路14号\n";
    let told = city.import(&[&city.write("people.csv", people)]);
    check_told(
        &told,
        &[
            "resident     4 added",
            "column \"残疾等级\": no rule of labels knows this value: kept, and it gives no label",
            "(row 4)",
        ],
    );
    assert!(city.resident("测试甲").dwelling.is_some());
}
