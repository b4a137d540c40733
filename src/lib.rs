//! Pingjiang (平江): a geospatial digital-twin engine.
//!
//! A 3D city model on a CIM base map that places buildings, households, vehicles, cameras and
//! sensors into a spatial index and overlays live alarms and tilt/subsidence readings.
//!
//! This file is the table of contents **and the law**: modules are listed floor by floor, and a
//! module may use modules on lower floors only; never its own floor, never a higher one. Siblings
//! meet through data and through the ports (traits) that live with the nouns in [`model`], handed
//! over by `app`. `tests/architecture/` reads this table and fails on any breach.

// Floor 0: words everybody needs.
/// Ids, time, warnings, sealed (personal) values.
pub mod base;

// Floor 1: where things are.
/// CRS and datum types, local frame, bounds, meshes, extrusion, roofs, ray tests, indexes.
pub mod space;

// Floor 2: the city itself.
/// The city's nouns, `Change`, `Twin` (`apply` is its only writer), queries, ports.
pub mod model;

// Floor 3: thinking. No files, no network, no clock, no threads, no Bevy.
/// Roles, clearance and masks: the only issuer of a `Clearance`.
pub mod access;
/// A demo city and its simulated days, from a seed.
pub mod citygen;
/// Tilt and settlement: series → cleaned → trend → assessment.
pub mod monitor;
/// What should be on screen, as plain data (the term of ISO 19117).
pub mod portrayal;
/// Who and what is registered: addresses matched to dwellings, sources of population merged and
/// decided between, records judged.
pub mod registry;
/// Alarm rules: when to warn, and what may happen to a warning next.
pub mod rules;

// Floor 4: the borders. Each module opens one kind of door.
/// The city into foreign formats: bytes for a writer that `app` hands over.
pub mod export;
/// The bounded inbox and the simulator behind it.
pub mod feed;
/// Foreign files → raw city → changes.
pub mod ingest;
/// The engine's loopback protocol: snapshot, numbered batches, commands.
#[cfg(feature = "net")]
pub mod serve;
/// The city file (GeoPackage), the archive (memory, SQLite) and the vault for sealed values.
pub mod store;
/// Bevy: the only module that says `bevy`.
#[cfg(feature = "view")]
pub mod view;

// Floor 5: the product.
/// Configuration, pipeline, one file per subcommand.
pub mod app;
