//! Faces with a meaning.

use serde::{Deserialize, Serialize};

/// What a face is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SurfaceKind {
    /// Not known.
    Unknown,
}

/// A planar face.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Surface {
    /// What it is.
    pub kind: SurfaceKind,
    /// Outer ring, then holes; without a repeated closing point.
    pub rings: Vec<Vec<[f64; 3]>>,
}
