//! Rows that tell of one person though neither an identity number nor a key of their own says so: of one
//! name, one day of birth, and one home however its address is written. Runs between the first reading of
//! registers of people, which tells whose each row is, and the second. Used by [`super::residents`]. Reads
//! again only rows of which several have one name and day; keeps no value, and shows none.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::build::Build;
use super::cell::Fault;
use super::field::Field;
use super::index::{Index, RowOf, RowsAgain};
use super::people::{Identities, REGISTER, locked};
use super::person_row::{identity_of, values_of};
use super::record::Record;
use super::run::Tools;
use super::same_person::{self, Look};
use super::table::Table;
use super::{ReadError, RegisterFile};
use crate::base::{Clearance, ResidentId, Sealed, telephones_of};
use crate::model::identity::IdentityNo;
use crate::model::{Further, Ground, Resident, meaning, read_sealed};
use crate::registry::merge::meant_address;

/// What is said of rows that may tell of one person.
pub(super) const ALIKE: Fault = "same name, day of birth and home (or telephone number) as another person, and \
     nothing tells whether they are one: both are kept; give their identity number to be sure";

/// Marks a row whose person no identity number tells.
const NO_NUMBER: u64 = 1;
/// Marks a row that tells the number of a household.
const HOUSEHOLD: u64 = 2;

/// What the first reading keeps of a row: a print of name and day of birth, and two marks.
#[derive(Clone, Copy)]
pub(super) struct Print(u64);

impl Print {
    /// Of what a row tells.
    pub(super) fn of(
        values: &BTreeMap<String, String>,
        has_number: bool,
        tells_household: bool,
    ) -> Self {
        let value = |field: &str| values.get(field).map_or("", String::as_str);
        let mut print = name_and_day(value("name"), value("birth_date"));
        if !has_number {
            print |= NO_NUMBER;
        }
        if tells_household {
            print |= HOUSEHOLD;
        }
        Self(print)
    }

    pub(super) fn tells_household(self) -> bool {
        self.0 & HOUSEHOLD != 0
    }

    fn has_number(self) -> bool {
        self.0 & NO_NUMBER == 0
    }

    fn name_and_day(self) -> u64 {
        self.0 & !(NO_NUMBER | HOUSEHOLD)
    }
}

/// A print of a name and a day, without the bits of the marks.
fn name_and_day(name: &str, day: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (meaning("name", name), day).hash(&mut hasher);
    hasher.finish() & !(NO_NUMBER | HOUSEHOLD)
}

impl Build<'_> {
    /// Finds rows that mean a person whom another row or the city tells under another id, and brings
    /// index and identities to it.
    pub(super) fn join_people(
        &mut self,
        index: &mut Index,
        rows: &mut RowsAgain,
        identities: &mut Identities,
        (tables, files): (&[&Table], &[RegisterFile]),
    ) -> Result<(), ReadError> {
        let (ground, clearance) = (self.city.ground, self.city.clearance);
        let rows_without = index.prints.iter().filter(|one| !one.has_number());
        let mut without: HashSet<u64> = rows_without.map(|one| one.name_and_day()).collect();
        for id in &identities.without {
            if let Some(one) = ground.residents.get(id) {
                without.insert(print_of(one, clearance)?);
            }
        }
        if without.is_empty() {
            return Ok(());
        }
        let mut same = known_before(ground, index, clearance)?;
        index.rename(&same);
        let groups = self.groups(index, rows, &without, tables)?;
        let mut doubtful = BTreeSet::new();
        for looks in groups.values() {
            let joined = same_person::join(looks);
            doubtful.extend(joined.doubtful);
            same.extend(joined.same);
        }
        let same = resolved(&same);
        index.rename(&same);
        identities.join(&same);
        self.tell_doubtful(index, rows, &doubtful, (tables, files))
    }

    /// What rows and people of the city look like that have one name and day of birth, where there are
    /// several.
    fn groups(
        &self,
        index: &Index,
        rows: &mut RowsAgain,
        without: &HashSet<u64>,
        tables: &[&Table],
    ) -> Result<BTreeMap<u64, Vec<Look>>, ReadError> {
        let tools = self.tools();
        let mut ids = HashMap::<u64, BTreeSet<i64>>::new();
        for (row, print) in index.people.iter().zip(&index.prints) {
            let print = print.name_and_day();
            if without.contains(&print) {
                ids.entry(print).or_default().insert(row.id);
            }
        }
        let known = known_people(tools.ground, without, tools.clearance)?;
        for (print, one) in &known {
            ids.entry(*print)
                .or_default()
                .insert(one.id.bits().cast_signed());
        }
        ids.retain(|_, ids| ids.len() > 1);
        let mut looks = BTreeMap::<(u64, i64), Look>::new();
        for (print, one) in &known {
            if ids.contains_key(print) {
                let look = look_of(one, &tools)?;
                looks.insert((*print, look.id), look);
            }
        }
        for (row, print) in index.people.iter().zip(&index.prints) {
            let print = print.name_and_day();
            if ids.contains_key(&print) {
                let table = tables[row.table as usize];
                let record = Record::new(&table.columns, &self.options.mapping, rows.cells(row)?);
                let look = looks.entry((print, row.id)).or_default();
                look.id = row.id;
                look.add(&record, row, &tools);
            }
        }
        let mut groups = BTreeMap::<u64, Vec<Look>>::new();
        for ((print, _), look) in looks {
            groups.entry(print).or_default().push(look);
        }
        Ok(groups)
    }

    /// Notes the rows of those who may be one person with another.
    fn tell_doubtful(
        &mut self,
        index: &Index,
        rows: &mut RowsAgain,
        doubtful: &BTreeSet<i64>,
        (tables, files): (&[&Table], &[RegisterFile]),
    ) -> Result<(), ReadError> {
        let found = index.people.iter().filter(|row| doubtful.contains(&row.id));
        for row in found {
            let table = tables[row.table as usize];
            let Some(file) = files.get(table.file) else {
                continue;
            };
            let record = Record::new(&table.columns, &self.options.mapping, rows.cells(row)?);
            let column = record.header(Field::Name).unwrap_or_default().to_owned();
            let place = table.place(row.number());
            self.list_noted(table, &file.name, &place, (&column, ALIKE));
            let note = format!("column {column:?}: {ALIKE}");
            self.late_notes.push((table.file, place.text(), note));
        }
        Ok(())
    }
}

impl Look {
    /// Adds what a row tells.
    fn add(&mut self, record: &Record, row: &RowOf, tools: &Tools) {
        let identity = identity_of(record);
        let values = values_of(record, identity.as_ref(), tools);
        let value = |field: &str| values.get(field).map_or("", String::as_str);
        let id = ResidentId::from_bits(row.id.cast_unsigned());
        self.is_settled |= tools.ground.residents.contains_key(&id);
        if record.text(Field::Key).is_some() {
            self.keyed.insert(row.table as usize);
        }
        let address = value("address");
        let home = tools.linker.dwelling(&tools.linker.parse(address)).linked();
        let told = (address, value("phone"), value("birth_date"));
        self.tell(
            identity.as_ref(),
            home.map(|id| id.to_string()),
            told,
            tools,
        );
    }

    fn tell(
        &mut self,
        identity: Option<&IdentityNo>,
        home: Option<String>,
        (address, phone, birth_date): (&str, &str, &str),
        tools: &Tools,
    ) {
        self.has_number |= identity.is_some_and(IdentityNo::identifies);
        self.is_born |= !birth_date.is_empty();
        let faulty = identity.filter(|one| !one.identifies());
        let faulty = faulty.map_or("", IdentityNo::as_str);
        let place = meant_address(address, tools.linker.names());
        let place = Some(place).filter(|place| !place.is_empty());
        let places = home.into_iter().chain(place);
        self.homes
            .extend(places.map(|place| format!("{place} {faulty}")));
        if faulty.is_empty() {
            self.phones.extend(telephones_of(phone));
        }
    }
}

/// What somebody looks like whom the city has.
fn look_of(one: &Resident, tools: &Tools) -> Result<Look, ReadError> {
    fn open<'v>(value: &'v Sealed, tools: &Tools) -> Result<Cow<'v, str>, ReadError> {
        value.open(tools.clearance).ok_or_else(locked)
    }
    let phone = one.phone.as_ref().map(|phone| open(phone, tools));
    let phone = phone.transpose()?;
    let mut look = Look {
        id: one.id.bits().cast_signed(),
        is_settled: true,
        ..Look::default()
    };
    let number = IdentityNo::new(&open(&one.identity_no, tools)?);
    let number = number.filter(IdentityNo::is_number);
    let (address, birth_date) = (open(&one.address, tools)?, open(&one.birth_date, tools)?);
    let told = (
        &*address,
        phone.as_deref().unwrap_or_default(),
        &*birth_date,
    );
    let home = one.dwelling.map(|id| id.to_string());
    look.tell(number.as_ref(), home, told, tools);
    Ok(look)
}

fn print_of(one: &Resident, clearance: &Clearance) -> Result<u64, ReadError> {
    let name = one.name.open(clearance).ok_or_else(locked)?;
    let day = one.birth_date.open(clearance).ok_or_else(locked)?;
    Ok(name_and_day(&name, &day))
}

/// Ids with the one that each means in the end: somebody may have two names.
fn resolved(same: &BTreeMap<i64, i64>) -> BTreeMap<i64, i64> {
    let end = |mut id: i64| {
        // As many steps as there are lead to the end of any chain.
        for _ in 0..same.len() {
            match same.get(&id) {
                Some(next) => id = *next,
                None => break,
            }
        }
        id
    };
    same.keys().map(|from| (*from, end(*from))).collect()
}

/// People of the city with one of these names and days of birth.
fn known_people<'a>(
    ground: &'a Ground,
    prints: &HashSet<u64>,
    clearance: &Clearance,
) -> Result<Vec<(u64, &'a Resident)>, ReadError> {
    let mut known = Vec::new();
    for one in ground.residents.values() {
        let print = print_of(one, clearance)?;
        if prints.contains(&print) {
            known.push((print, one));
        }
    }
    Ok(known)
}

/// Rows without a number that the city has had already of somebody whose id is another one, by the keys
/// under which registers told of them: the id of a row alone, and that of the person.
fn known_before(
    ground: &Ground,
    index: &Index,
    clearance: &Clearance,
) -> Result<BTreeMap<i64, i64>, ReadError> {
    let is_known = |id: i64| {
        let id = ResidentId::from_bits(id.cast_unsigned());
        ground.residents.contains_key(&id)
    };
    let rows = index.people.iter().zip(&index.prints);
    let open: HashSet<i64> = rows
        .filter(|(row, print)| !print.has_number() && !is_known(row.id))
        .map(|(row, _)| row.id)
        .collect();
    let mut same = BTreeMap::new();
    if open.is_empty() {
        return Ok(same);
    }
    for one in ground.residents.values() {
        let id = one.id.bits().cast_signed();
        let mut told = |key: &str| {
            // Of a second row of the same register.
            let key = key.split('#').next().unwrap_or_default();
            let by_key = ResidentId::from_source(REGISTER, key);
            let by_key = by_key.bits().cast_signed();
            if by_key != id && open.contains(&by_key) {
                same.entry(by_key).or_insert(id);
            }
        };
        told(&one.source.key);
        if one.further.is_some() {
            let further = read_sealed::<Further>(one.further.as_ref(), clearance);
            let further = further.map_err(|_| locked())?;
            for record in &further.records {
                told(&record.key);
            }
        }
    }
    Ok(same)
}
