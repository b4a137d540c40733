//! Common walls with buildings that an import does not bring: of another data set, or of the part
//! of a data set that the files do not cover. The files alone do not know them.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use geo::{Distance, Euclidean};

use crate::base::BuildingId;
use crate::model::{Building, Entity, EntityKind, EntityRef, Ground};

use super::NewVersion;

/// Walls closer than this are one wall, as when they were found; metres.
const GAP_M: f64 = 0.3;

/// Gives the buildings among `entities` the walls back that the city knows and that still stand.
/// A neighbour that a building has moved away from loses the wall too.
pub(in crate::app::import) fn carry(
    ground: &Ground,
    entities: &mut [Entity],
    plan: &mut NewVersion,
) {
    let new: HashSet<BuildingId> = entities.iter().filter_map(building_id).collect();
    let removed: HashSet<EntityRef> = plan.remove.iter().copied().collect();
    let stays = |id: &BuildingId| {
        let (kind, bits) = (EntityKind::Building, id.bits());
        !new.contains(id) && !removed.contains(&EntityRef { kind, bits })
    };
    let mut apart = BTreeMap::<BuildingId, BTreeSet<BuildingId>>::new();
    for entity in entities {
        let Entity::Building(one) = entity else {
            continue;
        };
        let Some(known) = ground.buildings.get(&one.id) else {
            continue;
        };
        for wall in known.party_walls.iter().filter(|wall| stays(wall)) {
            let Some(neighbour) = ground.buildings.get(wall) else {
                continue;
            };
            if one.footprint == known.footprint || touch(one, neighbour) {
                one.party_walls.push(*wall);
            } else {
                apart.entry(*wall).or_default().insert(one.id);
            }
        }
        one.party_walls.sort_unstable();
        one.party_walls.dedup();
    }
    for (neighbour, gone) in apart {
        plan.mend(ground, neighbour, &gone);
    }
}

fn building_id(entity: &Entity) -> Option<BuildingId> {
    match entity {
        Entity::Building(one) => Some(one.id),
        _ => None,
    }
}

fn touch(a: &Building, b: &Building) -> bool {
    Euclidean.distance(&a.footprint, &b.footprint) <= GAP_M
}

impl NewVersion {
    /// Takes walls off a building that the import does not bring.
    fn mend(&mut self, ground: &Ground, id: BuildingId, gone: &BTreeSet<BuildingId>) {
        let known = self.mended.iter_mut().find_map(|entity| match entity {
            Entity::Building(one) if one.id == id => Some(one),
            _ => None,
        });
        if let Some(known) = known {
            known.party_walls.retain(|wall| !gone.contains(wall));
        } else if let Some(building) = ground.buildings.get(&id) {
            let mut mended = building.clone();
            mended.party_walls.retain(|wall| !gone.contains(wall));
            if mended.party_walls.len() < building.party_walls.len() {
                self.mended.push(mended.into());
            }
        }
    }
}
