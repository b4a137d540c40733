//! Rectangles of the plan in whole decimetres, so that neighbours share borders exactly.
//! Used by the plan and everything that fills it. Never knows where on Earth it is.

use super::spec::Side;

/// A length or coordinate in decimetres.
pub(super) type Dm = i32;

/// A corner `[u, v]`.
pub(super) type Corner = [Dm; 2];

/// Decimetres from metres.
pub(super) fn dm(metres: f64) -> Dm {
    (metres * 10.0).round() as Dm
}

/// A rectangle of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rect {
    pub(super) u0: Dm,
    pub(super) v0: Dm,
    pub(super) u1: Dm,
    pub(super) v1: Dm,
}

impl Rect {
    pub(super) fn new(u0: Dm, v0: Dm, u1: Dm, v1: Dm) -> Self {
        Self { u0, v0, u1, v1 }
    }

    pub(super) fn width(&self) -> Dm {
        self.u1 - self.u0
    }

    pub(super) fn depth(&self) -> Dm {
        self.v1 - self.v0
    }

    pub(super) fn center(&self) -> Corner {
        [(self.u0 + self.u1) / 2, (self.v0 + self.v1) / 2]
    }

    pub(super) fn contains(&self, at: Corner) -> bool {
        (self.u0..=self.u1).contains(&at[0]) && (self.v0..=self.v1).contains(&at[1])
    }

    /// How far a corner lies outside along both axes together; 0 within.
    pub(super) fn distance(&self, [u, v]: Corner) -> Dm {
        let outside = |at: Dm, low: Dm, high: Dm| (low - at).max(at - high).max(0);
        outside(u, self.u0, self.u1) + outside(v, self.v0, self.v1)
    }

    /// Whether `other` lies in here altogether.
    pub(super) fn holds(&self, other: &Rect) -> bool {
        self.contains([other.u0, other.v0]) && self.contains([other.u1, other.v1])
    }

    /// Whether both have ground in common.
    pub(super) fn overlaps(&self, other: &Rect) -> bool {
        self.u0 < other.u1 && other.u0 < self.u1 && self.v0 < other.v1 && other.v0 < self.v1
    }

    /// The ground that both have in common.
    pub(super) fn common(&self, other: &Rect) -> Option<Self> {
        self.overlaps(other).then(|| {
            Self::new(
                self.u0.max(other.u0),
                self.v0.max(other.v0),
                self.u1.min(other.u1),
                self.v1.min(other.v1),
            )
        })
    }

    /// Smaller by `by` on all sides.
    pub(super) fn inset(&self, by: Dm) -> Self {
        Self::new(self.u0 + by, self.v0 + by, self.u1 - by, self.v1 - by)
    }

    /// Corners, counter-clockwise.
    pub(super) fn ring(&self) -> Vec<Corner> {
        vec![
            [self.u0, self.v0],
            [self.u1, self.v0],
            [self.u1, self.v1],
            [self.u0, self.v1],
        ]
    }

    /// How far both touch along this side of `self`; 0 when they do not.
    pub(super) fn touch(&self, side: Side, other: &Rect) -> Dm {
        let meets = match side {
            Side::North => self.v1 == other.v0,
            Side::South => self.v0 == other.v1,
            Side::East => self.u1 == other.u0,
            Side::West => self.u0 == other.u1,
        };
        let shared = match side {
            Side::North | Side::South => self.u1.min(other.u1) - self.u0.max(other.u0),
            Side::East | Side::West => self.v1.min(other.v1) - self.v0.max(other.v0),
        };
        if meets { shared.max(0) } else { 0 }
    }
}

/// A strip of plots behind a front: `s` runs along the front, `t` away from it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Strip {
    pub(super) rect: Rect,
    pub(super) front: Side,
}

impl Strip {
    pub(super) fn length(&self) -> Dm {
        match self.front {
            Side::North | Side::South => self.rect.width(),
            Side::East | Side::West => self.rect.depth(),
        }
    }

    pub(super) fn depth(&self) -> Dm {
        match self.front {
            Side::North | Side::South => self.rect.depth(),
            Side::East | Side::West => self.rect.width(),
        }
    }

    /// The place in the plan.
    pub(super) fn at(&self, [s, t]: Corner) -> Corner {
        let rect = &self.rect;
        match self.front {
            Side::South => [rect.u0 + s, rect.v0 + t],
            Side::North => [rect.u0 + s, rect.v1 - t],
            Side::West => [rect.u0 + t, rect.v0 + s],
            Side::East => [rect.u1 - t, rect.v0 + s],
        }
    }

    /// A rectangle of the strip in the plan.
    pub(super) fn rect(&self, s0: Dm, t0: Dm, s1: Dm, t1: Dm) -> Rect {
        let (a, b) = (self.at([s0, t0]), self.at([s1, t1]));
        Rect::new(
            a[0].min(b[0]),
            a[1].min(b[1]),
            a[0].max(b[0]),
            a[1].max(b[1]),
        )
    }

    /// A ring of the strip in the plan, counter-clockwise.
    pub(super) fn ring(&self, corners: &[Corner]) -> Vec<Corner> {
        let ring: Vec<Corner> = corners.iter().map(|corner| self.at(*corner)).collect();
        counter_clockwise(ring)
    }
}

/// The ring turned to run counter-clockwise.
pub(super) fn counter_clockwise(mut ring: Vec<Corner>) -> Vec<Corner> {
    if twice_area(&ring) < 0 {
        ring.reverse();
    }
    ring
}

/// Twice the area in square decimetres; positive for counter-clockwise.
pub(super) fn twice_area(ring: &[Corner]) -> i64 {
    let next = ring.iter().cycle().skip(1);
    ring.iter()
        .zip(next)
        .map(|(a, b)| i64::from(a[0]) * i64::from(b[1]) - i64::from(b[0]) * i64::from(a[1]))
        .sum()
}

/// The box round rings.
pub(super) fn bounding(rings: &[Vec<Corner>]) -> Rect {
    let corners = || rings.iter().flatten();
    let low = |axis: usize| corners().map(|c| c[axis]).min().unwrap_or(0);
    let high = |axis: usize| corners().map(|c| c[axis]).max().unwrap_or(0);
    Rect::new(low(0), low(1), high(0), high(1))
}

/// Whether a place lies within a ring (even-odd); on the border either answer may come.
pub(super) fn within(ring: &[Corner], at: Corner) -> bool {
    let mut inside = false;
    let next = ring.iter().cycle().skip(1);
    for (a, b) in ring.iter().zip(next) {
        if (a[1] > at[1]) != (b[1] > at[1]) {
            let share = f64::from(at[1] - a[1]) / f64::from(b[1] - a[1]);
            let u = f64::from(a[0]) + share * f64::from(b[0] - a[0]);
            inside ^= f64::from(at[0]) < u;
        }
    }
    inside
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strips_face_their_front() {
        let rect = Rect::new(0, 0, 100, 40);
        for front in [Side::North, Side::South, Side::East, Side::West] {
            let strip = Strip { rect, front };
            let ring = strip.ring(&[[0, 0], [10, 0], [10, 5], [0, 5]]);
            assert_eq!(twice_area(&ring), 100, "{front:?}");
            let whole = strip.rect(0, 0, strip.length(), strip.depth());
            assert_eq!(whole, rect, "{front:?}");
        }
        let south = Strip {
            rect,
            front: Side::South,
        };
        assert_eq!(south.rect(0, 0, 10, 5), Rect::new(0, 0, 10, 5));
        let east = Strip {
            rect,
            front: Side::East,
        };
        assert_eq!(east.rect(0, 0, 10, 5), Rect::new(95, 0, 100, 10));
    }

    #[test]
    fn places_within_a_ring() {
        let ring = [[0, 0], [10, 0], [10, 10], [5, 2], [0, 10]];
        assert!(within(&ring, [1, 4]) && within(&ring, [9, 4]));
        assert!(!within(&ring, [5, 6]) && !within(&ring, [-1, 1]));
    }

    #[test]
    fn touching() {
        let rect = Rect::new(0, 0, 100, 40);
        assert_eq!(rect.touch(Side::East, &Rect::new(100, 10, 120, 90)), 30);
        assert_eq!(rect.touch(Side::East, &Rect::new(101, 10, 120, 90)), 0);
        assert_eq!(rect.touch(Side::South, &Rect::new(-50, -9, 20, 0)), 20);
    }
}
