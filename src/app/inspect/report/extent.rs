//! What a city covers, and the shape of its ground. Part of the report; never looks at a record's
//! attributes.

use serde::Serialize;

use crate::model::Ground;
use crate::space::Bounds2;

/// The ground's shape.
#[derive(Debug, Serialize)]
pub(in super::super) struct Terrain {
    pub nets: usize,
    pub triangles: usize,
    /// West, south, east, north in metres; `None` without terrain.
    pub extent: Option<[f64; 4]>,
    /// Lowest and highest corner in metres.
    pub heights_m: Option<[f64; 2]>,
}

impl Terrain {
    /// Counts and measures all nets.
    pub(super) fn of(ground: &Ground) -> Self {
        let nets = || ground.terrain.values().map(|one| &one.tin);
        let bounds = nets().map(crate::space::Tin::bounds);
        let all = bounds.fold(Bounds2::empty(), |all, one| all.union(&one));
        let heights = nets().flat_map(|net| &net.vertices).map(|at| at[2]);
        let range = heights.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], z| {
            [low.min(z), high.max(z)]
        });
        Self {
            nets: ground.terrain.len(),
            triangles: nets().map(|net| net.triangles.len()).sum(),
            extent: corners(&all),
            heights_m: (range[0] <= range[1]).then_some(range),
        }
    }
}

/// What the city covers: west, south, east, north in metres; that of its areas where there is nothing
/// else.
pub(super) fn extent(ground: &Ground) -> Option<[f64; 4]> {
    let mut all = Bounds2::empty();
    let buildings = ground.buildings.values().map(|one| &one.footprint);
    let roads = ground.roads.values().flat_map(|one| &one.surfaces);
    let water = ground.water.values().map(|one| &one.polygon);
    let open = ground.ground_areas.values().map(|one| &one.polygon);
    for polygon in buildings.chain(roads).chain(water).chain(open) {
        all = all.union(&Bounds2::from_polygon(polygon));
    }
    for line in ground.roads.values().map(|one| &one.line) {
        line.0.iter().for_each(|at| all.include([at.x, at.y]));
    }
    let buildings = ground.buildings.values().flat_map(|one| &one.models);
    let objects = ground.objects.values().flat_map(|one| &one.models);
    for surface in buildings.chain(objects).flat_map(|model| &model.surfaces) {
        let corners = surface.rings.iter().flatten();
        corners.for_each(|at| all.include([at[0], at[1]]));
    }
    for net in ground.terrain.values() {
        all = all.union(&net.tin.bounds());
    }
    points(ground).for_each(|at| all.include([at[0], at[1]]));
    if all.is_empty() {
        let areas = ground.areas.values().filter_map(|one| one.polygon.as_ref());
        all = areas.fold(all, |all, one| all.union(&Bounds2::from_polygon(one)));
    }
    corners(&all)
}

fn corners(bounds: &Bounds2) -> Option<[f64; 4]> {
    let Bounds2 { min, max } = bounds;
    (!bounds.is_empty()).then(|| [min[0], min[1], max[0], max[1]])
}

fn points(ground: &Ground) -> impl Iterator<Item = [f64; 3]> + '_ {
    let plants = ground.plants.values().map(|one| one.position);
    let places = ground.places.values().map(|one| one.position);
    let vehicles = ground.vehicles.values().map(|one| one.position);
    let devices = ground.devices.values().map(|one| one.position);
    let cameras = ground.cameras.values().map(|one| one.position);
    let facilities = ground.facilities.values().map(|one| one.position);
    let responders = ground.responders.values().map(|one| one.position);
    plants
        .chain(places)
        .chain(vehicles)
        .chain(devices)
        .chain(cameras)
        .chain(facilities)
        .chain(responders)
}
