//! What an import did, for people and for programs.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use crate::base::{ImportId, Warning, Warnings};
use crate::ingest::{Converted, Unmatched, UnreadColumn};
use crate::model::{Entity, EntityRef, Ground, ImportRecord, changed_fields};
use crate::store::WriteSummary;

use crate::app::tiles::Refreshed;

use super::quality_report::QualityReport;
use super::version_report::VersionReport;

/// So many records are named of those that were changed, and of those that were removed.
const NAMED_MAX: usize = 5;

/// A whole import.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    pub(super) city: String,
    pub(super) created: bool,
    pub(super) dry_run: bool,
    pub(super) crs: String,
    /// What the city file says was written; `None` when nothing was.
    pub(super) written: Option<Written>,
    /// What that cost of the baked tiles.
    pub(super) tiles: Option<Refreshed>,
    pub(super) files: Vec<FileReport>,
    /// What a newer version does to its data sets and to what is linked to them.
    pub(super) version: VersionReport,
    /// How good the buildings of the files are; `None` without buildings.
    pub(super) quality: Option<QualityReport>,
    /// Every row of a register of which something is noted, and which leads nowhere.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) rows: Vec<RowNote>,
}

/// A row of a register of which something is noted; it carries no value.
#[derive(Debug, Serialize)]
pub(super) struct RowNote {
    file: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    sheet: String,
    row: u64,
    register: &'static str,
    outcome: &'static str,
    reasons: String,
}

impl From<Unmatched> for RowNote {
    fn from(one: Unmatched) -> Self {
        Self {
            file: one.file,
            sheet: one.sheet,
            row: one.row,
            register: one.register,
            outcome: one.outcome,
            reasons: one.reasons,
        }
    }
}

/// What one transaction did.
#[derive(Debug, Serialize)]
pub(super) struct Written {
    pub(super) version: u64,
    added: u64,
    updated: u64,
    removed: u64,
    unchanged: u64,
    /// Whether unused parts of the file may still hold in clear what is sealed by now.
    remains: bool,
}

impl Written {
    /// What is to be done about it.
    pub(super) fn note(&self, city: &str) -> Option<String> {
        self.remains.then(|| {
            format!(
                "{city}: note: events about homes are sealed by now, but unused parts of the file may still hold them in clear, because another program reads the city or the disk has no room for it twice; the next write with room clears them\n"
            )
        })
    }
}

impl From<WriteSummary> for Written {
    fn from(summary: WriteSummary) -> Self {
        let WriteSummary {
            added,
            updated,
            removed,
            unchanged,
            version,
            remains,
        } = summary;
        Self {
            version,
            added,
            updated,
            removed,
            unchanged,
            remains,
        }
    }
}

/// One file of an import.
#[derive(Debug, Serialize)]
pub(super) struct FileReport {
    /// The import's id, for `--undo`.
    id: ImportId,
    file: String,
    sha256: String,
    format: &'static str,
    dataset: String,
    crs: String,
    /// Whom every picture must name.
    attribution: Option<String>,
    /// By kind of entity.
    counts: BTreeMap<&'static str, Counts>,
    height_origins: BTreeMap<&'static str, usize>,
    repairs: BTreeMap<String, usize>,
    notes: Vec<String>,
    /// Columns of a register that nothing was read from.
    unread_columns: Vec<UnreadColumn>,
    warning_count: u64,
    warnings: Vec<Warning>,
}

#[derive(Debug, Default, Serialize)]
struct Counts {
    added: usize,
    updated: usize,
    unchanged: usize,
    /// Of the data set, and not in its files; counted with the first of them.
    removed: usize,
    /// In how many of the updated records each field differs.
    changed_fields: BTreeMap<&'static str, usize>,
    /// The first few that differ.
    updated_records: Vec<String>,
    /// The first few that go.
    removed_records: Vec<String>,
}

impl FileReport {
    pub(super) fn new(
        file: String,
        record: &ImportRecord,
        dataset: String,
        from: &Converted,
    ) -> Self {
        let origins = from.height_origins.iter();
        let warnings: &Warnings = &from.warnings;
        Self {
            id: record.id,
            file,
            sha256: record.sha256.clone(),
            format: from.format.as_str(),
            dataset,
            crs: from.source_crs.name(),
            attribution: record.attribution.clone(),
            counts: BTreeMap::new(),
            height_origins: origins
                .map(|(origin, count)| (origin.as_str(), *count))
                .collect(),
            repairs: from.repairs.clone(),
            notes: from.notes.clone(),
            unread_columns: from.unread.clone(),
            warning_count: warnings.count(),
            warnings: warnings.list().to_vec(),
        }
    }
}

/// What is new, what differs from the city and what is in it already, by the file it came from and by
/// kind.
#[derive(Debug, Default)]
pub(super) struct Counted(BTreeMap<ImportId, BTreeMap<&'static str, Counts>>);

impl Counted {
    /// Counts records.
    pub(super) fn count(&mut self, entities: &[Entity], ground: Option<&Ground>) {
        for entity in entities {
            let file = self.0.entry(entity.source().import).or_default();
            let counts = file.entry(entity.key().kind.as_str()).or_default();
            let known = ground.and_then(|ground| ground.get(entity.key()));
            counts.tell(known.as_ref(), entity);
        }
    }
}

impl Counts {
    /// Counts one record of a file; `known` is what the city has of it.
    fn tell(&mut self, known: Option<&Entity>, entity: &Entity) {
        let Some(known) = known else {
            self.added += 1;
            return;
        };
        let fields = changed_fields(known, entity);
        if fields.is_empty() {
            self.unchanged += 1;
            return;
        }
        self.updated += 1;
        for field in fields {
            *self.changed_fields.entry(field).or_default() += 1;
        }
        if self.updated_records.len() < NAMED_MAX {
            self.updated_records.push(entity.label());
        }
    }
}

impl Report {
    /// Prints it, as one JSON document or for people.
    pub(super) fn print(&self, as_json: bool) -> anyhow::Result<()> {
        if as_json {
            println!("{}", serde_json::to_string_pretty(self)?);
        } else {
            print!("{self}");
        }
        Ok(())
    }

    /// Tells with each file what was counted of it; records of no file are nobody's.
    pub(super) fn tell_counts(&mut self, mut counted: Counted) {
        for file in &mut self.files {
            file.counts = counted.0.remove(&file.id).unwrap_or_default();
        }
    }

    /// Counts what goes, with the first file of its data set.
    pub(super) fn count_removed(&mut self, removed: &[EntityRef], ground: Option<&Ground>) {
        let gone = removed.iter().filter_map(|key| ground?.get(*key));
        for entity in gone {
            let dataset = &entity.source().dataset;
            let file = self.files.iter_mut().find(|file| file.dataset == *dataset);
            let Some(file) = file else { continue };
            let counts = file.counts.entry(entity.key().kind.as_str()).or_default();
            counts.removed += 1;
            if counts.removed_records.len() < NAMED_MAX {
                counts.removed_records.push(entity.label());
            }
        }
    }

    /// The data set of the file with this id.
    pub(super) fn dataset_of(&self, import: ImportId) -> Option<&str> {
        let file = self.files.iter().find(|file| file.id == import)?;
        Some(&file.dataset)
    }

    /// What is wrong with each file, in short.
    pub(super) fn faults(&self) -> String {
        let faults = self.files.iter().map(|file| {
            let FileReport {
                file,
                warning_count,
                warnings,
                ..
            } = file;
            // What was found last is nearest to why nothing is left.
            match warnings.last() {
                None => format!("{file} holds nothing"),
                Some(last) => {
                    let place = last.places.first().map_or("", String::as_str);
                    let more = match warning_count {
                        1 => String::new(),
                        count => format!(" (one of {count} warnings)"),
                    };
                    format!("{file}: {place}: {}{more}", last.reason)
                }
            }
        });
        faults.collect::<Vec<_>>().join("; ")
    }

    /// How often something was skipped or mended.
    pub(super) fn warnings(&self) -> u64 {
        self.files.iter().map(|file| file.warning_count).sum()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for file in &self.files {
            file.fmt_into(f, &self.crs)?;
        }
        self.version.fmt_into(f)?;
        if let Some(quality) = &self.quality {
            write!(f, "{quality}")?;
        }
        if let Some(tiles) = &self.tiles {
            write!(f, "{tiles}")?;
        }
        let made = if self.created { "new city" } else { "city" };
        match &self.written {
            Some(written) => {
                let Written {
                    version,
                    added,
                    updated,
                    removed,
                    unchanged,
                    ..
                } = written;
                writeln!(
                    f,
                    "{}: {made} at version {version}, {}: {added} added, {updated} updated, {removed} removed, {unchanged} unchanged",
                    self.city, self.crs
                )?;
                f.write_str(&written.note(&self.city).unwrap_or_default())
            }
            None if self.dry_run => writeln!(f, "{}: nothing written (dry run)", self.city),
            None => writeln!(f, "{}: nothing written", self.city),
        }
    }
}

impl Counts {
    fn fmt_into(&self, f: &mut fmt::Formatter<'_>, kind: &str) -> fmt::Result {
        let Self {
            added,
            updated,
            unchanged,
            removed,
            ..
        } = self;
        writeln!(
            f,
            "  {kind:<12} {added} added, {updated} updated, {removed} removed, {unchanged} unchanged"
        )?;
        if !self.changed_fields.is_empty() {
            let fields = self.changed_fields.iter();
            let fields: Vec<_> = fields
                .map(|(field, count)| format!("{field} {count}"))
                .collect();
            writeln!(f, "    changed      {}", fields.join(", "))?;
        }
        for (word, count, names) in [
            ("updated", *updated, &self.updated_records),
            ("removed", *removed, &self.removed_records),
        ] {
            if !names.is_empty() {
                let more = if count > names.len() { ", …" } else { "" };
                writeln!(f, "    {word:<12} {}{more}", names.join(", "))?;
            }
        }
        Ok(())
    }
}

impl FileReport {
    /// Names every column that nothing was read from, in both languages: who keeps a register may read
    /// one of them.
    fn fmt_unread(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.unread_columns.is_empty() {
            return Ok(());
        }
        let count = self.unread_columns.len();
        let columns = if count == 1 { "column" } else { "columns" };
        let named = self.unread_columns.iter().map(|one| {
            let UnreadColumn {
                sheet,
                column,
                filled,
            } = one;
            let sheet = sheet.as_ref().map(|sheet| format!(" ({sheet})"));
            format!("{column:?}{} {filled}", sheet.unwrap_or_default())
        });
        writeln!(
            f,
            "  not read     {count} {columns}, with how many filled cells (--map says what one is); 未读取 {count} 列及其有值格数（用 --map 指明列的含义）: {}",
            named.collect::<Vec<_>>().join(", ")
        )
    }

    fn fmt_into(&self, f: &mut fmt::Formatter<'_>, city_crs: &str) -> fmt::Result {
        writeln!(
            f,
            "{}: {}, {} → {city_crs}, data set {:?}, {}",
            self.file, self.format, self.crs, self.dataset, self.id
        )?;
        for (kind, counts) in &self.counts {
            counts.fmt_into(f, kind)?;
        }
        if let Some(attribution) = &self.attribution {
            writeln!(f, "  attribution  {attribution}")?;
        }
        if !self.height_origins.is_empty() {
            let origins = self
                .height_origins
                .iter()
                .map(|(origin, count)| format!("{count} {origin}"));
            writeln!(
                f,
                "  heights      {}",
                origins.collect::<Vec<_>>().join(", ")
            )?;
        }
        for (repair, count) in &self.repairs {
            writeln!(f, "  repaired     {count} × {repair}")?;
        }
        for note in &self.notes {
            writeln!(f, "  note         {note}")?;
        }
        self.fmt_unread(f)?;
        for warning in &self.warnings {
            let places = warning.places.join(", ");
            let more = if warning.count > warning.places.len() as u64 {
                ", …"
            } else {
                ""
            };
            writeln!(
                f,
                "  warning      {} × {} ({places}{more})",
                warning.count, warning.reason
            )?;
        }
        Ok(())
    }
}
