//! The sheet that a chart is drawn on: lines, marks and texts that never lie on each other nor leave it.
//! Used by the parts of a chart. Never decides what is drawn.

use crate::portrayal::overlay::{Face, Form, Rect, Rgba, Shape};
use crate::portrayal::typeset::Set;

use super::ChartInput;

/// How a text is set.
#[derive(Clone, Copy)]
pub(super) struct Ink {
    pub face: Face,
    pub color: Rgba,
    /// Whether a halo of the paper stands around it.
    pub has_halo: bool,
}

pub(super) struct Sheet<'a> {
    pub input: ChartInput<'a>,
    pub shapes: Vec<Shape>,
    taken: Vec<Rect>,
}

impl<'a> Sheet<'a> {
    pub fn new(input: &ChartInput<'a>) -> Self {
        Self {
            input: *input,
            shapes: Vec::new(),
            taken: Vec::new(),
        }
    }

    pub fn plain(&self) -> Ink {
        self.ink(Face::Sans, self.input.look.text)
    }

    pub fn bold(&self) -> Ink {
        self.ink(Face::SansBold, self.input.look.text)
    }

    pub fn quiet(&self) -> Ink {
        self.ink(Face::Sans, self.input.look.text_secondary)
    }

    pub fn ink(&self, face: Face, color: Rgba) -> Ink {
        Ink {
            face,
            color,
            has_halo: false,
        }
    }

    /// How texts in this ink are measured.
    pub fn set(&self, ink: Ink) -> Set<'a> {
        Set {
            measure: self.input.measure,
            size: self.input.em,
            face: ink.face,
        }
    }

    pub fn width(&self, text: &str, ink: Ink) -> f32 {
        self.set(ink).width(text)
    }

    /// Writes with the left end at `x` and the middle of the line at `mid`, cut to `room`; gives the
    /// width. Nothing is written onto another text or off the sheet.
    pub fn text(&mut self, [x, mid]: [f32; 2], text: &str, ink: Ink, room: f32) -> f32 {
        let text = self.set(ink).fit(text, room);
        let (em, width) = (self.input.em, self.width(&text, ink));
        let rect = Rect {
            x,
            y: mid - em * 0.51,
            w: width,
            h: em,
        };
        if text.is_empty() || !self.is_free(&rect) {
            return 0.0;
        }
        self.taken.push(rect);
        let paper = self.input.look.panel;
        self.shapes.push(Shape::Text {
            at: [x, mid + em * 0.37],
            text,
            size: em,
            face: ink.face,
            color: ink.color,
            halo: ink.has_halo.then_some(paper.alpha(0xFF)),
            angle_rad: 0.0,
        });
        width
    }

    /// Whether a text may stand there.
    pub fn is_free(&self, rect: &Rect) -> bool {
        let sheet = &self.input.rect;
        let slack = 0.5;
        rect.x >= sheet.x - slack
            && rect.y >= sheet.y - slack
            && rect.x + rect.w <= sheet.x + sheet.w + slack
            && rect.y + rect.h <= sheet.y + sheet.h + slack
            && !self.taken.iter().any(|other| other.intersects(rect))
    }

    /// Keeps a place free of texts.
    pub fn take(&mut self, rect: Rect) {
        self.taken.push(rect);
    }

    pub fn line(&mut self, from: [f32; 2], to: [f32; 2], width: f32, color: Rgba) {
        self.shapes.push(Shape::Line {
            from,
            to,
            width,
            color,
        });
    }

    /// A line of dashes and the gaps between them, pixels.
    pub fn dashed(&mut self, ends: [[f32; 2]; 2], width: f32, color: Rgba, [dash, gap]: [f32; 2]) {
        let [from, to] = ends;
        let way = [to[0] - from[0], to[1] - from[1]];
        let length = way[0].hypot(way[1]);
        if !(length > 0.0) {
            return;
        }
        let at = |px: f32| [0, 1].map(|axis| from[axis] + way[axis] * px / length);
        let mut px = 0.0;
        while px < length {
            self.line(at(px), at((px + dash).min(length)), width, color);
            px += dash + gap;
        }
    }

    pub fn mark(&mut self, at: [f32; 2], size: f32, form: Form, fill: Rgba, angle_rad: f32) {
        self.shapes.push(Shape::Mark {
            at,
            size,
            form,
            fill,
            border: None,
            angle_rad,
        });
    }
}
