//! Holds a parsed CityJSON document or feature against the standard of its version, part by part
//! while it is read. `head` checks what stands beside the objects, `metadata` what is said of the
//! whole, `looks` materials and textures, `object` and `types` the city objects, `geometry` their
//! geometries, `family` how objects name one another, `extension` words that begin with `+`. Used
//! by the readers, which decide what a fault costs. Never changes what it looks at, and never
//! opens a file.

mod extension;
mod family;
mod geometry;
mod head;
mod looks;
mod metadata;
mod object;
mod place;
mod types;

use serde_json::Value;

pub(super) use extension::Extensions;
pub(super) use family::Family;
pub(super) use place::Place;

/// Versions of the standard that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Version {
    V10,
    V11,
    V20,
}

impl Version {
    /// The version of this name.
    pub(super) fn of(name: &str) -> Option<Self> {
        [Self::V10, Self::V11, Self::V20]
            .into_iter()
            .find(|version| version.as_str() == name)
    }

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::V10 => "1.0",
            Self::V11 => "1.1",
            Self::V20 => "2.0",
        }
    }
}

/// Something that the standard forbids.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fault {
    pub(super) place: String,
    pub(super) reason: String,
    /// Whether everything can be read in spite of it.
    pub(super) is_harmless: bool,
}

/// The faults of a document or feature: the first ones, and how many there are.
#[derive(Debug, Default)]
pub(super) struct Faults {
    kept: Vec<Fault>,
    harmful: usize,
    count: usize,
    /// What is allowed and better avoided.
    pub(super) odd: Vec<(String, String)>,
}

/// Faults that are kept with their place; the rest are counted.
const FAULTS_MAX: usize = 100;
/// Faults that a message lists.
const LISTED: usize = 10;

impl Faults {
    /// Notes something that costs a part of the content.
    pub(super) fn harm(&mut self, place: &Place, reason: impl Into<String>) {
        self.add(place, reason.into(), false);
    }

    /// Notes something wrong in spite of which everything can be read.
    pub(super) fn slip(&mut self, place: &Place, reason: impl Into<String>) {
        self.add(place, reason.into(), true);
    }

    /// Notes something that is allowed and better avoided.
    pub(super) fn odd(&mut self, place: &Place, reason: impl Into<String>) {
        if self.odd.len() < FAULTS_MAX {
            self.odd.push((place.to_string(), reason.into()));
        }
    }

    fn add(&mut self, place: &Place, reason: String, is_harmless: bool) {
        self.count += 1;
        self.harmful += usize::from(!is_harmless);
        if self.kept.len() < FAULTS_MAX {
            self.kept.push(Fault {
                place: place.to_string(),
                reason,
                is_harmless,
            });
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whether a part of the content cannot be read as it is meant.
    pub(super) fn is_harmful(&self) -> bool {
        self.harmful > 0
    }

    /// Those with a place, in the order in which they were found.
    pub(super) fn kept(&self) -> &[Fault] {
        &self.kept
    }

    /// The first of them as a text of several lines.
    pub(super) fn listed(&self, version: &str) -> String {
        let mut text = format!("it breaks CityJSON {version}");
        if let [one] = &self.kept[..] {
            return format!("{text}: {}: {}", one.place, one.reason);
        }
        text.push_str(&format!(" in {} places:", self.count));
        for fault in self.kept.iter().take(LISTED) {
            text.push_str(&format!("\n  {}: {}", fault.place, fault.reason));
        }
        if self.count > LISTED {
            text.push_str(&format!("\n  and {} more", self.count - LISTED));
        }
        text
    }
}

/// How much there is of what is named by number, and what else all parts of a file share.
#[derive(Debug, Clone)]
pub(super) struct Scope {
    pub(super) version: Version,
    pub(super) vertices: usize,
    pub(super) materials: usize,
    pub(super) textures: usize,
    pub(super) texture_vertices: usize,
    pub(super) templates: usize,
}

/// A check on its way.
pub(super) struct Check<'a> {
    pub(super) scope: &'a Scope,
    pub(super) extensions: &'a Extensions,
    pub(super) faults: &'a mut Faults,
    /// Which vertices something names; may be shorter than there are vertices, for those that
    /// come first are marked.
    pub(super) used: &'a mut [bool],
}

impl Check<'_> {
    fn version(&self) -> Version {
        self.scope.version
    }

    fn harm(&mut self, place: &Place, reason: impl Into<String>) {
        self.faults.harm(place, reason);
    }

    fn slip(&mut self, place: &Place, reason: impl Into<String>) {
        self.faults.slip(place, reason);
    }

    /// A list of numbers with so many members; `false` after noting a slip.
    fn numbers(&mut self, value: &Value, place: &Place, least: usize, most: usize) -> bool {
        let good = is_numbers(value, least, most);
        if !good {
            let count = if least == most {
                least.to_string()
            } else {
                format!("{least} to {most}")
            };
            self.slip(place, format!("not a list of {count} numbers"));
        }
        good
    }

    /// A list of texts.
    fn texts(&mut self, value: &Value, place: &Place) {
        let Some(list) = value.as_array() else {
            return self.slip(place, "not a list");
        };
        for (index, one) in list.iter().enumerate() {
            if !one.is_string() {
                self.slip(&place.at(index), "not a text");
            }
        }
    }
}

/// Whether a value is a list of numbers with so many members.
fn is_numbers(value: &Value, least: usize, most: usize) -> bool {
    value.as_array().is_some_and(|list| {
        (least..=most).contains(&list.len()) && list.iter().all(Value::is_number)
    })
}

/// Whether a word of an extension stands in it: a `+` and a letter, digit or underscore.
fn has_plus_word(text: &str) -> bool {
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let next = letters.peek();
        if letter == '+' && next.is_some_and(|next| next.is_alphanumeric() || *next == '_') {
            return true;
        }
    }
    false
}
