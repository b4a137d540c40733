//! Names on the map that keep clear of each other, of panels and of alarms.
//! Used by `view`, which projects the anchors. Never decides what has a name, only whether there
//! is room for it now.

use super::look::Look;
use super::overlay::{Face, Measure, Rect, Rgba, Shape};

/// What a label names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LabelClass {
    /// A quarter, a garden, a pagoda.
    Place,
    /// A hotel, a museum, any other place.
    Site,
    /// A city gate.
    Gate,
    /// Water: along it, letter-spaced.
    Water,
    /// A street or lane: along it.
    Lane,
    /// A building.
    Building,
    /// A work of art, a board, a bench.
    Detail,
    /// A camera.
    Camera,
    /// A figure of a layer.
    Figure,
    /// A number along a line of equal value.
    Contour,
    /// A value beside the point where it was measured.
    Reading,
}

/// A name that may be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelCandidate {
    /// Breaks ties, so that the same names win in the next picture.
    pub id: u64,
    /// The name.
    pub text: String,
    /// What it names.
    pub class: LabelClass,
    /// Where its middle should be.
    pub anchor: [f32; 2],
    /// Higher wins.
    pub priority: i32,
    /// The direction of what it names on the screen, clockwise; `None` is level.
    pub angle_rad: Option<f32>,
    /// Room along what it names, in pixels; a longer name stays away.
    pub length_px: Option<f32>,
    /// Distance from the camera.
    pub distance_m: f32,
    /// Shown from the first to the second distance.
    pub range_m: [f32; 2],
}

/// How and where labels are placed.
#[derive(Clone, Copy)]
pub struct LabelFrame<'a> {
    /// Where labels may stand.
    pub bounds: Rect,
    /// What they keep clear of: panels, alarm marks.
    pub reserved: &'a [Rect],
    /// The em of the picture ([`super::hud::base_px`]).
    pub base_px: f32,
    /// Most labels at once.
    pub labels_max: usize,
    /// Theme.
    pub look: &'a Look,
    /// How wide texts are.
    pub measure: &'a dyn Measure,
}

/// A name that found its place.
struct Placed<'a> {
    text: &'a str,
    at: [f32; 2],
    boxes: Vec<Rect>,
}

/// Equal names nearer than this are one name: stretches of one canal carry it once.
const REPEAT_EM: f32 = 24.0;

/// Places as many names as there is room for: by priority, then by id, so that the same names win
/// in the next picture.
#[must_use]
pub fn place_labels(candidates: &[LabelCandidate], frame: &LabelFrame) -> Vec<Shape> {
    let mut order: Vec<&LabelCandidate> = candidates.iter().filter(|one| is_wanted(one)).collect();
    order.sort_by_key(|one| (std::cmp::Reverse(one.priority), one.id));
    let mut placed: Vec<Placed> = Vec::new();
    let mut shapes = Vec::new();
    for one in order {
        if placed.len() >= frame.labels_max {
            break;
        }
        if is_repeated(one, &placed, frame) {
            continue;
        }
        let found = settings(one, frame)
            .into_iter()
            .find(|set| is_free(set, &placed, frame));
        if let Some(set) = found {
            shapes.extend(set.shapes);
            placed.push(Placed {
                text: &one.text,
                at: one.anchor,
                boxes: set.boxes,
            });
        }
    }
    shapes
}

fn is_wanted(one: &LabelCandidate) -> bool {
    let [near, far] = one.range_m;
    !one.text.is_empty()
        && one.anchor.iter().all(|x| x.is_finite())
        && (near..=far).contains(&one.distance_m)
}

fn is_repeated(one: &LabelCandidate, placed: &[Placed], frame: &LabelFrame) -> bool {
    // Two points may well have measured the same.
    if one.class == LabelClass::Reading {
        return false;
    }
    let near = frame.base_px * REPEAT_EM;
    placed.iter().any(|other| {
        let away = (other.at[0] - one.anchor[0]).hypot(other.at[1] - one.anchor[1]);
        other.text == one.text && away < near
    })
}

fn is_free(set: &Setting, placed: &[Placed], frame: &LabelFrame) -> bool {
    let taken = |rect: &Rect| {
        frame.reserved.iter().any(|other| other.intersects(rect))
            || placed
                .iter()
                .any(|other| other.boxes.iter().any(|other| other.intersects(rect)))
    };
    set.boxes
        .iter()
        .all(|rect| inside(&frame.bounds, rect) && !taken(rect))
}

fn inside(outer: &Rect, rect: &Rect) -> bool {
    rect.x >= outer.x
        && rect.y >= outer.y
        && rect.x + rect.w <= outer.x + outer.w
        && rect.y + rect.h <= outer.y + outer.h
}

/// Type of a class: step of the scale, face, colour, space between letters in ems.
struct Type {
    step: f32,
    face: Face,
    color: Rgba,
    spacing: f32,
}

fn type_of(class: LabelClass, look: &Look) -> Type {
    let (step, face, color, spacing) = match class {
        LabelClass::Place => (1.6, Face::Serif, look.place, 0.0),
        LabelClass::Gate | LabelClass::Site => (1.25, Face::Serif, look.place, 0.0),
        LabelClass::Water => (1.25, Face::Serif, look.water_name, 0.5),
        LabelClass::Lane | LabelClass::Building | LabelClass::Detail | LabelClass::Camera => {
            (1.0, Face::Sans, look.lane, 0.0)
        }
        LabelClass::Figure => (1.25, Face::SansBold, look.text, 0.0),
        LabelClass::Contour => (1.0, Face::SansBold, look.text, 0.0),
        LabelClass::Reading => (1.0, Face::Sans, look.text, 0.0),
    };
    Type {
        step,
        face,
        color,
        spacing,
    }
}

/// One way to set a name: what to paint and what it covers.
struct Setting {
    shapes: Vec<Shape>,
    boxes: Vec<Rect>,
}

/// The ways to set a name, the best first; none when it is longer than what it names.
fn settings(one: &LabelCandidate, frame: &LabelFrame) -> Vec<Setting> {
    let mut ty = type_of(one.class, frame.look);
    if !is_chinese(&one.text) {
        ty.spacing *= 0.3;
    }
    let size = ty.step * frame.base_px;
    let letters: Vec<(char, f32)> = one
        .text
        .chars()
        .map(|letter| {
            let w = frame
                .measure
                .width(letter.encode_utf8(&mut [0; 4]), size, ty.face);
            (letter, w + ty.spacing * size)
        })
        .collect();
    let length = letters.iter().map(|(_, w)| w).sum::<f32>() - ty.spacing * size;
    if one.length_px.is_some_and(|room| length > room) {
        return Vec::new();
    }
    match one.angle_rad.filter(|angle| angle.is_finite()) {
        Some(angle) => vec![along(
            one.anchor, angle, &letters, size, length, &ty, frame.look,
        )],
        None => level(one, size, &ty, frame),
    }
}

/// Whether the letter is as wide as high: Chinese and its kin.
fn is_wide(letter: char) -> bool {
    letter >= '\u{2E80}'
}

fn is_chinese(text: &str) -> bool {
    text.chars().all(is_wide)
}

/// Level: on the anchor, else above, else below it.
fn level(one: &LabelCandidate, size: f32, ty: &Type, frame: &LabelFrame) -> Vec<Setting> {
    let w = frame.measure.width(&one.text, size, ty.face);
    let [x, y] = one.anchor;
    let set = |dy: f32| {
        let rect = Rect {
            x: x - w / 2.0 - size * 0.25,
            y: y + dy - size * 0.7,
            w: w + size * 0.5,
            h: size * 1.4,
        };
        let at = [x - w / 2.0, y + dy + size * 0.37];
        Setting {
            shapes: vec![text(one.text.clone(), at, size, ty, 0.0, frame.look)],
            boxes: vec![rect],
        }
    };
    [0.0, -1.5, 1.5].map(|dy| set(dy * size)).into()
}

/// Along a direction, letter by letter. Chinese along a steep line stands upright and reads
/// downwards, as on a map; anything else is turned with the line and reads to the right.
fn along(
    middle: [f32; 2],
    angle: f32,
    letters: &[(char, f32)],
    size: f32,
    length: f32,
    ty: &Type,
    look: &Look,
) -> Setting {
    let is_chinese = letters.iter().all(|(letter, _)| is_wide(*letter));
    let (mut dx, mut dy) = (angle.cos(), angle.sin());
    let is_upright = is_chinese && dy.abs() > 0.77;
    let is_backwards = if is_upright { dy < 0.0 } else { dx < 0.0 };
    if is_backwards {
        (dx, dy) = (-dx, -dy);
    }
    let turn = if is_upright { 0.0 } else { dy.atan2(dx) };
    let mut set = Setting {
        shapes: Vec::new(),
        boxes: Vec::new(),
    };
    let mut reach = -length / 2.0;
    for (letter, advance) in letters {
        let w = advance - ty.spacing * size;
        let center = reach + w / 2.0;
        let [x, y] = [middle[0] + dx * center, middle[1] + dy * center];
        // From the letter's middle to the left end of its base line, turned with the letter.
        let (back, down) = (-w / 2.0, size * 0.37);
        let at = [
            x + back * turn.cos() - down * turn.sin(),
            y + back * turn.sin() + down * turn.cos(),
        ];
        if !letter.is_whitespace() {
            set.shapes
                .push(text(letter.to_string(), at, size, ty, turn, look));
        }
        let side = size * 1.3;
        set.boxes.push(Rect {
            x: x - side / 2.0,
            y: y - side / 2.0,
            w: side,
            h: side,
        });
        reach += advance;
    }
    set
}

fn text(text: String, at: [f32; 2], size: f32, ty: &Type, turn: f32, look: &Look) -> Shape {
    Shape::Text {
        at,
        text,
        size,
        face: ty.face,
        color: ty.color,
        halo: Some(look.ground),
        angle_rad: turn,
    }
}

#[cfg(test)]
mod tests;
