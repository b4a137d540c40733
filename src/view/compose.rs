//! Composes a frame: scene, state, camera and panels in; numbers for the render pass out.
//! Window, headless picture and bench all compose here. What did not change is not made again.

mod layered;
mod map_layer;
mod pieces;
mod sheeted;
mod state;

use std::sync::Arc;

use crate::base::Timestamp;
use crate::model::{EntityRef, KindTable, RankBy, Twin};
use crate::portrayal::camera::{Camera, Viewpoint};
use crate::portrayal::card::{CardRoom, card_for};
use crate::portrayal::hud::{
    self, Compared, Hit, HudFacts, HudInput, HudLayout, HudMode, Item, LinkState, OrderAnswer,
    Undone, facts_from,
};
use crate::portrayal::look::{Look, Theme};
use crate::portrayal::overlay::Rect;
use crate::portrayal::scene::{Draw, Scene};
use crate::portrayal::words::{Lang, Words};

use super::flatten::flatten;
use super::fonts::{FontBook, FontError};
use super::gpu::{FrameInput, GeometryQueue, Items, SceneData, StillInput, Versioned};
use super::uniform::{self, mark_scale};
pub(super) use layered::Over;
use map_layer::MapLayer;
use pieces::Pieces;
use state::State;

/// Layers that can be switched off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layers {
    /// Devices and cameras.
    pub devices: bool,
    /// Names.
    pub labels: bool,
    /// Panels. Stamps and alarms always stay.
    pub hud: bool,
}

impl Default for Layers {
    fn default() -> Self {
        Self {
            devices: true,
            labels: true,
            hud: true,
        }
    }
}

/// How the city is to be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Show {
    /// Theme.
    pub theme: Theme,
    /// Language.
    pub lang: Lang,
    /// Panels for a wall or for a plate.
    pub mode: HudMode,
    /// Factor on all sizes.
    pub ui_scale: f32,
    /// The picture's time.
    pub now: Timestamp,
    /// The line to the engine.
    pub link: LinkState,
    /// Whether the newest data could not be stored yet.
    pub uncommitted: bool,
    /// What was lost of orders, as long as that is told.
    pub undone: Option<Undone>,
    /// What is selected.
    pub selected: Option<EntityRef>,
    /// What is in focus.
    pub focus: Option<Item>,
    /// Why the last order was not carried out, as long as that is told.
    pub answer: Option<OrderAnswer>,
    /// Where the pulse of unacknowledged alarms is, 0 to 1; `None` in a still picture.
    pub pulse: Option<f32>,
    /// In what order houses are listed, where they are shown as they lean.
    pub rank: RankBy,
    /// Layers.
    pub layers: Layers,
}

/// A composed frame.
pub struct Composed {
    /// For the render pass.
    pub input: FrameInput,
    /// What can be clicked; the last match counts.
    pub hits: Vec<(Rect, Hit)>,
}

/// What the panels were made from; equal keys give equal panels.
#[derive(PartialEq)]
struct PanelKey {
    batch: u64,
    show: Show,
    size: [f64; 2],
    scale: u64,
    heading: i64,
    over: u64,
}

/// Composes frames of one city.
pub struct Composer {
    scene: Scene,
    kinds: KindTable,
    fonts: FontBook,
    state: State,
    map_layer: MapLayer,
    pieces: Pieces,
    panels: Option<(PanelKey, HudLayout, Items)>,
    version: u64,
    eye: Option<(Viewpoint, [f64; 2], Theme)>,
    looks: Option<Looks>,
    looks_version: u64,
    comparison: Option<Compared>,
    over: Over,
    glyph_places: Versioned<Vec<[f32; 4]>>,
}

/// A picture at rest is drawn at twice the size if it has no more pixels then (64 MB of colour) …
const STILL_PIXELS_MAX: f64 = 16.0e6;
/// … and no longer side than any graphics driver can draw.
const STILL_SIDE_MAX: f64 = 8_192.0;

/// Bytes of geometry on the graphics card; an old city of 8,000 houses needs a fifth of it.
const GEOMETRY_BUDGET_BYTES: u64 = 256 << 20;

/// What the picture of the city depends on: eye, size, theme, versions of its state and pieces.
type Looks = (Viewpoint, [f64; 2], Theme, [u64; 4]);

impl Composer {
    /// A composer for this scene.
    ///
    /// # Errors
    /// When the system has no usable typeface.
    pub fn new(scene: Scene, twin: &Twin, kinds: KindTable) -> Result<Self, FontError> {
        Ok(Self {
            fonts: FontBook::of_system()?,
            state: State::new(&scene, twin),
            scene,
            map_layer: MapLayer::default(),
            pieces: Pieces::new(GEOMETRY_BUDGET_BYTES),
            panels: None,
            version: 1,
            eye: None,
            looks: None,
            looks_version: 0,
            comparison: None,
            over: Over::of(twin.ground(), &kinds),
            glyph_places: Versioned {
                version: u64::MAX,
                content: Arc::default(),
            },
            kinds,
        })
    }

    /// The same, with a legend that tells how two versions differ. The scene shows it already
    /// ([`Scene::show_difference`]).
    #[must_use]
    pub fn comparing(mut self, comparison: Compared) -> Self {
        self.comparison = Some(comparison);
        self
    }

    /// The scene.
    #[must_use]
    pub fn scene(&self) -> &Scene {
        &self.scene
    }

    /// Kinds of device.
    #[must_use]
    pub fn kinds(&self) -> &KindTable {
        &self.kinds
    }

    /// What holds for the whole city, to be uploaded once.
    pub fn take_upload(&mut self) -> SceneData {
        SceneData {
            shade: self.scene.shade.take(),
            glyphs: self.scene.glyphs.len(),
            buildings: self.scene.buildings.len(),
        }
    }

    /// The pieces of geometry on their way to the graphics card.
    #[must_use]
    pub fn geometry(&self) -> GeometryQueue {
        self.pieces.queue()
    }

    /// From now on a frame makes geometry of at most so many records: a picture that moves stays
    /// fluent and gets finer from frame to frame. Without this, every frame is complete.
    pub fn hurry(&mut self, records_per_frame: usize) {
        self.pieces.hurry(records_per_frame);
    }

    /// Bytes of geometry on the graphics card.
    #[must_use]
    pub fn geometry_bytes(&self) -> u64 {
        self.pieces.bytes()
    }

    /// The room on the card of what is selected, in a picture of this size.
    pub fn card_room(&mut self, twin: &Twin, size_px: [f64; 2], show: &Show) -> CardRoom {
        self.lay_out(twin, size_px, show);
        let panels = self.panels.as_ref();
        panels.map_or(CardRoom::default(), |(_, layout, _)| layout.card_room)
    }

    /// Lays the panels of a picture of this size out, wherever it looks.
    fn lay_out(&mut self, twin: &Twin, size_px: [f64; 2], show: &Show) {
        let camera = Camera::new(self.scene.default_view(1.6), size_px);
        self.refresh_panels(twin, &camera, show);
    }

    /// The part of a picture of this size that its panels leave free, pixels.
    pub fn free_rect(&mut self, twin: &Twin, size_px: [f64; 2], show: &Show) -> Rect {
        self.lay_out(twin, size_px, show);
        let whole = Rect {
            x: 0.0,
            y: 0.0,
            w: size_px[0] as f32,
            h: size_px[1] as f32,
        };
        self.panels
            .as_ref()
            .map_or(whole, |(_, layout, _)| layout.map_rect)
    }

    /// Composes one frame.
    pub fn compose(&mut self, twin: &Twin, camera: &Camera, show: &Show) -> Composed {
        if self.fonts.is_crowded() {
            self.fonts.clear_atlas();
            self.panels = None;
            self.map_layer = MapLayer::default();
        }
        self.refresh_panels(twin, camera, show);
        let still = self.still_camera(camera, show);
        let scale = mark_scale(camera.size_px, show);
        let (seen_by, seen_scale) = match &still {
            Some((factor, large)) => (large, scale * *factor as f32),
            None => (camera, scale),
        };
        self.state.refresh(
            &self.scene,
            twin,
            seen_by,
            seen_scale,
            show,
            self.over.version(),
        );
        self.version += 1;
        let (draws, still) = self.draws(twin, camera, still, seen_scale, show);
        let layout = self.panels.as_ref().map(|(_, layout, _)| layout);
        let mut hits = self.map_layer.refresh(
            &self.scene,
            &self.kinds,
            &mut self.fonts,
            layout,
            twin,
            camera,
            show,
            &self.over,
        );
        let items = self.flat_layer(&mut hits);
        let (atlas_version, atlas) = self.fonts.atlas();
        let input = FrameInput {
            frame: self.version,
            uniform: uniform::of_frame(&self.scene, camera, show, &self.over),
            draws,
            building_words: self.state.building_words.clone(),
            building_moves: self.building_moves(),
            glyph_places: self.glyph_places(),
            glyph_words: self.state.glyph_words.clone(),
            glyph_order: self.state.glyph_order.clone(),
            items: Versioned {
                version: self.version,
                content: Arc::new(items),
            },
            atlas: Versioned {
                version: atlas_version,
                content: atlas,
            },
            graded: self.over.is_deformed(),
            still,
        };
        Composed { input, hits }
    }

    /// Names, marks and, on top, panels; what can be clicked of these comes last.
    fn flat_layer(&self, hits: &mut Vec<(Rect, Hit)>) -> Items {
        let mut items = self.map_layer.items();
        if let Some((_, layout, panel_items)) = &self.panels {
            items.extend(panel_items);
            hits.extend(layout.hits.iter().copied());
        }
        items
    }

    /// What to draw of the city, and of its picture while the eye rests.
    fn draws(
        &mut self,
        twin: &Twin,
        camera: &Camera,
        still: Option<(u32, Camera)>,
        mark_scale: f32,
        show: &Show,
    ) -> (Vec<Draw>, Option<StillInput>) {
        let ground = twin.ground();
        self.pieces.begin(self.version);
        let still_draws = still
            .as_ref()
            .map(|(_, large)| self.pieces.draws(&self.scene, ground, large));
        let draws = self.pieces.draws(&self.scene, ground, camera);
        let still = still.as_ref().zip(still_draws);
        let still = still
            .map(|((factor, large), draws)| self.still(*factor, large, mark_scale, show, draws));
        (draws, still)
    }

    /// The camera of the city's picture, when the eye rests in a window whose marks may pulse.
    fn still_camera(&mut self, camera: &Camera, show: &Show) -> Option<(u32, Camera)> {
        let eye = (camera.view, camera.size_px, show.theme);
        let rests = self.eye.replace(eye) == Some(eye);
        if !rests || show.pulse.is_none() {
            return None;
        }
        let [w, h] = camera.size_px;
        let fits = w.max(h) * 2.0 <= STILL_SIDE_MAX && w * h * 4.0 <= STILL_PIXELS_MAX;
        let factor = if fits { 2 } else { 1 };
        let size_px = [w, h].map(|side| side * f64::from(factor));
        Some((factor, Camera::new(camera.view, size_px)))
    }

    /// The city's picture for that camera; another version whenever it looks different.
    fn still(
        &mut self,
        factor: u32,
        camera: &Camera,
        mark_scale: f32,
        show: &Show,
        draws: Vec<Draw>,
    ) -> StillInput {
        let [buildings, glyphs, order] = self.state.versions();
        let pieces = self.pieces.version() + self.over.version();
        let versions = [buildings, glyphs, order, pieces];
        let looks = (camera.view, camera.size_px, show.theme, versions);
        if self.looks != Some(looks) {
            self.looks = Some(looks);
            self.looks_version += 1;
        }
        let mut uniform = uniform::of_frame(&self.scene, camera, show, &self.over);
        uniform.picture[3] = mark_scale;
        StillInput {
            version: self.looks_version,
            factor,
            uniform,
            draws,
        }
    }

    fn refresh_panels(&mut self, twin: &Twin, camera: &Camera, show: &Show) {
        let key = PanelKey {
            batch: twin.live().batch,
            // Panels tell seconds; the pulse is not theirs.
            show: Show {
                now: Timestamp::from_millis(show.now.millis().div_euclid(1_000) * 1_000),
                pulse: None,
                ..show.clone()
            },
            size: camera.size_px,
            scale: (camera.metres_per_pixel() * 1_000.0) as u64,
            heading: camera.view.heading_deg.round() as i64,
            over: self.over.version(),
        };
        if self
            .panels
            .as_ref()
            .is_some_and(|(known, _, _)| *known == key)
        {
            return;
        }
        let words = Words::of(show.lang);
        let facts = self.facts(twin, camera, &key.show, words);
        let layout = hud::layout(&HudInput {
            facts: &facts,
            mode: if show.layers.hud {
                show.mode
            } else {
                HudMode::None
            },
            size_px: camera.size_px.map(|side| side as f32),
            ui_scale: show.ui_scale,
            look: Look::of(show.theme),
            words,
            measure: &self.fonts,
        });
        let items = flatten(&layout.shapes, &mut self.fonts);
        self.panels = Some((key, layout, items));
    }

    /// What the panels say.
    fn facts(&self, twin: &Twin, camera: &Camera, show: &Show, words: &Words) -> HudFacts {
        let mut facts = facts_from(twin, &self.kinds, show.now, show.link, words);
        facts.scale_m_per_px = Some(camera.metres_per_pixel());
        facts.heading_deg = camera.view.heading_deg;
        facts.views = self
            .scene
            .views
            .iter()
            .take(9)
            .map(|view| view.name.clone())
            .collect();
        facts.is_bare = self.scene.is_empty();
        facts.uncommitted = show.uncommitted;
        facts.undone = show.undone;
        facts.comparison.clone_from(&self.comparison);
        facts.ranked = self.over.ranked(twin.ground(), show.rank, show.now, words);
        facts.selected = show.selected;
        self.over.tell(&mut facts);
        facts.focus = show.focus;
        facts.answer.clone_from(&show.answer);
        facts.card = show.selected.and_then(|what| {
            let rights = self.over.card_rights(what);
            card_for(twin, &self.kinds, what, show.now, words, rights)
        });
        facts
    }
}
