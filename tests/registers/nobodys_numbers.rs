//! What stands where identity numbers belong and is none: 无, 0, 111…, what a spreadsheet made of one. It
//! makes nobody the same as anybody else.

use pingjiang::access;

use super::{City, check_told, data};

const HEAD: &str = "姓名,公民身份号码,现住址,联系电话\n";

#[test]
fn people_with_nothing_for_a_number_stay_people_of_their_own() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    for (at, number) in [
        "无",
        "不详",
        "未上户",
        "0",
        "000000000000000000",
        "111111111111111",
        "111111111111111111",
        "3.20508E+17",
        "11010519491231002",
    ]
    .into_iter()
    .enumerate()
    {
        let rows = format!(
            "{HEAD}测试甲,{number},平江路12号101室,13900000001\n测试乙,{number},平江路14号,13900000002\n"
        );
        let told = city.import(&[&city.write("people.csv", &rows)]);
        let of = match at {
            0 => "resident     2 added",
            // The same people again, whatever stands there.
            _ => "resident     0 added, 0 updated, 0 removed, 2 unchanged",
        };
        check_told(
            &told,
            &[
                of,
                "column \"公民身份号码\": it is no identity number: counts as not given",
                "(row 2, row 3)",
            ],
        );
        assert!(
            !told.contains("twice") && !told.contains("differently"),
            "{number}: {told}"
        );
        if number.len() > 1 {
            assert!(!told.contains(number), "{told}");
        }
    }
    let clearance = access::for_keeping();
    let number = city.resident("测试甲").identity_no;
    assert_eq!(number.open(&clearance).as_deref(), Some(""));
    assert!(city.resident("测试甲").dwelling != city.resident("测试乙").dwelling);
}

#[test]
fn a_number_with_a_slip_is_kept_and_makes_nobody_the_same() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    // The first two have the same number with a wrong check character, the others the same passport.
    let rows = format!(
        "{HEAD}测试甲,000000194001011238,平江路12号101室,\n测试乙,000000194001011238,平江路14号,\n\
         测试丙,E12345678,平江路14号,\n测试丙,e 1234 5678,平江路14号,13900000003\n"
    );
    let told = city.import(&[&city.write("people.csv", &rows)]);
    check_told(
        &told,
        &[
            "resident     3 added",
            "the identity number's check character does not fit: taken, counted as contradictory, and nobody is known again by it (row 2, row 3)",
            "it is the number of a passport or permit",
            "(row 4, row 5)",
        ],
    );
    let number = |name: &str| {
        city.resident(name)
            .identity_no
            .open(&access::for_keeping())
            .map(String::from)
    };
    assert_eq!(number("测试甲").as_deref(), Some("000000194001011238"));
    assert_eq!(city.further("测试丙").len(), 1);
}

#[test]
fn ways_to_write_one_number_are_one_person() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let rows = format!(
        "{HEAD}测试甲,11010519491231002X,平江路12号101室,\n测试甲,１１０１０５１９４９１２３１００２ｘ,平江路12号101室,\n\
         测试甲,110105491231002,平江路12号101室,\n"
    );
    let told = city.import(&[&city.write("people.csv", &rows)]);
    check_told(
        &told,
        &["resident     1 added", "the same identity number twice"],
    );
    assert_eq!(city.further("测试甲").len(), 2);
}

#[test]
fn a_word_in_place_of_a_household_number_makes_nobody_one_household() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    for number in ["无", "0", "0000", "不详", "暂无", "99999999", "未登记"] {
        let rows = format!(
            "姓名,编号,现住址,户号\n测试甲,R1,平江路12号101室,{number}\n测试乙,R2,平江路14号,{number}\n\
             测试丙,R3,平江路14号,H5\n测试丁,R4,平江路14号,H5\n"
        );
        let people = city.write("people.csv", &rows);
        let told = city.import(&[&people, "--as", "residents"]);
        check_told(
            &told,
            &[
                "column \"户号\": it is no number of a household",
                "(row 2, row 3)",
            ],
        );
        let home = |name: &str| city.resident(name).household;
        assert_eq!((home("测试甲"), home("测试乙")), (None, None), "{number}");
        assert!(home("测试丙").is_some() && home("测试丙") == home("测试丁"));
    }
}

#[test]
fn a_vehicle_with_a_word_for_a_plate_is_kept_without_a_number() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let words = ["无牌", "未上牌", "临牌", "不详", "无", "暂无"];
    let mut rows = String::from("车牌号,车辆类型,地址\n");
    for word in words.iter().chain(&words) {
        rows += &format!("{word},电动自行车,平江路12号\n");
    }
    rows += "苏E00001,小型汽车,平江路12号\n";
    let table = city.write("cars.csv", &rows);
    let told = city.import(&[&table]);
    check_told(
        &told,
        &[
            "vehicle      13 added",
            "column \"车牌号\": it is no plate",
            "row 2",
        ],
    );
    assert!(
        !told.contains("twice") && !told.contains("skipped"),
        "{told}"
    );
    check_told(&city.import(&[&table]), &["13 unchanged"]);
    let clearance = access::for_keeping();
    let ground = city.ground();
    let plates = ground.vehicles.values();
    let plates = plates.filter(|one| one.plate.open(&clearance).as_deref() == Some(""));
    assert_eq!(plates.count(), 12);
}

#[test]
fn a_number_for_the_time_being_makes_nobody_the_same() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    for number in ["TEMP00001", "LS2026001"] {
        let rows = format!(
            "{HEAD}测试甲,{number},平江路12号101室,13900000001\n测试乙,{number},平江路14号,13900000002\n"
        );
        let told = city.import(&[&city.write("people.csv", &rows)]);
        check_told(&told, &["counts as not given", "(row 2, row 3)"]);
        assert!(!told.contains("twice"), "{told}");
        assert!(city.resident("测试甲").id != city.resident("测试乙").id);
    }
}

#[test]
fn an_empty_home_is_nobody() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let rows = format!(
        "{HEAD}空房,,平江路12号101室,\n空户,无,平江路12号102室,\n未知,,平江路14号,\n\
         测试甲,,平江路14号,\n未知,11010519491231002X,平江路14号,\n"
    );
    let told = city.import(&[&city.write("people.csv", &rows)]);
    check_told(
        &told,
        &[
            "resident     2 added",
            "column \"姓名\": it is no name of a person",
            "(row 2, row 3, row 4)",
        ],
    );
}
