//! A district as a file: the borrowed footprints, laid side by side.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use serde_json::Value;

/// Sides of the footprints' extent and a little more, in degrees of longitude and latitude.
const STEP_DEG: [f64; 2] = [0.08, 0.08];
/// Copies from west to east.
const COLUMNS: usize = 4;

/// Writes `count` footprints out of the GeoJSON file `from`; each copy has keys of its own.
pub fn write(from: &Path, to: &Path, count: usize) -> Result<(), String> {
    let said = |fault: std::io::Error| fault.to_string();
    let text = std::fs::read(from).map_err(said)?;
    let document: Value = serde_json::from_slice(&text).map_err(|fault| fault.to_string())?;
    let features = document["features"].as_array();
    let features = features.filter(|list| !list.is_empty());
    let features = features.ok_or("the footprints are no list of features")?;
    let mut file = BufWriter::new(File::create(to).map_err(said)?);
    file.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[\n")
        .map_err(said)?;
    for number in 0..count {
        let (copy, place) = (number / features.len(), number % features.len());
        let mut feature = features[place].clone();
        let key: Value = format!("{place}/{copy}").into();
        feature["properties"]["id"] = key.clone();
        feature["id"] = key;
        let shift = [copy % COLUMNS, copy / COLUMNS];
        let shift = [0, 1].map(|axis| shift[axis] as f64 * STEP_DEG[axis]);
        moved(&mut feature["geometry"]["coordinates"], shift);
        let separator = if number > 0 { ",\n" } else { "" };
        write!(file, "{separator}{feature}").map_err(said)?;
    }
    file.write_all(b"\n]}\n").map_err(said)?;
    file.flush().map_err(said)
}

/// Moves every position in nested lists of them.
fn moved(value: &mut Value, shift: [f64; 2]) {
    let Some(list) = value.as_array_mut() else {
        return;
    };
    if list.first().is_some_and(Value::is_number) {
        for (number, by) in list.iter_mut().zip(shift) {
            *number = (number.as_f64().unwrap_or_default() + by).into();
        }
    } else {
        list.iter_mut().for_each(|inner| moved(inner, shift));
    }
}
