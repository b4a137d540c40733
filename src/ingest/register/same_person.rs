//! Which of several records of one name and day of birth are one person: those without an identity
//! number who live in one home, and of those with a number the one that fits one of them alone. Used by
//! [`super::alike`]. Works on what records look like, never on the records, and joins nobody in doubt.

use std::collections::{BTreeMap, BTreeSet};

/// What a record, or the rows of one, look like. All of a group have one name and day of birth.
#[derive(Debug, Clone, Default)]
pub(super) struct Look {
    /// The bits of its id.
    pub(super) id: i64,
    /// The city has it: its id stays.
    pub(super) is_settled: bool,
    /// Whether an identity number tells who it is.
    pub(super) has_number: bool,
    /// Whether the day of birth is told.
    pub(super) is_born: bool,
    /// The homes that its addresses mean, with the faulty number that stands there instead of one.
    pub(super) homes: BTreeSet<String>,
    /// Its telephone numbers; of one with a faulty number none.
    pub(super) phones: BTreeSet<String>,
    /// Tables in which it stands under a key of the register: there two keys are two people.
    pub(super) keyed: BTreeSet<usize>,
}

/// What came of a group.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Joined {
    /// Ids that mean another one.
    pub(super) same: BTreeMap<i64, i64>,
    /// Ids that may be one person with another of the group, and may not.
    pub(super) doubtful: BTreeSet<i64>,
}

/// Tells who of a group is one person.
pub(super) fn join(looks: &[Look]) -> Joined {
    let mut group = Group {
        looks,
        of: (0..looks.len()).collect(),
        doubtful: BTreeSet::new(),
    };
    group.join_rows();
    group.join_settled();
    group.join_numbers();
    group.told()
}

struct Group<'l> {
    looks: &'l [Look],
    /// Which of the group each is one with: the first of them.
    of: Vec<usize>,
    doubtful: BTreeSet<usize>,
}

/// A place or a telephone number, and who has it.
type ByToken<'l> = BTreeMap<&'l str, Vec<usize>>;

impl<'l> Group<'l> {
    fn all(&self, is_one: impl Fn(&Look) -> bool) -> Vec<usize> {
        (0..self.looks.len())
            .filter(|at| is_one(&self.looks[*at]))
            .collect()
    }

    fn members(&self, of: usize) -> impl Iterator<Item = &'l Look> + '_ {
        let all = self.looks.iter().zip(&self.of);
        all.filter(move |(_, one)| **one == of)
            .map(|(look, _)| look)
    }

    /// Whether one table has both under keys of their own.
    fn are_keyed_apart(&self, a: usize, b: usize) -> bool {
        let keyed = |of| {
            let all = self.members(of).flat_map(|one| &one.keyed);
            all.collect::<BTreeSet<_>>()
        };
        !keyed(a).is_disjoint(&keyed(b))
    }

    /// Makes two one, unless a table tells them apart.
    fn unite(&mut self, a: usize, b: usize) {
        let (a, b) = (self.of[a], self.of[b]);
        if a == b {
            return;
        }
        if self.are_keyed_apart(a, b) {
            self.doubtful.extend([a, b]);
            return;
        }
        let (first, other) = (a.min(b), a.max(b));
        for one in self.of.iter_mut().filter(|one| **one == other) {
            *one = first;
        }
    }

    /// New rows without a number that mean one home.
    fn join_rows(&mut self) {
        let rows = self.all(|one| !one.has_number && !one.is_settled);
        for same in by_token(self.looks, &rows, |one| &one.homes).into_values() {
            for pair in same.windows(2) {
                self.unite(pair[0], pair[1]);
            }
        }
    }

    /// Such rows, and the one whom the city knows there without a number.
    fn join_settled(&mut self) {
        let settled = self.all(|one| !one.has_number && one.is_settled);
        let homes = by_token(self.looks, &settled, |one| &one.homes);
        for same in homes.values().filter(|same| same.len() > 1) {
            self.doubtful.extend(same);
        }
        for row in self.roots(|one| !one.has_number && !one.is_settled) {
            let known = self.sharing(row, &homes, |one| &one.homes);
            match Vec::from_iter(known.iter().copied()).as_slice() {
                [] => {}
                [only] => self.unite(row, *only),
                _ => {
                    self.doubtful.insert(row);
                    self.doubtful.extend(known);
                }
            }
        }
    }

    /// The one with a number, and the one without: of one home, otherwise of one telephone number.
    fn join_numbers(&mut self) {
        let numbered = self.all(|one| one.has_number && one.is_born);
        let homes = by_token(self.looks, &numbered, |one| &one.homes);
        let phones = by_token(self.looks, &numbered, |one| &one.phones);
        let mut meant = BTreeMap::new();
        let mut claims = BTreeMap::<usize, usize>::new();
        for one in self.roots(|one| !one.has_number && one.is_born) {
            let mut found = self.sharing(one, &homes, |one| &one.homes);
            if found.is_empty() {
                found = self.sharing(one, &phones, |one| &one.phones);
            }
            for number in &found {
                *claims.entry(*number).or_default() += 1;
            }
            if !found.is_empty() {
                meant.insert(one, found);
            }
        }
        for (one, found) in meant {
            let only = found.iter().next().filter(|_| found.len() == 1).copied();
            let only = only.filter(|number| claims.get(number) == Some(&1));
            let only = only.filter(|number| {
                !(self.looks[*number].is_settled && self.members(one).any(|look| look.is_settled))
            });
            match only {
                Some(number) => self.unite(one, number),
                None => {
                    self.doubtful.insert(one);
                    self.doubtful.extend(found);
                }
            }
        }
    }

    /// The first of each of whom this is true.
    fn roots(&self, is_one: impl Fn(&Look) -> bool) -> BTreeSet<usize> {
        let all = self.all(is_one).into_iter();
        all.map(|at| self.of[at]).collect()
    }

    /// Who shares a token with somebody.
    fn sharing(
        &self,
        one: usize,
        by: &ByToken,
        tokens: impl Fn(&Look) -> &BTreeSet<String>,
    ) -> BTreeSet<usize> {
        let own = self.members(one).flat_map(tokens);
        let found = own.filter_map(|token| by.get(token.as_str())).flatten();
        found.copied().filter(|at| self.of[*at] != one).collect()
    }

    fn told(&self) -> Joined {
        let mut joined = Joined::default();
        for of in BTreeSet::from_iter(self.of.iter().copied()) {
            let settled = self.members(of).find(|one| one.is_settled);
            let numbered = || self.members(of).find(|one| one.has_number);
            let Some(stays) = settled
                .or_else(numbered)
                .or_else(|| self.members(of).next())
            else {
                continue;
            };
            let others = self.members(of).filter(|one| one.id != stays.id);
            joined.same.extend(others.map(|one| (one.id, stays.id)));
        }
        let doubtful = BTreeSet::from_iter(self.doubtful.iter().map(|at| self.of[*at]));
        for of in doubtful {
            joined.doubtful.extend(self.members(of).map(|one| one.id));
        }
        joined
    }
}

fn by_token<'l>(
    looks: &'l [Look],
    of: &[usize],
    tokens: impl Fn(&'l Look) -> &'l BTreeSet<String>,
) -> ByToken<'l> {
    let mut by = ByToken::new();
    for at in of {
        for token in tokens(&looks[*at]) {
            by.entry(token).or_default().push(*at);
        }
    }
    by
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(id: i64, home: &str) -> Look {
        Look {
            id,
            is_born: true,
            homes: BTreeSet::from([home.to_owned()]),
            phones: BTreeSet::from([format!("phone of {home}")]),
            ..Look::default()
        }
    }

    fn settled(id: i64, home: &str) -> Look {
        Look {
            is_settled: true,
            ..look(id, home)
        }
    }

    fn numbered(look: Look) -> Look {
        Look {
            has_number: true,
            ..look
        }
    }

    #[track_caller]
    fn check(looks: &[Look], same: &[(i64, i64)], doubtful: &[i64]) {
        let joined = join(looks);
        assert_eq!(Vec::from_iter(joined.same), same);
        assert_eq!(Vec::from_iter(joined.doubtful), doubtful);
    }

    #[test]
    fn one_home_is_one_person_and_two_homes_are_two() {
        check(&[look(1, "a"), look(2, "a")], &[(2, 1)], &[]);
        check(&[look(1, "a"), look(2, "b")], &[], &[]);
        check(&[look(1, "a"), settled(2, "a")], &[(1, 2)], &[]);
        // Whom the city has stays, though there are two.
        check(&[settled(1, "a"), settled(2, "a")], &[], &[1, 2]);
        check(
            &[settled(1, "a"), settled(2, "a"), look(3, "a")],
            &[],
            &[1, 2, 3],
        );
    }

    #[test]
    fn a_number_is_of_the_one_that_it_fits_alone() {
        check(&[look(1, "a"), numbered(look(2, "a"))], &[(1, 2)], &[]);
        check(&[settled(1, "a"), numbered(look(2, "a"))], &[(2, 1)], &[]);
        check(&[look(1, "a"), numbered(settled(2, "a"))], &[(1, 2)], &[]);
        check(&[settled(1, "a"), numbered(settled(2, "a"))], &[], &[1, 2]);
        let two = [look(1, "a"), numbered(look(2, "a")), numbered(look(3, "a"))];
        check(&two, &[], &[1, 2, 3]);
        let numbers = [numbered(look(1, "a")), numbered(look(2, "a"))];
        check(&numbers, &[], &[]);
        let all = [settled(1, "a"), look(2, "a"), numbered(look(3, "a"))];
        check(&all, &[(2, 1), (3, 1)], &[]);
    }

    #[test]
    fn a_telephone_number_tells_where_no_home_does() {
        let moved = Look {
            homes: BTreeSet::new(),
            ..look(1, "a")
        };
        check(&[moved.clone(), numbered(look(2, "a"))], &[(1, 2)], &[]);
        check(&[moved.clone(), look(2, "a")], &[], &[]);
        let unborn = Look {
            is_born: false,
            ..moved
        };
        check(&[unborn, numbered(look(2, "a"))], &[], &[]);
    }

    #[test]
    fn two_keys_of_one_table_are_two_people() {
        let keyed = |id| Look {
            keyed: BTreeSet::from([0]),
            ..look(id, "a")
        };
        check(&[keyed(1), keyed(2)], &[], &[1, 2]);
        check(&[keyed(1), numbered(keyed(2))], &[], &[1, 2]);
        check(&[keyed(1), look(2, "a")], &[(2, 1)], &[]);
    }
}
