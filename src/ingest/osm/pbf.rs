//! OpenStreetMap's binary format. The crate `osmpbf` unpacks its blobs (32 MB each at most, never
//! more than is there); this file turns them into elements. Never keeps a blob.

use std::cell::{Cell, RefCell};
use std::io::Read;
use std::sync::atomic::{AtomicUsize, Ordering};

use osmpbf::{
    BlobDecode, BlobReader, DenseNode, HeaderBlock, PrimitiveBlock, PrimitiveGroup, RelMemberType,
};

use super::super::error::ReadError;
use super::super::fence;
use super::element::{
    Element, Member, MemberKind, Node, Relation, See, Source, State, Tags, Want, at_from_nano,
};

/// What a file may demand that this reader can do.
const FEATURES: &[&str] = &[
    "OsmSchema-V0.6",
    "DenseNodes",
    "HistoricalInformation",
    "LocationsOnWays",
];
/// Bytes that elements of any file may take in memory, and how many more for each byte of the file.
/// Real files need 20 for each; one that names a long text a million times would need a million.
const UNPACKED_MAX: u64 = 32 << 20;
const UNPACKED_MAX_PER_BYTE: u64 = 200;
/// Bytes of an element without its tags, nodes and members, about.
const ELEMENT_BYTES: usize = 40;
/// Bytes of a header that the format allows.
const BLOB_HEADER_MAX: u32 = 64 << 10;

/// The bytes of a file.
pub(super) struct Pbf<'a> {
    bytes: &'a [u8],
    /// What each blob was found to hold, so that a later pass unpacks only what it needs.
    holds: RefCell<Vec<Want>>,
}

const NOTHING: Want = Want {
    nodes: false,
    ways: false,
    relations: false,
};

fn damaged(number: usize, reason: &str) -> ReadError {
    ReadError::Unusable {
        reason: format!("blob {number}: {reason}"),
        remedy: "the file is damaged or cut off: get it again".to_owned(),
    }
}

impl<'a> Pbf<'a> {
    /// Looks at the frame of a file: the sizes of its blobs, and that it begins with a header.
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, ReadError> {
        if bytes.is_empty() {
            return Err(ReadError::Empty);
        }
        let header_size = bytes
            .first_chunk::<4>()
            .map(|size| u32::from_be_bytes(*size));
        if header_size.is_none_or(|size| size > BLOB_HEADER_MAX) {
            return Err(damaged(
                1,
                "it does not begin like OpenStreetMap's binary format",
            ));
        }
        Ok(Self {
            bytes,
            holds: RefCell::default(),
        })
    }

    fn wants(&self, number: usize, want: Want) -> bool {
        self.holds.borrow().get(number).is_none_or(|holds| {
            (holds.nodes && want.nodes)
                || (holds.ways && want.ways)
                || (holds.relations && want.relations)
        })
    }

    fn keep(&self, number: usize, holds: Want) {
        let mut all = self.holds.borrow_mut();
        if all.len() == number {
            all.push(holds);
        }
    }
}

impl Source for Pbf<'_> {
    fn pass(&self, want: Want, see: See) -> Result<(), ReadError> {
        let read = AtomicUsize::new(0);
        let mut reader = BlobReader::new(Counted {
            bytes: self.bytes,
            read: &read,
        });
        let budget = Budget::of(self.bytes.len());
        let mut has_header = false;
        for number in 0.. {
            let start = number + 1;
            let before = read.load(Ordering::Relaxed);
            let Some(blob) = fenced(|| reader.next()).map_err(|what| damaged(start, &what))? else {
                // The crate takes one to three bytes for the end, and they are a cut.
                if before < self.bytes.len() {
                    return Err(damaged(start, "it is cut off"));
                }
                break;
            };
            let blob = blob.map_err(|fault| damaged(start, &fault.to_string()))?;
            if has_header && !self.wants(number, want) {
                continue;
            }
            let content = fenced(|| blob.decode()).map_err(|what| damaged(start, &what))?;
            let content = content.map_err(|fault| damaged(start, &fault.to_string()))?;
            match content {
                BlobDecode::OsmHeader(header) => {
                    check_header(&header)?;
                    has_header = true;
                    self.keep(number, NOTHING);
                }
                BlobDecode::OsmData(_) if !has_header => {
                    return Err(damaged(start, "data before the header"));
                }
                BlobDecode::OsmData(block) => {
                    let holds = pass_block(&block, want, see, (start, &budget))?;
                    if want == Want::ALL {
                        self.keep(number, holds);
                    }
                }
                BlobDecode::Unknown(_) => self.keep(number, NOTHING),
            }
        }
        if !has_header {
            return Err(damaged(1, "there is no header"));
        }
        Ok(())
    }
}

/// Bytes that tell how far they were read.
struct Counted<'a> {
    bytes: &'a [u8],
    read: &'a AtomicUsize,
}

impl Read for Counted<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = self.bytes.read(into)?;
        self.read.fetch_add(count, Ordering::Relaxed);
        Ok(count)
    }
}

/// Calls into `osmpbf`, which panics on a kind of member that does not exist, and, in builds that
/// check arithmetic, on sums of differences that overflow. Such a block is damaged.
fn fenced<T>(call: impl FnOnce() -> T) -> Result<T, String> {
    fence::fenced(call).ok_or_else(|| "its numbers make no sense".to_owned())
}

fn check_header(header: &HeaderBlock) -> Result<(), ReadError> {
    let unknown = header
        .required_features()
        .iter()
        .find(|name| !FEATURES.contains(&name.as_str()));
    match unknown {
        Some(name) => Err(ReadError::Unusable {
            reason: format!("it demands {name:?}, which this program cannot do"),
            remedy: "convert it (osmium cat IN -o OUT.osm.pbf)".to_owned(),
        }),
        None => Ok(()),
    }
}

/// Bytes that elements may still take: a small file can be made to unpack into more than any memory.
struct Budget(Cell<u64>);

impl Budget {
    /// Of a file with so many bytes.
    fn of(bytes: usize) -> Self {
        let more = (bytes as u64).saturating_mul(UNPACKED_MAX_PER_BYTE);
        Self(Cell::new(UNPACKED_MAX.saturating_add(more)))
    }

    fn is_left(&self) -> bool {
        self.0.get() > 0
    }

    /// Takes bytes; false when there are not so many, and then none are left.
    fn spend(&self, bytes: usize) -> bool {
        self.0.set(self.0.get().saturating_sub(bytes as u64));
        self.is_left()
    }
}

fn pass_block(
    block: &PrimitiveBlock,
    want: Want,
    see: See,
    (number, budget): (usize, &Budget),
) -> Result<Want, ReadError> {
    let mut holds = NOTHING;
    for group in block.groups() {
        // The elements of a group are few (8,000 by custom), and stand in memory once.
        let elements = fenced(|| elements_of(block, &group, want, (&mut holds, budget)));
        let elements = elements.map_err(|what| damaged(number, &what))?;
        if !budget.is_left() {
            let reason = "it unpacks into far more than a file of this size holds";
            return Err(damaged(number, reason));
        }
        for element in elements {
            see(element)?;
        }
    }
    Ok(holds)
}

fn elements_of(
    block: &PrimitiveBlock,
    group: &PrimitiveGroup,
    want: Want,
    (holds, budget): (&mut Want, &Budget),
) -> Vec<Element> {
    let texts = Texts {
        all: block.raw_stringtable(),
        budget,
    };
    let fits = || budget.spend(ELEMENT_BYTES);
    let mut elements = Vec::new();
    if want.nodes {
        let plain = group.nodes().take_while(|_| fits()).map(|node| Node {
            id: node.id(),
            state: state_of(&node.info()),
            at: at_from_nano(node.nano_lon(), node.nano_lat()),
            tags: texts.tags(node.raw_tags()),
        });
        let dense = group.dense_nodes().take_while(|_| fits());
        let dense = dense.map(|node| dense_node(&node, &texts));
        elements.extend(plain.chain(dense).map(Element::Node));
        holds.nodes = !elements.is_empty();
    }
    let before = elements.len();
    if want.ways {
        let ways = group.ways().take_while(|_| fits());
        elements.extend(ways.map(|way| Element::Way(way_of(&way, &texts))));
        holds.ways |= elements.len() > before;
    }
    let before = elements.len();
    if want.relations {
        let relations = group.relations().take_while(|_| fits());
        elements.extend(relations.map(|one| Element::Relation(relation_of(&one, &texts))));
        holds.relations |= elements.len() > before;
    }
    elements
}

fn dense_node(node: &DenseNode, texts: &Texts) -> Node {
    let state = node.info().map_or_else(State::default, |info| State {
        version: u32::try_from(info.version()).unwrap_or(0),
        is_deleted: !info.visible(),
    });
    let tags = node
        .raw_tags()
        .map(|(key, value)| (key.unsigned_abs(), value.unsigned_abs()));
    Node {
        id: node.id(),
        state,
        at: at_from_nano(node.nano_lon(), node.nano_lat()),
        tags: texts.tags(tags),
    }
}

fn way_of(way: &osmpbf::Way, texts: &Texts) -> super::element::Way {
    texts.budget.spend(size_of_val(way.raw_refs()));
    let nodes: Vec<i64> = way.refs().collect();
    let mut at: Vec<_> = way
        .node_locations()
        .map(|at| at_from_nano(at.nano_lon(), at.nano_lat()))
        .collect();
    if at.len() != nodes.len() {
        at.clear();
    }
    super::element::Way {
        id: way.id(),
        state: state_of(&way.info()),
        nodes,
        at,
        tags: texts.tags(way.raw_tags()),
    }
}

fn relation_of(relation: &osmpbf::Relation, texts: &Texts) -> Relation {
    let members = relation.members();
    let members = members.take_while(|_| texts.budget.spend(size_of::<Member>()));
    let members = members.map(|member| Member {
        kind: match member.member_type {
            RelMemberType::Node => MemberKind::Node,
            RelMemberType::Way => MemberKind::Way,
            RelMemberType::Relation => MemberKind::Relation,
        },
        id: member.member_id,
        role: texts.text(member.role_sid.unsigned_abs()),
    });
    Relation {
        id: relation.id(),
        state: state_of(&relation.info()),
        members: members.collect(),
        tags: texts.tags(relation.raw_tags()),
    }
}

fn state_of(info: &osmpbf::Info) -> State {
    State {
        version: info
            .version()
            .and_then(|version| u32::try_from(version).ok())
            .unwrap_or(0),
        is_deleted: !info.visible(),
    }
}

/// The texts of a block, by number.
struct Texts<'a> {
    all: &'a [Vec<u8>],
    budget: &'a Budget,
}

impl Texts<'_> {
    /// The text of this number: with marks where it is not UTF-8, empty where there is none or no
    /// room for it.
    fn text(&self, number: u32) -> String {
        let found = self.all.get(number as usize);
        let found = found.filter(|bytes| self.budget.spend(bytes.len()));
        found.map_or_else(String::new, |bytes| {
            String::from_utf8_lossy(bytes).into_owned()
        })
    }

    fn tags(&self, numbers: impl Iterator<Item = (u32, u32)>) -> Tags {
        numbers
            .take_while(|_| self.budget.spend(size_of::<(String, String)>()))
            .map(|(key, value)| (self.text(key), self.text(value)))
            .collect()
    }
}
