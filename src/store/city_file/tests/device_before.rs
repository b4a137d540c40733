//! Devices of a home that no register of dwellings tells of are sealed like those of one that is
//! known, and what a device was before anybody knew that it is in a home is sealed with it.

use super::device_homes::{OWN, city_of, device, holds, home, opened};
use super::*;
use crate::base::ImportId;
use crate::model::{Device, DeviceHome, GroundEdit, open_place};

/// The device in a home of which nobody knows the dwelling.
fn unknown(name: &str) -> Device {
    let mut one = device("呼叫", Some(home()));
    one.dwelling = None;
    one.name = Some(name.to_owned());
    let house = house("plain", 0.0);
    let open = open_place(&house.footprint, house.ground_m, one.id);
    one.hide_at(open.unwrap());
    one
}

/// The same before anybody knew: it hangs where it hangs.
fn in_clear(name: &str) -> Device {
    let one = unknown(name);
    Device {
        position: OWN,
        home: DeviceHome::Known,
        ..one
    }
}

/// The same, linked.
fn linked(name: &str) -> Device {
    Device {
        dwelling: Some(home()),
        ..unknown(name)
    }
}

/// A city in which the device came in clear, and was called otherwise before.
fn in_clear_first(folder: &Folder) -> CityFile {
    let put = vec![house("plain", 0.0).into(), in_clear("甲").into()];
    let made = CityFile::create_with(&folder.city(), &info(), Some(&vault()), &edit("one", put));
    let (mut city, _) = made.unwrap();
    city.write(&edit("two", vec![in_clear("乙").into()]))
        .unwrap();
    assert!(holds(folder), "the test looks for what is there");
    city
}

fn device_of(city: &CityFile) -> Device {
    let ground = city.load_ground().unwrap();
    ground.devices[&unknown("").id].clone()
}

fn check_hidden(one: &Device, dwelling: Option<crate::base::DwellingId>) {
    assert_eq!(one.dwelling, dwelling);
    assert_eq!(one.home, DeviceHome::At(OWN));
    assert_eq!(one.position, unknown("").position);
    assert!(one.is_in_a_home() && one.may_be_in_a_home());
}

#[test]
fn a_device_of_a_home_that_no_register_tells_of_is_sealed_like_one_of_a_known_home() {
    let folder = Folder::new();
    let mut city = city_of(&folder);
    city.write(&edit("three", vec![unknown("甲").into()]))
        .unwrap();
    city.write(&edit("four", vec![unknown("乙").into()]))
        .unwrap();
    assert!(!holds(&folder));
    check_hidden(&device_of(&city), None);
    let select = "SELECT count(DISTINCT length(home)), count(*) FROM device";
    let row = |row: &rusqlite::Row| Ok((row.get(0)?, row.get(1)?));
    let told: (i64, i64) = city.connection.query_row(select, [], row).unwrap();
    assert_eq!(told, (1, 2));
    let summary = city.write(&edit("five", vec![unknown("乙").into()]));
    assert_eq!(
        summary.unwrap().updated,
        0,
        "the same again changes nothing"
    );
    assert!(city.check_sealed().is_ok());
    // Without the key nobody can tell, and what is written again is kept.
    drop(city);
    let mut shut = opened(&folder, None);
    let one = device_of(&shut);
    assert!(one.is_shut() && one.own_position() == unknown("").position);
    let again = Device {
        name: Some("丙".to_owned()),
        ..one
    };
    shut.write(&edit("six", vec![again.into()])).unwrap();
    let fault = shut.write(&edit("seven", vec![unknown("丁").into()]));
    assert!(matches!(fault, Err(CityFileError::NoKey { .. })));
    drop(shut);
    let city = opened(&folder, Some(vault()));
    check_hidden(&device_of(&city), None);
    let copy = folder.0.path().join("copy.gpkg");
    city.copy_without_people(&copy, false).unwrap();
    let bytes = std::fs::read(&copy).unwrap();
    let mut own = OWN.iter().map(|one| one.to_le_bytes());
    assert!(!own.any(|one| bytes.windows(8).any(|part| part == one)));
}

#[test]
fn what_a_device_was_before_it_was_of_a_home_is_sealed_with_it() {
    let folder = Folder::new();
    let mut city = in_clear_first(&folder);
    city.write(&edit("three", vec![unknown("乙").into()]))
        .unwrap();
    assert!(!holds(&folder));
    check_hidden(&device_of(&city), None);
    city.write(&edit("four", vec![linked("乙").into()]))
        .unwrap();
    assert!(!holds(&folder));
    check_hidden(&device_of(&city), Some(home()));
    for version in [1, 2, 3] {
        let past = city.ground_at(version).unwrap();
        check_hidden(&past.devices[&unknown("").id], None);
    }
    city.rotate_key(&Vault::from_key(&[8; 32]), &[]).unwrap();
    assert!(!holds(&folder) && city.check_sealed().is_ok());
    check_hidden(&device_of(&city), Some(home()));
    // What is taken back does not come into the open again.
    for (run, dwelling) in [("four", None), ("three", None)] {
        let plan = city.plan_undo(ImportId::from_source("test", run)).unwrap();
        city.undo(plan, "2026-06-01T00:00:00Z".parse().unwrap())
            .unwrap();
        assert!(!holds(&folder));
        check_hidden(&device_of(&city), dwelling);
    }
}

#[test]
fn a_device_that_comes_linked_seals_what_it_was_and_others_stay_as_they_are() {
    let folder = Folder::new();
    let mut city = in_clear_first(&folder);
    let mut other = device("水位", None);
    for name in ["旧", "新"] {
        other.name = Some(name.to_owned());
        city.write(&edit(name, vec![other.clone().into()])).unwrap();
    }
    city.write(&edit("three", vec![linked("乙").into()]))
        .unwrap();
    assert!(!holds(&folder));
    let past = city.ground_at(3).unwrap();
    let one = &past.devices[&other.id];
    assert_eq!(
        (one.position, &one.home),
        (other.position, &DeviceHome::Known)
    );
    // One that was removed, and comes back in a home.
    let folder = Folder::new();
    let mut city = in_clear_first(&folder);
    let gone = GroundEdit {
        remove: vec![Entity::from(unknown("")).key()],
        ..edit("three", Vec::new())
    };
    city.write(&gone).unwrap();
    assert!(holds(&folder));
    city.write(&edit("four", vec![unknown("丙").into()]))
        .unwrap();
    assert!(!holds(&folder));
}

/// Puts back what a program of format 7 left: images in clear of a device that is linked now.
fn make_format_7(city: &CityFile) {
    let select = "SELECT fid, image FROM pingjiang_change
         WHERE kind = 'device' AND image NOT NULL AND entity = ?1";
    let mut select = city.connection.prepare(select).unwrap();
    let whose = [unknown("").id.bits().cast_signed()];
    let images = select.query_map(whose, |row| Ok((row.get(0)?, row.get(1)?)));
    let images: Vec<(i64, String)> = images.unwrap().map(Result::unwrap).collect();
    assert!(!images.is_empty());
    for (fid, image) in images {
        let mut image: serde_json::Value = serde_json::from_str(&image).unwrap();
        let codec = &city.codec;
        let hex = crate::store::city_file::change::hex;
        let geom = crate::store::city_file::geometry::point_z(OWN, codec.srs_id).unwrap();
        let none = crate::store::city_file::device_home::sealed(None, codec).unwrap();
        image["row"]["geom"] = serde_json::json!({ "hex": hex(&geom) });
        image["row"]["home"] = serde_json::json!({ "hex": hex(&none) });
        let update = "UPDATE pingjiang_change SET image = ?2 WHERE fid = ?1";
        let cells = rusqlite::params![fid, image.to_string()];
        city.connection.execute(update, cells).unwrap();
    }
    super::super::meta::set(&city.connection, "format", "7").unwrap();
}

#[test]
fn images_that_an_older_program_left_in_clear_are_sealed_with_the_key() {
    for is_rotated in [false, true] {
        let folder = Folder::new();
        drop(city_of(&folder));
        make_format_7(&opened(&folder, Some(vault())));
        assert!(holds(&folder));
        // Without the key nobody can tell which: that is left for later.
        let mut city = opened(&folder, None);
        city.write(&edit("shut", vec![house("new", 90.0).into()]))
            .unwrap();
        assert!(holds(&folder));
        drop(city);
        let mut city = opened(&folder, Some(vault()));
        match is_rotated {
            true => drop(city.rotate_key(&Vault::from_key(&[8; 32]), &[]).unwrap()),
            false => drop(
                city.write(&edit("open", vec![house("newer", 90.0).into()]))
                    .unwrap(),
            ),
        }
        assert!(!holds(&folder), "{is_rotated}");
        assert!(city.check_sealed().is_ok() && !city.has_remains());
        check_hidden(&city.ground_at(1).unwrap().devices[&unknown("").id], None);
    }
}
