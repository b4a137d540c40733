//! Tables listed and written, faulty ones, and those of the city's own that commands go by.

use std::path::PathBuf;

use pingjiang::app::tables::What;

use super::{City, check_told, data};

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
    let own = told.matches("\"is_own\": true").count();
    assert_eq!(own, What::ALL.len(), "{told}");
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
    PathBuf::from(data(&format!("tables/city.{}.toml", what.as_str())))
}

/// The rules of a document's examples.
fn examples(document: &str) -> Vec<String> {
    let blocks = document.split("```toml\n").skip(1);
    let block = |text: &str| text.split("```").next().unwrap_or_default().to_owned();
    blocks.map(block).collect()
}

#[test]
fn alarm_rules_are_checked_without_running_and_the_examples_of_the_document_are_good() {
    let city = City::new();
    let path = What::Alarms.path(&city.path());
    let document = include_str!("../../docs/alarms.md");
    let all = examples(document);
    assert_eq!(all.len(), 8);
    city.import_devices();
    // The key of a device that this city has.
    let all = all.concat().replace("\"smoke 0\"", "\"S1\"");
    std::fs::write(&path, &all).unwrap();
    let told = city.done(&["tables"], &[]);
    check_told(&told, &["alarms", "7  ", "own, added"]);
    for (good, bad, word) in [
        (
            "\"S1\"",
            "\"S9\"",
            "\"S9\": there is no such device in this city",
        ),
        (
            "\"elderly_alone\"",
            "\"lonely\"",
            "none is called \"lonely\"",
        ),
        (
            "above = 5.0",
            "above = 500.0",
            "above must lie between min and max",
        ),
        ("[\"door\"]", "[\"gate\"]", "no kind is called gate"),
    ] {
        assert!(all.contains(good), "{good}");
        std::fs::write(&path, all.replacen(good, bad, 1)).unwrap();
        let told = city.refused(&["tables"], &[]);
        check_told(&told, &["city.alarms.toml", "line ", word]);
    }
}
