//! Well-known text against PROJ: GDAL writes every system in three dialects, our reading of it and
//! PROJ's must put the same positions in the same places.

#[path = "support/proj.rs"]
mod proj;

use std::process::Command;

use pingjiang::space::{Crs, CrsError, Transform};

/// Systems of every projection that is read, built in or not: their codes are taken out of the
/// text, so that only the definition counts.
const CODES: &[u32] = &[
    4549, 4528, 4507, 4497, 2437, 2327, // Gauss-Kruger of three datums
    32651, 32756, 25832, 2193, 31466, 27700, 2100, 2326, 31256, // other transverse Mercator
    3857, 3395, 3994, // web Mercator and two of the true ones
    2154, 31370, 3812, 27572, 2263, 2264, 26986, // Lambert conformal; Paris and grads; feet
    5070, 3577, // Albers
    28992, 2953, // oblique stereographic
    3068, 30200, // Cassini, metres and links
    2056, 21781, 23700, // Swiss
    3375, 29873, 26931, // along an oblique line, both variants
    5514, 3035, 3031, 3413, 5041, // Krovak, equal area, polar
    3832, 5469,
];

fn wkt(code: u32, dialect: &str) -> Option<String> {
    let output = Command::new("gdalsrsinfo")
        .args(["--single-line", "-o", dialect, &format!("EPSG:{code}")])
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (!text.is_empty()).then_some(text)
}

/// West, south, east and north of the area of use, which WKT2 states.
fn area_deg(wkt2: &str) -> [f64; 4] {
    let at = wkt2.find("BBOX[").expect("an area of use") + "BBOX[".len();
    let end = at + wkt2[at..].find(']').unwrap();
    let [south, west, north, east] = wkt2[at..end]
        .split(',')
        .map(|word| word.parse::<f64>().unwrap())
        .collect::<Vec<_>>()[..]
    else {
        panic!("{wkt2}");
    };
    [
        west,
        south,
        if east < west { east + 360.0 } else { east },
        north,
    ]
}

/// 6 × 6 positions inside the area, away from its border.
fn grid_deg([west, south, east, north]: [f64; 4]) -> Vec<[f64; 3]> {
    // Projections are made for their middle; at 40° from it PROJ and we stop at different terms.
    let narrow = |low: f64, high: f64, most: f64| {
        let middle = 0.5 * (low + high);
        let half = (0.5 * (high - low)).min(most);
        (middle - half, middle + half)
    };
    let (west, east) = narrow(west, east, 20.0);
    let (south, north) = narrow(south, north.min(84.0), 20.0);
    let at = |i: usize| {
        let share = |step: usize| 0.04 + 0.92 * step as f64 / 5.0;
        let lon = west + share(i % 6) * (east - west);
        let lon = if lon > 180.0 { lon - 360.0 } else { lon };
        [lon, south + share(i / 6) * (north - south), 0.0]
    };
    (0..36).map(at).collect()
}

/// The text without the code of the whole system, which stands last before the closing bracket.
fn without_code(text: &str) -> String {
    for opening in [",AUTHORITY[", ",ID["] {
        if let Some(at) = text.rfind(opening)
            && text[at + 1..]
                .find(']')
                .is_some_and(|end| at + 1 + end + 2 == text.len())
        {
            return format!("{}]", &text[..at]);
        }
    }
    text.to_owned()
}

/// Whether the first axis that the system itself states runs north.
fn is_north_first(text: &str) -> bool {
    let Some(last) = text.rfind("],AXIS[") else {
        return false;
    };
    let at = text[..last].rfind("],AXIS[").unwrap_or(last);
    text[at..].to_uppercase().find("NORTH") < text[at..].to_uppercase().find("EAST")
}

/// The largest distance from PROJ, in metres, there and back.
fn apart_m(text: &str, crs: &Crs, grid: &[[f64; 3]], is_polar: bool) -> (f64, f64) {
    // The ellipsoid without a datum: then PROJ shifts nothing, and only the projection counts.
    let earth: Vec<&str> = crs
        .proj()
        .split_whitespace()
        .filter(|w| {
            ["+ellps=", "+a=", "+b=", "+rf=", "+R="]
                .iter()
                .any(|key| w.starts_with(key))
        })
        .collect();
    let degrees = format!("+proj=longlat {} +no_defs", earth.join(" "));
    let base = Crs::parse(&degrees).unwrap();
    let mut ours = grid.to_vec();
    Transform::between(&base, crs)
        .unwrap()
        .apply_slice(&mut ours)
        .unwrap();
    let turned = !is_polar && is_north_first(text);
    let turn = |points: &mut Vec<[f64; 3]>| {
        if turned {
            points.iter_mut().for_each(|p| p.swap(0, 1));
        }
    };
    let mut theirs = proj::cs2cs(&degrees, text, grid);
    turn(&mut theirs);
    let per_unit_m = if crs.is_geographic() { 111_000.0 } else { 1.0 };
    let there = proj::farthest(&ours, &theirs) * per_unit_m;
    let mut back = ours.clone();
    Transform::between(crs, &base)
        .unwrap()
        .apply_slice(&mut back)
        .unwrap();
    let back_m = proj::farthest(&back, grid) * 111_000.0;
    (there, back_m)
}

#[test]
fn every_dialect_puts_positions_where_proj_puts_them() {
    if !proj::has("cs2cs", "proj-bin") || !proj::has("gdalsrsinfo", "gdal-bin") {
        return;
    }
    let mut faults = Vec::new();
    for code in CODES {
        let wkt2 = wkt(*code, "wkt2").unwrap();
        let grid = grid_deg(area_deg(&wkt2));
        for dialect in ["wkt1", "wkt_esri", "wkt2"] {
            let text = without_code(&wkt(*code, dialect).unwrap());
            let crs = match Crs::from_wkt(&text) {
                Ok(crs) => crs,
                Err(fault) => {
                    faults.push(format!("EPSG:{code} {dialect}: {fault}"));
                    continue;
                }
            };
            let (there, back) = apart_m(&text, &crs, &grid, text.contains("olar"));
            println!("EPSG:{code} {dialect}: {there:.6} m, back {back:.6} m as {crs}");
            if !(there < 1e-3 && back < 1e-3) {
                faults.push(format!(
                    "EPSG:{code} {dialect}: {there} m, back {back} m as {crs}"
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn codes_in_the_text_are_taken() {
    if !proj::has("gdalsrsinfo", "gdal-bin") {
        return;
    }
    for (code, taken) in [
        (4549, 4549),
        (4326, 4326),
        (4490, 4490),
        (28992, 28992),
        (7415, 7415),
        (6697, 6697),
        (3857, 3857),
    ] {
        for dialect in ["wkt1", "wkt2"] {
            let text = wkt(code, dialect).unwrap();
            let epsg = Crs::from_wkt(&text).map(|crs| crs.epsg());
            assert_eq!(epsg, Ok(Some(taken)), "{dialect} {text}");
        }
    }
    // ESRI's dialect names no authority: the frequent names are known.
    for code in [
        4326, 4490, 4549, 4528, 4507, 4497, 32651, 32756, 25832, 3857, 28992, 2056, 21781, 2154,
        31370, 27700, 5514, 3035, 2437, 2327, 4214, 4610,
    ] {
        let text = wkt(code, "wkt_esri").unwrap();
        let epsg = Crs::from_wkt(&text).map(|crs| crs.epsg());
        assert_eq!(epsg, Ok(Some(code)), "{text}");
    }
}

#[test]
fn mirrored_systems_are_refused() {
    if !proj::has("gdalsrsinfo", "gdal-bin") {
        return;
    }
    // South African Lo, southward Krovak.
    for (code, dialect) in [
        (2053, "wkt1"),
        (2053, "wkt2"),
        (5513, "wkt1"),
        (5513, "wkt2"),
        (5513, "wkt_esri"),
    ] {
        let text = without_code(&wkt(code, dialect).unwrap());
        let read = Crs::from_wkt(&text);
        assert!(
            matches!(read, Err(CrsError::Wkt { .. })),
            "{code} {dialect} {read:?}"
        );
    }
}
