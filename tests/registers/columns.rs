//! Columns of registers as offices write them: headers over several columns, numbered, short, or asking
//! yes or no; what is not read is named; rows with totals are none.

use pingjiang::access;
use pingjiang::model::{Traits, read_sealed};

use super::command::pingjiang;
use super::small_city::text;
use super::{City, check_told, data};

#[test]
fn every_column_that_is_not_read_is_told_with_its_filled_cells() {
    let city = City::new();
    city.import_quietly(&[&data("dwellings.csv")]);
    let people = "姓名,身份证号,现居住地,政治面貌,备注,手机号码2,手机号码1,\n\
                  测试戊,000000195505051317,平江路12号101室,群众,测试丁的弟弟,13900000001,13900000002,\n\
                  测试庚,000000194001011237,平江路14号,,,,,\n";
    let path = city.write("people.csv", people);
    let told = city.import(&[&path, "--dry-run"]);
    check_told(
        &told,
        &[
            "address from \"现居住地\" (guessed)",
            "phone from \"手机号码2\" (guessed)",
            "  not read     3 columns, with how many filled cells",
            "未读取 3 列",
            "\"政治面貌\" 1, \"备注\" 1, \"手机号码1\" 1",
        ],
    );
    let into = city.path();
    let output = pingjiang(&[
        "import",
        &path,
        "--dry-run",
        "--json",
        "--into",
        into.to_str().unwrap(),
    ]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|fault| panic!("{fault}: {}", text(&output.stderr)));
    let unread = &json["files"][0]["unread_columns"];
    assert_eq!(unread[1]["column"], "备注", "{unread}");
    assert_eq!(unread[1]["filled"], 1);
    assert_eq!(unread.as_array().map(Vec::len), Some(3));
    // Where all is read nothing is said.
    let told = city.import(&[
        &city.write("few.csv", "姓名,现住址\n测试戊,平江路12号101室\n"),
        "--as",
        "residents",
        "--dry-run",
    ]);
    assert!(!told.contains("not read"), "{told}");
}

#[test]
fn columns_that_ask_yes_or_no_give_labels_and_traits() {
    let city = City::new();
    city.import_quietly(&[&data("dwellings.csv")]);
    let people = "姓名,身份证号,现住址,低保户,独居,失独家庭\n\
                  测试戊,000000195505051317,平江路12号101室,√,是,无\n\
                  测试庚,000000194001011237,平江路14号,否,,不详\n";
    let told = city.import(&[&city.write("people.csv", people)]);
    check_told(
        &told,
        &[
            "income from \"低保户\" (guessed)",
            "label elderly_alone from \"独居\", yes or no (guessed)",
            "label bereaved_parent from \"失独家庭\", yes or no (guessed)",
            "column \"失独家庭\": the column asks yes or no, and it is neither",
        ],
    );
    let clearance = access::for_keeping();
    let one = city.resident("测试戊");
    assert_eq!(
        one.labels.open(&clearance),
        Some(vec!["elderly_alone".to_owned()])
    );
    let traits: Traits = read_sealed(one.traits.as_ref(), &clearance).unwrap();
    assert_eq!(traits.get("income").map(String::as_str), Some("low"));
    let other = city.resident("测试庚");
    assert_eq!(other.labels.open(&clearance), Some(Vec::new()));
}

#[test]
fn where_somebody_lives_goes_before_where_they_are_registered() {
    for now in [
        "现住地",
        "现居住地",
        "居住地",
        "实际居住地址",
        "住址",
        "地址",
    ] {
        let city = City::new();
        city.import_quietly(&[&data("dwellings.csv")]);
        let people = format!(
            "姓名,身份证号,户籍地址,{now}\n测试戊,000000195505051317,平江路14号,平江路12号101室\n"
        );
        let told = city.import(&[&city.write("people.csv", &people)]);
        check_told(
            &told,
            &[&format!("address from {now:?} (guessed)"), "\"户籍地址\" 1"],
        );
        let one = city.resident("测试戊");
        let address = one.address.open(&access::for_keeping());
        assert_eq!(address.as_deref(), Some("平江路12号101室"), "{now}");
    }
}

#[test]
fn merged_headers_short_headers_and_totals() {
    let city = City::new();
    city.import_quietly(&[&data("dwellings.csv")]);
    let people = "居民登记表,,,,,\n\
                  姓名,身份证号,住址,,,\n\
                  ,,小区,幢,单元,室\n\
                  测试戊,000000195505051317,桃源新村,3,1,301\n\
                  合计,,,,,1人\n";
    let told = city.import(&[&city.write("people.csv", people)]);
    check_told(
        &told,
        &[
            "resident     1 added",
            "1 linked, 0 ambiguous, 0 unmatched",
            "it is a total of other rows, or a line below the table, and no record: skipped (row 5)",
        ],
    );
    assert!(city.resident("测试戊").dwelling.is_some());
    // The plate of a house is its number where none is told, and a door where one is.
    let homes = "房屋编号,坐落,门牌号,室,建筑面积\nP1,平江路,14,,80\n";
    let told = city.import_quietly(&[&city.write("plates.csv", homes)]);
    check_told(&told, &["dwellings: 1 linked, 0 ambiguous, 0 unmatched"]);
}

#[test]
fn a_row_is_listed_with_the_file_that_tells_it() {
    let city = City::new();
    city.import_quietly(&[&data("dwellings.csv")]);
    let first = "姓名,身份证号,现住址,联系电话\n\
                 测试甲,000000194001011237,平江路14号,13900000001\n\
                 测试戊,000000195505051317,无此路1号101室,13900000001\n";
    let second =
        "姓名,身份证号,现住址,联系电话\n测试戊,000000195505051317,平江路14号,13900000002\n";
    let (first, second) = (
        city.write("first.csv", first),
        city.write("second.csv", second),
    );
    let list = city.0.path().join("list.csv");
    let list = list.to_str().unwrap();
    city.import(&[&first, &second, "--unmatched", list]);
    let rows = std::fs::read_to_string(list).unwrap();
    let told = |outcome: &str| {
        let row = rows.lines().find(|row| row.contains(outcome)).expect(&rows);
        assert!(row.contains("first.csv,,3,"), "{row}");
    };
    told(",unmatched,");
    told(",conflict,");
    assert!(!rows.contains("second.csv"), "{rows}");
}

#[test]
fn people_without_identity_numbers_are_people_and_no_households() {
    for (at, head) in ["姓名,出生日期,现住址,户号", "姓名,联系电话,现住址,户号"]
        .into_iter()
        .enumerate()
    {
        let city = City::new();
        city.import(&[&data("dwellings.csv")]);
        let fact = ["1940-01-01", "13900000001"][at];
        let rows = format!("{head}\n测试甲,{fact},平江路12号101室,H1\n");
        let told = city.import(&[&city.write("people.csv", &rows)]);
        check_told(&told, &["resident     1 added", "household    1 added"]);
    }
}
