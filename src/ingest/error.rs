//! Why a whole file cannot be imported. Bad single features never come here: they are noted and
//! skipped. Every message says where the fault is and what to do about it.

use std::path::PathBuf;

use crate::space::CrsError;

/// Why a file's content cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ReadError {
    /// Nothing to read.
    #[error("the file is empty")]
    Empty,
    /// Not text in UTF-8.
    #[error("byte {at} is not UTF-8 text{hint}; {remedy}")]
    NotUtf8 {
        /// Offset of the first wrong byte.
        at: usize,
        /// What it looks like instead.
        hint: &'static str,
        /// What to do.
        remedy: &'static str,
    },
    /// Not JSON, or cut off.
    #[error("line {line}, column {column}: {reason}; {remedy}")]
    Syntax {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What the parser says.
        reason: String,
        /// What to do.
        remedy: &'static str,
    },
    /// No format recognises itself.
    #[error(
        "{found}, which is none of the formats this program reads ({known}): convert it to one of them; if it is in one already, name that with --as"
    )]
    UnknownFormat {
        /// What the content looks like.
        found: String,
        /// The names that `--as` takes.
        known: String,
    },
    /// The file says it is something else, or lacks what its format demands.
    #[error("{reason}; {remedy}")]
    Unusable {
        /// What is wrong.
        reason: String,
        /// What to do.
        remedy: String,
    },
    /// The file does not say in which CRS its coordinates are.
    #[error("the file does not name its CRS; state it with --crs EPSG:NNNN")]
    NoCrs,
    /// The CRS is named but cannot be used.
    #[error("its CRS cannot be used: {0}")]
    Crs(#[from] CrsError),
    /// Most coordinates are nowhere near where they should be.
    #[error(
        "the coordinates do not fit {crs}: {feature}: {reason}; state the right CRS with --crs EPSG:NNNN, or import into another city"
    )]
    DoesNotFit {
        /// The CRS the coordinates were taken to be in.
        crs: String,
        /// The first feature that does not fit.
        feature: String,
        /// Why not.
        reason: String,
    },
    /// The file is larger than memory allows for its format.
    #[error("{size_mb} MB are more than the {limit_mb} MB this format is read up to; {remedy}")]
    TooLarge {
        /// Its size.
        size_mb: u64,
        /// The limit.
        limit_mb: u64,
        /// What to do.
        remedy: &'static str,
    },
    /// The system does not give the file.
    #[error("cannot read it: {0}")]
    System(String),
}

/// A [`ReadError`] with the file it is about.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{fault}: {}", .path.display())]
pub struct ImportError {
    /// What is wrong.
    pub fault: ReadError,
    /// The file.
    pub path: PathBuf,
}
