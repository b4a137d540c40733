//! Streets made by hand, with the answer known.

use std::f64::consts::TAU;

use super::*;
use crate::model::sight::{Cover, CoverageError, Obstacle, PICTURE_WIDTH_PX, Sight};
use crate::space::{Bounds2, RoofParams, RoofShape, build_house};

/// Numbers of the cameras that see a point, best first.
#[track_caller]
fn check(ground: &Ground, point: [f64; 3], expected: &[usize]) {
    let sight = Sight::of(ground);
    let seen = sight.sees(point);
    let ids: Vec<CameraId> = seen.iter().map(|one| one.camera).collect();
    let expected: Vec<CameraId> = expected.iter().map(|number| camera_id(*number)).collect();
    assert_eq!(ids, expected, "{point:?}");
    assert_eq!(seen, sight.look_at(point).seen);
}

#[track_caller]
fn hidden_by(ground: &Ground, point: [f64; 3], expected: &[Obstacle]) {
    let look = Sight::of(ground).look_at(point);
    let by: Vec<Obstacle> = look.hidden.iter().map(|one| one.by).collect();
    assert_eq!(by, expected, "{point:?}");
    assert!(look.seen.is_empty());
}

#[test]
fn field_of_view_and_range() {
    let ground = city(vec![], vec![camera([0.0, 0.0, 4.0], 0.0)]);
    check(&ground, [0.0, 50.0, 4.0], &[0]);
    check(&ground, [0.0, 100.1, 4.0], &[]);
    check(&ground, [0.0, -5.0, 4.0], &[]);
    check(&ground, [49.9, 50.0, 4.0], &[0]);
    check(&ground, [50.1, 50.0, 4.0], &[]);
    // 9/16 of the half width of 50 m is 28.1 m.
    check(&ground, [0.0, 50.0, 32.0], &[0]);
    check(&ground, [0.0, 50.0, 32.3], &[]);
    check(&ground, [0.0, 0.0, 4.0], &[]);
    check(&ground, [f64::NAN, 0.0, 4.0], &[]);
}

#[test]
fn heading_runs_clockwise_and_pitch_up() {
    let east = camera([0.0, 0.0, 4.0], 90.0);
    let down = Camera {
        pitch_deg: -90.0,
        ..camera([0.0, 0.0, 40.0], 0.0)
    };
    let ground = city(vec![], vec![east, down]);
    check(&ground, [60.0, 0.0, 4.0], &[0]);
    check(&ground, [-60.0, 0.0, 4.0], &[]);
    check(&ground, [0.0, 0.0, 0.0], &[1]);
    // The picture's long side lies across the heading.
    check(&ground, [-39.0, 0.0, 0.0], &[1]);
    check(&ground, [0.0, -39.0, 0.0], &[]);
}

#[test]
fn pixels_rank_and_turning_comes_last() {
    let near = camera([0.0, 30.0, 2.0], 180.0);
    let far = camera([0.0, -60.0, 2.0], 0.0);
    let turned_away = Camera {
        kind: Some(CameraKind::Ptz),
        ..camera([5.0, 0.0, 2.0], 90.0)
    };
    let around = Camera {
        kind: Some(CameraKind::Panoramic),
        ..camera([0.0, 20.0, 2.0], 0.0)
    };
    let fisheye = Camera {
        fov_deg: 180.0,
        ..camera([0.0, 40.0, 2.0], 180.0)
    };
    let ground = city(vec![], vec![near, far, turned_away, around, fisheye]);
    check(&ground, [0.0, 0.0, 2.0], &[0, 1, 3, 4, 2]);
    let seen = Sight::of(&ground).sees([0.0, 0.0, 2.0]);
    let pixels = [
        PICTURE_WIDTH_PX / 60.0,
        PICTURE_WIDTH_PX / 120.0,
        PICTURE_WIDTH_PX / (TAU * 20.0),
        PICTURE_WIDTH_PX / (TAU / 2.0 * 40.0),
        PICTURE_WIDTH_PX / 10.0,
    ];
    for (one, pixels) in seen.iter().zip(pixels) {
        assert!(
            (one.aim.pixels_per_m - pixels).abs() < 1e-9,
            "{one:?} {pixels}"
        );
    }
    let turned = seen[4].aim;
    assert!(turned.by_turning && (turned.off_axis_deg - 180.0).abs() < 1e-9);
    assert!((turned.distance_m - 5.0).abs() < 1e-12);
}

#[test]
fn a_house_between_hides_and_is_named() {
    let house = (rect([-5.0, 20.0], [5.0, 30.0]), 8.0);
    let ground = city(vec![house], vec![camera([0.0, 0.0, 4.0], 0.0)]);
    hidden_by(
        &ground,
        [0.0, 50.0, 1.5],
        &[Obstacle::Building(building_id(0))],
    );
    // Over the roof, past the corner, on the wall before, on the wall behind, in the house.
    check(&ground, [0.0, 50.0, 16.0], &[0]);
    check(&ground, [20.0, 50.0, 1.5], &[0]);
    check(&ground, [0.0, 20.0, 4.0], &[0]);
    check(&ground, [0.0, 20.1, 4.0], &[0]);
    hidden_by(
        &ground,
        [0.0, 30.0, 4.0],
        &[Obstacle::Building(building_id(0))],
    );
    hidden_by(
        &ground,
        [0.0, 25.0, 4.0],
        &[Obstacle::Building(building_id(0))],
    );
}

#[test]
fn the_house_a_camera_hangs_on_does_not_blind_it() {
    let houses = || vec![(rect([-5.0, 0.0], [5.0, 10.0]), 6.0)];
    let front = [0.0, -20.0, 1.5];
    let behind = [0.0, 30.0, 1.5];
    let by_itself = [Obstacle::Building(building_id(0))];
    // Just before its wall, on it, in it.
    for y in [-0.1, 0.0, 0.3, 0.49] {
        let ground = city(houses(), vec![camera([0.0, y, 4.0], 180.0)]);
        check(&ground, front, &[0]);
        // Along the wall it sees too, through the house it does not.
        let along = city(houses(), vec![camera([-4.0, y, 4.0], 90.0)]);
        check(&along, [20.0, -0.5, 4.0], &[0]);
        let through = city(houses(), vec![camera([0.0, y, 4.0], 0.0)]);
        hidden_by(&through, behind, &by_itself);
    }
    let on_the_roof = city(houses(), vec![camera([0.0, 0.6, 5.8], 180.0)]);
    check(&on_the_roof, [0.0, -80.0, 1.5], &[0]);
    let indoors = city(houses(), vec![camera([0.0, 4.0, 2.0], 180.0)]);
    hidden_by(&indoors, front, &by_itself);
    // Wall to wall with a neighbour: out of both.
    let mut row = houses();
    row.push((rect([5.0, 0.0], [15.0, 10.0]), 6.0));
    let ground = city(row, vec![camera([5.0, 0.2, 4.0], 180.0)]);
    check(&ground, front, &[0]);
}

#[test]
fn real_roofs_count_where_they_are_known() {
    let footprint = rect([-5.0, 20.0], [5.0, 32.0]);
    let gable = RoofParams {
        shape: RoofShape::Gable,
        eave_m: 4.0,
        pitch: 1.0,
        ..RoofParams::default()
    };
    let surfaces = build_house(&footprint, 0.0, &gable);
    let mut ground = city(vec![(footprint, 9.0)], vec![camera([-4.9, 0.0, 6.0], 0.0)]);
    // Over the eaves beside the ridge, which runs along the view; and towards the ridge.
    let targets = [[-4.9, 60.0, 6.0], [0.0, 60.0, 6.0]];
    for at in targets {
        hidden_by(&ground, at, &[Obstacle::Building(building_id(0))]);
    }
    let house = ground.buildings.values_mut().next().unwrap();
    house.models = vec![model("1", vec![]), model("2.2", surfaces.clone())];
    let sight = Sight::of(&ground);
    let open = targets.map(|at| !sight.sees(at).is_empty());
    assert_eq!(open, [true, false]);
    // LoD 1 is no roof: the prism counts.
    let house = ground.buildings.values_mut().next().unwrap();
    house.models = vec![model("1.3", surfaces)];
    hidden_by(&ground, targets[0], &[Obstacle::Building(building_id(0))]);
}

#[test]
fn a_hill_hides_and_ground_is_asked_of_it() {
    let mut ground = city(vec![], vec![camera([0.0, 0.0, 4.0], 0.0)]);
    let hill = [
        [[-20.0, 10.0, 0.0], [20.0, 10.0, 0.0], [0.0, 20.0, 9.0]],
        [[-20.0, 30.0, 0.0], [20.0, 30.0, 0.0], [0.0, 20.0, 9.0]],
    ];
    let hill = terrain(&hill);
    ground.terrain.insert(hill.id, hill);
    hidden_by(&ground, [0.0, 40.0, 1.5], &[Obstacle::Terrain]);
    check(&ground, [0.0, 12.0, 1.8], &[0]);
    let sight = Sight::of(&ground);
    assert!((sight.ground_at([0.0, 20.0]) - 9.0).abs() < 1e-9);
    assert_eq!(sight.ground_at([500.0, 0.0]), 0.0);
}

#[test]
fn a_door_is_looked_at_from_before_its_wall_and_party_walls_are_no_facade() {
    let houses = vec![
        (rect([0.0, 0.0], [10.0, 10.0]), 6.0),
        (rect([10.0, 0.0], [20.0, 10.0]), 6.0),
    ];
    let ground = city(houses, vec![camera([5.0, -20.0, 4.0], 0.0)]);
    let sight = Sight::of(&ground);
    // As a network would find it, on the wall towards the lane.
    let found = sight
        .sees_building(building_id(0), Some([4.0, 0.0]))
        .unwrap();
    let [x, y, z] = found.entrance;
    assert_eq!(x, 4.0);
    assert!((y + 0.05).abs() < 1e-9 && z == 1.5, "{y} {z}");
    assert_eq!(found.look.seen.len(), 1);
    // Three free walls of 10 m, each in three pieces; only the one to the south is seen.
    assert_eq!(found.panels.len(), 9);
    assert!((found.facade_share_seen() - 1.0 / 3.0).abs() < 1e-9);
    assert!(
        found
            .panels
            .iter()
            .all(|panel| panel.from[0] < 9.9 || panel.to[0] < 9.9)
    );
    let unknown = sight.sees_building(building_id(1), None).unwrap();
    // No door is known: the longest free wall, the first of equals.
    assert!((unknown.entrance[0] - 15.0).abs() < 1e-9 && unknown.entrance[1] < 0.0);
    assert!(sight.sees_building(building_id(7), None).is_none());
}

#[test]
fn a_map_counts_cells_and_names_the_largest_blind_spot_on_the_road() {
    let houses = vec![(rect([4.0, 10.0], [16.0, 20.0]), 6.0)];
    let mut ground = city(houses, vec![camera([10.0, 0.0, 4.0], 0.0)]);
    let lane = road(&[[0.0, 24.0], [20.0, 24.0]], 4.0);
    let id = lane.id;
    ground.roads.insert(id, lane);
    let sight = Sight::of(&ground);
    let area = Bounds2 {
        min: [0.0, 0.0],
        max: [20.0, 30.0],
    };
    let map = sight.coverage(|_| true, area, 1.0).unwrap();
    assert_eq!((map.columns, map.rows, map.cells.len()), (20, 30, 600));
    let built = map.cells.iter().filter(|cell| cell.cover == Cover::Built);
    assert_eq!(built.count(), 120);
    let first = &map.blind[0];
    assert_eq!((first.cover, first.road), (Cover::Road, Some(id)));
    // The shadow of the house on the lane: wider than the house itself.
    assert!(first.area_m2 >= 48.0 && first.bounds.min[0] < 4.0 && first.bounds.max[0] > 16.0);
    assert!(map.share_seen(Cover::Road) < 0.5 && map.share_seen(Cover::Open) > 0.1);
    assert_eq!(map.panels.len(), 3 + 3 + 3 + 3);
    assert!(map.panels.iter().any(|panel| panel.is_blind()));
    let nobody = sight.coverage(|_| false, area, 1.0).unwrap();
    assert!(nobody.cells.iter().all(|cell| cell.seen == 0));
}

#[test]
fn maps_that_cannot_be_are_refused() {
    let sight = Sight::of(&empty());
    let area = |max: f64| Bounds2 {
        min: [0.0; 2],
        max: [max; 2],
    };
    let refused = |bounds, cell_m| sight.coverage(|_| true, bounds, cell_m).unwrap_err();
    assert_eq!(refused(area(-1.0), 1.0), CoverageError::Bounds);
    assert_eq!(refused(area(f64::INFINITY), 1.0), CoverageError::Bounds);
    assert_eq!(refused(area(9.0), 0.0), CoverageError::Cell(0.0));
    assert!(matches!(
        refused(area(9.0), f64::NAN),
        CoverageError::Cell(_)
    ));
    let cells = 2.5e7;
    assert_eq!(
        refused(area(5_000.0), 1.0),
        CoverageError::TooFine { cells }
    );
    let nothing = sight.coverage(|_| true, area(3.0), 2.0).unwrap();
    assert_eq!(nothing.cells.len(), 4);
    assert_eq!(nothing.blind.len(), 1);
}
