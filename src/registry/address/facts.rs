//! What is known of a city before its addresses are read: names of its areas, ways and estates.
//! Made from the city's ground; an empty one works too. Never holds a door.

use std::collections::HashMap;

use super::normal;
use crate::model::{Ground, PlaceKind};

/// What a known name names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Known {
    Way,
    Estate,
}

/// Names of one city. The longest name wins where several begin at the same place.
#[derive(Debug, Clone, Default)]
pub struct CityNames {
    names: HashMap<Vec<char>, Known>,
    /// Lengths of names that occur, long to short.
    lengths: Vec<usize>,
    province: Option<String>,
    city: Option<String>,
}

impl CityNames {
    /// Takes the names of ways (roads, lanes, quays, bridges) and of estates, compounds and named
    /// buildings. A name of one character, or with nothing but a figure, is passed over: it would
    /// be found everywhere.
    #[must_use]
    pub fn new<'a>(
        ways: impl IntoIterator<Item = &'a str>,
        estates: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let mut all = Self::default();
        for name in estates {
            all.add(name, Known::Estate);
        }
        for name in ways {
            all.add(name, Known::Way);
        }
        let mut lengths: Vec<usize> = all.names.keys().map(Vec::len).collect();
        lengths.sort_unstable_by(|a, b| b.cmp(a));
        lengths.dedup();
        all.lengths = lengths;
        all
    }

    /// The names of a city's ways, and of its estates, quarters and gardens.
    #[must_use]
    pub fn of(ground: &Ground) -> Self {
        let ways = ground.roads.values().filter_map(|one| one.name.as_deref());
        let quarters = ground
            .places
            .values()
            .filter(|one| one.kind == PlaceKind::Quarter);
        Self::new(ways, quarters.map(|one| one.name.as_str()))
    }

    /// The same, with the province and the city that addresses may leave out or name without
    /// 省 and 市.
    #[must_use]
    pub fn within(mut self, province: Option<&str>, city: Option<&str>) -> Self {
        self.province = province.map(str::to_owned);
        self.city = city.map(str::to_owned);
        self
    }

    fn add(&mut self, name: &str, known: Known) {
        let mut chars = normal::plain(name).chars;
        chars.retain(|one| *one != ' ');
        let tells = chars.len() > 1 && chars.iter().any(|one| !one.is_ascii());
        if tells {
            self.names.insert(chars, known);
        }
    }

    /// The length of the name that begins here, 0 where none does.
    pub(super) fn length_at(&self, chars: &[char]) -> usize {
        self.at(chars).map_or(0, |(length, _)| length)
    }

    /// Whether the city has a way, an estate or the like that is called so.
    #[must_use]
    pub fn knows(&self, name: &str) -> bool {
        let chars: Vec<char> = name.chars().collect();
        self.names.contains_key(&chars)
    }

    /// The name that begins here: its length and what it names.
    pub(super) fn at(&self, chars: &[char]) -> Option<(usize, Known)> {
        let fits = self.lengths.iter().filter(|length| **length <= chars.len());
        fits.into_iter()
            .find_map(|length| Some((*length, *self.names.get(&chars[..*length])?)))
    }

    /// Province and city in their short form (江苏, 苏州), where they are known.
    pub(super) fn stems(&self) -> impl Iterator<Item = &str> {
        let province = self
            .province
            .as_deref()
            .map(|one| one.trim_end_matches('省'));
        let city = self.city.as_deref().map(|one| one.trim_end_matches('市'));
        [province, city]
            .into_iter()
            .flatten()
            .filter(|one| !one.is_empty())
    }
}
