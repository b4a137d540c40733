//! The panels over the city: what is open, how things stand, how fresh that is.
//!
//! Facts come from the twin by [`facts_from`]; [`layout`] turns them into a display list and the
//! places that can be clicked. Used by `view` for window and picture. Never reads a clock, never
//! hides an alarm to save room: what does not fit is counted.
//!
//! # Sizes
//! Everything is measured in ems of [`base_px`]: 1/54 of the picture's shorter side, at least 13
//! pixels. A Chinese character is about 0.92 em tall, so the smallest text spans 20 minutes of
//! arc at 2.9 picture heights and 16 (the least that `standards` allows) at 3.7; the queue's
//! first lines (1.25) reach 3.7 and 4.6. A wall of three rows of 55-inch panels, 2.05 m tall, is
//! read from 6 m at scale 1; for another room [`ui_scale_for`] gives the scale.

mod banners;
mod card;
mod charts;
mod collect;
mod compose;
mod credits;
mod deform_legend;
mod facts;
mod incidents;
mod layer_legend;
mod legend;
mod line;
mod map_key;
mod pen;
mod queue;
mod ranked;
mod say;
mod sheet_legend;
mod side;
mod situation;
mod stamps;
mod top;
mod waiting;

pub(super) use collect::{address, kind_name, place_of};
pub use collect::{alarm_rows, aside_text, device_words, facts_from};
pub use facts::{
    AlarmRow, COMPARED_KINDS, Compared, Counts, HudFacts, KindHealth, LayerOffer, LinkState,
    OrderAnswer, QUEUE_ROWS, SignedIn, Undone,
};
pub use incidents::{
    IncidentRow, clock_text, incident_place, incident_rows, incident_state, incident_title,
    rung_name,
};
pub use layer_legend::percent;
pub(super) use say::{ago, compass, number, span, time_of};
pub use say::{signed, wind};
pub use waiting::{ClockLine, Item, QueueRow, WaitingCount};

use crate::base::{AlarmId, BuildingId};
use crate::model::RankBy;

use super::card::CardRoom;
use super::look::Look;
use super::overlay::{Measure, Rect, Shape};
use super::words::Words;

/// What kind of picture the panels are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum HudMode {
    /// The wall and the desk: queue, situation, buttons.
    #[default]
    Wall,
    /// A picture for a report: title, legend, scale, north, source, data time; no buttons.
    Plate,
    /// The city alone. Stamps stay: a simulated, synthetic or exaggerated picture says so.
    None,
}

/// What a click on the panels asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hit {
    /// Fly to the alarm.
    Alarm(AlarmId),
    /// Fly to what waits.
    Waiting(Item),
    /// Take notice of what waits; of a call, answer it.
    TakeUp(Item),
    /// Fly to the saved view, counted from 0.
    SavedView(usize),
    /// Change the theme.
    Theme,
    /// Change the language.
    Lang,
    /// Step to the next layer of the map.
    Layer,
    /// Show buildings as they lean, or as they stand again.
    Deform,
    /// Draw that larger (`true`) or smaller.
    Exaggerate(bool),
    /// List houses in this order.
    Rank(RankBy),
    /// Fly to the building.
    House(BuildingId),
    /// Close the card.
    CloseCard,
    /// Turn the view to north.
    North,
    /// Part of a panel: the click is not for the city behind it.
    Panel,
}

/// Everything [`layout`] needs.
#[derive(Clone, Copy)]
pub struct HudInput<'a> {
    /// What to say.
    pub facts: &'a HudFacts,
    /// For what kind of picture.
    pub mode: HudMode,
    /// Size of the picture.
    pub size_px: [f32; 2],
    /// Factor on every size, 1 by default; see [`ui_scale_for`].
    pub ui_scale: f32,
    /// Theme.
    pub look: &'a Look,
    /// Language.
    pub words: &'a Words,
    /// How wide texts are.
    pub measure: &'a dyn Measure,
}

/// The panels, ready to paint.
#[derive(Debug, Clone, PartialEq)]
pub struct HudLayout {
    /// What to paint, in this order.
    pub shapes: Vec<Shape>,
    /// What can be clicked; of several at one point the last counts.
    pub hits: Vec<(Rect, Hit)>,
    /// The largest part of the picture that no panel covers.
    pub map_rect: Rect,
    /// The panels, for labels to keep clear of.
    pub panels: Vec<Rect>,
    /// The room on the card; none where there is no card.
    pub card_room: CardRoom,
}

impl HudLayout {
    /// What a click at this point asks for; `None` is a click on the city.
    #[must_use]
    pub fn hit(&self, at: [f32; 2]) -> Option<Hit> {
        let found = self.hits.iter().rev().find(|(rect, _)| rect.contains(at));
        found.map(|(_, hit)| *hit)
    }
}

/// The em of all panels: text of second rank has this size.
#[must_use]
pub fn base_px(size_px: [f32; 2], ui_scale: f32) -> f32 {
    let scale = if ui_scale.is_finite() {
        ui_scale.clamp(0.5, 4.0)
    } else {
        1.0
    };
    (size_px[0].min(size_px[1]) / 54.0).max(13.0) * scale
}

/// The scale at which the smallest text spans 20 minutes of arc for the farthest viewer.
#[must_use]
pub fn ui_scale_for(viewing_distance_m: f32, picture_height_m: f32) -> f32 {
    const CHARACTER_EM: f32 = 0.92;
    let character_m = viewing_distance_m * (20.0_f32 / 60.0).to_radians().tan();
    character_m / (CHARACTER_EM * picture_height_m / 54.0)
}

/// Lays out the panels.
#[must_use]
pub fn layout(input: &HudInput) -> HudLayout {
    compose::compose(input)
}

#[cfg(test)]
mod tests;
