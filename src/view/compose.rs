//! Composes a frame: scene, state, camera and panels in; numbers for the render pass out.
//! Window, headless picture and bench all compose here. What did not change is not made again.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::{AlarmId, BuildingId, Timestamp};
use crate::model::{EntityKind, EntityRef, KindTable, Protection, Twin};
use crate::portrayal::alarms::{MarkFrame, MarkInput, alarm_marks};
use crate::portrayal::camera::Camera;
use crate::portrayal::card::card_for;
use crate::portrayal::hud::{
    self, Hit, HudInput, HudLayout, HudMode, LinkState, base_px, facts_from,
};
use crate::portrayal::labels::{LabelFrame, place_labels};
use crate::portrayal::look::{Look, Theme};
use crate::portrayal::overlay::{Rect, Shape};
use crate::portrayal::scene::{Chunk, Scene, state_words};
use crate::portrayal::words::{Lang, Words};

use super::flatten::flatten;
use super::fonts::{FontBook, FontError};
use super::gpu::{FrameInput, Item, SceneData, Versioned, VisibleChunk};
use super::naming::candidates;
use super::uniform;

/// Details are drawn where a metre is at least so many pixels.
const DETAIL_PX_PER_M: f64 = 1.5;
/// Most names on one picture.
const LABELS_MAX: usize = 60;

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
    /// What is selected.
    pub selected: Option<EntityRef>,
    /// The alarm in focus.
    pub focus: Option<AlarmId>,
    /// Where the pulse of unacknowledged alarms is, 0 to 1; `None` in a still picture.
    pub pulse: Option<f32>,
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
}

/// Composes frames of one city.
pub struct Composer {
    scene: Scene,
    kinds: KindTable,
    fonts: FontBook,
    building_index: BTreeMap<BuildingId, u32>,
    heritage: Vec<bool>,
    panels: Option<(PanelKey, HudLayout, Vec<Item>)>,
    words: Option<(WordsKey, [Versioned<Vec<u32>>; 2])>,
    version: u64,
}

type WordsKey = (u64, Option<EntityRef>);

impl Composer {
    /// A composer for this scene.
    ///
    /// # Errors
    /// When the system has no usable typeface.
    pub fn new(scene: Scene, twin: &Twin, kinds: KindTable) -> Result<Self, FontError> {
        let fonts = FontBook::of_system()?;
        let building_index = scene.buildings.iter().copied().zip(0..).collect();
        let buildings = &twin.ground().buildings;
        let is_heritage = |id| {
            buildings
                .get(id)
                .is_some_and(|building| building.protection != Protection::None)
        };
        let heritage = scene.buildings.iter().map(is_heritage).collect();
        Ok(Self {
            scene,
            kinds,
            fonts,
            building_index,
            heritage,
            panels: None,
            words: None,
            version: 1,
        })
    }

    /// The scene; its triangles are gone after [`Composer::take_upload`].
    #[must_use]
    pub fn scene(&self) -> &Scene {
        &self.scene
    }

    /// Kinds of device.
    #[must_use]
    pub fn kinds(&self) -> &KindTable {
        &self.kinds
    }

    /// The static geometry, to be uploaded once. Chunks keep their place and lose their corners.
    pub fn take_upload(&mut self) -> SceneData {
        let chunks = self
            .scene
            .chunks
            .iter_mut()
            .map(Chunk::take_geometry)
            .collect();
        let place = |at: [f64; 3]| [at[0] as f32, at[1] as f32, at[2] as f32, 0.0];
        SceneData {
            chunks,
            shade: self.scene.shade.take(),
            glyph_places: self
                .scene
                .glyphs
                .iter()
                .map(|glyph| place(glyph.position))
                .collect(),
            buildings: self.scene.buildings.len(),
        }
    }

    /// Composes one frame.
    pub fn compose(&mut self, twin: &Twin, camera: &Camera, show: &Show) -> Composed {
        if self.fonts.is_crowded() {
            self.fonts.clear_atlas();
            self.panels = None;
        }
        self.refresh_panels(twin, camera, show);
        self.refresh_words(twin, show);
        let (mut items, mut hits) = self.map_layer(twin, camera, show);
        if let Some((_, layout, panel_items)) = &self.panels {
            items.extend_from_slice(panel_items);
            hits.extend(layout.hits.iter().copied());
        }
        self.version += 1;
        let (atlas_version, atlas) = self.fonts.atlas();
        let [building_words, glyph_words] = match &self.words {
            Some((_, words)) => words.clone(),
            None => std::array::from_fn(|_| Versioned {
                version: 0,
                content: Arc::default(),
            }),
        };
        let input = FrameInput {
            uniform: uniform::of_frame(&self.scene, camera, show),
            chunks: self.visible(camera),
            building_words,
            glyph_words,
            glyphs: if show.layers.devices {
                self.scene.glyphs.len() as u32
            } else {
                0
            },
            items: Versioned {
                version: self.version,
                content: Arc::new(items),
            },
            atlas: Versioned {
                version: atlas_version,
                content: atlas,
            },
        };
        Composed { input, hits }
    }

    fn visible(&self, camera: &Camera) -> Vec<VisibleChunk> {
        let eye = camera.eye();
        let focal_px = camera.view.range_m / camera.metres_per_pixel();
        let chunks = self.scene.chunks.iter().zip(0..);
        let seen = chunks.filter(|(chunk, _)| camera.may_see(chunk.center, chunk.radius_m));
        let mut seen: Vec<_> = seen
            .map(|(chunk, index)| {
                let to: [f64; 3] = std::array::from_fn(|i| chunk.center[i] - eye[i]);
                let away = to.iter().map(|v| v * v).sum::<f64>().sqrt();
                let nearest = (away - chunk.radius_m).max(1.0);
                let [x, y, z] = std::array::from_fn(|i| (chunk.origin[i] - eye[i]) as f32);
                let detail = focal_px / nearest > DETAIL_PX_PER_M;
                (
                    away,
                    VisibleChunk {
                        index,
                        origin: [x, y, z, 0.0],
                        detail,
                    },
                )
            })
            .collect();
        // Near to far, so that what is hidden is not shaded.
        seen.sort_by(|a, b| a.0.total_cmp(&b.0));
        seen.into_iter().map(|(_, chunk)| chunk).collect()
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
        };
        if self
            .panels
            .as_ref()
            .is_some_and(|(known, _, _)| *known == key)
        {
            return;
        }
        let words = Words::of(show.lang);
        let mut facts = facts_from(twin, &self.kinds, key.show.now, show.link, words);
        facts.scale_m_per_px = Some(camera.metres_per_pixel());
        facts.heading_deg = camera.view.heading_deg;
        facts.views = self
            .scene
            .views
            .iter()
            .take(9)
            .map(|view| view.name.clone())
            .collect();
        facts.uncommitted = show.uncommitted;
        facts.selected = show.selected;
        facts.focus = show.focus;
        facts.card = show
            .selected
            .and_then(|what| card_for(twin, &self.kinds, what, key.show.now, words));
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

    fn refresh_words(&mut self, twin: &Twin, show: &Show) {
        let key = (twin.live().batch, show.selected);
        if self.words.as_ref().is_some_and(|(known, _)| *known == key) {
            return;
        }
        self.version += 1;
        let versioned = |content| Versioned {
            version: self.version,
            content: Arc::new(content),
        };
        let words = [
            self.building_words(twin, show),
            state_words(&self.scene.glyphs, twin.live()),
        ];
        self.words = Some((key, words.map(versioned)));
    }

    /// Bit 0 heritage, 1 selected, 2–4 grade of the worst unreturned alarm plus one, 8–31 a
    /// number of the building for patterns.
    fn building_words(&self, twin: &Twin, show: &Show) -> Vec<u32> {
        let word = |(index, heritage): (usize, &bool)| {
            u32::from(*heritage) | ((index as u32).wrapping_mul(2_654_435_761) & !0xff)
        };
        let mut words: Vec<u32> = self.heritage.iter().enumerate().map(word).collect();
        let ground = twin.ground();
        for alarm in twin.live().queue().into_iter().rev() {
            let device = ground.devices.get(&alarm.device);
            let building = device.and_then(|device| device.building);
            if let Some(index) = building.and_then(|id| self.building_index.get(&id)) {
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

    /// Names and alarm marks: what moves with the camera.
    fn map_layer(
        &mut self,
        twin: &Twin,
        camera: &Camera,
        show: &Show,
    ) -> (Vec<Item>, Vec<(Rect, Hit)>) {
        let look = Look::of(show.theme);
        let size = camera.size_px.map(|side| side as f32);
        let whole = Rect {
            x: 0.0,
            y: 0.0,
            w: size[0],
            h: size[1],
        };
        let (map_rect, mut reserved) = match &self.panels {
            Some((_, layout, _)) => (layout.map_rect, layout.panels.clone()),
            None => (whole, Vec::new()),
        };
        let base_px = base_px(size, show.ui_scale);
        let frame = MarkFrame {
            size_px: size,
            map_rect,
            panels: &reserved,
            base_px,
            pulse: show.pulse,
            look,
            measure: &self.fonts,
        };
        let (marks, hits) = alarm_marks(&self.mark_inputs(twin, camera, whole), &frame);
        reserved.extend(hits.iter().map(|(rect, _)| *rect));
        let mut shapes: Vec<Shape> = Vec::new();
        if show.layers.labels {
            let names = candidates(&self.scene, camera, show.lang);
            shapes = place_labels(
                &names,
                &LabelFrame {
                    bounds: whole,
                    reserved: &reserved,
                    base_px,
                    labels_max: LABELS_MAX,
                    look,
                    measure: &self.fonts,
                },
            );
        }
        shapes.extend(marks);
        (flatten(&shapes, &mut self.fonts), hits)
    }

    fn mark_inputs(&self, twin: &Twin, camera: &Camera, picture: Rect) -> Vec<MarkInput> {
        let ground = twin.ground();
        let input = |alarm: &crate::model::Alarm| {
            let device = ground.devices.get(&alarm.device)?;
            let local = self.scene.shown_at(ground, device);
            let (anchor, on_screen) = match camera.pixel_of(local) {
                Some((pixel, _)) => (pixel, picture.contains(pixel)),
                None => (behind(camera, local), false),
            };
            Some(MarkInput {
                id: alarm.id,
                anchor,
                on_screen,
                grade: alarm.grade,
                glyph: self.kinds.get(&device.kind).map_or('?', |kind| kind.glyph),
                acknowledged: alarm.acknowledged.is_some(),
                active: alarm.active,
            })
        };
        twin.live().queue().into_iter().filter_map(input).collect()
    }
}

/// A point far below the picture in the direction of something behind the eye.
fn behind(camera: &Camera, local: [f64; 3]) -> [f32; 2] {
    let eye = camera.eye();
    let bearing = (local[0] - eye[0]).atan2(local[1] - eye[1]).to_degrees();
    let turn = (bearing - camera.view.heading_deg).to_radians();
    let [w, h] = camera.size_px;
    let far = w.max(h) * 4.0;
    [
        (w / 2.0 + turn.sin() * far) as f32,
        (h / 2.0 - turn.cos() * far) as f32,
    ]
}
