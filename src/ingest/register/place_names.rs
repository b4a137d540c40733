//! Names of places of the city, that people may be called like: a name within that of a street, a house,
//! an area or a facility says nothing of a person. Used by [`super::at_home`]. Keeps fingerprints of them,
//! and never a name of a person.

use std::collections::HashSet;

use super::name_in_text::{Name, print};
use crate::model::Ground;

/// The most letters of the name of a place that is looked for.
const MOST: usize = 24;

/// Names of places, by their letters.
#[derive(Default)]
pub(super) struct PlaceNames {
    prints: HashSet<u64>,
    longest: usize,
}

impl PlaceNames {
    /// Those of a city.
    pub(super) fn of(ground: &Ground) -> Self {
        let roads = ground.roads.values().filter_map(|one| one.name.as_deref());
        let water = ground.water.values().filter_map(|one| one.name.as_deref());
        let open = ground.ground_areas.values();
        let open = open.filter_map(|one| one.name.as_deref());
        let buildings = ground.buildings.values();
        let buildings = buildings.filter_map(|one| one.name.as_deref());
        let named = ground.places.values().map(|one| one.name.as_str());
        let areas = ground.areas.values().map(|one| one.name.as_str());
        let facilities = ground.facilities.values().map(|one| one.name.as_str());
        let mut all = Self::default();
        let ways = roads.chain(water).chain(open).chain(buildings);
        for name in ways.chain(named).chain(areas).chain(facilities) {
            let name = Name::of(name);
            if name.length() <= MOST {
                all.longest = all.longest.max(name.length());
                all.prints.insert(print(name.letters()));
            }
        }
        all
    }

    /// Whether a name of somebody, with what stands before and behind it, is a part of one of these
    /// names. One that is nothing else is a person's.
    pub(super) fn hold(&self, name: &str, before: &str, behind: &str) -> bool {
        let (before, behind) = (Name::of(before), Name::of(behind));
        let front: Vec<char> = before.letters().chars().collect();
        let back: Vec<char> = behind.letters().chars().collect();
        let room = self.longest.saturating_sub(name.chars().count());
        (0..=room.min(front.len())).any(|more| {
            let mut text: String = front[front.len() - more..].iter().collect();
            text.push_str(name);
            let ends = back.iter().take(room - more);
            let is_place = |text: &str| text != name && self.prints.contains(&print(text));
            if is_place(&text) {
                return true;
            }
            ends.into_iter().any(|letter| {
                text.push(*letter);
                is_place(&text)
            })
        })
    }
}
