//! Many upright prisms (buildings, as far as rays care) behind an index of their boxes.
//! Used for picking, sight lines and point queries. Never changes after it is built: build anew.

use geo::Intersects;
use geo_types::{Coord, Polygon, Rect};

use super::bounds::Bounds2;
use super::packed_index::BoxIndex;
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

/// Prisms by place. Building is O(n log n) in bulk; queries visit what is near only.
pub struct PrismIndex {
    prisms: Vec<Prism>,
    boxes: BoxIndex,
}

impl PrismIndex {
    /// Indexes the prisms; those without a finite extent can never be found and are left out.
    pub fn new(prisms: impl IntoIterator<Item = Prism>) -> Self {
        let prisms: Vec<Prism> = prisms.into_iter().collect();
        let outlines = prisms.iter().map(|one| Bounds2::from_polygon(&one.polygon));
        Self {
            boxes: BoxIndex::new(outlines),
            prisms,
        }
    }

    /// How many prisms are indexed.
    pub fn len(&self) -> usize {
        self.boxes.len()
    }

    /// True when nothing is indexed.
    pub fn is_empty(&self) -> bool {
        self.boxes.is_empty()
    }

    /// Everything bounds every footprint; empty when nothing is indexed.
    pub fn bounds(&self) -> Bounds2 {
        self.boxes.bounds()
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
        let mut candidates: Vec<(f64, &Prism)> = Vec::new();
        self.boxes.each_along(ray, max_m, |place, enters_m| {
            let prism = &self.prisms[place as usize];
            if passes(prism.id) {
                candidates.push((enters_m, prism));
            }
        });
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
        let near = self.boxes.at_point(at).into_iter();
        near.map(|place| &self.prisms[place as usize])
            .filter(move |prism| polygon_contains(&prism.polygon, at))
            .map(|prism| prism.id)
    }

    /// The numbers of the prisms whose footprint shares at least a point with the box, in no
    /// order.
    pub fn within(&self, bounds: Bounds2) -> impl Iterator<Item = u32> + '_ {
        let near = self.boxes.meeting_box(&bounds).into_iter();
        let corner = |p: [f64; 2]| Coord { x: p[0], y: p[1] };
        near.map(|place| &self.prisms[place as usize])
            .filter(move |prism| {
                let rect = Rect::new(corner(bounds.min), corner(bounds.max));
                prism.polygon.intersects(&rect)
            })
            .map(|prism| prism.id)
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
