//! Three registers and the people in them.

use super::*;

fn says(dataset: &str, key: &str, as_of: &str, values: &[(&str, &str)]) -> Statement {
    Statement {
        dataset: dataset.to_owned(),
        key: key.to_owned(),
        verified_on: as_of.to_owned(),
        values: values
            .iter()
            .map(|(field, value)| ((*field).to_owned(), (*value).to_owned()))
            .collect(),
    }
}

fn registered() -> Statement {
    let values = [
        ("name", "王小明"),
        ("phone", "139 1234 5678"),
        ("birth_date", "1949-12-31"),
        ("address", "金阊街道平江路12号 101室"),
    ];
    says("registered", "a", "2026-01-01", &values)
}

fn migrant(values: &[(&str, &str)]) -> Statement {
    says("migrant", "a", "2026-03-01", values)
}

fn fields(person: &Person) -> Vec<String> {
    let conflicts = person.conflicts(&CityNames::default());
    conflicts.into_iter().map(|one| one.field).collect()
}

#[test]
fn the_same_in_other_words_is_no_conflict() {
    let mut person = Person::new(registered());
    let same = [
        ("name", "王 小明"),
        ("phone", "+86 １３９１２３４５６７８"),
        ("birth_date", "1949年12月31日"),
        ("address", "苏州市姑苏区平江路１２號101"),
        ("marital", "丧偶"),
    ];
    assert_eq!(person.absorb(migrant(&same)), Absorbed::Changed);
    assert_eq!(fields(&person), [""; 0]);
    assert_eq!(person.stands, registered());
}

#[test]
fn who_says_what_and_as_of_when() {
    let mut person = Person::new(registered());
    person.absorb(migrant(&[
        ("phone", "13900000000"),
        ("address", "平江路12号102室"),
    ]));
    person.absorb(says("care", "a", "", &[("phone", "13912345678")]));
    assert_eq!(fields(&person), ["address", "phone"]);
    let phone = &person.conflicts(&CityNames::default())[1];
    let told: Vec<_> = phone
        .told_by
        .iter()
        .map(|one| (one.dataset.as_str(), one.as_of.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("registered", "2026-01-01"),
            ("migrant", "2026-03-01"),
            ("care", "")
        ]
    );
    let shown = format!("{person:?} {phone:?}");
    for value in ["王小明", "139", "平江", "102"] {
        assert!(!shown.contains(value), "{shown}");
    }
}

#[test]
fn a_chosen_home_holds_for_the_address_it_was_chosen_for() {
    let names = CityNames::default();
    let home = crate::base::DwellingId::from_bits(7);
    let at = |address: &str| says("registered", "a", "2026-01-01", &[("address", address)]);
    let text = |text: &str| text.to_owned();
    let decision = Decision {
        decides: String::new(),
        value: home.to_string(),
        from: None,
        stood: None,
        weighed: BTreeSet::new(),
        by: text("a"),
        role: text("registrar"),
        purpose: text("registry"),
        note: text("asked"),
        at: crate::base::Timestamp::from_millis(0),
    };
    let mut person = Person::new(at("平江路12号109室"));
    assert_eq!(person.chosen_home(&names), None);
    person.choose_home(decision);
    assert_eq!(person.chosen_home(&names), Some(home));
    // It is no field on which registers differ, and no value of the record.
    assert!(person.differing(&names).is_empty());
    person.absorb(at("苏州市平江路１２号 109"));
    assert_eq!(
        person.chosen_home(&names),
        Some(home),
        "the same in other words"
    );
    person.absorb(at("平江路12号102室"));
    assert_eq!(person.chosen_home(&names), None);
    person.absorb(at(""));
    assert_eq!(person.chosen_home(&names), None);
}

#[test]
fn a_register_replaces_only_what_it_said_itself() {
    let mut person = Person::new(registered());
    assert_eq!(person.absorb(registered()), Absorbed::Same);
    assert_eq!(person.absorb(migrant(&[("phone", "1")])), Absorbed::Changed);
    assert_eq!(person.absorb(migrant(&[("phone", "1")])), Absorbed::Same);
    assert_eq!(person.absorb(migrant(&[("phone", "2")])), Absorbed::Changed);
    assert_eq!((person.further.len(), &person.stands), (1, &registered()));
}

#[test]
fn a_register_without_the_person_takes_back_its_own() {
    let mut person = Person::new(registered());
    person.absorb(migrant(&[("phone", "2")]));
    let none = |_: &str| false;
    let stays = person.clone().without("migrant", &none).unwrap();
    assert_eq!(stays, Person::new(registered()));
    let moved = person.clone().without("registered", &none).unwrap();
    assert_eq!(moved, Person::new(migrant(&[("phone", "2")])));
    assert_eq!(moved.without("migrant", &none), None);
    assert_eq!(
        person.clone().without("registered", &|_| true),
        Some(person)
    );
}

#[test]
fn what_is_kept_is_read_again() {
    let record = FurtherRecord::from(&registered());
    assert_eq!(Statement::from(record), registered());
}
