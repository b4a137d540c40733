//! Layers over the map, as plain data: how good the records of people are, what cameras see, and what
//! the ground settles by. A layer is classes of buildings, patches of ground or a sheet over it, figures
//! beside the colours, and what its legend tells. Made by `app` from the answers that `query` prints, drawn by `view`. Never opens a
//! personal value, never tells a count that may not be told, never covers an alarm.

mod bands;
mod coverage;
mod quality;
mod settlement;

use std::collections::BTreeMap;

use geo_types::Polygon;

use crate::base::BuildingId;
use crate::model::query::Suppressed;
use crate::model::{AreaLevel, PopulationMeasure};

use super::look::Look;
use super::overlay::Rgba;

pub use coverage::{coverage_bounds, coverage_cell_m};
pub use settlement::{
    ContourInterval, NoSheet, SHEET_COLORS, SettlementFacts, Sheet, SheetContour, SheetFacts,
    SheetPoint, figure, sheet_cell_m, sheet_color, sheet_colors,
};

/// How many classes a layer may have, from what is well to what needs somebody.
pub const LAYER_CLASSES: usize = 6;

/// The class of areas of which nothing may be told.
pub const UNTOLD: u8 = 5;

/// Which layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LayerKind {
    /// The share of records of people that are linked, confirmed, stale …, by area.
    Quality {
        /// Which share.
        measure: PopulationMeasure,
        /// The level of the areas.
        by: AreaLevel,
    },
    /// The ground that cameras see, and where they are blind.
    Coverage,
    /// What the ground settles by between the points that are measured.
    Settlement {
        /// From contour to contour; chosen by the range for `None`.
        every: Option<ContourInterval>,
    },
}

impl LayerKind {
    /// The layers that a wall steps through, after none.
    pub const STEPS: [Self; 3] = [
        Self::Quality {
            measure: PopulationMeasure::Sound,
            by: AreaLevel::Grid,
        },
        Self::Coverage,
        Self::Settlement { every: None },
    ];

    /// Whether buildings keep their colours under it, so that they may lean over it.
    #[must_use]
    pub const fn leaves_buildings(self) -> bool {
        matches!(self, Self::Settlement { .. })
    }

    /// The colours of the classes in a theme.
    #[must_use]
    pub fn colors(self, look: &Look) -> [Rgba; LAYER_CLASSES] {
        match self {
            Self::Quality { .. } => {
                let [a, b, c, d, e] = look.layer;
                [a, b, c, d, e, look.layer_untold]
            }
            Self::Coverage => look.coverage,
            // Its ramp is its own: [`sheet_colors`].
            Self::Settlement { .. } => [look.layer_untold; LAYER_CLASSES],
        }
    }
}

/// What a class stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Meaning {
    /// Areas with a share from the first to the second, in per cent.
    Band(u8, u8),
    /// Areas of which nothing may be told.
    Untold,
    /// Ground that so many cameras see as they stand, or more.
    Seen {
        /// How many.
        cameras: u16,
        /// Whether more are meant, too.
        or_more: bool,
    },
    /// Ground that is seen once a camera turns.
    Turning,
    /// Road that no camera sees.
    BlindRoad,
    /// Other open ground that no camera sees.
    BlindOpen,
}

impl Meaning {
    /// Whether its ground is hatched, as a second sign beside the colour.
    #[must_use]
    pub const fn is_hatched(self) -> bool {
        matches!(self, Self::BlindRoad | Self::BlindOpen)
    }
}

/// A row of the legend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LayerClass {
    /// The class.
    pub class: u8,
    /// What it stands for.
    pub meaning: Meaning,
    /// How many areas, or which share of the ground.
    pub extent: Extent,
}

/// How much there is of a class.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Extent {
    /// So many areas.
    Areas(usize),
    /// This share of the ground that was looked at, 0 to 1.
    Ground(f64),
}

/// Where the figures come from, and what they are over all.
#[derive(Debug, Clone, PartialEq)]
pub enum Basis {
    /// The register of residents.
    Residents {
        /// Records.
        count: Suppressed,
        /// The share over all, as far as it may be told.
        share: Option<f64>,
        /// Records whose area is not known.
        unplaced: Suppressed,
    },
    /// The register of cameras.
    Cameras {
        /// How many.
        count: usize,
        /// Side of a cell, metres.
        cell_m: f64,
        /// Shares of roads, of other open ground and of façades that are seen, 0 to 1.
        seen: [f64; 3],
    },
    /// The points of settlement.
    Settlement(SettlementFacts),
}

/// What the legend of a layer tells.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerFacts {
    /// Which layer.
    pub kind: LayerKind,
    /// The day of the judgement, `YYYY-MM-DD`.
    pub as_of: String,
    /// The classes that are there, what is well first.
    pub classes: Vec<LayerClass>,
    /// Where the figures come from.
    pub basis: Basis,
}

/// A rectangle of ground of one class, in the city's CRS.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Patch {
    /// Its class.
    pub class: u8,
    /// South-west corner.
    pub low: [f64; 2],
    /// North-east corner.
    pub high: [f64; 2],
}

/// A figure on the map.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Where, in the city's CRS.
    pub at: [f64; 2],
    /// What is told about.
    pub name: String,
    /// The share, 0 to 1; `None` where it may not be told.
    pub share: Option<f64>,
}

/// A layer, ready to be drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct MapLayer {
    /// What its legend tells.
    pub facts: LayerFacts,
    /// Classes of buildings; those that are not named keep their own colours.
    pub buildings: BTreeMap<BuildingId, u8>,
    /// Ground of one class, side by side.
    pub patches: Vec<Patch>,
    /// Outlines of areas, in the city's CRS.
    pub outlines: Vec<Polygon<f64>>,
    /// Figures beside the colours.
    pub figures: Vec<Figure>,
    /// A sheet over the land.
    pub sheet: Option<Sheet>,
}

#[cfg(test)]
mod tests;
