//! Buildings that lean by what sources record, drawn as large as it is, never larger: the plumb line,
//! an axis for each source from the foot past the roof, and what each says. Used beside what sensors
//! tell. Sources that differ stay apart.

use crate::model::{LeanOnRecord, RecordedLean};
use crate::portrayal::overlay::{Face, Shape};

use super::marks::Pen;

/// A building with recorded leans, local metres.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordedPost {
    /// The middle of its foot.
    pub foot: [f64; 3],
    /// Its height.
    pub height_m: f64,
    /// What sources tell.
    pub lean: RecordedLean,
}

/// So many heights long an axis is: what differs by a degree parts above the roof.
const BEYOND: f64 = 1.3;
/// Dashes of the plumb line.
const DASHES: usize = 14;

impl RecordedPost {
    /// A place so many heights up on the axis of a source, on the plumb line for `None`.
    fn on_axis(&self, source: Option<&LeanOnRecord>, heights: f64) -> [f64; 3] {
        let [x, y, z] = self.foot;
        let up_m = self.height_m * heights;
        let [east, north] = source.map_or([0.0; 2], LeanOnRecord::slope);
        [x + east * up_m, y + north * up_m, z + up_m]
    }

    /// What is told in one line: `2.67° · 2.81° · 3.98°`.
    fn line(&self) -> String {
        let sources = self.lean.sources().iter();
        let told = sources.map(|one| format!("{:.2}°", one.degrees));
        told.collect::<Vec<_>>().join(" · ")
    }
}

impl Pen<'_> {
    /// Plumb line, axes and what they say.
    pub(super) fn recorded(&mut self, post: &RecordedPost) {
        let plumb = |share: f64| post.on_axis(None, BEYOND * share);
        let Some((foot, top)) = self.pixel(plumb(0.0)).zip(self.pixel(plumb(1.0))) else {
            return;
        };
        let length_px = (foot[0] - top[0]).hypot(foot[1] - top[1]);
        // From far away it would be a scribble over a tower of a few pixels.
        if length_px < self.em * 4.0 {
            return;
        }
        for dash in 0..DASHES {
            let ends = [0.0, 0.55].map(|part| plumb((dash as f64 + part) / DASHES as f64));
            if let [Some(from), Some(to)] = ends.map(|at| self.pixel(at)) {
                self.stroke(from, to, 0.07);
            }
        }
        let sources = post.lean.sources().iter();
        for source in sources.filter(|source| source.towards_deg.is_some()) {
            if let Some(tip) = self.pixel(post.on_axis(Some(source), BEYOND)) {
                self.stroke(foot, tip, 0.1);
            }
        }
        let size = self.em * 1.1;
        self.marks.shapes.push(Shape::Text {
            at: [top[0] + self.em * 0.3, top[1] - self.em * 0.5],
            text: format!("{} ×1", post.line()),
            size,
            face: Face::SansBold,
            color: self.look.text,
            halo: Some(self.look.ground),
            angle_rad: 0.0,
        });
    }

    /// A line with a lighter edge.
    fn stroke(&mut self, from: [f32; 2], to: [f32; 2], width_em: f32) {
        for (width, color) in self.strokes(width_em) {
            self.line(from, to, width, color);
        }
    }
}
