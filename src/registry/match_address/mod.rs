//! Which dwelling an address means: the best candidate, how sure that is, and why not surer.
//!
//! [`AddressIndex`] is built once over the addresses of all candidates; [`AddressIndex::find`]
//! looks at the few that share way or estate, house and door, so a look-up takes O(log n) and the
//! size of that handful. Nothing that contradicts is ever linked, and of several that fit equally
//! none: both are told with their candidates, for a person to decide. A [`Reason`] names a part
//! and never its value.

mod candidates;
mod names;
mod reason;
mod rules;
mod score;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use super::address::{Address, Numbered};
use names::SimilarNames;
pub use reason::{How, Reason};
pub use rules::MatchRules;

/// A candidate with a contradiction has no better score than this, whatever else fits.
pub const CONTRADICTED_AT_MOST: f64 = 0.5;

/// A candidate for an address.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate<K> {
    /// Whose address it is.
    pub key: K,
    /// From 0 to 1.
    pub score: f64,
    /// What was missing or differed, from large parts to small.
    pub reasons: Vec<Reason>,
    /// A part that both tell differs: this is another door.
    pub contradicts: bool,
}

/// What an address means.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome<K> {
    /// This one, and no other is as good.
    Linked(Candidate<K>),
    /// These are equally good; never empty. There may be more than are listed.
    Ambiguous(Vec<Candidate<K>>),
    /// None is good enough. The best that there is, if the way or estate is known at all.
    Unmatched(Option<Candidate<K>>),
}

impl<K: Copy> Outcome<K> {
    /// The key to link, if there is one.
    #[must_use]
    pub fn linked(&self) -> Option<K> {
        match self {
            Self::Linked(one) => Some(one.key),
            _ => None,
        }
    }
}

/// A text of the index; 0 is none.
type Sym = u32;

/// A text that the index does not have: differs from all of its texts.
const UNKNOWN: Sym = Sym::MAX;

/// An address in symbols.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Coded {
    province: Sym,
    city: Sym,
    district: Sym,
    street: Sym,
    road: Sym,
    estate: Sym,
    /// Index into the numbers, from 1.
    lane: Sym,
    number: Sym,
    /// The number as text, to hold against a building.
    number_text: Sym,
    /// The figure of the number alone: 7 of 7甲.
    figure: Sym,
    building: Sym,
    unit: Sym,
    door: Sym,
    floor: i16,
    /// Words that tell the door and were not understood.
    words: Sym,
    /// They may tell another door.
    words_tell: bool,
    /// They tell a door by one beside it.
    is_beside: bool,
    /// The door is that of no flat.
    is_annex: bool,
}

/// A row of a sorted list: way or estate, two further symbols, and the entry.
type Row = [u32; 4];

/// The addresses of all candidates, to be searched. `K` is what they belong to.
#[derive(Debug)]
pub struct AddressIndex<K> {
    texts: HashMap<Box<str>, Sym>,
    numbers: Vec<Numbered>,
    entries: Vec<(K, Coded)>,
    /// By place, door, house.
    by_door: Vec<Row>,
    /// By place, house, door.
    by_house: Vec<Row>,
    similar: SimilarNames,
    streets: Vec<Sym>,
}

impl<K: Copy + Ord> AddressIndex<K> {
    /// Builds the index in O(n log n). What has neither way nor estate cannot be found and takes
    /// no place.
    #[must_use]
    pub fn build(addresses: impl IntoIterator<Item = (K, Address)>) -> Self {
        let mut index = Self {
            texts: HashMap::new(),
            numbers: Vec::new(),
            entries: Vec::new(),
            by_door: Vec::new(),
            by_house: Vec::new(),
            similar: SimilarNames::default(),
            streets: Vec::new(),
        };
        let mut known_numbers = HashMap::new();
        for (key, address) in addresses {
            if address.road.is_none() && address.estate.is_none() {
                continue;
            }
            let coded = index.encode(&address, &mut known_numbers);
            let within: Vec<Sym> = each_of(address.number)
                .map(|text| index.sym(&text))
                .collect();
            index.add(key, coded, &within);
        }
        index.by_door.sort_unstable();
        index.by_house.sort_unstable();
        index.streets.sort_unstable();
        index.streets.dedup();
        let mut places: Vec<Sym> = index.by_house.iter().map(|row| row[0]).collect();
        places.dedup();
        let texts = index.texts.iter().map(|(text, sym)| (&**text, *sym));
        let names = texts.filter(|(_, sym)| places.binary_search(sym).is_ok());
        index.similar = SimilarNames::new(names);
        index
    }

    /// How many addresses can be found.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether an address of it names this way or estate.
    #[must_use]
    pub fn has_name(&self, name: &str) -> bool {
        let sym = self.texts.get(names::key(name).as_str());
        sym.is_some_and(|sym| {
            let from = self.by_house.partition_point(|row| row[0] < *sym);
            self.by_house.get(from).is_some_and(|row| row[0] == *sym)
        })
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What an address means.
    #[must_use]
    pub fn find(&self, address: &Address, rules: &MatchRules) -> Outcome<K> {
        if !address.also.is_empty() {
            return self.find_either(address, rules);
        }
        let found = self.candidates(address, rules);
        let Some(best) = found.list.first() else {
            return Outcome::Unmatched(None);
        };
        // Where not every candidate was looked at, a single best one may have an equal.
        if best.contradicts || best.score < rules.link_at || found.is_cut {
            return Outcome::Unmatched(found.list.into_iter().next());
        }
        let equal = |one: &Candidate<K>| !one.contradicts && best.score - one.score <= rules.margin;
        let equals: Vec<_> = found
            .list
            .iter()
            .filter(|one| equal(one))
            .take(MOST_LISTED)
            .cloned()
            .collect();
        match <[_; 1]>::try_from(equals) {
            Ok([only]) => Outcome::Linked(only),
            Err(equals) => Outcome::Ambiguous(equals),
        }
    }

    /// What an address means that contradicts itself: nothing is linked, and what each reading of it
    /// means is told.
    fn find_either(&self, address: &Address, rules: &MatchRules) -> Outcome<K> {
        let told = address.also.iter().map(|(part, _)| *part);
        let told: Vec<Reason> = told.map(Reason::of_second).collect();
        let doubt = |mut one: Candidate<K>| {
            one.reasons.extend(&told);
            one.reasons.sort_unstable();
            one.reasons.dedup();
            one.score = one.score.min(CONTRADICTED_AT_MOST);
            one.contradicts = true;
            one
        };
        let (mut meant, mut near) = (Vec::<Candidate<K>>::new(), None);
        for reading in address.readings() {
            match self.find(&reading, rules) {
                Outcome::Linked(one) => meant.push(one),
                Outcome::Ambiguous(several) => meant.extend(several),
                Outcome::Unmatched(one) => near = near.or(one),
            }
        }
        meant.sort_by_key(|one| one.key);
        meant.dedup_by_key(|one| one.key);
        meant.truncate(MOST_LISTED);
        match meant.is_empty() {
            true => Outcome::Unmatched(near.map(doubt)),
            false => Outcome::Ambiguous(meant.into_iter().map(doubt).collect()),
        }
    }

    fn encode(&mut self, address: &Address, known: &mut HashMap<Numbered, Sym>) -> Coded {
        let numbers = &mut self.numbers;
        let mut number = |number: Option<Numbered>| {
            number.map_or(0, |number| {
                *known.entry(number).or_insert_with(|| {
                    numbers.push(number);
                    numbers.len() as Sym
                })
            })
        };
        let (lane, house) = (number(address.lane), number(address.number));
        let coded = code(address, |text| self.sym(text));
        Coded {
            lane,
            number: house,
            ..coded
        }
    }

    fn sym(&mut self, text: &str) -> Sym {
        if let Some(sym) = self.texts.get(text) {
            return *sym;
        }
        let sym = self.texts.len() as Sym + 1;
        self.texts.insert(text.into(), sym);
        sym
    }

    /// Puts an entry under its places; `within` are the numbers of its range.
    fn add(&mut self, key: K, coded: Coded, within: &[Sym]) {
        let entry = self.entries.len() as u32;
        for place in places(&coded) {
            for house in [place.house].iter().chain(within) {
                self.by_door.push([place.name, coded.door, *house, entry]);
                self.by_house.push([place.name, *house, coded.door, entry]);
            }
        }
        self.streets
            .extend((coded.street > 0).then_some(coded.street));
        self.entries.push((key, coded));
    }

    fn number(&self, sym: Sym) -> Option<&Numbered> {
        self.numbers.get((sym as usize).checked_sub(1)?)
    }
}

/// The most candidates that are listed as equally good.
const MOST_LISTED: usize = 8;

/// The texts of an address in symbols; lane and number are left to the caller.
fn code(address: &Address, mut sym: impl FnMut(&str) -> Sym) -> Coded {
    let mut of = |text: Option<String>| text.map_or(0, |text| sym(&text));
    Coded {
        province: of(address.province.clone()),
        city: of(address.city.clone()),
        district: of(address.district.clone()),
        street: of(address
            .street
            .as_deref()
            .map(|one| one.trim_end_matches("办事处").to_owned())),
        road: of(address.road.as_deref().map(names::key)),
        estate: of(address.estate.as_deref().map(names::key)),
        lane: 0,
        number: 0,
        number_text: of(address.number.map(|number| number.to_text())),
        figure: of(address.number.map(|number| number.first.to_string())),
        building: of(address.building.clone()),
        unit: of(address.unit.clone()),
        door: of(address.door()),
        floor: address.floor.unwrap_or(0),
        words: of((!address.within.is_empty()).then(|| address.within.concat())),
        words_tell: address.rest_tells_more(),
        is_beside: address.is_beside(),
        is_annex: address.annex.is_some(),
    }
}

/// A way or an estate under which an address is found.
#[derive(Debug, Clone, Copy)]
struct Place {
    name: Sym,
    /// What tells the house there: on a way its number, in an estate the building.
    house: Sym,
    is_estate: bool,
}

/// The places under which an address is found.
fn places(coded: &Coded) -> impl Iterator<Item = Place> {
    let either = |first: Sym, second: Sym| if first > 0 { first } else { second };
    let on_road = Place {
        name: coded.road,
        house: either(coded.figure, coded.building),
        is_estate: false,
    };
    let in_estate = Place {
        name: coded.estate,
        house: either(coded.building, coded.figure),
        is_estate: true,
    };
    [on_road, in_estate]
        .into_iter()
        .filter(|place| place.name > 0)
}

/// The numbers of a range as texts; none of a single number.
fn each_of(number: Option<Numbered>) -> impl Iterator<Item = String> {
    let range = number.and_then(|number| Some((number, number.last?)));
    let each = range.map(|(number, last)| {
        let last = last.min(number.first.saturating_add(MOST_IN_RANGE));
        (number.first..=last).map(|figure| figure.to_string())
    });
    each.into_iter().flatten()
}

/// Of a longer range only the first numbers can be found one by one.
const MOST_IN_RANGE: u32 = 100;
