//! Far houses: closed, outward, few corners.

use geo_types::{Polygon, polygon};

use super::*;
use crate::model::{RoofStyle, sample};
use crate::space::Bounds2;

/// Every triangle must look where the normal of its first corner points, and the house must have
/// no hole but its underside.
fn check(footprint: Polygon<f64>, roof: RoofStyle, corners: usize) {
    let ground = sample::city(0);
    let mut building = ground.buildings.values().next().unwrap().clone();
    building.footprint = footprint;
    building.roof = roof;
    building.height_m = 8.0;
    let frame = LocalFrame {
        origin_e: 0.0,
        origin_n: 0.0,
        origin_h: building.ground_m,
    };
    let shade = Shade {
        bounds: Bounds2 {
            min: [-100.0; 2],
            max: [100.0; 2],
        },
        columns: 1,
        rows: 1,
        bytes: vec![0, 0],
    };
    let mut mesh = FarMesh::new([0.0; 3]);
    mesh.add(&shade, &frame, &Massing::of(&building), 7);
    let chunk = mesh.finish();
    assert_eq!(chunk.vertices.len(), corners);
    let mut volume = 0.0;
    for triangle in chunk.indices.chunks_exact(3) {
        let vertices = [0, 1, 2].map(|i| chunk.vertices[triangle[i] as usize]);
        let corners = vertices.map(|vertex| vertex.position.map(f64::from));
        let normal = face_normal(&corners).unwrap();
        let told = vertices[0].normal.map(f64::from);
        let along: f64 = (0..3).map(|i| normal[i] * told[i] / 127.0).sum();
        assert!(along > 0.98, "{normal:?} is not {told:?}");
        assert_eq!(vertices[0].tag >> 8, 7);
        let [a, b, c] = corners;
        volume += a[0] * (b[1] * c[2] - b[2] * c[1]) / 6.0
            + a[1] * (b[2] * c[0] - b[0] * c[2]) / 6.0
            + a[2] * (b[0] * c[1] - b[1] * c[0]) / 6.0;
    }
    assert!(volume > 100.0, "{volume}");
}

#[test]
fn a_house_has_ten_corners() {
    let rectangle = polygon![(x: 0., y: 0.), (x: 12., y: 0.), (x: 12., y: 7.), (x: 0., y: 7.)];
    check(rectangle.clone(), RoofStyle::Gable, 10);
    check(rectangle, RoofStyle::Flat, 8);
}

#[test]
fn other_footprints_are_prisms() {
    let angle = polygon![
        (x: 0., y: 0.), (x: 30., y: 0.), (x: 30., y: 8.), (x: 8., y: 8.), (x: 8., y: 30.), (x: 0., y: 30.)
    ];
    check(angle, RoofStyle::Gable, 12);
    let courtyard = polygon!(
        exterior: [(x: 0., y: 0.), (x: 30., y: 0.), (x: 30., y: 30.), (x: 0., y: 30.)],
        interiors: [[(x: 10., y: 10.), (x: 10., y: 20.), (x: 20., y: 20.), (x: 20., y: 10.)]],
    );
    check(courtyard, RoofStyle::Flat, 16);
}
