//! The ground's shape as triangles. Filled by import, drawn by `portrayal`, asked by whatever must
//! stand on it. Never holds what stands on the ground.

use serde::{Deserialize, Serialize};

use crate::base::TerrainId;
use crate::space::Tin;

use super::Source;

/// A piece of the ground's shape.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Terrain {
    /// Stable id.
    pub id: TerrainId,
    /// Origin of the record.
    pub source: Source,
    /// Its triangles, in the city's CRS and metres.
    pub tin: Tin,
}
