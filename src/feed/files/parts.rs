//! A file of readings taken apart: by its ending the format and with it the feed of the table, lines
//! some at a time, documents as a whole. Used by the watched folder and by replay. Never holds more of a
//! file of lines than it hands on.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use crate::feed::payload::{FeedMapping, FeedTable, Format};

/// Lines of CSV that are handed on at a time.
const LINES: usize = 1_000;
/// Longest line, and longest document that is no lines, in bytes.
const LINE_MAX: u64 = 256 * 1024;
const DOCUMENT_MAX: u64 = 64 << 20;

/// Why a file is not read to its end.
#[derive(Debug)]
pub(super) enum Fault {
    /// Whoever takes the parts wants no more.
    Left,
    /// It cannot be read.
    File(io::Error),
    /// It is of no use; why, in words.
    Unusable(String),
}

impl From<io::Error> for Fault {
    fn from(fault: io::Error) -> Self {
        Self::File(fault)
    }
}

/// Takes a part of a file, with the feed by which it is read.
pub(super) type Take<'a> = &'a mut dyn FnMut(&FeedMapping, &[u8]) -> Result<(), Fault>;

/// Calls `take` for each part of a file. `name` is that under which feeds of the table are for files,
/// one for each format.
pub(super) fn each(path: &Path, table: &FeedTable, name: &str, take: Take) -> Result<(), Fault> {
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    let (format, by_line) = match ending.to_ascii_lowercase().as_str() {
        "csv" => (Format::Csv, true),
        "jsonl" | "ndjson" => (Format::Json, true),
        "json" => (Format::Json, false),
        "senml" => (Format::Senml, false),
        _ => {
            return Err(Fault::Unusable(
                "its name ends neither with .csv, .jsonl, .ndjson, .json nor .senml".to_owned(),
            ));
        }
    };
    let mut feeds = table.by_http(name);
    let Some(feed) = feeds.find(|feed| feed.format == format) else {
        let format = format.as_str();
        let words = format!("the table of feeds has none of format {format} with http = {name:?}");
        return Err(Fault::Unusable(words));
    };
    let mut file = BufReader::new(File::open(path)?);
    if by_line {
        return lines(feed, &mut file, take);
    }
    let mut document = Vec::new();
    file.take(DOCUMENT_MAX + 1).read_to_end(&mut document)?;
    if document.len() as u64 > DOCUMENT_MAX {
        let most = DOCUMENT_MAX >> 20;
        return Err(Fault::Unusable(format!(
            "longer than {most} MB; write lines (.jsonl)"
        )));
    }
    take(feed, &document)
}

/// Lines, some at a time; of CSV with a head each time with that, of JSON each by itself.
fn lines(feed: &FeedMapping, file: &mut impl BufRead, take: Take) -> Result<(), Fault> {
    let is_csv = feed.format == Format::Csv;
    let most = if is_csv { LINES } else { 1 };
    let mut head = Vec::new();
    if is_csv && feed.header {
        read_line(file, &mut head)?;
    }
    let mut part = head.clone();
    let mut count = 0;
    loop {
        let before = part.len();
        let is_end = !read_line(file, &mut part)?;
        if part[before..].trim_ascii().is_empty() {
            part.truncate(before);
        } else {
            count += 1;
        }
        if count > 0 && (count >= most || is_end) {
            take(feed, &part)?;
            part.clone_from(&head);
            count = 0;
        }
        if is_end {
            return Ok(());
        }
    }
}

/// Adds the next line with its end; `false` behind the last one.
fn read_line(file: &mut impl BufRead, to: &mut Vec<u8>) -> Result<bool, Fault> {
    let count = file.take(LINE_MAX + 1).read_until(b'\n', to)?;
    if count as u64 > LINE_MAX {
        let most = LINE_MAX >> 10;
        let words = format!("a line is longer than {most} KB: these are no readings");
        return Err(Fault::Unusable(words));
    }
    Ok(count > 0)
}
