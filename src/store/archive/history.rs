//! What both archives do alike with the histories of devices: answer for steps of time, and make
//! rollups of readings that grew old. Never opens anything: the rows are behind [`Histories`].

use crate::base::{DeviceId, Timestamp};
use crate::model::ports::{Detail, Thinned, Thinning};
use crate::model::{Reading, Roller, Rollup, Step, days_of};

/// The rows of an archive: readings, and rollups of those that are gone.
pub(super) trait Histories {
    type Fault;

    /// How much is known of a device.
    fn detail(&mut self, device: DeviceId) -> Result<Detail, Self::Fault>;

    /// The device time of the oldest reading.
    fn first(&mut self, device: DeviceId) -> Result<Option<Timestamp>, Self::Fault>;

    /// Its readings from a time on and before another, oldest first.
    fn each(
        &mut self,
        device: DeviceId,
        from: Timestamp,
        to: Timestamp,
        take: &mut dyn FnMut(&Reading),
    ) -> Result<(), Self::Fault>;

    /// Its rollups that begin from a time on and before another, oldest first.
    fn rolled(
        &mut self,
        of: (DeviceId, Step),
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Rollup>, Self::Fault>;

    /// Keeps rollups, each in the place of the one of the same step.
    fn keep(&mut self, of: (DeviceId, Step), rollups: &[Rollup]) -> Result<(), Self::Fault>;

    /// Forgets the readings before a time, notes that raw readings begin there, and tells how many
    /// they were.
    fn forget(&mut self, device: DeviceId, before: Timestamp) -> Result<usize, Self::Fault>;
}

/// As [`Archive::rollups`](crate::model::ports::Archive::rollups).
pub(super) fn rollups<H: Histories>(
    histories: &mut H,
    device: DeviceId,
    (step, offset): (Step, i32),
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Rollup>, H::Fault> {
    let raw_since = histories.detail(device)?.raw_since;
    // From here on it is made of readings, before it is kept as it was made of them.
    let Some(border) = raw_since else {
        return fresh(histories, device, (step, offset), from, to);
    };
    if step != Step::Day {
        let mut all = histories.rolled((device, step), from, to.min(border))?;
        all.extend(fresh(
            histories,
            device,
            (step, offset),
            from.max(border),
            to,
        )?);
        return Ok(all);
    }
    // The day of the border has hours of both sorts.
    let day = Step::Day.begin(border, offset);
    let mut all = histories.rolled((device, step), from, to.min(day))?;
    let (first, end) = (
        first_from(step, offset, from.max(day)),
        end_of(step, offset, to),
    );
    let mut hours = histories.rolled((device, Step::Hour), first, end.min(border))?;
    hours.extend(fresh(
        histories,
        device,
        (Step::Hour, offset),
        first.max(border),
        end,
    )?);
    all.extend(days_of(&hours, offset));
    Ok(all)
}

/// Rollups made of readings just now.
fn fresh<H: Histories>(
    histories: &mut H,
    device: DeviceId,
    (step, offset): (Step, i32),
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Rollup>, H::Fault> {
    let (first, end) = (first_from(step, offset, from), end_of(step, offset, to));
    let base = if step == Step::Day { Step::Hour } else { step };
    let mut roller = Roller::new(base, offset);
    if first < end {
        histories.each(device, first, end, &mut |reading| roller.take(reading))?;
    }
    let made = roller.finish();
    Ok(match step {
        Step::Day => days_of(&made, offset),
        _ => made,
    })
}

/// The first step that begins at `from` or after it.
fn first_from(step: Step, offset: i32, from: Timestamp) -> Timestamp {
    match step.begin(from, offset) {
        begin if begin < from => begin.plus(step.millis()),
        begin => begin,
    }
}

/// Where the last step ends that begins before `to`.
fn end_of(step: Step, offset: i32, to: Timestamp) -> Timestamp {
    first_from(step, offset, to)
}

/// As [`Archive::thin_readings`](crate::model::ports::Archive::thin_readings), in the caller's
/// transaction.
pub(super) fn thin<H: Histories>(
    histories: &mut H,
    thinning: &Thinning<'_>,
) -> Result<Thinned, H::Fault> {
    let mut thinned = Thinned::default();
    for device in thinning.devices {
        while let Some(first) = histories.first(*device)? {
            let begin = Step::Hour.begin(first, thinning.utc_offset_minutes);
            let end = begin.plus(Step::Hour.millis());
            if end > thinning.before {
                break;
            }
            let gone = thin_hour(
                histories,
                *device,
                thinning.utc_offset_minutes,
                (begin, end),
            )?;
            thinned.readings += gone;
            if thinned.readings >= thinning.readings_max {
                return Ok(thinned);
            }
            if gone == 0 {
                // At the end of what time can count; there it stays.
                break;
            }
        }
        thinned.devices += 1;
    }
    Ok(thinned)
}

/// One hour of one device becomes its minutes, itself, and a part of its day.
fn thin_hour<H: Histories>(
    histories: &mut H,
    device: DeviceId,
    offset: i32,
    (begin, end): (Timestamp, Timestamp),
) -> Result<usize, H::Fault> {
    let mut minutes = Roller::new(Step::Minute, offset);
    let mut hour = Roller::new(Step::Hour, offset);
    histories.each(device, begin, end, &mut |reading| {
        minutes.take(reading);
        hour.take(reading);
    })?;
    histories.keep((device, Step::Minute), &minutes.finish())?;
    histories.keep((device, Step::Hour), &hour.finish())?;
    let day = Step::Day.begin(begin, offset);
    let hours = histories.rolled((device, Step::Hour), day, day.plus(Step::Day.millis()))?;
    histories.keep((device, Step::Day), &days_of(&hours, offset))?;
    histories.forget(device, end)
}
