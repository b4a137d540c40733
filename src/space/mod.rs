//! Where things are: coordinate systems, the local frame, shapes, roofs, shadows and rays.
//! Used by every floor above. Never reads a file, never knows what a building or a sensor is.
//!
//! Conventions that hold everywhere in here:
//! - positions are `f64`, x = east (or longitude), y = north (or latitude), z = up, whatever axis
//!   order the EPSG registry prescribes;
//! - lengths are metres, angles are radians unless the name ends in `_deg`;
//! - outer rings run counter-clockwise seen from above (or from outside), holes clockwise.
//!
//! Start reading at [`Crs`] for coordinates, at [`clean_polygon`] for footprints and at
//! [`build_house`] for buildings.

mod bounds;
mod crs;
mod crs_registry;
mod datum;
mod datum_shift;
mod extrude;
mod frame;
mod height_field;
mod middle_line;
mod overlap;
mod own_grid;
mod packed_index;
mod pagoda;
mod polygon;
mod polygon_clean;
mod prism_index;
mod ray;
mod ring;
mod roof;
mod roof_details;
mod roof_plan;
mod segment;
mod surface;
mod surface_clean;
mod surface_cross;
mod surface_notes;
mod surface_orient;
mod tin;
mod tin_index;
mod transform;
mod triangle_index;
mod wkt;
mod wkt_crs;
mod wkt_projection;

pub use bounds::{Bounds2, Bounds3};
pub use crs::{Crs, CrsError};
pub use datum::{
    Bd09LonLat, Cgcs2000LonLat, Datum, Gcj02LonLat, LonLatError, UnknownDatum, Wgs84LonLat,
};
pub use extrude::{PARAPET_HEIGHT_M, extrude, flat_with_parapet};
pub use frame::LocalFrame;
pub use height_field::HeightField;
pub use middle_line::{cuts_across, middle_line};
pub use overlap::{Overlap, overlaps};
pub use own_grid::{FitFault, Helmert, RotationConvention, Similarity, fit_similarity};
pub use packed_index::{BoxIndex, MovingPoints, Near, PointIndex};
pub use pagoda::pagoda;
pub use polygon::{
    OrientedRect, area_m2, inset, oriented_rectangle, polygon_contains, simplified,
    triangulate_polygon, triangulated_rings,
};
pub use polygon_clean::{PolygonFault, Repair, clean_polygon};
pub use prism_index::{Prism, PrismIndex};
pub use ray::{Ray3, ray_prism, ray_triangle};
pub use roof::{RoofParams, RoofShape, build_house, ridge_rise_m, roof_height_m};
pub use roof_details::{eave_details, ridge_details};
pub use segment::{
    Segment, at_share, crossing, distance, distance_to, nearest_share, nearest_shares,
};
pub use surface::{Surface, SurfaceKind, face_normal, is_closed, triangulate_surface};
pub use surface_clean::{CleanSurfaces, FaceOrigin, clean_surfaces};
pub use surface_notes::{FaceFault, FaceRepair};
pub use tin::Tin;
pub use tin_index::TinIndex;
pub use transform::Transform;
pub use triangle_index::TriangleIndex;
