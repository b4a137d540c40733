//! Passports out and in again, with nonsense in between.

use geo_types::polygon;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::base::{BuildingId, ImportId, PlantId};
use crate::model::{Building, Plant, sample};

fn house() -> Building {
    let mut house = sample::city(0).buildings.into_values().next().unwrap();
    house.name = Some("耦园 \"载酒堂\" <&>".into());
    house.height_m = 0.1 + 0.2;
    house.party_walls = vec![BuildingId::from_source("x", "y")];
    house.repairs = vec!["closed a ring".into()];
    house
}

/// A record as a reader builds it: shape and id only.
fn bare(house: &Building) -> Entity {
    let mut bare = house.clone();
    bare.footprint = polygon![(x: 0., y: 0.), (x: 1., y: 0.), (x: 0., y: 1.)];
    bare.name = Some("guessed".into());
    bare.address = Some("guessed".into());
    bare.height_m = 9.0;
    (bare.year, bare.storeys) = (Some(1), 9);
    bare.party_walls.clear();
    bare.repairs = vec!["other".into()];
    bare.source.import = ImportId::from_bits(7);
    bare.into()
}

fn read(passport: Value) -> Passport {
    let mut attributes = Map::new();
    attributes.insert(MEMBER.to_owned(), passport);
    Passport::take(&mut attributes).unwrap()
}

#[test]
fn a_record_comes_back_as_it_was() {
    let house = house();
    let written = of(&house.clone().into(), Remarks::default()).unwrap();
    for passport in [written.clone(), Value::String(written.to_string())] {
        let passport = read(passport);
        assert_eq!(
            (passport.kind, passport.key.as_str()),
            (EntityKind::Building, house.source.key.as_str())
        );
        let mut entity = bare(&house);
        passport.stamp(&mut entity).unwrap();
        let Entity::Building(mut found) = entity else {
            panic!()
        };
        found.footprint = house.footprint.clone();
        found.source.import = house.source.import;
        assert_eq!(*found, house);
    }
}

#[test]
fn only_what_the_source_said_stays() {
    let house: Entity = house().into();
    let held = json!({"+x": 1, "pingjiang": "their own"});
    let remarks = |is_whole| Remarks {
        shapes: Shapes::Generated,
        added: &["height"],
        is_whole,
        attributes: held.as_object(),
    };
    for (is_whole, expected) in [
        (
            false,
            json!({"name": "a", "+x": 1, "pingjiang": "their own"}),
        ),
        (true, held.clone()),
    ] {
        let mut attributes = json!({"name": "a", "height": 3})
            .as_object()
            .unwrap()
            .clone();
        attributes.insert(MEMBER.to_owned(), of(&house, remarks(is_whole)).unwrap());
        let passport = Passport::take(&mut attributes).unwrap();
        assert_eq!(passport.shapes, Shapes::Generated);
        assert_eq!(Value::Object(attributes), expected);
    }
}

#[test]
fn heights_of_points_survive_a_flat_map() {
    let plant = |z_m| Plant {
        id: PlantId::from_source("a", "b"),
        source: house().source,
        position: [1.0, 2.0, z_m],
        height_m: 7.0,
        crown_m: 3.0,
    };
    let passport = read(of(&plant(3.25).into(), Remarks::default()).unwrap());
    let mut flat: Entity = plant(0.0).into();
    passport.stamp(&mut flat).unwrap();
    assert_eq!(flat, plant(3.25).into());
}

#[test]
fn what_is_no_passport_is_left_alone() {
    for other in [
        json!("a text"),
        json!(7),
        json!({"type": "building", "key": "k"}),
        json!({"type": "castle", "dataset": "d", "key": "k"}),
    ] {
        let mut attributes = Map::new();
        attributes.insert(MEMBER.to_owned(), other.clone());
        assert_eq!(Passport::take(&mut attributes), None, "{other}");
        assert_eq!(attributes[MEMBER], other);
    }
}

#[test]
fn a_passport_cannot_bring_in_nonsense() {
    for (name, value) in [
        ("height_m", json!(1e300)),
        ("height_m", json!(-3)),
        ("ground_m", json!("high")),
        ("storeys", json!(60_000)),
        ("storeys", json!(-1)),
        ("party_walls", json!(["dev-1"])),
        ("usage", json!("castle")),
    ] {
        let passport = json!({"type": "building", "dataset": "d", "key": "k", name: value});
        let fault = read(passport).stamp(&mut bare(&house())).unwrap_err();
        assert!(fault.starts_with(name), "{fault}");
    }
}

#[test]
fn registries_have_none() {
    let device = sample::city(1).devices.into_values().next().unwrap();
    assert_eq!(of(&device.into(), Remarks::default()), None);
}

proptest! {
    /// Whatever stands in a file under our name, it is refused or gives a plausible record.
    #[test]
    fn any_passport_is_survived(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        name in "[a-z_]{1,12}",
        number in any::<f64>(),
    ) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let fields = json!({"type": "building", "dataset": text, "key": "k", name: number,
            "height_m": number, "storeys": number, "added": [text], "attributes": {"x": text}});
        for member in [Value::String(text.clone()), fields.clone(), Value::String(fields.to_string())] {
            let mut attributes = Map::new();
            attributes.insert(MEMBER.to_owned(), member);
            if let Some(passport) = Passport::take(&mut attributes) {
                let mut entity = bare(&house());
                if passport.stamp(&mut entity).is_ok() {
                    prop_assert_eq!(plausible(&entity), Ok(()));
                }
            }
        }
    }
}
