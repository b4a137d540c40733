//! Which entries of the index are worth a closer look, and the best of them.
//! Used by `AddressIndex::find`. Looks at a bounded number of entries and tells when it left some.

use std::collections::BTreeMap;

use super::score::{Query, Via};
use super::{
    AddressIndex, Candidate, MatchRules, Place, Row, Sym, UNKNOWN, code, each_of, names, places,
};
use crate::registry::address::Address;

/// The most entries of one place that are looked at. A walk-up has some dozens of doors, a tower
/// some hundreds.
const MOST_LOOKED_AT: usize = 1_024;

/// Candidates from good to bad, one for each key.
pub(super) struct Found<K> {
    pub(super) list: Vec<Candidate<K>>,
    /// Some entries were not looked at.
    pub(super) is_cut: bool,
}

impl<K: Copy + Ord> AddressIndex<K> {
    pub(super) fn candidates(&self, address: &Address, rules: &MatchRules) -> Found<K> {
        let query = self.query(address);
        let places = self.places(address, &query);
        let within: Vec<Sym> = each_of(address.number)
            .filter_map(|text| self.texts.get(text.as_str()).copied())
            .collect();
        let mut found = Found {
            list: Vec::new(),
            is_cut: false,
        };
        let mut best = BTreeMap::<K, Candidate<K>>::new();
        for narrow in [true, false] {
            for (place, via) in &places {
                let rows = self.rows(query.coded.door, place, &within, narrow);
                found.is_cut |= rows.iter().map(|rows| rows.len()).sum::<usize>() > MOST_LOOKED_AT;
                for row in rows.into_iter().flatten().take(MOST_LOOKED_AT) {
                    let (key, coded) = &self.entries[row[3] as usize];
                    let one = self.score(&query, coded, *via, *key, rules);
                    let known = best.get(key).is_some_and(|other| other.score >= one.score);
                    if !known {
                        best.insert(*key, one);
                    }
                }
            }
            let enough = |one: &Candidate<K>| !one.contradicts && one.score >= rules.link_at;
            if best.values().any(enough) {
                break;
            }
        }
        found.list = best.into_values().collect();
        found
            .list
            .sort_by(|a, b| b.score.total_cmp(&a.score).then(a.key.cmp(&b.key)));
        found
    }

    /// The address in the symbols of this index.
    fn query(&self, address: &Address) -> Query {
        let coded = code(address, |text| {
            self.texts.get(text).copied().unwrap_or(UNKNOWN)
        });
        Query {
            coded,
            lane: address.lane,
            number: address.number,
            has_rest: !address.rest.is_empty(),
            is_former: address.is_former(),
            may_be_unit: address.may_be_unit,
            knows_street: self.streets.binary_search(&coded.street).is_ok(),
        }
    }

    /// Where to look, and whether the name is only almost the one that was asked for.
    fn places(&self, address: &Address, query: &Query) -> Vec<(Place, Via)> {
        let mut found = Vec::new();
        for place in places(&query.coded) {
            let via = |similar| Via {
                is_estate: place.is_estate,
                similar,
            };
            if self.has_place(place.name) {
                found.push((place, via(false)));
                continue;
            }
            let name = if place.is_estate {
                &address.estate
            } else {
                &address.road
            };
            let key = name.as_deref().map(names::key).unwrap_or_default();
            let similar = self.similar.of(&key).into_iter();
            found.extend(similar.map(|name| (Place { name, ..place }, via(true))));
        }
        found
    }

    fn has_place(&self, place: Sym) -> bool {
        place != UNKNOWN && !slice(&self.by_house, &[place]).is_empty()
    }

    /// The rows to look at in a place: first those of the very door and house, then those of the
    /// house, whatever the door.
    fn rows(&self, door: Sym, place: &Place, within: &[Sym], narrow: bool) -> Vec<&[Row]> {
        let name = place.name;
        let houses = || [place.house].into_iter().chain(within.iter().copied());
        match (narrow, door, place.house) {
            (true, 0, 0) => Vec::new(),
            (true, door, 0) => vec![slice(&self.by_door, &[name, door])],
            (true, 0, _) => houses()
                .map(|house| slice(&self.by_house, &[name, house]))
                .collect(),
            (true, door, _) => houses()
                .chain([0])
                .map(|house| slice(&self.by_door, &[name, door, house]))
                .collect(),
            (false, _, 0) => vec![slice(&self.by_house, &[name])],
            (false, _, _) => houses()
                .chain([0])
                .map(|house| slice(&self.by_house, &[name, house]))
                .collect(),
        }
    }
}

/// The rows that begin with these symbols.
fn slice<'a>(rows: &'a [Row], front: &[Sym]) -> &'a [Row] {
    let from = rows.partition_point(|row| row[..front.len()] < *front);
    let count = rows[from..].partition_point(|row| row[..front.len()] == *front);
    &rows[from..from + count]
}
