//! Many upright prisms (buildings, as far as rays care) behind an R-tree.
//! Used for picking, sight lines and point queries. Never changes after it is built: build anew.

use geo::Intersects;
use geo_types::{Coord, Polygon, Rect};
use rstar::{AABB, RTree, RTreeObject, SelectionFunction};

use super::bounds::Bounds2;
use super::polygon::polygon_contains;
use super::ray::{Ray3, ray_prism};

/// An upright prism with the caller's number on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Prism {
    /// The caller's number, returned by every query.
    pub id: u32,
    /// The footprint.
    pub polygon: Polygon<f64>,
    /// Height of the underside, metres.
    pub base_m: f64,
    /// Height of the top, metres.
    pub top_m: f64,
}

struct Entry {
    prism: Prism,
    envelope: AABB<[f64; 2]>,
}

impl RTreeObject for Entry {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        self.envelope
    }
}

/// Prisms by place. Building is O(n log n) in bulk; queries visit what is near only.
pub struct PrismIndex {
    tree: RTree<Entry>,
}

impl PrismIndex {
    /// Indexes the prisms; those without a finite extent can never be found and are left out.
    pub fn new(prisms: impl IntoIterator<Item = Prism>) -> Self {
        let entries = prisms.into_iter().filter_map(|prism| {
            let bounds = Bounds2::from_polygon(&prism.polygon);
            let finite = bounds.min.iter().chain(&bounds.max).all(|v| v.is_finite());
            finite.then(|| Entry {
                envelope: AABB::from_corners(bounds.min, bounds.max),
                prism,
            })
        });
        Self {
            tree: RTree::bulk_load(entries.collect()),
        }
    }

    /// How many prisms are indexed.
    pub fn len(&self) -> usize {
        self.tree.size()
    }

    /// True when nothing is indexed.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Everything bounds every footprint; empty when nothing is indexed.
    pub fn bounds(&self) -> Bounds2 {
        let envelope = self.tree.root().envelope();
        if self.is_empty() {
            return Bounds2::empty();
        }
        Bounds2 {
            min: envelope.lower(),
            max: envelope.upper(),
        }
    }

    /// The prism the ray meets first, and the distance to it in metres (for a unit direction).
    pub fn first_hit(&self, ray: &Ray3, max_m: f64) -> Option<(u32, f64)> {
        self.first_hit_where(ray, max_m, |_| true)
    }

    /// As [`PrismIndex::first_hit`], among the prisms whose number passes: a camera looks past
    /// the house it hangs on.
    pub fn first_hit_where(
        &self,
        ray: &Ray3,
        max_m: f64,
        passes: impl Fn(u32) -> bool,
    ) -> Option<(u32, f64)> {
        let path = Path { ray: *ray, max_m };
        let near = self.tree.locate_with_selection_function(path);
        let mut candidates: Vec<(f64, &Prism)> = near
            .filter(|entry| passes(entry.prism.id))
            .filter_map(|entry| Some((path.enters(&entry.envelope)?, &entry.prism)))
            .collect();
        candidates.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.id.cmp(&b.1.id)));
        let mut best: Option<(u32, f64)> = None;
        for (enters_m, prism) in candidates {
            let limit_m = best.map_or(max_m, |(_, hit_m)| hit_m);
            if enters_m > limit_m {
                break;
            }
            if let Some(hit_m) = ray_prism(ray, &prism.polygon, prism.base_m, prism.top_m)
                && hit_m <= max_m
                && best.is_none_or(|(id, m)| hit_m < m || (hit_m == m && prism.id < id))
            {
                best = Some((prism.id, hit_m));
            }
        }
        best
    }

    /// The numbers of the prisms whose footprint contains the point, in no order.
    pub fn at_point(&self, at: [f64; 2]) -> impl Iterator<Item = u32> + '_ {
        self.tree
            .locate_in_envelope_intersecting(AABB::from_point(at))
            .filter(move |entry| polygon_contains(&entry.prism.polygon, at))
            .map(|entry| entry.prism.id)
    }

    /// The numbers of the prisms whose footprint shares at least a point with the box, in no
    /// order.
    pub fn within(&self, bounds: Bounds2) -> impl Iterator<Item = u32> + '_ {
        // An empty box is inside out; as an envelope it would catch everything.
        let bounds = (!bounds.is_empty()).then_some(bounds);
        bounds.into_iter().flat_map(move |bounds| {
            let corner = |p: [f64; 2]| Coord { x: p[0], y: p[1] };
            let rect = Rect::new(corner(bounds.min), corner(bounds.max));
            self.tree
                .locate_in_envelope_intersecting(AABB::from_corners(bounds.min, bounds.max))
                .filter(move |entry| entry.prism.polygon.intersects(&rect))
                .map(|entry| entry.prism.id)
        })
    }
}

/// The part of a ray that counts, seen from above.
#[derive(Clone, Copy)]
struct Path {
    ray: Ray3,
    max_m: f64,
}

impl Path {
    /// The distance at which the ray enters a box seen from above; `None` when it passes by.
    fn enters(&self, envelope: &AABB<[f64; 2]>) -> Option<f64> {
        let (low, high) = (envelope.lower(), envelope.upper());
        let (mut enter, mut leave) = (0.0_f64, self.max_m);
        for k in 0..2 {
            let (from, step) = (self.ray.origin[k], self.ray.direction[k]);
            if step == 0.0 {
                if from < low[k] || from > high[k] {
                    return None;
                }
                continue;
            }
            let (a, b) = ((low[k] - from) / step, (high[k] - from) / step);
            enter = enter.max(a.min(b));
            leave = leave.min(a.max(b));
        }
        // A hair of slack: rounding must not lose a wall that lies on its box.
        (enter <= leave + 1e-9).then_some(enter)
    }
}

impl SelectionFunction<Entry> for Path {
    fn should_unpack_parent(&self, envelope: &AABB<[f64; 2]>) -> bool {
        self.enters(envelope).is_some()
    }

    fn should_unpack_leaf(&self, entry: &Entry) -> bool {
        self.enters(&entry.envelope).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Triangular and square houses scattered over 200 m.
    fn prisms() -> impl Strategy<Value = Vec<Prism>> {
        let one = (
            0.0..200.0f64,
            0.0..200.0f64,
            2.0..15.0f64,
            3.0..30.0f64,
            3..6usize,
        );
        prop::collection::vec(one, 1..60).prop_map(|list| {
            let numbered = list.into_iter().enumerate();
            numbered
                .map(|(id, (x, y, radius, top_m, sides))| {
                    let corner = |k: usize| {
                        let (s, c) =
                            (0.3 + std::f64::consts::TAU * k as f64 / sides as f64).sin_cos();
                        Coord {
                            x: x + radius * c,
                            y: y + radius * s,
                        }
                    };
                    let polygon = Polygon::new((0..sides).map(corner).collect(), vec![]);
                    Prism {
                        id: id as u32,
                        polygon,
                        base_m: 2.0,
                        top_m,
                    }
                })
                .collect()
        })
    }

    proptest! {
        #[test]
        fn first_hit_is_the_nearest_of_all(
            prisms in prisms(),
            from in prop::array::uniform3(-20.0..220.0f64),
            to in (-20.0..220.0f64, -20.0..220.0f64, 0.0..40.0f64),
            max_m in 20.0..400.0f64,
        ) {
            let from = [from[0], from[1], from[2].abs() * 0.2];
            let (ray, _) = Ray3::towards(from, [to.0, to.1, to.2]).unwrap();
            let slow = prisms.iter()
                .filter_map(|p| Some((p.id, ray_prism(&ray, &p.polygon, p.base_m, p.top_m)?)))
                .filter(|(_, m)| *m <= max_m)
                .min_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
            let index = PrismIndex::new(prisms);
            prop_assert_eq!(index.first_hit(&ray, max_m), slow);
        }

        #[test]
        fn points_and_boxes_find_what_all_pairs_find(
            prisms in prisms(),
            at in prop::array::uniform2(0.0..200.0f64),
            size in prop::array::uniform2(0.0..60.0f64),
        ) {
            let bounds = Bounds2 { min: at, max: [at[0] + size[0], at[1] + size[1]] };
            let rect = Rect::new(
                Coord { x: bounds.min[0], y: bounds.min[1] },
                Coord { x: bounds.max[0], y: bounds.max[1] },
            );
            let ids = |keep: &dyn Fn(&Prism) -> bool| -> Vec<u32> {
                prisms.iter().filter(|p| keep(p)).map(|p| p.id).collect()
            };
            let slow_at = ids(&|p| polygon_contains(&p.polygon, at));
            let slow_within = ids(&|p| p.polygon.intersects(&rect));
            let index = PrismIndex::new(prisms.clone());
            let sorted = |mut found: Vec<u32>| { found.sort_unstable(); found };
            prop_assert_eq!(sorted(index.at_point(at).collect()), slow_at);
            prop_assert_eq!(sorted(index.within(bounds).collect()), slow_within);
        }
    }

    #[test]
    fn nothing_is_found_in_nothing() {
        let index = PrismIndex::new([]);
        assert!(index.is_empty() && index.bounds().is_empty());
        assert_eq!(index.at_point([0.0, 0.0]).count(), 0);
        assert_eq!(index.within(Bounds2::empty()).count(), 0);
    }
}
