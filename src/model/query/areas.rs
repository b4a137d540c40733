//! In which area something lies: by the area its building names, otherwise by position.
//! Used by filters, statistics and rights. Never decides who may see an area.

use std::collections::BTreeMap;

use crate::base::AreaId;
use crate::model::{AreaLevel, Ground};
use crate::space::{Bounds2, BoxIndex, polygon_contains};

/// Areas by place, and the chain of each up to the district.
#[derive(Debug, Clone)]
pub struct AreaIndex {
    with_outline: Vec<AreaId>,
    boxes: BoxIndex,
    chains: BTreeMap<AreaId, Vec<AreaId>>,
}

impl AreaIndex {
    /// The areas of a ground.
    #[must_use]
    pub fn of(ground: &Ground) -> Self {
        let outlined = ground.areas.values().filter(|one| one.polygon.is_some());
        let with_outline: Vec<_> = outlined.clone().map(|one| one.id).collect();
        let outlines = outlined.filter_map(|one| one.polygon.as_ref());
        let ids = ground.areas.keys();
        Self {
            with_outline,
            boxes: BoxIndex::new(outlines.map(Bounds2::from_polygon)),
            chains: ids
                .map(|id| (*id, crate::model::links::area_chain(ground, *id)))
                .collect(),
        }
    }

    /// The smallest area at a place; of two alike the one with the lesser id.
    #[must_use]
    pub fn at(&self, ground: &Ground, at: [f64; 2]) -> Option<AreaId> {
        let mut best: Option<(AreaLevel, AreaId)> = None;
        self.boxes.each_at_point(at, |place| {
            let id = self.with_outline[place as usize];
            let Some(area) = ground.areas.get(&id) else {
                return;
            };
            let is_better = best.is_none_or(|(level, known)| {
                (std::cmp::Reverse(area.level), id) < (std::cmp::Reverse(level), known)
            });
            let holds = |polygon| polygon_contains(polygon, at);
            if is_better && area.polygon.as_ref().is_some_and(holds) {
                best = Some((area.level, id));
            }
        });
        best.map(|(_, id)| id)
    }

    /// An area and all in which it lies, the smallest first.
    #[must_use]
    pub fn chain(&self, area: AreaId) -> &[AreaId] {
        self.chains.get(&area).map_or(&[], Vec::as_slice)
    }

    /// Whether `area` is `whole` or lies in it.
    #[must_use]
    pub fn is_in(&self, area: AreaId, whole: AreaId) -> bool {
        self.chain(area).contains(&whole)
    }

    /// The area of a level in which `area` lies, itself included.
    #[must_use]
    pub fn of_level(&self, ground: &Ground, area: AreaId, level: AreaLevel) -> Option<AreaId> {
        let is_it = |id: &&AreaId| ground.areas.get(id).is_some_and(|one| one.level == level);
        self.chain(area).iter().find(is_it).copied()
    }
}
