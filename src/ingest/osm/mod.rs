//! OpenStreetMap: the binary format and XML, plain and with history. Two readers give one stream
//! of nodes, ways and relations; one assembly makes features of it, whose keys are `node/6`,
//! `way/123` and `relation/45`. Tags are sorted by `tags`, the vocabulary all vector formats share.
//! A fault of a single element is noted with its key; a damaged file is an error.

mod areas;
mod assemble;
mod element;
mod parts;
mod pbf;
mod positions;
mod relations;
mod rings;
mod rows;
#[cfg(test)]
mod tests;
mod xml;

use crate::space::Crs;

use super::error::ReadError;
use super::raw::RawCity;
use super::{Format, Input, ReadOptions, Take};

/// Whom the licence of OpenStreetMap's data (ODbL 1.0) demands to be named.
const ATTRIBUTION: &str = "© OpenStreetMap contributors, ODbL 1.0";

fn empty_city(format: Format) -> Result<RawCity, ReadError> {
    let mut city = RawCity::new(format);
    city.crs = Some(Crs::from_epsg(4326)?);
    city.attribution = Some(ATTRIBUTION.to_owned());
    Ok(city)
}

/// Reads OpenStreetMap's binary format (`.osm.pbf`, `.osh.pbf`).
///
/// # Errors
/// When the file is damaged, cut off or demands what this reader cannot do; the first error of
/// `take`.
pub fn read_osm_pbf(input: &Input, _: &ReadOptions, take: Take) -> Result<RawCity, ReadError> {
    let source = pbf::Pbf::new(input.bytes)?;
    assemble::read(&source, empty_city(Format::OsmPbf)?, take)
}

/// Reads OpenStreetMap's XML (`.osm`, `.osh`, `.osc`).
///
/// # Errors
/// When the file is no XML of this kind, or cut off; the first error of `take`.
pub fn read_osm_xml(input: &Input, _: &ReadOptions, take: Take) -> Result<RawCity, ReadError> {
    let source = xml::Xml::new(input.bytes)?;
    let mut city = empty_city(Format::OsmXml)?;
    if let Some(demanded) = source.demanded() {
        // A document that names others beside the contributors is taken at its word.
        let names_osm = demanded.contains("OpenStreetMap");
        city.attribution = Some(match names_osm {
            true => demanded,
            false => format!("{ATTRIBUTION}; {demanded}"),
        });
    }
    assemble::read(&source, city, take)
}
