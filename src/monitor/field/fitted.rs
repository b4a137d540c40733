//! A field from measured points: variogram fitted, its form chosen by leaving out each point in turn,
//! standard errors scaled to what the points do. Used by `app` and by whoever draws what a community
//! settles by. What cannot be told is said with its reason; a field without structure is never drawn
//! as one.

use std::ops::Range;

use super::NoField;
use super::fit::fit;
use super::krige::{Estimate, Krige, MOST_POINTS};
use super::points::{Gathered, Point, gather};
use super::profile::{NoProfile, ProfilePoint, profile};
use super::surface::{Grid, Surface};
use super::validate::CrossValidation;
use super::variogram::{Lag, Shape, Variogram, experimental};

/// How often standard errors are scaled: once is enough where the points have no errors of their own.
const SCALED: usize = 3;
/// Mean, nugget, sill and range are taken from the very points that errors are held against: so many
/// fewer tell how large errors are.
const NUMBERS: f64 = 4.0;
/// Fewer points than this cannot tell a field as smooth as the Gaussian one, and would be taken for it
/// by chance.
const SMOOTH_FROM: usize = 30;
/// By so much, over all points, a form must score better than no structure at all: the price of its two
/// more numbers (Akaike 1974).
const LEAST_GAIN: f64 = 2.0;

/// What a field is asked for. The default is what [`FieldSettings::default`] says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FieldSettings {
    /// Nothing is drawn where the standard error is above this share of the field's standard
    /// deviation. The default, 0.7, is where half of the variance is explained.
    pub most_error_share: f64,
    /// Nor where it is above this, mm. By default there is no such bound: see
    /// [`Field::no_worse_than`].
    pub most_error_mm: f64,
    /// Nor further than this from the nearest point, nor further than the range of the variogram, metres:
    /// how far a bowl reaches that nobody measured is not told by the size of its error alone. The default
    /// is 60, the breadth of a row of houses with its lane.
    pub farthest_m: f64,
    /// Fewer places than this are no field.
    pub least_points: usize,
}

impl Default for FieldSettings {
    fn default() -> Self {
        Self {
            most_error_share: 0.7,
            most_error_mm: f64::INFINITY,
            farthest_m: 60.0,
            least_points: 8,
        }
    }
}

/// A field that was fitted.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    krige: Krige,
    validation: CrossValidation,
    lags: Vec<Lag>,
    scaled_by: f64,
    gathered: (usize, usize),
    settings: FieldSettings,
}

/// One form, scaled and validated.
struct Candidate {
    krige: Krige,
    validation: CrossValidation,
    scaled_by: f64,
}

impl Field {
    /// Fits a field to points in any order. Time with the cube of their count: about 30 ms for 200.
    ///
    /// # Errors
    /// Why there is none: see [`NoField`].
    pub fn fit(points: &[Point], settings: &FieldSettings) -> Result<Self, NoField> {
        let Gathered {
            points,
            unusable,
            merged,
        } = gather(points);
        let spread_mm2 = spread_mm2(&points, settings)?;
        let lags = experimental(&points);
        let told_mm2 = points
            .iter()
            .map(|point| point.sigma_mm.powi(2))
            .sum::<f64>();
        // What is left of the variance beside the errors of the values, all of it nugget.
        let own_mm2 = (spread_mm2 - told_mm2 / points.len() as f64).max(1e-3 * spread_mm2);
        let nothing = Variogram {
            shape: Shape::Spherical,
            nugget_mm2: own_mm2,
            sill_mm2: own_mm2,
            range_m: 1.0,
        };
        let nothing = Candidate::of(&points, nothing)?;
        let (mut best, mut refused) = (None::<Candidate>, None);
        let is_tried = |shape: &Shape| *shape != Shape::Gaussian || points.len() >= SMOOTH_FROM;
        let shapes = Shape::ALL.into_iter().filter(is_tried);
        for variogram in shapes.filter_map(|shape| fit(&lags, shape)) {
            match Candidate::of(&points, variogram) {
                Ok(one) if best.as_ref().is_none_or(|best| one.is_better(best)) => best = Some(one),
                Ok(_) => {}
                Err(reason) => refused = Some(reason),
            }
        }
        let gain = LEAST_GAIN / points.len() as f64;
        let structured = best.filter(|best| best.score() + gain < nothing.score());
        let Candidate {
            krige,
            validation,
            scaled_by,
        } = structured.ok_or_else(|| {
            let mean = nothing.krige.mean();
            refused.unwrap_or(NoField::NoStructure {
                mean_mm: mean.mm,
                standard_error_mm: mean.standard_error_mm,
                deviation_mm: spread_mm2.sqrt(),
            })
        })?;
        Ok(Self {
            krige,
            validation,
            lags,
            scaled_by,
            gathered: (unusable, merged),
            settings: *settings,
        })
    }

    /// The kriging behind it.
    #[must_use]
    pub fn krige(&self) -> &Krige {
        &self.krige
    }

    /// What leaving out each point in turn shows, with the standard errors as they are told.
    #[must_use]
    pub fn validation(&self) -> &CrossValidation {
        &self.validation
    }

    /// The experimental variogram.
    #[must_use]
    pub fn lags(&self) -> &[Lag] {
        &self.lags
    }

    /// By how much the fitted sill was multiplied, so that the standard errors hold: 1 for as fitted.
    #[must_use]
    pub fn scaled_by(&self) -> f64 {
        self.scaled_by
    }

    /// How many points were no number or beyond what can be.
    #[must_use]
    pub fn unusable(&self) -> usize {
        self.gathered.0
    }

    /// How many points went into another one at the same place.
    #[must_use]
    pub fn merged(&self) -> usize {
        self.gathered.1
    }

    /// Standard deviation of the field, mm: the root of its sill.
    #[must_use]
    pub fn deviation_mm(&self) -> f64 {
        self.krige.variogram().sill_mm2.sqrt()
    }

    /// The largest standard error that is told, mm.
    #[must_use]
    pub fn most_error_mm(&self) -> f64 {
        let by_share = self.settings.most_error_share * self.deviation_mm();
        by_share.min(self.settings.most_error_mm)
    }

    /// The same field, of which nothing is told where the standard error is above this, mm: a contour
    /// that may as well be its neighbour says nothing.
    #[must_use]
    pub fn no_worse_than(mut self, most_error_mm: f64) -> Self {
        self.settings.most_error_mm = self.settings.most_error_mm.min(most_error_mm);
        self
    }

    /// How far from the nearest point anything is told, metres.
    #[must_use]
    pub fn reach_m(&self) -> f64 {
        (self.krige.variogram().range_m).min(self.settings.farthest_m)
    }

    /// Whether a point lies near enough to tell of a place.
    fn is_near(&self, [east, north]: [f64; 2]) -> bool {
        let reach_m = self.reach_m();
        let mut points = self.krige.points().iter().map(|point| point.position);
        points.any(|[x, y]| (x - east).hypot(y - north) <= reach_m)
    }

    /// A grid of which only cells near a point are wanted.
    fn near(&self, grid: &Grid) -> Grid {
        let places = self.krige.points().iter().map(|point| point.position);
        grid.clone().near(places, self.reach_m())
    }

    /// The estimate at a place, local metres east and north. `None` where its standard error is too
    /// large to be told, or no point is near.
    #[must_use]
    pub fn at(&self, position: [f64; 2]) -> Option<Estimate> {
        if !self.is_near(position) {
            return None;
        }
        let estimate = self.krige.at(position)?;
        (estimate.standard_error_mm <= self.most_error_mm()).then_some(estimate)
    }

    /// The estimates in the cells of a grid.
    #[must_use]
    pub fn surface(&self, grid: &Grid) -> Surface {
        Surface::of(&self.krige, &self.near(grid), self.most_error_mm())
    }

    /// The estimates in some rows of a grid: see [`Surface::band`].
    #[must_use]
    pub fn band(&self, grid: &Grid, rows: Range<usize>) -> Vec<Option<Estimate>> {
        Surface::band(&self.krige, &self.near(grid), rows, self.most_error_mm())
    }

    /// The estimates along a line of local metres, every `step_m` and at its end.
    ///
    /// # Errors
    /// A line or a step that is none, or too many steps.
    pub fn profile(&self, line: &[[f64; 2]], step_m: f64) -> Result<Vec<ProfilePoint>, NoProfile> {
        profile(line, step_m, |position| self.at(position))
    }
}

/// The variance of all values, mm², or why there cannot be a field of them.
fn spread_mm2(points: &[Point], settings: &FieldSettings) -> Result<f64, NoField> {
    if points.is_empty() {
        return Err(NoField::NoReadings);
    }
    let (count, least) = (points.len(), settings.least_points.max(3));
    if count < least {
        return Err(NoField::TooFewPoints {
            points: count,
            least,
        });
    }
    if count > MOST_POINTS {
        return Err(NoField::TooManyPoints {
            points: count,
            most: MOST_POINTS,
        });
    }
    let mean = points.iter().map(|point| point.value_mm).sum::<f64>() / count as f64;
    let squares = points.iter().map(|point| (point.value_mm - mean).powi(2));
    let spread_mm2 = squares.sum::<f64>() / (count - 1) as f64;
    // Less than rounding makes.
    if spread_mm2.sqrt() <= 1e-9 * mean.abs().max(1e-3) {
        return Err(NoField::Constant { mm: mean });
    }
    Ok(spread_mm2)
}

impl Candidate {
    /// Scales a variogram until the standard errors hold, as far as its points can tell. They are widened
    /// wherever points are further off than told, and narrowed only where chance would not make them so
    /// near.
    fn of(points: &[Point], variogram: Variogram) -> Result<Self, NoField> {
        let count = points.len() as f64;
        let freedom = count / (count - NUMBERS).max(1.0);
        let (mut scaled_by, mut done) = (1.0, 0);
        loop {
            let krige = Krige::of(points.to_vec(), variogram.scaled(scaled_by))?;
            let validation = CrossValidation::of(&krige).ok_or(NoField::NotPositiveDefinite)?;
            let off = validation.mean_squared_standardised * freedom;
            if !(off > 1.01 || validation.is_too_wide()) || done == SCALED {
                return Ok(Self {
                    krige,
                    validation,
                    scaled_by,
                });
            }
            // A sill below this is nought beside the errors of the points.
            scaled_by = (scaled_by * off).max(1e-6);
            done += 1;
        }
    }

    fn score(&self) -> f64 {
        self.validation.score
    }

    fn is_better(&self, other: &Self) -> bool {
        self.score() < other.score()
    }
}
