//! Our indexes and those of others in memory, over the same things.

use std::time::Instant;

use geo_index::kdtree::{KDTree, KDTreeBuilder, KDTreeIndex};
use geo_index::rtree::sort::HilbertSort;
use geo_index::rtree::{RTree as PackedTree, RTreeBuilder, RTreeIndex};
use geo_types::Polygon;
use pingjiang::space::{Bounds2, BoxIndex, MovingPoints, PointIndex, polygon_contains};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use crate::world::Dice;
use crate::{Question, World};

/// Everybody.
pub struct Peers<'w> {
    houses: &'w [Polygon<f64>],
    points: PointIndex,
    boxes: BoxIndex,
    moving: MovingPoints,
    rstar_points: RTree<GeomWithData<[f64; 2], u32>>,
    rstar_boxes: RTree<GeomWithData<Rectangle<[f64; 2]>, u32>>,
    kd_points: KDTree<f64>,
    packed_points: PackedTree<f64>,
    packed_boxes: PackedTree<f64>,
}

/// Answers how many were found at a place.
type Ask<'p> = Box<dyn Fn([f64; 2]) -> usize + 'p>;

impl<'w> Peers<'w> {
    /// Builds all and prints how long each took.
    pub fn build(world: &'w World) -> Self {
        let (entities, outlines) = (&world.entities, &world.houses);
        let houses: Vec<Bounds2> = outlines.iter().map(Bounds2::from_polygon).collect();
        println!("| build | time | aim | bytes an entry | aim |\n|---|---|---|---|---|");
        let points = timed(|| PointIndex::new(entities.iter().copied()));
        tell(
            "ours, points",
            points.1,
            "≤ 0.5 s",
            points.0.bytes(),
            entities.len(),
        );
        let boxes = timed(|| BoxIndex::new(houses.iter().copied()));
        tell("ours, houses", boxes.1, "", boxes.0.bytes(), houses.len());
        let numbered = (0..).zip(entities);
        let entries = numbered
            .map(|(id, at)| GeomWithData::new(*at, id))
            .collect();
        let rstar_points = timed(|| RTree::bulk_load(entries));
        tell("rstar, points", rstar_points.1, "", 0, 1);
        let kd_points = timed(|| {
            let mut builder = KDTreeBuilder::new(entities.len() as u32);
            for at in entities {
                builder.add(at[0], at[1]);
            }
            builder.finish()
        });
        tell("geo-index k-d tree, points", kd_points.1, "", 0, 1);
        let as_boxes = entities.iter().map(|at| Bounds2 { min: *at, max: *at });
        let packed_points = timed(|| packed(as_boxes));
        tell("geo-index R-tree, points", packed_points.1, "", 0, 1);
        let numbered = (0..).zip(&houses);
        let entry = |(id, one): (u32, &Bounds2)| {
            GeomWithData::new(Rectangle::from_corners(one.min, one.max), id)
        };
        let mut moving = MovingPoints::new(50.0);
        let putting = timed(|| {
            for (id, at) in (0..).zip(entities) {
                moving.put(id, *at);
            }
        });
        tell("ours, moving, one by one", putting.1, "", 0, 1);
        Self {
            houses: outlines,
            points: points.0,
            boxes: boxes.0,
            moving,
            rstar_points: rstar_points.0,
            rstar_boxes: RTree::bulk_load(numbered.map(entry).collect()),
            kd_points: kd_points.0,
            packed_points: packed_points.0,
            packed_boxes: packed(houses.iter().copied()),
        }
    }

    /// Prints what moving costs: each of 100,000 points by some metres.
    pub fn moving(&self, world: &World) {
        let mut moving = self.moving.clone();
        let mut dice = Dice(5);
        let moves: Vec<(u32, [f64; 2])> = (0..100_000)
            .map(|_| {
                let id = (dice.next() * world.entities.len() as f64) as u32;
                let at = world.entities[id as usize];
                (id, at.map(|v| v + dice.between(-20.0, 20.0)))
            })
            .collect();
        let ((), time_s) = timed(|| {
            for (id, at) in &moves {
                moving.put(*id, *at);
            }
        });
        println!(
            "move one of them by up to 20 m: {:.2} µs",
            time_s * 1e6 / moves.len() as f64
        );
    }

    /// Who can answer, by name.
    pub fn ask(&self, question: Question) -> Vec<(&'static str, Ask<'_>)> {
        match question {
            Question::Radius => self.radius(),
            Question::Nearest => self.nearest(),
            Question::Box => self.within(),
            Question::House => self.house(),
        }
    }

    fn radius(&self) -> Vec<(&'static str, Ask<'_>)> {
        vec![
            (
                "ours",
                Box::new(|at| self.points.within_radius(at, 100.0).len()),
            ),
            (
                "moving",
                Box::new(|at| self.moving.within_radius(at, 100.0).len()),
            ),
            (
                "rstar",
                Box::new(|at| {
                    let found = self.rstar_points.locate_within_distance(at, 100.0 * 100.0);
                    found.map(|one| one.data).collect::<Vec<u32>>().len()
                }),
            ),
            (
                "geo-index",
                Box::new(|at| self.kd_points.within(at[0], at[1], 100.0).len()),
            ),
        ]
    }

    fn nearest(&self) -> Vec<(&'static str, Ask<'_>)> {
        vec![
            (
                "ours",
                Box::new(|at| self.points.nearest(at, 10, |_| true).len()),
            ),
            (
                "moving",
                Box::new(|at| self.moving.nearest(at, 10, |_| true).len()),
            ),
            (
                "rstar",
                Box::new(|at| {
                    let found = self.rstar_points.nearest_neighbor_iter(at).take(10);
                    found.map(|one| one.data).collect::<Vec<u32>>().len()
                }),
            ),
            (
                "geo-index",
                Box::new(|at| {
                    self.packed_points
                        .neighbors(at[0], at[1], Some(10), None)
                        .len()
                }),
            ),
        ]
    }

    fn within(&self) -> Vec<(&'static str, Ask<'_>)> {
        let bounds = |at| Bounds2 { min: at, max: at }.grown(100.0);
        vec![
            (
                "ours",
                Box::new(move |at| self.points.within_box(&bounds(at)).len()),
            ),
            (
                "moving",
                Box::new(move |at| self.moving.within_box(&bounds(at)).len()),
            ),
            (
                "rstar",
                Box::new(move |at| {
                    let envelope = AABB::from_corners(bounds(at).min, bounds(at).max);
                    let found = self.rstar_points.locate_in_envelope(envelope);
                    found.map(|one| one.data).collect::<Vec<u32>>().len()
                }),
            ),
            (
                "geo-index",
                Box::new(move |at| {
                    let Bounds2 { min, max } = bounds(at);
                    self.kd_points.range(min[0], min[1], max[0], max[1]).len()
                }),
            ),
            (
                "geo-index",
                Box::new(move |at| {
                    let Bounds2 { min, max } = bounds(at);
                    self.packed_points
                        .search(min[0], min[1], max[0], max[1])
                        .len()
                }),
            ),
        ]
    }

    fn house(&self) -> Vec<(&'static str, Ask<'_>)> {
        let holds = |id: u32, at| polygon_contains(&self.houses[id as usize], at);
        vec![
            (
                "ours",
                Box::new(move |at| {
                    let mut count = 0;
                    self.boxes
                        .each_at_point(at, |id| count += usize::from(holds(id, at)));
                    count
                }),
            ),
            (
                "rstar",
                Box::new(move |at| {
                    let near = self
                        .rstar_boxes
                        .locate_in_envelope_intersecting(AABB::from_point(at));
                    near.filter(|one| holds(one.data, at)).count()
                }),
            ),
            (
                "geo-index",
                Box::new(move |at| {
                    let near = self.packed_boxes.search(at[0], at[1], at[0], at[1]);
                    near.into_iter().filter(|id| holds(*id, at)).count()
                }),
            ),
        ]
    }
}

fn packed(boxes: impl ExactSizeIterator<Item = Bounds2>) -> PackedTree<f64> {
    let mut builder = RTreeBuilder::new(boxes.len() as u32);
    for one in boxes {
        builder.add(one.min[0], one.min[1], one.max[0], one.max[1]);
    }
    builder.finish::<HilbertSort>()
}

fn timed<T>(act: impl FnOnce() -> T) -> (T, f64) {
    let began = Instant::now();
    let result = act();
    (result, began.elapsed().as_secs_f64())
}

fn tell(name: &str, time_s: f64, aim: &str, bytes: usize, entries: usize) {
    let (each, most) = match bytes {
        0 => (String::new(), ""),
        _ => (format!("{:.1}", bytes as f64 / entries as f64), "≤ 100"),
    };
    println!("| {name} | {time_s:.3} s | {aim} | {each} | {most} |");
}
