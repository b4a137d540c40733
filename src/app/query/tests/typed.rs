//! Widths of letters, and heights that something can be at.

use super::{CITY, Query, parsed, refused};
use crate::app::query::place;
use crate::store::CityFile;

#[test]
fn kinds_and_places_may_be_typed_in_full_width() {
    let city = CITY.1.to_str().unwrap();
    let here = ["--at", "５６００００，３４６５５２０．５"];
    for kind in [
        "ｄｅｖｉｃｅ",
        "device：ｓｍｏｋｅ",
        "ｂｕｉｌｄｉｎｇ，device",
        "building, camera",
    ] {
        let asked = [
            &[city, "near"],
            &here[..],
            &["--radius", "9", "--kind", kind],
        ]
        .concat();
        parsed::<Query>(&asked).unwrap().run().unwrap();
    }
    refused(&["near", "--at", "5", "--kind", "device"], "two numbers");
    let at = place::pair(here[1]).unwrap();
    assert_eq!(at, [560_000.0, 3_465_520.5]);
}

#[test]
fn a_height_that_would_count_for_nothing_is_refused() {
    let ground = CityFile::open(&CITY.1, None)
        .unwrap()
        .load_ground()
        .unwrap();
    let house = ground.buildings.keys().next().unwrap().to_string();
    let camera = ground.cameras.keys().next().unwrap().to_string();
    refused(
        &["sees", "--of", &house, "--height", "3"],
        "leave --height out",
    );
    refused(
        &["sees", "--of", &camera, "--height", "3"],
        "leave --height out",
    );
    for odd in ["nan", "inf", "1e9", "-101"] {
        refused(
            &["sees", "--of", &house, "--height", odd],
            "between -100 and 1000",
        );
    }
    let city = CITY.1.to_str().unwrap();
    let middle = ground
        .buildings
        .values()
        .next()
        .unwrap()
        .footprint
        .exterior()
        .0[0];
    let at = format!("{},{}", middle.x, middle.y);
    for line in [
        &["sees", "--of", &house][..],
        &["sees", "--at", &at, "--height", "3"],
        &["sees", "--at", &at, "--height", "-1"],
    ] {
        let asked = [&[city], line].concat();
        parsed::<Query>(&asked).unwrap().run().unwrap();
    }
}
