//! Registers as people import them: dwellings, people of two registers, devices and cameras; again,
//! renewed, without the key, and with what is wrong. Nothing personal may show.

use std::path::PathBuf;
use std::process::Output;

use pingjiang::access;
use pingjiang::model::{FurtherRecord, Ground, Resident, Traits, read_sealed};
use pingjiang::store::{CityFile, Vault};

#[path = "support/command.rs"]
mod command;

use command::pingjiang;

/// What none of the outputs may hold: names, numbers, telephones, doors, plates.
const PERSONAL: &[&str] = &[
    "测试", "00000019", "00000020", "1390000", "101室", "102室", "测A", "301室", "厨房", "rtsp://",
];

fn data(name: &str) -> String {
    format!("{}/tests/data/registers/{name}", env!("CARGO_MANIFEST_DIR"))
}

struct City(tempfile::TempDir);

impl City {
    /// A city of four houses in two lanes and an estate.
    fn new() -> Self {
        let city = Self(tempfile::tempdir().unwrap());
        city.import(&[&data("basemap.geojson")]);
        city
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("city.gpkg")
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let into = self.path();
        let into = ["--into", into.to_str().unwrap()];
        let output = pingjiang(&[&["import"], arguments, &into].concat());
        let told = format!("{}{}", text(&output.stdout), text(&output.stderr));
        for value in PERSONAL {
            assert!(!told.contains(value), "{value} is told: {told}");
        }
        output
    }

    /// What an import that succeeds tells.
    fn import(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            text(&output.stderr)
        );
        text(&output.stdout)
    }

    /// What an import that fails tells.
    fn refusal(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(
            !output.status.success(),
            "{arguments:?}: {}",
            text(&output.stdout)
        );
        text(&output.stderr)
    }

    fn ground(&self) -> Ground {
        let vault = Vault::find(&self.path(), None).unwrap().vault();
        CityFile::open(&self.path(), vault)
            .unwrap()
            .load_ground()
            .unwrap()
    }

    /// The resident of this name.
    fn resident(&self, name: &str) -> Resident {
        let clearance = access::for_keeping();
        let ground = self.ground();
        let mut all = ground.residents.values();
        all.find(|one| one.name.open(&clearance).as_deref() == Some(name))
            .unwrap_or_else(|| panic!("{name}"))
            .clone()
    }

    fn further(&self, name: &str) -> Vec<FurtherRecord> {
        read_sealed(self.resident(name).further.as_ref(), &access::for_keeping()).unwrap()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn check_told(told: &str, parts: &[&str]) {
    for part in parts {
        assert!(told.contains(part), "{part} is missing: {told}");
    }
}

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
    let told = city.import(&[&data("residents.csv"), "--unmatched", &list]);
    check_told(
        &told,
        &[
            "resident     6 added",
            "household    5 added",
            "the identity number's check character does not fit: taken, and counted as contradictory (row 5)",
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
fn the_same_again_changes_nothing() {
    let city = City::new();
    let files = [
        "dwellings.csv",
        "residents.csv",
        "migrants.xlsx",
        "vehicles.csv",
        "cameras.csv",
        "facilities.csv",
        "responders.csv",
        "events.csv",
    ]
    .map(data);
    for file in &files {
        city.import(&[file]);
    }
    let before = city.ground();
    for file in &files {
        check_told(
            &city.import(&[file]),
            &[": 0 added, 0 updated, 0 removed, "],
        );
    }
    let after = city.ground();
    assert_eq!(before.residents.len(), after.residents.len());
    let clearance = access::for_keeping();
    assert_eq!(
        pingjiang::model::content_hash(&before, &clearance),
        pingjiang::model::content_hash(&after, &clearance)
    );
}

#[test]
fn two_registers_tell_of_one_person_and_a_newer_one_takes_back_its_own() {
    let city = City::new();
    city.import(&[&data("dwellings.csv"), &data("residents.csv")]);
    let before = city.resident("测试甲");
    let told = city.import(&[&data("migrants.xlsx")]);
    check_told(
        &told,
        &[
            "1 person is told differently by several registers or rows: address 1, phone 1",
            "sheet \"说明\" is empty or no register: skipped",
            "it was stored as a number and lost its last digits: store it as text (sheet \"流动人口\", row 6)",
            "it has neither a position nor an address: skipped (sheet \"设备\", row 2",
        ],
    );
    let after = city.resident("测试甲");
    assert_eq!(
        (&before.phone, before.id, before.dwelling),
        (&after.phone, after.id, after.dwelling)
    );
    let told = city.further("测试甲");
    let migrant = told.iter().find(|one| one.dataset == "migrants").unwrap();
    assert_eq!(migrant.values["phone"], "13900000009");
    assert_eq!(
        (
            migrant.verified_on.as_str(),
            migrant.values["birth_date"].as_str()
        ),
        ("2026-04-01", "1940-01-01")
    );
    // An edition of somebody else alone is another data set; the next one lacks him.
    let head = "姓名,身份证号,现住址";
    let other = format!("{head}\n测试新,000000198801011452,平江路14号\n");
    let newer = city.write("migrants.csv", &other);
    let refused = city.refusal(&[&newer]);
    check_told(&refused, &["of data set \"migrants\"", "--keep-missing"]);
    assert_eq!(city.further("测试甲").len(), told.len());
    city.write(
        "migrants.csv",
        &format!("{head}\n测试壬,000000199901011323,平江路14号\n"),
    );
    city.import(&[&newer, "--replace-all"]);
    assert!(
        city.further("测试甲")
            .iter()
            .all(|one| one.dataset != "migrants")
    );
    assert_eq!(city.resident("测试甲").phone, before.phone);
}

#[test]
fn who_is_gone_from_the_first_register_stays_as_the_second_tells() {
    let city = City::new();
    let head = "姓名,身份证号,联系电话";
    let both = "测试甲,000000194001011237,13900000001\n测试乙,000000197006151240,13900000002\n";
    let first = city.write("first.csv", &format!("{head}\n{both}"));
    let second = city.write(
        "second.csv",
        &format!("{head}\n测试甲,000000194001011237,13900000009\n"),
    );
    city.import(&[&first]);
    city.import(&[&second]);
    let id = city.resident("测试甲").id;
    city.write(
        "first.csv",
        &format!("{head}\n测试乙,000000197006151240,13900000002\n"),
    );
    city.import(&[&first]);
    let one = city.resident("测试甲");
    assert_eq!((one.id, one.source.dataset.as_str()), (id, "second"));
    assert_eq!(
        one.phone.unwrap().open(&access::for_keeping()).as_deref(),
        Some("13900000009")
    );
    assert!(one.further.is_none());
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
    assert!(event.dwelling.is_some());
    let vehicle = ground.vehicles.values().next().unwrap();
    assert!(vehicle.household.is_some() && ground.vehicles.len() == 1);
}

#[test]
fn without_the_key_people_are_refused_and_links_of_devices_stay() {
    let city = City::new();
    city.import(&[&data("dwellings.csv"), &data("residents.csv")]);
    city.import(&[&data("devices.csv")]);
    let key = city.path().with_extension("key");
    let away = city.path().with_extension("away");
    std::fs::rename(&key, &away).unwrap();
    let told = city.refusal(&[&data("residents.csv")]);
    check_told(
        &told,
        &[
            "residents hold personal values",
            "--key-file",
            "residents.csv",
        ],
    );
    check_told(
        &city.import(&[&data("devices.csv")]),
        &["0 added, 0 updated, 0 removed, 4 unchanged"],
    );
}

#[test]
fn what_cannot_be_read_is_refused_with_a_remedy_and_nothing_is_written() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let before = std::fs::read(city.path()).unwrap();
    let headless = city.write("a.csv", "a,b\n1,2\n");
    check_told(
        &city.refusal(&[&headless, "--as", "residents"]),
        &["identity_no or key or name", "docs/registries.md", "a.csv"],
    );
    // A table without headers begins with somebody's record.
    let bare = city.write("c.csv", "测试甲,000000194001011237,13900000001\n");
    for kind in ["residents", "vehicles"] {
        let told = city.refusal(&[&bare, "--as", kind]);
        check_told(
            &told,
            &["none of its first 10 rows holds headers that are known"],
        );
    }
    city.refusal(&[&bare]);
    check_told(
        &city.refusal(&[&data("unknown_headers.csv"), "--as", "cameras"]),
        &["cameras need a column"],
    );
    let both = ["residents.csv", "basemap.geojson"].map(data);
    check_told(
        &city.refusal(&[&both[0], &both[1]]),
        &["is a register", "is not"],
    );
    let broken = city.write("b.xlsx", "PK\u{3}\u{4}no workbook");
    check_told(
        &city.refusal(&[&broken]),
        &["the workbook cannot be read", "save it as XLSX again"],
    );
    let map = city.write(
        "m.toml",
        "register = \"cameras\"\n[columns]\nplate = \"x\"\n",
    );
    check_told(
        &city.refusal(&[&data("cameras.csv"), "--map", &map]),
        &["line 3", "cameras have no plate"],
    );
    let map = city.write(
        "n.toml",
        "register = \"cameras\"\n[columns]\nname = \"x\"\n",
    );
    check_told(
        &city.refusal(&[&data("cameras.csv"), "--map", &map]),
        &["line 3 names \"x\""],
    );
    assert!(
        std::fs::read(city.path()).unwrap() == before,
        "the city was touched"
    );
    let nowhere = pingjiang(&[
        "import",
        &data("residents.csv"),
        "--into",
        city.0.path().join("none.gpkg").to_str().unwrap(),
    ]);
    check_told(&text(&nowhere.stderr), &["registers need a city"]);
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

#[test]
fn a_dry_run_tells_everything_and_writes_nothing() {
    let city = City::new();
    let before = std::fs::read(city.path()).unwrap();
    let told = city.import(&[&data("dwellings.csv"), &data("residents.csv"), "--dry-run"]);
    check_told(
        &told,
        &[
            "6 added",
            "4 linked, 1 ambiguous",
            "nothing written (dry run)",
        ],
    );
    assert!(std::fs::read(city.path()).unwrap() == before);
}
