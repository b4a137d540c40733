//! Dwellings: how many homes each house has, their floors, doors and addresses.
//! Used by `generate`. Never says who lives in them.

use crate::base::{DwellingId, Sealed};
use crate::model::{Dwelling, Usage};

use super::canvas::Homes;
use super::finish::Placed;
use super::maker::Maker;
use super::spec::AreaError;

/// Less floor than this is no home.
const LEAST_HOME_M2: f64 = 24.0;
/// Walls, stairs and passages take the rest.
const NET_SHARE: f64 = 0.84;

/// A dwelling and where it is.
#[derive(Debug)]
pub(super) struct Home {
    pub(super) dwelling: Dwelling,
    /// Index of the building.
    pub(super) house: usize,
    pub(super) address: String,
}

/// Makes the dwellings of the community.
pub(super) fn homes(maker: &Maker, placed: &[Placed]) -> Result<Vec<Home>, AreaError> {
    let people = &maker.spec.people;
    let wanted = (people.households as f64 * people.dwellings_per_household).ceil() as usize;
    let counts = counts(placed, wanted);
    let room: usize = counts.iter().sum();
    if room < people.households {
        return Err(maker.spec.refuse(format!(
            "people.households is {}, but the houses have room for {room} homes",
            people.households
        )));
    }
    let mut homes = Vec::with_capacity(room);
    for (house, count) in counts.into_iter().enumerate() {
        for number in 0..count {
            homes.push(home(
                maker,
                &placed[house],
                house,
                number,
                count,
                homes.len(),
            ));
        }
    }
    Ok(homes)
}

/// Floors that are lived on: shops keep the ground floor.
fn lived_floors(placed: &Placed) -> u16 {
    match placed.building.usage {
        Usage::Commercial => placed.building.storeys.saturating_sub(1),
        _ => placed.building.storeys,
    }
}

/// Homes in each house: walk-ups by their stairs; the rest by floor area, at least one each.
fn counts(placed: &[Placed], wanted: usize) -> Vec<usize> {
    let fixed = |one: &Placed| match one.homes {
        Homes::WalkUp { stairs } if one.community.is_some() => {
            usize::from(stairs) * usize::from(one.building.storeys) * 2
        }
        _ => 0,
    };
    let floor_m2 = |one: &Placed| match one.homes {
        Homes::House if one.community.is_some() => one.area_m2 * f64::from(lived_floors(one)),
        _ => 0.0,
    };
    let mut counts: Vec<usize> = placed.iter().map(fixed).collect();
    let rest = wanted.saturating_sub(counts.iter().sum());
    let areas: Vec<f64> = placed.iter().map(floor_m2).collect();
    let limits: Vec<usize> = areas
        .iter()
        .map(|m2| (m2 / LEAST_HOME_M2) as usize)
        .collect();
    let mut left = rest;
    for (count, limit) in counts.iter_mut().zip(&limits) {
        if left > 0 && *limit > 0 {
            *count += 1;
            left -= 1;
        }
    }
    // The next home goes to the house with most floor a home (D'Hondt), which keeps homes alike.
    let mut queue: std::collections::BinaryHeap<(u64, std::cmp::Reverse<usize>)> = (0..areas.len())
        .filter(|at| limits[*at] > 0)
        .map(|at| (claim(areas[at], counts[at]), std::cmp::Reverse(at)))
        .collect();
    while left > 0 {
        let Some((_, std::cmp::Reverse(at))) = queue.pop() else {
            break;
        };
        if counts[at] < limits[at] {
            counts[at] += 1;
            left -= 1;
            queue.push((claim(areas[at], counts[at]), std::cmp::Reverse(at)));
        }
    }
    counts
}

/// Floor for one more home, in square centimetres.
fn claim(area_m2: f64, count: usize) -> u64 {
    (area_m2 * 10_000.0 / (count + 1) as f64) as u64
}

fn home(
    maker: &Maker,
    placed: &Placed,
    house: usize,
    number: usize,
    count: usize,
    index: usize,
) -> Home {
    let floors = usize::from(lived_floors(placed)).max(1);
    let lowest = usize::from(placed.building.storeys).saturating_sub(floors) + 1;
    let on_floor = count.div_ceil(floors);
    let floor = lowest + (number / on_floor).min(floors - 1);
    let door = format!("{}{:02}室", floor, number % on_floor + 1);
    let base = placed.building.address.as_ref().unwrap_or(&placed.lot);
    let address = format!("{base} {door}");
    let key = format!("dwelling-{:04}", index + 1);
    let floor_m2 = placed.area_m2 * f64::from(lived_floors(placed));
    let dwelling = Dwelling {
        id: DwellingId::from_source(&maker.dataset, &key),
        source: maker.source(&key),
        building: placed.building.id,
        floor: floor as i16,
        door: Sealed::new(door),
        usage: Usage::Residential,
        area_m2: (floor_m2 * NET_SHARE / count as f64 * 10.0).round() / 10.0,
        address: None,
    };
    Home {
        dwelling,
        house,
        address,
    }
}
