//! Records of people are judged by area, and small counts stay untold.

use crate::base::Everybody;
use crate::model::LabelsOfDay;
use std::sync::Arc;

use super::told::{Among, told_within};
use super::*;
use crate::base::Sealed;
use crate::model::query::{CityIndex, Suppressed};
use crate::model::sample;
use crate::model::sample::people::{area, move_in};
use crate::model::{FurtherRecord, to_sealed};
use proptest::prelude::*;

#[test]
fn records_are_judged_and_counted_by_area() {
    let mut ground = sample::city(0);
    let house = *ground.buildings.keys().next().unwrap();
    let grid = AreaId::from_source("sample", "grid");
    let mut record = area(grid, grid);
    record.parent = None;
    ground.areas.insert(grid, record);
    ground.buildings.get_mut(&house).unwrap().area = Some(grid);
    let ids = move_in(&mut ground, house, "a", 4);
    let mut change = |at: usize, with: &dyn Fn(&mut crate::model::Resident)| {
        let one = ground.residents.get_mut(&ids[at]).unwrap();
        one.identity_no = Sealed::new("00000019400101001X");
        with(one);
    };
    let real = |number: &'static str| {
        move |one: &mut crate::model::Resident| {
            one.identity_no = Sealed::new(number);
        }
    };
    change(0, &real("110105194001010015"));
    change(1, &|one| one.verified_on = "2020-01-01".to_owned());
    change(2, &|one| {
        one.further = to_sealed(&vec![FurtherRecord {
            dataset: "migrant".to_owned(),
            key: "7".to_owned(),
            verified_on: String::new(),
            values: [("name".to_owned(), "王晓明".to_owned())].into(),
        }]);
    });
    change(3, &|one| (one.dwelling, one.household) = (None, None));
    let city = CityIndex::of(Arc::new(ground), LabelsOfDay::none());
    let clearance = crate::base::clearance_for_tests();
    let quality = PopulationQuality::of(&city, AreaLevel::Grid, "2026-05-01", &clearance).unwrap();
    assert_eq!(quality.total.residents, 4);
    assert_eq!((quality.total.linked, quality.total.confirmed), (3, 3));
    assert_eq!(quality.areas[&Some(grid)].residents, 3);
    assert_eq!(quality.areas[&None].residents, 1);
    let has = |at: usize, fault| quality.faults_of(ids[at]).contains(&fault);
    assert!(has(1, RecordFault::Stale) && has(2, RecordFault::Conflicting));
    assert!(has(3, RecordFault::UnmatchedAddress) && has(3, RecordFault::Duplicate));
    assert_eq!(quality.total.faults[&RecordFault::Duplicate], 3);
    assert_eq!(quality.total.share(quality.total.linked), Some(0.75));
}

/// A city in whose smallest areas so many residents live, so many of them linked; each is counted
/// `depth` parts down its way.
fn counted_on(areas: &[(Way, [usize; 2])], depth: usize) -> PopulationQuality {
    let mut quality = PopulationQuality {
        areas: BTreeMap::new(),
        total: PopulationCounts::default(),
        faults: ResidentFaults::default(),
        smallest: BTreeMap::new(),
        people: Around::default(),
    };
    for (place, (way, [residents, linked])) in areas.iter().enumerate() {
        let mut smallest = Smallest {
            way: way.clone(),
            depth: depth.min(way.len()),
            counts: PopulationCounts::default(),
        };
        for one in 0..*residents {
            smallest.counts.take(one < *linked, &[]);
            quality.total.take(one < *linked, &[]);
            let area = quality.areas.entry(smallest.area()).or_default();
            area.take(one < *linked, &[]);
        }
        quality.people.add(1, &smallest.way, *residents);
        let id = AreaId::from_bits(1000 + place as u64);
        quality.smallest.insert(Some(id), smallest);
    }
    quality
}

fn counted(areas: &[(usize, usize)]) -> PopulationQuality {
    let area = |place: usize| CellKey::Area(AreaId::from_bits(place as u64));
    let areas = areas.iter().enumerate();
    let areas = areas.map(|(place, (all, linked))| (vec![area(place)], [*all, *linked]));
    counted_on(&areas.collect::<Vec<_>>(), 1)
}

#[test]
fn a_share_of_few_people_is_not_told_nor_follows_from_the_others() {
    let linked = |areas: &[(usize, usize)], below| {
        let told = counted(areas).told(&Everybody {
            suppress_below: below,
        });
        let areas = told.areas.values().map(|one| one.linked).collect();
        let areas: Vec<Option<f64>> = areas;
        (areas, told.total.linked)
    };
    let all = linked(&[(10, 5), (20, 10)], 5);
    assert_eq!(all, (vec![Some(0.5), Some(0.5)], Some(0.5)));
    // Two of ten are not linked: the next one is kept back with it.
    let few = linked(&[(10, 8), (20, 10), (40, 10)], 5);
    assert_eq!(few, (vec![None, None, Some(0.25)], Some(0.4)));
    // Where there is no other, the total is.
    assert_eq!(linked(&[(10, 8)], 5), (vec![None], None));
    assert_eq!(linked(&[(10, 8)], 0), (vec![Some(0.8)], Some(0.8)));
    let told = counted(&[(3, 3), (9, 9), (30, 30)]).told(&Everybody { suppress_below: 5 });
    let residents: Vec<_> = told.areas.values().map(|one| one.residents).collect();
    let kept = Suppressed::KeptBack;
    assert_eq!(residents, [kept, kept, Suppressed::Told(30)]);
}

#[test]
fn how_many_are_among_some_is_told_from_the_whole_downwards() {
    let area = |bits| CellKey::Area(AreaId::from_bits(bits));
    let told = |counts: &[(u64, u64, [usize; 2])], asked: &[u64], below| {
        let all = counts.iter().map(|(street, grid, counts)| Among {
            area: Some(AreaId::from_bits(*grid)),
            way: vec![area(*street), area(*grid)],
            counts: *counts,
        });
        let asked: Vec<CellKey> = asked.iter().copied().map(area).collect();
        let rights = Everybody {
            suppress_below: below,
        };
        told_within(&all.collect::<Vec<_>>(), &asked, &rights)
    };
    let kept = Suppressed::KeptBack;
    // Two in one grid and six in the other: whoever is told of six and eight knows of two.
    let few = [(1, 11, [6, 90]), (1, 12, [2, 90])];
    assert_eq!(told(&few, &[1, 11], 5), kept);
    assert_eq!(told(&few, &[1, 12], 5), kept);
    assert_eq!(told(&few, &[], 5), kept);
    assert_eq!(told(&few, &[], 0), Suppressed::Told(8));
    assert_eq!(told(&few, &[1, 12], 0), Suppressed::Told(2));
    let many = [(1, 11, [20, 90]), (1, 12, [30, 90])];
    assert_eq!(told(&many, &[1, 11], 5), Suppressed::Told(20));
    assert_eq!(told(&many, &[], 5), Suppressed::Told(50));
    // All but two are: the two would follow from how many live there.
    assert_eq!(told(&[(1, 11, [88, 2])], &[], 5), kept);
    assert_eq!(told(&[(1, 11, [0, 90])], &[], 5), Suppressed::Told(0));
}

/// Streets of communities, and how many live in each, linked or not.
fn streets() -> impl Strategy<Value = Vec<(Way, [usize; 2])>> {
    let community = (0..3_u64, 0..3_u64, 0..12_usize, 0..12_usize);
    prop::collection::vec(community, 1..8).prop_map(|all| {
        let area = |bits| CellKey::Area(AreaId::from_bits(bits));
        let way = |street, community| vec![area(street), area(10 + street * 10 + community)];
        let mut by_way = BTreeMap::<Way, [usize; 2]>::new();
        for (street, community, linked, others) in all {
            let [residents, known] = by_way.entry(way(street, community)).or_default();
            *residents += linked + others;
            *known += linked;
        }
        by_way.into_iter().filter(|one| one.1[0] > 0).collect()
    })
}

/// What is not told of the parts of a whole that is told must be more than one part, and hold too
/// many to be small, with and without.
fn check(whole: &PopulationShares, parts: &[(PopulationCounts, PopulationShares)], below: usize) {
    let of = |is_hidden: &dyn Fn(&PopulationShares) -> bool| {
        let hidden = parts.iter().filter(|one| is_hidden(&one.1));
        hidden.map(|one| one.0.clone()).collect::<Vec<_>>()
    };
    let sum = |all: &[PopulationCounts], count: &dyn Fn(&PopulationCounts) -> usize| {
        let sum: usize = all.iter().map(count).sum();
        assert!(sum == 0 || sum >= below, "{sum} follow: {parts:?}");
    };
    if whole.residents != Suppressed::KeptBack {
        let hidden = of(&|told| told.residents == Suppressed::KeptBack);
        assert_ne!(hidden.len(), 1, "{parts:?}");
        sum(&hidden, &|one| one.residents);
    }
    if whole.linked.is_some() {
        let hidden = of(&|told| told.linked.is_none());
        assert_ne!(hidden.len(), 1, "{parts:?}");
        sum(&hidden, &|one| one.linked);
        sum(&hidden, &|one| one.residents - one.linked);
    }
}

proptest! {
    /// Streets and communities, each asked on its own: what is kept back of one never follows from
    /// the others, nor from how many live there, which statistics tell by the same parts.
    #[test]
    fn no_share_follows_from_another_level(communities in streets()) {
        const BELOW: usize = 5;
        let rights = Everybody { suppress_below: BELOW };
        let (fine, coarse) = (counted_on(&communities, 2), counted_on(&communities, 1));
        let (by_community, by_street) = (fine.told(&rights), coarse.told(&rights));
        prop_assert_eq!(&by_community.total, &by_street.total);
        let street = |(area, shares): (&Option<AreaId>, &PopulationShares)| {
            (coarse.areas[area].clone(), *shares)
        };
        let streets: Vec<_> = by_street.areas.iter().map(street).collect();
        check(&by_street.total, &streets, BELOW);
        for (area, whole) in &by_street.areas {
            let cell = area.map(CellKey::Area);
            let inside = fine.smallest.values().filter(|one| Some(one.way[0]) == cell);
            let inside = inside.map(|one| (one.counts.clone(), by_community.areas[&one.area()]));
            check(whole, &inside.collect::<Vec<_>>(), BELOW);
        }
    }
}
