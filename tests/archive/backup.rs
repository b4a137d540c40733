//! `backup`: a pair that belongs together, whole or not at all, and never over anything.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use super::*;

fn check(folder: &Path) -> Output {
    command::pingjiang(&["backup", "--check", folder.to_str().unwrap()])
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_backup_is_a_city_like_any_other_without_its_key() {
    let city = City::new().with_readings().thinned();
    let kinds = city.place("city.kinds.toml");
    command::pingjiang(&["tables", city.path().to_str().unwrap(), "--write", "kinds"]);
    let has_table = kinds.exists();
    fs::write(city.place("city.key"), "secret").unwrap();
    // Of incidents: one that is stored, and one that is being stored.
    let files = SqliteArchive::files_of(&city.path());
    fs::create_dir(&files).unwrap();
    fs::write(files.join("0a.sealed"), "sealed").unwrap();
    fs::write(files.join("0b.part-1"), "sea").unwrap();
    let out = city.place("backup");
    let output = city.run(&["backup", "--out", out.to_str().unwrap()]);
    let (page, told_beside) = told(&output);
    assert!(output.status.success(), "{told_beside}");
    assert!(page.contains("batches  up to 180"), "{page}");
    let mut expected = vec!["backup.json", "city.archive", "city.gpkg"];
    if has_table {
        expected.push("city.kinds.toml");
    }
    assert_eq!(names(&out), expected);
    let archive = out.join("city.archive");
    assert_eq!(names(&archive), ["files", "log.sqlite"]);
    assert_eq!(names(&archive.join("files")), ["0a.sealed"]);
    assert!(check(&out).status.success());
    let from = |place: &Path| {
        let mut archive = SqliteArchive::open_read_only(&SqliteArchive::folder_of(place)).unwrap();
        archive.recover(None).unwrap()
    };
    assert_eq!(from(&out.join("city.gpkg")), from(&city.path()));
    assert!(
        !names(city.0.path())
            .iter()
            .any(|name| name.ends_with(".draft"))
    );

    let before = names(&out);
    let fault = refused(&city.run(&["backup", "--out", out.to_str().unwrap()]));
    assert!(fault.contains("of this name already"), "{fault}");
    assert_eq!(names(&out), before);
}

#[test]
fn a_backup_made_while_the_log_grows_is_of_one_moment() {
    let city = City::new().with_readings();
    let stop = AtomicBool::new(false);
    let mut archive = city.archive();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut minute = 180;
            while !stop.load(Ordering::Relaxed) {
                archive.append(&[batch(minute)]).unwrap();
                minute += 1;
            }
        });
        for turn in 0..3 {
            let out = city.place(&format!("backup {turn}"));
            let output = city.run(&["backup", "--out", out.to_str().unwrap(), "--json"]);
            let manifest = document(&output);
            let last = manifest["archive"]["last_batch"].as_u64().unwrap();
            let copy = SqliteArchive::folder_of(&out.join("city.gpkg"));
            let mut copy = SqliteArchive::open_read_only(&copy).unwrap();
            let batches = copy.recover(None).unwrap().batches;
            assert_eq!(batches.len() as u64, last);
            assert_eq!(batches.last(), Some(&batch(last as i64 - 1)));
        }
        stop.store(true, Ordering::Relaxed);
    });
}

#[test]
fn what_was_changed_since_is_found() {
    let city = City::new().with_readings();
    let out = city.place("backup");
    assert!(
        city.run(&["backup", "--out", out.to_str().unwrap()])
            .status
            .success()
    );
    for name in ["city.gpkg", "city.archive/log.sqlite", "backup.json"] {
        let path = out.join(name);
        let whole = fs::read(&path).unwrap();
        let mut bytes = whole.clone();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&path, &bytes).unwrap();
        let fault = refused(&check(&out));
        assert!(fault.contains(name), "{fault}");
        fs::write(&path, &whole[..whole.len() - 1]).unwrap();
        if name != "backup.json" {
            assert!(refused(&check(&out)).contains("bytes, not"));
        }
        fs::write(&path, &whole).unwrap();
        assert!(check(&out).status.success());
    }
    let text = fs::read_to_string(out.join("backup.json")).unwrap();
    let outside = text.replacen("\"city.gpkg\"", "\"../city.gpkg\"", 1);
    fs::write(out.join("backup.json"), outside).unwrap();
    assert!(refused(&check(&out)).contains("outside of it"));
    let fault = refused(&check(city.0.path()));
    assert!(fault.contains("this is no backup"), "{fault}");
}

#[test]
fn nothing_is_left_of_a_backup_that_cannot_be_made() {
    let city = City::new();
    let archive = SqliteArchive::folder_of(&city.path());
    fs::create_dir(&archive).unwrap();
    fs::write(archive.join("log.sqlite"), "no log").unwrap();
    let out = city.place("backup");
    let fault = refused(&city.run(&["backup", "--out", out.to_str().unwrap()]));
    assert!(fault.contains("damaged"), "{fault}");
    let before = names(city.0.path());
    assert_eq!(before, ["city.archive", "city.gpkg"]);
    fs::remove_dir_all(&archive).unwrap();
    let nowhere = city.place("none/backup");
    refused(&city.run(&["backup", "--out", nowhere.to_str().unwrap()]));
    // A city that never ran has no archive, and says so.
    let output = city.run(&["backup", "--out", out.to_str().unwrap()]);
    assert!(told(&output).0.contains("nothing ran this city yet"));
    assert!(check(&out).status.success());
}
