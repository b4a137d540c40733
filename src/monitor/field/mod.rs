//! The field: what a whole community settles by, from the points that were measured, with its standard
//! error (ordinary kriging). Variogram, cross-validation, surface, contours, profile. Used by `app` and
//! by whoever draws settlement. Pure: no clock, no file, no chance, and on the caller's thread. Never
//! draws where it does not know.

mod contour;
mod fit;
mod fitted;
mod krige;
mod lattice;
mod linear;
mod points;
mod profile;
mod rows;
mod surface;
mod validate;
mod variogram;

use serde::{Deserialize, Serialize};

pub use contour::{Contour, MOST_LEVELS, NoContours};
pub use fit::fit;
pub use fitted::{Field, FieldSettings};
pub use krige::{Estimate, Krige, MOST_POINTS};
pub use points::{Gathered, Point, SAME_PLACE_M, gather};
pub use profile::{MOST_STEPS, NoProfile, ProfilePoint};
pub use surface::{Grid, MOST_CELLS, NoGrid, Surface};
pub use validate::CrossValidation;
pub use variogram::{Lag, Shape, Variogram, experimental};

/// Why no field can be told.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum NoField {
    /// Nothing was measured, or nothing that could be used.
    #[error("no reading that could be used")]
    NoReadings,
    /// Fewer places than a variogram needs.
    #[error("{points} places are measured, and a field needs {least}")]
    TooFewPoints {
        /// So many there are.
        points: usize,
        /// So many it needs.
        least: usize,
    },
    /// More places than are worked out at once.
    #[error("{points} places are measured, and a field takes at most {most}")]
    TooManyPoints {
        /// So many there are.
        points: usize,
        /// So many may be.
        most: usize,
    },
    /// Every place has the same value: sensors that are stuck, or never told.
    #[error("every place has the value {mm} mm")]
    Constant {
        /// The value, mm.
        mm: f64,
    },
    /// Neighbours are no more alike than others: nothing can be said of the places between, but what
    /// holds for all.
    #[error("neighbours are no more alike than others: only the mean is known, {mean_mm:.2} mm")]
    NoStructure {
        /// The mean of all, mm.
        mean_mm: f64,
        /// Its standard error, mm.
        standard_error_mm: f64,
        /// Standard deviation of the values, mm.
        deviation_mm: f64,
    },
    /// With this variogram covariances are not positive definite, or nearly not.
    #[error("the variogram gives covariances that are not positive definite")]
    NotPositiveDefinite,
}
