//! Coordinates from one system into another.
//! Used by readers and writers of foreign files. Never touches a height.

use proj4rs::Proj;

use super::crs::{Crs, CrsError};
use super::crs_registry;

/// A prepared transformation between two systems.
///
/// Positions are `[x, y, z]`: degrees of longitude and latitude on a geographic side, the
/// projection's unit (metres for every built-in system) on a projected one. z comes back exactly
/// as it went in: heights in city data are above some national zero, which a datum shift would
/// spoil by tens of metres, and the vertical datum of a file is rarely known.
///
/// Old datums are shifted by seven parameters (1–6 m, see the table of codes); grid files are not
/// used. Between systems of the same datum the result agrees with PROJ to a millimetre.
pub struct Transform {
    from: Crs,
    to: Crs,
    from_proj: Proj,
    to_proj: Proj,
}

impl Transform {
    /// Prepares the way from one system to another.
    ///
    /// # Errors
    /// [`CrsError::Unusable`] when a definition cannot be computed with.
    pub fn between(from: &Crs, to: &Crs) -> Result<Self, CrsError> {
        Ok(Self {
            from_proj: projection_of(from)?,
            to_proj: projection_of(to)?,
            from: from.clone(),
            to: to.clone(),
        })
    }

    /// Transforms one position.
    ///
    /// # Errors
    /// [`CrsError::OutOfRange`] when the position is not finite or the projection is not defined
    /// there.
    pub fn apply(&self, at: [f64; 3]) -> Result<[f64; 3], CrsError> {
        let out_of_range = |reason: String| CrsError::OutOfRange {
            at,
            from: self.from.name(),
            to: self.to.name(),
            reason,
        };
        if !at.iter().all(|v| v.is_finite()) {
            return Err(out_of_range("not a finite number".into()));
        }
        if self.from == self.to {
            return Ok(at);
        }
        // The shift is computed at height zero: the height above the ellipsoid is not known, and
        // 100 m of it would move the result by a centimetre where the parameters are good to 1 m.
        let mut point = (at[0], at[1], 0.0);
        if self.from.is_geographic() {
            if at[0].abs() > 360.0 || at[1].abs() > 90.0 {
                return Err(out_of_range("longitude, latitude are not on Earth".into()));
            }
            point.0 = at[0].to_radians();
            point.1 = at[1].to_radians();
        }
        proj4rs::transform::transform(&self.from_proj, &self.to_proj, &mut point)
            .map_err(|fault| out_of_range(fault.to_string()))?;
        let (mut x, mut y) = (point.0, point.1);
        if self.to.is_geographic() {
            x = x.to_degrees();
            y = y.to_degrees();
        }
        if !(x.is_finite() && y.is_finite()) {
            return Err(out_of_range("the projection is not defined there".into()));
        }
        Ok([x, y, at[2]])
    }

    /// Transforms positions in place; stops at the first that fails, those before it changed.
    ///
    /// # Errors
    /// As [`Transform::apply`].
    pub fn apply_slice(&self, positions: &mut [[f64; 3]]) -> Result<(), CrsError> {
        for at in positions {
            *at = self.apply(*at)?;
        }
        Ok(())
    }
}

impl std::fmt::Debug for Transform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Transform({} -> {})", self.from, self.to)
    }
}

fn projection_of(crs: &Crs) -> Result<Proj, CrsError> {
    crs_registry::projection_from(crs.proj()).map_err(|reason| CrsError::Unusable {
        proj: crs.proj().into(),
        reason,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between(from: u32, to: u32) -> Transform {
        Transform::between(&Crs::from_epsg(from).unwrap(), &Crs::from_epsg(to).unwrap()).unwrap()
    }

    #[test]
    fn the_north_temple_pagoda_stands_where_the_survey_has_it() {
        let [e, n, h] = between(4326, 4549)
            .apply([120.615402, 31.324543, 76.0])
            .unwrap();
        assert!(
            (e - 558_574.0).abs() < 0.1 && (n - 3_467_120.7).abs() < 0.1,
            "{e} {n}"
        );
        assert_eq!(h, 76.0);
    }

    #[test]
    fn zone_prefix_is_only_an_offset() {
        let at = [120.6, 31.3, 0.0];
        let plain = between(4490, 4549).apply(at).unwrap();
        let prefixed = between(4490, 4528).apply(at).unwrap();
        assert!((prefixed[0] - plain[0] - 40_000_000.0).abs() < 1e-6);
        assert!((prefixed[1] - plain[1]).abs() < 1e-6);
    }

    #[test]
    fn heights_survive_a_datum_shift() {
        let out = between(7415, 4326)
            .apply([85_000.0, 447_000.0, 12.5])
            .unwrap();
        assert_eq!(out[2], 12.5);
    }

    #[test]
    fn nonsense_is_refused_with_both_names() {
        let fault = between(4326, 4549).apply([f64::NAN, 0.0, 0.0]).unwrap_err();
        assert!(fault.to_string().contains("EPSG:4326") && fault.to_string().contains("EPSG:4549"));
        assert!(between(4326, 4549).apply([31.3, 120.6, 0.0]).is_err());
    }

    #[test]
    fn slices_transform_in_place() {
        let mut points = [[120.6, 31.3, 1.0], [120.7, 31.4, 2.0]];
        between(4490, 4549).apply_slice(&mut points).unwrap();
        let back = between(4549, 4490).apply(points[1]).unwrap();
        assert!((back[0] - 120.7).abs() < 1e-10 && (back[1] - 31.4).abs() < 1e-10);
    }
}
