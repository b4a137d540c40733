//! Several registers of one person, and newer tables of the same register.

use pingjiang::access;

use super::command::pingjiang;
use super::{City, check_told, data, text};

#[test]
fn the_same_again_changes_nothing() {
    let city = City::new();
    let files = [
        "dwellings.csv",
        "residents.csv",
        "migrants.xlsx",
        "vehicles.csv",
        "cameras.csv",
        "facilities.csv",
        "responders.csv",
        "events.csv",
    ]
    .map(data);
    for file in &files {
        city.import(&[file]);
    }
    let before = city.ground();
    // Under a changed key, too: people are found by fingerprints, which outlive it.
    for is_rotated in [false, true] {
        if is_rotated {
            let done = pingjiang(&["key", "rotate", city.path().to_str().unwrap()]);
            assert!(done.status.success(), "{}", text(&done.stderr));
        }
        for file in &files {
            check_told(
                &city.import(&[file]),
                &[": 0 added, 0 updated, 0 removed, "],
            );
        }
    }
    let after = city.ground();
    assert_eq!(before.residents.len(), after.residents.len());
    let clearance = access::for_keeping();
    assert_eq!(
        pingjiang::model::content_hash(&before, &clearance),
        pingjiang::model::content_hash(&after, &clearance)
    );
}

#[test]
fn two_registers_tell_of_one_person_and_a_newer_one_takes_back_its_own() {
    let city = City::new();
    city.import(&[&data("dwellings.csv"), &data("residents.csv")]);
    let before = city.resident("测试甲");
    let told = city.import(&[&data("migrants.xlsx")]);
    check_told(
        &told,
        &[
            "1 person is told differently by several registers or rows: address 1, phone 1",
            "\"说明\" is empty, or its headers tell no register: skipped",
            "it was stored as a number and lost its last digits: store it as text (sheet 1, row 6)",
            "it has neither a position nor an address: skipped (sheet 2, row 2",
        ],
    );
    let after = city.resident("测试甲");
    assert_eq!(
        (&before.phone, before.id, before.dwelling),
        (&after.phone, after.id, after.dwelling)
    );
    let told = city.further("测试甲");
    let migrant = told.iter().find(|one| one.dataset == "migrants").unwrap();
    assert_eq!(migrant.values["phone"], "13900000009");
    assert_eq!(
        (
            migrant.verified_on.as_str(),
            migrant.values["birth_date"].as_str()
        ),
        ("2026-04-01", "1940-01-01")
    );
    // An edition of somebody else alone is another data set; the next one lacks him.
    let head = "姓名,身份证号,现住址";
    let other = format!("{head}\n测试新,000000198801011452,平江路14号\n");
    let newer = city.write("migrants.csv", &other);
    let refused = city.refusal(&[&newer]);
    check_told(&refused, &["of data set \"migrants\"", "--keep-missing"]);
    assert_eq!(city.further("测试甲").len(), told.len());
    city.write(
        "migrants.csv",
        &format!("{head}\n测试壬,000000199901011323,平江路14号\n"),
    );
    city.import(&[&newer, "--replace-all"]);
    assert!(
        city.further("测试甲")
            .iter()
            .all(|one| one.dataset != "migrants")
    );
    assert_eq!(city.resident("测试甲").phone, before.phone);
}

#[test]
fn who_is_gone_from_the_first_register_stays_as_the_second_tells() {
    let city = City::new();
    let head = "姓名,身份证号,联系电话";
    let both = "测试甲,000000194001011237,13900000001\n测试乙,000000197006151240,13900000002\n";
    let first = city.write("first.csv", &format!("{head}\n{both}"));
    let second = city.write(
        "second.csv",
        &format!("{head}\n测试甲,000000194001011237,13900000009\n"),
    );
    city.import(&[&first]);
    city.import(&[&second]);
    let id = city.resident("测试甲").id;
    city.write(
        "first.csv",
        &format!("{head}\n测试乙,000000197006151240,13900000002\n"),
    );
    city.import(&[&first]);
    let one = city.resident("测试甲");
    assert_eq!((one.id, one.source.dataset.as_str()), (id, "second"));
    assert_eq!(
        one.phone.unwrap().open(&access::for_keeping()).as_deref(),
        Some("13900000009")
    );
    assert!(one.further.is_none());
}

#[test]
fn half_a_register_is_refused_though_another_one_names_the_same_people() {
    let city = City::new();
    let table = |name: &str, people: std::ops::Range<u32>, phone: u32, who: &str| {
        let rows = people.map(|at| format!("{who}{at},T{at:03},139{phone:04}{at:04}\n"));
        let text: String = rows.collect();
        city.write(name, &format!("姓名,编号,联系电话\n{text}"))
    };
    let first = |people| {
        [
            table("ra.csv", people, 1, "测试"),
            "--as".into(),
            "residents".into(),
        ]
    };
    let import = |arguments: &[String], more: &[&str]| {
        let own = arguments.iter().map(String::as_str);
        city.run(&own.chain(more.iter().copied()).collect::<Vec<_>>())
    };
    let second = |people| {
        let mut arguments = first(people);
        arguments[0] = table("rb.csv", 0..20, 2, "测试乙");
        arguments
    };
    let all = first(0..20);
    assert!(import(&all, &[]).status.success());
    assert!(import(&second(0..20), &[]).status.success());
    let before = city.ground();
    assert!(before.residents.values().all(|one| one.further.is_some()));
    // One row of twenty, of people whom the other register names as well.
    let one = first(0..1);
    let refused = import(&one, &[]);
    assert!(!refused.status.success(), "{}", text(&refused.stdout));
    check_told(
        &text(&refused.stderr),
        &[
            "would remove 19 of the 20 records of data set \"ra\"",
            "19 of them people who would then stand as another register tells",
            "--replace-all",
        ],
    );
    assert_eq!(city.ground().residents, before.residents);
    // A part of it takes nothing back.
    let kept = import(&one, &["--keep-missing"]);
    assert!(kept.status.success(), "{}", text(&kept.stderr));
    assert_eq!(city.ground().residents, before.residents);
    // Who goes on is told what became of them.
    let told = import(&one, &["--replace-all"]);
    assert!(told.status.success(), "{}", text(&told.stderr));
    check_told(
        &text(&told.stdout),
        &[
            "data set \"ra\": 20 in the city, 1 again in the files, 19 removed",
            "19 of those removed: people who stay as another register tells",
        ],
    );
    let after = city.ground();
    let of = |dataset: &str| {
        let all = after.residents.values();
        all.filter(|one| one.source.dataset == dataset).count()
    };
    assert_eq!((of("ra"), of("rb")), (1, 19));
}

#[test]
fn a_household_stays_while_another_register_points_at_it() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let table = |rows: &str| city.write("homes.csv", &format!("户号,地址\n{rows}"));
    let homes = table("H1,平江路12号101室\nH2,平江路12号102室\nH3,平江路14号\n");
    city.import(&[&homes, "--as", "households"]);
    let people = city.write(
        "people.csv",
        "姓名,身份证号,户号\n测试甲,000000194001011237,H1\n",
    );
    city.import(&[&people]);
    let ground = city.ground();
    let home = city.resident("测试甲").household.unwrap();
    assert_eq!(ground.households.len(), 3);
    // The register of households no longer has H1 and H2: only what nobody points at goes.
    table("H3,平江路14号\n");
    let told = city.import(&[&homes, "--as", "households", "--replace-all"]);
    check_told(
        &told,
        &[
            "household    0 added, 0 updated, 1 removed",
            "a register points at",
        ],
    );
    let ground = city.ground();
    assert!(ground.households.contains_key(&home) && ground.households.len() == 2);
    // It goes with the next table once nobody does.
    city.write(
        "people.csv",
        "姓名,身份证号,户号\n测试甲,000000194001011237,H3\n",
    );
    city.import(&[&people]);
    city.import(&[&homes, "--as", "households", "--replace-all"]);
    assert_eq!(city.ground().households.len(), 1);
}

#[test]
fn many_people_come_in_parts_and_a_fault_in_a_later_part_leaves_nothing() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let mut text = String::from("姓名,编号,户号,现住址\n");
    // More rows than a part has, the same people again behind them.
    for number in (0..30_000).chain(0..30_000) {
        text += &format!("测试{number},R{number},H{},平江路12号101室\n", number / 3);
    }
    let table = city.write("many.csv", &text);
    let table = [&table, "--as", "residents"];
    let told = city.import(&table);
    check_told(
        &told,
        &[
            "resident     30000 added",
            "household    10000 added",
            "30000 linked",
        ],
    );
    let ground = city.ground();
    assert!(
        ground
            .residents
            .values()
            .all(|one| one.further.is_some() && one.dwelling.is_some())
    );
    check_told(&city.import(&table), &[": 0 added, 0 updated, 0 removed, "]);
    // Half of them is refused after its parts were written: all of it is taken back.
    let half: String = text
        .lines()
        .take(12_000)
        .map(|line| format!("{line}\n"))
        .collect();
    let changed = half.replace("101室", "102室");
    city.write("many.csv", &changed);
    city.refusal(&table);
    let after = city.ground();
    assert_eq!(after.residents, ground.residents);
    assert_eq!(after.version, ground.version + 1);
}
