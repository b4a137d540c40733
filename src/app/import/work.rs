//! What the files of an import come to before it is written: records, what goes with a newer version,
//! the report, and whether it may be written at all. Used by `import`. Never writes a city.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::Import;
use super::bring::Brings;
use super::moved_model;
use super::quality_report::QualityReport;
use super::summary::{Counted, FileReport, Report};
use super::versions::{self, Allowed, Brought, InParts, Missing, NewVersion};
use crate::ingest::{self, Converted, Format};
use crate::model::{Entity, Ground, GroundEdit, ImportRecord};
use crate::space::Crs;

/// What the files come to.
pub(super) struct Work {
    pub(super) crs: Crs,
    pub(super) converted: Vec<Converted>,
    pub(super) report: Report,
    /// Nothing that can be used came.
    pub(super) is_useless: bool,
    /// Why it must not be written.
    pub(super) refusal: anyhow::Result<()>,
    edit: Option<GroundEdit>,
}

impl Work {
    /// What is to be written, once; `None` of a dry run, or where nothing may be.
    pub(super) fn edit(&mut self) -> Option<GroundEdit> {
        let may = !self.report.dry_run && !self.is_useless && self.refusal.is_ok();
        self.edit.take().filter(|_| may)
    }
}

impl Import {
    /// Makes one edit of what the files brought. Records that came in parts were counted already and
    /// are handed on.
    pub(super) fn prepare(
        &self,
        ground: Option<&Ground>,
        brings: Brings,
        (parts, mut counted): (InParts, Counted),
    ) -> Work {
        let Brings {
            crs,
            files,
            statements,
        } = brings;
        let (mut records, mut converted): (Vec<_>, Vec<_>) = files.into_iter().unzip();
        let mut entities = ingest::join(&mut converted);
        let standing = ingest::stand(&mut entities, ground);
        if let Some(first) = converted.first_mut() {
            first.notes.extend(standing);
            first.notes.extend(made_up(&entities));
        }
        let mut plan = self.new_version(ground, &converted, (&entities, &parts));
        plan.note_statements(&statements);
        if let Some(ground) = ground {
            versions::carry(ground, &mut entities, &mut plan);
            self.tell_moved_models(&records, &mut converted, (&entities, ground));
        }
        let mut report = Report {
            city: self.into.display().to_string(),
            created: ground.is_none(),
            dry_run: self.dry_run,
            crs: crs.name(),
            written: None,
            tiles: None,
            files: self.reports(&records, &converted),
            version: (&plan).into(),
            quality: QualityReport::of(&entities, ground),
            rows: Vec::new(),
        };
        // Joining may have noted more.
        for (record, one) in records.iter_mut().zip(&converted) {
            record.warnings = one.warnings.clone();
        }
        counted.count(&entities, ground);
        report.tell_counts(counted);
        report.count_removed(&plan.remove, ground);
        // A data set may become empty, but what neither brings nor takes anything is no version.
        let brings_nothing = parts.count == 0 && !parts.confirms && !has_content(&entities);
        let is_useless = brings_nothing && (report.warnings() > 0 || plan.remove.is_empty());
        Work {
            crs,
            converted,
            is_useless,
            refusal: plan.check(self.allowed()),
            edit: Some(edit(records, entities, plan, &report)),
            report,
        }
    }

    fn tell_moved_models(
        &self,
        records: &[ImportRecord],
        converted: &mut [Converted],
        (entities, ground): (&[Entity], &Ground),
    ) {
        if !self.placing.is_placed() {
            return;
        }
        for (record, one) in records.iter().zip(converted) {
            if one.format == Format::Gltf {
                let notes = moved_model::notes(record.id, entities, ground);
                one.notes.extend(notes);
            }
        }
    }

    fn allowed(&self) -> Allowed {
        Allowed {
            missing: self.missing(),
            moved: self.moved,
        }
    }

    fn missing(&self) -> Missing {
        match (self.keep_missing, self.replace_all) {
            (true, _) => Missing::Keep,
            (false, true) => Missing::RemoveAny,
            (false, false) => Missing::Remove,
        }
    }

    /// What goes with the newer version of the data sets that the city has already.
    fn new_version(
        &self,
        ground: Option<&Ground>,
        converted: &[Converted],
        (entities, parts): (&[Entity], &InParts),
    ) -> NewVersion {
        let Some(ground) = ground else {
            return NewVersion::default();
        };
        let datasets: BTreeSet<String> = self.files.iter().map(|path| self.dataset(path)).collect();
        let files = self.files.iter().zip(converted);
        let faulty: HashSet<(String, String)> = files
            .flat_map(|(path, one)| {
                let dataset = self.dataset(path);
                let keys = one.faulty.iter();
                keys.map(move |key| (dataset.clone(), key.clone()))
            })
            .collect();
        let mut nameless = BTreeMap::<String, usize>::new();
        for (path, one) in self
            .files
            .iter()
            .zip(converted)
            .filter(|(_, one)| one.nameless > 0)
        {
            *nameless.entry(self.dataset(path)).or_default() += one.nameless;
        }
        let brought = Brought {
            datasets: &datasets,
            entities,
            parts,
            faulty: &faulty,
            nameless: &nameless,
        };
        versions::plan(ground, &brought, self.missing())
    }

    fn reports(&self, records: &[ImportRecord], converted: &[Converted]) -> Vec<FileReport> {
        let files = self.files.iter().zip(converted).zip(records);
        files
            .map(|((path, one), record)| {
                let dataset = self.dataset(path);
                FileReport::new(path.display().to_string(), record, dataset, one)
            })
            .collect()
    }
}

/// The edit of an import. Removals count for the first file of an edit, so a file of a data set
/// that loses something stands first: its id undoes the run.
fn edit(
    mut records: Vec<ImportRecord>,
    mut put: Vec<Entity>,
    plan: NewVersion,
    report: &Report,
) -> GroundEdit {
    let loses = |record: &ImportRecord| {
        let dataset = report.dataset_of(record.id);
        dataset
            .and_then(|name| plan.datasets.get(name))
            .is_some_and(|one| one.removed > 0)
    };
    records.sort_by_key(|record| !loses(record));
    put.extend(plan.mended);
    GroundEdit {
        records,
        put,
        remove: plan.remove,
    }
}

/// What generators made up stays marked: an export and an import do not make it real.
fn made_up(entities: &[Entity]) -> Option<String> {
    let count = entities.iter().filter(|one| one.source().is_synthetic());
    let count = count.count();
    (count > 0).then(|| {
        format!(
            "{count} records were made up by a generator: every picture of the city will say that \
             it is synthetic"
        )
    })
}

/// Whether there is more than colours and pictures, which are nothing without faces.
fn has_content(entities: &[Entity]) -> bool {
    let is_look = |entity: &Entity| matches!(entity, Entity::Material(_) | Entity::Texture(_));
    !entities.iter().all(is_look)
}
