//! What the first register of a person does not tell and a further one does.

use pingjiang::access;

use super::{City, check_told, data};

const FIRST: &str = "姓名,身份证号,手机,现住址\n\
                     测试子,110105194912310021,,\n\
                     测试寅,11010519491231002X,,平江路14号\n";
const SECOND: &str = "姓名,身份证号,手机,现住址,婚姻状况\n\
                      测试子,110105194912310021,13900000011,平江路12号101室,丧偶\n\
                      测试寅,11010519491231002X,13900000012,平江路14号,\n";

fn phone(city: &City, name: &str) -> Option<String> {
    let phone = city.resident(name).phone?;
    phone
        .open(&access::for_keeping())
        .map(std::borrow::Cow::into_owned)
}

#[test]
fn what_the_first_register_leaves_open_is_filled_by_the_next_without_a_conflict() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let (first, second) = (
        city.write("police.csv", FIRST),
        city.write("grid.csv", SECOND),
    );
    city.import(&[&first]);
    assert_eq!(city.resident("测试寅").phone, None);
    let told = city.import(&[&second]);
    assert!(!told.contains("told differently"), "{told}");
    let one = city.resident("测试寅");
    assert_eq!(phone(&city, "测试寅").as_deref(), Some("13900000012"));
    assert_eq!(one.source.dataset, "police");
    let further: pingjiang::model::Further =
        pingjiang::model::read_sealed(one.further.as_ref(), &access::for_keeping()).unwrap();
    assert_eq!(
        further.filled.get("phone").map(String::as_str),
        Some("grid")
    );
    assert_eq!(further.filled.get("address"), None);
    // The page of a person tells where it comes from.
    let told = city.page("测试寅");
    check_told(&told, &["filled from", "phone (grid)", "13900000012"]);
    // Both again, in any order, change nothing.
    for file in [&first, &second, &first] {
        check_told(&city.import(&[file]), &[": 0 added, 0 updated, 0 removed"]);
    }
    assert_eq!(phone(&city, "测试寅").as_deref(), Some("13900000012"));
    // What the first tells later stands, and the second differs from it.
    let newer = FIRST.replace("11010519491231002X,,", "11010519491231002X,13900000013,");
    city.write("police.csv", &newer);
    let told = city.import(&[&first]);
    check_told(
        &told,
        &["1 person is told differently by several registers or rows: phone 1"],
    );
    assert_eq!(phone(&city, "测试寅").as_deref(), Some("13900000013"));
    // And where the second no longer tells, nothing stays of it.
    city.write("police.csv", FIRST);
    city.import(&[&first]);
    assert_eq!(phone(&city, "测试寅").as_deref(), Some("13900000012"));
    city.write("grid.csv", &SECOND.replace("13900000012", ""));
    city.import(&[&second]);
    assert_eq!(phone(&city, "测试寅"), None);
}

#[test]
fn a_home_that_only_the_second_register_knows_is_linked() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let first = "姓名,身份证号,手机,现住址\n测试寅,11010519491231002X,13900000012,\n";
    let second = "姓名,身份证号,手机,现住址,婚姻状况\n\
                  测试寅,11010519491231002X,13900000012,平江路12号101室,丧偶\n";
    let (first, second) = (
        city.write("police.csv", first),
        city.write("grid.csv", second),
    );
    city.import(&[&first]);
    assert_eq!(city.resident("测试寅").dwelling, None);
    city.import(&[&second]);
    let home = city.resident("测试寅").dwelling;
    assert!(home.is_some());
    assert!(city.resident("测试寅").traits.is_some());
    city.import(&[&first]);
    assert_eq!(city.resident("测试寅").dwelling, home);
    // In one command, too.
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let table = |name: &str, address: &str| {
        let rows =
            format!("姓名,身份证号,手机,现住址\n测试寅,11010519491231002X,13900000012,{address}\n");
        city.write(name, &rows)
    };
    let (first, second) = (table("a.csv", ""), table("b.csv", "平江路12号101室"));
    city.import(&[&first, &second]);
    assert!(city.resident("测试寅").dwelling.is_some());
}
