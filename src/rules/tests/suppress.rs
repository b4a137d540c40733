//! Suppression by design: what explains an alarm, how it ends, what is never suppressed.

use super::table::bench;
use super::*;
use crate::model::alarm_rule::AlarmRules;
use crate::model::{Aside, Condition, LabelRules};

const RULES: &str = r#"
[[rule]]
id = "shut"
zh = "总闸断开"
en = "Main switch off"
grade = "yellow"
kinds = ["door"]
instead_of = "threshold"
when.threshold = { above = 1.0, dead_band = 0.5 }

[[rule]]
id = "low"
zh = "无电流"
en = "No current"
grade = "orange"
kinds = ["electric_load"]
instead_of = "threshold"
when.threshold = { below = 1.0, dead_band = 1.0 }

[[rule]]
id = "tipped"
zh = "井盖翻开"
en = "Cover open"
grade = "yellow"
kinds = ["manhole_cover"]
instead_of = "threshold"
when.threshold = { above = 15.0, dead_band = 5.0 }

[[suppress]]
id = "power_off"
zh = "本楼已断电"
en = "Power of the house is off"
kinds = ["electric_load"]
rules = ["low"]
while.alarm = { of = ["shut"], kinds = ["door"], within = "building" }

[[suppress]]
id = "works"
zh = "计划检修"
en = "Planned works"
groups = ["smart_security", "household_chores"]
not_kinds = ["door"]
while.schedule = [{ from = "08:10", to = "08:40" }]
"#;

fn id(kind: &str, number: u32) -> crate::base::DeviceId {
    device_id(kind, number)
}

impl Bench {
    /// One reading, so many seconds after eight; what follows for incidents, too.
    fn value(&mut self, kind: &str, number: u32, at_s: i64, value: f64) -> Vec<Change> {
        let now = MORNING.plus(at_s * 1_000);
        let readings = [reading(id(kind, number), at_s, value)];
        let mut changes = step(&self.twin, &self.plan, &readings, now);
        super::super::dispatch::step(&self.twin, &self.desk, now, &mut changes);
        self.put(&readings, changes.clone(), now);
        changes
    }

    fn pass_to(&mut self, at_s: i64) -> Vec<Change> {
        let now = MORNING.plus(at_s * 1_000);
        let mut changes = step(&self.twin, &self.plan, &[], now);
        super::super::dispatch::step(&self.twin, &self.desk, now, &mut changes);
        self.put(&[], changes.clone(), now);
        changes
    }

    fn alarm_of(&self, kind: &str, number: u32) -> Option<&Alarm> {
        let mut alarms = self.twin.live().alarms.values();
        alarms.find(|alarm| alarm.device == id(kind, number))
    }

    /// By which entry the alarm of a device is suppressed.
    fn suppressed_by(&self, kind: &str, number: u32) -> Option<String> {
        let mark = self.alarm_of(kind, number)?.suppressed.as_ref()?;
        Some(mark.by.clone())
    }

    fn incidents(&self) -> usize {
        self.twin.live().dispatch.open().count()
    }
}

fn ended(changes: &[Change]) -> usize {
    let is_end = |change: &&Change| matches!(change, Change::SuppressionEnded { .. });
    changes.iter().filter(is_end).count()
}

#[test]
fn an_alarm_near_by_explains_others_until_it_ends() {
    let mut city = bench(RULES, &[]);
    city.value("door", 0, 0, 1.0);
    city.value("electric_load", 0, 10, 0.0);
    city.value("electric_load", 1, 20, 0.0);
    assert_eq!(
        city.suppressed_by("electric_load", 0).as_deref(),
        Some("power_off")
    );
    assert_eq!(
        city.suppressed_by("electric_load", 1),
        None,
        "another house"
    );
    let live = city.twin.live();
    let alarm = city.alarm_of("electric_load", 0).unwrap();
    assert!(matches!(live.aside(alarm), Some(Aside::Suppressed(_))));
    assert_eq!(
        live.queue().last().unwrap().id,
        alarm.id,
        "listed, at the end"
    );
    assert_eq!(
        (live.alarms_raised, city.incidents()),
        (3, 2),
        "it needs nobody yet"
    );
    // Somebody takes notice all the same; once nothing explains it, it is as new.
    let alarm = alarm.id;
    city.acknowledge(alarm, MORNING.plus(30_000)).unwrap();
    let changes = city.value("door", 0, 60, 0.0);
    assert_eq!(ended(&changes), 1, "{changes:?}");
    let back = city.alarm_of("electric_load", 0).unwrap();
    assert!(back.active && back.acknowledged.is_none() && back.suppressed.is_none());
    assert!(city.twin.live().aside(back).is_none());
    let incident = city.twin.live().dispatch.of_alarm(alarm).unwrap();
    assert!(incident.acknowledged.is_none());
}

#[test]
fn what_ended_while_it_was_explained_goes_with_the_explanation() {
    let mut city = bench(RULES, &[]);
    city.value("door", 0, 0, 1.0);
    city.value("electric_load", 0, 10, 0.0);
    city.value("electric_load", 0, 20, 5.0);
    let returned = city.alarm_of("electric_load", 0).unwrap();
    assert!(
        !returned.active && returned.suppressed.is_some(),
        "still told"
    );
    city.value("door", 0, 60, 0.0);
    assert!(city.alarm_of("electric_load", 0).is_none());
    assert_eq!(city.incidents(), 1, "of the switch alone");
    // Both at once.
    city.value("door", 0, 70, 1.0);
    city.value("electric_load", 0, 80, 0.0);
    let now = MORNING.plus(90_000);
    let both = [
        reading(id("door", 0), 90, 0.0),
        reading(id("electric_load", 0), 90, 5.0),
    ];
    let mut changes = step(&city.twin, &city.plan, &both, now);
    super::super::dispatch::step(&city.twin, &city.desk, now, &mut changes);
    city.put(&both, changes, now);
    assert!(city.alarm_of("electric_load", 0).is_none());
    assert_eq!(city.incidents(), 1);
}

#[test]
fn an_alarm_that_nobody_sees_explains_nothing() {
    let mut city = bench(RULES, &[]);
    city.value("door", 0, 0, 1.0);
    city.value("electric_load", 0, 10, 0.0);
    let shelve = Command::Shelve {
        condition: Condition::of_device(id("door", 0)),
        by: Actor("Li".to_owned()),
        reason: "being painted".to_owned(),
        for_ms: 3_600_000,
        once: false,
    };
    let now = MORNING.plus(20_000);
    let changes = command(&city.twin, &city.desk, &shelve, now).unwrap();
    city.put(&[], changes, now);
    assert_eq!(ended(&city.pass_to(21)), 1);
    city.value("electric_load", 0, 30, 5.0);
    city.value("electric_load", 0, 40, 0.0);
    assert_eq!(city.suppressed_by("electric_load", 0), None);
}

#[test]
fn works_suppress_in_their_hours_and_never_what_endangers_people() {
    let mut city = bench(RULES, &[]);
    city.value("manhole_cover", 0, 9 * 60, 30.0);
    city.value("manhole_cover", 1, 15 * 60, 30.0);
    city.value("smoke", 0, 15 * 60 + 1, 30.0);
    city.value("smoke", 0, 15 * 60 + 2, 30.0);
    assert_eq!(
        city.suppressed_by("manhole_cover", 0),
        None,
        "before the works"
    );
    assert_eq!(
        city.suppressed_by("manhole_cover", 1).as_deref(),
        Some("works")
    );
    assert!(city.alarm_of("smoke", 0).unwrap().suppressed.is_none());
    assert_eq!(ended(&city.pass_to(40 * 60 - 1)), 0);
    assert_eq!(ended(&city.pass_to(40 * 60)), 1);
    assert!(city.alarm_of("manhole_cover", 1).unwrap().active);

    // Two reasons: when one is over, the other holds on.
    let mut city = bench(RULES, &[]);
    city.value("door", 0, 5 * 60, 1.0);
    city.value("electric_load", 0, 5 * 60 + 10, 0.0);
    assert_eq!(
        city.suppressed_by("electric_load", 0).as_deref(),
        Some("power_off")
    );
    city.value("door", 0, 20 * 60, 0.0);
    assert_eq!(
        city.suppressed_by("electric_load", 0).as_deref(),
        Some("works")
    );
    assert_eq!(ended(&city.pass_to(40 * 60)), 1);
    assert_eq!(city.suppressed_by("electric_load", 0), None);
}

#[test]
fn a_withdrawn_entry_suppresses_nothing_any_more() {
    let mut city = bench(RULES, &[]);
    city.value("door", 0, 0, 1.0);
    city.value("electric_load", 0, 10, 0.0);
    let rules = RULES.split("[[suppress]]").next().unwrap();
    city.plan = bench(rules, &[]).plan;
    assert_eq!(ended(&city.pass_to(20)), 1);
}

/// What is said of a table, with its line.
fn told(text: &str) -> Result<(), String> {
    let kinds = std::sync::Arc::new(KindTable::standard());
    let ground = twin(2).ground().clone();
    let read = AlarmRules::from_toml(text).and_then(|table| {
        table.check(&kinds, &LabelRules::standard())?;
        Plan::new(&table, kinds.clone(), &ground, Default::default())
    });
    read.map(|_| ())
        .map_err(|fault| format!("{} {}", fault.line, fault.reason))
}

/// What is put in whose place, and what is said then.
const FAULTS: &[(&str, &str, &str)] = &[
    (
        "rules = [\"low\"]",
        "rules = [\"lower\"]",
        "no rule is called",
    ),
    ("of = [\"shut\"]", "of = []", "names rules in of"),
    (
        "kinds = [\"door\"], within",
        "kinds = [\"gate\"], within",
        "no kind is called gate",
    ),
    (
        "kinds = [\"door\"], within",
        "kinds = [\"smoke\"], within",
        "no rule of these",
    ),
    (
        "within = \"building\"",
        "within = { riser = 0.0 }",
        "riser is larger than 0",
    ),
    (
        "[{ from = \"08:10\", to = \"08:40\" }]",
        "[]",
        "names hours",
    ),
    (
        "not_kinds = [\"door\"]",
        "not_kinds = [\"door\"]\nareas = [\"X\"]",
        "areas",
    ),
    (
        "not_kinds = [\"door\"]",
        "not_kinds = [\"door\"]\ndevices = [\"X\"]",
        "no device",
    ),
    (
        "not_kinds = [\"door\"]",
        "kinds = [\"smoke\"]",
        "people_safety = true",
    ),
    (
        "while.schedule = [{ from = \"08:10\", to = \"08:40\" }]",
        "while.planned = [{ from = \"2026-05-03\", to = \"2026-05-04\" }]",
        "a moment reads like",
    ),
    (
        "while.schedule = [{ from = \"08:10\", to = \"08:40\" }]",
        "while.planned = [{ from = \"2026-05-03T08:00:00Z\", to = \"2026-05-03T08:00:00Z\" }]",
        "from lies before to",
    ),
    // The switch would be suppressed by what it explains.
    (
        "not_kinds = [\"door\"]\nwhile.schedule = [{ from = \"08:10\", to = \"08:40\" }]",
        "while.alarm = { of = [\"low\"], kinds = [\"electric_load\"], within = \"building\" }",
        "themselves suppressed by",
    ),
];

#[test]
fn what_cannot_be_is_refused_with_its_remedy() {
    assert_eq!(told(RULES), Ok(()));
    for (from, to, words) in FAULTS {
        assert!(RULES.contains(from), "{from}");
        let fault = told(&RULES.replace(from, to)).unwrap_err();
        assert!(fault.contains(words), "{fault}");
    }
}

#[test]
fn what_endangers_people_is_suppressed_when_the_table_says_so_expressly() {
    let expressly = RULES.replace(
        "not_kinds = [\"door\"]",
        "not_kinds = [\"door\"]\npeople_safety = true",
    );
    let mut city = bench(&expressly, &[]);
    city.value("smoke", 0, 15 * 60, 30.0);
    city.value("smoke", 0, 15 * 60 + 1, 30.0);
    assert_eq!(city.suppressed_by("smoke", 0).as_deref(), Some("works"));
}

/// What may happen: a reading of one of these, or time that passes.
#[derive(Debug, Clone)]
enum Turn {
    Reading(usize, u32, bool),
    Wait(i64),
    Notice(usize),
}

/// Kind, value that warns, value that does not.
const KINDS: [(&str, f64, f64); 4] = [
    ("door", 1.0, 0.0),
    ("electric_load", 0.0, 5.0),
    ("manhole_cover", 30.0, 1.0),
    ("smoke", 30.0, 0.0),
];

fn turns() -> impl Strategy<Value = Vec<Turn>> {
    let turn = prop_oneof![
        8 => (0..KINDS.len(), 0..2_u32, any::<bool>())
            .prop_map(|(kind, number, warns)| Turn::Reading(kind, number, warns)),
        2 => (1..900_i64).prop_map(Turn::Wait),
        1 => (0..8_usize).prop_map(Turn::Notice),
    ];
    prop::collection::vec(turn, 1..60)
}

/// Whether something explains the alarm of a device at this time, told by the live state alone.
fn is_explained(city: &Bench, alarm: &Alarm, at_s: i64) -> bool {
    let is_of = |kind: &str| (0..2).find(|number| alarm.device == id(kind, *number));
    let works = (600..2_400).contains(&at_s.rem_euclid(86_400));
    match (is_of("electric_load"), is_of("manhole_cover")) {
        (Some(number), _) => {
            let door = |one: &Alarm| one.active && one.device == id("door", number);
            works || city.twin.live().alarms.values().any(door)
        }
        (_, Some(_)) => works,
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_alarm_is_lost_by_suppression_and_a_log_replays_equal(turns in turns()) {
        let mut city = bench(RULES, &[]);
        let mut at_s = 0;
        let mut active = BTreeSet::new();
        for turn in &turns {
            at_s += 1;
            let changes = match turn {
                Turn::Reading(kind, number, warns) => {
                    let (name, up, down) = KINDS[*kind];
                    city.value(name, *number, at_s, if *warns { up } else { down })
                }
                Turn::Wait(seconds) => {
                    at_s += seconds;
                    city.pass_to(at_s)
                }
                Turn::Notice(place) => {
                    let alarm = city.twin.live().queue().get(*place).map(|one| one.id);
                    if let Some(alarm) = alarm {
                        // It may have been noticed before.
                        let _ = city.acknowledge(alarm, MORNING.plus(at_s * 1_000));
                    }
                    at_s += 1;
                    city.pass_to(at_s)
                }
            };
            for change in &changes {
                match change {
                    Change::AlarmRaised { alarm } => drop(active.insert(alarm.id)),
                    Change::AlarmReturned { alarm, .. } => drop(active.remove(alarm)),
                    _ => {}
                }
            }
            let live = city.twin.live();
            let listed: BTreeSet<_> = city.active().iter().map(|one| one.id).collect();
            prop_assert_eq!(&listed, &active, "what is active is listed");
            prop_assert_eq!(live.queue().len(), live.alarms.len());
            for alarm in live.alarms.values() {
                let is_marked = alarm.suppressed.is_some();
                prop_assert!(!is_marked || is_explained(&city, alarm, at_s), "{alarm:?}");
                let is_handled = live.dispatch.of_alarm(alarm.id).is_some();
                prop_assert!(is_marked || is_handled, "nobody is told of {alarm:?}");
                let is_new = changes.iter().any(
                    |change| matches!(change, Change::AlarmRaised { alarm: new } if new.id == alarm.id),
                );
                if is_new {
                    prop_assert_eq!(is_marked, is_explained(&city, alarm, at_s));
                }
            }
        }
        let mut again = twin(2);
        for batch in &city.log {
            let text = serde_json::to_string(batch).unwrap();
            again.apply(&serde_json::from_str(&text).unwrap()).unwrap();
        }
        prop_assert_eq!(again.state_hash(), city.twin.state_hash());
    }
}
