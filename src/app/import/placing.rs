//! Options of `import` for models and terrain: where a model stands and as what, how exact terrain
//! is kept. Handed to the readers; never looks at a file.

use clap::Args;

use crate::ingest::{Placement, Spot2};

/// Where a model stands, and how exact terrain is.
#[derive(Debug, Args)]
pub(super) struct Placing {
    /// Where a glTF model stands: east and north in the city's CRS and, where known, the height of
    /// its origin; on the ground otherwise.
    #[arg(long, value_name = "E,N[,Z]", value_parser = Placement::numbers, allow_hyphen_values = true, conflicts_with = "at_lonlat")]
    at: Option<Place>,
    /// The same by longitude and latitude (WGS 84, CGCS2000).
    #[arg(long, value_name = "LON,LAT[,Z]", value_parser = Placement::numbers, allow_hyphen_values = true)]
    at_lonlat: Option<Place>,
    /// Clockwise turn of the model from north; degrees.
    #[arg(
        long,
        value_name = "DEG",
        default_value_t = 0.0,
        allow_hyphen_values = true
    )]
    heading: f64,
    /// Metres of one unit of the model.
    #[arg(long, value_name = "S", default_value_t = 1.0)]
    scale: f64,
    /// The model is a proposed building and marked as such; a landmark otherwise.
    #[arg(long)]
    as_building: bool,
    /// How far a height may lie from the terrain made of it; metres, 0.15 where nothing is said.
    #[arg(long, value_name = "M")]
    pub(super) terrain_tolerance: Option<f64>,
}

type Place = ([f64; 2], Option<f64>);

impl Placing {
    /// Where a model stands, when that was said; `name` is what it is called.
    pub(super) fn placement(&self, name: Option<&String>) -> Option<Placement> {
        let projected = self
            .at
            .map(|(at, height_m)| (Spot2::Projected(at), height_m));
        let by_degrees = self
            .at_lonlat
            .map(|(at, height_m)| (Spot2::LonLat(at), height_m));
        let (at, height_m) = projected.or(by_degrees)?;
        Some(Placement {
            height_m,
            heading_deg: self.heading,
            scale: self.scale,
            as_building: self.as_building,
            name: name.cloned(),
            ..Placement::at(at)
        })
    }
}
