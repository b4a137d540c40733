//! Where things are: coordinate systems, the local frame, shapes and rays.
//! Used by every floor above. Never reads a file, never knows what a building or a sensor is.
mod surface;
pub use surface::{Surface, SurfaceKind};
