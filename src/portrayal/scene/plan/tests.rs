//! Kept tiles give the picture that fresh ones give, and a change makes few of them useless.

use std::collections::BTreeMap;

use geo_types::Polygon;
use sha2::{Digest, Sha256};

use super::*;
use crate::model::{Building, RoofStyle, sample};
use crate::portrayal::scene::{Chunk, Seen as Gathered, Vertex};

/// A row of houses, 200 m apart, over so many kilometres: many tiles with little in each.
fn row_of_houses(length_km: u32) -> Ground {
    let mut ground = sample::city(0);
    let model = ground.buildings.values().next().unwrap().clone();
    ground.buildings.clear();
    for i in 0..length_km * 5 {
        let x = f64::from(i) * 200.0 + f64::from(i % 7) * 9.0;
        put(
            &mut ground,
            house(&model, &i.to_string(), [x, 500.0 + f64::from(i % 5) * 8.0]),
        );
    }
    ground
}

fn house(model: &Building, key: &str, [x, y]: [f64; 2]) -> Building {
    let corners = [[0.0, 0.0], [14.0, 0.0], [14.0, 9.0], [0.0, 9.0]];
    let ring = corners.map(|[e, n]| (x + e, y + n)).to_vec();
    Building {
        id: BuildingId::from_source("row", key),
        footprint: Polygon::new(ring.into(), Vec::new()),
        models: Vec::new(),
        height_m: 7.0,
        roof: RoofStyle::Gable,
        ..model.clone()
    }
}

fn put(ground: &mut Ground, building: Building) {
    ground.buildings.insert(building.id, building);
}

fn bake_all(plan: &Plan) -> BTreeMap<TileAt, BakedTile> {
    plan.tiles().map(|tile| (tile, plan.bake(tile))).collect()
}

/// What is drawn: light, and every piece.
fn seen(scene: &Scene, ground: &Ground) -> (Shade, Vec<Chunk>) {
    let pieces = 0..scene.pieces.len() as u32;
    let made = pieces.map(|piece| scene.make(ground, piece)).collect();
    (scene.shade.clone(), made)
}

/// Changes the row and tells how many tiles are useless then; `None` where all are, because the
/// recipe is another. Whatever is kept, the picture is the one of tiles baked anew.
fn check(change: impl Fn(&mut Ground), expected: Option<usize>) {
    let before = row_of_houses(20);
    let old_plan = Plan::of(&before);
    let kept = bake_all(&old_plan);
    let mut after = before.clone();
    change(&mut after);
    let plan = Plan::of(&after);
    let usable = if plan.recipe() == old_plan.recipe() {
        kept
    } else {
        BTreeMap::new()
    };
    let by_mark: BTreeMap<_, _> = usable
        .into_iter()
        .map(|(tile, baked)| ((tile.at, tile.fingerprint), baked))
        .collect();
    let fitting = plan.tiles().filter_map(|tile| {
        let known = by_mark.get(&(tile.at, tile.fingerprint))?;
        Some((tile, known.clone()))
    });
    let fitting: BTreeMap<TileAt, BakedTile> = fitting.collect();
    let stale = plan.tiles().count() - fitting.len();
    let is_new = fitting.is_empty();
    assert_eq!((!is_new).then_some(stale), expected);
    let kinds = KindTable::standard();
    let scene = plan.build(&after, &kinds, fitting);
    assert!(scene.tiles.len() > 15);
    assert!(seen(&scene, &after) == seen(&Scene::build(&after, &kinds), &after));
}

fn id(key: u32) -> BuildingId {
    BuildingId::from_source("row", &key.to_string())
}

#[test]
fn nothing_is_baked_again_for_nothing() {
    check(|_| {}, Some(0));
    // A name is written, not baked.
    let rename = |ground: &mut Ground| {
        let house = ground.buildings.get_mut(&id(50));
        house.unwrap().name = Some("Hall".into());
    };
    check(rename, Some(0));
}

#[test]
fn a_changed_house_costs_its_tile() {
    let raise = |ground: &mut Ground| ground.buildings.get_mut(&id(52)).unwrap().height_m = 6.5;
    check(raise, Some(1));
    let remove = |ground: &mut Ground| drop(ground.buildings.remove(&id(52)));
    check(remove, Some(1));
    let add = |ground: &mut Ground| {
        let model = ground.buildings.values().next().unwrap().clone();
        put(ground, house(&model, "new", [10_430.0, 520.0]));
    };
    check(add, Some(1));
}

#[test]
fn a_house_beside_the_edge_costs_both_tiles() {
    // Tiles of 1,024 m: the sun stands in the south-west, so the shadow falls into the next one.
    let add = |ground: &mut Ground| {
        let model = ground.buildings.values().next().unwrap().clone();
        put(ground, house(&model, "new", [1_024.0 * 5.0 - 16.0, 520.0]));
    };
    check(add, Some(2));
}

#[test]
fn a_city_may_grow_at_its_edge() {
    let add = |ground: &mut Ground| {
        let model = ground.buildings.values().next().unwrap().clone();
        put(ground, house(&model, "new", [-20.0, 520.0]));
    };
    // The middle of the city moves, but not its tiles: one begins to be lit, one is lit farther.
    check(add, Some(2));
}

#[test]
fn another_recipe_makes_all_tiles_anew() {
    let tower = |ground: &mut Ground| ground.buildings.get_mut(&id(52)).unwrap().height_m = 60.0;
    check(tower, None);
}

#[test]
fn what_is_seen_of_a_city_plans_the_same_tiles() {
    for city in [sample::city(1), row_of_houses(3)] {
        let mut records = Vec::new();
        city.for_each(|entity| records.push(entity));
        records.reverse();
        let mut gathered = Gathered::default();
        records.into_iter().for_each(|one| gathered.add(one));
        let (whole, slim) = (Plan::of(&city), Plan::of_seen(gathered).unwrap());
        assert!(whole.tiles().eq(slim.tiles()));
        assert_eq!(bake_all(&whole), bake_all(&slim));
    }
    assert!(Plan::of_seen(Gathered::default()).is_none());
}

/// Cities keep what was baked: a program that bakes something else must say so.
#[test]
fn what_is_baked_goes_by_the_version_of_its_recipe() {
    let city = sample::city(1);
    let plan = Plan::of(&city);
    let mut hash = Sha256::new();
    for tile in plan.tiles() {
        let baked = plan.bake(tile);
        hash.update(&baked.shade);
        hash.update(bytemuck::cast_slice::<Vertex, u8>(&baked.vertices));
        hash.update(bytemuck::cast_slice::<u32, u8>(&baked.indices));
        hash.update(tile.fingerprint);
    }
    let found: String = hash.finalize()[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(
        (plan.recipe().as_str(), found.as_str()),
        ("v1 384 m, 1097 cells, 6 m high", "06974c54dcbc2520"),
        "baking has changed: raise VERSION in recipe.rs and renew this line"
    );
}

#[test]
fn an_outline_over_half_a_continent_is_no_reason_to_give_up() {
    let mut city = row_of_houses(2);
    let mut stray = city.buildings.values().next().unwrap().clone();
    let far: Vec<(f64, f64)> = vec![(0.0, 500.0), (1e8, 1e8), (0.0, 510.0)];
    stray.footprint = Polygon::new(far.into(), Vec::new());
    put(&mut city, stray);
    let plan = Plan::of(&city);
    assert!(plan.tiles().count() < 100);
    assert!(!bake_all(&plan).is_empty());
}
