//! Readings from files: a folder that is watched, here, and one file that is replayed, in `replay`.
//!
//! Files that are moved into the folder are taken in by the table of feeds, once, and then moved on, into
//! `done` or `refused`, with what could not be used told in a file beside them. Used by `app::engine`. A file is moved on when all of it is committed, so whatever an engine is
//! stopped by, the file is there again or was done; taken in again it changes nothing, for a reading is
//! known by device, time and value. Hence a value without a time is refused. Reads the time through what
//! it is given. Start reading at [`Watched::look`], which is one round.

mod parts;
mod replay;

use std::collections::BTreeMap;
use std::fs::{self, File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::base::{Timestamp, why_unread, why_unwritten};

use super::payload::{FeedMapping, Message, Refusal};
use super::{Inbox, Intake, Receipt};
use parts::Fault;

pub use replay::{Replay, ReplayFault};

/// Between two looks; a file that is not written to for so long is done with, when it ends with a line.
const PAUSE: Duration = Duration::from_secs(2);
/// Looks without a change after which a file is taken that does not end with a line.
const LOOKS: u32 = 15;
/// How often a waiting thread looks whether it is over.
const SHORT: Duration = Duration::from_millis(100);
/// Where files are moved to.
const DONE: &str = "done";
const REFUSED: &str = "refused";

/// A folder that is watched by a thread until this is dropped.
pub struct Folder {
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Folder {
    /// Begins to watch.
    ///
    /// # Errors
    /// When there is no such folder, or files could not be moved on in it.
    pub fn start(mut watched: Watched) -> io::Result<Self> {
        for name in [DONE, REFUSED] {
            match fs::create_dir(watched.folder.join(name)) {
                Err(fault) if fault.kind() != io::ErrorKind::AlreadyExists => return Err(fault),
                _ => {}
            }
        }
        let over = watched.over.clone();
        let thread = std::thread::spawn(move || {
            while !watched.is_over() {
                watched.look();
                watched.wait(PAUSE);
            }
        });
        Ok(Self {
            over,
            thread: Some(thread),
        })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // It panicked, which its own message has told.
            let _ = thread.join();
        }
    }
}

/// What of a folder is known.
pub struct Watched {
    folder: PathBuf,
    /// The name under which the table has feeds for files, one for each format.
    feed: String,
    intake: Intake,
    inbox: Arc<Inbox>,
    now: Box<dyn Fn() -> Timestamp + Send>,
    over: Arc<AtomicBool>,
    /// Files that may still be written to, with the looks since they changed.
    growing: BTreeMap<PathBuf, (Metadata, u32)>,
    /// Files that cannot be moved on: they are not read again as long as they stay as they are.
    stuck: BTreeMap<PathBuf, Metadata>,
}

/// What became of a file.
#[derive(Default)]
struct Outcome {
    taken: u64,
    refused: BTreeMap<Refusal, u64>,
    mark: u64,
}

impl Watched {
    /// A folder whose files are read by the feeds that take `feed` by HTTP, chosen by ending.
    #[must_use]
    pub fn new(
        folder: &Path,
        feed: &str,
        intake: Intake,
        inbox: Arc<Inbox>,
        now: Box<dyn Fn() -> Timestamp + Send>,
    ) -> Self {
        Self {
            folder: folder.to_owned(),
            feed: feed.to_owned(),
            intake,
            inbox,
            now,
            over: Arc::default(),
            growing: BTreeMap::new(),
            stuck: BTreeMap::new(),
        }
    }

    /// Looks at the folder once: takes what is complete, and notes what may not be yet.
    pub fn look(&mut self) {
        let files = match self.files() {
            Ok(files) => files,
            Err(fault) => {
                let folder = self.folder.display();
                tracing::error!(
                    "the watched folder cannot be read: {}: {folder}",
                    why_unread(&fault)
                );
                return;
            }
        };
        let is_there = |path: &PathBuf| files.iter().any(|(other, _)| other == path);
        self.growing.retain(|path, _| is_there(path));
        self.stuck.retain(|path, _| is_there(path));
        for (path, about) in files {
            if self.is_over() {
                return;
            }
            if self
                .stuck
                .get(&path)
                .is_some_and(|known| is_same(known, &about))
            {
                continue;
            }
            if self.is_complete(&path, &about) {
                self.take(&path, about);
            }
        }
    }

    fn files(&self) -> io::Result<Vec<(PathBuf, Metadata)>> {
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let (path, about) = match entry.and_then(|one| Ok((one.path(), one.metadata()?))) {
                Ok(known) => known,
                // It has gone meanwhile.
                Err(fault) if fault.kind() == io::ErrorKind::NotFound => continue,
                Err(fault) => return Err(fault),
            };
            if about.is_file() && !is_unfinished(&path) {
                files.push((path, about));
            }
        }
        files.sort_by(|one, other| one.0.cmp(&other.0));
        Ok(files)
    }

    /// Whether nobody writes to a file any more, as far as one can see.
    fn is_complete(&mut self, path: &Path, about: &Metadata) -> bool {
        let (known, looks) = self
            .growing
            .entry(path.to_owned())
            .or_insert_with(|| (about.clone(), 0));
        if !is_same(known, about) {
            (*known, *looks) = (about.clone(), 0);
        }
        *looks += 1;
        let enough = match ends_with_line(path) {
            Ok(true) => 2,
            Ok(false) | Err(_) => LOOKS,
        };
        let is_complete = *looks >= enough;
        if is_complete {
            self.growing.remove(path);
        }
        is_complete
    }

    fn take(&mut self, path: &Path, about: Metadata) {
        let (to, why) = match self.read(path) {
            Err(Fault::Left) => return,
            // It has gone meanwhile.
            Err(Fault::File(fault)) if fault.kind() == io::ErrorKind::NotFound => return,
            Err(Fault::File(fault)) => (REFUSED, Some(why_unread(&fault) + "\n")),
            Err(Fault::Unusable(why)) => (REFUSED, Some(why + "\n")),
            Ok(outcome) => {
                while self.inbox.wait_acknowledged(outcome.mark, SHORT) < outcome.mark {
                    if self.is_over() {
                        return;
                    }
                }
                let to = if outcome.taken > 0 { DONE } else { REFUSED };
                (to, outcome.why())
            }
        };
        match self.move_on(path, to, why.as_deref()) {
            Ok(()) => tracing::info!("{}: {to}", path.display()),
            Err(fault) => {
                let why = why_unwritten(&fault);
                tracing::error!(
                    "taken in, and cannot be moved on: {why}: {}",
                    path.display()
                );
                self.stuck.insert(path.to_owned(), about);
            }
        }
    }

    /// Moves a file on under a name that is free there; why comes first, so that none is without.
    fn move_on(&self, path: &Path, to: &str, why: Option<&str>) -> io::Result<()> {
        let folder = self.folder.join(to);
        fs::create_dir_all(&folder)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let numbered = |number: usize| match number {
            1 => name.to_string(),
            _ => format!("{number}-{name}"),
        };
        let free = |name: &String| !folder.join(name).exists();
        let name = (1..).map(numbered).find(free).unwrap_or_default();
        if let Some(why) = why {
            fs::write(folder.join(format!("{name}.why")), why)?;
        }
        fs::rename(path, folder.join(name))
    }

    /// Takes all of a file in.
    fn read(&self, path: &Path) -> Result<Outcome, Fault> {
        let mut outcome = Outcome::default();
        let take =
            &mut |feed: &FeedMapping, part: &[u8]| self.hand_in(feed, path, part, &mut outcome);
        parts::each(path, self.intake.table(), &self.feed, take)?;
        Ok(outcome)
    }

    /// Hands a part in until all of it has found room.
    fn hand_in(
        &self,
        feed: &FeedMapping,
        path: &Path,
        part: &[u8],
        outcome: &mut Outcome,
    ) -> Result<(), Fault> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        loop {
            if self.is_over() {
                return Err(Fault::Left);
            }
            let message = Message {
                topic: &name,
                payload: part,
                // As old as who wrote the file knows: a value without a time says nothing.
                retained: true,
                arrived: (self.now)(),
            };
            let receipt = self.intake.take_by(feed, None, message);
            if receipt.is_whole {
                outcome.add(receipt);
                return Ok(());
            }
        }
    }

    fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }

    fn wait(&self, pause: Duration) {
        for _ in 0..pause.as_millis() / SHORT.as_millis() {
            if self.is_over() {
                return;
            }
            std::thread::sleep(SHORT);
        }
    }
}

impl Outcome {
    fn add(&mut self, receipt: Receipt) {
        self.taken += receipt.readings + receipt.presences;
        self.mark = self.mark.max(receipt.mark);
        for (reason, count) in receipt.refused {
            *self.refused.entry(reason).or_default() += count;
        }
    }

    /// What could not be used, a line each; `None` when all could.
    fn why(&self) -> Option<String> {
        if self.refused.is_empty() && self.taken > 0 {
            return None;
        }
        let mut text = format!("taken: {}\n", self.taken);
        for (reason, count) in &self.refused {
            text += &format!("{reason}: {count}\n");
        }
        Some(text)
    }
}

/// Whether a name says that the file is none to be read, or not yet.
fn is_unfinished(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = name.to_ascii_lowercase();
    name.starts_with('.') || [".part", ".tmp", "~"].iter().any(|end| name.ends_with(end))
}

fn is_same(one: &Metadata, other: &Metadata) -> bool {
    one.len() == other.len() && one.modified().ok() == other.modified().ok()
}

fn ends_with_line(path: &Path) -> io::Result<bool> {
    let mut file = File::open(path)?;
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

#[cfg(test)]
mod tests;
