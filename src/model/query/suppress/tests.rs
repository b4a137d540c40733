//! Whatever is kept back follows from nothing that is told.

use super::Suppressed::{KeptBack, Told};
use super::*;
use proptest::prelude::*;

/// Of no sort none is a small count.
const NONE_TELLS_ITSELF: [bool; SORTS] = [false; SORTS];

/// Parts of one whole and the whole. Where all parts together are too few, the whole is kept back.
fn suppress(counts: &[usize], below: usize) -> (Vec<Suppressed>, Suppressed) {
    let mut whole = Nested::default();
    for (place, count) in counts.iter().enumerate() {
        whole.add(0, &[place], *count);
    }
    whole.keep_back(below, true, NONE_TELLS_ITSELF);
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
    city.keep_back(5, true, NONE_TELLS_ITSELF);
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

/// What the property tests hold a whole to.
#[derive(Clone, Copy)]
struct Held {
    is_none_few: [bool; SORTS],
    /// Whether somebody may know one of the parts exactly.
    are_parts_known: bool,
}

impl Held {
    const fn of(is_none_few: [bool; SORTS], is_first_known: bool) -> Self {
        Self {
            is_none_few,
            are_parts_known: is_first_known,
        }
    }
}

fn check(of: &Nested<u8>, below: usize, held: Held) {
    (0..SORTS).for_each(|sort| check_sort(of, sort, below, held));
    let inner = Held {
        are_parts_known: true,
        ..held
    };
    of.parts.values().for_each(|part| check(part, below, inner));
}

fn check_sort(of: &Nested<u8>, sort: usize, below: usize, held: Held) {
    let least = usize::from(!held.is_none_few[sort]);
    assert!(of.is_kept_back || !(least..below).contains(&of.counts[sort]));
    let parts = of.parts.values();
    let parts = parts.map(|one| (one.counts[sort], one.is_kept_back));
    // What a part has none of says so itself, but where none is few.
    let hidden = |all: &[(usize, bool)]| {
        let hidden = all.iter().filter(|one| one.1 && one.0 >= least);
        hidden.map(|one| one.0).collect::<Vec<usize>>()
    };
    let parts: Vec<_> = parts.collect();
    for all in [&leaves(of, sort), &parts] {
        let hidden = hidden(all);
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
    if !of.is_kept_back {
        check_room(&hidden(&parts), below, held.are_parts_known);
    }
}

/// Where all parts that are kept back are small, also but for one that somebody may know, they are
/// not as many together as small counts can be: each would be the largest of them.
fn check_room(hidden: &[usize], below: usize, are_parts_known: bool) {
    let check = |all: &[usize]| {
        let (most, sum) = (all.len() * (below - 1), all.iter().sum::<usize>());
        let are_small = all.iter().all(|one| *one < below);
        assert!(
            all.is_empty() || !are_small || sum + ROOM <= most,
            "{hidden:?}"
        );
    };
    check(hidden);
    for known in (0..hidden.len()).filter(|_| are_parts_known) {
        let mut others = hidden.to_vec();
        others.remove(known);
        check(&others);
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
    city.keep_back(5, false, NONE_TELLS_ITSELF);
    assert!(city.is_kept_back);
    // With enough elsewhere it may be told.
    city.add(0, &[1, 9], 9);
    city.add(0, &[0, 3], 6);
    city.keep_back(5, false, NONE_TELLS_ITSELF);
    assert!(!city.is_kept_back);
}

/// Of which sorts none is few where those with a label are counted beside those without.
const LABELLED: [bool; SORTS] = [true, true, false];

#[test]
fn nobody_with_a_label_is_told_like_few() {
    let told = |grids: &[[usize; 2]]| {
        let mut city = Nested::default();
        for (grid, counts) in grids.iter().enumerate() {
            city.add(0, &[grid], counts[0]);
            city.add(1, &[grid], counts[1]);
        }
        city.keep_back(5, true, LABELLED);
        let grids = (0..grids.len()).map(|one| city.at(&[one]).unwrap().is_kept_back);
        (grids.collect::<Vec<_>>(), city.is_kept_back)
    };
    // Nobody, few, nobody: alike; and two more that the small ones do not follow from the whole.
    let grids = [[0, 80], [3, 90], [0, 70], [9, 50], [12, 60], [30, 90]];
    let kept = [true, true, true, true, true, false];
    assert_eq!(told(&grids), (kept.to_vec(), false));
    // Nobody anywhere, and everybody, are not told either.
    assert_eq!(told(&[[0, 80], [0, 90]]), (vec![true; 2], true));
    assert_eq!(told(&[[40, 0], [90, 0]]), (vec![true; 2], true));
    // All but three have it.
    let most = [[40, 3], [60, 70], [80, 50]];
    assert_eq!(told(&most), (vec![true, true, true], false));
}

#[test]
fn what_is_kept_back_is_not_as_much_as_small_counts_can_be() {
    // Four, four and three would each be three or four: with nine and ten more none is known to be.
    let (told, total) = suppress(&[4, 4, 3, 9, 10, 30], 5);
    let kept = told.iter().filter(|one| **one == KeptBack).count();
    assert_eq!((kept, total), (5, Told(60)));
    assert_eq!(suppress(&[4, 4, 4], 5).1, KeptBack);
}

proptest! {
    /// Those with a label and those without, of whom none is few.
    #[test]
    fn nobody_follows_from_a_finer_or_coarser_division(
        paths in prop::collection::vec((0..2_usize, [0..3_u8, 0..3_u8, 0..4_u8], 1..9_usize), 0..60),
        is_first_known: bool,
    ) {
        let mut all = Nested::default();
        for (sort, path, count) in &paths {
            all.add(*sort, path, *count);
        }
        all.keep_back(5, is_first_known, LABELLED);
        check(&all, 5, Held::of(LABELLED, is_first_known));
        check_insiders(&all, 5, is_first_known);
    }

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
        all.keep_back(5, is_first_known, NONE_TELLS_ITSELF);
        check(&all, 5, Held::of(NONE_TELLS_ITSELF, is_first_known));
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
        all.keep_back(5, is_first_known, NONE_TELLS_ITSELF);
        check(&all, 5, Held::of(NONE_TELLS_ITSELF, is_first_known));
        check_insiders(&all, 5, is_first_known);
    }
}
