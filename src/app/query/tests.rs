//! Arguments as anybody may type them: each is refused in words or answered, and nothing panics.

mod addressed;
mod typed;

use std::path::PathBuf;
use std::sync::LazyLock;

use clap::Parser;
use proptest::prelude::*;

use super::Query;
use super::named::record_called;
use super::opened::Opened;
use crate::app::import::Import;
use crate::app::tables::What;
use crate::base::{AreaId, ImportId, Timestamp};
use crate::model::{
    AdminArea, AreaLevel, Entity, EntityKind, GroundEdit, ImportRecord, LabelRules, Source,
};
use crate::store::{CityFile, Vault};

#[derive(Parser)]
struct Line<T: clap::Args> {
    #[command(flatten)]
    command: T,
}

fn parsed<T: clap::Args>(arguments: &[&str]) -> Result<T, clap::Error> {
    let line = std::iter::once("pingjiang").chain(arguments.iter().copied());
    Line::try_parse_from(line).map(|line| line.command)
}

/// A city of four houses with people, devices and an area, made once.
static CITY: LazyLock<(tempfile::TempDir, PathBuf)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("city.gpkg");
    let city = path.to_str().unwrap();
    let data = |name: &str| format!("{}/tests/data/{name}", env!("CARGO_MANIFEST_DIR"));
    let import = |files: &[&str]| {
        let files: Vec<String> = files
            .iter()
            .map(|name| data(&format!("registers/{name}")))
            .collect();
        let mut arguments: Vec<&str> = files.iter().map(String::as_str).collect();
        arguments.extend(["--into", city]);
        parsed::<Import>(&arguments).unwrap().run().unwrap();
    };
    import(&["basemap.geojson"]);
    import(&[
        "dwellings.csv",
        "residents.csv",
        "devices.csv",
        "cameras.csv",
        "facilities.csv",
    ]);
    let own = std::fs::read_to_string(data("tables/city.kinds.toml")).unwrap();
    std::fs::write(What::Kinds.path(&path), own).unwrap();
    let vault = Vault::find(&path, None).unwrap().vault();
    let mut file = CityFile::open_for_writing(&path, vault).unwrap();
    file.write(&area()).unwrap();
    (folder, path)
});

fn area() -> GroundEdit {
    let import = ImportId::from_source("test", "area");
    let corners = [[0.0, 0.0], [1e6, 0.0], [1e6, 1e7], [0.0, 1e7]].map(geo_types::Coord::from);
    GroundEdit {
        records: vec![ImportRecord {
            id: import,
            action: "import".to_owned(),
            file: "area".to_owned(),
            sha256: String::new(),
            time: Timestamp::from_millis(0),
            crs: String::new(),
            attribution: None,
            warnings: Default::default(),
        }],
        put: vec![Entity::from(AdminArea {
            id: AreaId::from_source("test", "a"),
            source: Source {
                dataset: "test".to_owned(),
                key: "a".to_owned(),
                import,
            },
            level: AreaLevel::Community,
            name: "平江社区".to_owned(),
            code: Some("320508".to_owned()),
            parent: None,
            polygon: Some(geo_types::Polygon::new(corners.to_vec().into(), Vec::new())),
        })],
        remove: Vec::new(),
    }
}

/// Every question with the options that a text may stand in.
const QUESTIONS: &[(&str, &[&str])] = &[
    (
        "near",
        &[
            "--at", "--of", "--lon", "--lat", "--radius", "--kind", "--where", "--label", "--in",
            "--limit",
        ],
    ),
    (
        "within",
        &[
            "--polygon",
            "--outline-of",
            "--polygon-file",
            "--kind",
            "--where",
            "--label",
            "--in",
        ],
    ),
    (
        "nearest",
        &["--at", "--of", "--count", "--kind", "--where", "--in"],
    ),
    ("along", &["", "--distance", "--kind", "--where"]),
    ("stats", &["--by", "--kind", "--where", "--label", "--in"]),
    ("search", &[""]),
    ("sees", &["--at", "--of", "--height", "--limit"]),
    ("coverage", &["--in", "--box", "--camera", "--cell"]),
    ("incident", &["", "--at", "--of", "--when"]),
    ("route", &["", "", "--by"]),
    ("quality", &["--by", "--list", "--in"]),
    ("person", &[""]),
    ("notify", &["--label", "--in"]),
];

/// Texts that stand for something here, and such as people mistype or mean badly.
const TEXTS: &[&str] = &[
    "560000,3465520",
    "560000.5, 3465520",
    "nan,1",
    "1e308,-1e308",
    "inf,inf",
    "264000;3466000",
    "",
    " ",
    "0,0 10,0 10,10 0,10",
    "0,0 10,10 10,0 0,10",
    "0,0 0,0",
    "0,0 1e308,0 0,1e308",
    "lon:120.63,31.31",
    "lon:,",
    "120.63",
    "31.31",
    "-181",
    "1e400",
    "0",
    "-1",
    "1",
    "3",
    "100",
    "99999999999999999999",
    "device",
    "device:smoke",
    "device:radon",
    "device:氡气",
    "device:nothing",
    "building,resident",
    "facility:hydrant",
    "resident",
    "household",
    "area",
    "plant",
    ":",
    "storeys>=3",
    "storeys>=x",
    "storeys=nan",
    "kind=smoke",
    "kind~",
    "name~平",
    "attributes.x=1",
    ">=3",
    "=",
    "birth_date>1950",
    "elderly_alone",
    "elderly",
    "平江社区",
    "320508",
    "area-0000000000000000",
    "平江路",
    "平江路12号101室",
    "dev-0000000000000000",
    "dev-zzzz",
    "bld-",
    "res-ffffffffffffffff",
    "community",
    "street",
    "square:50",
    "square:0",
    "square:1e-300",
    "hexagon:-5",
    "hexagon:1e300",
    "square:nan",
    "foot",
    "engine",
    "cart",
    "robot",
    "stale",
    "2026-05-01T00:00:00Z",
    "never",
    "pjl",
    "%_'\"; DROP TABLE device",
    "\u{0}",
    "--",
    "../../etc/passwd",
    "🚒",
    "\u{202e}路江平",
];

const ROLES: &[&[&str]] = &[
    &[],
    &["--role", "operator", "--purpose", "incident", "--note", "x"],
    &["--role", "planner"],
    &[
        "--role",
        "grid_worker",
        "--area",
        "320508",
        "--purpose",
        "service",
    ],
    &[
        "--role",
        "grid_worker",
        "--area",
        "%",
        "--purpose",
        "service",
    ],
    &["--role", "boss"],
    &["--json", "--lang", "zh"],
];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => prop::sample::select(TEXTS).prop_map(str::to_owned),
        1 => prop::collection::vec(prop::sample::select(TEXTS), 2..4).prop_map(|texts| texts.concat()),
        1 => any::<String>(),
        1 => any::<f64>().prop_map(|number| number.to_string()),
        1 => (any::<f64>(), any::<f64>()).prop_map(|(a, b)| format!("{a},{b}")),
    ]
}

/// A line to ask with: half of the time everything that the question takes, so that it gets far.
fn asked() -> impl Strategy<Value = Vec<String>> {
    let question = prop::sample::select(QUESTIONS);
    (
        question,
        prop::collection::vec(text(), 12),
        any::<u16>(),
        prop::sample::select(ROLES),
    )
        .prop_map(|((question, options), texts, mask, role)| {
            let mut line = vec![(*question).to_owned()];
            for (at, (option, text)) in options.iter().zip(texts).enumerate() {
                if option.is_empty() {
                    line.push(text);
                } else if mask >> at & 1 == 1 {
                    line.extend([(*option).to_owned(), text]);
                }
            }
            if question == "notify" {
                // Where it goes is not what is tried here.
                line.extend([
                    "--out".to_owned(),
                    CITY.0.path().join("no/list.csv").display().to_string(),
                ]);
            }
            line.extend(role.iter().map(|text| (*text).to_owned()));
            line
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn whatever_is_typed_is_answered_or_refused_in_words(line in asked()) {
        let city = CITY.1.to_str().unwrap();
        let arguments: Vec<&str> = std::iter::once(city).chain(line.iter().map(String::as_str)).collect();
        match parsed::<Query>(&arguments) {
            Ok(query) => {
                let told = query.run().map_err(|fault| format!("{fault:#}"));
                prop_assert!(!told.is_err_and(|told| told.trim().is_empty()));
            }
            Err(fault) => prop_assert!(!fault.to_string().trim().is_empty()),
        }
    }
}

#[track_caller]
fn refused(line: &[&str], with: &str) {
    let city = CITY.1.to_str().unwrap();
    let asked = [&[city], line].concat();
    let told = match parsed::<Query>(&asked) {
        Ok(query) => format!("{:#}", query.run().unwrap_err()),
        Err(fault) => fault.to_string(),
    };
    assert!(told.contains(with), "{line:?}: {told}");
}

#[test]
fn what_nothing_of_the_city_can_answer_is_refused_with_the_reason() {
    for line in [
        &["incident", "--at", "-5,3"][..],
        &["near", "--at", "-5,-3"],
        &["nearest", "--at", "-5,3"],
        &["sees", "--at", "-5,3"],
        &["route", "-5,3", "-6,3"],
    ] {
        refused(line, "km outside the city, which covers E");
    }
    refused(
        &["coverage", "--box", "-9,-9 -5,-5"],
        "the box touches nothing of the city",
    );
    let polygon = ["within", "--polygon", "-9,-9 -5,-9 -5,-5"];
    refused(&polygon, "the polygon touches nothing of the city");
    refused(&["coverage", "--cell", "1000"], "at most 50 m");
    refused(
        &["within", "--polygon-file", "no/such.geojson"],
        "there is no such file; check the name: no/such.geojson",
    );
    refused(&["coverage", "--out", "x.jpg"], "name it x.png");
    refused(
        &["near", "--at", "560000,3465520", "--limit", "0"],
        "from 1 on",
    );
    refused(
        &["near", "--at", "560000,3465520", "--radius", "-5"],
        "a radius is 0 m or more",
    );
    let area = AreaId::from_source("test", "a").to_string();
    refused(&["incident", &area], "stats --in");
    let ground = CityFile::open(&CITY.1, None)
        .unwrap()
        .load_ground()
        .unwrap();
    let road = ground.roads.keys().next().unwrap().to_string();
    refused(&["incident", &road], "along");
}

#[test]
fn an_incident_is_named_by_id_address_or_name() {
    let asked = parsed::<Query>(&[CITY.1.to_str().unwrap(), "incident", "x"]).unwrap();
    let opened = Opened::open(&CITY.1, &asked.asker).unwrap();
    let taken = |name: &str| {
        let key = record_called(&opened, name).map_err(|fault| format!("{fault:#}"))?;
        Ok::<_, String>((key.kind, opened.label(key)))
    };
    let house = taken("平江路１２号").unwrap();
    assert_eq!(house.0, EntityKind::Building);
    assert!(house.1.starts_with("平江路12号"), "{house:?}");
    assert_eq!(taken("助餐").unwrap().0, EntityKind::Facility);
    // A home is opened by the answer, not by looking for it beside others.
    let line = [
        "incident",
        "x",
        "--role",
        "值守调度员",
        "--purpose",
        "incident",
    ];
    let line = [&[CITY.1.to_str().unwrap()][..], &line].concat();
    let asked = parsed::<Query>(&line).unwrap();
    let operator = Opened::open(&CITY.1, &asked.asker).unwrap();
    let home = record_called(&operator, "平江路12号101").unwrap();
    assert_eq!(home.kind, EntityKind::Dwelling);
    assert!(operator.session().unwrap().opened().is_empty());
    assert_eq!(taken("pjlk").unwrap().0, EntityKind::Camera);
    let several = taken("平江路1").unwrap_err();
    for part in ["bld-", "平江路12号", "平江路14号", "by its id"] {
        assert!(several.contains(part), "{several}");
    }
    let nobody = taken("没有这个地方").unwrap_err();
    assert!(nobody.contains("search"), "{nobody}");
    let area = AreaId::from_source("test", "a").to_string().to_uppercase();
    refused(&["incident", "平江社区"], "stats --in");
    refused(&["incident", &format!(" {area} ")], "stats --in");
}

#[test]
fn a_role_or_label_that_is_none_is_answered_with_those_that_are_shown() {
    refused(
        &["search", "x", "--role", "调度"],
        "operator (值守调度员, dispatcher)",
    );
    refused(
        &["stats", "--by", "grid", "--label", "孤独"],
        "elderly_alone (",
    );
    let city = CITY.1.to_str().unwrap();
    let name = LabelRules::standard()
        .get("elderly_alone")
        .unwrap()
        .zh
        .clone();
    for label in ["elderly_alone", &name] {
        let asked = [
            "stats",
            "--by",
            "community",
            "--kind",
            "resident",
            "--label",
            label,
        ];
        let asked = [&[city][..], &asked].concat();
        parsed::<Query>(&asked).unwrap().run().unwrap();
    }
}

#[test]
fn a_kind_of_device_may_be_named_as_people_call_it_and_must_be_one() {
    let run = |kind: &str| {
        let city = CITY.1.to_str().unwrap();
        let asked = [city, "stats", "--by", "community", "--kind", kind];
        let query = parsed::<Query>(&asked).unwrap();
        query.run().map_err(|fault| format!("{fault:#}"))
    };
    // The last one is in the city, and in no table.
    for kind in [
        "device:smoke",
        "device:氡气",
        "device:Radon",
        "device:神秘设备",
    ] {
        assert_eq!(run(kind), Ok(()), "{kind}");
    }
    let told = run("device:smok").unwrap_err();
    assert!(
        told.contains("no kind of device \"smok\"") && told.contains("radon"),
        "{told}"
    );
}
