//! Tests of `polygon_clean`.

use super::*;
use proptest::prelude::*;

fn polygon(rings: &[&[[f64; 2]]]) -> Polygon<f64> {
    ring::polygon_from_rings(&rings.iter().map(|r| r.to_vec()).collect::<Vec<_>>())
}

/// Cleans, and returns area and the repairs' sentences.
fn check(rings: &[&[[f64; 2]]]) -> Result<(f64, String), String> {
    let (clean, repairs) = clean_polygon(polygon(rings)).map_err(|e| e.to_string())?;
    let words: Vec<String> = repairs.iter().map(|r| r.to_string()).collect();
    assert!(signed_area(&ring::ring_from_line_string(clean.exterior())) > 0.0);
    Ok((area_m2(&clean), words.join("; ")))
}

const SQUARE: [[f64; 2]; 4] = [[0., 0.], [10., 0.], [10., 10.], [0., 10.]];

#[test]
fn a_clean_square_is_left_alone() {
    assert_eq!(check(&[&SQUARE]), Ok((100.0, String::new())));
}

#[test]
fn small_faults_are_repaired_and_named() {
    let spiky = [
        [0., 0.],
        [10., 0.],
        [14., 0.],
        [10., 0.],
        [10., 10.],
        [10., 10.0001],
        [0., 10.],
    ];
    let (area, words) = check(&[&spiky]).unwrap();
    assert!((area - 100.0).abs() < 1e-2);
    assert_eq!(words, "2 repeated corners removed; 1 spikes removed");
    let clockwise: Vec<[f64; 2]> = SQUARE.iter().rev().copied().collect();
    assert_eq!(check(&[&clockwise]).unwrap().1, "ring direction reversed");
}

#[test]
fn crossings() {
    let bow_tie = [[0., 0.], [10., 10.], [10., 0.], [0., 10.]];
    assert!(check(&[&bow_tie]).unwrap_err().contains("crosses itself"));
    let nearly = [
        [0., 0.],
        [10., 0.],
        [10., 10.],
        [0., 10.],
        [0., 0.5],
        [0.3, -0.2],
    ];
    let (area, words) = check(&[&nearly]).unwrap();
    assert!(words.contains("self-crossing"), "{words}");
    assert!((area - 100.0).abs() < 1.0, "{area}");
}

#[test]
fn hopeless_ones_are_refused() {
    assert!(
        check(&[&[[0., 0.], [1., 0.], [2., 0.]]])
            .unwrap_err()
            .contains("corners")
    );
    assert!(
        check(&[&[[0., 0.], [0.1, 0.], [0., 0.1]]])
            .unwrap_err()
            .contains("sliver")
    );
    assert!(
        check(&[&[[0., 0.], [f64::NAN, 0.], [0., 1.]]])
            .unwrap_err()
            .contains("finite")
    );
    assert!(check(&[&[]]).is_err());
    // The sum of no areas is minus zero.
    let nothing = largest_part(MultiPolygon::new(Vec::new())).unwrap_err();
    assert_eq!(nothing.to_string(), "a sliver of 0.00000 m²");
}

#[test]
fn holes_are_kept_dropped_or_cut() {
    let inside = [[2., 2.], [2., 4.], [4., 4.], [4., 2.]];
    let outside = inside.map(|p| [p[0] + 20.0, p[1]]);
    let across = [[5., 8.], [5., 12.], [7., 12.], [7., 8.]];
    assert_eq!(check(&[&SQUARE, &inside]), Ok((96.0, String::new())));
    assert!(
        check(&[&SQUARE, &outside])
            .unwrap()
            .1
            .contains("1 holes outside")
    );
    let (area, words) = check(&[&SQUARE, &inside, &across]).unwrap();
    assert!(
        (area - 92.0).abs() < 1e-3 && words.contains("cut out"),
        "{area} {words}"
    );
}

fn crosses_slowly(ring: &[[f64; 2]]) -> bool {
    let n = ring.len();
    let edge = |i: usize| (ring[i], ring[(i + 1) % n]);
    (0..n).any(|i| (i + 2..n).any(|j| (j + 1) % n != i && segments_meet(edge(i), edge(j))))
}

proptest! {
    #[test]
    fn any_ring_is_refused_or_becomes_simple(
        ring in prop::collection::vec(prop::array::uniform2(-50.0..50.0f64), 0..90)
    ) {
        if let Ok((clean, _)) = clean_polygon(polygon(&[&ring])) {
            prop_assert!(area_m2(&clean) >= SLIVER_M2);
            prop_assert!(clean.exterior().0.len() >= 4);
        }
    }

    /// Stars are simple; with two neighbours swapped they cross or, rarely, stay simple. Both ways
    /// of looking agree either way.
    #[test]
    fn sweep_agrees_on_stars(
        radii in prop::collection::vec(5.0..9.0f64, 70..120),
        swapped in prop::option::of(0..60usize),
    ) {
        let n = radii.len();
        let corner = |i: usize| {
            let (s, c) = (std::f64::consts::TAU * i as f64 / n as f64).sin_cos();
            [radii[i] * c, radii[i] * s]
        };
        let mut ring: Vec<[f64; 2]> = (0..n).map(corner).collect();
        if let Some(i) = swapped {
            ring.swap(i, i + 3);
        }
        let crossing = crosses_itself(&ring);
        prop_assert_eq!(crossing, crosses_slowly(&ring));
        prop_assert!(swapped.is_some() || !crossing);
    }

    #[test]
    fn sweep_agrees_with_all_pairs(
        ring in prop::collection::vec(prop::array::uniform2(-9.0..9.0f64), 65..90)
    ) {
        prop_assert_eq!(crosses_itself(&ring), crosses_slowly(&ring));
    }
}
