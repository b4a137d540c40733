//! The sheet of settlement on the flat layer: marks where it was measured, numbers on its lines and
//! beside its points. Never paints a number where there is no room for it.

use crate::portrayal::camera::Camera;
use crate::portrayal::labels::{LabelCandidate, LabelClass};
use crate::portrayal::layer::{Sheet, SheetContour, SheetPoint, sheet_color};
use crate::portrayal::look::Look;
use crate::portrayal::overlay::{Form, Shape};
use crate::portrayal::scene::Scene;

/// Numbers on lines stand before all names, those beside points before names of lanes.
const CONTOUR_PRIORITY: i32 = 210;
const POINT_PRIORITY: i32 = 65;
/// Half of the piece of a line that a number may stand along, metres: the longest that is straight
/// enough is taken.
const REACHES_M: [f64; 5] = [64.0, 32.0, 16.0, 8.0, 4.0];
/// A piece is straight where its ends are no nearer than this share of its length.
const STRAIGHT: f64 = 0.95;
/// A number is tried at so many places of a line.
const PLACES: usize = 16;
/// Size of the mark of a point, ems.
const MARK_EM: f32 = 0.55;
/// How far above its mark a value stands, ems.
const ABOVE_EM: f32 = 0.95;
/// Numbers of contours and points are told apart by where their counts begin.
const POINTS_FROM: u64 = 1 << 32;

/// Where a place of the city's CRS is seen on the land.
fn pixel_of(scene: &Scene, camera: &Camera, [x, y]: [f64; 2]) -> Option<([f32; 2], f64)> {
    let [x, y, _] = scene.frame.local_from_projected([x, y, 0.0]);
    let (pixel, distance_m) = camera.pixel_of([x, y, scene.ground_m([x, y])])?;
    let inside = (0..2).all(|k| (0.0..camera.size_px[k]).contains(&f64::from(pixel[k])));
    inside.then_some((pixel, distance_m))
}

/// The marks of all points: a disc in the colour of what it settled by, a triangle where it rose.
pub(super) fn sheet_marks(
    scene: &Scene,
    sheet: &Sheet,
    camera: &Camera,
    (em_px, look): (f32, &Look),
) -> Vec<Shape> {
    let mark = |point: &SheetPoint| {
        let (at, _) = pixel_of(scene, camera, point.at)?;
        let (form, more) = match point.is_heave() {
            true => (Form::Triangle, 1.35),
            false => (Form::Disc, 1.0),
        };
        Some(Shape::Mark {
            at,
            size: (em_px * MARK_EM).max(6.0) * more,
            form,
            fill: sheet_color(look, sheet.share(point.mm)),
            border: Some(look.text),
            angle_rad: 0.0,
        })
    };
    sheet.points.iter().filter_map(mark).collect()
}

/// Numbers that may be written: on lines, and beside points.
pub(super) fn sheet_figures(
    scene: &Scene,
    sheet: &Sheet,
    camera: &Camera,
    em_px: f32,
) -> Vec<LabelCandidate> {
    let contours = sheet.contours.iter().zip(0_u64..);
    let mut wanted: Vec<LabelCandidate> = contours
        .flat_map(|(contour, number)| on_contour(scene, camera, contour, number))
        .collect();
    let points = sheet.points.iter().zip(POINTS_FROM..);
    wanted.extend(points.filter_map(|(point, id)| {
        let ([x, y], distance_m) = pixel_of(scene, camera, point.at)?;
        Some(LabelCandidate {
            id,
            text: point.figure(),
            class: LabelClass::Reading,
            anchor: [x, y - em_px * ABOVE_EM],
            priority: POINT_PRIORITY,
            angle_rad: None,
            length_px: None,
            distance_m: distance_m as f32,
            range_m: [0.0, f32::INFINITY],
        })
    }));
    wanted
}

/// The places of a line at which its number may stand, those in the middle of it first.
fn on_contour(
    scene: &Scene,
    camera: &Camera,
    contour: &SheetContour,
    number: u64,
) -> Vec<LabelCandidate> {
    let along = Along::of(&contour.line);
    let places = along.places();
    let candidates = places.into_iter().zip(0_u64..).filter_map(|(at_m, place)| {
        let [from, middle, to] = along.straight_around(at_m)?;
        let (anchor, distance_m) = pixel_of(scene, camera, middle)?;
        let [(from, _), (to, _)] = [pixel_of(scene, camera, from)?, pixel_of(scene, camera, to)?];
        let [x, y] = [to[0] - from[0], to[1] - from[1]];
        Some(LabelCandidate {
            id: number * PLACES as u64 + place,
            text: contour.figure.clone(),
            class: LabelClass::Contour,
            anchor,
            priority: CONTOUR_PRIORITY + i32::from(contour.is_bold),
            angle_rad: Some(y.atan2(x)),
            length_px: Some(x.hypot(y)),
            distance_m: distance_m as f32,
            range_m: [0.0, f32::INFINITY],
        })
    });
    candidates.collect()
}

/// A line by the metres along it.
struct Along<'a> {
    line: &'a [[f64; 2]],
    metres: Vec<f64>,
}

impl<'a> Along<'a> {
    fn of(line: &'a [[f64; 2]]) -> Self {
        let mut metres = vec![0.0; line.len().min(1)];
        for pair in line.windows(2) {
            let length = (pair[1][0] - pair[0][0]).hypot(pair[1][1] - pair[0][1]);
            metres.push(metres[metres.len() - 1] + length);
        }
        Self { line, metres }
    }

    fn length_m(&self) -> f64 {
        self.metres.last().copied().unwrap_or(0.0)
    }

    /// Where numbers are tried: the middle, then away from it to both sides.
    fn places(&self) -> Vec<f64> {
        let step_m = self.length_m() / PLACES as f64;
        let places = (0..PLACES).map(|number| {
            let away = number.div_ceil(2) as f64 * step_m;
            let side = if number % 2 == 0 { 1.0 } else { -1.0 };
            self.length_m() / 2.0 + side * away
        });
        places.collect()
    }

    /// The place so many metres along.
    fn at(&self, metre: f64) -> Option<[f64; 2]> {
        let next = self.metres.partition_point(|one| *one < metre).max(1);
        let [from, to] = [self.line.get(next - 1)?, self.line.get(next)?];
        let length = self.metres[next] - self.metres[next - 1];
        let share = ((metre - self.metres[next - 1]) / length.max(1e-9)).clamp(0.0, 1.0);
        Some([0, 1].map(|axis| from[axis] + share * (to[axis] - from[axis])))
    }

    /// Begin, middle and end of the longest straight piece around a place. `None` where the line
    /// bends too much for a number.
    fn straight_around(&self, at_m: f64) -> Option<[[f64; 2]; 3]> {
        let reaches = REACHES_M.into_iter();
        let fitting = reaches.filter(|reach| at_m >= *reach && at_m + reach <= self.length_m());
        let mut straight = fitting.filter_map(|reach| {
            let [from, to] = [self.at(at_m - reach)?, self.at(at_m + reach)?];
            let apart = (to[0] - from[0]).hypot(to[1] - from[1]);
            (apart >= STRAIGHT * 2.0 * reach).then_some([from, self.at(at_m)?, to])
        });
        straight.next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A corner of two sides of 100 m.
    const CORNER: [[f64; 2]; 3] = [[0.0, 0.0], [100.0, 0.0], [100.0, 100.0]];

    #[test]
    fn numbers_stand_where_the_line_is_straight() {
        let along = Along::of(&CORNER);
        assert_eq!(along.length_m(), 200.0);
        assert_eq!(along.at(150.0), Some([100.0, 50.0]));
        let piece = along.straight_around(30.0).unwrap();
        for ([x, y], wanted_m) in piece.into_iter().zip([14.0, 30.0, 46.0]) {
            assert!((x - wanted_m).abs() < 1e-9 && y == 0.0, "{x} {y}");
        }
        // At the corner itself there is no room, nor at the ends.
        assert_eq!(along.straight_around(100.0), None);
        assert_eq!(along.straight_around(1.0), None);
        let places = along.places();
        assert_eq!(places.len(), PLACES);
        assert_eq!(places[0], 100.0);
        assert!(places.iter().all(|at| (0.0..=200.0).contains(at)));
    }

    #[test]
    fn a_line_of_one_place_has_no_room() {
        for line in [&[][..], &CORNER[..1]] {
            let along = Along::of(line);
            assert_eq!(along.length_m(), 0.0);
            assert_eq!(along.straight_around(0.0), None);
        }
    }
}
