//! A disk that fails: the archive's port, behind which calls are refused, slow, done without an
//! answer, or cut off by a crash before, amid or after what they do. What it holds outlives the
//! engine.

use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pingjiang::base::{DeviceId, Timestamp};
use pingjiang::model::ports::{
    Archive, ArchiveError, Detail, Recovered, SnapshotMark, Thinned, Thinning,
};
use pingjiang::model::{Batch, Change, Live, LogDamage, Reading, Reveal, Rollup, Step};
use pingjiang::store::MemoryArchive;

use super::chance::Chance;

/// What unwinds an engine that crashed: nothing of it is done any more.
pub struct Crashed;

/// How the disk takes what is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Mood {
    Well,
    /// Nothing is written.
    Full,
    /// All is written, and every answer is that it was not.
    Unheard,
    /// A call takes so many milliseconds.
    Slow(i64),
    /// All is said to be written, and nothing is: what no engine survives, and the oracle must see.
    Forgetful,
}

/// Where in a call the power goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cut {
    Before,
    Amid,
    After,
}

/// What an archive is kept in.
pub trait Store: Send {
    fn archive(&mut self) -> &mut dyn Archive;
    /// A call is about to be made that will be cut off.
    fn about_to_be_cut(&mut self) {}
    /// The power went: what is left of the call is what lies on the disk.
    fn cut(&mut self, _cut: Cut, _chance: &mut Chance) {}
    /// The engine starts again; what it is told of damage.
    fn open_again(&mut self) -> Option<LogDamage> {
        None
    }
}

impl Store for MemoryArchive {
    fn archive(&mut self) -> &mut dyn Archive {
        self
    }
}

/// The disk.
pub struct Disk {
    pub store: Box<dyn Store>,
    pub mood: Mood,
    /// The power goes in so many calls from now.
    pub crash_in: Option<(u32, Cut)>,
    /// Time that calls took since somebody looked, milliseconds.
    pub took_ms: i64,
    pub chance: Chance,
}

/// The way to it that an engine has.
#[derive(Clone)]
pub struct Door(Arc<Mutex<Disk>>);

impl Door {
    pub fn new(store: Box<dyn Store>, seed: u64) -> Self {
        Self(Arc::new(Mutex::new(Disk {
            store,
            mood: Mood::Well,
            crash_in: None,
            took_ms: 0,
            chance: Chance::new(!seed),
        })))
    }

    pub fn disk(&self) -> MutexGuard<'_, Disk> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A step of the engine that is no call of the archive, and may be the last as well.
    pub fn step(&self) {
        let mut disk = self.disk();
        if disk.is_last_call() {
            let Disk { store, chance, .. } = &mut *disk;
            store.about_to_be_cut();
            store.cut(Cut::Before, chance);
            drop(disk);
            resume_unwind(Box::new(Crashed));
        }
    }

    fn read<T>(
        &self,
        act: impl FnOnce(&mut dyn Archive) -> Result<T, ArchiveError>,
    ) -> Result<T, ArchiveError> {
        self.step();
        act(self.disk().store.archive())
    }

    fn write<T: Default>(
        &self,
        act: impl FnOnce(&mut dyn Archive) -> Result<T, ArchiveError>,
    ) -> Result<T, ArchiveError> {
        let mut guard = self.disk();
        let disk = &mut *guard;
        let cut = disk.crash_in.map(|(_, cut)| cut);
        let cut = cut.filter(|_| disk.is_last_call());
        match disk.mood {
            Mood::Full if cut.is_none() => return Err(failed("no space left")),
            Mood::Forgetful if cut.is_none() => return Ok(T::default()),
            Mood::Slow(millis) => disk.took_ms += millis,
            _ => {}
        }
        let Some(cut) = cut else {
            let result = act(disk.store.archive());
            return match disk.mood {
                Mood::Unheard => Err(failed("no answer")),
                _ => result,
            };
        };
        disk.store.about_to_be_cut();
        if cut != Cut::Before && disk.mood != Mood::Full {
            // Whether it succeeds nobody hears.
            let _ = act(disk.store.archive());
        }
        disk.store.cut(cut, &mut disk.chance);
        drop(guard);
        resume_unwind(Box::new(Crashed));
    }
}

impl Disk {
    fn is_last_call(&mut self) -> bool {
        match &mut self.crash_in {
            None => false,
            Some((0, _)) => {
                self.crash_in = None;
                true
            }
            Some((left, _)) => {
                *left -= 1;
                false
            }
        }
    }
}

fn failed(reason: &str) -> ArchiveError {
    ArchiveError::Failed {
        doing: "writing",
        reason: reason.to_owned(),
        place: "the disk of the simulation".to_owned(),
    }
}

impl Archive for Door {
    fn append(&mut self, batches: &[Batch]) -> Result<(), ArchiveError> {
        // As text, the way one on a disk keeps them.
        let text = serde_json::to_string(batches).expect("batches have a JSON form");
        let batches: Vec<Batch> = serde_json::from_str(&text).expect("it was written just now");
        self.write(|archive| archive.append(&batches))
    }

    fn keep_snapshot(&mut self, live: &Live) -> Result<(), ArchiveError> {
        let text = serde_json::to_string(live).expect("the state has a JSON form");
        let live: Live = serde_json::from_str(&text).expect("it was written just now");
        self.write(|archive| archive.keep_snapshot(&live))
    }

    fn snapshots(&mut self) -> Result<Vec<SnapshotMark>, ArchiveError> {
        self.read(|archive| archive.snapshots())
    }

    fn drop_snapshots(&mut self, batches: &[u64]) -> Result<(), ArchiveError> {
        self.write(|archive| archive.drop_snapshots(batches))
    }

    fn recover(&mut self, at_batch: Option<u64>) -> Result<Recovered, ArchiveError> {
        self.read(|archive| archive.recover(at_batch))
    }

    fn batch_at(&mut self, at: Timestamp) -> Result<u64, ArchiveError> {
        self.read(|archive| archive.batch_at(at))
    }

    fn each_change(
        &mut self,
        from: Timestamp,
        to: Timestamp,
        take: &mut dyn FnMut(Timestamp, &Change),
    ) -> Result<(), ArchiveError> {
        self.read(|archive| archive.each_change(from, to, take))
    }

    fn reveals(&mut self, from: Timestamp, to: Timestamp) -> Result<Vec<Reveal>, ArchiveError> {
        self.read(|archive| archive.reveals(from, to))
    }

    fn each_reading(
        &mut self,
        device: DeviceId,
        from: Timestamp,
        to: Timestamp,
        take: &mut dyn FnMut(&Reading),
    ) -> Result<(), ArchiveError> {
        self.read(|archive| archive.each_reading(device, from, to, take))
    }

    fn rollups(
        &mut self,
        device: DeviceId,
        by: (Step, i32),
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Rollup>, ArchiveError> {
        self.read(|archive| archive.rollups(device, by, from, to))
    }

    fn detail(&mut self, device: DeviceId) -> Result<Detail, ArchiveError> {
        self.read(|archive| archive.detail(device))
    }

    fn thin_readings(&mut self, thinning: &Thinning<'_>) -> Result<Thinned, ArchiveError> {
        self.write(|archive| archive.thin_readings(thinning))
    }

    fn thin_batches(
        &mut self,
        before: Timestamp,
        batches_max: usize,
    ) -> Result<usize, ArchiveError> {
        self.write(|archive| archive.thin_batches(before, batches_max))
    }
}
