//! Where an implicit geometry goes: its own coordinates in metres, turned and scaled by a matrix
//! and moved to a point of the city. Used by `geometry`. Never reads the geometry itself.

use super::super::raw::Position;

/// GRS 80: half of the long axis in metres, and the square of the eccentricity.
const AXIS_M: f64 = 6_378_137.0;
const ECCENTRICITY_2: f64 = 0.006_694_380_022_9;

/// A matrix, row by row, and the point it is moved to.
pub(super) struct Local {
    matrix: [f64; 16],
    anchor: Position,
    /// What a metre east and a metre north are in the anchor's CRS.
    per_metre: [f64; 2],
}

impl Local {
    /// Of the sixteen numbers of a matrix; without any, things stay as they are.
    pub(super) fn new(
        matrix: Option<&str>,
        anchor: Position,
        is_geographic: bool,
    ) -> Result<Self, String> {
        let mut numbers = [
            1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0,
        ];
        if let Some(text) = matrix {
            let read: Result<Vec<f64>, _> = text.split_whitespace().map(str::parse).collect();
            let read = read.ok().and_then(|list| <[f64; 16]>::try_from(list).ok());
            numbers = read
                .filter(|list| list.iter().all(|number| number.is_finite()))
                .ok_or("an implicit geometry whose matrix is not 16 numbers")?;
        }
        let per_metre = match is_geographic {
            true => degrees_per_metre(anchor[1]),
            false => [1.0, 1.0],
        };
        Ok(Self {
            matrix: numbers,
            anchor,
            per_metre,
        })
    }

    /// A position of its own coordinates in the city's.
    pub(super) fn place(&self, at: Position) -> Result<Position, String> {
        let [a, b, c, d, e, f, g, h, i, j, k, l, ..] = self.matrix;
        let row = |x, y, z, w| x * at[0] + y * at[1] + z * at[2] + w;
        let placed = [
            self.anchor[0] + row(a, b, c, d) * self.per_metre[0],
            self.anchor[1] + row(e, f, g, h) * self.per_metre[1],
            self.anchor[2] + row(i, j, k, l),
        ];
        match placed.iter().all(|number| number.is_finite()) {
            true => Ok(placed),
            false => Err("its matrix leads out of all numbers".to_owned()),
        }
    }
}

/// By the two radii of curvature; east near the poles is bounded.
fn degrees_per_metre(latitude_deg: f64) -> [f64; 2] {
    let (sin, cos) = latitude_deg.to_radians().sin_cos();
    let across = AXIS_M / (1.0 - ECCENTRICITY_2 * sin * sin).sqrt();
    let along = across * (1.0 - ECCENTRICITY_2) / (1.0 - ECCENTRICITY_2 * sin * sin);
    [
        (1.0 / (across * cos.abs().max(1e-3))).to_degrees(),
        (1.0 / along).to_degrees(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metres_are_metres_in_degrees_too() {
        // A degree at 45° N on GRS 80: 78,847 m east, 111,132 m north.
        let local = Local::new(None, [8.0, 45.0, 100.0], true).unwrap();
        let at = local.place([788.47, 1_111.32, 5.0]).unwrap();
        assert!((at[0] - 8.01).abs() < 1e-7 && (at[1] - 45.01).abs() < 1e-7);
        assert_eq!(at[2], 105.0);
    }

    #[test]
    fn a_matrix_turns_and_moves() {
        let quarter = "0 -1 0 10  1 0 0 20  0 0 1 30  0 0 0 1";
        let local = Local::new(Some(quarter), [100.0, 200.0, 300.0], false).unwrap();
        assert_eq!(local.place([1.0, 2.0, 3.0]), Ok([108.0, 221.0, 333.0]));
        assert!(Local::new(Some("1 2 3"), [0.0; 3], false).is_err());
        assert!(Local::new(Some(&"NaN ".repeat(16)), [0.0; 3], false).is_err());
    }
}
