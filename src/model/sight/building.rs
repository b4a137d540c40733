//! A building as a target: its door and its façades in pieces.
//!
//! The door is told by the caller, as [`crate::model::entrance_of`] finds it. Where none is known,
//! as in a city without roads, it is taken to be in the middle of the longest wall that leans on no
//! neighbour. Never knows real doors: the base map has none.

use crate::base::{BuildingId, CameraId};
use crate::space::{Bounds2, distance_to};

use super::bodies::Body;
use super::outline::{Edge, edges};
use super::{EYE_LEVEL_M, Look, Sight};

/// Façades are looked at in pieces of at most this length.
const PANEL_M: f64 = 4.0;
/// What stands this close before a wall is a neighbour that it leans on.
const PARTY_M: f64 = 0.3;
/// Targets on a wall are this far before it.
const BEFORE_WALL_M: f64 = 0.05;

/// A piece of a façade.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// The building.
    pub building: BuildingId,
    /// One end, seen from above.
    pub from: [f64; 2],
    /// The other end.
    pub to: [f64; 2],
    /// Height of its foot.
    pub base_m: f64,
    /// Height of its upper edge.
    pub top_m: f64,
    /// How many cameras see its middle at eye level from before it, as they stand.
    pub seen: u16,
    /// How many more could by turning.
    pub turning: u16,
}

impl Panel {
    /// True when no camera sees it, not even by turning.
    #[must_use]
    pub fn is_blind(&self) -> bool {
        self.seen == 0 && self.turning == 0
    }

    /// Its length along the ground.
    #[must_use]
    pub fn length_m(&self) -> f64 {
        (self.to[0] - self.from[0]).hypot(self.to[1] - self.from[1])
    }
}

/// Who sees a building.
#[derive(Debug, Clone, PartialEq)]
pub struct BuildingSight {
    /// Right before the door, at eye level.
    pub entrance: [f64; 3],
    /// Who sees the entrance.
    pub look: Look,
    /// The façades in pieces, without walls against a neighbour.
    pub panels: Vec<Panel>,
}

/// The share of the length of panels that a camera sees as it stands; 0 without panels.
pub(super) fn share_seen(panels: &[Panel]) -> f64 {
    // From zero on: the sum of nothing would be -0.
    let length_m = |sum: f64, panel: &Panel| sum + panel.length_m();
    let all = panels.iter().fold(0.0, length_m);
    let seen = panels.iter().filter(|panel| panel.seen > 0);
    let seen = seen.fold(0.0, length_m);
    if all > 0.0 { seen / all } else { 0.0 }
}

impl BuildingSight {
    /// The share of the façades' length that a camera sees as it stands; 0 without façades.
    #[must_use]
    pub fn facade_share_seen(&self) -> f64 {
        share_seen(&self.panels)
    }
}

impl Sight {
    /// Who sees a building's door (on the wall, seen from above) and which of its façades are
    /// seen; `None` when there is no such building or its outline has no edges.
    #[must_use]
    pub fn sees_building(&self, id: BuildingId, door: Option<[f64; 2]>) -> Option<BuildingSight> {
        let body = self.bodies.get(id)?;
        let entrance = self.before_entrance(id, door)?;
        Some(BuildingSight {
            entrance,
            look: self.look_at(entrance),
            panels: self.panels(body, &|_| true),
        })
    }

    /// Where somebody before the entrance of a building is looked for, at eye level; `None` as of
    /// [`Sight::sees_building`].
    #[must_use]
    pub fn before_entrance(&self, id: BuildingId, door: Option<[f64; 2]>) -> Option<[f64; 3]> {
        let body = self.bodies.get(id)?;
        let door = door.filter(|at| at.iter().all(|v| v.is_finite()));
        match door {
            Some(at) => before_door(body, at),
            None => self.before_longest_wall(body),
        }
    }

    fn before_longest_wall(&self, body: &Body) -> Option<[f64; 3]> {
        // A house walled in on all sides still has a door somewhere.
        let rank = |edge: &Edge| (self.is_free(body, edge), edge.length_m());
        let all = edges(&body.footprint).map(|edge| (rank(&edge), edge));
        // The first of equals.
        let longest = all.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
        Some(target(body, longest.1.middle(BEFORE_WALL_M)))
    }

    /// The pieces of a building's façades, and how many of the cameras for which `chosen` see each.
    pub(super) fn panels(&self, body: &Body, chosen: &impl Fn(CameraId) -> bool) -> Vec<Panel> {
        let mut panels = Vec::new();
        let pieces = edges(&body.footprint).flat_map(|edge| edge.pieces(PANEL_M));
        for piece in pieces.filter(|piece| self.is_free(body, piece)) {
            let mut panel = Panel {
                building: body.id,
                from: piece.from,
                to: piece.to,
                base_m: body.base_m,
                top_m: body.top_m,
                seen: 0,
                turning: 0,
            };
            let at = target(body, piece.middle(BEFORE_WALL_M));
            self.each_aim(at, |eye, aim| {
                let before = (0..2).map(|k| (eye.lens[k] - at[k]) * piece.outward[k]);
                if before.sum::<f64>() > 0.0 && chosen(eye.id) && !self.is_hidden(eye, at) {
                    let count = match aim.by_turning {
                        true => &mut panel.turning,
                        false => &mut panel.seen,
                    };
                    *count = count.saturating_add(1);
                }
            });
            panels.push(panel);
        }
        panels
    }

    /// The panels of all buildings that meet the bounds, in the order of ids.
    pub(super) fn panels_within(
        &self,
        bounds: &Bounds2,
        chosen: &impl Fn(CameraId) -> bool,
    ) -> Vec<Panel> {
        let bodies = self.bodies.within(bounds);
        bodies.flat_map(|body| self.panels(body, chosen)).collect()
    }

    /// Does no neighbour stand right before the middle of the edge?
    fn is_free(&self, body: &Body, edge: &Edge) -> bool {
        let level_m = target(body, edge.middle(0.0))[2];
        let leans =
            |other: &Body| other.id != body.id && (other.base_m..=other.top_m).contains(&level_m);
        self.bodies.over(edge.middle(PARTY_M), leans).is_none()
    }
}

/// Right before a door on the wall that is nearest to it.
fn before_door(body: &Body, door: [f64; 2]) -> Option<[f64; 3]> {
    let away_m = |edge: &Edge| distance_to([edge.from, edge.to], door);
    let walls = edges(&body.footprint);
    let wall = walls.min_by(|a, b| away_m(a).total_cmp(&away_m(b)))?;
    let before = [0, 1].map(|k| door[k] + BEFORE_WALL_M * wall.outward[k]);
    Some(target(body, before))
}

/// A place at eye level; lower before what is lower itself.
fn target(body: &Body, at: [f64; 2]) -> [f64; 3] {
    let up_m = EYE_LEVEL_M.min(0.5 * (body.top_m - body.base_m));
    [at[0], at[1], body.base_m + up_m]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_of_nothing_seen_is_zero_without_a_sign() {
        let panel = Panel {
            building: BuildingId::from_bits(1),
            from: [0.0, 0.0],
            to: [3.0, 0.0],
            base_m: 0.0,
            top_m: 3.0,
            seen: 0,
            turning: 0,
        };
        assert_eq!(format!("{:.1}", share_seen(&[panel])), "0.0");
    }
}
