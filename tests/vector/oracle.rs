//! What GDAL reads of a file, and whether it is the same.

use std::path::Path;
use std::process::Command;

use pingjiang::ingest::{RawFeature, RawShape};
use serde_json::{Map, Value};

fn gdal(program: &str, arguments: &[&str]) -> Value {
    let run = Command::new(program)
        .args(arguments)
        .env("SHAPE_RESTORE_SHX", "YES")
        .output()
        .expect("gdal-bin is installed");
    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    serde_json::from_slice(&run.stdout).unwrap()
}

/// Layers of a file with the type of their geometry.
pub fn layers(path: &Path) -> Vec<(String, String)> {
    let run = Command::new("ogrinfo").arg(path).output().unwrap();
    let text = String::from_utf8(run.stdout).unwrap();
    // `2: buildings (Polygon)`
    let layers = text.lines().filter_map(|line| {
        let (_, layer) = line
            .split_once(": ")
            .filter(|(number, _)| number.parse::<u32>().is_ok())?;
        let (name, kind) = layer.split_once(" (").unwrap_or((layer, "Unknown"));
        Some((name.to_owned(), kind.trim_end_matches(')').to_owned()))
    });
    layers.collect()
}

/// Positions, pieces by type, and area of a geometry.
#[derive(Default)]
struct Measures {
    positions: Vec<[f64; 3]>,
    points: usize,
    lines: usize,
    polygons: usize,
    rings: usize,
    area: f64,
}

impl Measures {
    fn polygon(&mut self, rings: &[Vec<[f64; 3]>]) {
        self.polygons += 1;
        self.rings += rings.len();
        for (index, ring) in rings.iter().enumerate() {
            let next = ring.iter().cycle().skip(1);
            let twice: f64 = ring
                .iter()
                .zip(next)
                .map(|(a, b)| a[0] * b[1] - b[0] * a[1])
                .sum();
            self.area += if index == 0 {
                twice.abs()
            } else {
                -twice.abs()
            } / 2.0;
            self.positions.extend(ring);
        }
    }

    fn of(shape: &RawShape) -> Self {
        let mut all = Self {
            points: shape.points.len(),
            lines: shape.lines.len(),
            positions: shape
                .points
                .iter()
                .chain(shape.lines.iter().flatten())
                .copied()
                .collect(),
            ..Self::default()
        };
        for rings in &shape.polygons {
            all.polygon(rings);
        }
        all
    }

    fn add(&mut self, geometry: &Value) {
        let position = |at: &Value| -> [f64; 3] {
            [0, 1, 2].map(|axis| at.get(axis).map_or(0.0, |it| it.as_f64().unwrap()))
        };
        let list = |value: &Value| -> Vec<[f64; 3]> {
            value.as_array().unwrap().iter().map(position).collect()
        };
        let rings = |value: &Value| -> Vec<Vec<[f64; 3]>> {
            let rings = value.as_array().unwrap().iter().map(list);
            rings
                .map(|mut ring| {
                    if ring.first() == ring.last() {
                        ring.pop();
                    }
                    ring
                })
                .collect()
        };
        let at = &geometry["coordinates"];
        let is_empty = at.as_array().is_none_or(Vec::is_empty);
        match geometry["type"].as_str() {
            None => {}
            Some(_) if is_empty && geometry["geometries"].is_null() => {}
            Some("Point") => {
                self.points += 1;
                self.positions.push(position(at));
            }
            Some("MultiPoint") => {
                self.points += list(at).len();
                self.positions.extend(list(at));
            }
            Some("LineString") => {
                self.lines += 1;
                self.positions.extend(list(at));
            }
            Some("MultiLineString") => {
                for line in at.as_array().unwrap() {
                    self.lines += 1;
                    self.positions.extend(list(line));
                }
            }
            Some("Polygon") => self.polygon(&rings(at)),
            Some("MultiPolygon") => {
                for polygon in at.as_array().unwrap() {
                    self.polygon(&rings(polygon));
                }
            }
            Some(other) => panic!("{other} is not compared"),
        }
    }

    fn assert_eq(mut self, mut other: Self, place: &str) {
        let counts = |it: &Self| [it.points, it.lines, it.polygons, it.rings];
        assert_eq!(
            counts(&self),
            counts(&other),
            "{place}: points, lines, polygons, rings"
        );
        let scale = 1e-9 * self.area.abs().max(1.0);
        assert!(
            (self.area - other.area).abs() <= scale,
            "{place}: {} {}",
            self.area,
            other.area
        );
        for one in [&mut self, &mut other] {
            one.positions.sort_by(|a, b| {
                a[0].total_cmp(&b[0])
                    .then(a[1].total_cmp(&b[1]))
                    .then(a[2].total_cmp(&b[2]))
            });
        }
        for (a, b) in self.positions.iter().zip(&other.positions) {
            let off = (0..3)
                .map(|axis| (a[axis] - b[axis]).abs())
                .fold(0.0, f64::max);
            assert!(off <= 1e-9, "{place}: {a:?} {b:?}");
        }
    }
}

/// Holds features against GDAL's: as many, in the same order, with the same attributes and
/// geometry. Rows without geometry give no feature.
pub fn check(name: &str, features: &[RawFeature], path: &Path, layer: Option<&str>) {
    let path = path.to_str().unwrap();
    let mut arguments = vec![
        "-f",
        "GeoJSON",
        "-lco",
        "COORDINATE_PRECISION=15",
        "-lco",
        "RFC7946=NO",
        "/vsistdout/",
        path,
    ];
    arguments.extend(layer);
    let told = gdal("ogr2ogr", &arguments);
    let expected: Vec<(&Value, Measures)> = told["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|feature| {
            let mut measures = Measures::default();
            measures.add(&feature["geometry"]);
            (feature, measures)
        })
        .filter(|(_, measures)| !measures.positions.is_empty())
        .collect();
    assert_eq!(features.len(), expected.len(), "{name}");
    for (index, (found, (feature, measures))) in features.iter().zip(expected).enumerate() {
        let place = format!("{name}, feature {}", index + 1);
        Measures::of(&found.shape).assert_eq(measures, &place);
        let properties = feature["properties"].as_object().unwrap();
        same_attributes(&found.attributes, properties, &place);
    }
}

fn same_attributes(found: &Map<String, Value>, expected: &Map<String, Value>, place: &str) {
    let said = |value: &Value| !value.is_null() && value.as_str() != Some("");
    let names = |list: &Map<String, Value>| -> Vec<String> {
        let mut names: Vec<String> = list
            .iter()
            .filter(|(_, value)| said(value))
            .map(|it| it.0.clone())
            .collect();
        names.sort();
        names
    };
    assert_eq!(names(found), names(expected), "{place}");
    for (name, value) in expected.iter().filter(|(_, value)| said(value)) {
        let ours = &found[name];
        let same = match (ours.as_f64(), value.as_f64()) {
            (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * b.abs().max(1.0),
            _ => ours == value,
        };
        assert!(same, "{place}: {name}: {ours} {value}");
    }
}
