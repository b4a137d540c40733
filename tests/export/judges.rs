//! What outside judges say of the files: cjval, GDAL, the validator of glTF.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Command, Output};

use super::dressed::{PICTURES, dressed};
use super::round_trips::DRESSED;
use super::support::borrowed;
use super::*;

#[test]
fn cityjson_passes_the_outside_judge() {
    let folder = tempfile::tempdir().unwrap();
    let mut files: Vec<PathBuf> = Vec::new();
    let mut put = |name: &str, ground: &Ground, format, options: &Options| {
        let path = folder.path().join(name);
        std::fs::write(&path, written(ground, format, options).0).unwrap();
        files.push(path);
    };
    let generated = Options {
        generated: true,
        ..every_day()
    };
    let empty = Ground::new(info(&Crs::from_epsg(4549).unwrap()));
    let community = community();
    put("empty.city.json", &empty, Format::CityJson, &every_day());
    put(
        "empty.city.jsonl",
        &empty,
        Format::CityJsonSeq,
        &every_day(),
    );
    put(
        "community.city.json",
        &community,
        Format::CityJson,
        &every_day(),
    );
    put("houses.city.json", &community, Format::CityJson, &generated);
    // The judge reads its schema anew for every line of a sequence: a few lines do.
    let areas = Options {
        layers: [EntityKind::Area, EntityKind::Water, EntityKind::Place].into(),
        ..every_day()
    };
    put(
        "community.city.jsonl",
        &community,
        Format::CityJsonSeq,
        &areas,
    );
    let dressed = dressed();
    put(
        "dressed.city.json",
        &dressed,
        Format::CityJson,
        &every_day(),
    );
    put(
        "dressed.city.jsonl",
        &dressed,
        Format::CityJsonSeq,
        &every_day(),
    );
    for (number, name) in DRESSED.iter().enumerate() {
        let Some(path) = borrowed(name) else { continue };
        let ground = imported(&path, Some(7415));
        for (ending, format) in [("json", Format::CityJson), ("jsonl", Format::CityJsonSeq)] {
            let name = format!("dressed-{number}.city.{ending}");
            put(&name, &ground, format, &every_day());
        }
    }
    for (name, crs) in [(ZURICH, None), (DELFT, None), (DUTCH, Some(7415))] {
        let Some(path) = borrowed(name) else { continue };
        let ground = imported(&path, crs);
        let name = name.len().to_string();
        put(
            &format!("{name}.city.json"),
            &ground,
            Format::CityJson,
            &every_day(),
        );
        if name == DUTCH.len().to_string() {
            put(
                &format!("{name}.city.jsonl"),
                &ground,
                Format::CityJsonSeq,
                &every_day(),
            );
        }
    }
    let files: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    for judged in judge::judge(&files, &[]) {
        assert!(judged.valid && judged.warnings.is_empty(), "{judged:?}");
    }
}

#[test]
fn the_judge_refuses_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wrong.city.json");
    let (bytes, _) = written(&community(), Format::CityJson, &every_day());
    let text = String::from_utf8(bytes).unwrap();
    std::fs::write(&path, text.replacen("\"Building\"", "\"Castle\"", 1)).unwrap();
    let [judged] = &judge::judge(&[&path], &[])[..] else {
        panic!()
    };
    assert!(
        !judged.valid && judged.errors[0].contains("schema"),
        "{judged:?}"
    );
}

/// Runs a tool of GDAL; `None` where it is not installed, which only CI forbids.
fn gdal(arguments: &[&str]) -> Option<Output> {
    match Command::new("ogrinfo").args(arguments).output() {
        Ok(output) => Some(output),
        Err(fault) if std::env::var_os("CI").is_none() => {
            eprintln!("skipped: ogrinfo cannot be run ({fault}); install gdal-bin");
            None
        }
        Err(fault) => panic!("ogrinfo: {fault}"),
    }
}

#[test]
fn gdal_reads_the_same_areas() {
    let ground = community();
    let folder = tempfile::tempdir().unwrap();
    let own = Crs::parse(&ground.info.crs).unwrap();
    let area: f64 = ground
        .buildings
        .values()
        .map(|one| pingjiang::space::area_m2(&one.footprint))
        .sum();
    for (name, format) in [
        ("a.fgb", Format::FlatGeobuf),
        ("a.geojson", Format::GeoJson),
    ] {
        let path = folder.path().join(name);
        let options = Options {
            crs: Some(own.clone()),
            ..every_day()
        };
        let (bytes, report) = written(&ground, format, &options);
        std::fs::write(&path, bytes).unwrap();
        let file = path.to_str().unwrap();
        let Some(all) = gdal(&["-ro", "-al", "-so", file]) else {
            return;
        };
        let about = String::from_utf8_lossy(&all.stdout).into_owned();
        assert_eq!(String::from_utf8_lossy(&all.stderr), "", "{name}");
        let mut count: usize = report.written.values().sum();
        if format == Format::FlatGeobuf {
            let roads = ground.roads.values();
            count += roads.filter(|one| has_both(one)).count();
        }
        assert!(
            about.contains(&format!("Feature Count: {count}\n")),
            "{about}"
        );
        assert!(about.contains("ID[\"EPSG\",4549]"), "{about}");
        let layer = about
            .split("Layer name: ")
            .nth(1)
            .unwrap()
            .lines()
            .next()
            .unwrap();
        let by = if format == Format::FlatGeobuf {
            "type = 'building'"
        } else {
            "pingjiang LIKE '%\"building\"%'"
        };
        let sql = format!(
            "SELECT count(*) AS n, sum(ST_Area(geometry)) AS m2, max(height) AS h FROM \"{layer}\" WHERE {by}"
        );
        let sums = gdal(&["-ro", "-q", "-dialect", "SQLITE", "-sql", &sql, file]).unwrap();
        let sums = String::from_utf8_lossy(&sums.stdout).replace("\"\"", "\"");
        let value = |name: &str| -> f64 {
            let line = sums
                .lines()
                .find(|line| line.trim().starts_with(&format!("{name} (")))
                .unwrap_or_else(|| panic!("{name}: {sums} {sql}"));
            line.split("= ").nth(1).unwrap().trim().parse().unwrap()
        };
        assert_eq!(value("n") as usize, ground.buildings.len(), "{name}");
        assert!(
            (value("m2") - area).abs() < 1e-3,
            "{name}: {} {area}",
            value("m2")
        );
    }
}

/// Whether a road has a centre line and surfaces.
pub(super) fn has_both(road: &pingjiang::model::Road) -> bool {
    !(road.line.0.is_empty() || road.surfaces.is_empty())
}

/// Where `.ci/setup test` puts the validator of glTF's authors.
fn validator() -> Option<PathBuf> {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")))?;
    let package = cache.join("pingjiang-npm/node_modules/gltf-validator");
    if package.exists() {
        return Some(package);
    }
    let is_ci = std::env::var("CI").as_deref() == Ok("true");
    assert!(
        !is_ci,
        "the npm package gltf-validator is missing: run .ci/setup test"
    );
    eprintln!("skipped: no {}; run .ci/setup test", package.display());
    None
}

const ASK: &str = "
const [validator, ...files] = process.argv.slice(1);
const {validateBytes} = require(validator);
const {dirname, join} = require('path');
const read = (file) => new Uint8Array(require('fs').readFileSync(file));
(async () => {
  for (const file of files) {
    const beside = async (uri) => read(join(dirname(file), decodeURIComponent(uri)));
    const report = await validateBytes(read(file), {externalResourceFunction: beside});
    console.log(JSON.stringify({file, issues: report.issues, triangles: report.info.totalTriangleCount,
      pictures: (report.info.resources || []).filter((one) => one.image).length}));
  }
})();";

/// A picture of four grey points.
fn grey_png() -> Vec<u8> {
    const POINTS: &[u8] = &[0, 128, 128, 0, 128, 128];
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut zipped = vec![
        0x78,
        0x01,
        0x01,
        POINTS.len() as u8,
        0,
        !(POINTS.len() as u8),
        0xff,
    ];
    zipped.extend(POINTS);
    zipped.extend(adler32(POINTS).to_be_bytes());
    let head = [0, 0, 0, 2, 0, 0, 0, 2, 8, 0, 0, 0, 0];
    for (kind, bytes) in [
        (b"IHDR", head.as_slice()),
        (b"IDAT", &zipped),
        (b"IEND", &[]),
    ] {
        png.extend((bytes.len() as u32).to_be_bytes());
        let chunk = [kind.as_slice(), bytes].concat();
        png.extend(&chunk);
        png.extend(crc32(&chunk).to_be_bytes());
    }
    png
}

fn put_pictures(folder: &Path, pictures: &BTreeMap<String, Vec<u8>>) {
    for (name, bytes) in pictures {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

fn adler32(bytes: &[u8]) -> u32 {
    let (mut a, mut b) = (1, 0);
    for byte in bytes {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    b << 16 | a
}

fn crc32(bytes: &[u8]) -> u32 {
    let bit = |crc: u32| {
        if crc & 1 == 1 {
            crc >> 1 ^ 0xedb8_8320
        } else {
            crc >> 1
        }
    };
    let byte = |crc: u32, byte: &u8| (0..8).fold(crc ^ u32::from(*byte), |crc, _| bit(crc));
    !bytes.iter().fold(u32::MAX, byte)
}

#[test]
fn gltf_passes_the_official_validator() {
    let Some(validator) = validator() else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new("node");
    command.args(["-e", ASK, "--"]).arg(validator);
    let generated = Options {
        generated: true,
        pictures: PICTURES.map(|name| (name.to_owned(), grey_png())).into(),
        ..every_day()
    };
    let empty = Ground::new(info(&Crs::from_epsg(4549).unwrap()));
    let mut cities = vec![
        ("empty".to_owned(), empty),
        ("community".to_owned(), community()),
    ];
    put_pictures(folder.path(), &generated.pictures);
    cities.push(("dressed".to_owned(), dressed()));
    for (number, name) in DRESSED.iter().enumerate() {
        let name =
            borrowed(name).map(|path| (format!("case {number}"), imported(&path, Some(7415))));
        cities.extend(name);
    }
    for (name, crs) in [(ZURICH, None), (DELFT, None), (DUTCH, Some(7415))] {
        cities.extend(borrowed(name).map(|path| (name.len().to_string(), imported(&path, crs))));
    }
    for (name, ground) in &cities {
        for (ending, format, options) in [
            ("glb", Format::Glb, &generated),
            ("flat.glb", Format::Glb, &every_day()),
            ("gltf", Format::Gltf, &generated),
        ] {
            let path = folder.path().join(format!("{name}.{ending}"));
            std::fs::write(&path, written(ground, format, options).0).unwrap();
            command.arg(path);
        }
    }
    let output = command.output().expect("node runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().count(), 3 * cities.len());
    for line in text.lines() {
        let report: Value = serde_json::from_str(line).unwrap();
        let issues = &report["issues"];
        assert_eq!(
            (
                &issues["numErrors"],
                &issues["numWarnings"],
                &issues["numInfos"]
            ),
            (&0.into(), &0.into(), &0.into()),
            "{line:.2000}"
        );
        let file = report["file"].as_str().unwrap();
        // Some of the borrowed cases have no area at all.
        let is_empty = file.contains("empty");
        let is_as_expected = (report["triangles"] == 0) == is_empty;
        assert!(is_as_expected || file.contains("case"), "{line:.300}");
        let has_pictures = file.contains("dressed") && !file.contains("flat");
        assert_eq!(report["pictures"] == 2, has_pictures, "{line:.300}");
    }
}
