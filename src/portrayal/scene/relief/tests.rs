//! The lie of the land, and how strongly it is lit.

use super::*;

fn extent() -> Bounds2 {
    Bounds2 {
        min: [0.0, 0.0],
        max: [200.0, 200.0],
    }
}

#[test]
fn feet_that_differ_by_little_make_a_plane() {
    let feet = (0..50).map(|i| [f64::from(i) * 4.0, 100.0, f64::from(i % 3) * 0.3]);
    assert!(Relief::new(&feet.collect::<Vec<_>>(), extent()).is_flat());
    assert!(Relief::new(&[], extent()).is_flat());
}

#[test]
fn gentle_terrain_is_lit_as_if_it_were_steep() {
    let lit = |rise: f64| {
        let at = |x: f64, y: f64| [x, y, x * rise];
        let corners = [
            [at(0., 0.), at(200., 0.), at(200., 200.)],
            [at(0., 0.), at(200., 200.), at(0., 200.)],
        ];
        Relief::on(TinIndex::from_corners(corners.to_vec()), &[], extent()).steeper()
    };
    assert_eq!(lit(0.5), 3.0);
    assert!((lit(0.03) - 10.0).abs() < 0.1, "{}", lit(0.03));
    // What is level stays so, and feet of buildings are not made mountains.
    assert_eq!(lit(0.0), 24.0);
    assert_eq!(Relief::new(&[], extent()).steeper(), 3.0);
}

#[test]
fn the_edge_of_terrain_is_no_cliff() {
    let at = |x: f64, y: f64| [x, y, 60.0 + x * 0.02];
    let corners = [
        [at(50., 50.), at(150., 50.), at(150., 150.)],
        [at(50., 50.), at(150., 150.), at(50., 150.)],
    ];
    // Land far below all around.
    let feet: Vec<_> = (0..=20).map(|i| [f64::from(i) * 10.0, 5.0, 0.0]).collect();
    let relief = Relief::on(TinIndex::from_corners(corners.to_vec()), &feet, extent());
    for place in [[100.0, 100.0], [52.0, 100.0], [148.0, 100.0], [100.0, 51.0]] {
        let [east, north, up] = relief.normal_at(place);
        assert!((east / up + 0.02).abs() < 1e-6, "{place:?}: {east}");
        assert!(north.abs() < 1e-6, "{place:?}: {north}");
    }
}

#[test]
fn a_slope_is_followed() {
    let feet: Vec<_> = (0..=200)
        .flat_map(|x| {
            (0..=10).map(move |y| [f64::from(x), f64::from(y) * 20.0, f64::from(x) * 0.2])
        })
        .collect();
    let relief = Relief::new(&feet, extent());
    assert!((relief.height_m([100.0, 100.0]) - 20.0).abs() < 3.0);
    assert!(relief.height_m([190.0, 50.0]) > relief.height_m([10.0, 50.0]) + 25.0);
    let [east, north, up] = relief.normal_at([100.0, 100.0]);
    assert!((east + 0.196).abs() < 0.02, "{east}");
    assert!(north.abs() < 0.02 && up > 0.97, "{north} {up}");
}
