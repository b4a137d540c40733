//! A first look over a whole file: which CRS, which appearance stands apart from its objects,
//! and which elements are referred to from other members. Used before the members are read.
//! Never keeps a member.

use std::collections::HashSet;

use super::super::error::ReadError;
use super::appearance::Appearance;
use super::frame::Frame;
use super::links::reference;
use super::xml::{Element, Piece, Pull, Space};

/// Times that references of what was fetched are fetched in turn.
const ROUNDS: usize = 4;

/// What is known of a file before its members are read.
pub(super) struct Survey<'a> {
    pub(super) frame: Frame,
    /// Colours and pictures that stand beside the members.
    pub(super) appearance: Appearance,
    /// Elements that other members refer to.
    pub(super) fetched: Vec<Element<'a>>,
    /// Entities of the file's own that were left as they stand.
    pub(super) unexpanded: Vec<String>,
}

/// Looks over a file.
///
/// # Errors
/// [`ReadError`] of a file that is not sound XML or no city model.
pub(super) fn survey(text: &str) -> Result<Survey<'_>, ReadError> {
    let mut first = FirstLook {
        pull: Pull::new(text),
        srs: None,
        dimension: None,
        sample: None,
        appearance: Appearance::default(),
        ids: HashSet::new(),
        references: HashSet::new(),
        wanted: HashSet::new(),
    };
    // Without references and appearance the frame is all there is to find out.
    let is_thorough = text.contains("href") || text.contains("ppearance");
    first.run(is_thorough)?;
    let mut frame = Frame::of(first.srs, first.sample);
    frame.dimension = first.dimension;
    let unexpanded = first.pull.unexpanded;
    Ok(Survey {
        frame,
        appearance: first.appearance,
        fetched: fetch(text, first.wanted)?,
        unexpanded,
    })
}

struct FirstLook<'a> {
    pull: Pull<'a>,
    srs: Option<String>,
    dimension: Option<usize>,
    sample: Option<[f64; 2]>,
    appearance: Appearance,
    /// Ids and references of the member at hand.
    ids: HashSet<String>,
    references: HashSet<String>,
    /// References that lead out of their members.
    wanted: HashSet<String>,
}

impl FirstLook<'_> {
    fn run(&mut self, is_thorough: bool) -> Result<(), ReadError> {
        let mut is_position = false;
        loop {
            match self.pull.next()? {
                Piece::Open(element) => {
                    self.frame(&element);
                    is_position = element.space == Space::Gml
                        && matches!(element.name(), "pos" | "posList" | "lowerCorner");
                    if self.pull.depth() == 1 {
                        is_city_model(&element)?;
                    } else if self.pull.depth() == 2 && element.name() == "appearanceMember" {
                        let tree = self.pull.tree(element)?;
                        self.appearance.add(&tree);
                    } else if is_thorough {
                        self.references
                            .extend(reference(&element).map(str::to_owned));
                        self.ids.extend(element.id().map(str::to_owned));
                    }
                }
                Piece::Text(piece) if is_position && self.sample.is_none() => {
                    self.sample = two_numbers(&piece);
                    if !is_thorough && self.srs.is_some() {
                        return Ok(());
                    }
                }
                Piece::Text(_) => {}
                Piece::Close => {
                    is_position = false;
                    if self.pull.depth() == 1 {
                        let ids = std::mem::take(&mut self.ids);
                        let references = std::mem::take(&mut self.references);
                        let out = references.into_iter().filter(|id| !ids.contains(id));
                        self.wanted.extend(out);
                    }
                }
                Piece::End => return Ok(()),
            }
        }
    }

    fn frame(&mut self, element: &Element) {
        let name = element.attribute("srsName").map(str::trim);
        let Some(name) = name.filter(|name| !name.is_empty()) else {
            return;
        };
        if self.srs.is_none() {
            self.srs = Some(name.to_owned());
            // A position that came before belongs to nothing named.
            self.sample = None;
            let dimension = element.attribute("srsDimension");
            self.dimension = dimension.and_then(|text| text.trim().parse().ok());
        }
    }
}

fn two_numbers(text: &str) -> Option<[f64; 2]> {
    let mut words = text.split_whitespace().map(str::parse::<f64>);
    let both = [words.next()?.ok()?, words.next()?.ok()?];
    both.iter().all(|number| number.is_finite()).then_some(both)
}

/// The outer element must be a city model of a version we know.
fn is_city_model(root: &Element) -> Result<(), ReadError> {
    let unusable = |reason: String, remedy: &str| {
        Err(ReadError::Unusable {
            reason,
            remedy: remedy.to_owned(),
        })
    };
    match (root.name(), root.space) {
        ("CityModel", Space::City) => Ok(()),
        ("CityModel", _) => unusable(
            "its CityModel is in no namespace of CityGML 1.0, 2.0 or 3.0".to_owned(),
            "upgrade it to CityGML 2.0 (3DCityDB and citygml4j do)",
        ),
        (name, _) => unusable(
            format!("its outer element is {name:?}, not CityModel: it may be GML, but no CityGML"),
            "convert it first (GDAL: ogr2ogr -f GeoJSON OUT.geojson IN.gml)",
        ),
    }
}

/// The elements of these ids, and those that they refer to in turn.
fn fetch(text: &str, mut wanted: HashSet<String>) -> Result<Vec<Element<'_>>, ReadError> {
    let mut fetched = Vec::new();
    let mut known: HashSet<String> = HashSet::new();
    for _ in 0..ROUNDS {
        wanted.retain(|id| !known.contains(id));
        if wanted.is_empty() {
            break;
        }
        let mut more = HashSet::new();
        let mut pull = Pull::new(text);
        loop {
            match pull.next()? {
                Piece::Open(element) if element.id().is_some_and(|id| wanted.contains(id)) => {
                    let tree = pull.tree(element)?;
                    tree.walk(&mut |one| {
                        known.extend(one.id().map(str::to_owned));
                        more.extend(reference(one).map(str::to_owned));
                    });
                    fetched.push(tree);
                }
                Piece::End => break,
                _ => {}
            }
        }
        wanted = more;
    }
    Ok(fetched)
}
