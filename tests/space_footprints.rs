//! The real footprints of Suzhou's old city through cleaning and every roof. Data are borrowed;
//! without them the test is skipped.

mod support;

use geo_types::{LineString, Polygon};
use pingjiang::space::{
    Crs, RoofParams, RoofShape, Surface, SurfaceKind, Transform, area_m2, build_house,
    clean_polygon, eave_details, ridge_details, triangulate_surface,
};

const FILE: &str = "suzhou/suzhou_oldcity_osm_buildings_8242.geojson";

/// Footprints in EPSG:4549, or `None` without the borrowed data.
fn footprints() -> Option<Vec<Polygon<f64>>> {
    let text = std::fs::read_to_string(support::borrowed(FILE)?).unwrap();
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let crs = |code| Crs::from_epsg(code).unwrap();
    let transform = Transform::between(&crs(4326), &crs(4549)).unwrap();
    let ring = |points: &serde_json::Value| -> LineString<f64> {
        let point = |p: &serde_json::Value| {
            let [e, n, _] = transform
                .apply([p[0].as_f64().unwrap(), p[1].as_f64().unwrap(), 0.0])
                .unwrap();
            (e, n)
        };
        points.as_array().unwrap().iter().map(point).collect()
    };
    let polygon = |feature: &serde_json::Value| {
        let rings = feature["geometry"]["coordinates"].as_array().unwrap();
        Polygon::new(ring(&rings[0]), rings[1..].iter().map(ring).collect())
    };
    let features = json["features"].as_array().unwrap();
    Some(features.iter().map(polygon).collect())
}

/// Volume, and the area vector that vanishes for a closed surface; about the first corner.
fn volume_and_gap(surfaces: &[Surface]) -> (f64, f64) {
    let mut triangles = Vec::new();
    for surface in surfaces {
        triangulate_surface(surface, &mut triangles);
    }
    let o = surfaces[0].rings[0][0];
    let (mut volume, mut gap) = (0.0, [0.0; 3]);
    for t in &triangles {
        let [a, b, c] = t.map(|p| [p[0] - o[0], p[1] - o[1], p[2] - o[2]]);
        let cross = |p: [f64; 3], q: [f64; 3]| {
            [
                p[1] * q[2] - p[2] * q[1],
                p[2] * q[0] - p[0] * q[2],
                p[0] * q[1] - p[1] * q[0],
            ]
        };
        let bc = cross(b, c);
        volume += (a[0] * bc[0] + a[1] * bc[1] + a[2] * bc[2]) / 6.0;
        let (u, v) = (
            [0, 1, 2].map(|k| b[k] - a[k]),
            [0, 1, 2].map(|k| c[k] - a[k]),
        );
        let face = cross(u, v);
        (0..3).for_each(|k| gap[k] += 0.5 * face[k]);
    }
    (volume, gap.iter().map(|v| v.abs()).fold(0.0, f64::max))
}

#[test]
fn every_real_footprint_carries_every_roof() {
    let Some(raw) = footprints() else {
        return;
    };
    let count = raw.len();
    let clean: Vec<Polygon<f64>> = raw
        .into_iter()
        .filter_map(|polygon| clean_polygon(polygon).ok().map(|(clean, _)| clean))
        .collect();
    assert!(
        clean.len() * 1000 >= count * 995,
        "{} of {count} usable",
        clean.len()
    );
    let mut faults = Vec::new();
    for (number, polygon) in clean.iter().enumerate() {
        for shape in [
            RoofShape::Flat,
            RoofShape::Gable,
            RoofShape::Hip,
            RoofShape::MultiGable,
        ] {
            let params = RoofParams {
                shape,
                ..RoofParams::default()
            };
            let body = build_house(polygon, 3.0, &params);
            let roof = |s: &&Surface| s.kind == SurfaceKind::RoofSurface;
            let (volume, gap) = volume_and_gap(&body);
            let prism = params.eave_m * area_m2(polygon);
            let no_roof = body.iter().filter(roof).count() == 0;
            if no_roof || volume < prism * (1.0 - 1e-6) || gap > 1e-3 * (1.0 + area_m2(polygon)) {
                faults.push(format!(
                    "{number} {shape:?}: {volume} m³ over {prism}, gap {gap} m²"
                ));
            }
            let details = [
                eave_details(polygon, 3.0, &params),
                ridge_details(polygon, 3.0, &params),
            ];
            let corners = details
                .iter()
                .flatten()
                .flat_map(|s| &s.rings)
                .flatten()
                .flatten();
            assert!(
                corners.into_iter().all(|v| v.is_finite()),
                "{number} {shape:?}"
            );
        }
    }
    assert!(
        faults.is_empty(),
        "{} faults, first: {:#?}",
        faults.len(),
        &faults[..faults.len().min(8)]
    );
}
