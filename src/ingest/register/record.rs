//! One row of a register, asked field by field. What cannot be taken is noted with its column and
//! counts as not given. Never shows a value in a note.

use std::cell::RefCell;
use std::collections::BTreeSet;

use jiff::civil::{Date, DateTime};

use super::cell::{Cell, Fault, half_width};
use super::columns::Columns;
use super::field::Field;
use super::kind::RegisterKind;
use super::mapping::RegisterMapping;
use super::words;
use crate::base::holds_telephone;
use crate::model::identity::IdentityNo;

/// What a note says of a telephone number that is none.
pub(super) const NO_TELEPHONE: Fault =
    "it is no telephone number (letters, or too few or too many digits): counts as not given";

/// What is said of a key that a spreadsheet wrote as a rounded number.
const ROUNDED: Fault = "a spreadsheet stored it as a number and lost its last digits (3.4E+19): counts as not \
     given; store it as text";

/// Whether a text is a number as spreadsheets write large ones: 3.40E+19.
fn is_rounded(text: &str) -> bool {
    let plain = half_width(text).to_ascii_uppercase();
    plain.split_once("E+").is_some_and(|(digits, power)| {
        let is_number = |part: &str| part.bytes().all(|one| one.is_ascii_digit() || one == b'.');
        digits.starts_with(|one: char| one.is_ascii_digit())
            && is_number(digits)
            && !power.is_empty()
            && power.bytes().all(|one| one.is_ascii_digit())
    })
}

/// What is said of a cell of a column that asks for a label.
const NEITHER: Fault =
    "the column asks yes or no, and it is neither (是, 否, √, 1, 0 …): counts as not given";

/// What rows begin with that tell a total.
const TOTALS: &[&str] = &[
    "合计", "总计", "小计", "共计", "累计", "总数", "subtotal", "total", "sum",
];

/// What lines below a table begin with, before a colon.
const FOOTERS: &[&str] = &[
    "填表人",
    "填报人",
    "制表人",
    "制表",
    "审核人",
    "复核人",
    "经办人",
    "统计人",
    "负责人",
    "单位负责人",
    "填表日期",
    "制表日期",
    "填报日期",
    "填表说明",
    "填报单位",
    "填表单位",
    "制表单位",
    "单位盖章",
    "盖章",
    "注",
    "备注",
    "说明",
    "审核",
    "填表",
    "填报",
    "联系人",
    "联系电话",
    "日期",
    "时间",
    "单位",
    "社区",
];

/// Whether a line begins as one below a table does: 填表人：, 注：.
fn is_footer(first: &str) -> bool {
    let (word, _) = first.split_once(':').unwrap_or_default();
    let word = word.trim_end_matches("(盖章)").trim_end_matches("(签字)");
    FOOTERS.contains(&word)
}

/// Whether a text is a count with its unit, or nothing: 12, 共12户, (35人).
fn is_count(text: &str) -> bool {
    const UNITS: &str = "人户套间台个辆处件条名元平方米m²㎡共计：:()（）.,，、-+%";
    let mut signs = text.chars();
    signs.all(|one| one.is_ascii_digit() || one.is_whitespace() || UNITS.contains(one))
}

/// A row.
pub(super) struct Record<'a> {
    columns: &'a Columns,
    mapping: &'a RegisterMapping,
    cells: &'a [Cell],
    /// Whether wrong types are noted: once is enough.
    is_probing: bool,
    faults: RefCell<BTreeSet<(usize, Fault)>>,
}

impl<'a> Record<'a> {
    pub(super) fn new(
        columns: &'a Columns,
        mapping: &'a RegisterMapping,
        cells: &'a [Cell],
    ) -> Self {
        Self {
            columns,
            mapping,
            cells,
            is_probing: false,
            faults: RefCell::default(),
        }
    }

    /// A row whose cells of a wrong type are to be noted.
    pub(super) fn probing(
        columns: &'a Columns,
        mapping: &'a RegisterMapping,
        cells: &'a [Cell],
    ) -> Self {
        Self {
            is_probing: true,
            ..Self::new(columns, mapping, cells)
        }
    }

    /// What register it is a row of.
    pub(super) fn kind(&self) -> RegisterKind {
        self.columns.kind
    }

    /// Whether nothing stands in any column that was found.
    pub(super) fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| *cell == Cell::Empty)
    }

    /// How many cells hold something.
    pub(super) fn filled(&self) -> usize {
        let filled = self.cells.iter().filter(|cell| **cell != Cell::Empty);
        filled.count()
    }

    fn cell(&self, at: usize) -> &Cell {
        self.cells.get(at).unwrap_or(&Cell::Empty)
    }

    fn take<T>(&self, at: usize, value: Result<Option<T>, Fault>) -> Option<T> {
        match value {
            Ok(value) => value,
            Err(fault) => {
                if self.is_probing {
                    self.faults.borrow_mut().insert((at, fault));
                }
                None
            }
        }
    }

    /// Notes that what stands in a field cannot be taken.
    pub(super) fn fault(&self, field: Field, fault: Fault) {
        if let Some(at) = self.columns.of(field) {
            self.faults.borrow_mut().insert((at, fault));
        }
    }

    /// The text of a field, or what the mapping says that it means.
    pub(super) fn text(&self, field: Field) -> Option<String> {
        let at = self.columns.of(field)?;
        let text = self.take(at, self.cell(at).text())?;
        if matches!(field, Field::Key | Field::GbId) && is_rounded(&text) {
            return self.take(at, Err(ROUNDED));
        }
        // Only a report in full has lines; elsewhere a break is how a narrow cell was filled.
        let text = match field != Field::Text && text.contains(['\n', '\r']) {
            true => text.split_whitespace().collect::<Vec<_>>().join(" "),
            false => text,
        };
        let meanings = self.mapping.values.get(&field);
        let meaning = meanings.and_then(|words| words.get(&text));
        Some(meaning.cloned().unwrap_or(text))
    }

    /// The telephone number of a field, or several; `least` is how few digits one may have.
    pub(super) fn phone(&self, field: Field, least: usize) -> Option<String> {
        let at = self.columns.of(field)?;
        let text = self.text(field)?;
        // A column of numbers that some program kept as decimals.
        let bare = text.strip_suffix(".0");
        let bare = bare.filter(|bare| bare.bytes().all(|one| one.is_ascii_digit()));
        let text = bare.map_or_else(|| text.clone(), str::to_owned);
        let is_one = holds_telephone(&text, least);
        self.take(at, is_one.then_some(Some(text)).ok_or(NO_TELEPHONE))
    }

    /// The number of a field, within a range.
    pub(super) fn number(&self, field: Field, range: std::ops::RangeInclusive<f64>) -> Option<f64> {
        let at = self.columns.of(field)?;
        let number = self.take(at, self.cell(at).number())?;
        if range.contains(&number) {
            return Some(number);
        }
        self.fault(field, "the number is out of range");
        None
    }

    /// The day of a field.
    pub(super) fn date(&self, field: Field) -> Option<Date> {
        let at = self.columns.of(field)?;
        self.take(at, self.cell(at).date())
    }

    /// What a reader makes of the cell of a field.
    pub(super) fn of_cell<T>(
        &self,
        field: Field,
        read: impl Fn(&Cell) -> Result<Option<T>, Fault>,
    ) -> Option<T> {
        let at = self.columns.of(field)?;
        self.take(at, read(self.cell(at)))
    }

    /// The day of a field that has been; `today` is `YYYY-MM-DD`.
    pub(super) fn past_date(&self, field: Field, today: &str) -> Option<Date> {
        let date = self.date(field)?;
        if date.to_string().as_str() <= today {
            return Some(date);
        }
        self.fault(field, "the day is yet to come: counts as not given");
        None
    }

    /// The date and time of a field.
    pub(super) fn time(&self, field: Field) -> Option<DateTime> {
        let at = self.columns.of(field)?;
        self.take(at, self.cell(at).time())
    }

    /// Whether a person said in the mapping that this name is a public one.
    pub(super) fn is_public_name(&self, name: &str) -> bool {
        self.mapping.public_names.contains(name)
    }

    /// The header of a field's column.
    pub(super) fn header(&self, field: Field) -> Option<&str> {
        self.columns.of(field).map(|at| self.columns.name(at))
    }

    /// Whether the register tells this at all.
    pub(super) fn tells(&self, field: Field) -> bool {
        self.columns.has(field)
    }

    /// The traits that are mapped beside the fields.
    pub(super) fn mapped_traits(&self) -> Vec<(String, String)> {
        let traits = self.columns.traits.iter();
        traits
            .filter_map(|(name, at)| Some((name.clone(), self.take(*at, self.cell(*at).text())?)))
            .collect()
    }

    /// The labels that columns of their own ask for, and whether the row answers with yes.
    pub(super) fn asked_labels(&self) -> Vec<(String, bool)> {
        let asked = self.columns.labels.iter();
        let told = |(label, at): (&String, &usize)| {
            let text = self.take(*at, self.cell(*at).text())?;
            let own = words::bare_label(self.columns.name(*at));
            let says_so = words::bare_label(&text) == own;
            let answer = words::yes_or_no(&text).or(says_so.then_some(true));
            let is_it = self.take(*at, answer.map(Some).ok_or(NEITHER))?;
            Some((label.clone(), is_it))
        };
        asked.filter_map(told).collect()
    }

    /// Whether the row is no record: it tells a total of those above it (such a word first, behind it a
    /// count or nothing, and no number of a person), or is a line below the table (填表人：, 注：).
    pub(super) fn is_total(cells: &[Cell]) -> bool {
        let mut told = cells.iter().filter(|cell| **cell != Cell::Empty);
        let Some(Cell::Text(first)) = told.next() else {
            return false;
        };
        let first: String = half_width(first).split_whitespace().collect();
        let first = first.to_lowercase();
        let rest = TOTALS.iter().find_map(|word| first.strip_prefix(word));
        let is_record = |cell: &Cell| match cell {
            Cell::Text(text) => IdentityNo::new(text).is_some_and(|one| one.identifies()),
            _ => false,
        };
        rest.is_some_and(is_count) && !told.clone().any(is_record) || is_footer(&first)
    }

    /// What could not be taken: column and why.
    pub(super) fn into_faults(self) -> Vec<(String, Fault)> {
        let columns = self.columns;
        let faults = self.faults.into_inner();
        faults
            .into_iter()
            .map(|(at, fault)| (columns.name(at).to_owned(), fault))
            .collect()
    }
}
