//! A real archive on a real disk whose power goes: of a call that is cut off amid its writing, some
//! sectors are on the disk and others are not.

use std::fs;

use pingjiang::base::Timestamp;
use pingjiang::model::LogDamage;
use pingjiang::model::ports::Archive;
use pingjiang::store::SqliteArchive;
use tempfile::TempDir;

use super::chance::Chance;
use super::disk::{Cut, Store};

/// What a disk writes whole or not at all.
const SECTOR: usize = 512;
const FILES: [&str; 2] = ["log.sqlite", "log.sqlite-wal"];

/// The log and its write-ahead log as they lie on the disk; `None` where there is no such file.
type Files = [Option<Vec<u8>>; 2];

/// An archive in a folder of its own; after each crash in another one.
pub struct OnDisk {
    folder: TempDir,
    archive: Option<SqliteArchive>,
    before: Files,
}

impl OnDisk {
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a folder"),
            archive: None,
            before: [None, None],
        }
    }

    fn files(&self) -> Files {
        FILES.map(|name| fs::read(self.folder.path().join(name)).ok())
    }
}

impl Store for OnDisk {
    fn archive(&mut self) -> &mut dyn Archive {
        let folder = self.folder.path();
        self.archive
            .get_or_insert_with(|| SqliteArchive::open(folder).expect("it opens"))
    }

    fn about_to_be_cut(&mut self) {
        self.before = self.files();
    }

    fn cut(&mut self, cut: Cut, chance: &mut Chance) {
        let before = std::mem::take(&mut self.before);
        let left = match cut {
            Cut::Before => before,
            Cut::After => self.files(),
            Cut::Amid => torn(before, self.files(), chance),
        };
        // Closing writes to the files; what the crash left is somewhere else by then.
        let folder = tempfile::tempdir().expect("a folder");
        for (name, bytes) in FILES.iter().zip(left) {
            if let Some(bytes) = bytes {
                fs::write(folder.path().join(name), bytes).expect("the folder can be written");
            }
        }
        self.archive = None;
        self.folder = folder;
    }

    fn open_again(&mut self) -> Option<LogDamage> {
        if self.archive.is_some() {
            return None;
        }
        let now = Timestamp::from_millis(1_777_593_600_000);
        let opened = SqliteArchive::open_mending(self.folder.path(), now, None);
        let (archive, damage) = opened.expect("it opens");
        self.archive = Some(archive);
        damage
    }
}

/// What lies there when the power goes while `before` becomes `after`. The write-ahead log is written
/// from its beginning to its end and synced, before a page of the log itself is touched; pages of the
/// log are written in any order.
fn torn(before: Files, after: Files, chance: &mut Chance) -> Files {
    let [log_before, wal_before] = before;
    let [log_after, wal_after] = after;
    if log_before != log_after && log_before.is_some() && chance.is(500) {
        let log = mixed(log_before, log_after, chance);
        return [log, wal_after];
    }
    let wal = begun(
        wal_before.unwrap_or_default(),
        &wal_after.unwrap_or_default(),
        chance,
    );
    [log_before, Some(wal)]
}

/// The old bytes with the new ones written over them up to a sector.
fn begun(mut old: Vec<u8>, new: &[u8], chance: &mut Chance) -> Vec<u8> {
    let same = old
        .iter()
        .zip(new)
        .take_while(|(one, other)| one == other)
        .count();
    let sectors = new.len().div_ceil(SECTOR);
    let written = chance.between((same / SECTOR) as i64, sectors as i64 + 1) as usize;
    let written = (written * SECTOR).min(new.len());
    if old.len() < written {
        old.resize(written, 0);
    }
    old[..written].copy_from_slice(&new[..written]);
    old
}

/// Sectors of both, by chance.
fn mixed(old: Option<Vec<u8>>, new: Option<Vec<u8>>, chance: &mut Chance) -> Option<Vec<u8>> {
    let (old, mut new) = (old?, new?);
    for (at, sector) in new.chunks_mut(SECTOR).enumerate() {
        let at = at * SECTOR;
        if chance.is(500) && at + sector.len() <= old.len() {
            sector.copy_from_slice(&old[at..at + sector.len()]);
        }
    }
    Some(new)
}
