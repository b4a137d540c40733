//! Sight lines, held against all cameras and all buildings, and in streets made by hand.

mod by_hand;
mod oracle;

use geo_types::{LineString, Polygon, polygon};

use crate::base::{BuildingId, CameraId, ImportId, RoadId, TerrainId};
use crate::model::{
    Building, Camera, CameraKind, CameraOwner, CityInfo, Ground, HeightOrigin, LodModel,
    Protection, Road, RoadKind, RoofStyle, Source, Structure, Terrain, Usage,
};
use crate::space::{Surface, Tin};

fn source(key: &str) -> Source {
    Source {
        dataset: "sight".to_owned(),
        key: key.to_owned(),
        import: ImportId::from_source("sight", "1"),
    }
}

fn building_id(number: usize) -> BuildingId {
    BuildingId::from_source("sight", &number.to_string())
}

fn camera_id(number: usize) -> CameraId {
    CameraId::from_source("sight", &number.to_string())
}

fn empty() -> Ground {
    Ground::new(CityInfo {
        name_zh: String::new(),
        name_en: String::new(),
        crs: "EPSG:4549".to_owned(),
        vertical_datum: "1985".to_owned(),
        utc_offset_minutes: 480,
        synthetic: true,
    })
}

/// A city of houses (outline, height; on the ground at height 0) and cameras.
fn city(houses: Vec<(Polygon<f64>, f64)>, cameras: Vec<Camera>) -> Ground {
    let mut ground = empty();
    for (number, (footprint, height_m)) in houses.into_iter().enumerate() {
        let house = house(number, footprint, height_m);
        ground.buildings.insert(house.id, house);
    }
    for (number, camera) in cameras.into_iter().enumerate() {
        let id = camera_id(number);
        ground.cameras.insert(id, Camera { id, ..camera });
    }
    ground
}

fn house(number: usize, footprint: Polygon<f64>, height_m: f64) -> Building {
    Building {
        id: building_id(number),
        source: source("house"),
        name: None,
        address: None,
        footprint,
        ground_m: 0.0,
        height_m,
        height_origin: HeightOrigin::Measured,
        storeys: 2,
        structure: Structure::Unknown,
        year: None,
        usage: Usage::Residential,
        protection: Protection::None,
        roof: RoofStyle::Derived,
        party_walls: Vec::new(),
        area: None,
        models: Vec::new(),
        repairs: Vec::new(),
        attributes: Default::default(),
    }
}

fn model(lod: &str, surfaces: Vec<Surface>) -> LodModel {
    LodModel {
        lod: lod.to_owned(),
        surfaces,
        details: Vec::new(),
    }
}

fn rect(min: [f64; 2], max: [f64; 2]) -> Polygon<f64> {
    polygon![(x: min[0], y: min[1]), (x: max[0], y: min[1]), (x: max[0], y: max[1]), (x: min[0], y: max[1])]
}

/// A camera that looks level, 90° wide and 100 m far.
fn camera(position: [f64; 3], heading_deg: f64) -> Camera {
    Camera {
        id: camera_id(0),
        source: source("camera"),
        name: String::new(),
        position,
        heading_deg,
        pitch_deg: 0.0,
        fov_deg: 90.0,
        range_m: 100.0,
        owner: CameraOwner::Police,
        gb28181_id: String::new(),
        kind: Some(CameraKind::Bullet),
        stream: None,
    }
}

fn road(line: &[[f64; 2]], width_m: f64) -> Road {
    Road {
        id: RoadId::from_source("sight", "road"),
        source: source("road"),
        name: None,
        kind: RoadKind::Lane,
        line: LineString::from(line.to_vec()),
        width_m,
        surfaces: Vec::new(),
    }
}

fn terrain(corners: &[[[f64; 3]; 3]]) -> Terrain {
    Terrain {
        id: TerrainId::from_source("sight", "terrain"),
        source: source("terrain"),
        tin: Tin::from_triangles(corners),
    }
}
