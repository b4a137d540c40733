//! Copies for others: the city and nothing of a person, whatever else lies in its file.

use std::fs;
use std::path::PathBuf;

use super::upgrading::{make_second, without_appearance};
use super::*;
use crate::model::Ground;
use crate::store::city_file::copy::PERSONAL;

const SECRET: &str = "张三 13800000000";

fn copy_path(folder: &Folder) -> PathBuf {
    folder.0.path().join("copy.gpkg")
}

/// What a ground holds that others may have.
fn without_people(mut ground: Ground) -> Ground {
    ground.dwellings.clear();
    ground.households.clear();
    ground.residents.clear();
    ground.vehicles.clear();
    ground.responders.clear();
    ground.events.clear();
    for camera in ground.cameras.values_mut() {
        camera.stream = None;
    }
    for device in ground.devices.values_mut() {
        device.dwelling = None;
    }
    ground
}

fn holds(path: &PathBuf, text: &str) -> bool {
    let bytes = fs::read(path).unwrap();
    let mut parts = bytes.windows(text.len());
    parts.any(|part| part == text.as_bytes())
}

/// What other programs may leave in a GeoPackage.
fn add_foreign(city: &CityFile) {
    let batch = format!(
        "CREATE TABLE residents_note (name TEXT, phone TEXT);
         INSERT INTO residents_note VALUES ('{SECRET}', 'a'), ('b', 'c');
         CREATE INDEX of_note ON residents_note (name);
         CREATE TABLE homes (fid INTEGER PRIMARY KEY AUTOINCREMENT, geom POINT, who TEXT);
         INSERT INTO homes (who) VALUES ('{SECRET}');
         CREATE VIRTUAL TABLE rtree_homes_geom USING rtree(id, minx, maxx, miny, maxy);
         INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id)
           VALUES ('homes', 'features', 'homes', '{SECRET}', 4549);
         INSERT INTO gpkg_geometry_columns VALUES ('homes', 'geom', 'POINT', 4549, 0, 0);
         INSERT INTO gpkg_extensions
           VALUES ('homes', 'geom', 'gpkg_rtree_index', '{SECRET}', 'write-only');
         CREATE TABLE empty_one (a);
         CREATE VIEW who_lives AS SELECT * FROM homes;
         CREATE TRIGGER noted AFTER DELETE ON homes BEGIN DELETE FROM residents_note; END;
         ALTER TABLE plant ADD COLUMN owner TEXT;
         INSERT INTO pingjiang_meta (key, value) VALUES ('note', '{SECRET}');
         INSERT INTO pingjiang_change (ground_version, op, kind, entity, image)
           VALUES (1, 'update', 'homes', 1, '{SECRET}');
         ANALYZE;"
    );
    city.connection.execute_batch(&batch).unwrap();
    // The triggers that keep the R-tree call functions that only other programs have.
    let triggers = super::super::schema::drop_triggers("plant");
    let owned = format!("{triggers} UPDATE plant SET owner = '{SECRET}';");
    city.connection.execute_batch(&owned).unwrap();
}

#[test]
fn what_other_programs_keep_in_the_city_stays_behind_and_is_told() {
    let (folder, other) = (Folder::new(), Folder::new());
    let city = sample_city(&folder);
    add_foreign(&city);
    let copy = copy_path(&other);
    let copied = city.copy_without_people(&copy, false).unwrap();
    let foreign: Vec<_> = copied
        .foreign
        .iter()
        .map(|(a, b)| (a.as_str(), *b))
        .collect();
    let plants = ground_of(&every_kind(), 1).plants.len();
    assert_eq!(
        foreign,
        [
            ("homes", 1),
            ("plant.owner", plants),
            ("residents_note", 2),
            ("who_lives", 1)
        ]
    );
    assert_eq!(other.files(), ["copy.gpkg"]);
    assert!(holds(&folder.city(), SECRET));
    for text in [SECRET, "homes", "residents_note", "who_lives", "key_check"] {
        assert!(!holds(&copy, text), "{text}");
    }
    let again = CityFile::open_for_writing(&copy, None).unwrap();
    let expected = without_people(city.load_ground().unwrap());
    assert_eq!(again.load_ground().unwrap(), expected);
    // The one run wrote of people too.
    let [line] = again.history().unwrap().try_into().unwrap();
    assert_eq!(
        (line.record.file.as_str(), line.record.sha256.as_str()),
        ("registers of people", "")
    );
    assert_eq!((line.record.warnings.count(), line.touched), (0, 0));
    for (kind, count) in &copied.written {
        assert_eq!(*count, expected.count(*kind), "{}", kind.as_str());
    }
    let index = |city: &CityFile| -> Vec<[f64; 5]> {
        let select = "SELECT * FROM rtree_building_geom ORDER BY id";
        let mut select = city.connection.prepare(select).unwrap();
        let row = |row: &rusqlite::Row<'_>| -> rusqlite::Result<[f64; 5]> {
            let id = row.get::<_, i64>(0)? as f64;
            Ok([id, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?])
        };
        let rows = select.query_map([], row).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    };
    assert!(!index(&city).is_empty());
    assert_eq!(index(&again), index(&city));
}

#[test]
fn a_copy_is_a_city_to_go_on_with() {
    let folder = Folder::new();
    let mut city = sample_city(&folder);
    city.write(&edit("two", vec![house("new", 0.0).into()]))
        .unwrap();
    city.copy_without_people(&copy_path(&folder), false)
        .unwrap();
    let mut copy = CityFile::open_for_writing(&copy_path(&folder), None).unwrap();
    assert_eq!(copy.ground_version().unwrap(), 2);
    let plan = copy.plan_undo(crate::base::ImportId::from_source("test", "two"));
    copy.undo(plan.unwrap(), "2026-06-01T00:00:00Z".parse().unwrap())
        .unwrap();
    let before = without_people(ground_of(&every_kind(), 3));
    assert_eq!(copy.load_ground().unwrap().buildings, before.buildings);
}

#[test]
fn the_list_of_imports_of_a_copy_tells_of_no_register_of_people() {
    let folder = Folder::new();
    let (public, people): (Vec<_>, Vec<_>) = every_kind()
        .into_iter()
        .partition(|one| !PERSONAL.contains(&one.key().kind));
    let mut city = CityFile::create(&folder.city(), &info(), Some(&vault())).unwrap();
    let write = |city: &mut CityFile, run: &str, put: Vec<Entity>| {
        let import = record(run).id;
        let of_run = put.into_iter().map(|mut one| {
            one.set_import(import);
            one
        });
        city.write(&edit(run, of_run.collect())).unwrap();
    };
    write(&mut city, "basemap", public.clone());
    write(&mut city, "residents-of-street", people.clone());
    // Once more, and nothing is new; then a newer base map.
    write(&mut city, "residents-of-street", people);
    write(&mut city, "basemap-2", vec![house("new", 0.0).into()]);
    assert_eq!(city.history().unwrap().len(), 4);
    let copy = copy_path(&folder);
    let copied = city.copy_without_people(&copy, false).unwrap();
    let files: Vec<String> = CityFile::open(&copy, None)
        .unwrap()
        .history()
        .unwrap()
        .into_iter()
        .map(|one| one.record.file)
        .collect();
    assert_eq!(files, ["basemap.geojson", "basemap-2.geojson"]);
    assert_eq!(copied.imports, 2);
    assert!(!holds(&copy, "residents-of-street"));
}

#[test]
fn an_older_city_is_copied_into_the_present_format() {
    let folder = Folder::new();
    let city = sample_city(&folder);
    make_second(&city);
    drop(city);
    let city = CityFile::open(&folder.city(), None).unwrap();
    let copied = city
        .copy_without_people(&copy_path(&folder), false)
        .unwrap();
    assert_eq!(copied.foreign.len(), 0, "{:?}", copied.foreign);
    let copy = CityFile::open(&copy_path(&folder), None).unwrap();
    let expected = without_people(ground_of(&without_appearance(), 1));
    assert_eq!(copy.load_ground().unwrap(), expected);
}

#[test]
fn damage_names_the_city_and_not_the_copy() {
    let folder = Folder::new();
    let city = sample_city(&folder);
    let triggers = super::super::schema::drop_triggers("building");
    let spoil = format!(
        "{triggers} UPDATE building SET geom = x'00010203' WHERE fid =
         (SELECT min(fid) FROM building);"
    );
    city.connection.execute_batch(&spoil).unwrap();
    let fault = city.copy_without_people(&copy_path(&folder), false);
    let fault = fault.unwrap_err().to_string();
    assert!(
        fault.contains("column geom") && fault.contains("平江 city.gpkg"),
        "{fault}"
    );
    assert_eq!(folder.files(), ["平江 city.gpkg"], "nothing is left behind");
}

#[test]
fn damaged_pages_name_the_city_and_not_the_copy() {
    let folder = Folder::new();
    drop(sample_city(&folder));
    let whole = fs::read(folder.city()).unwrap();
    let mut told = 0;
    for page in whole.len() / 8_192..whole.len() / 4_096 {
        let mut broken = whole.clone();
        broken[page * 4_096..][..64].fill(0xa5);
        fs::write(folder.city(), &broken).unwrap();
        let Ok(city) = CityFile::open(&folder.city(), None) else {
            continue;
        };
        if let Err(fault) = city.copy_without_people(&copy_path(&folder), true) {
            let fault = fault.to_string();
            assert!(fault.contains("平江 city.gpkg"), "{fault}");
            told += 1;
        }
    }
    assert!(told > 0, "nothing was hit");
}
