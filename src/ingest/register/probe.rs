//! The first reading of a table: what is wrong with its rows, and which of its columns nothing is read
//! from. Keeps a fingerprint of each row's key (16 bytes a row), and nothing else of a row.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::birth::birth_of;
use super::cell::{Cell, Fault};
use super::field::Field;
use super::kind::RegisterKind;
use super::open_text::holds_somebodys_number;
use super::person_row::{NO_PERSON, is_nobody, told_of};
use super::record::{NO_TELEPHONE, Record};
use super::standing::Standing;
use super::table::{Table, WidthFault};
use super::trait_words::trait_value;
use super::{RegisterFile, RegisterOptions, Unmatched, no_number, standing, trait_words};
use crate::base::counted;
use crate::ingest::{ReadError, UnreadColumn};
use crate::model::LabelRules;
use crate::model::identity::IdentityNo;

/// What is said of a row with 合计 and counts.
const TOTAL: &str =
    "it is a total of other rows, or a line below the table, and no record: skipped";

/// What is said of a cell with several names.
const SEVERAL: Fault =
    "it holds several names, and the row is one record: give each person a row of their own";

/// Whether a cell holds the names of several people: 王某、李某.
fn are_several(name: &str) -> bool {
    let parts = name.split(['、', '/', ',', '，', ';', '；']).map(str::trim);
    let names = parts.filter(|part| !part.is_empty());
    names.count() > 1
}

/// What is said of a row whose key another one has.
pub(super) const TWICE: &str = "the same key twice: only the first is taken";

/// How many cells are filled of each column that nothing is read from.
struct Unread(Vec<Option<u64>>);

impl Unread {
    fn of(table: &Table) -> Self {
        let columns = &table.columns;
        let count = |at: usize| (!columns.is_taken(at)).then_some(0);
        Self((0..columns.width()).map(count).collect())
    }

    fn count(&mut self, cells: &[Cell]) {
        // In a workbook cells may stand beyond the headers.
        self.0.resize(self.0.len().max(cells.len()), Some(0));
        for (count, cell) in self.0.iter_mut().zip(cells) {
            if let Some(count) = count.as_mut().filter(|_| *cell != Cell::Empty) {
                *count += 1;
            }
        }
    }

    /// The columns with a header, and those without in which something stands.
    fn told(self, table: &Table) -> Vec<UnreadColumn> {
        let columns = self.0.into_iter().enumerate();
        let unread = columns.filter_map(|(at, filled)| Some((at, filled?)));
        unread
            .filter(|(at, filled)| *filled > 0 || !table.columns.name(*at).is_empty())
            .map(|(at, filled)| UnreadColumn {
                sheet: table.sheet().map(str::to_owned),
                column: table.columns.told_name(at),
                filled,
            })
            .collect()
    }
}

/// What is said of a row with the headers of another table.
const ANOTHER: &str = "another table begins here: it and what is below it are not read; put each table on a sheet or \
     into a file of its own";

/// Notes what is wrong with the rows of a table. Answers in which row another table begins, if one does.
pub(super) fn look_over(
    file: &mut RegisterFile,
    table: &Table,
    (options, labels): (&RegisterOptions, &LabelRules),
) -> Result<Option<u64>, ReadError> {
    let mut warnings = std::mem::take(&mut file.warnings);
    let mut end = None;
    let mut listed = std::mem::take(&mut file.listed);
    let mut first_rows = HashMap::<u64, u64>::new();
    let mut rows = 0_u64;
    let mut unread = Unread::of(table);
    let mut filled = 0;
    table.each_row_and_total(file.bytes(), &mut |at, cells| {
        let row = at.number;
        let record = Record::probing(&table.columns, &options.mapping, cells);
        if record.is_blank() {
            return Ok(true);
        }
        let place = table.place(row).text();
        if let Some(beside) = beside(table, cells) {
            if let Some(told) = beside.told() {
                warnings.note(place, told);
            }
            end = beside.ends().then_some(row);
            return Ok(end.is_none());
        }
        rows += 1;
        let width = table.width_fault(cells);
        if let Some(fault) = width {
            warnings.note(&place, width_text(table, fault));
        }
        if matches!(width, Some(WidthFault::TooMany { .. })) {
            return Ok(true);
        }
        unread.count(cells);
        filled += usize::from(at.is_filled);
        let identity = ask(&record, table.kind, (&options.today, labels));
        if let Some(key) = key_of(&record, table.kind, identity.as_ref())
            && let Some(first) = first_of(&mut first_rows, &key, row)
        {
            let both = format!("{place} and row {first}");
            warnings.note(both, twice(table.kind, identity.is_some()));
        }
        for (column, fault) in record.into_faults() {
            if options.list_unmatched {
                let at = table.place(row);
                let one = at.faulty(&file.name, table.kind, &column, fault);
                listed.push(noted(one, fault));
            }
            warnings.note(&place, format!("column {column:?}: {fault}"));
        }
        Ok(true)
    })?;
    (file.warnings, file.listed) = (warnings, listed);
    file.unread.extend(unread.told(table));
    file.notes.extend(notes_of(rows, filled));
    // What stands there is nobody's loss: what the city has of it stays.
    file.nameless += usize::from(end.is_some());
    Ok(end)
}

/// What stands in a table and is no record.
enum Beside {
    /// A total, or a line below the table.
    Total,
    /// The headers, said again.
    HeaderAgain,
    /// The headers of another table.
    Another,
}

impl Beside {
    fn told(&self) -> Option<&'static str> {
        match self {
            Self::Total => Some(TOTAL),
            Self::HeaderAgain => None,
            Self::Another => Some(ANOTHER),
        }
    }

    /// Whether nothing below it is read.
    fn ends(&self) -> bool {
        matches!(self, Self::Another)
    }
}

fn beside(table: &Table, cells: &[Cell]) -> Option<Beside> {
    match () {
        () if Record::is_total(cells) => Some(Beside::Total),
        () if table.is_header_again(cells) => Some(Beside::HeaderAgain),
        () if table.begins_another(cells) => Some(Beside::Another),
        () => None,
    }
}

/// The row that had a key first, if that is another one.
fn first_of(first_rows: &mut HashMap<u64, u64>, key: &str, row: u64) -> Option<u64> {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    let first = *first_rows.entry(hasher.finish()).or_insert(row);
    (first != row).then_some(first)
}

/// What a person should know of a table: how many rows belong to the household above, or that there are
/// none.
fn notes_of(rows: u64, filled: usize) -> Vec<String> {
    let mut notes = Vec::new();
    if filled > 0 {
        let rows = counted(filled, "row belongs", "rows belong");
        notes.push(format!(
            "{rows} to the household above and leave its number or address blank: they have what that one has"
        ));
    }
    if rows == 0 {
        notes.push("the table holds no rows".to_owned());
    }
    notes
}

/// A cell of which something is said, as it is listed: a telephone number that is none is a fault.
fn noted(one: Unmatched, fault: Fault) -> Unmatched {
    Unmatched {
        outcome: match fault == NO_TELEPHONE {
            true => one.outcome,
            false => "noted",
        },
        ..one
    }
}

fn width_text(table: &Table, fault: WidthFault) -> String {
    match fault {
        WidthFault::TooMany { cells, headers } => format!(
            "{cells} cells under {headers} headers: skipped, for nobody knows what stands under which"
        ),
        WidthFault::EndsBefore(at) => format!(
            "it ends before column {:?}: nothing is given from there on",
            table.columns.name(at)
        ),
    }
}

fn twice(kind: RegisterKind, is_identity: bool) -> &'static str {
    match (kind, is_identity) {
        (RegisterKind::Residents, true) => {
            "the same identity number twice: both are kept, the second beside the first"
        }
        (RegisterKind::Residents, false) => {
            "the same key twice: both are kept, the second beside the first"
        }
        _ => TWICE,
    }
}

/// Asks every field for the type that it has.
fn ask(
    record: &Record,
    kind: RegisterKind,
    (today, labels): (&str, &LabelRules),
) -> Option<IdentityNo> {
    use Field as F;
    let any = f64::MIN..=f64::MAX;
    for field in kind.fields() {
        match field {
            F::BirthDate => drop(birth_of(record, today)),
            F::VerifiedOn => drop(record.past_date(*field, today)),
            F::ReportedAt | F::DueAt => drop(record.time(*field)),
            F::Lon
            | F::Lat
            | F::East
            | F::North
            | F::Height
            | F::Above
            | F::AreaM2
            | F::Floor
            | F::Interval
            | F::Pitch
            | F::Fov
            | F::Range => {
                let _: Option<f64> = record.number(*field, any.clone());
            }
            F::Sex | F::Disability | F::Income | F::Marital | F::Support | F::Family => {
                ask_trait(record, *field, labels);
            }
            F::Name if kind == RegisterKind::Residents && is_nobody(record) => {
                record.fault(F::Name, NO_PERSON);
            }
            F::Name if kind == RegisterKind::Residents => {
                if record.text(*field).is_some_and(|name| are_several(&name)) {
                    record.fault(*field, SEVERAL);
                }
            }
            F::Household | F::Plate => ask_number(record, *field),
            F::DiedOn | F::MovedOutOn | F::EndedOn => {}
            F::Standing => drop(record.text(*field)),
            F::Phone | F::ContactPhone => drop(record.phone(*field, kind.phone_digits())),
            _ => drop(record.text(*field)),
        }
    }
    ask_standing(record, today);
    drop((record.mapped_traits(), record.asked_labels()));
    let told = record.text(F::IdentityNo);
    let identity = told.as_deref().and_then(IdentityNo::new)?;
    if let Some(fault) = told_of(&identity) {
        record.fault(F::IdentityNo, fault);
    } else if let Some(born) = birth_of(record, today)
        && !identity.birth_date().is_some_and(|day| born.may_be(day))
    {
        record.fault(
            F::BirthDate,
            "it is not the day that the identity number tells: taken, and counted as contradictory",
        );
    }
    Some(identity).filter(IdentityNo::identifies)
}

/// Notes what stands in the place of a household's number or a plate and is none.
fn ask_number(record: &Record, field: Field) {
    let told = record.text(field);
    let fault = match field {
        Field::Plate => told
            .filter(|text| no_number::is_no_plate(text))
            .map(|_| no_number::NO_VEHICLE),
        _ => told
            .filter(|text| no_number::is_none(text))
            .map(|_| no_number::NO_HOUSEHOLD),
    };
    if let Some(fault) = fault {
        record.fault(field, fault);
    }
}

/// Notes who or what is there no longer, or lives elsewhere.
fn ask_standing(record: &Record, today: &str) {
    match standing::standing(record, today) {
        Standing::Here => {}
        Standing::Gone(field) => record.fault(field, standing::GONE),
        Standing::Away => record.fault(Field::Standing, standing::AWAY),
        Standing::Unknown => record.fault(Field::Standing, standing::UNKNOWN),
    }
}

/// Notes a trait that no rule of labels knows, and what is none.
fn ask_trait(record: &Record, field: Field, labels: &LabelRules) {
    let Some(text) = record.text(field) else {
        return;
    };
    if holds_somebodys_number(&text) {
        return record.fault(field, trait_words::NUMBER);
    }
    let told = trait_value(field, &text, record, labels);
    if told.is_some_and(|value| trait_words::gives_no_label(field, &value, labels)) {
        record.fault(field, trait_words::NO_RULE);
    }
}

/// What must not come twice.
fn key_of(record: &Record, kind: RegisterKind, identity: Option<&IdentityNo>) -> Option<String> {
    match kind {
        RegisterKind::Residents => {
            let number = identity.map(|one| one.as_str().to_owned());
            number.or_else(|| record.text(Field::Key))
        }
        // A number counts within its home, which the second reading tells.
        RegisterKind::Households => None,
        RegisterKind::Vehicles => no_number::plate(record).or_else(|| record.text(Field::Key)),
        RegisterKind::Cameras => record.text(Field::Key).or_else(|| record.text(Field::GbId)),
        _ => record.text(Field::Key),
    }
}
