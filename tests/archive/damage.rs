//! An engine that starts on a damaged log: it works, keeps what was damaged, and says what is lost.

use std::fs;
use std::path::Path;

use super::*;

fn runs(city: &City, more: &[&str]) -> String {
    let asked = [&["run", "--seconds", "1"][..], more].concat();
    let output = city.run(&asked);
    let (page, log) = told(&output);
    assert!(output.status.success(), "{log}");
    assert!(page.contains("\"ready\":true"), "{page}");
    log
}

fn log_of(city: &Path) -> PathBuf {
    SqliteArchive::folder_of(city).join("log.sqlite")
}

fn damage_told(city: &City) -> model::LogDamage {
    let folder = SqliteArchive::folder_of(&city.path());
    let mut archive = SqliteArchive::open_read_only(&folder).unwrap();
    let recovered = archive.recover(None).unwrap();
    recovered
        .snapshot
        .unwrap()
        .log_damage
        .expect("the live state tells")
}

#[test]
fn an_engine_takes_from_a_backup_what_the_damaged_log_lacks() {
    let city = City::new().with_readings();
    let out = city.place("backup");
    assert!(
        city.run(&["backup", "--out", out.to_str().unwrap()])
            .status
            .success()
    );
    city.archive().append(&[batch(180)]).unwrap();
    let mut bytes = fs::read(log_of(&city.path())).unwrap();
    bytes[..2_000].fill(0);
    fs::write(log_of(&city.path()), &bytes).unwrap();

    // Other commands do not mend.
    let fault = refused(&city.run(&["readings", &smoke().to_string()]));
    assert!(fault.contains("damaged"), "{fault}");
    let log = runs(&city, &["--recover-from", out.to_str().unwrap()]);
    assert!(log.contains("THE ARCHIVE WAS DAMAGED"), "{log}");
    let damage = damage_told(&city);
    assert_eq!((damage.salvaged, damage.restored), (0, 180));
    let kept = SqliteArchive::folder_of(&city.path()).join(&damage.kept_in);
    assert_eq!(fs::read(kept.join("log.sqlite")).unwrap(), bytes);
    // The tilt sensor keeps its readings, however long ago they were.
    let readings = document(&city.run(&[
        "readings",
        &tilt().to_string(),
        "--json",
        "--from",
        &at(0),
        "--to",
        &at(999),
    ]));
    assert_eq!(readings["readings"].as_array().unwrap().len(), 180);
    let log = runs(&city, &[]);
    assert!(!log.contains("DAMAGED"), "{log}");
}

#[test]
fn an_engine_without_a_backup_begins_anew_and_says_so() {
    let city = City::new().with_readings();
    fs::write(log_of(&city.path()), "nothing of a log").unwrap();
    let log = runs(&city, &[]);
    assert!(log.contains("NOTHING of the log can be read"), "{log}");
    let damage = damage_told(&city);
    assert_eq!((damage.salvaged, damage.known_up_to), (0, None));
    let fault = city.run(&["run", "--recover-from", "nowhere"]);
    assert!(refused(&fault).contains("this is no backup"));
}
