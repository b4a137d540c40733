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
        &["it holds the name of who reported it, or of somebody who lives there"],
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
