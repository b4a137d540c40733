//! Cells of a workbook that stand over several rows: the number and the address of a household are merged
//! over its members, and every member has them. Used by [`super::table`]. Cells over several columns of one
//! row are headers and titles, and stay as they are.

use super::cell::Cell;
use super::rows::MergedCells;

/// So many may stand over one row; no sheet has more columns that are read.
const MOST: usize = 512;

/// The values of merged cells while the rows of a sheet go by.
pub(super) struct Merged {
    /// By their first row.
    cells: Vec<MergedCells>,
    next: usize,
    /// What stands over the row, with the last row of each.
    open: Vec<(MergedCells, Cell)>,
}

impl Merged {
    /// Those of a sheet that begin below its headers.
    pub(super) fn below(header_row: u64, mut cells: Vec<MergedCells>) -> Self {
        cells.retain(|one| one.first_row > header_row && one.last_row > one.first_row);
        cells.sort_unstable_by_key(|one| (one.first_row, one.column));
        Self {
            cells,
            next: 0,
            open: Vec::new(),
        }
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.cells.len()
    }

    /// The cells of a row with what stands over it from above.
    pub(super) fn fill(&mut self, row: u64, cells: &[Cell]) -> Vec<Cell> {
        let mut filled = cells.to_vec();
        self.open.retain(|(one, _)| one.last_row >= row);
        for (one, value) in &self.open {
            if filled.len() <= one.column {
                filled.resize(one.column + 1, Cell::Empty);
            }
            if filled[one.column] == Cell::Empty {
                filled[one.column] = value.clone();
            }
        }
        while let Some(one) = self.cells.get(self.next) {
            if one.first_row > row {
                break;
            }
            self.next += 1;
            let value = cells.get(one.column).filter(|cell| **cell != Cell::Empty);
            if let Some(value) = value
                && one.first_row == row
                && self.open.len() < MOST
            {
                self.open.push((*one, value.clone()));
            }
        }
        filled
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn over(first_row: u64, last_row: u64, column: usize) -> MergedCells {
        MergedCells {
            first_row,
            last_row,
            column,
        }
    }

    fn cells(row: &[&str]) -> Vec<Cell> {
        row.iter().map(|text| Cell::of_text(text)).collect()
    }

    #[test]
    fn a_value_stands_in_every_row_that_it_is_merged_over() {
        let mut merged = Merged::below(1, vec![over(2, 4, 2), over(2, 3, 0), over(1, 2, 1)]);
        assert_eq!(merged.count(), 2);
        let rows = [
            (2, ["1", "甲", "3幢"], ["1", "甲", "3幢"]),
            (3, ["", "乙", ""], ["1", "乙", "3幢"]),
            (4, ["", "丙", ""], ["", "丙", "3幢"]),
            (5, ["", "丁", ""], ["", "丁", ""]),
        ];
        for (row, told, filled) in rows {
            assert!(merged.fill(row, &cells(&told)) == cells(&filled), "{row}");
        }
        // A row that ends before the column.
        let mut merged = Merged::below(0, vec![over(1, 2, 1)]);
        merged.fill(1, &cells(&["a", "b"]));
        assert!(merged.fill(2, &cells(&["c"])) == cells(&["c", "b"]));
    }

    proptest! {
        #[test]
        fn any_merged_cells_are_filled_without_fear(
            all in prop::collection::vec((0_u64..9, 0_u64..9, 0_usize..4), 0..9),
        ) {
            let all = all.into_iter().map(|(first, last, column)| over(first, last, column));
            let mut merged = Merged::below(0, all.collect());
            for row in 1..9 {
                let filled = merged.fill(row, &cells(&["x"]));
                prop_assert!(filled.len() <= 4 && filled[0] == Cell::of_text("x"));
            }
        }
    }
}
