//! Rows find their dwellings, buildings and kinds; what is sealed is what the table says.

use pingjiang::access;
use pingjiang::model::{Traits, read_sealed};

use super::{City, PERSONAL, check_told, data};

#[test]
fn dwellings_and_people_are_linked_by_address_and_faults_named_by_row_and_column() {
    let city = City::new();
    let told = city.import(&[&data("dwellings.csv")]);
    check_told(
        &told,
        &[
            "dwelling     6 added",
            "address from \"房屋地址\" (guessed)",
            "column \"建筑面积\": it is no number (row 3)",
            "the same key twice: only the first is taken (row 9 and row 2)",
            "nothing in the city fits its address or position: skipped (row 8)",
            "6 linked, 0 ambiguous, 1 unmatched",
        ],
    );
    let list = city.write("unmatched.csv", "");
    let refused = city.refusal(&[&data("residents.csv"), "--unmatched", &list]);
    check_told(&refused, &["writes over no file"]);
    std::fs::remove_file(&list).expect("it was there");
    let told = city.import(&[&data("residents.csv"), "--unmatched", &list]);
    check_told(
        &told,
        &[
            "resident     6 added",
            "household    5 added",
            "the identity number's check character does not fit: taken, counted as contradictory, and nobody is known again by it (row 5)",
            "column \"核实日期\": it is no date (row 6)",
            "the same identity number twice: both are kept, the second beside the first (row 10 and row 3)",
            "nothing says whose it is: skipped (row 9)",
            "4 linked, 1 ambiguous, 1 unmatched, 0 without address",
        ],
    );
    let rows = std::fs::read_to_string(&list).unwrap();
    check_told(
        &rows,
        &[
            ",6,residents,ambiguous,0.95,dwl-",
            ",8,residents,unmatched,",
            ",3,residents,conflict,,res-",
        ],
    );
    for value in PERSONAL {
        assert!(!rows.contains(value), "{value}: {rows}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(
            std::fs::metadata(&list).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
}

#[test]
fn what_is_sealed_is_what_the_table_says() {
    let city = City::new();
    city.import(&[&data("dwellings.csv"), &data("residents.csv")]);
    let (one, clearance) = (city.resident("测试甲"), access::for_keeping());
    assert_eq!(
        one.birth_date.open(&clearance).as_deref(),
        Some("1940-01-01")
    );
    assert_eq!(one.verified_on, "2026-03-01");
    let traits: Traits = read_sealed(one.traits.as_ref(), &clearance).unwrap();
    let traits: Vec<_> = traits
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert_eq!(
        traits,
        [("income", "low"), ("marital", "丧偶"), ("sex", "男")]
    );
    let ground = city.ground();
    let home = &ground.dwellings[&one.dwelling.unwrap()];
    assert_eq!(home.door.open(&clearance).as_deref(), Some("101室"));
    assert_eq!(
        ground.households[&one.household.unwrap()].dwelling,
        one.dwelling
    );
    // Keys are fingerprints: no identity number, no household number in the clear.
    let people = ground.residents.values().map(|one| &one.source.key);
    let homes = ground.households.values().map(|one| &one.source.key);
    for key in people.chain(homes) {
        let is_print = key
            .split('#')
            .next()
            .unwrap()
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit());
        assert!(is_print && key.len() >= 32, "{key}");
    }
}

#[test]
fn things_find_their_buildings_and_words_their_kinds() {
    let city = City::new();
    city.import(&[&data("dwellings.csv"), &data("residents.csv")]);
    let told = city.import(&[&data("devices.csv")]);
    check_told(
        &told,
        &[
            "device       4 added",
            "column \"设备类型\": no table knows this kind of device: taken",
            "column \"经度\": it lies more than 10 km from the city",
        ],
    );
    city.import(&[
        &data("cameras.csv"),
        &data("facilities.csv"),
        &data("responders.csv"),
    ]);
    city.import(&[&data("events.csv"), &data("vehicles.csv")]);
    let ground = city.ground();
    let address = |id| ground.buildings[&id].address.clone().unwrap();
    let mut devices: Vec<_> = ground
        .devices
        .values()
        .map(|one| {
            (
                one.source.key.as_str(),
                one.kind.as_str(),
                address(one.building.unwrap()),
                one.dwelling.is_some(),
            )
        })
        .collect();
    devices.sort();
    assert_eq!(
        devices,
        [
            ("S1", "smoke", "平江路12号".to_owned(), true),
            ("S2", "help_button", "桃源新村3幢".to_owned(), false),
            ("S3", "神秘设备", "平江路12号".to_owned(), false),
            ("S5", "smoke", "平江路14号".to_owned(), true),
        ]
    );
    let names: Vec<_> = ground
        .devices
        .values()
        .filter_map(|one| one.name.as_deref())
        .collect();
    assert!(
        names.contains(&"平江路12号") && names.contains(&"门厅"),
        "{names:?}"
    );
    let camera = ground
        .cameras
        .values()
        .find(|one| one.name == "平江路口")
        .unwrap();
    assert_eq!(
        (camera.heading_deg, camera.pitch_deg, camera.fov_deg),
        (135.0, -20.0, 60.0)
    );
    assert_eq!(
        (camera.kind.unwrap().as_str(), camera.owner.as_str()),
        ("ptz", "police")
    );
    assert_eq!(camera.position[2], 5.0);
    let kinds: Vec<_> = ground
        .facilities
        .values()
        .map(|one| one.kind.as_str())
        .collect();
    assert!(
        kinds.contains(&"hydrant") && kinds.contains(&"canteen"),
        "{kinds:?}"
    );
    let event = ground
        .events
        .values()
        .find(|one| one.source.key == "E1")
        .unwrap();
    assert_eq!(
        (event.status.as_str(), event.group.as_str()),
        ("handling", "household_chores")
    );
    assert_eq!(
        event.reported_at.local(480, "%Y-%m-%d %H:%M"),
        "2026-04-01 08:30"
    );
    assert!(event.dwelling.is_some() && event.is_about_a_home());
    let vehicle = ground.vehicles.values().next().unwrap();
    assert!(vehicle.household.is_some() && ground.vehicles.len() == 1);
}

#[test]
fn a_mapping_goes_before_guesses_and_other_encodings_are_read() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let told = city.import(&[&data("unknown_headers.csv"), "--map", &data("mapping.toml")]);
    check_told(
        &told,
        &[
            "identity_no from \"SFZ\" (as mapped)",
            "trait pension from \"YL\" (as mapped)",
            "1 linked",
        ],
    );
    let traits: Traits = read_sealed(
        city.resident("测试辛").traits.as_ref(),
        &access::for_keeping(),
    )
    .unwrap();
    assert_eq!(
        (traits["pension"].as_str(), traits["marital"].as_str()),
        ("企业", "married")
    );
    let told = city.import(&[&data("residents_gb18030.csv")]);
    check_told(
        &told,
        &["read as GB18030 (guessed)", "resident     1 added"],
    );
    assert!(city.resident("测试乙").dwelling.is_some());
}
