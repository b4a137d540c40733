//! Addresses that lead elsewhere: into another city, or to the door beside the one that is told.

use super::{City, check_told};

/// The area of the city, with the code by which it knows where it lies.
const AREA: &str = r#"{"type":"FeatureCollection","features":[{"type":"Feature","id":"d",
    "properties":{"boundary":"administrative","admin_level":"6","name":"姑苏区","ref":"320508"},
    "geometry":{"type":"Polygon","coordinates":[[[120.6,31.3],[120.65,31.3],[120.65,31.33],[120.6,31.33],[120.6,31.3]]]}}]}"#;
const HOMES: &str = "房屋编号,房屋地址\n\
                     D1,桃源新村3幢103室\n\
                     D2,平江路12号\n";

fn city() -> City {
    let city = City::new();
    let area = city.write("area.geojson", AREA);
    city.import_quietly(&[&area]);
    let ground = city.ground();
    let codes: Vec<_> = ground.areas.values().map(|one| one.code.clone()).collect();
    assert_eq!(codes, [Some("320508".to_owned())]);
    city.import_quietly(&[&city.write("homes.csv", HOMES)]);
    city
}

/// Whether somebody at an address is linked, and what the list of unmatched rows says.
fn linked(addresses: &[&str]) -> (Vec<bool>, String) {
    let city = city();
    let rows: String = addresses
        .iter()
        .enumerate()
        .map(|(at, address)| format!("测{at}某,男,{address}\n"))
        .collect();
    let file = city.write("people.csv", &format!("姓名,性别,现住址\n{rows}"));
    let list = city.0.path().join("list.csv");
    let list = list.to_str().unwrap();
    city.import_quietly(&[&file, "--as", "residents", "--unmatched", list]);
    let people = (0..addresses.len()).map(|at| city.resident(&format!("测{at}某")));
    let people = people.map(|one| one.dwelling.is_some()).collect();
    (people, std::fs::read_to_string(list).unwrap())
}

#[test]
fn an_address_in_another_city_is_no_home_here() {
    let here = [
        "桃源新村3幢103室",
        "江苏省苏州市桃源新村3幢103室",
        "苏州市桃源新村3幢103室",
        "江苏苏州姑苏区桃源新村3幢103室",
        "江苏省苏州市姑苏区桃源新村3幢103室",
        "姑苏区桃源新村3幢103室",
    ];
    let (are_linked, _) = linked(&here);
    assert_eq!(are_linked, [true; 6]);
    let elsewhere = [
        "安徽省六安市桃源新村3幢103室",
        "安徽六安桃源新村3幢103室",
        "安徽省桃源新村3幢103室",
        "浙江省杭州市桃源新村3幢103室",
        "上海市桃源新村3幢103室",
        "上海市浦东新区桃源新村3幢103室",
        "昆山市桃源新村3幢103室",
        "江苏省昆山市桃源新村3幢103室",
        "江苏省苏州市昆山市桃源新村3幢103室",
        "无锡市桃源新村3幢103室",
        "吴中区桃源新村3幢103室",
    ];
    let (are_linked, list) = linked(&elsewhere);
    assert_eq!(are_linked, [false; 11], "{list}");
    check_told(&list, &[",unmatched,", "city differs", "district differs"]);
}

#[test]
fn a_door_beside_the_one_that_is_told_is_another() {
    let beside = [
        "桃源新村3幢103室楼上",
        "桃源新村3幢103室对面",
        "桃源新村3幢103室隔壁",
        "桃源新村3幢103室楼下",
        "桃源新村3幢103室旁边",
        "桃源新村3幢103室（隔壁）",
        "平江路12号隔壁",
    ];
    let (are_linked, list) = linked(&beside);
    assert_eq!(are_linked, [false; 7], "{list}");
    check_told(
        &list,
        &[
            ",unmatched,",
            "room is one beside the one that is told (楼上, 隔壁, 对面 …)",
        ],
    );
    let (are_linked, list) = linked(&["桃源新村3幢楼下103室", "桃源新村3幢103室(对面超市)"]);
    assert_eq!(are_linked, [true; 2], "{list}");
}
