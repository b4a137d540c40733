//! The table of alarm rules while an engine runs: taken when it is good and settled, refused with the
//! reason otherwise, and told either way.

use super::*;
use crate::app::pipeline::Settings;
use crate::base::{DeviceId, DwellingId};
use crate::feed::{Inbox, Urgency};
use crate::model::sample::people::move_in;
use crate::model::sample::{MORNING, city, device_id, reading};
use crate::store::MemoryArchive;

const RULE: &str = "[[rule]]\nid = \"own\"\nzh = \"甲\"\nen = \"Own\"\ngrade = \"blue\"\n\
    kinds = [\"smoke\"]\nwhen.threshold = { above = 4.0, dead_band = 1.0 }\n";

struct Bench {
    folder: tempfile::TempDir,
    ground: Arc<Ground>,
    watch: RuleWatch,
    pipeline: Pipeline,
    inbox: Inbox,
    now: Timestamp,
}

impl Bench {
    fn on(folder: tempfile::TempDir, ground: Ground) -> anyhow::Result<Self> {
        let (ground, kinds) = (Arc::new(ground), Arc::new(KindTable::standard()));
        let path = folder.path().join("city.gpkg");
        let mut watch = RuleWatch::new(&path, &ground, &kinds, 1.0)?;
        let archive = Box::new(MemoryArchive::new());
        let settings = Settings::default();
        let mut pipeline = Pipeline::open(ground.clone(), kinds, archive, &settings)?;
        watch.begin(MORNING, &mut pipeline)?;
        Ok(Self {
            folder,
            ground,
            watch,
            pipeline,
            inbox: Inbox::new(100),
            now: MORNING,
        })
    }

    fn new() -> Self {
        Self::on(tempfile::tempdir().unwrap(), city(2)).unwrap()
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("city.alarms.toml")
    }

    fn write(&self, text: &str) {
        std::fs::write(self.path(), text).unwrap();
    }

    /// Some seconds, ticked; what was told.
    fn pass(&mut self, seconds: i64) -> Vec<Change> {
        let mut told = Vec::new();
        for _ in 0..seconds {
            self.now = self.now.plus(1_000);
            self.watch.look(self.now, &mut self.pipeline);
            let publish =
                &mut |batch: &Arc<crate::model::Batch>| told.extend(batch.changes.clone());
            self.pipeline.tick(self.now, &self.inbox, publish).unwrap();
        }
        told.retain(|one| {
            !matches!(
                one,
                Change::Memory { .. } | Change::Health { .. } | Change::Incident { .. }
            )
        });
        told
    }

    fn offer(&self, device: DeviceId, value: f64) {
        let at = (self.now - MORNING) / 1_000 + 1;
        self.inbox
            .offer(reading(device, at, value), Urgency::Telemetry);
    }
}

#[test]
fn a_changed_table_is_taken_once_it_is_settled_and_a_removed_one_withdrawn() {
    let mut bench = Bench::new();
    let told = bench.pass(5);
    let [Change::RulesReplaced { rules }] = &told[..] else {
        panic!("{told:?}");
    };
    assert_eq!(rules.file, None);
    assert_eq!(rules.names["house_moved"][0], "房屋突变");
    bench.write(RULE);
    let told = bench.pass(6);
    let [Change::RulesReplaced { rules }] = &told[..] else {
        panic!("{told:?}");
    };
    assert!(rules.file.as_ref().unwrap().ends_with("city.alarms.toml"));
    assert_eq!(
        (rules.sha256.len(), rules.names["own"][1].as_str()),
        (64, "Own")
    );
    bench.offer(device_id("smoke", 0), 5.0);
    let told = bench.pass(1);
    assert!(matches!(&told[..], [Change::AlarmRaised { alarm }] if alarm.rule == "own"));

    std::fs::remove_file(bench.path()).unwrap();
    let told = bench.pass(8);
    let [
        Change::RulesReplaced { rules },
        Change::AlarmReturned { .. },
    ] = &told[..]
    else {
        panic!("{told:?}");
    };
    assert_eq!(rules.file, None);
    assert!(
        rules.names.contains_key("own"),
        "it is open, and keeps its name"
    );
    assert_eq!(bench.pass(10), []);
}

#[test]
fn a_file_that_is_gone_for_a_moment_withdraws_nothing() {
    let mut bench = Bench::new();
    bench.write(RULE);
    bench.pass(6);
    std::fs::remove_file(bench.path()).unwrap();
    bench.pass(2);
    bench.write(RULE);
    assert_eq!(bench.pass(10), []);
}

#[test]
fn a_bad_table_keeps_the_rules_and_says_why_until_it_is_mended() {
    let mut bench = Bench::new();
    bench.write(RULE);
    bench.pass(6);
    for (bad, word) in [
        (
            RULE.replace("4.0", "400.0"),
            "line 1: alarm rule \"own\": for smoke: above",
        ),
        (RULE.replace("smoke", "smok"), "no kind is called smok"),
        (
            format!("{RULE}[[rule.device]]\nsource = \"no such\"\nabove = 3.0\n"),
            "no such device in this city",
        ),
        ("rule = ".to_owned(), "line 1"),
    ] {
        bench.write(&bad);
        let told = bench.pass(10);
        let [Change::RulesRefused { refused }] = &told[..] else {
            panic!("{told:?}");
        };
        assert!(refused.reason.contains(word), "{}", refused.reason);
        assert!(bench.pipeline.twin().live().rules_refused.is_some());
    }
    bench.offer(device_id("smoke", 0), 5.0);
    let told = bench.pass(1);
    assert!(matches!(&told[..], [Change::AlarmRaised { alarm }] if alarm.rule == "own"));
    bench.write(RULE);
    let told = bench.pass(6);
    assert!(
        matches!(&told[..], [Change::RulesReplaced { .. }]),
        "{told:?}"
    );
    assert_eq!(bench.pipeline.twin().live().rules_refused, None);
}

#[test]
fn an_engine_starts_with_the_city_s_rules_or_says_why_not() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("city.alarms.toml");
    std::fs::write(&table, RULE).unwrap();
    let mut bench = Bench::on(folder, city(2)).unwrap();
    let told = bench.pass(1);
    assert!(
        matches!(&told[..], [Change::RulesReplaced { .. }]),
        "{told:?}"
    );

    for bad in [
        RULE.replace("4.0", "400.0"),
        format!("{RULE}[[rule.device]]\nsource = \"no such\"\nabove = 3.0\n"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("city.alarms.toml"), bad).unwrap();
        let Err(fault) = Bench::on(folder, city(2)) else {
            panic!("it cannot be used");
        };
        let told = format!("{fault:#}");
        assert!(
            told.contains("city.alarms.toml") && told.contains("line 1"),
            "{told}"
        );
    }
}

/// Homes: an old person alone, two old people, and somebody who is going to be 60 on the next day.
fn homes() -> Ground {
    let mut ground = city(3);
    let house = *ground.buildings.keys().next().unwrap();
    move_in(&mut ground, house, "alone", 1);
    move_in(&mut ground, house, "pair", 2);
    let [young] = move_in(&mut ground, house, "young", 1)[..] else {
        unreachable!()
    };
    ground.residents.get_mut(&young).unwrap().birth_date = crate::base::Sealed::new("1966-05-02");
    for (number, key) in [(0, "alone"), (1, "pair"), (2, "young")] {
        let meter = ground
            .devices
            .get_mut(&device_id("water_meter", number))
            .unwrap();
        meter.dwelling = Some(DwellingId::from_source("sample", key));
    }
    ground
}

#[test]
fn a_rule_for_a_label_holds_where_somebody_has_it_and_from_the_birthday_on() {
    let rule = "[[rule]]\nid = \"own\"\nzh = \"甲\"\nen = \"Own\"\ngrade = \"blue\"\n\
        kinds = [\"water_meter\"]\nlabel = \"elderly_alone\"\nwhen.absence = { for_s = 600 }\n";
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("city.alarms.toml"), rule).unwrap();
    let mut bench = Bench::on(folder, homes()).unwrap();
    let meters = [0, 1, 2].map(|number| device_id("water_meter", number));
    let warned = |bench: &mut Bench| {
        let mut warned = Vec::new();
        for _ in 0..2 {
            meters.iter().for_each(|meter| bench.offer(*meter, 0.0));
            let told = bench.pass(700);
            warned.extend(told.into_iter().filter_map(|change| match change {
                Change::AlarmRaised { alarm } => Some(alarm.device),
                _ => None,
            }));
        }
        warned
    };
    assert_eq!(warned(&mut bench), [meters[0]]);
    // MORNING is the day before; sixteen hours later it is past midnight.
    bench.now = MORNING.plus(16 * 3_600_000 + 60_000);
    assert_eq!(warned(&mut bench), [meters[2]]);
    assert!(bench.ground.residents.len() == 4);
}
