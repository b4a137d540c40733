//! What is refused, and what is only looked at: nothing is written then.

use super::command::pingjiang;
use super::{City, check_told, data, text};

#[test]
fn without_the_key_people_are_refused_and_links_of_devices_stay() {
    let city = City::new();
    city.import(&[&data("dwellings.csv"), &data("residents.csv")]);
    city.import(&[&data("devices.csv")]);
    let key = city.path().with_extension("key");
    let away = city.path().with_extension("away");
    std::fs::rename(&key, &away).unwrap();
    let told = city.refusal(&[&data("residents.csv")]);
    check_told(
        &told,
        &[
            "residents hold personal values",
            "--key-file",
            "residents.csv",
        ],
    );
    check_told(
        &city.import(&[&data("devices.csv")]),
        &["0 added, 0 updated, 0 removed, 4 unchanged"],
    );
}

#[test]
fn what_cannot_be_read_is_refused_with_a_remedy_and_nothing_is_written() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let before = std::fs::read(city.path()).unwrap();
    let headless = city.write("a.csv", "a,b\n1,2\n");
    check_told(
        &city.refusal(&[&headless, "--as", "residents"]),
        &["identity_no or key or name", "docs/registries.md", "a.csv"],
    );
    // A table without headers begins with somebody's record.
    let bare = city.write("c.csv", "测试甲,000000194001011237,13900000001\n");
    for kind in ["residents", "vehicles"] {
        let told = city.refusal(&[&bare, "--as", kind]);
        check_told(
            &told,
            &["none of its first 10 rows holds headers that are known"],
        );
    }
    city.refusal(&[&bare]);
    check_told(
        &city.refusal(&[&data("unknown_headers.csv"), "--as", "cameras"]),
        &["cameras need a column"],
    );
    let both = ["residents.csv", "basemap.geojson"].map(data);
    check_told(
        &city.refusal(&[&both[0], &both[1]]),
        &["is a register", "is not"],
    );
    let residents = data("residents.csv");
    check_told(&city.refusal(&[&residents, &residents]), &["named twice"]);
    for (name, content, told) in [
        (
            "c.xlsx",
            &b"\xE5\xA7\x93\xE5\x90\x8D,phone\n"[..],
            "it holds text, such as CSV",
        ),
        (
            "d.xlsx",
            b"\x89PNG\x0D\x0A\x1A\x0A\x00\x00",
            "what it holds is none",
        ),
        (
            "e.xlsx",
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\x00",
            "a workbook of the old kind (.xls)",
        ),
    ] {
        let path = city.0.path().join(name);
        std::fs::write(&path, content).unwrap();
        let refused = city.refusal(&[path.to_str().unwrap()]);
        check_told(&refused, &[told, "save it as XLSX", name]);
    }
    let broken = city.write("b.xlsx", "PK\u{3}\u{4}no workbook");
    check_told(
        &city.refusal(&[&broken]),
        &["the workbook cannot be read", "save it as XLSX again"],
    );
    let map = city.write(
        "m.toml",
        "register = \"cameras\"\n[columns]\nplate = \"x\"\n",
    );
    check_told(
        &city.refusal(&[&data("cameras.csv"), "--map", &map]),
        &["line 3", "cameras have no plate"],
    );
    let map = city.write(
        "n.toml",
        "register = \"cameras\"\n[columns]\nname = \"x\"\n",
    );
    check_told(
        &city.refusal(&[&data("cameras.csv"), "--map", &map]),
        &["line 3 names \"x\""],
    );
    assert!(
        std::fs::read(city.path()).unwrap() == before,
        "the city was touched"
    );
    let nowhere = pingjiang(&[
        "import",
        &data("residents.csv"),
        "--into",
        city.0.path().join("none.gpkg").to_str().unwrap(),
    ]);
    check_told(&text(&nowhere.stderr), &["registers need a city"]);
}

#[test]
fn a_dry_run_tells_everything_and_writes_nothing() {
    let city = City::new();
    let before = std::fs::read(city.path()).unwrap();
    let told = city.import(&[&data("dwellings.csv"), &data("residents.csv"), "--dry-run"]);
    check_told(
        &told,
        &[
            "6 added",
            "4 linked, 1 ambiguous",
            "nothing written (dry run)",
        ],
    );
    assert!(std::fs::read(city.path()).unwrap() == before);
}

#[test]
fn a_small_workbook_that_unpacks_to_a_huge_one_is_refused() {
    use std::io::{Cursor, Write};
    let city = City::new();
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    writer.start_file("xl/sharedStrings.xml", options).unwrap();
    let blanks = vec![b' '; 1 << 20];
    for _ in 0..257 {
        writer.write_all(&blanks).unwrap();
    }
    let bytes = writer.finish().unwrap().into_inner();
    assert!(bytes.len() < 1 << 20, "{}", bytes.len());
    let path = city.0.path().join("bomb.xlsx");
    std::fs::write(&path, bytes).unwrap();
    let told = city.refusal(&[path.to_str().unwrap()]);
    check_told(
        &told,
        &[
            "bomb.xlsx",
            "texts of the workbook unpack to more than 256 MB",
            "as CSV",
        ],
    );
}

#[cfg(all(unix, feature = "net"))]
#[test]
fn a_signal_stops_an_import_with_a_word() {
    use std::process::{Command, Stdio};
    let city = City::new();
    let before = std::fs::read(city.path()).unwrap();
    let pipe = city.0.path().join("people.csv");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let importing = Command::new(env!("CARGO_BIN_EXE_pingjiang"))
        .args(["import", "--as", "residents", "--into"])
        .args([city.path(), pipe.clone()])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It waits for the first byte now, with the city in its hands.
    let _writing = std::fs::OpenOptions::new().write(true).open(&pipe).unwrap();
    let id = importing.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    let ended = importing.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(130));
    check_told(
        &text(&ended.stderr),
        &["stopped: nothing was written", "city.gpkg"],
    );
    assert!(std::fs::read(city.path()).unwrap() == before);
}
