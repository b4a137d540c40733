//! What lasts: the city file (GeoPackage), the archive of what happened, and the vault that seals
//! personal values. Used by `app`. Never decides anything and never reads the wall clock; personal
//! values pass through it sealed or locked, never in clear.

pub mod archive;
mod cipher;
pub mod city_file;
pub mod files;
mod sqlite;
pub mod vault;
mod whole_copy;

pub use archive::{MemoryArchive, SqliteArchive};
pub use city_file::{
    CellFault, CityFile, CityFileError, HistoryEntry, Rotated, Undo, WriteSummary,
};
pub use vault::{FoundKey, NewKey, Vault, VaultError};
