//! Two versions of a small city, told apart.

use super::*;
use crate::base::ImportId;
use crate::model::sample;

#[test]
fn added_removed_changed_and_the_same() {
    let earlier = sample::city(1);
    let mut later = earlier.clone();
    later.version = 7;
    let ids: Vec<_> = earlier.buildings.keys().copied().collect();
    later.buildings.remove(&ids[0]);
    if let Some(house) = later.buildings.get_mut(&ids[1]) {
        house.height_m += 3.0;
        house.storeys += 1;
    }
    // Written again by another run: nothing has changed.
    if let Some(house) = later.buildings.get_mut(&ids[2]) {
        house.source.import = ImportId::from_source("another", "run");
    }
    // Its neighbour has gone: a change of the record, and none of the house.
    if let Some(house) = later.buildings.get_mut(&ids[3]) {
        house.party_walls = vec![ids[1]];
    }
    let device = later.devices.pop_first().unwrap().1;
    let back = Comparison::of(&later, &earlier);
    let found = Comparison::of(&earlier, &later);
    let house = |at: usize| Entity::from(earlier.buildings[&ids[at]].clone()).key();
    assert_eq!((found.from, found.to), (1, 7));
    assert!(found.added.is_empty());
    assert_eq!(back.added, found.removed);
    assert!(found.removed.contains(&house(0)));
    assert!(found.removed.contains(&Entity::from(device).key()));
    assert_eq!(found.changed[&house(1)], ["height_m", "storeys"]);
    assert_eq!(found.changed[&house(3)], ["party_walls"]);
    let told = [0, 1, 2, 3].map(|at| found.difference(house(at)));
    use Difference::{Changed, Removed, Same};
    let expected = [Removed, Changed, Same, Same];
    assert_eq!(told, expected);
    let kinds = found.by_kind();
    let buildings = &kinds[&EntityKind::Building];
    assert_eq!(
        (buildings.removed, buildings.changed, buildings.unchanged),
        (1, 2, 1)
    );
    assert_eq!(buildings.changed_fields["storeys"], 1);
    assert_eq!(
        kinds[&EntityKind::Device].unchanged,
        earlier.devices.len() - 1
    );
    assert!(!kinds.contains_key(&EntityKind::Water));
}

#[test]
fn the_same_city_does_not_differ() {
    let city = sample::city(2);
    assert!(Comparison::of(&city, &city).is_empty());
    let empty = Ground::new(city.info.clone());
    let found = Comparison::of(&empty, &city);
    assert_eq!(found.added.len(), 4 + city.devices.len());
    assert_eq!(union(&city, &empty).buildings, city.buildings);
    assert_eq!(union(&empty, &city), city);
}

#[test]
fn records_have_labels() {
    let city = sample::city(1);
    let mut house = city.buildings.values().next().unwrap().clone();
    let key = house.source.key.clone();
    assert_eq!(Entity::from(house.clone()).label(), key);
    house.name = Some("拙政园".to_owned());
    assert_eq!(Entity::from(house).label(), format!("拙政园 ({key})"));
}
