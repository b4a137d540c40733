//! Which names may be written in a picture, and where on it their things are.

use crate::portrayal::camera::Camera;
use crate::portrayal::hud::percent;
use crate::portrayal::labels::{LabelCandidate, LabelClass};
use crate::portrayal::layer::Figure;
use crate::portrayal::scene::{ALONG_M, Name, NameOf, Scene};
use crate::portrayal::words::{Key, Lang, Words};

/// Class, priority, and the distance up to which a name is written.
fn rank(of: NameOf) -> (LabelClass, i32, f32) {
    match of {
        NameOf::Landmark => (LabelClass::Place, 100, f32::INFINITY),
        NameOf::Quarter => (LabelClass::Place, 90, 30_000.0),
        NameOf::Place => (LabelClass::Site, 80, 3_000.0),
        NameOf::Water => (LabelClass::Water, 70, 4_000.0),
        NameOf::Street => (LabelClass::Lane, 60, 2_500.0),
        NameOf::Lane => (LabelClass::Lane, 50, 560.0),
        NameOf::Building => (LabelClass::Building, 40, 700.0),
        NameOf::Detail => (LabelClass::Detail, 30, 220.0),
    }
}

/// The names in view.
pub(super) fn candidates(scene: &Scene, camera: &Camera, lang: Lang) -> Vec<LabelCandidate> {
    let named = scene.names.iter().zip(0..);
    named
        .filter_map(|(name, id)| candidate(name, id, camera, lang))
        .collect()
}

/// The figures of a layer in view; they win over all names.
pub(super) fn figures(
    scene: &Scene,
    camera: &Camera,
    lang: Lang,
    figures: &[Figure],
) -> Vec<LabelCandidate> {
    let words = Words::of(lang);
    let one = |(figure, id): (&Figure, u64)| {
        let [x, y, _] = scene
            .frame
            .local_from_projected([figure.at[0], figure.at[1], 0.0]);
        let at = [x, y, scene.ground_m([x, y]) + FIGURE_M];
        let (anchor, distance) = camera.pixel_of(at)?;
        let share = figure
            .share
            .map_or_else(|| words.get(Key::LayerKeptBack), percent);
        Some(LabelCandidate {
            id,
            text: format!("{} {share}", figure.name),
            class: LabelClass::Figure,
            anchor,
            priority: 200,
            angle_rad: None,
            length_px: None,
            distance_m: distance as f32,
            range_m: [0.0, f32::INFINITY],
        })
    };
    figures.iter().zip(0..).filter_map(one).collect()
}

/// Figures stand over the roofs, not under them; metres above the land.
const FIGURE_M: f64 = 8.0;

fn candidate(name: &Name, id: u64, camera: &Camera, lang: Lang) -> Option<LabelCandidate> {
    let (anchor, distance) = camera.pixel_of(name.at)?;
    let [w, h] = camera.size_px.map(|side| side as f32);
    let inside = (0.0..w).contains(&anchor[0]) && (0.0..h).contains(&anchor[1]);
    let (class, priority, far_m) = rank(name.of);
    if !inside || distance as f32 > far_m {
        return None;
    }
    let text = match (lang, &name.text_en) {
        (Lang::En, Some(english)) => english.clone(),
        _ => name.text.clone(),
    };
    let along = name.along.and_then(|along| {
        let (to, _) = camera.pixel_of(along)?;
        let (x, y) = (to[0] - anchor[0], to[1] - anchor[1]);
        // Written from left to right, whichever way the line runs.
        let angle_rad = if x < 0.0 { (-y).atan2(-x) } else { y.atan2(x) };
        let length_px = x.hypot(y) * (name.length_m / ALONG_M) as f32;
        Some((angle_rad, length_px))
    });
    Some(LabelCandidate {
        id,
        text,
        class,
        anchor,
        priority,
        angle_rad: along.map(|(angle, _)| angle),
        length_px: along.map(|(_, length)| length),
        distance_m: distance as f32,
        range_m: [0.0, far_m],
    })
}
