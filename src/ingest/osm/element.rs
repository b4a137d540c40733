//! OpenStreetMap's three kinds of element, as both readers give them. Used by everything in this
//! folder. Never says what an element is in the city.

use super::super::error::ReadError;

/// Longitude and latitude in units of 1e-7 degrees, which is what OpenStreetMap keeps.
pub(super) type At = [i32; 2];
/// Tags in the order of the file.
pub(super) type Tags = Vec<(String, String)>;

/// Units of a coordinate in one degree.
pub(super) const UNITS: f64 = 1e7;

/// Which state of an element this is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct State {
    /// Version, from 1; 0 when the file does not tell.
    pub(super) version: u32,
    /// Whether this version says that the element is gone.
    pub(super) is_deleted: bool,
}

/// A point.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Node {
    pub(super) id: i64,
    pub(super) state: State,
    /// `None` when it has none, or one that is nowhere on Earth.
    pub(super) at: Option<At>,
    pub(super) tags: Tags,
}

/// A row of nodes.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Way {
    pub(super) id: i64,
    pub(super) state: State,
    pub(super) nodes: Vec<i64>,
    /// Positions of the nodes where the file has them on the way; empty, or one for each node.
    pub(super) at: Vec<Option<At>>,
    pub(super) tags: Tags,
}

/// What a member of a relation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MemberKind {
    Node,
    Way,
    Relation,
}

/// A member of a relation.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Member {
    pub(super) kind: MemberKind,
    pub(super) id: i64,
    pub(super) role: String,
}

/// A group of elements.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Relation {
    pub(super) id: i64,
    pub(super) state: State,
    pub(super) members: Vec<Member>,
    pub(super) tags: Tags,
}

/// One element of a file.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Element {
    Node(Node),
    Way(Way),
    Relation(Relation),
}

/// Which kinds a pass over the file asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Want {
    pub(super) nodes: bool,
    pub(super) ways: bool,
    pub(super) relations: bool,
}

impl Want {
    /// Everything.
    pub(super) const ALL: Self = Self {
        nodes: true,
        ways: true,
        relations: true,
    };
    /// Ways alone.
    pub(super) const WAYS: Self = Self {
        nodes: false,
        ways: true,
        relations: false,
    };
    /// Nodes and ways.
    pub(super) const NODES_AND_WAYS: Self = Self {
        nodes: true,
        ways: true,
        relations: false,
    };
}

/// Takes the elements of a pass.
pub(super) type See<'a> = &'a mut dyn FnMut(Element) -> Result<(), ReadError>;

/// A file that can be gone through again and again, in the same order each time.
pub(super) trait Source {
    /// Shows every element of the kinds asked for.
    fn pass(&self, want: Want, see: See) -> Result<(), ReadError>;
}

/// The value of a tag that is given and not `no`.
pub(super) fn tag<'a>(tags: &'a Tags, key: &str) -> Option<&'a str> {
    let found = tags.iter().find(|(name, _)| name == key);
    let word = found.map(|(_, value)| value.trim());
    word.filter(|word| !matches!(*word, "" | "no"))
}

/// A coordinate of a text or a number in degrees; `None` where no such place is on Earth.
pub(super) fn at_from_degrees(lon: f64, lat: f64) -> Option<At> {
    // NaN is in no range.
    let is_on_earth = (-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat);
    is_on_earth.then(|| [(lon * UNITS).round() as i32, (lat * UNITS).round() as i32])
}

/// A coordinate in nanodegrees; `None` where no such place is on Earth.
pub(super) fn at_from_nano(lon: i64, lat: i64) -> Option<At> {
    const NANO_IN_UNIT: i64 = 100;
    const DEGREE: i64 = 1_000_000_000;
    let is_on_earth = (-180 * DEGREE..=180 * DEGREE).contains(&lon)
        && (-90 * DEGREE..=90 * DEGREE).contains(&lat);
    let unit = |nano: i64| {
        let half = NANO_IN_UNIT / 2 * nano.signum();
        i32::try_from((nano + half) / NANO_IN_UNIT).ok()
    };
    is_on_earth.then(|| Some([unit(lon)?, unit(lat)?]))?
}
