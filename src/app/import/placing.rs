//! Options of `import` for models and terrain: where a model stands and as what, how exact terrain
//! is kept. Handed to the readers; refuses those that none of the files has a use for.

use anyhow::bail;
use clap::Args;

use super::options;
use crate::ingest::{Format, Placement, Spot2};

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
    /// Clockwise turn of the model from north; degrees, 0 where nothing is said.
    #[arg(long, value_name = "DEG", value_parser = options::heading, allow_negative_numbers = true)]
    heading: Option<f64>,
    /// Metres of one unit of the model; 1 where nothing is said.
    #[arg(long, value_name = "S", value_parser = options::scale, allow_negative_numbers = true)]
    scale: Option<f64>,
    /// The model is a proposed building and marked as such; a landmark otherwise.
    #[arg(long)]
    as_building: bool,
    /// How far a height may lie from the terrain made of it; metres, 0.15 where nothing is said.
    #[arg(long, value_name = "M", value_parser = options::terrain_tolerance, allow_negative_numbers = true)]
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
        let north = Placement::at(at);
        Some(Placement {
            height_m,
            heading_deg: self.heading.unwrap_or(north.heading_deg),
            scale: self.scale.unwrap_or(north.scale),
            as_building: self.as_building,
            name: name.cloned(),
            ..north
        })
    }

    /// Whether a place was said.
    pub(super) fn is_placed(&self) -> bool {
        self.at.is_some() || self.at_lonlat.is_some()
    }

    /// Whether the files have a use for what was said.
    ///
    /// # Errors
    /// The name of the first option that none of them has.
    pub(super) fn check(&self, formats: &[Format]) -> anyhow::Result<()> {
        let place = [
            ("--at", self.at.is_some()),
            ("--at-lonlat", self.at_lonlat.is_some()),
        ];
        let manner = [
            ("--heading", self.heading.is_some()),
            ("--scale", self.scale.is_some()),
            ("--as-building", self.as_building),
        ];
        let said = |options: &[(&'static str, bool)]| {
            let said = options.iter().find(|(_, is_said)| *is_said);
            said.map(|(option, _)| *option)
        };
        if !formats.contains(&Format::Gltf)
            && let Some(option) = said(&place).or(said(&manner))
        {
            bail!("{option} is for glTF models, and none of the files is one; leave {option} out");
        }
        // A model that stands nowhere was refused: this one tells its place, and its turn with it.
        if !self.is_placed()
            && let Some(option) = said(&manner)
        {
            bail!(
                "{option} goes with --at or --at-lonlat; the model tells itself where and how it \
                 stands: leave {option} out, or state the place too"
            );
        }
        let is_terrain = |format: &Format| matches!(format, Format::GeoTiff | Format::Xyz);
        if self.terrain_tolerance.is_some() && !formats.iter().any(is_terrain) {
            bail!(
                "--terrain-tolerance is for heights (GeoTIFF, XYZ), and none of the files holds \
                 any; leave --terrain-tolerance out"
            );
        }
        Ok(())
    }
}
