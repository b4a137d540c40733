//! In which dwelling a device stands, and where there, is sealed at rest, and told by nothing else in
//! the file.

use rusqlite::{Connection, params};

use super::*;
use crate::access::for_keeping;
use crate::base::{DwellingId, ImportId, Sealer};
use crate::model::{Device, DeviceHome, EntityRef, content_hash, open_place};
use crate::space::polygon_contains;
use crate::store::city_file::change::{bytes_of_hex, hex, image};
use crate::store::city_file::geometry::{point_z, read_point_z};
use crate::store::city_file::statements::KindSql;

/// Where the device of the home hangs: on the third floor of a house whose ground is at 3.2 m, farther
/// north than anything else of the city.
pub(super) const OWN: [f64; 3] = [581_008.765_625, 3_465_009.921_875, 12.640_625];
/// Where the other one hangs.
const OTHER: [f64; 3] = [581_001.0, 3_465_002.0, 5.5];

/// A dwelling of which the file says nothing else.
pub(super) fn home() -> DwellingId {
    DwellingId::from_source("样本", "独居")
}

pub(super) fn device(key: &str, dwelling: Option<DwellingId>) -> Device {
    let all = every_kind().into_iter();
    let mut all = all.filter_map(|one| match one {
        Entity::Device(one) => Some(*one),
        _ => None,
    });
    let mut one = all.next().unwrap();
    one.id = crate::base::DeviceId::from_source("样本", key);
    one.source.key = key.to_owned();
    one.dwelling = dwelling;
    one.position = if dwelling.is_some() { OWN } else { OTHER };
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

pub(super) fn city_of(folder: &Folder) -> CityFile {
    let mut first = devices("旧");
    first.push(house("plain", 0.0).into());
    let first = edit("one", first);
    let made = CityFile::create_with(&folder.city(), &info(), Some(&vault()), &first);
    let (mut city, _) = made.unwrap();
    let summary = city.write(&edit("two", devices("新"))).unwrap();
    assert_eq!(summary.updated, 2);
    city
}

pub(super) fn opened(folder: &Folder, key: Option<Vault>) -> CityFile {
    CityFile::open_for_writing(&folder.city(), key).unwrap()
}

/// The own place of the device of the home, when it can be opened.
fn own_place(ground: &Ground) -> Option<[f64; 3]> {
    let mut homes = ground.devices.values();
    homes.find_map(|one| match one.home {
        DeviceHome::At(own) => Some(own),
        _ => None,
    })
}

/// Where everybody sees the device of the home.
fn open() -> [f64; 3] {
    let house = house("plain", 0.0);
    open_place(&house.footprint, house.ground_m, device("呼叫", None).id).unwrap()
}

fn dwellings(ground: &Ground) -> Vec<Option<DwellingId>> {
    let mut all: Vec<_> = ground.devices.values().collect();
    all.sort_by_key(|one| one.dwelling.is_none());
    all.into_iter().map(|one| one.dwelling).collect()
}

/// Whether the file holds the link, as a text or as the number that it was, or a coordinate of the
/// device's own place, in a row or in an image.
pub(super) fn holds(folder: &Folder) -> bool {
    let bytes = std::fs::read(folder.city()).unwrap();
    let has = |part: &[u8]| bytes.windows(part.len()).any(|one| one == part);
    let bits = home().bits();
    let number = bits.cast_signed().to_string();
    let mut place = OWN.iter().map(|one| one.to_le_bytes());
    place.any(|one| has(&one) || has(hex(&one).as_bytes()))
        || has(&bits.to_be_bytes())
        || has(number.as_bytes())
        || has(home().to_string().as_bytes())
}

/// How far north the layer of devices reaches, by the list of contents and by the spatial index.
fn north_ends(folder: &Folder) -> [f64; 2] {
    let city = opened(folder, None);
    let number = |select: &str| city.connection.query_row(select, [], |row| row.get(0));
    [
        number("SELECT max_y FROM gpkg_contents WHERE table_name = 'device'").unwrap(),
        number("SELECT max(maxy) FROM rtree_device_geom").unwrap(),
    ]
}

/// Puts the devices of a city back to an older format: 5 had link and place in clear, 6 the place.
fn make_older(folder: &Folder, format: u8) {
    let city = opened(folder, Some(vault()));
    let connection = &city.connection;
    let sql = KindSql::of(EntityKind::Device);
    connection.execute_batch(&sql.drop_triggers).unwrap();
    let ground = city.load_ground().unwrap();
    for one in ground.devices.values() {
        let fid = one.id.bits().cast_signed();
        let dwelling = one.dwelling.map(|id| id.bits().cast_signed());
        let text = one.dwelling.map_or_else(String::new, |id| id.to_string());
        let home = vault().seal(text.as_bytes()).unwrap();
        let geom = point_z(one.own_position(), city.codec.srs_id).unwrap();
        let (dwelling, home) = match format {
            5 => (dwelling, None),
            _ => (None, Some(home)),
        };
        let update = "UPDATE device SET dwelling = ?2, home = ?3, geom = ?4 WHERE fid = ?1";
        let cells = params![fid, dwelling, home, geom];
        connection.execute(update, cells).unwrap();
        let [x, y, _] = one.own_position();
        connection.execute(&sql.rtree_delete, [fid]).unwrap();
        let entry = params![fid, x, x, y, y];
        connection.execute(&sql.rtree_insert, entry).unwrap();
        let key = EntityRef {
            kind: EntityKind::Device,
            bits: one.id.bits(),
        };
        let image = image(connection, key).unwrap().unwrap();
        let mut image: serde_json::Value = serde_json::from_str(&image).unwrap();
        if format == 5 {
            image["row"].as_object_mut().unwrap().remove("home");
        }
        let update = "UPDATE pingjiang_change SET image = ?2 WHERE entity = ?1 AND image NOT NULL";
        let cells = params![fid, image.to_string()];
        assert_eq!(connection.execute(update, cells).unwrap(), 1);
    }
    crate::store::city_file::extent::measure(connection, "device").unwrap();
    connection.execute_batch(&sql.create_triggers).unwrap();
    if format == 5 {
        let column = "ALTER TABLE device DROP COLUMN home;";
        connection.execute_batch(column).unwrap();
    }
    let format = format.to_string();
    crate::store::city_file::meta::set(connection, "format", &format).unwrap();
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
    let mut city = opened(&folder, None);
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
    let after = opened(&folder, Some(vault())).load_ground().unwrap();
    for (id, one) in &known.devices {
        assert_eq!(after.devices[id].dwelling, one.dwelling);
        assert_eq!(after.devices[id].home, one.home);
        assert_eq!(after.devices[id].position, one.position);
    }
    // The next write with the key seals what came without.
    let mut city = opened(&folder, Some(vault()));
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
fn everybody_sees_a_device_of_a_home_at_its_building() {
    let folder = Folder::new();
    let city = city_of(&folder);
    let ground = city.load_ground().unwrap();
    let one = &ground.devices[&device("呼叫", None).id];
    assert_eq!(one.position, open());
    assert_eq!(one.own_position(), OWN);
    let house = house("plain", 0.0);
    let [x, y, z] = one.position;
    assert!(polygon_contains(&house.footprint, [x, y]) && z == house.ground_m);
    // Others hang where they hang.
    let other = &ground.devices[&device("水位", None).id];
    assert_eq!(other.position, OTHER);
    // The row says so too, and what it says does not matter to who has the key.
    let select = "SELECT geom FROM device WHERE fid = ?1";
    let fid = [one.id.bits().cast_signed()];
    let geom: Vec<u8> = city
        .connection
        .query_row(select, fid, |row| row.get(0))
        .unwrap();
    assert_eq!(read_point_z(&geom), Ok(open()));
    let [listed, indexed] = north_ends(&folder);
    assert!(listed < OWN[1] && indexed < OWN[1], "{listed} {indexed}");
    let locked = opened(&folder, None).load_ground().unwrap();
    assert_eq!(locked.devices[&one.id].own_position(), open());
}

#[test]
fn a_city_of_an_older_format_is_sealed_by_the_first_write_with_the_key() {
    for format in [5, 6] {
        let folder = Folder::new();
        let ground = city_of(&folder).load_ground().unwrap();
        make_older(&folder, format);
        assert!(holds(&folder), "the test looks for what is there");
        assert!(north_ends(&folder)[0] == OWN[1]);
        for key in [None, Some(vault())] {
            let is_sealed = key.is_some();
            let read = opened(&folder, key.clone()).load_ground().unwrap();
            for (id, one) in &read.devices {
                // Without the key whatever may be in a home of the building is shown there.
                let known = &ground.devices[id];
                let is_open = known.dwelling.is_none() && (is_sealed || format == 5);
                let is_at = if is_open {
                    known.position
                } else {
                    open_of(one)
                };
                assert_eq!(one.position, is_at, "{format} {is_sealed}");
                assert_eq!(one.own_position(), known.own_position());
            }
            let mut city = opened(&folder, key);
            let mut put: Vec<Entity> = vec![house("new", 90.0).into()];
            if format == 6 {
                // One that is written again keeps what is sealed, and its place.
                let again = read.devices.into_values().map(|one| {
                    let name = Some("再".to_owned());
                    Entity::from(Device { name, ..one })
                });
                put.extend(again);
            }
            city.write(&edit(if is_sealed { "more" } else { "most" }, put))
                .unwrap();
            assert_eq!(holds(&folder), !is_sealed, "{format}");
            assert!(!city.has_remains());
        }
        let city = opened(&folder, Some(vault()));
        assert_eq!(places(&city.load_ground().unwrap()), places(&ground));
        let before = city.ground_at(1).unwrap();
        assert_eq!(places(&before), places(&ground));
        assert_eq!(dwellings(&before), [Some(home()), None]);
        assert_eq!(own_place(&before), Some(OWN));
        assert!(north_ends(&folder)[0] < OWN[1] && city.check_sealed().is_ok());
        // Nothing is left to do.
        let mut city = opened(&folder, Some(vault()));
        city.write(&edit("last", vec![house("newer", 90.0).into()]))
            .unwrap();
        assert_eq!(places(&city.load_ground().unwrap()), places(&ground));
    }
}

/// Each device's home and places.
fn places(ground: &Ground) -> Vec<(Option<DwellingId>, [f64; 3], [f64; 3])> {
    let each = ground.devices.values();
    let each = each.map(|one| (one.dwelling, one.position, one.own_position()));
    each.collect()
}

/// Where everybody sees a device that may be in a home of the house.
fn open_of(device: &Device) -> [f64; 3] {
    let house = house("plain", 0.0);
    open_place(&house.footprint, house.ground_m, device.id).unwrap()
}

#[test]
fn a_change_of_the_key_seals_an_older_city_and_a_copy_of_one_tells_no_place() {
    for format in [5, 6] {
        for key in [None, Some(vault())] {
            let folder = Folder::new();
            drop(city_of(&folder));
            make_older(&folder, format);
            let copy = folder.0.path().join("copy.gpkg");
            let city = opened(&folder, key);
            city.copy_without_people(&copy, false).unwrap();
            let bytes = std::fs::read(&copy).unwrap();
            for one in OWN.map(f64::to_le_bytes) {
                assert!(!bytes.windows(8).any(|part| part == one), "{format}");
            }
            let copied = CityFile::open(&copy, None).unwrap();
            let ground = copied.load_ground().unwrap();
            assert_eq!(ground.devices[&device("呼叫", None).id].position, open());
            let extent = "SELECT max_y FROM gpkg_contents WHERE table_name = 'device'";
            let end = copied.connection.query_row(extent, [], |row| row.get(0));
            assert!(end.unwrap_or(f64::MAX) < OWN[1]);
        }
        let folder = Folder::new();
        let known = city_of(&folder).load_ground().unwrap();
        make_older(&folder, format);
        let mut city = opened(&folder, Some(vault()));
        city.rotate_key(&Vault::from_key(&[8; 32]), &[]).unwrap();
        assert!(!holds(&folder) && city.check_sealed().is_ok());
        assert_eq!(city.load_ground().unwrap().devices, known.devices);
    }
}

#[test]
fn what_a_former_key_sealed_in_an_older_format_is_sealed_with_its_place() {
    let folder = Folder::new();
    let known = city_of(&folder).load_ground().unwrap();
    make_older(&folder, 6);
    let former = Vault::from_key(&[9; 32]);
    let blob = former.seal(home().to_string().as_bytes()).unwrap();
    let mut city = opened(&folder, Some(vault()));
    let sql = KindSql::of(EntityKind::Device);
    let fid = device("呼叫", None).id.bits().cast_signed();
    city.connection.execute_batch(&sql.drop_triggers).unwrap();
    let update = "UPDATE device SET home = ?2 WHERE fid = ?1";
    city.connection.execute(update, params![fid, blob]).unwrap();
    city.connection.execute_batch(&sql.create_triggers).unwrap();
    city.rotate_key(&Vault::from_key(&[8; 32]), &[former])
        .unwrap();
    assert!(!holds(&folder));
    assert_eq!(city.load_ground().unwrap().devices, known.devices);
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
    let copy = std::fs::read(&copy).unwrap();
    for one in OWN.map(f64::to_le_bytes) {
        assert!(!copy.windows(8).any(|part| part == one));
    }
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
        let city = opened(&folder, Some(vault()));
        let ground = city.load_ground().unwrap();
        let one = &ground.devices[&whose];
        assert!(one.dwelling.is_none() && matches!(one.home, DeviceHome::Shut(..)));
        let other = &ground.devices[&device("水位", None).id];
        assert_eq!(other.home, DeviceHome::Known);
        let fault = city.check_sealed().unwrap_err().to_string();
        assert!(
            fault.contains(&format!("{whose} home")),
            "{spoilt}: {fault}"
        );
    }
}
