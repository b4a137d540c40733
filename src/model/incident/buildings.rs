//! The building of an incident, its neighbours behind common walls, and where it is.

use crate::base::{AreaId, BuildingId, DwellingId, PersonalField, Rights, SMALL_COUNT};
use crate::model::links::home_of;
use crate::model::query::Suppressed;
use crate::model::{Building, EntityView, Entrance, entrance_of};

use super::facts::{AreaFacts, BuildingFacts, NeighbourFacts, PlaceFacts};
use super::{Preparation, Scene};

/// A record's own position, metres in the city's CRS, also where only some may know it
/// ([`may_know_place`](crate::model::query::may_know_place)); `None` of one that has none.
#[must_use]
pub fn own_place(view: EntityView<'_>) -> Option<[f64; 3]> {
    use EntityView as View;
    match view {
        View::Device(one) => Some(one.own_position()),
        View::Camera(one) => Some(one.position),
        View::Facility(one) => Some(one.position),
        View::Responder(one) => Some(one.position),
        View::Event(one) => one.position,
        View::Vehicle(one) => Some(one.position),
        _ => None,
    }
}

/// The height of a record's own position, or that on which a building stands, metres.
pub(super) fn height_m(view: EntityView<'_>) -> Option<f64> {
    match view {
        EntityView::Building(one) => Some(one.ground_m),
        view => own_place(view).map(|[_, _, height_m]| height_m),
    }
}

/// The home that a record names.
pub(super) fn dwelling_of(view: EntityView<'_>) -> Option<DwellingId> {
    match view {
        EntityView::Dwelling(one) => Some(one.id),
        EntityView::Device(one) => one.dwelling,
        EntityView::Event(one) => one.dwelling,
        EntityView::Household(one) => one.dwelling,
        _ => None,
    }
}

/// Whether which home a record is in is sealed, and could not be opened.
pub(super) fn has_sealed_home(view: EntityView<'_>) -> bool {
    matches!(view, EntityView::Device(one) if one.is_shut())
}

/// Counts of people in one building below this are not told.
#[must_use]
pub fn told_from(rights: &dyn Rights) -> usize {
    rights.suppress_below(None).max(SMALL_COUNT)
}

/// A count of people in one building, as those may know it who may see nobody there: whoever may
/// know small counts of an area still must not know them house by house.
pub(super) fn told(count: usize, rights: &dyn Rights) -> Suppressed {
    Suppressed::in_steps(count, told_from(rights))
}

impl Preparation<'_> {
    pub(super) fn place(&self, scene: &Scene, area: Option<AreaId>) -> PlaceFacts {
        let ground = self.city.ground();
        let chain = area.map_or(&[] as &[_], |area| self.city.areas().chain(area));
        let areas = chain.iter().filter_map(|id| ground.areas.get(id));
        let entrance = scene.building.and_then(|id| self.entrance(id));
        let spot = entrance
            .map(|entrance| entrance.spot)
            .or_else(|| self.network.attach(scene.at, &self.foot));
        let road = spot.map(|spot| self.network.road(&self.network.edges()[spot.edge as usize]));
        PlaceFacts {
            at: scene.at,
            height_m: scene.height_m,
            home_is_sealed: scene.home_is_sealed,
            areas: areas
                .map(|one| AreaFacts {
                    id: one.id,
                    level: one.level,
                    name: one.name.clone(),
                })
                .collect(),
            road: road.and_then(|road| super::text_of(road.name.as_ref())),
            road_m: spot.map(|spot| spot.off_m),
        }
    }

    pub(super) fn entrance(&self, id: BuildingId) -> Option<Entrance> {
        let building = self.city.ground().buildings.get(&id)?;
        entrance_of(self.network, &building.footprint, &self.foot)
    }

    pub(super) fn building(&self, id: BuildingId) -> Option<BuildingFacts> {
        let one = self.city.ground().buildings.get(&id)?;
        Some(BuildingFacts {
            id,
            name: one.name.clone(),
            address: one.address.clone(),
            structure: one.structure,
            storeys: one.storeys,
            height_m: one.height_m,
            height_origin: one.height_origin,
            year: one.year,
            usage: one.usage,
            protection: one.protection,
            dwellings: self.city.links().dwellings.get(id).len(),
            entrance: self.entrance(id).map(|entrance| entrance.at),
        })
    }

    pub(super) fn neighbours(&self, id: BuildingId, rights: &dyn Rights) -> Vec<NeighbourFacts> {
        let ground = self.city.ground();
        let walls = ground
            .buildings
            .get(&id)
            .map(|one| one.party_walls.as_slice());
        let there = walls.unwrap_or_default().iter();
        let neighbours = there.filter_map(|id| ground.buildings.get(id));
        neighbours
            .map(|one| NeighbourFacts {
                id: one.id,
                address: one.address.clone(),
                structure: one.structure,
                storeys: one.storeys,
                dwellings: self.city.links().dwellings.get(one.id).len(),
                residents: self.residents_of(one, rights),
            })
            .collect()
    }

    fn residents_of(&self, one: &Building, rights: &dyn Rights) -> Suppressed {
        let count = self.city.links().people_in(one.id).count();
        let area = one.area.map(|area| area.bits());
        match rights.may_see(PersonalField::Label, area) {
            true => Suppressed::Told(count),
            false => told(count, rights),
        }
    }

    /// The home of a scene: the record's own, or that of the resident asked about.
    pub(super) fn home(&self, scene: &Scene) -> Option<DwellingId> {
        let ground = self.city.ground();
        scene.dwelling.or_else(|| {
            let resident = ground.residents.get(&scene.resident?)?;
            home_of(ground, resident)
        })
    }
}
