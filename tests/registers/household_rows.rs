//! Households over several rows of a table of text: number and address stand in the first row alone, as
//! merged cells become when they are saved as CSV. Members live where the row above lives; a blank alone
//! tells nothing.

use super::{City, check_told, data};

#[test]
fn members_below_the_head_of_a_household_live_with_it() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let people = "户号,与户主关系,姓名,身份证号,现住址\n\
                  1,户主,测试子,11010519491231002X,平江路12号101室\n\
                  ,配偶,测试丑,110101193903070011,\n\
                  ,之子,测试寅,000000194001011237,\n\
                  2,户主,测试卯,000000197006151240,\n\
                  ,配偶,测试辰,000000198001011231,\n\
                  ,户主,测试巳,000000198502021230,\n";
    let told = city.import_quietly(&[&city.write("people.csv", people)]);
    check_told(&told, &["3 rows belong to the household above", "3 linked"]);
    let first = city.resident("测试子");
    assert!(first.dwelling.is_some() && first.household.is_some());
    for name in ["测试丑", "测试寅"] {
        let one = city.resident(name);
        assert_eq!(
            (one.dwelling, one.household),
            (first.dwelling, first.household),
            "{name}"
        );
    }
    let second = city.resident("测试卯");
    assert_eq!(second.dwelling, None);
    assert!(second.household.is_some() && second.household != first.household);
    assert_eq!(city.resident("测试辰").household, second.household);
    assert_eq!(city.resident("测试巳").household, None);
    // The same again changes nothing.
    let told = city.import_quietly(&[&city.write("people.csv", people)]);
    check_told(&told, &[": 0 added, 0 updated, 0 removed"]);
}

#[test]
fn the_same_number_below_its_address_means_the_same_home() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let people = "户号,姓名,身份证号,幢,室,现住址\n\
                  7,测试子,11010519491231002X,,101,平江路12号\n\
                  7,测试丑,110101193903070011,,,\n\
                  8,测试寅,000000194001011237,,,\n\
                  ,测试卯,000000197006151240,,,\n";
    let told = city.import_quietly(&[&city.write("people.csv", people)]);
    check_told(&told, &["1 row belongs to the household above"]);
    assert_eq!(
        city.resident("测试丑").dwelling,
        city.resident("测试子").dwelling
    );
    for name in ["测试寅", "测试卯"] {
        assert_eq!(city.resident(name).dwelling, None, "{name}");
    }
}

#[test]
fn several_names_in_a_cell_are_told() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let people = "姓名,性别,出生日期,现住址\n测试子、测试丑,男,1950-01-01,平江路14号\n\
                  测试·寅,女,1960-01-01,平江路14号\n";
    let told = city.import_quietly(&[&city.write("people.csv", people), "--as", "residents"]);
    check_told(&told, &["it holds several names", "(row 2)"]);
}
