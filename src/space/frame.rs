//! The local frame: east, north, up in metres from the city's origin.
//! Used wherever numbers become small enough for `f32`. Never changes the CRS, only the origin.

use serde::{Deserialize, Serialize};

/// A shifted copy of the city's projected CRS, axes unchanged (x east, y north, z up).
///
/// Projected northings are about 3.5 million metres, where an `f32` steps by 0.25 m; five
/// kilometres from a local origin it steps by half a millimetre.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LocalFrame {
    /// Easting of the origin, metres.
    pub origin_e: f64,
    /// Northing of the origin, metres.
    pub origin_n: f64,
    /// Height of the origin, metres, in the city's vertical datum.
    pub origin_h: f64,
}

impl LocalFrame {
    /// East, north, up from the origin, of a projected position; metres both.
    pub fn local_from_projected(&self, projected: [f64; 3]) -> [f64; 3] {
        [
            projected[0] - self.origin_e,
            projected[1] - self.origin_n,
            projected[2] - self.origin_h,
        ]
    }

    /// The projected position of a local one; metres both.
    pub fn projected_from_local(&self, local: [f64; 3]) -> [f64; 3] {
        [
            local[0] + self.origin_e,
            local[1] + self.origin_n,
            local[2] + self.origin_h,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let frame = LocalFrame {
            origin_e: 558_000.0,
            origin_n: 3_467_000.0,
            origin_h: 3.0,
        };
        let pagoda = [558_574.0, 3_467_120.7, 79.0];
        let local = frame.local_from_projected(pagoda);
        assert!((local[1] - 120.7).abs() < 1e-6);
        assert_eq!(local[2], 76.0);
        assert_eq!(frame.projected_from_local(local), pagoda);
    }
}
