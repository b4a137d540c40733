//! A kind of device that a city added itself, from its table to the alarm: imported, listened to,
//! judged, asked for and shown; and what is told while no table knows it. The same for the other
//! tables where a command goes by them.

use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::Arc;

use pingjiang::app::pipeline::{Pipeline, Settings};
use pingjiang::app::tables::{self, What};
use pingjiang::base::Timestamp;
use pingjiang::citygen::days::{PlantedKind, Scenario, Simulation};
use pingjiang::feed::{Inbox, Urgency};
use pingjiang::model::{
    Batch, Device, EntityKind, EntityRef, Grade, Ground, KindId, KindTable, Reading, Twin,
};
use pingjiang::portrayal::card::{CardRights, card_for};
use pingjiang::portrayal::hud::{LinkState, facts_from};
use pingjiang::portrayal::scene::Scene;
use pingjiang::portrayal::words::{Lang, Words};
use pingjiang::rules;
use pingjiang::store::{CityFile, SqliteArchive, Vault};

#[path = "support/command.rs"]
mod command;

use command::pingjiang;

const MORNING: Timestamp = Timestamp::from_millis(1_780_000_000_000);

fn data(name: &str) -> String {
    format!("{}/tests/data/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A city of four houses with three devices of kinds that are not built in, and one that is.
struct City(tempfile::TempDir);

const DEVICES: &str = "设备编号,设备类型,安装地址\n\
    R1,氡气检测仪,平江路12号\nR2,radon,平江路14号\nH1,hydrant_pressure,平江路14号\nS1,烟感,平江路12号\n";

impl City {
    fn new() -> Self {
        let city = Self(tempfile::tempdir().unwrap());
        city.done(
            &["import", &data("registers/basemap.geojson"), "--into"],
            &[],
        );
        city
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("city.gpkg")
    }

    fn run(&self, before: &[&str], after: &[&str]) -> Output {
        let path = self.path();
        pingjiang(&[before, &[path.to_str().unwrap()], after].concat())
    }

    /// What a command prints that succeeds: output, then notes.
    fn done(&self, before: &[&str], after: &[&str]) -> String {
        let output = self.run(before, after);
        let told = text(&output.stdout) + &text(&output.stderr);
        assert!(output.status.success(), "{before:?} {after:?}: {told}");
        told
    }

    fn refused(&self, before: &[&str], after: &[&str]) -> String {
        let output = self.run(before, after);
        assert!(!output.status.success(), "{}", text(&output.stdout));
        text(&output.stdout) + &text(&output.stderr)
    }

    fn import_devices(&self) -> String {
        let table = self.0.path().join("devices.csv");
        std::fs::write(&table, DEVICES).unwrap();
        self.done(&["import", table.to_str().unwrap(), "--into"], &[])
    }

    /// The built-in kinds as a file, and two more in it.
    fn add_kinds(&self) {
        self.done(&["tables"], &["--write", "kinds"]);
        let path = What::Kinds.path(&self.path());
        let own = std::fs::read_to_string(data("tables/city.kinds.toml")).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, format!("{text}\n{own}")).unwrap();
    }

    fn ground(&self) -> Ground {
        let vault = Vault::find(&self.path(), None).unwrap().vault();
        CityFile::open(&self.path(), vault)
            .unwrap()
            .load_ground()
            .unwrap()
    }
}

fn device<'a>(ground: &'a Ground, key: &str) -> &'a Device {
    ground
        .devices
        .values()
        .find(|one| one.source.key == key)
        .unwrap()
}

fn check_told(told: &str, parts: &[&str]) {
    for part in parts {
        assert!(told.contains(part), "{part} is missing: {told}");
    }
}

/// Lets an engine's pipeline hear `values` of a device, a reading every ten minutes.
fn hear(city: &City, kinds: &KindTable, readings: &[(&str, &[f64])]) -> Twin {
    let ground = Arc::new(city.ground());
    let archive = SqliteArchive::open(&SqliteArchive::folder_of(&city.path())).unwrap();
    let settings = Settings::default();
    let mut pipeline = Pipeline::open(
        ground.clone(),
        Arc::new(kinds.clone()),
        Box::new(archive),
        &settings,
    )
    .unwrap();
    let inbox = Inbox::new(1_000);
    for turn in 0..readings
        .iter()
        .map(|(_, values)| values.len())
        .max()
        .unwrap_or(0)
    {
        let at = MORNING.plus(turn as i64 * 600_000);
        for (key, values) in readings {
            let reading = Reading {
                device: device(&ground, key).id,
                at,
                arrived: at,
                value: values[turn],
                second: None,
                temperature_c: None,
            };
            inbox.offer(reading, Urgency::Telemetry);
        }
        pipeline.tick(at, &inbox, &mut |_| {}).unwrap();
    }
    let twin = pipeline.twin().clone();
    pipeline.close().unwrap();
    twin
}

#[test]
fn a_kind_of_the_city_s_own_goes_all_the_way() {
    let city = City::new();
    city.add_kinds();
    let told = city.import_devices();
    check_told(&told, &["device       4 added"]);
    assert!(!told.contains("no table knows"), "{told}");
    let kinds = tables::kinds(&city.path()).unwrap();
    let ground = city.ground();
    assert_eq!(
        device(&ground, "R1").kind.as_str(),
        "radon",
        "氡气 within its word"
    );

    // Two readings beyond a threshold raise an alarm, above as below; one does not.
    let readings: &[(&str, &[f64])] = &[
        ("R1", &[80.0, 340.0, 320.0]),
        ("R2", &[80.0, 120.0, 340.0]),
        ("H1", &[0.3, 0.12, 0.11]),
    ];
    let twin = hear(&city, &kinds, readings);
    let mut alarms: Vec<_> = twin
        .live()
        .alarms
        .values()
        .map(|one| (one.grade, one.device))
        .collect();
    alarms.sort();
    let [radon, pressure] = ["R1", "H1"].map(|key| device(&ground, key).id);
    assert_eq!(alarms, [(Grade::Orange, radon), (Grade::Yellow, pressure)]);

    // The card, in both languages.
    for (lang, name, interval) in [(Lang::Zh, "氡气", "10 分"), (Lang::En, "Radon", "10 min")] {
        let what = EntityRef {
            kind: EntityKind::Device,
            bits: radon.bits(),
        };
        let now = MORNING.plus(1_260_000);
        let card = card_for(
            &twin,
            &kinds,
            what,
            now,
            Words::of(lang),
            &CardRights::Everybody,
        )
        .unwrap();
        assert_eq!(card.title, name);
        let lines = format!("{:?}", card.lines);
        assert!(
            lines.contains("320 Bq/m³") && lines.contains(interval),
            "{lines}"
        );
    }

    // What a wall shows: the mark, the table of health, the row of the alarm.
    let shown = |kinds: &KindTable| {
        let words = Words::of(Lang::Zh);
        let facts = facts_from(&twin, kinds, MORNING, LinkState::None, words);
        let row = facts
            .alarms
            .iter()
            .find(|row| row.grade == Grade::Orange)
            .unwrap();
        let alarm = (row.kind.clone(), row.glyph);
        let health = facts
            .health
            .iter()
            .map(|one| (one.name.clone(), one.glyph, one.total));
        let marks = Scene::build(twin.ground(), kinds).glyphs.len();
        (alarm, health.collect::<Vec<_>>(), marks)
    };
    let (alarm, health, marks) = shown(&kinds);
    assert_eq!((alarm, marks), (("氡气".to_owned(), '氡'), 4));
    assert!(health.contains(&("氡气".to_owned(), '氡', 2)), "{health:?}");
    let (_, health, marks) = shown(&KindTable::standard());
    assert_eq!(marks, 4, "nothing is dropped");
    assert!(health.contains(&("radon".to_owned(), '?', 2)), "{health:?}");

    // Questions: by id, as people call it, in figures, and the incident with unit and alarm.
    for kind in ["device:radon", "device:氡气", "device:Radon"] {
        let told = city.done(
            &["query"],
            &[
                "near",
                "--of",
                &radon.to_string(),
                "--radius",
                "500",
                "--kind",
                kind,
            ],
        );
        assert_eq!(told.matches("device:radon").count(), 2, "{told}");
    }
    let told = city.done(
        &["query"],
        &[
            "stats",
            "--by",
            "square:10000",
            "--kind",
            "device:radon",
            "--json",
        ],
    );
    check_told(&told, &["\"device\": 2"]);
    let id = radon.to_string();
    check_told(
        &city.done(&["query"], &["incident", &id]),
        &["Radon", "320.00 Bq/m³", "Orange"],
    );
    check_told(
        &city.done(&["query"], &["incident", &id, "--lang", "zh"]),
        &["氡气", "320.00 Bq/m³"],
    );
    check_told(
        &city.done(&["inspect"], &[]),
        &["Radon", "Hydrant pressure"],
    );
    check_told(&city.done(&["inspect"], &["--lang", "zh"]), &["氡气"]);

    // The table gone, all of it still opens: the devices are there, under the id of their kind.
    std::fs::remove_file(What::Kinds.path(&city.path())).unwrap();
    let told = city.done(&["query"], &["incident", &id]);
    check_told(
        &told,
        &[
            "radon",
            "3 devices of a kind that no table knows",
            "city.kinds.toml",
        ],
    );
    let standard = tables::kinds(&city.path()).unwrap();
    let twin = hear(&city, &standard, &[("R1", &[900.0])]);
    assert_eq!(twin.live().alarms.len(), 2, "what was raised stays");
}

#[test]
fn a_kind_that_no_table_knows_is_shown_counted_and_told_with_the_remedy() {
    let city = City::new();
    let told = city.import_devices();
    check_told(
        &told,
        &[
            "device       4 added",
            "no table knows this kind of device",
            "CITY.kinds.toml",
        ],
    );
    check_told(
        &city.done(&["inspect"], &[]),
        &["radon (in no table)", "Smoke", "city.kinds.toml"],
    );
    check_told(
        &city.done(&["tables"], &[]),
        &[
            "kinds         13",
            "built in",
            "3 devices of a kind that no table knows",
        ],
    );
    let doctor = pingjiang(&["doctor", city.path().to_str().unwrap()]);
    check_told(
        &text(&doctor.stdout),
        &["city tables", "hydrant_pressure 1, radon 1"],
    );
    let told = city.done(
        &["query"],
        &[
            "near",
            "--of",
            &device(&city.ground(), "R2").id.to_string(),
            "--kind",
            "device:radon",
        ],
    );
    check_told(&told, &["device:radon"]);

    // Described and imported again, each device is of its kind.
    city.add_kinds();
    let told = city.import_devices();
    check_told(&told, &["1 updated"]);
    assert_eq!(device(&city.ground(), "R1").kind, KindId::new("radon"));
    assert!(!city.done(&["tables"], &[]).contains("no table knows"));
}

#[test]
fn a_simulated_day_has_incidents_of_own_kinds_and_the_rules_find_them() {
    let city = City::new();
    city.add_kinds();
    city.import_devices();
    let (ground, kinds) = (city.ground(), tables::kinds(&city.path()).unwrap());
    let own: Vec<_> = ["R1", "R2", "H1"]
        .map(|key| device(&ground, key).id)
        .to_vec();
    let mut simulation = Simulation::new(&ground, &kinds, 3, Scenario::Normal, MORNING);
    let mut twin = Twin::new(Arc::new(ground));
    let mut raised = Vec::new();
    for minute in 0..240_i64 {
        let [from, to] = [minute, minute + 1].map(|minute| MORNING.plus(minute * 60_000));
        let readings = simulation.readings_between(from, to);
        let changes = rules::step(&twin, &kinds, &readings, to);
        let batch = Batch {
            number: twin.live().batch + 1,
            ground_version: twin.ground().version,
            at: to,
            readings,
            changes,
            uncommitted: false,
        };
        twin.apply(&batch).unwrap();
        raised.extend(twin.live().alarms.values().map(|one| one.device));
    }
    let planned = |id| {
        let mut plan = simulation.plan().iter();
        plan.any(|one| {
            one.device == id
                && one.kind == PlantedKind::Incident
                && one.from < MORNING.plus(200 * 60_000)
        })
    };
    let hit: Vec<_> = own.iter().filter(|id| planned(**id)).collect();
    assert!(
        hit.len() >= 2,
        "of each kind at least one is hit at the beginning"
    );
    for id in own {
        assert_eq!(raised.contains(&id), planned(id), "{id}");
    }
}

#[test]
fn tables_are_listed_and_written_and_a_faulty_one_stops_what_goes_by_it() {
    let city = City::new();
    for what in What::ALL {
        let told = city.done(&["tables"], &["--write", what.as_str()]);
        check_told(&told, &[&format!("city.{}.toml", what.as_str())]);
        let written = std::fs::read_to_string(what.path(&city.path())).unwrap();
        assert_eq!(written, what.built_in());
        let told = city.refused(&["tables"], &["--write", what.as_str()]);
        check_told(&told, &["not written over"]);
    }
    let told = city.done(&["tables"], &["--json"]);
    assert_eq!(told.matches("\"is_own\": true").count(), 5, "{told}");
    let broken = RADON_UPSIDE_DOWN;
    std::fs::write(What::Kinds.path(&city.path()), broken).unwrap();
    let at = "line 2: device kind \"radon\": min must be below max";
    for command in [&["tables"][..], &["inspect"], &["doctor"]] {
        check_told(&city.refused(command, &[]), &["city.kinds.toml", at]);
    }
    let told = city.refused(&["query"], &["near", "--at", "0,0"]);
    check_told(&told, &["city.kinds.toml", at, "move it away"]);
    check_told(&city.refused(&["tables"], &["--lang", "zh"]), &["有误"]);
}

const RADON_UPSIDE_DOWN: &str = "# Radon\n[[kind]]\nid = \"radon\"\nzh = \"氡气\"\nen = \"Radon\"\n\
    quantity = \"radon\"\nunit = \"Bq/m³\"\nmin = 1.0\nmax = 0.0\ninterval_s = 60\nglyph = \"氡\"\n\
    group = \"smart_security\"\ngrade = \"blue\"\n";

#[test]
fn labels_roles_travellers_and_matching_of_the_city_s_own_are_gone_by() {
    let city = City::new();
    for what in [What::Labels, What::Roles, What::Travellers] {
        std::fs::copy(own(what), what.path(&city.path())).unwrap();
    }
    city.done(
        &[
            "import",
            &data("registers/dwellings.csv"),
            &data("registers/residents.csv"),
            "--into",
        ],
        &[],
    );
    let told = city.refused(
        &["query"],
        &[
            "stats",
            "--by",
            "square:10000",
            "--kind",
            "resident",
            "--label",
            "elderly",
        ],
    );
    check_told(&told, &["young_family", "pensioner"]);
    let told = city.refused(&["query"], &["search", "平", "--role", "operator"]);
    check_told(&told, &["no role", "volunteer"]);
    let [from, to] = ["平江路12号", "平江路14号"].map(|address| {
        let ground = city.ground();
        let mut all = ground.buildings.values();
        all.find(|one| one.address.as_deref() == Some(address))
            .unwrap()
            .id
            .to_string()
    });
    let told = city.done(
        &["query"],
        &["route", &from, &to, "--by", "robot", "--json"],
    );
    check_told(&told, &["\"traveller\": \"robot\""]);
    let told = city.refused(&["query"], &["route", &from, &to, "--by", "swan"]);
    check_told(&told, &["engine_small", "robot"]);

    // Nothing is linked that is not told to the last part.
    let links = |told: &str| {
        told.lines()
            .find(|line| line.contains(" linked, "))
            .unwrap()
            .trim()
            .to_owned()
    };
    let strict = City::new();
    std::fs::write(What::Matching.path(&strict.path()), "link_at = 1.0\n").unwrap();
    let files = [
        data("registers/dwellings.csv"),
        data("registers/residents.csv"),
    ];
    strict.done(&["import", &files[0], "--into"], &[]);
    let [usual, stricter] = [&City::new(), &strict].map(|city| {
        city.done(&["import", &files[0], &files[1], "--into"], &[]);
        links(&city.done(&["import", &files[1], "--into"], &["--dry-run"]))
    });
    assert_ne!(usual, stricter);
}

fn own(what: What) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(format!("tests/data/tables/city.{}.toml", what.as_str()))
}
