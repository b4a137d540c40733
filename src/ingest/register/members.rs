//! Members of a household that stand below its first row with its number and address left blank, as lists of
//! households are filled in and as merged cells become when they are saved as text: they live where the row
//! above them lives. Used by [`super::table`]. Told by the number of the household or by what somebody is to
//! its head (与户主关系), never by a blank alone, for of many people nobody knows where they live.

use super::cell::Cell;
use super::columns::Columns;
use super::field::Field;
use super::kind::RegisterKind;

/// What tells where somebody lives.
const HOME: &[Field] = &[
    Field::Address,
    Field::Building,
    Field::Number,
    Field::Unit,
    Field::Door,
];
/// Who begins a household.
const HEADS: &[&str] = &["户主", "本人", "户主本人", "本户", "自己", "head", "self"];

/// The rows of a register of people as they go by.
pub(super) struct Members {
    relation: Option<usize>,
    household: Option<usize>,
    home: Vec<usize>,
    /// The last row that tells where it lives, with its number.
    above: Vec<Cell>,
}

impl Members {
    /// Those of a table; `None` where nothing would tell them.
    pub(super) fn of(columns: &Columns) -> Option<Self> {
        let home: Vec<usize> = HOME.iter().filter_map(|field| columns.of(*field)).collect();
        let (relation, household) = (columns.of(Field::Relation), columns.of(Field::Household));
        let can_tell = relation.is_some() || household.is_some() && !home.is_empty();
        (columns.kind == RegisterKind::Residents && can_tell).then(|| Self {
            relation,
            household,
            home,
            above: Vec::new(),
        })
    }

    /// The cells of a row with what it has from the row above; `None` of one that tells all itself.
    pub(super) fn fill(&mut self, cells: &[Cell]) -> Option<Vec<Cell>> {
        let is_blank = |at: &usize| at_of(cells, *at) == &Cell::Empty;
        if cells.iter().all(|cell| *cell == Cell::Empty) {
            self.above.clear();
            return None;
        }
        let has_no_home = self.home.iter().all(is_blank);
        let has_no_number = self.household.as_ref().is_none_or(is_blank);
        let is_same = |at: &usize| at_of(cells, *at) == at_of(&self.above, *at);
        let is_there = !self.above.is_empty();
        let is_of_number = !has_no_number && self.household.as_ref().is_some_and(is_same);
        let is_of_home = !has_no_home && self.home.iter().all(is_same);
        let is_member = match (has_no_number, has_no_home) {
            (true, true) => self.is_member(cells),
            (true, false) => self.household.is_some() && self.is_member(cells) && is_of_home,
            (false, true) => !self.home.is_empty() && is_of_number,
            (false, false) => false,
        };
        if !(is_there && is_member) {
            self.above = match has_no_home && has_no_number {
                true => Vec::new(),
                false => cells.to_vec(),
            };
            return None;
        }
        let mut filled = cells.to_vec();
        for at in self.home.iter().chain(&self.household).copied() {
            let told = at_of(&self.above, at);
            if *told != Cell::Empty {
                filled.resize(filled.len().max(at + 1), Cell::Empty);
                filled[at] = told.clone();
            }
        }
        Some(filled)
    }

    /// Whether the row says that somebody belongs to another's household.
    fn is_member(&self, cells: &[Cell]) -> bool {
        let told = self.relation.map(|at| at_of(cells, at));
        match told {
            Some(Cell::Text(text)) => {
                let plain = text.trim().to_lowercase();
                !HEADS.contains(&plain.as_str())
            }
            _ => false,
        }
    }
}

fn at_of(cells: &[Cell], at: usize) -> &Cell {
    cells.get(at).unwrap_or(&Cell::Empty)
}
