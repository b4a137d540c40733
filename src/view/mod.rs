//! Bevy: the only module that says `bevy`. Draws what `portrayal` says, in a window or without.
//! Used by `app`. Never reads a city file, an archive or a clock of its own: scene, state and
//! time are handed in.

mod compose;
mod flatten;
mod fonts;
mod gpu;
mod guard;
mod headless;
mod naming;
mod smooth;
mod uniform;
mod wall;

pub use compose::{Composed, Composer, Layers, Show};
pub use fonts::FontError;
pub use gpu::Counts;
pub use headless::{Adapter, Picture, Studio, ViewError};
pub use wall::{RegisterAnswer, RegisterQuestion, Registers, WallSetup, show_wall};
