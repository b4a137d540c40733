//! Who lives alone: nobody else is told in the home, whatever their household numbers, and what a register
//! says of it itself.

use super::{City, data};

const HEAD: &str = "姓名,身份证号,现住址,户号";

fn city() -> City {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    city
}

fn is_alone(city: &City, name: &str) -> bool {
    let page = city.page(name);
    let mut lines = page.lines().map(str::trim_start);
    lines.any(|line| line.starts_with("labels") && line.contains("elderly_alone"))
}

#[test]
fn who_shares_a_home_with_people_of_another_register_is_not_alone() {
    let city = city();
    let table = |name: &str, rows: &str| city.write(name, &format!("{HEAD}\n{rows}"));
    let first = "测试甲,11010519491231002X,平江路12号101室,H1\n\
                 测试丙,000000194001011237,平江路12号102室,H2\n";
    city.import(&[&table("police.csv", first)]);
    assert!(is_alone(&city, "测试甲") && is_alone(&city, "测试丙"));
    let second = "测试乙,110101193903070011,平江路12号101室,L9\n";
    city.import(&[&table("migrants.csv", second)]);
    assert!(!is_alone(&city, "测试甲") && !is_alone(&city, "测试乙"));
    assert!(is_alone(&city, "测试丙"));
}

#[test]
fn elders_of_two_homes_that_are_not_known_are_each_alone() {
    let city = city();
    let rows = "测试甲,11010519491231002X,未知新村1幢101室,1\n\
                测试乙,110101193903070011,未知新村2幢101室,1\n";
    city.import(&[&city.write("people.csv", &format!("{HEAD}\n{rows}"))]);
    assert!(is_alone(&city, "测试甲") && is_alone(&city, "测试乙"));
}

#[test]
fn a_register_may_say_that_somebody_is_not_alone() {
    let city = city();
    let table = |answer: &str| {
        let rows =
            format!("{HEAD},是否独居\n测试甲,11010519491231002X,平江路12号101室,H1,{answer}\n");
        city.write("police.csv", &rows)
    };
    for (answer, expected) in [
        ("", true),
        ("否", false),
        ("是", true),
        ("否", false),
        ("", true),
    ] {
        city.import(&[&table(answer)]);
        assert_eq!(is_alone(&city, "测试甲"), expected, "{answer}");
    }
}

#[test]
fn one_person_of_two_registers_is_alone() {
    let city = city();
    let head = "姓名,身份证号,出生日期,联系电话,现住址,户号\n";
    let row = |address: &str| format!("{head}测试甲,,1950-01-01,13900000001,{address},A1\n");
    city.import(&[&city.write("police.csv", &row("平江路12号101室"))]);
    city.import(&[&city.write("health.csv", &row("平江路12号101"))]);
    assert!(is_alone(&city, "测试甲"));
}

#[test]
fn who_has_no_identity_number_is_not_contradictory() {
    let city = city();
    let head = "姓名,身份证号,出生日期,现住址\n";
    let rows = "测试甲,,1950-01-01,平江路12号101室\n测试乙,110105194912310021,,平江路12号102室\n";
    city.import(&[&city.write("police.csv", &format!("{head}{rows}"))]);
    assert!(!city.page("测试甲").contains("contradictory"));
    assert!(city.page("测试乙").contains("contradictory"));
}
