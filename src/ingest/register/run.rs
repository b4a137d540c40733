//! What every kind of register is made with: ways to the city's records, fingerprints, positions;
//! and what becomes of a row that leads nowhere.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use geo::Centroid;

use super::at_home::NamesAtHome;
use super::field::Field;
use super::household_numbers::HouseholdNumbers;
use super::link::Linker;
use super::people::REGISTER;
use super::record::Record;
use super::{RegisterKind, Unmatched};
use crate::base::{BuildingId, Clearance, DwellingId, HouseholdId, KeyedHash};
use crate::model::{EntityRef, Ground, KindTable, LabelRules};
use crate::registry::address::Address;
use crate::registry::match_address::{Candidate, Outcome, Reason};

/// Where a row stands in its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The sheet of a workbook.
    pub(super) sheet: Option<String>,
    /// Which sheet that is, from 1: its name may be somebody's, and notes are kept with the city.
    pub(super) sheet_number: usize,
    pub(super) row: u64,
}

impl Place {
    /// In words.
    pub(super) fn text(&self) -> String {
        match &self.sheet {
            Some(_) => format!("sheet {}, row {}", self.sheet_number, self.row),
            None => format!("row {}", self.row),
        }
    }
}

impl Place {
    /// A row of the list for a person to decide, of which one value cannot be taken.
    pub(super) fn faulty(
        &self,
        file: &Path,
        kind: RegisterKind,
        column: &str,
        fault: &str,
    ) -> Unmatched {
        Unmatched {
            file: file.display().to_string(),
            sheet: self.sheet.clone().unwrap_or_default(),
            row: self.row,
            register: kind.as_str(),
            outcome: "faulty",
            score: None,
            candidates: Vec::new(),
            reasons: format!("column {column:?}: {fault}"),
            record: String::new(),
        }
    }
}

/// A record out of a row, and why its address led nowhere, where it did.
pub(super) struct Made<T> {
    pub(super) entity: T,
    pub(super) miss: Option<Miss>,
}

impl<T> Made<T> {
    pub(super) fn new(entity: T) -> Self {
        Self { entity, miss: None }
    }
}

/// Why a row leads to no record of the city. It carries no value of the row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Miss {
    /// `ambiguous`, `unmatched`, `no address`, or nothing for a row that is faulty itself.
    pub(super) outcome: &'static str,
    /// The best score.
    pub(super) score: Option<f64>,
    /// Ids of the candidates.
    pub(super) candidates: Vec<String>,
    /// What was missing or differed.
    pub(super) reasons: String,
    /// Id of the record that was made of the row all the same; empty where none was.
    pub(super) record: String,
}

impl Miss {
    /// Of an address that led nowhere.
    pub(super) fn of<K: Copy>(outcome: &Outcome<K>, id: impl Fn(K) -> String) -> Self {
        let told = |list: &[Candidate<K>], outcome| Self {
            outcome,
            score: list.first().map(|one| one.score),
            candidates: list.iter().map(|one| id(one.key)).collect(),
            reasons: list.first().map_or_else(
                || "no such house is known".to_owned(),
                |best| {
                    best.reasons
                        .iter()
                        .map(Reason::text)
                        .collect::<Vec<_>>()
                        .join(", ")
                },
            ),
            record: String::new(),
        };
        match outcome {
            Outcome::Ambiguous(list) => told(list, "ambiguous"),
            Outcome::Linked(one) => told(std::slice::from_ref(one), "unmatched"),
            Outcome::Unmatched(best) => told(best.as_slice(), "unmatched"),
        }
    }

    /// Of a row whose columns contradict each other about the door; `candidates` are what it may be.
    pub(super) fn contradictory(address: &Address, candidates: Vec<String>) -> Self {
        let told = address.also.iter().map(|(part, _)| *part);
        let told: BTreeSet<Reason> = told.map(Reason::of_second).collect();
        let reasons: Vec<String> = told.iter().map(Reason::text).collect();
        Self {
            outcome: "ambiguous",
            score: None,
            candidates,
            reasons: reasons.join(", "),
            record: String::new(),
        }
    }

    /// Of a row without an address.
    pub(super) fn without_address() -> Self {
        Self {
            outcome: "no address",
            score: None,
            candidates: Vec::new(),
            reasons: String::new(),
            record: String::new(),
        }
    }

    /// The same, of a row that became this record.
    pub(super) fn of_record(self, record: EntityRef) -> Self {
        Self {
            record: record.id_text(),
            ..self
        }
    }

    /// Of a row of which nothing can be made.
    pub(super) fn unusable(reason: &str) -> Self {
        Self {
            outcome: "",
            reasons: reason.to_owned(),
            ..Self::without_address()
        }
    }
}

/// What records are made with.
pub(super) struct Tools<'a> {
    pub(super) ground: &'a Ground,
    pub(super) linker: &'a Linker<'a>,
    pub(super) hash: Option<&'a dyn KeyedHash>,
    pub(super) clearance: &'a Clearance,
    pub(super) labels: &'a LabelRules,
    pub(super) kinds: &'a KindTable,
    pub(super) today: &'a str,
    pub(super) utc_offset_minutes: i32,
    /// Dwellings that this run brings, with their buildings.
    pub(super) dwellings: &'a HashMap<DwellingId, BuildingId>,
    /// Names that may not stand in what everybody sees.
    pub(super) at_home: &'a NamesAtHome,
    /// The homes of household numbers.
    pub(super) numbers: &'a HouseholdNumbers,
    /// Households that this run brings, with their homes.
    pub(super) households: &'a BTreeMap<HouseholdId, Option<DwellingId>>,
}

impl Tools<'_> {
    /// A fingerprint that only the city's key could have made, in 32 hexadecimal digits. Registers
    /// that hold nothing personal can be read without the key, and need none.
    pub(super) fn fingerprint(&self, domain: &str, text: &str) -> String {
        let bytes = match self.hash {
            Some(hash) => hash.keyed_hash(domain, text).to_vec(),
            None => {
                use sha2::{Digest, Sha256};
                Sha256::digest(format!("{domain}\n{text}")).to_vec()
            }
        };
        bytes
            .iter()
            .take(16)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// The id of a household by its key.
    pub(super) fn household_id(&self, key: &str) -> HouseholdId {
        HouseholdId::from_source(REGISTER, key)
    }

    pub(super) fn has_household(&self, id: HouseholdId) -> bool {
        self.households.contains_key(&id) || self.ground.households.contains_key(&id)
    }

    /// The position of a row in the city's system, where it tells one that can be used.
    pub(super) fn position(&self, record: &Record) -> Option<[f64; 2]> {
        let any = f64::MIN..=f64::MAX;
        let pairs = [
            (Field::Lon, Field::Lat, true),
            (Field::East, Field::North, false),
        ];
        pairs.into_iter().find_map(|(x, y, are_degrees)| {
            let at = [
                record.number(x, any.clone())?,
                record.number(y, any.clone())?,
            ];
            match self.linker.position(at, are_degrees) {
                Ok(at) => Some(at),
                Err(fault) => {
                    record.fault(x, fault);
                    None
                }
            }
        })
    }

    /// A position with its height: the one told, otherwise so far above the ground as is told.
    pub(super) fn standing(&self, record: &Record, at: [f64; 2]) -> [f64; 3] {
        let told = record.number(Field::Height, -500.0..=9_000.0);
        let above = record.number(Field::Above, -100.0..=1_000.0).unwrap_or(0.0);
        let height_m = told.unwrap_or_else(|| self.linker.ground_m(at) + above);
        [at[0], at[1], height_m]
    }

    /// The middle of a building.
    pub(super) fn middle_of(&self, id: BuildingId) -> Option<[f64; 2]> {
        let middle = self.linker.known_building(id)?.footprint.centroid()?;
        Some([middle.x(), middle.y()])
    }

    /// The building of a dwelling of the city or of this run.
    pub(super) fn building_of(&self, id: DwellingId) -> Option<BuildingId> {
        let brought = self.dwellings.get(&id).copied();
        brought.or_else(|| Some(self.ground.dwellings.get(&id)?.building))
    }

    /// The middle of the building in which a household lives.
    pub(super) fn middle_of_household(&self, id: HouseholdId) -> Option<[f64; 2]> {
        let brought = self.households.get(&id).copied();
        let home = brought.unwrap_or_else(|| self.ground.households.get(&id)?.dwelling)?;
        self.middle_of(self.building_of(home)?)
    }
}
