//! Tiles are kept, replaced and forgotten, and are no part of the records.

use super::*;
use crate::store::city_file::KeptTile;

fn tile(at: [i64; 2], recipe: &str, content: &[u8]) -> KeptTile {
    KeptTile {
        at,
        recipe: recipe.into(),
        fingerprint: vec![7; 32],
        content: content.into(),
    }
}

#[test]
fn tiles_are_kept_replaced_and_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("city.gpkg");
    let mut city = CityFile::create(&path, &info(), None).unwrap();
    let [a, b] = [
        tile([-3, 9_000], "r1", b"one"),
        tile([-2, 9_000], "r1", b"two"),
    ];
    let both = [a.at, b.at].into();
    city.keep_tiles(&[a.clone(), b.clone()], &both).unwrap();
    assert_eq!(city.tiles().unwrap(), [a.clone(), b.clone()]);
    let other = tile(b.at, "r2", b"new");
    city.keep_tiles(std::slice::from_ref(&other), &both)
        .unwrap();
    assert_eq!(city.tiles().unwrap(), [a, other.clone()]);
    city.keep_tiles(&[], &[other.at].into()).unwrap();
    assert_eq!(
        city.tiles().unwrap().as_slice(),
        std::slice::from_ref(&other)
    );
    assert_eq!(city.ground_version().unwrap(), 0);
    let marks = city.tile_marks().unwrap();
    assert_eq!(marks, [tile(other.at, "r2", b"")]);
    drop(city);
    let mut looking = CityFile::open(&path, None).unwrap();
    assert_eq!(looking.tiles().unwrap(), [other]);
    let refused = looking.keep_tiles(&[], &[].into());
    assert!(matches!(refused, Err(CityFileError::ReadOnly { .. })));
}

#[test]
fn a_city_from_before_tiles_gets_its_table_with_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("city.gpkg");
    let mut city = CityFile::create(&path, &info(), None).unwrap();
    city.connection
        .execute_batch("DROP TABLE pingjiang_tile;")
        .unwrap();
    assert_eq!(city.tiles().unwrap(), []);
    let one = tile([1, 2], "r1", b"one");
    city.keep_tiles(std::slice::from_ref(&one), &[one.at].into())
        .unwrap();
    assert_eq!(city.tiles().unwrap(), [one]);
}

#[test]
fn the_scenery_is_the_ground_without_what_is_not_seen() {
    let folder = Folder::new();
    let mut city = sample_city(&folder);
    let mut proposed = house("proposed", 400.0);
    proposed
        .attributes
        .insert("pingjiang:status".into(), "proposed".into());
    city.write(&edit("two", vec![proposed.into()])).unwrap();
    let whole = city.load_ground().unwrap();
    let mut seen = Ground::new(info());
    city.for_each_seen(|entity| assert_eq!(seen.put(entity), None))
        .unwrap();
    assert_eq!(seen.plants.len(), whole.plants.len());
    let places = |ground: &Ground| {
        ground
            .plants
            .values()
            .map(|one| one.position)
            .collect::<Vec<_>>()
    };
    assert_eq!(places(&seen), places(&whole));
    assert!(seen.devices.is_empty() && whole.buildings.len() > 1);
    assert!(
        whole
            .buildings
            .values()
            .any(|one| !one.attributes.is_empty())
    );
    let plain = whole.buildings.into_values().map(|mut one| {
        one.source.dataset.clear();
        one.source.key.clear();
        one.address = None;
        one.party_walls.clear();
        one.repairs.clear();
        if !one.is_proposed() {
            one.attributes = Default::default();
        }
        one
    });
    assert!(plain.eq(seen.buildings.clone().into_values()));
    assert!(seen.buildings.values().any(|one| one.is_proposed()));
}

#[test]
fn a_spoilt_row_is_not_kept_and_makes_room() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("city.gpkg");
    let mut city = CityFile::create(&path, &info(), None).unwrap();
    let [a, b] = [tile([0, 0], "r1", b"one"), tile([0, 1], "r1", b"two")];
    let both = [a.at, b.at].into();
    city.keep_tiles(&[a.clone(), b.clone()], &both).unwrap();
    let spoil = "UPDATE pingjiang_tile SET fingerprint = 'text' WHERE tile_row = 1";
    city.connection.execute(spoil, []).unwrap();
    assert_eq!(city.tiles().unwrap(), std::slice::from_ref(&a));
    city.keep_tiles(std::slice::from_ref(&b), &both).unwrap();
    assert_eq!(city.tiles().unwrap(), [a, b]);
}
