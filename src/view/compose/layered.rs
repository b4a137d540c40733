//! The layer over the map, and who is signed in: what a composer knows beside the city and its state.
//! Never makes a layer: it is given one.

use crate::model::EntityRef;
use crate::portrayal::card::CardRights;
use crate::portrayal::hud::{HudFacts, LayerOffer, SignedIn};
use crate::portrayal::layer::{Figure, LayerKind, MapLayer};

use super::Composer;

/// What lies over the map.
#[derive(Default)]
pub(in crate::view) struct Over {
    layer: Option<MapLayer>,
    offer: LayerOffer,
    signed_in: Option<SignedIn>,
    card: Option<(EntityRef, CardRights)>,
    version: u64,
}

impl Over {
    /// Changes with everything here.
    pub fn version(&self) -> u64 {
        self.version
    }

    pub fn kind(&self) -> Option<LayerKind> {
        self.layer.as_ref().map(|layer| layer.facts.kind)
    }

    pub fn figures(&self) -> &[Figure] {
        self.layer.as_ref().map_or(&[], |layer| &layer.figures)
    }

    /// How far the personal part of the card of a record has come.
    pub fn card_rights(&self, what: EntityRef) -> &CardRights {
        match &self.card {
            Some((of, rights)) if *of == what => rights,
            _ => &CardRights::Everybody,
        }
    }

    /// Adds it to what the panels say.
    pub fn tell(&self, facts: &mut HudFacts) {
        facts.layer = self.layer.as_ref().map(|layer| layer.facts.clone());
        facts.layers.clone_from(&self.offer);
        facts.signed_in.clone_from(&self.signed_in);
    }
}

impl Composer {
    /// Shows a layer over the map instead of the one before; none with `None`.
    pub fn show_layer(&mut self, layer: Option<MapLayer>) {
        self.scene.show_layer(layer.as_ref());
        self.over.layer = layer;
        self.over.version += 1;
    }

    /// The layer that is shown.
    #[must_use]
    pub fn layer(&self) -> Option<LayerKind> {
        self.over.kind()
    }

    /// Tells whether layers can be had.
    pub fn offer_layers(&mut self, offer: LayerOffer) {
        if self.over.offer != offer {
            self.over.offer = offer;
            self.over.version += 1;
        }
    }

    /// Tells what the card of a record shows beside what everybody sees.
    pub fn open_card(&mut self, what: EntityRef, rights: CardRights) {
        self.over.card = Some((what, rights));
        self.over.version += 1;
    }

    /// Forgets what a card showed beside what everybody sees.
    pub fn close_card(&mut self) {
        if self.over.card.take().is_some() {
            self.over.version += 1;
        }
    }

    /// Tells who is signed in.
    pub fn sign_in(&mut self, who: Option<SignedIn>) {
        self.over.signed_in = who;
        self.over.version += 1;
    }
}
