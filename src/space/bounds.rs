//! Axis-aligned boxes in two and three dimensions.
//! Used by indexes, rasters, chunking and cameras. Never knows which CRS its numbers are in.

use geo_types::Polygon;
use serde::{Deserialize, Serialize};

/// An axis-aligned rectangle `[east, north]`, in the unit of whatever it was made from.
///
/// [`Bounds2::empty`] is the neutral element of [`Bounds2::union`]; borders count as inside.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bounds2 {
    /// South-west corner.
    pub min: [f64; 2],
    /// North-east corner.
    pub max: [f64; 2],
}

impl Bounds2 {
    /// The box that contains nothing: `min` is +∞, `max` is −∞.
    pub fn empty() -> Self {
        Self {
            min: [f64::INFINITY; 2],
            max: [f64::NEG_INFINITY; 2],
        }
    }

    /// The smallest box around the outer ring.
    pub fn from_polygon(polygon: &Polygon<f64>) -> Self {
        Self::from_points(polygon.exterior().0.iter().map(|c| [c.x, c.y]))
    }

    /// The smallest box around the points; empty when there is none.
    pub fn from_points(points: impl IntoIterator<Item = [f64; 2]>) -> Self {
        let mut bounds = Self::empty();
        for point in points {
            bounds.include(point);
        }
        bounds
    }

    /// True when nothing was ever included.
    pub fn is_empty(&self) -> bool {
        self.min[0] > self.max[0] || self.min[1] > self.max[1]
    }

    /// Grows the box to contain `point`.
    pub fn include(&mut self, point: [f64; 2]) {
        for (axis, value) in point.into_iter().enumerate() {
            self.min[axis] = self.min[axis].min(value);
            self.max[axis] = self.max[axis].max(value);
        }
    }

    /// The smallest box around both.
    pub fn union(&self, other: &Self) -> Self {
        Self {
            min: [self.min[0].min(other.min[0]), self.min[1].min(other.min[1])],
            max: [self.max[0].max(other.max[0]), self.max[1].max(other.max[1])],
        }
    }

    /// The box grown by `by` on every side (shrunk when negative).
    pub fn grown(&self, by: f64) -> Self {
        Self {
            min: self.min.map(|v| v - by),
            max: self.max.map(|v| v + by),
        }
    }

    /// True when the boxes share at least a point.
    pub fn intersects(&self, other: &Self) -> bool {
        (0..2).all(|a| self.min[a] <= other.max[a] && other.min[a] <= self.max[a])
    }

    /// True when `point` is inside or on the border.
    pub fn contains(&self, point: [f64; 2]) -> bool {
        (0..2).all(|a| self.min[a] <= point[a] && point[a] <= self.max[a])
    }

    /// The middle. Not finite for an empty box.
    pub fn center(&self) -> [f64; 2] {
        [0, 1].map(|a| 0.5 * (self.min[a] + self.max[a]))
    }

    /// Width and height; zero for an empty box.
    pub fn size(&self) -> [f64; 2] {
        [0, 1].map(|a| (self.max[a] - self.min[a]).max(0.0))
    }
}

/// An axis-aligned box `[east, north, up]`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bounds3 {
    /// South-west bottom corner.
    pub min: [f64; 3],
    /// North-east top corner.
    pub max: [f64; 3],
}

impl Bounds3 {
    /// The box that contains nothing.
    pub fn empty() -> Self {
        Self {
            min: [f64::INFINITY; 3],
            max: [f64::NEG_INFINITY; 3],
        }
    }

    /// The smallest box around the points; empty when there is none.
    pub fn from_points(points: impl IntoIterator<Item = [f64; 3]>) -> Self {
        let mut bounds = Self::empty();
        for point in points {
            bounds.include(point);
        }
        bounds
    }

    /// True when nothing was ever included.
    pub fn is_empty(&self) -> bool {
        (0..3).any(|a| self.min[a] > self.max[a])
    }

    /// Grows the box to contain `point`.
    pub fn include(&mut self, point: [f64; 3]) {
        for (axis, value) in point.into_iter().enumerate() {
            self.min[axis] = self.min[axis].min(value);
            self.max[axis] = self.max[axis].max(value);
        }
    }

    /// The smallest box around both.
    pub fn union(&self, other: &Self) -> Self {
        Self {
            min: [0, 1, 2].map(|a| self.min[a].min(other.min[a])),
            max: [0, 1, 2].map(|a| self.max[a].max(other.max[a])),
        }
    }

    /// True when the boxes share at least a point.
    pub fn intersects(&self, other: &Self) -> bool {
        (0..3).all(|a| self.min[a] <= other.max[a] && other.min[a] <= self.max[a])
    }

    /// True when `point` is inside or on the border.
    pub fn contains(&self, point: [f64; 3]) -> bool {
        (0..3).all(|a| self.min[a] <= point[a] && point[a] <= self.max[a])
    }

    /// The middle. Not finite for an empty box.
    pub fn center(&self) -> [f64; 3] {
        [0, 1, 2].map(|a| 0.5 * (self.min[a] + self.max[a]))
    }

    /// Edge lengths; zero for an empty box.
    pub fn size(&self) -> [f64; 3] {
        [0, 1, 2].map(|a| (self.max[a] - self.min[a]).max(0.0))
    }

    /// The box seen from above.
    pub fn footprint(&self) -> Bounds2 {
        Bounds2 {
            min: [self.min[0], self.min[1]],
            max: [self.max[0], self.max[1]],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_is_neutral() {
        let unit = Bounds2::from_points([[0.0, 0.0], [1.0, 2.0]]);
        assert!(Bounds2::empty().is_empty());
        assert_eq!(Bounds2::empty().union(&unit), unit);
        assert_eq!(Bounds2::empty().size(), [0.0, 0.0]);
        assert!(!Bounds2::empty().intersects(&unit));
    }

    #[test]
    fn borders_count_as_inside() {
        let unit = Bounds2::from_points([[0.0, 0.0], [1.0, 2.0]]);
        assert!(unit.contains([1.0, 2.0]));
        assert!(!unit.contains([1.0, 2.1]));
        assert!(unit.intersects(&Bounds2::from_points([[1.0, 2.0], [3.0, 3.0]])));
        assert_eq!(unit.grown(1.0).size(), [3.0, 4.0]);
        assert_eq!(unit.center(), [0.5, 1.0]);
    }

    #[test]
    fn three_dimensions_follow_the_same_rules() {
        let cube = Bounds3::from_points([[0.0; 3], [2.0; 3]]);
        assert!(cube.contains([2.0, 1.0, 0.0]));
        assert_eq!(cube.center(), [1.0; 3]);
        assert_eq!(cube.footprint().size(), [2.0, 2.0]);
        assert!(Bounds3::empty().is_empty());
    }
}
