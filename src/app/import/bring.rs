//! What the files of an import come to: read and converted one by one, in one system of coordinates.
//! Used by `import`. Never writes a city.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, bail};
use indicatif::ProgressBar;

use super::city::{self, City};
use super::{Import, options};
use crate::access;
use crate::app::clock;
use crate::base::{FileFault, ImportId, Timestamp, Warnings};
use crate::ingest::{
    self, Converted, Format, Imported, Mapping, Origin, ReadOptions, Statements, Target,
};
use crate::model::ImportRecord;
use crate::space::{Bounds2, Crs, Datum};

/// What the files of a command came to.
pub(super) struct Brings {
    /// The city's CRS.
    pub(super) crs: Crs,
    pub(super) files: Vec<(ImportRecord, Converted)>,
    /// What registers of residents no longer say.
    pub(super) statements: BTreeMap<String, Statements>,
}

impl Import {
    fn read_options(&self) -> anyhow::Result<ReadOptions> {
        Ok(ReadOptions {
            format: match self.format {
                Some(options::As::Format(format)) => Some(format),
                _ => None,
            },
            mapping: self
                .mapping
                .as_deref()
                .map_or(Ok(Mapping::default()), read_mapping)?,
            datum: self.datum,
            layer: self.layer.clone(),
            skip_invalid: self.skip_invalid,
            placement: self.placing.placement(self.name.as_ref()),
            terrain_tolerance_m: self.placing.terrain_tolerance,
        })
    }

    /// The city to import into; `None` of one yet to be made, whose CRS the first file suggests.
    fn target(&self, city: &City) -> anyhow::Result<Option<Target>> {
        let Some(ground) = city.ground() else {
            return Ok(None);
        };
        let crs = Crs::parse(&ground.info.crs)
            .with_context(|| format!("the city's CRS cannot be used: {}", self.into.display()))?;
        Ok(Some(Target {
            crs,
            extent: Some(city::extent(ground)),
        }))
    }

    /// Reads the files, parts of a base map.
    pub(super) fn brings(&self, city: &City, bar: &ProgressBar) -> anyhow::Result<Brings> {
        if self.unmatched.is_some() {
            bail!("--unmatched is for registers, and none of the files is one");
        }
        let (crs, files) = self.bring(city, bar)?;
        Ok(Brings {
            crs,
            files,
            statements: BTreeMap::new(),
        })
    }

    /// Reads and converts the files, and tells the city's CRS.
    fn bring(
        &self,
        city: &City,
        bar: &ProgressBar,
    ) -> anyhow::Result<(Crs, Vec<(ImportRecord, Converted)>)> {
        let options = self.read_options()?;
        let mut target = self.target(city)?;
        let mut files = Vec::with_capacity(self.files.len());
        let (time, clearance) = (clock::now(), access::for_keeping());
        for path in &self.files {
            bar.set_message(format!("reading {}", path.display()));
            let origin = Origin {
                dataset: self.dataset(path),
                import: ImportId::from_bits(0),
                crs: self.crs.clone(),
                datum: self.datum.unwrap_or(Datum::Wgs84),
            };
            let imported = ingest::import_file(path, &options, target.as_ref(), &origin)?;
            let crs = imported.crs.clone();
            let (record, mut converted) = self.provenance(path, imported, time);
            if let Some(ground) = city.ground() {
                let entities = &mut converted.entities;
                let notes = ingest::mask_people_in_base_map(ground, entities, &clearance);
                converted.notes.extend(notes);
            }
            // The files of one import make one city: the next must fit to this one.
            let extent = target.and_then(|target| target.extent);
            let extent = extent.unwrap_or(Bounds2::empty()).union(&converted.extent);
            target = Some(Target {
                crs,
                extent: Some(extent),
            });
            files.push((record, converted));
            bar.inc(1);
        }
        let Some(target) = target else {
            bail!("no file is named")
        };
        let formats: Vec<Format> = files.iter().map(|(_, one)| one.format).collect();
        self.placing.check(&formats)?;
        Ok((target.crs, files))
    }

    /// What was read of a file, with the record of where it came from.
    pub(super) fn provenance(
        &self,
        path: &Path,
        imported: Imported,
        time: Timestamp,
    ) -> (ImportRecord, Converted) {
        let Imported {
            mut converted,
            sha256,
            import,
            ..
        } = imported;
        let record = ImportRecord {
            id: import,
            action: "import".to_owned(),
            file: self.shown_file_name(path),
            sha256,
            time,
            crs: converted.source_crs.name(),
            attribution: self.attribution(&mut converted),
            warnings: Warnings::default(),
        };
        (record, converted)
    }

    /// Whom to name: what the file demands goes before what the caller states, and that before
    /// the file's title.
    fn attribution(&self, file: &mut Converted) -> Option<String> {
        if let (Some(demanded), Some(stated)) = (&file.attribution, &self.attribution)
            && demanded != stated
        {
            file.notes.push(format!(
                "--attribution is not used: the file itself says {demanded:?}"
            ));
        }
        let stated = file.attribution.as_ref().or(self.attribution.as_ref());
        stated.or(file.maker.as_ref()).cloned()
    }
}

fn read_mapping(path: &Path) -> anyhow::Result<Mapping> {
    let text = std::fs::read_to_string(path)
        .map_err(FileFault::unread)
        .with_context(|| format!("the mapping cannot be read: {}", path.display()))?;
    Mapping::parse(&text).with_context(|| format!("the mapping cannot be used: {}", path.display()))
}
