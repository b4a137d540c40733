//! Several registers of one person, and newer tables of the same register.

use pingjiang::access;

use super::{City, check_told, data};

#[test]
fn the_same_again_changes_nothing() {
    let city = City::new();
    let files = [
        "dwellings.csv",
        "residents.csv",
        "migrants.xlsx",
        "vehicles.csv",
        "cameras.csv",
        "facilities.csv",
        "responders.csv",
        "events.csv",
    ]
    .map(data);
    for file in &files {
        city.import(&[file]);
    }
    let before = city.ground();
    for file in &files {
        check_told(
            &city.import(&[file]),
            &[": 0 added, 0 updated, 0 removed, "],
        );
    }
    let after = city.ground();
    assert_eq!(before.residents.len(), after.residents.len());
    let clearance = access::for_keeping();
    assert_eq!(
        pingjiang::model::content_hash(&before, &clearance),
        pingjiang::model::content_hash(&after, &clearance)
    );
}

#[test]
fn two_registers_tell_of_one_person_and_a_newer_one_takes_back_its_own() {
    let city = City::new();
    city.import(&[&data("dwellings.csv"), &data("residents.csv")]);
    let before = city.resident("测试甲");
    let told = city.import(&[&data("migrants.xlsx")]);
    check_told(
        &told,
        &[
            "1 person is told differently by several registers or rows: address 1, phone 1",
            "sheet \"说明\" is empty or no register: skipped",
            "it was stored as a number and lost its last digits: store it as text (sheet \"流动人口\", row 6)",
            "it has neither a position nor an address: skipped (sheet \"设备\", row 2",
        ],
    );
    let after = city.resident("测试甲");
    assert_eq!(
        (&before.phone, before.id, before.dwelling),
        (&after.phone, after.id, after.dwelling)
    );
    let told = city.further("测试甲");
    let migrant = told.iter().find(|one| one.dataset == "migrants").unwrap();
    assert_eq!(migrant.values["phone"], "13900000009");
    assert_eq!(
        (
            migrant.verified_on.as_str(),
            migrant.values["birth_date"].as_str()
        ),
        ("2026-04-01", "1940-01-01")
    );
    // An edition of somebody else alone is another data set; the next one lacks him.
    let head = "姓名,身份证号,现住址";
    let other = format!("{head}\n测试新,000000198801011452,平江路14号\n");
    let newer = city.write("migrants.csv", &other);
    let refused = city.refusal(&[&newer]);
    check_told(&refused, &["of data set \"migrants\"", "--keep-missing"]);
    assert_eq!(city.further("测试甲").len(), told.len());
    city.write(
        "migrants.csv",
        &format!("{head}\n测试壬,000000199901011323,平江路14号\n"),
    );
    city.import(&[&newer, "--replace-all"]);
    assert!(
        city.further("测试甲")
            .iter()
            .all(|one| one.dataset != "migrants")
    );
    assert_eq!(city.resident("测试甲").phone, before.phone);
}

#[test]
fn who_is_gone_from_the_first_register_stays_as_the_second_tells() {
    let city = City::new();
    let head = "姓名,身份证号,联系电话";
    let both = "测试甲,000000194001011237,13900000001\n测试乙,000000197006151240,13900000002\n";
    let first = city.write("first.csv", &format!("{head}\n{both}"));
    let second = city.write(
        "second.csv",
        &format!("{head}\n测试甲,000000194001011237,13900000009\n"),
    );
    city.import(&[&first]);
    city.import(&[&second]);
    let id = city.resident("测试甲").id;
    city.write(
        "first.csv",
        &format!("{head}\n测试乙,000000197006151240,13900000002\n"),
    );
    city.import(&[&first]);
    let one = city.resident("测试甲");
    assert_eq!((one.id, one.source.dataset.as_str()), (id, "second"));
    assert_eq!(
        one.phone.unwrap().open(&access::for_keeping()),
        Some("13900000009")
    );
    assert!(one.further.is_none());
}
