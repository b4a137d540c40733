//! The tables that a city may bring beside it, `CITY.<what>.toml`: kinds of device, alarm rules,
//! labels, roles, travellers, matching, feeds, dispatch, engine, monitor. Every command asks here what is in force; nothing else
//! in the program takes a built-in table for a city's. What each may hold: `docs/tables.md`. Never
//! writes.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::ValueEnum;
use serde::Serialize;

use crate::access::RoleTable;
use crate::base::{TableFault, why_unread};
use crate::feed::payload::FeedTable;
use crate::model::alarm_rule::AlarmRules;
use crate::model::dispatch::DispatchTable;
use crate::model::network::TravellerTable;
use crate::model::{EngineTable, KindTable, LabelRules};
use crate::monitor::MonitorTable;
use crate::registry::match_address::MatchRules;
use crate::store::{CityFile, CityFileError};

mod unknown;

pub use unknown::{unknown_kinds, unknown_note};

/// Larger than any table that a person writes.
const TABLE_BYTES_MAX: u64 = 1 << 20;

/// A table that a city may bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Kinds of device; added to the built-in ones.
    Kinds,
    /// Alarm rules; added to the built-in ones.
    Alarms,
    /// Labels of people and their rules; instead of the built-in ones.
    Labels,
    /// Roles and purposes; instead of the built-in ones.
    Roles,
    /// Who goes along the lanes; added to the built-in ones.
    Travellers,
    /// How addresses are matched; value by value.
    Matching,
    /// Which topics are listened to, and how payloads are read; instead of the built-in ones.
    Feeds,
    /// How alarms fold into incidents, deadlines, the ladder; instead of the built-in one.
    Dispatch,
    /// How long readings stay and alarms are shelved; value by value.
    Engine,
    /// How tilt is judged, and how sensors are mounted; instead of the built-in one.
    Monitor,
}

impl What {
    /// All tables.
    pub const ALL: [Self; 10] = [
        Self::Kinds,
        Self::Alarms,
        Self::Labels,
        Self::Roles,
        Self::Travellers,
        Self::Matching,
        Self::Feeds,
        Self::Dispatch,
        Self::Engine,
        Self::Monitor,
    ];

    /// Its name in commands and file names.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kinds => "kinds",
            Self::Alarms => "alarms",
            Self::Labels => "labels",
            Self::Roles => "roles",
            Self::Travellers => "travellers",
            Self::Matching => "matching",
            Self::Feeds => "feeds",
            Self::Dispatch => "dispatch",
            Self::Engine => "engine",
            Self::Monitor => "monitor",
        }
    }

    /// Where a city's own one lies.
    #[must_use]
    pub fn path(self, city: &Path) -> PathBuf {
        city.with_extension(format!("{}.toml", self.as_str()))
    }

    /// The text of the built-in one, with its comments.
    #[must_use]
    pub const fn built_in(self) -> &'static str {
        match self {
            Self::Kinds => KindTable::STANDARD,
            Self::Alarms => AlarmRules::STANDARD,
            Self::Labels => LabelRules::STANDARD,
            Self::Roles => RoleTable::STANDARD,
            Self::Travellers => TravellerTable::STANDARD,
            Self::Matching => MatchRules::STANDARD,
            Self::Feeds => FeedTable::STANDARD,
            Self::Dispatch => DispatchTable::STANDARD,
            Self::Engine => EngineTable::STANDARD,
            Self::Monitor => MonitorTable::STANDARD,
        }
    }

    /// Whether the entries of a city's own one come to the built-in ones instead of replacing all.
    #[must_use]
    pub const fn is_added(self) -> bool {
        !matches!(
            self,
            Self::Labels | Self::Roles | Self::Feeds | Self::Dispatch | Self::Monitor
        )
    }

    /// Whether a city's own one names the values that differ, and nothing else.
    #[must_use]
    pub const fn is_of_values(self) -> bool {
        matches!(self, Self::Matching | Self::Engine)
    }

    /// How many entries a text has; of tables of values, those that it names. Alarm rules are
    /// held against the kinds and labels of the city, unless those are faulty themselves.
    fn entries(self, city: &Path, text: &str) -> Result<usize, TableFault> {
        Ok(match self {
            Self::Kinds => own_kinds(text)?.all().len(),
            Self::Alarms => {
                if let (Ok(kinds), Ok(labels)) = (kinds(city), labels(city)) {
                    alarms_of_text(Some(text), &kinds, &labels)?;
                }
                AlarmRules::from_toml(text)?.all().len()
            }
            Self::Labels => LabelRules::from_toml(text)?.all().len(),
            Self::Roles => RoleTable::from_toml(text)?.roles().len(),
            Self::Travellers => TravellerTable::from_toml(text)?.all().len(),
            Self::Feeds => FeedTable::from_toml(text)?.all().len(),
            Self::Dispatch => DispatchTable::from_toml(text)?.types().len(),
            Self::Monitor => MonitorTable::from_toml(text)?.entries(),
            Self::Matching => MatchRules::from_toml(text).map(|_| values(text))?,
            Self::Engine => EngineTable::from_toml(text).map(|_| values(text))?,
        })
    }
}

/// How many values a text names.
fn values(text: &str) -> usize {
    let is_value = |line: &&str| !line.trim_start().starts_with('#') && line.contains('=');
    text.lines().filter(is_value).count()
}

/// The kinds of device of a city: the built-in ones and its own.
///
/// # Errors
/// When its own table cannot be used; the message names file, line and remedy.
pub fn kinds(city: &Path) -> anyhow::Result<KindTable> {
    let own = own(What::Kinds, city, own_kinds)?;
    let standard = KindTable::standard();
    Ok(match own {
        Some(own) => standard.with(own),
        None => standard,
    })
}

/// A city's own kinds: beside the built-in ones a name tells them apart as well.
fn own_kinds(text: &str) -> Result<KindTable, TableFault> {
    let own = KindTable::from_toml(text)?;
    let standard = KindTable::standard();
    let Some([kind, other]) = own.called_alike(&standard) else {
        return Ok(own);
    };
    let (id, other) = (kind.id.as_str(), other.id.as_str());
    let reason = format!(
        "device kind {id:?} is called {} or {} as the built-in {other:?} is; give it another name, or the id of that one to take its place",
        kind.zh, kind.en
    );
    let at = text.find(&format!("{id:?}")).unwrap_or_default();
    Err(TableFault::at(text, at, reason))
}

/// The kinds of a city whose own table, if it has one, is at hand as text: of an engine that is
/// followed.
///
/// # Errors
/// When the text is no table.
pub fn kinds_of_text(own: Option<&str>) -> Result<KindTable, TableFault> {
    let standard = KindTable::standard();
    match own {
        Some(text) => Ok(standard.with(own_kinds(text)?)),
        None => Ok(standard),
    }
}

/// The alarm rules of a city: the built-in ones and its own, as far as they fit its kinds and labels.
/// Whether the devices that they name are there is known with the ground alone.
///
/// # Errors
/// As of [`kinds`].
pub fn alarms(city: &Path) -> anyhow::Result<AlarmRules> {
    let (kinds, labels) = (kinds(city)?, labels(city)?);
    let read = |text: &str| alarms_of_text(Some(text), &kinds, &labels);
    match own(What::Alarms, city, read)? {
        Some(rules) => Ok(rules),
        None => Ok(alarms_of_text(None, &kinds, &labels)?),
    }
}

/// The alarm rules of a city whose own table, if it has one, is at hand as text.
///
/// # Errors
/// When the text is no table, or does not fit the kinds and labels.
pub fn alarms_of_text(
    own: Option<&str>,
    kinds: &KindTable,
    labels: &LabelRules,
) -> Result<AlarmRules, TableFault> {
    let mut rules = AlarmRules::standard();
    if let Some(text) = own {
        rules = rules.with(AlarmRules::from_toml(text)?);
    }
    rules.check(kinds, labels)?;
    Ok(rules)
}

/// Why the alarm rules of a city do not fit its devices, if they do not. Reads the devices only when
/// a rule names one.
///
/// # Errors
/// When the city cannot be read.
pub fn alarms_unfit(city: &Path, file: &CityFile) -> Result<Option<String>, CityFileError> {
    let (Ok(rules), Ok(kinds)) = (alarms(city), kinds(city)) else {
        return Ok(None);
    };
    if rules.all().iter().all(|rule| rule.device.is_empty()) {
        return Ok(None);
    }
    let fault = rules.check_devices(&file.load_ground()?, &kinds).err();
    Ok(fault.map(|fault| format!("{}: {fault}", What::Alarms.path(city).display())))
}

/// The labels of a city.
///
/// # Errors
/// As of [`kinds`].
pub fn labels(city: &Path) -> anyhow::Result<LabelRules> {
    let own = own(What::Labels, city, LabelRules::from_toml)?;
    Ok(own.unwrap_or_else(LabelRules::standard))
}

/// The roles of a city.
///
/// # Errors
/// As of [`kinds`].
pub fn roles(city: &Path) -> anyhow::Result<RoleTable> {
    let own = own(What::Roles, city, RoleTable::from_toml)?;
    Ok(own.unwrap_or_else(RoleTable::standard))
}

/// Who goes along the lanes of a city: the built-in ones and its own.
///
/// # Errors
/// As of [`kinds`].
pub fn travellers(city: &Path) -> anyhow::Result<TravellerTable> {
    let own = own(What::Travellers, city, TravellerTable::from_toml)?;
    let standard = TravellerTable::standard();
    Ok(match own {
        Some(own) => standard.with(own),
        None => standard,
    })
}

/// How addresses are matched to the homes of a city.
///
/// # Errors
/// As of [`kinds`].
pub fn matching(city: &Path) -> anyhow::Result<MatchRules> {
    let own = own(What::Matching, city, MatchRules::from_toml)?;
    Ok(own.unwrap_or_default())
}

/// How incidents of a city are handled.
///
/// # Errors
/// As of [`kinds`].
#[cfg(feature = "net")]
pub fn dispatch(city: &Path) -> anyhow::Result<DispatchTable> {
    let own = own(What::Dispatch, city, DispatchTable::from_toml)?;
    Ok(own.unwrap_or_else(DispatchTable::standard))
}

/// How long an engine of a city keeps readings, and for how long alarms are shelved there.
///
/// # Errors
/// As of [`kinds`].
#[cfg(feature = "net")]
pub fn engine(city: &Path) -> anyhow::Result<EngineTable> {
    let own = own(What::Engine, city, EngineTable::from_toml)?;
    Ok(own.unwrap_or_default())
}

/// How tilt is judged in a city.
///
/// # Errors
/// As of [`kinds`].
pub fn monitor(city: &Path) -> anyhow::Result<MonitorTable> {
    let own = own(What::Monitor, city, MonitorTable::from_toml)?;
    Ok(own.unwrap_or_else(MonitorTable::standard))
}

/// Which topics are listened to for a city, and how payloads are read: by its own table, by the one
/// at `place` instead, or by what is built in.
///
/// # Errors
/// As of [`kinds`].
#[cfg(feature = "net")]
pub fn feeds(city: &Path, place: Option<&Path>) -> anyhow::Result<FeedTable> {
    let path = place.map_or_else(|| What::Feeds.path(city), Path::to_owned);
    let own = read_own(&path, FeedTable::from_toml)?;
    match (own, place) {
        (Some(own), _) => Ok(own),
        (None, None) => Ok(FeedTable::standard()),
        (None, Some(place)) => bail!("there is no such table of feeds: {}", place.display()),
    }
}

/// A city's own table, read; `None` where it brings none.
fn own<T>(
    what: What,
    city: &Path,
    read: impl FnOnce(&str) -> Result<T, TableFault>,
) -> anyhow::Result<Option<T>> {
    read_own(&what.path(city), read)
}

/// The table at a path, read; `None` where there is none.
fn read_own<T>(
    path: &Path,
    read: impl FnOnce(&str) -> Result<T, TableFault>,
) -> anyhow::Result<Option<T>> {
    let place = path.display();
    let Some(text) = text_at(path)? else {
        return Ok(None);
    };
    let table = read(&text).with_context(|| {
        format!(
            "{place} cannot be used; mend it, or move it away and what is built in holds \
             (docs/tables.md)"
        )
    })?;
    Ok(Some(table))
}

/// The text of a city's own table; `None` where it brings none.
///
/// # Errors
/// When there is one that cannot be read.
pub fn own_text(what: What, city: &Path) -> anyhow::Result<Option<String>> {
    text_at(&what.path(city))
}

fn text_at(path: &Path) -> anyhow::Result<Option<String>> {
    let place = || format!("the table cannot be read: {}", path.display());
    let file = match File::open(path) {
        Ok(file) => file,
        // A link that leads nowhere is a table all the same: without it others would hold than the
        // city meant.
        Err(fault)
            if fault.kind() == io::ErrorKind::NotFound && path.symlink_metadata().is_err() =>
        {
            return Ok(None);
        }
        Err(fault) => bail!("{}: {}", place(), why_unread(&fault)),
    };
    let mut bytes = Vec::new();
    let mut limited = file.take(TABLE_BYTES_MAX + 1);
    if let Err(fault) = limited.read_to_end(&mut bytes) {
        bail!("{}: {}", place(), why_unread(&fault));
    }
    if bytes.len() as u64 > TABLE_BYTES_MAX {
        bail!("a table has at most 1 MB: {}", path.display());
    }
    let text = String::from_utf8(bytes).map_err(|fault| {
        let good = fault.utf8_error().valid_up_to();
        let line = 1 + fault.as_bytes()[..good]
            .iter()
            .filter(|one| **one == b'\n')
            .count();
        anyhow::anyhow!(
            "{}: line {line} is not UTF-8; save it as UTF-8",
            path.display()
        )
    })?;
    // Editors on Windows put a mark before the text.
    Ok(Some(text.trim_start_matches('\u{feff}').to_owned()))
}

/// How a table of a city stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// Which table.
    pub table: What,
    /// Where the city's own one lies or would lie.
    pub file: String,
    /// Whether there is one of the city's own.
    pub is_own: bool,
    /// Entries of the city's own one, otherwise of the built-in one; 0 of a faulty one.
    pub entries: usize,
    /// Why the city's own one cannot be used.
    pub fault: Option<String>,
}

/// How all tables of a city stand.
#[must_use]
pub fn standings(city: &Path) -> Vec<Standing> {
    let standing = |what: What| {
        let own = own_text(what, city);
        let is_own = !matches!(own, Ok(None));
        let entries = own.and_then(|own| {
            let text = own.as_deref().unwrap_or(what.built_in());
            let entries = what.entries(city, text);
            entries.with_context(|| what.path(city).display().to_string())
        });
        let (entries, fault) = match entries {
            Ok(entries) => (entries, None),
            Err(fault) => (0, Some(format!("{fault:#}"))),
        };
        Standing {
            table: what,
            file: what.path(city).display().to_string(),
            is_own,
            entries,
            fault,
        }
    };
    What::ALL.into_iter().map(standing).collect()
}

#[cfg(test)]
mod tests;
