//! The words of state that the shaders look up, and which glyphs are drawn. Made anew when a batch
//! came, something was selected or the eye moved; never touches geometry.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::BuildingId;
use crate::model::{EntityKind, EntityRef, Protection, Twin};
use crate::portrayal::camera::{Camera, Viewpoint};
use crate::portrayal::scene::{GlyphOrder, Scene, glyph_ranks, glyphs_in_view, state_words};

use super::Show;
use crate::view::gpu::Versioned;

/// The bit of a building that is shown as it leans and sinks.
const MOVED: u32 = 1 << 18;

/// What the order of glyphs was made from.
#[derive(PartialEq)]
struct OrderKey {
    words: u64,
    over: u64,
    view: Viewpoint,
    size_px: [f64; 2],
    devices: bool,
    mark_scale: f64,
}

/// State words and glyphs of one city.
pub(super) struct State {
    building_index: BTreeMap<BuildingId, u32>,
    heritage: Vec<bool>,
    ranks: Vec<u32>,
    pub building_words: Versioned<Vec<u32>>,
    pub glyph_words: Versioned<Vec<u32>>,
    pub glyph_order: Versioned<GlyphOrder>,
    words_key: Option<(u64, Option<EntityRef>, u64)>,
    order_key: Option<OrderKey>,
    version: u64,
}

impl State {
    pub fn new(scene: &Scene, twin: &Twin) -> Self {
        let buildings = &twin.ground().buildings;
        let is_heritage = |id| {
            buildings
                .get(id)
                .is_some_and(|building| building.protection != Protection::None)
        };
        let nothing = || Versioned {
            version: 0,
            content: Arc::default(),
        };
        let no_glyphs = Versioned {
            version: 0,
            content: Arc::default(),
        };
        Self {
            building_index: scene.buildings.iter().copied().zip(0..).collect(),
            heritage: scene.buildings.iter().map(is_heritage).collect(),
            ranks: glyph_ranks(scene.glyphs.len()),
            building_words: nothing(),
            glyph_words: nothing(),
            glyph_order: no_glyphs,
            words_key: None,
            order_key: None,
            version: 0,
        }
    }

    /// Brings words and glyphs up to date.
    pub fn refresh(
        &mut self,
        scene: &Scene,
        twin: &Twin,
        camera: &Camera,
        mark_scale: f32,
        show: &Show,
        over: u64,
    ) {
        let key = (twin.live().batch, show.selected, over);
        if self.words_key != Some(key) {
            self.words_key = Some(key);
            let buildings = self.building_words(scene, twin, show);
            let glyphs = state_words(&scene.glyphs, twin.live());
            // Most readings change no word: then nothing is uploaded or drawn anew.
            if *self.building_words.content != buildings {
                self.building_words = self.versioned(buildings);
            }
            if *self.glyph_words.content != glyphs {
                self.glyph_words = self.versioned(glyphs);
            }
        }
        let key = OrderKey {
            words: self.glyph_words.version,
            over,
            view: camera.view,
            size_px: camera.size_px,
            devices: show.layers.devices,
            mark_scale: f64::from(mark_scale),
        };
        if self.order_key.as_ref() != Some(&key) {
            let order = if key.devices {
                glyphs_in_view(
                    &scene.glyphs,
                    &self.glyph_words.content,
                    &self.ranks,
                    camera,
                    key.mark_scale,
                )
            } else {
                GlyphOrder::default()
            };
            self.glyph_order = self.versioned(order);
            self.order_key = Some(key);
        }
    }

    /// Versions of all that is seen of the state.
    pub fn versions(&self) -> [u64; 3] {
        [
            self.building_words.version,
            self.glyph_words.version,
            self.glyph_order.version,
        ]
    }

    fn versioned<T>(&mut self, content: T) -> Versioned<T> {
        self.version += 1;
        Versioned {
            version: self.version,
            content: Arc::new(content),
        }
    }

    /// Bit 0 heritage, 1 selected, 2–4 grade of the worst unreturned alarm plus one, but of a building
    /// that has the colour of its deformation: the legend explains that one alone, and the alarm has its
    /// mark; 5–7 class in the layer plus one, 18 whether it is shown as it leans, 8–17 and 19–31 a number of the building
    /// for patterns.
    fn building_words(&self, scene: &Scene, twin: &Twin, show: &Show) -> Vec<u32> {
        let word = |(index, heritage): (usize, &bool)| {
            u32::from(*heritage) | ((index as u32).wrapping_mul(2_654_435_761) & !(0xff | MOVED))
        };
        let mut words: Vec<u32> = self.heritage.iter().enumerate().map(word).collect();
        for (word, class) in words.iter_mut().zip(&scene.classes) {
            *word |= u32::from(*class & 7) << 5;
            if *class != 0 && scene.deformed.is_some() {
                *word |= MOVED;
            }
        }
        // What leans by what sources record has no grade.
        let moves = scene.deformed.iter().flat_map(|one| one.moves.iter());
        for (word, moved) in words.iter_mut().zip(moves) {
            if *moved != [0.0; 4] {
                *word |= MOVED;
            }
        }
        let ground = twin.ground();
        for alarm in twin.live().queue().into_iter().rev() {
            let device = ground.devices.get(&alarm.device);
            let building = device.and_then(|device| device.building);
            if let Some(index) = building.and_then(|id| self.building_index.get(&id)) {
                let class = scene.classes.get(*index as usize);
                if scene.deformed.is_some() && class.is_some_and(|class| *class != 0) {
                    continue;
                }
                let word = &mut words[*index as usize];
                *word = (*word & !0x1c) | ((alarm.grade as u32 + 1) << 2);
            }
        }
        if let Some(EntityRef {
            kind: EntityKind::Building,
            bits,
        }) = show.selected
            && let Some(index) = self.building_index.get(&BuildingId::from_bits(bits))
        {
            words[*index as usize] |= 2;
        }
        words
    }
}
