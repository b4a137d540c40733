//! Every file with what it holds, and both formats with the same content.

use std::path::PathBuf;

use pingjiang::ingest::{RawCity, RawKind};

use super::elements::{Elements, xml};
use super::support::borrowed;
use super::{own, read, read_xml};

/// Key, kind and name of each feature.
fn told(city: &RawCity) -> Vec<String> {
    let features = city.features.iter();
    features
        .map(|one| {
            let name = one.attributes.get("name").and_then(|name| name.as_str());
            format!("{} {:?} {}", one.key, one.kind, name.unwrap_or("-"))
        })
        .collect()
}

#[test]
fn tiny_files_of_every_encoding() {
    let Some(folder) = borrowed("vector/osmpbf_tiny") else {
        return;
    };
    let city = |name: &str| read(&folder.join(name));
    // The corners as the files have them; a relation of no known type is no feature.
    let ring = [
        [11.628_401_7, 52.122_403_1, 0.0],
        [11.625_644_6, 52.119_923_5, 0.0],
        [11.631_019_2, 52.119_899_1, 0.0],
    ];
    for name in [
        "test.osm.pbf",
        "test_nozlib.osm.pbf",
        "test_nozlib_nodense.osm.pbf",
        // Has no nodes, only their places.
        "loc_on_ways.osm.pbf",
    ] {
        let city = city(name);
        assert_eq!(told(&city), ["way/107 Building triangle"], "{name}");
        assert_eq!(city.features[0].shape.polygons, [[ring.to_vec()]], "{name}");
        assert!(city.warnings.is_empty(), "{name}: {:?}", city.warnings);
        let credit = city.attribution.unwrap_or_default();
        assert!(credit.contains("© OpenStreetMap contributors"), "{credit}");
    }
    let deleted = city("deleted_nodes.osh.pbf");
    assert_eq!(told(&deleted), [""; 0]);
    assert!(deleted.warnings.is_empty(), "{:?}", deleted.warnings);
    let notes = deleted.notes.join("; ");
    assert_eq!(
        notes,
        "1 deleted element left out; \
         the file holds nothing the city has a place for"
    );
}

#[test]
fn our_own_file_has_what_it_should() {
    let city = read(&own("town.osm"));
    let expected = [
        "node/15 Plant -",
        "node/16 Place(Quarter) 平江",
        "way/3 Ground(Green) -",
        "way/4 Building 甲 & 乙",
        "way/6 Road { kind: Bridge, width_m: 6.0 } -",
        "way/7 Water { kind: Canal, width_m: 8.0 } -",
        "way/8 Area(Community) 里",
        "way/9 Plant -",
        "relation/1 Building -",
        "relation/2 Area(Street) 街道",
    ];
    assert_eq!(told(&city), expected);
    let house = &city.features[3];
    assert_eq!(house.attributes["building:parts"][0]["key"], "way/5");
    let warnings = city.warnings.list().iter();
    let warnings: Vec<String> = warnings
        .map(|one| format!("{}: {}", one.places.join(", "), one.reason))
        .collect();
    assert_eq!(
        warnings,
        [
            "relation/2 (1 missing: way/98): some of its ways are not in the file",
            "way/10: some nodes of an area are not in the file: skipped",
        ]
    );
    assert_eq!(city.faulty, ["way/10"]);
    assert_eq!(city.notes, ["2 deleted elements left out"]);
}

/// Each file there is, ours and borrowed.
fn every_file() -> Vec<PathBuf> {
    let mut paths = vec![own("town.osm.pbf")];
    for name in ["vector/Helsinki.osm.pbf", "vector/test.osm.pbf"] {
        paths.extend(borrowed(name));
    }
    if let Some(folder) = borrowed("vector/osmpbf_tiny") {
        let entries = std::fs::read_dir(folder).unwrap();
        paths.extend(entries.map(|entry| entry.unwrap().path()));
    }
    paths
}

#[test]
fn both_formats_give_the_same() {
    for path in every_file() {
        let (binary, text) = (read(&path), read_xml(&xml(&path)));
        let name = path.display();
        for (one, other) in binary.features.iter().zip(&text.features) {
            assert_eq!(one, other, "{name}");
        }
        assert_eq!(binary.features.len(), text.features.len(), "{name}");
        assert_eq!(binary.warnings.list(), text.warnings.list(), "{name}");
        assert_eq!(binary.faulty, text.faulty, "{name}");
        assert_eq!(binary.notes, text.notes, "{name}");
        assert_eq!(binary.crs, text.crs, "{name}");
        assert_eq!(binary.attribution, text.attribution, "{name}");
    }
    // And so does our own file as it was written by hand.
    let [binary, text] = ["town.osm.pbf", "town.osm"].map(|name| read(&own(name)));
    assert_eq!(binary.features, text.features);
    assert_eq!(binary.warnings.list(), text.warnings.list());
}

/// Ways with a carriageway, path or steps in the open.
#[test]
fn every_way_of_a_road_is_a_road() {
    for name in ["vector/Helsinki.osm.pbf", "vector/test.osm.pbf"] {
        let Some(path) = borrowed(name) else {
            continue;
        };
        let all = Elements::of(&path);
        let city = read(&path);
        let roads: Vec<&str> = city
            .features
            .iter()
            .filter(|one| matches!(one.kind, RawKind::Road { .. }))
            .map(|one| one.key.as_str())
            .collect();
        let is = |tags: &std::collections::HashMap<String, String>, key: &str, words: &[&str]| {
            tags.get(key)
                .is_some_and(|word| words.contains(&word.as_str()))
        };
        let classes = [
            "residential",
            "service",
            "footway",
            "primary",
            "secondary",
            "steps",
        ];
        let expected = all.ways.iter().filter(|(_, nodes)| {
            let known = nodes
                .windows(2)
                .filter(|pair| pair.iter().all(|node| all.nodes.contains(node)));
            known.count() > 0
        });
        let mut count = 0;
        for id in expected.map(|(id, _)| id) {
            let key = format!("way/{id}");
            let tags = &all.tags[&key];
            let is_hidden = tags.get("tunnel").is_some_and(|word| word != "no");
            if is(tags, "highway", &classes) && !is_hidden && !tags.contains_key("area") {
                assert!(roads.contains(&key.as_str()), "{name}: {key} {tags:?}");
                count += 1;
            }
        }
        assert!(count > 100, "{name}: {count}");
    }
}
