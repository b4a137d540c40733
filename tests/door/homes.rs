//! Where a device of a home hangs: told to nobody over the line.

use std::io::Read;

use pingjiang::base::{DwellingId, ImportId, Sealed, Timestamp, Warnings};
use pingjiang::model::{Dwelling, Entity, GroundEdit, ImportRecord, Source, Usage, open_place};
use pingjiang::serve;
use pingjiang::store::{CityFile, Vault};

use super::engine::{City, Engine};
use super::sample::device_id;

/// On the upper floor of the first house, and nowhere where anything else is.
const OWN: [f64; 3] = [4.062_5, 5.140_625, 6.765_625];

/// Puts a button into a home of the first house.
fn give_a_home(city: &City) {
    let vault = Vault::create_beside(&city.path()).unwrap();
    let mut file = CityFile::open_for_writing(&city.path(), Some(vault)).unwrap();
    let ground = file.load_ground().unwrap();
    let mut button = ground.devices[&device_id("help_button", 0)].clone();
    let home = DwellingId::from_source("sample", "upstairs");
    (button.position, button.dwelling) = (OWN, Some(home));
    let dwelling = Dwelling {
        id: home,
        source: Source {
            key: "upstairs".to_owned(),
            ..button.source.clone()
        },
        building: button.building.unwrap(),
        floor: 2,
        door: Sealed::new("201"),
        usage: Usage::Residential,
        area_m2: 40.0,
        address: None,
    };
    let record = ImportRecord {
        id: ImportId::from_source("sample", "homes"),
        action: "import".to_owned(),
        file: "homes".to_owned(),
        sha256: String::new(),
        time: Timestamp::default(),
        crs: ground.info.crs.clone(),
        attribution: None,
        warnings: Warnings::default(),
    };
    let edit = GroundEdit {
        records: vec![record],
        put: vec![Entity::from(dwelling), button.into()],
        remove: Vec::new(),
    };
    file.write(&edit).unwrap();
}

#[test]
fn a_device_of_a_home_is_at_its_building_for_everybody_who_asks_an_engine() {
    let city = City::new();
    give_a_home(&city);
    let arguments = ["--archive", "memory", "--simulate", "calm"];
    let engine = Engine::start(&city, &arguments);
    let id = device_id("help_button", 0);
    let key = Vault::find(&city.path(), None).unwrap().vault();
    let ground = CityFile::open(&city.path(), key)
        .unwrap()
        .load_ground()
        .unwrap();
    let one = &ground.devices[&id];
    assert_eq!(one.own_position(), OWN, "who has the key knows it");
    let house = &ground.buildings[&one.building.unwrap()];
    let open = open_place(&house.footprint, house.ground_m, id).unwrap();
    let told = engine.get(&engine.token, &format!("/api/v1/devices/{id}"));
    assert_eq!(told["position"], serde_json::json!(open), "{told}");
    let list = engine.get(&engine.token, "/api/v1/devices?kind=help_button&limit=1000");
    let coordinates = |text: &str| OWN.iter().any(|one| text.contains(&one.to_string()));
    assert!(!coordinates(&list.to_string()), "{list}");
    // The file that followers fetch has its place nowhere in clear.
    let mut bytes = Vec::new();
    let mut file = serve::fetch_city(&engine.url, &engine.token).unwrap();
    file.read_to_end(&mut bytes).unwrap();
    for one in OWN {
        let has = |part: &[u8]| bytes.windows(part.len()).any(|it| it == part);
        assert!(
            !has(&one.to_le_bytes()) && !has(&one.to_be_bytes()),
            "{one}"
        );
        assert!(!has(one.to_string().as_bytes()), "{one}");
    }
}
