//! Small maps with known faults.

use geo_types::{Polygon, polygon};

use super::*;
use crate::base::AreaId;
use crate::model::sample;

fn block(x: f64, y: f64, w: f64, h: f64) -> Polygon<f64> {
    polygon![(x: x, y: y), (x: x + w, y: y), (x: x + w, y: y + h), (x: x, y: y + h)]
}

fn building(number: u32, footprint: Polygon<f64>) -> Building {
    let mut one = sample::city(0).buildings.values().next().unwrap().clone();
    one.id = BuildingId::from_bits(u64::from(number));
    one.footprint = footprint;
    one
}

fn community(level: AreaLevel, polygon: Option<Polygon<f64>>) -> AdminArea {
    AdminArea {
        id: AreaId::from_source("test", level.as_str()),
        source: sample::city(0)
            .buildings
            .values()
            .next()
            .unwrap()
            .source
            .clone(),
        level,
        code: None,
        name: "社区".to_owned(),
        parent: None,
        polygon,
    }
}

fn quality(footprints: &[Polygon<f64>]) -> MapQuality {
    let all: Vec<_> = (0..)
        .zip(footprints)
        .map(|(n, one)| building(n, one.clone()))
        .collect();
    MapQuality::of(all.iter(), std::iter::empty())
}

/// How many duplicates and overlaps two footprints make.
fn check(a: Polygon<f64>, b: Polygon<f64>, expected: [usize; 2]) {
    let found = quality(&[a, b]);
    assert_eq!(
        [found.duplicates.len(), found.overlaps.len()],
        expected,
        "{found:?}"
    );
}

#[test]
fn duplicates_and_overlaps() {
    let house = || block(0.0, 0.0, 10.0, 10.0);
    check(house(), house(), [1, 0]);
    check(house(), block(0.2, 0.0, 10.0, 10.0), [1, 0]);
    check(house(), block(1.0, 0.0, 10.0, 10.0), [0, 1]);
    // A common wall, and one that is drawn a hand's breadth into the neighbour.
    check(house(), block(10.0, 0.0, 10.0, 10.0), [0, 0]);
    check(house(), block(9.95, 0.0, 10.0, 10.0), [0, 0]);
    // More than a square metre, but little of either.
    check(house(), block(9.7, 0.0, 10.0, 10.0), [0, 0]);
    check(house(), block(9.4, 0.0, 10.0, 10.0), [0, 1]);
    // All of the smaller one, but less than a square metre.
    check(house(), block(2.0, 2.0, 0.9, 1.0), [0, 0]);
    check(house(), block(2.0, 2.0, 2.0, 2.0), [0, 1]);
}

#[test]
fn pairs_tell_ids_and_shares() {
    let found = quality(&[block(0.0, 0.0, 10.0, 10.0), block(5.0, 0.0, 10.0, 4.0)]);
    let [pair] = found.overlaps.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!((pair.first.bits(), pair.second.bits()), (0, 1));
    assert!((pair.shared_m2 - 20.0).abs() < 1e-9 && (pair.share - 0.5).abs() < 1e-9);
}

#[test]
fn buildings_outside_every_community() {
    let all = [
        building(0, block(0.0, 0.0, 4.0, 4.0)),
        building(1, block(50.0, 0.0, 4.0, 4.0)),
    ];
    let of = |areas: &[AdminArea]| MapQuality::of(all.iter(), areas.iter()).outside_communities;
    assert_eq!(of(&[]), None);
    assert_eq!(of(&[community(AreaLevel::Community, None)]), None);
    let district = community(AreaLevel::District, Some(block(-9.0, -9.0, 99.0, 99.0)));
    assert_eq!(of(std::slice::from_ref(&district)), None);
    let small = community(AreaLevel::Community, Some(block(-9.0, -9.0, 20.0, 20.0)));
    assert_eq!(of(&[district, small]), Some(vec![all[1].id]));
}

#[test]
fn repairs_lods_and_heights() {
    let mut one = building(0, block(0.0, 0.0, 5.0, 5.0));
    one.repairs = [
        "3 spikes removed",
        "1 spikes removed",
        "self-crossing outline resolved, 0.0123 of the area lost",
        "footprint: convex hull, no ground faces were found",
    ]
    .map(str::to_owned)
    .into();
    one.models = ["1.2", "2.2", "2.2"]
        .map(|lod| LodModel {
            lod: lod.to_owned(),
            surfaces: Vec::new(),
            details: Default::default(),
        })
        .into();
    one.height_m = 9.0;
    let two = building(1, block(9.0, 0.0, 1.0, 1.0));
    let found = MapQuality::of([&two, &one].into_iter(), std::iter::empty());
    let repairs: Vec<_> = found
        .repairs
        .iter()
        .map(|(kind, n)| (kind.as_str(), *n))
        .collect();
    let expected = [
        ("footprint: convex hull, no ground faces were found", 1),
        ("self-crossing outline resolved", 1),
        ("spikes removed", 1),
    ];
    assert_eq!(repairs, expected);
    let lods: Vec<_> = found
        .lods
        .iter()
        .map(|(lod, n)| (lod.as_str(), *n))
        .collect();
    assert_eq!(lods, [("1.2", 1), ("2.2", 1), ("none", 1)]);
    assert_eq!(found.height_origins["storeys"], 2);
    let counts = |of: &Histogram| of.bins.iter().map(|bin| bin.count).collect::<Vec<_>>();
    assert_eq!(counts(&found.areas_m2), [1, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(counts(&found.heights_m), [0, 0, 1, 1, 0, 0, 0, 0, 0, 0]);
}

#[test]
fn bins_have_no_gaps() {
    let mut heights = Histogram::of_heights_m();
    for value in [-1.0, 2.999, 3.0, 100.0, 1e9, f64::INFINITY, f64::NAN] {
        heights.count(value);
    }
    assert_eq!(heights.total(), 7);
    assert_eq!((heights.bins[0].count, heights.bins[1].count), (3, 1));
    assert_eq!(heights.bins.last().unwrap().count, 3);
    for pair in heights.bins.windows(2) {
        assert_eq!(pair[0].to, pair[1].from);
    }
}
