//! The closed loop: what has to be handled, by whom, until when, and how far it has come. Alarms
//! fold into an [`Incident`]; people open others by hand or for a reported event. `rules::dispatch`
//! decides, [`Incident::take`] and [`Board::take`] only write down; lists and pages read.
//!
//! An incident here is one thing to be handled. What a responder must know about a place is
//! `model::incident`, which is another matter.

mod act;
mod board;
mod incident;
mod order;
mod report;
mod rows;
mod table;
mod take;
mod text;

pub use act::{Act, Done, IncidentChange, Member, Opening, Origin, Relation, Spot};
pub use board::Board;
pub use incident::{
    Attachment, CallDone, CallOutcome, CallStep, Cause, Clock, Deadline, Hold, Incident,
    MEMBERS_MAX, Meeting, Risk, Stage, TeamWork, rank,
};
pub use order::{Ask, Order, Refused};
pub use report::Reported;
pub use rows::{ROWS_MAX, Row, Waiting, rows, waiting};
pub use table::{DispatchTable, FoldTimes, IncidentType, RiskTable, Rung};
pub use text::{ShutText, TEXT_CHARS_MAX, TextFault};
