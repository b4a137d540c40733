//! What a file holds by the crate `osmpbf` alone: its nodes, ways and relations, and XML of them.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;
use std::path::Path;

use osmpbf::{Element, ElementReader, RelMemberType};

/// Elements by id.
#[derive(Default)]
pub struct Elements {
    pub nodes: HashSet<i64>,
    /// The nodes of each way.
    pub ways: HashMap<i64, Vec<i64>>,
    /// The ways of each relation.
    pub relations: HashMap<i64, Vec<i64>>,
    pub tags: HashMap<String, HashMap<String, String>>,
}

fn each(path: &Path, see: impl FnMut(Element)) {
    let reader = ElementReader::from_path(path).unwrap();
    reader.for_each(see).unwrap();
}

impl Elements {
    pub fn of(path: &Path) -> Self {
        let mut all = Self::default();
        each(path, |element| match element {
            Element::Node(node) => drop(all.nodes.insert(node.id())),
            Element::DenseNode(node) => drop(all.nodes.insert(node.id())),
            Element::Way(way) => {
                all.ways.insert(way.id(), way.refs().collect());
                all.tag(format!("way/{}", way.id()), way.tags());
            }
            Element::Relation(relation) => {
                let ways = relation
                    .members()
                    .filter(|member| member.member_type == RelMemberType::Way)
                    .map(|member| member.member_id);
                all.relations.insert(relation.id(), ways.collect());
                all.tag(format!("relation/{}", relation.id()), relation.tags());
            }
        });
        all
    }

    fn tag<'a>(&mut self, key: String, tags: impl Iterator<Item = (&'a str, &'a str)>) {
        let tags = tags.map(|(key, value)| (key.to_owned(), value.to_owned()));
        self.tags.insert(key, tags.collect());
    }

    /// Whether the file lacks a node of this way, or a way of this relation or a node of one.
    pub fn is_cut(&self, key: &str) -> bool {
        let (kind, id) = key.split_once('/').unwrap();
        let id: i64 = id.parse().unwrap();
        let way_is_cut = |way: &i64| {
            let nodes = self.ways.get(way);
            nodes.is_none_or(|nodes| nodes.iter().any(|node| !self.nodes.contains(node)))
        };
        match kind {
            "way" => way_is_cut(&id),
            _ => self.relations[&id].iter().any(way_is_cut),
        }
    }
}

/// Nanodegrees as a decimal, without going through a float.
fn degrees(nano: i64) -> String {
    let sign = if nano < 0 { "-" } else { "" };
    let (whole, rest) = (nano.abs() / 1_000_000_000, nano.abs() % 1_000_000_000);
    format!("{sign}{whole}.{rest:09}")
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            '&' | '<' | '\'' | '\n' | '\t' | '\r' => write!(out, "&#{};", letter as u32).unwrap(),
            _ => out.push(letter),
        }
    }
    out
}

fn tags<'a>(all: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    all.map(|(key, value)| format!("<tag k='{}' v='{}'/>\n", escaped(key), escaped(value)))
        .collect()
}

fn node(id: i64, at: [i64; 2], version: i32, visible: bool, tags: &str) -> String {
    let [lon, lat] = at.map(degrees);
    format!(
        "<node id='{id}' lon='{lon}' lat='{lat}' version='{version}' visible='{visible}'>{tags}</node>\n"
    )
}

/// The file as XML.
pub fn xml(path: &Path) -> String {
    let mut text = String::from("<?xml version='1.0' encoding='UTF-8'?>\n<osm version='0.6'>\n");
    each(path, |element| {
        text += &match element {
            Element::Node(one) => {
                let at = [one.nano_lon(), one.nano_lat()];
                let info = one.info();
                let version = info.version().unwrap_or(0);
                node(one.id(), at, version, info.visible(), &tags(one.tags()))
            }
            Element::DenseNode(one) => {
                let at = [one.nano_lon(), one.nano_lat()];
                let info = one.info();
                let version = info.map_or(0, |info| info.version());
                let visible = info.is_none_or(|info| info.visible());
                node(one.id(), at, version, visible, &tags(one.tags()))
            }
            Element::Way(way) => self::way(&way),
            Element::Relation(relation) => self::relation(&relation),
        }
    });
    text + "</osm>\n"
}

fn way(way: &osmpbf::Way) -> String {
    let mut places = way.node_locations();
    let nodes: String = way
        .refs()
        .map(|node| match places.next() {
            Some(at) => format!(
                "<nd ref='{node}' lon='{}' lat='{}'/>",
                degrees(at.nano_lon()),
                degrees(at.nano_lat())
            ),
            None => format!("<nd ref='{node}'/>"),
        })
        .collect();
    let info = way.info();
    format!(
        "<way id='{}' version='{}' visible='{}'>{nodes}{}</way>\n",
        way.id(),
        info.version().unwrap_or(0),
        info.visible(),
        tags(way.tags())
    )
}

fn relation(relation: &osmpbf::Relation) -> String {
    let members: String = relation
        .members()
        .map(|member| {
            let kind = match member.member_type {
                RelMemberType::Node => "node",
                RelMemberType::Way => "way",
                RelMemberType::Relation => "relation",
            };
            let role = escaped(member.role().unwrap());
            format!(
                "<member type='{kind}' ref='{}' role='{role}'/>",
                member.member_id
            )
        })
        .collect();
    let info = relation.info();
    format!(
        "<relation id='{}' version='{}' visible='{}'>{members}{}</relation>\n",
        relation.id(),
        info.version().unwrap_or(0),
        info.visible(),
        tags(relation.tags())
    )
}
