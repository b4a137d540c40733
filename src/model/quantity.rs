//! What a sensor of a building measures that moves over months: lean, settlement, the width of a crack.
//! Used by the monitor, by cards and by pictures. Knows no limit.

use serde::{Deserialize, Serialize};

/// What is measured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// Lean, ‰.
    #[default]
    Tilt,
    /// Settlement, mm, downwards.
    Settlement,
    /// Width of a crack, mm.
    Crack,
    /// Angular distortion between two points of a building, ‰: difference of settlement by distance.
    Distortion,
}

impl Quantity {
    /// What a device of this quantity measures, by the name that its kind has for it.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        match name {
            "tilt" => Some(Self::Tilt),
            "settlement" => Some(Self::Settlement),
            "width" => Some(Self::Crack),
            _ => None,
        }
    }

    /// The unit of its series.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Tilt | Self::Distortion => "‰",
            Self::Settlement | Self::Crack => "mm",
        }
    }

    /// The name in the word files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tilt => "tilt",
            Self::Settlement => "settlement",
            Self::Crack => "crack",
            Self::Distortion => "distortion",
        }
    }

    /// A value without its unit, with as many decimals as say something.
    #[must_use]
    pub fn figure(self, value: f64) -> String {
        match self {
            Self::Tilt | Self::Distortion | Self::Crack => format!("{value:.2}"),
            Self::Settlement => format!("{value:.1}"),
        }
    }

    /// A value with its unit.
    #[must_use]
    pub fn told(self, value: f64) -> String {
        format!("{} {}", self.figure(value), self.unit())
    }

    /// No building has so much of it and stands, in the unit of its series: what shows more is read in
    /// the wrong unit, or measures something else. The tower of Pisa leant by 96 ‰.
    #[must_use]
    pub const fn plausible(self) -> f64 {
        match self {
            Self::Tilt | Self::Distortion => 100.0,
            Self::Settlement => 1_000.0,
            Self::Crack => 200.0,
        }
    }

    /// No reading of it is so large, in the unit of its series: nothing leans by half a right angle and
    /// stands; a point ten metres deeper, or a gap of one, is another thing.
    #[must_use]
    pub const fn most(self) -> f64 {
        match self {
            Self::Tilt | Self::Distortion | Self::Crack => 1_000.0,
            Self::Settlement => 10_000.0,
        }
    }
}
