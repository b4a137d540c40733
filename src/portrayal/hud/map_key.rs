//! What explains the colours of the map where these are not those of houses: the legend of a layer or of
//! a deformed view. One place for whoever lays panels out. Decides nothing about their content.

use crate::portrayal::deform::DeformFacts;
use crate::portrayal::layer::LayerFacts;
use crate::portrayal::overlay::Rect;

use super::HudFacts;
use super::deform_legend::{brief_legend, deform_legend, deform_legend_width};
use super::layer_legend::{layer_legend, layer_legend_width};
use super::pen::Pen;

/// Which of them.
#[derive(Clone, Copy)]
pub(super) enum MapKey<'a> {
    Layer(&'a LayerFacts),
    Deformed(&'a DeformFacts),
}

impl<'a> MapKey<'a> {
    /// What a picture needs; `None` where houses have their own colours.
    pub fn of(facts: &'a HudFacts) -> Option<Self> {
        let deformed = facts.deformed.as_ref().map(Self::Deformed);
        deformed.or_else(|| facts.layer.as_ref().map(Self::Layer))
    }

    /// Draws its island.
    pub fn draw(self, pen: &mut Pen, at: [f32; 2], w: f32) -> Rect {
        match self {
            Self::Layer(facts) => layer_legend(pen, at, w, facts),
            Self::Deformed(facts) => deform_legend(pen, at, w, facts),
        }
    }

    /// Draws what of it must be there at least.
    pub fn draw_brief(self, pen: &mut Pen, at: [f32; 2], w: f32) -> Rect {
        match self {
            Self::Layer(facts) => layer_legend(pen, at, w, facts),
            Self::Deformed(facts) => brief_legend(pen, at, w, facts),
        }
    }

    /// The width that it wants where it stands alone.
    pub fn width(self, pen: &Pen) -> f32 {
        match self {
            Self::Layer(facts) => layer_legend_width(pen, facts),
            Self::Deformed(facts) => deform_legend_width(pen, facts),
        }
    }
}
