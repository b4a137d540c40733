//! What is reported while an engine runs: one incident each, of the type for its kind and group.

use super::*;
use crate::model::dispatch::{Origin, Refused, Reported};
use crate::model::{EventKind, ServiceGroup};

pub(super) fn report(kind: EventKind, group: ServiceGroup, building: Option<BuildingId>) -> Ask {
    let report = Reported {
        kind,
        group,
        building,
        area: None,
        reported_at: MORNING,
        due_at: Some(MORNING.plus(3_600_000)),
        title: text("drain is blocked"),
        words: Some(text("for two days\nWang 13900000003")),
        token_sha256: Some("ab".repeat(32)),
    };
    Ask::Report {
        report: Box::new(report),
    }
}

#[test]
fn a_report_opens_one_incident_of_its_type_with_its_clocks() {
    let mut city = Loop::new();
    let own = |key: &str| IncidentId::from_source("report", key);
    let order = |building| report(EventKind::Order, ServiceGroup::HouseholdChores, building);
    city.ask(own("1"), "hotline", order(Some(house(1))))
        .unwrap();
    let one = city.twin.live().dispatch.incidents[&own("1")].clone();
    assert_eq!(
        (one.opening.kind.as_str(), one.grade),
        ("order", Grade::Blue)
    );
    assert_eq!(one.opening.spot.building, Some(house(1)));
    assert!(one.acknowledged.is_none() && !one.clocks.is_empty());
    assert_eq!(one.token_sha256.as_deref(), Some("ab".repeat(32).as_str()));
    assert!(matches!(
        one.opening.origin,
        Origin::Reported {
            kind: EventKind::Order,
            due_at: Some(_),
            ..
        }
    ));
    let twice = city.ask(own("1"), "hotline", order(None));
    assert_eq!(twice, Err(Refused::IsThere { incident: own("1") }));
    let nowhere = city.ask(own("2"), "hotline", order(Some(house(77))));
    assert_eq!(nowhere, Err(Refused::NoSuchPlace));
    for (kind, group, expected) in [
        (
            EventKind::Report,
            ServiceGroup::SmartSecurity,
            "safety_report",
        ),
        (EventKind::ContactDay, ServiceGroup::CommunityCare, "care"),
        (
            EventKind::ContactDay,
            ServiceGroup::GovernmentAffairs,
            "report",
        ),
    ] {
        let id = own(expected);
        city.ask(id, "hotline", report(kind, group, None)).unwrap();
        let one = &city.twin.live().dispatch.incidents[&id];
        assert_eq!(one.opening.kind, expected);
    }
}
