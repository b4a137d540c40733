//! The solid city as plain data, planned once from the ground: pieces whose triangles are made when
//! they are wanted, baked light, glyphs, names. State never comes in here: it goes into words that the shader looks up.

mod assemble;
mod bake;
mod baked;
mod builder;
mod buildings;
mod coarse;
mod content;
mod deformed;
mod difference;
mod drape;
mod far;
mod fit;
mod glyphs;
mod grid;
mod ground;
#[cfg(test)]
mod land_tests;
mod layer;
mod local;
mod massing;
mod midline;
mod names;
mod piece;
mod plan;
mod recipe;
mod relief;
mod residency;
mod ribbon;
mod shade;
mod sheet;
mod text;
mod tiles;
mod trees;
mod vertex;
mod views;

use std::collections::BTreeMap;

use crate::base::BuildingId;
use crate::model::{Device, EntityRef, Ground, KindTable};
use crate::space::{Bounds2, LocalFrame, Prism, PrismIndex, Ray3, TinIndex};

pub use baked::BakedTile;
pub use buildings::{Look, body_of, lod_drawn, look_of};
pub use deformed::Deformed;
pub use glyphs::{
    CAMERA_KIND, Glyph, GlyphOf, GlyphOrder, glyph_ranks, glyphs_in_view, state_words,
};
pub use massing::Seen;
pub use names::{ALONG_M, Name, NameOf};
pub use piece::Piece;
pub use plan::{Fingerprint, Plan, TileAt};
pub use residency::{Residency, Selection};
pub use shade::{SHADE_HEIGHT_M, Shade, sun_direction};
pub use tiles::{Draw, Pass, Tile};
pub use vertex::{Chunk, FINISHES, Finish, MATERIALS, Material, NO_BUILDING, Part, Vertex};
pub use views::SavedView;

use super::camera::{Camera, Viewpoint};
use grid::{Cell, Grid};

/// Everything solid, ready to be uploaded.
pub struct Scene {
    /// Origin of local coordinates in the city's CRS.
    pub frame: LocalFrame,
    /// What the buildings and the base map cover, local.
    pub extent: Bounds2,
    /// What the ground covers, local; it fades out towards its edge.
    pub land: Bounds2,
    /// Whether the ground is a plane; baked light holds only there.
    pub is_flat: bool,
    /// How many times steeper the slopes of the land are lit than they are.
    pub steeper: f64,
    /// What pictures are about: the community, or where most buildings are.
    pub focus: Bounds2,
    /// What a plan shows, local.
    pub whole: Bounds2,
    /// All there is to draw, in pieces: see `tiles` and `grounds` for what each of them is.
    pub pieces: Vec<Piece>,
    /// What stands up, tile by tile.
    pub tiles: Vec<Tile>,
    /// The pieces that are ground and water.
    pub grounds: Vec<u32>,
    /// The pieces of the layer that is shown.
    pub layer_pieces: Vec<u32>,
    /// Of each building its class in the layer that is shown plus one, 0 for none; empty where the
    /// layer has no classes of buildings.
    pub classes: Vec<u8>,
    /// Buildings as they lean and sink, where that is shown.
    pub deformed: Option<Deformed>,
    /// Baked light.
    pub shade: Shade,
    /// Building of each index in `Vertex::tag`.
    pub buildings: Vec<BuildingId>,
    /// Devices and cameras.
    pub glyphs: Vec<Glyph>,
    /// Names that may be written.
    pub names: Vec<Name>,
    /// Views to start from; the first is the default.
    pub views: Vec<SavedView>,
    prisms: PrismIndex,
    relief: relief::Relief,
    grid: Grid,
    /// Materials of the buildings where the picture shows what became of them.
    differences: Option<Vec<Material>>,
}

/// What was hit by a pick.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Picked {
    /// A building, with the local point on it.
    Building(BuildingId, [f64; 3]),
    /// A device or camera.
    Glyph(GlyphOf),
}

impl Scene {
    /// Builds the scene of a city. Pure and deterministic. Whoever keeps baked tiles plans and
    /// builds in two steps: [`Plan`].
    #[must_use]
    pub fn build(ground: &Ground, kinds: &KindTable) -> Self {
        Plan::of(ground).build(ground, kinds, BTreeMap::new())
    }

    /// Builds a scene as planned, of its baked tiles.
    fn assemble(
        plan: &Plan,
        ground: &Ground,
        kinds: &KindTable,
        baked: BTreeMap<Cell, BakedTile>,
    ) -> Self {
        let (frame, extent) = (plan.frame, plan.extent);
        let size = extent.size();
        let land = extent.grown(0.35 * size[0].max(size[1]).max(200.0));
        let middles: Vec<_> = plan.massings.iter().map(|one| one.middle(&frame)).collect();
        let focus = focus_of(ground, &frame, &middles, extent);
        let whole = fit::whole(plan::shifted(everything(ground), &frame), extent, focus);
        let relief = relief_of(plan, ground, &middles, land);
        let shade = plan.shade(&baked);
        let solid = assemble::Solid {
            plan,
            ground,
            middles: &middles,
            shade: &shade,
            relief: &relief,
        };
        let assemble::Pieces {
            pieces,
            tiles,
            grounds,
        } = solid.pieces(baked, land);
        Self {
            frame,
            extent,
            land,
            is_flat: relief.is_flat(),
            steeper: relief.steeper(),
            focus,
            whole,
            pieces,
            tiles,
            grounds,
            layer_pieces: Vec::new(),
            classes: Vec::new(),
            deformed: None,
            shade,
            buildings: plan.massings.iter().map(|one| one.id).collect(),
            glyphs: glyphs::collect(ground, &frame, kinds),
            names: on_land(names::collect(ground, &frame), &relief),
            views: views_on_land(
                views::saved(ground, &frame, [focus, whole], &middles),
                &relief,
            ),
            prisms: prisms(plan),
            relief,
            grid: plan.grid,
            differences: None,
        }
    }

    /// What lies under a pixel: a glyph within a few pixels wins over the building behind it.
    #[must_use]
    pub fn pick(&self, camera: &Camera, pixel: [f64; 2], reach_px: f64) -> Option<Picked> {
        let ray = camera.ray_through(pixel);
        let hit = self.prisms.first_hit(&ray, 50_000.0);
        let wall_m = hit.map_or(f64::INFINITY, |(_, distance)| distance);
        let glyph = self.glyphs.iter().filter_map(|glyph| {
            let (at, depth) = camera.pixel_of(glyph.position)?;
            let off = (f64::from(at[0]) - pixel[0]).hypot(f64::from(at[1]) - pixel[1]);
            // Devices hang on walls: one just behind the face in front still counts.
            (off <= reach_px && depth <= wall_m + 12.0).then_some((off, glyph.of))
        });
        if let Some((_, of)) = glyph.min_by(|a, b| a.0.total_cmp(&b.0)) {
            return Some(Picked::Glyph(of));
        }
        let (index, distance) = hit?;
        let id = *self.buildings.get(index as usize)?;
        Some(Picked::Building(id, ray.at(distance)))
    }

    /// Where a device is drawn: on top of the building it is in, so that it can be seen.
    #[must_use]
    pub fn shown_at(&self, ground: &Ground, device: &Device) -> [f64; 3] {
        let at = glyphs::shown_at(ground, &self.frame, device);
        self.moved_with(device.building, at)
    }

    /// The view onto a building, device or camera, coming from another one; `None` for what is
    /// drawn nowhere.
    #[must_use]
    pub fn view_of(&self, ground: &Ground, what: EntityRef, from: Viewpoint) -> Option<Viewpoint> {
        views::view_of(ground, &self.frame, what, from)
    }

    /// Distance along a ray to the first building, local metres.
    #[must_use]
    pub fn first_hit_m(&self, ray: &Ray3) -> Option<f64> {
        self.prisms
            .first_hit(ray, 50_000.0)
            .map(|(_, distance)| distance)
    }

    /// The default viewpoint for a picture of this aspect.
    #[must_use]
    pub fn default_view(&self, aspect: f64) -> Viewpoint {
        on_its_land(views::overview(self.focus, aspect), &self.relief)
    }

    /// Height of the land at a local place, local metres.
    #[must_use]
    pub fn ground_m(&self, at: [f64; 2]) -> f64 {
        self.relief.height_m(at)
    }
}

/// The city's terrain in local coordinates.
fn local_terrain(ground: &Ground, frame: &LocalFrame) -> TinIndex {
    let corners = ground.terrain.values().flat_map(|one| one.tin.corners());
    let local = corners.map(|triangle| triangle.map(|at| frame.local_from_projected(at)));
    TinIndex::from_corners(local.collect())
}

/// A view whose middle lies as high above the land as it was above the plane.
fn on_its_land(mut view: Viewpoint, relief: &relief::Relief) -> Viewpoint {
    if relief.has_terrain() {
        view.target[2] += relief.height_m([view.target[0], view.target[1]]);
    }
    view
}

/// Names of what has no height of its own, on the land.
fn on_land(mut names: Vec<Name>, relief: &relief::Relief) -> Vec<Name> {
    for name in names.iter_mut().filter(|_| relief.has_terrain()) {
        for at in std::iter::once(&mut name.at).chain(&mut name.along) {
            if at[2] == 0.0 {
                at[2] = relief.height_m([at[0], at[1]]);
            }
        }
    }
    names
}

fn views_on_land(mut views: Vec<SavedView>, relief: &relief::Relief) -> Vec<SavedView> {
    for view in &mut views {
        view.view = on_its_land(view.view, relief);
    }
    views
}

fn prisms(plan: &Plan) -> PrismIndex {
    let houses = plan.massings.iter().zip(0..);
    PrismIndex::new(houses.map(|(house, index)| {
        let base_m = house.ground_m - plan.frame.origin_h;
        Prism {
            id: index,
            polygon: local::local_polygon(&plan.frame, &house.footprint),
            base_m,
            top_m: base_m + house.height_m,
        }
    }))
}

/// Bounds of all that has a place except buildings, projected.
fn everything(ground: &Ground) -> Bounds2 {
    let mut bounds = Bounds2::empty();
    for road in ground.roads.values() {
        road.line
            .coords()
            .for_each(|at| bounds.include([at.x, at.y]));
        for surface in &road.surfaces {
            bounds = bounds.union(&Bounds2::from_polygon(surface));
        }
    }
    for water in ground.water.values() {
        bounds = bounds.union(&Bounds2::from_polygon(&water.polygon));
    }
    for area in ground.ground_areas.values() {
        bounds = bounds.union(&Bounds2::from_polygon(&area.polygon));
    }
    for terrain in ground.terrain.values() {
        bounds = bounds.union(&terrain.tin.bounds());
    }
    for object in ground.objects.values() {
        bounds = bounds.union(&buildings::object_bounds(object).footprint());
    }
    let points = ground.plants.values().map(|plant| plant.position);
    let points = points.chain(ground.devices.values().map(|device| device.position));
    let points = points.chain(ground.cameras.values().map(|camera| camera.position));
    for point in points.chain(ground.places.values().map(|place| place.position)) {
        bounds.include([point[0], point[1]]);
    }
    bounds
}

/// What pictures are about, local.
fn focus_of(ground: &Ground, frame: &LocalFrame, middles: &[[f64; 2]], extent: Bounds2) -> Bounds2 {
    let community = views::community(ground, frame);
    community.unwrap_or_else(|| views::middle_of(&mut middles.to_vec(), extent))
}

/// The lie of the land.
fn relief_of(plan: &Plan, ground: &Ground, middles: &[[f64; 2]], land: Bounds2) -> relief::Relief {
    let houses = plan.massings.iter().zip(middles);
    let feet = houses.map(|(house, [x, y])| [*x, *y, house.ground_m - plan.frame.origin_h]);
    let feet: Vec<_> = feet.collect();
    let terrain = local_terrain(ground, &plan.frame);
    if terrain.is_empty() {
        relief::Relief::new(&feet, land)
    } else {
        relief::Relief::on(terrain, &feet, land)
    }
}
