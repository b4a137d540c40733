//! What an engine serves: the connect protocol, version 1 (`docs/connect-protocol.md`), with its
//! followers (wall, desk) on the other end; and the API for people and programs (`docs/api.md`).
//!
//! Engine's end: [`Hub`] keeps the newest state and a ring of batches, [`router`] answers, and
//! [`Server`] binds it to a port, with TLS where it is given a certificate. [`api`] answers under
//! `/api`, and [`Gate`] says who may pass there. Follower's end: [`follow`] gives a
//! [`Link`](crate::model::ports::Link). Never reads the wall clock and never writes the twin:
//! commands go through the port [`Orders`](crate::model::ports::Orders).

mod api;
mod batches;
mod client;
mod gate;
mod hub;
mod idempotency;
mod listener;
mod problem;
mod protocol;
mod rate;
mod router;
mod server;
mod socket;
mod tries;
mod vitals;

pub use api::{ApiDoors, Register, api};
pub use client::{FollowError, Follower, fetch_city, fetch_kinds, follow, greet, order};
pub use gate::{Gate, GateMeans, SignNote};
pub use hub::Hub;
pub use listener::{Peer, TlsIdentity};
pub use protocol::{Done, Event, Hello, Keeping, PROTOCOL};
pub use router::{Doors, router};
pub use server::{ServeError, Server};
pub use socket::frame as socket_frame;
pub use vitals::Vitals;

#[cfg(test)]
mod tests;
