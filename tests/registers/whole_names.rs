//! Whole names of people in titles of events elsewhere, in Latin letters and with dots: sealed as Chinese
//! ones are.

use pingjiang::model::OfHome;

use super::{City, check_told};

/// Which events stand open, by their keys.
fn open_events(city: &City) -> Vec<String> {
    let ground = city.ground();
    let open = ground.events.values().filter(|one| one.home == OfHome::No);
    let mut keys: Vec<_> = open.map(|one| one.source.key.clone()).collect();
    keys.sort();
    keys
}

const PEOPLE: &str = "姓名,公民身份号码,现住址\n\
                      Mary Ann Lee,000000194001011237,桃源新村3幢1单元301室\n\
                      john  SMITH,000000197006151240,桃源新村3幢1单元301室\n\
                      Li Na,000000198511301250,桃源新村3幢1单元301室\n\
                      古丽·买买提,000000195505051317,桃源新村3幢1单元301室\n";

const EVENTS: &str = "事件编号,事件标题,事发地址,上报时间\n\
                      E01,Mary Ann Lee摔倒,平江路12号,2026-04-01 08:30\n\
                      E02,独居老人Mary Ann Lee需上门,平江路12号,2026-04-01 08:30\n\
                      E03,mary  ann　lee女士求助,平江路12号,2026-04-01 08:30\n\
                      E04,住户John Smith求助,平江路12号,2026-04-01 08:30\n\
                      E05,古丽买买提家漏水,平江路12号,2026-04-01 08:30\n\
                      E06,古丽•买买提家漏水,平江路12号,2026-04-01 08:30\n\
                      E07,古丽·买买提家漏水,平江路12号,2026-04-01 08:30\n\
                      E08,MaryAnnLee摔倒,平江路12号,2026-04-01 08:30\n\
                      E11,Lina家漏水,平江路12号,2026-04-01 08:30\n\
                      E12,Mary Ann Leeds摔倒,平江路12号,2026-04-01 08:30\n\
                      E13,John Smith路口积水,平江路12号,2026-04-01 08:30\n\
                      E14,Mary摔倒,平江路12号,2026-04-01 08:30\n";

const OPEN: [&str; 4] = ["E11", "E12", "E13", "E14"];

#[test]
fn a_latin_name_in_a_title_seals_it_as_a_chinese_one_does() {
    let people = |city: &City| city.import_quietly(&[&city.write("people.csv", PEOPLE)]);
    let events = |city: &City| city.import_quietly(&[&city.write("calls.csv", EVENTS)]);
    let city = City::new();
    city.import(&[&super::data("dwellings.csv")]);
    people(&city);
    let told = events(&city);
    check_told(
        &told,
        &["it holds the name of who reported it, or of somebody whom a register"],
    );
    assert_eq!(open_events(&city), OPEN);
    // The people come later.
    let city = City::new();
    city.import(&[&super::data("dwellings.csv")]);
    events(&city);
    let told = people(&city);
    check_told(
        &told,
        &["8 events of before hold in the title the name of somebody"],
    );
    assert_eq!(open_events(&city), OPEN);
}

#[test]
fn a_whole_name_in_a_title_seals_it_wherever_its_bearer_lives_and_a_place_does_not() {
    let city = City::new();
    city.import(&[&super::data("dwellings.csv")]);
    city.import_quietly(&[&city.write(
        "people.csv",
        "姓名,公民身份号码,现住址\n\
         钱建国,000000194001011237,桃源新村3幢1单元301室\n\
         平江历,000000197006151240,桃源新村3幢1单元301室\n\
         桃源新,000000198511301250,桃源新村3幢1单元301室\n\
         Mary Ann Lee,000000195505051317,桃源新村3幢1单元301室\n\
         钱建,000000200002291267,桃源新村3幢1单元301室\n",
    )]);
    let titles = [
        ("E01", "钱建国"),
        ("E02", "钱建国老先生求助"),
        ("E03", "昨夜钱建国突发心梗"),
        ("E04", "寻找钱建国"),
        ("E05", "call for MARY ANN LEE now"),
        ("E11", "平江历史街区积水"),
        ("E12", "桃源新村路灯坏"),
        ("E13", "钱建材料堆放"),
        ("E14", "钱建国路口积水"),
        ("E15", "路灯坏"),
    ];
    let places = "设施名称,类型,地址\n平江历史街区服务站,服务站,平江路12号\n平江历史街区,服务站,平江路12号\n桃源新村,服务站,平江路12号\n";
    city.import_quietly(&[&city.write("posts.csv", places), "--as", "facilities"]);
    let mut rows = String::from("事件编号,事件标题,事发地址,上报时间\n");
    for (key, title) in titles {
        rows += &format!("{key},{title},平江路12号,2026-04-01 08:30\n");
    }
    let told = city.import_quietly(&[&city.write("calls.csv", &rows)]);
    check_told(
        &told,
        &["whom a register of people tells of: sealed with its place"],
    );
    assert_eq!(open_events(&city), ["E11", "E12", "E13", "E14", "E15"]);
}

#[test]
fn what_a_second_register_calls_somebody_is_guarded_too() {
    let city = City::new();
    city.import(&[&super::data("dwellings.csv")]);
    let head = "姓名,公民身份号码,现住址,联系电话\n";
    let of = |rows: &str| format!("{head}{rows}");
    let first = of("钱建国,000000194001011237,桃源新村3幢1单元301室,13900000001\n");
    let second = of("金大木,000000194001011237,桃源新村3幢1单元301室,13900000002\n");
    let events = "事件编号,事件标题,事发地址,上报时间\n\
                  E1,钱建国求助,平江路12号,2026-04-01 08:30\n\
                  E2,寻找金大木,平江路12号,2026-04-01 08:30\n\
                  E3,路灯坏,平江路12号,2026-04-01 08:30\n";
    let posts = "设施名称,类型,地址,电话\n服务站,服务站,平江路12号,13900000002\n";
    city.import_quietly(&[&city.write("calls.csv", events)]);
    city.import_quietly(&[&city.write("posts.csv", posts), "--as", "facilities"]);
    city.import_quietly(&[&city.write("first.csv", &first)]);
    assert_eq!(open_events(&city), ["E2", "E3"]);
    city.import_quietly(&[&city.write("second.csv", &second)]);
    // What was open before the second register came, and what comes after it.
    assert_eq!(open_events(&city), ["E3"]);
    let phone = |city: &City| {
        let ground = city.ground();
        let mut all = ground.facilities.values();
        all.next().and_then(|one| one.phone.clone())
    };
    assert_eq!(phone(&city), None);
    city.import_quietly(&[&city.write("calls.csv", events)]);
    city.import_quietly(&[&city.write("posts.csv", posts), "--as", "facilities"]);
    assert_eq!(
        (open_events(&city), phone(&city)),
        (vec!["E3".to_owned()], None)
    );
}
