//! Heights at any places: their Delaunay net, cut into tiles by where triangles have their middle.
//! Neighbouring tiles share the corners between them, so no crack opens. The net covers the convex
//! hull of the places. Never thins out: scattered heights are few and chosen.

use std::collections::BTreeMap;

use spade::{DelaunayTriangulation, HasPosition, Point2, Triangulation};

use super::add_tile;
use crate::base::counted;
use crate::ingest::ReadError;
use crate::ingest::raw::RawCity;
use crate::space::{Bounds2, Tin};

/// Most places; more are a raster, or must be thinned out first.
pub(super) const PLACES_MAX: usize = 2_000_000;
/// Places in a tile, about.
const TILE_PLACES: f64 = 20_000.0;

/// A place with its height.
struct Spot([f64; 3]);

impl HasPosition for Spot {
    type Scalar = f64;

    fn position(&self) -> Point2<f64> {
        Point2::new(self.0[0], self.0[1])
    }
}

/// Adds the net of these places; of several heights at one place the last counts.
pub(super) fn add(city: &mut RawCity, places: Vec<[f64; 3]>) -> Result<(), ReadError> {
    if places.len() > PLACES_MAX {
        return Err(ReadError::Unusable {
            reason: format!(
                "{} scattered heights are more than {PLACES_MAX}",
                places.len()
            ),
            remedy: "make a raster of them first (GDAL: gdal_grid -a linear IN OUT.tif)".to_owned(),
        });
    }
    let bounds = Bounds2::from_points(places.iter().map(|at| [at[0], at[1]]));
    let count = places.len();
    let spots = places.into_iter().map(Spot).collect();
    let net: DelaunayTriangulation<Spot> =
        DelaunayTriangulation::bulk_load(spots).map_err(|fault| ReadError::Unusable {
            reason: format!("its places make no net: {fault:?}"),
            remedy: "check the columns of the file".to_owned(),
        })?;
    let side = (count as f64 / TILE_PLACES).sqrt().ceil().max(1.0);
    let size = bounds.size().map(|length| (length / side).max(1e-9));
    let mut tiles = BTreeMap::<[usize; 2], Vec<[[f64; 3]; 3]>>::new();
    for face in net.inner_faces() {
        let corners = face.vertices().map(|corner| corner.data().0);
        let middle = [0, 1].map(|axis| corners.iter().map(|at| at[axis]).sum::<f64>() / 3.0);
        let tile = [0, 1].map(|axis| {
            let exact = (middle[axis] - bounds.min[axis]) / size[axis];
            exact.clamp(0.0, side - 1.0) as usize
        });
        tiles.entry(tile).or_default().push(corners);
    }
    for (tile, corners) in &tiles {
        add_tile(city, *tile, Tin::from_triangles(corners));
    }
    city.notes.push(format!(
        "terrain: {count} scattered heights became {}; the net covers the space between them",
        counted(tiles.len(), "tile", "tiles")
    ));
    Ok(())
}
