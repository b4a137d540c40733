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
            Self::Both(deformed, layer) => {
                let upper = brief_legend(pen, at, w, deformed);
                below(pen, upper, |pen, at| ramp_legend(pen, at, w, layer))
            }
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

/// Draws an island below another one; gives the room of both.
fn below(pen: &mut Pen, upper: Rect, draw: impl FnOnce(&mut Pen, [f32; 2]) -> Rect) -> Rect {
    let gap = pen.em * GAP_EM;
    let lower = draw(pen, [upper.x, upper.y + upper.h + gap]);
    Rect {
        h: upper.h + gap + lower.h,
        ..upper
    }
}
