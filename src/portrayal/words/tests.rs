//! Both languages say everything the program can ask for, and nothing else.

use std::collections::BTreeSet;

use super::*;
use crate::base::Closed;
use crate::model::dispatch::{Act, CallOutcome, CallStep, Cause, Deadline, Risk, Stage};
use crate::model::{
    AreaLevel, CameraOwner, DeviceHealth, EntityKind, EventStatus, FacilityKind, Grade,
    HeightOrigin, PopulationMeasure, Protection, RankBy, ResponderKind, RoadKind, Structure, Usage,
};
use crate::portrayal::chart::EventKind;
use crate::portrayal::deform::DeformGrade;
use crate::portrayal::hud::COMPARED_KINDS;

fn keys(text: &str) -> BTreeSet<String> {
    let resource = FluentResource::try_new(text.to_owned()).expect("no syntax errors");
    let entries: Vec<_> = resource.entries().collect();
    let ids: BTreeSet<_> = text
        .lines()
        .filter_map(|line| line.split_once(" =").map(|(key, _)| key.to_owned()))
        .collect();
    assert!(entries.len() >= ids.len());
    ids
}

/// Every key that the program can ask for.
fn asked() -> BTreeSet<String> {
    fn family(name: &str, values: Vec<&str>) -> Vec<String> {
        values
            .iter()
            .map(|value| format!("{name}-{value}"))
            .collect()
    }
    macro_rules! values {
        ($kind:ident) => {
            $kind::ALL.iter().map(|value| value.as_str()).collect()
        };
    }
    let mut all: BTreeSet<String> = Key::ALL.iter().map(|key| key.as_str().to_owned()).collect();
    all.extend(family("grade", values!(Grade)));
    all.extend(family("deform_grade", values!(DeformGrade)));
    all.extend(family("ranked_by", values!(RankBy)));
    let measured = vec!["tilt", "settlement", "crack", "distortion"];
    all.extend(family("measured", measured));
    all.extend(family("health-value", values!(DeviceHealth)));
    let sudden = vec!["unconfirmed", "moved", "mounted_anew"];
    all.extend(family("sudden", sudden));
    let events = EventKind::ALL.map(EventKind::as_str);
    all.extend(family("chart_event", events.to_vec()));
    all.extend(family("usage", values!(Usage)));
    all.extend(family("structure", values!(Structure)));
    all.extend(family("height_origin", values!(HeightOrigin)));
    all.extend(family("protection", values!(Protection)));
    all.extend(family("owner", values!(CameraOwner)));
    all.extend(family("helper", values!(ResponderKind)));
    all.extend(family("helper", values!(FacilityKind)));
    all.extend(family("road_kind", values!(RoadKind)));
    all.extend(family("event_status", values!(EventStatus)));
    let kinds = COMPARED_KINDS.iter().map(|kind| kind.as_str());
    all.extend(family("records", kinds.collect()));
    all.extend(family("kind", values!(EntityKind)));
    all.extend(family("action", vec!["import", "generate", "undo"]));
    let datums = vec!["1985_national_height_datum", "not_stated"];
    all.extend(family("vertical_datum", datums));
    all.extend(family("incident_stage", values!(Stage)));
    all.extend(family("incident_deadline", values!(Deadline)));
    all.extend(family("incident_cause", values!(Cause)));
    all.extend(family("incident_risk", values!(Risk)));
    all.extend(family("call_step", values!(CallStep)));
    all.extend(family("call_outcome", values!(CallOutcome)));
    all.extend(family("incident_act", Act::NAMES.to_vec()));
    all.extend(family("closed", Closed::ALL.map(Closed::as_str).to_vec()));
    all.extend(family("layer-measure", values!(PopulationMeasure)));
    all.extend(family("layer-level", values!(AreaLevel)));
    all.insert("compass-unknown".to_owned());
    all.extend((0..16).map(|point| format!("compass-{point}")));
    all.extend(family("weekday", vec!["0", "1", "2", "3", "4", "5", "6"]));
    all
}

#[test]
fn both_files_hold_exactly_the_words_that_are_asked_for() {
    let asked = asked();
    for text in [
        include_str!("../../../assets/words/zh.ftl"),
        include_str!("../../../assets/words/en.ftl"),
    ] {
        let held = keys(text);
        let missing: Vec<_> = asked.difference(&held).collect();
        let idle: Vec<_> = held.difference(&asked).collect();
        assert!(
            missing.is_empty() && idle.is_empty(),
            "missing {missing:?}, idle {idle:?}"
        );
    }
}

#[test]
fn words_come_out_plain() {
    let zh = Words::of(Lang::Zh);
    assert_eq!(zh.get(Key::AlarmsNone), "无待处置预警");
    assert_eq!(
        zh.format(Key::QueueMore, &[("n", "293".into())]),
        "另有 293 件"
    );
    let en = Words::of(Lang::En);
    assert_eq!(en.name("structure", "timber_brick"), "Timber and brick");
    assert_eq!(
        en.name("structure", "bamboo"),
        "bamboo",
        "a word of its own is better than none"
    );
}

#[test]
fn every_argument_is_given_a_place() {
    for lang in Lang::ALL {
        for key in Key::ALL {
            let names = [
                "n", "by", "time", "age", "span", "h", "m", "name", "factor", "city",
            ];
            let more = [
                "height", "origin", "health", "place", "grade", "names", "lod", "from", "to",
                "reason", "measure", "share", "roads", "open", "facades", "date", "role", "areas",
                "purpose", "area", "deadline", "unseen", "overdue", "alarms", "rate", "half", "mm",
                "bold", "low", "high", "least", "most", "error", "why", "level", "reads",
            ];
            let args: Vec<(&str, String)> = names
                .iter()
                .chain(&more)
                .map(|name| (*name, "7".to_owned()))
                .collect();
            let text = Words::of(*lang).format(*key, &args);
            assert!(
                !text.contains('{') && !text.is_empty(),
                "{}: {text}",
                key.as_str()
            );
        }
    }
}

#[test]
fn languages_have_names() {
    assert_eq!("en".parse(), Ok(Lang::En));
    assert!("de".parse::<Lang>().unwrap_err().to_string().contains("de"));
}
