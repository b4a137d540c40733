//! What stands on terrain, whichever came first, and what keeps its height.

use geo_types::polygon;

use super::*;
use crate::base::{ImportId, PlantId, TerrainId};
use crate::model::sample::city;
use crate::model::{CityInfo, Plant, Source, Terrain};
use crate::space::{Surface, Tin};

fn source(key: &str) -> Source {
    Source {
        dataset: "t".into(),
        key: key.into(),
        import: ImportId::from_bits(1),
    }
}

/// A slope around `at` that rises eastwards by a tenth, from `base_m` at its middle.
fn terrain(at: [f64; 2], base_m: f64) -> Entity {
    let corner = |dx: f64, dy: f64| [at[0] + dx, at[1] + dy, base_m + dx * 0.1];
    let (a, b) = (corner(-500., -500.), corner(500., -500.));
    let (c, d) = (corner(500., 500.), corner(-500., 500.));
    Terrain {
        id: TerrainId::from_source("t", "tile-0-0"),
        source: source("tile-0-0"),
        tin: Tin::from_triangles(&[[a, b, c], [a, c, d]]),
    }
    .into()
}

/// A building without a height, with its footprint at the middle of the slope.
fn building() -> Building {
    let ground = city(1);
    let mut building = ground
        .buildings
        .values()
        .next()
        .expect("it has one")
        .clone();
    building.footprint = polygon![
        (x: 0., y: 0.), (x: 10., y: 0.), (x: 10., y: 10.), (x: 0., y: 10.)
    ];
    building.ground_m = 0.0;
    building.models.clear();
    building.attributes = Default::default();
    building
}

fn plant(z: f64) -> Plant {
    Plant {
        id: PlantId::from_source("t", "tree"),
        source: source("tree"),
        position: [20.0, 0.0, z],
        height_m: 6.0,
        crown_m: 4.0,
    }
}

fn rounded(height_m: f64) -> f64 {
    (height_m * 1e6).round() / 1e6
}

fn ground_of(entities: &[Entity]) -> Option<(f64, String)> {
    entities.iter().find_map(|entity| match entity {
        Entity::Building(one) => Some((
            rounded(one.ground_m),
            one.attributes
                .get(GROUND_ATTRIBUTE)
                .map_or_else(String::new, |it| it.to_string()),
        )),
        _ => None,
    })
}

fn empty() -> Ground {
    Ground::new(CityInfo::clone(&city(1).info))
}

fn into_city(city: &mut Ground, entities: &[Entity]) {
    for entity in entities {
        match entity {
            Entity::Building(one) => drop(city.buildings.insert(one.id, (**one).clone())),
            Entity::Terrain(one) => drop(city.terrain.insert(one.id, (**one).clone())),
            Entity::Plant(one) => drop(city.plants.insert(one.id, (**one).clone())),
            Entity::Device(one) => drop(city.devices.insert(one.id, (**one).clone())),
            Entity::Object(one) => drop(city.objects.insert(one.id, (**one).clone())),
            _ => {}
        }
    }
}

#[test]
fn buildings_stand_on_terrain_whichever_came_first() {
    let on_terrain = Some((7.0, "\"terrain\"".to_owned()));
    let mut together = vec![building().into(), terrain([0., 0.], 7.0)];
    assert_eq!(
        stand(&mut together, None),
        ["1 thing stands on the terrain"]
    );
    assert_eq!(ground_of(&together), on_terrain);
    // Terrain first.
    let mut city = empty();
    into_city(&mut city, &[terrain([0., 0.], 7.0)]);
    let mut later = vec![building().into()];
    stand(&mut later, Some(&city));
    assert_eq!(ground_of(&later), on_terrain);
    // Buildings first: they come into the edit that brings the terrain.
    let mut city = empty();
    into_city(&mut city, &[building().into(), plant(0.0).into()]);
    let mut later = vec![terrain([0., 0.], 7.0)];
    stand(&mut later, Some(&city));
    assert_eq!(later.len(), 3);
    assert_eq!(ground_of(&later), on_terrain);
    // A newer terrain moves them again, and an equal one nothing.
    into_city(&mut city, &later);
    let mut same = vec![terrain([0., 0.], 7.0)];
    stand(&mut same, Some(&city));
    assert_eq!(same.len(), 1);
    let mut newer = vec![terrain([0., 0.], 9.0)];
    stand(&mut newer, Some(&city));
    assert_eq!(ground_of(&newer).map(|it| it.0), Some(9.0));
    let tree = newer.iter().find_map(|entity| match entity {
        Entity::Plant(one) => Some(rounded(one.position[2])),
        _ => None,
    });
    assert_eq!(tree, Some(11.0));
}

#[test]
fn what_has_a_height_keeps_it_and_the_difference_is_told() {
    let mut measured = building();
    measured.ground_m = 8.5;
    let mut entities = vec![
        measured.clone().into(),
        plant(3.0).into(),
        terrain([0., 0.], 7.0),
    ];
    let notes = stand(&mut entities, None);
    assert_eq!(ground_of(&entities), Some((8.5, String::new())));
    assert!(
        notes.iter().any(|note| note.contains("+1.50 m")),
        "{notes:?}"
    );
    assert_eq!(entities[1], plant(3.0).into());
    // Without terrain nothing is said or done.
    assert!(stand(&mut vec![building().into()], Some(&empty())).is_empty());
    // Outside it things stay, and that is told.
    let mut entities = vec![building().into(), terrain([9_000., 0.], 7.0)];
    let notes = stand(&mut entities, None);
    assert_eq!(ground_of(&entities), Some((0.0, String::new())));
    assert!(notes[0].contains("outside the terrain"), "{notes:?}");
}

#[test]
fn placed_models_and_devices_go_up_with_the_ground() {
    let face = Surface {
        kind: crate::space::SurfaceKind::Unknown,
        rings: vec![vec![[0., 0., 1.], [4., 0., 1.], [0., 4., 1.]]],
    };
    let mut landmark = CityObject {
        id: crate::base::ObjectId::from_source("t", "arch"),
        source: source("arch"),
        kind: "Landmark".into(),
        name: None,
        models: vec![LodModel {
            lod: "3".into(),
            surfaces: vec![face],
            details: Vec::new(),
        }],
        attributes: [(GROUND_ATTRIBUTE.to_owned(), UNKNOWN.into())].into(),
    };
    let house = building();
    let mut device = city(1).devices.values().next().expect("it has one").clone();
    device.building = Some(house.id);
    device.position = [5.0, 5.0, 2.0];
    let mut city = empty();
    into_city(
        &mut city,
        &[landmark.clone().into(), house.into(), device.into()],
    );
    let mut entities = vec![terrain([0., 0.], 7.0)];
    stand(&mut entities, Some(&city));
    into_city(&mut city, &entities);
    let height_m = |object: &CityObject| rounded(object.models[0].surfaces[0].rings[0][0][2]);
    assert_eq!(height_m(city.objects.values().next().unwrap()), 8.0);
    assert_eq!(
        rounded(city.devices.values().next().unwrap().position[2]),
        9.0
    );
    // Once more: it goes up by the difference alone.
    let mut entities = vec![terrain([0., 0.], 10.0)];
    stand(&mut entities, Some(&city));
    into_city(&mut city, &entities);
    assert_eq!(height_m(city.objects.values().next().unwrap()), 11.0);
    assert_eq!(
        rounded(city.devices.values().next().unwrap().position[2]),
        12.0
    );
    // One with a height of its own stays.
    landmark.attributes = Default::default();
    let mut entities = vec![landmark.clone().into(), terrain([0., 0.], 7.0)];
    stand(&mut entities, None);
    assert_eq!(entities[0], landmark.into());
}
