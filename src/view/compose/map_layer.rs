//! Names and alarm marks: what lies flat on the city and moves with the eye. Names are placed anew
//! only when the eye, the panels or the marks have moved.

use crate::model::{KindTable, Twin};
use crate::portrayal::alarms::{MarkFrame, MarkInput, alarm_marks};
use crate::portrayal::camera::{Camera, Viewpoint};
use crate::portrayal::deform::deform_marks;
use crate::portrayal::hud::{Hit, HudLayout, base_px};
use crate::portrayal::labels::{LabelFrame, place_labels};
use crate::portrayal::look::{Look, Theme};
use crate::portrayal::overlay::Rect;
use crate::portrayal::scene::Scene;
use crate::portrayal::words::Lang;

use super::Show;
use super::layered::Over;
use super::sheeted::{sheet_figures, sheet_marks};
use crate::view::flatten::flatten;
use crate::view::fonts::FontBook;
use crate::view::gpu::Items;
use crate::view::naming::{candidates, figures};

/// Most names on one picture.
const LABELS_MAX: usize = 60;

/// What the names were placed around; equal keys give equal names.
#[derive(PartialEq)]
struct NamesKey {
    view: Viewpoint,
    size_px: [f64; 2],
    lang: Lang,
    theme: Theme,
    base_px: f32,
    shown: bool,
    reserved: Vec<Rect>,
    over: u64,
}

/// Names and marks as items.
#[derive(Default)]
pub(super) struct MapLayer {
    /// Points of a sheet.
    measured: Items,
    names: Option<(NamesKey, Items)>,
    marks: Items,
}

impl MapLayer {
    /// Everything: names above points that were measured, so that values can be read, and below marks.
    pub fn items(&self) -> Items {
        let mut all = self.measured.clone();
        if let Some((_, names)) = &self.names {
            all.extend(names);
        }
        all.extend(&self.marks);
        all
    }

    /// Brings names and marks up to date; gives what can be clicked.
    #[expect(
        clippy::too_many_arguments,
        reason = "the parts of one composer, lent for a call"
    )]
    pub fn refresh(
        &mut self,
        scene: &Scene,
        kinds: &KindTable,
        fonts: &mut FontBook,
        panels: Option<&HudLayout>,
        twin: &Twin,
        camera: &Camera,
        show: &Show,
        over: &Over,
    ) -> Vec<(Rect, Hit)> {
        let look = Look::of(show.theme);
        let size = camera.size_px.map(|side| side as f32);
        let [w, h] = size;
        let (x, y) = (0.0, 0.0);
        let whole = Rect { x, y, w, h };
        let (map_rect, mut reserved) = match panels {
            Some(layout) => (layout.map_rect, layout.panels.clone()),
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
            measure: &*fonts,
        };
        let (marks, hits) = alarm_marks(&mark_inputs(scene, kinds, twin, camera, whole), &frame);
        let shown = scene.deformed.as_ref();
        let posts = shown.map_or(&[][..], |one| &one.posts);
        let recorded = shown.map_or(&[][..], |one| &one.recorded);
        let deformed = deform_marks(posts, recorded, camera, base_px, look);
        reserved.extend(hits.iter().map(|(rect, _)| *rect));
        reserved.extend(deformed.reserved);
        let measured = over.sheet().map_or_else(Vec::new, |sheet| {
            sheet_marks(scene, sheet, camera, (base_px, look))
        });
        self.measured = flatten(&measured, fonts);
        // What leans lies under what is in alarm.
        self.marks = flatten(&deformed.shapes, fonts);
        self.marks.extend(&flatten(&marks, fonts));
        let key = NamesKey {
            view: camera.view,
            size_px: camera.size_px,
            lang: show.lang,
            theme: show.theme,
            base_px,
            shown: show.layers.labels,
            reserved,
            over: over.version(),
        };
        if self.names.as_ref().is_none_or(|(known, _)| *known != key) {
            let names = names(scene, fonts, camera, &key, over);
            self.names = Some((key, names));
        }
        hits
    }
}

/// The names that fit around what is reserved.
fn names(
    scene: &Scene,
    fonts: &mut FontBook,
    camera: &Camera,
    key: &NamesKey,
    over: &Over,
) -> Items {
    // The figures of a layer are its second sign: they stay where names are switched off.
    let mut wanted = figures(scene, camera, key.lang, over.figures());
    if let Some(sheet) = over.sheet() {
        wanted.extend(sheet_figures(scene, sheet, camera, key.base_px));
    }
    if key.shown {
        wanted.extend(candidates(scene, camera, key.lang));
    }
    let [w, h] = key.size_px.map(|side| side as f32);
    let frame = LabelFrame {
        bounds: Rect {
            x: 0.0,
            y: 0.0,
            w,
            h,
        },
        reserved: &key.reserved,
        base_px: key.base_px,
        labels_max: LABELS_MAX,
        look: Look::of(key.theme),
        measure: &*fonts,
    };
    let placed = place_labels(&wanted, &frame);
    flatten(&placed, fonts)
}

fn mark_inputs(
    scene: &Scene,
    kinds: &KindTable,
    twin: &Twin,
    camera: &Camera,
    picture: Rect,
) -> Vec<MarkInput> {
    let (ground, live) = (twin.ground(), twin.live());
    let input = |alarm: &crate::model::Alarm| {
        let device = ground.devices.get(&alarm.device)?;
        let local = scene.shown_at(ground, device);
        let (anchor, on_screen) = match camera.pixel_of(local) {
            Some((pixel, _)) => (pixel, picture.contains(pixel)),
            None => (behind(camera, local), false),
        };
        Some(MarkInput {
            id: alarm.id,
            anchor,
            on_screen,
            grade: alarm.grade,
            glyph: kinds.get(&device.kind).map_or('?', |kind| kind.glyph),
            // What is put aside calls nobody; it stays on the map.
            acknowledged: alarm.acknowledged.is_some() || live.aside(alarm).is_some(),
            active: alarm.active,
        })
    };
    live.queue().into_iter().filter_map(input).collect()
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
