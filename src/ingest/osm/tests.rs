//! A zoo of ways and versions, as XML of our own; both readers against arbitrary bytes. Relations
//! have a file of their own.

mod relations;

use std::path::Path;

use proptest::prelude::*;

use crate::model::{Building, Entity, RoofStyle};
use crate::space::Datum;

use super::super::raw::{RawCity, RawShape};
use super::super::{Converted, Format, Input, ReadError, ReadOptions, test_frame};
use super::{read_osm_pbf, read_osm_xml};

/// Nodes on a grid: node `10·y + x + 1` lies x and y steps of about 100 m from the corner.
fn grid() -> String {
    let node = |y: usize, x: usize| {
        let (lon, lat) = (120.6 + 0.001 * x as f64, 31.3 + 0.001 * y as f64);
        format!(
            "<node id='{}' lon='{lon:.7}' lat='{lat:.7}'/>",
            10 * y + x + 1
        )
    };
    (0..10)
        .flat_map(|y| (0..10).map(move |x| (y, x)))
        .map(|(y, x)| node(y, x))
        .collect()
}

fn tags(list: &[(&str, &str)]) -> String {
    list.iter()
        .map(|(key, value)| format!("<tag k='{key}' v='{value}'/>"))
        .collect()
}

fn way(id: i64, nodes: &[i64], list: &[(&str, &str)]) -> String {
    let nodes: String = nodes
        .iter()
        .map(|node| format!("<nd ref='{node}'/>"))
        .collect();
    format!("<way id='{id}'>{nodes}{}</way>", tags(list))
}

fn relation(id: i64, members: &[(i64, &str)], list: &[(&str, &str)]) -> String {
    let members: String = members
        .iter()
        .map(|(way, role)| format!("<member type='way' ref='{way}' role='{role}'/>"))
        .collect();
    format!("<relation id='{id}'>{members}{}</relation>", tags(list))
}

fn raw(text: &str) -> Result<RawCity, ReadError> {
    let name = Path::new("a.osm");
    let input = Input::alone(name, text.as_bytes());
    read_osm_xml(&input, &ReadOptions::default(), &mut |_| Ok(()))
}

fn city(elements: &[String]) -> RawCity {
    raw(&format!(
        "<osm version='0.6'>{}{}</osm>",
        grid(),
        elements.concat()
    ))
    .unwrap()
}

/// Polygons as numbers of rings; the key before, warnings behind.
fn told(elements: &[String]) -> String {
    let city = city(elements);
    let rings = |shape: &RawShape| {
        let counts = shape.polygons.iter().map(|rings| rings.len().to_string());
        counts.collect::<Vec<_>>().join("+")
    };
    let features = city
        .features
        .iter()
        .map(|one| format!("{} {}", one.key, rings(&one.shape)));
    let warnings = city.warnings.list().iter();
    let warnings = warnings.map(|one| format!("! {}: {}", one.places.join(", "), one.reason));
    features.chain(warnings).collect::<Vec<_>>().join("; ")
}

fn check(elements: &[String], expected: &str) {
    assert_eq!(told(elements), expected, "{elements:?}");
}

const HOUSE: &[(&str, &str)] = &[("type", "multipolygon"), ("building", "yes")];
/// Around the whole grid.
const ROUND: &[i64] = &[1, 10, 100, 91, 1];

#[test]
fn ways_with_gaps_and_versions() {
    let road = &[("highway", "service")];
    check(
        &[way(5, &[1, 2, 998, 3, 4, 999], road)],
        "way/5 ; ! way/5 (2 missing): some nodes of a line are not in the file: its known pieces \
         are kept",
    );
    check(
        &[way(5, &[1, 999], road)],
        "! way/5: fewer than two of its nodes are in the file: skipped",
    );
    let cut = way(6, &[1, 2, 999, 1], &[("building", "yes")]);
    let told = "! way/6: some nodes of an area are not in the file: skipped";
    check(std::slice::from_ref(&cut), told);
    // It is there, so an older version of it stays.
    assert_eq!(city(&[cut]).faulty, ["way/6"]);
    let version = |number: u32, visible: bool, text: String| {
        let head = format!("<way version='{number}' visible='{visible}'");
        text.replace("<way", &head)
    };
    let house = &[("building", "yes")];
    let history = [
        version(2, true, way(5, &[1, 2, 12, 11, 1], house)),
        version(1, true, way(5, &[1, 3, 13, 11, 1], house)),
        version(1, true, way(6, &[1, 2, 12, 11, 1], house)),
        version(2, false, way(6, &[], &[])),
    ];
    check(&history, "way/5 1");
    let first = &city(&history).features[0].shape.polygons[0][0];
    assert_eq!(first[1], [120.601, 31.3, 0.0]);
    let change = format!(
        "<osmChange><create>{}{}</create><delete><way id='1' version='2'/></delete></osmChange>",
        grid(),
        way(1, &[1, 2, 12, 11, 1], house)
    );
    assert_eq!(raw(&change).unwrap().features, []);
}

fn buildings(elements: &[String]) -> Vec<Building> {
    let converted: Converted = test_frame::import(city(elements), Datum::Wgs84).unwrap();
    assert!(converted.warnings.is_empty(), "{:?}", converted.warnings);
    let entities = converted.entities.into_iter();
    entities
        .filter_map(|entity| match entity {
            Entity::Building(one) => Some(*one),
            _ => None,
        })
        .collect()
}

#[test]
fn parts_belong_to_their_building() {
    let part =
        |id, nodes: &[i64], height| way(id, nodes, &[("building:part", "yes"), ("height", height)]);
    let found = buildings(&[
        way(
            1,
            &[1, 3, 33, 31, 1],
            &[("building", "yes"), ("roof:shape", "pyramidal")],
        ),
        part(2, &[1, 3, 23, 21, 1], "10"),
        part(3, &[21, 23, 33, 31, 21], "25 m"),
        part(4, &[55, 56, 66, 65, 55], "7"),
    ]);
    let keys: Vec<&str> = found.iter().map(|one| one.source.key.as_str()).collect();
    assert_eq!(keys, ["way/1", "way/4"]);
    let house = &found[0];
    assert_eq!((house.height_m, house.roof), (25.0, RoofStyle::Hip));
    assert_eq!(house.models.len(), 1);
    assert_eq!(house.models[0].surfaces.len(), 12, "two boxes");
    for face in &house.models[0].surfaces {
        assert!(face.normal().is_some(), "{face:?}");
    }
    let told = &house.attributes["building:parts"];
    assert_eq!(told[1]["tags"]["height"], "25 m");
    assert_eq!(told[0]["key"], "way/2");
    // A skyway does not stand on the ground.
    let skyway = &[("building", "yes"), ("height", "12"), ("min_height", "8")];
    let found = buildings(&[way(1, &[1, 3, 33, 31, 1], skyway)]);
    let corners = found[0].models[0]
        .surfaces
        .iter()
        .flat_map(|face| &face.rings[0]);
    let low_m = corners.map(|at| at[2]).fold(f64::MAX, f64::min);
    assert_eq!((low_m, found[0].height_m), (8.0, 12.0));
}

#[test]
fn damaged_xml_is_told_with_its_place() {
    let check = |text: &str, expected: &str| {
        let fault = raw(text).unwrap_err().to_string();
        assert!(fault.contains(expected), "{text}: {fault}");
    };
    check(
        "<osm>\n<node id='x'/></osm>",
        "line 2, column 1: a node whose id",
    );
    check("<osm><way id='1'>", "ends too early");
    check("<osm><way id='1'></osm>", "line 1");
    check(
        "<osm><relation id='1'><member type='a'/></relation></osm>",
        "a member whose type",
    );
}

#[test]
fn who_is_named() {
    let named = |head: &str| {
        raw(&format!("<osm {head}></osm>"))
            .unwrap()
            .attribution
            .unwrap()
    };
    assert_eq!(named(""), "© OpenStreetMap contributors, ODbL 1.0");
    assert_eq!(
        named("attribution='City of A'"),
        "© OpenStreetMap contributors, ODbL 1.0; City of A"
    );
}

fn never_panics(bytes: &[u8]) {
    let name = Path::new("a");
    let input = Input::alone(name, bytes);
    let options = ReadOptions::default();
    let pbf = read_osm_pbf(&input, &options, &mut |_| Ok(()));
    let xml = read_osm_xml(&input, &options, &mut |_| Ok(()));
    for (city, format) in [(pbf, Format::OsmPbf), (xml, Format::OsmXml)] {
        match city {
            Ok(city) => assert_eq!(city.format, format),
            Err(fault) => assert!(!fault.to_string().is_empty()),
        }
    }
}

proptest! {
    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        never_panics(&bytes);
    }

    #[test]
    fn any_relation(
        ways in prop::collection::vec(prop::collection::vec(1_i64..40, 0..6), 1..8),
        roles in prop::collection::vec(0_usize..4, 8),
    ) {
        let roles: Vec<&str> = roles.iter().map(|role| ["outer", "inner", "", "label"][*role]).collect();
        let members: Vec<(i64, &str)> = (1..).zip(roles).collect();
        let mut elements: Vec<String> =
            (1..).zip(&ways).map(|(id, nodes)| way(id, nodes, &[])).collect();
        elements.push(relation(1, &members, HOUSE));
        let _ = test_frame::import(city(&elements), Datum::Wgs84);
    }
}
