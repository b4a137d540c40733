//! Registers out of tables: dwellings, households, residents, vehicles, devices, cameras,
//! facilities, responders and events, from CSV and XLSX, linked to the city by address and position.
//!
//! Used by `app::import`. A table is read several times: once to find its faults, keeping nothing but a
//! fingerprint of each row's key, for people once to learn whose each row is, and once to make records. Keys of people and of their homes are
//! fingerprints. Never shows a value of a row: notes and reports tell row, column and reason.
//! `docs/registries.md` tells headers, rules and limits.

mod alike;
mod at_home;
mod base_map_people;
mod birth;
mod build;
mod camera_address;
mod cell;
mod chosen;
mod columns;
mod device_place;
mod device_row;
mod direction;
mod field;
mod file_name;
mod guard;
mod header;
mod homes;
mod household_leads;
mod household_numbers;
mod index;
mod kept_of_person;
mod kind;
mod link;
mod mapping;
mod members;
mod merged;
mod name_in_text;
mod named_before;
mod no_number;
mod open_house;
mod open_key;
mod open_name;
mod open_stream;
mod open_text;
mod people;
mod person_row;
mod place_names;
mod probe;
mod record;
mod residents;
mod rooms;
mod rows;
mod run;
mod same_door;
mod same_person;
mod standing;
mod table;
mod tally;
mod things;
mod told_address;
mod told_door;
mod trait_words;
mod utf8;
mod words;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

pub use base_map_people::mask_people_in_base_map;
pub use kind::RegisterKind;
pub use mapping::RegisterMapping;
pub use named_before::hidden_with;
pub use people::Statements;

use super::convert::{Converted, UnreadColumn};
use super::error::{ImportError, ReadError};
use super::file::Imported;
use super::format::Format;
use crate::base::{Clearance, DwellingId, ImportId, KeyedHash, Warnings};
use crate::model::{Entity, EntityRef, Ground, KindTable, LabelRules};
use crate::registry::match_address::MatchRules;
use crate::space::{Bounds2, Crs, Datum};
use link::{Coordinates, Linker};
use rows::Bytes;
use table::Table;

/// The dwellings that addresses mean in a city, as an import links them; `None` where one leads
/// nowhere or to several. `rules` are the city's for matching.
///
/// # Errors
/// When the city's system of coordinates is not known.
pub fn dwellings_at(
    ground: &Ground,
    addresses: &[&str],
    rules: MatchRules,
    clearance: &Clearance,
) -> Result<Vec<Option<DwellingId>>, ReadError> {
    let linker = Linker::new(ground, &Coordinates::none(), rules, clearance)?;
    let found = addresses
        .iter()
        .map(|address| linker.dwelling(&linker.parse(address)).linked());
    Ok(found.collect())
}

/// The city that registers are read into.
#[derive(Clone, Copy)]
pub struct RegisterCity<'a> {
    /// Its records, with personal values open.
    pub ground: &'a Ground,
    /// Makes fingerprints; `None` without the city's key, and then nothing personal is read.
    pub hash: Option<&'a dyn KeyedHash>,
    /// For moving personal values without showing them.
    pub clearance: &'a Clearance,
    /// The kinds of device that it knows.
    pub kinds: &'a KindTable,
    /// Its labels.
    pub labels: &'a LabelRules,
    /// How addresses are matched to its dwellings and buildings.
    pub matching: &'a MatchRules,
    /// The runs by which people chose dwellings for records: what these link stays linked.
    pub decided: &'a HashSet<ImportId>,
}

/// What a caller says of registers.
#[derive(Debug, Clone)]
pub struct RegisterOptions {
    /// What the rows are, where headers and mapping do not tell.
    pub kind: Option<RegisterKind>,
    /// Which column is what.
    pub mapping: RegisterMapping,
    /// CRS of the coordinates: geographic for longitudes and latitudes, otherwise of east and north.
    pub crs: Option<Crs>,
    /// Datum of longitudes and latitudes.
    pub datum: Datum,
    /// Day of the import, `YYYY-MM-DD`: as of then a new row speaks that tells no day itself.
    pub today: String,
    /// Whether what a newer table lacks stays.
    pub keep_missing: bool,
    /// Whether rows for a person to decide are listed, and not only counted.
    pub list_unmatched: bool,
}

/// Takes a part of the records: people and their households come in parts, so that a register of
/// millions need not stand in memory.
pub type TakePart<'a> = &'a mut dyn FnMut(Vec<Entity>) -> Result<(), ReadError>;

/// A row that leads to no record of the city, or on which registers differ. It carries no value.
#[derive(Debug, Clone, PartialEq)]
pub struct Unmatched {
    /// File.
    pub file: String,
    /// Sheet, of a workbook.
    pub sheet: String,
    /// Row, from 1.
    pub row: u64,
    /// Name of the register's kind.
    pub register: &'static str,
    /// `ambiguous`, `unmatched`, `no address`, `conflict`, `faulty`, `named` or `noted`.
    pub outcome: &'static str,
    /// The best candidate's score, 0 to 1.
    pub score: Option<f64>,
    /// Ids of candidates, or of the record that is in conflict.
    pub candidates: Vec<String>,
    /// What was missing or differed.
    pub reasons: String,
    /// Id of the record that the row became, by which a person links it; empty of a row that is not
    /// taken.
    pub record: String,
}

/// What registers became.
#[derive(Debug)]
pub struct RegisterRun {
    /// The files, in the order in which they were named, with the records that came in no part.
    pub files: Vec<Imported>,
    /// Rows for a person to decide, where they are listed.
    pub unmatched: Vec<Unmatched>,
    /// What data sets of residents no longer say of people whose record another register gives.
    pub statements: BTreeMap<String, Statements>,
    /// Dwellings of other data sets that rows told again: they are in use.
    pub confirmed: BTreeSet<DwellingId>,
}

/// A file of tables.
struct RegisterFile {
    name: PathBuf,
    content: Content,
    format: Format,
    dataset: String,
    sha256: String,
    warnings: Warnings,
    notes: Vec<String>,
    faulty: Vec<String>,
    nameless: usize,
    /// Columns that no field is read from.
    unread: Vec<UnreadColumn>,
    /// Rows with a value that cannot be taken, where such are listed.
    listed: Vec<Unmatched>,
    entities: Vec<Entity>,
    /// Of these, records whose link somebody chose.
    chosen: HashSet<EntityRef>,
}

/// What a file looks like before it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looks {
    /// A register.
    Register,
    /// Something with places of its own, or no table at all: the reader of base maps tells.
    Other,
    /// A table whose headers tell neither a register nor coordinates.
    Untold,
}

enum Content {
    File(PathBuf),
    Memory(Vec<u8>),
}

impl RegisterFile {
    fn bytes(&self) -> Bytes<'_> {
        match &self.content {
            Content::File(path) => Bytes::File(path),
            Content::Memory(bytes) => Bytes::Memory(bytes),
        }
    }

    /// The provenance of its records.
    fn import(&self) -> ImportId {
        ImportId::from_source(&self.dataset, &self.sha256)
    }
}

/// Registers that are read together.
pub struct Registers<'a> {
    city: RegisterCity<'a>,
    options: RegisterOptions,
    files: Vec<RegisterFile>,
    tables: Vec<Table>,
}

impl<'a> Registers<'a> {
    /// Registers for a city.
    #[must_use]
    pub fn new(city: RegisterCity<'a>, options: RegisterOptions) -> Self {
        Self {
            city,
            options,
            files: Vec::new(),
            tables: Vec::new(),
        }
    }

    /// What a file looks like: a register is a workbook, or CSV whose headers tell one.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn looks(path: &Path) -> Result<Looks, ImportError> {
        let name = path.to_string_lossy().to_lowercase();
        if name.ends_with(".xlsx") {
            return Ok(Looks::Register);
        }
        if ![".csv", ".tsv"].iter().any(|ending| name.ends_with(ending)) {
            return Ok(Looks::Other);
        }
        table::looks_of_text(Bytes::File(path)).map_err(|fault| at(path, fault))
    }

    /// Whether a file is called like somebody whom it tells of: then its name is not kept.
    #[must_use]
    pub fn is_called_like_somebody(
        path: &Path,
        options: &RegisterOptions,
        labels: &LabelRules,
    ) -> bool {
        file_name::names_somebody(path, options, labels)
    }

    /// The error for a table of which nobody knows what it is.
    #[must_use]
    pub fn untold(path: &Path) -> ImportError {
        let reason = "its headers tell neither which register it is nor where coordinates stand";
        let fault = ReadError::Unusable {
            reason: reason.to_owned(),
            remedy: format!(
                "name a register with --as {}, or say with --map which column is what \
                 (docs/registries.md, docs/mapping.md)",
                RegisterKind::names()
            ),
        };
        at(path, fault)
    }

    /// Takes a file, and finds the faults of its rows.
    ///
    /// # Errors
    /// When it is no register, lacks columns, or is personal and the city's key is not at hand.
    pub fn add_file(&mut self, path: &Path, dataset: &str) -> Result<(), ImportError> {
        self.add(path, Content::File(path.to_owned()), dataset)
    }

    /// Takes bytes, as [`Registers::add_file`] takes a file.
    ///
    /// # Errors
    /// As there.
    pub fn add_bytes(
        &mut self,
        name: &Path,
        bytes: &[u8],
        dataset: &str,
    ) -> Result<(), ImportError> {
        self.add(name, Content::Memory(bytes.to_vec()), dataset)
    }

    fn add(&mut self, name: &Path, content: Content, dataset: &str) -> Result<(), ImportError> {
        let mut file = RegisterFile {
            name: name.to_owned(),
            content,
            format: Format::Csv,
            dataset: dataset.to_owned(),
            sha256: String::new(),
            warnings: Warnings::default(),
            notes: Vec::new(),
            faulty: Vec::new(),
            nameless: 0,
            unread: Vec::new(),
            listed: Vec::new(),
            entities: Vec::new(),
            chosen: HashSet::new(),
        };
        let read = |file: &mut RegisterFile| {
            let mut hash = Sha256::new();
            file.bytes().each_piece(&mut |piece| hash.update(piece))?;
            let digest = hash.finalize();
            file.sha256 = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            rows::check_named(name, &file.bytes().head()?)?;
            let mut notes = Vec::new();
            let (format, mut tables) =
                table::tables(file.bytes(), (&self.options, self.city.labels), &mut notes)?;
            (file.format, file.notes) = (format, notes);
            for table in &mut tables {
                if table.kind.is_personal() && self.city.hash.is_none() {
                    return Err(no_key(table.kind));
                }
                table.end_row = probe::look_over(file, table, (&self.options, self.city.labels))?;
            }
            Ok(tables)
        };
        let mut tables = read(&mut file).map_err(|fault| at(name, fault))?;
        for table in &mut tables {
            table.file = self.files.len();
        }
        self.tables.extend(tables);
        self.files.push(file);
        Ok(())
    }

    /// Makes the records of all files. Residents, and households of which only they tell, go to `take`
    /// part by part; all others stand in the files.
    ///
    /// # Errors
    /// When the city's personal values are locked, a file changed while it was read, or those of
    /// `take`.
    pub fn finish(mut self, take: TakePart) -> Result<RegisterRun, ImportError> {
        self.tables.sort_by_key(|table| table.kind);
        let first = self
            .files
            .first()
            .map_or_else(PathBuf::new, |file| file.name.clone());
        let made = build::build(
            self.city,
            &self.options,
            &self.tables,
            &mut self.files,
            take,
        );
        let built = made.map_err(|fault| at(&first, fault))?;
        let crs =
            Crs::parse(&self.city.ground.info.crs).map_err(|fault| at(&first, fault.into()))?;
        let files = self
            .files
            .into_iter()
            .map(|file| imported(file, &crs))
            .collect();
        Ok(RegisterRun {
            files,
            unmatched: built.unmatched,
            statements: built.statements,
            confirmed: built.confirmed,
        })
    }
}

fn imported(file: RegisterFile, crs: &Crs) -> Imported {
    let import = file.import();
    let mut entities = file.entities;
    for entity in &mut entities {
        // A link that somebody chose is known by the run that chose it.
        if file.chosen.contains(&entity.key()) {
            continue;
        }
        entity.set_import(import);
    }
    Imported {
        converted: Converted {
            format: file.format,
            source_crs: crs.clone(),
            attribution: None,
            maker: None,
            extent: Bounds2::empty(),
            entities,
            warnings: file.warnings,
            faulty: file.faulty,
            nameless: file.nameless,
            notes: file.notes,
            unread: file.unread,
            repairs: BTreeMap::new(),
            height_origins: BTreeMap::new(),
        },
        crs: crs.clone(),
        sha256: file.sha256,
        import,
    }
}

fn at(path: &Path, fault: ReadError) -> ImportError {
    ImportError {
        fault,
        path: path.to_owned(),
    }
}

fn no_key(kind: RegisterKind) -> ReadError {
    ReadError::Unusable {
        reason: format!(
            "{} hold personal values, which are sealed with the city's key, and that is not at hand",
            kind.as_str()
        ),
        remedy: "name the key with --key-file FILE, or put it beside the city as CITY.key"
            .to_owned(),
    }
}
