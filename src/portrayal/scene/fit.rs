//! A view from above that fits what it shows into a part of the picture: the panels of a report's
//! plate must not hide a quarter of the city. Used for the view `plan`. Never turns or tilts a view.

use crate::portrayal::camera::{Camera, Viewpoint};
use crate::portrayal::overlay::Rect;
use crate::space::Bounds2;

use super::Scene;

/// Air around what is fitted, as a share of it.
const AIR_SHARE: f64 = 0.04;
/// An extent so many times as wide as what pictures are about holds strays.
const STRAY_TIMES: f64 = 3.0;
/// Each round leaves a small part of the error of the one before.
const ROUNDS: usize = 6;

/// The view, moved and drawn back so that these bounds (local, at the height of its target) fill
/// `free` of a picture of this size.
pub(super) fn fitted(view: Viewpoint, bounds: Bounds2, size_px: [f64; 2], free: Rect) -> Viewpoint {
    let mut view = view;
    let grow_m = bounds.size().map(|side| side * AIR_SHARE / 2.0);
    let [low, high] = [bounds.min, bounds.max].map(|corner| {
        let sign = if corner == bounds.min { -1.0 } else { 1.0 };
        [0, 1].map(|k| corner[k] + sign * grow_m[k])
    });
    let room = [free.w, free.h].map(|side| f64::from(side).max(1.0));
    let middle = [
        f64::from(free.x) + room[0] / 2.0,
        f64::from(free.y) + room[1] / 2.0,
    ];
    for _ in 0..ROUNDS {
        let camera = Camera::new(view, size_px);
        let corners = [low, [high[0], low[1]], high, [low[0], high[1]]];
        let seen = corners.map(|[x, y]| camera.pixel_of([x, y, view.target[2]]));
        let seen =
            Bounds2::from_points(seen.into_iter().flatten().map(|(at, _)| at.map(f64::from)));
        if seen.is_empty() {
            return view;
        }
        let needed = [0, 1].map(|k| seen.size()[k] / room[k]);
        let center = seen.center();
        // What lies right of the middle of its room comes there when the eye goes right.
        let scale_m = camera.metres_per_pixel();
        let right_m = (center[0] - middle[0]) * scale_m;
        let up_m = (middle[1] - center[1]) * scale_m;
        let (sin, cos) = view.heading_deg.to_radians().sin_cos();
        view.target[0] += right_m * cos + up_m * sin;
        view.target[1] += up_m * cos - right_m * sin;
        view.range_m = (view.range_m * needed[0].max(needed[1])).max(1.0);
    }
    view
}

impl Scene {
    /// The city from above, all of it, in the part of the picture that panels leave free.
    #[must_use]
    pub fn plan_view(&self, size_px: [f64; 2], free: Rect) -> Viewpoint {
        let saved = self.views.iter().find(|view| view.name == "plan");
        let view = saved.map_or_else(|| self.default_view(1.6), |saved| saved.view);
        fitted(view, self.whole, size_px, free)
    }
}

/// What a plan shows: the base map with its buildings (`all`), or the buildings (`extent`), unless
/// strays make that much larger than what pictures are about.
pub(super) fn whole(all: Bounds2, extent: Bounds2, focus: Bounds2) -> Bounds2 {
    let most = focus.size();
    let is_near = |one: &Bounds2| {
        let size = one.size();
        (0..2).all(|k| size[k] <= most[k].max(80.0) * STRAY_TIMES)
    };
    let found = [all.union(&extent), extent].into_iter().find(is_near);
    found.unwrap_or(focus)
}

#[cfg(test)]
mod tests {
    use crate::model::{KindTable, sample};

    use super::*;

    fn check(free: Rect, size_px: [f64; 2]) {
        let scene = Scene::build(&sample::city(0), &KindTable::standard());
        let view = scene.plan_view(size_px, free);
        let camera = Camera::new(view, size_px);
        let Bounds2 { min, max } = scene.whole;
        let corners = [min, [max[0], min[1]], max, [min[0], max[1]]];
        let seen = corners.map(|[x, y]| {
            let (at, _) = camera.pixel_of([x, y, 0.0]).expect("in front of the eye");
            assert!(free.contains(at), "{at:?} is not in {free:?}");
            at.map(f64::from)
        });
        let seen = Bounds2::from_points(seen).size();
        let filled = (seen[0] / f64::from(free.w)).max(seen[1] / f64::from(free.h));
        assert!(filled > 0.9, "{free:?}: only {filled:.2} is used");
    }

    #[test]
    fn a_plan_fills_what_panels_leave_free() {
        let whole = |w: f32, h: f32| Rect {
            x: 0.0,
            y: 0.0,
            w,
            h,
        };
        check(whole(1280.0, 720.0), [1280.0, 720.0]);
        check(whole(360.0, 900.0), [360.0, 900.0]);
        let beside_panels = Rect {
            x: 20.0,
            y: 90.0,
            w: 1_000.0,
            h: 540.0,
        };
        check(beside_panels, [1280.0, 720.0]);
    }

    #[test]
    fn strays_do_not_make_a_plan_of_nothing() {
        let square = |side: f64| Bounds2 {
            min: [-side; 2],
            max: [side; 2],
        };
        let of = |all: f64, extent: f64| whole(square(all), square(extent), square(1_000.0));
        assert_eq!(of(1_900.0, 1_200.0), square(1_900.0));
        assert_eq!(of(9_000.0, 1_200.0), square(1_200.0));
        assert_eq!(of(9_000.0, 8_000.0), square(1_000.0));
        assert_eq!(
            whole(Bounds2::empty(), square(1.0), square(1.0)),
            square(1.0)
        );
    }
}
