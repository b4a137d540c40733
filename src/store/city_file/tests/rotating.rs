//! The key changes while others write: whoever holds what the former key sealed is refused, and no
//! city comes to hold values of two keys.

use super::*;
use crate::model::GroundEdit;

fn new_vault() -> Vault {
    Vault::from_key(&[9; 32])
}

fn open(folder: &Folder, vault: Option<Vault>) -> CityFile {
    CityFile::open_for_writing(&folder.city(), vault).unwrap()
}

/// What was said by a write that came too late.
fn refused<T: std::fmt::Debug>(written: Result<T, CityFileError>) {
    assert!(
        matches!(written, Err(CityFileError::Overtaken { .. })),
        "{written:?}"
    );
}

/// An edit with a person; as they lie at rest where the key is not at hand.
fn of_people(city: &CityFile, run: &str) -> GroundEdit {
    let mut people = city.load_ground().unwrap().residents.into_values();
    let mut one = people.next().unwrap();
    one.verified_on = format!("of run {run}");
    edit(run, vec![one.into()])
}

type Write = fn(&mut CityFile, &GroundEdit) -> Result<(), CityFileError>;

/// Every way to write.
const WRITES: [(&str, Write); 3] = [
    ("write", |city, edit| city.write(edit).map(drop)),
    ("write_on", |city, edit| {
        let version = city.ground_version()?;
        city.write_on(version, edit).map(drop)
    }),
    ("write_in_parts", |city, edit| {
        let version = city.ground_version()?;
        let written = city.write_in_parts(version, |parts| {
            parts.put(&edit.put, &edit.remove)?;
            Ok::<_, CityFileError>(Some(edit.records.clone()))
        });
        written.map(drop)
    }),
];

#[test]
fn who_opened_the_city_before_its_key_changed_does_not_write_it() {
    for (name, write) in WRITES {
        for vault in [Some(vault()), None] {
            let folder = Folder::new();
            let mut city = sample_city(&folder);
            let before = city.load_ground().unwrap();
            let mut late = open(&folder, vault.clone());
            let edit = of_people(&late, "late");
            city.rotate_key(&new_vault(), &[]).unwrap();
            refused(write(&mut late, &edit));
            let now = open(&folder, Some(new_vault()));
            assert!(now.check_sealed().is_ok(), "{name}");
            assert_eq!(now.load_ground().unwrap(), before, "{name}");
            // What is opened anew writes; so does who changed the key.
            let mut late = open(&folder, vault.map(|_| new_vault()));
            let edit = of_people(&late, "in time");
            write(&mut late, &edit).unwrap();
            let edit = of_people(&city, "its own");
            write(&mut city, &edit).unwrap();
            assert!(city.check_sealed().is_ok(), "{name}");
        }
    }
}

#[test]
fn an_undo_that_was_planned_before_the_key_changed_is_refused() {
    for vault in [Some(vault()), None] {
        let folder = Folder::new();
        let mut city = sample_city(&folder);
        let two = of_people(&city, "two");
        city.write(&two).unwrap();
        let before = city.load_ground().unwrap();
        let mut late = open(&folder, vault.clone());
        let plan = |city: &CityFile| city.plan_undo(record("two").id).unwrap();
        let planned = plan(&late);
        city.rotate_key(&new_vault(), &[]).unwrap();
        refused(late.undo(planned, record("undo").time));
        assert_eq!(city.load_ground().unwrap(), before);
        let mut now = open(&folder, vault.map(|_| new_vault()));
        let planned = plan(&now);
        now.undo(planned, record("undo").time).unwrap();
        assert!(city.check_sealed().is_ok());
    }
}

#[test]
fn a_key_is_changed_after_another_write_and_of_two_changes_one_is_made() {
    let folder = Folder::new();
    drop(sample_city(&folder));
    let (mut one, mut other) = (open(&folder, Some(vault())), open(&folder, Some(vault())));
    let mut third = open(&folder, Some(vault()));
    let two = of_people(&one, "two");
    one.write(&two).unwrap();
    other.rotate_key(&new_vault(), &[]).unwrap();
    assert!(other.check_sealed().is_ok());
    refused(one.write(&of_people(&other, "three")));
    refused(third.rotate_key(&Vault::from_key(&[5; 32]), &[]));
    let now = open(&folder, Some(new_vault()));
    assert!(now.check_sealed().is_ok());
    assert_eq!(now.ground_version().unwrap(), 2);
}

#[test]
fn a_city_that_gets_its_key_while_it_is_open_is_written_by_who_has_that_key() {
    let folder = Folder::new();
    let home = || edit("home", vec![resident("甲", None).into()]);
    drop(CityFile::create(&folder.city(), &info(), None).unwrap());
    let mut same = open(&folder, Some(vault()));
    let mut other = open(&folder, Some(new_vault()));
    let mut without = open(&folder, None);
    let mut first = open(&folder, Some(vault()));
    assert!(!first.has_key());
    first.write(&home()).unwrap();
    assert!(first.has_key());
    refused(other.write(&edit("other", vec![resident("乙", None).into()])));
    refused(other.rotate_key(&Vault::from_key(&[5; 32]), &[]));
    refused(without.write(&edit("house", vec![house("new", 0.0).into()])));
    same.write(&edit("same", vec![resident("丙", None).into()]))
        .unwrap();
    assert!(same.has_key() && same.check_sealed().is_ok());
    assert_eq!(same.load_ground().unwrap().residents.len(), 2);
}

/// Puts a value that the key of before sealed into a city whose key was changed, and into what the
/// change table kept, as a program did that wrote beside the change; whose it is.
fn mixed_city(folder: &Folder) -> (CityFile, String) {
    let mut city = sample_city(folder);
    let two = of_people(&city, "two");
    city.write(&two).unwrap();
    let whose = two.put[0].key();
    let bits = whose.bits.cast_signed();
    let select = "SELECT name FROM resident WHERE fid = ?1";
    let connection = &city.connection;
    let name: Vec<u8> = connection
        .query_row(select, [bits], |row| row.get(0))
        .unwrap();
    let select = "SELECT image FROM pingjiang_change WHERE image IS NOT NULL";
    let image: String = connection.query_row(select, [], |row| row.get(0)).unwrap();
    city.rotate_key(&new_vault(), &[]).unwrap();
    let cells = rusqlite::params![bits, name];
    let update = "UPDATE resident SET name = ?2 WHERE fid = ?1";
    city.connection.execute(update, cells).unwrap();
    let update = "UPDATE pingjiang_change SET image = ?1 WHERE image IS NOT NULL";
    city.connection.execute(update, [image]).unwrap();
    (city, whose.id_text())
}

#[test]
fn values_of_a_former_key_are_named_and_mended_with_that_key() {
    let folder = Folder::new();
    let (mut city, whose) = mixed_city(&folder);
    let ground = city.load_ground().unwrap();
    let third = Vault::from_key(&[5; 32]);
    let file = fs::read(folder.city()).unwrap();
    let of_check = city.check_sealed().unwrap_err().to_string();
    let of_rotate = city.rotate_key(&third, &[]).unwrap_err().to_string();
    for said in [of_check, of_rotate] {
        for part in [
            format!("{whose} name,").as_str(),
            &format!("{whose} identity_no before version 2"),
            "key rotate",
            "平江 city.gpkg",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
    }
    assert!(fs::read(folder.city()).unwrap() == file, "as it was");
    let former = [Vault::from_key(&[1; 32]), vault()];
    city.check_sealed_with(&former).unwrap();
    let done = city.rotate_key(&third, &former).unwrap();
    assert!(
        done.of_former > 5 && done.values > done.of_former,
        "{done:?}"
    );
    assert!(city.check_sealed().is_ok());
    assert_eq!(
        city.load_ground().unwrap().residents.len(),
        ground.residents.len()
    );
    let names = city.load_ground().unwrap().residents;
    assert!(names.values().all(|one| one.name == Sealed::new("王小明")));
}
