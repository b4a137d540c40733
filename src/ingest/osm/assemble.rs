//! Elements into features: three passes over a file, so that memory holds the places of its nodes,
//! its relations and their ways, but never the file as elements. Pass 1 takes places, versions,
//! relations and building parts; pass 2 the ways that relations name; pass 3 gives features.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;

use crate::base::counted;
use crate::model::LodModel;

use super::super::error::ReadError;
use super::super::raw::{Attributes, Position, RawCity, RawFeature, RawKind, RawShape, Spot};
use super::super::tags::{self, Verdict};
use super::super::{PART_FEATURES, Take};
use super::areas;
use super::element::{Element, Node, Relation, Source, Tags, Want, Way, tag};
use super::parts::{Part, Parts};
use super::positions::{Positions, Versions};
use super::relations::{self, Area, MemberWay, position};
use super::rings::Corner;
use super::rows;

/// Kinds of things without a place in the city that are counted one by one.
const OTHERS_MAX: usize = 2_000;
/// Of these, how many a note names.
const OTHERS_NAMED: usize = 12;

/// What the first pass learned.
struct Survey {
    positions: Positions,
    ways: Versions,
    relations: Vec<Relation>,
    /// Ways that are parts of buildings.
    parts: Vec<Way>,
}

/// Reads a file into a city that has format, CRS and attribution already.
pub(super) fn read(source: &dyn Source, city: RawCity, take: Take) -> Result<RawCity, ReadError> {
    let mut city = city;
    let survey = survey(source, &mut city)?;
    let ways = member_ways(source, &survey)?;
    let mut areas = Vec::new();
    for relation in &survey.relations {
        match relations::assemble(relation, &ways, &mut city.warnings) {
            Some(area) => areas.push(area),
            None => city.faulty.push(format!("relation/{}", relation.id)),
        }
    }
    drop(ways);
    let mut work = Work {
        city,
        take,
        parts: Parts::new(Vec::new()),
        others: BTreeMap::new(),
        seen: 0,
        further: 0,
        survey,
        nodes_given: HashSet::new(),
    };
    let (parts, areas): (Vec<Area>, Vec<Area>) =
        areas.into_iter().partition(|area| is_part(&area.tags));
    work.gather_parts(parts);
    let absorbed: HashSet<i64> = areas
        .iter()
        .flat_map(|area| area.absorbed.iter().copied())
        .collect();
    let mut place = 0;
    source.pass(Want::NODES_AND_WAYS, &mut |element| match element {
        Element::Node(node) => work.node(node),
        Element::Way(way) => {
            let counts = work.survey.ways.counts(place);
            place = place.saturating_add(1);
            if !counts || absorbed.contains(&way.id) || is_part(&way.tags) {
                return Ok(());
            }
            work.way(way)
        }
        Element::Relation(_) => Ok(()),
    })?;
    for area in areas {
        work.area(area)?;
    }
    work.finish()
}

/// Whether something is a part of a building and no building itself.
fn is_part(tags: &Tags) -> bool {
    tag(tags, "building:part").is_some() && tag(tags, "building").is_none()
}

fn survey(source: &dyn Source, city: &mut RawCity) -> Result<Survey, ReadError> {
    let mut positions = Positions::new();
    let (mut ways, mut versions) = (Versions::new(), Versions::new());
    let (mut parts, mut kept) = (Vec::new(), Vec::new());
    let mut deleted_nodes = 0_usize;
    source.pass(Want::ALL, &mut |element| {
        match element {
            Element::Node(node) => {
                deleted_nodes += usize::from(node.state.is_deleted);
                if node.at.is_none() && !node.state.is_deleted {
                    let place = format!("node/{}", node.id);
                    let reason = "it has no position, or none on Earth: left out";
                    city.warnings.note(place, reason);
                }
                positions.add(&node);
            }
            Element::Way(way) => {
                let place = ways.add(way.id, way.state);
                if is_part(&way.tags) {
                    parts.push((place, way));
                }
            }
            Element::Relation(relation) => {
                let place = versions.add(relation.id, relation.state);
                if relations::is_area(&relation) {
                    kept.push((place, relation));
                }
            }
        }
        Ok(())
    })?;
    positions.finish();
    ways.finish();
    versions.finish();
    let deleted = deleted_nodes + ways.deleted() + versions.deleted();
    if deleted > 0 {
        let elements = counted(deleted, "deleted element", "deleted elements");
        let note = format!("{elements} left out");
        city.notes.push(note);
    }
    let counting = |place: &u32, versions: &Versions| versions.counts(*place);
    parts.retain(|(place, _)| counting(place, &ways));
    kept.retain(|(place, _)| counting(place, &versions));
    Ok(Survey {
        positions,
        ways,
        relations: kept.into_iter().map(|(_, relation)| relation).collect(),
        parts: parts.into_iter().map(|(_, way)| way).collect(),
    })
}

fn member_ways(source: &dyn Source, survey: &Survey) -> Result<HashMap<i64, MemberWay>, ReadError> {
    let members = survey.relations.iter().flat_map(|one| &one.members);
    let wanted: HashSet<i64> = members.map(|member| member.id).collect();
    let mut ways = HashMap::new();
    if wanted.is_empty() {
        return Ok(ways);
    }
    let mut place = 0;
    source.pass(Want::WAYS, &mut |element| {
        if let Element::Way(way) = element {
            if wanted.contains(&way.id) && survey.ways.counts(place) {
                let (corners, missing) = corners(&way, &survey.positions);
                let tags = way.tags;
                let way_of = MemberWay {
                    tags,
                    corners,
                    missing,
                };
                ways.insert(way.id, way_of);
            }
            place = place.saturating_add(1);
        }
        Ok(())
    })?;
    Ok(ways)
}

/// The corners of a way whose place is known, and how many are not.
fn corners(way: &Way, positions: &Positions) -> (Vec<Corner>, usize) {
    let place = |(index, node): (usize, &i64)| {
        let own = way.at.get(index).copied().flatten();
        let at = own.or_else(|| positions.at(*node))?;
        Some(Corner { node: *node, at })
    };
    let nodes = way.nodes.iter().enumerate();
    let corners: Vec<Corner> = nodes.filter_map(place).collect();
    let missing = way.nodes.len() - corners.len();
    (corners, missing)
}

fn attributes(tags: Tags) -> Attributes {
    tags.into_iter()
        .map(|(key, value)| (key, Value::String(value)))
        .collect()
}

fn is_closed(way: &Way) -> bool {
    way.nodes.len() >= 4 && way.nodes.first() == way.nodes.last()
}

/// Features on their way out.
struct Work<'a> {
    city: RawCity,
    take: Take<'a>,
    parts: Parts,
    /// What the city has no place for, and how much of it there was.
    others: BTreeMap<String, usize>,
    further: usize,
    seen: usize,
    survey: Survey,
    nodes_given: HashSet<i64>,
}

impl Work<'_> {
    fn gather_parts(&mut self, areas: Vec<Area>) {
        let mut parts = Vec::new();
        for way in std::mem::take(&mut self.survey.parts) {
            let Some(ring) = self.ring(&way) else {
                continue;
            };
            parts.push(Part {
                key: format!("way/{}", way.id),
                attributes: attributes(way.tags),
                polygons: vec![vec![ring]],
            });
        }
        parts.extend(areas.into_iter().map(|area| Part {
            key: format!("relation/{}", area.id),
            attributes: attributes(area.tags),
            polygons: area.polygons,
        }));
        self.parts = Parts::new(parts);
    }

    /// The ring of a closed way; `None`, and a warning, where it is none.
    fn ring(&mut self, way: &Way) -> Option<Vec<Position>> {
        let (mut corners, missing) = corners(way, &self.survey.positions);
        let fault = if missing > 0 {
            "some nodes of an area are not in the file: skipped"
        } else if !is_closed(way) {
            "an area whose way does not close: skipped"
        } else {
            corners.pop();
            return Some(corners.iter().map(|corner| position(corner.at)).collect());
        };
        self.spoil(way, fault);
        None
    }

    /// Notes that a way is in the file, but of no use.
    fn spoil(&mut self, way: &Way, fault: &str) {
        let key = format!("way/{}", way.id);
        self.city.warnings.note(&key, fault);
        self.city.faulty.push(key);
    }

    fn node(&mut self, node: Node) -> Result<(), ReadError> {
        let Some(at) = node.at.filter(|_| !node.tags.is_empty()) else {
            return Ok(());
        };
        if node.state.is_deleted || !self.survey.positions.is_current(&node) {
            return Ok(());
        }
        if !self.nodes_given.insert(node.id) {
            return Ok(());
        }
        let shape = RawShape {
            points: vec![position(at)],
            ..RawShape::default()
        };
        self.put(format!("node/{}", node.id), node.tags, shape)
    }

    fn way(&mut self, way: Way) -> Result<(), ReadError> {
        if way.tags.is_empty() {
            return Ok(());
        }
        let mut shape = RawShape::default();
        if is_closed(&way) && areas::is_area(&way.tags) {
            match self.ring(&way) {
                Some(ring) => shape.polygons.push(vec![ring]),
                None => return Ok(()),
            }
        } else {
            shape.lines = self.lines(&way);
            if shape.lines.is_empty() {
                self.spoil(&way, "fewer than two of its nodes are in the file: skipped");
                return Ok(());
            }
            rows::plant(&way.tags, &mut shape);
        }
        self.put(format!("way/{}", way.id), way.tags, shape)
    }

    /// The pieces of a line between nodes whose place is unknown.
    fn lines(&mut self, way: &Way) -> Vec<Vec<Position>> {
        let mut lines = Vec::new();
        let mut line: Vec<Position> = Vec::new();
        let mut missing = 0_usize;
        for (index, node) in way.nodes.iter().enumerate() {
            let own = way.at.get(index).copied().flatten();
            match own.or_else(|| self.survey.positions.at(*node)) {
                Some(at) => line.push(position(at)),
                None => {
                    missing += 1;
                    lines.push(std::mem::take(&mut line));
                }
            }
        }
        lines.push(line);
        lines.retain(|line| line.len() >= 2);
        if missing > 0 && !lines.is_empty() {
            let place = format!("way/{} ({missing} missing)", way.id);
            let reason = "some nodes of a line are not in the file: its known pieces are kept";
            self.city.warnings.note(place, reason);
        }
        lines
    }

    fn area(&mut self, area: Area) -> Result<(), ReadError> {
        let shape = RawShape {
            polygons: area.polygons,
            ..RawShape::default()
        };
        self.put(format!("relation/{}", area.id), area.tags, shape)
    }

    fn put(&mut self, key: String, tags: Tags, shape: RawShape) -> Result<(), ReadError> {
        let attributes = attributes(tags);
        match tags::classify(&attributes, &shape) {
            Verdict::Known(kind) => self.give(key, kind, attributes, shape),
            Verdict::UntaggedArea => Ok(()),
            Verdict::Other(what) => {
                self.count_other(&what);
                Ok(())
            }
        }
    }

    fn give(
        &mut self,
        key: String,
        kind: RawKind,
        attributes: Attributes,
        shape: RawShape,
    ) -> Result<(), ReadError> {
        self.seen += 1;
        let mut feature = RawFeature {
            key,
            spot: Spot::Feature(self.seen),
            kind,
            attributes,
            shape,
        };
        if feature.kind == RawKind::Building {
            self.parts.furnish(&mut feature);
        }
        self.city.features.push(feature);
        if self.city.features.len() >= PART_FEATURES {
            (self.take)(&mut self.city)?;
        }
        Ok(())
    }

    fn count_other(&mut self, what: &str) {
        let what = what
            .strip_suffix(" has no place in the city")
            .unwrap_or(what);
        if !what.contains('=') {
            // Tags that say nothing about what a thing is.
            return;
        }
        if let Some(count) = self.others.get_mut(what) {
            *count += 1;
        } else if self.others.len() < OTHERS_MAX {
            self.others.insert(what.to_owned(), 1);
        } else {
            self.further += 1;
        }
    }

    fn finish(mut self) -> Result<RawCity, ReadError> {
        let rest = self.parts.rest();
        if !rest.is_empty() {
            let parts = counted(rest.len(), "part of a building", "parts of buildings");
            let note =
                format!("{parts} outside every building's outline, taken as a building each");
            self.city.notes.push(note);
        }
        for part in rest {
            let shape = RawShape {
                polygons: part.polygons,
                models: Vec::<LodModel>::new(),
                ..RawShape::default()
            };
            self.give(part.key, RawKind::Building, part.attributes, shape)?;
        }
        self.tell_others();
        let city = &mut self.city;
        if self.seen == 0 && city.warnings.is_empty() {
            city.notes
                .push("the file holds nothing the city has a place for".to_owned());
        }
        Ok(self.city)
    }

    fn tell_others(&mut self) {
        let mut others: Vec<(&String, &usize)> = self.others.iter().collect();
        let all: usize = self.further + others.iter().map(|(_, count)| **count).sum::<usize>();
        if all == 0 {
            return;
        }
        others.sort_by_key(|(what, count)| (std::cmp::Reverse(**count), *what));
        let named: Vec<String> = others
            .iter()
            .take(OTHERS_NAMED)
            .map(|(what, count)| format!("{what} {count}"))
            .collect();
        let more = if others.len() > OTHERS_NAMED {
            ", …"
        } else {
            ""
        };
        let elements = counted(all, "element", "elements");
        self.city.notes.push(format!(
            "{elements} left out, for which the city has no place: {}{more}",
            named.join(", ")
        ));
    }
}
