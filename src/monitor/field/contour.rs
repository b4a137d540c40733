//! Lines of equal value through a surface: marching squares over the centres of its cells. Used by
//! [`Surface`](super::Surface). A line ends where the known ends: it never crosses a square of which a
//! corner is unknown, and never leaves the centres of known cells.
//!
//! Our own, since the `contour` crate knows no unknown cells: it would close every line along the rim
//! of what is known, as if the field fell to nought there.

use std::collections::BTreeMap;

use serde::Serialize;

use super::surface::Surface;

/// More levels than this are refused: nobody could read them.
pub const MOST_LEVELS: usize = 500;

/// A line of equal value. Higher values lie on its left.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Contour {
    /// The value, mm.
    pub value_mm: f64,
    /// Local metres, east and north; where it is closed the first place is the last, too.
    pub line: Vec<[f64; 2]>,
}

impl Contour {
    /// Whether the line comes back to where it began.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.line.len() > 2 && self.line.first() == self.line.last()
    }
}

/// Why there are no contours.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum NoContours {
    /// An interval that is not above nought.
    #[error("the interval of contours must be above 0 mm")]
    NoInterval,
    /// More levels than [`MOST_LEVELS`].
    #[error("at most {most} contours, not {levels:.0}: take a wider interval")]
    TooManyLevels {
        /// So many would be.
        levels: f64,
        /// So many may be.
        most: usize,
    },
}

/// Lines at each multiple of `interval_mm` within the values of a surface, lowest first; none where
/// nothing is told. Time with the cells, and with the lines.
///
/// # Errors
/// See [`NoContours`].
pub fn contours(surface: &Surface, interval_mm: f64) -> Result<Vec<Contour>, NoContours> {
    if !(interval_mm > 0.0) || !interval_mm.is_finite() {
        return Err(NoContours::NoInterval);
    }
    let Some((low, high)) = surface.range_mm() else {
        return Ok(Vec::new());
    };
    let (first, last) = ((low / interval_mm).ceil(), (high / interval_mm).floor());
    let levels = last - first + 1.0;
    if !(levels <= MOST_LEVELS as f64) {
        return Err(NoContours::TooManyLevels {
            levels,
            most: MOST_LEVELS,
        });
    }
    let levels =
        (0..levels.max(0.0) as u32).map(|number| (first + f64::from(number)) * interval_mm);
    Ok(levels.flat_map(|level| at_level(surface, level)).collect())
}

/// A side between two neighbouring centres: that of a cell with the one to its east (0) or to its
/// north (1).
type Side = (usize, usize, u8);

/// All lines at one level.
fn at_level(surface: &Surface, level: f64) -> Vec<Contour> {
    let mut next: BTreeMap<Side, Side> = BTreeMap::new();
    for row in 1..surface.grid().rows {
        for column in 1..surface.grid().columns {
            next.extend(
                segments(surface, column - 1, row - 1, level)
                    .into_iter()
                    .flatten(),
            );
        }
    }
    let entered: std::collections::BTreeSet<Side> = next.values().copied().collect();
    let ends: Vec<Side> = next
        .keys()
        .filter(|side| !entered.contains(side))
        .copied()
        .collect();
    let mut lines: Vec<Contour> = Vec::new();
    // First those with a beginning; what is left goes in rounds.
    for start in ends {
        lines.extend(follow(surface, &mut next, start, level));
    }
    while let Some(start) = next.keys().next().copied() {
        lines.extend(follow(surface, &mut next, start, level));
    }
    lines
}

/// The line from a side on, taken out of what is left. `None` where it is no longer than a point.
fn follow(
    surface: &Surface,
    next: &mut BTreeMap<Side, Side>,
    start: Side,
    level: f64,
) -> Option<Contour> {
    let mut sides = vec![start];
    let mut at = start;
    while let Some(side) = next.remove(&at) {
        sides.push(side);
        at = side;
    }
    let mut line: Vec<[f64; 2]> = Vec::with_capacity(sides.len());
    for place in sides
        .into_iter()
        .filter_map(|side| crossing(surface, side, level))
    {
        if line.last() != Some(&place) {
            line.push(place);
        }
    }
    (line.len() > 1).then_some(Contour {
        value_mm: level,
        line,
    })
}

/// Where the level crosses a side.
fn crossing(surface: &Surface, (column, row, way): Side, level: f64) -> Option<[f64; 2]> {
    let (east, north) = match way {
        0 => (column + 1, row),
        _ => (column, row + 1),
    };
    let [from, to] = [surface.at(column, row)?.mm, surface.at(east, north)?.mm];
    let share = ((level - from) / (to - from)).clamp(0.0, 1.0);
    let [low, high] = [
        surface.grid().centre(column, row),
        surface.grid().centre(east, north),
    ];
    Some([0, 1].map(|axis| low[axis] + share * (high[axis] - low[axis])))
}

/// The parts of lines through the square between four centres, higher values on their left. None where
/// one of the four is unknown. In a saddle the mean of the four tells which corners belong together.
fn segments(surface: &Surface, column: usize, row: usize, level: f64) -> [Option<(Side, Side)>; 2] {
    let corners = [(0, 0), (1, 0), (1, 1), (0, 1)];
    let values = corners.map(|(right, up)| surface.at(column + right, row + up));
    let [Some(a), Some(b), Some(c), Some(d)] = values else {
        return [None, None];
    };
    let values = [a.mm, b.mm, c.mm, d.mm];
    let is_high = values.map(|value| value >= level);
    let [south, east, north, west] = [
        (column, row, 0),
        (column + 1, row, 1),
        (column, row + 1, 0),
        (column, row, 1),
    ];
    let is_joined = values.iter().sum::<f64>() / 4.0 >= level;
    match is_high {
        [false, false, false, false] | [true, true, true, true] => [None, None],
        [true, false, false, false] => [Some((south, west)), None],
        [false, true, false, false] => [Some((east, south)), None],
        [false, false, true, false] => [Some((north, east)), None],
        [false, false, false, true] => [Some((west, north)), None],
        [true, true, false, false] => [Some((east, west)), None],
        [false, true, true, false] => [Some((north, south)), None],
        [false, false, true, true] => [Some((west, east)), None],
        [true, false, false, true] => [Some((south, north)), None],
        [false, true, true, true] => [Some((west, south)), None],
        [true, false, true, true] => [Some((south, east)), None],
        [true, true, false, true] => [Some((east, north)), None],
        [true, true, true, false] => [Some((north, west)), None],
        [true, false, true, false] if is_joined => [Some((south, east)), Some((north, west))],
        [true, false, true, false] => [Some((south, west)), Some((north, east))],
        [false, true, false, true] if is_joined => [Some((west, south)), Some((east, north))],
        [false, true, false, true] => [Some((east, south)), Some((west, north))],
    }
}
