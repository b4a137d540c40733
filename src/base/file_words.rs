//! What a system says of a file, in the words of people who named it, with what to do. Used wherever
//! a file that somebody named is read or written; who uses it names the file. Never touches one.

use std::io::{Error, ErrorKind};

/// Why a file cannot be read, and what to do.
#[must_use]
pub fn why_unread(fault: &Error) -> String {
    let words = match fault.kind() {
        ErrorKind::NotFound => "there is no such file; check the name",
        ErrorKind::NotADirectory => "a file stands where a folder is named; check the name",
        ErrorKind::IsADirectory => "it is a folder; name the files in it",
        ErrorKind::PermissionDenied => {
            "this user has no right to it; name another, or ask whom it belongs to"
        }
        ErrorKind::InvalidData => "it is no text in UTF-8; save it as such",
        _ => return said(fault),
    };
    words.to_owned()
}

/// Why a file or folder cannot be made, and what to do.
#[must_use]
pub fn why_unwritten(fault: &Error) -> String {
    let words = match fault.kind() {
        ErrorKind::NotFound => "there is no such folder; make it, or name a file in another",
        ErrorKind::AlreadyExists => {
            "something of this name is there already; name another, or move that away"
        }
        ErrorKind::NotADirectory => "a file stands where a folder is named; name a folder",
        ErrorKind::IsADirectory => "it is a folder; name a file in it",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "the disk is full; make room, or name a file on another"
        }
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            "this user has no right to write there; name a file in another folder"
        }
        ErrorKind::InvalidFilename => "no file can have this name; name a shorter one",
        _ => return said(fault),
    };
    words.to_owned()
}

/// A fault of a file as people read it, for chains of errors.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct FileFault(String);

impl FileFault {
    /// It cannot be read.
    #[must_use]
    pub fn unread(fault: Error) -> Self {
        Self(why_unread(&fault))
    }

    /// It cannot be made or changed.
    #[must_use]
    pub fn unwritten(fault: Error) -> Self {
        Self(why_unwritten(&fault))
    }
}

/// The system's own words, without its number.
fn said(fault: &Error) -> String {
    let text = fault.to_string();
    match text.split_once(" (os error") {
        Some((words, _)) => words.to_lowercase(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_number_of_the_system_is_told() {
        for number in 1..150 {
            let fault = Error::from_raw_os_error(number);
            for words in [why_unread(&fault), why_unwritten(&fault)] {
                assert!(!words.contains("os error") && !words.is_empty(), "{words}");
            }
        }
        let missing = Error::from(ErrorKind::NotFound);
        assert!(why_unread(&missing).contains("check the name"));
        assert!(why_unwritten(&missing).contains("make it"));
    }
}
