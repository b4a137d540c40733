//! Who and what a register tells of that is there no longer: the dead, those who moved away, things that
//! were taken down; and who is registered and lives elsewhere.

use super::{City, check_told, data};

const HEAD: &str = "姓名,身份证号,人员状态,死亡日期,现住址\n";

#[test]
fn the_dead_and_those_who_moved_away_are_no_residents() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let rows = "测试子,11010519491231002X,在住,,平江路12号101室\n\
                测试丑,110101193903070011,死亡,,平江路12号101室\n\
                测试寅,000000194001011237,正常,2024-05-06,平江路12号101室\n\
                测试卯,000000197006151240,市内迁出,,平江路14号\n\
                测试辰,000000198001011231,未迁出,,平江路14号\n";
    let told = city.import_quietly(&[&city.write("people.csv", &format!("{HEAD}{rows}"))]);
    check_told(
        &told,
        &[
            "column \"人员状态\": it says that who or what the row tells of is there no longer",
            "(row 3, row 5)",
            "column \"死亡日期\": it says that who or what the row tells of is there no longer",
            "(row 4)",
            "resident     2 added",
        ],
    );
    assert_eq!(city.ground().residents.len(), 2);
    // Who dies later goes with the next table, and comes back with a table that was wrong.
    let later = rows.replace(
        "测试辰,000000198001011231,未迁出,,",
        "测试辰,000000198001011231,在住,2026-01-01,",
    );
    let told = city.import_quietly(&[&city.write("people.csv", &format!("{HEAD}{later}"))]);
    check_told(&told, &["0 added, 0 updated, 1 removed"]);
    assert_eq!(city.ground().residents.len(), 1);
    // A day that is yet to come ends nothing.
    let later = rows.replace(
        "测试辰,000000198001011231,未迁出,,",
        "测试辰,000000198001011231,在住,2099-01-01,",
    );
    city.import_quietly(&[&city.write("people.csv", &format!("{HEAD}{later}"))]);
    assert_eq!(city.ground().residents.len(), 2);
}

#[test]
fn somebody_who_lives_elsewhere_stands_in_no_home_here() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let people = "姓名,身份证号,居住状态,户籍地址\n\
                  测试子,11010519491231002X,户在人不在,平江路12号101室\n\
                  测试丑,110101193903070011,户在人在,平江路12号101室\n";
    let told = city.import_quietly(&[&city.write("people.csv", people)]);
    check_told(
        &told,
        &["it says that the person lives elsewhere", "(row 2)"],
    );
    assert_eq!(city.resident("测试子").dwelling, None);
    assert!(city.resident("测试丑").dwelling.is_some());
    // Where the table tells where they live, that is where they are.
    let people = people.replace("户籍地址", "现居住地址");
    let told = city.import_quietly(&[&city.write("present.csv", &people)]);
    assert!(!told.contains("lives elsewhere"), "{told}");
}

#[test]
fn what_was_taken_down_sees_and_tells_nothing() {
    let city = City::new();
    let cameras = "摄像机编号,名称,设备状态,经度,纬度\n\
                   C1,路口一,在用,120.6305,31.3105\nC2,路口二,已拆除,120.6305,31.3105\n\
                   C3,路口三,离线,120.6305,31.3105\n";
    let told = city.import_quietly(&[&city.write("cameras.csv", cameras), "--as", "cameras"]);
    check_told(
        &told,
        &["is there no longer", "(row 3)", "camera       2 added"],
    );
}

#[test]
fn a_total_and_a_line_below_a_table_are_nobody() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let people = "姓名,身份证号,现住址,备注\n\
                  测试子,11010519491231002X,平江路12号101室,\n\
                  合计：1人,,,截至六月底\n\
                  填表人：测试丑,,审核人：测试寅,\n\
                  注：以上为常住人口,,,\n";
    let told = city.import_quietly(&[&city.write("people.csv", people)]);
    check_told(
        &told,
        &[
            "a line below the table",
            "(row 3, row 4, row 5)",
            "resident     1 added",
        ],
    );
    assert_eq!(city.ground().residents.len(), 1);
}
