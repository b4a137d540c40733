//! Random cities: every answer held against all cameras and all buildings, one by one.

use proptest::prelude::*;

use super::*;
use crate::base::BuildingId;
use crate::model::sight::{Cell, Cover, Obstacle, Seen, Sight};
use crate::space::{
    Bounds2, Ray3, RoofParams, build_house, polygon_contains, ray_prism, ray_triangle,
    triangulate_surface,
};

const SIDE_M: f64 = 120.0;

fn houses() -> impl Strategy<Value = Vec<(Polygon<f64>, f64, bool)>> {
    let place = (0.0..SIDE_M, 0.0..SIDE_M);
    let size = (2.0..14.0_f64, 2.0..14.0_f64, 0.0..1.5_f64);
    let one = (place, size, 2.0..20.0_f64, prop::bool::weighted(0.3));
    let one = one.prop_map(|((x, y), (w, d, turn), height_m, has_roof)| {
        let (sin, cos) = turn.sin_cos();
        // An L.
        let corners = [
            [0.0, 0.0],
            [w, 0.0],
            [w, 0.5 * d],
            [0.4 * w, 0.5 * d],
            [0.4 * w, d],
            [0.0, d],
        ];
        let ring = corners.map(|[u, v]| (x + u * cos - v * sin, y + u * sin + v * cos));
        (
            Polygon::new(LineString::from(ring.to_vec()), vec![]),
            height_m,
            has_roof,
        )
    });
    prop::collection::vec(one, 0..40)
}

fn cameras() -> impl Strategy<Value = Vec<Camera>> {
    let at = (0.0..SIDE_M, 0.0..SIDE_M, 1.0..25.0_f64);
    let view = (0.0..360.0_f64, -60.0..30.0_f64, 20.0..200.0_f64);
    let fov = prop::sample::select(vec![20.0, 60.0, 90.0, 179.0, 200.0, 360.0]);
    let kind = prop::sample::select(vec![
        None,
        Some(CameraKind::Bullet),
        Some(CameraKind::Dome),
        Some(CameraKind::Ptz),
        Some(CameraKind::Panoramic),
    ]);
    let one =
        (at, view, fov, kind).prop_map(|((x, y, z), (heading, pitch, range), fov, kind)| Camera {
            pitch_deg: pitch,
            fov_deg: fov,
            range_m: range,
            kind,
            ..camera([x, y, z], heading)
        });
    prop::collection::vec(one, 0..25)
}

fn hill() -> impl Strategy<Value = Vec<[[f64; 3]; 3]>> {
    let one = prop::array::uniform3((0.0..SIDE_M, 0.0..SIDE_M, -1.0..5.0_f64));
    let one = one.prop_map(|corners| corners.map(|(x, y, z)| [x, y, z]));
    prop::collection::vec(one, 0..6)
}

fn built(
    houses: Vec<(Polygon<f64>, f64, bool)>,
    cameras: Vec<Camera>,
    hill: &[[[f64; 3]; 3]],
) -> Ground {
    let roofs: Vec<bool> = houses.iter().map(|house| house.2).collect();
    let plain = houses
        .into_iter()
        .map(|(outline, height_m, _)| (outline, height_m));
    let mut ground = city(plain.collect(), cameras);
    for (number, has_roof) in roofs.into_iter().enumerate() {
        let house = ground.buildings.get_mut(&building_id(number)).unwrap();
        if has_roof {
            let params = RoofParams {
                eave_m: 0.7 * house.height_m,
                ..RoofParams::default()
            };
            let surfaces = build_house(&house.footprint, 0.0, &params);
            house.models = vec![model("2.0", surfaces)];
        }
    }
    let terrain = terrain(hill);
    ground.terrain.insert(terrain.id, terrain);
    ground
}

/// Is the point in the picture as it stands, and once turned? By angles, lens at `lens`.
fn in_picture(camera: &Camera, lens: [f64; 3], point: [f64; 3]) -> (bool, bool) {
    let [e, n, z] = [0, 1, 2].map(|k| point[k] - lens[k]);
    if (e * e + n * n + z * z).sqrt() > camera.range_m {
        return (false, false);
    }
    let (sh, ch) = camera.heading_deg.to_radians().sin_cos();
    let (sp, cp) = camera.pitch_deg.to_radians().sin_cos();
    let (side, ahead) = (e * ch - n * sh, e * sh + n * ch);
    let (depth, up) = (ahead * cp + z * sp, z * cp - ahead * sp);
    let half = (camera.fov_deg / 2.0).to_radians();
    let kind = camera.kind.unwrap_or(CameraKind::Bullet);
    if kind == CameraKind::Panoramic || camera.fov_deg >= 360.0 {
        return (true, true);
    }
    if camera.fov_deg >= 180.0 {
        let inside = side.atan2(depth).abs() <= half
            && up.atan2(side.hypot(depth)).abs() <= half * 9.0 / 16.0;
        return (inside, inside);
    }
    let inside = depth > 0.0
        && (side / depth).abs() <= half.tan()
        && (up / depth).abs() <= half.tan() * 9.0 / 16.0;
    (inside, inside || kind == CameraKind::Ptz)
}

/// What a ray meets first, among all buildings and all triangles of the ground.
fn obstacle(ground: &Ground, ray: &Ray3, most_m: f64) -> Option<Obstacle> {
    let of_building = |house: &Building| -> Option<f64> {
        let mut faces = Vec::new();
        for surface in house.models.iter().flat_map(|model| &model.surfaces) {
            triangulate_surface(surface, &mut faces);
        }
        if faces.is_empty() {
            return ray_prism(ray, &house.footprint, 0.0, house.height_m);
        }
        faces
            .iter()
            .filter_map(|face| ray_triangle(ray, face))
            .filter(|hit_m| *hit_m >= 0.5)
            .reduce(f64::min)
    };
    let houses = ground.buildings.values();
    let hits = houses.filter_map(|house| Some((of_building(house)?, Obstacle::Building(house.id))));
    let tins = ground
        .terrain
        .values()
        .flat_map(|terrain| terrain.tin.corners());
    let hills = tins.filter_map(|corners| Some((ray_triangle(ray, &corners)?, Obstacle::Terrain)));
    let all = hits.chain(hills).filter(|(hit_m, _)| *hit_m < most_m);
    all.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
        .map(|(_, by)| by)
}

/// Cameras that see the point (with by_turning), and those that are hidden (with by what).
type Slow = (Vec<(CameraId, bool)>, Vec<(CameraId, Obstacle)>);

fn slow_look(ground: &Ground, sight: &Sight, point: [f64; 3]) -> Slow {
    let (mut seen, mut hidden) = (Vec::new(), Vec::new());
    for camera in ground.cameras.values() {
        let lens = sight.bodies.clear_of_walls(camera.position);
        let (stands, turned) = in_picture(camera, lens, point);
        if !turned {
            continue;
        }
        let (ray, target_m) = Ray3::towards(lens, point).unwrap();
        match obstacle(ground, &ray, target_m - 0.25) {
            None => seen.push((camera.id, !stands)),
            Some(by) => hidden.push((camera.id, by)),
        }
    }
    (seen, hidden)
}

fn point() -> impl Strategy<Value = [f64; 3]> {
    (0.0..SIDE_M, 0.0..SIDE_M, 0.0..12.0_f64).prop_map(|(x, y, z)| [x, y, z])
}

/// The list in the order of ids.
fn by_id<T>(mut list: Vec<(CameraId, T)>) -> Vec<(CameraId, T)> {
    list.sort_by_key(|(id, _)| *id);
    list
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn points_are_seen_as_by_all_cameras_past_all_buildings(
        houses in houses(),
        cameras in cameras(),
        hill in hill(),
        points in prop::collection::vec(point(), 1..12),
    ) {
        let ground = built(houses, cameras, &hill);
        let sight = Sight::of(&ground);
        for point in points {
            let look = sight.look_at(point);
            let (seen, hidden) = slow_look(&ground, &sight, point);
            let found = look.seen.iter().map(|one| (one.camera, one.aim.by_turning));
            prop_assert_eq!(by_id(found.collect()), seen);
            let found = look.hidden.iter().map(|one| (one.seen.camera, one.by));
            prop_assert_eq!(by_id(found.collect()), hidden);
            prop_assert_eq!(&sight.sees(point), &look.seen);
            let rank = |one: &Seen| (one.aim.by_turning, -one.aim.pixels_per_m);
            prop_assert!(look.seen.is_sorted_by(|a, b| rank(a) <= rank(b)));
        }
    }

    #[test]
    fn lenses_end_up_outside_or_stay(houses in houses(), cameras in cameras()) {
        let ground = built(houses, cameras, &[]);
        let sight = Sight::of(&ground);
        let holds = |house: &Building, at: [f64; 3]| {
            polygon_contains(&house.footprint, [at[0], at[1]])
                && house.models.is_empty()
                && (0.0..=house.height_m).contains(&at[2])
        };
        for camera in ground.cameras.values() {
            let at = sight.bodies.clear_of_walls(camera.position);
            let moved_m = (0..3).map(|k| (at[k] - camera.position[k]).powi(2)).sum::<f64>().sqrt();
            if moved_m > 0.0 {
                prop_assert!(moved_m <= 0.56);
                prop_assert!(!ground.buildings.values().any(|house| holds(house, at)));
            }
        }
    }

    #[test]
    fn maps_count_what_points_give(houses in houses(), cameras in cameras(), cell_m in 5.0..25.0_f64) {
        let mut ground = built(houses, cameras, &[]);
        let lane = road(&[[0.0, 10.0], [60.0, 60.0], [SIDE_M, 60.0]], 8.0);
        ground.roads.insert(lane.id, lane);
        let sight = Sight::of(&ground);
        let area = Bounds2 { min: [10.0, 20.0], max: [110.0, 90.0] };
        let odd = |id: CameraId| id.bits() % 2 == 1;
        let map = sight.coverage(odd, area, cell_m).unwrap();
        for (place, cell) in map.cells.iter().enumerate() {
            let [x, y] = map.middle(place);
            let is_built = ground.buildings.values().any(|one| polygon_contains(&one.footprint, [x, y]));
            prop_assert_eq!(is_built, cell.cover == Cover::Built);
            let seen = sight.sees([x, y, 1.5]).into_iter().filter(|one| odd(one.camera));
            let (turning, stands): (Vec<Seen>, Vec<Seen>) = seen.partition(|one| one.aim.by_turning);
            if !is_built {
                prop_assert_eq!((cell.seen as usize, cell.turning as usize), (stands.len(), turning.len()));
            }
        }
        let blind = |cell: &&Cell| cell.cover != Cover::Built && cell.seen + cell.turning == 0;
        let blind_m2 = map.cells.iter().filter(blind).count() as f64 * cell_m * cell_m;
        let told_m2: f64 = map.blind.iter().map(|spot| spot.area_m2).sum();
        prop_assert!((blind_m2 - told_m2).abs() < 1e-6, "{} {}", blind_m2, told_m2);
        let ranks: Vec<(Cover, f64)> = map.blind.iter().map(|spot| (spot.cover, -spot.area_m2)).collect();
        prop_assert!(ranks.is_sorted());
        let ids: Vec<BuildingId> = map.panels.iter().map(|panel| panel.building).collect();
        prop_assert!(ids.is_sorted());
    }
}
