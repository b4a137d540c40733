//! Where readings and commands come from: the bounded [`Inbox`], and the [`Simulator`] behind it.
//!
//! Used by `app`, which empties the inbox once a tick. Feeds push into the inbox and learn from
//! it what has been committed; they never see the twin. Never reads the wall clock.

mod inbox;
mod simulator;

pub use inbox::{Inbox, Offer, Order, Taken, Urgency};
pub use simulator::Simulator;
