//! The solid city as plain data, planned once from the ground: pieces whose triangles are made when
//! they are wanted, baked light, glyphs, names. State never comes in here: it goes into words that the shader looks up.

mod assemble;
mod builder;
mod buildings;
mod coarse;
mod difference;
mod drape;
mod far;
mod glyphs;
mod ground;
#[cfg(test)]
mod land_tests;
mod local;
mod names;
mod piece;
mod relief;
mod residency;
mod ribbon;
mod shade;
mod text;
mod tiles;
mod trees;
mod vertex;
mod views;

use crate::base::BuildingId;
use crate::model::{Device, Ground, KindTable};
use crate::space::{Bounds2, LocalFrame, Prism, PrismIndex, Ray3, TinIndex, oriented_rectangle};

pub use buildings::{Look, body_of, lod_drawn, look_of};
pub use glyphs::{
    CAMERA_KIND, Glyph, GlyphOf, GlyphOrder, glyph_ranks, glyphs_in_view, state_words,
};
pub use names::{ALONG_M, Name, NameOf};
pub use piece::Piece;
pub use residency::{Residency, Selection};
pub use shade::{SHADE_HEIGHT_M, Shade, sun_direction};
pub use tiles::{Draw, Pass, Tile};
pub use vertex::{Chunk, FINISHES, Finish, MATERIALS, Material, NO_BUILDING, Part, Vertex};
pub use views::SavedView;

use super::camera::{Camera, Viewpoint};

/// Side of a chunk in a small and in a large city.
const CHUNK_M: [f64; 2] = [96.0, 256.0];

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
    /// What pictures are about: the community, or where most buildings are.
    pub focus: Bounds2,
    /// All there is to draw, in pieces: see `tiles` and `grounds` for what each of them is.
    pub pieces: Vec<Piece>,
    /// What stands up, tile by tile.
    pub tiles: Vec<Tile>,
    /// The pieces that are ground and water.
    pub grounds: Vec<u32>,
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
    chunk_m: f64,
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
    /// Builds the scene of a city. Pure and deterministic.
    #[must_use]
    pub fn build(ground: &Ground, kinds: &KindTable) -> Self {
        let frame = frame_of(ground);
        let (extent, focus) = extents(ground, &frame);
        let size = extent.size();
        let chunk_m = (size[0].max(size[1]) / 16.0).clamp(CHUNK_M[0], CHUNK_M[1]);
        let feet: Vec<_> = ground
            .buildings
            .values()
            .map(|building| {
                let center = oriented_rectangle(&building.footprint).center;
                frame.local_from_projected([center[0], center[1], building.ground_m])
            })
            .collect();
        let land = extent.grown(0.35 * size[0].max(size[1]).max(200.0));
        let terrain = local_terrain(ground, &frame);
        let relief = if terrain.is_empty() {
            relief::Relief::new(&feet, land)
        } else {
            relief::Relief::on(terrain, &feet, land)
        };
        let shade = Shade::bake(ground, &frame, extent.grown(60.0));
        let solid = assemble::Solid {
            ground,
            frame: &frame,
            shade: &shade,
            relief: &relief,
        };
        let assemble::Pieces {
            pieces,
            tiles,
            grounds,
        } = solid.pieces(chunk_m, land);
        Self {
            frame,
            extent,
            land,
            is_flat: relief.is_flat(),
            focus,
            pieces,
            tiles,
            grounds,
            shade,
            buildings: ground.buildings.keys().copied().collect(),
            glyphs: glyphs::collect(ground, &frame, kinds),
            names: on_land(names::collect(ground, &frame), &relief),
            views: views_on_land(views::saved(ground, &frame, focus), &relief),
            prisms: prisms(ground, &frame),
            relief,
            chunk_m,
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
        glyphs::shown_at(ground, &self.frame, device)
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

fn prisms(ground: &Ground, frame: &LocalFrame) -> PrismIndex {
    PrismIndex::new(
        ground
            .buildings
            .values()
            .enumerate()
            .map(|(index, building)| {
                let base_m = building.ground_m - frame.origin_h;
                Prism {
                    id: index as u32,
                    polygon: local::local_polygon(frame, &building.footprint),
                    base_m,
                    top_m: base_m + building.height_m,
                }
            }),
    )
}

/// The origin: the middle of the buildings, at the height of a typical foot.
fn frame_of(ground: &Ground) -> LocalFrame {
    let mut bounds = Bounds2::empty();
    let mut feet = Vec::with_capacity(ground.buildings.len());
    for building in ground.buildings.values() {
        bounds = bounds.union(&Bounds2::from_polygon(&building.footprint));
        feet.push(building.ground_m);
    }
    if bounds.is_empty() {
        bounds = everything(ground);
    }
    if feet.is_empty() {
        let corners = ground.terrain.values().flat_map(|one| &one.tin.vertices);
        feet.extend(corners.map(|at| at[2]));
    }
    feet.sort_by(f64::total_cmp);
    let center = if bounds.is_empty() {
        [0.0, 0.0]
    } else {
        bounds.center()
    };
    LocalFrame {
        // Whole metres, so that local coordinates are easy to read beside projected ones.
        origin_e: center[0].round(),
        origin_n: center[1].round(),
        origin_h: feet.get(feet.len() / 2).copied().unwrap_or(0.0),
    }
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
    let points = ground.plants.values().map(|plant| plant.position);
    let points = points.chain(ground.devices.values().map(|device| device.position));
    for point in points.chain(ground.places.values().map(|place| place.position)) {
        bounds.include([point[0], point[1]]);
    }
    bounds
}

/// Extent of the whole and of the focus, local.
fn extents(ground: &Ground, frame: &LocalFrame) -> (Bounds2, Bounds2) {
    let mut extent = Bounds2::empty();
    let mut centers = Vec::with_capacity(ground.buildings.len());
    for building in ground.buildings.values() {
        let bounds = Bounds2::from_polygon(&local::local_polygon(frame, &building.footprint));
        extent = extent.union(&bounds);
        centers.push(bounds.center());
    }
    if extent.is_empty() {
        let all = everything(ground);
        let shift = |at: [f64; 2]| [at[0] - frame.origin_e, at[1] - frame.origin_n];
        extent = if all.is_empty() {
            Bounds2 {
                min: [-100.0; 2],
                max: [100.0; 2],
            }
        } else {
            Bounds2 {
                min: shift(all.min),
                max: shift(all.max),
            }
        };
    }
    let community = views::community(ground, frame);
    let focus = community.unwrap_or_else(|| views::middle_of(&mut centers, extent));
    (extent, focus)
}
