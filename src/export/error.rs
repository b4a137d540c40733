//! Why a city could not be written. Never names the file: the caller knows it.

use std::io;

use crate::space::CrsError;

/// Why a city could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The bytes could not be handed over.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// A coordinate reference system cannot be used.
    #[error(transparent)]
    Crs(#[from] CrsError),
    /// An option does not go with the format.
    #[error("{reason}; {remedy}")]
    Option {
        /// What is wrong.
        reason: String,
        /// What to do.
        remedy: &'static str,
    },
    /// The format cannot hold so much.
    #[error("{reason}; export parts of it with --bbox or --layers")]
    TooLarge {
        /// What there is too much of.
        reason: String,
    },
    /// The format's library refused a record.
    #[error("{record}: {reason}; leave its kind out with --layers, and tell us")]
    Refused {
        /// Its kind and key.
        record: String,
        /// What the library says.
        reason: String,
    },
}

impl From<serde_json::Error> for ExportError {
    fn from(fault: serde_json::Error) -> Self {
        // Our own values can always be written as JSON: only the writer fails.
        Self::Io(fault.into())
    }
}
