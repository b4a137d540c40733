//! One day of one sensor, taken together into one value: the median of its hours' means, so that the
//! cycle of the day falls out and single wrong readings do no harm. Constant memory however often a
//! device reports. Never closes a day by itself; `series` does.

use serde::{Deserialize, Serialize};

use super::robust::median;
use super::thermal::Response;

const HOURS: usize = 24;

#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
struct Hour {
    count: u16,
    with_temperature: u16,
    value: [f32; 2],
    celsius: f32,
}

/// The readings of one day on their way into a [`Day`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Tally {
    /// Days since 1970 by the city's clock.
    pub(super) number: i32,
    /// Whether the sensor was touched or the house moved in it.
    pub(super) is_broken: bool,
    hours: [Hour; HOURS],
}

/// A temperature in hundredths of °C, or none: a state holds a hundred and fifty of them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Warm(Option<std::num::NonZeroI16>);

impl Warm {
    /// One step up, so that nought can stand for none.
    const UP: f64 = 20_000.0;

    fn of(celsius: Option<f64>) -> Self {
        let steps = celsius.map(|celsius| (celsius * 100.0 + Self::UP).round() as i16);
        Self(steps.and_then(std::num::NonZeroI16::new))
    }

    fn celsius(self) -> Option<f64> {
        self.0
            .map(|steps| (f64::from(steps.get()) - Self::UP) / 100.0)
    }
}

/// What a day comes to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Day {
    /// Days since 1970 by the city's clock.
    pub number: i32,
    /// Its value in the unit of the series, as measured.
    pub value: [f32; 2],
    /// Temperature as the wall follows it, where it was told in every hour.
    pub(super) celsius: Warm,
    /// In how many hours there were readings.
    pub hours: u8,
    /// Whether the sensor was touched or the house moved in it: then it belongs to no trend.
    pub is_broken: bool,
}

impl Day {
    /// Temperature as the wall follows it, °C, where it was told.
    pub(super) fn celsius(&self) -> Option<f64> {
        self.celsius.celsius()
    }

    /// Takes in one more day, when this one stands for the mean of `hours` days.
    pub(super) fn mean_with(&mut self, day: &Self) {
        self.hours = self.hours.saturating_add(1);
        let share = 1.0 / f32::from(self.hours);
        for (mean, value) in self.value.iter_mut().zip(day.value) {
            *mean += (value - *mean) * share;
        }
        // A mean of which a day tells no temperature tells none.
        let both = self.celsius().zip(day.celsius());
        self.celsius =
            Warm::of(both.map(|(mean, celsius)| mean + (celsius - mean) * f64::from(share)));
    }

    /// Its value brought to the reference temperature, as far as that is known.
    pub(super) fn compensated(&self, response: Option<&Response>) -> [f64; 2] {
        let value = self.value.map(f64::from);
        match (response, self.celsius()) {
            (Some(response), Some(celsius)) => response.compensated(value, celsius),
            _ => value,
        }
    }
}

impl Tally {
    pub(super) fn new(number: i32) -> Self {
        Self {
            number,
            is_broken: false,
            hours: [Hour::default(); HOURS],
        }
    }

    /// Takes a reading at an hour of the day: value, filtered temperature in °C.
    pub(super) fn take(&mut self, hour: usize, value: [f64; 2], filtered_c: Option<f64>) {
        let hour = &mut self.hours[hour.min(HOURS - 1)];
        // A running mean: no sum grows beyond what an f32 holds.
        hour.count = hour.count.saturating_add(1);
        let share = 1.0 / f32::from(hour.count);
        for (mean, value) in hour.value.iter_mut().zip(value) {
            *mean += (value as f32 - *mean) * share;
        }
        if let Some(celsius) = filtered_c {
            hour.with_temperature = hour.with_temperature.saturating_add(1);
            let share = 1.0 / f32::from(hour.with_temperature);
            hour.celsius += (celsius as f32 - hour.celsius) * share;
        }
    }

    /// How far the day swings, half from its lowest to its highest hour, along the axis that swings
    /// more; `None` for fewer hours than tell it.
    pub(super) fn swing(&self) -> Option<f64> {
        let told = || self.hours.iter().filter(|hour| hour.count > 0);
        let half = |axis: usize| {
            let values = told().map(|hour| hour.value[axis]);
            let (low, high) = values.fold((f32::MAX, f32::MIN), |(low, high), value| {
                (low.min(value), high.max(value))
            });
            f64::from(high - low) / 2.0
        };
        (told().count() >= HOURS / 2).then(|| half(0).max(half(1)))
    }

    /// What the day comes to; `None` without readings.
    pub(super) fn day(&self) -> Option<Day> {
        let told = || self.hours.iter().filter(|hour| hour.count > 0);
        let middle = |value: &dyn Fn(&Hour) -> f32| {
            let mut values: Vec<f64> = told().map(|hour| f64::from(value(hour))).collect();
            median(&mut values)
        };
        let value = [
            middle(&|hour| hour.value[0])? as f32,
            middle(&|hour| hour.value[1])? as f32,
        ];
        let is_warm_told = told().all(|hour| hour.with_temperature > 0);
        let celsius = middle(&|hour| hour.celsius).filter(|_| is_warm_told);
        Some(Day {
            number: self.number,
            value,
            celsius: Warm::of(celsius),
            hours: told().count() as u8,
            is_broken: self.is_broken,
        })
    }
}
