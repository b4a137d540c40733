//! What lies along a road or a piece of water: how far from it, at which chainage, on which side.
//! Used by the question "what is along this lane or canal". Never decides how far still counts.

mod chain;
#[cfg(test)]
mod tests;

use geo_types::Polygon;

use crate::base::{RoadId, WaterId};
use crate::space::{self, Bounds2, Segment};

use super::{Ground, Road, Water};
use chain::{Chain, chained};

/// A middle line of water has a place about every so many metres.
const WATER_STEP_M: f64 = 10.0;

/// Along what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Along<'a> {
    /// One road, from the beginning of its line.
    Road(RoadId),
    /// All roads of exactly this name, behind each other.
    RoadsNamed(&'a str),
    /// One piece of water.
    Water(WaterId),
    /// All water of exactly this name, behind each other.
    WaterNamed(&'a str),
}

/// What reaches no further over a kerb or a bank only touches it; metres. Outlines are drawn no
/// better than that.
const EDGE_M: f64 = 0.3;

/// A side, seen in the direction in which the chainage grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Left of it.
    Left,
    /// Right of it.
    Right,
    /// On the carriageway, or in the water.
    On,
}

/// Where something lies beside a corridor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Beside {
    /// From the edge of the carriageway or the bank; 0 on it or in it.
    pub distance_m: f64,
    /// Metres along the middle line from its beginning.
    pub chainage_m: f64,
    /// Which side.
    pub side: Side,
}

/// The middle lines of a road or of water, and how wide it is.
#[derive(Debug, Clone)]
pub struct Corridor {
    chains: Vec<Chain>,
    /// Outlines of water; none for roads, which are as wide as they say.
    banks: Vec<Polygon<f64>>,
}

impl Corridor {
    /// The corridor; `None` when there is no such road or water, or none with a line or an area.
    ///
    /// Several pieces of one name are put behind each other where their ends meet. Such a line
    /// begins at its western end, or at the southern one when it runs more north than east; one
    /// road by itself begins where its line begins. A piece that meets no other counts on from
    /// where it lies beside the rest, or from its end across the gap.
    #[must_use]
    pub fn of(ground: &Ground, along: Along) -> Option<Self> {
        let named = |name: &Option<String>, wanted: &str| name.as_deref() == Some(wanted);
        let corridor = match along {
            Along::Road(id) => Self::of_road(ground.roads.get(&id)?),
            Along::RoadsNamed(name) => {
                let roads = ground.roads.values().filter(|road| named(&road.name, name));
                Self {
                    chains: chained(roads.map(road_line)),
                    banks: Vec::new(),
                }
            }
            Along::Water(id) => Self::of_water(std::iter::once(ground.water.get(&id)?)),
            Along::WaterNamed(name) => {
                Self::of_water(ground.water.values().filter(|one| named(&one.name, name)))
            }
        };
        (!corridor.chains.is_empty()).then_some(corridor)
    }

    fn of_road(road: &Road) -> Self {
        let (line, half_m) = road_line(road);
        Self {
            chains: Chain::new(line, half_m).into_iter().collect(),
            banks: Vec::new(),
        }
    }

    fn of_water<'a>(water: impl Iterator<Item = &'a Water>) -> Self {
        let finite = |polygon: &Polygon<f64>| {
            let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
            let mut corners = rings.flat_map(|ring| &ring.0);
            corners.all(|at| at.x.is_finite() && at.y.is_finite())
        };
        let banks = water.map(|one| one.polygon.clone()).filter(finite);
        let banks: Vec<Polygon<f64>> = banks.collect();
        let lines = banks
            .iter()
            .map(|bank| (space::middle_line(bank, WATER_STEP_M), 0.0));
        Self {
            chains: chained(lines),
            banks,
        }
    }

    /// The middle lines, in the order of their chainage.
    pub fn lines(&self) -> impl Iterator<Item = &[[f64; 2]]> {
        self.chains.iter().map(|chain| &*chain.points)
    }

    /// The length of the middle lines together.
    #[must_use]
    pub fn length_m(&self) -> f64 {
        self.chains.iter().map(Chain::length_m).sum()
    }

    /// A box that holds whatever lies within a distance of it, to ask an index with.
    #[must_use]
    pub fn bounds(&self, distance_m: f64) -> Bounds2 {
        let lines = self
            .chains
            .iter()
            .map(|chain| Bounds2::from_points(chain.points.iter().copied()).grown(chain.half_m));
        let banks = self.banks.iter().map(Bounds2::from_polygon);
        let all = lines
            .chain(banks)
            .fold(Bounds2::empty(), |all, one| all.union(&one));
        all.grown(distance_m)
    }

    /// Where a place lies; `None` further away than `distance_m`, or when it is no place.
    #[must_use]
    pub fn beside(&self, at: [f64; 2], distance_m: f64) -> Option<Beside> {
        let mut banks = self.banks.iter();
        let is_in = banks.any(|bank| space::polygon_contains(bank, at));
        let mut found = self.of_walls(&[[at, at]], is_in, distance_m)?;
        if found.distance_m == 0.0 {
            found.side = Side::On;
        }
        Some(found)
    }

    /// Where an outline lies, by the place on its outer ring that is nearest; `None` further away.
    #[must_use]
    pub fn beside_outline(&self, outline: &Polygon<f64>, distance_m: f64) -> Option<Beside> {
        let corners = outline.exterior().0.iter().map(|c| [c.x, c.y]);
        let corners: Vec<[f64; 2]> = corners.collect();
        let walls: Vec<Segment> = corners.windows(2).map(|pair| [pair[0], pair[1]]).collect();
        // Walls that cross nothing leave one inside the other or each outside. A house that stands
        // straight at the water, or reaches a little over the kerb, is beside it all the same.
        let inside = corners.iter().filter(|at| self.holds(**at)).count();
        let mut places = self.lines().flatten();
        let mut is_around = || places.any(|at| space::polygon_contains(outline, *at));
        let is_on = (inside > 0 && 2 * inside >= corners.len()) || is_around();
        self.of_walls(&walls, is_on, distance_m)
    }

    /// Whether a place lies in the water or on the carriageway, and not just on its edge.
    fn holds(&self, at: [f64; 2]) -> bool {
        let point = [at, at];
        if self.banks.is_empty() {
            let mut chains = self.chains.iter();
            return chains.any(|chain| chain.nearest(point).off_m + EDGE_M < chain.half_m);
        }
        let mut banks = self.banks.iter();
        banks.any(|bank| space::polygon_contains(bank, at)) && self.to_banks(&[point]) > EDGE_M
    }

    /// Of walls, or of a place as a wall without length; `is_on` when it is known to be no
    /// distance away. What crosses the middle line is on it, too.
    fn of_walls(&self, walls: &[Segment], is_on: bool, distance_m: f64) -> Option<Beside> {
        if walls
            .iter()
            .flatten()
            .flatten()
            .any(|value| !value.is_finite())
        {
            return None;
        }
        let places = walls.iter().flat_map(|wall| {
            self.chains
                .iter()
                .map(move |chain| (chain.half_m, chain.nearest(*wall)))
        });
        let by_kerb = places.min_by(|a, b| (a.1.off_m - a.0).total_cmp(&(b.1.off_m - b.0)));
        let (half_m, place) = by_kerb?;
        let away_m = match (is_on, self.banks.is_empty()) {
            (true, _) => 0.0,
            (false, true) => (place.off_m - half_m).max(0.0),
            (false, false) => self.to_banks(walls),
        };
        (away_m <= distance_m).then_some(Beside {
            distance_m: away_m,
            chainage_m: place.chainage_m,
            side: match is_on || place.off_m <= 0.0 {
                true => Side::On,
                false => place.side,
            },
        })
    }

    fn to_banks(&self, walls: &[Segment]) -> f64 {
        let rings = self
            .banks
            .iter()
            .flat_map(|bank| std::iter::once(bank.exterior()).chain(bank.interiors()));
        let sides = rings.flat_map(|ring| ring.lines());
        let sides = sides.map(|side| [side.start, side.end].map(|end| [end.x, end.y]));
        let apart = sides.flat_map(|side| {
            walls.iter().map(move |wall| {
                let [t, u] = space::nearest_shares(side, *wall);
                space::distance(space::at_share(side, t), space::at_share(*wall, u))
            })
        });
        apart.fold(f64::INFINITY, f64::min)
    }
}

/// The line of a road and half its width.
fn road_line(road: &Road) -> (Vec<[f64; 2]>, f64) {
    let line = road.line.0.iter().map(|c| [c.x, c.y]).collect();
    let is_width = road.width_m.is_finite() && road.width_m > 0.0;
    (line, if is_width { 0.5 * road.width_m } else { 0.0 })
}
