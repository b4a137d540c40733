//! The ground and what lies in it: open ground, water with its quays, streets, lanes, bridges.

use geo::{BooleanOps, unary_union};
use geo_types::{Coord, MultiPolygon, Polygon, Rect};

use crate::model::{
    EntityKind, EntityRef, Ground, GroundAreaKind, Road, RoadKind, Water, WaterKind,
};
use crate::space::{Bounds2, LocalFrame, clean_polygon, triangulate_polygon};

use super::builder::{Builder, Paint};
use super::buildings::add_object;
use super::drape::drape;
use super::grid::Lattice;
use super::local::{local_line, local_polygon};
use super::relief::Relief;
use super::ribbon;
use super::vertex::{Chunk, Material};

/// Seen from above.
const UP: [f64; 3] = [0.0, 0.0, 1.0];
/// Steps between flat layers. Reversed depth keeps them apart at any distance.
const AREA_M: f64 = 0.02;
const ROAD_M: f64 = 0.05;
/// How far canals lie below the ground when the source gives no level.
const CANAL_DEPTH_M: f64 = 1.3;
/// Length of the pieces into which a bridge's arch is cut.
const ARCH_STEPS: usize = 8;

/// What the ground is made from.
pub(super) struct Lie<'a> {
    pub frame: &'a LocalFrame,
    pub ground: &'a Ground,
    /// What the ground covers, local.
    pub land: Bounds2,
    pub relief: &'a Relief,
    /// The material that shows what became of a record, in a picture of two versions.
    pub became: &'a dyn Fn(EntityRef) -> Option<Material>,
}

impl Lie<'_> {
    /// The ground, all that lies in it, and the objects that stand on it, cut along a lattice.
    /// What became of records changes colours only, never the number of chunks.
    pub fn chunks(&self, lattice: Lattice) -> Vec<Chunk> {
        let mut builder = Builder::new(lattice);
        self.add_water(&mut builder);
        for area in self.ground.ground_areas.values() {
            let material = match area.kind {
                GroundAreaKind::Green => Material::Green,
                GroundAreaKind::Other => Material::Ground,
                _ => Material::Paving,
            };
            self.show(&mut builder, EntityKind::GroundArea, area.id.bits());
            let polygon = local_polygon(self.frame, &area.polygon);
            add_draped(&mut builder, &polygon, material, (self.relief, AREA_M));
        }
        for road in self.ground.roads.values() {
            self.show(&mut builder, EntityKind::Road, road.id.bits());
            add_road(&mut builder, self.frame, road, self.relief);
        }
        for object in self.ground.objects.values() {
            self.show(&mut builder, EntityKind::Object, object.id.bits());
            add_object(&mut builder, self.frame, object);
        }
        let made = builder.finish().into_iter();
        made.map(|(_, chunk)| chunk).collect()
    }

    fn show(&self, builder: &mut Builder, kind: EntityKind, bits: u64) {
        builder.shown_as = (self.became)(EntityRef { kind, bits });
    }

    /// Adds the land and the water in it.
    fn add_water(&self, builder: &mut Builder) {
        let water = self.ground.water.values();
        let water = water.filter_map(|one| {
            let (polygon, _) = clean_polygon(local_polygon(self.frame, &one.polygon)).ok()?;
            Some((one, polygon))
        });
        let water: Vec<(&Water, Polygon<f64>)> = water.collect();
        if self.relief.is_flat() {
            flat_ground(builder, self.land, water.iter().map(|(_, polygon)| polygon));
        } else {
            self.relief.add_to(builder, self.land);
        }
        for (one, polygon) in &water {
            self.show(builder, EntityKind::Water, one.id.bits());
            if self.relief.is_flat() {
                let level_m = water_level_m(self.frame, one);
                add_level(builder, polygon, Material::Water, level_m);
                quay_walls(builder, polygon, level_m);
            } else {
                add_draped(builder, polygon, Material::Water, (self.relief, AREA_M));
            }
        }
    }
}

/// Where water lies in a plane, local.
fn water_level_m(frame: &LocalFrame, water: &Water) -> f64 {
    let level_m = water.level_m - frame.origin_h;
    // A level above the ground, or none, would hide the city or show nothing.
    let believable = (-6.0..-0.2).contains(&level_m);
    match water.kind {
        _ if believable => level_m,
        WaterKind::Pond => -0.5,
        _ => -CANAL_DEPTH_M,
    }
}

/// The plane with holes where water is.
fn flat_ground<'a>(
    builder: &mut Builder,
    extent: Bounds2,
    water: impl Iterator<Item = &'a Polygon<f64>>,
) {
    let corner = |at: [f64; 2]| Coord { x: at[0], y: at[1] };
    let plane = Rect::new(corner(extent.min), corner(extent.max)).to_polygon();
    let wet = unary_union(water);
    let dry = MultiPolygon::new(vec![plane]).difference(&wet);
    for polygon in &dry {
        add_level(builder, polygon, Material::Ground, 0.0);
    }
}

/// A level area.
fn add_level(builder: &mut Builder, polygon: &Polygon<f64>, material: Material, level_m: f64) {
    for triangle in triangulate_polygon(polygon) {
        let level = triangle.map(|at| [at[0], at[1], level_m]);
        let cell = builder.cell_of(triangle[0]);
        builder.flat(cell, &[level], UP, Paint::plain(material));
    }
}

/// An area that follows the land, a little above it.
fn add_draped(
    builder: &mut Builder,
    polygon: &Polygon<f64>,
    material: Material,
    land: (&Relief, f64),
) {
    for triangle in triangulate_polygon(polygon) {
        add_draped_triangle(builder, triangle, material, land);
    }
}

pub(super) fn add_draped_triangle(
    builder: &mut Builder,
    triangle: [[f64; 2]; 3],
    material: Material,
    (relief, lift_m): (&Relief, f64),
) {
    let mut pieces = Vec::new();
    drape(relief, triangle, lift_m, &mut pieces);
    for piece in pieces {
        let cell = builder.cell_of([piece[0][0], piece[0][1]]);
        let normal_at = |at: [f64; 3]| relief.normal_at([at[0], at[1]]);
        builder.graded(cell, piece, normal_at, Paint::plain(material));
    }
}

/// The stone walls from the water up to the ground.
fn quay_walls(builder: &mut Builder, polygon: &Polygon<f64>, level_m: f64) {
    let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
    for line in rings.flat_map(|ring| ring.lines()) {
        let (a, b) = (line.start, line.end);
        let length = (b.x - a.x).hypot(b.y - a.y);
        if length < 0.01 {
            continue;
        }
        let corners = [
            [a.x, a.y, level_m - 0.3],
            [a.x, a.y, 0.0],
            [b.x, b.y, 0.0],
            [b.x, b.y, level_m - 0.3],
        ];
        // The outer ring runs counter-clockwise, so the water is on the left.
        let normal = [-(b.y - a.y) / length, (b.x - a.x) / length, 0.0];
        quad(
            builder,
            corners,
            normal,
            Paint {
                foot_m: level_m,
                ..Paint::plain(Material::Stone)
            },
        );
    }
}

fn quad(builder: &mut Builder, c: [[f64; 3]; 4], normal: [f64; 3], paint: Paint) {
    let cell = builder.cell_of([c[0][0], c[0][1]]);
    builder.flat(
        cell,
        &[[c[0], c[1], c[2]], [c[0], c[2], c[3]]],
        normal,
        paint,
    );
}

fn add_road(builder: &mut Builder, frame: &LocalFrame, road: &Road, relief: &Relief) {
    let (material, lift) = match road.kind {
        RoadKind::Street | RoadKind::Rail => (Material::Street, ROAD_M),
        RoadKind::Lane => (Material::Lane, ROAD_M + 0.01),
        RoadKind::Path | RoadKind::Steps => (Material::Lane, ROAD_M - 0.01),
        RoadKind::Quay => (Material::Stone, ROAD_M + 0.02),
        RoadKind::Bridge => (Material::Stone, ROAD_M + 0.03),
    };
    for surface in &road.surfaces {
        let polygon = local_polygon(frame, surface);
        add_draped(builder, &polygon, material, (relief, lift));
    }
    let line = local_line(frame, &road.line);
    if road.kind == RoadKind::Bridge {
        return add_bridge(builder, &line, road.width_m, relief);
    }
    add_band(builder, &line, road.width_m, material, (relief, lift));
}

/// A band along a line, a little above the land.
pub(super) fn add_band(
    builder: &mut Builder,
    line: &[[f64; 2]],
    width_m: f64,
    material: Material,
    (relief, lift_m): (&Relief, f64),
) {
    for pair in ribbon::edges(line, width_m).windows(2) {
        let corners = [pair[0].1, pair[1].1, pair[1].0, pair[0].0];
        if !relief.is_flat() {
            let [a, b, c, d] = corners;
            add_draped_triangle(builder, [a, b, c], material, (relief, lift_m));
            add_draped_triangle(builder, [a, c, d], material, (relief, lift_m));
        } else {
            let raised = corners.map(|at| [at[0], at[1], lift_m]);
            quad(builder, raised, UP, Paint::plain(material));
        }
    }
}

/// A stone bridge: a deck with a slight arch, sides and parapets.
fn add_bridge(builder: &mut Builder, line: &[[f64; 2]], width_m: f64, relief: &Relief) {
    let length = ribbon::length_m(line);
    if length < 1.0 {
        return;
    }
    // Narrow bridges for people are arched, wide ones for cars nearly level.
    let rise = if width_m < 4.5 {
        (length * 0.11).min(1.6)
    } else {
        (length * 0.02).min(0.5)
    };
    let share = |i: usize| i as f64 / ARCH_STEPS as f64;
    let points: Vec<_> = (0..=ARCH_STEPS)
        .filter_map(|i| ribbon::point_at(line, share(i)))
        .collect();
    // A deck spans what lies below it: it goes straight from bank to bank.
    let bank_m =
        |end: Option<&([f64; 2], [f64; 2])>| end.map_or(0.0, |(at, _)| relief.height_m(*at));
    let (from_m, to_m) = (bank_m(points.first()), bank_m(points.last()));
    let deck: Vec<_> = points
        .iter()
        .enumerate()
        .map(|(i, (at, along))| {
            let s = share(i.min(ARCH_STEPS));
            let z = from_m + (to_m - from_m) * s + 0.12 + rise * 4.0 * s * (1.0 - s);
            let side = [-along[1] * width_m / 2.0, along[0] * width_m / 2.0];
            (
                [at[0] + side[0], at[1] + side[1], z],
                [at[0] - side[0], at[1] - side[1], z],
                *along,
            )
        })
        .collect();
    for pair in deck.windows(2) {
        let (l0, r0, along) = pair[0];
        let (l1, r1, _) = pair[1];
        let stone = Paint::plain(Material::Stone);
        quad(builder, [r0, r1, l1, l0], [0.0, 0.0, 1.0], stone);
        let left = [-along[1], along[0], 0.0];
        for (a, b, out) in [(l0, l1, left), (r1, r0, left.map(|v| -v))] {
            bridge_side(builder, a, b, out);
        }
    }
}

/// Outer face, inner face and top of one stretch of parapet, down to under the deck.
fn bridge_side(builder: &mut Builder, a: [f64; 3], b: [f64; 3], out: [f64; 3]) {
    let stone = Paint::plain(Material::Plaster);
    let lift = |p: [f64; 3], by: f64| [p[0], p[1], p[2] + by];
    let into = |p: [f64; 3]| [p[0] - out[0] * 0.2, p[1] - out[1] * 0.2, p[2]];
    quad(
        builder,
        [lift(a, -0.5), lift(a, 0.7), lift(b, 0.7), lift(b, -0.5)],
        out,
        stone,
    );
    let inward = out.map(|v| -v);
    quad(
        builder,
        [into(b), into(lift(b, 0.7)), into(lift(a, 0.7)), into(a)],
        inward,
        stone,
    );
    let top = [
        lift(a, 0.7),
        into(lift(a, 0.7)),
        into(lift(b, 0.7)),
        lift(b, 0.7),
    ];
    quad(builder, top, [0.0, 0.0, 1.0], stone);
}
