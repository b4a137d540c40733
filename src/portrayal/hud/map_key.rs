//! What explains the colours of the map where these are not those of houses: the legend of a layer or of
//! a deformed view. One place for whoever lays panels out. Decides nothing about their content.

use crate::portrayal::deform::DeformFacts;
use crate::portrayal::layer::LayerFacts;
use crate::portrayal::overlay::Rect;

use super::HudFacts;
use super::deform_legend::{brief_legend, deform_legend, deform_legend_width};
use super::layer_legend::{brief_layer_legend, layer_legend, layer_legend_width, ramp_legend};
use super::pen::Pen;

/// Air between two legends, ems.
const GAP_EM: f32 = 0.7;
/// Least widths of the ramp of a sheet and of the grades of leaning, ems.
const RAMP_EM: f32 = 8.5;
const GRADES_EM: f32 = 10.5;

/// Which of them.
#[derive(Clone, Copy)]
pub(super) enum MapKey<'a> {
    Layer(&'a LayerFacts),
    Deformed(&'a DeformFacts),
    /// Buildings lean over a layer that leaves them their colours.
    Both(&'a DeformFacts, &'a LayerFacts),
}

impl<'a> MapKey<'a> {
    /// What a picture needs; `None` where houses have their own colours.
    pub fn of(facts: &'a HudFacts) -> Option<Self> {
        match (&facts.deformed, &facts.layer) {
            (Some(deformed), Some(layer)) => Some(Self::Both(deformed, layer)),
            (Some(deformed), None) => Some(Self::Deformed(deformed)),
            (None, layer) => layer.as_ref().map(Self::Layer),
        }
    }

    /// Draws its island.
    pub fn draw(self, pen: &mut Pen, at: [f32; 2], w: f32) -> Rect {
        match self {
            Self::Layer(facts) => layer_legend(pen, at, w, facts),
            Self::Deformed(facts) => deform_legend(pen, at, w, facts),
            Self::Both(deformed, layer) => {
                let upper = deform_legend(pen, at, w, deformed);
                below(pen, upper, |pen, at| layer_legend(pen, at, w, layer))
            }
        }
    }

    /// Draws what of it must be there at least.
    pub fn draw_brief(self, pen: &mut Pen, at: [f32; 2], w: f32) -> Rect {
        match self {
            Self::Layer(facts) => brief_layer_legend(pen, at, w, facts),
            Self::Deformed(facts) => brief_legend(pen, at, w, facts),
            Self::Both(deformed, layer) => beside(pen, (at, w), deformed, layer),
        }
    }

    /// The width that it wants where it stands alone.
    pub fn width(self, pen: &Pen) -> f32 {
        match self {
            Self::Layer(facts) => layer_legend_width(pen, facts),
            Self::Deformed(facts) => deform_legend_width(pen, facts),
            Self::Both(deformed, layer) => {
                deform_legend_width(pen, deformed).max(layer_legend_width(pen, layer))
            }
        }
    }
}

/// Draws what must be there of both side by side; where not even that has room, grades alone: the stamp
/// names the sheet.
fn beside(
    pen: &mut Pen,
    (at, w): ([f32; 2], f32),
    deformed: &DeformFacts,
    layer: &LayerFacts,
) -> Rect {
    let [x, y] = at;
    let gap = pen.em * GAP_EM;
    let ramp_w = (w * 0.4).max(pen.em * RAMP_EM);
    let grades_w = w - gap - ramp_w;
    if grades_w < pen.em * GRADES_EM {
        return brief_legend(pen, at, w, deformed);
    }
    let ramp = ramp_legend(pen, at, ramp_w, layer);
    let grades = brief_legend(pen, [x + ramp_w + gap, y], grades_w, deformed);
    let h = ramp.h.max(grades.h);
    Rect { x, y, w, h }
}

/// Draws an island below another one; gives the room of both.
fn below(pen: &mut Pen, upper: Rect, draw: impl FnOnce(&mut Pen, [f32; 2]) -> Rect) -> Rect {
    let gap = pen.em * GAP_EM;
    let lower = draw(pen, [upper.x, upper.y + upper.h + gap]);
    Rect {
        h: upper.h + gap + lower.h,
        ..upper
    }
}
