//! What a question finds. Names nobody: a record about a person is told by its id.

use crate::base::AreaId;
use crate::model::{EntityKind, EntityRef, Ground};

/// One record that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// Which.
    pub key: EntityRef,
    /// How far it is from the place asked for, metres; 0 inside it, and where no place was asked.
    pub distance_m: f64,
    /// A place to point at, in the city's CRS, metres.
    pub at: [f64; 2],
}

impl Found {
    /// The order of every answer: distance, then kind and id.
    pub(super) fn sort(list: &mut [Self]) {
        list.sort_by(|a, b| {
            a.distance_m
                .total_cmp(&b.distance_m)
                .then(a.key.cmp(&b.key))
        });
    }
}

/// The smallest area that a record names by itself; a position may tell more.
pub(super) fn own_area(ground: &Ground, key: EntityRef) -> Option<AreaId> {
    use crate::base::{BuildingId, EventId, ResponderId};
    match key.kind {
        EntityKind::Area => Some(AreaId::from_bits(key.bits)),
        EntityKind::Building => ground.buildings.get(&BuildingId::from_bits(key.bits))?.area,
        EntityKind::Responder => {
            ground
                .responders
                .get(&ResponderId::from_bits(key.bits))?
                .area
        }
        EntityKind::Event => ground.events.get(&EventId::from_bits(key.bits))?.area,
        _ => None,
    }
}
