//! What the system says of a file, in words of people, with what to do about it. Used wherever a
//! command reads or writes a file; the caller names the file and what was wanted. Never opens one.

use std::io::{Error, ErrorKind};

/// A fault of the system with its remedy.
#[must_use]
pub fn system_in_words(fault: &Error) -> String {
    let words = match fault.kind() {
        ErrorKind::NotFound => "there is no such file or folder; check the name",
        ErrorKind::PermissionDenied => {
            "this user has no right to it; name another, or ask whom it belongs to"
        }
        ErrorKind::ReadOnlyFilesystem => {
            "nothing can be written there; name a file in another folder"
        }
        ErrorKind::AlreadyExists => {
            "there is a file of this name already; name another, or move it away"
        }
        ErrorKind::IsADirectory => "it is a folder; name a file",
        ErrorKind::NotADirectory => "a part of its path is no folder; check the name",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "the disk is full; make room, or name a file on another"
        }
        ErrorKind::InvalidFilename => "files cannot be named so; name another",
        ErrorKind::InvalidData => "it is no text in UTF-8; save it as UTF-8",
        _ => return format!("{fault}; see to the disk, then try again"),
    };
    words.to_owned()
}

/// A fault of the system that says what to do about it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct SystemFault(String);

impl From<Error> for SystemFault {
    fn from(fault: Error) -> Self {
        Self(system_in_words(&fault))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_is_told_in_words_with_what_to_do() {
        for (kind, words) in [
            (ErrorKind::AlreadyExists, "name another"),
            (ErrorKind::NotFound, "check the name"),
            (ErrorKind::StorageFull, "make room"),
        ] {
            let told = system_in_words(&Error::from(kind));
            assert!(told.contains(words) && !told.contains("os error"), "{told}");
        }
    }
}
