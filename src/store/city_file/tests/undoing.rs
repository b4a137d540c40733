//! An import can be taken back as long as nobody built on it.

use super::*;
use crate::base::ImportId;
use crate::model::GroundEdit;

fn second(put: Vec<Entity>, remove: &[Entity]) -> GroundEdit {
    let mut next = edit("two", put);
    next.remove = remove.iter().map(Entity::key).collect();
    next
}

#[test]
fn what_was_there_before_is_there_again() {
    let folder = Folder::new();
    let mut city = sample_city(&folder);
    let before = city.load_ground().unwrap();
    // Everything that can be: added, changed, removed; with faces and with sealed values.
    let gone: Vec<Entity> = every_kind()
        .into_iter()
        .filter(|one| one.key() != Entity::from(house("rich", 0.0)).key())
        .collect();
    let next = second(
        vec![house("rich", 1.0).into(), house("new", 0.0).into()],
        &gone,
    );
    let done = city.write(&next).unwrap();
    assert_eq!((done.added, done.updated), (1, 1));
    assert_eq!(done.removed, gone.len() as u64);
    let undone = city.undo(next.record.id, record("undo")).unwrap();
    assert_eq!(
        (undone.added, undone.updated, undone.removed),
        (done.removed, 1, 1)
    );
    let mut after = city.load_ground().unwrap();
    assert_eq!(after.version, 3);
    after.version = 1;
    assert_eq!(after, before);
}

#[test]
fn without_the_key_it_works_as_well() {
    let folder = Folder::new();
    let mut city = sample_city(&folder);
    let next = second(vec![], &[resident("甲", None).into()]);
    city.write(&next).unwrap();
    drop(city);
    let mut city = CityFile::open_for_writing(&folder.city(), None).unwrap();
    city.undo(next.record.id, record("undo")).unwrap();
    drop(city);
    let city = CityFile::open(&folder.city(), Some(vault())).unwrap();
    let residents = city.load_ground().unwrap().residents;
    assert_eq!(residents, ground_of(&every_kind(), 1).residents);
}

#[test]
fn what_others_built_on_stays() {
    let folder = Folder::new();
    let mut city = sample_city(&folder);
    let next = second(vec![house("new", 0.0).into()], &[]);
    city.write(&next).unwrap();
    city.write(&edit("three", vec![house("new", 7.0).into()]))
        .unwrap();
    let fault = city
        .undo(next.record.id, record("undo"))
        .unwrap_err()
        .to_string();
    assert!(fault.contains("version 3"), "{fault}");
    let unknown = ImportId::from_source("test", "never");
    let fault = city.undo(unknown, record("undo")).unwrap_err().to_string();
    assert!(fault.contains("no such import"), "{fault}");
    assert_eq!(city.ground_version().unwrap(), 3);
}
