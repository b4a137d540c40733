//! Dwellings that the city has already as another register tells: the same building, unit, floor and
//! door are one home, whatever file tells of it. Used by [`super::build`] for registers of dwellings.
//! Never takes two homes of one register for one, and never shows a door.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::build::Build;
use super::field::Field;
use super::homes::FLOORS;
use super::link::Linker;
use super::record::Record;
use super::run::{Miss, Place, Tools};
use super::table::Table;
use super::{RegisterCity, RegisterFile, RegisterKind};
use crate::base::{Clearance, DwellingId, counted};
use crate::model::{Dwelling, Entity, EntityKind, EntityRef};
use crate::registry::address::Address;

/// Floor areas that differ by less are the same, rounded; square metres.
const SAME_AREA_M2: f64 = 0.05;
/// A room of so many signs tells its floor: 302 is on the third.
const SIGNS_WITH_FLOOR: usize = 3;

/// A home that stands already.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Known {
    /// The dwelling that stands.
    pub(super) id: DwellingId,
    /// What the row would have become.
    pub(super) own: EntityRef,
    /// The register that stands.
    pub(super) dataset: String,
    /// Facts that the row tells otherwise, by the names of fields.
    pub(super) differs: Vec<&'static str>,
}

/// What a table told of homes that stand already.
#[derive(Debug, Default)]
pub(super) struct Again {
    homes: usize,
    in_conflict: usize,
    conflicts: BTreeMap<&'static str, usize>,
}

impl Again {
    /// What a report says of it.
    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.homes > 0 {
            notes.push(format!(
                "{} already as another register tells, by building, unit, floor and door: confirmed, \
                 not made a second time",
                counted(self.homes, "dwelling stands", "dwellings stand")
            ));
        }
        if self.in_conflict > 0 {
            let fields = self.conflicts.iter();
            let fields: Vec<_> = fields
                .map(|(field, count)| format!("{field} {count}"))
                .collect();
            notes.push(format!(
                "{} told differently by several registers: {}; what stood before stands",
                counted(self.in_conflict, "dwelling is", "dwellings are"),
                fields.join(", ")
            ));
        }
        notes
    }
}

impl Build<'_> {
    /// The home of another register that a row tells of. Of two rows of one register that tell one
    /// door the second stays what the register says: another home.
    pub(super) fn known_door(&mut self, record: &Record, made: &Dwelling) -> Option<Known> {
        let known = self.doors.known(made, record, &self.tools())?;
        let dataset = made.source.dataset.clone();
        self.confirmed.insert((known.id, dataset)).then_some(known)
    }

    /// Lets addresses find the dwellings that were just read.
    pub(super) fn know_dwellings(&mut self, files: &[RegisterFile]) {
        let entities = files.iter().flat_map(|file| &file.entities);
        let brought: Vec<Dwelling> = entities
            .filter_map(|entity| match entity {
                Entity::Dwelling(one) => Some((**one).clone()),
                _ => None,
            })
            .collect();
        self.doors
            .learn(&brought, &self.linker, self.city.clearance);
        self.linker.know_dwellings(&brought, self.city.clearance);
    }

    /// Counts a home that stands already, and lists it where its facts differ.
    pub(super) fn confirm(
        &mut self,
        table: &Table,
        file: &std::path::Path,
        place: &Place,
        known: &Known,
    ) {
        self.count(table, file, place, None);
        let links = self.tally.entry((table.file, table.kind)).or_default();
        links.again.homes += 1;
        if known.differs.is_empty() {
            return;
        }
        links.again.in_conflict += 1;
        for field in &known.differs {
            *links.again.conflicts.entry(field).or_default() += 1;
        }
        if self.options.list_unmatched {
            let fields = known.differs.join(", ");
            let miss = Miss {
                outcome: "conflict",
                candidates: vec![known.id.to_string()],
                record: known.id.to_string(),
                ..Miss::unusable(&format!("{fields}: {} stands", known.dataset))
            };
            self.list(table, file, place, miss);
        }
    }
}

/// Homes by their doors.
#[derive(Default)]
pub(super) struct Doors {
    /// Fingerprints of doors, sorted.
    prints: Vec<(u64, DwellingId)>,
    /// Those that this run brings, where it reads several registers of dwellings.
    brought: HashMap<DwellingId, Dwelling>,
    /// Whether it reads several.
    learns: bool,
}

impl Doors {
    /// The doors of a city's homes, where tables tell of homes.
    pub(super) fn for_tables(city: RegisterCity, linker: &Linker, tables: &[Table]) -> Self {
        let tells = |one: &Table| one.kind == RegisterKind::Dwellings;
        let several = tables.iter().filter(|one| tells(one)).count();
        let mut doors = match several {
            0 => Self::default(),
            _ => Self::of(city.ground.dwellings.values(), linker, city.clearance),
        };
        doors.learns = several > 1;
        doors
    }

    /// The doors of homes.
    fn of<'a>(
        homes: impl Iterator<Item = &'a Dwelling>,
        linker: &Linker,
        clearance: &Clearance,
    ) -> Self {
        let prints = homes.filter_map(|one| Some((print(one, linker, clearance)?, one.id)));
        let mut doors = Self {
            prints: prints.collect(),
            ..Self::default()
        };
        doors.prints.sort_unstable();
        doors
    }

    /// Takes in what this run brings.
    fn learn(&mut self, brought: &[Dwelling], linker: &Linker, clearance: &Clearance) {
        for one in brought.iter().filter(|_| self.learns) {
            if let Some(print) = print(one, linker, clearance) {
                self.prints.push((print, one.id));
                self.brought.insert(one.id, one.clone());
            }
        }
        self.prints.sort_unstable();
        self.prints.dedup();
    }

    /// The home that a row tells of, where another register told of it. What the same register told
    /// under this key stays what it was.
    pub(super) fn known(&self, made: &Dwelling, record: &Record, tools: &Tools) -> Option<Known> {
        if self.prints.is_empty() || tools.ground.dwellings.contains_key(&made.id) {
            return None;
        }
        let print = print(made, tools.linker, tools.clearance)?;
        let from = self.prints.partition_point(|(known, _)| *known < print);
        let same = self.prints[from..]
            .iter()
            .take_while(|(known, _)| *known == print);
        let mut homes = same.filter_map(|(_, id)| {
            let brought = self.brought.get(id);
            brought.or_else(|| tools.ground.dwellings.get(id))
        });
        // Of a home that stands twice already the first is the one that is told of.
        let known = homes.find(|one| {
            one.source.dataset != made.source.dataset && is_of_house(one, made, tools.linker)
        })?;
        Some(Known {
            id: known.id,
            own: EntityRef {
                kind: EntityKind::Dwelling,
                bits: made.id.bits(),
            },
            dataset: known.source.dataset.clone(),
            differs: differing(known, made, record),
        })
    }
}

/// Building, unit, floor and door as a number; `None` while the door is locked. The floor counts where
/// the door does not tell it.
fn print(home: &Dwelling, linker: &Linker, clearance: &Clearance) -> Option<u64> {
    let door = home.door.open(clearance)?;
    let address = linker.address_of(home, clearance);
    let address = address.unwrap_or_else(|| linker.parse(&door));
    let room = address.door();
    let tells_floor = |room: &String| room.chars().count() >= SIGNS_WITH_FLOOR;
    let floor = (!room.as_ref().is_some_and(tells_floor)).then_some(home.floor);
    let mut hasher = DefaultHasher::new();
    (home.building, &address.unit, &room, &address.within, floor).hash(&mut hasher);
    Some(hasher.finish())
}

/// Whether what both tell of their house is the same: one building may have several numbers, and
/// an address may leave the way or the estate out.
fn is_of_house(one: &Dwelling, other: &Dwelling, linker: &Linker) -> bool {
    let house = |home: &Dwelling| {
        let known = linker.known_building(home.building);
        let text = home.address.as_ref().or(known?.address.as_ref())?;
        Some(linker.parse(text))
    };
    let (Some(one), Some(other)) = (house(one), house(other)) else {
        return true;
    };
    fn fits<T: PartialEq>(one: &Option<T>, other: &Option<T>) -> bool {
        one.is_none() || other.is_none() || one == other
    }
    let fit = |one: &Address, other: &Address| {
        fits(&one.road, &other.road)
            && fits(&one.estate, &other.estate)
            && fits(&one.lane, &other.lane)
            && fits(&one.number, &other.number)
            && fits(&one.building, &other.building)
    };
    fit(&one, &other)
}

/// The facts that a row tells, and tells otherwise than the home has them.
fn differing(known: &Dwelling, made: &Dwelling, record: &Record) -> Vec<&'static str> {
    let both_tell_area = known.area_m2 > 0.0 && made.area_m2 > 0.0;
    let area = both_tell_area && (known.area_m2 - made.area_m2).abs() >= SAME_AREA_M2;
    let usage = record.text(Field::Usage).is_some() && known.usage != made.usage;
    let floor = record.number(Field::Floor, FLOORS).is_some() && known.floor != made.floor;
    let facts = [
        (Field::Floor, floor),
        (Field::Usage, usage),
        (Field::AreaM2, area),
    ];
    let differ = facts.into_iter().filter(|(_, differs)| *differs);
    differ.map(|(field, _)| field.as_str()).collect()
}
