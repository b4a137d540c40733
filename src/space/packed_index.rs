//! Where many things are: packed indexes that never change, and a grid for what moves.
//!
//! [`PointIndex`] and [`BoxIndex`] hold flat arrays, 16 entries to a block, block upon block
//! without pointers, and answer in `f64` exactly as comparing with every entry would; the query
//! layer, sight lines and picking use them. [`MovingPoints`] gives the same answers about points
//! that move. Never knows what an entry is: entries go by their place in the input.
//!
//! Distances are the root of dx² + dy² in `f64`, metres where coordinates are. Entries with a
//! coordinate that is no finite number are left out, and a question with one finds nothing; a
//! box or radius may reach to infinity. Entries beyond the 2³²nd are left out.

mod block;
mod boxes;
mod levels;
mod moving;
mod near;
mod order;
mod points;
mod region;
#[cfg(test)]
mod tests;

pub use boxes::BoxIndex;
pub use moving::MovingPoints;
pub use near::Near;
pub use points::PointIndex;
