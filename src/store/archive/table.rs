//! The archive's log: batches and snapshots as rows. Never opens a file and never begins a
//! transaction. Histories of devices are in [`super::reading`].

use rusqlite::{Connection, OptionalExtension, params};

use crate::base::Timestamp;
use crate::model::Batch;
use crate::model::ports::SnapshotMark;

use super::reading::{self, RawSince, Writer};
use super::{blob, upgrade};

/// `PJAR`.
pub(super) const APPLICATION_ID: u32 = 0x504A_4152;
/// The format of the tables. 2 keeps the readings of a batch with it, and rollups.
pub(super) const FORMAT: u32 = 2;

/// `sum` is the CRC-32 of a batch but for its readings, which have their own; `count` how many these
/// are or were, for they are NULL once they are forgotten. `set_back` names batches whose time is
/// before that of the batch before them.
const CREATE: &str = "
CREATE TABLE batch (
  number INTEGER PRIMARY KEY NOT NULL, ground_version INTEGER NOT NULL, at INTEGER NOT NULL,
  count INTEGER NOT NULL, sum INTEGER NOT NULL, changes TEXT NOT NULL, readings BLOB);
CREATE INDEX batch_at ON batch (at);
CREATE TABLE set_back (batch INTEGER PRIMARY KEY NOT NULL);
CREATE TABLE snapshot (batch INTEGER PRIMARY KEY NOT NULL, live BLOB NOT NULL);
CREATE TABLE thinned_batches (up_to INTEGER NOT NULL);
INSERT INTO thinned_batches VALUES (0);
";

/// Makes the tables, or brings older ones up to date. The caller holds the transaction.
pub(super) fn make(connection: &Connection) -> rusqlite::Result<()> {
    let tables: u32 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables == 0 {
        connection.pragma_update(None, "application_id", APPLICATION_ID)?;
        connection.pragma_update(None, "user_version", FORMAT)?;
        return create(connection);
    }
    let [id, format] = marks(connection)?;
    if id == APPLICATION_ID && format == 1 {
        upgrade::from_1(connection)?;
        connection.pragma_update(None, "user_version", FORMAT)?;
    }
    Ok(())
}

pub(super) fn create(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(CREATE)?;
    connection.execute_batch(reading::CREATE)
}

/// Whose file it is, and of which format.
pub(super) fn marks(connection: &Connection) -> rusqlite::Result<[u32; 2]> {
    let mark = |name| connection.pragma_query_value(None, name, |row| row.get(0));
    Ok([mark("application_id")?, mark("user_version")?])
}

/// The number of the last batch.
pub(super) fn last_number(connection: &Connection) -> rusqlite::Result<u64> {
    let select = "SELECT coalesce(max(number), 0) FROM batch";
    connection.query_row(select, [], |row| {
        row.get::<_, i64>(0).map(i64::cast_unsigned)
    })
}

/// The time of the last batch.
pub(super) fn last_at(connection: &Connection) -> rusqlite::Result<Option<Timestamp>> {
    let select = "SELECT at FROM batch ORDER BY number DESC LIMIT 1";
    let last = connection.query_row(select, [], |row| row.get(0));
    Ok(last.optional()?.map(Timestamp::from_millis))
}

/// Writes one batch, and its readings into the histories of their devices.
pub(super) fn write_batch(
    connection: &Connection,
    batch: &Batch,
    changes: &str,
    raw_since: &RawSince,
) -> rusqlite::Result<()> {
    write_log(connection, batch, changes)?;
    let mut writer = Writer::new(connection, raw_since)?;
    batch.readings.iter().try_for_each(|one| writer.write(one))
}

/// Writes one batch, and no history.
pub(super) fn write_log(
    connection: &Connection,
    batch: &Batch,
    changes: &str,
) -> rusqlite::Result<()> {
    let number = batch.number.cast_signed();
    connection
        .prepare_cached("INSERT INTO batch VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?
        .execute(params![
            number,
            batch.ground_version.cast_signed(),
            batch.at.millis(),
            batch.readings.len() as i64,
            sum(batch, batch.readings.len(), changes),
            changes,
            blob::of_readings(batch),
        ])?;
    connection
        .prepare_cached(
            "INSERT INTO set_back SELECT ?1 FROM batch WHERE number = ?1 - 1 AND at > ?2",
        )?
        .execute([number, batch.at.millis()])?;
    Ok(())
}

/// The checksum of a batch, apart from its readings.
pub(super) fn sum(batch: &Batch, count: usize, changes: &str) -> u32 {
    let numbers = [
        batch.number.cast_signed(),
        batch.ground_version.cast_signed(),
        batch.at.millis(),
        count as i64,
    ];
    let numbers = numbers.map(i64::to_le_bytes).concat();
    blob::crc(&[&numbers, changes.as_bytes()])
}

/// A batch without its changes and readings, and what these are made from.
pub(super) struct Head {
    pub batch: Batch,
    pub count: usize,
    pub sum: i64,
    pub changes: String,
    /// `None` when they are forgotten.
    pub readings: Option<Vec<u8>>,
}

/// Calls `take` with the batches after `from` up to `to`, in order, until it says `false`.
pub(super) fn each_head(
    connection: &Connection,
    from: i64,
    to: i64,
    take: &mut dyn FnMut(Head) -> bool,
) -> rusqlite::Result<()> {
    let mut select = connection.prepare(
        "SELECT number, ground_version, at, count, sum, changes, readings FROM batch
         WHERE number > ?1 AND number <= ?2 ORDER BY number",
    )?;
    let mut rows = select.query([from, to])?;
    while let Some(row) = rows.next()? {
        let head = Head {
            batch: Batch {
                number: row.get::<_, i64>(0)?.cast_unsigned(),
                ground_version: row.get::<_, i64>(1)?.cast_unsigned(),
                at: Timestamp::from_millis(row.get(2)?),
                readings: Vec::new(),
                changes: Vec::new(),
                uncommitted: false,
            },
            count: usize::try_from(row.get::<_, i64>(3)?).unwrap_or_default(),
            sum: row.get(4)?,
            changes: row.get(5)?,
            readings: row.get(6)?,
        };
        if !take(head) {
            break;
        }
    }
    Ok(())
}

impl Head {
    /// Whether it is what was written, but for its readings.
    fn check(&self) -> Result<(), String> {
        match i64::from(sum(&self.batch, self.count, &self.changes)) == self.sum {
            true => Ok(()),
            false => Err(format!(
                "batch {} is not what was written",
                self.batch.number
            )),
        }
    }

    /// The whole batch, or why it cannot be what was written.
    pub fn whole(&self) -> Result<Batch, String> {
        self.check()?;
        let mut batch = self.batch.clone();
        let number = batch.number;
        batch.changes = serde_json::from_str(&self.changes)
            .map_err(|fault| format!("changes of batch {number}: {fault}"))?;
        if let Some(bytes) = &self.readings {
            let readings = blob::readings(bytes, batch.at);
            batch.readings =
                readings.ok_or_else(|| format!("readings of batch {number} are not as written"))?;
            if batch.readings.len() != self.count {
                return Err(format!("batch {number} lacks readings"));
            }
        }
        Ok(batch)
    }
}

/// What is wrong with the first batch or snapshot that is not what was written.
pub(super) fn wrong_sum(connection: &Connection) -> rusqlite::Result<Option<String>> {
    let (mut next, mut wrong) = (1, None);
    each_head(connection, 0, i64::MAX, &mut |head| {
        let is_next = head.batch.number == next;
        next += 1;
        let readings = head.readings.as_deref();
        wrong = match (is_next, head.check()) {
            (false, _) => Some(format!("batch {} is missing", next - 1)),
            (true, Err(reason)) => Some(reason),
            (true, Ok(())) if readings.is_some_and(|bytes| !blob::is_sound(bytes)) => {
                Some(format!("readings of batch {} are not as written", next - 1))
            }
            (true, Ok(())) => None,
        };
        wrong.is_none()
    })?;
    if wrong.is_some() {
        return Ok(wrong);
    }
    let mut select = connection.prepare("SELECT batch, live FROM snapshot ORDER BY batch")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        if let Err(reason) = blob::unpacked(&row.get::<_, Vec<u8>>(1)?) {
            let batch: i64 = row.get(0)?;
            return Ok(Some(format!("snapshot after batch {batch}: {reason}")));
        }
    }
    Ok(None)
}

/// Writes a batch as another log has it, unless one with its number is there.
pub(super) fn write_head(connection: &Connection, head: &Head) -> rusqlite::Result<bool> {
    let mut insert = connection
        .prepare_cached("INSERT OR IGNORE INTO batch VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?;
    let written = insert.execute(params![
        head.batch.number.cast_signed(),
        head.batch.ground_version.cast_signed(),
        head.batch.at.millis(),
        head.count as i64,
        head.sum,
        head.changes,
        head.readings,
    ])?;
    Ok(written == 1)
}

/// Forgets the readings of the oldest batches that have them and are of before a time; how many
/// batches those were.
pub(super) fn thin(
    connection: &Connection,
    before: Timestamp,
    batches_max: usize,
) -> rusqlite::Result<usize> {
    let select = "SELECT number, at FROM batch WHERE number > (SELECT up_to FROM thinned_batches)
        ORDER BY number LIMIT ?1";
    let mut select = connection.prepare_cached(select)?;
    let mut rows = select.query([batches_max as i64])?;
    let (mut last, mut count) = (None, 0);
    while let Some(row) = rows.next()? {
        if row.get::<_, i64>(1)? >= before.millis() {
            break;
        }
        last = Some(row.get::<_, i64>(0)?);
        count += 1;
    }
    if let Some(last) = last {
        let forget = "UPDATE batch SET readings = NULL
            WHERE number > (SELECT up_to FROM thinned_batches) AND number <= ?1";
        connection.execute(forget, [last])?;
        connection.execute("UPDATE thinned_batches SET up_to = ?1", [last])?;
    }
    Ok(count)
}

/// Keeps a snapshot.
pub(super) fn write_snapshot(
    connection: &Connection,
    batch: u64,
    live: &[u8],
) -> rusqlite::Result<usize> {
    connection.execute(
        "INSERT OR REPLACE INTO snapshot VALUES (?1, ?2)",
        params![batch.cast_signed(), live],
    )
}

/// The newest snapshot at or before a batch, with its own batch and packed.
pub(super) fn snapshot(
    connection: &Connection,
    to: i64,
) -> rusqlite::Result<Option<(u64, Vec<u8>)>> {
    let select = "SELECT batch, live FROM snapshot WHERE batch <= ?1 ORDER BY batch DESC LIMIT 1";
    connection
        .query_row(select, [to], |row| {
            Ok((row.get::<_, i64>(0)?.cast_unsigned(), row.get(1)?))
        })
        .optional()
}

/// Where snapshots stand, oldest first. Their batches tell the time: a snapshot itself is long.
pub(super) fn snapshots(connection: &Connection) -> rusqlite::Result<Vec<SnapshotMark>> {
    let mut select = connection.prepare_cached(
        "SELECT number, at FROM batch WHERE number IN (SELECT batch FROM snapshot)
         ORDER BY number",
    )?;
    let rows = select.query_map([], |row| {
        Ok(SnapshotMark {
            batch: row.get::<_, i64>(0)?.cast_unsigned(),
            at: Timestamp::from_millis(row.get(1)?),
        })
    })?;
    rows.collect()
}

/// Removes one snapshot, if it is there.
pub(super) fn drop_snapshot(connection: &Connection, batch: u64) -> rusqlite::Result<usize> {
    connection
        .prepare_cached("DELETE FROM snapshot WHERE batch = ?1")?
        .execute([batch.cast_signed()])
}

/// Numbers and changes of the batches that may tell of something opened.
pub(super) fn with_reveals(connection: &Connection) -> rusqlite::Result<Vec<(u64, String)>> {
    let mut select = connection.prepare(
        "SELECT number, changes FROM batch WHERE instr(changes, '\"revealed\"') ORDER BY number",
    )?;
    let rows = select.query_map([], |row| {
        Ok((row.get::<_, i64>(0)?.cast_unsigned(), row.get(1)?))
    })?;
    rows.collect()
}

/// Calls `take` with number, time and changes of every batch in a span of time in which anything
/// changed, in their order, until it says `false`.
pub(super) fn each_batch_with_changes(
    connection: &Connection,
    from: Timestamp,
    to: Timestamp,
    mut take: impl FnMut(u64, Timestamp, &str) -> bool,
) -> rusqlite::Result<()> {
    let mut select = connection.prepare(
        "SELECT number, at, changes FROM batch
         WHERE at BETWEEN ?1 AND ?2 AND changes <> '[]' ORDER BY number",
    )?;
    let mut rows = select.query([from.millis(), to.millis()])?;
    while let Some(row) = rows.next()? {
        let number = row.get::<_, i64>(0)?.cast_unsigned();
        let at = Timestamp::from_millis(row.get(1)?);
        let text = row.get_ref(2)?.as_str()?;
        if !take(number, at, text) {
            break;
        }
    }
    Ok(())
}

/// The number of the last batch at or before a time.
pub(super) fn batch_at(connection: &Connection, at: Timestamp) -> rusqlite::Result<u64> {
    // Times hardly ever go back; then the newest at or before that time is the last one, too.
    let newest = "SELECT number FROM batch WHERE at <= ?1 ORDER BY at DESC, number DESC LIMIT 1";
    let newest: Option<i64> = connection
        .query_row(newest, [at.millis()], |row| row.get(0))
        .optional()?;
    let Some(newest) = newest else {
        return Ok(0);
    };
    // Where a clock was set back after it, the last one is in the newest stretch without such a step
    // that begins early enough; within one, times rise.
    let mut select =
        connection.prepare_cached("SELECT batch FROM set_back WHERE batch > ?1 ORDER BY 1 DESC")?;
    let starts = select.query_map([newest], |row| row.get::<_, i64>(0))?;
    let mut end = last_number(connection)?.cast_signed() + 1;
    for start in starts {
        let start = start?;
        if time_of(connection, start)? <= at.millis() {
            let (mut low, mut high) = (start, end);
            while high - low > 1 {
                let middle = low + (high - low) / 2;
                match time_of(connection, middle)? <= at.millis() {
                    true => low = middle,
                    false => high = middle,
                }
            }
            return Ok(low.cast_unsigned());
        }
        end = start;
    }
    Ok(newest.cast_unsigned())
}

fn time_of(connection: &Connection, number: i64) -> rusqlite::Result<i64> {
    let mut select = connection.prepare_cached("SELECT at FROM batch WHERE number = ?1")?;
    select.query_row([number], |row| row.get(0))
}
