//! The city into foreign formats: CityJSON 2.0 and its sequences, GeoJSON, FlatGeobuf, glTF 2.0.
//! Used by `app`, which hands over where the bytes go. `select` decides what goes out, `shapes`
//! and `flat` say in which form, one file a format writes it record by record. Each record goes
//! with its passport (`model::passport`), so that an import makes the same record again. What
//! stays behind is counted and told. Never opens a file; never writes anything of a person.
//!
//! To add a format: a variant of [`Format`], a writer, a line in [`write`], a column of
//! `docs/export.md`.

mod attributes;
mod cityjson;
mod error;
mod flat;
mod flatgeobuf;
mod format;
mod geojson;
mod gltf;
mod keys;
mod palette;
mod report;
mod select;
mod shapes;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use crate::model::{EntityKind, Ground};
use crate::space::{Bounds2, Crs};

pub use error::ExportError;
pub use format::Format;
pub use report::{LeftOut, Report};

/// The kinds that can leave the city as a base map, chosen by the caller.
pub const LAYERS: &[EntityKind] = &[
    EntityKind::Area,
    EntityKind::Building,
    EntityKind::Road,
    EntityKind::Water,
    EntityKind::GroundArea,
    EntityKind::Plant,
    EntityKind::Place,
    EntityKind::Object,
    EntityKind::Terrain,
];
/// The kinds that go with the faces that wear them; all that are neither are registries.
pub const LOOKS: &[EntityKind] = &[EntityKind::Material, EntityKind::Texture];

/// What the caller wants.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// The level of detail, for example `2.2`: this one, or the best below it.
    pub lod: Option<String>,
    /// The kinds to write.
    pub layers: BTreeSet<EntityKind>,
    /// Only what touches this box, in the city's CRS.
    pub bbox: Option<Bounds2>,
    /// CRS of a vector format's coordinates; the format's own choice when `None`.
    pub crs: Option<Crs>,
    /// Whether buildings without faces get a body made from their outline.
    pub generated: bool,
    /// Pictures that lie beside the file, by the names that textures have for them, with their
    /// bytes: a `.glb` takes them in, and a `.gltf` names no other, for a picture that is missing
    /// keeps many programs from showing anything. Other formats need none.
    pub pictures: BTreeMap<String, Vec<u8>>,
    /// The day, as `2026-05-01`.
    pub day: String,
}

impl Options {
    /// Everything a format can hold.
    #[must_use]
    pub fn new(day: &str) -> Self {
        Self {
            lod: None,
            layers: LAYERS.iter().copied().collect(),
            bbox: None,
            crs: None,
            generated: false,
            pictures: BTreeMap::new(),
            day: day.to_owned(),
        }
    }
}

/// A city on its way out.
#[derive(Debug, Clone, Copy)]
struct Job<'a> {
    ground: &'a Ground,
    /// The city's CRS.
    crs: &'a Crs,
    options: &'a Options,
}

/// Writes a city.
///
/// # Errors
/// When the writer fails, or the city's CRS or the one asked for cannot be used.
pub fn write(
    ground: &Ground,
    format: Format,
    options: &Options,
    mut out: &mut dyn Write,
) -> Result<Report, ExportError> {
    let crs = Crs::parse(&ground.info.crs)?;
    if options.crs.is_some() && !format.is_flat() {
        return Err(ExportError::Option {
            reason: format!("{} keeps the city's coordinates", format.as_str()),
            remedy: "leave --crs out, or choose GeoJSON or FlatGeobuf",
        });
    }
    let job = Job {
        ground,
        crs: &crs,
        options,
    };
    let mut report = Report::new(format, options.crs.as_ref().unwrap_or(&crs));
    select::count_registries(ground, &mut report);
    match format {
        Format::CityJson => cityjson::write_document(&job, &mut out, &mut report)?,
        Format::CityJsonSeq => cityjson::write_sequence(&job, &mut out, &mut report)?,
        Format::GeoJson => geojson::write(&job, &mut out, &mut report)?,
        Format::FlatGeobuf => flatgeobuf::write(&job, &mut out, &mut report)?,
        Format::Glb => gltf::write_binary(&job, &mut out, &mut report)?,
        Format::Gltf => gltf::write_text(&job, &mut out, &mut report)?,
    }
    out.flush()?;
    Ok(report)
}

impl Job<'_> {
    /// Whether the caller left nothing out.
    fn is_whole(&self) -> bool {
        let Options {
            lod, layers, bbox, ..
        } = self.options;
        lod.is_none() && bbox.is_none() && LAYERS.iter().all(|kind| layers.contains(kind))
    }

    /// Whom the data demand to be named, in one line; `None` where nobody is.
    fn attribution(&self) -> Option<String> {
        let whom = &self.ground.attributions;
        (!whom.is_empty()).then(|| whom.join("; "))
    }

    /// Height for what the city keeps flat: the middle of the buildings' ground, metres.
    fn base_m(&self) -> f64 {
        let mut levels: Vec<f64> = self
            .ground
            .buildings
            .values()
            .map(|one| one.ground_m)
            .collect();
        if levels.is_empty() {
            return 0.0;
        }
        let middle = levels.len() / 2;
        *levels.select_nth_unstable_by(middle, f64::total_cmp).1
    }
}
