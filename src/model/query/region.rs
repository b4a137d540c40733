//! Where a question looks: a circle, a polygon, an area. Checked before it is used, so that a
//! crossed outline is told and not answered somehow.

use std::sync::Arc;

use geo::{Contains, Distance, Euclidean, Intersects, Validation};
use geo_types::{LineString, Point, Polygon};

use crate::base::AreaId;
use crate::model::Ground;
use crate::space::{Bounds2, at_share, crossing};

/// Where a question looks, in the city's CRS, metres.
#[derive(Debug, Clone, PartialEq)]
pub enum Region {
    /// Everything at most so far from a place.
    Circle {
        /// The place.
        at: [f64; 2],
        /// How far.
        radius_m: f64,
    },
    /// Everything that shares a point with it.
    Polygon(Arc<Polygon<f64>>),
}

/// Why a place cannot be looked at.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RegionError {
    /// A radius below zero, or none.
    #[error("a radius is 0 m or more, not {0}")]
    Radius(f64),
    /// Fewer than three corners, or an outline without ground in it.
    #[error(
        "the polygon encloses no ground; it needs three corners or more that do not lie in a line"
    )]
    Empty,
    /// The outline crosses itself.
    #[error(
        "the polygon crosses itself at {:.1},{:.1}, where the side from its corner {} meets the side from its corner {}; give its corners in order, once round",
        at[0], at[1], sides[0], sides[1]
    )]
    Crossed {
        /// Where, east and north in the city's CRS.
        at: [f64; 2],
        /// The sides, by the corners at which they begin, counted from 1.
        sides: [usize; 2],
    },
    /// The outline runs over itself without crossing, or turns back.
    #[error("the polygon cannot be used ({0}); give its corners in order, once round")]
    Unsound(String),
    /// A coordinate is no number.
    #[error("a coordinate is no number")]
    NotANumber,
    /// There is no such area.
    #[error("there is no area {0} in this city")]
    NoSuchArea(AreaId),
    /// The outline of an area is not known.
    #[error(
        "the outline of {name} is not known, so nothing can be looked for in it; its records can be counted with --by or filtered with --in"
    )]
    NoOutline {
        /// Its name.
        name: String,
    },
}

impl Region {
    /// A circle.
    ///
    /// # Errors
    /// When the place or the radius is none.
    pub fn circle(at: [f64; 2], radius_m: f64) -> Result<Self, RegionError> {
        if !at.iter().all(|one| one.is_finite()) {
            return Err(RegionError::NotANumber);
        }
        if !(radius_m >= 0.0) {
            return Err(RegionError::Radius(radius_m));
        }
        Ok(Self::Circle { at, radius_m })
    }

    /// A polygon by its corners, in order, either way round.
    ///
    /// # Errors
    /// When it encloses nothing or crosses itself.
    pub fn polygon(corners: &[[f64; 2]]) -> Result<Self, RegionError> {
        if !corners.iter().flatten().all(|one| one.is_finite()) {
            return Err(RegionError::NotANumber);
        }
        let ring: LineString<f64> = corners.iter().map(|at| (at[0], at[1])).collect();
        let polygon = Polygon::new(ring, Vec::new());
        // First: what crosses itself evenly encloses as much to the left as to the right.
        if let Some((at, sides)) = crossing_of(corners) {
            return Err(RegionError::Crossed { at, sides });
        }
        if corners.len() < 3 || crate::space::area_m2(&polygon) <= 0.0 {
            return Err(RegionError::Empty);
        }
        if let Err(fault) = polygon.check_validation() {
            return Err(RegionError::Unsound(fault.to_string()));
        }
        Ok(Self::Polygon(Arc::new(polygon)))
    }

    /// The outline of an area.
    ///
    /// # Errors
    /// When there is no such area, or its outline is not known.
    pub fn area(ground: &Ground, id: AreaId) -> Result<Self, RegionError> {
        let area = ground.areas.get(&id).ok_or(RegionError::NoSuchArea(id))?;
        let polygon = area.polygon.clone().ok_or_else(|| RegionError::NoOutline {
            name: area.name.clone(),
        })?;
        Ok(Self::Polygon(Arc::new(polygon)))
    }

    /// The box around it: everything that it can reach lies in it.
    #[must_use]
    pub fn bounds(&self) -> Bounds2 {
        match self {
            Self::Circle { at, radius_m } => Bounds2::from_points([*at]).grown(*radius_m),
            Self::Polygon(polygon) => Bounds2::from_polygon(polygon),
        }
    }

    /// How far a point is from the middle of a circle, or 0 in a polygon; `None` outside.
    pub(super) fn takes_point(&self, point: [f64; 2]) -> Option<f64> {
        match self {
            Self::Circle { at, radius_m } => {
                let distance_m = distance_m(*at, point);
                (distance_m <= *radius_m).then_some(distance_m)
            }
            Self::Polygon(polygon) => {
                let point = Point::new(point[0], point[1]);
                polygon.intersects(&point).then_some(0.0)
            }
        }
    }

    /// The same for a shape that covers ground.
    pub(super) fn takes_polygon(&self, shape: &Polygon<f64>) -> Option<f64> {
        match self {
            Self::Circle { at, radius_m } => {
                let distance_m = Euclidean.distance(&Point::new(at[0], at[1]), shape);
                (distance_m <= *radius_m).then_some(distance_m)
            }
            Self::Polygon(polygon) => {
                let meets = polygon.contains(shape) || polygon.intersects(shape);
                meets.then_some(0.0)
            }
        }
    }

    /// The same for a line.
    pub(super) fn takes_line(&self, line: &LineString<f64>) -> Option<f64> {
        match self {
            Self::Circle { at, radius_m } => {
                let distance_m = Euclidean.distance(&Point::new(at[0], at[1]), line);
                (distance_m <= *radius_m).then_some(distance_m)
            }
            Self::Polygon(polygon) => polygon.intersects(line).then_some(0.0),
        }
    }
}

/// Where a ring crosses or touches itself away from a shared corner, with the two sides by the
/// corners at which they begin, counted from 1; `None` where it does not.
fn crossing_of(corners: &[[f64; 2]]) -> Option<([f64; 2], [usize; 2])> {
    // A corner that is told twice in a row, or again at the end, has no side of its own.
    let mut told: Vec<usize> = (0..corners.len()).collect();
    told.dedup_by_key(|at| corners[*at]);
    while told.len() > 1 && corners[told[0]] == corners[told[told.len() - 1]] {
        told.pop();
    }
    let count = told.len();
    let side = |from: usize| [corners[told[from]], corners[told[(from + 1) % count]]];
    let span = |from: usize| {
        let [a, b] = side(from);
        [a[0].min(b[0]), a[0].max(b[0])]
    };
    // From west to east: only sides that share an easting can meet.
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|a, b| span(*a)[0].total_cmp(&span(*b)[0]));
    for (place, &one) in order.iter().enumerate() {
        let east = span(one)[1];
        for &other in order[place + 1..]
            .iter()
            .take_while(|at| span(**at)[0] <= east)
        {
            let is_next = (one + 1) % count == other || (other + 1) % count == one;
            let shares = (!is_next)
                .then(|| crossing(side(one), side(other)))
                .flatten();
            if let Some([share, _]) = shares {
                let sides = [one.min(other), one.max(other)].map(|side| told[side] + 1);
                return Some((at_share(side(one), share), sides));
            }
        }
    }
    None
}

pub(super) fn distance_m(a: [f64; 2], b: [f64; 2]) -> f64 {
    let (dx, dy) = (a[0] - b[0], a[1] - b[1]);
    (dx * dx + dy * dy).sqrt()
}
