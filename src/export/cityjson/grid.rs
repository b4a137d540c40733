//! The grid of a file's vertices: on each axis whole numbers of steps, from a whole metre. Steps
//! are as coarse as they can be while every coordinate comes back as the very number it was:
//! millimetres to nanometres where coordinates are such decimals, a power of two where they were
//! computed. Never looks at more than numbers.

use crate::space::Bounds3;

use super::vertices::Vertex;

/// Whole numbers beyond this are not told apart any more.
const WHOLE_MAX: f64 = 9_007_199_254_740_992.0;
/// Decimals of a metre that are tried: from millimetres to nanometres.
const DECIMALS: [i32; 7] = [3, 4, 5, 6, 7, 8, 9];

/// What the coordinates of a city need.
#[derive(Debug, Clone)]
pub(super) struct Survey {
    extent: Bounds3,
    needs: [Need; 3],
}

/// What the coordinates on one axis need.
#[derive(Debug, Clone, Copy)]
struct Need {
    /// Place in [`DECIMALS`]; `None` when even the finest would not do.
    decimals: Option<usize>,
    /// Binary digits behind the point.
    bits: i32,
}

impl Survey {
    pub(super) fn new() -> Self {
        let need = Need {
            decimals: Some(0),
            bits: 0,
        };
        Self {
            extent: Bounds3::empty(),
            needs: [need; 3],
        }
    }

    /// Looks at a position that is a record's own on so many axes; on the others it was put in by
    /// us and is worth a millimetre.
    pub(super) fn see(&mut self, at: [f64; 3], own_axes: usize) {
        if !at.iter().all(|v| v.is_finite()) {
            return;
        }
        self.extent.include(at);
        for (need, v) in self.needs.iter_mut().zip(at).take(own_axes) {
            need.see(v);
        }
    }

    /// What all positions cover.
    pub(super) fn extent(&self) -> &Bounds3 {
        &self.extent
    }

    /// The coarsest grid that holds them.
    pub(super) fn grid(&self) -> Grid {
        let is_empty = self.extent.is_empty();
        let axis = |axis: usize| {
            if is_empty {
                return Axis::decimal(0.0, DECIMALS[0]);
            }
            let (min, max) = (self.extent.min[axis], self.extent.max[axis]);
            self.needs[axis].axis(min.floor(), max)
        };
        Grid {
            axes: [axis(0), axis(1), axis(2)],
        }
    }
}

impl Need {
    fn see(&mut self, v: f64) {
        if let Some(first) = self.decimals {
            let fits = |place: &usize| is_decimal(v, DECIMALS[*place]);
            self.decimals = (first..DECIMALS.len()).find(fits);
        }
        self.bits = self.bits.max(fraction_bits(v));
    }

    fn axis(self, translate: f64, max: f64) -> Axis {
        if let Some(place) = self.decimals {
            return Axis::decimal(translate, DECIMALS[place]);
        }
        // So many binary digits does the span leave behind the point.
        let span = (max - translate).max(1.0);
        let room = 52 - span.log2().floor() as i32;
        Axis {
            translate,
            scale: 2.0_f64.powi(-self.bits.min(room)),
            per_metre: None,
            is_exact: self.bits <= room,
        }
    }
}

/// Whether a number is the nearest to a decimal of so many digits.
fn is_decimal(v: f64, digits: i32) -> bool {
    let per_metre = 10.0_f64.powi(digits);
    let whole = (v * per_metre).round();
    whole.abs() < WHOLE_MAX && whole / per_metre == v
}

/// How many binary digits a number has behind the point.
fn fraction_bits(v: f64) -> i32 {
    if v == 0.0 {
        return 0;
    }
    let bits = v.to_bits();
    let exponent = ((bits >> 52) & 0x7ff) as i32;
    let fraction = bits & ((1 << 52) - 1);
    // Numbers next to zero have no leading one.
    let (digits, exponent) = match exponent {
        0 => (fraction, 1),
        _ => (fraction | 1 << 52, exponent),
    };
    (1_075 - exponent - digits.trailing_zeros() as i32).max(0)
}

/// Where the vertices of a file may lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Grid {
    axes: [Axis; 3],
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Axis {
    /// A whole metre.
    translate: f64,
    /// Metres a step.
    scale: f64,
    /// Steps a metre, of a decimal grid.
    per_metre: Option<f64>,
    is_exact: bool,
}

impl Axis {
    fn decimal(translate: f64, digits: i32) -> Self {
        let per_metre = 10.0_f64.powi(digits);
        Self {
            translate,
            scale: 1.0 / per_metre,
            per_metre: Some(per_metre),
            is_exact: true,
        }
    }

    fn steps(&self, v: f64) -> i64 {
        let steps = match self.per_metre {
            // First to the decimal that is meant: the difference of two numbers is not as near.
            Some(per_metre) => (v * per_metre).round() - (self.translate * per_metre).round(),
            None => ((v - self.translate) / self.scale).round(),
        };
        steps as i64
    }
}

impl Grid {
    /// A position in steps; `None` when it is not finite.
    pub(super) fn vertex(&self, at: [f64; 3]) -> Option<Vertex> {
        at.iter()
            .all(|v| v.is_finite())
            .then(|| [0, 1, 2].map(|axis| self.axes[axis].steps(at[axis])))
    }

    /// Metres a step, on each axis.
    pub(super) fn scale(&self) -> [f64; 3] {
        self.axes.map(|axis| axis.scale)
    }

    /// Where steps count from.
    pub(super) fn translate(&self) -> [f64; 3] {
        self.axes.map(|axis| axis.translate)
    }

    /// The largest step of the axes on which coordinates had to be rounded, metres.
    pub(super) fn rounding_m(&self) -> Option<f64> {
        let rounded = self.axes.iter().filter(|axis| !axis.is_exact);
        rounded.map(|axis| axis.scale).reduce(f64::max)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// By the formula of the standard, the decimal steps as a quotient.
    fn back(grid: &Grid, vertex: Vertex) -> [f64; 3] {
        [0, 1, 2].map(|index| {
            let axis = grid.axes[index];
            let steps = vertex[index] as f64;
            match axis.per_metre {
                Some(per_metre) => (steps + axis.translate * per_metre) / per_metre,
                None => steps * axis.scale + axis.translate,
            }
        })
    }

    fn grid_of(positions: &[[f64; 3]]) -> Grid {
        let mut survey = Survey::new();
        positions.iter().for_each(|at| survey.see(*at, 3));
        survey.grid()
    }

    #[test]
    fn steps_are_as_coarse_as_the_coordinates_let_them() {
        let check = |positions: &[[f64; 3]], expected: [f64; 3]| {
            assert_eq!(grid_of(positions).scale(), expected, "{positions:?}");
        };
        check(&[], [1e-3; 3]);
        check(&[[557_612.25, 3_466_012.001, 3.2]], [1e-3; 3]);
        check(&[[0.1234, 0.12345, 0.123456], [1e6; 3]], [1e-4, 1e-5, 1e-6]);
        check(
            &[[3_949_046.12345678, 66.22337932, 1.0]],
            [1e-8, 1e-8, 1e-3],
        );
        let third = 3_466_012.0 + 1.0 / 3.0;
        check(&[[third, 0.5, 1.0]], [2.0_f64.powi(-31), 1e-3, 1e-3]);
        // A 32-bit float.
        let float = f64::from(3.2_f32);
        check(&[[float, 0.0, 0.0]], [2.0_f64.powi(-22), 1e-3, 1e-3]);
    }

    #[test]
    fn a_height_that_nobody_gave_does_not_refine_the_grid() {
        let mut survey = Survey::new();
        survey.see([1.0, 2.0, 1.0 / 3.0], 2);
        survey.see([0.1, 0.2, 0.3].map(f64::sqrt), 0);
        assert_eq!(survey.grid().scale(), [1e-3; 3]);
    }

    #[test]
    fn what_does_not_fit_is_told() {
        let grid = grid_of(&[[1.0 / 3.0, 0.0, 0.0], [1e6, 0.0, 0.0]]);
        let step = grid.rounding_m().unwrap();
        assert!(step < 1e-9, "{step}");
        let vertex = grid.vertex([1.0 / 3.0, 0.0, 0.0]).unwrap();
        assert!((back(&grid, vertex)[0] - 1.0 / 3.0).abs() <= step);
        assert_eq!(grid.vertex([f64::NAN, 0.0, 0.0]), None);
    }

    proptest! {
        #[test]
        fn coordinates_come_back_as_they_were(
            positions in proptest::collection::vec(
                (5e5..6e5_f64, 3.4e6..3.5e6_f64, -10_000..100_000_i32),
                1..9,
            ),
        ) {
            let positions = positions.into_iter();
            let positions: Vec<[f64; 3]> = positions
                .map(|(e, n, height_mm)| [e, n, f64::from(height_mm) / 1_000.0])
                .collect();
            let grid = grid_of(&positions);
            prop_assert_eq!(grid.rounding_m(), None);
            for at in positions {
                prop_assert_eq!(back(&grid, grid.vertex(at).unwrap()), at);
            }
        }

        #[test]
        fn no_number_panics(x in any::<f64>(), y in any::<f64>(), z in any::<f64>()) {
            let grid = grid_of(&[[x, y, z], [y, z, x]]);
            let _ = grid.vertex([z, x, y]);
        }
    }
}
