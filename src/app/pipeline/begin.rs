//! What a pipeline takes in before its first tick: a past that was made up, and what the archive knows of
//! sensors of tilt, settlement and cracks. Never judges by rules: those look at what is told from the
//! first tick on.

use crate::app::monitored::Bank;
use crate::base::Timestamp;
use crate::model::{ApplyError, Change, Reading};

use super::Pipeline;
use super::watch::Watch;

impl Pipeline {
    /// Follows sensors of tilt, settlement and cracks from the next tick on, with the states of a bank.
    /// What the archive knows and they do not is taken in first, and what is said of a sensor is told
    /// with the next batch where that is news; answers with how many readings were taken in.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn follow(&mut self, mut bank: Bank) -> anyhow::Result<u64> {
        let until = self.twin.live().at;
        let count = self.keeper.catch_up(&mut bank, until)?;
        let watch = Watch::new(bank, &self.twin);
        self.news.extend(watch.news(&self.twin));
        self.watch = Some(watch);
        Ok(count)
    }

    /// Keeps readings of a past that nobody listened to, as a batch of its time. No rule judges them.
    ///
    /// # Errors
    /// As [`Pipeline::tick`].
    pub fn recall(
        &mut self,
        readings: Vec<Reading>,
        changes: Vec<Change>,
        at: Timestamp,
    ) -> Result<(), ApplyError> {
        let at = at.max(self.twin.live().at);
        self.run(readings, changes, at, &mut |_| {})?;
        Ok(())
    }

    /// Keeps a snapshot now, so that a next start need not read all of what was recalled.
    pub fn keep_snapshot(&mut self) {
        self.keeper.snapshot(self.twin.live());
    }
}
