//! What is no city, not whole, not ours to open or not ours to write is told with its remedy.

use std::fs;

use super::*;

fn open_fault(folder: &Folder) -> CityFileError {
    CityFile::open(&folder.city(), Some(vault())).unwrap_err()
}

#[test]
fn other_files_are_named_for_what_they_are() {
    let folder = Folder::new();
    assert!(matches!(open_fault(&folder), CityFileError::Missing { .. }));
    for content in ["", "hello", &"x".repeat(5_000)] {
        fs::write(folder.city(), content).unwrap();
        let fault = open_fault(&folder);
        assert!(
            matches!(fault, CityFileError::NotGeoPackage { .. }),
            "{fault}"
        );
    }
    fs::remove_file(folder.city()).unwrap();
    let other = rusqlite::Connection::open(folder.city()).unwrap();
    other.execute_batch("CREATE TABLE a (b)").unwrap();
    assert!(matches!(
        open_fault(&folder),
        CityFileError::NotGeoPackage { .. }
    ));
    let mark = super::super::schema::APPLICATION_ID;
    other.pragma_update(None, "application_id", mark).unwrap();
    let fault = open_fault(&folder).to_string();
    assert!(
        fault.contains("pingjiang import FILE.gpkg")
            && fault.contains("--layer")
            && fault.contains("--into CITY.gpkg"),
        "{fault}"
    );
}

#[test]
fn a_file_is_never_written_over() {
    let folder = Folder::new();
    fs::write(folder.city(), "mine").unwrap();
    let fault = CityFile::create(&folder.city(), &info(), None).unwrap_err();
    assert!(matches!(fault, CityFileError::Exists { .. }), "{fault}");
    assert_eq!(fs::read(folder.city()).unwrap(), b"mine");
}

#[test]
fn a_failed_creation_leaves_nothing() {
    let folder = Folder::new();
    let first = edit("one", every_kind());
    let fault = CityFile::create_with(&folder.city(), &info(), None, &first).unwrap_err();
    assert!(matches!(fault, CityFileError::NoKey { .. }), "{fault}");
    let mut wrong = info();
    wrong.crs = "EPSG:4490".into();
    let fault = CityFile::create(&folder.city(), &wrong, None).unwrap_err();
    assert!(matches!(fault, CityFileError::Crs { .. }), "{fault}");
    assert_eq!(folder.files(), [""; 0]);
}

#[test]
fn a_missing_end_is_noticed_at_once() {
    let folder = Folder::new();
    drop(sample_city(&folder));
    let whole = fs::read(folder.city()).unwrap();
    fs::write(folder.city(), &whole[..whole.len() - 1]).unwrap();
    let fault = open_fault(&folder);
    assert!(matches!(fault, CityFileError::Truncated { .. }), "{fault}");
}

#[test]
fn damage_is_an_error_never_a_panic() {
    let folder = Folder::new();
    drop(sample_city(&folder));
    let whole = fs::read(folder.city()).unwrap();
    for step in 0..60 {
        let mut broken = whole.clone();
        let from = 100 + step * (whole.len() - 200) / 60;
        broken[from..from + 64].fill(0xa5);
        fs::write(folder.city(), &broken).unwrap();
        if let Ok(city) = CityFile::open(&folder.city(), Some(vault())) {
            let _ = (city.load_ground(), city.imports(), city.ground_version());
        }
    }
}

#[test]
fn the_wrong_key_is_told_at_once() {
    let folder = Folder::new();
    drop(sample_city(&folder));
    let other = Vault::from_key(&[8; 32]);
    let fault = CityFile::open(&folder.city(), Some(other)).unwrap_err();
    assert!(matches!(fault, CityFileError::WrongKey { .. }), "{fault}");
    assert!(fault.to_string().contains("--key-file"), "{fault}");
}

#[test]
fn a_key_that_comes_later_is_remembered() {
    let folder = Folder::new();
    drop(CityFile::create(&folder.city(), &info(), None).unwrap());
    let mut city = CityFile::open_for_writing(&folder.city(), Some(vault())).unwrap();
    city.write(&edit("one", vec![resident("甲", None).into()]))
        .unwrap();
    let other = Vault::from_key(&[8; 32]);
    let fault = CityFile::open(&folder.city(), Some(other)).unwrap_err();
    assert!(matches!(fault, CityFileError::WrongKey { .. }), "{fault}");
}

#[test]
fn a_later_format_is_refused() {
    let folder = Folder::new();
    let city = sample_city(&folder);
    super::super::meta::set(&city.connection, "format", "99").unwrap();
    let fault = open_fault(&folder).to_string();
    assert!(
        fault.contains("99") && fault.contains("newer pingjiang"),
        "{fault}"
    );
}

#[test]
fn a_writer_at_work_is_named_and_readers_go_on() {
    let folder = Folder::new();
    let mut city = sample_city(&folder);
    let other = rusqlite::Connection::open(folder.city()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    city.connection
        .busy_timeout(std::time::Duration::ZERO)
        .unwrap();
    let fault = city
        .write(&edit("two", vec![house("new", 0.0).into()]))
        .unwrap_err();
    assert!(matches!(fault, CityFileError::Busy { .. }), "{fault}");
    let reader = CityFile::open(&folder.city(), None).unwrap();
    assert_eq!(reader.ground_version().unwrap(), 1);
    // What was made for another version is not written, however long it waited.
    other.execute_batch("ROLLBACK").unwrap();
    let two = edit("two", vec![house("new", 0.0).into()]);
    assert_eq!(city.write_on(1, &two).unwrap().version, 2);
    let late = edit("late", vec![house("late", 0.0).into()]);
    let fault = city.write_on(1, &late).unwrap_err();
    assert!(matches!(fault, CityFileError::Overtaken { .. }), "{fault}");
    assert_eq!(city.ground_version().unwrap(), 2);
}

#[test]
fn a_city_opened_for_reading_is_not_written() {
    let folder = Folder::new();
    drop(sample_city(&folder));
    let before = fs::read(folder.city()).unwrap();
    let mut city = CityFile::open(&folder.city(), Some(vault())).unwrap();
    let fault = city
        .write(&edit("two", vec![house("new", 0.0).into()]))
        .unwrap_err();
    assert!(matches!(fault, CityFileError::ReadOnly { .. }), "{fault}");
    drop(city);
    assert_eq!(fs::read(folder.city()).unwrap(), before);
}

#[test]
fn a_city_left_in_wal_mode_becomes_one_file_again() {
    let folder = Folder::new();
    drop(sample_city(&folder));
    let other = rusqlite::Connection::open(folder.city()).unwrap();
    other.pragma_update(None, "journal_mode", "WAL").unwrap();
    drop(other);
    // Reading such a file needs a file beside it, or the promise that nobody writes.
    let city = CityFile::open(&folder.city(), Some(vault())).unwrap();
    assert_eq!(city.load_ground().unwrap(), ground_of(&every_kind(), 1));
    drop(city);
    let mut city = CityFile::open_for_writing(&folder.city(), Some(vault())).unwrap();
    city.write(&edit("two", vec![house("new", 0.0).into()]))
        .unwrap();
    drop(city);
    assert_eq!(folder.files(), ["平江 city.gpkg"]);
    assert_eq!(
        fs::read(folder.city()).unwrap()[18..20],
        [1, 1],
        "rollback journal"
    );
}

/// What is said of a sample city after `damage`, when it is opened to be read and to be written.
fn said_of(damage: &str) -> [Option<String>; 2] {
    let folder = Folder::new();
    let city = sample_city(&folder);
    let others = "PRAGMA foreign_keys = OFF;";
    city.connection
        .execute_batch(&format!("{others} {damage}"))
        .unwrap();
    drop(city);
    let read = CityFile::open(&folder.city(), Some(vault()));
    let read = read.and_then(|city| Ok((city.load_ground()?, city.history()?)));
    let written = CityFile::open_for_writing(&folder.city(), Some(vault()));
    [read.err(), written.err()].map(|fault| Some(fault?.to_string()))
}

#[test]
fn a_lost_table_is_damage_and_no_empty_city() {
    for table in [
        "building",
        "terrain",
        "building_surface",
        "pingjiang_meta",
        "pingjiang_import",
        "pingjiang_change",
        "gpkg_contents",
        "gpkg_geometry_columns",
    ] {
        for said in said_of(&format!("DROP TABLE {table}")) {
            let said = said.unwrap_or_else(|| panic!("{table} is not missed"));
            let words = [table, "is missing", "restore a backup", "city.gpkg"];
            assert!(words.iter().all(|word| said.contains(word)), "{said}");
        }
    }
    let [read, written] = said_of("DROP TABLE rtree_building_geom");
    assert_eq!(read, None, "the spatial index is for other programs");
    let written = written.unwrap();
    assert!(
        written.contains("rtree_building_geom") && written.contains("restore a backup"),
        "{written}"
    );
    let [read, _] = said_of("ALTER TABLE building DROP COLUMN usage");
    let read = read.unwrap();
    assert!(
        read.contains("usage") && read.contains("restore a backup") && !read.contains("SELECT"),
        "{read}"
    );
}

#[test]
fn what_a_city_cannot_say_of_itself_is_refused() {
    for (key, value, word) in [
        ("ground_version", "-7", "ground_version"),
        ("crs", "EPSG:1", "EPSG:1"),
        ("crs", "EPSG:4490", "degrees"),
    ] {
        let damage = format!("UPDATE pingjiang_meta SET value = '{value}' WHERE key = '{key}'");
        for said in said_of(&damage) {
            let said = said.unwrap_or_else(|| panic!("{key} = {value} is taken"));
            assert!(said.contains(word) && said.contains("city.gpkg"), "{said}");
        }
    }
}

#[test]
fn a_building_that_cannot_be_is_named_with_its_column() {
    for (column, value) in [
        ("height_m", "-7"),
        ("height_m", "50000"),
        ("ground_m", "1e6"),
        ("ground_m", "-1e6"),
    ] {
        let triggers = super::super::schema::drop_triggers("building");
        let bare = "WHERE source_key = 'plain'";
        let damage = format!("{triggers} UPDATE building SET {column} = {value} {bare};");
        let [read, _] = said_of(&damage);
        let read = read.unwrap_or_else(|| panic!("{column} = {value} is taken"));
        let words = ["bld-", &format!("column {column}"), "city.gpkg"];
        assert!(words.iter().all(|word| read.contains(word)), "{read}");
    }
    let folder = Folder::new();
    let mut city = sample_city(&folder);
    let mut tower = house("tower", 0.0);
    tower.height_m = 1e4;
    tower.models.clear();
    let fault = city.write(&edit("two", vec![tower.into()])).unwrap_err();
    assert!(fault.to_string().contains("column height_m"), "{fault}");
    assert_eq!(city.ground_version().unwrap(), 1, "nothing was written");
}
