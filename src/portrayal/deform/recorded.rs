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
/// From one figure to the next, ems.
const ROW_EM: f32 = 1.35;
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
        // A source that tells no direction stands on the plumb line.
        let sources = post.lean.sources().iter().filter_map(|source| {
            let tip = self.pixel(post.on_axis(Some(source), BEYOND))?;
            Some((tip, source))
        });
        let mut tips: Vec<([f32; 2], &LeanOnRecord)> = sources.collect();
        for (tip, source) in &tips {
            if source.towards_deg.is_some() {
                self.stroke(foot, *tip, 0.1);
            }
        }
        // From right to left the rows rise, so that no leader crosses another.
        tips.sort_by(|(one, _), (other, _)| other[0].total_cmp(&one[0]));
        let right = tips
            .iter()
            .fold(top[0], |right, (tip, _)| right.max(tip[0]));
        for (row, (tip, source)) in tips.iter().enumerate() {
            let at = [
                right + self.em * 1.6,
                top[1] - self.em * (0.4 + ROW_EM * row as f32),
            ];
            self.stroke(*tip, [at[0] - self.em * 0.3, at[1] - self.em * 0.35], 0.05);
            self.row(at, told(source));
        }
    }

    fn row(&mut self, at: [f32; 2], text: String) {
        self.marks.shapes.push(Shape::Text {
            at,
            text,
            size: self.em * 1.1,
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

/// Which source an axis is, in figures that need no language: `2.67° · 315° ×1`.
fn told(source: &LeanOnRecord) -> String {
    match source.towards_deg {
        Some(way) => format!("{:.2}° · {way}° ×1", source.degrees),
        None => format!("{:.2}° ×1", source.degrees),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_is_told_by_its_own_figure() {
        let source = |towards_deg| LeanOnRecord {
            degrees: 2.67,
            towards_deg,
            source: None,
        };
        assert_eq!(told(&source(Some(22.5))), "2.67° · 22.5° ×1");
        assert_eq!(told(&source(None)), "2.67° ×1");
    }
}
