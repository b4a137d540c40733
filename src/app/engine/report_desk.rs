//! Reports that come by HTTP made into orders to the engine: placed in the city and judged to be about a
//! home by the very rules of an import of events (`ingest::register`), sealed with the city's key, given a
//! code for the reporter. Used by the server's threads, one request at a time. Never keeps anything in the
//! clear, and never repeats what it was told in a fault.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;

use super::clock::Clock;
use crate::access::{self, sha256_hex};
use crate::app::tables;
use crate::base::{EventId, IncidentId, KeyedHash, Timestamp};
use crate::ingest::{RegisterCity, RegisterKind, RegisterMapping, RegisterOptions, Registers};
use crate::model::dispatch::{Ask, Order, Reported, ShutText};
use crate::model::ports::{NotReported, ReportAsked, ReportDoor, ReportMade, RowFault};
use crate::model::query::AreaIndex;
use crate::model::{Actor, Entity, Event, Ground, KindTable};
use crate::space::Datum;
use crate::store::{FoundKey, Vault};

/// Most letters of a report's own id, title, text, address, reporter and telephone.
const LONGEST: [(&str, usize); 6] = [
    ("id", 100),
    ("title", 80),
    ("text", 800),
    ("address", 200),
    ("reporter", 60),
    ("phone", 40),
];
/// A report from later than this is no report; clocks differ.
const AHEAD_MS: i64 = 10 * 60_000;
/// Older than this nothing is reported any more.
const BEHIND_MS: i64 = 366 * 86_400_000;
/// The data set under which an import would know them.
const DATASET: &str = "reports";

/// The desk of one city.
pub(super) struct ReportDesk {
    city: PathBuf,
    ground: Arc<Ground>,
    kinds: Arc<KindTable>,
    areas: AreaIndex,
    vault: Option<Vault>,
    clock: Clock,
}

impl ReportDesk {
    /// # Errors
    /// When a key was named and cannot be used.
    pub(super) fn new(
        (city, key_file): (&Path, Option<&Path>),
        ground: &Arc<Ground>,
        kinds: &Arc<KindTable>,
        clock: &Clock,
    ) -> anyhow::Result<Self> {
        let vault = match Vault::find(city, key_file)? {
            FoundKey::Here(vault) => Some(vault),
            FoundKey::Missing | FoundKey::Unreadable(_) => None,
        };
        Ok(Self {
            city: city.to_owned(),
            areas: AreaIndex::of(ground),
            ground: ground.clone(),
            kinds: kinds.clone(),
            vault,
            clock: clock.clone(),
        })
    }

    /// The events as an import would have them, by id, and what it says of rows that lead to none.
    fn placed(
        &self,
        asked: &[ReportAsked],
        vault: &Vault,
    ) -> anyhow::Result<(BTreeMap<EventId, Event>, BTreeMap<usize, String>)> {
        let (labels, matching) = (tables::labels(&self.city)?, tables::matching(&self.city)?);
        let clearance = access::for_keeping();
        let city = RegisterCity {
            ground: &self.ground,
            hash: Some(vault),
            clearance: &clearance,
            kinds: &self.kinds,
            labels: &labels,
            matching: &matching,
            decided: &HashSet::new(),
        };
        let offset = self.ground.info.utc_offset_minutes;
        let options = RegisterOptions {
            kind: Some(RegisterKind::Events),
            mapping: RegisterMapping::default(),
            crs: None,
            datum: Datum::Wgs84,
            today: self.clock.now().local(offset, "%Y-%m-%d"),
            keep_missing: true,
            list_unmatched: true,
        };
        let mut registers = Registers::new(city, options);
        let table = table(asked, offset)?;
        registers.add_bytes(Path::new("reports.csv"), &table, DATASET)?;
        let run = registers.finish(&mut |_| Ok(()))?;
        let entities = run
            .files
            .into_iter()
            .flat_map(|file| file.converted.entities);
        let events = entities.filter_map(|entity| match entity {
            Entity::Event(event) => Some((event.id, *event)),
            _ => None,
        });
        let events: BTreeMap<_, _> = events.collect();
        let rows = run.unmatched.into_iter();
        // Its first row is the heads of the columns.
        let reasons = rows.filter_map(|one| {
            let row = usize::try_from(one.row).ok()?.checked_sub(2)?;
            Some((row, format!("{} ({})", one.outcome, one.reasons)))
        });
        Ok((events, reasons.collect()))
    }

    fn make_one(
        &self,
        (by, sender): (&Actor, &str),
        asked: &ReportAsked,
        event: &Event,
        vault: &Vault,
    ) -> Result<ReportMade, String> {
        let incident = IncidentId::from_source("report", &format!("{sender}\n{}", asked.id));
        let code = vault.keyed_hash("report code", &incident.to_string());
        let code: String = code[..16]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let shut = |text: &str| ShutText::seal(text, vault).map_err(|fault| fault.to_string());
        let is_home = event.is_about_a_home();
        let house = event.building.and_then(|id| self.ground.buildings.get(&id));
        let at = event.position.map(|[x, y, _]| [x, y]);
        let of_place = || at.and_then(|at| self.areas.at(&self.ground, at));
        let area = event.area.or_else(|| house.and_then(|one| one.area));
        let area = area.or_else(of_place);
        let report = Reported {
            kind: asked.kind,
            group: asked.group,
            building: event.building.filter(|_| !is_home),
            area,
            reported_at: asked.reported_at,
            due_at: asked.due_at,
            title: shut(&asked.title)?,
            words: words(asked).map(|words| shut(&words)).transpose()?,
            token_sha256: Some(sha256_hex(code.as_bytes())),
        };
        let ask = Ask::Report {
            report: Box::new(report),
        };
        let by = by.clone();
        Ok(ReportMade {
            id: asked.id.clone(),
            order: Order { incident, by, ask },
            code,
            area,
        })
    }
}

impl ReportDoor for ReportDesk {
    fn make(
        &self,
        by: &Actor,
        sender: &str,
        asked: &[ReportAsked],
    ) -> Result<Vec<ReportMade>, NotReported> {
        let vault = self.vault.as_ref().ok_or(NotReported::Locked)?;
        let now = self.clock.now();
        let checked = asked.iter().enumerate();
        let mut faults: Vec<RowFault> = checked
            .filter_map(|(row, one)| check(one, now).err().map(|told| fault(row, told)))
            .collect();
        for (row, one) in asked.iter().enumerate() {
            if asked[..row].iter().any(|before| before.id == one.id) {
                faults.push(fault(
                    row,
                    "id: another one of this request has it".to_owned(),
                ));
            }
        }
        if !faults.is_empty() {
            return Err(NotReported::Faulty(faults));
        }
        let placed = self.placed(asked, vault);
        let (events, reasons) =
            placed.map_err(|fault| NotReported::Failed(format!("{fault:#}")))?;
        let mut made = Vec::with_capacity(asked.len());
        for (row, one) in asked.iter().enumerate() {
            let id = EventId::from_source(DATASET, &key_of(row));
            let done = match events.get(&id) {
                Some(event) => self.make_one((by, sender), one, event, vault),
                None => Err(nowhere(reasons.get(&row))),
            };
            match done {
                Ok(one) => made.push(one),
                Err(told) => faults.push(fault(row, told)),
            }
        }
        match faults.is_empty() {
            true => Ok(made),
            false => Err(NotReported::Faulty(faults)),
        }
    }
}

fn fault(row: usize, detail: String) -> RowFault {
    RowFault {
        row: row + 1,
        detail,
    }
}

fn nowhere(reason: Option<&String>) -> String {
    let told = reason.map_or(String::new(), |reason| format!(" {reason}"));
    format!(
        "address: it leads to no place of this city{told}; give the address as the registers write it, or \
         longitude and latitude (WGS 84)"
    )
}

/// What is wrong with a report by itself. Never with what stands in it.
fn check(asked: &ReportAsked, now: Timestamp) -> Result<(), String> {
    let texts = [
        Some(&asked.id),
        Some(&asked.title),
        asked.text.as_ref(),
        asked.address.as_ref(),
        asked.reporter.as_ref(),
        asked.phone.as_ref(),
    ];
    for ((name, longest), text) in LONGEST.into_iter().zip(texts) {
        let Some(text) = text else { continue };
        let is_hidden = |one: char| crate::base::is_unseen(one) && !(name == "text" && one == '\n');
        let count = text.trim().chars().count();
        if !(1..=longest).contains(&count) || text.chars().any(is_hidden) {
            return Err(format!(
                "{name}: it has 1 to {longest} visible characters in one line; leave it out where there \
                 is nothing to say"
            ));
        }
    }
    match (asked.longitude, asked.latitude) {
        (Some(longitude), Some(latitude)) => {
            if !((-180.0..=180.0).contains(&longitude) && (-90.0..=90.0).contains(&latitude)) {
                return Err("longitude, latitude: degrees in WGS 84".to_owned());
            }
        }
        (None, None) if asked.address.is_some() => {}
        (None, None) => {
            return Err("address: it, or longitude and latitude, must say where".to_owned());
        }
        _ => return Err("longitude, latitude: give both or neither".to_owned()),
    }
    let earliest = now.plus(-BEHIND_MS);
    if !(earliest..=now.plus(AHEAD_MS)).contains(&asked.reported_at) {
        return Err("reported_at: milliseconds since 1970 within the last year".to_owned());
    }
    match asked.due_at {
        Some(due) if due <= asked.reported_at => {
            Err("due_at: it lies after reported_at".to_owned())
        }
        _ => Ok(()),
    }
}

/// The report in full, with who can be asked.
fn words(asked: &ReportAsked) -> Option<String> {
    let who = [asked.reporter.as_deref(), asked.phone.as_deref()];
    let who: Vec<&str> = who.into_iter().flatten().map(str::trim).collect();
    let who = Some(who.join(" ")).filter(|who| !who.is_empty());
    let text = asked.text.as_deref().map(|text| text.trim().to_owned());
    let parts: Vec<String> = [text, who].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join("\n"))
}

/// Under which key a row of a request stands in the table: ids of senders are theirs. It is one that
/// the reader of registers takes for a mere number.
fn key_of(row: usize) -> String {
    format!("row{row}")
}

/// As a register of events has them.
fn table(asked: &[ReportAsked], offset_minutes: i32) -> anyhow::Result<Vec<u8>> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record([
        "事件编号",
        "title",
        "address",
        "lon",
        "lat",
        "reported_at",
        "reporter",
    ])?;
    let degrees = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
    for (row, one) in asked.iter().enumerate() {
        let at = one.reported_at.local(offset_minutes, "%Y-%m-%d %H:%M:%S");
        table.write_record([
            key_of(row).as_str(),
            &one.title,
            one.address.as_deref().unwrap_or_default(),
            &degrees(one.longitude),
            &degrees(one.latitude),
            &at,
            one.reporter.as_deref().unwrap_or_default(),
        ])?;
    }
    table.into_inner().context("a table in memory")
}
