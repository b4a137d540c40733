//! Flights over a city with a small card.

use std::collections::BTreeSet;

use super::*;
use crate::model::{Ground, KindTable, sample};
use crate::portrayal::camera::Viewpoint;
use crate::portrayal::scene::Pass;

const SIZE_PX: [f64; 2] = [1280.0, 720.0];

/// Makes whatever is missing until nothing more fits, as `view` does; checks the account.
fn complete(
    residency: &mut Residency,
    card: &mut BTreeSet<u32>,
    (scene, ground): (&Scene, &Ground),
    camera: &Camera,
) -> Vec<Draw> {
    residency.begin_picture();
    for _ in 0..10_000 {
        let selection = residency.select(scene, camera);
        for draw in &selection.draws {
            assert!(card.contains(&draw.piece), "drawn but not at hand");
        }
        let Some(piece) = selection.missing.first() else {
            return selection.draws;
        };
        if let Some(gone) = residency.admit(*piece, scene.make(ground, *piece).bytes()) {
            gone.iter().for_each(|one| assert!(card.remove(one)));
            assert!(card.insert(*piece));
        }
    }
    panic!("it never comes to rest");
}

fn camera(scene: &Scene, range_m: f64, turn: f64) -> Camera {
    let view = Viewpoint {
        range_m,
        heading_deg: turn,
        ..scene.default_view(1.6)
    };
    Camera::new(view, SIZE_PX)
}

#[test]
fn with_room_everything_is_drawn_as_fine_as_it_can_be_seen() {
    let ground = sample::city(1);
    let scene = Scene::build(&ground, &KindTable::standard());
    let (mut residency, mut card) = (Residency::new(1 << 30), BTreeSet::new());
    let mut passes = |range_m| {
        let camera = camera(&scene, range_m, 0.0);
        let draws = complete(&mut residency, &mut card, (&scene, &ground), &camera);
        let passes: BTreeSet<Pass> = draws.iter().map(|draw| draw.pass).collect();
        passes
    };
    assert!(passes(150.0).contains(&Pass::Detailed));
    assert!(passes(8_000.0).contains(&Pass::Far));
    assert!(passes(90_000.0).contains(&Pass::Coarse));
}

#[test]
fn a_small_card_is_never_over_full_and_every_tile_is_drawn_once() {
    let ground = sample::city(1);
    let scene = Scene::build(&ground, &KindTable::standard());
    let coarse: u64 = scene
        .tiles
        .iter()
        .filter_map(|tile| tile.coarse)
        .chain(scene.grounds.clone())
        .map(|piece| scene.pieces[piece as usize].bytes())
        .sum();
    for budget in [coarse + 2_000, coarse + 60_000, coarse + 400_000] {
        let (mut residency, mut card) = (Residency::new(budget), BTreeSet::new());
        for step in 0..60 {
            let range_m = 120.0 * 1.12_f64.powi(step % 50);
            let camera = camera(&scene, range_m, f64::from(step) * 17.0);
            let draws = complete(&mut residency, &mut card, (&scene, &ground), &camera);
            let held: u64 = card
                .iter()
                .map(|piece| scene.make(&ground, *piece).bytes())
                .sum();
            assert_eq!(held, residency.used_bytes());
            assert!(held <= budget, "{held} bytes of {budget}");
            for tile in &scene.tiles {
                let of = |piece: &u32| draws.iter().any(|draw| draw.piece == *piece);
                let near = tile.near.iter().any(of);
                let stand_ins = tile
                    .far
                    .iter()
                    .chain(&tile.coarse)
                    .filter(|piece| of(piece));
                let ways = usize::from(near) + stand_ins.count();
                assert!(ways <= 1, "a tile is drawn in {ways} ways");
            }
            assert!(!draws.is_empty());
        }
    }
}

#[test]
fn what_is_wanted_never_goes_for_something_else() {
    let ground = sample::city(1);
    let scene = Scene::build(&ground, &KindTable::standard());
    let camera = camera(&scene, 150.0, 0.0);
    let mut residency = Residency::new(1 << 20);
    residency.begin_picture();
    let wanted = residency.select(&scene, &camera).missing;
    assert_eq!(residency.admit(wanted[0], 700_000), Some(vec![]));
    residency.select(&scene, &camera);
    assert_eq!(residency.admit(wanted[1], 700_000), None);
    // In a picture that no longer wants it, it may go.
    residency.begin_picture();
    assert_eq!(residency.admit(wanted[1], 700_000), Some(vec![wanted[0]]));
}
