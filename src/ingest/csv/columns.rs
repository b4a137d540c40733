//! Which columns of a table hold the coordinates: as a mapping says, or by their names.

use ::csv::StringRecord;

use super::super::ReadOptions;
use super::super::error::ReadError;
use super::super::raw::{Attributes, Position, RawShape};
use super::{datums, point, value_of, wkt};
use crate::space::Datum;

/// A position.
pub(super) type Place = Position;

const LONGITUDE: &[&str] = &["lon", "lng", "longitude", "long", "经度"];
const LATITUDE: &[&str] = &["lat", "latitude", "纬度"];
/// What may stand beside the name of a datum.
const WITH_DATUM: [&[&str]; 2] = [
    &["lon", "lng", "longitude", "long", "经度", "x"],
    &["lat", "latitude", "纬度", "y"],
];
const EAST: &[&str] = &[
    "x",
    "easting",
    "east",
    "coord_x",
    "point_x",
    "东坐标",
    "x坐标",
    "坐标x",
    "横坐标",
];
const NORTH: &[&str] = &[
    "y",
    "northing",
    "north",
    "coord_y",
    "point_y",
    "北坐标",
    "y坐标",
    "坐标y",
    "纵坐标",
];
const UP: &[&str] = &["z", "elevation", "altitude", "高程", "海拔", "z坐标"];
const GEOMETRY: &[&str] = &["wkt", "geometry", "geom", "the_geom", "shape"];

/// The columns of a table.
pub(super) struct Columns {
    names: Vec<String>,
    position: Source,
    has_decimal_commas: bool,
    is_guessed: bool,
}

enum Source {
    Numbers {
        x: usize,
        y: usize,
        z: Option<usize>,
        are_degrees: bool,
    },
    Text(usize),
}

impl Columns {
    /// Finds the coordinates among the columns.
    pub(super) fn find(
        names: Vec<String>,
        options: &ReadOptions,
        has_decimal_commas: bool,
    ) -> Result<Self, ReadError> {
        let mapping = &options.mapping;
        let exactly = |name: &str| names.iter().position(|known| known == name);
        let by_name = |known: &[&str]| {
            known
                .iter()
                .find_map(|known| names.iter().position(|name| name.to_lowercase() == **known))
        };
        let mapped = |axis: usize| mapping.coordinate(axis).and_then(exactly);
        let up = mapped(2).or_else(|| by_name(UP));
        let pair = |x: Option<usize>, y: Option<usize>, are_degrees| {
            x.zip(y).map(|(x, y)| Source::Numbers {
                x,
                y,
                z: up,
                are_degrees,
            })
        };
        let said = mapping.geometry().and_then(exactly).map(Source::Text);
        let said = said.or_else(|| {
            let is_degree = |axis, names| {
                mapping.coordinate(axis).is_some_and(|name| {
                    is_one_of(name, names) || datums::named(name, names).is_some()
                })
            };
            let are_degrees = is_degree(0, LONGITUDE) && is_degree(1, LATITUDE);
            pair(mapped(0), mapped(1), are_degrees)
        });
        let is_guessed = said.is_none();
        let with_datum = |is_wanted: &dyn Fn(Datum) -> bool| {
            let (x, y) = pair_with_datum(&names, is_wanted)?;
            // `x_cgcs2000` may be metres.
            let is_degrees = datums::named(names.get(x)?, LONGITUDE).is_some();
            pair(Some(x), Some(y), is_degrees)
        };
        // What says its datum goes before what does not, and a shifted datum comes last.
        let position = said
            .or_else(|| with_datum(&|datum| options.datum == Some(datum)))
            .or_else(|| with_datum(&datums::is_true))
            .or_else(|| pair(by_name(LONGITUDE), by_name(LATITUDE), true))
            .or_else(|| with_datum(&|_| true))
            .or_else(|| by_name(GEOMETRY).map(Source::Text))
            .or_else(|| pair(by_name(EAST), by_name(NORTH), false));
        Ok(Self {
            position: position.ok_or_else(|| no_coordinates(&names))?,
            names,
            has_decimal_commas,
            is_guessed,
        })
    }

    /// The datum that the names of the columns tell.
    pub(super) fn datum(&self) -> Option<Datum> {
        match self.position {
            Source::Numbers { x, y, .. } => {
                let datum = datum_of(0, self.name(x))?;
                (datum_of(1, self.name(y)) == Some(datum)).then_some(datum)
            }
            Source::Text(_) => None,
        }
    }

    fn name(&self, index: usize) -> &str {
        self.names.get(index).map_or("", String::as_str)
    }

    /// What was guessed.
    pub(super) fn notes(&self) -> Option<String> {
        let told = match &self.position {
            Source::Text(index) => format!("geometry from {:?}", self.name(*index)),
            Source::Numbers { x, y, z, .. } => {
                let up = z.map(|z| format!(", z from {:?}", self.name(z)));
                format!(
                    "x from {:?}, y from {:?}{}",
                    self.name(*x),
                    self.name(*y),
                    up.unwrap_or_default()
                )
            }
        };
        self.is_guessed.then(|| format!("{told} (guessed)"))
    }

    /// Whether the coordinates are longitudes and latitudes: by the columns' names, or because all
    /// of the sample could be some.
    pub(super) fn are_degrees(&self, sample: &[(Attributes, RawShape)]) -> bool {
        if let Source::Numbers {
            are_degrees: true, ..
        } = self.position
        {
            return true;
        }
        let mut positions = sample
            .iter()
            .flat_map(|(_, shape)| shape.positions())
            .peekable();
        positions.peek().is_some()
            && positions.all(|at| at[0].abs() <= 180.0 && at[1].abs() <= 90.0)
    }

    /// A row's attributes and geometry.
    pub(super) fn row(&self, record: &StringRecord) -> Result<(Attributes, RawShape), String> {
        let attributes = self.attributes(record).ok_or_else(|| {
            let (found, expected) = (record.len(), self.names.len());
            format!("{found} fields where the header has {expected}")
        })?;
        let shape = match &self.position {
            Source::Text(index) => wkt::shape_of(record.get(*index).unwrap_or_default())
                .map_err(|reason| format!("{}: {reason}", self.name(*index)))?,
            Source::Numbers { x, y, z, .. } => {
                let up = z.and_then(|z| self.number(record, z).ok());
                let at = [self.number(record, *x)?, self.number(record, *y)?];
                point([at[0], at[1], up.unwrap_or(0.0)])
            }
        };
        Ok((attributes, shape))
    }

    /// A row's attributes; `None` where its fields are not those of the header, so that nobody
    /// can tell which is which.
    pub(super) fn attributes(&self, record: &StringRecord) -> Option<Attributes> {
        let expected = self.names.len();
        let is_filled = |field: &str| !field.trim().is_empty();
        if record.len() < expected || record.iter().skip(expected).any(is_filled) {
            return None;
        }
        let fields = record.iter().zip(&self.names).enumerate();
        let attributes = fields
            .filter(|(index, _)| !self.is_position(*index))
            .filter_map(|(_, (field, name))| Some((name.clone(), value_of(field)?)));
        Some(attributes.collect())
    }

    fn is_position(&self, index: usize) -> bool {
        match &self.position {
            Source::Text(text) => index == *text,
            Source::Numbers { x, y, z, .. } => index == *x || index == *y || Some(index) == *z,
        }
    }

    fn number(&self, record: &StringRecord, index: usize) -> Result<f64, String> {
        let field = record.get(index).unwrap_or_default().trim();
        let plain = field.trim_end_matches('°');
        let number: Option<f64> = if self.has_decimal_commas {
            plain.replace(',', ".").parse().ok()
        } else {
            plain.parse().ok()
        };
        number
            .filter(|number| number.is_finite())
            .ok_or_else(|| format!("no number in {:?}", self.name(index)))
    }
}

/// So many digits in a row are a telephone or an identity number, and no column's name.
const NUMBER_DIGITS: usize = 11;

/// Whether a first line is no header but somebody's record: then it is not told.
fn are_values(names: &[String]) -> bool {
    let digits = |name: &String| {
        let runs = name.split(|one: char| !one.is_ascii_digit());
        runs.map(str::len).max().unwrap_or(0)
    };
    names.iter().any(|name| digits(name) >= NUMBER_DIGITS)
}

/// Whether a name is one word of letters, digits and underscores.
fn is_word(name: &str) -> bool {
    name.bytes()
        .all(|one| one.is_ascii_alphanumeric() || one == b'_')
}

fn no_coordinates(names: &[String]) -> ReadError {
    // A first line in Chinese may be somebody's record, name and address.
    let words = names.iter().filter(|name| is_word(name));
    let words: Vec<&str> = words.map(String::as_str).collect();
    let listed = if are_values(names) || words.is_empty() {
        "its first line holds values".to_owned()
    } else if words.len() < names.len() {
        format!(
            "{} and {} more",
            words.join(", "),
            names.len() - words.len()
        )
    } else {
        words.join(", ")
    };
    ReadError::Unusable {
        reason: format!("none of its columns looks like coordinates: {listed}"),
        remedy: "name them in a mapping file (x = \"…\", y = \"…\", or geometry = \"…\" for \
                 well-known text) and that with --map; the first line must hold the columns' names"
            .to_owned(),
    }
}

fn is_one_of(name: &str, known: &[&str]) -> bool {
    known.contains(&name.to_lowercase().as_str())
}

fn datum_of(axis: usize, name: &str) -> Option<Datum> {
    datums::named(name, WITH_DATUM.get(axis)?)
}

/// The first pair of columns of one datum that is wanted.
fn pair_with_datum(names: &[String], is_wanted: &dyn Fn(Datum) -> bool) -> Option<(usize, usize)> {
    let datums = names.iter().map(|name| datum_of(0, name)).enumerate();
    let wanted = datums.filter_map(|(x, datum)| Some((x, datum.filter(|one| is_wanted(*one))?)));
    let mut pairs = wanted.filter_map(|(x, datum)| {
        let y = names
            .iter()
            .position(|name| datum_of(1, name) == Some(datum))?;
        Some((x, y))
    });
    pairs.next()
}
