//! Moving the eye: orbit, pan, zoom to the pointer, and flights that ease in and out.
//! Used by the window in `view`; works on numbers alone, so it is tested without one.

use super::camera::{Camera, Viewpoint};

/// Shortest and longest flight (the direction for motion in `look`).
const FLIGHT_S: [f64; 2] = [0.8, 1.6];
/// The eye is never nearer to the land; metres.
const CLEARANCE_M: f64 = 2.0;
const PITCH_DEG: [f64; 2] = [8.0, 89.0];
const RANGE_M: [f64; 2] = [25.0, 60_000.0];

/// A viewpoint under a person's hand.
#[derive(Debug, Clone, PartialEq)]
pub struct Steering {
    view: Viewpoint,
    flight: Option<Flight>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Flight {
    from: Viewpoint,
    to: Viewpoint,
    /// Seconds since the program began.
    began_s: f64,
    length_s: f64,
}

impl Steering {
    /// Starts at a viewpoint.
    #[must_use]
    pub fn new(view: Viewpoint) -> Self {
        Self {
            view: confined(view),
            flight: None,
        }
    }

    /// Where the eye is.
    #[must_use]
    pub fn view(&self) -> Viewpoint {
        self.view
    }

    /// Whether a flight is under way.
    #[must_use]
    pub fn is_flying(&self) -> bool {
        self.flight.is_some()
    }

    /// Turns around the target by a drag in pixels.
    pub fn orbit(&mut self, dx_px: f64, dy_px: f64) {
        self.flight = None;
        self.view.heading_deg += dx_px * 0.25;
        self.view.pitch_deg += dy_px * 0.2;
        self.view = confined(self.view);
    }

    /// Drags the ground from one pixel to another.
    pub fn pan(&mut self, from_px: [f64; 2], to_px: [f64; 2], size_px: [f64; 2]) {
        self.flight = None;
        let camera = Camera::new(self.view, size_px);
        let level = self.view.target[2];
        // Near the horizon a pixel is a kilometre: such a drag would throw the city away.
        let reach_m = self.view.range_m * 4.0;
        if let (Some(a), Some(b)) = (
            camera.ground_at(from_px, level),
            camera.ground_at(to_px, level),
        ) {
            let (dx, dy) = (a[0] - b[0], a[1] - b[1]);
            let share = (reach_m / dx.hypot(dy).max(1e-9)).min(1.0);
            self.view.target[0] += dx * share;
            self.view.target[1] += dy * share;
        }
    }

    /// Goes nearer (positive steps) or away, keeping the ground under the pointer where it is.
    pub fn zoom(&mut self, steps: f64, at_px: [f64; 2], size_px: [f64; 2]) {
        self.flight = None;
        let level = self.view.target[2];
        let before = Camera::new(self.view, size_px).ground_at(at_px, level);
        let old_range = self.view.range_m;
        self.view.range_m *= 0.86_f64.powf(steps.clamp(-20.0, 20.0));
        self.view = confined(self.view);
        let factor = self.view.range_m / old_range;
        if let Some(point) = before.filter(|point| self.is_near(*point)) {
            for (target, held) in self.view.target.iter_mut().zip(point).take(2) {
                *target = held + (*target - held) * factor;
            }
        }
    }

    fn is_near(&self, point: [f64; 3]) -> bool {
        let away = (point[0] - self.view.target[0]).hypot(point[1] - self.view.target[1]);
        away < self.view.range_m * 6.0
    }

    /// Keeps the eye above the land, `ground_m` being its height at a place: the middle of the
    /// picture is never below it, and an eye that would dip into a hill looks down more steeply.
    pub fn hold_above(&mut self, ground_m: impl Fn([f64; 2]) -> f64) {
        let view = &mut self.view;
        let floor_m = ground_m([view.target[0], view.target[1]]);
        if floor_m.is_finite() && view.target[2] < floor_m {
            view.target[2] = floor_m;
        }
        while view.pitch_deg < PITCH_DEG[1] {
            let eye = view.eye();
            let floor_m = ground_m([eye[0], eye[1]]);
            if !(eye[2] < floor_m + CLEARANCE_M) {
                return;
            }
            view.pitch_deg = (view.pitch_deg + 1.0).min(PITCH_DEG[1]);
        }
    }

    /// Begins a flight at `now_s`; a farther one takes longer.
    pub fn fly_to(&mut self, to: Viewpoint, now_s: f64) {
        let to = confined(to);
        let away = (to.target[0] - self.view.target[0]).hypot(to.target[1] - self.view.target[1]);
        let share = (away / self.view.range_m.max(to.range_m)).min(1.0);
        let length_s = FLIGHT_S[0] + (FLIGHT_S[1] - FLIGHT_S[0]) * share;
        self.flight = Some(Flight {
            from: self.view,
            to,
            began_s: now_s,
            length_s,
        });
    }

    /// Carries a flight on to `now_s`.
    pub fn advance(&mut self, now_s: f64) {
        let Some(flight) = self.flight else { return };
        let share = ((now_s - flight.began_s) / flight.length_s).clamp(0.0, 1.0);
        let eased = share * share * (3.0 - 2.0 * share);
        self.view = flight.from.blend(&flight.to, eased);
        if share >= 1.0 {
            self.view = flight.to;
            self.flight = None;
        }
    }
}

fn confined(view: Viewpoint) -> Viewpoint {
    let within = |value: f64, [low, high]: [f64; 2]| {
        if value.is_finite() {
            value.clamp(low, high)
        } else {
            low
        }
    };
    Viewpoint {
        heading_deg: (view.heading_deg + 180.0).rem_euclid(360.0) - 180.0,
        pitch_deg: within(view.pitch_deg, PITCH_DEG),
        range_m: within(view.range_m, RANGE_M),
        ..view
    }
}

#[cfg(test)]
mod tests {
    use super::super::camera::FOV_DEG;
    use super::*;

    const SIZE: [f64; 2] = [1280.0, 720.0];

    fn steering() -> Steering {
        Steering::new(Viewpoint {
            target: [10.0, 20.0, 0.0],
            heading_deg: -12.0,
            pitch_deg: 40.0,
            range_m: 500.0,
            fov_deg: FOV_DEG,
        })
    }

    fn ground(steering: &Steering, at: [f64; 2]) -> [f64; 3] {
        Camera::new(steering.view(), SIZE)
            .ground_at(at, 0.0)
            .unwrap()
    }

    #[test]
    fn zoom_keeps_the_ground_under_the_pointer() {
        let mut steering = steering();
        let at = [900.0, 500.0];
        let before = ground(&steering, at);
        steering.zoom(3.0, at, SIZE);
        let after = ground(&steering, at);
        assert!(steering.view().range_m < 400.0);
        assert!((before[0] - after[0]).abs() < 1e-6 && (before[1] - after[1]).abs() < 1e-6);
    }

    #[test]
    fn pan_carries_the_ground_along() {
        let mut steering = steering();
        let before = ground(&steering, [600.0, 400.0]);
        steering.pan([600.0, 400.0], [700.0, 430.0], SIZE);
        let after = ground(&steering, [700.0, 430.0]);
        assert!((before[0] - after[0]).abs() < 1e-6 && (before[1] - after[1]).abs() < 1e-6);
    }

    #[test]
    fn a_flight_arrives_and_a_drag_ends_it() {
        let mut steering = steering();
        let to = Viewpoint {
            target: [900.0, 0.0, 5.0],
            range_m: 120.0,
            ..steering.view()
        };
        steering.fly_to(to, 10.0);
        steering.advance(10.4);
        assert!(steering.is_flying());
        let half_way = steering.view();
        steering.advance(12.0);
        assert_eq!(steering.view(), to);
        steering.fly_to(half_way, 20.0);
        steering.orbit(5.0, 0.0);
        assert!(!steering.is_flying());
    }

    #[test]
    fn the_eye_never_dips_into_a_hill() {
        // A slope that rises southwards, where the eye is.
        let ground_m = |at: [f64; 2]| (20.0 - at[1]) * 2.0;
        let mut steering = steering();
        steering.orbit(0.0, -1e6);
        steering.hold_above(ground_m);
        let eye = steering.view().eye();
        assert!(eye[2] >= ground_m([eye[0], eye[1]]) + CLEARANCE_M);
        assert!(steering.view().pitch_deg < PITCH_DEG[1]);
        // On a plateau the middle comes up with the land.
        steering.hold_above(|_| 80.0);
        assert_eq!(steering.view().target[2], 80.0);
        // On the plane nothing changes.
        let before = self::steering();
        let mut after = before.clone();
        after.hold_above(|_| 0.0);
        assert_eq!(before, after);
    }

    #[test]
    fn nothing_throws_the_eye_away() {
        let mut steering = steering();
        steering.orbit(1e9, 1e9);
        steering.zoom(f64::MAX, [0.0, 0.0], SIZE);
        steering.zoom(-1e6, [640.0, 1.0], SIZE);
        steering.pan([0.0, 0.0], [1e7, 719.0], SIZE);
        let view = steering.view();
        assert!(view.target.iter().all(|v| v.is_finite()) && view.pitch_deg <= 89.0);
        assert!((RANGE_M[0]..=RANGE_M[1]).contains(&view.range_m));
    }
}
