//! What cameras cover, as shares and the largest blind spots: what `query … coverage` prints and
//! what stands beside a picture with that layer.

use serde::Serialize;

use crate::model::Ground;
use crate::model::sight::{Cover, Coverage};
use crate::space::{Crs, Transform};

/// What is covered. Lengths are metres, shares 0 to 1.
#[derive(Debug, Serialize)]
pub(super) struct CoverageTable {
    pub cell_m: f64,
    /// South-west corner, columns and rows.
    pub corner: [f64; 2],
    pub columns: usize,
    pub rows: usize,
    pub road_share: f64,
    pub open_share: f64,
    pub facade_share: f64,
    /// Cameras of the city of which nobody knows where they look: they count as seeing nothing.
    pub cameras_without_direction: usize,
    pub blind: Vec<BlindRow>,
}

/// A blind spot.
#[derive(Debug, Serialize)]
pub(super) struct BlindRow {
    pub on: &'static str,
    pub road: Option<String>,
    pub area_m2: f64,
    pub middle: [f64; 2],
    pub lon_lat: Option<[f64; 2]>,
}

impl CoverageTable {
    /// The table, with at most `limit` blind spots.
    pub fn of(ground: &Ground, map: &Coverage, limit: usize) -> Self {
        let blind = map.blind.iter().take(limit).map(|spot| BlindRow {
            on: match spot.cover {
                Cover::Road => "road",
                _ => "open",
            },
            road: spot.road.and_then(|id| ground.roads.get(&id)?.name.clone()),
            area_m2: spot.area_m2,
            middle: spot.middle,
            lon_lat: lon_lat(ground, spot.middle),
        });
        Self {
            cameras_without_direction: cameras_without_direction(ground),
            cell_m: map.cell_m,
            corner: map.corner,
            columns: map.columns,
            rows: map.rows,
            road_share: map.share_seen(Cover::Road),
            open_share: map.share_seen(Cover::Open),
            facade_share: map.facade_share_seen(),
            blind: blind.collect(),
        }
    }
}

/// Cameras of which nobody knows where they look.
pub(super) fn cameras_without_direction(ground: &Ground) -> usize {
    let cameras = ground.cameras.values();
    cameras.filter(|one| one.looks_deg().is_none()).count()
}

/// Longitude and latitude (WGS 84) of a place of the city.
pub(super) fn lon_lat(ground: &Ground, at: [f64; 2]) -> Option<[f64; 2]> {
    let crs = Crs::parse(&ground.info.crs).ok()?;
    let to = Transform::between(&crs, &Crs::from_epsg(4326).ok()?).ok()?;
    let [lon, lat, _] = to.apply([at[0], at[1], 0.0]).ok()?;
    Some([lon, lat].map(|one| (one * 1e7).round() / 1e7))
}
