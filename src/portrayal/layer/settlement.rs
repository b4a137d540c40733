//! The layer of what the ground settles by: a sheet over the land, lines of equal settlement, the points
//! that were measured, and what the legend says of them. Made by `app` from the field that `surface`
//! tells. Never fills a gap in the field, never draws one that nobody could tell.

use std::collections::BTreeMap;

use crate::base::Timestamp;
use crate::portrayal::look::Look;
use crate::portrayal::overlay::Rgba;
use crate::portrayal::words::{Key, Words};
use crate::space::Bounds2;

use super::{Basis, LayerFacts, LayerKind, MapLayer};

/// Cells of a sheet, at most: finer ones would be smaller than a pixel of a wall.
const CELLS_MAX: f64 = 40_000.0;
/// Side of a cell, at least; metres.
const CELL_M: f64 = 2.0;
/// So many steps from contour to contour over the range of a sheet, at most, where nobody says how far
/// apart they are.
const CONTOURS: f64 = 15.0;
/// No chosen interval is finer: nobody measures the ground that well.
const FINEST_UM: u32 = 100;
/// The longest interval that may be asked for, mm.
const LONGEST_MM: f64 = 1_000.0;
/// Every so many contours one is bold.
const BOLD_EVERY: i64 = 5;

/// Colours of the ramp: most heave, none, most settlement.
pub const SHEET_COLORS: usize = 9;

/// Millimetres from one contour to the next, in whole micrometres.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContourInterval(u32);

impl ContourInterval {
    /// Of millimetres: from a thousandth to a thousand. `None` for anything else.
    #[must_use]
    pub fn from_mm(mm: f64) -> Option<Self> {
        let um = (mm * 1_000.0).round();
        ((1.0..=LONGEST_MM * 1_000.0).contains(&um)).then_some(Self(um as u32))
    }

    /// One, two or five times a power of ten, so that six to fifteen steps fill the range.
    #[must_use]
    pub fn of_range((low_mm, high_mm): (f64, f64)) -> Self {
        let wanted_um = (high_mm - low_mm).abs() / CONTOURS * 1_000.0;
        let steps = (0..7).flat_map(|power| [1, 2, 5].map(|step| step * 10_u32.pow(power)));
        let longest = (LONGEST_MM * 1_000.0) as u32;
        let mut wide = steps.filter(|um| (FINEST_UM..=longest).contains(um));
        Self(
            wide.find(|um| f64::from(*um) >= wanted_um)
                .unwrap_or(longest),
        )
    }

    /// In millimetres.
    #[must_use]
    pub fn mm(self) -> f64 {
        f64::from(self.0) / 1_000.0
    }

    /// A value as it stands on its contour: with as many decimals as the interval has, heave with a
    /// minus.
    #[must_use]
    pub fn figure(self, value_mm: f64) -> String {
        let decimals = match self.0 {
            um if um % 1_000 == 0 => 0,
            um if um % 100 == 0 => 1,
            um if um % 10 == 0 => 2,
            _ => 3,
        };
        figure(value_mm, decimals)
    }

    /// Whether the contour of a value is bold: nought, and every fifth.
    fn is_bold(self, value_mm: f64) -> bool {
        let number = (value_mm / self.mm()).round() as i64;
        number % BOLD_EVERY == 0
    }
}

impl std::str::FromStr for ContourInterval {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mm: Option<f64> = text.trim().parse().ok();
        mm.and_then(Self::from_mm).ok_or_else(|| {
            format!(
                "the interval of contours is a number of millimetres from 0.001 to {LONGEST_MM}, not \
                 {text:?}"
            )
        })
    }
}

/// Millimetres with a sign that is a minus, and never minus nought.
#[must_use]
pub fn figure(value_mm: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value_mm.abs());
    let is_nought = text.chars().all(|one| matches!(one, '0' | '.'));
    if value_mm < 0.0 && !is_nought {
        format!("−{text}")
    } else {
        text
    }
}

/// The side of a cell of a sheet over these bounds, metres: 2, or as much more as a large city needs.
#[must_use]
pub fn sheet_cell_m(bounds: &Bounds2) -> f64 {
    let [w, h] = bounds.size();
    let wanted = (w * h / CELLS_MAX).sqrt();
    if wanted.is_finite() {
        (wanted * 2.0).ceil().max(CELL_M * 2.0) / 2.0
    } else {
        CELL_M
    }
}

/// Values of a field at the nodes of a lattice, in the city's CRS.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sheet {
    /// The south-west node.
    pub origin: [f64; 2],
    /// From one node to the next, metres.
    pub cell_m: f64,
    /// Nodes towards east.
    pub columns: usize,
    /// Settlement at the nodes, mm, row by row towards north; `None` where it cannot be told.
    pub values_mm: Vec<Option<f64>>,
    /// The settlement, or heave, at the end of the ramp, mm.
    pub scale_mm: f64,
    /// Lines of equal settlement.
    pub contours: Vec<SheetContour>,
    /// What was measured.
    pub points: Vec<SheetPoint>,
}

/// A line of equal settlement.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetContour {
    /// The settlement, mm; heave is below nought.
    pub value_mm: f64,
    /// What is written on it.
    pub figure: String,
    /// Nought and every fifth.
    pub is_bold: bool,
    /// Along it, in the city's CRS.
    pub line: Vec<[f64; 2]>,
}

impl SheetContour {
    /// A line of a surface with contours at this interval.
    #[must_use]
    pub fn new(value_mm: f64, every: ContourInterval, line: Vec<[f64; 2]>) -> Self {
        Self {
            value_mm,
            figure: every.figure(value_mm),
            is_bold: every.is_bold(value_mm),
            line,
        }
    }

    /// Whether the ground rises there: such a line is dashed, the second sign beside the colour.
    #[must_use]
    pub fn is_heave(&self) -> bool {
        is_heave(&self.figure)
    }
}

/// A point that was measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SheetPoint {
    /// Where, in the city's CRS.
    pub at: [f64; 2],
    /// What it settled by, mm; heave is below nought.
    pub mm: f64,
}

impl SheetPoint {
    /// What is written beside it.
    #[must_use]
    pub fn figure(&self) -> String {
        figure(self.mm, 1)
    }

    /// Whether it rose, as far as is written beside it.
    #[must_use]
    pub fn is_heave(&self) -> bool {
        is_heave(&self.figure())
    }
}

fn is_heave(figure: &str) -> bool {
    figure.starts_with('−')
}

impl Sheet {
    /// Where a value lies on the ramp: 0 for none, 1 for most settlement, −1 for as much heave.
    #[must_use]
    pub fn share(&self, value_mm: f64) -> f64 {
        if self.scale_mm > 0.0 {
            (value_mm / self.scale_mm).clamp(-1.0, 1.0)
        } else {
            0.0
        }
    }

    /// The settlement at a node, if it can be told.
    #[must_use]
    pub fn at(&self, column: usize, row: usize) -> Option<f64> {
        let is_node = column < self.columns;
        is_node.then(|| self.values_mm.get(row * self.columns + column).copied())??
    }

    /// Rows of nodes.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.values_mm.len() / self.columns.max(1)
    }
}

/// The colours of the ramp from most heave over none to most settlement.
#[must_use]
pub fn sheet_colors(look: &Look) -> [Rgba; SHEET_COLORS] {
    std::array::from_fn(|at| match at.checked_sub(SHEET_COLORS / 2) {
        Some(more) => look.settlement[more],
        None => look.heave[SHEET_COLORS / 2 - at],
    })
}

/// The colour at a share of the ramp, −1 to 1, mixed as the shader does but for its gamma.
#[must_use]
pub fn sheet_color(look: &Look, share: f64) -> Rgba {
    let colors = sheet_colors(look);
    let at = (share.clamp(-1.0, 1.0) + 1.0) * (SHEET_COLORS / 2) as f64;
    let first = (at.floor() as usize).min(SHEET_COLORS - 2);
    let part = at - first as f64;
    let [from, to] = [colors[first].0, colors[first + 1].0];
    Rgba(std::array::from_fn(|i| {
        (f64::from(from[i]) * (1.0 - part) + f64::from(to[i]) * part).round() as u8
    }))
}

/// What the legend tells of a layer of settlement.
#[derive(Debug, Clone, PartialEq)]
pub struct SettlementFacts {
    /// Points that were measured and can be used.
    pub points: usize,
    /// The newest reading that went into it.
    pub measured_at: Option<Timestamp>,
    /// What is drawn, or why nothing is.
    pub told: Result<SheetFacts, NoSheet>,
}

/// What is drawn of a field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SheetFacts {
    /// The least settlement that is told, mm; heave is below nought.
    pub low_mm: f64,
    /// The most.
    pub high_mm: f64,
    /// The settlement, or heave, at the end of the ramp, mm.
    pub scale_mm: f64,
    /// From contour to contour.
    pub every: ContourInterval,
    /// The share of the box around the points for which it is told, 0 to 1.
    pub share_told: f64,
    /// Where the standard error is above this nothing is told, mm.
    pub most_error_mm: f64,
    /// Nor further from the nearest point than this, metres.
    pub reach_m: f64,
    /// How far points are off what the others say, root mean square, mm.
    pub rmse_mm: f64,
    /// How many of them lie within the 95 % interval, 0 to 1.
    pub share_within_95: f64,
    /// Whether the standard errors hold.
    pub holds: bool,
}

/// Why no sheet is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum NoSheet {
    /// No reading that could be used.
    NoReadings,
    /// Fewer places than a field needs.
    TooFewPoints {
        /// So many there are.
        points: usize,
        /// So many it needs.
        least: usize,
    },
    /// More places than are worked out at once.
    TooManyPoints {
        /// So many there are.
        points: usize,
        /// So many may be.
        most: usize,
    },
    /// The same value everywhere.
    Constant {
        /// The value, mm.
        mm: f64,
    },
    /// Neighbours are no more alike than others.
    NoStructure {
        /// The mean of all, mm.
        mean_mm: f64,
        /// Its standard error, mm.
        standard_error_mm: f64,
    },
    /// The covariances allow no field.
    NotPositiveDefinite,
    /// A field, and yet its error is too large everywhere.
    NowhereTold {
        /// Above this nothing is told, mm.
        most_error_mm: f64,
    },
}

impl NoSheet {
    /// The reason in words.
    #[must_use]
    pub fn text(&self, words: &Words) -> String {
        let mm = |name, mm| (name, figure(mm, 2));
        match *self {
            Self::NoReadings => words.get(Key::SheetNoReadings),
            Self::TooFewPoints { points, least } => {
                let args = [("n", points.to_string()), ("least", least.to_string())];
                words.format(Key::SheetTooFew, &args)
            }
            Self::TooManyPoints { points, most } => {
                let args = [("n", points.to_string()), ("most", most.to_string())];
                words.format(Key::SheetTooMany, &args)
            }
            Self::Constant { mm: value } => words.format(Key::SheetConstant, &[mm("mm", value)]),
            Self::NoStructure {
                mean_mm,
                standard_error_mm,
            } => words.format(
                Key::SheetNoStructure,
                &[mm("mm", mean_mm), mm("error", standard_error_mm)],
            ),
            Self::NotPositiveDefinite => words.get(Key::SheetNotPositive),
            Self::NowhereTold { most_error_mm } => {
                words.format(Key::SheetNowhere, &[mm("mm", most_error_mm)])
            }
        }
    }
}

impl MapLayer {
    /// The layer of a sheet, or of the reason why there is none. `as_of` is the day, `YYYY-MM-DD`.
    #[must_use]
    pub fn settlement(
        every: Option<ContourInterval>,
        facts: SettlementFacts,
        sheet: Option<Sheet>,
        as_of: &str,
    ) -> Self {
        Self {
            facts: LayerFacts {
                kind: LayerKind::Settlement { every },
                as_of: as_of.to_owned(),
                classes: Vec::new(),
                basis: Basis::Settlement(facts),
            },
            buildings: BTreeMap::new(),
            patches: Vec::new(),
            outlines: Vec::new(),
            figures: Vec::new(),
            sheet,
        }
    }

    /// Whether buildings keep their own colours below it, so that they may lean at the same time.
    #[must_use]
    pub fn leaves_buildings(&self) -> bool {
        self.facts.kind.leaves_buildings()
    }
}
