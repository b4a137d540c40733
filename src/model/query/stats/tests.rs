//! What follows from counts, and in which hexagon a place lies.

use std::sync::Arc;

use super::Suppressed::{KeptBack, Told};
use super::*;
use crate::base::{BuildingId, Clearance, PersonalField, Subject};
use crate::model::{LabelsOfDay, sample};

/// Knows small counts in some areas only.
struct Own(Vec<u64>);

impl Rights for Own {
    fn reveal(&self, _: PersonalField, _: &Subject<'_>) -> Option<&Clearance> {
        None
    }

    fn may_see(&self, _: PersonalField, _: Option<u64>) -> bool {
        false
    }

    fn suppress_below(&self, area: Option<u64>) -> usize {
        match area.is_some_and(|area| self.0.contains(&area)) {
            true => 0,
            false => 5,
        }
    }
}

fn area(name: &str) -> AreaId {
    AreaId::from_source("sample", name)
}

/// Five grids in two communities: 3, 10 and 12 people, 8 and 20.
fn city() -> CityIndex {
    let mut ground = sample::city(0);
    let mut fifth = ground.buildings.values().next().unwrap().clone();
    fifth.id = BuildingId::from_source("sample", "fifth");
    ground.buildings.insert(fifth.id, fifth);
    let houses: Vec<_> = ground.buildings.keys().copied().collect();
    let grids = [
        ("a1", "a", 3),
        ("a2", "a", 10),
        ("a3", "a", 12),
        ("b1", "b", 8),
        ("b2", "b", 20),
    ];
    for (house, (grid, community, people)) in houses.iter().zip(grids) {
        let mut one = sample::people::area(area(grid), area(community));
        one.level = AreaLevel::Grid;
        ground.areas.insert(one.id, one);
        let mut one = sample::people::area(area(community), area("street"));
        (one.level, one.parent) = (AreaLevel::Community, None);
        ground.areas.insert(one.id, one);
        ground.buildings.get_mut(house).unwrap().area = Some(area(grid));
        for one in 0..people {
            sample::people::move_in(&mut ground, *house, &format!("{grid} {one}"), 1);
        }
    }
    CityIndex::of(Arc::new(ground), LabelsOfDay::none())
}

/// A city of houses in pairs, 100 m apart, each with households of so many people.
fn pairs(houses: &[Vec<usize>]) -> CityIndex {
    let mut ground = sample::city(0);
    let first = ground.buildings.values().next().unwrap().clone();
    ground.buildings.clear();
    for (at, homes) in houses.iter().enumerate() {
        let mut house = first.clone();
        house.id = BuildingId::from_source("pairs", &at.to_string());
        let corner = move |point: geo_types::Coord<f64>| geo_types::Coord {
            x: point.x + (at % 2) as f64 * 100.0,
            y: point.y + (at / 2) as f64 * 100.0,
        };
        house.footprint = geo::MapCoords::map_coords(&house.footprint, corner);
        let id = house.id;
        ground.buildings.insert(id, house);
        for (home, people) in homes.iter().enumerate() {
            sample::people::move_in(&mut ground, id, &format!("{at} {home}"), *people);
        }
    }
    CityIndex::of(Arc::new(ground), LabelsOfDay::none())
}

fn counts_of(city: &CityIndex, division: Division, kinds: &[EntityKind]) -> Stats {
    let choices = kinds.iter().flat_map(|kind| Filter::kind(*kind).kinds);
    let filter = Filter {
        kinds: choices.collect(),
        ..Filter::default()
    };
    city.stats(division, &filter, &crate::base::Nobody)
}

const ALL_OF_PEOPLE: [EntityKind; 3] = [
    EntityKind::Resident,
    EntityKind::Household,
    EntityKind::Dwelling,
];

/// Of each part all kinds of people are told or none, alike whichever of them are asked for.
fn check_joint(city: &CityIndex, division: Division) {
    let all = counts_of(city, division, &ALL_OF_PEOPLE);
    for cell in &all.cells {
        let kept_back = cell.counts.values().filter(|one| **one == KeptBack).count();
        assert!(kept_back == 0 || kept_back == cell.counts.len(), "{cell:?}");
    }
    for kind in [EntityKind::Resident, EntityKind::Household] {
        let alone = counts_of(city, division, &[kind]);
        let name = kind.as_str();
        assert_eq!(alone.total.get(name), all.total.get(name));
        for cell in &alone.cells {
            let beside = all.cells.iter().find(|one| one.cell == cell.cell).unwrap();
            assert_eq!(cell.counts[name], beside.counts[name], "{name}: {cell:?}");
        }
    }
}

#[test]
fn people_households_and_homes_of_a_square_are_told_together_or_not_at_all() {
    let homes = |count: usize, people| vec![people; count];
    // Three households of four, six of two, and many.
    let city = pairs(&[homes(3, 4), homes(6, 2), homes(20, 3), homes(40, 2)]);
    let squares = Division::Square(100.0);
    let told = counts_of(&city, squares, &ALL_OF_PEOPLE);
    let kept_back = told.cells.iter().map(|cell| {
        let counts = cell.counts.values();
        counts.filter(|one| **one == KeptBack).count()
    });
    assert_eq!(kept_back.collect::<Vec<_>>(), [3, 3, 3, 0]);
    assert_eq!(told.cells[3].counts["household"], Told(40));
    assert_eq!(told.total["resident"], Told(164));
    check_joint(&city, squares);
    let homes = counts_of(&city, squares, &[EntityKind::Dwelling]);
    assert_eq!(
        homes.cells[0].counts["dwelling"],
        Told(3),
        "a house tells it"
    );
}

proptest::proptest! {
    #[test]
    fn no_kind_of_people_is_told_where_another_is_kept_back(
        houses in proptest::collection::vec(proptest::collection::vec(0..5_usize, 0..12), 1..12),
        hexagons: bool,
        side_m in proptest::sample::select(vec![100.0, 200.0, 60.0]),
    ) {
        let division = match hexagons {
            true => Division::Hexagon(side_m),
            false => Division::Square(side_m),
        };
        check_joint(&pairs(&houses), division);
    }
}

#[track_caller]
fn check(
    own: &[&str],
    level: AreaLevel,
    within: Option<&str>,
    expected: &[(&str, Suppressed)],
    total: Suppressed,
) {
    let filter = Filter {
        area: within.map(area),
        ..Filter::kind(EntityKind::Resident)
    };
    let own = Own(own.iter().map(|name| area(name).bits()).collect());
    let stats = city().stats(Division::Level(level), &filter, &own);
    let told: BTreeMap<_, _> = stats
        .cells
        .iter()
        .map(|cell| (cell.cell, cell.counts["resident"]))
        .collect();
    let expected = expected.iter();
    let expected: BTreeMap<_, _> = expected
        .map(|(name, count)| (CellKey::Area(area(name)), *count))
        .collect();
    assert_eq!((told, stats.total["resident"]), (expected, total));
}

#[test]
fn a_small_count_follows_from_no_coarser_division_and_no_part_of_the_city() {
    let communities = [("a", Told(25)), ("b", Told(28))];
    check(&[], AreaLevel::Community, None, &communities, Told(53));
    // Of the grids of a all are kept back: with two of them told the third would follow from a, with
    // one of them told for somebody who works in another.
    let a = [("a1", KeptBack), ("a2", KeptBack), ("a3", KeptBack)];
    let all = [&a[..], &[("b1", Told(8)), ("b2", Told(20))]].concat();
    check(&[], AreaLevel::Grid, None, &all, Told(53));
    check(&[], AreaLevel::Grid, Some("a"), &a, Told(25));
    check(&[], AreaLevel::Grid, Some("a1"), &a[..1], KeptBack);
    check(
        &[],
        AreaLevel::Community,
        Some("a1"),
        &[("a", KeptBack)],
        KeptBack,
    );
}

#[test]
fn small_counts_are_told_for_the_own_area_alone() {
    // The rest is what everybody is told, so that asking twice tells no more.
    let rest = [("a3", KeptBack), ("b1", Told(8)), ("b2", Told(20))];
    let all = [&[("a1", Told(3)), ("a2", KeptBack)], &rest[..]].concat();
    check(&["a1"], AreaLevel::Grid, None, &all, Told(53));
    check(&["a1"], AreaLevel::Grid, Some("a1"), &all[..1], Told(3));
    let other = [&[("a1", KeptBack), ("a2", Told(10))], &rest[..]].concat();
    check(&["a2"], AreaLevel::Grid, None, &other, Told(53));
    check(&["a2"], AreaLevel::Grid, Some("a1"), &other[..1], KeptBack);
}

/// Grids of one community: so many who live alone there, and so many couples.
fn alone_and_couples(grids: &[(usize, usize)]) -> CityIndex {
    let mut ground = sample::city(0);
    let first = ground.buildings.values().next().unwrap().clone();
    ground.buildings.clear();
    for (at, (alone, couples)) in grids.iter().enumerate() {
        let mut grid = sample::people::area(area(&at.to_string()), area("community"));
        grid.level = AreaLevel::Grid;
        let mut house = first.clone();
        house.id = BuildingId::from_source("grids", &at.to_string());
        house.area = Some(grid.id);
        ground.areas.insert(grid.id, grid);
        let id = house.id;
        ground.buildings.insert(id, house);
        let homes = std::iter::repeat_n(1, *alone).chain(std::iter::repeat_n(2, *couples));
        for (home, people) in homes.enumerate() {
            sample::people::move_in(&mut ground, id, &format!("{at} {home}"), people);
        }
    }
    let mut community = sample::people::area(area("community"), area("street"));
    (community.level, community.parent) = (AreaLevel::Community, None);
    ground.areas.insert(community.id, community);
    let clearance = crate::base::clearance_for_tests();
    let rules = crate::model::LabelRules::standard();
    let labels = LabelsOfDay::new(rules, "2026-05-01".to_owned(), clearance);
    CityIndex::of(Arc::new(ground), labels)
}

fn alone(city: &CityIndex, within: Option<&str>, own: &[&str]) -> Stats {
    let filter = Filter {
        labels: vec!["elderly_alone".to_owned()],
        area: within.map(area),
        ..Filter::kind(EntityKind::Resident)
    };
    let own = Own(own.iter().map(|name| area(name).bits()).collect());
    city.stats(Division::Level(AreaLevel::Grid), &filter, &own)
}

#[test]
fn a_grid_where_nobody_has_a_label_is_told_like_one_with_few() {
    let city = alone_and_couples(&[(0, 20), (2, 20), (0, 30), (9, 20), (11, 20), (30, 20)]);
    let counts = |stats: &Stats| {
        let told = stats.cells.iter().map(|one| {
            let CellKey::Area(id) = one.cell else {
                panic!()
            };
            (id, one.counts["resident"])
        });
        told.collect::<BTreeMap<_, _>>()
    };
    let stats = alone(&city, None, &[]);
    let told = counts(&stats);
    assert_eq!(told.len(), 6, "each grid has a row");
    assert_eq!(told[&area("5")], Told(30));
    assert_eq!(told.values().filter(|one| **one == KeptBack).count(), 5);
    assert_eq!(stats.total["resident"], Told(52));
    // Asked for alone they are told no more.
    for grid in ["0", "1"] {
        let stats = alone(&city, Some(grid), &[]);
        assert_eq!(counts(&stats), [(area(grid), KeptBack)].into());
        assert_eq!(stats.total["resident"], KeptBack);
    }
    // Whoever works there knows that it is nobody.
    let own = alone(&city, Some("0"), &["0"]);
    assert!(own.cells.is_empty() && own.total.is_empty());
    let own = alone(&city, Some("1"), &["1"]);
    assert_eq!(counts(&own), [(area("1"), Told(2))].into());
}

#[test]
fn quality_tells_how_many_live_somewhere_where_statistics_do() {
    // Twelve people of three households: the households are few, so the people are not told.
    let city = alone_and_couples(&[(0, 3), (10, 8), (20, 30), (40, 30)]);
    let kinds = [EntityKind::Resident];
    let stats = counts_of(&city, Division::Level(AreaLevel::Grid), &kinds);
    let clearance = crate::base::clearance_for_tests();
    let quality =
        crate::model::PopulationQuality::of(&city, AreaLevel::Grid, "2026-05-01", &clearance);
    let told = quality.unwrap().told(&crate::base::Nobody);
    assert!(
        stats
            .cells
            .iter()
            .any(|one| one.counts["resident"] == KeptBack)
    );
    for cell in &stats.cells {
        let CellKey::Area(id) = cell.cell else {
            panic!()
        };
        assert_eq!(told.areas[&Some(id)].residents, cell.counts["resident"]);
    }
    assert_eq!(told.total.residents, stats.total["resident"]);
}

#[test]
fn a_place_lies_in_the_nearest_hexagon() {
    let division = Division::Hexagon(100.0);
    for k in 0..2_000 {
        let at = [
            f64::from(k % 47) * 13.7 - 300.0,
            f64::from(k % 61) * 9.1 - 250.0,
        ];
        let CellKey::Place(q, r) = hexagon_at(at, 100.0) else {
            panic!();
        };
        let far = |q, r| {
            let middle = division.middle(CellKey::Place(q, r)).unwrap();
            crate::model::query::region::distance_m(at, middle)
        };
        let own_m = far(q, r);
        for (dq, dr) in [(1, 0), (-1, 0), (0, 1), (0, -1), (1, -1), (-1, 1)] {
            assert!(own_m <= far(q + dq, r + dr) + 1e-9, "{at:?}");
        }
    }
}
