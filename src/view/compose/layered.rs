//! The layer over the map, buildings as they lean, and who is signed in: what a composer knows beside
//! the city and its state. Never makes a layer or a deformation: it is given one.

use std::sync::Arc;

use crate::base::Timestamp;
use crate::model::{EntityRef, Ground, KindTable, Quantity, RankBy, RecordedLean};
use crate::portrayal::card::CardRights;
use crate::portrayal::chart::CardCharts;
use crate::portrayal::deform::{DeformFacts, DeformGrade, Deformation, DeformedView, RankedList};
use crate::portrayal::hud::{HudFacts, LayerOffer, SignedIn};
use crate::portrayal::layer::{Figure, LAYER_CLASSES, LayerKind, MapLayer, Sheet};
use crate::portrayal::look::Look;
use crate::portrayal::overlay::Rgba;
use crate::portrayal::scene::Glyph;
use crate::portrayal::words::Words;
use crate::view::gpu::Versioned;

use super::Composer;

/// What lies over the map.
#[derive(Default)]
pub(in crate::view) struct Over {
    layer: Option<MapLayer>,
    deformed: Option<(DeformFacts, Vec<Deformation>)>,
    can_deform: bool,
    offer: LayerOffer,
    signed_in: Option<SignedIn>,
    card: Option<(EntityRef, CardRights)>,
    charts: Option<(EntityRef, CardCharts)>,
    is_page: bool,
    version: u64,
}

impl Over {
    /// Of a city that can be shown as it leans, if it has sensors that tell, or sources do.
    pub fn of(ground: &Ground, kinds: &KindTable) -> Self {
        let mut told = ground.devices.values().filter_map(|device| {
            device.building?;
            Quantity::of_name(&kinds.get(&device.kind)?.quantity)
        });
        let mut recorded = ground.buildings.values().filter_map(RecordedLean::of);
        Self {
            can_deform: told.next().is_some() || recorded.next().is_some(),
            ..Self::default()
        }
    }

    /// Which houses are looked at first, where they are shown as they lean.
    pub fn ranked(
        &self,
        ground: &Ground,
        by: RankBy,
        now: Timestamp,
        words: &Words,
    ) -> Option<RankedList> {
        let (_, all) = self.deformed.as_ref()?;
        Some(RankedList::of(ground, all, by, now, words))
    }

    /// Changes with everything here.
    pub fn version(&self) -> u64 {
        self.version
    }

    pub fn kind(&self) -> Option<LayerKind> {
        self.layer.as_ref().map(|layer| layer.facts.kind)
    }

    /// Whether buildings are shown as they lean, hatched by grade.
    pub fn is_deformed(&self) -> bool {
        self.deformed.is_some()
    }

    /// The colours of classes of buildings and ground, where there are any.
    pub fn class_colors(&self, look: &Look) -> Option<[Rgba; LAYER_CLASSES]> {
        match self.deformed {
            Some(_) => Some(DeformGrade::colors(look)),
            None => self.kind().map(|kind| kind.colors(look)),
        }
    }

    pub fn figures(&self) -> &[Figure] {
        self.layer.as_ref().map_or(&[], |layer| &layer.figures)
    }

    /// The sheet over the land, where there is one.
    pub fn sheet(&self) -> Option<&Sheet> {
        self.layer.as_ref()?.sheet.as_ref()
    }

    /// How far the personal part of the card of a record has come.
    pub fn card_rights(&self, what: EntityRef) -> &CardRights {
        match &self.card {
            Some((of, rights)) if *of == what => rights,
            _ => &CardRights::Everybody,
        }
    }

    /// Adds it to what the panels say; `facts.selected` is told already.
    pub fn tell(&self, facts: &mut HudFacts) {
        let charts = self.charts.as_ref();
        let charts = charts.filter(|(of, _)| facts.selected == Some(*of));
        facts.charts = charts.map_or(CardCharts::None, |(_, charts)| charts.clone());
        facts.is_page = self.is_page;
        // A page shows no city: that there is none to draw is no fault.
        facts.is_bare &= !self.is_page;
        facts.layer = self.layer.as_ref().map(|layer| layer.facts.clone());
        facts.deformed = self.deformed.as_ref().map(|(facts, _)| *facts);
        facts.can_deform = self.can_deform;
        facts.layers.clone_from(&self.offer);
        facts.signed_in.clone_from(&self.signed_in);
    }
}

impl Composer {
    /// Shows a layer over the map instead of the one before; none with `None`. Buildings stand again,
    /// but over a layer that leaves them their colours they may go on leaning.
    pub fn show_layer(&mut self, layer: Option<MapLayer>) {
        if !layer.as_ref().is_some_and(MapLayer::leaves_buildings) {
            self.over.deformed = None;
            self.scene.show_standing();
        }
        self.scene.show_layer(layer.as_ref());
        self.over.layer = layer;
        self.over.version += 1;
    }

    /// Shows buildings as they lean and sink, hatched by grade, or as they stand. A layer that colours
    /// buildings goes: walls have one colour.
    pub fn show_deformed(&mut self, ground: &Ground, view: Option<&DeformedView>) {
        if view.is_some() {
            let layer = self.over.layer.take();
            self.over.layer = layer.filter(MapLayer::leaves_buildings);
            // Before the houses get their classes: a layer that goes takes all there are.
            self.scene.show_layer(self.over.layer.as_ref());
        }
        self.scene.show_deformed(ground, view);
        let count = self.scene.buildings.len();
        let recorded = self.scene.deformed.as_ref();
        let recorded = recorded.map_or(&[][..], |one| &one.recorded);
        let told = view.map(|view| (view.facts(count, recorded), view.deformations.clone()));
        self.over.deformed = told;
        self.over.version += 1;
    }

    /// Whether the city has sensors, or sources, by which buildings can be shown as they lean.
    #[must_use]
    pub fn can_deform(&self) -> bool {
        self.over.can_deform
    }

    /// How buildings lean and sink, for the shader.
    pub(super) fn building_moves(&self) -> Versioned<Vec<[f32; 4]>> {
        let deformed = self.scene.deformed.as_ref();
        Versioned {
            version: self.over.version(),
            content: deformed
                .map(|one| Arc::clone(&one.moves))
                .unwrap_or_default(),
        }
    }

    /// Places of glyphs, which move with buildings that are shown as they lean.
    pub(super) fn glyph_places(&mut self) -> Versioned<Vec<[f32; 4]>> {
        let version = self.over.version();
        if self.glyph_places.version != version {
            let place = |glyph: &Glyph| {
                let [x, y, z] = glyph.position.map(|v| v as f32);
                [x, y, z, glyph.heading_deg.to_radians() as f32]
            };
            self.glyph_places = Versioned {
                version,
                content: Arc::new(self.scene.glyphs.iter().map(place).collect()),
            };
        }
        self.glyph_places.clone()
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

    /// Shows charts on the card of a record.
    pub fn show_charts(&mut self, what: EntityRef, charts: CardCharts) {
        self.over.charts = Some((what, charts));
        self.over.version += 1;
    }

    /// Shows charts of a record alone, without the city.
    pub fn show_page(&mut self, what: EntityRef, charts: CardCharts) {
        self.over.is_page = true;
        self.show_charts(what, charts);
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
