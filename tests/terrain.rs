//! Terrain against GDAL: rasters written by `gdal_translate` in every way that heights come, read
//! here, and every height held against `gdallocationinfo` and the raster itself. And the way
//! through the command: buildings stand on it, and an undo takes them down again.

use std::path::{Path, PathBuf};
use std::process::Command;

use pingjiang::ingest::{self, RawCity, ReadOptions};
use pingjiang::space::TinIndex;
use pingjiang::store::CityFile;

/// A hilly raster of 300 × 200 heights in EPSG:4549, with a lake without data.
const COLUMNS: usize = 300;
const ROWS: usize = 200;
const WEST: f64 = 557_000.0;
const NORTH: f64 = 3_468_000.0;
const STEP_M: f64 = 2.0;
const NO_DATA: f32 = -9_999.0;

fn height_m(column: usize, row: usize) -> f32 {
    let (x, y) = (column as f32, row as f32);
    if (x - 220.0).hypot(y - 60.0) < 25.0 {
        return NO_DATA;
    }
    12.0 + 9.0 * (x * 0.04).sin() * (y * 0.05).cos() + 0.3 * (x * 0.9).sin()
}

/// The raster between its nodes, by weight of nearness.
fn between_nodes(x: f64, y: f64) -> f64 {
    let (column, row) = ((x - WEST) / STEP_M - 0.5, (NORTH - y) / STEP_M - 0.5);
    let (east, south) = (column.fract(), row.fract());
    let at = |c: usize, r: usize| {
        f64::from(height_m(
            column.floor() as usize + c,
            row.floor() as usize + r,
        ))
    };
    (at(0, 0) * (1.0 - east) + at(1, 0) * east) * (1.0 - south)
        + (at(0, 1) * (1.0 - east) + at(1, 1) * east) * south
}

fn run(program: &str, arguments: &[&str]) -> String {
    let out = Command::new(program).args(arguments).output();
    let out = out.unwrap_or_else(|fault| panic!("{program}: {fault}"));
    let message = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success(), "{program} {arguments:?}: {message}");
    String::from_utf8(out.stdout).unwrap()
}

/// The raster as an ESRI text grid: the one form that needs no tool to write.
fn written(folder: &Path) -> PathBuf {
    let south = NORTH - ROWS as f64 * STEP_M;
    let mut text = format!(
        "ncols {COLUMNS}\nnrows {ROWS}\nxllcorner {WEST}\nyllcorner {south}\ncellsize {STEP_M}\n\
         NODATA_value {NO_DATA}\n"
    );
    for row in 0..ROWS {
        let line: Vec<String> = (0..COLUMNS)
            .map(|column| height_m(column, row).to_string())
            .collect();
        text.push_str(&line.join(" "));
        text.push('\n');
    }
    let path = folder.join("hills.asc");
    std::fs::write(&path, text).unwrap();
    path
}

/// What GDAL makes of the raster with these options.
fn translated(folder: &Path, name: &str, options: &[&str]) -> PathBuf {
    let (from, to) = (written(folder), folder.join(name));
    let paths = [from.to_str().unwrap(), to.to_str().unwrap()];
    let options = [&["-q", "-a_srs", "EPSG:4549"], options, &paths].concat();
    run("gdal_translate", &options);
    to
}

fn read(path: &Path) -> RawCity {
    let file = ingest::read_file(path, &ReadOptions::default());
    file.unwrap_or_else(|fault| panic!("{fault}")).raw
}

fn index_of(raw: &RawCity) -> TinIndex {
    TinIndex::new(raw.features.iter().flat_map(|one| &one.shape.tins))
}

/// Every node of the raster lies within the tolerance, and the lake is open.
fn check_nodes(raw: &RawCity, what: &str, tolerance_m: f64) {
    let index = index_of(raw);
    let (mut found, mut open) = (0, 0);
    for row in 0..ROWS {
        for column in 0..COLUMNS {
            let x = WEST + (column as f64 + 0.5) * STEP_M;
            let y = NORTH - (row as f64 + 0.5) * STEP_M;
            let expected = height_m(column, row);
            match index.height_at([x, y]) {
                Some(height_m) if expected != NO_DATA => {
                    found += 1;
                    let off = (height_m - f64::from(expected)).abs();
                    assert!(off <= tolerance_m, "{what}, {column} {row}: {off} m off");
                }
                Some(_) => panic!("{what}, {column} {row}: there is no ground"),
                None => open += usize::from(expected == NO_DATA),
            }
        }
    }
    assert!(
        found > 57_000 && open > 1_900,
        "{what}: {found} heights, {open} without"
    );
}

#[test]
fn heights_are_read_however_they_are_stored() {
    let folder = tempfile::tempdir().unwrap();
    let ways: [(&str, &[&str], f64); 9] = [
        ("plain.tif", &[], 0.16),
        (
            "deflate.tif",
            &["-co", "COMPRESS=DEFLATE", "-co", "PREDICTOR=3"],
            0.16,
        ),
        (
            "lzw.tif",
            &["-co", "COMPRESS=LZW", "-co", "PREDICTOR=2", "-ot", "Int16"],
            0.66,
        ),
        (
            "tiled.tif",
            &[
                "-co",
                "TILED=YES",
                "-co",
                "BLOCKXSIZE=64",
                "-co",
                "BLOCKYSIZE=48",
            ],
            0.16,
        ),
        (
            "double.tif",
            &["-ot", "Float64", "-co", "ENDIANNESS=BIG"],
            0.16,
        ),
        (
            "big.tif",
            &["-co", "BIGTIFF=YES", "-co", "BLOCKYSIZE=7"],
            0.16,
        ),
        (
            "unsigned.tif",
            &[
                "-ot",
                "UInt16",
                "-a_nodata",
                "0",
                "-scale",
                "-9999",
                "55536",
                "0",
                "65535",
            ],
            0.66,
        ),
        (
            "world.tif",
            &["-co", "PROFILE=BASELINE", "-co", "TFW=YES"],
            0.16,
        ),
        ("point.tif", &["-mo", "AREA_OR_POINT=Point"], 0.16),
    ];
    for (name, options, tolerance_m) in ways {
        let path = translated(folder.path(), name, options);
        let raw = read(&path);
        if name == "unsigned.tif" {
            // Stored 9,999 above the truth: only that it is read can be seen.
            let height_m = index_of(&raw)
                .height_at([WEST + 101.0, NORTH - 101.0])
                .unwrap();
            let expected = f64::from(self::height_m(50, 50)) + 9_999.0;
            assert!((height_m - expected).abs() <= tolerance_m, "{height_m}");
            continue;
        }
        check_nodes(&raw, name, tolerance_m);
        let code = raw.crs.as_ref().and_then(|crs| crs.epsg());
        let is_bare = name == "world.tif";
        assert_eq!(code, (!is_bare).then_some(4549), "{name}");
    }
}

#[test]
fn the_place_and_the_heights_are_those_that_gdal_says() {
    let folder = tempfile::tempdir().unwrap();
    let raw = translated(folder.path(), "hills.tif", &[]);
    for (code, resolution) in [
        ("EPSG:4490", "0.00002"),
        ("EPSG:32651", "2"),
        ("EPSG:4528", "3"),
    ] {
        let warped = folder.path().join("warped.tif");
        let paths = [raw.to_str().unwrap(), warped.to_str().unwrap()];
        let options = [
            "-q",
            "-overwrite",
            "-t_srs",
            code,
            "-tr",
            resolution,
            resolution,
        ];
        run("gdalwarp", &[&options[..], &paths].concat());
        let read = read(&warped);
        let info = run("gdalinfo", &["-json", warped.to_str().unwrap()]);
        let info: serde_json::Value = serde_json::from_str(&info).unwrap();
        let number = code.trim_start_matches("EPSG:");
        let wkt = info["coordinateSystem"]["wkt"].as_str().unwrap();
        assert!(
            wkt.trim_end().ends_with(&format!("ID[\"EPSG\",{number}]]")),
            "{wkt}"
        );
        assert_eq!(
            read.crs.as_ref().map(|crs| crs.name()).as_deref(),
            Some(code)
        );
        let place: Vec<f64> = serde_json::from_value(info["geoTransform"].clone()).unwrap();
        let index = index_of(&read);
        let mut held = 0;
        for k in 0..40 {
            let (column, row) = ((k * 37) % 250 + 20, (k * 53) % 150 + 20);
            let at = [
                "-valonly",
                warped.to_str().unwrap(),
                &column.to_string(),
                &row.to_string(),
            ];
            let said = run("gdallocationinfo", &at);
            let Some(expected) = said.trim().parse::<f64>().ok().filter(|v| *v > -9_000.0) else {
                continue;
            };
            let (column, row) = (f64::from(column) + 0.5, f64::from(row) + 0.5);
            let x = place[0] + column * place[1] + row * place[2];
            let y = place[3] + column * place[4] + row * place[5];
            if let Some(height_m) = index.height_at([x, y]) {
                held += 1;
                assert!(
                    (height_m - expected).abs() <= 0.16,
                    "{code}: {height_m}, not {expected}"
                );
            }
        }
        assert!(held > 15, "{code}: {held}");
    }
}

#[test]
fn a_list_of_heights_is_the_raster_it_came_from() {
    let folder = tempfile::tempdir().unwrap();
    let plain = translated(folder.path(), "hills.xyz", &["-of", "XYZ"]);
    check_nodes(&read(&plain), "xyz", 0.16);
    let named = [
        "-of",
        "XYZ",
        "-co",
        "COLUMN_SEPARATOR=;",
        "-co",
        "ADD_HEADER_LINE=YES",
    ];
    let named = translated(folder.path(), "named.xyz", &named);
    check_nodes(&read(&named), "xyz with names", 0.16);
    // In any order, and without the lines that have no height.
    let text = std::fs::read_to_string(&plain).unwrap();
    let mut lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.contains("-9999"))
        .collect();
    lines.sort_unstable();
    let mixed = folder.path().join("mixed.xyz");
    std::fs::write(&mixed, lines.join("\r\n")).unwrap();
    check_nodes(&read(&mixed), "mixed xyz", 0.16);
}

#[test]
fn what_a_file_claims_is_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let path = translated(folder.path(), "small.tif", &[]);
    let sound = std::fs::read(&path).unwrap();
    let refused = |bytes: &[u8], reason: &str| {
        let path = folder.path().join("faulty.tif");
        std::fs::write(&path, bytes).unwrap();
        let fault = ingest::read_file(&path, &ReadOptions::default())
            .unwrap_err()
            .to_string();
        assert!(
            fault.contains(reason) && fault.contains("faulty.tif"),
            "{fault}"
        );
    };
    // Honest files without a single chunk: 10 GB of heights, and less that is still too much for
    // what is there.
    let empty = folder.path().join("empty.tif");
    for (side, reason) in [
        ("50000", "gdal_translate -srcwin"),
        ("12000", "bytes can hold"),
    ] {
        let path = empty.to_str().unwrap();
        let tiles = [
            "-co",
            "TILED=YES",
            "-co",
            "BLOCKXSIZE=4096",
            "-co",
            "BLOCKYSIZE=4096",
        ];
        let sparse = [
            "-q",
            "-ot",
            "Float32",
            "-outsize",
            side,
            side,
            "-co",
            "SPARSE_OK=TRUE",
        ];
        run("gdal_create", &[&sparse[..], &tiles, &[path]].concat());
        let fault = ingest::read_file(&empty, &ReadOptions::default()).unwrap_err();
        assert!(fault.to_string().contains(reason), "{fault}");
        std::fs::remove_file(&empty).unwrap();
    }
    // Width and height are the first two entries of the directory.
    let directory = u32::from_le_bytes(sound[4..8].try_into().unwrap()) as usize;
    for claim in [u32::MAX, 0, 50_000] {
        let mut bytes = sound.clone();
        for entry in 0..2 {
            let at = directory + 2 + entry * 12;
            bytes[at + 2..at + 4].copy_from_slice(&4_u16.to_le_bytes());
            bytes[at + 8..at + 12].copy_from_slice(&claim.to_le_bytes());
        }
        refused(&bytes, "gdal_translate");
    }
    refused(&sound[..sound.len() / 2], "get the file again");
    let picture = folder.path().join("picture.tif");
    let created = [
        "-q",
        "-outsize",
        "9",
        "9",
        "-bands",
        "3",
        picture.to_str().unwrap(),
    ];
    run("gdal_create", &created);
    let fault = ingest::read_file(&picture, &ReadOptions::default()).unwrap_err();
    assert!(fault.to_string().contains("3 bands"), "{fault}");
    let astray = translated(folder.path(), "astray.tif", &["-co", "PROFILE=BASELINE"]);
    let fault = ingest::read_file(&astray, &ReadOptions::default()).unwrap_err();
    assert!(fault.to_string().contains(".tfw"), "{fault}");
}

/// The program, which must succeed; what it says as JSON.
fn pingjiang(arguments: &[&str]) -> serde_json::Value {
    let text = run(env!("CARGO_BIN_EXE_pingjiang"), arguments);
    serde_json::from_str(&text).unwrap()
}

#[test]
fn buildings_stand_on_terrain_and_an_undo_takes_them_down() {
    let folder = tempfile::tempdir().unwrap();
    let hills = translated(folder.path(), "hills.tif", &[]);
    let (x, y) = (WEST + 100.0, NORTH - 100.0);
    let house = folder.path().join("house.geojson");
    let ring = [
        [x, y],
        [x + 12.0, y],
        [x + 12.0, y + 8.0],
        [x, y + 8.0],
        [x, y],
    ];
    let feature = serde_json::json!({"type": "Feature", "id": "h1",
        "properties": {"building": "yes", "height": 6.0},
        "geometry": {"type": "Polygon", "coordinates": [ring]}});
    let name = serde_json::json!({"type": "name", "properties": {"name": "EPSG:4549"}});
    let text = serde_json::json!({"type": "FeatureCollection", "crs": name, "features": [feature]});
    std::fs::write(&house, text.to_string()).unwrap();
    let city = folder.path().join("city.gpkg");
    let (into, hills) = (city.to_str().unwrap(), hills.to_str().unwrap());
    let house = house.to_str().unwrap();
    let foot = || {
        let ground = CityFile::open(&city, None).unwrap().load_ground().unwrap();
        let building = ground.buildings.values().next().unwrap().clone();
        let origin = building.attributes.get("pingjiang:ground").cloned();
        (building.ground_m, origin, ground.terrain.len())
    };
    pingjiang(&["import", house, "--into", into, "--json"]);
    assert_eq!(foot(), (0.0, None, 0));
    let report = pingjiang(&["import", hills, "--into", into, "--json"]);
    assert!(
        report.to_string().contains("1 thing stands on the terrain"),
        "{report}"
    );
    let (ground_m, origin, tiles) = foot();
    assert_eq!((origin, tiles), (Some("terrain".into()), 2));
    let lowest = (0..=24)
        .flat_map(|i| (0..=16).map(move |j| (f64::from(i) * 0.5, f64::from(j) * 0.5)))
        .filter(|(i, j)| *i == 0.0 || *i == 12.0 || *j == 0.0 || *j == 8.0)
        .map(|(i, j)| between_nodes(x + i, y + j))
        .fold(f64::INFINITY, f64::min);
    assert!((ground_m - lowest).abs() < 0.3, "{ground_m}, not {lowest}");
    // The same terrain again changes nothing; taken back, the house stands where it stood.
    let again = pingjiang(&["import", hills, "--into", into, "--json"]);
    assert_eq!(again["written"]["updated"], 0, "{again}");
    let id = report["files"][0]["id"].as_str().unwrap();
    let undone = pingjiang(&["import", "--into", into, "--undo", id, "--json"]);
    assert_eq!(foot(), (0.0, None, 0), "{undone}");
}
