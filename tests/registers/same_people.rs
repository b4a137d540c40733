//! People without an identity number who stand in several registers, or twice in one: one person by name,
//! day of birth and home, however these are written.

use pingjiang::access;
use pingjiang::model::{Further, read_sealed};

use super::{City, check_told, data};

const HEAD: &str = "姓名,身份证号,出生日期,联系电话,现住址,户号\n";
const ALIKE: &str = "same name, day of birth and home (or telephone number) as another person";
const NUMBER: &str = "11010519491231002X";

fn city() -> City {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    city
}

fn table(city: &City, name: &str, rows: &str) -> String {
    city.write(name, &format!("{HEAD}{rows}"))
}

fn count(city: &City) -> usize {
    city.ground().residents.len()
}

#[test]
fn people_without_a_number_are_one_however_name_and_address_are_written() {
    let city = city();
    let first = "测试　甲,,1950-01-01,13900000001,平江路12号101室,A1\n\
                 测试·丁,,1990-01-01,13900000004,平江路12号102室,A4\n";
    let second = "测试甲,,1950/1/1,13900000001,平江路12号101,A1\n\
                  测试•丁,,1990-01-01,13900000004,平江路12号 102,A4\n";
    let first = table(&city, "police.csv", first);
    let second = table(&city, "health.csv", second);
    city.import(&[&first]);
    let before = count(&city);
    let told = city.import(&[&second]);
    assert!(!told.contains("told differently"), "{told}");
    assert_eq!(count(&city), before);
    assert_eq!(city.further("测试·丁").len(), 1);
    // In any order and number, the same again changes nothing.
    for files in [vec![&second], vec![&first], vec![&second, &first]] {
        let files: Vec<&str> = files.into_iter().map(String::as_str).collect();
        check_told(&city.import(&files), &[": 0 added, 0 updated, 0 removed"]);
    }
    // Both in one command make the same people.
    let other = self::city();
    other.import(&[&first, &second]);
    assert_eq!(count(&other), before);
}

#[test]
fn one_table_may_tell_somebody_twice() {
    let city = city();
    let rows = "测试赤,,1950-01-01,,平江路12号101室,\n测试赤,,1950-01-01,,平江路12号101,\n\
                测试赤,,1950-01-01,,平江路12号102室,\n测试赤,,1951-01-01,,平江路12号101室,\n";
    let people = table(&city, "people.csv", rows);
    city.import(&[&people]);
    assert_eq!(count(&city), 3);
    check_told(
        &city.import(&[&people]),
        &[": 0 added, 0 updated, 0 removed"],
    );
}

#[test]
fn a_number_that_one_register_has_is_of_the_one_that_another_tells_without() {
    let without = "测试乙,,1949-12-31,,平江路12号101室,A2\n";
    let with = format!("测试乙,{NUMBER},,13900000002,平江路12号101,\n");
    for is_number_first in [false, true] {
        let city = city();
        let without = table(&city, "police.csv", without);
        let with = table(&city, "health.csv", &with);
        let files = match is_number_first {
            true => [&with, &without],
            false => [&without, &with],
        };
        for file in files {
            let told = city.import(&[file]);
            assert!(!told.contains("told differently"), "{told}");
        }
        assert_eq!(count(&city), 1);
        let one = city.resident("测试乙");
        let keeping = access::for_keeping();
        assert_eq!(one.identity_no.open(&keeping).as_deref(), Some(NUMBER));
        let further: Further = read_sealed(one.further.as_ref(), &keeping).unwrap();
        let filled = further.filled.get("identity_no").map(String::as_str);
        assert_eq!(filled, (!is_number_first).then_some("health"));
        for files in [[&with, &without], [&without, &with]] {
            for file in files {
                let again = city.import(&[file]);
                check_told(&again, &[": 0 added, 0 updated, 0 removed"]);
            }
        }
        // A third register knows the number.
        let third = table(&city, "grid.csv", &format!("测试乙,{NUMBER},,,,\n"));
        city.import(&[&third]);
        assert_eq!(count(&city), 1);
    }
}

#[test]
fn nobody_is_joined_in_doubt_and_the_rows_are_told() {
    let city = city();
    let other = "110105194912310038";
    let with = format!("测试丙,{NUMBER},,,平江路12号101室,\n测试丙,{other},,,平江路12号101室,\n");
    city.import(&[&table(&city, "police.csv", &with)]);
    let known = count(&city);
    assert_eq!(known, 2);
    let without = table(&city, "health.csv", "测试丙,,1949-12-31,,平江路12号101,\n");
    let told = city.import(&[&without]);
    check_told(&told, &[ALIKE, "(row 2)"]);
    assert_eq!(count(&city), known + 1);
    // Another home and no telephone number: somebody else, of whom there is nothing to say.
    let away = table(&city, "grid.csv", "测试丙,,1949-12-31,,平江路12号102室,\n");
    let told = city.import(&[&away]);
    assert!(!told.contains(ALIKE), "{told}");
    assert_eq!(count(&city), known + 2);
}

#[test]
fn a_telephone_number_tells_who_moved() {
    let city = city();
    let with = format!("测试戊,{NUMBER},,13900000005,平江路12号101室,\n");
    city.import(&[&table(&city, "police.csv", &with)]);
    let without = "测试戊,,1949-12-31,139-0000-0005,平江路12号102室,\n";
    let told = city.import(&[&table(&city, "health.csv", without)]);
    check_told(&told, &["1 person is told differently", "address 1"]);
    assert_eq!(count(&city), 1);
}

#[test]
fn somebody_whose_address_is_corrected_is_found_again() {
    let city = city();
    let rows = |door: &str| format!("测试己,,1950-01-01,,平江路12号{door},\n");
    let people = table(&city, "people.csv", &rows("101"));
    city.import(&[&people]);
    let before = city.resident("测试己").id;
    table(&city, "people.csv", &rows("101室"));
    city.import(&[&people]);
    assert_eq!(city.resident("测试己").id, before);
    assert!(city.further("测试己").is_empty());
    check_told(
        &city.import(&[&people]),
        &[": 0 added, 0 updated, 0 removed"],
    );
}
