//! Who and what is registered: addresses matched to dwellings, sources of population merged,
//! records judged.
//!
//! Used by `ingest` for registers and by `app` for deciding where they differ and for questions by address. Pure: no files, no clock, no threads. Never links what is
//! ambiguous, and never tells a door, a name or a number of a person in an error, a reason or in
//! `Debug`. Start reading at [`address::Address::parse`] and [`match_address::AddressIndex::find`].

pub mod address;
pub mod houses;
pub mod match_address;
pub mod merge;
pub mod record;
