//! Buildings as faces: real surfaces where the source has them, otherwise a house after its kind.

use geo_types::Polygon;

use crate::model::{Building, CityObject, HeightOrigin, LodModel, RoofStyle, Structure, Usage};
use crate::space::{
    Bounds2, Bounds3, LocalFrame, OrientedRect, RoofParams, RoofShape, Surface, SurfaceKind,
    area_m2, build_house, eave_details, extrude, flat_with_parapet, is_closed, oriented_rectangle,
    pagoda, ridge_details, ridge_rise_m,
};

use super::builder::{Builder, Paint};
use super::grid::Cell;
use super::local::{local_polygon, local_surface};
use super::vertex::Material;

/// Storeys up to which a building counts as a traditional house when nothing else is known.
const TRADITIONAL_STOREYS_MAX: u16 = 3;
/// Highest traditional house when storeys are not known.
const TRADITIONAL_HEIGHT_MAX_M: f64 = 11.0;
/// Largest footprint that one tiled roof covers when nothing else is known.
const TRADITIONAL_AREA_MAX_M2: f64 = 1_800.0;

/// How a building is drawn, as decided from its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Surfaces of the source.
    Given,
    /// White walls and a tiled roof of this shape.
    Tiled(RoofShape),
    /// A newer block with a flat roof.
    Block,
    /// A pagoda.
    Pagoda,
}

/// Decides how a building is drawn. Real surfaces win; then what the record says; then kind,
/// size and height. A measured tower on a compact footprint that is named one is a pagoda.
#[must_use]
pub fn look_of(building: &Building) -> Look {
    if best_model(&building.models).is_some() {
        return Look::Given;
    }
    match building.roof {
        RoofStyle::Gable => Look::Tiled(RoofShape::MultiGable),
        RoofStyle::Hip => Look::Tiled(RoofShape::Hip),
        RoofStyle::Flat => Look::Block,
        RoofStyle::Pagoda => Look::Pagoda,
        RoofStyle::Derived => derived_look(building),
    }
}

fn derived_look(building: &Building) -> Look {
    let area = area_m2(&building.footprint);
    let name = building.name.as_deref().unwrap_or_default();
    let slender = building.height_m > 1.4 * area.sqrt();
    let named_tower = name.contains('塔') || name.to_lowercase().contains("pagoda");
    if named_tower && slender && building.height_origin == HeightOrigin::Measured {
        return Look::Pagoda;
    }
    let modern = matches!(building.structure, Structure::Concrete | Structure::Steel)
        || building.year.is_some_and(|year| year >= 1960);
    // A default height says nothing, so it must not make a block of a house.
    let low = building.height_origin == HeightOrigin::Default
        || (building.storeys <= TRADITIONAL_STOREYS_MAX
            && building.height_m <= TRADITIONAL_HEIGHT_MAX_M);
    if modern || !low || area > TRADITIONAL_AREA_MAX_M2 {
        return Look::Block;
    }
    if building.usage == Usage::Heritage && area > 150.0 {
        return Look::Tiled(RoofShape::Hip);
    }
    Look::Tiled(RoofShape::MultiGable)
}

/// The model with the highest level of detail that has faces and no interior.
pub(super) fn best_model(models: &[LodModel]) -> Option<&LodModel> {
    let detail = |model: &&LodModel| model.lod.parse::<f64>().unwrap_or(0.0);
    let usable = models
        .iter()
        .filter(|model| !model.surfaces.is_empty() && detail(model) < 4.0);
    usable.max_by(|a, b| detail(a).total_cmp(&detail(b)))
}

/// The level of detail whose real surfaces are drawn; `None` where the house is generated.
#[must_use]
pub fn lod_drawn(building: &Building) -> Option<&str> {
    best_model(&building.models).map(|model| model.lod.as_str())
}

/// Adds one building to a cell; `index` is its place in the scene's list and state buffer.
pub(super) fn add(
    builder: &mut Builder,
    cell: Cell,
    frame: &LocalFrame,
    building: &Building,
    index: u32,
) {
    let footprint = local_polygon(frame, &building.footprint);
    let foot_m = building.ground_m - frame.origin_h;
    let paint = |material, detail| Paint {
        material,
        building: index,
        foot_m,
        detail,
    };
    match look_of(building) {
        Look::Given => {
            let surfaces = best_model(&building.models).map_or(&[][..], |model| &model.surfaces);
            let modern = building.height_m > 14.0;
            let closed = is_closed(surfaces);
            for surface in surfaces {
                let surface = local_surface(frame, surface);
                let material = given_material(&surface, modern);
                // What is only proposed is drawn as the wooden model on an architect's table.
                let proposed = building.is_proposed().then_some(Material::Timber);
                if let Some(material) = material.map(|real| proposed.unwrap_or(real)) {
                    given(builder, cell, &surface, closed, paint(material, false));
                }
            }
        }
        Look::Tiled(shape) => {
            let params = tiled_roof(&footprint, building, shape);
            let paint = paint(Material::Tile, false);
            add_house(builder, cell, &footprint, &params, paint);
        }
        Look::Block => {
            for surface in flat_with_parapet(&footprint, foot_m, building.height_m.max(2.0)) {
                let material = match surface.kind {
                    SurfaceKind::RoofSurface => Material::FlatRoof,
                    SurfaceKind::GroundSurface => continue,
                    SurfaceKind::Parapet => Material::Plaster,
                    _ => Material::Block,
                };
                builder.surface(cell, &surface, paint(material, false));
            }
        }
        Look::Pagoda => {
            for surface in pagoda_surfaces(&footprint, foot_m, building) {
                let material = match surface.kind {
                    SurfaceKind::WallSurface => Material::Timber,
                    SurfaceKind::GroundSurface => continue,
                    _ => Material::Tile,
                };
                builder.surface(cell, &surface, paint(material, false));
            }
        }
    }
}

/// The body that a building without faces of its own is drawn as: ground, walls and roof of a
/// closed house, without eaves and ridges; for writers of models. Corners are in the city's CRS.
/// Nothing comes of an outline without area.
#[must_use]
pub fn body_of(building: &Building) -> Vec<Surface> {
    // Small numbers keep the millimetres.
    let corner = Bounds2::from_polygon(&building.footprint).min;
    if !corner.iter().all(|v| v.is_finite()) {
        return Vec::new();
    }
    let frame = LocalFrame {
        origin_e: corner[0],
        origin_n: corner[1],
        origin_h: building.ground_m,
    };
    let footprint = local_polygon(&frame, &building.footprint);
    let surfaces = match look_of(building) {
        Look::Tiled(shape) => {
            build_house(&footprint, 0.0, &tiled_roof(&footprint, building, shape))
        }
        Look::Pagoda => pagoda_surfaces(&footprint, 0.0, building),
        Look::Block | Look::Given => extrude(&footprint, 0.0, building.height_m.max(2.0)),
    };
    let placed = surfaces.into_iter().map(|mut surface| {
        for at in surface.rings.iter_mut().flatten() {
            *at = frame.projected_from_local(*at);
        }
        surface
    });
    placed.collect()
}

/// A house with a tiled roof; `paint` has what all its faces share.
fn add_house(
    builder: &mut Builder,
    cell: Cell,
    footprint: &Polygon<f64>,
    params: &RoofParams,
    paint: Paint,
) {
    let made_of = |material, detail| Paint {
        material,
        detail,
        ..paint
    };
    for surface in build_house(footprint, paint.foot_m, params) {
        let material = match surface.kind {
            SurfaceKind::RoofSurface => Material::Tile,
            SurfaceKind::WallSurface => Material::Plaster,
            _ => continue,
        };
        builder.surface(cell, &surface, made_of(material, false));
    }
    for surface in eave_details(footprint, paint.foot_m, params) {
        builder.surface(cell, &surface, made_of(Material::Tile, true));
    }
    for surface in ridge_details(footprint, paint.foot_m, params) {
        builder.surface(cell, &surface, made_of(Material::Ridge, true));
    }
}

fn pagoda_surfaces(footprint: &Polygon<f64>, foot_m: f64, building: &Building) -> Vec<Surface> {
    let OrientedRect {
        center,
        half_u,
        half_v,
        ..
    } = oriented_rectangle(footprint);
    let storeys = match building.storeys {
        3..=20 => u32::from(building.storeys),
        _ => (building.height_m / 8.5).round().clamp(3.0, 13.0) as u32,
    };
    let base = [center[0], center[1], foot_m];
    pagoda(base, storeys, building.height_m, (half_u + half_v) / 2.0, 8)
}

/// The roof of a tiled house whose highest line is the building's height.
fn tiled_roof(footprint: &Polygon<f64>, building: &Building, shape: RoofShape) -> RoofParams {
    let pitch = if shape == RoofShape::Hip { 0.6 } else { 0.48 };
    let mut params = RoofParams {
        shape,
        pitch,
        ..RoofParams::default()
    };
    let height_m = building.height_m.clamp(2.2, 30.0);
    let rise_m = ridge_rise_m(footprint, &params);
    // A wide hall would have a roof higher than its walls: such roofs are flatter.
    if rise_m > height_m * 0.5 {
        params.pitch *= height_m * 0.5 / rise_m;
    }
    params.eave_m = (height_m - rise_m.min(height_m * 0.5)).max(1.8);
    params
}

/// What a face of a source is made of; `None` for faces that are never seen.
fn given_material(surface: &Surface, modern: bool) -> Option<Material> {
    let up = surface.normal()?[2];
    let wall = if modern {
        Material::Block
    } else {
        Material::Plaster
    };
    Some(match surface.kind {
        SurfaceKind::GroundSurface
        | SurfaceKind::InteriorWallSurface
        | SurfaceKind::CeilingSurface
        | SurfaceKind::FloorSurface => return None,
        SurfaceKind::Window | SurfaceKind::Door => Material::Glass,
        SurfaceKind::RoofSurface if up < 0.97 => Material::Tile,
        SurfaceKind::RoofSurface => Material::FlatRoof,
        _ if up < -0.9 => return None,
        _ if up > 0.97 => Material::FlatRoof,
        _ if up > 0.25 => Material::Tile,
        _ => wall,
    })
}

/// Adds a face of a source. Foreign data turns faces either way, so only those of a proper body
/// are taken to look outwards.
fn given(builder: &mut Builder, cell: Cell, surface: &Surface, closed: bool, paint: Paint) {
    if closed {
        builder.surface(cell, surface, paint);
    } else {
        builder.surface_two_sided(cell, surface, paint);
    }
}

/// What is drawn of another object of the source, in the city's CRS; empty where nothing is.
pub(super) fn object_bounds(object: &CityObject) -> Bounds3 {
    let faces = best_model(&object.models).into_iter();
    let rings = faces
        .flat_map(|model| &model.surfaces)
        .flat_map(|face| &face.rings);
    Bounds3::from_points(rings.flatten().copied())
}

/// Adds another object of the source with its own surfaces.
pub(super) fn add_object(builder: &mut Builder, frame: &LocalFrame, object: &CityObject) {
    let Some(model) = best_model(&object.models) else {
        return;
    };
    let closed = is_closed(&model.surfaces);
    for surface in &model.surfaces {
        let surface = local_surface(frame, surface);
        if let Some(corner) = surface.rings.first().and_then(|ring| ring.first()) {
            let cell = builder.cell_of([corner[0], corner[1]]);
            let material = if object.kind.starts_with("Bridge") {
                Material::Stone
            } else {
                Material::Other
            };
            given(builder, cell, &surface, closed, Paint::plain(material));
        }
    }
}
