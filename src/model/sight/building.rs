//! A building as a target: its entrance and its façades in pieces.
//!
//! Registers name no doors, so the entrance is taken to be the middle of the free edge nearest to
//! a road (the longer one of equals; the longest where the city has no roads). Edges less than a
//! metre long and edges against a neighbour have no door. Never knows which door is which.

use crate::base::{BuildingId, CameraId};
use crate::space::Bounds2;

use super::bodies::Body;
use super::outline::{Edge, edges};
use super::{EYE_LEVEL_M, Look, Sight};

/// Façades are looked at in pieces of at most this length.
const PANEL_M: f64 = 4.0;
/// Edges shorter than this have no door.
const DOOR_M: f64 = 1.0;
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
    /// The entrance, at eye level just before the wall.
    pub entrance: [f64; 3],
    /// Who sees the entrance.
    pub look: Look,
    /// The façades in pieces, without walls against a neighbour.
    pub panels: Vec<Panel>,
}

impl BuildingSight {
    /// The share of the façades' length that a camera sees as it stands; 0 without façades.
    #[must_use]
    pub fn facade_share_seen(&self) -> f64 {
        let all: f64 = self.panels.iter().map(Panel::length_m).sum();
        let seen = self.panels.iter().filter(|panel| panel.seen > 0);
        let seen: f64 = seen.map(Panel::length_m).sum();
        if all > 0.0 { seen / all } else { 0.0 }
    }
}

impl Sight {
    /// Who sees a building's entrance, and which of its façades are seen; `None` when there is no
    /// such building or its outline has no edges.
    #[must_use]
    pub fn sees_building(&self, id: BuildingId) -> Option<BuildingSight> {
        let body = self.bodies.get(id)?;
        let entrance = self.entrance(body)?;
        Some(BuildingSight {
            entrance,
            look: self.look_at(entrance),
            panels: self.panels(body, &|_| true),
        })
    }

    fn entrance(&self, body: &Body) -> Option<[f64; 3]> {
        let mut all: Vec<(bool, f64, Edge)> = edges(&body.footprint)
            .map(|edge| {
                let has_door = edge.length_m() >= DOOR_M && self.is_free(body, &edge);
                let road_m = self.roads.distance_m(edge.middle(0.0));
                (has_door, road_m.unwrap_or(f64::INFINITY), edge)
            })
            .collect();
        // A house walled in on all sides still has a door somewhere.
        all.sort_by(|a, b| {
            (b.0.cmp(&a.0))
                .then(a.1.total_cmp(&b.1))
                .then(b.2.length_m().total_cmp(&a.2.length_m()))
        });
        all.first().map(|(_, _, edge)| target(body, edge))
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
            let at = target(body, &piece);
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
        let level_m = target(body, edge)[2];
        let leans =
            |other: &Body| other.id != body.id && (other.base_m..=other.top_m).contains(&level_m);
        self.bodies.over(edge.middle(PARTY_M), leans).is_none()
    }
}

/// The middle of an edge at eye level, just before the wall; lower on what is lower itself.
fn target(body: &Body, edge: &Edge) -> [f64; 3] {
    let [x, y] = edge.middle(BEFORE_WALL_M);
    let up_m = EYE_LEVEL_M.min(0.5 * (body.top_m - body.base_m));
    [x, y, body.base_m + up_m]
}
