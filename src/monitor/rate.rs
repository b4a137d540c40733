//! How fast a level changes: rates over windows of days with an interval that holds when days hang
//! together and when the season pulls at the wall, and whether the rate itself changes. Pure functions
//! over the days that `series` keeps. They never give a rate without an interval.

use serde::Serialize;

use super::kept::TrendDay;
use super::robust::{Line, RADIUS_95, Residuals, Z_95, line};
use super::series::MONTH_DAYS;
use super::thermal::Response;

/// Fewer days tell no rate.
const LEAST_DAYS: usize = 5;
/// A wall answers to the season not quite as it does to the day: so large a share of what was
/// compensated may be wrong.
const SEASON_UNSURE: f64 = 0.3;
/// Where no temperature is told: the swing of a year is taken to be so many times that of a day
/// (Suzhou's monthly means lie 25 °C apart, a usual day's ends 8 °C).
const YEAR_BY_DAY: f64 = 5.0;

/// And weather, which comes and goes within a week, may lift one end of a window above the other by so
/// many times the swing of a day.
const WEATHER_BY_DAY: f64 = 2.5;

/// How fast something moves, in the unit of its series: ‰, or mm.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Rate {
    /// Over which window of days; `None` for all there are.
    pub window_days: Option<u32>,
    /// From the first day to the last, days.
    pub span_days: u32,
    /// How many days told.
    pub days: usize,
    /// A month, of each component.
    pub per_month: [f64; 2],
    /// Its size, a month.
    pub size: f64,
    /// Lower end of the size's 95 % interval, a month; nought where it may stand still.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Part of the interval's half width that is no chance but what season and temperature may still
    /// do, a month.
    pub season: f64,
    /// Standard errors in half of the interval but for `season`.
    #[serde(skip)]
    radius: f64,
}

/// What temperature is known to do to a sensor, for [`rate`].
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Warmth {
    /// What was learned; `None` where nothing was.
    pub response: Option<Response>,
    /// How far a usual day swings.
    pub daily_swing: f64,
}

/// The rate over the last `window_days` of days that end with the last one, [`u32::MAX`] for all; `None`
/// for fewer than five days.
///
/// Method: the line of Theil and Sen for each axis, with the interval widened by what the residuals
/// show (`robust`). The interval of the size holds 95 % in two dimensions, since its direction is
/// chosen by the data (in one, where a component is nought throughout); what the season may do is added
/// to both ends.
#[must_use]
pub fn rate(days: &[TrendDay], window_days: u32, warmth: &Warmth) -> Option<Rate> {
    let asked = (window_days < u32::MAX).then_some(window_days);
    let days = window(days, window_days);
    let [east, north] = lines(days)?;
    let per_month = [east.slope, north.slope].map(|slope| slope * MONTH_DAYS);
    let size = per_month[0].hypot(per_month[1]);
    let error = error_along(per_month, &east, &north) * MONTH_DAYS;
    let season = season(days, warmth);
    let reach = radius(days) * error + season;
    Some(Rate {
        window_days: asked,
        span_days: span(days),
        days: days.len(),
        per_month,
        size,
        low: (size - reach).max(0.0),
        high: size + reach,
        season,
        radius: radius(days),
    })
}

impl Rate {
    /// Half of its 95 % interval, a month.
    #[must_use]
    pub fn half(&self) -> f64 {
        self.high - self.size
    }

    /// How fast the level grows (less than nought: shrinks), a month, and half of its 95 % interval:
    /// the part of the movement that goes the way of the level. `None` for a level of nought.
    #[must_use]
    pub fn growth(&self, level: [f64; 2]) -> Option<(f64, f64)> {
        let size = level[0].hypot(level[1]);
        (size > 0.0).then(|| {
            let along = (0..2)
                .map(|axis| self.per_month[axis] * level[axis] / size)
                .sum();
            let half = (self.high - self.size - self.season) * Z_95 / self.radius + self.season;
            (along, half)
        })
    }
}

/// How much faster the newer half of the days moves than the older half, along the movement of all:
/// a month each month, and half of the 95 % interval. `None` for fewer than ten days.
#[must_use]
pub fn acceleration(days: &[TrendDay], window_days: u32, warmth: &Warmth) -> Option<(f64, f64)> {
    let days = window(days, window_days);
    let [east, north] = lines(days)?;
    let along = [east.slope, north.slope];
    let size = along[0].hypot(along[1]);
    if size == 0.0 || days.len() < 2 * LEAST_DAYS {
        return None;
    }
    let (older, newer) = days.split_at(days.len() / 2);
    let [older_line, newer_line] = [lines(older)?, lines(newer)?];
    let speed = |of: &[Line; 2]| (of[0].slope * along[0] + of[1].slope * along[1]) / size;
    let error = |of: &[Line; 2]| error_along(along, &of[0], &of[1]);
    let middle = |days: &[TrendDay]| {
        days.iter().map(|day| f64::from(day.number)).sum::<f64>() / days.len() as f64
    };
    let apart_months = (middle(newer) - middle(older)) / MONTH_DAYS;
    let per_month = MONTH_DAYS / apart_months;
    let half = Z_95 * error(&older_line).hypot(error(&newer_line)) * per_month
        + (season(older, warmth) + season(newer, warmth)) / apart_months;
    Some(((speed(&newer_line) - speed(&older_line)) * per_month, half))
}

/// Standard errors in half of an interval of a size.
fn radius(days: &[TrendDay]) -> f64 {
    let is_nought = |axis: usize| days.iter().all(|day| day.value[axis] == 0.0);
    if is_nought(0) || is_nought(1) {
        Z_95
    } else {
        RADIUS_95
    }
}

fn window(days: &[TrendDay], window_days: u32) -> &[TrendDay] {
    let Some(last) = days.last() else {
        return days;
    };
    let first = i64::from(last.number) - i64::from(window_days);
    let from = days.partition_point(|day| i64::from(day.number) <= first);
    &days[from..]
}

fn span(days: &[TrendDay]) -> u32 {
    match (days.first(), days.last()) {
        (Some(first), Some(last)) => last.number.abs_diff(first.number),
        _ => 0,
    }
}

/// A line for each component, a day.
fn lines(days: &[TrendDay]) -> Option<[Line; 2]> {
    if days.len() < LEAST_DAYS {
        return None;
    }
    let first = days[0].number;
    let times: Vec<f64> = days
        .iter()
        .map(|day| f64::from(day.number.wrapping_sub(first)))
        .collect();
    let axis = |axis: usize| {
        let values: Vec<f64> = days.iter().map(|day| day.value[axis]).collect();
        line(&times, &values, Residuals::InTime)
    };
    Some([axis(0)?, axis(1)?])
}

/// Standard error of a movement along its own direction; for none the larger of both axes.
fn error_along(way: [f64; 2], east: &Line, north: &Line) -> f64 {
    let errors = [east.standard_error(), north.standard_error()];
    let size = way[0].hypot(way[1]);
    if size == 0.0 {
        return errors[0].max(errors[1]);
    }
    (way[0] / size * errors[0]).hypot(way[1] / size * errors[1])
}

/// What season and weather may do to a rate, a month: a share of what was compensated, or where
/// temperature is not told, the steepest that a year's swing gets with what weather adds.
fn season(days: &[TrendDay], warmth: &Warmth) -> f64 {
    let told: Vec<(f64, f64)> = days
        .iter()
        .filter_map(|day| Some((f64::from(day.number), day.celsius?)))
        .collect();
    let is_told = !told.is_empty() && told.len() * 5 >= days.len() * 4;
    match warmth.response {
        Some(response) if is_told => {
            let (times, celsius): (Vec<f64>, Vec<f64>) = told.into_iter().unzip();
            let warming = line(&times, &celsius, Residuals::Apart).map_or(0.0, |line| line.slope);
            let per_c = response.per_c[0].hypot(response.per_c[1]);
            SEASON_UNSURE * per_c * warming.abs() * MONTH_DAYS
        }
        // Temperature is told and explains nothing: there is nothing to fear of it.
        None if is_told => 0.0,
        _ => {
            let year = warmth.daily_swing * YEAR_BY_DAY;
            let weather = warmth.daily_swing * WEATHER_BY_DAY;
            let months = f64::from(span(days).max(1)) / MONTH_DAYS;
            year * std::f64::consts::TAU / 12.0 + weather / months
        }
    }
}
