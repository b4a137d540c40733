//! What stands in tables beside records: a second table below the first, headers again on every page, titles
//! between rows, lines for signatures, and what programs write for nothing. None of it is anybody.

use super::{City, check_told, data};

#[test]
fn a_second_table_below_the_first_is_not_read_by_its_columns() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let people = "姓名,身份证号,性别,现住址\n\
                  测试子,11010519491231002X,男,平江路12号101室\n\
                  姓名,身份证号,性别,现住址\n\
                  测试丑,110101193903070011,女,平江路12号101室\n\
                  姓名,联系电话,身份证号,备注\n\
                  测试寅,13900000001,000000194001011237,\n";
    let told = city.import_quietly(&[&city.write("people.csv", people)]);
    check_told(
        &told,
        &[
            "resident     2 added",
            "another table begins here",
            "(row 5)",
        ],
    );
    assert_eq!(city.ground().residents.len(), 2);
    // What the city has of the rows below stays, for nobody read them.
    let first = "姓名,身份证号,性别,现住址\n测试卯,000000197006151240,男,平江路14号\n";
    city.import_quietly(&[&city.write("other.csv", first)]);
    let newer = "姓名,身份证号,性别,现住址\n姓名,联系电话,身份证号,备注\n";
    let path = city.write("other.csv", newer);
    super::pingjiang(&["import", &path, "--into", city.path().to_str().unwrap()]);
    assert_eq!(city.ground().residents.len(), 3);
}

#[test]
fn titles_signatures_and_empty_cells_of_programs_are_nobody() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let people = "姓名,身份证号,户号,标签,现住址\n\
                  流动人口,,,,\n\
                  测试子,11010519491231002X,1,,平江路12号101室\n\
                  nan,nan,nan,nan,nan\n\
                  （以下空白）,,,,\n\
                  联系人：测试丑,,,,审核：测试寅\n";
    let told = city.import_quietly(&[&city.write("people.csv", people)]);
    check_told(&told, &["resident     1 added", "a line below the table"]);
    let ground = city.ground();
    assert_eq!((ground.residents.len(), ground.households.len()), (1, 1));
}

#[test]
fn numbers_that_a_program_kept_as_decimals_are_telephones() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let people = "姓名,身份证号,手机,现住址\n测试子,11010519491231002X,13900000001.0,平江路14号\n";
    city.import_quietly(&[&city.write("people.csv", people)]);
    let one = city.resident("测试子");
    let phone = one.phone.unwrap();
    let phone = phone.open(&pingjiang::access::for_keeping()).unwrap();
    assert_eq!(phone, "13900000001");
}

#[test]
fn who_stands_in_the_column_of_areas_is_not_shown() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let posts = "编号,责任网格,姓名,人员类型,经度,纬度\n\
                 P1,第一网格（测试子）,测试丑,网格员,120.6305,31.3105\n\
                 P2,测试丑 13900000002,测试丑,网格员,120.6305,31.3105\n";
    city.import_quietly(&[&city.write("posts.csv", posts), "--as", "responders"]);
    let ground = city.ground();
    assert_eq!(ground.responders.len(), 2);
    for one in ground.responders.values() {
        assert!(!one.title.contains("测试"), "{}", one.title);
        assert!(!one.title.contains("1390000"), "{}", one.title);
    }
}
