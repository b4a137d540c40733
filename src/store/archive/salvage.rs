//! What can still be read of a damaged log, brought into a new one; what it lacks is taken from a
//! backup. A batch counts when it is as it was written, by its checksum. Never changes what it reads.

use std::collections::BTreeSet;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::base::{DeviceId, Timestamp};
use crate::model::{Batch, Live, LostBatches, Step};

use super::blob;
use super::history::Histories;
use super::reading::{self, RawSince, Rows, Writer};
use super::table::{self, APPLICATION_ID, FORMAT, Head};

/// A log to read from.
pub(super) struct Source(Connection);

impl Source {
    /// `None` for a file that says nothing of itself any more.
    pub fn open(log: &Path) -> Option<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(log, flags).ok()?;
        let is_ours = table::marks(&connection).ok()? == [APPLICATION_ID, FORMAT];
        is_ours.then_some(Self(connection))
    }

    fn head(&self, number: i64) -> Option<Head> {
        let mut found = None;
        let mut take = |head| {
            found = Some(head);
            false
        };
        table::each_head(&self.0, number - 1, number, &mut take).ok()?;
        found
    }

    /// The first number that can be read behind one that cannot, as far as it can be found without
    /// trying each.
    fn next_readable(&self, bad: i64) -> Option<i64> {
        let last = [
            "SELECT max(number) FROM batch",
            "SELECT max(number) FROM batch INDEXED BY batch_at",
            "SELECT max(batch) FROM snapshot",
        ];
        let ask = |select: &&str| {
            let found = self
                .0
                .query_row(select, [], |row| row.get::<_, Option<i64>>(0));
            found.ok().flatten()
        };
        let last = last.iter().find_map(ask).unwrap_or(i64::MAX / 2);
        let (mut unread, mut step) = (bad, 1_i64);
        let mut readable = loop {
            let probe = bad.saturating_add(step).min(last);
            if probe <= unread {
                return None;
            }
            if self.head(probe).is_some() {
                break probe;
            }
            unread = probe;
            step = step.saturating_mul(2);
        };
        while readable - unread > 1 {
            let middle = unread + (readable - unread) / 2;
            match self.head(middle).is_some() {
                true => readable = middle,
                false => unread = middle,
            }
        }
        Some(readable)
    }

    /// Calls `take` with every batch that is there as it was written, in order.
    fn each(&self, mut take: impl FnMut(&Head, &Batch)) {
        let mut next = 1;
        loop {
            let begin = next - 1;
            let mut give = |head: Head| {
                let number = head.batch.number.cast_signed();
                // A page that stands where it does not belong leads back to what was read.
                if number >= next {
                    next = number + 1;
                    if let Ok(batch) = head.whole() {
                        take(&head, &batch);
                    }
                }
                true
            };
            if table::each_head(&self.0, begin, i64::MAX, &mut give).is_ok() {
                return;
            }
            match self.next_readable(next) {
                Some(readable) => next = readable,
                None => return,
            }
        }
    }

    /// Rows from the beginning up to where they cannot be read, and from the end back to there; and
    /// whether all could.
    fn both_ways<T>(
        &self,
        select: &str,
        by: &str,
        asked: &[i64],
        read: impl Fn(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
        mut take: impl FnMut(T),
    ) -> bool {
        let mut way = |order: &str| -> rusqlite::Result<()> {
            let mut select = self
                .0
                .prepare_cached(&format!("{select} ORDER BY {by} {order}"))?;
            let mut rows = select.query(rusqlite::params_from_iter(asked))?;
            while let Some(row) = rows.next()? {
                take(read(row)?);
            }
            Ok(())
        };
        if way("ASC").is_ok() {
            return true;
        }
        // It is known to be damaged: what comes from the other end is all there is.
        let _ = way("DESC");
        false
    }
}

/// How much came from where.
#[derive(Debug, Default)]
pub(super) struct Taken {
    /// Batches of the damaged log.
    pub salvaged: u64,
    /// Batches of the backup.
    pub restored: u64,
    /// Devices of which not every reading or rollup could be read.
    pub histories: BTreeSet<DeviceId>,
}

/// Brings everything that can be read into `into`, an empty log of the present format.
pub(super) fn salvage(
    into: &Connection,
    damaged: Option<&Source>,
    backup: Option<&Source>,
) -> rusqlite::Result<Taken> {
    let mut taken = Taken::default();
    let mut devices = BTreeSet::new();
    for (source, is_backup) in [(damaged, false), (backup, true)] {
        let Some(source) = source else { continue };
        let count = batches(into, source, &mut devices)?;
        match is_backup {
            true => taken.restored = count,
            false => taken.salvaged = count,
        }
        snapshots(into, source, &mut devices)?;
    }
    let sources = [damaged, backup].into_iter().flatten();
    for (place, source) in sources.enumerate() {
        let unread = histories(into, source, &devices)?;
        match place {
            0 => taken.histories = unread,
            // What one cannot tell the other may.
            _ => taken.histories = taken.histories.intersection(&unread).copied().collect(),
        }
    }
    into.execute(
        "UPDATE thinned_batches SET up_to =
         (SELECT coalesce(max(number), 0) FROM batch WHERE readings IS NULL)",
        [],
    )?;
    Ok(taken)
}

/// Batches that are not there yet; how many.
fn batches(
    into: &Connection,
    source: &Source,
    devices: &mut BTreeSet<DeviceId>,
) -> rusqlite::Result<u64> {
    let (mut count, mut fault) = (0, Ok(()));
    let none = RawSince::new();
    let mut writer = Writer::new(into, &none)?;
    source.each(|head, batch| {
        let mut write = || -> rusqlite::Result<bool> {
            if !table::write_head(into, head)? {
                return Ok(false);
            }
            for reading in &batch.readings {
                devices.insert(reading.device);
                writer.write(reading)?;
            }
            Ok(true)
        };
        if fault.is_ok() {
            match write() {
                Ok(is_new) => count += u64::from(is_new),
                Err(broken) => fault = Err(broken),
            }
        }
    });
    fault.map(|()| count)
}

fn snapshots(
    into: &Connection,
    source: &Source,
    devices: &mut BTreeSet<DeviceId>,
) -> rusqlite::Result<()> {
    let mut numbers = BTreeSet::new();
    let number = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
    source.both_ways("SELECT batch FROM snapshot", "batch", &[], number, |one| {
        numbers.insert(one);
    });
    for number in numbers {
        let Ok(Some((batch, packed))) = table::snapshot(&source.0, number) else {
            continue;
        };
        let live = blob::unpacked(&packed).ok();
        let live = live.and_then(|text| serde_json::from_str::<Live>(&text).ok());
        let Some(live) = live.filter(|live| live.batch == batch) else {
            continue;
        };
        devices.extend(live.devices.keys());
        let is_there: bool = into.query_row(
            "SELECT EXISTS (SELECT 1 FROM batch WHERE number >= ?1)",
            [batch.cast_signed()],
            |row| row.get(0),
        )?;
        if is_there {
            table::write_snapshot(into, batch, &packed)?;
        }
    }
    Ok(())
}

/// Readings and rollups of devices; of which of them not everything could be read.
fn histories(
    into: &Connection,
    source: &Source,
    devices: &BTreeSet<DeviceId>,
) -> rusqlite::Result<BTreeSet<DeviceId>> {
    let mut devices = devices.clone();
    let mut thinned = Vec::new();
    let is_whole = source.both_ways(
        "SELECT device, raw_since, too_late FROM thinned",
        "device",
        &[],
        |row| Ok([row.get::<_, i64>(0)?, row.get(1)?, row.get(2)?]),
        |row| thinned.push(row),
    );
    for row in &thinned {
        devices.insert(DeviceId::from_bits(row[0].cast_unsigned()));
        into.execute("INSERT OR IGNORE INTO thinned VALUES (?1, ?2, ?3)", *row)?;
    }
    let mut unread = BTreeSet::new();
    let raw_since = reading::raw_since(into)?;
    for device in devices {
        let since = raw_since.get(&device).copied();
        if !history(into, source, device, since)? || !is_whole {
            unread.insert(device);
        }
    }
    Ok(unread)
}

fn history(
    into: &Connection,
    source: &Source,
    device: DeviceId,
    raw_since: Option<Timestamp>,
) -> rusqlite::Result<bool> {
    let key = device.bits().cast_signed();
    let mut readings = Vec::new();
    let mut is_whole = source.both_ways(
        "SELECT at, arrived, value, second, temperature_c FROM reading WHERE device = ?1",
        "at",
        &[key],
        |row| reading::reading(device, row),
        |one| readings.push(one),
    );
    let none = RawSince::new();
    let mut writer = Writer::new(into, &none)?;
    for one in &readings {
        writer.write(one)?;
    }
    for step in Step::ALL {
        let mut rollups = Vec::new();
        is_whole &= source.both_ways(
            "SELECT at, count, mean, min, max, second_count, second_mean, second_min, second_max
             FROM rollup WHERE device = ?1 AND step = ?2",
            "at",
            &[key, step.millis()],
            reading::rollup,
            |one| rollups.push(one),
        );
        Rows(into).keep((device, *step), &rollups)?;
    }
    if let Some(since) = raw_since {
        // Batches may tell more than is kept singly.
        let surplus = "DELETE FROM reading WHERE device = ?1 AND at < ?2";
        into.execute(surplus, [key, since.millis()])?;
    }
    Ok(is_whole)
}

/// Puts an empty batch in the place of each that is lost, so that the log has no gap, and tells them.
pub(super) fn close_gaps(into: &Connection) -> rusqlite::Result<Vec<LostBatches>> {
    let mut select = into.prepare(
        "SELECT number, at, ground_version, before, before_at, before_ground FROM (
           SELECT number, at, ground_version, lag(number, 1, 0) OVER w AS before,
             lag(at) OVER w AS before_at, lag(ground_version) OVER w AS before_ground
           FROM batch WINDOW w AS (ORDER BY number))
         WHERE number > before + 1",
    )?;
    let rows = select.query_map([], |row| {
        let [number, at, ground]: [i64; 3] = [row.get(0)?, row.get(1)?, row.get(2)?];
        let from: Option<i64> = row.get(4)?;
        let ground = row.get::<_, Option<i64>>(5)?.unwrap_or(ground);
        let lost = LostBatches {
            first: (row.get::<_, i64>(3)? + 1).cast_unsigned(),
            last: (number - 1).cast_unsigned(),
            from: from.map(Timestamp::from_millis),
            to: Timestamp::from_millis(at),
        };
        Ok((lost, ground.cast_unsigned()))
    })?;
    let gaps: Vec<_> = rows.collect::<Result<_, _>>()?;
    for (lost, ground_version) in &gaps {
        for number in lost.first..=lost.last {
            let empty = Batch {
                number,
                ground_version: *ground_version,
                at: lost.from.unwrap_or(lost.to),
                readings: Vec::new(),
                changes: Vec::new(),
                uncommitted: false,
            };
            table::write_log(into, &empty, "[]")?;
        }
    }
    into.execute("DELETE FROM set_back", [])?;
    into.execute(
        "INSERT INTO set_back SELECT number FROM (
           SELECT number, at, lag(at) OVER (ORDER BY number) AS before FROM batch)
         WHERE at < before",
        [],
    )?;
    Ok(gaps.into_iter().map(|(lost, _)| lost).collect())
}

/// Whether two logs tell the same of a batch that both have; `true` where none is found.
pub(super) fn are_of_one_log(one: &Source, other: &Source) -> bool {
    // A log is the same from its first batch on.
    let tried = (1..=16).chain((5..40).map(|power| 1_i64 << power));
    let sums = tried.filter_map(|number| {
        let both = [one.head(number)?, other.head(number)?];
        let is_sound = both.iter().all(|head| head.whole().is_ok());
        is_sound.then(|| both[0].sum == both[1].sum)
    });
    sums.into_iter().next().unwrap_or(true)
}
