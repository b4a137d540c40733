//! Where readings and commands come from: the bounded [`Inbox`], the [`Intake`] for messages of
//! devices in front of it, MQTT, files, and the [`Simulator`].
//!
//! Used by `app`, which empties the inbox once a tick. Feeds push into the inbox and learn from
//! it what has been committed; they never see the twin. Never reads the wall clock.

pub mod files;
mod inbox;
mod intake;
#[cfg(feature = "net")]
pub mod mqtt;
pub mod payload;
mod simulator;
mod urgency;

pub use inbox::{Inbox, Offer, Order, Presence, Taken, Urgency};
pub use intake::{Intake, IntakeCounts, Receipt};
pub use simulator::Simulator;
