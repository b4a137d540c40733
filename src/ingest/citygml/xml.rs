//! XML as small trees: one element at a time with all that is in it, names sorted by the family
//! of their namespace. Used by the readers of CityGML's parts. Never holds more of a file than
//! the element asked for, never expands an entity that the file defines itself, and never goes
//! deeper than a city model does.

use std::borrow::Cow;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

use super::super::error::ReadError;

/// Elements within elements; city models stay below 60.
const DEPTH_MAX: usize = 200;

/// The family of an element's namespace; versions are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Space {
    /// A module of CityGML other than the two below.
    City,
    /// Generic attributes and objects.
    Generics,
    /// Colours and pictures.
    Appearance,
    /// Geometry.
    Gml,
    /// Addresses.
    Address,
    /// Extensions and what is not known.
    Other,
}

impl Space {
    fn of(uri: &str) -> Self {
        if let Some(module) = uri.strip_prefix("http://www.opengis.net/citygml/") {
            return match module.split('/').next() {
                Some("generics") => Self::Generics,
                Some("appearance") => Self::Appearance,
                _ => Self::City,
            };
        }
        if uri == "http://www.opengis.net/gml" || uri.starts_with("http://www.opengis.net/gml/") {
            return Self::Gml;
        }
        if uri.starts_with("urn:oasis:names:tc:ciq:") {
            return Self::Address;
        }
        Self::Other
    }
}

/// An element with all that is in it.
#[derive(Debug, Clone)]
pub(super) struct Element<'a> {
    /// Family of its namespace.
    pub(super) space: Space,
    /// Its name with prefix, as the file has it.
    qualified: &'a str,
    /// Attributes by local name, namespace declarations left out.
    attributes: Vec<(&'a str, String)>,
    /// Its own text, pieces joined.
    text: Cow<'a, str>,
    /// The elements in it.
    pub(super) children: Vec<Element<'a>>,
    /// Where it begins: a byte of the text.
    pub(super) offset: usize,
}

impl<'a> Element<'a> {
    /// Its name without prefix.
    pub(super) fn name(&self) -> &'a str {
        local(self.qualified)
    }

    /// Its name with prefix.
    pub(super) fn qualified(&self) -> &'a str {
        self.qualified
    }

    /// An attribute by its name without prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Its `gml:id`.
    pub(super) fn id(&self) -> Option<&str> {
        self.attribute("id").filter(|id| !id.is_empty())
    }

    /// Its text without surrounding space; `None` when it says nothing.
    pub(super) fn words(&self) -> Option<&str> {
        let text = self.text.trim();
        (!text.is_empty()).then_some(text)
    }

    /// The first child of this name.
    pub(super) fn child(&self, name: &str) -> Option<&Element<'a>> {
        self.children.iter().find(|child| child.name() == name)
    }

    /// The children of this name.
    pub(super) fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s Element<'a>> + 's {
        self.children.iter().filter(move |one| one.name() == name)
    }

    /// It and everything in it, each before what is in it.
    pub(super) fn walk<'s>(&'s self, visit: &mut dyn FnMut(&'s Element<'a>)) {
        visit(self);
        for child in &self.children {
            child.walk(visit);
        }
    }
}

fn local(qualified: &str) -> &str {
    qualified.rsplit(':').next().unwrap_or(qualified)
}

/// What comes next in a file.
pub(super) enum Piece<'a> {
    /// An element begins; it has no text and no children yet.
    Open(Element<'a>),
    /// Text, between elements.
    Text(Cow<'a, str>),
    /// The innermost element ends.
    Close,
    /// The file ends, in order.
    End,
}

/// Goes through a file once.
pub(super) struct Pull<'a> {
    reader: NsReader<&'a [u8]>,
    text: &'a str,
    depth: usize,
    /// Names of entities that were left as they stand.
    pub(super) unexpanded: Vec<String>,
}

impl<'a> Pull<'a> {
    /// At the beginning of a text.
    pub(super) fn new(text: &'a str) -> Self {
        let mut reader = NsReader::from_str(text);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.allow_dangling_amp = true;
        Self {
            reader,
            text,
            depth: 0,
            unexpanded: Vec::new(),
        }
    }

    /// How many elements are open.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// The next piece.
    ///
    /// # Errors
    /// [`ReadError::Syntax`] with its place.
    pub(super) fn next(&mut self) -> Result<Piece<'a>, ReadError> {
        loop {
            let offset = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX);
            match self.reader.read_event() {
                Ok(Event::Start(tag)) => return self.open(&tag, offset).map(Piece::Open),
                Ok(Event::End(_)) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(Piece::Close);
                }
                Ok(Event::Text(text)) => return Ok(Piece::Text(text.into_inner())),
                Ok(Event::CData(text)) => return Ok(Piece::Text(text.into_inner())),
                Ok(Event::GeneralRef(name)) => return Ok(Piece::Text(self.reference(&name))),
                Ok(Event::Eof) if self.depth == 0 => return Ok(Piece::End),
                Ok(Event::Eof) => {
                    return Err(self.fault(
                        self.text.len(),
                        format!("the file ends with {} elements still open", self.depth),
                        "the file is cut off: get it again",
                    ));
                }
                Ok(_) => {}
                Err(fault) => {
                    let at = usize::try_from(self.reader.error_position()).unwrap_or(offset);
                    let remedy = match fault {
                        quick_xml::Error::Syntax(_) => "the file is cut off here: get it again",
                        _ => "the file is not sound XML here: mend it",
                    };
                    return Err(self.fault(at, fault.to_string(), remedy));
                }
            }
        }
    }

    fn open(&mut self, tag: &BytesStart, offset: usize) -> Result<Element<'a>, ReadError> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(self.fault(
                offset,
                format!("elements stand more than {DEPTH_MAX} deep in each other"),
                "this is no city model: mend the file",
            ));
        }
        let (bound, _) = self.reader.resolver().resolve_element(tag.name());
        let space = match bound {
            ResolveResult::Bound(uri) => Space::of(uri.0),
            ResolveResult::Unbound | ResolveResult::Unknown(_) => Space::Other,
        };
        let name_bytes = offset + 1..offset + 1 + tag.name().0.len();
        let qualified = self.text.get(name_bytes).unwrap_or_default();
        let mut attributes = Vec::new();
        for attribute in tag.attributes().with_checks(false) {
            let attribute = attribute.map_err(|fault| {
                self.fault(
                    offset,
                    fault.to_string(),
                    "the file is not sound XML here: mend it",
                )
            })?;
            if attribute.key.as_namespace_binding().is_some() {
                continue;
            }
            let Some(name) = self.slice_of(attribute.key.0, offset) else {
                continue;
            };
            let value = match attribute.normalized_value(XmlVersion::Implicit1_0) {
                Ok(value) => value.into_owned(),
                Err(_) => attribute.value.into_owned(),
            };
            attributes.push((local(name), value));
        }
        Ok(Element {
            space,
            qualified,
            attributes,
            text: Cow::Borrowed(""),
            children: Vec::new(),
            offset,
        })
    }

    /// The same word within the file's own text, so that it lives as long as that.
    fn slice_of(&self, word: &str, from: usize) -> Option<&'a str> {
        let tag = self.text.get(from..)?;
        let at = tag.find(word)?;
        tag.get(at..at + word.len())
    }

    /// What `&name;` stands for; entities of the file's own stay as they are.
    fn reference(&mut self, name: &BytesRef) -> Cow<'a, str> {
        if let Ok(Some(letter)) = name.resolve_char_ref() {
            return Cow::Owned(letter.to_string());
        }
        if let Some(known) = quick_xml::escape::resolve_predefined_entity(name) {
            return Cow::Borrowed(known);
        }
        let name: String = name.chars().take(40).collect();
        if self.unexpanded.len() < 5 && !self.unexpanded.contains(&name) {
            self.unexpanded.push(name.clone());
        }
        Cow::Owned(format!("&{name};"))
    }

    /// Reads the rest of an element that was just opened.
    ///
    /// # Errors
    /// [`ReadError::Syntax`] with its place.
    pub(super) fn tree(&mut self, root: Element<'a>) -> Result<Element<'a>, ReadError> {
        let mut above: Vec<Element<'a>> = Vec::new();
        let mut at = root;
        loop {
            match self.next()? {
                Piece::Open(child) => above.push(std::mem::replace(&mut at, child)),
                Piece::Text(piece) => {
                    if at.text.is_empty() {
                        at.text = piece;
                    } else if !piece.is_empty() {
                        at.text.to_mut().push_str(&piece);
                    }
                }
                Piece::Close => match above.pop() {
                    Some(parent) => {
                        let child = std::mem::replace(&mut at, parent);
                        at.children.push(child);
                    }
                    None => return Ok(at),
                },
                Piece::End => return Ok(at),
            }
        }
    }

    /// Goes past the rest of an element that was just opened.
    ///
    /// # Errors
    /// [`ReadError::Syntax`] with its place.
    pub(super) fn skip(&mut self) -> Result<(), ReadError> {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            if let Piece::End = self.next()? {
                break;
            }
        }
        Ok(())
    }

    /// A fault with its line and column.
    fn fault(&self, at: usize, reason: String, remedy: &'static str) -> ReadError {
        let before = self.text.as_bytes().get(..at.min(self.text.len()));
        let before = before.unwrap_or_default();
        let line_start = before.iter().rposition(|byte| *byte == b'\n');
        let in_line = before.get(line_start.map_or(0, |at| at + 1)..);
        let column = String::from_utf8_lossy(in_line.unwrap_or_default());
        ReadError::Syntax {
            line: 1 + before.iter().filter(|byte| **byte == b'\n').count(),
            column: 1 + column.chars().count(),
            reason,
            remedy,
        }
    }
}

/// Counts lines while a file is gone through.
#[derive(Debug, Default)]
pub(super) struct Lines {
    offset: usize,
    passed: usize,
}

impl Lines {
    /// The line that a byte stands on, from 1; asked for in the order of the file.
    pub(super) fn line_of(&mut self, text: &str, offset: usize) -> usize {
        let between = text.as_bytes().get(self.offset..offset).unwrap_or_default();
        self.passed += between.iter().filter(|byte| **byte == b'\n').count();
        self.offset = self.offset.max(offset);
        self.passed + 1
    }
}
