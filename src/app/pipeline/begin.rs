//! What a pipeline takes in before its first tick: a past that was made up, and what the archive knows of
//! sensors of tilt, settlement and cracks. Never judges by rules: those look at what is told from the
//! first tick on.

use std::collections::BTreeMap;

use crate::app::monitored::Bank;
use crate::base::{DeviceId, Millis, Timestamp};
use crate::model::{ApplyError, Change, Judgement, NEWLY_WORSE_MS, Reading};
use crate::monitor::SeriesMonitor;

use super::Pipeline;
use super::watch::Watch;

/// From one look at what is taken in to the next, as far back as it is told what became worse.
const LOOK_MS: Millis = 3 * 86_400_000;

impl Pipeline {
    /// Follows sensors of tilt, settlement and cracks from the next tick on, with the states of a bank.
    /// What the archive knows and they do not is taken in first, and what is said of a sensor is told
    /// with the next batch where that is news; answers with how many readings were taken in. Of a sensor of
    /// which nothing was said yet it is told, too, whether it became worse within the last month, to three
    /// days.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn follow(&mut self, mut bank: Bank) -> anyhow::Result<u64> {
        let until = self.twin.live().at;
        let mut count = 0;
        let mut before = BTreeMap::new();
        let judged = &self.twin.live().judged;
        let is_said = bank.sensors().all().all(|(id, _)| judged.contains_key(&id));
        let looks = (1..=NEWLY_WORSE_MS / LOOK_MS).rev();
        let looks = looks.filter(|_| !is_said);
        for look in looks.map(|steps| until.plus(-steps * LOOK_MS)) {
            count += self.keeper.catch_up(&mut bank, look)?;
            self.look(&bank, &mut before);
        }
        count += self.keeper.catch_up(&mut bank, until)?;
        let watch = Watch::new(bank, &self.twin);
        self.news.extend(watch.news(&self.twin, &before));
        self.watch = Some(watch);
        Ok(count)
    }

    /// Notes what would have been said of each sensor of which nothing was said yet.
    fn look(&self, bank: &Bank, before: &mut BTreeMap<DeviceId, Judgement>) {
        let judged = &self.twin.live().judged;
        let unsaid = bank.states().filter(|(id, _)| !judged.contains_key(id));
        for (device, state) in unsaid {
            let Some((last, told)) = SeriesMonitor::last(state).zip(bank.assess(device)) else {
                continue;
            };
            let judgement = told.judgement(last, None).following(before.get(&device));
            before.insert(device, judgement);
        }
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
