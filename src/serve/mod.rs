//! The connect protocol, version 1 (`docs/connect-protocol.md`): an engine on one end, its
//! followers (wall, desk) on the other.
//!
//! Engine's end: [`Hub`] keeps the newest state and a ring of batches, [`router`] answers, and
//! [`Server`] binds it to a loopback port. Follower's end: [`follow`] gives a
//! [`Link`](crate::model::ports::Link). Never reads the wall clock and never writes the twin:
//! commands go through the port [`Orders`](crate::model::ports::Orders).

mod batches;
mod client;
mod hub;
mod protocol;
mod router;
mod server;

pub use client::{FollowError, Follower, fetch_city, fetch_kinds, follow, greet, order};
pub use hub::Hub;
pub use protocol::{Event, Hello, Keeping, PROTOCOL};
pub use router::{Doors, router};
pub use server::{ServeError, Server};

#[cfg(test)]
mod tests;
