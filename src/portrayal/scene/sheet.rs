//! The sheet of settlement in the scene: a mesh over the land whose corners carry their place on the
//! ramp, and bands along lines of equal settlement, in the middle of which the shader draws lines as
//! wide in the picture at any distance. Used by `layer`. Never reaches where nothing is told.

use crate::portrayal::layer::{Sheet, SheetContour};
use crate::space::LocalFrame;

use super::builder::Builder;
use super::drape::drape;
use super::relief::Relief;
use super::ribbon;
use super::vertex::Material;

/// How far above the land the sheet lies: over streets and quays, under everything that stands up.
const SHEET_M: f64 = 0.1;
/// Lines lie over it.
const CONTOUR_M: f64 = 0.14;
/// A band is as wide as so many cells of the sheet, so that its line has room however far away.
const BAND_CELLS: f64 = 2.5;
/// … but no narrower than this; metres.
const BAND_MIN_M: f64 = 4.0;
/// Nor wider: it would reach beyond what a corner can carry.
const BAND_MAX_M: f64 = 80.0;
/// Corners carry metres from here on, so that none is below nought.
const CARRIED_FROM_M: f64 = 128.0;
/// Metres along a line begin anew after these: a multiple of every dash.
const ALONG_M: f64 = 512.0;
/// A corner carries units of 2 cm, as all do.
const UNIT_M: f64 = 0.02;

/// Adds a sheet with its lines.
pub(super) fn add_sheet(builder: &mut Builder, frame: &LocalFrame, relief: &Relief, sheet: &Sheet) {
    let origin = local(frame, sheet.origin);
    for row in 1..sheet.rows() {
        for column in 1..sheet.columns {
            add_cell(builder, relief, sheet, (origin, [column - 1, row - 1]));
        }
    }
    let band_m = (sheet.cell_m * BAND_CELLS).clamp(BAND_MIN_M, BAND_MAX_M);
    for contour in &sheet.contours {
        let line = contour.line.iter().map(|at| local(frame, *at));
        add_contour(
            builder,
            relief,
            &line.collect::<Vec<_>>(),
            (contour, band_m),
        );
    }
}

fn local(frame: &LocalFrame, [x, y]: [f64; 2]) -> [f64; 2] {
    let [x, y, _] = frame.local_from_projected([x, y, 0.0]);
    [x, y]
}

/// The square between four nodes, where all of them are told.
fn add_cell(
    builder: &mut Builder,
    relief: &Relief,
    sheet: &Sheet,
    (origin, [column, row]): ([f64; 2], [usize; 2]),
) {
    let node = |right: usize, up: usize| sheet.at(column + right, row + up);
    let all = [node(0, 0), node(1, 0), node(0, 1), node(1, 1)];
    let [Some(a), Some(b), Some(c), Some(d)] = all else {
        return;
    };
    let (side_m, steps) = (sheet.cell_m, [column as f64, row as f64]);
    let low = [0, 1].map(|axis| origin[axis] + steps[axis] * side_m);
    let [west, south] = low;
    let [east, north] = low.map(|at| at + side_m);
    let carried = |at: [f64; 3]| {
        let [u, v] = [0, 1].map(|axis| (at[axis] - low[axis]) / side_m);
        let value_mm = (1.0 - v) * ((1.0 - u) * a + u * b) + v * ((1.0 - u) * c + u * d);
        [ramp_word(sheet.share(value_mm)), 0]
    };
    let corners = [[west, south], [east, south], [east, north], [west, north]];
    let [sw, se, ne, nw] = corners;
    for triangle in [[sw, se, ne], [sw, ne, nw]] {
        add_draped(
            builder,
            relief,
            (triangle, SHEET_M),
            carried,
            Material::Sheet,
        );
    }
}

/// A share of the ramp, −1 to 1, as a corner carries it.
fn ramp_word(share: f64) -> u16 {
    ((share + 1.0) * 0.5 * f64::from(u16::MAX)).round() as u16
}

/// A band along a line; each corner knows how far along and how far from the middle it is.
fn add_contour(
    builder: &mut Builder,
    relief: &Relief,
    line: &[[f64; 2]],
    (contour, band_m): (&SheetContour, f64),
) {
    let material = match (contour.is_heave(), contour.is_bold) {
        (true, _) => Material::ContourDashed,
        (false, true) => Material::ContourBold,
        (false, false) => Material::Contour,
    };
    let mut along_m = 0.0;
    for pair in ribbon::edges(line, band_m).windows(2) {
        let [from, to] = [0, 1].map(|end| {
            let (left, right) = pair[end];
            [0, 1].map(|axis| f64::midpoint(left[axis], right[axis]))
        });
        let way = [to[0] - from[0], to[1] - from[1]];
        let length_m = way[0].hypot(way[1]).max(1e-6);
        let way = way.map(|one| one / length_m);
        let begin_m = along_m % ALONG_M;
        let carried = |at: [f64; 3]| {
            let [x, y] = [at[0] - from[0], at[1] - from[1]];
            let along = begin_m + x * way[0] + y * way[1];
            let across = x * way[1] - y * way[0];
            [along, across].map(metre_word)
        };
        let corners = [pair[0].1, pair[1].1, pair[1].0, pair[0].0];
        let [a, b, c, d] = corners;
        for triangle in [[a, b, c], [a, c, d]] {
            add_draped(builder, relief, (triangle, CONTOUR_M), carried, material);
        }
        along_m += length_m;
    }
}

/// Metres from [`CARRIED_FROM_M`] below nought, as a corner carries them.
fn metre_word(metres: f64) -> u16 {
    let units = (metres + CARRIED_FROM_M) / UNIT_M;
    units.round().clamp(0.0, f64::from(u16::MAX)) as u16
}

fn add_draped(
    builder: &mut Builder,
    relief: &Relief,
    (triangle, lift_m): ([[f64; 2]; 3], f64),
    carried: impl Fn([f64; 3]) -> [u16; 2],
    material: Material,
) {
    let mut pieces = Vec::new();
    drape(relief, triangle, lift_m, &mut pieces);
    for piece in pieces {
        let cell = builder.cell_of([piece[0][0], piece[0][1]]);
        builder.carrying(cell, piece, &carried, material);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portrayal::layer::ContourInterval;
    use crate::portrayal::scene::grid::Grid;
    use crate::portrayal::scene::vertex::Vertex;
    use crate::space::{Bounds2, TinIndex};

    const FRAME: LocalFrame = LocalFrame {
        origin_e: 500.0,
        origin_n: 3_000.0,
        origin_h: 5.0,
    };

    fn land() -> Bounds2 {
        Bounds2 {
            min: [-100.0; 2],
            max: [200.0; 2],
        }
    }

    /// A slope of one in five towards the east.
    fn slope() -> Relief {
        let corner = |x: f64, y: f64| [x, y, x * 0.2];
        let (a, b) = (corner(-100.0, -100.0), corner(200.0, -100.0));
        let (c, d) = (corner(200.0, 200.0), corner(-100.0, 200.0));
        Relief::on(
            TinIndex::from_corners(vec![[a, b, c], [a, c, d]]),
            &[],
            land(),
        )
    }

    /// Four by three nodes, one of them unknown, from −2 to 10 mm.
    fn sheet(contours: Vec<SheetContour>) -> Sheet {
        let mut values_mm: Vec<Option<f64>> = (0..12).map(|at| Some(f64::from(at) - 2.0)).collect();
        values_mm[11] = None;
        Sheet {
            origin: [510.0, 3_020.0],
            cell_m: 4.0,
            columns: 4,
            values_mm,
            scale_mm: 10.0,
            contours,
            points: Vec::new(),
        }
    }

    /// Local places and what they carry, by material.
    fn made(sheet: &Sheet, relief: &Relief) -> Vec<(u32, [f64; 3], [u16; 2])> {
        let grid = Grid::new(&FRAME, land());
        let mut builder = Builder::new(grid.tiles());
        add_sheet(&mut builder, &FRAME, relief, sheet);
        let chunks = builder.finish().into_iter().map(|(_, chunk)| chunk);
        let corners = chunks.flat_map(|chunk| {
            let place = move |one: &Vertex| {
                let at = std::array::from_fn(|i| chunk.origin[i] + f64::from(one.position[i]));
                (one.tag & 0xff, at, one.along_up)
            };
            chunk.vertices.iter().map(place).collect::<Vec<_>>()
        });
        corners.collect()
    }

    #[test]
    fn the_sheet_lies_on_the_land_and_ends_where_nothing_is_known() {
        let sheet = sheet(Vec::new());
        let relief = slope();
        let corners = made(&sheet, &relief);
        // Five of six squares.
        assert!(corners.len() >= 5 * 6, "{}", corners.len());
        for (material, [x, y, z], [ramp, _]) in corners {
            assert_eq!(material, Material::Sheet as u32);
            let off_m = z - relief.height_m([x, y]) - SHEET_M;
            assert!(off_m.abs() < 0.05, "{x} {y}: {off_m}");
            assert!(x < 18.01 || y < 24.01, "{x} {y}");
            let truth_mm = (x - 10.0) / 4.0 + 4.0 * (y - 20.0) / 4.0 - 2.0;
            let told_mm = (f64::from(ramp) / 65_535.0 * 2.0 - 1.0) * 10.0;
            assert!((told_mm - truth_mm).abs() < 0.01, "{told_mm} {truth_mm}");
        }
    }

    #[test]
    fn a_line_knows_along_and_across_and_heave_is_dashed() {
        let every = ContourInterval::from_mm(1.0).unwrap();
        let line = |y: f64| (0..4).map(|x| [510.0 + f64::from(x) * 5.0, y]).collect();
        let contours = vec![
            SheetContour::new(-1.0, every, line(3_021.0)),
            SheetContour::new(5.0, every, line(3_024.0)),
            SheetContour::new(6.0, every, line(3_028.0)),
        ];
        let corners = made(&sheet(contours), &slope());
        let expected = [
            (Material::ContourDashed, 21.0),
            (Material::ContourBold, 24.0),
            (Material::Contour, 28.0),
        ];
        for (material, middle) in expected {
            let of = corners.iter().filter(|one| one.0 == material as u32);
            let of: Vec<_> = of.collect();
            assert!(of.len() >= 18, "{material:?}");
            for (_, [x, y, _], carried) in of {
                let [along, across] = carried.map(|one| f64::from(one) * UNIT_M - CARRIED_FROM_M);
                assert!((along - (x - 10.0)).abs() < 0.03, "{along} {x}");
                assert!((across - (middle - y)).abs() < 0.03, "{across} {y}");
                assert!(across.abs() <= 5.01);
            }
        }
    }
}
