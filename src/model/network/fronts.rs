//! Which roads run past a building, and where on its wall they come nearest. Used by entrances and
//! by fire engines' access. Never looks at other buildings: a wall between is not seen.

use geo_types::Polygon;

use crate::space::{self, Bounds2, Segment};

use super::index::Piece;
use super::noding::HALF_WIDTH_MAX_M;
use super::{Network, Spot, Traveller};

/// Where the search for a road begins; metres around the building.
const BEGIN_M: f64 = 8.0;
/// Nobody's entrance is at a road further away; metres.
const FURTHEST_M: f64 = 2_048.0;

/// A road that runs past a building.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Front {
    /// The place on the road; `off_m` is from its centre line to the wall.
    pub spot: Spot,
    /// The place on the wall.
    pub at: [f64; 2],
    /// From the carriageway's edge to the wall; 0 where the wall stands on it.
    pub kerb_m: f64,
}

impl Network {
    /// The roads whose kerb comes within `reach_m` of an outline, each edge once, those with the
    /// nearest kerb first. None for an outline with a corner that is no place.
    #[must_use]
    pub fn fronts(
        &self,
        outline: &Polygon<f64>,
        traveller: &Traveller,
        reach_m: f64,
    ) -> Vec<Front> {
        let walls = walls(outline);
        let half_m = (0.5 * self.widest_m).min(HALF_WIDTH_MAX_M);
        let around = Bounds2::from_points(walls.iter().flatten().copied());
        if around.is_empty() || !(reach_m >= 0.0) {
            return Vec::new();
        }
        let mut fronts: Vec<Front> = Vec::new();
        let mut near: Vec<&Piece> = self
            .index
            .within(&around.grown(reach_m + half_m))
            .filter(|piece| self.may_use(piece.owner, traveller))
            .collect();
        near.sort_by_key(|piece| (piece.owner, piece.number));
        for piece in near {
            let front = self.front(piece, &walls);
            if !(front.kerb_m <= reach_m) {
                continue;
            }
            match fronts.last_mut() {
                Some(last) if last.spot.edge == front.spot.edge => {
                    if front.spot.off_m < last.spot.off_m {
                        *last = front;
                    }
                }
                _ => fronts.push(front),
            }
        }
        fronts.sort_by(|a, b| {
            let by_kerb = a.kerb_m.total_cmp(&b.kerb_m);
            by_kerb
                .then(a.spot.off_m.total_cmp(&b.spot.off_m))
                .then(a.spot.edge.cmp(&b.spot.edge))
        });
        fronts
    }

    /// The road with the nearest kerb; `None` when there is none within two kilometres.
    #[must_use]
    pub fn nearest_front(&self, outline: &Polygon<f64>, traveller: &Traveller) -> Option<Front> {
        let mut reach_m = BEGIN_M;
        while reach_m <= FURTHEST_M {
            let fronts = self.fronts(outline, traveller, reach_m);
            if let Some(front) = fronts.into_iter().next() {
                return Some(front);
            }
            reach_m *= 4.0;
        }
        None
    }

    /// Where a piece of road and the walls are nearest to each other.
    fn front(&self, piece: &Piece, walls: &[Segment]) -> Front {
        let (mut off_m, mut at, mut share) = (f64::INFINITY, [f64::NAN; 2], 0.0);
        for wall in walls {
            let shares = space::nearest_shares(piece.ends, *wall);
            let on_road = space::at_share(piece.ends, shares[0]);
            let on_wall = space::at_share(*wall, shares[1]);
            let apart_m = space::distance(on_road, on_wall);
            if apart_m < off_m {
                (off_m, at, share) = (apart_m, on_wall, shares[0]);
            }
        }
        let half_m = (0.5 * self.edges[piece.owner as usize].width_m).min(HALF_WIDTH_MAX_M);
        Front {
            spot: self.spot_on(piece.owner, piece.number, share, at),
            at,
            kerb_m: (off_m - half_m).max(0.0),
        }
    }
}

/// The walls of the outer ring; none when a corner is no place.
fn walls(outline: &Polygon<f64>) -> Vec<Segment> {
    let corners = outline.exterior().0.iter().map(|c| [c.x, c.y]);
    let corners: Vec<[f64; 2]> = corners.collect();
    if corners.iter().flatten().any(|value| !value.is_finite()) {
        return Vec::new();
    }
    corners.windows(2).map(|pair| [pair[0], pair[1]]).collect()
}
