//! How sure a lean is: the ellipse around it that holds 95 %. Made by the monitor from the scatter of
//! days, kept with what is judged of a sensor, drawn around the tip of a lean vector. Pure geometry;
//! knows no sensor.

use serde::{Deserialize, Serialize};

/// An ellipse in ‰ around a lean.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LeanError {
    /// Half axes, ‰, the longer one first.
    pub half_permille: [f64; 2],
    /// Where the longer one points, degrees clockwise from north, 0 to 180.
    pub bearing_deg: f64,
}

impl LeanError {
    /// The ellipse of a covariance of east and north, ‰², so many standard deviations wide. `None`
    /// for what is no covariance.
    #[must_use]
    pub fn of_covariance(
        [east, both, north]: [f64; 3],
        radius_in_standard_deviations: f64,
    ) -> Option<Self> {
        let middle = (east + north) / 2.0;
        let reach = ((east - north) / 2.0).hypot(both);
        let is_one = middle.is_finite() && reach.is_finite() && east >= 0.0 && north >= 0.0;
        let half = [middle + reach, (middle - reach).max(0.0)]
            .map(|variance| variance.sqrt() * radius_in_standard_deviations);
        // The angle of the longer axis from east, counter-clockwise.
        let angle = 0.5 * (2.0 * both).atan2(east - north);
        is_one.then(|| Self {
            half_permille: half,
            bearing_deg: (90.0 - angle.to_degrees()).rem_euclid(180.0),
        })
    }

    /// The ellipse of the difference of two leans that stray independently.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let [one, two] = [self.squared(), other.squared()];
        let sum = [0, 1, 2].map(|at| one[at] + two[at]);
        // Two ellipses make one: there is nothing that is none.
        Self::of_covariance(sum, 1.0).unwrap_or(*self)
    }

    /// Its half axes squared, along east, both, and north.
    fn squared(&self) -> [f64; 3] {
        let (sin, cos) = self.bearing_deg.to_radians().sin_cos();
        let [long, short] = self.half_permille.map(|half| half * half);
        [
            long * sin * sin + short * cos * cos,
            (long - short) * sin * cos,
            long * cos * cos + short * sin * sin,
        ]
    }

    /// Points on it, ‰ east and north of its middle, once around.
    #[must_use]
    pub fn outline(&self, points: usize) -> Vec<[f64; 2]> {
        let (sin, cos) = self.bearing_deg.to_radians().sin_cos();
        let [long, short] = self.half_permille;
        let point = |index: usize| {
            let turn = std::f64::consts::TAU * index as f64 / points as f64;
            let (across, along) = (short * turn.sin(), long * turn.cos());
            [along * sin + across * cos, along * cos - across * sin]
        };
        (0..points).map(point).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ellipses_add_up_whatever_way_they_lie() {
        let ellipse = |long: f64, short: f64, bearing_deg: f64| LeanError {
            half_permille: [long, short],
            bearing_deg,
        };
        let across = ellipse(3.0, 0.0, 30.0).plus(&ellipse(4.0, 0.0, 120.0));
        assert!(close(across.half_permille[0], 4.0) && close(across.half_permille[1], 3.0));
        assert!(close(across.bearing_deg, 120.0), "{across:?}");
        let along = ellipse(3.0, 1.0, 70.0).plus(&ellipse(4.0, 1.0, 70.0));
        assert!(close(along.half_permille[0], 5.0) && close(along.bearing_deg, 70.0));
    }

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn an_ellipse_has_the_axes_of_its_covariance() {
        let along_east = LeanError::of_covariance([9.0, 0.0, 4.0], 2.0).unwrap();
        assert_eq!(along_east.half_permille, [6.0, 4.0]);
        assert!(close(along_east.bearing_deg, 90.0));
        // Turned by 30 degrees clockwise from north: variances 9 along, 1 across.
        let (sin, cos) = 30.0_f64.to_radians().sin_cos();
        let [along, across] = [9.0, 1.0];
        let turned = LeanError::of_covariance(
            [
                along * sin * sin + across * cos * cos,
                (along - across) * sin * cos,
                along * cos * cos + across * sin * sin,
            ],
            1.0,
        );
        let turned = turned.unwrap();
        assert!(close(turned.bearing_deg, 30.0), "{turned:?}");
        assert!(close(turned.half_permille[0], 3.0) && close(turned.half_permille[1], 1.0));
        let tip = turned.outline(4)[0];
        assert!(
            close(tip[0], 3.0 * sin) && close(tip[1], 3.0 * cos),
            "{tip:?}"
        );
        assert_eq!(LeanError::of_covariance([f64::NAN, 0.0, 1.0], 2.0), None);
        assert_eq!(LeanError::of_covariance([-1.0, 0.0, 1.0], 2.0), None);
    }
}
