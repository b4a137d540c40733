//! What registers write of incomes, marriages and who supports somebody, in their own words: it gives the label
//! that is meant, or is told as a value that no rule knows. No number of a person becomes a trait.

use pingjiang::access;
use pingjiang::model::{LabelRules, Traits, read_sealed};

use super::{City, check_told, data};

const HEAD: &str = "姓名,身份证号,现住址,低保情况,婚姻状况,赡养情况,家庭情况,性别\n";

fn traits(city: &City, name: &str) -> Traits {
    let one = city.resident(name);
    read_sealed(one.traits.as_ref(), &access::for_keeping()).unwrap()
}

#[test]
fn the_words_of_registers_give_the_labels_that_are_meant() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let rows = "测试子,11010519491231002X,平江路12号101室,城镇低保,已丧偶,无人赡养,失独家庭,男\n\
                测试丑,110101193903070011,平江路12号102室,特困供养,未婚,子女,,女\n\
                测试寅,,平江路14号,低保边缘户,离异,,,女\n\
                测试卯,,平江路14号,已取消,,,,女\n";
    let told = city.import_quietly(&[&city.write("people.csv", &format!("{HEAD}{rows}"))]);
    assert!(!told.contains("no rule of labels knows"), "{told}");
    let rules = LabelRules::standard();
    let knows = |name: &str, field: &str| {
        let traits = traits(&city, name);
        let value = traits.get(field);
        value.is_some_and(|value| rules.tells(field, value))
    };
    for (name, field) in [
        ("测试子", "income"),
        ("测试子", "marital"),
        ("测试子", "support"),
        ("测试子", "family"),
        ("测试丑", "income"),
        ("测试寅", "income"),
    ] {
        assert!(knows(name, field), "{name} {field}");
    }
    assert_eq!(traits(&city, "测试卯").get("income"), None);
}

#[test]
fn a_value_that_no_rule_knows_is_told() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let rows = "测试子,11010519491231002X,平江路12号101室,低收入,其他情形,,单亲,男\n\
                测试丑,110101193903070011,平江路12号102室,,,,,320503195001010029\n";
    let told = city.import_quietly(&[&city.write("people.csv", &format!("{HEAD}{rows}"))]);
    for column in ["低保情况", "婚姻状况", "家庭情况"] {
        let what = format!("column {column:?}: no rule of labels knows this value");
        check_told(&told, &[&what]);
    }
    check_told(
        &told,
        &["column \"性别\": it holds a telephone or identity number"],
    );
    assert_eq!(traits(&city, "测试丑").get("sex"), None);
}
