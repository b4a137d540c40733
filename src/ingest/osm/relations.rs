//! Multipolygons and boundaries: areas out of the ways that relations name. Used by `assemble`.
//! What is missing in the file is told with the relation's id; never drawn as a guess.

use std::collections::{BTreeSet, HashMap};

use geo::InteriorPoint;
use geo_types::{Coord, LineString, Polygon};

use crate::base::Warnings;
use crate::space::{area_m2, polygon_contains};

use super::super::raw::Position;
use super::element::{At, MemberKind, Relation, Tags, UNITS, tag};
use super::rings::{Corner, Piece, Ring, Rings, join};

/// Tags that say nothing about what a thing is.
const SILENT: &[&str] = &[
    "type",
    "source",
    "note",
    "created_by",
    "fixme",
    "FIXME",
    "comment",
];
/// Missing members named in a warning.
const NAMED_MAX: usize = 5;

/// A way that relations need.
pub(super) struct MemberWay {
    pub(super) tags: Tags,
    /// Corners whose place is known.
    pub(super) corners: Vec<Corner>,
    /// Nodes whose place is not.
    pub(super) missing: usize,
}

/// The area of a relation.
pub(super) struct Area {
    pub(super) id: i64,
    pub(super) tags: Tags,
    /// Polygons: outer ring first; rings are not closed.
    pub(super) polygons: Vec<Vec<Vec<Position>>>,
    /// Ways that are this thing itself and no features of their own.
    pub(super) absorbed: Vec<i64>,
}

/// Whether a relation stands for an area.
pub(super) fn is_area(relation: &Relation) -> bool {
    matches!(
        tag(&relation.tags, "type"),
        Some("multipolygon" | "boundary")
    )
}

/// A place in degrees.
pub(super) fn position(at: At) -> Position {
    [f64::from(at[0]) / UNITS, f64::from(at[1]) / UNITS, 0.0]
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Outer,
    Inner,
    /// The file does not say: its place does.
    Unknown,
}

/// The roles that stand for edges of the area; others (labels, centres, parts) do not.
fn role_of(word: &str) -> Option<Role> {
    match word.trim() {
        "outer" | "exclave" => Some(Role::Outer),
        "inner" | "enclave" => Some(Role::Inner),
        "" => Some(Role::Unknown),
        _ => None,
    }
}

/// A ring with what is known of it.
struct Edge {
    role: Role,
    ring: Ring,
    polygon: Polygon<f64>,
    area: f64,
}

impl Edge {
    fn new(ring: Ring, role: Role) -> Self {
        let coords = ring.corners.iter().map(|corner| {
            let [x, y, _] = position(corner.at);
            Coord { x, y }
        });
        let polygon = Polygon::new(LineString(coords.collect()), Vec::new());
        Self {
            role: if ring.is_cut { Role::Unknown } else { role },
            area: area_m2(&polygon),
            ring,
            polygon,
        }
    }

    /// A place inside the ring.
    fn inside(&self) -> [f64; 2] {
        let point = self.polygon.interior_point();
        let first = self.polygon.exterior().0.first();
        point.map_or_else(
            || first.map_or([0.0; 2], |at| [at.x, at.y]),
            |point| [point.x(), point.y()],
        )
    }

    fn positions(&self) -> Vec<Position> {
        self.ring
            .corners
            .iter()
            .map(|corner| position(corner.at))
            .collect()
    }
}

/// The area of a relation; `None` where too little of it is in the file, which is noted.
pub(super) fn assemble(
    relation: &Relation,
    ways: &HashMap<i64, MemberWay>,
    warnings: &mut Warnings,
) -> Option<Area> {
    let place = format!("relation/{}", relation.id);
    let mut edges = Vec::new();
    let mut by_role: HashMap<bool, Vec<Piece>> = HashMap::new();
    let mut roles: HashMap<i64, Role> = HashMap::new();
    let mut missing = Vec::new();
    let mut nodes_missing = 0;
    let of_way = |kind| kind == MemberKind::Way;
    for member in relation.members.iter().filter(|one| of_way(one.kind)) {
        let Some(role) = role_of(&member.role) else {
            continue;
        };
        let Some(way) = ways.get(&member.id) else {
            missing.push(member.id);
            continue;
        };
        if way.missing > 0 {
            nodes_missing += way.missing;
            continue;
        }
        roles.insert(member.id, role);
        by_role.entry(role == Role::Inner).or_default().push(Piece {
            way: member.id,
            corners: way.corners.clone(),
        });
    }
    tell_missing(&place, &missing, nodes_missing, warnings);
    for is_inner in [false, true] {
        let Rings { closed, open } = join(by_role.remove(&is_inner).unwrap_or_default());
        for way in open {
            let kind = if is_inner { "inner" } else { "outer" };
            let reason = format!("an {kind} ring does not close: left out");
            warnings.note(format!("{place} (with way/{way})"), reason);
        }
        edges.extend(closed.into_iter().map(|ring| {
            let role = roles.get(&ring.way).copied().unwrap_or(Role::Unknown);
            Edge::new(ring, role)
        }));
    }
    let polygons = nest(edges, &place, warnings);
    if polygons.is_empty() {
        warnings.note(&place, "no outer ring of it is whole: skipped");
        return None;
    }
    let (tags, absorbed) = meaning(relation, ways);
    Some(Area {
        id: relation.id,
        tags,
        polygons,
        absorbed,
    })
}

fn tell_missing(place: &str, ways: &[i64], nodes: usize, warnings: &mut Warnings) {
    if !ways.is_empty() {
        let named: Vec<String> = ways
            .iter()
            .take(NAMED_MAX)
            .map(|way| format!("way/{way}"))
            .collect();
        let more = if ways.len() > NAMED_MAX { ", …" } else { "" };
        let which = named.join(", ");
        // One reason for all, or a city's edge would fill the list of reasons.
        let place = format!("{place} ({} missing: {which}{more})", ways.len());
        warnings.note(place, "some of its ways are not in the file");
    }
    if nodes > 0 {
        let place = format!("{place} ({nodes} missing)");
        warnings.note(
            place,
            "some nodes of its ways are not in the file: these ways are left out",
        );
    }
}

/// Sorts rings into polygons: each hole into the smallest outer ring around it.
fn nest(edges: Vec<Edge>, place: &str, warnings: &mut Warnings) -> Vec<Vec<Vec<Position>>> {
    let mut edges = edges;
    decide_unknown(&mut edges);
    let (outers, inners): (Vec<Edge>, Vec<Edge>) =
        edges.into_iter().partition(|edge| edge.role != Role::Inner);
    let mut polygons: Vec<Vec<Vec<Position>>> =
        outers.iter().map(|outer| vec![outer.positions()]).collect();
    for inner in inners {
        let at = inner.inside();
        let around = outers
            .iter()
            .enumerate()
            .filter(|(_, outer)| polygon_contains(&outer.polygon, at));
        let home = around.min_by(|a, b| a.1.area.total_cmp(&b.1.area));
        match home.and_then(|(index, _)| polygons.get_mut(index)) {
            Some(polygon) => polygon.push(inner.positions()),
            None => {
                let place = format!("{place} (way/{})", inner.ring.way);
                warnings.note(
                    place,
                    "an inner ring lies outside every outer ring: left out",
                );
            }
        }
    }
    polygons
}

/// Rings without a role are holes where they lie in an odd number of other rings without a hole's
/// role.
fn decide_unknown(edges: &mut [Edge]) {
    let roles: Vec<Role> = edges
        .iter()
        .enumerate()
        .map(|(index, edge)| {
            if edge.role != Role::Unknown {
                return edge.role;
            }
            let at = edge.inside();
            let others = edges.iter().enumerate().filter(|(other, around)| {
                *other != index
                    && around.role != Role::Inner
                    && around.area > edge.area
                    && polygon_contains(&around.polygon, at)
            });
            if others.count() % 2 == 1 {
                Role::Inner
            } else {
                Role::Outer
            }
        })
        .collect();
    for (edge, role) in edges.iter_mut().zip(roles) {
        edge.role = role;
    }
}

fn telling(tags: &Tags) -> impl Iterator<Item = &(String, String)> {
    tags.iter()
        .filter(|(key, _)| !SILENT.contains(&key.as_str()))
}

/// The tags of the thing and the ways that are no thing of their own: those that say nothing more
/// than it does, and those that are a building where it is one, for a house stands there once. What
/// all of these say beyond it is said of it too. Where the relation says nothing itself, as was the
/// custom long ago, what all of its outer ways say counts.
fn meaning(relation: &Relation, ways: &HashMap<i64, MemberWay>) -> (Tags, Vec<i64>) {
    let outer: BTreeSet<i64> = relation
        .members
        .iter()
        .filter(|member| member.kind == MemberKind::Way)
        .filter(|member| matches!(role_of(&member.role), Some(Role::Outer | Role::Unknown)))
        .map(|member| member.id)
        .collect();
    let own = &relation.tags;
    let is_silent = telling(own).next().is_none();
    let is_building = |tags: &Tags| tag(tags, "building").is_some();
    let is_same = |tags: &Tags| {
        is_silent
            || (is_building(own) && is_building(tags))
            || telling(tags).all(|tag| own.contains(tag))
    };
    let same: Vec<(i64, &Tags)> = outer
        .iter()
        .filter_map(|id| Some((*id, &ways.get(id)?.tags)))
        .filter(|(_, tags)| telling(tags).next().is_some() && is_same(tags))
        .collect();
    let shared = shared(same.iter().map(|(_, tags)| *tags));
    if is_silent && shared.is_empty() {
        return (own.clone(), Vec::new());
    }
    let mut all = if is_silent { Tags::new() } else { own.clone() };
    for tag in shared {
        if all.iter().all(|(key, _)| *key != tag.0) {
            all.push(tag);
        }
    }
    (all, same.into_iter().map(|(id, _)| id).collect())
}

/// What all of these say.
fn shared<'a>(mut all: impl Iterator<Item = &'a Tags>) -> Tags {
    let mut common: Tags = all.next().into_iter().flat_map(telling).cloned().collect();
    for tags in all {
        common.retain(|tag| tags.contains(tag));
    }
    common
}
