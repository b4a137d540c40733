//! What every subject of the generator needs: the description, the seed, ids and sources.
//! Used by everything in `citygen`. Never draws a random number itself.

use crate::base::{AreaId, ImportId};
use crate::model::Source;

use super::frame::Frame;
use super::layout::Layout;
use super::rect::Rect;
use super::seed::Seed;
use super::spec::AreaSpec;

/// The tools of one run.
pub(super) struct Maker<'a> {
    pub(super) spec: &'a AreaSpec,
    pub(super) seed: &'a Seed,
    pub(super) frame: &'a Frame,
    pub(super) layout: &'a Layout<'a>,
    /// The name under which ids are made, such as `citygen:zjl:1`.
    pub(super) dataset: String,
    pub(super) import: ImportId,
}

impl Maker<'_> {
    /// The origin of a record.
    pub(super) fn source(&self, key: &str) -> Source {
        Source {
            dataset: self.dataset.clone(),
            key: key.to_owned(),
            import: self.import,
        }
    }

    /// A place of the plan at a height above the ground.
    pub(super) fn position(&self, plan_m: [f64; 2], above_ground_m: f64) -> [f64; 3] {
        let [x, y] = self.frame.ground(plan_m);
        [x, y, self.spec.place.ground_m + above_ground_m]
    }
}

/// A grid of a community on the plan.
#[derive(Debug, Clone)]
pub(super) struct Grid {
    pub(super) rect: Rect,
    pub(super) id: AreaId,
    pub(super) name: String,
}

/// The areas of the city.
#[derive(Debug)]
pub(super) struct Areas {
    pub(super) streets: Vec<AreaId>,
    /// In the order of the plan's communities.
    pub(super) communities: Vec<CommunityArea>,
}

/// A community with its grids.
#[derive(Debug)]
pub(super) struct CommunityArea {
    pub(super) id: AreaId,
    pub(super) rect: Rect,
    pub(super) grids: Vec<Grid>,
}

impl Areas {
    /// The smallest area at a place of the plan, metres; the first street beyond all of them.
    pub(super) fn at(&self, plan_m: [f64; 2]) -> Option<AreaId> {
        let corner = plan_m.map(super::rect::dm);
        let mut communities = self.communities.iter();
        let community = communities.find(|one| one.rect.contains(corner));
        let grid = community.map(|one| {
            let grid = one.grids.iter().find(|grid| grid.rect.contains(corner));
            grid.map_or(one.id, |grid| grid.id)
        });
        grid.or_else(|| self.streets.first().copied())
    }

    /// The grid of a community for what belongs to it at a place of the plan, metres; the nearest for
    /// a house that stands across the border.
    pub(super) fn in_community(&self, community: usize, plan_m: [f64; 2]) -> Option<AreaId> {
        let corner = plan_m.map(super::rect::dm);
        let one = self.communities.get(community)?;
        let nearest = one
            .grids
            .iter()
            .min_by_key(|grid| grid.rect.distance(corner));
        Some(nearest.map_or(one.id, |grid| grid.id))
    }
}
