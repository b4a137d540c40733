//! How sure the level of a lean is: the ellipse that holds 95 % of single days around their trend. Used for
//! what is drawn around a lean. Never tells one where there are too few days.

use crate::model::LeanError;

use super::kept::TrendDay;
use super::robust::{RADIUS_95, Residuals, line};

/// Days that tell how far one of them strays from the trend.
const SCATTER_DAYS: usize = 30;
/// Fewer say nothing about it.
const LEAST_DAYS: usize = 5;

/// The ellipse of the days' residuals, ‰: their covariance, [`RADIUS_95`] standard deviations wide.
#[must_use]
pub fn lean_error(days: &[TrendDay]) -> Option<LeanError> {
    let days = &days[days.len().saturating_sub(SCATTER_DAYS)..];
    if days.len() < LEAST_DAYS {
        return None;
    }
    let times: Vec<f64> = days.iter().map(|day| f64::from(day.number)).collect();
    let residuals = |axis: usize| {
        let values: Vec<f64> = days.iter().map(|day| day.value[axis]).collect();
        let trend = line(&times, &values, Residuals::Apart)?;
        let strays = times.iter().zip(&values);
        let strays = strays.map(|(time, value)| value - trend.at(*time));
        Some(strays.collect::<Vec<_>>())
    };
    let [east, north] = [residuals(0)?, residuals(1)?];
    let mean = |a: &[f64], b: &[f64]| {
        let products = a.iter().zip(b).map(|(a, b)| a * b);
        // Two numbers of each line were fitted.
        products.sum::<f64>() / (days.len() - 2) as f64
    };
    let covariance = [
        mean(&east, &east),
        mean(&east, &north),
        mean(&north, &north),
    ];
    LeanError::of_covariance(covariance, RADIUS_95)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ellipse_tells_how_far_days_stray_from_their_trend() {
        let days: Vec<TrendDay> = (0..40)
            .map(|number| {
                let stray = if number % 2 == 0 { 0.1 } else { -0.1 };
                TrendDay {
                    number,
                    value: [0.05 * f64::from(number) + stray, 1.0],
                    celsius: None,
                }
            })
            .collect();
        let ellipse = lean_error(&days).expect("days enough");
        let [long, short] = ellipse.half_permille;
        assert!((0.23..0.27).contains(&long) && short < 1e-6, "{ellipse:?}");
        assert!((ellipse.bearing_deg - 90.0).abs() < 1e-6);
        assert_eq!(lean_error(&days[..4]), None);
    }
}
