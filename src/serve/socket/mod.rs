//! WebSocket (RFC 6455) for those who follow: the same events as server-sent events tell, one message
//! of text each. Used by the API. `upgrade` judges the request, `line` is one follower, `frame` what
//! goes over the line. Never takes a message of a client, and never lets one hold the engine.

pub mod frame;
mod line;
mod upgrade;

pub(super) use line::{Followed, tell};
pub(super) use upgrade::{TakenOver, show_token, take_over};
