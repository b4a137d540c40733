//! The wall's line to the registers: asked for layers and for what a card shows, answered when they
//! are ready, so that no picture waits. Never opens a value, never decides who may see one.

use crate::base::{DeviceId, Timestamp};
use crate::model::EntityRef;
use crate::portrayal::card::{CardRights, CardRoom};
use crate::portrayal::chart::CardCharts;
use crate::portrayal::hud::LayerOffer;
use crate::portrayal::layer::{LayerKind, MapLayer};

use super::charted::Charted;
use super::{Wall, deformed};

/// What a wall asks the registers.
#[derive(Debug, Clone, PartialEq)]
pub enum RegisterQuestion {
    /// A layer over the map.
    Layer(LayerKind),
    /// What the card of a record shows to who is signed in. Every question is an opening of its own
    /// and goes on record.
    Card {
        /// Whose card.
        what: EntityRef,
        /// How much room it has.
        room: CardRoom,
    },
    /// The charts of a sensor, or of a building's sensors.
    Charts {
        /// Whose.
        what: EntityRef,
        /// Up to when somebody looked at what was sudden, sensor by sensor.
        looked: Vec<(DeviceId, Timestamp)>,
    },
}

/// What the registers answer; reasons are for people.
#[derive(Debug, Clone, PartialEq)]
pub enum RegisterAnswer {
    /// A layer, or why there is none.
    Layer(LayerKind, Result<Box<MapLayer>, String>),
    /// How a card shows its personal part; what is opened is on record already.
    Card(EntityRef, Result<CardRights, String>),
    /// Charts of what was asked about; why there are none is among them.
    Charts(EntityRef, CardCharts),
}

/// The registers as a wall knows them. Never waits.
pub trait Registers: Send + Sync {
    /// Hands in a question.
    fn ask(&mut self, question: RegisterQuestion);

    /// The answers since the last call.
    fn answers(&mut self) -> Vec<RegisterAnswer>;
}

/// What was asked last.
#[derive(Debug, Default)]
pub(super) struct Asked {
    layer: Option<LayerKind>,
    card: Option<EntityRef>,
    charts: Charted,
}

/// Ends a layer that colours buildings, and waits for none.
pub(super) fn end_colours(wall: &mut Wall) {
    let Some(_) = wall.asked.layer.take_if(|kind| !kind.leaves_buildings()) else {
        return;
    };
    wall.composer.show_layer(None);
    if wall.registers.is_some() {
        wall.composer.offer_layers(LayerOffer::Ready);
    }
}

/// Steps to the next layer; after the last comes none.
pub(super) fn step_layer(wall: &mut Wall) {
    let steps = LayerKind::STEPS;
    let next = match wall.asked.layer {
        None => steps.first(),
        Some(shown) => {
            let at = steps.iter().position(|step| *step == shown);
            at.and_then(|at| steps.get(at + 1))
        }
    };
    if next.is_some_and(|kind| !kind.leaves_buildings()) {
        deformed::end(wall);
    }
    let Some(registers) = &mut wall.registers else {
        return;
    };
    wall.asked.layer = next.copied();
    match next {
        Some(kind) => {
            registers.ask(RegisterQuestion::Layer(*kind));
            wall.composer.offer_layers(LayerOffer::Making);
        }
        None => {
            wall.composer.show_layer(None);
            wall.leaning.show_again();
            wall.composer.offer_layers(LayerOffer::Ready);
        }
    }
}

/// Asks about what was selected since the last frame, and takes over what was answered.
pub(super) fn follow(wall: &mut Wall) {
    let Some(registers) = &mut wall.registers else {
        return;
    };
    if wall.asked.card != wall.show.selected {
        wall.asked.card = wall.show.selected;
        wall.composer.close_card();
        if let Some(what) = wall.show.selected.filter(|_| wall.is_signed_in) {
            wall.composer.open_card(what, CardRights::Asked);
            let room = wall
                .composer
                .card_room(&wall.twin, wall.size_px, &wall.show);
            registers.ask(RegisterQuestion::Card { what, room });
        }
    }
    wall.asked.charts.ask(
        (&wall.twin, wall.show.selected),
        registers.as_mut(),
        &mut wall.composer,
    );
    for answer in registers.answers() {
        match answer {
            // Somebody stepped on before it was ready.
            RegisterAnswer::Layer(kind, _) if wall.asked.layer != Some(kind) => {}
            RegisterAnswer::Layer(_, Ok(layer)) => {
                wall.composer.show_layer(Some(*layer));
                wall.composer.offer_layers(LayerOffer::Ready);
            }
            RegisterAnswer::Layer(_, Err(reason)) => {
                wall.composer.show_layer(None);
                wall.leaning.show_again();
                wall.composer.offer_layers(LayerOffer::Refused { reason });
            }
            RegisterAnswer::Card(what, _) if wall.asked.card != Some(what) => {}
            RegisterAnswer::Card(what, told) => {
                let rights = told.unwrap_or_else(CardRights::Refused);
                wall.composer.open_card(what, rights);
            }
            RegisterAnswer::Charts(what, charts) => {
                if wall.asked.charts.take(what) {
                    wall.composer.show_charts(what, charts);
                }
            }
        }
    }
}
