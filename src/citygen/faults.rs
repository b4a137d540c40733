//! Planted inaccuracies: unlinked, stale, contradictory and duplicate records, in exact numbers.
//! Used by `generate`. A quality report finds them unaided; nothing marks them in the city.

use super::homes::Home;
use super::maker::Maker;
use super::records::{Registry, check_character, day_before};
use super::seed::Stream;

/// Spoils records in the shares of the description.
pub(super) fn plant(maker: &Maker, homes: &[Home], registry: &mut Registry) {
    let spec = maker.spec;
    let total = registry.records.len() as f64;
    let count = |share: f64| (total * share).round() as usize;
    let mut stream = maker.seed.stream("faults");
    unlink(
        maker,
        registry,
        count(1.0 - spec.people.link_rate),
        &mut stream,
    );
    let mut sound: Vec<usize> = (0..registry.records.len())
        .filter(|at| registry.records[*at].dwelling.is_some())
        .collect();
    stream.shuffle(&mut sound);
    duplicate(
        maker,
        registry,
        &mut sound,
        count(spec.faults.duplicate / 2.0),
    );
    for at in take(&mut sound, count(spec.faults.stale)) {
        let days = stream.whole(3 * 365 + 40, 9 * 365);
        registry.records[at].verified_on = day_before(maker, days);
    }
    for (number, at) in take(&mut sound, count(spec.faults.contradictory))
        .into_iter()
        .enumerate()
    {
        contradict(homes, registry, at, number, &mut stream);
    }
}

fn take(sound: &mut Vec<usize>, count: usize) -> Vec<usize> {
    sound.split_off(sound.len().saturating_sub(count))
}

/// Whole households whose address fits no home, until exactly `wanted` residents are unlinked.
fn unlink(maker: &Maker, registry: &mut Registry, wanted: usize, stream: &mut Stream) {
    let mut members = vec![Vec::new(); registry.hearths.len()];
    for (at, record) in registry.records.iter().enumerate() {
        members[record.household].push(at);
    }
    let mut order: Vec<usize> = (0..members.len()).collect();
    stream.shuffle(&mut order);
    let mut left = wanted;
    for household in order {
        let size = members[household].len();
        if size > left {
            continue;
        }
        left -= size;
        let hearth = &mut registry.hearths[household];
        hearth.linked = false;
        hearth.address = vague(maker, &hearth.address, stream);
        for at in &members[household] {
            registry.records[*at].dwelling = None;
            registry.records[*at].address = hearth.address.clone();
        }
    }
}

/// An address as people give it: without the door, without the sub-district, or of another number.
fn vague(maker: &Maker, address: &str, stream: &mut Stream) -> String {
    let short = maker.layout.without_street(address);
    let without_door = address.rsplit_once(' ').map_or(address, |(head, _)| head);
    match stream.index(3) {
        0 => without_door.to_owned(),
        1 => format!(
            "{}(原门牌)",
            short.rsplit_once(' ').map_or(short, |(head, _)| head)
        ),
        _ => format!("{without_door} 9{}室", stream.whole(10, 99)),
    }
}

/// Somebody registered twice: the record of a person also stands in another household.
fn duplicate(maker: &Maker, registry: &mut Registry, sound: &mut Vec<usize>, pairs: usize) {
    let only_alone: Vec<&str> = maker
        .spec
        .label
        .iter()
        .filter(|l| l.alone)
        .map(|l| l.id.as_str())
        .collect();
    for _ in 0..pairs {
        // The second record replaces somebody who lives with others, so that nobody who is
        // counted as living alone disappears.
        let Some(second) = sound.iter().rposition(|at| !registry.records[*at].alone) else {
            return;
        };
        let second = sound.swap_remove(second);
        let household = registry.records[second].household;
        let like = |at: &usize| {
            let record = &registry.records[*at];
            record.household != household && record.age >= 18
        };
        let Some(first) = sound.iter().rposition(like) else {
            return;
        };
        let first = registry.records[sound.swap_remove(first)].clone();
        let record = &mut registry.records[second];
        record.name = first.name;
        record.identity_no = first.identity_no;
        record.birth_date = first.birth_date;
        record.phone = first.phone;
        record.age = first.age;
        record.labels = first.labels;
        record.traits = first.traits;
        record.contacts = first.contacts;
        record
            .labels
            .retain(|label| !only_alone.contains(&label.as_str()));
    }
}

/// In turn: another birthday, a wrong check digit, another dwelling than the household's.
fn contradict(
    homes: &[Home],
    registry: &mut Registry,
    at: usize,
    number: usize,
    stream: &mut Stream,
) {
    let record = &mut registry.records[at];
    match number % 3 {
        0 => {
            let later: Option<jiff::civil::Date> = record.birth_date.parse().ok();
            let days = jiff::ToSpan::days(stream.whole(1, 300));
            let later = later.map(|date| date.saturating_add(days));
            record.birth_date = later.map_or(String::new(), |date| date.to_string());
        }
        1 => {
            let body: String = record.identity_no.chars().take(17).collect();
            let right = check_character(&body);
            record.identity_no = format!("{body}{}", if right == '7' { '3' } else { '7' });
        }
        _ => {
            let own = record.dwelling;
            let other = homes[stream.index(homes.len())].dwelling.id;
            let next = homes
                .iter()
                .map(|home| home.dwelling.id)
                .find(|id| Some(*id) != own);
            record.dwelling = if Some(other) == own {
                next
            } else {
                Some(other)
            };
        }
    }
}
