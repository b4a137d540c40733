//! Coordinates from one system into another.
//! Used by readers and writers of foreign files. Never touches a height, unless a geocentric
//! system says it together with the position.

use proj4rs::Proj;

use super::crs::{Crs, CrsError};
use super::crs_registry;
use super::datum_shift;

/// A prepared transformation between two systems.
///
/// Positions are `[x, y, z]`: degrees of longitude and latitude on a geographic side, the
/// projection's unit (metres for every built-in system) on a projected one. z comes back exactly
/// as it went in: heights in city data are above some national zero, which a datum shift would
/// spoil by tens of metres, and the vertical datum of a file is rarely known. On a geocentric side
/// x, y and z are metres from the Earth's centre, and the height that goes with them is
/// ellipsoidal.
///
/// Old datums are shifted by seven parameters (1–6 m, see [`Crs::expected_error_m`]); grid files
/// are not used. Between systems of the same datum the result agrees with PROJ to a millimetre.
pub struct Transform {
    from: Side,
    to: Side,
}

/// One end of the way.
struct Side {
    crs: Crs,
    /// Computes longitude and latitude, or the projection.
    proj: Proj,
    /// The geocentric system itself, and longitude and latitude on its ellipsoid.
    geocentric: Option<[Proj; 2]>,
}

impl Side {
    fn of(crs: &Crs) -> Result<Self, CrsError> {
        let unusable = |reason: String| CrsError::Unusable {
            proj: crs.proj().into(),
            reason,
        };
        let read = |proj: &str| crs_registry::projection_from(proj).map_err(unusable);
        let (proj, geocentric) = if crs.is_geocentric() {
            let degrees = crs_registry::geographic_from_geocentric(crs.proj());
            // Without its shift: a null shift would put WGS 84's ellipsoid in place of GRS 80's.
            let plain = datum_shift::without_shift;
            let pair = [read(&plain(crs.proj()))?, read(&plain(&degrees))?];
            (read(&degrees)?, Some(pair))
        } else {
            (read(crs.proj())?, None)
        };
        Ok(Self {
            crs: crs.clone(),
            proj,
            geocentric,
        })
    }

    fn is_in_degrees(&self) -> bool {
        self.crs.is_geographic() || self.crs.is_geocentric()
    }

    /// From the coordinates of files to those that [`Self::proj`] knows; degrees as degrees.
    fn entered(&self, at: [f64; 3]) -> Result<[f64; 3], String> {
        if let Some(own_grid) = self.crs.own_grid() {
            let [x, y] = own_grid.named_from_own([at[0], at[1]]);
            return Ok([x, y, at[2]]);
        }
        let Some([geocentric, degrees]) = &self.geocentric else {
            return Ok(at);
        };
        let radius_m = at[0].hypot(at[1]).hypot(at[2]);
        if !(6.3e6..6.5e6).contains(&radius_m) {
            return Err(format!(
                "it lies {:.0} km from the Earth's centre",
                radius_m / 1000.0
            ));
        }
        let mut point = (at[0], at[1], at[2]);
        proj4rs::transform::transform(geocentric, degrees, &mut point)
            .map_err(|fault| fault.to_string())?;
        Ok([point.0.to_degrees(), point.1.to_degrees(), point.2])
    }

    /// The opposite of [`Self::entered`].
    fn left(&self, at: [f64; 3]) -> Result<[f64; 3], String> {
        if let Some(own_grid) = self.crs.own_grid() {
            let [x, y] = own_grid.own_from_named([at[0], at[1]]);
            return Ok([x, y, at[2]]);
        }
        let Some([geocentric, degrees]) = &self.geocentric else {
            return Ok(at);
        };
        let mut point = (at[0].to_radians(), at[1].to_radians(), at[2]);
        proj4rs::transform::transform(degrees, geocentric, &mut point)
            .map_err(|fault| fault.to_string())?;
        Ok([point.0, point.1, point.2])
    }
}

/// Longitude and latitude, or projected, from one side to the other.
fn across(from: &Side, to: &Side, [x, y]: [f64; 2]) -> Result<[f64; 2], String> {
    if from.crs.proj() == to.crs.proj() {
        return Ok([x, y]);
    }
    // The shift is computed at height zero: the height above the ellipsoid is not known, and
    // 100 m of it would move the result by a centimetre where the parameters are good to 1 m.
    let mut point = (x, y, 0.0);
    if from.is_in_degrees() {
        if x.abs() > 360.0 || y.abs() > 90.0 {
            return Err("longitude, latitude are not on Earth".into());
        }
        point.0 = x.to_radians();
        point.1 = y.to_radians();
    }
    proj4rs::transform::transform(&from.proj, &to.proj, &mut point)
        .map_err(|fault| fault.to_string())?;
    let (mut x, mut y) = (point.0, point.1);
    if to.is_in_degrees() {
        x = x.to_degrees();
        y = y.to_degrees();
    }
    if x.is_finite() && y.is_finite() {
        Ok([x, y])
    } else {
        Err("the projection is not defined there".into())
    }
}

impl Transform {
    /// Prepares the way from one system to another.
    ///
    /// # Errors
    /// [`CrsError::Unusable`] when a definition cannot be computed with.
    pub fn between(from: &Crs, to: &Crs) -> Result<Self, CrsError> {
        Ok(Self {
            from: Side::of(from)?,
            to: Side::of(to)?,
        })
    }

    /// How far results may be out, in metres, because a datum shift on the way is only known so
    /// well; `None` where there is none, or it was stated by the caller.
    pub fn expected_error_m(&self) -> Option<f64> {
        let [from, to] = [&self.from.crs, &self.to.crs];
        if datum_shift::is_same_datum(from.proj(), to.proj()) {
            return None;
        }
        let errors = [from.expected_error_m(), to.expected_error_m()];
        errors.into_iter().flatten().reduce(f64::hypot)
    }

    /// What a person should know of this way, in words.
    pub fn cautions(&self) -> Vec<String> {
        let mut cautions = Vec::new();
        if let Some(error_m) = self.expected_error_m() {
            let [from, to] = [&self.from.crs, &self.to.crs];
            cautions.push(format!(
                "from {from} to {to} without a grid file: positions may be out by {error_m:.1} m \
                 (docs/crs.md)"
            ));
        }
        if self.from.geocentric.is_some() {
            let from = &self.from.crs;
            cautions.push(format!(
                "{from} is geocentric: heights are above the ellipsoid, not above sea level"
            ));
        }
        cautions
    }

    /// Transforms one position.
    ///
    /// # Errors
    /// [`CrsError::OutOfRange`] when the position is not finite or the projection is not defined
    /// there.
    pub fn apply(&self, at: [f64; 3]) -> Result<[f64; 3], CrsError> {
        let out_of_range = |reason: String| CrsError::OutOfRange {
            at,
            from: self.from.crs.name(),
            to: self.to.crs.name(),
            reason,
        };
        if !at.iter().all(|v| v.is_finite()) {
            return Err(out_of_range("not a finite number".into()));
        }
        if self.from.crs == self.to.crs {
            return Ok(at);
        }
        self.moved(at).map_err(out_of_range)
    }

    fn moved(&self, at: [f64; 3]) -> Result<[f64; 3], String> {
        let [x, y, height_m] = self.from.entered(at)?;
        let mut there = across(&self.from, &self.to, [x, y])?;
        if self.to.crs.has_stated_helmert() {
            // The way back from WGS 84 turns by the transposed matrix, as PROJ does, which is off
            // by millimetres for angles of seconds: one step of correction takes them out.
            let back = across(&self.to, &self.from, there)?;
            there = across(&self.from, &self.to, [2.0 * x - back[0], 2.0 * y - back[1]])?;
        }
        let out = self.to.left([there[0], there[1], height_m])?;
        if out.iter().all(|v| v.is_finite()) {
            Ok(out)
        } else {
            Err("the projection is not defined there".into())
        }
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
        write!(f, "Transform({} -> {})", self.from.crs, self.to.crs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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

    #[test]
    fn geocentric_positions_bring_their_height() {
        // A point 50 m above the ellipsoid at 120° E, 31° N by the closed formula of EPSG 9602.
        let (a, e2) = (6_378_137.0_f64, 0.006_694_380_022_900_79);
        let (sin, cos) = 31.0_f64.to_radians().sin_cos();
        let normal = a / (1.0 - e2 * sin * sin).sqrt();
        let (east, west) = 120.0_f64.to_radians().sin_cos();
        let at = [
            (normal + 50.0) * cos * west,
            (normal + 50.0) * cos * east,
            (normal * (1.0 - e2) + 50.0) * sin,
        ];
        let way = between(4479, 4549);
        let [x, y, z] = way.apply(at).unwrap();
        let plain = between(4490, 4549).apply([120.0, 31.0, 0.0]).unwrap();
        assert!(
            (x - plain[0]).hypot(y - plain[1]) < 1e-5 && (z - 50.0).abs() < 1e-5,
            "{x} {y} {z}"
        );
        let back = between(4549, 4479).apply([x, y, z]).unwrap();
        assert!((0..3).all(|k| (back[k] - at[k]).abs() < 1e-5), "{back:?}");
        assert!(way.cautions()[0].contains("ellipsoid"));
        let fault = way.apply([1.0, 2.0, 3.0]).unwrap_err().to_string();
        assert!(fault.contains("Earth's centre"), "{fault}");
    }

    #[test]
    fn an_own_grid_leads_to_its_named_system() {
        let own = Crs::parse("EPSG:4549 + 4p(dx=500000,dy=3400000,scale_ppm=0,rotation_arcsec=0)");
        let own = own.unwrap();
        let named = Crs::from_epsg(4549).unwrap();
        let there = Transform::between(&own, &named).unwrap();
        assert_eq!(
            there.apply([10.0, 20.0, 5.0]).unwrap(),
            [500_010.0, 3_400_020.0, 5.0]
        );
        let back = Transform::between(&named, &own).unwrap();
        assert_eq!(
            back.apply([500_010.0, 3_400_020.0, 5.0]).unwrap(),
            [10.0, 20.0, 5.0]
        );
    }

    #[test]
    fn errors_are_told_where_the_datum_changes() {
        assert_eq!(between(28992, 7415).expected_error_m(), None);
        assert_eq!(between(28992, 4326).expected_error_m(), Some(1.0));
        assert_eq!(between(4490, 32651).expected_error_m(), None);
        assert_eq!(between(4214, 2437).expected_error_m(), None);
        let cautions = between(2437, 4549).cautions();
        assert!(
            cautions[0].contains("EPSG:2437") && cautions[0].contains("100"),
            "{cautions:?}"
        );
    }

    proptest! {
        /// Three sets of a city's own parameters: there and back to a tenth of a millimetre.
        #[test]
        fn stated_parameters_have_an_exact_inverse(
            lon in 118.0..122.0f64,
            lat in 20.0..45.0f64,
            shift in prop::array::uniform3(-500.0..500.0f64),
            angle in prop::array::uniform3(-10.0..10.0f64),
            ppm in -30.0..30.0f64,
            turn in -7200.0..7200.0f64,
        ) {
            let [dx, dy, dz] = shift;
            let [rx, ry, rz] = angle;
            let text = format!(
                "EPSG:2437 + 7p(dx={dx},dy={dy},dz={dz},rx_arcsec={rx},ry_arcsec={ry},rz_arcsec={rz},\
                 scale_ppm={ppm},convention=coordinate_frame) + 4p(dx=450000,dy=3300000,\
                 scale_ppm={ppm},rotation_arcsec={turn})"
            );
            let own = Crs::parse(&text).unwrap();
            prop_assert_eq!(Crs::parse(&own.name()), Ok(own.clone()));
            let modern = Crs::from_epsg(4549).unwrap();
            let at = between(4490, 4549).apply([lon, lat, 3.0]).unwrap();
            let there = Transform::between(&modern, &own).unwrap().apply(at).unwrap();
            let back = Transform::between(&own, &modern).unwrap().apply(there).unwrap();
            prop_assert!((back[0] - at[0]).hypot(back[1] - at[1]) < 1e-4, "{back:?} {at:?}");
        }
    }
}
