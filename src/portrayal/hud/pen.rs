//! The pen that the panels are drawn with: ems, type, cutting to length, islands.

use crate::portrayal::card::CardRoom;
use crate::portrayal::look::Look;
use crate::portrayal::overlay::{Face, Form, Rect, Rgba, Shape};
use crate::portrayal::typeset::Set;

use super::{Hit, HudInput, HudMode, base_px};

/// Type of a text: step of the scale (1, 1.25, 1.6, 2, 2.6), face and colour.
#[derive(Debug, Clone, Copy)]
pub(super) struct Type {
    pub step: f32,
    pub face: Face,
    pub color: Rgba,
}

/// Where the content of an island goes: left, top, width.
#[derive(Debug, Clone, Copy)]
pub(super) struct Inner {
    pub x: f32,
    pub y: f32,
    pub w: f32,
}

/// How much was drawn at some moment, to move or forget what came after.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment(usize, usize, usize);

pub(super) struct Pen<'a> {
    pub input: HudInput<'a>,
    /// The em in pixels.
    pub em: f32,
    /// Air within islands, in ems.
    pub pad_em: f32,
    pub shapes: Vec<Shape>,
    pub hits: Vec<(Rect, Hit)>,
    pub panels: Vec<Rect>,
    /// The room on the card.
    pub card_room: CardRoom,
}

impl<'a> Pen<'a> {
    pub fn new(input: &HudInput<'a>) -> Self {
        Self {
            input: *input,
            em: base_px(input.size_px, input.ui_scale),
            pad_em: 0.9,
            shapes: Vec::new(),
            hits: Vec::new(),
            panels: Vec::new(),
            card_room: CardRoom::default(),
        }
    }

    pub fn look(&self) -> &'a Look {
        self.input.look
    }

    /// Whether there is somebody who can click.
    pub fn has_buttons(&self) -> bool {
        self.input.mode == HudMode::Wall
    }

    pub fn sans(&self, step: f32) -> Type {
        self.typed(step, Face::Sans, self.look().text)
    }

    pub fn bold(&self, step: f32) -> Type {
        self.typed(step, Face::SansBold, self.look().text)
    }

    pub fn quiet(&self, step: f32) -> Type {
        self.typed(step, Face::Sans, self.look().text_secondary)
    }

    pub fn typed(&self, step: f32, face: Face, color: Rgba) -> Type {
        Type { step, face, color }
    }

    /// How a type is set.
    fn set(&self, ty: Type) -> Set<'_> {
        Set {
            measure: self.input.measure,
            size: ty.step * self.em,
            face: ty.face,
        }
    }

    pub fn width(&self, text: &str, ty: Type) -> f32 {
        self.set(ty).width(text)
    }

    /// Width with every figure as wide as a zero, so that a running clock moves nothing.
    pub fn steady_width(&self, text: &str, ty: Type) -> f32 {
        let zeros: String = text
            .chars()
            .map(|c| if c.is_ascii_digit() { '0' } else { c })
            .collect();
        self.width(text, ty).max(self.width(&zeros, ty))
    }

    /// The text, cut with "…" where it is wider than `room`; empty where not even that fits.
    pub fn fit(&self, text: &str, ty: Type, room: f32) -> String {
        self.set(ty).fit(text, room)
    }

    /// The text in as many lines as it needs to be read whole.
    pub fn wrapped(&self, text: &str, ty: Type, room: f32) -> Vec<String> {
        self.set(ty).wrapped(text, room)
    }

    /// Writes with the left end at `x`, the middle of the line at `mid`, cut to `room`;
    /// gives the width.
    pub fn text(&mut self, x: f32, mid: f32, text: &str, ty: Type, room: f32) -> f32 {
        let text = self.fit(text, ty, room);
        if text.is_empty() {
            return 0.0;
        }
        let size = ty.step * self.em;
        let width = self.width(&text, ty);
        self.shapes.push(Shape::Text {
            // Capitals and Chinese characters have their middle 0.37 em above the base line.
            at: [x, mid + size * 0.37],
            text,
            size,
            face: ty.face,
            color: ty.color,
            halo: None,
            angle_rad: 0.0,
        });
        width
    }

    /// As [`text`](Self::text) with the right end at `x`.
    pub fn text_right(&mut self, x: f32, mid: f32, text: &str, ty: Type, room: f32) -> f32 {
        let text = self.fit(text, ty, room);
        let width = self.width(&text, ty);
        self.text(x - width, mid, &text, ty, f32::INFINITY)
    }

    /// As [`text`](Self::text) with the middle at `x`.
    pub fn text_centered(&mut self, x: f32, mid: f32, text: &str, ty: Type, room: f32) {
        let text = self.fit(text, ty, room);
        let width = self.width(&text, ty);
        self.text(x - width / 2.0, mid, &text, ty, f32::INFINITY);
    }

    pub fn mark(&mut self, at: [f32; 2], size: f32, form: Form, fill: Rgba, turn: f32) {
        self.shapes.push(Shape::Mark {
            at,
            size,
            form,
            fill,
            border: None,
            angle_rad: turn,
        });
    }

    pub fn line(&mut self, from: [f32; 2], to: [f32; 2], width: f32, color: Rgba) {
        self.shapes.push(Shape::Line {
            from,
            to,
            width,
            color,
        });
    }

    /// A thin level rule.
    pub fn rule(&mut self, x: f32, w: f32, y: f32) {
        let width = (self.em * 0.05).max(1.0);
        self.line([x, y], [x + w, y], width, self.look().rule);
    }

    pub fn fill(&mut self, rect: Rect, radius: f32, fill: Rgba, border: Option<Rgba>) {
        self.shapes.push(Shape::Panel {
            rect,
            radius,
            fill,
            border,
        });
    }

    /// A button; its target is a little larger than what is seen.
    pub fn button(&mut self, rect: Rect, label: &str, hit: Hit) {
        let (fill, rule) = (self.look().button, self.look().rule);
        self.fill(rect, self.em * 0.25, fill, Some(rule));
        let middle = [rect.x + rect.w / 2.0, rect.y + rect.h / 2.0];
        let room = rect.w - self.em * 0.4;
        self.text_centered(middle[0], middle[1], label, self.sans(1.0), room);
        let more = self.em * 0.15;
        let target = Rect {
            x: rect.x - more,
            y: rect.y - more,
            w: rect.w + 2.0 * more,
            h: rect.h + 2.0 * more,
        };
        self.hits.push((target, hit));
    }

    /// A panel of the height that its content needs: `draw` gives the lower end of the content.
    pub fn island(
        &mut self,
        at: [f32; 2],
        w: f32,
        draw: impl FnOnce(&mut Self, Inner) -> f32,
    ) -> Rect {
        let (shape, hit, panel) = (self.shapes.len(), self.hits.len(), self.panels.len());
        let pad = self.em * self.pad_em;
        let mut rect = Rect {
            x: at[0],
            y: at[1],
            w,
            h: 0.0,
        };
        let (fill, rule) = (self.look().panel, self.look().rule);
        self.fill(rect, self.em * 0.4, fill, Some(rule.alpha(0x90)));
        self.hits.push((rect, Hit::Panel));
        self.panels.push(rect);
        let inner = Inner {
            x: at[0] + pad,
            y: at[1] + pad * 0.8,
            w: (w - 2.0 * pad).max(0.0),
        };
        rect.h = draw(self, inner) + pad * 0.8 - at[1];
        if let Shape::Panel { rect: whole, .. } = &mut self.shapes[shape] {
            *whole = rect;
        }
        self.hits[hit].0 = rect;
        self.panels[panel] = rect;
        rect
    }

    pub fn moment(&self) -> Moment {
        Moment(self.shapes.len(), self.hits.len(), self.panels.len())
    }

    /// Forgets what was drawn since.
    pub fn forget(&mut self, since: Moment) {
        self.shapes.truncate(since.0);
        self.hits.truncate(since.1);
        self.panels.truncate(since.2);
    }

    /// Moves what was drawn since downwards.
    pub fn lower(&mut self, since: Moment, by: f32) {
        for shape in &mut self.shapes[since.0..] {
            match shape {
                Shape::Panel { rect, .. } => rect.y += by,
                Shape::Text { at, .. } | Shape::Mark { at, .. } => at[1] += by,
                Shape::Line { from, to, .. } => {
                    from[1] += by;
                    to[1] += by;
                }
            }
        }
        let hits = self.hits[since.1..].iter_mut().map(|(rect, _)| rect);
        for rect in hits.chain(&mut self.panels[since.2..]) {
            rect.y += by;
        }
    }
}
