//! Which columns of a table tell the time, and the times of its rows. Pure; used by `series` alone. Of
//! several readings it takes the one that says most, and where none fits nearly all rows it refuses.

use super::header;
use super::moment::{self, Moment};
use super::rows::Row;
use super::told::TimeForm;

/// Rows by which it is told.
const SAMPLE_ROWS: usize = 400;

/// Where the time stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TimeColumns {
    pub form: TimeForm,
    /// Indexes of the columns, the coarsest first.
    pub columns: Vec<usize>,
}

impl TimeColumns {
    /// Finds them by what stands in the first rows; names are empty where there is no header.
    pub fn find(rows: &[Row], names: &[String], width: usize) -> Option<Self> {
        let sample = &rows[..rows.len().min(SAMPLE_ROWS)];
        let fits = |columns: &[usize], form: TimeForm| {
            let at = Self {
                form,
                columns: columns.to_vec(),
            };
            let read = sample.iter().filter(|row| at.moment(row).is_some()).count();
            (read > 0 && read * 10 >= sample.len() * 9).then_some(at)
        };
        let is_named = |column: usize| names.get(column).is_some_and(|name| header::is_time(name));
        let mut order: Vec<usize> = (0..width).collect();
        order.sort_by_key(|column| !is_named(*column));
        let has_no_time = |at: &Self| {
            let moments = sample.iter().filter_map(|row| at.moment(row));
            moments.take(SAMPLE_ROWS).all(|moment| !moment.has_time)
        };
        let date = order
            .iter()
            .find_map(|column| fits(&[*column], TimeForm::Date));
        if let Some(date) = date.as_ref().filter(|date| has_no_time(date)) {
            let column = date.columns[0];
            let beside = (0..width).filter(|other| *other != column);
            let both = beside
                .into_iter()
                .find_map(|time| fits(&[column, time], TimeForm::DateAndTime));
            if both.is_some() {
                return both;
            }
        }
        // Digits alone could be anything: the header says it, or they stand first without one.
        let may_be = |column: &usize| is_named(*column) || (*column == 0 && names.is_empty());
        let alone = |form: TimeForm| {
            order
                .iter()
                .copied()
                .filter(may_be)
                .find_map(|column| fits(&[column], form))
        };
        date.or_else(|| {
            parts(sample, names, width).and_then(|columns| fits(&columns, TimeForm::Parts))
        })
        .or_else(|| alone(TimeForm::Compact))
        .or_else(|| alone(TimeForm::Epoch))
        .or_else(|| alone(TimeForm::Year))
    }

    /// The moment of a row.
    pub fn moment(&self, row: &Row) -> Option<Moment> {
        let cell = |at: usize| {
            self.columns
                .get(at)
                .map(|column| row.cell(*column).trim_matches(['"', '\'']))
        };
        match self.form {
            TimeForm::Date => moment::date(cell(0)?),
            TimeForm::Compact => moment::compact(cell(0)?),
            TimeForm::Epoch => moment::epoch(cell(0)?),
            TimeForm::Year => moment::year(cell(0)?),
            TimeForm::DateAndTime => {
                let date = moment::date(cell(0)?)?;
                Some(Moment {
                    clock_ms: date.clock_ms + moment::time_of_day(cell(1)?)?,
                    has_time: true,
                    ..date
                })
            }
            TimeForm::Parts => {
                let part = |at: usize, otherwise: i64| match cell(at) {
                    Some(text) => text.parse::<i64>().ok(),
                    None => Some(otherwise),
                };
                let midnight = moment::midnight_ms(part(0, 0)?, part(1, 1)?, part(2, 1)?)?;
                let of_day = moment::of_day_ms(part(3, 0)?, part(4, 0)?, part(5, 0)? * 1_000)?;
                Some(Moment {
                    clock_ms: midnight + of_day,
                    offset_minutes: None,
                    has_time: self.columns.len() > 3,
                })
            }
        }
    }
}

/// Columns of year, month, day, hour and so on, by their names, or by what stands in the first ones.
fn parts(sample: &[Row], names: &[String], width: usize) -> Option<Vec<usize>> {
    const NAMES: [&[&str]; 6] = [
        &["year", "yyyy", "yr", "年"],
        &["month", "mm", "mon", "月"],
        &["day", "dd", "日"],
        &["hour", "hh", "hr", "时"],
        &["minute", "min", "mi", "分"],
        &["second", "sec", "ss", "秒"],
    ];
    if !names.is_empty() {
        let of = |known: &&[&str]| {
            names
                .iter()
                .position(|name| known.contains(&name.to_lowercase().as_str()))
        };
        let found: Vec<usize> = NAMES.iter().map_while(of).collect();
        return (found.len() >= 2).then_some(found);
    }
    // Without a header: whole numbers side by side within the ranges of a calendar. One that may be
    // a second or a value is a value.
    let ranges = [1800..=2200, 1..=12, 1..=31, 0..=24, 0..=59];
    let is_within = |column: usize, range: &std::ops::RangeInclusive<i64>| {
        let all = sample.iter().map(|row| row.cell(column).parse::<i64>());
        all.into_iter()
            .all(|number| number.is_ok_and(|number| range.contains(&number)))
    };
    let last = width.saturating_sub(1).min(ranges.len());
    let found: Vec<usize> = (0..last)
        .take_while(|column| is_within(*column, &ranges[*column]))
        .collect();
    (found.len() >= 3).then_some(found)
}
