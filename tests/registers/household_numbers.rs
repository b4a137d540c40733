//! Household numbers that begin again in every building: a number counts within the home of its row.

use super::{City, check_told, data};

const HEAD: &str = "姓名,编号,现住址,户号\n";
const OTHER: &str = "column \"户号\": another home has this household number too";

#[test]
fn people_of_two_homes_with_one_number_are_two_households() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let rows = format!(
        "{HEAD}测试甲,R1,平江路12号101室,1\n测试乙,R2,平江路12号101室,1\n测试丙,R3,平江路12号102室,1\n\
         测试丁,R4,平江路12号102室,1\n测试庚,R6,平江路14号,2\n测试戊,R5,,1\n"
    );
    let people = city.write("people.csv", &rows);
    let told = city.import(&[&people, "--as", "residents"]);
    check_told(&told, &["household    3 added", OTHER, "(row 4, row 5)"]);
    let home = |name: &str| city.resident(name).household;
    assert_eq!(home("测试甲"), home("测试乙"));
    assert_eq!(home("测试丙"), home("测试丁"));
    assert!(home("测试甲") != home("测试丙"));
    // Without an address the number alone tells, as ever.
    assert_eq!(home("测试戊"), home("测试甲"));
    for (of, other) in [("测试甲", "测试丙"), ("测试丙", "测试甲")] {
        let ground = city.ground();
        let household = &ground.households[&home(of).unwrap()];
        assert_eq!(household.dwelling, city.resident(of).dwelling);
        assert!(household.dwelling != city.resident(other).dwelling);
    }
    let again = city.import(&[&people, "--as", "residents"]);
    check_told(&again, &[": 0 added, 0 updated, 0 removed, "]);
    // A vehicle belongs to the household of its home, and another register finds it again.
    let cars = "车牌号,车辆类型,户号,地址\n测A00001,小型汽车,1,平江路12号102室\n测A00002,小型汽车,1,平江路12号101室\n";
    city.import(&[&city.write("cars.csv", cars)]);
    let ground = city.ground();
    let owners: Vec<_> = ground.vehicles.values().map(|one| one.household).collect();
    assert!(owners.contains(&home("测试甲")) && owners.contains(&home("测试丙")));
    let more = format!("{HEAD}测试己,P6,平江路12号102室,1\n");
    city.import(&[&city.write("police.csv", &more), "--as", "residents"]);
    assert_eq!(home("测试己"), home("测试丙"));
    assert_eq!(city.ground().households.len(), 3);
}

#[test]
fn a_register_of_households_may_begin_again_too() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let rows =
        "户号,地址\n1,平江路12号101室\n1,平江路12号102室\n1,平江路12号 102室\n无,平江路12号101室\n";
    let homes = city.write("homes.csv", rows);
    let told = city.import(&[&homes, "--as", "households"]);
    check_told(
        &told,
        &[
            "household    2 added",
            OTHER,
            "the same key twice: only the first is taken (row 4)",
            "column \"户号\": it is no number of a household",
            "it has no number: skipped",
        ],
    );
    let people = format!("{HEAD}测试甲,R1,平江路12号102室,1\n测试乙,R2,平江路12号101室,1\n");
    city.import(&[&city.write("people.csv", &people), "--as", "residents"]);
    let ground = city.ground();
    assert_eq!(ground.households.len(), 2);
    for name in ["测试甲", "测试乙"] {
        let one = city.resident(name);
        let household = &ground.households[&one.household.unwrap()];
        assert_eq!(household.dwelling, one.dwelling);
    }
}
