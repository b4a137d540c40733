//! The privacy sweep: two grids with one planted person each, every question, every export and every
//! refusal under every role; none of the planted values may show where the role does not open it,
//! and those that it opens must show, or the sweep would prove nothing.

use std::collections::BTreeSet;
use std::path::Path;

use pingjiang::base::{BuildingId, DeviceId, EventId, PersonalField, ResidentId, ResponderId};

#[path = "../support/command.rs"]
mod command;
mod devices;
mod homes;
mod pictures;
mod planted;

use command::pingjiang;
use planted::{EAST, WEST, city};

/// Every question about both grids.
fn questions(folder: &Path) -> Vec<Vec<String>> {
    let id = |prefix: &str, bits: u64| format!("{prefix}-{bits:016x}");
    let mut all: Vec<Vec<String>> = Vec::new();
    let mut ask = |words: &[&str]| all.push(words.iter().map(|one| (*one).to_owned()).collect());
    for planted in [&EAST, &WEST] {
        let grid = planted.grid;
        let building = id("bld", BuildingId::from_source("test", grid).bits());
        let device = id("dev", DeviceId::from_source("test", grid).bits());
        let resident = id("res", ResidentId::from_source("test", grid).bits());
        let responder = id("rsp", ResponderId::from_source("test", grid).bits());
        let event = id("evt", EventId::from_source("test", grid).bits());
        ask(&["incident", &building]);
        ask(&["incident", &device]);
        ask(&["incident", &event]);
        ask(&["person", &resident]);
        ask(&["sees", "--of", &building]);
        ask(&["route", &building, &responder]);
        ask(&["near", "--of", &building, "--radius", "30"]);
        let people = "resident,household,dwelling,vehicle,responder,event,camera,device";
        ask(&[
            "near", "--of", &building, "--radius", "30", "--kind", people,
        ]);
        ask(&["nearest", "--of", &device, "--kind", people, "--count", "9"]);
        ask(&["within", "--outline-of", grid, "--kind", people]);
        ask(&[
            "stats",
            "--kind",
            "resident,household",
            "--in",
            grid,
            "--by",
            "grid",
        ]);
        for (field, value) in planted.values {
            ask(&["search", value]);
            if *field == PersonalField::Label {
                ask(&[
                    "near", "--of", &building, "--kind", "building", "--label", value,
                ]);
                ask(&[
                    "stats",
                    "--kind",
                    "resident",
                    "--label",
                    value,
                    "--by",
                    "square:50",
                ]);
            }
        }
        ask(&[
            "search",
            &format!("样街 {grid} 1号 {}", planted.value(PersonalField::Door)),
        ]);
        ask(&["along", "样街", "--kind", people]);
        ask(&["coverage", "--in", grid, "--cell", "5"]);
    }
    ask(&["quality", "--by", "grid"]);
    ask(&["quality", "--by", "grid", "--list", "stale"]);
    let out = folder.join("list.csv");
    ask(&[
        "notify",
        "--label",
        "planted_east",
        "--out",
        out.to_str().unwrap(),
    ]);
    all
}

struct Seen {
    /// What was asked for is in the question itself: only what is told beside it counts.
    text: String,
}

fn run(city: &Path, question: &[String], asker: &[&str]) -> Seen {
    let mut words = vec!["query", city.to_str().unwrap()];
    words.extend(question.iter().map(String::as_str));
    words.extend(asker);
    let output = pingjiang(&words);
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text += &String::from_utf8_lossy(&output.stderr);
    assert!(!text.contains("panicked"), "{question:?}: {text}");
    let list = city.with_file_name("list.csv");
    if let Ok(bytes) = std::fs::read(&list) {
        text += &String::from_utf8_lossy(&bytes);
        std::fs::remove_file(&list).unwrap();
    }
    Seen { text }
}

/// Who asks, by which words, what that opens, and in which grids.
type Asking = (
    &'static str,
    &'static [&'static str],
    &'static [PersonalField],
    &'static [&'static str],
);

const ROLES: &[Asking] = &[
    ("nobody", &[], &[], &[]),
    ("operator", &["--role", "operator"], &[], &[]),
    (
        "operator in an incident",
        &["--role", "operator", "--purpose", "incident", "--note", "x"],
        &[
            PersonalField::Name,
            PersonalField::Phone,
            PersonalField::Door,
            PersonalField::Label,
            PersonalField::Contact,
            PersonalField::Report,
            PersonalField::Stream,
        ],
        &["东网格", "西网格"],
    ),
    (
        "community worker of the east",
        &[
            "--role",
            "community_worker",
            "--purpose",
            "notice",
            "--area",
            "东网格",
            "--note",
            "x",
        ],
        &[
            PersonalField::Name,
            PersonalField::Phone,
            PersonalField::Identity,
            PersonalField::BirthDate,
            PersonalField::Door,
            PersonalField::Label,
            PersonalField::Contact,
            PersonalField::Plate,
            PersonalField::Report,
        ],
        &["东网格"],
    ),
    (
        "grid worker of the west",
        &[
            "--role",
            "grid_worker",
            "--purpose",
            "service",
            "--area",
            "西网格",
            "--note",
            "x",
        ],
        &[
            PersonalField::Name,
            PersonalField::Phone,
            PersonalField::Door,
            PersonalField::Label,
            PersonalField::Contact,
            PersonalField::Plate,
            PersonalField::Report,
        ],
        &["西网格"],
    ),
    ("registrar", &["--role", "registrar"], &[], &[]),
    (
        "registrar at the registers",
        &[
            "--role",
            "registrar",
            "--purpose",
            "registry",
            "--note",
            "x",
        ],
        &[
            PersonalField::Name,
            PersonalField::Phone,
            PersonalField::Identity,
            PersonalField::BirthDate,
            PersonalField::Door,
            PersonalField::Label,
            PersonalField::Contact,
        ],
        &["东网格", "西网格"],
    ),
    ("planner", &["--role", "planner"], &[], &[]),
    ("report writer", &["--role", "report_writer"], &[], &[]),
    ("manager", &["--role", "manager"], &[], &[]),
    ("administrator", &["--role", "administrator"], &[], &[]),
];

#[test]
fn every_question_under_every_role_tells_what_the_role_opens_and_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let city = city(folder.path());
    for (who, asker, opens, grids) in ROLES {
        let mut told = BTreeSet::new();
        for question in questions(folder.path()) {
            for format in [&[][..], &["--json"], &["--lang", "zh"]] {
                // Every third way of telling is enough for those who see nothing.
                if opens.is_empty() && format == ["--lang", "zh"] {
                    continue;
                }
                let seen = run(&city, &question, &[asker, format].concat());
                for planted in [&EAST, &WEST] {
                    for (field, value) in planted.values {
                        let is_asked = question.iter().any(|word| word.contains(value));
                        let may = opens.contains(field) && grids.contains(&planted.grid);
                        if seen.text.contains(value) && !is_asked {
                            assert!(may, "{who} is told {value} by {question:?}: {}", seen.text);
                        }
                        if seen.text.contains(value) {
                            told.insert((planted.grid, *field));
                        }
                    }
                }
            }
        }
        for field in *opens {
            for grid in *grids {
                assert!(
                    told.contains(&(*grid, *field)),
                    "{who} never sees {field:?} of {grid}"
                );
            }
        }
    }
}

#[test]
fn who_is_told_nothing_cannot_even_learn_by_asking() {
    let folder = tempfile::tempdir().unwrap();
    let city = city(folder.path());
    for (_, asker, opens, _) in ROLES.iter().filter(|role| role.2.is_empty()) {
        assert!(opens.is_empty());
        for planted in [&EAST, &WEST] {
            for (field, value) in planted.values {
                let words = ["search", value].map(str::to_owned);
                let there = run(&city, &words, asker).text;
                let not_there = run(&city, &["search".to_owned(), "鬱龘没".to_owned()], asker).text;
                assert_eq!(there, not_there, "{field:?} is found by {value}");
            }
        }
    }
}

#[test]
fn what_cannot_be_put_on_record_is_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    let city = city(folder.path());
    let building = BuildingId::from_source("test", EAST.grid).to_string();
    let question = ["incident".to_owned(), building];
    let operator = ["--role", "operator", "--purpose", "incident", "--note", "x"];
    // Nothing listens there; behind the question, where people write it.
    let line = ["--connect", "http://127.0.0.1:1", "--token", "nobody-there"];
    let text = run(&city, &question, &[&operator[..], &line].concat()).text;
    assert!(text.contains("nothing personal is shown"), "{text}");
    assert!(secrets().all(|value| !text.contains(value)), "{text}");
}

#[test]
fn files_hold_nothing_in_clear() {
    let folder = tempfile::tempdir().unwrap();
    let city = city(folder.path());
    let operator = ["--role", "operator", "--purpose", "incident", "--note", "x"];
    let building = BuildingId::from_source("test", EAST.grid).to_string();
    run(&city, &["incident".to_owned(), building], &operator);
    for name in [
        "o.city.json",
        "o.geojson",
        "o.fgb",
        "o.gltf",
        "o.gpkg",
        "o.city.jsonl",
    ] {
        let to = folder.path().join(name);
        let arguments = [
            "export",
            city.to_str().unwrap(),
            "--to",
            to.to_str().unwrap(),
        ];
        let output = pingjiang(&arguments);
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{name}: {text}");
    }
    let commands: [&[&str]; 3] = [&["inspect"], &["inspect", "--json"], &["audit", "--json"]];
    for command in commands {
        let mut words = command.to_vec();
        words.insert(1, city.to_str().unwrap());
        let output = pingjiang(&words);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        for value in secrets() {
            assert!(!text.contains(value), "{value} is told by {command:?}");
        }
    }
    let mut files = vec![folder.path().to_owned()];
    let mut looked_at = 0;
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(
                std::fs::read_dir(&path)
                    .unwrap()
                    .map(|one| one.unwrap().path()),
            );
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        looked_at += 1;
        for value in secrets() {
            let mut parts = bytes.windows(value.len());
            let is_in = parts.any(|part| part == value.as_bytes());
            assert!(!is_in, "{value} is in {}", path.display());
        }
    }
    assert!(looked_at >= 8, "{looked_at} files");
}

fn secrets() -> impl Iterator<Item = &'static str> {
    let all = [&EAST, &WEST].into_iter();
    all.flat_map(|planted| planted.values.iter().map(|(_, value)| *value))
}
