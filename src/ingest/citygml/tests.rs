//! The two small files of our own, feature by feature, and what single faults lead to.

use std::path::Path;

use serde_json::{Value, json};

use super::super::{RawCity, RawFeature, RawKind, ReadError, read};
use crate::ingest::Format;
use crate::space::SurfaceKind;

const TWO: &str = include_str!("../../../tests/data/ingest/two.gml");
const THREE: &str = include_str!("../../../tests/data/ingest/three.gml");

fn city(text: &str) -> RawCity {
    read(text.as_bytes(), Path::new("a.gml"), Some(Format::CityGml)).unwrap()
}

fn feature<'c>(city: &'c RawCity, key: &str) -> &'c RawFeature {
    let found = city.features.iter().find(|one| one.key == key);
    found.unwrap_or_else(|| panic!("{key}: {:?}", city.warnings))
}

fn kinds(feature: &RawFeature, lod: &str) -> Vec<SurfaceKind> {
    let model = feature.shape.models.iter().find(|model| model.lod == lod);
    let faces = model.into_iter().flat_map(|model| &model.surfaces);
    faces.map(|face| face.kind).collect()
}

fn reasons(city: &RawCity) -> Vec<&str> {
    let list = city.warnings.list().iter();
    list.map(|warning| warning.reason.as_str()).collect()
}

#[test]
fn a_building_of_citygml_2_with_parts_openings_and_references() {
    use SurfaceKind::{GroundSurface, RoofSurface, Unknown, WallSurface, Window};
    let city = city(TWO);
    let house = feature(&city, "house");
    assert_eq!(house.kind, RawKind::Building);
    let levels: Vec<&str> = house
        .shape
        .models
        .iter()
        .map(|one| one.lod.as_str())
        .collect();
    assert_eq!(levels, ["0", "1", "2"]);
    assert_eq!(kinds(house, "0"), [GroundSurface]);
    // The solid's six faces in its order, then the window, then the stairs.
    let wall = WallSurface;
    let expected = [
        GroundSurface,
        wall,
        wall,
        wall,
        wall,
        RoofSurface,
        Window,
        Unknown,
    ];
    assert_eq!(kinds(house, "2"), expected);
    let model = &house.shape.models[2];
    // With the window in its hole they bound the house, the turned wall too.
    assert!(crate::space::is_closed(&model.surfaces[..7]));
    assert_eq!(model.surfaces[1].rings.len(), 2);
    assert_eq!(model.details[1].attributes["name"], "street side");
    assert_eq!(model.details[1].textures["summer"].uv[1].len(), 4);
    assert_eq!(model.details[5].materials["summer"].bits(), 0);
    assert_eq!(city.materials[0].name, "tile");
    assert_eq!(city.textures[0].format, "PNG");
}

#[test]
fn attributes_have_the_names_of_cityjson() {
    let city = city(TWO);
    let found = Value::Object(feature(&city, "house").attributes.clone());
    let expected = json!({
        "name": "平江路 1号",
        "creationDate": "2020-01-01",
        "externalReference": [{"informationSystem": "registry", "name": "H-1"}],
        "households": 3,
        "eaves": {"value": 5.5, "uom": "m"},
        "survey": {"by": "A & B"},
        "function": "31001_1010",
        "building:use": "residential",
        "yearOfConstruction": 1920,
        "measuredHeight": 8.0,
        "storeysAboveGround": 2,
        "address": "平江路 1, 215000 苏州, 中国",
        "our:state": "good",
        "our:depth": 0.5,
        "parts": 1,
    });
    assert_eq!(found, expected);
}

#[test]
fn other_objects_of_citygml_2() {
    let city = city(TWO);
    let road = kinds(feature(&city, "road"), "2");
    let area = [SurfaceKind::TrafficArea, SurfaceKind::AuxiliaryTrafficArea];
    assert_eq!(road, area);
    assert!(matches!(
        feature(&city, "canal").kind,
        RawKind::Water { .. }
    ));
    assert!(matches!(feature(&city, "yard").kind, RawKind::Ground(_)));
    let tree = feature(&city, "tree");
    assert_eq!(tree.shape.points, [[560_025.0, 3_466_005.0, 1.0]]);
    assert_eq!(tree.attributes["height"], 7.0);
    // The second lamp has the shape of the first, turned by 90° and twice as tall.
    let corners = |key| feature(&city, key).shape.models[0].surfaces[0].rings[0].clone();
    assert_eq!(corners("lamp")[2], [560_030.2, 3_466_001.0, 5.0]);
    assert_eq!(corners("lamp2")[2], [560_035.0, 3_466_001.2, 9.0]);
    assert!(
        city.notes
            .contains(&"1 group of objects is not kept".to_owned())
    );
    assert_eq!(city.warnings.count(), 2, "{:?}", city.warnings);
}

#[test]
fn citygml_3_in_degrees() {
    let city = city(THREE);
    let hall = feature(&city, "hall");
    assert_eq!(
        kinds(hall, "2"),
        [SurfaceKind::RoofSurface, SurfaceKind::GroundSurface]
    );
    assert_eq!(kinds(hall, "3"), [SurfaceKind::Window]);
    let roof = &hall.shape.models[0];
    assert_eq!(roof.surfaces[0].rings[0][0], [120.62, 31.31, 9.0]);
    assert_eq!(roof.details[0].textures["winter"].uv[0].len(), 4);
    assert_eq!(hall.attributes["measuredHeight"], 7.0);
    assert_eq!(
        hall.attributes["storeyHeightsAboveGround"],
        json!([3.5, 3.5])
    );
    assert_eq!(hall.attributes["seats"], 90);
    let unit = feature(&city, "flat");
    assert!(matches!(&unit.kind, RawKind::Dwelling { building } if building == "hall"));
    assert_eq!(
        kinds(feature(&city, "lane"), "2"),
        [SurfaceKind::TrafficArea]
    );
    let net = &feature(&city, "relief").shape.tins[0];
    assert_eq!((net.vertices.len(), net.triangles.len()), (4, 2));
    for corners in &net.triangles {
        let ring: Vec<[f64; 3]> = corners
            .iter()
            .map(|at| net.vertices[*at as usize])
            .collect();
        let [a, b, c] = [ring[0], ring[1], ring[2]];
        let area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
        assert!(area > 0.0, "counter-clockwise seen from above");
    }
}

/// A change to the file, and a reason that must be given for it; everything else stays.
fn check(from: &str, to: &str, reason: &str) {
    assert!(TWO.contains(from), "{from}");
    let city = city(&TWO.replacen(from, to, 1));
    let found = reasons(&city);
    assert!(
        found.iter().any(|it| it.contains(reason)),
        "{to}: {found:?}"
    );
    assert!(city.features.len() >= 6, "{to}");
}

#[test]
fn single_faults_are_noted_and_the_rest_is_read() {
    check(
        "560010 3466000 1 560010 3466008 1 560010",
        "NaN 3466000 1 560010 3466008 1 560010",
        "\"NaN\" is not a finite number",
    );
    check(
        "560000 3465980 0 560040",
        "3465980 0 560040",
        "14 numbers are no positions of 3",
    );
    let short = "560020 3466000 1 560030 3466000 1 560020 3466000 1";
    let yard =
        "560020 3466000 1 560030 3466000 1 560030 3466010 1 560020 3466010 1 560020 3466000 1";
    check(yard, short, "a ring of 2 positions");
    check(
        "xlink:href=\"#g\"",
        "xlink:href=\"#gone\"",
        "gml:id \"gone\"",
    );
    check(
        "gml:id=\"road\"",
        "gml:id=\"house\"",
        "its id is used twice",
    );
    check(
        "0 -1 0 0 1 0 0 0",
        "0 -1 0 0 1 0",
        "matrix is not 16 numbers",
    );
    check(
        "0 0 1 0 1 1 0 1 0 0",
        "0 0 1 0 1 1",
        "picture that does not fit",
    );
    check(
        "#lamp-shape",
        "http://example.org/lamp.gml",
        "its geometry is elsewhere",
    );
}

#[test]
fn objects_that_nobody_knows_are_named() {
    let city = city(&TWO.replace("tran:Road", "tran:Roed"));
    let expected = "\"Roed\" is no object of a city that is read: skipped";
    assert!(reasons(&city).contains(&expected), "{:?}", reasons(&city));
    let extension = TWO.replace("tran:Road", "our:Road");
    let found = self::city(&extension);
    let kind = &feature(&found, "road").kind;
    assert_eq!(*kind, RawKind::Object("+Road".to_owned()));
}

#[test]
fn references_in_a_circle_end() {
    let circle =
        "<gml:MultiSurface gml:id=\"lamp-shape\"><gml:surfaceMember xlink:href=\"#lamp-shape\"/>";
    check(
        "<gml:MultiSurface gml:id=\"lamp-shape\">",
        circle,
        "round in a circle",
    );
}

#[test]
fn a_solid_that_repeats_its_surfaces_has_each_face_once() {
    let polygon = |id: &str| {
        let start = TWO.find(&format!("<gml:Polygon gml:id=\"{id}\">")).unwrap();
        let end = start + TWO[start..].find("</gml:Polygon>").unwrap();
        TWO[start..end + "</gml:Polygon>".len()].replace("gml:id=\"g\"", "gml:id=\"copy\"")
    };
    let inline = format!("<gml:surfaceMember>{}</gml:surfaceMember>", polygon("g"));
    let text = TWO.replacen("<gml:surfaceMember xlink:href=\"#g\"/>", &inline, 1);
    let (one, other) = (city(TWO), city(&text));
    let faces = |city: &RawCity| kinds(feature(city, "house"), "2");
    assert_eq!(faces(&one), faces(&other));
}

fn fault(text: &str) -> String {
    let read = read(text.as_bytes(), Path::new("a.gml"), Some(Format::CityGml));
    read.map(|city| city.features.len())
        .unwrap_err()
        .to_string()
}

#[test]
fn files_that_are_none_are_refused_with_a_remedy() {
    let wfs = "<wfs:FeatureCollection xmlns:wfs='http://www.opengis.net/wfs'/>";
    assert!(fault(wfs).contains("no CityGML") && fault(wfs).contains("ogr2ogr"));
    let old = "<CityModel xmlns='http://www.citygml.org/citygml/1/0/0'/>";
    assert!(fault(old).contains("upgrade"), "{}", fault(old));
    let detected = read(wfs.as_bytes(), Path::new("a.xml"), None);
    assert!(matches!(detected, Err(ReadError::UnknownFormat { .. })));
}
