//! Settlement against points that are held not to move: what they show on a day is taken off what a point
//! shows on that day, so that a loss of water in a hydrostatic line, or a benchmark that was read anew, is
//! no settlement of a house. Pure; never invents a day on which no reference told.

use std::collections::BTreeMap;

use super::kept::TrendDay;
use super::robust::median;
use super::series::SeriesMonitor;

/// What references show: for each day by how much they are off where they began.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reference {
    days: BTreeMap<i32, f64>,
    months: BTreeMap<i32, f64>,
    /// How far they are apart on the last day, mm; nought for a single one.
    apart_mm: f64,
}

impl Reference {
    /// Of points that are held not to move: the median of what they are off, each against its own first
    /// month.
    #[must_use]
    pub fn of(points: &[&SeriesMonitor]) -> Self {
        let mut days: BTreeMap<i32, Vec<f64>> = BTreeMap::new();
        let mut months: BTreeMap<i32, Vec<f64>> = BTreeMap::new();
        for point in points {
            let own = point.trend_months();
            let began = own.first().copied().or(point.trend_days().first().copied());
            let Some(began) = began else { continue };
            for day in point.trend_days() {
                let off = day.value[0] - began.value[0];
                days.entry(day.number).or_default().push(off);
            }
            for month in own {
                let off = month.value[0] - began.value[0];
                months.entry(month_of(&month)).or_default().push(off);
            }
        }
        let apart_mm = days.last_key_value().map_or(0.0, |(_, off)| {
            let most = off.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            most - off.iter().copied().fold(f64::INFINITY, f64::min)
        });
        Self {
            days: middles(days),
            months: middles(months),
            apart_mm,
        }
    }

    /// How far the points are apart on their last day, mm.
    #[must_use]
    pub const fn apart_mm(&self) -> f64 {
        self.apart_mm
    }

    /// The days of a point, held against these; those without a reference are left out.
    #[must_use]
    pub fn days(&self, of_point: Vec<TrendDay>) -> Vec<TrendDay> {
        against(of_point, |day| self.days.get(&day.number))
    }

    /// The months of a point, likewise.
    #[must_use]
    pub fn months(&self, of_point: Vec<TrendDay>) -> Vec<TrendDay> {
        against(of_point, |month| self.months.get(&month_of(month)))
    }
}

fn middles(lists: BTreeMap<i32, Vec<f64>>) -> BTreeMap<i32, f64> {
    let told = lists.into_iter();
    told.filter_map(|(number, mut off)| Some((number, median(&mut off)?)))
        .collect()
}

fn month_of(day: &TrendDay) -> i32 {
    super::series::month_of(day.number)
}

fn against<'a>(days: Vec<TrendDay>, off: impl Fn(&TrendDay) -> Option<&'a f64>) -> Vec<TrendDay> {
    let told = days.into_iter();
    told.filter_map(|mut day| {
        day.value[0] -= off(&day)?;
        Some(day)
    })
    .collect()
}
