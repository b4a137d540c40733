//! Cells of workbooks as offices fill them: merged over the members of a household, years and ages where
//! a day belongs, months of birth; and forms that are no tables.

use pingjiang::access;

use super::workbook::Value::{Empty, Number, Text};
use super::workbook::{Value, workbook};
use super::{City, check_told, data};

fn import(city: &City, rows: &[Vec<Value>], merged: &[&str]) -> String {
    let path = city.0.path().join("book.xlsx");
    std::fs::write(&path, workbook("测试13900000001", rows, merged)).unwrap();
    city.import_quietly(&[path.to_str().unwrap(), "--as", "residents"])
}

fn born(city: &City, name: &str) -> String {
    let one = city.resident(name);
    one.birth_date
        .open(&access::for_keeping())
        .unwrap()
        .into_owned()
}

#[test]
fn what_is_merged_over_a_household_counts_for_each_member() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let row = |house, name, number, address| vec![house, Text(name), Text(number), address];
    let rows = [
        vec![Text("户号"), Text("姓名"), Text("身份证号"), Text("现住址")],
        row(
            Text("1"),
            "测试子",
            "11010519491231002X",
            Text("平江路12号101室"),
        ),
        row(Empty, "测试丑", "110101193903070011", Empty),
        row(Empty, "测试寅", "000000194001011237", Empty),
        row(
            Text("2"),
            "测试卯",
            "000000197006151240",
            Text("平江路14号"),
        ),
    ];
    let told = import(&city, &rows, &["A2:A4", "D2:D4"]);
    check_told(
        &told,
        &["2 merged cells stand over several rows", "4 linked"],
    );
    let home = city.resident("测试子").dwelling;
    let household = city.resident("测试子").household;
    assert!(home.is_some() && household.is_some());
    for name in ["测试丑", "测试寅"] {
        assert_eq!(city.resident(name).dwelling, home, "{name}");
        assert_eq!(city.resident(name).household, household, "{name}");
    }
    assert_ne!(city.resident("测试卯").dwelling, home);
    // Again the same.
    let told = import(&city, &rows, &["A2:A4", "D2:D4"]);
    check_told(&told, &[": 0 added, 0 updated, 0 removed"]);
}

#[test]
fn years_ages_and_months_of_birth_are_no_days_of_long_ago() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let row = |name, birth| vec![Text(name), Text("男"), birth, Text("平江路14号")];
    let rows = [
        vec![Text("姓名"), Text("性别"), Text("出生日期"), Text("现住址")],
        row("测试子", Number(1985.0)),
        row("测试丑", Number(35.0)),
        row("测试寅", Text("1958年3月")),
        row("测试卯", Number(1950.05)),
        row("测试辰", Number(195_803.0)),
        row("测试巳", Number(18_264.0)),
        row("测试午", Text("1905-06-07")),
        row("测试未", Text("1980-02")),
    ];
    let told = import(&city, &rows, &[]);
    check_told(
        &told,
        &[
            "it tells the year of birth and no day: taken as the first day of the year",
            "(sheet 1, row 2)",
            "it is an age and no day of birth: counts as not given",
            "(sheet 1, row 3)",
            "it tells the month of birth and no day: taken as the first day of the month",
            "(sheet 1, row 4, sheet 1, row 5, sheet 1, row 6, sheet 1, row 9)",
            "the day of birth is more than 120 years ago",
            "(sheet 1, row 8)",
        ],
    );
    for (name, day) in [
        ("测试子", "1985-01-01"),
        ("测试丑", ""),
        ("测试寅", "1958-03-01"),
        ("测试卯", "1950-05-01"),
        ("测试辰", "1958-03-01"),
        ("测试巳", "1950-01-01"),
        ("测试午", ""),
        ("测试未", "1980-02-01"),
    ] {
        assert_eq!(born(&city, name), day, "{name}");
    }
}

#[test]
fn a_month_of_birth_that_an_identity_number_fits_is_its_day() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let people = "姓名,身份证号,出生年月,现住址\n\
                  测试子,11010519491231002X,1949.12,平江路14号\n\
                  测试丑,000000197006151240,1970-05,平江路14号\n";
    let told = city.import_quietly(&[&city.write("people.csv", people)]);
    check_told(&told, &["it is not the day that the identity number tells"]);
    assert!(
        !told.contains("tells: taken, and counted as contradictory (row 2"),
        "{told}"
    );
    assert_eq!(born(&city, "测试子"), "1949-12-31");
    assert_eq!(born(&city, "测试丑"), "1970-05-01");
}

#[test]
fn a_sheet_is_told_by_its_number_in_what_is_kept() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let rows = [
        vec![Text("姓名"), Text("身份证号"), Text("手机"), Text("现住址")],
        vec![
            Text("测试子"),
            Text("11010519491231002X"),
            Text("abc"),
            Text("平江路14号"),
        ],
    ];
    let told = import(&city, &rows, &[]);
    check_told(&told, &["it is no telephone number", "(sheet 1, row 2)"]);
    let bytes = std::fs::read(city.path()).unwrap();
    let name = "测试13900000001";
    let holds = bytes
        .windows(name.len())
        .any(|part| part == name.as_bytes());
    assert!(!holds);
}

#[test]
fn what_stands_in_a_form_is_no_header_and_a_header_is_nobody() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let form = "姓名,欧阳一德,性别,男\n身份证号,110105194912310021,手机,13900000011\n测试寅,,女,\n";
    let told = city.import_quietly(&[&city.write("form.csv", form), "--as", "residents"]);
    check_told(&told, &["\"#2\" 1", "it is no name of a person", "1 added"]);
    assert!(!told.contains("欧阳"), "{told}");
    assert_eq!(
        city.resident("测试寅")
            .identity_no
            .open(&access::for_keeping())
            .as_deref(),
        Some("")
    );
    assert_eq!(city.ground().residents.len(), 1);
}
