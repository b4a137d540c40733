//! In which home a device stands: told to who may know it, and sealed where it lies.

use std::fs;

use pingjiang::base::{BuildingId, DeviceId};
use pingjiang::store::{CityFile, Vault};

use crate::command::pingjiang;
use crate::homes::{OPERATOR, ask, grid_worker};
use crate::planted::{EAST, WEST, city};

#[test]
fn which_home_a_device_stands_in_is_told_to_who_may_know_it_and_lies_sealed() {
    let folder = tempfile::tempdir().unwrap();
    let city = city(folder.path());
    let device = DeviceId::from_source("test", EAST.grid).to_string();
    let answer = |question: &str, asker: &[&str]| {
        let of = ["--of", device.as_str(), "--json"];
        let (is_done, text) = ask(&city, &[&[question][..], &of].concat(), asker);
        assert!(is_done, "{asker:?}: {text}");
        let json = &text[text.find('{').unwrap()..];
        let mut told = serde_json::Deserializer::from_str(json).into_iter::<serde_json::Value>();
        told.next().unwrap().unwrap()["answer"].clone()
    };
    let place = |asker: &[&str]| {
        let answer = answer("incident", asker);
        let mut homes = answer["homes"].as_array().unwrap().iter();
        let is_touched = homes.any(|one| one["touched"] == true);
        (is_touched, answer["place"].clone())
    };
    // It hangs two metres into the house and two above its floor.
    let ground = CityFile::open(&city, Vault::find(&city, None).unwrap().vault());
    let ground = ground.unwrap().load_ground().unwrap();
    let one = &ground.devices[&DeviceId::from_source("test", EAST.grid)];
    let [own, open] = [one.own_position(), one.position];
    assert_ne!(own, open);
    let flat = |[x, y, _]: [f64; 3]| serde_json::json!([x, y]);
    let west = grid_worker(WEST.grid);
    let askers: [&[&str]; 4] = [&[], &["--role", "operator"], &["--role", "manager"], &west];
    for asker in askers {
        let (is_touched, place) = place(asker);
        assert!(
            !is_touched && place["height_m"].is_null(),
            "{asker:?}: {place}"
        );
        assert_eq!(place["home_is_sealed"], false);
        assert_eq!(place["at"], flat(open), "{asker:?}");
        // How high it hangs tells the storey.
        let seen = answer("sees", asker);
        assert_ne!(seen["target"][2], 5.0, "{asker:?}: {seen}");
    }
    let (is_touched, of_operator) = place(OPERATOR);
    assert!(
        is_touched && of_operator["height_m"] == 5.0,
        "{of_operator}"
    );
    assert_eq!(of_operator["at"], flat(own));
    assert_eq!(answer("sees", OPERATOR)["target"], serde_json::json!(own));
    let log = [
        "audit",
        city.to_str().unwrap(),
        "--role",
        "manager",
        "--of",
        &device,
        "--json",
    ];
    let log = String::from_utf8(pingjiang(&log).stdout).unwrap();
    assert!(
        log.contains("\"door\""),
        "to look there is on record: {log}"
    );
    // The table does not say which, and all devices look alike.
    let connection = rusqlite::Connection::open(&city).unwrap();
    let select = "SELECT count(*), count(dwelling), count(DISTINCT length(home)) FROM device";
    let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let told: (i64, i64, i64) = connection.query_row(select, [], row).unwrap();
    assert_eq!(told, (2, 0, 1));
    drop(connection);
    // Neither the city nor a copy for others has its own place anywhere.
    let copy = folder.path().join("copy.gpkg");
    let to = [
        "export",
        city.to_str().unwrap(),
        "--to",
        copy.to_str().unwrap(),
    ];
    let copied = pingjiang(&to);
    assert!(copied.status.success(), "{copied:?}");
    for file in [&city, &copy] {
        let bytes = fs::read(file).unwrap();
        let [x, y, _] = own.map(f64::to_le_bytes);
        for place in [[x, y].concat(), own.map(f64::to_le_bytes).concat()] {
            let is_there = bytes.windows(place.len()).any(|one| one == place);
            assert!(!is_there, "{}", file.display());
        }
    }
    let copied = CityFile::open(&copy, None).unwrap().load_ground().unwrap();
    assert_eq!(copied.devices[&one.id].position, open);
    // While the key is away it stands in its building only, whoever asks, and that is said.
    fs::rename(city.with_extension("key"), folder.path().join("aside")).unwrap();
    for asker in [&[][..], OPERATOR] {
        let (is_touched, place) = place(asker);
        assert!(
            !is_touched && place["height_m"].is_null(),
            "{asker:?}: {place}"
        );
        assert_eq!(place["home_is_sealed"], true);
    }
    let (_, page) = ask(&city, &["incident", &device], &[]);
    assert!(page.contains("which home it is in is sealed"), "{page}");
    let building = BuildingId::from_source("test", EAST.grid);
    let (_, page) = ask(&city, &["incident", &building.to_string()], &[]);
    assert!(!page.contains("which home it is in is sealed"), "{page}");
}
