//! Where a model without a place of its own is to stand, and as what. A person's answer on the
//! command line; used by `gltf`. Never looks at the ground: `stand` does that.

use crate::space::{Crs, Datum, Transform};

use super::error::ReadError;
use super::target;

/// A place in plan, in one of two ways.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Spot2 {
    /// East and north in the city's CRS, metres.
    Projected([f64; 2]),
    /// Longitude and latitude (WGS 84, CGCS2000), degrees.
    LonLat([f64; 2]),
}

/// Where a model is to stand and as what.
#[derive(Debug, Clone, PartialEq)]
pub struct Placement {
    /// Where its origin lies.
    pub at: Spot2,
    /// Height of its origin, metres; on the ground where none is stated.
    pub height_m: Option<f64>,
    /// Clockwise turn from north of the direction that looks north in the model (its −z).
    pub heading_deg: f64,
    /// Metres of one unit of the model.
    pub scale: f64,
    /// Whether it is a proposed building; a landmark otherwise.
    pub as_building: bool,
    /// What it is called.
    pub name: Option<String>,
}

impl Placement {
    /// A landmark of true size that looks north.
    #[must_use]
    pub fn at(at: Spot2) -> Self {
        Self {
            at,
            height_m: None,
            heading_deg: 0.0,
            scale: 1.0,
            as_building: false,
            name: None,
        }
    }

    /// Two or three numbers with commas between them: the place and, where stated, the height.
    ///
    /// # Errors
    /// What to write instead.
    pub fn numbers(text: &str) -> Result<([f64; 2], Option<f64>), String> {
        let numbers = text.split(',').map(|part| part.trim().parse::<f64>());
        let numbers: Vec<f64> = numbers
            .collect::<Result<_, _>>()
            .map_err(|_| format!("{text:?} is no place: write two or three numbers, E,N[,Z]"))?;
        match numbers[..] {
            _ if numbers.iter().any(|v| !v.is_finite()) => Err("a number is not finite".into()),
            [x, y] => Ok(([x, y], None)),
            [x, y, z] => Ok(([x, y], Some(z))),
            _ => Err(format!(
                "{text:?} has {} numbers: write E,N[,Z]",
                numbers.len()
            )),
        }
    }

    /// The place in metres, the CRS it is in (`None`: the city's own), and the turn in degrees
    /// with which the model looks to true north there.
    pub(super) fn resolved(&self) -> Result<Resolved, ReadError> {
        if !(self.scale.is_finite() && self.scale > 0.0 && self.heading_deg.is_finite()) {
            return Err(ReadError::Unusable {
                reason: format!("a scale of {} makes no model", self.scale),
                remedy: "state --scale as a number above 0".to_owned(),
            });
        }
        match self.at {
            Spot2::Projected(at) => Ok(Resolved {
                at,
                crs: None,
                turn_deg: self.heading_deg,
            }),
            Spot2::LonLat([lon, lat]) => {
                Datum::Wgs84
                    .to_wgs84(lon, lat)
                    .map_err(|fault| ReadError::Unusable {
                        reason: fault.to_string(),
                        remedy: "state --at-lonlat LON,LAT in degrees".to_owned(),
                    })?;
                let crs = Crs::from_epsg(target::zone(lon, lat))?;
                let way = Transform::between(&Crs::from_epsg(4326)?, &crs)?;
                let here = way.apply([lon, lat, 0.0])?;
                // Towards the equator where there is no farther north.
                let step = if lat > 89.0 { -1e-3 } else { 1e-3 };
                let there = way.apply([lon, lat + step, 0.0])?;
                let (dx, dy) = ((there[0] - here[0]) / step, (there[1] - here[1]) / step);
                Ok(Resolved {
                    at: [here[0], here[1]],
                    crs: Some(crs),
                    turn_deg: self.heading_deg + dx.atan2(dy).to_degrees(),
                })
            }
        }
    }
}

/// A place in plan that can be reckoned from.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Resolved {
    pub(super) at: [f64; 2],
    pub(super) crs: Option<Crs>,
    pub(super) turn_deg: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_or_refused() {
        assert_eq!(Placement::numbers("1, 2"), Ok(([1.0, 2.0], None)));
        assert_eq!(Placement::numbers("1,2,-3.5"), Ok(([1.0, 2.0], Some(-3.5))));
        for text in ["", "1", "1,2,3,4", "1;2", "1,NaN", "east,north"] {
            assert!(Placement::numbers(text).is_err(), "{text}");
        }
    }

    #[test]
    fn true_north_is_not_the_north_of_the_grid() {
        let pagoda = Placement::at(Spot2::LonLat([120.62, 31.31]));
        let found = pagoda.resolved().unwrap();
        assert_eq!(found.crs.and_then(|crs| crs.epsg()), Some(4549));
        // Convergence: difference in longitude times the sine of the latitude; east of the middle
        // meridian it turns to the left.
        let expected = -0.62 * 31.31_f64.to_radians().sin();
        assert!(
            (found.turn_deg - expected).abs() < 0.01,
            "{}",
            found.turn_deg
        );
        assert!(
            Placement::at(Spot2::LonLat([120.0, 131.0]))
                .resolved()
                .is_err()
        );
    }
}
