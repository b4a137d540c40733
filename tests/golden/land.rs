//! Land that rises and falls, with what lies and stands on it: a hill of heights, a road and a pond
//! over it, houses, two placed models; and the same city beside its next version. Taken by the
//! binary, from files as a person would bring them.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use pingjiang::view::Picture;

use super::{judge, support::borrowed};

/// South-west corner, EPSG:32651.
const CORNER: [f64; 2] = [280_000.0, 3_460_000.0];

/// Heights every 10 metres over 600 by 500 metres: a hill and a gentle rise to the east.
fn heights() -> String {
    let mut text = String::new();
    for row in 0..50 {
        for column in 0..60 {
            let [x, y] = [f64::from(column) * 10.0, f64::from(row) * 10.0];
            let away = (x - 300.0).powi(2) + (y - 330.0).powi(2);
            let height_m = 10.0 + 45.0 * (-away / 20_000.0).exp() + x * 0.02;
            let [e, n] = [x + CORNER[0], y + CORNER[1]];
            let _ = writeln!(text, "{e} {n} {height_m:.2}");
        }
    }
    text
}

fn feature(id: &str, kind: &str, form: &str, points: &[[f64; 2]]) -> serde_json::Value {
    let at = points
        .iter()
        .map(|[x, y]| [x + CORNER[0], y + CORNER[1]])
        .collect::<Vec<_>>();
    let coordinates = match form {
        "Polygon" => serde_json::json!([at]),
        _ => serde_json::json!(at),
    };
    serde_json::json!({
        "type": "Feature",
        "id": id,
        "properties": {"kind": kind, "height": 8, "width": 8},
        "geometry": {"type": form, "coordinates": coordinates},
    })
}

/// Houses along three sides, a road over the hill, a pond; the second version lacks a lane and two
/// houses and has a new road.
fn things(version: u8) -> String {
    let mut features = Vec::new();
    for house in 0..36_u8 {
        let x = 40.0 + f64::from(house % 12) * 45.0;
        let y = 40.0 + f64::from(house / 12) * 190.0;
        let ring = [
            [x, y],
            [x + 18.0, y],
            [x + 18.0, y + 12.0],
            [x, y + 12.0],
            [x, y],
        ];
        if version == 1 || !(3..5).contains(&house) {
            let id = format!("house-{house}");
            features.push(feature(&id, "building", "Polygon", &ring));
        }
    }
    let over = |step: i32| {
        let x = f64::from(step) * 20.0;
        [x, 280.0 + 60.0 * (x / 90.0).sin()]
    };
    let road: Vec<_> = (1..29).map(over).collect();
    features.push(feature("road", "street", "LineString", &road));
    let round = |step: i32| {
        let turn = f64::from(step % 24) * std::f64::consts::TAU / 24.0;
        [450.0 + 45.0 * turn.cos(), 150.0 + 30.0 * turn.sin()]
    };
    let pond: Vec<_> = (0..=24).map(round).collect();
    features.push(feature("pond", "pond", "Polygon", &pond));
    let (id, from) = if version == 1 {
        ("lane", 200.0)
    } else {
        ("new", 400.0)
    };
    let line = [[from, 20.0], [from + 30.0, 470.0]];
    features.push(feature(id, "street", "LineString", &line));
    serde_json::json!({
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32651"}},
        "features": features,
    })
    .to_string()
}

fn pingjiang(folder: &Path, arguments: &str) {
    let output = Command::new(env!("CARGO_BIN_EXE_pingjiang"))
        .args(arguments.split_whitespace())
        .current_dir(folder)
        .output()
        .expect("the program starts");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments}: {told}");
}

fn shot(folder: &Path, more: &str) -> Picture {
    let common = "shot land.gpkg --size 640x360 --out shot.png --layers";
    pingjiang(folder, &format!("{common} {more}"));
    let file = fs::File::open(folder.join("shot.png")).expect("the picture");
    let mut reader = png::Decoder::new(std::io::BufReader::new(file))
        .read_info()
        .expect("a PNG");
    let mut rgba = vec![0; reader.output_buffer_size().expect("a small picture")];
    let info = reader.next_frame(&mut rgba).expect("whole");
    Picture {
        width: info.width,
        height: info.height,
        rgba,
    }
}

/// Two views by longitude and latitude: the hill, and the foot where models stand.
const HILL: &str = "--lon 120.692765 --lat 31.255822";

#[test]
fn land_and_what_came_to_it_look_as_they_did() {
    let Some(model) = borrowed("props_kaykit/building_A_withoutBase.gltf") else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    fs::write(at.join("hill.xyz"), heights()).expect("written");
    fs::write(at.join("things.geojson"), things(1)).expect("written");
    pingjiang(at, "import things.geojson --into land.gpkg");
    pingjiang(at, "import hill.xyz --crs EPSG:32651 --into land.gpkg");
    let mut faults = Vec::new();
    let mut check = |name: &str, picture: &Picture| faults.extend(judge(name, picture).err());
    check("land-ink", &shot(at, &format!("none {HILL} --range 700")));
    check(
        "land-night",
        &shot(at, &format!("none {HILL} --range 700 --theme night")),
    );
    let model = model.display();
    let place = "--at 280294,3460150 --into land.gpkg";
    pingjiang(
        at,
        &format!("import {model} --scale 6 --source landmark {place}"),
    );
    let beside = "--at 280312,3460150 --into land.gpkg --as-building";
    pingjiang(
        at,
        &format!("import {model} --scale 6 --source plan {beside}"),
    );
    check(
        "placed-ink",
        &shot(
            at,
            "none --lon 120.692808 --lat 31.254921 --range 60 --pitch 25",
        ),
    );
    fs::write(at.join("things.geojson"), things(2)).expect("written");
    pingjiang(at, "import things.geojson --into land.gpkg");
    check(
        "compared-ink",
        &shot(at, &format!("hud {HILL} --range 700 --compare 2")),
    );
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
