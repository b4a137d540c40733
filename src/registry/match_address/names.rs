//! Names of ways and estates that are spelt almost alike: one character more, less or different.
//! Used by the index of addresses. Never decides that two names are one.

use std::collections::HashMap;

use super::Sym;
use crate::registry::address::in_digits;

/// Shorter names have too little that could tell them apart.
const LEAST_CHARS: usize = 3;

/// The form in which names are held against each other: numerals as digits.
pub(super) fn key(name: &str) -> String {
    in_digits(name)
}

/// Names by what they are with a character left out.
#[derive(Debug, Default)]
pub(super) struct SimilarNames {
    by_rest: HashMap<Box<str>, Vec<Sym>>,
    names: HashMap<Sym, Box<str>>,
}

impl SimilarNames {
    pub(super) fn new<'a>(names: impl Iterator<Item = (&'a str, Sym)>) -> Self {
        let mut all = Self::default();
        for (name, sym) in names {
            for rest in rests(name) {
                all.by_rest.entry(rest.into()).or_default().push(sym);
            }
            all.names.insert(sym, name.into());
        }
        all
    }

    /// Names at a distance of one character, in the order of their symbols.
    pub(super) fn of(&self, name: &str) -> Vec<Sym> {
        let rests = rests(name);
        let lists = rests
            .iter()
            .filter_map(|rest| self.by_rest.get(rest.as_str()));
        let mut found: Vec<Sym> = lists.flatten().copied().collect();
        found.sort_unstable();
        found.dedup();
        found.retain(|sym| {
            self.names
                .get(sym)
                .is_some_and(|known| is_near(known, name))
        });
        found
    }
}

/// The name and every text that it gives when one character is left out.
fn rests(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().collect();
    if chars.len() < LEAST_CHARS {
        return Vec::new();
    }
    let without = |at: usize| {
        let kept = chars.iter().enumerate().filter(|(place, _)| *place != at);
        kept.map(|(_, one)| *one).collect()
    };
    let mut rests: Vec<String> = (0..chars.len()).map(without).collect();
    rests.push(name.to_owned());
    rests
}

/// Whether at most one character is more, less or different.
fn is_near(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let front = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[front..], &b[front..]);
    let back = a
        .iter()
        .rev()
        .zip(b.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    a.len() - back <= 1 && b.len() - back <= 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_character() {
        let names = [("桃花坞大街", 1), ("梧桐里", 2), ("梧桐巷", 3), ("里弄", 4)];
        let similar = SimilarNames::new(names.into_iter());
        assert_eq!(similar.of("桃花鸣大街"), [1]);
        assert_eq!(similar.of("桃花坞街"), [1]);
        assert_eq!(similar.of("桃花坞东大街"), [1]);
        assert_eq!(similar.of("花坞大街桃"), [0; 0]);
        assert_eq!(similar.of("梧桐弄"), [2, 3]);
        assert_eq!(similar.of("里"), [0; 0]);
    }
}
