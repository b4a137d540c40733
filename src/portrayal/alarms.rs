//! Alarms on the map: a mark in the form of its grade with the sign of its kind, on a stem.
//! Used by `view`, which projects the anchors. Never hides an alarm: marks give way to each
//! other, then stack under the worst with a count; what is off the screen shows at its edge.

use crate::base::AlarmId;
use crate::model::Grade;

use super::hud::Hit;
use super::look::Look;
use super::overlay::{Face, Form, Measure, Rect, Rgba, Shape};

mod arrange;

use arrange::{Ground, Place, arrange};

/// One open alarm, in the order of the queue.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MarkInput {
    /// The alarm.
    pub id: AlarmId,
    /// Where the device is on the screen; off the screen, the direction in which it lies.
    pub anchor: [f32; 2],
    /// Whether the anchor lies before the camera and on the screen.
    pub on_screen: bool,
    /// Grade.
    pub grade: Grade,
    /// Sign of the kind.
    pub glyph: char,
    /// Whether somebody took notice.
    pub acknowledged: bool,
    /// Whether the condition still holds.
    pub active: bool,
}

/// How and where marks are drawn.
#[derive(Clone, Copy)]
pub struct MarkFrame<'a> {
    /// Size of the picture.
    pub size_px: [f32; 2],
    /// The largest part of the picture free of panels ([`super::hud::HudLayout::map_rect`]).
    pub map_rect: Rect,
    /// What marks keep clear of ([`super::hud::HudLayout::panels`]); an anchor under a panel
    /// counts as off the screen.
    pub panels: &'a [Rect],
    /// The em of the picture ([`super::hud::base_px`]).
    pub base_px: f32,
    /// Where the 1 Hz pulse is, 0 to 1; `None` for a still picture.
    pub pulse: Option<f32>,
    /// Theme.
    pub look: &'a Look,
    /// How wide texts are.
    pub measure: &'a dyn Measure,
}

/// A sign of a grade: its form and colour, with the sign of a kind inside.
#[derive(Debug, Clone, Copy)]
pub(in crate::portrayal) struct Sign {
    pub at: [f32; 2],
    pub size: f32,
    pub grade: Grade,
    pub glyph: Option<char>,
    /// The condition has ended: only the outline is left.
    pub hollow: bool,
}

/// Draws a sign. Forms inscribed in one circle differ in area, so each has a factor of its own.
pub(in crate::portrayal) fn sign(
    shapes: &mut Vec<Shape>,
    look: &Look,
    measure: &dyn Measure,
    sign: &Sign,
) {
    let of = look.grade(sign.grade);
    // Factor on the size, how far the form sinks to stand level, and room for the glyph.
    let (factor, sink, glyph_size) = match of.form {
        Form::Triangle => (1.2, 0.11, 0.46),
        Form::Square => (1.1, 0.0, 0.56),
        Form::Disc => (0.94, 0.0, 0.56),
        _ => (1.0, 0.0, 0.56),
    };
    let at = [sign.at[0], sign.at[1] + sign.size * sink];
    let mark = |size: f32, fill, border| Shape::Mark {
        at,
        size,
        form: of.form,
        fill,
        border,
        angle_rad: 0.0,
    };
    let whole = sign.size * factor;
    shapes.push(mark(whole, of.color, Some(look.mark_edge)));
    if sign.hollow {
        let inside = if of.form == Form::Triangle { 0.6 } else { 0.74 };
        shapes.push(mark(whole * inside, look.panel.alpha(0xFF), None));
    }
    let Some(glyph) = sign.glyph else { return };
    let size = sign.size
        * if sign.hollow {
            glyph_size * 0.86
        } else {
            glyph_size
        };
    let text = glyph.to_string();
    let width = measure.width(&text, size, Face::SansBold);
    shapes.push(Shape::Text {
        at: [at[0] - width / 2.0, at[1] + size * 0.37],
        text,
        size,
        face: Face::SansBold,
        color: if sign.hollow { look.text } else { of.ink },
        halo: None,
        angle_rad: 0.0,
    });
}

/// The ring of what nobody acknowledged: it grows and fades with the pulse, or stands still.
pub(in crate::portrayal) fn ring(
    shapes: &mut Vec<Shape>,
    at: [f32; 2],
    size: f32,
    color: Rgba,
    pulse: Option<f32>,
) {
    let (factor, alpha) = match pulse {
        None => (1.4, 0xE0),
        Some(phase) => {
            let phase = phase.rem_euclid(1.0);
            (1.2 + 0.6 * phase, (240.0 - 200.0 * phase) as u8)
        }
    };
    shapes.push(Shape::Mark {
        at,
        size: size * factor,
        form: Form::Ring,
        fill: color.alpha(alpha),
        border: None,
        angle_rad: 0.0,
    });
}

/// The marks of all open alarms; `marks` comes in the order of the queue, worst first.
#[must_use]
pub fn alarm_marks(marks: &[MarkInput], frame: &MarkFrame) -> (Vec<Shape>, Vec<(Rect, Hit)>) {
    let [w, h] = frame.size_px;
    let ground = Ground {
        picture: Rect {
            x: 0.0,
            y: 0.0,
            w,
            h,
        },
        map: frame.map_rect,
        panels: frame.panels,
    };
    let places = arrange(marks, &ground, frame.base_px * SIZE_EM);
    let mut shapes = Vec::new();
    for place in &places {
        stem(&mut shapes, frame, place);
    }
    // The worst is painted last, over all others; counts over every mark.
    for place in places.iter().rev() {
        draw(&mut shapes, frame, place);
    }
    for place in &places {
        count(&mut shapes, frame, place);
    }
    let hits = places
        .iter()
        .rev()
        .map(|place| (place.rect, Hit::Alarm(place.mark.id)));
    (shapes, hits.collect())
}

/// Diameter of a mark of middle rank.
const SIZE_EM: f32 = 2.2;

fn stem(shapes: &mut Vec<Shape>, frame: &MarkFrame, place: &Place) {
    let color = frame.look.grade(place.mark.grade).color;
    let (em, from, to) = (frame.base_px, place.mark.anchor, place.at);
    if let Some(outward) = place.outward {
        let size = place.size;
        let ahead = [
            to[0] + outward[0] * size * 0.84,
            to[1] + outward[1] * size * 0.84,
        ];
        shapes.push(Shape::Mark {
            at: ahead,
            size: size * 0.5,
            form: Form::Arrow,
            fill: color,
            border: Some(frame.look.mark_edge),
            angle_rad: outward[0].atan2(-outward[1]),
        });
        return;
    }
    for (width, color) in [(em * 0.24, frame.look.mark_edge), (em * 0.12, color)] {
        shapes.push(Shape::Line {
            from,
            to,
            width,
            color,
        });
    }
    shapes.push(Shape::Mark {
        at: from,
        size: em * 0.5,
        form: Form::Disc,
        fill: color,
        border: Some(frame.look.mark_edge),
        angle_rad: 0.0,
    });
}

fn draw(shapes: &mut Vec<Shape>, frame: &MarkFrame, place: &Place) {
    let mut size = place.size;
    if let Some(grade) = place.waiting {
        ring(
            shapes,
            place.at,
            size,
            frame.look.grade(grade).color,
            frame.pulse,
        );
        if let Some(phase) = frame.pulse {
            size *= 1.0 + 0.08 * (phase * std::f32::consts::PI).sin().abs();
        }
    }
    sign(
        shapes,
        frame.look,
        frame.measure,
        &Sign {
            at: place.at,
            size,
            grade: place.mark.grade,
            glyph: Some(place.mark.glyph),
            hollow: !place.mark.active,
        },
    );
}

/// How many alarms a mark stands for, when it is more than one.
fn count(shapes: &mut Vec<Shape>, frame: &MarkFrame, place: &Place) {
    if place.count < 2 {
        return;
    }
    let em = frame.base_px;
    let text = place.count.to_string();
    let width = frame.measure.width(&text, em, Face::SansBold);
    let rect = Rect {
        x: place.at[0] - width / 2.0 - em * 0.35,
        y: place.at[1] + place.size * 0.5 - em * 0.6,
        w: width + em * 0.7,
        h: em * 1.2,
    };
    let look = frame.look;
    shapes.push(Shape::Panel {
        rect,
        radius: em * 0.3,
        fill: look.panel.alpha(0xFF),
        border: Some(look.grade(place.worst).color),
    });
    shapes.push(Shape::Text {
        at: [place.at[0] - width / 2.0, rect.y + rect.h / 2.0 + em * 0.37],
        text,
        size: em,
        face: Face::SansBold,
        color: look.text,
        halo: None,
        angle_rad: 0.0,
    });
}

#[cfg(test)]
mod tests;
