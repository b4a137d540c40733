//! `pingjiang audit`: who opened personal values, of whom, and why; to who may not know that, when
//! and how many. [`super::audit`] puts on record what is listed here. Never holds a personal value,
//! and never writes.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;
use serde::Serialize;

use super::query::{count_cell, key_of};
use super::tables::{self, What};
use crate::base::{PersonalField, SMALL_COUNT, Timestamp, counted, is_unseen};
use crate::model::Reveal;
use crate::model::ports::Archive;
use crate::model::query::Suppressed;
use crate::store::{CityFile, SqliteArchive};

/// List who opened personal values, of whom, and why.
///
/// Without a role that reads the audit (docs/roles.md) it tells times and counts, and no ids.
#[derive(Debug, Args)]
pub struct Audit {
    /// The city.
    #[arg(value_name = "CITY.gpkg")]
    city: PathBuf,
    /// Role in which you ask.
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
    /// Only from this time on, for example 2026-05-01T00:00:00+08:00.
    #[arg(long, value_name = "TIME")]
    from: Option<Timestamp>,
    /// Only up to this time.
    #[arg(long, value_name = "TIME")]
    to: Option<Timestamp>,
    /// Only of this record, for example res-03f2a9c1d4e5b677; for roles that read the audit.
    #[arg(long, value_name = "ID")]
    of: Option<String>,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report<T> {
    file: String,
    /// The role that reads the audit; `None` where ids, names and notes are kept back.
    role: Option<String>,
    reveals: Vec<T>,
}

/// What everybody may know of a reveal.
#[derive(Serialize)]
struct Outline<'a> {
    at: Timestamp,
    role: &'a str,
    purpose: &'a str,
    /// Records of which anything was opened, in steps; `None` of few, whom a list of a label would
    /// count.
    records: Suppressed,
    /// Records by kind of value, in the same way.
    fields: BTreeMap<&'static str, Suppressed>,
    /// Whether a list was taken away.
    is_export: bool,
    /// Whether something was decided.
    is_decision: bool,
}

impl<'a> Outline<'a> {
    fn of(reveal: &'a Reveal) -> Self {
        let mut fields = BTreeMap::<_, usize>::new();
        for field in reveal.what.values().flatten() {
            *fields.entry(PersonalField::as_str(*field)).or_default() += 1;
        }
        // In steps: beside what was told of a house before, exact ones would tell how many live there.
        let told = |count: usize| Suppressed::in_steps(count, SMALL_COUNT);
        let fields = fields
            .into_iter()
            .map(|(field, count)| (field, told(count)));
        Self {
            at: reveal.at,
            role: &reveal.role,
            purpose: &reveal.purpose,
            records: told(reveal.what.len()),
            fields: fields.collect(),
            is_export: reveal.export.is_some(),
            is_decision: reveal.decided.is_some(),
        }
    }
}

impl Audit {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<()> {
        let file = CityFile::open(&self.city, None)?;
        let role = self.role_that_reads()?;
        let reads_all = role.is_some();
        let reveals = self.reveals(&file, reads_all)?;
        let place = self.city.display().to_string();
        if self.json {
            let told = match reads_all {
                true => serde_json::to_string_pretty(&Report {
                    file: place,
                    role,
                    reveals,
                }),
                false => serde_json::to_string_pretty(&Report {
                    file: place,
                    role,
                    reveals: reveals.iter().map(Outline::of).collect(),
                }),
            };
            println!("{}", told?);
            return Ok(());
        }
        if reveals.is_empty() {
            println!("{}", self.why_empty());
        }
        let offset = file.info().utc_offset_minutes;
        for reveal in &reveals {
            match reads_all {
                true => print_reveal(reveal, offset),
                false => print_outline(&Outline::of(reveal), offset),
            }
        }
        if !reads_all && !reveals.is_empty() {
            println!(
                "who looked, at whom and what for is told to roles that read the audit (--role)"
            );
        }
        Ok(())
    }

    fn why_empty(&self) -> &'static str {
        match SqliteArchive::exists(&SqliteArchive::folder_of(&self.city)) {
            true => "nothing personal was opened, as far as the log tells",
            false => "there is no log beside the city yet: nothing was put on record there",
        }
    }

    /// The id of the role that asks and reads the audit; `None` where none is named.
    fn role_that_reads(&self) -> anyhow::Result<Option<String>> {
        let Some(asked) = &self.role else {
            return Ok(None);
        };
        let roles = tables::roles(&self.city)?;
        let role = roles.role(asked)?;
        if role.audits {
            return Ok(Some(role.id.clone()));
        }
        let readers = roles.roles().iter().filter(|one| one.audits);
        let readers: Vec<_> = readers.map(|one| one.id.as_str()).collect();
        if readers.is_empty() {
            bail!(
                "no role reads the audit; give one of {} the line audits = true (docs/roles.md)",
                What::Roles.path(&self.city).display()
            );
        }
        bail!(
            "role {} does not read the audit; {} do",
            role.id,
            readers.join(", ")
        );
    }

    /// The reveals that are asked for, oldest first.
    fn reveals(&self, file: &CityFile, reads_all: bool) -> anyhow::Result<Vec<Reveal>> {
        let asked = self.of.as_deref().map(key_of).transpose()?;
        if asked.is_some() && !reads_all {
            bail!(
                "whose values were opened is told to roles that read the audit; name one with --role"
            );
        }
        let folder = SqliteArchive::folder_of(&self.city);
        let mut reveals = Vec::new();
        if folder.exists() && !folder.is_dir() {
            bail!(
                "the log cannot be read: there is a file where the city's archive belongs: {}",
                folder.display()
            );
        }
        if SqliteArchive::exists(&folder) {
            let [first, last] = [i64::MIN, i64::MAX].map(Timestamp::from_millis);
            reveals = SqliteArchive::open_read_only(&folder)?.reveals(first, last)?;
        }
        if let Some(key) = asked {
            let id = key.id_text();
            reveals.retain(|reveal| reveal.what.contains_key(&id));
            let is_known = || -> anyhow::Result<bool> {
                let ground = file
                    .load_ground()
                    .context("whether there is such a record")?;
                Ok(ground.view(key).is_some())
            };
            if reveals.is_empty() && !is_known()? {
                bail!(
                    "neither the city nor its log knows a {} {id}",
                    key.kind.as_str()
                );
            }
        }
        let is_asked = |at: Timestamp| {
            self.from.is_none_or(|from| from <= at) && self.to.is_none_or(|to| at <= to)
        };
        reveals.retain(|reveal| is_asked(reveal.at));
        Ok(reveals)
    }
}

fn print_outline(outline: &Outline<'_>, utc_offset_minutes: i32) {
    let at = outline.at.local(utc_offset_minutes, "%Y-%m-%d %H:%M:%S");
    let did = match (outline.is_export, outline.is_decision) {
        (true, _) => "took away a list",
        (_, true) => "decided",
        _ => "opened",
    };
    let fields = outline.fields.iter();
    let fields: Vec<_> = fields
        .map(|(field, count)| match count {
            Suppressed::KeptBack => (*field).to_owned(),
            told => format!("{field} {}", count_cell(told)),
        })
        .collect();
    let records = match outline.records {
        Suppressed::Told(count) => counted(count, "record", "records"),
        Suppressed::AtLeast(count) => format!("{count} or more records"),
        Suppressed::KeptBack => format!("fewer than {SMALL_COUNT} records"),
    };
    let [role, purpose] = [outline.role, outline.purpose].map(seen);
    println!("{at}  ({role}) {did} for {purpose}: {records}");
    if !fields.is_empty() {
        println!("    {}", fields.join(", "));
    }
}

/// A text with signs that cannot be seen told by their numbers.
fn seen(text: &str) -> String {
    let told = text.chars().map(|one| match is_unseen(one) {
        true => one.escape_unicode().to_string(),
        false => one.to_string(),
    });
    told.collect()
}

fn print_reveal(reveal: &Reveal, utc_offset_minutes: i32) {
    let at = reveal.at.local(utc_offset_minutes, "%Y-%m-%d %H:%M:%S");
    let did = match (&reveal.export, &reveal.decided) {
        (Some(list), _) => format!("took away the list {list:?}"),
        (None, Some(field)) => format!("decided {field}"),
        (None, None) => "opened".to_owned(),
    };
    // Reveals come over the line, too: what they say is told in one line, whatever it is.
    let [by, role, purpose, note] =
        [&reveal.by.0, &reveal.role, &reveal.purpose, &reveal.note].map(|text| seen(text));
    println!("{at}  {by} ({role}) {did} for {purpose}: {note}");
    let mut by_fields = BTreeMap::<String, Vec<&str>>::new();
    for (id, fields) in &reveal.what {
        let fields: Vec<_> = fields.iter().map(|field| field.as_str()).collect();
        by_fields.entry(fields.join(", ")).or_default().push(id);
    }
    const IDS_MAX: usize = 4;
    for (fields, ids) in by_fields {
        let more = match ids.len().saturating_sub(IDS_MAX) {
            0 => String::new(),
            more => format!(" and {more} more (--json lists all)"),
        };
        let shown = ids[..ids.len().min(IDS_MAX)].join(" ");
        println!("    {fields}: {shown}{more}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_told_by_its_number() {
        assert_eq!(seen("值班员 Li, ring 3"), "值班员 Li, ring 3");
        assert_eq!(seen("a\nb\u{1b}[2K\u{202e}"), "a\\u{a}b\\u{1b}[2K\\u{202e}");
    }
}
