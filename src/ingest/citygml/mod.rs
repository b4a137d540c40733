//! CityGML 1.0, 2.0 and 3.0.
//! `survey` looks over the file once: its CRS, its appearance, and what is referred to across
//! members. Then each member is read on its own: `xml` gives it as a small tree, `objects` makes
//! features of it, `attributes` and `geometry` read their parts, `faces` brings solids and their
//! boundary surfaces together. A wrong geometry is noted and left out; only XML that is not sound
//! stops a file. Never holds more of a file than one member and what others refer to.

mod address;
mod appearance;
mod attributes;
mod codes;
mod faces;
mod frame;
mod geometry;
mod implicit;
mod links;
mod objects;
mod relief;
mod ring;
mod survey;
#[cfg(test)]
mod tests;
mod xml;

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use super::error::ReadError;
use super::raw::{RawCity, Spot, place_of};
use super::{Format, Input, PART_FEATURES, ReadOptions, Take, xml_text};
use crate::base::counted;
use links::Index;
use objects::{Member, Session};
use xml::{Element, Lines, Piece, Pull};

/// Reads a CityGML document.
///
/// # Errors
/// [`ReadError`] when it is not sound XML or no city model, or the first error of `take`.
pub fn read_citygml(input: &Input, _: &ReadOptions, take: Take) -> Result<RawCity, ReadError> {
    let text = xml_text::decode(input.bytes)?;
    let survey = survey::survey(&text)?;
    let mut city = RawCity::new(Format::CityGml);
    survey.frame.put_into(&mut city);
    for entity in &survey.unexpanded {
        city.warnings.note(
            format!("&{entity};"),
            "entities of the file's own are left as they stand",
        );
    }
    let mut session = Session {
        frame: survey.frame,
        appearance: survey.appearance,
        // A file of honest references unfolds to less than it holds.
        budget: 1_000_000 + text.len(),
        groups: 0,
        curves: 0,
    };
    session.appearance.publish(&mut city);
    let (elsewhere, _) = links::index(survey.fetched.iter());
    let mut members = Members {
        text: &text,
        lines: Lines::default(),
        number: 0,
        nameless: 0,
        seen: HashSet::new(),
        hasher: RandomState::new(),
    };
    members.read(&elsewhere, &mut session, &mut city, take)?;
    finish(&members, &session, &mut city);
    pictures(input, &mut city);
    Ok(city)
}

/// Goes through the members of a file.
struct Members<'a> {
    text: &'a str,
    lines: Lines,
    /// Objects so far.
    number: usize,
    /// Objects without an id.
    nameless: usize,
    /// Fingerprints of the keys so far: a million keys would weigh more than the features.
    seen: HashSet<u64>,
    hasher: RandomState,
}

impl<'a> Members<'a> {
    fn read(
        &mut self,
        elsewhere: &Index,
        session: &mut Session,
        city: &mut RawCity,
        take: Take,
    ) -> Result<(), ReadError> {
        let mut pull = Pull::new(self.text);
        loop {
            match pull.next()? {
                Piece::Open(element) if pull.depth() == 2 && !is_member(element.name()) => {
                    pull.skip()?;
                }
                Piece::Open(element) if pull.depth() == 3 => {
                    let object = pull.tree(element)?;
                    self.member(&object, elsewhere, session, city);
                    if city.features.len() >= PART_FEATURES {
                        take(city)?;
                    }
                }
                Piece::End => return Ok(()),
                _ => {}
            }
        }
    }

    fn member(
        &mut self,
        root: &Element<'a>,
        elsewhere: &Index,
        session: &mut Session,
        city: &mut RawCity,
    ) {
        self.number += 1;
        let key = root.id().map_or_else(
            || {
                self.nameless += 1;
                format!("object:{}", self.number)
            },
            str::to_owned,
        );
        let spot = Spot::Element(self.lines.line_of(self.text, root.offset));
        if !self.seen.insert(self.hasher.hash_one(&key)) {
            city.warnings.note(
                place_of(spot, &key),
                "its id is used twice: the first is kept",
            );
            return;
        }
        let member = Member { root, key, spot };
        objects::read(member, elsewhere, session, city);
    }
}

/// The properties of a city model that hold objects.
fn is_member(name: &str) -> bool {
    matches!(
        name,
        "cityObjectMember" | "featureMember" | "featureMembers" | "member" | "members"
    )
}

fn finish(members: &Members, session: &Session, city: &mut RawCity) {
    if members.nameless > 0 {
        city.notes.push(format!(
            "{} known by the place in the file",
            counted(
                members.nameless,
                "object without a gml:id is",
                "objects without a gml:id are"
            )
        ));
    }
    if session.groups > 0 {
        city.notes.push(format!(
            "{} not kept",
            counted(
                session.groups,
                "group of objects is",
                "groups of objects are"
            )
        ));
    }
    if session.curves > 0 {
        city.notes.push(format!(
            "{} not kept",
            counted(
                session.curves,
                "line along an edge or where a building meets the ground is",
                "lines along edges and where buildings meet the ground are"
            )
        ));
    }
    if session.appearance.left_out > 0 {
        city.notes.push(format!(
            "{} neither material nor picture on single surfaces: not kept",
            counted(
                session.appearance.left_out,
                "part of the appearance is",
                "parts of the appearance are"
            )
        ));
    }
    if members.number == 0 && city.warnings.is_empty() {
        city.notes.push("the file holds no object".to_owned());
    }
}

/// One warning for all pictures that are not beside the file.
fn pictures(input: &Input, city: &mut RawCity) {
    let mut missing: Vec<&str> = city
        .textures
        .iter()
        .map(|texture| texture.image.as_str())
        .filter(|image| !image.contains("://") && !input.has_beside(image))
        .collect();
    missing.sort_unstable();
    missing.dedup();
    for image in missing {
        city.warnings.note(
            image.to_owned(),
            "the picture is not beside the file: its name is kept",
        );
    }
}
