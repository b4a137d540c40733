//! `along`: what lies beside a road or water, in the order in which one comes past it.

use geo_types::Polygon;

use crate::base::{BuildingId, Rights};
use crate::model::{Beside, Corridor, EntityKind, EntityRef};

use super::filter::Filter;
use super::found::Found;
use super::index::CityIndex;
use super::region::Region;

impl CityIndex {
    /// Everything that passes the filter and lies at most `distance_m` from the edge of a road or
    /// the bank of water, in the order along it; buildings by their outline, people by the building
    /// they live in, the rest by its place. Roads and water themselves are not among them.
    #[must_use]
    pub fn along(
        &self,
        corridor: &Corridor,
        distance_m: f64,
        filter: &Filter,
        rights: &dyn Rights,
    ) -> Vec<(Found, Beside)> {
        let around = corridor.bounds(distance_m);
        if around.is_empty() {
            return Vec::new();
        }
        let [[west, south], [east, north]] = [around.min, around.max];
        let corners = [[west, south], [east, south], [east, north], [west, north]];
        let Ok(region) = Region::polygon(&corners) else {
            return Vec::new();
        };
        let found = self.within(&region, filter, rights).into_iter();
        let mut beside: Vec<(Found, Beside)> = found
            .filter(|one| !matches!(one.key.kind, EntityKind::Road | EntityKind::Water))
            .filter_map(|one| {
                let beside = match self.outline_of(one.key) {
                    Some(outline) => corridor.beside_outline(outline, distance_m),
                    None => corridor.beside(one.at, distance_m),
                }?;
                let distance_m = beside.distance_m;
                Some((Found { distance_m, ..one }, beside))
            })
            .collect();
        beside.sort_by(|(a, at), (b, bt)| {
            at.chainage_m
                .total_cmp(&bt.chainage_m)
                .then(a.key.cmp(&b.key))
        });
        beside
    }

    /// The outline of a building, or of the building that people live in.
    fn outline_of(&self, key: EntityRef) -> Option<&Polygon<f64>> {
        let people = [
            EntityKind::Building,
            EntityKind::Dwelling,
            EntityKind::Household,
            EntityKind::Resident,
        ];
        let id: BuildingId = people
            .contains(&key.kind)
            .then(|| self.building_of(key))??;
        Some(&self.ground().buildings.get(&id)?.footprint)
    }
}
