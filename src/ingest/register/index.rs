//! Which rows are whose: what stands in memory of a register of people while its records are made
//! part by part. 24 bytes a row (32 until it is known who is one person) and 24 a household, and no value
//! of a row; of a workbook the cells, for its rows can only be read in order. Never makes a record.

use std::collections::BTreeMap;

use super::alike::Print;
use super::cell::Cell;
use super::rows::{RowAt, TextRows};
use super::table::Table;
use super::{ReadError, RegisterFile};

/// The cells of a row that hold something, with their columns: a row may be wide and bare.
type Held = Box<[(u16, Cell)]>;

fn hold(cells: &[Cell]) -> Held {
    let cells = (0..).zip(cells);
    cells
        .filter(|(_, cell)| **cell != Cell::Empty)
        .map(|(column, cell)| (column, cell.clone()))
        .collect()
}

/// Marks the place of a row whose cells are held; no file has as many bytes.
const HELD: u64 = 1 << 63;

/// A row, and the id of the record that it tells of.
#[derive(Clone, Copy)]
pub(super) struct RowOf {
    /// The bits of the id as the city file counts: parts in this order are appended to its table.
    pub(super) id: i64,
    /// Index of the table.
    pub(super) table: u32,
    number: u32,
    /// First byte, or [`HELD`] and the index among the rows that are held.
    at: u64,
}

/// Rows by the record that they tell of.
#[derive(Default)]
pub(super) struct Index {
    pub(super) people: Vec<RowOf>,
    /// What the first reading keeps of each of these rows, until they are sorted.
    pub(super) prints: Vec<Print>,
    /// The first row that tells of each household of which no register of households does.
    pub(super) households: Vec<RowOf>,
    /// The rows of workbooks, and those that have something from the row above, by table.
    held: Vec<Vec<Held>>,
}

impl Index {
    /// Notes the place of a row; the cells of a workbook's, and of one that would be read otherwise without
    /// the row above it, are kept. Called once a row.
    pub(super) fn place(
        &mut self,
        table: usize,
        is_text: bool,
        at: RowAt,
        cells: &[Cell],
    ) -> RowOf {
        let mut place = at.byte;
        if !is_text || at.is_filled {
            self.held
                .resize_with(self.held.len().max(table + 1), Vec::new);
            place = HELD | self.held[table].len() as u64;
            self.held[table].push(hold(cells));
        }
        RowOf {
            id: 0,
            table: u32::try_from(table).unwrap_or(u32::MAX),
            number: u32::try_from(at.number).unwrap_or(u32::MAX),
            at: place,
        }
    }

    /// Gives rows the ids that theirs mean.
    pub(super) fn rename(&mut self, same: &BTreeMap<i64, i64>) {
        for row in &mut self.people {
            row.id = same.get(&row.id).copied().unwrap_or(row.id);
        }
    }

    /// Brings all into the order of ids.
    pub(super) fn sort(&mut self) {
        self.prints = Vec::new();
        let order = |one: &RowOf| (one.id, one.table, one.at);
        self.people.sort_unstable_by_key(order);
        self.households.sort_unstable_by_key(order);
    }

    /// Whether a row tells of the person with these bits.
    pub(super) fn has_person(&self, bits: u64) -> bool {
        let id = bits.cast_signed();
        self.people.binary_search_by_key(&id, |one| one.id).is_ok()
    }

    /// The rows, to be read again.
    pub(super) fn rows<'a>(
        &mut self,
        tables: &[&Table],
        files: &'a [RegisterFile],
    ) -> Result<RowsAgain<'a>, ReadError> {
        let mut held = std::mem::take(&mut self.held);
        held.resize_with(tables.len(), Vec::new);
        let source = |(table, held): (&&Table, Vec<Held>)| {
            Ok(match (&table.form, files.get(table.file)) {
                (Some(form), Some(file)) => Source::Text(Box::new(form.again(file.bytes())?), held),
                _ => Source::Held(held),
            })
        };
        let sources = tables.iter().zip(held).map(source);
        Ok(RowsAgain {
            sources: sources.collect::<Result<_, ReadError>>()?,
            cells: Vec::new(),
        })
    }
}

/// The part that begins at `from`: about `size` rows, and all of each record.
pub(super) fn part(rows: &[RowOf], from: usize, size: usize) -> &[RowOf] {
    let rest = rows.get(from..).unwrap_or_default();
    let mut end = size.min(rest.len());
    while end > 0 && end < rest.len() && rest[end].id == rest[end - 1].id {
        end += 1;
    }
    &rest[..end]
}

enum Source<'a> {
    Text(Box<TextRows<'a>>, Vec<Held>),
    Held(Vec<Held>),
}

/// Rows of tables, read again in any order.
pub(super) struct RowsAgain<'a> {
    sources: Vec<Source<'a>>,
    /// Of the row that was asked for, of those that are held.
    cells: Vec<Cell>,
}

impl RowsAgain<'_> {
    /// Its cells.
    pub(super) fn cells(&mut self, row: &RowOf) -> Result<&[Cell], ReadError> {
        let at = RowAt {
            number: u64::from(row.number),
            byte: row.at,
            is_filled: false,
        };
        let held = match self.sources.get_mut(row.table as usize) {
            Some(Source::Text(rows, _)) if row.at & HELD == 0 => return rows.at(at),
            Some(Source::Text(_, held) | Source::Held(held)) => held,
            None => return Ok(&[]),
        };
        self.cells.clear();
        let cells = held.get((row.at & !HELD) as usize);
        for (column, cell) in cells.into_iter().flatten() {
            self.cells.resize(usize::from(*column), Cell::Empty);
            self.cells.push(cell.clone());
        }
        Ok(&self.cells)
    }
}

impl RowOf {
    /// Its number in the file.
    pub(super) fn number(&self) -> u64 {
        u64::from(self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_holds_all_rows_of_each_record() {
        let row = |id| RowOf {
            id,
            table: 0,
            number: 1,
            at: 0,
        };
        let rows: Vec<RowOf> = [1, 1, 2, 2, 2, 3].into_iter().map(row).collect();
        let mut parts = Vec::new();
        let mut from = 0;
        while from < rows.len() {
            let one = part(&rows, from, 1);
            parts.push(one.len());
            from += one.len();
        }
        assert_eq!(parts, [2, 3, 1]);
        assert_eq!(part(&rows, 6, 4).len(), 0);
        assert_eq!(part(&rows, 0, 100).len(), 6);
    }
}
