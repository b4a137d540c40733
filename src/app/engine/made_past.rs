//! The past of a simulated city: what its sensors of tilt, settlement and cracks would have told before
//! its simulation began, written into an archive that is empty, so that the monitor has the weeks that it
//! needs. A past that was cut off is completed by the next start. Used by the engine when it starts; never
//! touches an archive in which anything else was kept, never raises an alarm.

use std::time::Instant;

use crate::app::clock;
use crate::app::pipeline::Pipeline;
use crate::base::{Millis, Timestamp};
use crate::citygen::days::Simulation;
use crate::model::{Change, FeedStatus, Ground, KindTable, Live};

use super::Options;

const HOUR_MS: Millis = 3_600_000;
const DAY_MS: Millis = 24 * HOUR_MS;
/// Readings of a past at most: with more sensors there are fewer days, so that a start takes seconds.
const READINGS_MOST: u64 = 1_200_000;

/// Writes the past, if one is wanted and the archive has none.
///
/// # Errors
/// Never in a sound build, as [`Pipeline::tick`].
pub(super) fn write(
    options: &Options,
    ground: &Ground,
    kinds: &KindTable,
    pipeline: &mut Pipeline,
) -> anyhow::Result<()> {
    let Some(simulated) = options.simulate.filter(|it| it.history_days > 0) else {
        return Ok(());
    };
    let live = pipeline.twin().live();
    let Some(start) = start_of(live) else {
        return Ok(());
    };
    let (seed, scenario) = (simulated.seed, simulated.scenario);
    let mut simulation = Simulation::new(ground, kinds, seed, scenario, start);
    let days = days(simulated.history_days, simulation.with_past());
    if days == 0 {
        return Ok(());
    }
    let began = Instant::now();
    let end = start.plus(-Simulation::WARM_UP_MS);
    let mut changes = Vec::new();
    let mut from = live.at;
    if live.batch == 0 {
        // Whole hours, by which a past may be cut.
        let first = end.plus(-i64::from(days) * DAY_MS).millis();
        from = Timestamp::from_millis(first.div_euclid(HOUR_MS) * HOUR_MS);
        let status = FeedStatus {
            name: "simulator".to_owned(),
            simulated: true,
            exercise: options.drill,
            since: from,
            simulation_start: Some(start),
            ..FeedStatus::default()
        };
        changes.push(Change::Feed { status });
    }
    let mut readings = 0;
    while from < end {
        let to = from.plus(DAY_MS).min(end);
        let told = simulation.past(from, to, end);
        readings += told.len();
        pipeline.recall(told, std::mem::take(&mut changes), to)?;
        from = to;
    }
    pipeline.keep_snapshot();
    let millis = began.elapsed().as_millis();
    tracing::info!(
        days,
        readings,
        millis,
        "a past was made up (--history 0: none)"
    );
    Ok(())
}

/// When the simulation begins whose past is to be written: now in an archive that is empty, and where a
/// past was cut off, the moment up to which it was meant.
fn start_of(live: &Live) -> Option<Timestamp> {
    if live.batch == 0 {
        return Some(clock::now());
    }
    let start = live.feed.simulation_start?;
    (live.at < start.plus(-Simulation::WARM_UP_MS)).then_some(start)
}

/// How many days a past has for so many sensors that tell once an hour.
fn days(asked: u32, sensors: usize) -> u32 {
    let a_day = 24 * sensors as u64;
    let most = READINGS_MOST.checked_div(a_day).unwrap_or(0);
    asked.min(u32::try_from(most).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_district_has_fewer_days_and_a_city_without_sensors_none() {
        assert_eq!(days(120, 300), 120);
        assert_eq!(days(120, 1_050), 47);
        assert_eq!(days(120, 0), 0);
        assert_eq!(days(0, 300), 0);
    }

    #[test]
    fn a_past_is_begun_where_nothing_is_and_completed_where_it_was_cut_off() {
        let start = Timestamp::from_millis(1_777_593_600_000);
        let live = |before_ms: Millis, simulation_start| Live {
            batch: 3,
            at: start.plus(-before_ms),
            feed: FeedStatus {
                simulation_start,
                ..FeedStatus::default()
            },
            ..Live::default()
        };
        assert!(start_of(&Live::default()).is_some());
        assert_eq!(start_of(&live(5 * DAY_MS, Some(start))), Some(start));
        assert_eq!(start_of(&live(Simulation::WARM_UP_MS, Some(start))), None);
        assert_eq!(start_of(&live(5 * DAY_MS, None)), None, "of real devices");
    }
}
