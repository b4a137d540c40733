//! Whatever is kept back follows from nothing that is told.

use super::Suppressed::{KeptBack, Told};
use super::*;
use proptest::prelude::*;

/// Parts of one whole and the whole. Where all parts together are too few, the whole is kept back.
fn suppress(counts: &[usize], below: usize) -> (Vec<Suppressed>, Suppressed) {
    let mut whole = Nested::default();
    for (place, count) in counts.iter().enumerate() {
        whole.add(0, &[place], *count);
    }
    whole.keep_back(below, true);
    let told = counts.iter().enumerate().map(|(place, count)| {
        let is_kept_back = whole.at(&[place]).is_some_and(|part| part.is_kept_back);
        Suppressed::of(*count, is_kept_back)
    });
    let total = Suppressed::of(counts.iter().sum(), whole.is_kept_back);
    (told.collect(), total)
}

#[test]
fn a_small_count_does_not_follow_from_the_total() {
    assert_eq!(
        suppress(&[9, 3, 7, 12], 5),
        (vec![KeptBack, KeptBack, KeptBack, Told(12)], Told(31))
    );
    assert_eq!(
        suppress(&[2, 3, 7], 5),
        (vec![KeptBack, KeptBack, KeptBack], Told(12))
    );
    // Two that hold two together are as small as one.
    assert_eq!(
        suppress(&[1, 1, 7, 9, 20], 5),
        (
            vec![KeptBack, KeptBack, KeptBack, KeptBack, Told(20)],
            Told(38)
        )
    );
    assert_eq!(suppress(&[3], 5), (vec![KeptBack], KeptBack));
    assert_eq!(suppress(&[3, 0], 5), (vec![KeptBack, Told(0)], KeptBack));
    assert_eq!(suppress(&[3, 9], 0), (vec![Told(3), Told(9)], Told(12)));
    assert_eq!(suppress(&[], 5), (vec![], Told(0)));
    // Who works in the larger part knows it, and would know the smaller one.
    assert_eq!(
        suppress(&[3, 4003], 5),
        (vec![KeptBack, KeptBack], KeptBack)
    );
}

#[test]
fn where_one_sort_is_small_the_others_are_kept_back_with_it() {
    // Residents, households, vehicles of four squares.
    let squares = [[6, 3, 0], [12, 6, 8], [40, 20, 9], [90, 30, 0]];
    let mut city = Nested::default();
    for (square, counts) in squares.iter().enumerate() {
        for (sort, count) in counts.iter().enumerate() {
            city.add(sort, &[square], *count);
        }
    }
    city.keep_back(5, true);
    let kept_back = (0..4).map(|one| city.at(&[one]).unwrap().is_kept_back);
    // Three households need five beside them, and eight vehicles then others.
    let expected = [true, true, true, false];
    assert_eq!(kept_back.collect::<Vec<_>>(), expected);
    assert!(!city.is_kept_back);
}

/// The leaves below a part, as their counts of a sort and whether they are kept back.
fn leaves(of: &Nested<u8>, sort: usize) -> Vec<(usize, bool)> {
    match of.parts.is_empty() {
        true => vec![(of.counts[sort], of.is_kept_back)],
        false => of
            .parts
            .values()
            .flat_map(|one| leaves(one, sort))
            .collect(),
    }
}

fn check(of: &Nested<u8>, below: usize) {
    (0..SORTS).for_each(|sort| check_sort(of, sort, below));
    of.parts.values().for_each(|part| check(part, below));
}

fn check_sort(of: &Nested<u8>, sort: usize, below: usize) {
    assert!(of.is_kept_back || !is_small(of.counts[sort], below));
    let parts = of.parts.values();
    let parts = parts.map(|one| (one.counts[sort], one.is_kept_back));
    for all in [leaves(of, sort), parts.collect()] {
        // What a part has none of says so itself.
        let hidden = all.iter().filter(|one| one.1 && one.0 > 0);
        let hidden: Vec<usize> = hidden.map(|one| one.0).collect();
        if of.parts.is_empty() || of.counts[sort] == 0 {
            continue;
        }
        if of.is_kept_back {
            assert!(!hidden.is_empty(), "the whole follows from its parts");
        } else if !hidden.is_empty() {
            let sum: usize = hidden.iter().sum();
            assert!(hidden.len() > 1 && sum >= below, "{hidden:?} of {all:?}");
        }
    }
}

#[test]
fn counts_of_a_house_are_told_in_steps() {
    use super::Suppressed::AtLeast;
    let told = |counts: &[usize], below| {
        let told = counts.iter().map(|one| Suppressed::in_steps(*one, below));
        told.collect::<Vec<_>>()
    };
    assert_eq!(
        told(&[0, 1, 4, 5, 9, 26, 4000], 5),
        [
            Told(0),
            KeptBack,
            KeptBack,
            AtLeast(5),
            AtLeast(5),
            AtLeast(20),
            AtLeast(1000)
        ]
    );
    assert_eq!(
        told(&[7, 8, 9, 10], 8),
        [KeptBack, AtLeast(8), AtLeast(8), AtLeast(10)]
    );
}

fn hidden_in(of: &Nested<u8>, sort: usize) -> usize {
    let leaves = leaves(of, sort);
    leaves.iter().filter(|one| one.1).map(|one| one.0).sum()
}

fn each<'a>(of: &'a Nested<u8>, all: &mut Vec<&'a Nested<u8>>) {
    all.push(of);
    of.parts.values().for_each(|part| each(part, all));
}

/// Who knows one part exactly learns of no other that is kept back, nor of few together. Of the
/// largest parts that holds where they may be known.
fn check_insiders(of: &Nested<u8>, below: usize, is_first_known: bool) {
    let mut all = Vec::new();
    each(of, &mut all);
    for whole in all.iter().filter(|one| !one.is_kept_back) {
        let mut known = Vec::new();
        each(whole, &mut known);
        let is_first = |part: &&Nested<u8>| of.parts.values().any(|one| std::ptr::eq(one, *part));
        known.retain(|part| is_first_known || !is_first(part));
        for part in known {
            for sort in 0..SORTS {
                let rest = hidden_in(whole, sort) - hidden_in(part, sort);
                assert!(
                    !is_small(rest, below),
                    "{rest} besides {part:?} of {whole:?}"
                );
            }
        }
    }
}

#[test]
fn who_knows_a_part_of_a_part_learns_nothing_from_the_whole() {
    // A district with grids of 1, 1 and 2, and 1 elsewhere: five in all, three beside the second.
    let mut city = Nested::default();
    for (grid, count) in [1, 1, 2].into_iter().enumerate() {
        city.add(0, &[0, grid], count);
    }
    city.add(0, &[1, 9], 1);
    city.keep_back(5, false);
    assert!(city.is_kept_back);
    // With enough elsewhere it may be told.
    city.add(0, &[1, 9], 9);
    city.add(0, &[0, 3], 6);
    city.keep_back(5, false);
    assert!(!city.is_kept_back);
}

proptest! {
    /// Parts of three levels, each told on its own: what is kept back of one never follows from
    /// the others.
    #[test]
    fn no_count_follows_from_a_finer_or_coarser_division(
        paths in prop::collection::vec([0..3_u8, 0..3_u8, 0..4_u8], 0..120),
        is_first_known: bool,
    ) {
        let mut all = Nested::default();
        for path in &paths {
            all.add(0, path, 1);
        }
        all.keep_back(5, is_first_known);
        check(&all, 5);
        check_insiders(&all, 5, is_first_known);
    }

    /// The same of several sorts that are kept back together: people, their households, vehicles.
    #[test]
    fn no_count_of_several_sorts_follows_from_another_division(
        paths in prop::collection::vec((0..SORTS, [0..3_u8, 0..3_u8, 0..4_u8], 1..9_usize), 0..60),
        is_first_known: bool,
    ) {
        let mut all = Nested::default();
        for (sort, path, count) in &paths {
            all.add(*sort, path, *count);
        }
        all.keep_back(5, is_first_known);
        check(&all, 5);
        check_insiders(&all, 5, is_first_known);
    }
}
