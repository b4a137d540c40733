//! Trees as a stem and a faceted crown.

use crate::model::Plant;
use crate::space::LocalFrame;

use super::builder::{Builder, Paint};
use super::grid::Cell;
use super::vertex::Material;

/// Corners of the crown on each of its three rings.
const SIDES: usize = 6;

/// Adds one tree to a cell.
pub(super) fn add(
    builder: &mut Builder,
    cell: Cell,
    frame: &LocalFrame,
    plant: &Plant,
    foot_m: f64,
) {
    let [x, y, _] = frame.local_from_projected(plant.position);
    let height = plant.height_m.clamp(0.5, 60.0);
    let radius = (plant.crown_m / 2.0).clamp(0.2, height * 0.6);
    let crown_foot = height * 0.28;
    // Trees of one size would look stamped: each is turned by where it stands.
    let turn = (x * 1.7 + y * 2.3).rem_euclid(std::f64::consts::TAU);
    let ring = |share: f64, width: f64| -> Vec<[f64; 3]> {
        let z = foot_m + crown_foot + (height - crown_foot) * share;
        (0..SIDES)
            .map(|side| {
                let angle = turn + side as f64 / SIDES as f64 * std::f64::consts::TAU;
                let wobble = 1.0 + 0.12 * (angle * 2.0 + turn * 3.0).sin();
                let reach = radius * width * wobble;
                [x + reach * angle.cos(), y + reach * angle.sin(), z]
            })
            .collect()
    };
    let rings = [ring(0.0, 0.55), ring(0.35, 1.0), ring(0.72, 0.78)];
    let top = [x, y, foot_m + height];
    let leaves = Paint::plain(Material::Leaves);
    let mut face = |a: [f64; 3], b: [f64; 3], c: [f64; 3]| {
        if let Some(normal) = normal_of(a, b, c) {
            builder.flat(cell, &[[a, b, c]], normal, leaves);
        }
    };
    for side in 0..SIDES {
        let next = (side + 1) % SIDES;
        for pair in rings.windows(2) {
            face(pair[0][side], pair[0][next], pair[1][next]);
            face(pair[0][side], pair[1][next], pair[1][side]);
        }
        face(rings[2][side], rings[2][next], top);
    }
    stem(
        builder,
        cell,
        [x, y, foot_m],
        crown_foot + 0.4,
        radius * 0.09 + 0.06,
    );
}

fn stem(builder: &mut Builder, cell: Cell, foot: [f64; 3], height: f64, half: f64) {
    let [x, y, z] = foot;
    let corners = [
        [x - half, y - half],
        [x + half, y - half],
        [x + half, y + half],
        [x - half, y + half],
    ];
    for side in 0..4 {
        let (a, b) = (corners[side], corners[(side + 1) % 4]);
        let low = |p: [f64; 2]| [p[0], p[1], z];
        let high = |p: [f64; 2]| [p[0], p[1], z + height];
        let faces = [[low(a), low(b), high(b)], [low(a), high(b), high(a)]];
        let normal = [
            (a[0] + b[0] - 2.0 * x) / (2.0 * half),
            (a[1] + b[1] - 2.0 * y) / (2.0 * half),
            0.0,
        ];
        builder.flat(
            cell,
            &faces,
            normal,
            Paint {
                detail: true,
                ..Paint::plain(Material::Timber)
            },
        );
    }
}

fn normal_of(a: [f64; 3], b: [f64; 3], c: [f64; 3]) -> Option<[f64; 3]> {
    let u: [f64; 3] = std::array::from_fn(|i| b[i] - a[i]);
    let v: [f64; 3] = std::array::from_fn(|i| c[i] - a[i]);
    let n = [
        u[1] * v[2] - u[2] * v[1],
        u[2] * v[0] - u[0] * v[2],
        u[0] * v[1] - u[1] * v[0],
    ];
    let length = (n[0] * n[0] + n[1] * n[1] + n[2] * n[2]).sqrt();
    (length > 1e-9).then(|| n.map(|value| value / length))
}
