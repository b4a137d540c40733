//! Nets without a crack, within the tolerance, with holes where there is no data; lists of heights
//! in every way they are written.

use std::collections::BTreeMap;
use std::path::Path;

use proptest::prelude::*;

use super::grid::{Grid, Place};
use super::{add_grid, read_geotiff, read_xyz};
use crate::ingest::{Format, Input, RawCity, ReadOptions};
use crate::space::{Tin, TinIndex, area_m2};

fn grid(columns: usize, rows: usize, height_m: impl Fn(usize, usize) -> f32) -> Grid {
    let nodes = (0..rows).flat_map(|row| (0..columns).map(move |column| (column, row)));
    Grid {
        columns,
        rows,
        heights_m: nodes.map(|(column, row)| height_m(column, row)).collect(),
        // Rows run southwards, as in a raster.
        place: Place {
            x: [1_000.0, 2.0, 0.0],
            y: [5_000.0, 0.0, -2.0],
        },
    }
}

fn tins(grid: &Grid, tolerance_m: f64) -> Vec<Tin> {
    let mut city = RawCity::new(Format::Xyz);
    add_grid(&mut city, grid, tolerance_m);
    let features = city.features.into_iter();
    features.flat_map(|feature| feature.shape.tins).collect()
}

/// Every property that a net of a raster must have.
fn check(grid: &Grid, tolerance_m: f64) {
    let tins = tins(grid, tolerance_m);
    let corners: Vec<_> = tins.iter().flat_map(Tin::corners).collect();
    let mut covered = 0.0;
    let mut edges = BTreeMap::<[[u64; 2]; 2], i32>::new();
    for [a, b, c] in &corners {
        let double = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]);
        assert!(double > 0.0, "a triangle runs clockwise");
        covered += double / 2.0;
        for (p, q) in [(a, b), (b, c), (c, a)] {
            let key = |at: &[f64; 3]| [at[0].to_bits(), at[1].to_bits()];
            let (p, q) = (key(p), key(q));
            *edges.entry([p.min(q), p.max(q)]).or_default() += if p < q { 1 } else { -1 };
        }
    }
    let cells = (0..grid.rows as isize).flat_map(|row| {
        let columns = 0..grid.columns as isize;
        columns.map(move |column| (column, row))
    });
    let cells: Vec<_> = cells.filter(|(c, r)| grid.has_cell(*c, *r)).collect();
    assert!(
        (covered - 4.0 * cells.len() as f64).abs() < 1e-6,
        "all that has data, once"
    );
    // An edge without a partner lies on the border of what has data: no crack inside.
    for ([p, q], balance) in &edges {
        if *balance != 0 {
            let middle = [0, 1].map(|k| (f64::from_bits(p[k]) + f64::from_bits(q[k])) / 2.0);
            let around = [[1e-3, 1e-3], [-1e-3, 1e-3], [1e-3, -1e-3], [-1e-3, -1e-3]];
            let inside = around.iter().filter(|d| {
                let at = [middle[0] + d[0], middle[1] + d[1]];
                let column = ((at[0] - 1_000.0) / 2.0).floor() as isize;
                let row = ((5_000.0 - at[1]) / 2.0).floor() as isize;
                grid.has_cell(column, row)
            });
            assert!(inside.count() < 4, "a crack at {middle:?}");
        }
    }
    let index = TinIndex::new(&tins);
    for (column, row) in cells {
        for (column, row) in [(column, row), (column + 1, row + 1)] {
            let [x, y, z] = grid.position(column as usize, row as usize);
            let found = index.height_at([x, y]).expect("the net is there");
            assert!(
                (found - z).abs() <= tolerance_m + 1e-6,
                "{x} {y}: {found}, not {z}"
            );
        }
    }
}

#[test]
fn hills_over_several_tiles_without_a_crack() {
    let hills = |column: usize, row: usize| {
        let (x, y) = (column as f32 * 0.05, row as f32 * 0.07);
        10.0 * x.sin() * y.cos() + 0.02 * ((column * 31 + row * 17) % 11) as f32
    };
    check(&grid(600, 300, hills), 0.15);
    // A plane needs no more than the corners of its tiles.
    let plane = grid(600, 300, |column, row| {
        column as f32 * 0.5 + row as f32 * 0.25
    });
    assert_eq!(
        tins(&plane, 0.15)
            .iter()
            .map(|tin| tin.triangles.len())
            .sum::<usize>(),
        12
    );
    check(&plane, 0.15);
}

#[test]
fn lakes_and_coasts_stay_holes() {
    let coast = |column: usize, row: usize| {
        let (x, y) = (column as f32 - 300.0, row as f32 - 140.0);
        let r = x.hypot(y);
        if (40.0..60.0).contains(&r) || r > 220.0 || column == 256 && row < 40 {
            f32::NAN
        } else {
            (r * 0.1).sin() * 4.0
        }
    };
    check(&grid(600, 300, coast), 0.1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_net_is_sound(
        columns in 2..40usize,
        rows in 2..40usize,
        seed: u32,
        holes in 0..60u32,
        tolerance_m in 0.01..3.0f64,
    ) {
        let chance = |column: usize, row: usize, salt: u32| {
            let mix = (column as u32).wrapping_mul(0x9E37_79B9) ^ (row as u32).wrapping_mul(0x85EB_CA6B);
            let mix = (mix ^ seed.wrapping_add(salt)).wrapping_mul(0xC2B2_AE35);
            (mix >> 9) % 100
        };
        let any = |column: usize, row: usize| {
            if chance(column, row, 1) < holes {
                f32::NAN
            } else {
                chance(column, row, 2) as f32 * 0.1
            }
        };
        let grid = grid(columns, rows, any);
        check(&grid, tolerance_m);
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let input = Input::alone(Path::new("a.tif"), &bytes);
        let _ = read_geotiff(&input, &ReadOptions::default(), &mut |_| Ok(()));
        for mark in [&b"II*\0\x08\0\0\0"[..], b"MM\0*\0\0\0\x08", b"II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0"] {
            let marked = [mark, &bytes].concat();
            let input = Input::alone(Path::new("a.tif"), &marked);
            let _ = read_geotiff(&input, &ReadOptions::default(), &mut |_| Ok(()));
        }
        let input = Input::alone(Path::new("a.xyz"), &bytes);
        let _ = read_xyz(&input, &ReadOptions::default(), &mut |_| Ok(()));
    }

    #[test]
    fn no_text_panics(text in "([-0-9.,; eENaxyz]{0,12}\n){0,12}") {
        let input = Input::alone(Path::new("a.xyz"), text.as_bytes());
        let _ = read_xyz(&input, &ReadOptions::default(), &mut |_| Ok(()));
    }
}

fn xyz(text: &str) -> Result<RawCity, String> {
    let input = Input::alone(Path::new("a.xyz"), text.as_bytes());
    let read = read_xyz(&input, &ReadOptions::default(), &mut |_| Ok(()));
    read.map_err(|fault| fault.to_string())
}

/// What a text covers, and its height at a place.
fn check_xyz(text: &str, area: f64, at: [f64; 2], height_m: f64) {
    let city = xyz(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
    let tins: Vec<&Tin> = city
        .features
        .iter()
        .flat_map(|one| &one.shape.tins)
        .collect();
    let corners = tins.iter().flat_map(|tin| tin.corners());
    let covered: f64 = corners
        .map(|[a, b, c]| {
            let ring = [a, b, c].map(|p| (p[0], p[1])).to_vec();
            area_m2(&geo_types::Polygon::new(ring.into(), vec![]))
        })
        .sum();
    assert!((covered - area).abs() < 1e-6, "{text}: {covered}");
    let found = TinIndex::new(tins).height_at(at).expect("it is covered");
    assert!((found - height_m).abs() < 1e-6, "{text}: {found}");
}

#[test]
fn every_way_to_write_a_list() {
    check_xyz("0 0 1\n1 0 1\n0 1 3\n1 1 3\n", 1.0, [0.5, 0.5], 2.0);
    check_xyz("x,y,z\n0,0,1\n1,0,1\n0,1,3\n1,1,3", 1.0, [0.5, 0.5], 2.0);
    check_xyz("0, 0, 1\n1, 0, 1\n0, 1, 3\n1, 1, 3", 1.0, [0.5, 0.5], 2.0);
    check_xyz(
        "高程;北;东\n1;0;0\n1;0;2,5\n3;1;0\n3;1;2,5",
        2.5,
        [1.0, 0.5],
        2.0,
    );
    check_xyz("0,5 0 1\n1,5 0 1\n0,5 1 3\n1,5 1 3", 1.0, [1.0, 0.5], 2.0);
    // In any order, with a gap: -9999 is no height.
    let gap = "2 0 1\n0 0 1\n1 1 1\n0 1 1\n1 0 1\n2 1 -9999\n0 2 1\n1 2 1\n2 2 1";
    check_xyz(gap, 2.0, [0.5, 1.5], 1.0);
    // Scattered: the convex hull.
    let scattered = "0 0 0\n10 0 10\n0 10 0\n10 10 10\n3.3 4.7 3.3\n";
    check_xyz(scattered, 100.0, [5.0, 5.0], 5.0);
}

#[test]
fn what_is_no_list_is_refused() {
    for (text, reason) in [
        ("0 0 -9999\n1 0 -9999\n0 1 -9999", "no height"),
        (
            "east north height\nhere there 5\n1 2 3\n",
            "not three numbers",
        ),
        ("1 2 3\n", "no height"),
        ("0 0 1\n1 1 1\n2 2 1\n", "no height"),
    ] {
        let fault = xyz(text).unwrap_err();
        assert!(fault.contains(reason), "{text}: {fault}");
    }
}
