//! The list of targets, and what a body gives back.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

#[cfg(feature = "net")]
use crate::line;
use crate::{
    alarm_rules, archive, changes, city, config, imports, models, own_tables, payload, registers,
    seeds, tables, text, tiles,
};

/// What a body saw: equal for inputs that were treated alike. The long run keeps inputs that
/// were taken and show something new, and mutates these further.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seen {
    what: u64,
    /// Whether anything of the input could be used.
    pub taken: bool,
}

impl Seen {
    /// Nothing of the input could be used.
    pub const REFUSED: Self = Self {
        what: 0,
        taken: false,
    };

    /// Of anything that tells inputs apart.
    pub fn of(what: impl Hash) -> Self {
        let mut hasher = DefaultHasher::new();
        what.hash(&mut hasher);
        Self {
            what: hasher.finish(),
            taken: true,
        }
    }

    /// Of the message of a refusal, whatever numbers and quoted texts stand in it.
    pub fn message(text: &str) -> Self {
        let mut quoted = false;
        let plain: String = text
            .chars()
            .filter(|letter| {
                quoted ^= matches!(letter, '"' | '`');
                !quoted && !letter.is_ascii_digit()
            })
            .take(120)
            .collect();
        Self {
            taken: false,
            ..Self::of(plain)
        }
    }
}

/// One parser or payload.
#[derive(Clone, Copy)]
pub struct Target {
    /// Name, without `-` and `.`.
    pub name: &'static str,
    /// Asserts what must hold for these bytes.
    pub body: fn(&[u8]) -> Seen,
    /// Inputs that are in order, or close to it.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// Every target.
pub fn targets() -> Vec<Target> {
    let target = |name, body, seeds| Target { name, body, seeds };
    vec![
        target("geojson", imports::geojson, seeds::geojson),
        target("cityjson", imports::cityjson, seeds::cityjson),
        target("cityjsonseq", imports::cityjson_seq, seeds::cityjson_seq),
        target("citygml", imports::citygml, seeds::citygml),
        target("osmpbf", imports::osm_pbf, seeds::osm_pbf),
        target("osmxml", imports::osm_xml, seeds::osm_xml),
        target("flatgeobuf", tables::flatgeobuf, seeds::flatgeobuf),
        target("geopackage", tables::geopackage, seeds::geopackage),
        target("shapefile", tables::shapefile, seeds::shapefile),
        target("csv", tables::csv, seeds::csv),
        target("series", tables::series, seeds::series),
        target("register", registers::register, seeds::register),
        target(
            "register_mapping",
            registers::mapping,
            seeds::register_mapping,
        ),
        target("mapping", tables::mapping, seeds::mapping),
        target("geotiff", models::geotiff, models::geotiff_seeds),
        target("xyz", models::xyz, models::xyz_seeds),
        target("gltf", models::gltf, models::gltf_seeds),
        target("format", imports::format, seeds::any_import),
        target("kinds", config::kinds, seeds::kinds),
        target("alarms", alarm_rules::rules, seeds::alarms),
        target("labels", own_tables::labels, seeds::labels),
        target("roles", own_tables::roles, seeds::roles),
        target("accounts", own_tables::accounts, seeds::accounts),
        target("travellers", own_tables::travellers, seeds::travellers),
        target("matching", own_tables::matching, seeds::matching),
        target("dispatch", own_tables::dispatch, seeds::dispatch),
        target("engine_table", own_tables::engine, seeds::engine),
        target("monitor", own_tables::monitor, seeds::monitor),
        target("feeds", payload::feeds, seeds::feeds),
        target("payload_json", payload::json, payload::json_seeds),
        target("payload_csv", payload::csv, payload::csv_seeds),
        target("payload_senml", payload::senml, payload::senml_seeds),
        target("payload_word", payload::word, payload::word_seeds),
        target("look", config::look, seeds::look),
        target("area", config::area, seeds::area),
        target("crs", text::crs, seeds::crs),
        target("wkt", text::wkt, seeds::wkt),
        target("time", text::time, seeds::times),
        #[cfg(feature = "net")]
        target("mqtt", crate::mqtt::stream, crate::mqtt::seeds),
        #[cfg(feature = "net")]
        target("events", line::events, seeds::events),
        #[cfg(feature = "net")]
        target("commands", line::commands, seeds::commands),
        #[cfg(feature = "net")]
        target("frames", line::frames, line::frame_seeds),
        target("batches", archive::batches, seeds::batches),
        target("snapshot", archive::snapshot, seeds::snapshots),
        target("log", archive::log, archive::log_seeds),
        target("city", city::cells, city::cell_seeds),
        target("changes", changes::body, changes::seeds),
        target("tiles", tiles::body, tiles::seeds),
        target("sealed", city::sealed, city::sealed_seeds),
        target("key", city::key_file, seeds::keys),
    ]
}
