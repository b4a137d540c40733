//! Labels follow from age, household, traits and what a register says.

use super::*;
use crate::base::{Sealed, SealedList};
use crate::model::sample;
use crate::model::sample::people::{move_in, resident};
use crate::model::to_sealed;

fn clearance() -> Clearance {
    crate::base::clearance_for_tests()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

#[track_caller]
fn check(traits: &[(&str, &str)], is_alone: bool, today: &str, expected: &[&str]) {
    let mut one = resident("x", None, None);
    let traits: Traits = traits
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    one.traits = to_sealed(&traits);
    let labels = LabelRules::standard().of(&one, is_alone, day(today), &clearance());
    let labels = labels.unwrap();
    assert_eq!(
        labels.iter().map(String::as_str).collect::<Vec<_>>(),
        expected
    );
}

#[test]
fn rules_look_at_age_household_and_traits() {
    // Born on 1940-01-01.
    check(&[], true, "1999-12-31", &[]);
    check(&[], true, "2000-01-01", &["elderly_alone"]);
    check(&[], false, "2000-01-01", &[]);
    // A register says no.
    check(&[("not:elderly_alone", "no")], true, "2000-01-01", &[]);
    check(&[("marital", "丧偶")], false, "2010-01-01", &["widowed"]);
    check(&[("marital", "married")], false, "2010-01-01", &[]);
    check(
        &[("disability", "肢体贰级")],
        false,
        "1950-01-01",
        &["disabled"],
    );
    check(&[], false, "1943-12-31", &["small_child"]);
    check(&[], false, "1939-12-31", &[]);
}

#[test]
fn a_table_of_the_city_is_the_whole_list_of_labels() {
    let mut one = resident("x", None, None);
    one.labels = SealedList::new(["disabled", "widowed", "nobody_knows_it"]);
    let labels = |rules: &LabelRules| {
        let labels = rules.of(&one, false, day("1990-01-01"), &clearance());
        Vec::from_iter(labels.unwrap())
    };
    let own =
        LabelRules::from_toml("[[label]]\nid = \"disabled\"\nzh = \"残疾\"\nen = \"disabled\"");
    assert_eq!(labels(&own.unwrap()), ["disabled"]);
    assert_eq!(
        labels(&LabelRules::standard()),
        ["disabled", "nobody_knows_it", "widowed"]
    );
}

#[test]
fn ages() {
    assert_eq!(age_on("1940-02-29", day("2000-02-28")), Some(59));
    assert_eq!(age_on("1940-02-29", day("2000-02-29")), Some(60));
    assert_eq!(age_on("1940-02-29", day("2001-03-01")), Some(61));
    assert_eq!(age_on("2040-01-01", day("2000-01-01")), None);
    assert_eq!(age_on("soon", day("2000-01-01")), None);
}

#[test]
fn labels_of_everybody_follow_registers_and_rules() {
    let mut ground = sample::city(0);
    let house = *ground.buildings.keys().next().unwrap();
    let alone = move_in(&mut ground, house, "a", 1)[0];
    let pair = move_in(&mut ground, house, "b", 2);
    ground.residents.get_mut(&pair[0]).unwrap().labels = SealedList::new(["veteran"]);
    let links = Links::of(&ground);
    let (rules, day) = (LabelRules::standard(), "2010-05-01");
    let labels = Labels::of(&ground, &links, &rules, day, &clearance()).unwrap();
    assert_eq!(labels.get(alone).collect::<Vec<_>>(), ["elderly_alone"]);
    assert_eq!(labels.get(pair[0]).collect::<Vec<_>>(), ["veteran"]);
    assert_eq!(labels.get(pair[1]).count(), 0);
    assert_eq!(labels.with("veteran").collect::<Vec<_>>(), [pair[0]]);
    assert_eq!(labels.with("nothing").count(), 0);
    // A neighbour moves out: the one who stays is alone from the next fold on.
    ground.residents.remove(&pair[1]);
    let links = Links::of(&ground);
    let labels = Labels::of(&ground, &links, &rules, day, &clearance()).unwrap();
    assert!(labels.has(pair[0], "elderly_alone") && labels.has(pair[0], "veteran"));
}

#[test]
fn while_locked_there_are_none() {
    let mut ground = sample::city(0);
    let mut one = resident("x", None, None);
    one.birth_date = Sealed::locked(vec![1]);
    ground.residents.insert(one.id, one);
    let links = Links::of(&ground);
    let rules = LabelRules::standard();
    let found = Labels::of(&ground, &links, &rules, "2026-01-01", &clearance());
    assert_eq!(found, None);
}

#[test]
fn contradictions_are_named() {
    let text = include_str!("../../../assets/label_rules.toml");
    let refused = |from: &str, to: &str, with: &str| {
        let broken = text.replacen(from, to, 1);
        assert_ne!(broken, text, "{from} stands in the rules");
        let fault = LabelRules::from_toml(&broken).unwrap_err().to_string();
        assert!(fault.contains(with), "{fault}");
    };
    refused("id = \"widowed\"", "id = \"elderly\"", "twice");
    refused(
        "{ age_min = 80 }",
        "{ age_min = 80, age_max = 70 }",
        "age_max",
    );
    refused("{ age_min = 80 }", "{}", "everybody");
    refused("{ age_min = 80 }", "{ age = 80 }", "age");
    refused("[\"low\", \"低保\"]", "[]", "never");
}
