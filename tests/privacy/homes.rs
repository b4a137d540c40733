//! Where somebody lives, whose values were opened, and what is known while the key is away: told to
//! nobody who holds an id alone.

use std::fs;
use std::path::Path;

use pingjiang::base::{BuildingId, EventId, HouseholdId, PersonalField, ResidentId, VehicleId};

use crate::command::pingjiang;
use crate::planted::{EAST, WEST, city};

pub(super) const OPERATOR: &[&str] =
    &["--role", "operator", "--purpose", "incident", "--note", "x"];

/// What a command tells, and whether it was done.
fn run(words: &[&str]) -> (bool, String) {
    let output = pingjiang(words);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let text = text + &String::from_utf8_lossy(&output.stderr);
    assert!(!text.contains("panicked"), "{words:?}: {text}");
    (output.status.success(), text)
}

pub(super) fn ask(city: &Path, question: &[&str], asker: &[&str]) -> (bool, String) {
    run(&[&["query", city.to_str().unwrap()], question, asker].concat())
}

fn audit(city: &Path, words: &[&str]) -> (bool, String) {
    run(&[&["audit", city.to_str().unwrap()], words].concat())
}

/// Somebody who works in one grid and has a purpose.
pub(super) fn grid_worker(grid: &str) -> [&str; 6] {
    [
        "--role",
        "grid_worker",
        "--area",
        grid,
        "--purpose",
        "service",
    ]
}

#[test]
fn where_somebody_lives_is_told_to_who_may_know_it_and_is_on_record() {
    let folder = tempfile::tempdir().unwrap();
    let city = city(folder.path());
    let resident = ResidentId::from_source("test", EAST.grid).to_string();
    let household = HouseholdId::from_source("test", EAST.grid).to_string();
    let vehicle = VehicleId::from_source("test", EAST.grid).to_string();
    let building = BuildingId::from_source("test", EAST.grid).to_string();
    let west = grid_worker(WEST.grid);
    let askers: [&[&str]; 4] = [&[], &["--role", "operator"], &["--role", "manager"], &west];
    for id in [&resident, &household, &vehicle] {
        let questions: [&[&str]; 8] = [
            &["incident", id],
            &["incident", "--of", id],
            &["near", "--of", id],
            &["nearest", "--of", id],
            &["sees", "--of", id],
            &["route", id, &building],
            &["route", &building, id],
            &["search", id, "--json"],
        ];
        for question in questions {
            for asker in askers {
                let (is_done, text) = ask(&city, question, asker);
                let is_search = question[0] == "search";
                assert!(is_search || !is_done, "{asker:?} {question:?}: {text}");
                let tells = ["样街", building.as_str(), "lon_lat", "不存在"];
                let is_told = tells.iter().any(|one| text.contains(one));
                assert!(!is_told, "{asker:?} {question:?}: {text}");
            }
            let (is_done, text) = ask(&city, question, OPERATOR);
            assert!(is_done, "{question:?}: {text}");
        }
        let (_, text) = audit(&city, &["--role", "manager", "--of", id, "--json"]);
        let on_record = text.matches(&format!("\"{id}\": [")).count();
        assert!(on_record >= 8, "{on_record} of {text}");
    }
    // The beginning of an id lists nobody either.
    let (_, text) = ask(&city, &["search", "res-", "--json"], &[]);
    assert!(!text.contains("res-"), "{text}");
    // Nor do cars that belong to somebody tell where that is.
    let near: &[&str] = &["near", "--of", &building, "--kind", "vehicle"];
    assert!(!ask(&city, near, &[]).1.contains(&vehicle));
    assert!(ask(&city, near, OPERATOR).1.contains(&vehicle));
}

#[test]
fn the_audit_names_nobody_to_who_may_not_read_it() {
    let folder = tempfile::tempdir().unwrap();
    let city = city(folder.path());
    let resident = ResidentId::from_source("test", EAST.grid).to_string();
    let question = ["person", resident.as_str()];
    let who = [OPERATOR, &["--who", "王审计"]].concat();
    assert!(ask(&city, &question, &who).0);
    let all: [&[&str]; 4] = [
        &[],
        &["--json"],
        &["--from", "2020-01-01T00:00:00Z"],
        &["--of", &resident],
    ];
    for words in all {
        let (_, text) = audit(&city, words);
        let is_told = ["res-", "王审计", "\"x\"", ": x"]
            .iter()
            .any(|one| text.contains(one));
        assert!(!is_told, "{words:?}: {text}");
    }
    let (_, text) = audit(&city, &[]);
    assert!(
        text.contains("operator") && text.contains("fewer than 5 records"),
        "{text}"
    );
    for role in ["manager", "administrator"] {
        let (is_done, text) = audit(&city, &["--role", role]);
        assert!(
            is_done && text.contains(&resident) && text.contains("王审计"),
            "{text}"
        );
    }
    let (is_done, text) = audit(&city, &["--role", "operator"]);
    assert!(
        !is_done && text.contains("manager, administrator"),
        "{text}"
    );
    for (id, word) in [
        ("res-12", "is no id"),
        ("res-00000000000000ff", "neither the city nor its log"),
    ] {
        let (is_done, text) = audit(&city, &["--role", "manager", "--of", id]);
        assert!(!is_done && text.contains(word), "{text}");
    }
    // A table of before names nobody who reads it.
    let built_in = include_str!("../../assets/roles.toml").replace("audits = true\n", "");
    fs::write(city.with_extension("roles.toml"), built_in).unwrap();
    let (is_done, text) = audit(&city, &["--role", "manager"]);
    assert!(!is_done && text.contains("audits = true"), "{text}");
}

#[test]
fn without_the_key_nothing_is_on_record_as_opened() {
    let folder = tempfile::tempdir().unwrap();
    let city = city(folder.path());
    fs::rename(city.with_extension("key"), folder.path().join("away")).unwrap();
    let resident = ResidentId::from_source("test", EAST.grid).to_string();
    let building = BuildingId::from_source("test", EAST.grid).to_string();
    for question in [["incident", &building], ["person", &resident]] {
        let (is_done, text) = ask(&city, &question, OPERATOR);
        assert!(is_done, "{text}");
        assert!(!text.contains("1 resident"), "{text}");
    }
    for question in [
        &["near", "--of", &resident, "--radius", "9"][..],
        &["within", "--in", EAST.grid, "--kind", "resident"],
    ] {
        let (is_done, text) = ask(&city, question, OPERATOR);
        assert!(!is_done && text.contains("the city's key only"), "{text}");
    }
    // Events about homes are counted by area, and found nowhere: title and place are sealed.
    let event = EventId::from_source("test", EAST.grid).to_string();
    let (is_done, text) = ask(&city, &["stats", "--kind", "event"], OPERATOR);
    assert!(is_done && text.contains("event"), "{text}");
    let (_, text) = ask(
        &city,
        &["within", "--in", EAST.grid, "--kind", "event"],
        OPERATOR,
    );
    assert!(!text.contains(&event) && !text.contains("龖题"), "{text}");
    let (is_done, text) = ask(&city, &["near", "--of", &event, "--radius", "9"], OPERATOR);
    assert!(!is_done && !text.contains("龖题"), "{text}");
    let (_, text) = audit(&city, &["--role", "manager"]);
    let on_record = text.lines().filter(|line| line.starts_with("    "));
    assert_eq!(on_record.count(), 0, "{text}");
    let label = EAST.value(PersonalField::Label);
    let stats = ["stats", "--kind", "resident", "--label", label];
    let (is_done, text) = ask(&city, &stats, &["--role", "manager"]);
    assert!(
        !is_done && text.contains("without the city's key"),
        "{text}"
    );
    let (_, text) = ask(
        &city,
        &["search", EAST.value(PersonalField::Name)],
        OPERATOR,
    );
    assert!(
        text.contains("are not searched without the city's key"),
        "{text}"
    );
}

#[test]
fn labels_are_counted_so_that_no_small_count_follows() {
    let folder = tempfile::tempdir().unwrap();
    let city = city(folder.path());
    let label = EAST.value(PersonalField::Label);
    let stats = |more: &[&str], asker: &[&str]| {
        let question = ["stats", "--kind", "resident", "--label", label];
        ask(&city, &[&question, more].concat(), asker)
    };
    let east = grid_worker(EAST.grid);
    let west = grid_worker(WEST.grid);
    let planner = ["--role", "planner"];
    for asker in [&planner[..], &west] {
        let cut = stats(&["--by", "square:100", "--in", EAST.grid], asker);
        assert!(
            !cut.0 && cut.1.contains("squares and hexagons"),
            "{}",
            cut.1
        );
        let two = stats(&["--label", "elderly"], asker);
        assert!(
            !two.0 && two.1.contains("more than one --label"),
            "{}",
            two.1
        );
        let grid = stats(&["--by", "grid"], asker);
        assert!(
            grid.0 && grid.1.contains('·') && !grid.1.contains('1'),
            "{}",
            grid.1
        );
    }
    let own = stats(&["--by", "grid"], &east);
    assert!(own.0 && own.1.contains('1'), "{}", own.1);
    // Of people, too, squares stand where they stand: a little larger ones would leave a strip.
    for (parts, is_told) in [
        ("square:100", true),
        ("square:100.7", false),
        ("hexagon:50", false),
    ] {
        let people = ["stats", "--kind", "resident,building", "--by", parts];
        for asker in [&[][..], &planner, &west] {
            let (is_done, text) = ask(&city, &people, asker);
            assert_eq!(is_done, is_told, "{parts} {asker:?}: {text}");
        }
        // Exact squares point at houses: for a purpose, and on record.
        assert!(!ask(&city, &people, &["--role", "manager"]).0, "{parts}");
        let oversight = ["--role", "manager", "--purpose", "oversight"];
        assert!(ask(&city, &people, &oversight).0, "{parts}");
    }
    // On squares that point at houses: for a purpose, and on record.
    let squares = ["--by", "square:100"];
    let manager = stats(&squares, &["--role", "manager"]);
    assert!(
        !manager.0 && manager.1.contains("--purpose"),
        "{}",
        manager.1
    );
    let manager = stats(&squares, &["--role", "manager", "--purpose", "oversight"]);
    assert!(manager.0 && manager.1.contains('1'), "{}", manager.1);
    let (_, text) = audit(&city, &["--role", "manager", "--json"]);
    assert!(
        text.contains(&format!("stats by square:100 of resident+{label}")),
        "{text}"
    );
}

#[test]
fn a_list_to_notify_says_who_is_not_on_it() {
    let folder = tempfile::tempdir().unwrap();
    let city = city(folder.path());
    let list = |label: &str, area: &str, out: &str| {
        let question = ["notify", "--label", label, "--in", area, "--out", out];
        let asker = [
            "--role",
            "community_worker",
            "--area",
            EAST.grid,
            "--purpose",
            "notice",
        ];
        ask(&city, &question, &asker)
    };
    let label = EAST.value(PersonalField::Label);
    let file = folder.path().join("list.csv");
    let elsewhere = list(label, WEST.grid, file.to_str().unwrap());
    assert!(
        !elsewhere.0 && elsewhere.1.contains("outside the areas"),
        "{}",
        elsewhere.1
    );
    assert!(!file.exists());
    let here = list(label, EAST.grid, "-");
    assert!(
        here.0 && here.1.contains(EAST.value(PersonalField::Name)),
        "{}",
        here.1
    );
    assert!(!Path::new(env!("CARGO_MANIFEST_DIR")).join("-").exists());
    let (_, text) = audit(&city, &["--role", "manager"]);
    assert!(text.contains("took away the list \"notify\""), "{text}");
    // Somebody who is linked to no home.
    let stray = list(crate::planted::STRAY_LABEL, EAST.grid, "-");
    assert!(
        stray.0 && stray.1.contains("a few with the label"),
        "{}",
        stray.1
    );
    let id = ResidentId::from_source("test", "stray").to_string();
    let asker = [
        "--role",
        "community_worker",
        "--area",
        EAST.grid,
        "--purpose",
        "notice",
    ];
    for question in [
        &["person", &id][..],
        &["quality", "--list", "unmatched_address"],
    ] {
        let (is_done, text) = ask(&city, question, &asker);
        assert!(!is_done && text.contains("linked to no home"), "{text}");
    }
}

#[test]
fn events_about_a_home_are_told_to_who_may_know_it_and_are_on_record() {
    let folder = tempfile::tempdir().unwrap();
    let city = city(folder.path());
    let event = EventId::from_source("test", EAST.grid).to_string();
    let building = BuildingId::from_source("test", EAST.grid).to_string();
    let by_title: &[&str] = &["--kind", "event", "--where", "title~龖题"];
    let near = [&["near", "--of", &building][..], by_title].concat();
    let stats = [&["stats", "--by", "grid"][..], by_title].concat();
    let lists: [&[&str]; 6] = [
        &near,
        &["near", "--of", &building, "--kind", "event"],
        &["nearest", "--of", &building, "--kind", "event"],
        &["within", "--outline-of", EAST.grid, "--kind", "event"],
        &["search", "龖题"],
        &["incident", &building],
    ];
    let of_it: [&[&str]; 4] = [
        &["near", "--of", &event, "--kind", "building"],
        &["sees", "--of", &event],
        &["route", &event, &building],
        &["incident", &event],
    ];
    let west = grid_worker(WEST.grid);
    let askers: [&[&str]; 4] = [&[], &["--role", "operator"], &["--role", "manager"], &west];
    let title = format!("龖题{}", EAST.grid);
    for asker in askers {
        for question in lists {
            let (_, text) = ask(&city, question, asker);
            let is_told = text.contains(&title) || text.contains(&event);
            assert!(!is_told, "{asker:?} {question:?}: {text}");
        }
        for question in of_it {
            let (is_done, text) = ask(&city, question, asker);
            assert!(
                !is_done && !text.contains(&title),
                "{asker:?} {question:?}: {text}"
            );
        }
        let (_, text) = ask(
            &city,
            &["stats", "--kind", "event", "--by", "square:10", "--json"],
            asker,
        );
        let own = asker == &west[..];
        assert!(own || !text.contains("\"place\""), "{asker:?}: {text}");
    }
    assert!(!ask(&city, &stats, &[]).1.contains(EAST.grid));
    for question in lists.iter().chain(&of_it) {
        let (is_done, text) = ask(&city, question, OPERATOR);
        assert!(is_done, "{question:?}: {text}");
    }
    assert!(ask(&city, &near, OPERATOR).1.contains(&title));
    assert!(ask(&city, &stats, OPERATOR).1.contains(EAST.grid));
    // Counted under conditions it is for those alone who may know small counts, or the home: two
    // such counts would leave a few.
    let narrowed = ["stats", "--kind", "event", "--by", "grid", "--where"];
    for condition in ["status!=closed", "group!=x"] {
        let narrowed = [&narrowed[..], &[condition, "--json"]].concat();
        let counted = |asker: &[&str]| {
            let (_, text) = ask(&city, &narrowed, asker);
            let json = &text[text.find('{').unwrap()..];
            let mut told =
                serde_json::Deserializer::from_str(json).into_iter::<serde_json::Value>();
            told.next().unwrap().unwrap()["answer"]["total"]["event"].clone()
        };
        let (all, public) = (counted(OPERATOR), counted(&[]));
        assert!(
            all.as_u64() > public.as_u64(),
            "{condition}: {all}, {public}"
        );
    }
    let (_, text) = audit(&city, &["--role", "manager", "--of", &event, "--json"]);
    let on_record = text.matches(&format!("\"{event}\": [")).count();
    assert!(on_record >= 11, "{on_record} of {text}");
}
