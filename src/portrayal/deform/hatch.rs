//! The second sign beside the colour: how walls and roofs of each grade are hatched. One table for the
//! shader and for the samples of the legend, so that these cannot differ.

use super::{DEFORM_GRADES, DeformGrade};

/// What a hatch is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum HatchKind {
    /// Nothing: the plain colour.
    None = 0,
    /// Lines that rise to the right.
    Lines = 1,
    /// Lines both ways.
    Crossed = 2,
    /// Dots.
    Dots = 3,
}

/// A hatch, in pixels where the em of panels has 13.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hatch {
    /// What it is made of.
    pub kind: HatchKind,
    /// From line to line.
    pub period_px: f32,
    /// Width of a line, diameter of a dot.
    pub width_px: f32,
}

/// Hatches by class: the worse, the denser.
const HATCHES: [Hatch; DEFORM_GRADES] = [
    hatch(HatchKind::None, 8.0, 0.0),
    hatch(HatchKind::Lines, 9.0, 1.0),
    hatch(HatchKind::Lines, 6.5, 1.2),
    hatch(HatchKind::Lines, 4.4, 1.2),
    hatch(HatchKind::Crossed, 6.2, 0.9),
    hatch(HatchKind::Dots, 4.6, 2.2),
];

const fn hatch(kind: HatchKind, period_px: f32, width_px: f32) -> Hatch {
    Hatch {
        kind,
        period_px,
        width_px,
    }
}

/// How a grade is hatched.
#[must_use]
pub const fn hatch_of(grade: DeformGrade) -> Hatch {
    HATCHES[grade.class() as usize]
}
