//! Where the nodes of a file are, and which version of an element counts. Used by `assemble`.
//! A node costs 20 bytes. Never keeps tags.

use std::collections::HashSet;

use super::element::{At, Node, State};

/// A node; ids in two halves, for a `u64` would cost four bytes more in alignment.
#[derive(Clone, Copy)]
struct Entry {
    id: [u32; 2],
    version: u32,
    /// Nowhere when the node is deleted.
    at: At,
}

/// Latitude of what is deleted: none on Earth.
const NOWHERE: i32 = i32::MIN;

impl Entry {
    fn id(&self) -> i64 {
        (i64::from(self.id[0]) << 32 | i64::from(self.id[1])) ^ i64::MIN
    }
}

/// Positions by id of node.
#[derive(Default)]
pub(super) struct Positions {
    entries: Vec<Entry>,
    is_sorted: bool,
}

impl Positions {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self {
            entries: Vec::new(),
            is_sorted: true,
        }
    }

    /// Takes a node's position.
    pub(super) fn add(&mut self, node: &Node) {
        let place = node.at.filter(|_| !node.state.is_deleted);
        if place.is_none() && !node.state.is_deleted {
            return;
        }
        // The order of the shifted number is that of the ids.
        let bits = (node.id ^ i64::MIN) as u64;
        let entry = Entry {
            id: [(bits >> 32) as u32, bits as u32],
            version: node.state.version,
            at: place.unwrap_or([0, NOWHERE]),
        };
        let is_next = |last: &Entry| last.id < entry.id;
        self.is_sorted &= self.entries.last().is_none_or(is_next);
        self.entries.push(entry);
    }

    /// Makes it ready to be asked: of each node the newest version remains, and of equal ones the
    /// last of the file.
    pub(super) fn finish(&mut self) {
        if !self.is_sorted {
            self.entries.sort_by_key(|entry| (entry.id, entry.version));
            self.entries.reverse();
            self.entries.dedup_by_key(|entry| entry.id);
            self.entries.reverse();
            self.is_sorted = true;
        }
        self.entries.shrink_to_fit();
    }

    fn entry(&self, id: i64) -> Option<&Entry> {
        let found = self.entries.binary_search_by_key(&id, Entry::id);
        self.entries.get(found.ok()?)
    }

    /// Where a node is.
    pub(super) fn at(&self, id: i64) -> Option<At> {
        let entry = self.entry(id)?;
        (entry.at[1] != NOWHERE).then_some(entry.at)
    }

    /// Whether this is the state of a node that counts.
    pub(super) fn is_current(&self, node: &Node) -> bool {
        self.entry(node.id)
            .is_some_and(|entry| entry.version == node.state.version && Some(entry.at) == node.at)
    }
}

/// Which of several versions of ways or relations count.
#[derive(Default)]
pub(super) struct Versions {
    seen: Vec<(i64, u32, u32)>,
    deleted: HashSet<u32>,
    passed_over: HashSet<u32>,
    is_sorted: bool,
    count: u32,
}

impl Versions {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self {
            is_sorted: true,
            ..Self::default()
        }
    }

    /// Takes the next element; gives its place in the file, from 0.
    pub(super) fn add(&mut self, id: i64, state: State) -> u32 {
        let place = self.count;
        self.count = self.count.saturating_add(1);
        self.is_sorted &= self.seen.last().is_none_or(|last| last.0 < id);
        self.seen.push((id, state.version, place));
        if state.is_deleted {
            self.deleted.insert(place);
        }
        place
    }

    /// Decides: of each element the newest version counts, and of equal ones the last of the file.
    pub(super) fn finish(&mut self) {
        let mut seen = std::mem::take(&mut self.seen);
        if !self.is_sorted {
            seen.sort_unstable();
            for pair in seen.windows(2) {
                if let [older, newer] = pair
                    && older.0 == newer.0
                {
                    self.passed_over.insert(older.2);
                }
            }
        }
        self.passed_over.extend(&self.deleted);
    }

    /// Whether the element at this place of the file counts.
    pub(super) fn counts(&self, place: u32) -> bool {
        !self.passed_over.contains(&place)
    }

    /// How many elements are gone by their newest version or an older one.
    pub(super) fn deleted(&self) -> usize {
        self.deleted.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(id: i64, version: u32, at: Option<At>) -> Node {
        Node {
            id,
            state: State {
                version,
                is_deleted: at.is_none(),
            },
            at,
            tags: Vec::new(),
        }
    }

    #[test]
    fn the_newest_version_of_a_node_counts() {
        let mut all = Positions::new();
        for (id, version, at) in [
            (7, 2, Some([72, 0])),
            (-3, 1, Some([-31, 0])),
            (7, 1, Some([71, 0])),
            (i64::MAX, 0, Some([1, 1])),
            (9, 1, Some([91, 0])),
            (9, 2, None),
            (i64::MIN, 1, Some([2, 2])),
        ] {
            all.add(&node(id, version, at));
        }
        all.finish();
        let check = |id: i64, expected: Option<At>| assert_eq!(all.at(id), expected, "{id}");
        check(7, Some([72, 0]));
        check(-3, Some([-31, 0]));
        check(9, None);
        check(i64::MAX, Some([1, 1]));
        check(i64::MIN, Some([2, 2]));
        check(0, None);
        assert!(all.is_current(&node(7, 2, Some([72, 0]))));
        assert!(!all.is_current(&node(7, 1, Some([71, 0]))));
    }

    #[test]
    fn the_newest_version_of_a_way_counts() {
        let mut all = Versions::new();
        let state = |version, is_deleted| State {
            version,
            is_deleted,
        };
        let places = [(5, 2, false), (5, 1, false), (6, 1, false), (6, 2, true)]
            .map(|(id, version, is_deleted)| all.add(id, state(version, is_deleted)));
        all.finish();
        assert_eq!(
            places.map(|place| all.counts(place)),
            [true, false, false, false]
        );
        assert_eq!(all.deleted(), 1);
    }
}
