//! A fault of a written file as commands tell it: in plain words with a remedy instead of the
//! system's number. Used by commands that write lists and pictures. Never touches a file.

use std::io;

use anyhow::anyhow;

use crate::base::why_unwritten;

/// The fault with what the system said of the file in plain words; any other stays as it is.
pub(super) fn in_words(fault: anyhow::Error) -> anyhow::Error {
    match fault.downcast_ref::<io::Error>() {
        Some(said) => anyhow!(why_unwritten(said)),
        None => fault,
    }
}
