//! In which dwelling a device stands is sealed at rest, and told by nothing else in the file.

use rusqlite::{Connection, params};

use super::*;
use crate::access::for_keeping;
use crate::base::{DwellingId, ImportId};
use crate::model::{Device, DeviceHome, EntityRef, content_hash};
use crate::store::city_file::change::{bytes_of_hex, image};
use crate::store::city_file::statements::KindSql;

/// A dwelling of which the file says nothing else.
fn home() -> DwellingId {
    DwellingId::from_source("样本", "独居")
}

fn device(key: &str, dwelling: Option<DwellingId>) -> Device {
    let all = every_kind().into_iter();
    let mut all = all.filter_map(|one| match one {
        Entity::Device(one) => Some(*one),
        _ => None,
    });
    let mut one = all.next().unwrap();
    one.id = crate::base::DeviceId::from_source("样本", key);
    one.source.key = key.to_owned();
    one.dwelling = dwelling;
    one
}

/// One in a home and one in none, each of which was called otherwise before.
fn devices(name: &str) -> Vec<Entity> {
    let one = |key, dwelling| {
        let mut one = device(key, dwelling);
        one.name = Some(name.to_owned());
        Entity::from(one)
    };
    vec![one("呼叫", Some(home())), one("水位", None)]
}

fn city_of(folder: &Folder) -> CityFile {
    let first = edit("one", devices("旧"));
    let made = CityFile::create_with(&folder.city(), &info(), Some(&vault()), &first);
    let (mut city, _) = made.unwrap();
    let summary = city.write(&edit("two", devices("新"))).unwrap();
    assert_eq!(summary.updated, 2);
    city
}

fn open(folder: &Folder, key: Option<Vault>) -> CityFile {
    CityFile::open_for_writing(&folder.city(), key).unwrap()
}

fn dwellings(ground: &Ground) -> Vec<Option<DwellingId>> {
    let mut all: Vec<_> = ground.devices.values().collect();
    all.sort_by_key(|one| one.dwelling.is_none());
    all.into_iter().map(|one| one.dwelling).collect()
}

/// Whether the file holds the link, as a text or as the number that it was.
fn holds(folder: &Folder) -> bool {
    let bytes = std::fs::read(folder.city()).unwrap();
    let has = |part: &[u8]| bytes.windows(part.len()).any(|one| one == part);
    let bits = home().bits();
    let number = bits.cast_signed().to_string();
    has(&bits.to_be_bytes()) || has(number.as_bytes()) || has(home().to_string().as_bytes())
}

/// Puts the devices of a city back to format 5, which had the link in clear.
fn make_fifth(folder: &Folder) {
    let city = open(folder, Some(vault()));
    let connection = &city.connection;
    let sql = KindSql::of(EntityKind::Device);
    connection.execute_batch(&sql.drop_triggers).unwrap();
    let ground = city.load_ground().unwrap();
    for one in ground.devices.values() {
        let fid = one.id.bits().cast_signed();
        let dwelling = one.dwelling.map(|id| id.bits().cast_signed());
        let update = "UPDATE device SET dwelling = ?2, home = NULL WHERE fid = ?1";
        connection.execute(update, params![fid, dwelling]).unwrap();
        let key = EntityRef {
            kind: EntityKind::Device,
            bits: one.id.bits(),
        };
        let image = image(connection, key).unwrap().unwrap();
        let image = image
            .replace(",\"home\":null", "")
            .replace("\"home\":null,", "");
        assert!(!image.contains("\"home\""), "{image}");
        let update = "UPDATE pingjiang_change SET image = ?2 WHERE entity = ?1 AND image NOT NULL";
        assert_eq!(connection.execute(update, params![fid, image]).unwrap(), 1);
    }
    let rest = format!(
        "{} ALTER TABLE device DROP COLUMN home;
         UPDATE pingjiang_meta SET value = '5' WHERE key = 'format';",
        sql.create_triggers
    );
    connection.execute_batch(&rest).unwrap();
}

#[test]
fn the_dwelling_of_a_device_is_sealed_and_its_length_tells_nothing() {
    let folder = Folder::new();
    let city = city_of(&folder);
    assert!(!holds(&folder));
    assert_eq!(
        dwellings(&city.load_ground().unwrap()),
        [Some(home()), None]
    );
    assert_eq!(dwellings(&city.ground_at(1).unwrap()), [Some(home()), None]);
    let select = "SELECT count(*), count(dwelling), count(DISTINCT length(home)), min(length(home))
         FROM device";
    let row = |row: &rusqlite::Row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
    let (all, told, lengths, bytes): (i64, i64, i64, i64) =
        city.connection.query_row(select, [], row).unwrap();
    assert_eq!((all, told, lengths), (2, 0, 1));
    let select = "SELECT image FROM pingjiang_change WHERE image IS NOT NULL";
    let mut select = city.connection.prepare(select).unwrap();
    let images = select.query_map([], |row| row.get::<_, String>(0)).unwrap();
    for image in images {
        let image: serde_json::Value = serde_json::from_str(&image.unwrap()).unwrap();
        assert!(image["row"]["dwelling"].is_null());
        let blob = bytes_of_hex(image["row"]["home"]["hex"].as_str().unwrap()).unwrap();
        assert_eq!(blob.len() as i64, bytes);
    }
}

#[test]
fn without_the_key_a_device_stands_in_its_building_and_keeps_what_is_sealed() {
    let folder = Folder::new();
    let known = city_of(&folder).load_ground().unwrap();
    let mut city = open(&folder, None);
    let ground = city.load_ground().unwrap();
    assert_eq!(dwellings(&ground), [None, None]);
    assert!(ground.is_locked());
    assert_eq!(content_hash(&ground, &for_keeping()), None);
    // One that is written again, and one that comes new.
    let mut put: Vec<Entity> = Vec::new();
    for one in ground.devices.values() {
        let mut one = one.clone();
        assert!(one.may_be_in_a_home() && one.building.is_some());
        one.name = Some("再".to_owned());
        put.push(one.into());
    }
    put.push(device("新设", None).into());
    let summary = city.write(&edit("three", put)).unwrap();
    assert_eq!((summary.added, summary.updated), (1, 2));
    // What cannot be sealed is not written.
    let of_home = edit("four", vec![device("住户", Some(home())).into()]);
    let said = city.write(&of_home).unwrap_err();
    assert!(matches!(said, CityFileError::NoKey { .. }), "{said}");
    drop(city);
    let after = open(&folder, Some(vault())).load_ground().unwrap();
    for (id, one) in &known.devices {
        assert_eq!(after.devices[id].dwelling, one.dwelling);
    }
    // The next write with the key seals what came without.
    let mut city = open(&folder, Some(vault()));
    city.write(&edit("five", vec![house("new", 9.0).into()]))
        .unwrap();
    let select = "SELECT count(DISTINCT length(home)) FROM device WHERE home IS NOT NULL
         UNION ALL SELECT count(*) FROM device WHERE home IS NULL";
    let mut select = city.connection.prepare(select).unwrap();
    let counts = select.query_map([], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(counts.map(Result::unwrap).collect::<Vec<_>>(), [1, 0]);
    assert!(!holds(&folder) && city.check_sealed().is_ok());
}

#[test]
fn a_city_of_the_fifth_format_is_sealed_by_the_first_write_with_the_key() {
    let folder = Folder::new();
    let ground = city_of(&folder).load_ground().unwrap();
    make_fifth(&folder);
    assert!(holds(&folder), "the test looks for what is there");
    for key in [None, Some(vault())] {
        let read = open(&folder, key.clone()).load_ground().unwrap();
        assert_eq!(read.devices, ground.devices, "read as it is");
        let is_sealed = key.is_some();
        let mut city = open(&folder, key);
        let house = house(if is_sealed { "new" } else { "newer" }, 90.0);
        city.write(&edit("more", vec![house.into()])).unwrap();
        assert_eq!(holds(&folder), !is_sealed);
        assert!(!city.has_remains());
    }
    let city = open(&folder, Some(vault()));
    assert_eq!(city.load_ground().unwrap().devices, ground.devices);
    assert_eq!(dwellings(&city.ground_at(1).unwrap()), [Some(home()), None]);
}

#[test]
fn a_change_of_the_key_and_an_undo_keep_the_dwelling_and_a_copy_has_none() {
    let folder = Folder::new();
    let mut city = city_of(&folder);
    let before = content_hash(&city.load_ground().unwrap(), &for_keeping());
    assert!(before.is_some());
    let other = Vault::from_key(&[8; 32]);
    city.rotate_key(&other, &[]).unwrap();
    assert_eq!(
        content_hash(&city.load_ground().unwrap(), &for_keeping()),
        before
    );
    assert!(city.check_sealed().is_ok() && !holds(&folder));
    let plan = city.plan_undo(ImportId::from_source("test", "two"));
    city.undo(plan.unwrap(), "2026-06-01T00:00:00Z".parse().unwrap())
        .unwrap();
    let undone = city.load_ground().unwrap();
    assert_eq!(dwellings(&undone), [Some(home()), None]);
    let copy = folder.0.path().join("copy.gpkg");
    city.copy_without_people(&copy, false).unwrap();
    let copied = CityFile::open(&copy, None).unwrap().load_ground().unwrap();
    assert_eq!(dwellings(&copied), [None, None]);
    assert!(!copied.is_locked(), "nothing is left to open");
}

#[test]
fn a_dwelling_that_was_changed_at_rest_hides_only_itself_and_is_named() {
    let folder = Folder::new();
    let whose = device("呼叫", None).id;
    drop(city_of(&folder));
    let whole = std::fs::read(folder.city()).unwrap();
    let other = super::super::change::hex(&crate::base::Sealer::seal(&vault(), b"dwl").unwrap());
    for spoilt in ["x'00112233'", "'王小明'", "7", &format!("x'{other}'")] {
        std::fs::write(folder.city(), &whole).unwrap();
        let connection = Connection::open(folder.city()).unwrap();
        let sql = KindSql::of(EntityKind::Device);
        let update = format!(
            "{} UPDATE device SET home = {spoilt} WHERE fid = {}; {}",
            sql.drop_triggers,
            whose.bits().cast_signed(),
            sql.create_triggers
        );
        connection.execute_batch(&update).unwrap();
        let city = open(&folder, Some(vault()));
        let ground = city.load_ground().unwrap();
        let one = &ground.devices[&whose];
        assert!(one.dwelling.is_none() && matches!(one.home, DeviceHome::Shut(_)));
        let other = &ground.devices[&device("水位", None).id];
        assert_eq!(other.home, DeviceHome::Known);
        let fault = city.check_sealed().unwrap_err().to_string();
        assert!(
            fault.contains(&format!("{whose} home")),
            "{spoilt}: {fault}"
        );
    }
}
