//! Inputs to begin with: our own small files, and borrowed ones where they are at hand.

use std::fs;
use std::path::{Path, PathBuf};

/// Borrowed files above this are too slow to be worth a mutation.
const BORROWED_MAX_BYTES: u64 = 40_000;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn own(names: &[&str]) -> Vec<Vec<u8>> {
    let read = |name: &&str| {
        let path = root().join(name);
        fs::read(&path).unwrap_or_else(|fault| panic!("{path:?}: {fault}"))
    };
    names.iter().map(read).collect()
}

/// Every line of a file on its own, and all of them together.
fn lines(name: &str) -> Vec<Vec<u8>> {
    let whole = own(&[name]).remove(0);
    let each = whole
        .split(|byte| *byte == b'\n')
        .filter(|it| !it.is_empty());
    let mut seeds: Vec<Vec<u8>> = each.map(<[u8]>::to_vec).collect();
    seeds.push(whole);
    seeds
}

/// Files that were found to fail once, by name.
pub fn found(target: &str) -> Vec<(String, Vec<u8>)> {
    let mut paths = Vec::new();
    below(&root().join("tests/data/fuzz/found"), &mut paths);
    let named = paths.into_iter().filter_map(|path| {
        let name = path.file_name()?.to_str()?.to_owned();
        (name.split('-').next() == Some(target)).then_some((name, path))
    });
    named
        .map(|(name, path)| (name, fs::read(path).expect("it can be read")))
        .collect()
}

fn below(folder: &Path, paths: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    let mut entries: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        match path.is_dir() {
            true => below(&path, paths),
            false => paths.push(path),
        }
    }
}

/// Borrowed files with this ending; none when the data are not at hand: they only add variety.
/// Never in a plain test, which must do the same on every machine.
fn borrowed(ending: &str) -> Vec<Vec<u8>> {
    if std::env::var("MINUTES").is_err() {
        return Vec::new();
    }
    let folder = std::env::var("PINGJIANG_TEST_DATA").unwrap_or_else(|_| "../shared/data".into());
    let mut paths = Vec::new();
    below(&root().join(folder), &mut paths);
    let fits = |path: &&PathBuf| {
        let size = fs::metadata(path).map_or(u64::MAX, |known| known.len());
        size <= BORROWED_MAX_BYTES && path.to_string_lossy().ends_with(ending)
    };
    let fitting = paths.iter().filter(fits);
    fitting.filter_map(|path| fs::read(path).ok()).collect()
}

/// GeoJSON.
pub fn geojson() -> Vec<Vec<u8>> {
    let names = [
        "tests/data/ingest/every_kind.geojson",
        "tests/data/fuzz/rings.geojson",
        "tests/data/fuzz/feature.geojson",
        "tests/data/fuzz/features.geojsonl",
        "tests/data/fuzz/projected.geojson",
    ];
    [own(&names), borrowed(".geojson")].concat()
}

/// CityJSON.
pub fn cityjson() -> Vec<Vec<u8>> {
    let names = [
        "tests/data/ingest/every_type.city.json",
        "tests/data/ingest/old.city.json",
        "tests/data/ingest/looks.city.json",
    ];
    [own(&names), borrowed(".city.json")].concat()
}

/// CityJSON text sequences.
pub fn cityjson_seq() -> Vec<Vec<u8>> {
    let names = ["tests/data/ingest/two.city.jsonl"];
    [own(&names), borrowed(".city.jsonl")].concat()
}

/// CityGML.
pub fn citygml() -> Vec<Vec<u8>> {
    let names = ["tests/data/ingest/two.gml", "tests/data/ingest/three.gml"];
    [own(&names), borrowed(".gml")].concat()
}

/// OpenStreetMap's binary format.
pub fn osm_pbf() -> Vec<Vec<u8>> {
    let own = own(&["tests/data/fuzz/town.osm.pbf"]);
    [own, borrowed(".osm.pbf"), borrowed(".osh.pbf")].concat()
}

/// OpenStreetMap's XML, also as a change.
pub fn osm_xml() -> Vec<Vec<u8>> {
    own(&["tests/data/fuzz/town.osm", "tests/data/fuzz/change.osc"])
}

/// FlatGeobuf.
pub fn flatgeobuf() -> Vec<Vec<u8>> {
    let names = [
        "tests/data/fuzz/houses.fgb",
        "tests/data/fuzz/houses_plain.fgb",
    ];
    [own(&names), borrowed(".fgb")].concat()
}

/// GeoPackages.
pub fn geopackage() -> Vec<Vec<u8>> {
    own(&["tests/data/fuzz/houses.geopackage"])
}

/// Shapes and their table in one: the length of the shapes, the shapes, the table.
pub fn shapefile() -> Vec<Vec<u8>> {
    let alone = borrowed(".shp").into_iter().map(|shapes| {
        let length = u32::try_from(shapes.len()).expect("it is small");
        [&length.to_le_bytes()[..], &shapes].concat()
    });
    let mut seeds = own(&["tests/data/fuzz/houses.shp_dbf"]);
    seeds.extend(alone);
    seeds
}

/// Tables of text.
pub fn csv() -> Vec<Vec<u8>> {
    own(&["tests/data/fuzz/places.csv", "tests/data/fuzz/shapes.csv"])
}

/// Tables of times and numbers, in the ways that loggers and people write them.
pub fn series() -> Vec<Vec<u8>> {
    let texts = [
        "Time,Water flow [l/s]\n2022-03-27T01:00:00+01:00,100.5\n2022-03-27T03:00:00+02:00,100.7\n",
        "2015-12-18 00:00:00\t10231\t12.8\r\n2015-12-18 00:15:00\t10232\tNAN\r\n",
        "2015 \t 09 \t 15 \t 12 \t 00 \t 0\n2015 \t 09 \t 15 \t 11 \t 15 \t 0.01\n",
        "测点;时间;沉降（mm）\nA;2024年5月1日 8时30分;1,5\nB;2024年5月2日 8时30分;-9999\n",
        "longitude,latitude,year,rainfall_mm\n113.3,22.7,2018,311\n113.3,22.7,2019,--\n",
        "ts 1714521600 1\nts 1714525200 2\n",
        "TOA5,CR1000,1,2\nTIMESTAMP,RECORD,Tilt\nTS,RN,deg\n2024-05-01 00:10:00,1,0.5\n",
    ];
    texts.map(|text| text.as_bytes().to_vec()).into()
}

/// Registers: tables of text and a workbook.
pub fn register() -> Vec<Vec<u8>> {
    own(&[
        "tests/data/registers/dwellings.csv",
        "tests/data/registers/residents.csv",
        "tests/data/registers/residents_gb18030.csv",
        "tests/data/registers/migrants.xlsx",
        "tests/data/registers/vehicles.csv",
        "tests/data/registers/devices.csv",
        "tests/data/registers/cameras.csv",
        "tests/data/registers/facilities.csv",
        "tests/data/registers/responders.csv",
        "tests/data/registers/events.csv",
    ])
}

/// Mappings of registers.
pub fn register_mapping() -> Vec<Vec<u8>> {
    own(&["tests/data/registers/mapping.toml"])
}

/// Mappings.
pub fn mapping() -> Vec<Vec<u8>> {
    own(&["tests/data/fuzz/mapping.toml"])
}

/// Everything an import reads.
pub fn any_import() -> Vec<Vec<u8>> {
    let all = [geojson(), cityjson(), cityjson_seq()].concat();
    // The format shows itself near the beginning; long files only take time.
    all.into_iter().filter(|seed| seed.len() < 8_000).collect()
}

/// Tables of device kinds.
pub fn kinds() -> Vec<Vec<u8>> {
    own(&[
        "assets/device_kinds.toml",
        "tests/data/tables/city.kinds.toml",
    ])
}

/// Alarm rules.
pub fn alarms() -> Vec<Vec<u8>> {
    let mut all = own(&[
        "assets/alarm_rules.toml",
        "tests/data/tables/city.alarms.toml",
    ]);
    let used: Vec<_> = all
        .iter()
        .map(|seed| {
            String::from_utf8_lossy(seed)
                .replace("on = false\n", "")
                .into_bytes()
        })
        .collect();
    all.extend(used);
    all.push(SUPPRESSIONS.as_bytes().to_vec());
    all
}

/// Every way in which alarms are suppressed by design.
const SUPPRESSIONS: &str = r#"
[[suppress]]
id = "cover_open"
zh = "井盖已开"
en = "Cover is open"
kinds = ["water_level"]
rules = ["threshold"]
while.alarm = { of = ["threshold"], kinds = ["manhole_cover"], within = { riser = 3.0 } }

[[suppress]]
id = "works"
zh = "检修"
en = "Works"
groups = ["household_chores", "smart_security"]
people_safety = true
while.planned = [{ from = "2026-05-01T00:00:00Z", to = "2026-05-01T00:30:00Z" }]

[[suppress]]
id = "night"
zh = "夜间"
en = "Night"
kinds = ["electric_load"]
while.schedule = [{ from = "08:10", to = "08:40", days = ["fri"] }]
"#;

/// Dispatch.
pub fn dispatch() -> Vec<Vec<u8>> {
    own(&[
        "assets/dispatch.toml",
        "tests/data/tables/city.dispatch.toml",
    ])
}

/// Labels.
pub fn labels() -> Vec<Vec<u8>> {
    own(&[
        "assets/label_rules.toml",
        "tests/data/tables/city.labels.toml",
    ])
}

/// Roles.
pub fn roles() -> Vec<Vec<u8>> {
    own(&["assets/roles.toml", "tests/data/tables/city.roles.toml"])
}

/// Accounts.
pub fn accounts() -> Vec<Vec<u8>> {
    own(&["tests/data/tables/city.accounts.toml"])
}

/// Travellers.
pub fn travellers() -> Vec<Vec<u8>> {
    own(&[
        "assets/travellers.toml",
        "tests/data/tables/city.travellers.toml",
    ])
}

/// Rules for matching.
pub fn matching() -> Vec<Vec<u8>> {
    own(&[
        "assets/matching.toml",
        "tests/data/tables/city.matching.toml",
    ])
}

/// What an engine goes by.
pub fn engine() -> Vec<Vec<u8>> {
    own(&["assets/engine.toml", "tests/data/tables/city.engine.toml"])
}

/// How tilt is judged.
pub fn monitor() -> Vec<Vec<u8>> {
    own(&["assets/monitor.toml", "tests/data/tables/city.monitor.toml"])
}

/// Feeds.
pub fn feeds() -> Vec<Vec<u8>> {
    own(&["assets/feeds.toml", "tests/data/tables/city.feeds.toml"])
}

/// Looks.
pub fn look() -> Vec<Vec<u8>> {
    own(&["assets/look.toml"])
}

/// Areas.
pub fn area() -> Vec<Vec<u8>> {
    own(&["maps/zjl/area.toml"])
}

/// Names of coordinate systems.
pub fn crs() -> Vec<Vec<u8>> {
    lines("tests/data/fuzz/crs.txt")
}

/// Coordinate systems as well-known text: OGC's first, ESRI's and the second, one a line.
pub fn wkt() -> Vec<Vec<u8>> {
    let borrowed = [borrowed(".prj"), borrowed(".PRJ")].concat();
    [lines("tests/data/fuzz/wkt.txt"), borrowed].concat()
}

/// Times.
pub fn times() -> Vec<Vec<u8>> {
    lines("tests/data/fuzz/times.txt")
}

/// Lines of the connect protocol.
#[cfg(feature = "net")]
pub fn events() -> Vec<Vec<u8>> {
    lines("tests/data/fuzz/events.jsonl")
}

/// Commands, and answers to them.
#[cfg(feature = "net")]
pub fn commands() -> Vec<Vec<u8>> {
    lines("tests/data/fuzz/commands.jsonl")
}

/// Logs.
pub fn batches() -> Vec<Vec<u8>> {
    lines("tests/data/fuzz/batches.jsonl")
}

/// Live states.
pub fn snapshots() -> Vec<Vec<u8>> {
    lines("tests/data/fuzz/snapshots.jsonl")
}

/// Key files.
pub fn keys() -> Vec<Vec<u8>> {
    own(&["tests/data/fuzz/key.txt"])
}
