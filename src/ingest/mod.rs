//! Foreign files → raw city → the city's entities. Used by `app`, which writes them.
//! Readers ([`read_geojson_parts`], [`read_cityjson`] and their like) hand on parts of a [`RawCity`]
//! in the file's own coordinates; `convert` checks, reprojects and cleans each part as it comes
//! ([`import_file`]). Bad features are noted with their place and skipped; a bad file is an error
//! that says what to do. Never writes to the city, and never prints.
//!
//! To add a format: a variant in [`Format`], a reader that gives a `RawCity` (vector formats sort
//! their features with `tags`), and a line in [`read_input`].

mod about_people;
mod attribution;
mod build;
mod citygml;
mod cityjson;
mod convert;
mod csv;
mod degrees;
mod error;
mod fact_names;
mod facts;
mod fence;
mod file;
mod flatgeobuf;
mod foreign;
mod format;
mod geojson;
mod geopackage;
mod gltf;
mod input;
mod kind_words;
mod looks;
mod mapping;
mod osm;
mod own;
mod party_walls;
mod person_names;
mod personal_attributes;
mod personal_numbers;
mod personal_words;
mod placement;
mod raw;
mod register;
mod series;
mod shapefile;
mod stand;
mod table;
mod tags;
mod target;
mod terrain;
#[cfg(test)]
mod test_frame;
mod text;
mod words;
mod xml_text;

use std::path::Path;

pub use attribution::clean_attribution;
pub use citygml::read_citygml;
pub use cityjson::{read_cityjson, read_cityjson_seq};
pub use convert::{Converted, Origin, UnreadColumn, convert, join};
pub use csv::read_csv;
pub use error::{ImportError, ReadError};
pub use file::{
    Imported, ReadFile, dataset_name, hidden_dataset_name, import_file, read_file, shown_file_name,
};
pub use flatgeobuf::read_flatgeobuf;
pub use format::Format;
pub use geojson::{read_geojson, read_geojson_parts};
pub use geopackage::read_geopackage;
pub use gltf::read_gltf;
pub use input::{Folder, Input, PART_FEATURES, ReadOptions, Take};
pub use mapping::{Mapping, MappingError};
pub use osm::{read_osm_pbf, read_osm_xml};
pub use placement::{Placement, Spot2};
pub use raw::{Attributes, Position, RawCity, RawFeature, RawKind, RawShape, Spot};
pub use register::{
    Looks, RegisterCity, RegisterKind, RegisterMapping, RegisterOptions, RegisterRun, Registers,
    Statements, TakePart, Unmatched, dwellings_at, hidden_with, mask_people_in_base_map,
};
pub use series::{
    ClockJump, Faults, Gap, OffsetFrom, Sentinel, SentinelRule, Series, SeriesColumn,
    SeriesOptions, SeriesReport, Stuck, TableReport, TimeForm, Unused, UnusedColumn, read_series,
    read_series_file,
};
pub use shapefile::read_shapefile;
pub use stand::stand;
pub use target::{Target, choose_crs};
pub use terrain::{TERRAIN_TOLERANCE_M, TERRAIN_TOLERANCES_M, read_geotiff, read_xyz};

/// Reads bytes of a format, or of the format they show themselves to be in, as a file that stands
/// alone.
///
/// # Errors
/// [`ReadError`] when nothing of it can be used.
pub fn read(bytes: &[u8], name: &Path, format: Option<Format>) -> Result<RawCity, ReadError> {
    let options = ReadOptions {
        format,
        ..ReadOptions::default()
    };
    read_whole(&Input::alone(name, bytes), &options)
}

/// Reads a file with all its features.
fn read_whole(input: &Input, options: &ReadOptions) -> Result<RawCity, ReadError> {
    input::gather(|take| read_input(input, options, take))
}

/// Reads a file and hands its features on in parts; the last of them are in what is given back.
///
/// # Errors
/// [`ReadError`] when nothing of it can be used, or the first error of `take`.
pub fn read_input(input: &Input, options: &ReadOptions, take: Take) -> Result<RawCity, ReadError> {
    foreign::refuse(input.bytes, input.name)?;
    let format = match options.format {
        Some(format) => format,
        None => Format::detect(input.bytes, input.name)?,
    };
    if options.layer.is_some() && format != Format::GeoPackage {
        return Err(ReadError::Unusable {
            reason: format!("a file of the format {} has no layers", format.as_str()),
            remedy: "leave --layer out".to_owned(),
        });
    }
    let mut take = |city: &mut RawCity| {
        honour(&options.mapping, city);
        take(city)
    };
    let mut raw = read_as(format, input, options, &mut take)?;
    honour(&options.mapping, &mut raw);
    Ok(raw)
}

/// What a person says of a file goes before what it says itself.
fn honour(mapping: &Mapping, city: &mut RawCity) {
    if let Some(crs) = &mapping.crs {
        city.crs = Some(crs.clone());
        city.crs_fault = None;
    }
    city.mapping = mapping.clone();
}

fn read_as(
    format: Format,
    input: &Input,
    options: &ReadOptions,
    take: Take,
) -> Result<RawCity, ReadError> {
    match format {
        Format::GeoJson => read_geojson_parts(input, options, take),
        Format::CityJson => read_cityjson(input, options, take),
        Format::CityJsonSeq => read_cityjson_seq(input, options, take),
        Format::CityGml => read_citygml(input, options, take),
        Format::FlatGeobuf => read_flatgeobuf(input, options, take),
        Format::GeoPackage => read_geopackage(input, options, take),
        Format::Shapefile => read_shapefile(input, options, take),
        Format::OsmPbf => read_osm_pbf(input, options, take),
        Format::OsmXml => read_osm_xml(input, options, take),
        Format::Csv => read_csv(input, options, take),
        Format::Gltf => read_gltf(input, options, take),
        Format::GeoTiff => read_geotiff(input, options, take),
        Format::Xyz => read_xyz(input, options, take),
        Format::Xlsx => Err(ReadError::Unusable {
            reason: "a workbook holds registers, and no base map".to_owned(),
            remedy: format!(
                "name the register with --as {}, or save a table of points as CSV",
                RegisterKind::names()
            ),
        }),
    }
}
