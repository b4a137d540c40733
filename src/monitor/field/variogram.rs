//! How unlike values are by how far they lie apart: what the points show, and models of it. Used by
//! [`Field`](super::Field), which fits one, and by whoever draws the variogram beside the field. Never
//! fits by eye or by chance: the same points give the same numbers.
//!
//! Sources: Cressie & Hawkins (1980) for the robust estimator; Cressie, *Statistics for Spatial Data*
//! (1993), chapter 2.

use serde::{Deserialize, Serialize};

use super::points::Point;

/// Classes of distance that are tried.
const CLASSES: usize = 15;
/// A class has no fewer pairs than this, and where there are enough of them not fewer than
/// [`PLENTY`]; else it goes into the next one.
const LEAST_PAIRS: usize = 6;
const PLENTY: usize = 30;

/// The form of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Linear at first, level from the range on.
    Spherical,
    /// Linear at first, then ever slower; 95 % at the range.
    Exponential,
    /// As smooth as can be; 95 % at the range.
    Gaussian,
}

impl Shape {
    /// All of them, in the order in which they are tried.
    pub const ALL: [Self; 3] = [Self::Spherical, Self::Exponential, Self::Gaussian];

    /// How alike two values are, 1 at the same place, by their distance as a share of the range.
    #[must_use]
    #[inline]
    pub fn correlation(self, share: f64) -> f64 {
        match self {
            Self::Spherical => {
                let share = share.min(1.0);
                1.0 - share * (1.5 - 0.5 * share * share)
            }
            Self::Exponential => exp_below(-3.0 * share),
            Self::Gaussian => exp_below(-3.0 * share * share),
        }
    }
}

/// One over the factorials from twelve down to two.
const SERIES: [f64; 11] = [
    1.0 / 479_001_600.0,
    1.0 / 39_916_800.0,
    1.0 / 3_628_800.0,
    1.0 / 362_880.0,
    1.0 / 40_320.0,
    1.0 / 5_040.0,
    1.0 / 720.0,
    1.0 / 120.0,
    1.0 / 24.0,
    1.0 / 6.0,
    0.5,
];

/// The exponential function of what is not above nought, to 2 × 10⁻¹⁵ of itself for small powers and
/// 10⁻¹³ for the lowest: without branches or calls, so that loops over it become vector code, and the
/// same on every machine. Nought below −690.
#[inline]
fn exp_below(power: f64) -> f64 {
    // Adding it rounds to a whole number, which then stands in the lowest bits.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    const LOWEST: f64 = -690.0;
    let twos = power.max(LOWEST) * std::f64::consts::LOG2_E + ROUND;
    let left = power.max(LOWEST) - (twos - ROUND) * std::f64::consts::LN_2;
    // Taylor's series: |left| is at most half of ln 2.
    let series = SERIES.iter().fold(0.0, |sum, factor| sum * left + factor);
    let sum = (series * left + 1.0) * left + 1.0;
    let scale = f64::from_bits((twos.to_bits() << 52).wrapping_add(1.0_f64.to_bits()));
    if power < LOWEST { 0.0 } else { sum * scale }
}

/// A model of a variogram.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Variogram {
    /// Its form.
    pub shape: Shape,
    /// What neighbours differ by however near they are, mm², without the errors of the values
    /// themselves.
    pub nugget_mm2: f64,
    /// What values far apart differ by, mm², the nugget in it: the variance of the field.
    pub sill_mm2: f64,
    /// From this distance on nothing hangs together, m (95 % of it, but for the spherical one).
    pub range_m: f64,
}

impl Variogram {
    /// Whether its numbers can be those of a field: all finite, a range above nought, a nugget from
    /// nought to the sill. Any other gives covariances that are not positive definite.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        let all = [self.nugget_mm2, self.sill_mm2, self.range_m];
        all.iter().all(|number| number.is_finite())
            && self.range_m > 0.0
            && self.sill_mm2 > 0.0
            && (0.0..=self.sill_mm2).contains(&self.nugget_mm2)
    }

    /// Half of the mean squared difference of two values so far apart, mm²; nought at nought.
    #[must_use]
    pub fn semivariance_mm2(&self, distance_m: f64) -> f64 {
        if distance_m == 0.0 {
            return 0.0;
        }
        self.sill_mm2 - self.covariance_mm2(distance_m)
    }

    /// The covariance of two values so far apart, mm², without the nugget.
    #[must_use]
    pub fn covariance_mm2(&self, distance_m: f64) -> f64 {
        self.partial_sill_mm2() * self.shape.correlation(distance_m / self.range_m)
    }

    /// The part of the sill that hangs together, mm².
    #[must_use]
    pub fn partial_sill_mm2(&self) -> f64 {
        self.sill_mm2 - self.nugget_mm2
    }

    /// The same form with another sill; the nugget keeps its share.
    #[must_use]
    pub fn scaled(&self, factor: f64) -> Self {
        Self {
            nugget_mm2: self.nugget_mm2 * factor,
            sill_mm2: self.sill_mm2 * factor,
            ..*self
        }
    }
}

/// What pairs of a class of distances show.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Lag {
    /// Their mean distance, m.
    pub distance_m: f64,
    /// Their semivariance, mm², without what the errors of the values account for.
    pub semivariance_mm2: f64,
    /// How many.
    pub pairs: usize,
}

/// Sums over the pairs of one class.
#[derive(Debug, Clone, Copy, Default)]
struct Class {
    pairs: usize,
    distance_m: f64,
    roots: f64,
    errors_mm2: f64,
}

impl Class {
    fn add(&mut self, other: &Self) {
        self.pairs += other.pairs;
        self.distance_m += other.distance_m;
        self.roots += other.roots;
        self.errors_mm2 += other.errors_mm2;
    }

    /// By Cressie and Hawkins: roots of differences, which a few odd ones spoil less than squares.
    fn lag(&self) -> Lag {
        let count = self.pairs as f64;
        let bias = 0.457 + 0.494 / count + 0.045 / (count * count);
        let seen = 0.5 * (self.roots / count).powi(4) / bias;
        Lag {
            distance_m: self.distance_m / count,
            semivariance_mm2: (seen - self.errors_mm2 / count).max(0.0),
            pairs: self.pairs,
        }
    }
}

/// The experimental variogram, by ascending distance, up to half of the largest distance between
/// points: beyond it too few pairs stand for too few places. Empty for fewer than two points. Time with
/// the square of the count.
#[must_use]
pub fn experimental(points: &[Point]) -> Vec<Lag> {
    let farthest_m = pairs(points).map(|(one, other)| apart_m(one, other));
    let most_m = 0.5 * farthest_m.fold(0.0, f64::max);
    if !(most_m > 0.0) {
        return Vec::new();
    }
    let mut classes = [Class::default(); CLASSES];
    for (one, other) in pairs(points) {
        let distance_m = apart_m(one, other);
        if distance_m > most_m {
            continue;
        }
        let class = (distance_m / most_m * CLASSES as f64) as usize;
        classes[class.min(CLASSES - 1)].add(&Class {
            pairs: 1,
            distance_m,
            roots: (one.value_mm - other.value_mm).abs().sqrt(),
            errors_mm2: 0.5 * (one.sigma_mm.powi(2) + other.sigma_mm.powi(2)),
        });
    }
    lags(&classes)
}

/// Classes with too few pairs go into the next one, the last into the one before.
fn lags(classes: &[Class]) -> Vec<Lag> {
    let all: usize = classes.iter().map(|class| class.pairs).sum();
    let least = (all / (2 * CLASSES)).clamp(LEAST_PAIRS, PLENTY);
    let mut joined: Vec<Class> = Vec::with_capacity(classes.len());
    let mut open = Class::default();
    for class in classes {
        open.add(class);
        if open.pairs >= least {
            joined.push(std::mem::take(&mut open));
        }
    }
    if let Some(last) = joined.last_mut() {
        last.add(&open);
    }
    joined.iter().map(Class::lag).collect()
}

fn pairs(points: &[Point]) -> impl Iterator<Item = (&Point, &Point)> {
    let each = points.iter().enumerate();
    each.flat_map(|(index, one)| points[..index].iter().map(move |other| (one, other)))
}

fn apart_m(one: &Point, other: &Point) -> f64 {
    let [east, north] = [0, 1].map(|axis| one.position[axis] - other.position[axis]);
    east.hypot(north)
}
