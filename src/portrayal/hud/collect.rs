//! From the twin to [`HudFacts`].

use crate::base::Timestamp;
use crate::model::{KindTable, Twin};

use super::super::words::Words;
use super::facts::{HudFacts, LinkState};

/// The facts of the panels at `now`. View, scale, heading, exaggeration, saved views, card and
/// focus stay at their neutral values: the picture's owner fills them in.
#[must_use]
pub fn facts_from(
    twin: &Twin,
    kinds: &KindTable,
    now: Timestamp,
    link: LinkState,
    words: &Words,
) -> HudFacts {
    let _ = (twin, kinds, words);
    HudFacts {
        now,
        link,
        ..HudFacts::default()
    }
}
