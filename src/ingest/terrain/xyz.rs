//! XYZ: a text with east, north and height on each line, as a grid in any order and with gaps, or
//! at scattered places. Separators are blanks, commas or semicolons; a line of names may stand
//! first. Never knows a CRS: the format has none.

use super::grid::{Grid, Place, height_or_nan};
use super::{add_grid, check_size, no_height, scattered, tolerance_m};
use crate::ingest::raw::RawCity;
use crate::ingest::{Format, Input, ReadError, ReadOptions, Take, text};

/// Heights from here down mean "no data".
const NO_DATA_AT_MOST: f64 = -9_999.0;
/// A place this share of a step beside its node still belongs to it: places are rounded.
const OFF_GRID: f64 = 0.02;
/// Nodes for each height up to which a list is taken for a grid with gaps.
const GAPS_MAX: usize = 16;
/// A grid has a cell with four heights for so many places at least.
const CELLS_PER_PLACE_MIN: usize = 4;
/// Lines that cannot be read, of a hundred, from which on the file is no list of heights.
const FAULTS_PERCENT_MAX: usize = 10;

/// Reads a list of heights as nets of triangles.
///
/// # Errors
/// [`ReadError`] when the text is no list of heights.
pub fn read_xyz(input: &Input, options: &ReadOptions, _: Take) -> Result<RawCity, ReadError> {
    let text = text::decode(input.bytes)?;
    let mut raw = RawCity::new(Format::Xyz);
    let places = places(text, &mut raw)?;
    match grid_of(&places)? {
        Some(grid) => add_grid(&mut raw, &grid, tolerance_m(options)),
        None => scattered::add(&mut raw, places)?,
    }
    if raw.features.is_empty() {
        return Err(no_height());
    }
    Ok(raw)
}

/// How the numbers of a line are kept apart.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Separator {
    Semicolon,
    Comma,
    Blank,
}

impl Separator {
    /// Commas between blanks are those of decimals (`1,5 2,5 3,5`).
    fn of(line: &str) -> Self {
        if line.contains(';') {
            return Self::Semicolon;
        }
        let are_numbers = |text: &str| text.split(',').all(|part| number(part.trim()).is_some());
        let by_blank = line.split_whitespace().count();
        if line.contains(',') && (by_blank < 3 || (are_numbers(line) && line.contains(", "))) {
            return Self::Comma;
        }
        Self::Blank
    }

    fn fields(self, line: &str) -> Vec<&str> {
        match self {
            Self::Semicolon => line.split(';').map(str::trim).collect(),
            Self::Comma => line.split(',').map(str::trim).collect(),
            Self::Blank => line.split_whitespace().collect(),
        }
    }
}

/// A number, with a point or a comma.
fn number(field: &str) -> Option<f64> {
    let plain = field.trim_matches('"');
    let value = plain.parse::<f64>().ok();
    value.or_else(|| plain.replacen(',', ".", 1).parse().ok())
}

/// The columns of east, north and height by their names; the first three otherwise.
fn columns(names: &[&str]) -> [usize; 3] {
    let find = |known: &[&str]| {
        names.iter().position(|name| {
            let name = name.trim_matches('"').to_lowercase();
            known.contains(&name.as_str())
        })
    };
    let x = find(&[
        "x",
        "e",
        "east",
        "easting",
        "lon",
        "longitude",
        "经度",
        "东",
    ]);
    let y = find(&[
        "y", "n", "north", "northing", "lat", "latitude", "纬度", "北",
    ]);
    let z = find(&[
        "z",
        "h",
        "height",
        "elevation",
        "elev",
        "alt",
        "altitude",
        "高程",
    ]);
    match (x, y, z) {
        (Some(x), Some(y), Some(z)) => [x, y, z],
        _ => [0, 1, 2],
    }
}

/// Every place with a height; lines that cannot be read are noted.
fn places(text: &str, raw: &mut RawCity) -> Result<Vec<[f64; 3]>, ReadError> {
    let mut separator = None;
    let mut order = [0, 1, 2];
    let mut places = Vec::new();
    let (mut faults, mut has_names) = (0, false);
    let lines = (1..).zip(text.lines().map(str::trim));
    for (line_number, line) in lines.filter(|(_, line)| !line.is_empty()) {
        if line.starts_with(['#', '/']) {
            continue;
        }
        let is_first = separator.is_none();
        let apart = *separator.get_or_insert_with(|| Separator::of(line));
        let fields = apart.fields(line);
        let place = order.map(|column| fields.get(column).and_then(|field| number(field)));
        let [Some(x), Some(y), Some(z)] = place else {
            if is_first {
                order = columns(&fields);
                // Names may be kept apart by other signs than numbers.
                separator = None;
                if !has_names {
                    has_names = true;
                    continue;
                }
            }
            faults += 1;
            raw.warnings
                .note(format!("line {line_number}"), "not three numbers: skipped");
            continue;
        };
        let height_m = height_or_nan(z);
        if z > NO_DATA_AT_MOST && !height_m.is_nan() && x.is_finite() && y.is_finite() {
            places.push([x, y, f64::from(height_m)]);
        }
    }
    if faults * 100 > (places.len() + faults) * FAULTS_PERCENT_MAX {
        return Err(ReadError::Unusable {
            reason: format!("{faults} of its lines are not three numbers"),
            remedy: "give it as lines of east, north and height".to_owned(),
        });
    }
    if places.len() < 3 {
        return Err(no_height());
    }
    Ok(places)
}

/// The step and the count of evenly spaced values; `None` when they are not.
fn steps(values: impl Iterator<Item = f64>) -> Option<(f64, f64, usize)> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let (first, last) = (*values.first()?, *values.last()?);
    // What is closer than this is one value, rounded differently.
    let hair = ((last - first) * 1e-7).max(1e-9);
    values.dedup_by(|b, a| *b - *a < hair);
    let gaps = values.windows(2).map(|pair| pair[1] - pair[0]);
    let least = gaps.fold(f64::INFINITY, f64::min);
    if values.len() < 2 || !least.is_finite() {
        return None;
    }
    // The mean step is more exact than any one of them.
    let count = ((last - first) / least).round();
    let step = (last - first) / count;
    let is_even = values.iter().all(|value| {
        let at = (value - first) / step;
        (at - at.round()).abs() < OFF_GRID
    });
    (is_even && count < 1e9).then_some((first, step, count as usize + 1))
}

/// The places as a grid; `None` when they are scattered.
fn grid_of(places: &[[f64; 3]]) -> Result<Option<Grid>, ReadError> {
    let along = |axis: usize| steps(places.iter().map(|at| at[axis]));
    let (Some((west, dx, columns)), Some((south, dy, rows))) = (along(0), along(1)) else {
        return Ok(None);
    };
    let nodes = columns.checked_mul(rows);
    if nodes.is_none_or(|nodes| nodes / GAPS_MAX > places.len()) {
        return Ok(None);
    }
    check_size(columns as u64, rows as u64)?;
    let mut heights_m = vec![f32::NAN; columns * rows];
    for [x, y, z] in places {
        let column = ((x - west) / dx).round() as usize;
        let row = ((y - south) / dy).round() as usize;
        heights_m[row * columns + column] = *z as f32;
    }
    let grid = Grid {
        columns,
        rows,
        heights_m,
        place: Place {
            x: [west, dx, 0.0],
            y: [south, 0.0, dy],
        },
    };
    // Places on a lattice without neighbours make a net only when taken as scattered.
    let cells = (0..rows - 1).flat_map(|row| (0..columns - 1).map(move |column| (column, row)));
    let whole = cells.filter(|(column, row)| grid.has_cell(*column as isize, *row as isize));
    Ok((whole.count() * CELLS_PER_PLACE_MIN >= places.len()).then_some(grid))
}
