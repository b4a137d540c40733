//! The texts that fit, best first, without looking at more of them than are told. Two initials fit
//! tens of thousands of names: what a text can be at best stands in its length, so each is put in
//! order by that, and read only when its turn comes. Never shows anything.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::model::EntityRef;

use super::Fit;
use super::texts::TextKind;

/// A text that fits, or may. In the order in which texts are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ranked {
    /// How it fits; where it was not looked at, how it fits at best.
    pub fit: Fit,
    /// What the text is to its record: places before numbers, numbers before people.
    pub kind: TextKind,
    /// Signs of the text: the shorter holds less beside what was asked for.
    pub length: usize,
    /// Whose text it is.
    pub key: EntityRef,
    /// The number of the text while it was not looked at; `None` once it is known to fit so.
    pub unread: Option<u32>,
}

/// Texts by their rank.
#[derive(Debug)]
pub(super) struct Ranking(BinaryHeap<Reverse<Ranked>>);

impl Ranking {
    pub fn of(found: Vec<Ranked>) -> Self {
        // Made at once a heap costs no more than looking at each; a sort would cost more than the
        // search.
        Self(found.into_iter().map(Reverse).collect::<Vec<_>>().into())
    }

    /// The next best text that fits as it is told; `read` tells how one fits that was not looked at.
    pub fn next(&mut self, read: impl Fn(&Ranked, u32) -> Option<Fit>) -> Option<Ranked> {
        loop {
            let Reverse(best) = self.0.pop()?;
            let Some(number) = best.unread else {
                return Some(best);
            };
            if let Some(fit) = read(&best, number) {
                let known = Ranked {
                    fit,
                    unread: None,
                    ..best
                };
                if fit == best.fit {
                    return Some(known);
                }
                self.0.push(Reverse(known));
            }
        }
    }
}
