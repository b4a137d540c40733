//! Tests of the cleaning of faces: each repair by itself, and what holds for any faces.

use super::*;
use crate::space::{extrude, is_closed, triangulate_surface};
use geo_types::{LineString, Polygon, polygon};
use proptest::prelude::*;

fn face(kind: SurfaceKind, rings: &[&[[f64; 3]]]) -> Surface {
    Surface {
        kind,
        rings: rings.iter().map(|ring| ring.to_vec()).collect(),
    }
}

fn reversed(surface: &Surface) -> Surface {
    let mut turned = surface.clone();
    turned.rings.iter_mut().for_each(|ring| ring.reverse());
    turned
}

fn courtyard() -> Vec<Surface> {
    let plan = polygon!(
        exterior: [(x: 0., y: 0.), (x: 9., y: 0.), (x: 9., y: 9.), (x: 0., y: 9.)],
        interiors: [[(x: 3., y: 3.), (x: 3., y: 6.), (x: 6., y: 6.), (x: 6., y: 3.)]]
    );
    extrude(&plan, 2.0, 5.0)
}

fn volume(surfaces: &[Surface]) -> f64 {
    let mut triangles = Vec::new();
    for surface in surfaces {
        triangulate_surface(surface, &mut triangles);
    }
    let cone = |[a, b, c]: &[[f64; 3]; 3]| {
        a[0] * (b[1] * c[2] - b[2] * c[1])
            + a[1] * (b[2] * c[0] - b[0] * c[2])
            + a[2] * (b[0] * c[1] - b[1] * c[0])
    };
    triangles.iter().map(cone).sum::<f64>() / 6.0
}

#[test]
fn a_closed_body_is_left_alone() {
    let body = courtyard();
    assert!(is_closed(&body));
    let clean = clean_surfaces(body.clone());
    assert_eq!(
        (&clean.surfaces, clean.repairs.len(), clean.faults.len()),
        (&body, 0, 0)
    );
    let expected: Vec<FaceOrigin> = (0..body.len())
        .map(|index| FaceOrigin {
            index,
            reversed: false,
        })
        .collect();
    assert_eq!(clean.origins, expected);
}

#[test]
fn turned_faces_of_a_body_are_turned_back_and_named() {
    let body = courtyard();
    let mut spoilt = body.clone();
    for index in [0, 3, 5] {
        spoilt[index] = reversed(&body[index]);
    }
    let clean = clean_surfaces(spoilt);
    assert!(is_closed(&clean.surfaces));
    assert_eq!(clean.repairs, [FaceRepair::Turned { count: 3 }]);
    let turned: Vec<usize> = clean
        .origins
        .iter()
        .filter(|o| o.reversed)
        .map(|o| o.index)
        .collect();
    assert_eq!(turned, [0, 3, 5]);
    let inside_out: Vec<Surface> = body.iter().map(reversed).collect();
    assert!(is_closed(&clean_surfaces(inside_out).surfaces));
}

#[test]
fn a_cavity_looks_into_itself_and_stays() {
    let outer = courtyard();
    let hole = polygon![(x: 1., y: 1.), (x: 2., y: 1.), (x: 2., y: 2.), (x: 1., y: 2.)];
    let cavity: Vec<Surface> = extrude(&hole, 3.0, 1.0).iter().map(reversed).collect();
    let both: Vec<Surface> = outer.into_iter().chain(cavity).collect();
    assert_eq!(clean_surfaces(both.clone()).surfaces, both);
}

#[test]
fn bodies_that_share_a_wall_keep_it_both_ways() {
    let west = polygon![(x: 0., y: 0.), (x: 4., y: 0.), (x: 4., y: 4.), (x: 0., y: 4.)];
    let east = polygon![(x: 4., y: 0.), (x: 8., y: 0.), (x: 8., y: 4.), (x: 4., y: 4.)];
    let both: Vec<Surface> = [west, east]
        .iter()
        .flat_map(|plan| extrude(plan, 0.0, 3.0))
        .collect();
    let clean = clean_surfaces(both.clone());
    assert_eq!(clean.surfaces, both);
    let mut twice = both.clone();
    twice.push(both[2].clone());
    let clean = clean_surfaces(twice);
    assert_eq!(clean.surfaces, both);
    assert_eq!(clean.repairs, [FaceRepair::Duplicates { count: 1 }]);
}

#[test]
fn open_models_follow_their_meaning() {
    let square: &[[f64; 3]] = &[[0., 0., 3.], [4., 0., 3.], [4., 4., 3.], [0., 4., 3.]];
    let up = face(SurfaceKind::RoofSurface, &[square]);
    let check = |kind: SurfaceKind, is_up: bool| {
        let mut surface = if is_up { up.clone() } else { reversed(&up) };
        surface.kind = kind;
        clean_surfaces(vec![surface]).surfaces[0].normal().unwrap()[2]
    };
    for is_up in [true, false] {
        assert_eq!(check(SurfaceKind::RoofSurface, is_up), 1.0);
        assert_eq!(check(SurfaceKind::WaterSurface, is_up), 1.0);
        assert_eq!(check(SurfaceKind::GroundSurface, is_up), -1.0);
        let kept = if is_up { 1.0 } else { -1.0 };
        assert_eq!(check(SurfaceKind::Unknown, is_up), kept);
        assert_eq!(check(SurfaceKind::ClosureSurface, is_up), kept);
    }
}

#[test]
fn corners_and_slivers_go() {
    let ring: &[[f64; 3]] = &[
        [0., 0., 0.],
        [0.0004, 0., 0.],
        [4., 0., 0.],
        [4., 0., 0.],
        [4., 4., 0.],
        [0., 4., 0.],
        [0., 0., 0.],
    ];
    let line: &[[f64; 3]] = &[[1., 1., 0.], [2., 2., 0.], [3., 3., 0.]];
    let nan: &[[f64; 3]] = &[[f64::NAN, 1., 0.], [2., 2., 0.], [3., 1., 0.]];
    let clean = clean_surfaces(vec![
        face(SurfaceKind::Unknown, &[ring, line]),
        face(SurfaceKind::Unknown, &[line]),
        face(SurfaceKind::Unknown, &[nan]),
    ]);
    assert_eq!(clean.surfaces.len(), 1);
    assert_eq!(
        clean.surfaces[0].rings,
        [vec![[0., 0., 0.], [4., 0., 0.], [4., 4., 0.], [0., 4., 0.]]]
    );
    assert_eq!(
        clean.repairs,
        [
            FaceRepair::RepeatedCorners { count: 3 },
            FaceRepair::FacesDropped { count: 1 },
            FaceRepair::HolesDropped { count: 1 },
        ]
    );
    assert_eq!(clean.faults, [FaceFault::NotFinite { face: 2 }]);
}

#[test]
fn crossings_are_cut_and_keyholes_are_not() {
    let bow: &[[f64; 3]] = &[[0., 0., 0.], [4., 4., 4.], [4., 0., 0.], [0., 3., 3.]];
    let clean = clean_surfaces(vec![face(SurfaceKind::RoofSurface, &[bow])]);
    assert_eq!(clean.repairs[0], FaceRepair::Uncrossed { count: 1 });
    assert_eq!(clean.surfaces.len(), 2);
    for corner in clean.surfaces.iter().flat_map(|s| s.rings.iter().flatten()) {
        assert!(
            (corner[1] - corner[2]).abs() < 1e-9,
            "in the plane y = z: {corner:?}"
        );
    }
    let keyhole: &[[f64; 3]] = &[
        [0., 0., 0.],
        [9., 0., 0.],
        [9., 9., 0.],
        [0., 9., 0.],
        [0., 0., 0.],
        [3., 3., 0.],
        [3., 6., 0.],
        [6., 6., 0.],
        [6., 3., 0.],
        [3., 3., 0.],
    ];
    let whole = vec![face(SurfaceKind::Unknown, &[keyhole])];
    assert_eq!(clean_surfaces(whole.clone()).surfaces.len(), 1);
    assert!(
        clean_surfaces(whole)
            .repairs
            .iter()
            .all(|r| matches!(r, FaceRepair::RepeatedCorners { .. }))
    );
}

/// A ring that runs round the same square ten thousand times, and one that crosses itself at
/// every step: linear work, and the faces are kept.
#[test]
fn hostile_rings_cost_no_more_than_their_size() {
    let square = [[0., 0., 0.], [4., 0., 0.], [4., 4., 0.], [0., 4., 0.]];
    let round: Vec<[f64; 3]> = square.iter().cycle().take(40_000).copied().collect();
    let comb: Vec<[f64; 3]> = (0..40_000_u32)
        .map(|i| {
            let turn = f64::from(i) * 2.4;
            [9.0 * turn.cos(), 9.0 * turn.sin(), 0.0]
        })
        .collect();
    for ring in [round, comb] {
        let clean = clean_surfaces(vec![face(SurfaceKind::Unknown, &[&ring])]);
        assert_eq!(clean.surfaces.len(), 1);
        assert_eq!(clean.faults, [FaceFault::Tangled { face: 0 }]);
    }
}

#[test]
fn holes_run_against_their_outline() {
    let outer: &[[f64; 3]] = &[[0., 0., 0.], [9., 0., 0.], [9., 9., 0.], [0., 9., 0.]];
    let hole: &[[f64; 3]] = &[[3., 3., 0.], [6., 3., 0.], [6., 6., 0.], [3., 6., 0.]];
    let clean = clean_surfaces(vec![face(SurfaceKind::Unknown, &[outer, hole])]);
    assert_eq!(clean.repairs, [FaceRepair::HolesTurned { count: 1 }]);
    assert!(!clean.origins[0].reversed);
    assert_eq!(
        face_normal(&clean.surfaces[0].rings[1]),
        Some([0.0, 0.0, -1.0])
    );
}

#[test]
fn bent_faces_are_told_and_kept() {
    let bent: &[[f64; 3]] = &[[0., 0., 0.], [4., 0., 0.4], [4., 4., 0.], [0., 4., 0.4]];
    let given = vec![face(SurfaceKind::Unknown, &[bent])];
    let clean = clean_surfaces(given.clone());
    assert_eq!(clean.surfaces, given);
    let [FaceFault::Bent { count: 1, worst_m }] = clean.faults[..] else {
        panic!("{:?}", clean.faults);
    };
    assert!((worst_m - 0.2).abs() < 1e-9, "{worst_m}");
}

fn star(radii: &[f64], height_m: f64) -> Vec<Surface> {
    let n = radii.len() as f64;
    let corner = |(i, r): (usize, &f64)| {
        let (s, c) = (std::f64::consts::TAU * i as f64 / n).sin_cos();
        (5e5 + r * c, 3.4e6 + r * s)
    };
    let ring: LineString<f64> = radii.iter().enumerate().map(corner).collect();
    extrude(&Polygon::new(ring, Vec::new()), 3.0, 3.0 + height_m)
}

/// Faces on a coarse lattice: edges are shared, corners repeat, rings cross and vanish.
fn soup() -> impl Strategy<Value = Vec<Surface>> {
    let corner = prop::array::uniform3(0..4i32).prop_map(|p| p.map(|v| f64::from(v) * 0.7));
    let near = (
        prop::array::uniform3(0..3i32),
        prop::array::uniform3(0..4i32),
    )
        .prop_map(|(p, q)| [0, 1, 2].map(|k| f64::from(p[k]) + f64::from(q[k]) * 0.0004));
    let ring = prop::collection::vec(prop_oneof![4 => corner, 1 => near], 0..7);
    let kind = prop::sample::select(SurfaceKind::ALL);
    let surface =
        (kind, prop::collection::vec(ring, 0..3)).prop_map(|(kind, rings)| Surface { kind, rings });
    prop::collection::vec(surface, 0..14)
}

proptest! {
    #[test]
    fn any_turning_of_a_body_is_undone(
        radii in prop::collection::vec(2.0..9.0f64, 3..12),
        height_m in 1.0..30.0f64,
        turns in prop::collection::vec(any::<bool>(), 16),
    ) {
        let body = star(&radii, height_m);
        prop_assert_eq!(&clean_surfaces(body.clone()).surfaces, &body);
        let spoilt = body.iter().enumerate().map(|(i, surface)| {
            if turns[i % turns.len()] { reversed(surface) } else { surface.clone() }
        });
        let clean = clean_surfaces(spoilt.collect());
        prop_assert!(is_closed(&clean.surfaces));
        let (before, after) = (volume(&body), volume(&clean.surfaces));
        prop_assert!((before - after).abs() < 1e-6 * before.abs().max(1.0), "{before} {after}");
    }

    #[test]
    fn cleaning_twice_is_cleaning_once(faces in soup()) {
        let once = clean_surfaces(faces.clone());
        prop_assert_eq!(once.surfaces.len(), once.origins.len());
        prop_assert!(once.origins.iter().all(|origin| origin.index < faces.len()));
        let twice = clean_surfaces(once.surfaces.clone());
        prop_assert_eq!(&twice.surfaces, &once.surfaces, "{:?}", twice.repairs);
        prop_assert!(twice.repairs.is_empty(), "{:?}", twice.repairs);
    }

    #[test]
    fn no_faces_panic(rings in prop::collection::vec(
        prop::collection::vec(prop::array::uniform3(any::<f64>()), 0..6), 0..4,
    )) {
        let kind = SurfaceKind::Unknown;
        let faces = vec![Surface { kind, rings: rings.clone() }, Surface { kind, rings }];
        let _ = clean_surfaces(faces);
    }
}
