//! What goes with a newer version, what stays, and what is refused.

use super::*;
use crate::base::{DwellingId, ImportId, Sealed};
use crate::model::{Dwelling, Household, Source, Usage, sample};

const DATASET: &str = "sample";

fn source(dataset: &str, key: &str) -> Source {
    Source {
        dataset: dataset.to_owned(),
        key: key.to_owned(),
        import: ImportId::from_source(dataset, "1"),
    }
}

fn plan_of(ground: &Ground, entities: &[Entity], missing: Missing, faulty: &[&str]) -> NewVersion {
    let faulty = faulty
        .iter()
        .map(|key| (DATASET.to_owned(), (*key).to_owned()))
        .collect();
    let brought = Brought {
        datasets: &[DATASET.to_owned()].into(),
        entities,
        parts: &InParts::default(),
        faulty: &faulty,
        nameless: &BTreeMap::new(),
    };
    plan(ground, &brought, missing)
}

fn may(missing: Missing) -> Allowed {
    Allowed {
        missing,
        moved: false,
    }
}

/// The four houses of the sample; the first is behind a wall of a house of another data set.
fn city() -> (Ground, Vec<Entity>) {
    let mut ground = sample::city(0);
    let houses: Vec<_> = ground.buildings.values().cloned().collect();
    let mut other = houses[0].clone();
    other.id = BuildingId::from_source("other", "o");
    other.source = source("other", "o");
    other.party_walls = vec![houses[0].id, houses[1].id];
    ground.put(other.into());
    (ground, houses.into_iter().map(Entity::from).collect())
}

#[test]
fn what_the_files_lack_goes_and_links_are_taken_off() {
    let (ground, houses) = city();
    let plan = plan_of(&ground, &houses[1..], Missing::Remove, &[]);
    assert_eq!(plan.remove, [houses[0].key()]);
    let dataset = Dataset {
        before: 4,
        again: 3,
        removed: 1,
        told_by_others: 0,
        placed: 3,
        moved: 0,
    };
    assert_eq!(plan.datasets, [(DATASET.to_owned(), dataset)].into());
    let [Entity::Building(mended)] = plan.mended.as_slice() else {
        panic!("{:?}", plan.mended)
    };
    assert_eq!(mended.source.dataset, "other");
    assert_eq!(
        Entity::from(ground.buildings[&mended.party_walls[0]].clone()).key(),
        houses[1].key()
    );
    assert_eq!(mended.party_walls.len(), 1);
    plan.check(may(Missing::Remove)).unwrap();
    let kept = plan_of(&ground, &houses[1..], Missing::Keep, &[]);
    assert!(kept.remove.is_empty() && kept.mended.is_empty());
}

#[test]
fn a_faulty_feature_is_not_gone() {
    let (ground, houses) = city();
    let key = houses[0].source().key.clone();
    let part = key.replace("house", "house/x");
    assert_ne!(key, part);
    for faulty in [key.as_str(), "unknown"] {
        let plan = plan_of(&ground, &houses[1..], Missing::Remove, &[faulty]);
        let kept = plan.faulty.get(&EntityKind::Building).copied();
        assert_eq!(kept, (faulty == key).then_some(1));
        assert_eq!(plan.remove.len(), usize::from(faulty != key));
    }
    let mut entity = houses[0].clone();
    if let Entity::Building(house) = &mut entity {
        house.source.key = "way/7/2".to_owned();
    }
    let has = |key: &str| is_faulty(&entity, &[(DATASET.to_owned(), key.to_owned())].into());
    assert_eq!(
        [has("way/7"), has("way/7/2"), has("way")],
        [true, true, false]
    );
}

#[test]
fn nothing_goes_while_a_feature_without_a_key_is_faulty() {
    let (ground, houses) = city();
    let planned = |missing, dataset: &str| {
        let brought = Brought {
            datasets: &[DATASET.to_owned()].into(),
            entities: &houses[1..],
            parts: &InParts::default(),
            faulty: &HashSet::new(),
            nameless: &[(dataset.to_owned(), 1)].into(),
        };
        let plan = plan(&ground, &brought, missing);
        (plan.remove.len(), plan.in_doubt)
    };
    let kept: BTreeMap<_, _> = [(EntityKind::Building, 1)].into();
    assert_eq!(planned(Missing::Remove, DATASET), (0, kept));
    assert_eq!(planned(Missing::Remove, "another"), (1, BTreeMap::new()));
    assert_eq!(planned(Missing::RemoveAny, DATASET), (1, BTreeMap::new()));
}

#[test]
fn registers_are_never_removed_with_their_building() {
    let (mut ground, houses) = city();
    let Entity::Building(house) = &houses[0] else {
        panic!("a house")
    };
    let home = |dataset: &str, key: &str| Dwelling {
        id: DwellingId::from_source(dataset, key),
        source: source(dataset, key),
        building: house.id,
        floor: 1,
        door: Sealed::new("101"),
        usage: Usage::Residential,
        area_m2: 40.0,
        address: None,
    };
    // One of a register, one of the map with people in it, one of the map without.
    let (register, lived_in, empty) = (home("homes", "1"), home(DATASET, "1"), home(DATASET, "2"));
    ground.put(register.into());
    ground.put(lived_in.clone().into());
    ground.put(empty.clone().into());
    ground.put(Entity::from(Household {
        id: crate::base::HouseholdId::from_source("homes", "h"),
        source: source("homes", "h"),
        dwelling: Some(lived_in.id),
        address: Sealed::new("平江路 1 号"),
    }));
    let plan = plan_of(&ground, &houses[1..], Missing::Remove, &[]);
    let expected = [houses[0].key(), Entity::from(empty).key()];
    assert_eq!(plan.remove, expected);
    assert_eq!(plan.in_use, 1);
    assert_eq!(plan.without_building, [(EntityKind::Dwelling, 2)].into());
}

/// Whether a version of `again` of `before` records is taken without more ado.
fn check(before: usize, again: usize, is_taken: bool) {
    let dataset = Dataset {
        before,
        again,
        removed: before - again,
        ..Dataset::default()
    };
    let plan = NewVersion {
        datasets: [(DATASET.to_owned(), dataset)].into(),
        ..NewVersion::default()
    };
    let told = plan.check(may(Missing::Remove));
    assert_eq!(told.is_ok(), is_taken, "{again} of {before}");
    if let Err(fault) = told {
        let text = fault.to_string();
        for part in [
            "--keep-missing",
            "--source",
            "--replace-all",
            &format!("{}", before - again),
        ] {
            assert!(text.contains(part), "{text}");
        }
    }
    plan.check(may(Missing::RemoveAny)).unwrap();
}

#[test]
fn most_of_a_data_set_does_not_go_by_accident() {
    check(100, 50, true);
    check(100, 49, false);
    check(20, 10, true);
    check(21, 10, false);
    check(12, 2, true);
    check(3, 1, true);
    check(3, 0, false);
    check(0, 0, true);
}

#[test]
fn walls_with_what_the_files_do_not_bring_stay() {
    let (mut ground, houses) = city();
    let other = BuildingId::from_source("other", "o");
    // The neighbour stands where the first house stands, so their walls touch.
    let Entity::Building(first) = houses[0].clone() else {
        panic!("a house")
    };
    let known = ground.buildings.get_mut(&first.id).unwrap();
    known.party_walls = vec![other];
    let carried = |x: f64| {
        let mut entities = houses.clone();
        if let Entity::Building(house) = &mut entities[0] {
            house
                .footprint
                .exterior_mut(|ring| ring.0.iter_mut().for_each(|at| at.x += x));
        }
        let mut plan = plan_of(&ground, &entities, Missing::Remove, &[]);
        carry(&ground, &mut entities, &mut plan);
        let Entity::Building(house) = entities.swap_remove(0) else {
            panic!("a house")
        };
        (house.party_walls, plan.mended)
    };
    assert_eq!(carried(0.0), (vec![other], vec![]));
    assert_eq!(carried(0.1), (vec![other], vec![]));
    let (walls, mended) = carried(500.0);
    assert!(walls.is_empty());
    let [Entity::Building(neighbour)] = mended.as_slice() else {
        panic!("{mended:?}")
    };
    assert_eq!((neighbour.id, neighbour.party_walls.len()), (other, 1));
}

/// Whether a version is taken in which so many of the records that are there again moved.
fn check_moved(placed: usize, moved: usize, is_taken: bool) {
    let dataset = Dataset {
        before: placed,
        again: placed,
        placed,
        moved,
        removed: 0,
        told_by_others: 0,
    };
    let plan = NewVersion {
        datasets: [(DATASET.to_owned(), dataset)].into(),
        ..NewVersion::default()
    };
    for missing in [Missing::Remove, Missing::Keep, Missing::RemoveAny] {
        let told = plan.check(may(missing));
        assert_eq!(told.is_ok(), is_taken, "{moved} of {placed}");
        if let Err(fault) = told {
            let text = fault.to_string();
            let parts = ["--source", "--moved", &format!("{moved} of the {placed}")];
            assert!(parts.iter().all(|part| text.contains(part)), "{text}");
        }
        let moved = true;
        plan.check(Allowed { missing, moved }).unwrap();
    }
}

#[test]
fn a_city_does_not_walk_away_by_accident() {
    check_moved(0, 0, true);
    check_moved(2, 2, true);
    check_moved(3, 3, false);
    check_moved(3, 1, true);
    check_moved(100, 50, true);
    check_moved(100, 51, false);
}

#[test]
fn what_stands_elsewhere_is_counted() {
    let (ground, houses) = city();
    let moved_by = |x: f64| {
        let mut entities = houses.clone();
        for entity in &mut entities[..3] {
            let Entity::Building(house) = entity else {
                panic!("a house")
            };
            house
                .footprint
                .exterior_mut(|ring| ring.0.iter_mut().for_each(|at| at.x += x));
        }
        let plan = plan_of(&ground, &entities, Missing::Remove, &[]);
        (plan.datasets[DATASET].moved, plan.datasets[DATASET].placed)
    };
    assert_eq!(moved_by(20.0), (0, 4));
    assert_eq!(moved_by(500.0), (3, 4));
}
