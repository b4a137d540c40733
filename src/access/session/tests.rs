//! Sessions: where and what for a role opens values, and what is noted.

use super::*;
use crate::base::{AreaId, ImportId, Sealed};
use crate::model::{AdminArea, AreaLevel, Source, sample};

fn area(key: &str, level: AreaLevel, parent: Option<&str>) -> AdminArea {
    let id = |key: &str| AreaId::from_source("sample", key);
    AdminArea {
        id: id(key),
        source: Source {
            dataset: "sample".to_owned(),
            key: key.to_owned(),
            import: ImportId::from_bits(0),
        },
        level,
        code: Some(format!("code {key}")),
        name: format!("name {key}"),
        parent: parent.map(id),
        polygon: None,
    }
}

/// A street with two communities, one of them with a grid.
fn ground() -> Ground {
    let mut ground = sample::city(0);
    for one in [
        area("street", AreaLevel::Street, None),
        area("a", AreaLevel::Community, Some("street")),
        area("b", AreaLevel::Community, Some("street")),
        area("a1", AreaLevel::Grid, Some("a")),
    ] {
        ground.areas.insert(one.id, one);
    }
    ground
}

fn begin(role: &str, areas: &[&str], purpose: Option<&str>) -> Result<Session, SessionError> {
    let who = Visitor {
        role: role.to_owned(),
        areas: areas.iter().map(|&area| area.to_owned()).collect(),
        purpose: purpose.map(str::to_owned),
        note: "smoke in number 12".to_owned(),
    };
    Session::begin(&RoleTable::standard(), &who, &ground())
}

fn bits(key: &str) -> Option<u64> {
    Some(AreaId::from_source("sample", key).bits())
}

#[track_caller]
fn check(session: &Session, field: PersonalField, area: Option<u64>, is_open: bool) {
    let of = Subject { id: &"res-1", area };
    let shown = session.show(field, &Sealed::new("王小明"), &of);
    assert_eq!(!shown.is_masked, is_open, "{shown:?}");
}

#[test]
fn a_grid_worker_sees_its_own_area_and_what_lies_in_it() {
    let session = begin("grid_worker", &["code a"], Some("service")).unwrap();
    check(&session, PersonalField::Name, bits("a1"), true);
    check(&session, PersonalField::Name, bits("a"), true);
    check(&session, PersonalField::Name, bits("b"), false);
    check(&session, PersonalField::Name, bits("street"), false);
    check(&session, PersonalField::Name, None, false);
    check(&session, PersonalField::Identity, bits("a1"), false);
    let opened = session.opened();
    assert_eq!(opened["res-1"], BTreeSet::from([PersonalField::Name]));
}

#[test]
fn without_a_purpose_everything_stays_masked_and_nothing_is_noted() {
    let session = begin("operator", &[], None).unwrap();
    check(&session, PersonalField::Name, bits("a"), false);
    assert!(session.opened().is_empty() && !session.may_export(Export::Notify));
    let session = begin("operator", &[], Some("incident")).unwrap();
    check(&session, PersonalField::Name, None, true);
    assert_eq!(session.suppress_below(None), 0);
    assert_eq!(begin("planner", &[], None).unwrap().suppress_below(None), 5);
}

#[test]
fn a_registrar_sees_who_has_no_home_for_the_registers_alone() {
    let session = begin("registrar", &[], Some("registry")).unwrap();
    assert!(session.may_decide() && !session.may_export(Export::Notify));
    for area in [None, bits("a1"), bits("b")] {
        for field in [
            PersonalField::Name,
            PersonalField::Identity,
            PersonalField::Door,
        ] {
            check(&session, field, area, true);
        }
        for field in [
            PersonalField::Plate,
            PersonalField::Report,
            PersonalField::Stream,
        ] {
            check(&session, field, area, false);
        }
    }
    let session = begin("registrar", &[], None).unwrap();
    check(&session, PersonalField::Name, None, false);
    assert!(!session.may_decide());
    for purpose in ["incident", "service", "notice", "oversight"] {
        assert!(begin("registrar", &[], Some(purpose)).is_err(), "{purpose}");
    }
    assert!(session.role().handles.is_empty() && !session.role().audits);
    // Whoever works in own areas sees nobody without a home, and the others have no such purpose.
    let table = RoleTable::standard();
    let sees = |role: &&Role| role.decides && role.area == RoleArea::All;
    let seeing: Vec<_> = table
        .roles()
        .iter()
        .filter(sees)
        .map(|one| &one.id)
        .collect();
    assert_eq!(seeing, ["registrar"]);
}

#[test]
fn a_locked_value_is_masked_and_not_noted() {
    let session = begin("operator", &[], Some("incident")).unwrap();
    let of = Subject {
        id: &"res-1",
        area: None,
    };
    let shown = session.show(PersonalField::Name, &Sealed::locked(vec![1]), &of);
    assert!(shown.is_masked && session.opened().is_empty());
}

#[test]
fn what_does_not_fit_is_named() {
    let fault = |found: Result<Session, SessionError>| found.unwrap_err().to_string();
    assert!(fault(begin("boss", &[], None)).contains("boss"));
    let text = fault(begin("operator", &[], Some("notice")));
    assert!(text.contains("incident"), "{text}");
    assert!(fault(begin("planner", &[], Some("incident"))).contains("none"));
    assert!(fault(begin("grid_worker", &[], Some("service"))).contains("--area"));
    assert!(fault(begin("grid_worker", &["x"], Some("service"))).contains("\"x\""));
}
