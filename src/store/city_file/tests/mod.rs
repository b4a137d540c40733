//! The city file, end to end: what is written comes back, and what cannot be is told.

mod copying;
mod device_before;
mod device_homes;
mod gdal;
mod lengths;
mod opening;
mod rotating;
mod sample;
mod sealing;
mod tiles;
mod undoing;
mod upgrading;
mod versions;

use std::{fs, path::PathBuf};

use super::{CityFile, CityFileError, WriteSummary};
use crate::base::Sealed;
use crate::model::{Entity, EntityKind, Ground};
use crate::store::Vault;
use sample::{edit, every_kind, ground_of, house, info, record, resident};

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn city(&self) -> PathBuf {
        self.0.path().join("平江 city.gpkg")
    }

    fn files(&self) -> Vec<String> {
        let names = fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<_> = names
            .map(|one| one.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

fn vault() -> Vault {
    Vault::from_key(&[7; 32])
}

/// A city with one record of every kind and more.
fn sample_city(folder: &Folder) -> CityFile {
    let first = edit("one", every_kind());
    let (city, summary) =
        CityFile::create_with(&folder.city(), &info(), Some(&vault()), &first).unwrap();
    assert_eq!(summary.added, every_kind().len() as u64);
    assert_eq!(summary.version, 1);
    city
}

#[test]
fn the_sample_has_every_kind() {
    let ground = ground_of(&every_kind(), 0);
    for kind in EntityKind::ALL {
        assert!(ground.count(*kind) > 0, "{}", kind.as_str());
    }
}

#[test]
fn what_is_written_comes_back() {
    let folder = Folder::new();
    let city = sample_city(&folder);
    let expected = ground_of(&every_kind(), 1);
    assert_eq!(city.load_ground().unwrap(), expected);
    drop(city);
    let city = CityFile::open(&folder.city(), Some(vault())).unwrap();
    assert_eq!(city.load_ground().unwrap(), expected);
    assert_eq!(*city.info(), info());
    assert_eq!(city.imports().unwrap(), [record("one")]);
    assert_eq!(folder.files(), ["平江 city.gpkg"]);
}

#[test]
fn the_same_again_writes_no_record() {
    let folder = Folder::new();
    let mut city = sample_city(&folder);
    let mut again = edit("two", every_kind());
    for one in &mut again.put {
        one.set_import(again.records[0].id);
    }
    let summary = city.write(&again).unwrap();
    let expected = WriteSummary {
        unchanged: every_kind().len() as u64,
        version: 2,
        ..WriteSummary::default()
    };
    assert_eq!(summary, expected);
    assert_eq!(city.load_ground().unwrap(), ground_of(&every_kind(), 2));
    assert_eq!(city.imports().unwrap().len(), 2);
    assert_eq!(city.ground_version().unwrap(), 2);
}

#[test]
fn changes_and_removals_are_told_apart() {
    let folder = Folder::new();
    let mut city = sample_city(&folder);
    let mut next = edit(
        "two",
        vec![house("plain", 5.0).into(), house("new", 0.0).into()],
    );
    next.put.push(house("rich", 9.0).into());
    next.put.push(resident("乙", Some("13900000000")).into());
    next.remove = vec![
        Entity::from(house("bare", 0.0)).key(),
        Entity::from(house("never", 0.0)).key(),
        Entity::from(house("new", 0.0)).key(),
    ];
    let summary = city.write(&next).unwrap();
    let expected = WriteSummary {
        added: 1,
        updated: 3,
        removed: 1,
        unchanged: 0,
        version: 2,
        remains: false,
    };
    assert_eq!(summary, expected);
    let mut ground = ground_of(&every_kind(), 2);
    ground.remove(next.remove[0]);
    for one in next.put {
        ground.put(one);
    }
    assert_eq!(city.load_ground().unwrap(), ground);
    let faces = "SELECT count(*) FROM building_surface";
    let faces: i64 = city
        .connection
        .query_row(faces, [], |row| row.get(0))
        .unwrap();
    assert_eq!(faces, 0, "the faces of the rich house went with it");
}

#[test]
fn spatial_index_and_extent_follow_the_records() {
    let folder = Folder::new();
    let mut city = sample_city(&folder);
    let mut next = edit("two", vec![house("far", 5_000.0).into()]);
    next.remove = vec![Entity::from(house("plain", 0.0)).key()];
    city.write(&next).unwrap();
    let (min_x, max_x): (f64, f64) = city
        .connection
        .query_row(
            "SELECT min_x, max_x FROM gpkg_contents WHERE table_name = 'building'",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    assert_eq!((min_x, max_x), (581_030.125, 586_012.125));
    let mut indexed = city
        .connection
        .prepare("SELECT id FROM rtree_building_geom WHERE maxx > 585000 ORDER BY id")
        .unwrap();
    let indexed: Vec<i64> = indexed
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(indexed, [house("far", 0.0).id.bits().cast_signed()]);
    let triggers = "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'";
    let triggers: i64 = city
        .connection
        .query_row(triggers, [], |row| row.get(0))
        .unwrap();
    let layers = "SELECT count(*) FROM gpkg_extensions";
    let layers: i64 = city
        .connection
        .query_row(layers, [], |row| row.get(0))
        .unwrap();
    assert_eq!(triggers, 6 * layers);
}

fn locked(ground: &Ground) -> bool {
    ground.residents.values().all(|one| one.name.is_locked())
}

#[test]
fn without_the_key_personal_values_stay_locked_and_whole() {
    let folder = Folder::new();
    drop(sample_city(&folder));
    let mut city = CityFile::open_for_writing(&folder.city(), None).unwrap();
    let ground = city.load_ground().unwrap();
    assert!(city.is_locked() && locked(&ground) && ground.residents.len() == 2);
    // A record that is written back locked loses nothing.
    let mut moved: Vec<Entity> = Vec::new();
    for mut one in ground.residents.into_values() {
        one.verified_on = "2026-05-01".into();
        moved.push(one.into());
    }
    assert_eq!(city.write(&edit("two", moved)).unwrap().updated, 2);
    let fault = city.write(&edit("three", vec![resident("丙", None).into()]));
    assert!(
        matches!(fault, Err(CityFileError::NoKey { .. })),
        "{fault:?}"
    );
    drop(city);
    let city = CityFile::open(&folder.city(), Some(vault())).unwrap();
    let residents = city.load_ground().unwrap().residents;
    assert!(
        residents
            .values()
            .all(|one| one.name == Sealed::new("王小明"))
    );
    assert!(
        residents
            .values()
            .all(|one| one.verified_on == "2026-05-01")
    );
    assert_eq!(city.ground_version().unwrap(), 2);
}

#[test]
fn no_personal_value_is_in_the_file_in_clear() {
    let folder = Folder::new();
    let mut city = sample_city(&folder);
    let mut next = edit("two", vec![resident("甲", Some("13800000000")).into()]);
    next.remove = every_kind()
        .iter()
        .map(Entity::key)
        .filter(|key| matches!(key.kind, EntityKind::Vehicle | EntityKind::Responder))
        .collect();
    city.write(&next).unwrap();
    drop(city);
    let file = fs::read(folder.city()).unwrap();
    for secret in [
        "王小明",
        "320508194001011234",
        "1940-01-01",
        "13912345678",
        "13800000000",
        "elderly",
        "302室",
        "平江路 77",
        "A1234",
        "李建国",
    ] {
        let bytes = secret.as_bytes();
        let found = file.windows(bytes.len()).any(|window| window == bytes);
        assert!(!found, "{secret} is readable in the file");
    }
    assert!(file.windows(6).any(|window| window == "耦园".as_bytes()));
}

#[test]
fn a_record_that_cannot_be_kept_stops_the_whole_write() {
    let folder = Folder::new();
    let mut city = sample_city(&folder);
    let mut broken = house("broken", 0.0);
    broken.height_m = f64::NAN;
    let mut next = edit("two", vec![house("fine", 0.0).into(), broken.into()]);
    next.put.push(resident("丙", None).into());
    let fault = city.write(&next).unwrap_err().to_string();
    let id = house("broken", 0.0).id.to_string();
    for part in ["height_m", "finite", &id, "平江 city.gpkg"] {
        assert!(fault.contains(part), "{fault}");
    }
    assert_eq!(city.load_ground().unwrap(), ground_of(&every_kind(), 1));
}

#[test]
fn another_key_opens_everything_and_the_old_one_nothing() {
    let folder = Folder::new();
    let mut city = sample_city(&folder);
    city.write(&edit(
        "two",
        vec![resident("甲", Some("13800000000")).into()],
    ))
    .unwrap();
    let print = city.fingerprints().unwrap().keyed_hash("identity", "x");
    let before = city.load_ground().unwrap();
    let other = Vault::from_key(&[9; 32]);
    assert!(city.rotate_key(&other, &[]).unwrap().values > 10);
    assert_eq!(city.load_ground().unwrap(), before);
    drop(city);
    let refused = CityFile::open(&folder.city(), Some(vault()));
    assert!(matches!(refused, Err(CityFileError::WrongKey { .. })));
    let city = CityFile::open(&folder.city(), Some(other)).unwrap();
    assert_eq!(city.load_ground().unwrap(), before);
    assert_eq!(city.ground_at(1).unwrap().residents.len(), 2, "images too");
    assert_eq!(
        city.fingerprints().unwrap().keyed_hash("identity", "x"),
        print
    );
}
