//! A kind of the city's own: heard, judged, shown, simulated; and one that no table knows.

use std::sync::Arc;

use pingjiang::app::pipeline::{Pipeline, Settings};
use pingjiang::app::tables::{self, What};
use pingjiang::citygen::days::{PlantedKind, Scenario, Simulation};
use pingjiang::feed::{Inbox, Urgency};
use pingjiang::model::{Batch, EntityKind, EntityRef, Grade, KindId, KindTable, Reading, Twin};
use pingjiang::portrayal::card::{CardRights, card_for};
use pingjiang::portrayal::hud::{LinkState, facts_from};
use pingjiang::portrayal::scene::Scene;
use pingjiang::portrayal::words::{Lang, Words};
use pingjiang::rules::{self, Plan};
use pingjiang::store::SqliteArchive;

use super::{City, MORNING, check_told, device, pingjiang, text};

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
            .queue
            .iter()
            .find(|row| row.grade == Grade::Orange)
            .unwrap();
        let alarm = (row.title.clone(), row.glyph);
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
        &["city tables", "of a kind that no table knows (3 kinds,"],
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
    let plan = Plan::of_kinds(Arc::new(kinds));
    let mut raised = Vec::new();
    for minute in 0..240_i64 {
        let [from, to] = [minute, minute + 1].map(|minute| MORNING.plus(minute * 60_000));
        let readings = simulation.readings_between(from, to);
        let changes = rules::step(&twin, &plan, &readings, to);
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
