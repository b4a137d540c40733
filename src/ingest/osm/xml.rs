//! OpenStreetMap's XML: `osm` documents of the API, of Overpass and of editors, and `osmChange`.
//! Goes through the text event by event. Never expands an entity that the document declares.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::super::error::ReadError;
use super::super::{attribution, text};
use super::element::{
    At, Element, Member, MemberKind, Node, Relation, See, Source, State, Want, Way, at_from_degrees,
};

/// The text of a file.
pub(super) struct Xml<'a> {
    text: &'a str,
}

impl<'a> Xml<'a> {
    /// Looks whether it is text.
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, ReadError> {
        let text = text::decode(bytes)?;
        Ok(Self { text })
    }

    /// Whom the document's outer element demands to be named.
    pub(super) fn demanded(&self) -> Option<String> {
        let mut reader = Reader::from_str(self.text);
        loop {
            match reader.read_event().ok()? {
                Event::Start(start) | Event::Empty(start) => {
                    let members = ["attribution", "copyright", "license"]
                        .into_iter()
                        .filter_map(|name| Some((name.to_owned(), word(&start, name)?.into())));
                    return attribution::demanded(&members.collect());
                }
                Event::Eof => return None,
                _ => {}
            }
        }
    }
}

/// The value of an attribute; `None` where it has none that is well-formed.
fn word(start: &BytesStart, name: &str) -> Option<String> {
    let mut attributes = start.attributes();
    attributes.with_checks(false);
    let found = attributes.flatten().find(|one| one.key.as_ref() == name)?;
    let value = found.normalized_value(XmlVersion::Implicit1_0).ok()?;
    Some(value.into_owned())
}

fn number<T: std::str::FromStr>(start: &BytesStart, name: &str) -> Option<T> {
    word(start, name)?.trim().parse().ok()
}

fn at_of(start: &BytesStart) -> Option<At> {
    at_from_degrees(number(start, "lon")?, number(start, "lat")?)
}

/// What is being read.
struct Work<'a> {
    want: Want,
    see: See<'a>,
    open: Option<Element>,
    /// Inside a `delete` of an `osmChange`.
    is_delete: bool,
    depth: usize,
}

impl Source for Xml<'_> {
    fn pass(&self, want: Want, see: See) -> Result<(), ReadError> {
        let mut reader = Reader::from_str(self.text);
        let mut work = Work {
            want,
            see,
            open: None,
            is_delete: false,
            depth: 0,
        };
        loop {
            let place = reader.buffer_position();
            let event = match reader.read_event() {
                Ok(event) => event,
                Err(fault) => {
                    let place = reader.error_position();
                    return Err(self.fault(place, &fault.to_string()));
                }
            };
            match event {
                Event::Start(start) => {
                    work.start(&start)
                        .map_err(|reason| self.fault(place, &reason))?;
                    work.depth += 1;
                }
                Event::Empty(start) => {
                    work.start(&start)
                        .map_err(|reason| self.fault(place, &reason))?;
                    work.end(start.local_name().as_ref())?;
                }
                Event::End(end) => {
                    work.depth = work.depth.saturating_sub(1);
                    work.end(end.local_name().as_ref())?;
                }
                Event::Eof if work.depth > 0 => {
                    return Err(self.fault(self.text.len() as u64, "the document ends too early"));
                }
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }
}

impl Xml<'_> {
    fn fault(&self, place: u64, reason: &str) -> ReadError {
        let place = usize::try_from(place).unwrap_or(usize::MAX);
        let before = self.text.as_bytes();
        let before = before.get(..place).unwrap_or(before);
        let line = before.iter().filter(|byte| **byte == b'\n').count();
        let start = before.iter().rposition(|byte| *byte == b'\n');
        ReadError::Syntax {
            line: line + 1,
            column: before.len() - start.map_or(0, |start| start + 1) + 1,
            reason: reason.to_owned(),
            remedy: "the file is damaged or cut off: get it again",
        }
    }
}

impl Work<'_> {
    fn start(&mut self, start: &BytesStart) -> Result<(), String> {
        match start.local_name().as_ref() {
            "delete" => self.is_delete = true,
            kind @ ("node" | "way" | "relation") if self.open.is_none() => {
                let id = number(start, "id")
                    .ok_or_else(|| format!("a {kind} whose id is missing or no whole number"))?;
                self.open = Some(self.element(kind, id, start));
            }
            "tag" => {
                if let (Some(element), Some(key), Some(value)) =
                    (&mut self.open, word(start, "k"), word(start, "v"))
                {
                    let tags = match element {
                        Element::Node(node) => &mut node.tags,
                        Element::Way(way) => &mut way.tags,
                        Element::Relation(relation) => &mut relation.tags,
                    };
                    tags.push((key, value));
                }
            }
            "nd" => {
                if let Some(Element::Way(way)) = &mut self.open {
                    let node = number(start, "ref").ok_or("a nd whose ref is no whole number")?;
                    way.nodes.push(node);
                    way.at.push(at_of(start));
                }
            }
            "member" => {
                if let Some(Element::Relation(relation)) = &mut self.open {
                    relation.members.push(member(start)?);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn element(&self, kind: &str, id: i64, start: &BytesStart) -> Element {
        let is_gone = word(start, "visible").as_deref() == Some("false")
            || word(start, "action").as_deref() == Some("delete");
        let state = State {
            version: number(start, "version").unwrap_or(0),
            is_deleted: self.is_delete || is_gone,
        };
        match kind {
            "node" => Element::Node(Node {
                id,
                state,
                at: at_of(start),
                tags: Vec::new(),
            }),
            "way" => Element::Way(Way {
                id,
                state,
                ..Way::default()
            }),
            _ => Element::Relation(Relation {
                id,
                state,
                ..Relation::default()
            }),
        }
    }

    fn end(&mut self, name: &str) -> Result<(), ReadError> {
        let want = self.want;
        match (name, self.open.take()) {
            ("node", Some(Element::Node(node))) if want.nodes => (self.see)(Element::Node(node)),
            ("node", Some(Element::Node(_))) => Ok(()),
            ("way", Some(Element::Way(mut way))) => {
                // Positions on the way are there for all of its nodes or of no use.
                if way.at.iter().any(Option::is_none) {
                    way.at.clear();
                }
                match want.ways {
                    true => (self.see)(Element::Way(way)),
                    false => Ok(()),
                }
            }
            ("relation", Some(Element::Relation(relation))) => match want.relations {
                true => (self.see)(Element::Relation(relation)),
                false => Ok(()),
            },
            ("delete", open) => {
                self.is_delete = false;
                self.open = open;
                Ok(())
            }
            (_, open) => {
                self.open = open;
                Ok(())
            }
        }
    }
}

fn member(start: &BytesStart) -> Result<Member, String> {
    let kind = match word(start, "type").as_deref() {
        Some("node") => MemberKind::Node,
        Some("way") => MemberKind::Way,
        Some("relation") => MemberKind::Relation,
        _ => return Err("a member whose type is neither node, way nor relation".to_owned()),
    };
    Ok(Member {
        kind,
        id: number(start, "ref").ok_or("a member whose ref is no whole number")?,
        role: word(start, "role").unwrap_or_default(),
    })
}
