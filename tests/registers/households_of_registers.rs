//! Household numbers of several registers: each numbers in its own way, so a further register's make no
//! households of people who have one.

use std::collections::BTreeSet;

use super::{City, check_told, data};

const HEAD: &str = "姓名,身份证号,现住址,户号\n";
const PEOPLE: [(&str, &str, &str); 3] = [
    ("测试甲", "11010519491231002X", "101室"),
    ("测试乙", "110101193903070011", "101室"),
    ("测试丙", "000000194001011237", "102室"),
];

fn city() -> City {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    city
}

/// All of them under numbers that begin so: those of one home have one.
fn table(city: &City, name: &str, prefix: &str) -> String {
    let rows = PEOPLE
        .iter()
        .map(|(name, number, door)| format!("{name},{number},平江路12号{door},{prefix}{door}\n"));
    city.write(name, &format!("{HEAD}{}", rows.collect::<String>()))
}

fn households(city: &City) -> BTreeSet<String> {
    let ground = city.ground();
    let used: BTreeSet<_> = ground
        .residents
        .values()
        .filter_map(|one| one.household)
        .collect();
    assert!(ground.households.keys().all(|id| used.contains(id)));
    assert_eq!(used.len(), ground.households.len());
    used.iter().map(ToString::to_string).collect()
}

#[test]
fn further_registers_make_no_households_of_people_who_have_one() {
    let city = city();
    let files = [
        ("police.csv", "GA"),
        ("affairs.csv", "MZ"),
        ("health.csv", "WJ"),
    ];
    let files = files.map(|(name, prefix)| table(&city, name, prefix));
    city.import(&[&files[0]]);
    let first = households(&city);
    assert_eq!(first.len(), 2);
    for file in &files[1..] {
        let told = city.import(&[file]);
        assert!(!told.contains("told differently"), "{told}");
        assert_eq!(households(&city), first);
    }
    for file in files.iter().rev() {
        let again = city.import(&[file]);
        check_told(&again, &[": 0 added, 0 updated, 0 removed"]);
    }
    let all: Vec<&str> = files.iter().rev().map(String::as_str).collect();
    check_told(&city.import(&all), &[": 0 added, 0 updated, 0 removed"]);
    assert_eq!(households(&city), first);
    // All in one command.
    let other = self::city();
    let all: Vec<&str> = files.iter().map(String::as_str).collect();
    other.import(&all);
    assert_eq!(households(&other).len(), first.len());
}

#[test]
fn whom_only_a_further_register_knows_has_its_household() {
    let city = city();
    city.import(&[&table(&city, "police.csv", "GA")]);
    let rows = format!(
        "{HEAD}测试甲,11010519491231002X,平江路12号101室,MZ1\n\
         测试丁,000000197006151240,平江路12号101室,MZ1\n"
    );
    let file = city.write("affairs.csv", &rows);
    let told = city.import(&[&file]);
    assert!(!told.contains("told differently"), "{told}");
    assert_eq!(households(&city).len(), 3);
    assert!(city.resident("测试丁").household != city.resident("测试甲").household);
    check_told(&city.import(&[&file]), &[": 0 added, 0 updated, 0 removed"]);
    // The first register tells of them no longer: what the further one says holds.
    let rest = table(&city, "police.csv", "GA");
    let text = std::fs::read_to_string(&rest).unwrap();
    std::fs::write(
        &rest,
        text.replace("测试甲,11010519491231002X", "测试戊,000000198502021230"),
    )
    .unwrap();
    city.import(&[&rest]);
    let of = |name: &str| city.resident(name).household;
    assert_eq!(of("测试甲"), of("测试丁"));
    households(&city);
}

#[test]
fn numbers_of_homes_that_are_not_known_count_within_their_address() {
    let city = city();
    let rows = format!(
        "{HEAD}测试丁,000000197006151240,,1\n\
         测试甲,11010519491231002X,未知新村1幢101室,1\n\
         测试乙,110101193903070011,未知新村2幢101室,1\n\
         测试丙,000000194001011237,未知新村2幢101,1\n"
    );
    let file = city.write("people.csv", &rows);
    city.import(&[&file]);
    let of = |name: &str| city.resident(name).household;
    assert!(of("测试甲") != of("测试乙"));
    assert_eq!(of("测试乙"), of("测试丙"));
    // Without an address the number alone tells.
    assert_eq!(of("测试丁"), of("测试甲"));
    check_told(&city.import(&[&file]), &[": 0 added, 0 updated, 0 removed"]);
}
