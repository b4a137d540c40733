//! What a table of alarm rules may say, and what is told of one that contradicts itself.

use super::*;
use crate::base::Timestamp;
use crate::model::{KindTable, LabelRules, sample};

const GOOD: &str = r#"
[[rule]]
id = "rising"
zh = "上涨"
en = "Rising"
grade = "yellow"
kinds = ["water_level"]
on_delay_s = 60
off_delay_s = 120
readings = 2
when.threshold = { above = 3.0, below = -1.0, dead_band = 0.1 }
[[rule.device]]
source = "water_level 0"
above = 3.5
readings = 4

[[rule]]
id = "unused"
zh = "未用"
en = "Unused"
grade = "orange"
kinds = ["water_meter"]
label = "elderly_alone"
when.absence = { for_s = 43200 }

[[rule]]
id = "both"
zh = "并发"
en = "Both"
grade = "red"
groups = ["smart_security", "community_care"]
not_kinds = ["door"]
when.combination = { of = ["rising", "threshold"], count = 2, rules = 2, within = { metres = 30.0 }, window_s = 60 }
"#;

fn whole(text: &str) -> Result<AlarmRules, crate::base::TableFault> {
    let all = AlarmRules::standard().with(AlarmRules::from_toml(text)?);
    all.check(&KindTable::standard(), &LabelRules::standard())?;
    all.check_devices(&sample::city(1), &KindTable::standard())?;
    Ok(all)
}

#[test]
fn of_the_standard_table_what_the_monitor_says_is_on_and_the_rest_fits_when_switched_on() {
    let standard = AlarmRules::standard();
    let is_assessed = |rule: &AlarmRule| matches!(rule.when, When::Assessed(_));
    assert!((standard.all().iter()).all(|rule| rule.on == is_assessed(rule)));
    let names: Vec<_> = standard.all().iter().map(|rule| rule.when.name()).collect();
    assert_eq!(
        names,
        [
            "assessed",
            "assessed",
            "rate",
            "deviation",
            "absence",
            "threshold",
            "combination"
        ]
    );
    whole(&AlarmRules::STANDARD.replace("on = false\n", "on = true\n")).unwrap();
}

#[test]
fn a_good_table_is_added_and_written_alike() {
    let all = whole(GOOD).unwrap();
    assert_eq!(all.all().len(), AlarmRules::standard().all().len() + 3);
    let rising = all.get("rising").unwrap();
    let own = rising.for_device(&rising.device[0]).unwrap();
    assert_eq!((own.readings, own.on_delay_s), (4, 60));
    let When::Threshold(limits) = own.when else {
        panic!("it stays what it is");
    };
    assert_eq!((limits.above, limits.below), (Some(3.5), Some(-1.0)));
    let written = toml::to_string(rising).unwrap();
    assert_eq!(toml::from_str::<AlarmRule>(&written).unwrap(), *rising);
}

/// What is good in [`GOOD`], what stands there instead, and what is told of it.
const CONTRADICTIONS: &[[&str; 3]] = &[
    ["zh = \"上涨\"", "zh = \"水位上涨过快\"", "take its place"],
    ["dead_band = 0.1", "dead_band = 9.0", "dead_band"],
    [
        "above = 3.0",
        "above = 30.0",
        "for water_level: above must lie between",
    ],
    [
        "above = 3.0",
        "above = nan",
        "above must be a finite number",
    ],
    ["on_delay_s = 60", "on_delay_s = -60", "on_delay_s is -60"],
    ["readings = 2", "readings = 0", "readings lies between 1"],
    [
        "kinds = [\"water_level\"]",
        "kinds = [\"water\"]",
        "no kind is called water",
    ],
    ["kinds = [\"water_level\"]", "", "kinds or groups"],
    [
        "\"elderly_alone\"",
        "\"lonely\"",
        "none is called \"lonely\"",
    ],
    [
        "water_level 0",
        "water_level 9",
        "no such device in this city",
    ],
    ["water_level 0", "smoke 0", "it is of the kind smoke"],
    [
        "above = 3.5",
        "above = 35.0",
        "\"water_level 0\": above must lie",
    ],
    [
        "window_s = 60 }",
        "window_s = 60 }\ninstead_of = \"threshold\"",
        "instead_of means nothing",
    ],
    [
        "window_s = 60 }",
        "window_s = 60 }\n[[rule.device]]\nsource = \"smoke 0\"\ncount = 3",
        "only be left out",
    ],
    ["readings = 4", "colour = 4", "unknown field `colour`"],
    ["readings = 4", "on_delay_s = -4", "on_delay_s is -4"],
    ["source = \"water_level 0\"", "", "by id or by source"],
    [
        "for_s = 43200",
        "for_s = 43200, dead_band = 1",
        "unknown field `dead_band`",
    ],
    ["for_s = 43200", "for_s = 0", "for_s is 0"],
    [
        "\"rising\", \"threshold\"",
        "\"rise\", \"threshold\"",
        "no rule is called \"rise\"",
    ],
    [
        "\"rising\", \"threshold\"",
        "\"water_unused\", \"threshold\"",
        "is off",
    ],
    [
        "\"rising\", \"threshold\"",
        "\"both\", \"threshold\"",
        "names other rules",
    ],
    ["rules = 2", "rules = 3", "rules is at most"],
    ["metres = 30.0", "metres = 0.0", "metres is larger than 0"],
    ["id = \"unused\"", "id = \"threshold\"", "take another one"],
    ["id = \"unused\"", "id = \"rising\"", "twice"],
];

#[test]
fn contradictions_are_told_with_line_rule_and_remedy() {
    for [good, bad, told] in CONTRADICTIONS {
        assert!(GOOD.contains(good), "{good}");
        let fault = whole(&GOOD.replacen(good, bad, 1)).unwrap_err();
        assert!(fault.reason.contains(told), "{good} → {bad}: {fault}");
        assert!((1..=42).contains(&fault.line), "{fault}");
    }
}

#[test]
fn combinations_in_a_circle_are_refused() {
    let one = |id: &str, zh: &str, of: &str| {
        format!(
            "[[rule]]\nid = \"{id}\"\nzh = \"{zh}\"\nen = \"{id}\"\ngrade = \"red\"\n\
             kinds = [\"smoke\"]\nwhen.combination = {{ of = [\"{of}\"], count = 2, \
             within = \"building\", window_s = 60 }}\n"
        )
    };
    whole(&[one("a", "甲", "b"), one("b", "乙", "threshold")].concat()).unwrap();
    let three = [
        one("a", "甲", "b"),
        one("b", "乙", "c"),
        one("c", "丙", "a"),
    ]
    .concat();
    let fault = whole(&three).unwrap_err();
    assert!(fault.reason.contains("circle"), "{fault}");
}

#[test]
fn hours_go_over_midnight_and_keep_to_their_days() {
    #[derive(serde::Deserialize)]
    struct Of {
        schedule: Vec<Hours>,
    }
    let hours = |text: &str| {
        let of: Of = toml::from_str(&format!("schedule = [{{ {text} }}]")).unwrap();
        of.schedule[0].clone()
    };
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let night = hours("from = \"22:00\", to = \"06:00\", days = [\"sat\"]");
    // 2026-05-02 is a Saturday.
    let began = Some(at("2026-05-02T22:00:00+08:00"));
    for (text, since) in [
        ("2026-05-02T21:59:59+08:00", None),
        ("2026-05-02T22:00:00+08:00", began),
        ("2026-05-03T05:59:59+08:00", began),
        ("2026-05-03T06:00:00+08:00", None),
        ("2026-05-03T23:00:00+08:00", None),
        ("2026-05-02T03:00:00+08:00", None),
    ] {
        assert_eq!(night.since(at(text), 480), since, "{text}");
    }
    let day = hours("from = \"00:00\", to = \"24:00\"");
    assert!(day.since(at("2026-05-02T23:59:59+08:00"), 480).is_some());
    for far in [i64::MIN, i64::MAX, 0] {
        let _ = night.since(Timestamp::from_millis(far), 480);
        assert!(
            day.since(Timestamp::from_millis(far), 480).is_some(),
            "{far}"
        );
    }
    let wrong = "schedule = [{ from = \"25:00\", to = \"06:00\" }]";
    assert!(toml::from_str::<Of>(wrong).is_err());
}
