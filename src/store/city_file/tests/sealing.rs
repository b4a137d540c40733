//! Sealed values are opened when somebody asks for them; one that was changed at rest hides itself
//! and is named.

use rusqlite::Connection;

use super::*;
use crate::access::for_keeping;
use crate::base::ResidentId;

/// Turns a bit of one resident's sealed column round and answers whose.
fn change(folder: &Folder, column: &str) -> ResidentId {
    let connection = Connection::open(folder.city()).unwrap();
    let select = format!("SELECT fid, {column} FROM resident WHERE phone IS NOT NULL LIMIT 1");
    let (fid, mut blob): (i64, Vec<u8>) = connection
        .query_row(&select, [], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    let last = blob.len() - 1;
    blob[last] ^= 1;
    let update = format!("UPDATE resident SET {column} = ?2 WHERE fid = ?1");
    connection
        .execute(&update, rusqlite::params![fid, blob])
        .unwrap();
    ResidentId::from_bits(fid.cast_unsigned())
}

#[test]
fn a_value_that_was_changed_hides_only_itself_and_is_named() {
    for column in ["name", "phone", "labels"] {
        let folder = Folder::new();
        drop(sample_city(&folder));
        let whose = change(&folder, column);
        let city = CityFile::open(&folder.city(), Some(vault())).unwrap();
        let ground = city.load_ground().unwrap();
        let one = &ground.residents[&whose];
        let keeping = for_keeping();
        let opens = [
            ("name", one.name.open(&keeping).is_some()),
            (
                "phone",
                one.phone.as_ref().unwrap().open(&keeping).is_some(),
            ),
            ("labels", one.labels.open(&keeping).is_some()),
        ];
        for (name, opens) in opens {
            assert_eq!(opens, name != column, "{name}");
        }
        let fault = city.check_sealed().unwrap_err().to_string();
        for part in [whose.to_string().as_str(), column, "was changed"] {
            assert!(fault.contains(part), "{fault}");
        }
    }
}

#[test]
fn what_was_changed_is_not_written_again() {
    let folder = Folder::new();
    drop(sample_city(&folder));
    let whose = change(&folder, "name");
    let mut city = CityFile::open_for_writing(&folder.city(), Some(vault())).unwrap();
    let ground = city.load_ground().unwrap();
    let mut one = ground.residents[&whose].clone();
    one.verified_on = "2026-11-01".to_owned();
    let fault = city.write(&edit("two", vec![one.into()])).unwrap_err();
    assert!(fault.to_string().contains("name"), "{fault}");
    assert_eq!(city.load_ground().unwrap(), ground, "as it was");
}

#[test]
fn a_sound_city_is_sound_with_and_without_its_key() {
    let folder = Folder::new();
    assert!(sample_city(&folder).check_sealed().is_ok());
    let locked = CityFile::open(&folder.city(), None).unwrap();
    assert!(locked.check_sealed().is_ok());
}
