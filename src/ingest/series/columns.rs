//! From the rows of a table whose time is known to series: places apart from each other, each time
//! once, marks set aside, and what was found beside them. Pure; used by `series` alone. Never leaves
//! a cell out uncounted.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::clock::{self, Settled};
use super::header;
use super::moment::Moment;
use super::rows::{Apart, Row, Rows};
use super::times::TimeColumns;
use super::told::{
    Faults, Sentinel, SentinelRule, SeriesReport, TableReport, Unused, UnusedColumn,
};
use super::values::{self, Cell};
use super::{Series, SeriesColumn, SeriesOptions};
use crate::base::Timestamp;

/// A column that counts rows has at least so many.
const COUNTED_LEAST: usize = 10;

/// A table whose time is known.
pub(super) struct Table<'a> {
    rows: &'a Rows,
    names: Vec<(String, Option<String>)>,
    time: TimeColumns,
}

/// Rows that have a time.
struct Timed<'a> {
    rows: Vec<&'a Row>,
    told: Vec<(u64, Moment)>,
    not_a_time: Faults,
}

/// A row that counts: when, of which place, which.
struct Used<'a> {
    at_ms: i64,
    place: usize,
    row: &'a Row,
}

impl<'a> Table<'a> {
    pub fn new(rows: &'a Rows, names: Vec<(String, Option<String>)>, time: TimeColumns) -> Self {
        Self { rows, names, time }
    }

    /// Makes series of it.
    pub fn series(&self, options: &SeriesOptions) -> Series {
        let timed = self.timed();
        let places = self.place_columns(&timed);
        let settled = clock::settle(&timed.told, options.offset_minutes, places.is_empty());
        let (used, labels, [doubled, otherwise]) = self.once(&timed, &settled, &places);
        let (mut columns, mut unused) = (Vec::new(), Vec::new());
        for column in 0..self.rows.width {
            if self.time.columns.contains(&column) || places.contains(&column) {
                continue;
            }
            match self.column(column, &timed, &used, &labels, settled.is_local) {
                Ok(found) => columns.extend(found),
                Err(why) => unused.push(UnusedColumn {
                    name: self.name(column),
                    why,
                }),
            }
        }
        let named = |columns: &[usize]| columns.iter().map(|column| self.name(*column)).collect();
        Series {
            columns,
            told: TableReport {
                cells_apart_by: self.rows.apart.as_str(),
                rows: self.rows.rows.len(),
                head_rows: self.rows.head.len(),
                time_columns: named(&self.time.columns),
                time_form: self.time.form,
                is_local_time: settled.is_local,
                offsets: settled.offsets,
                not_a_time: timed.not_a_time,
                doubled,
                doubled_otherwise: otherwise,
                backwards: settled.backwards,
                clock_jumps: settled.jumps,
                place_columns: named(&places),
                unused,
                notes: Vec::new(),
            },
        }
    }

    fn name(&self, column: usize) -> String {
        let name = self.names.get(column).map(|(name, _)| name.clone());
        name.filter(|name| !name.is_empty())
            .unwrap_or_else(|| format!("column {}", column + 1))
    }

    fn timed(&self) -> Timed<'a> {
        let mut timed = Timed {
            rows: Vec::new(),
            told: Vec::new(),
            not_a_time: Faults::default(),
        };
        for row in &self.rows.rows {
            match self.time.moment(row) {
                Some(moment) => {
                    timed.rows.push(row);
                    timed.told.push((row.line, moment));
                }
                None => timed.not_a_time.note(row.line),
            }
        }
        timed
    }

    /// Columns that tell places, where times come again and a header says so. What is different in
    /// every row names rows and no places.
    fn place_columns(&self, timed: &Timed) -> Vec<usize> {
        let times: HashSet<i64> = timed
            .told
            .iter()
            .map(|(_, moment)| moment.clock_ms)
            .collect();
        if times.len() == timed.told.len() {
            return Vec::new();
        }
        let is_place = |column: &usize| {
            let is_named = self
                .names
                .get(*column)
                .is_some_and(|(name, _)| header::is_place(name));
            let cells: HashSet<&str> = timed.rows.iter().map(|row| row.cell(*column)).collect();
            is_named && cells.len() < timed.rows.len() && !self.time.columns.contains(column)
        };
        (0..self.rows.width).filter(is_place).collect()
    }

    /// Rows in order of their times, each time of a place once, with the labels of places and how many
    /// rows came again, and came again with something else in them.
    fn once(
        &self,
        timed: &Timed<'a>,
        settled: &Settled,
        places: &[usize],
    ) -> (Vec<Used<'a>>, Vec<String>, [usize; 2]) {
        let mut labels = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        let mut first: BTreeMap<(i64, usize), &Row> = BTreeMap::new();
        let [mut doubled, mut otherwise] = [0, 0];
        for (row, at_ms) in timed.rows.iter().copied().zip(&settled.at_ms) {
            let cells: Vec<&str> = places.iter().map(|column| row.cell(*column)).collect();
            let label = cells.join(", ");
            let place = *known.entry(label).or_insert_with_key(|label| {
                labels.push(label.clone());
                labels.len() - 1
            });
            let there = *first.entry((*at_ms, place)).or_insert(row);
            if there.line != row.line {
                doubled += 1;
                let is_value = |column: &usize| !self.time.columns.contains(column);
                let differs = |column: usize| there.cell(column) != row.cell(column);
                otherwise += usize::from((0..self.rows.width).filter(is_value).any(differs));
            }
        }
        let used = first
            .into_iter()
            .map(|((at_ms, place), row)| Used { at_ms, place, row });
        (used.collect(), labels, [doubled, otherwise])
    }

    fn cell(&self, row: &Row, column: usize) -> Cell {
        values::cell(row.cell(column), self.rows.apart != Apart::Sign(b','))
    }

    /// The series of a column, one for each place.
    fn column(
        &self,
        column: usize,
        timed: &Timed,
        used: &[Used],
        labels: &[String],
        is_local: bool,
    ) -> Result<Vec<SeriesColumn>, Unused> {
        let all: Vec<Cell> = timed
            .rows
            .iter()
            .map(|row| self.cell(row, column))
            .collect();
        let numbers: Vec<f64> = all.iter().filter_map(number).collect();
        let others = all.iter().filter(|cell| **cell == Cell::Other).count();
        if all.iter().all(|cell| *cell == Cell::Empty) {
            return Err(Unused::Empty);
        }
        if others > numbers.len() || (numbers.is_empty() && others > 0) {
            return Err(Unused::Words);
        }
        let counts = numbers.len() >= COUNTED_LEAST
            && numbers.windows(2).all(|pair| pair[1] - pair[0] == 1.0);
        if counts && numbers.len() == all.len() {
            return Err(Unused::CountsRows);
        }
        let marks = values::sentinels(&numbers);
        let mut series: Vec<SeriesColumn> = labels
            .iter()
            .map(|label| SeriesColumn {
                name: self.name(column),
                unit: self.names.get(column).and_then(|(_, unit)| unit.clone()),
                place: (labels.len() > 1 || !label.is_empty()).then(|| label.clone()),
                values: Vec::new(),
                told: SeriesReport::default(),
            })
            .collect();
        for one in used {
            let cell = self.cell(one.row, column);
            take(
                &mut series[one.place],
                one,
                (cell, one.row.cell(column)),
                &marks,
            );
        }
        series.iter_mut().for_each(|one| look(one, is_local));
        Ok(series)
    }
}

fn number(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Number { value, .. } => Some(*value),
        _ => None,
    }
}

/// Takes a cell into a series, or counts what it is instead.
fn take(
    series: &mut SeriesColumn,
    one: &Used,
    (cell, text): (Cell, &str),
    marks: &[(f64, SentinelRule)],
) {
    let told = &mut series.told;
    match cell {
        Cell::Empty => told.empty += 1,
        Cell::Other => told.not_a_number.note(one.row.line),
        Cell::Mark => note(&mut told.sentinels, text.to_owned(), SentinelRule::Word),
        Cell::Number { value, has_comma } => {
            told.decimal_commas += usize::from(has_comma);
            match marks.iter().find(|(mark, _)| *mark == value) {
                Some((_, rule)) => note(&mut told.sentinels, value.to_string(), *rule),
                None => series
                    .values
                    .push((Timestamp::from_millis(one.at_ms), value)),
            }
        }
    }
}

fn note(sentinels: &mut Vec<Sentinel>, mark: String, rule: SentinelRule) {
    match sentinels
        .iter_mut()
        .find(|known| known.mark == mark && known.rule == rule)
    {
        Some(known) => known.count += 1,
        None => sentinels.push(Sentinel {
            mark,
            rule,
            count: 1,
        }),
    }
}

/// Looks at what a series has in the end.
fn look(series: &mut SeriesColumn, is_local: bool) {
    let values = &series.values;
    let told = &mut series.told;
    let at_ms: Vec<i64> = values.iter().map(|one| one.0.millis()).collect();
    told.interval_ms = clock::interval_ms(&at_ms);
    if let Some(interval) = told.interval_ms {
        (told.gap_count, told.gaps) = clock::gaps(values, interval, is_local);
    }
    told.is_constant = values.len() > 1 && values.windows(2).all(|pair| pair[0].1 == pair[1].1);
    told.stuck = values::stuck(values);
}
