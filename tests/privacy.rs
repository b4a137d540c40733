//! The privacy sweep: two grids with one planted person each, every question, every export and every
//! refusal under every role; none of the planted values may show where the role does not open it,
//! and those that it opens must show, or the sweep would prove nothing.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use geo_types::polygon;
use pingjiang::base::{
    AreaId, BuildingId, CameraId, DeviceId, DwellingId, EventId, HouseholdId, ImportId,
    PersonalField, ResidentId, ResponderId, RoadId, Sealed, Timestamp, VehicleId, Warnings,
};
use pingjiang::model::*;
use pingjiang::store::{CityFile, Vault};

#[path = "support/command.rs"]
mod command;

use command::pingjiang;

/// What is planted in one grid: a value a field, none of them part of another or of a mask.
struct Planted {
    grid: &'static str,
    values: &'static [(PersonalField, &'static str)],
}

const EAST: Planted = Planted {
    grid: "东网格",
    values: &[
        (PersonalField::Name, "鬱龘东"),
        (PersonalField::Phone, "15499990011"),
        (PersonalField::Identity, "000000193107130015"),
        (PersonalField::BirthDate, "1931-07-13"),
        (PersonalField::Door, "九八七室"),
        (PersonalField::Label, "planted_east"),
        (PersonalField::Contact, "龗联东"),
        (PersonalField::Plate, "测E99871"),
        (PersonalField::Report, "麤报东"),
        (PersonalField::Stream, "planted:east@"),
    ],
};

const WEST: Planted = Planted {
    grid: "西网格",
    values: &[
        (PersonalField::Name, "鬱龘西"),
        (PersonalField::Phone, "15488880022"),
        (PersonalField::Identity, "000000193208140023"),
        (PersonalField::BirthDate, "1932-08-14"),
        (PersonalField::Door, "六五四室"),
        (PersonalField::Label, "planted_west"),
        (PersonalField::Contact, "龗联西"),
        (PersonalField::Plate, "测E88762"),
        (PersonalField::Report, "麤报西"),
        (PersonalField::Stream, "planted:west@"),
    ],
};

impl Planted {
    fn value(&self, field: PersonalField) -> &'static str {
        let found = self.values.iter().find(|(one, _)| *one == field);
        found.expect("every field is planted").1
    }

    fn sealed(&self, field: PersonalField) -> Sealed {
        Sealed::new(self.value(field))
    }

    fn source(&self, key: &str) -> Source {
        Source {
            dataset: "test".into(),
            key: format!("{} {key}", self.grid),
            import: ImportId::from_source("test", "1"),
        }
    }

    /// The records of the grid, its house standing at `x`.
    fn records(&self, x: f64) -> Vec<Entity> {
        let id = self.grid;
        let y = 3_465_000.0;
        let area = AreaId::from_source("test", id);
        let building = BuildingId::from_source("test", id);
        let dwelling = DwellingId::from_source("test", id);
        let household = HouseholdId::from_source("test", id);
        let contact = Contact {
            name: self.value(PersonalField::Contact).into(),
            relation: "女儿".into(),
            phone: "15400000000".into(),
        };
        let mut all = self.places(x, y, area, building);
        all.push(Entity::from(Dwelling {
            id: dwelling,
            source: self.source("home"),
            building,
            floor: 1,
            door: self.sealed(PersonalField::Door),
            usage: Usage::Residential,
            area_m2: 50.0,
            address: None,
        }));
        all.push(Entity::from(Household {
            id: household,
            source: self.source("household"),
            dwelling: Some(dwelling),
            address: self.sealed(PersonalField::Door),
        }));
        all.push(Entity::from(Resident {
            id: ResidentId::from_source("test", id),
            source: self.source("resident"),
            household: Some(household),
            dwelling: Some(dwelling),
            name: self.sealed(PersonalField::Name),
            identity_no: self.sealed(PersonalField::Identity),
            birth_date: self.sealed(PersonalField::BirthDate),
            phone: Some(self.sealed(PersonalField::Phone)),
            labels: vec![self.sealed(PersonalField::Label)],
            address: self.sealed(PersonalField::Door),
            verified_on: "2019-01-01".into(),
            traits: to_sealed(&Traits::from([(
                "income".to_owned(),
                self.value(PersonalField::Label).to_owned(),
            )])),
            contacts: to_sealed(&vec![contact]),
            further: None,
        }));
        all.push(Entity::from(Vehicle {
            id: VehicleId::from_source("test", id),
            source: self.source("car"),
            kind: VehicleKind::Car,
            plate: self.sealed(PersonalField::Plate),
            household: Some(household),
            position: [x, y - 3.0, 3.0],
        }));
        all.push(Entity::from(Event {
            id: EventId::from_source("test", id),
            source: self.source("event"),
            kind: EventKind::Order,
            group: ServiceGroup::HouseholdChores,
            title: "管道疏通".into(),
            position: [x, y, 3.0],
            building: Some(building),
            dwelling: Some(dwelling),
            area: Some(area),
            reported_at: "2026-05-01T08:00:00+08:00".parse().unwrap(),
            due_at: None,
            status: EventStatus::Open,
            reporter: Some(self.sealed(PersonalField::Report)),
            text: Some(self.sealed(PersonalField::Report)),
        }));
        all
    }

    /// The grid, its house, what hangs on it and who works there.
    fn places(&self, x: f64, y: f64, area: AreaId, building: BuildingId) -> Vec<Entity> {
        let id = self.grid;
        vec![
            Entity::from(AdminArea {
                id: area,
                source: self.source("area"),
                level: AreaLevel::Grid,
                code: None,
                name: id.into(),
                parent: None,
                polygon: Some(polygon![
                    (x: x - 20.0, y: y - 50.0), (x: x + 30.0, y: y - 50.0),
                    (x: x + 30.0, y: y + 50.0), (x: x - 20.0, y: y + 50.0)
                ]),
            }),
            Entity::from(Building {
                id: building,
                source: self.source("house"),
                name: None,
                address: Some(format!("样街 {id} 1号")),
                footprint: polygon![
                    (x: x, y: y), (x: x + 10.0, y: y), (x: x + 10.0, y: y + 8.0), (x: x, y: y + 8.0)
                ],
                ground_m: 3.0,
                height_m: 6.0,
                height_origin: HeightOrigin::Measured,
                storeys: 2,
                structure: Structure::Masonry,
                year: None,
                usage: Usage::Residential,
                protection: Protection::None,
                roof: RoofStyle::Derived,
                party_walls: vec![],
                area: Some(area),
                models: vec![],
                repairs: vec![],
                attributes: Default::default(),
            }),
            Entity::from(Device {
                id: DeviceId::from_source("test", id),
                source: self.source("smoke"),
                kind: KindId::new("smoke"),
                position: [x + 2.0, y + 2.0, 5.0],
                building: Some(building),
                dwelling: Some(DwellingId::from_source("test", id)),
                interval_s: None,
                name: None,
            }),
            Entity::from(Camera {
                id: CameraId::from_source("test", id),
                source: self.source("camera"),
                name: "样街口".into(),
                position: [x + 5.0, y - 20.0, 5.0],
                heading_deg: 0.0,
                pitch_deg: -10.0,
                fov_deg: 90.0,
                range_m: 80.0,
                owner: CameraOwner::Community,
                gb28181_id: "00000000001320000001".into(),
                kind: Some(CameraKind::Bullet),
                stream: Some(self.sealed(PersonalField::Stream)),
            }),
            Entity::from(Responder {
                id: ResponderId::from_source("test", id),
                source: self.source("worker"),
                kind: ResponderKind::GridWorker,
                title: "网格员".into(),
                name: Some(self.sealed(PersonalField::Name)),
                area: Some(area),
                position: [x + 1.0, y - 5.0, 3.0],
                duty: None,
                phone: Some(self.sealed(PersonalField::Phone)),
            }),
            Entity::from(Road {
                id: RoadId::from_source("test", id),
                source: self.source("road"),
                name: Some("样街".into()),
                kind: RoadKind::Lane,
                line: vec![(x - 20.0, y - 5.0), (x + 30.0, y - 5.0)].into(),
                width_m: 4.0,
                surfaces: vec![],
            }),
        ]
    }
}

/// A city of the two grids, with its key beside it.
fn city(folder: &Path) -> PathBuf {
    let path = folder.join("city.gpkg");
    let vault = Vault::create_beside(&path).unwrap();
    let info = CityInfo {
        name_zh: "样城".into(),
        name_en: "Sample".into(),
        crs: "EPSG:4549".into(),
        vertical_datum: "1985".into(),
        utc_offset_minutes: 480,
        synthetic: true,
    };
    let mut put = EAST.records(558_000.0);
    put.extend(WEST.records(558_050.0));
    let edit = GroundEdit {
        records: vec![ImportRecord {
            id: ImportId::from_source("test", "1"),
            action: "import".into(),
            file: "test".into(),
            sha256: String::new(),
            time: Timestamp::from_millis(1_777_600_000_000),
            crs: "EPSG:4549".into(),
            attribution: None,
            warnings: Warnings::default(),
        }],
        put,
        remove: vec![],
    };
    CityFile::create_with(&path, &info, Some(&vault), &edit).unwrap();
    path
}

/// Every question about both grids.
fn questions(folder: &Path) -> Vec<Vec<String>> {
    let id = |prefix: &str, bits: u64| format!("{prefix}-{bits:016x}");
    let mut all: Vec<Vec<String>> = Vec::new();
    let mut ask = |words: &[&str]| all.push(words.iter().map(|one| (*one).to_owned()).collect());
    for planted in [&EAST, &WEST] {
        let grid = planted.grid;
        let building = id("bld", BuildingId::from_source("test", grid).bits());
        let device = id("dev", DeviceId::from_source("test", grid).bits());
        let resident = id("res", ResidentId::from_source("test", grid).bits());
        let responder = id("rsp", ResponderId::from_source("test", grid).bits());
        let event = id("evt", EventId::from_source("test", grid).bits());
        ask(&["incident", &building]);
        ask(&["incident", &device]);
        ask(&["incident", &event]);
        ask(&["person", &resident]);
        ask(&["sees", "--of", &building]);
        ask(&["route", &building, &responder]);
        ask(&["near", "--of", &building, "--radius", "30"]);
        let people = "resident,household,dwelling,vehicle,responder,event,camera,device";
        ask(&[
            "near", "--of", &building, "--radius", "30", "--kind", people,
        ]);
        ask(&["nearest", "--of", &device, "--kind", people, "--count", "9"]);
        ask(&["within", "--outline-of", grid, "--kind", people]);
        ask(&[
            "stats",
            "--kind",
            "resident,household",
            "--in",
            grid,
            "--by",
            "grid",
        ]);
        for (field, value) in planted.values {
            ask(&["search", value]);
            if *field == PersonalField::Label {
                ask(&[
                    "near", "--of", &building, "--kind", "building", "--label", value,
                ]);
                ask(&[
                    "stats",
                    "--kind",
                    "resident",
                    "--label",
                    value,
                    "--by",
                    "square:50",
                ]);
            }
        }
        ask(&[
            "search",
            &format!("样街 {grid} 1号 {}", planted.value(PersonalField::Door)),
        ]);
        ask(&["along", "样街", "--kind", people]);
        ask(&["coverage", "--in", grid, "--cell", "5"]);
    }
    ask(&["quality", "--by", "grid"]);
    ask(&["quality", "--by", "grid", "--list", "stale"]);
    let out = folder.join("list.csv");
    ask(&[
        "notify",
        "--label",
        "planted_east",
        "--out",
        out.to_str().unwrap(),
    ]);
    all
}

struct Seen {
    /// What was asked for is in the question itself: only what is told beside it counts.
    text: String,
}

fn run(city: &Path, question: &[String], asker: &[&str]) -> Seen {
    let mut words = vec!["query", city.to_str().unwrap()];
    words.extend(question.iter().map(String::as_str));
    words.extend(asker);
    let output = pingjiang(&words);
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text += &String::from_utf8_lossy(&output.stderr);
    assert!(!text.contains("panicked"), "{question:?}: {text}");
    let list = city.with_file_name("list.csv");
    if let Ok(bytes) = std::fs::read(&list) {
        text += &String::from_utf8_lossy(&bytes);
        std::fs::remove_file(&list).unwrap();
    }
    Seen { text }
}

/// Who asks, by which words, what that opens, and in which grids.
type Asking = (
    &'static str,
    &'static [&'static str],
    &'static [PersonalField],
    &'static [&'static str],
);

const ROLES: &[Asking] = &[
    ("nobody", &[], &[], &[]),
    ("operator", &["--role", "operator"], &[], &[]),
    (
        "operator in an incident",
        &["--role", "operator", "--purpose", "incident", "--note", "x"],
        &[
            PersonalField::Name,
            PersonalField::Phone,
            PersonalField::Door,
            PersonalField::Label,
            PersonalField::Contact,
            PersonalField::Report,
            PersonalField::Stream,
        ],
        &["东网格", "西网格"],
    ),
    (
        "community worker of the east",
        &[
            "--role",
            "community_worker",
            "--purpose",
            "notice",
            "--area",
            "东网格",
            "--note",
            "x",
        ],
        &[
            PersonalField::Name,
            PersonalField::Phone,
            PersonalField::Identity,
            PersonalField::BirthDate,
            PersonalField::Door,
            PersonalField::Label,
            PersonalField::Contact,
            PersonalField::Plate,
            PersonalField::Report,
        ],
        &["东网格"],
    ),
    (
        "grid worker of the west",
        &[
            "--role",
            "grid_worker",
            "--purpose",
            "service",
            "--area",
            "西网格",
            "--note",
            "x",
        ],
        &[
            PersonalField::Name,
            PersonalField::Phone,
            PersonalField::Door,
            PersonalField::Label,
            PersonalField::Contact,
            PersonalField::Plate,
            PersonalField::Report,
        ],
        &["西网格"],
    ),
    ("planner", &["--role", "planner"], &[], &[]),
    ("report writer", &["--role", "report_writer"], &[], &[]),
    ("manager", &["--role", "manager"], &[], &[]),
    ("administrator", &["--role", "administrator"], &[], &[]),
];

#[test]
fn every_question_under_every_role_tells_what_the_role_opens_and_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let city = city(folder.path());
    for (who, asker, opens, grids) in ROLES {
        let mut told = BTreeSet::new();
        for question in questions(folder.path()) {
            for format in [&[][..], &["--json"], &["--lang", "zh"]] {
                // Every third way of telling is enough for those who see nothing.
                if opens.is_empty() && format == ["--lang", "zh"] {
                    continue;
                }
                let seen = run(&city, &question, &[asker, format].concat());
                for planted in [&EAST, &WEST] {
                    for (field, value) in planted.values {
                        let is_asked = question.iter().any(|word| word.contains(value));
                        let may = opens.contains(field) && grids.contains(&planted.grid);
                        if seen.text.contains(value) && !is_asked {
                            assert!(may, "{who} is told {value} by {question:?}: {}", seen.text);
                        }
                        if seen.text.contains(value) {
                            told.insert((planted.grid, *field));
                        }
                    }
                }
            }
        }
        // Nothing shows reports and streams yet; plates only where somebody knows one.
        let is_shown = |field: &&PersonalField| {
            !matches!(field, PersonalField::Report | PersonalField::Stream)
        };
        for field in opens.iter().filter(is_shown) {
            for grid in *grids {
                assert!(
                    told.contains(&(*grid, *field)),
                    "{who} never sees {field:?} of {grid}"
                );
            }
        }
    }
}

#[test]
fn who_is_told_nothing_cannot_even_learn_by_asking() {
    let folder = tempfile::tempdir().unwrap();
    let city = city(folder.path());
    for (_, asker, opens, _) in ROLES.iter().filter(|role| role.2.is_empty()) {
        assert!(opens.is_empty());
        for planted in [&EAST, &WEST] {
            for (field, value) in planted.values {
                let words = ["search", value].map(str::to_owned);
                let there = run(&city, &words, asker).text;
                let not_there = run(&city, &["search".to_owned(), "鬱龘没".to_owned()], asker).text;
                assert_eq!(there, not_there, "{field:?} is found by {value}");
            }
        }
    }
}

#[test]
fn files_hold_nothing_in_clear() {
    let folder = tempfile::tempdir().unwrap();
    let city = city(folder.path());
    let operator = ["--role", "operator", "--purpose", "incident", "--note", "x"];
    let building = BuildingId::from_source("test", EAST.grid).to_string();
    run(&city, &["incident".to_owned(), building], &operator);
    for name in [
        "o.city.json",
        "o.geojson",
        "o.fgb",
        "o.gltf",
        "o.gpkg",
        "o.city.jsonl",
    ] {
        let to = folder.path().join(name);
        let arguments = [
            "export",
            city.to_str().unwrap(),
            "--to",
            to.to_str().unwrap(),
        ];
        let output = pingjiang(&arguments);
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{name}: {text}");
    }
    let commands: [&[&str]; 3] = [&["inspect"], &["inspect", "--json"], &["audit", "--json"]];
    for command in commands {
        let mut words = command.to_vec();
        words.insert(1, city.to_str().unwrap());
        let output = pingjiang(&words);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        for value in secrets() {
            assert!(!text.contains(value), "{value} is told by {command:?}");
        }
    }
    let mut files = vec![folder.path().to_owned()];
    let mut looked_at = 0;
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(
                std::fs::read_dir(&path)
                    .unwrap()
                    .map(|one| one.unwrap().path()),
            );
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        looked_at += 1;
        for value in secrets() {
            let mut parts = bytes.windows(value.len());
            let is_in = parts.any(|part| part == value.as_bytes());
            assert!(!is_in, "{value} is in {}", path.display());
        }
    }
    assert!(looked_at >= 8, "{looked_at} files");
}

fn secrets() -> impl Iterator<Item = &'static str> {
    let all = [&EAST, &WEST].into_iter();
    all.flat_map(|planted| planted.values.iter().map(|(_, value)| *value))
}
