//! A city on terrain: the land is drawn where the terrain is, and what lies on it lies above it.

use geo_types::{LineString, polygon};

use super::*;
use crate::base::{GroundAreaId, ImportId, ObjectId, RoadId, TerrainId};
use crate::model::{
    CityObject, GroundArea, GroundAreaKind, LodModel, Road, RoadKind, Source, Terrain, sample,
};
use crate::space::{Surface, SurfaceKind, Tin, oriented_rectangle};

fn source(key: &str) -> Source {
    Source {
        dataset: "t".into(),
        key: key.into(),
        import: ImportId::from_bits(1),
    }
}

/// Waves of eight metres over the sample city, in steps of ten metres.
fn wave_m(x: f64, y: f64) -> f64 {
    20.0 + 4.0 * (x * 0.05).sin() + 4.0 * (y * 0.03).cos()
}

fn waves() -> Terrain {
    let mut corners = Vec::new();
    let at = |i: i32, j: i32| {
        let (x, y) = (f64::from(i) * 10.0 - 200.0, f64::from(j) * 10.0 - 200.0);
        [x, y, wave_m(x, y)]
    };
    for i in 0..50 {
        for j in 0..50 {
            corners.push([at(i, j), at(i + 1, j), at(i + 1, j + 1)]);
            corners.push([at(i, j), at(i + 1, j + 1), at(i, j + 1)]);
        }
    }
    Terrain {
        id: TerrainId::from_source("t", "waves"),
        source: source("waves"),
        tin: Tin::from_triangles(&corners),
    }
}

fn scene() -> Scene {
    let mut ground = sample::city(1);
    let waves = waves();
    for building in ground.buildings.values_mut() {
        let [x, y] = oriented_rectangle(&building.footprint).center;
        building.ground_m = waves.tin.height_at([x, y]).expect("the waves are there");
    }
    ground.terrain.insert(waves.id, waves);
    let road = Road {
        id: RoadId::from_source("t", "road"),
        source: source("road"),
        name: Some("Road".into()),
        kind: RoadKind::Street,
        line: LineString::from(vec![(-100.0, -80.0), (150.0, 120.0)]),
        width_m: 6.0,
        surfaces: Vec::new(),
    };
    ground.roads.insert(road.id, road);
    let lawn = GroundArea {
        id: GroundAreaId::from_source("t", "lawn"),
        source: source("lawn"),
        name: None,
        kind: GroundAreaKind::Green,
        polygon: polygon![(x: 60., y: -90.), (x: 160., y: -90.), (x: 160., y: 10.), (x: 60., y: 10.)],
    };
    ground.ground_areas.insert(lawn.id, lawn);
    Scene::build(&ground, &KindTable::standard())
}

/// Local positions of the drawn triangles of a material.
fn triangles(scene: &Scene, material: Material) -> Vec<[[f64; 3]; 3]> {
    // Pieces of ground are kept: what they were made from is not asked again.
    let any = crate::model::sample::city(0);
    let pieces = scene.grounds.iter().map(|piece| scene.make(&any, *piece));
    let mut found = Vec::new();
    for piece in pieces {
        for corners in piece.indices.chunks_exact(3) {
            let corners = [0, 1, 2].map(|k| piece.vertices[corners[k] as usize]);
            if corners[0].tag & 0xff == material as u32 {
                found.push(corners.map(|corner| {
                    std::array::from_fn(|i| f64::from(corner.position[i]) + piece.origin[i])
                }));
            }
        }
    }
    found
}

#[test]
fn roads_and_lawns_lie_on_the_land_and_never_below_it() {
    let scene = scene();
    assert!(!scene.is_flat);
    let land = triangles(&scene, Material::Ground);
    assert!(land.len() > 300, "{}", land.len());
    for material in [Material::Street, Material::Green] {
        let pieces = triangles(&scene, material);
        assert!(pieces.len() > 20, "{material:?}: {}", pieces.len());
        for [a, b, c] in pieces {
            for share in [[1.0, 0.0, 0.0], [0.5, 0.5, 0.0], [0.34, 0.33, 0.33]] {
                let at: [f64; 3] =
                    std::array::from_fn(|i| a[i] * share[0] + b[i] * share[1] + c[i] * share[2]);
                let above_m = at[2] - (scene.ground_m([at[0], at[1]]) - relief::SINK_M);
                assert!((0.0..0.35).contains(&above_m), "{material:?}: {above_m}");
            }
        }
    }
}

#[test]
fn names_and_views_stand_on_the_land() {
    let scene = scene();
    let name = scene
        .names
        .iter()
        .find(|name| name.text == "Road")
        .expect("it has a name");
    let land_m = scene.ground_m([name.at[0], name.at[1]]);
    assert!((name.at[2] - land_m).abs() < 1e-9);
    let view = scene.default_view(1.6);
    let land_m = scene.ground_m([view.target[0], view.target[1]]);
    assert!((view.target[2] - land_m).abs() < 1e-9);
    // Beyond the terrain the land goes on near the height at its edge.
    let far_m = scene.ground_m([scene.land.max[0], scene.land.max[1]]) + scene.frame.origin_h;
    assert!((8.0..32.0).contains(&far_m), "{far_m}");
}

/// A sail of three corners, nine metres high, at this place.
fn sail(kind: &str, [e, n, foot_m]: [f64; 3]) -> CityObject {
    let face = Surface {
        kind: SurfaceKind::Unknown,
        rings: vec![vec![
            [e, n, foot_m],
            [e + 6.0, n, foot_m],
            [e, n, foot_m + 9.0],
        ]],
    };
    CityObject {
        id: ObjectId::from_source("t", kind),
        source: source(kind),
        kind: kind.into(),
        name: Some(format!("{kind} of Gusu")),
        models: vec![LodModel {
            lod: "3".into(),
            surfaces: vec![face],
            details: Vec::new(),
        }],
        attributes: Default::default(),
    }
}

#[test]
fn a_landmark_stands_in_the_picture_where_no_building_does() {
    let mut ground = sample::city(0);
    ground.buildings.clear();
    ground.places.clear();
    let at = [559_020.0, 3_465_510.0, 412.0];
    let lamp = [at[0] + 30.0, at[1], at[2]];
    for object in [sail("Landmark", at), sail("Lamp", lamp)] {
        ground.objects.insert(object.id, object);
    }
    let scene = Scene::build(&ground, &KindTable::standard());
    // Both sides of both sails, on the plane, within what the default view shows.
    let faces = triangles(&scene, Material::Other);
    assert_eq!(faces.len(), 4);
    for [x, y, z] in faces.into_iter().flatten() {
        assert!(scene.extent.grown(0.01).contains([x, y]), "{x} {y}");
        assert!((-0.01..9.01).contains(&z), "{z}");
    }
    let camera = Camera::new(scene.default_view(1.6), [1152.0, 720.0]);
    let told: Vec<_> = scene
        .names
        .iter()
        .map(|name| (&*name.text, name.of))
        .collect();
    assert_eq!(told, [("Landmark of Gusu", NameOf::Landmark)]);
    assert!(camera.pixel_of(scene.names[0].at).is_some());
    assert!((scene.names[0].at[2] - 9.0).abs() < 0.01);
}
