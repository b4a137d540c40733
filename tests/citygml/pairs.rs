//! The same things in two files must be the same model.
//!
//! Compared of every building: id, key, name, address, ground, height and how it is known,
//! storeys, year, use, structure, repairs; the footprint (area in common within 1 cm²); the levels
//! of detail; at each level every face once: its kind, and its rings corner by corner to 1 mm,
//! from whichever corner they begin, in whichever order the faces stand (solids list them in
//! theirs, boundary surfaces in the file's); the attributes that both files hold.
//! Excluded, each by name in the test: attributes that one file has not got, and what a level's
//! surfaces say beside their kind, where the other format has no place for it.

use std::collections::BTreeSet;

use geo::{Area, BooleanOps};
use pingjiang::model::{Building, LodModel};
use pingjiang::space::Surface;

use super::support::borrowed;
use super::{FOLDER, buildings, import};

/// Corners are the same within this; metres.
const SAME_M: f64 = 1e-3;

fn same_ring(a: &[[f64; 3]], b: &[[f64; 3]]) -> bool {
    let near = |a: &[f64; 3], b: &[f64; 3]| (0..3).all(|axis| (a[axis] - b[axis]).abs() <= SAME_M);
    a.len() == b.len()
        && (0..a.len()).any(|start| {
            let turned = b.iter().cycle().skip(start);
            a.iter().zip(turned).all(|(a, b)| near(a, b))
        })
}

fn same_face(a: &Surface, b: &Surface) -> bool {
    let rings = a.rings.iter().zip(&b.rings);
    a.kind == b.kind
        && a.rings.len() == b.rings.len()
        && rings.into_iter().all(|(a, b)| same_ring(a, b))
}

/// Every face of one is a face of the other, none twice.
fn same_faces(key: &str, a: &LodModel, b: &LodModel) {
    assert_eq!(a.surfaces.len(), b.surfaces.len(), "{key}, LoD {}", a.lod);
    let mut left: Vec<&Surface> = b.surfaces.iter().collect();
    for face in &a.surfaces {
        let found = left.iter().position(|other| same_face(face, other));
        let found = found.unwrap_or_else(|| panic!("{key}, LoD {}: {face:?} has no like", a.lod));
        left.swap_remove(found);
    }
}

/// Compares two buildings; gives back attributes that only one of them has.
fn same_building(a: &Building, b: &Building) -> (BTreeSet<String>, BTreeSet<String>) {
    let key = &a.source.key;
    assert_eq!((a.id, key), (b.id, &b.source.key));
    assert_eq!((&a.name, &a.address), (&b.name, &b.address), "{key}");
    assert!((a.ground_m - b.ground_m).abs() <= SAME_M, "{key}");
    assert!((a.height_m - b.height_m).abs() <= SAME_M, "{key}");
    assert_eq!(a.height_origin, b.height_origin, "{key}");
    let facts = |one: &Building| (one.storeys, one.year, one.usage, one.structure);
    assert_eq!(facts(a), facts(b), "{key}");
    assert_eq!(a.repairs, b.repairs, "{key}");
    let apart_m2 = a.footprint.xor(&b.footprint).unsigned_area();
    assert!(apart_m2 < 1e-4, "{key}: footprints differ by {apart_m2} m²");
    assert!(a.footprint.unsigned_area() > 1.0, "{key}");
    let levels = |one: &Building| -> Vec<String> {
        one.models.iter().map(|model| model.lod.clone()).collect()
    };
    assert_eq!(levels(a), levels(b), "{key}");
    for (a, b) in a.models.iter().zip(&b.models) {
        same_faces(key, a, b);
    }
    let mut only_a = BTreeSet::new();
    for (name, value) in &a.attributes {
        match b.attributes.get(name) {
            Some(other) => assert_eq!(value, other, "{key}: {name}"),
            None => {
                only_a.insert(name.clone());
            }
        }
    }
    let of_b = b.attributes.keys();
    let only_b = of_b.filter(|name| !a.attributes.contains_key(name));
    (only_a, only_b.cloned().collect())
}

fn check(a: &str, b: &str, count: usize, only_a: &[&str], only_b: &[&str]) {
    let (Some(a), Some(b)) = (borrowed(a), borrowed(b)) else {
        return;
    };
    let (a, b) = (import(&a), import(&b));
    assert_eq!(a.source_crs, b.source_crs);
    let (mut left, mut right) = (buildings(&a), buildings(&b));
    assert_eq!((left.len(), right.len()), (count, count));
    left.sort_by_key(|one| one.id);
    right.sort_by_key(|one| one.id);
    let mut only = (BTreeSet::new(), BTreeSet::new());
    for (a, b) in left.into_iter().zip(right) {
        let (only_a, only_b) = same_building(a, b);
        only.0.extend(only_a);
        only.1.extend(only_b);
    }
    let expected = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    assert_eq!(only, (expected(only_a), expected(only_b)));
}

#[test]
fn a_tile_in_citygml_2_and_3_is_one_model() {
    let file = |version| {
        format!("{FOLDER}/ogc_Urban-Planning-ADE_53394517_bldg_6697_2_op_CityGML{version}.gml")
    };
    // CityGML 3 has attributes for all that version 2 has, the ADE's included.
    check(&file(2), &file(3), 1, &[], &[]);
}

#[test]
fn what_surfaces_say_and_wear_is_the_same_in_citygml_2_and_3() {
    let file = |version| {
        let name = "ogc_Urban-Planning-ADE_53394517_bldg_6697_2_op_CityGML";
        borrowed(&format!("{FOLDER}/{name}{version}.gml"))
    };
    let (Some(two), Some(three)) = (file(2), file(3)) else {
        return;
    };
    let (two, three) = (super::read(&two), super::read(&three));
    assert_eq!(two.textures, three.textures);
    assert_eq!(two.textures.len(), 1);
    let dressed = |raw: &pingjiang::ingest::RawCity| {
        let models = &raw.features[0].shape.models;
        let finest = models.iter().find(|model| model.lod == "2").unwrap();
        assert_eq!(finest.details.len(), finest.surfaces.len());
        let mut said: Vec<(String, usize, String)> = Vec::new();
        for (face, detail) in finest.surfaces.iter().zip(&finest.details) {
            assert!(
                detail.attributes.is_empty(),
                "these surfaces have ids alone"
            );
            let id = format!("{:?} {:?}", face.kind, face.rings);
            for (theme, picture) in &detail.textures {
                assert_eq!(picture.texture.bits(), 0);
                let corners: Vec<usize> = picture.uv.iter().map(Vec::len).collect();
                let rings: Vec<usize> = face.rings.iter().map(Vec::len).collect();
                assert_eq!(corners, rings, "{id}");
                said.push((
                    id.clone(),
                    picture.uv.len(),
                    format!("{theme} {:?}", picture.uv),
                ));
            }
        }
        said.sort();
        said
    };
    let (two, three) = (dressed(&two), dressed(&three));
    // The file dresses 649 of its 650 surfaces: all but the ground.
    assert_eq!(two.len(), 649);
    assert_eq!(two, three);
}

#[test]
fn a_hundred_buildings_in_citygml_and_cityjson_are_one_model() {
    // CityJSON was made of this CityGML; both hold every attribute.
    check(
        &format!("{FOLDER}/lod2_buildings_v3.gml"),
        "citymodels/cityjson/citygml4j_lod2_buildings.city.json",
        100,
        &[],
        &[],
    );
}

/// The Delft, Zürich and 3DBAG samples look like pairs by their names; their objects are others.
#[test]
fn samples_of_one_town_are_not_the_same_data() {
    for (gml, json) in [
        ("delft-citygml2.xml", "delft_v20_570obj_lod1.city.json"),
        ("zurich-lod2-citygml1.xml", "zurich_v11_49b_lod2.city.json"),
        ("delft-citygml2.xml", "3dbag_v20_10b_multilod.city.json"),
    ] {
        let paths = (
            borrowed(&format!("{FOLDER}/{gml}")),
            borrowed(&format!("citymodels/cityjson/{json}")),
        );
        let (Some(gml), Some(json)) = paths else {
            return;
        };
        let keys = |path: &std::path::Path| -> BTreeSet<String> {
            let raw = super::read(path);
            raw.features.into_iter().map(|one| one.key).collect()
        };
        let (ours, others) = (keys(&gml), keys(&json));
        let common: Vec<&String> = ours.intersection(&others).collect();
        assert!(common.is_empty(), "{gml:?}: {common:?} can be compared");
    }
}
