//! What readers of vector formats share: rows of attributes and geometry become features of the
//! raw city, sorted by kind, each under a key of its own, and leave in parts.
//! Used by the readers of GeoJSON, FlatGeobuf, GeoPackage, Shapefile and CSV. Never holds more
//! than a part of the features, and of those before it only hashes.

mod keys;
mod polygons;
mod tally;
#[cfg(test)]
mod tests;
mod values;

use super::error::ReadError;
use super::mapping::Fact;
use super::raw::{Attributes, RawCity, RawFeature, RawKind, RawShape, Spot, place_of};
use super::tags::{self, Verdict};
use super::{Format, Mapping, PART_FEATURES, ReadOptions, Take};
use crate::base::counted;

use keys::{Keys, Known};
pub(super) use keys::{content_key, digits, id_of, stated_key};
pub(super) use polygons::{
    NESTING_MAX, add_face, add_line, add_ring, is_empty_point, polygons_of_rings,
};
use tally::Tally;
pub(super) use values::{binary, number};

/// Takes the rows of a file one by one.
pub(super) struct Sink<'a, 't> {
    /// What was read and not yet handed on.
    pub(super) city: RawCity,
    mapping: &'a Mapping,
    take: Take<'t>,
    seen: usize,
    keys: Keys,
    tally: Tally,
    untagged: usize,
    /// Whether areas of which nothing is told are buildings.
    pub(super) bare_areas_are_buildings: bool,
    by_layer: Vec<(String, usize)>,
    left: bool,
}

/// Why an area is skipped that might be anything.
const BARE_AREA: &str = "an area without a tag, in a layer whose name tells nothing while other \
                         layers' names do (--layer NAME takes it as a building)";

/// A row before it is known what it is.
pub(super) struct Row<'n> {
    /// Key within the data set.
    pub(super) key: String,
    /// Its attributes.
    pub(super) attributes: Attributes,
    /// Its geometry.
    pub(super) shape: RawShape,
    /// The layer it is in, where that may tell what it is.
    pub(super) layer: Option<&'n str>,
}

/// Whether anything says what a row is: a column, its tags, or the name of its layer.
pub(super) fn is_told(attributes: &Attributes, shape: &RawShape, layer: Option<&str>) -> bool {
    match tags::classify(attributes, shape) {
        Verdict::Known(_) | Verdict::UntaggedArea => true,
        Verdict::Other(what) => {
            !what.contains(tags::UNTAGGED)
                || layer.is_some_and(|layer| tags::by_layer(layer, shape).is_some())
        }
    }
}

impl<'a, 't> Sink<'a, 't> {
    /// A sink for one file.
    pub(super) fn new(format: Format, options: &'a ReadOptions, take: Take<'t>) -> Self {
        Self {
            city: RawCity::new(format),
            mapping: &options.mapping,
            take,
            seen: 0,
            keys: Keys::default(),
            tally: Tally::default(),
            untagged: 0,
            bare_areas_are_buildings: true,
            by_layer: Vec::new(),
            left: false,
        }
    }

    /// Counts the next row, whatever comes of it.
    pub(super) fn next(&mut self) {
        self.seen += 1;
    }

    /// The place of the row at hand.
    pub(super) fn place(&self, key: Option<&str>) -> String {
        match key {
            Some(key) => place_of(Spot::Feature(self.seen), key),
            None => format!("feature {}", self.seen),
        }
    }

    /// Notes that something cannot be used.
    pub(super) fn note(&mut self, place: impl Into<String>, reason: impl Into<String>) {
        self.city.warnings.note(place, reason);
    }

    /// Notes that the row at hand is faulty and skipped.
    pub(super) fn skip(&mut self, key: Option<&str>, reason: &str) {
        let place = self.place(key);
        self.skip_at(place, key, reason);
    }

    /// As [`Sink::skip`], of a row that has a place of its own in the file.
    pub(super) fn skip_at(&mut self, place: String, key: Option<&str>, reason: &str) {
        match key {
            Some(key) => self.city.faulty.push(key.to_owned()),
            None => self.city.nameless += 1,
        }
        self.note(place, format!("{reason}: skipped"));
    }

    /// Takes the row at hand.
    pub(super) fn put(&mut self, row: Row) -> Result<(), ReadError> {
        let spot = Spot::Feature(self.seen);
        let view = self.mapping.view(&row.attributes);
        let kind = match tags::classify(&view, &row.shape) {
            Verdict::Known(kind) => Ok(kind),
            Verdict::UntaggedArea => self.by_layer(&row, None).ok_or_else(String::new),
            Verdict::Other(what) => self.by_layer(&row, Some(&what)).ok_or(what),
        };
        drop(view);
        let kind = match kind {
            Ok(kind) => kind,
            Err(what) if what.is_empty() && self.bare_areas_are_buildings => {
                self.untagged += 1;
                RawKind::Building
            }
            Err(what) if what.is_empty() => {
                self.skip(Some(&row.key), BARE_AREA);
                return Ok(());
            }
            Err(what) => {
                let place = self.place(Some(&row.key));
                self.note(place, format!("{what}: skipped"));
                return Ok(());
            }
        };
        if kind == RawKind::Building {
            self.tally.building(&row.attributes, self.mapping);
        }
        let feature = RawFeature {
            key: row.key,
            spot,
            kind,
            attributes: row.attributes,
            shape: row.shape,
        };
        if let Some(feature) = self.with_own_key(feature) {
            self.city.features.push(feature);
        }
        if self.city.features.len() >= PART_FEATURES {
            self.left = true;
            (self.take)(&mut self.city)?;
        }
        Ok(())
    }

    /// What the name of its layer says of a row without a tag. Where `what` says more than that it
    /// has none, the layer is not asked.
    fn by_layer(&mut self, row: &Row, what: Option<&str>) -> Option<RawKind> {
        if what.is_some_and(|what| !what.contains(tags::UNTAGGED)) {
            return None;
        }
        let layer = row.layer?;
        let kind = tags::by_layer(layer, &row.shape)?;
        match self.by_layer.iter_mut().find(|(known, _)| known == layer) {
            Some((_, count)) => *count += 1,
            None => self.by_layer.push((layer.to_owned(), 1)),
        }
        Some(kind)
    }

    /// The same key with the same content is a repetition; with other content it is another thing.
    fn with_own_key(&mut self, mut feature: RawFeature) -> Option<RawFeature> {
        match self.keys.add(&feature) {
            Known::New => Some(feature),
            Known::Same => {
                self.note(feature.place(), "the same feature again: skipped");
                None
            }
            Known::Numbered(key) => {
                self.note(
                    feature.place(),
                    "its id is used twice: kept under a numbered key",
                );
                feature.key = key;
                Some(feature)
            }
        }
    }

    /// What is left, with notes on what was guessed.
    pub(super) fn finish(mut self) -> RawCity {
        let notes = &mut self.city.notes;
        self.tally.tell(self.mapping, notes);
        for (layer, count) in self.by_layer {
            notes.push(format!(
                "{} taken for what the layer's name {layer:?} says (guessed)",
                counted(
                    count,
                    "feature without a tag was",
                    "features without a tag were"
                )
            ));
        }
        if self.untagged > 0 {
            notes.push(format!(
                "{} taken as buildings",
                counted(
                    self.untagged,
                    "polygon without a tag that says what it is was",
                    "polygons without a tag that says what they are were"
                )
            ));
        }
        let is_empty = self.city.features.is_empty() && !self.left;
        if is_empty && self.city.warnings.is_empty() {
            notes.push("the file holds no feature".to_owned());
        }
        self.city
    }

    /// Whether the file's attributes have the names that the mapping says; `names` are theirs.
    pub(super) fn check_names(&self, names: &[String]) -> Result<(), ReadError> {
        self.mapping
            .check(self.city.format, names.iter().map(String::as_str))
    }

    /// Whether a person said which attribute holds a fact.
    pub(super) fn is_mapped(&self, fact: Fact) -> bool {
        self.mapping.names(fact)
    }
}
