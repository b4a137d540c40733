//! Lean vectors and grades over the roofs: an arrow from where the middle of a roof would be to where it
//! is drawn, the ellipse of 95 % around its tip, a ring where nobody knows the direction, and the form of
//! the grade on a stem. Used by `view`. Never longer than the lean times the factor, never over an alarm.

use crate::model::LeanError;
use crate::portrayal::camera::Camera;
use crate::portrayal::look::Look;
use crate::portrayal::overlay::{Form, Rect, Rgba, Shape};

use super::{DeformGrade, Lean, RecordedPost};

/// A building whose lean is told over its roof, local metres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Post {
    /// Its grade.
    pub grade: DeformGrade,
    /// The middle of its roof if it did not lean, as far sunk as it is drawn.
    pub upright: [f64; 3],
    /// Metres that the roof is moved for each ‰: its height times the factor.
    pub m_per_permille: f64,
    /// How it leans.
    pub lean: Option<Lean>,
}

impl Post {
    /// The middle of its roof as it is drawn.
    #[must_use]
    pub fn roof(&self) -> [f64; 3] {
        match self.lean {
            Some(Lean::Towards { permille, .. }) => self.moved(self.upright, permille),
            _ => self.upright,
        }
    }

    fn moved(&self, from: [f64; 3], permille: [f64; 2]) -> [f64; 3] {
        let [x, y, z] = from;
        let [east, north] = permille.map(|one| one * self.m_per_permille);
        [x + east, y + north, z]
    }
}

/// Shapes, and the room that names keep clear of.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DeformMarks {
    /// What to paint, the worst last.
    pub shapes: Vec<Shape>,
    /// Where the marks of grades stand.
    pub reserved: Vec<Rect>,
}

/// Corners of an ellipse: more would not be seen.
const ELLIPSE_CORNERS: usize = 40;
/// Shorter than this an arrow says nothing, ems.
const LEAST_EM: f32 = 0.3;
/// How high over the roof the mark of a grade stands, ems.
const STEM_EM: f32 = 1.5;
/// Diameter of that mark, ems: half of an alarm's.
const MARK_EM: f32 = 1.1;

/// The marks of all buildings in the picture; `em_px` is the em of its panels.
#[must_use]
pub fn deform_marks(
    posts: &[Post],
    recorded: &[RecordedPost],
    camera: &Camera,
    em_px: f32,
    look: &Look,
) -> DeformMarks {
    let mut posts: Vec<&Post> = posts.iter().collect();
    posts.sort_by_key(|post| post.grade.severity());
    let mut pen = Pen {
        camera,
        em: em_px,
        look,
        marks: DeformMarks::default(),
    };
    for post in recorded {
        pen.recorded(post);
    }
    for post in &posts {
        pen.vector(post);
    }
    for post in posts {
        pen.grade(post);
    }
    pen.marks
}

/// What marks are drawn with.
pub(super) struct Pen<'a> {
    camera: &'a Camera,
    pub em: f32,
    pub look: &'a Look,
    pub marks: DeformMarks,
}

impl Pen<'_> {
    /// Where a local point is in the picture; `None` outside.
    pub fn pixel(&self, at: [f64; 3]) -> Option<[f32; 2]> {
        let (pixel, _) = self.camera.pixel_of(at)?;
        let inside = (0..2).all(|k| (0.0..self.camera.size_px[k]).contains(&f64::from(pixel[k])));
        inside.then_some(pixel)
    }

    fn vector(&mut self, post: &Post) {
        match post.lean {
            Some(Lean::Towards { permille, error }) => {
                let tip = self.pixel(post.roof());
                let Some((from, to)) = self.pixel(post.upright).zip(tip) else {
                    return;
                };
                let ellipse = error.map(|error| {
                    let outline = error.outline(ELLIPSE_CORNERS).into_iter();
                    outline.map(|[e, n]| [permille[0] + e, permille[1] + n])
                });
                if let Some(ellipse) = ellipse {
                    self.loop_of(post, ellipse, 0.09);
                }
                self.arrow(from, to);
            }
            Some(Lean::Somewhere { permille }) => {
                let ring = LeanError {
                    half_permille: [permille; 2],
                    bearing_deg: 0.0,
                };
                self.loop_of(post, ring.outline(ELLIPSE_CORNERS).into_iter(), 0.16);
            }
            None => {}
        }
    }

    /// A closed line at the height of the roof, through points in ‰ from its upright middle.
    fn loop_of(&mut self, post: &Post, points: impl Iterator<Item = [f64; 2]>, width_em: f32) {
        let pixels = points.map(|permille| self.pixel(post.moved(post.upright, permille)));
        let Some(pixels) = pixels.collect::<Option<Vec<_>>>() else {
            return;
        };
        let across = pixels.iter().flat_map(|a| {
            let to_a = move |b: &[f32; 2]| (a[0] - b[0]).hypot(a[1] - b[1]);
            pixels.iter().map(to_a)
        });
        if across.fold(0.0, f32::max) < self.em * LEAST_EM {
            return;
        }
        for (width, color) in self.strokes(width_em) {
            let next = pixels.iter().cycle().skip(1);
            for (from, to) in pixels.iter().zip(next) {
                self.line(*from, *to, width, color);
            }
        }
    }

    /// Widths and colours of a stroke: a lighter edge below parts it from any roof.
    pub fn strokes(&self, width_em: f32) -> [(f32, Rgba); 2] {
        let width = (self.em * width_em).max(1.0);
        let edge = self.look.ground.alpha(0xD0);
        [(width + self.em * 0.14, edge), (width, self.look.text)]
    }

    pub fn line(&mut self, from: [f32; 2], to: [f32; 2], width: f32, color: Rgba) {
        self.marks.shapes.push(Shape::Line {
            from,
            to,
            width,
            color,
        });
    }

    fn mark(&mut self, at: [f32; 2], size: f32, form: Form, fill: Rgba, turn: f32) {
        self.marks.shapes.push(Shape::Mark {
            at,
            size,
            form,
            fill,
            border: None,
            angle_rad: turn,
        });
    }

    fn arrow(&mut self, from: [f32; 2], to: [f32; 2]) {
        let way = [to[0] - from[0], to[1] - from[1]];
        let length = way[0].hypot(way[1]);
        if length < self.em * LEAST_EM {
            return;
        }
        let ahead = way.map(|one| one / length);
        // A short arrow is all head, but never longer than it is.
        let head = (self.em * 0.85).min(length);
        let neck = [0, 1].map(|k| to[k] - ahead[k] * head * 0.75);
        let turn = ahead[0].atan2(-ahead[1]);
        let middle = [0, 1].map(|k| to[k] - ahead[k] * head * 0.375);
        let strokes = self.strokes(0.17);
        for ((width, color), more) in strokes.into_iter().zip([self.em * 0.24, 0.0]) {
            self.mark(from, width * 2.2, Form::Disc, color, 0.0);
            self.line(from, neck, width, color);
            self.mark(middle, head + more, Form::Triangle, color, turn);
        }
    }

    /// The form of the grade on a stem over the roof.
    fn grade(&mut self, post: &Post) {
        let Some((form, fill)) = post.grade.mark(self.look) else {
            return;
        };
        let Some(roof) = self.pixel(post.roof()) else {
            return;
        };
        let (em, size) = (self.em, self.em * MARK_EM);
        let at = [roof[0], roof[1] - em * STEM_EM];
        let edge = self.look.mark_edge;
        self.line(roof, at, em * 0.18, edge);
        self.line(roof, at, em * 0.08, fill);
        self.marks.shapes.push(Shape::Mark {
            at,
            size,
            form,
            fill,
            border: Some(edge),
            angle_rad: 0.0,
        });
        self.marks.reserved.push(Rect {
            x: at[0] - size * 0.6,
            y: at[1] - size * 0.6,
            w: size * 1.2,
            h: size * 1.2,
        });
    }
}
