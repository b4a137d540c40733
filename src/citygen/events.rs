//! What residents reported, ordered and brought to the contact day in the last weeks.
//! Used by `generate`. Never names anybody in a title; who reported stands sealed beside it.

use jiff::civil::Date;

use crate::base::{EventId, Sealed, Timestamp};
use crate::model::{Entity, Event, EventStatus, OfHome};

use super::devices::Mounts;
use super::maker::Maker;
use super::records::Record;
use super::seed::Stream;
use super::spec::EventSpec;

/// Events are at most this old.
const WEEKS: i32 = 6;
const DAY_MS: i64 = 86_400_000;

/// Writes the events.
pub(super) fn events(maker: &Maker, mounts: &Mounts, out: &mut Vec<Entity>) {
    let kinds = &maker.spec.event;
    let shares: Vec<f64> = kinds.iter().map(|kind| kind.share).collect();
    let mut stream = maker.seed.stream("events");
    let grown: Vec<&Record> = mounts
        .registry
        .records
        .iter()
        .filter(|record| record.age >= 18)
        .collect();
    if grown.is_empty() || kinds.is_empty() {
        return;
    }
    for number in 0..maker.spec.things.events {
        let kind = &kinds[stream.weighted(&shares)];
        let reporter = grown[stream.index(grown.len())];
        let one = event(maker, mounts, number, kind, reporter, &mut stream);
        out.push(Entity::from(one));
    }
}

fn event(
    maker: &Maker,
    mounts: &Mounts,
    number: usize,
    kind: &EventSpec,
    reporter: &Record,
    stream: &mut Stream,
) -> Event {
    let key = format!("event-{:05}", number + 1);
    let home = &mounts.homes[mounts.registry.hearths[reporter.household].home];
    let placed = &mounts.placed[home.house];
    // What lies in public is reported from the house before which it lies.
    let [x, y] = match kind.home {
        true => super::spots::inside(&placed.building, stream),
        false => super::spots::corner(&placed.building, stream),
    };
    let minutes = stream.whole(5, WEEKS * 7 * 24 * 60);
    let reported_at = day(maker).plus(-i64::from(minutes) * 60_000);
    let due_at = reported_at.plus(i64::from(stream.whole(1, 15)) * DAY_MS);
    let phone = reporter.phone.as_deref().unwrap_or_default();
    Event {
        id: EventId::from_source(&maker.dataset, &key),
        source: maker.source(&key),
        kind: kind.kind,
        group: kind.group,
        title: Some(kind.title.clone()),
        position: Some([x, y, placed.building.ground_m]),
        building: Some(placed.building.id),
        dwelling: kind.home.then_some(home.dwelling.id),
        area: placed.building.area,
        reported_at,
        due_at: Some(due_at),
        status: status(minutes, stream),
        reporter: Some(Sealed::new(format!("{} {phone}", reporter.name).trim_end())),
        text: Some(Sealed::new(format!("{}：{}", home.address, kind.title))),
        home: match kind.home {
            true => OfHome::Yes,
            false => OfHome::No,
        },
    }
}

/// The longer ago, the likelier it is done; what is hard waits for a joint meeting.
fn status(minutes: i32, stream: &mut Stream) -> EventStatus {
    let days = f64::from(minutes) / 1_440.0;
    let closed = (days / 9.0).min(0.94);
    let rest = 1.0 - closed;
    let all = [
        (EventStatus::Closed, closed),
        (EventStatus::Handling, rest * 0.5),
        (EventStatus::Open, rest * 0.35),
        (EventStatus::Waiting, rest * 0.15),
    ];
    all[stream.weighted(&all.map(|(_, share)| share))].0
}

/// The beginning of the registry's day.
fn day(maker: &Maker) -> Timestamp {
    let day: Date = maker
        .spec
        .as_of
        .parse()
        .unwrap_or(Date::constant(2026, 1, 1));
    let days = day
        .since(Date::constant(1970, 1, 1))
        .map_or(0, |span| span.get_days());
    let offset_ms = i64::from(maker.spec.utc_offset_minutes) * 60_000;
    Timestamp::from_millis(i64::from(days) * DAY_MS - offset_ms)
}
