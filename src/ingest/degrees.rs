//! Degrees in a file whose system of coordinates is said to count metres: the commonest wrong
//! `--crs`. Used by `convert` before anything is built, for a house of degrees taken as metres is
//! a speck. Never refuses small coordinates alone: they must also fit the system as degrees.

use crate::space::Crs;

use super::error::ReadError;
use super::raw::RawFeature;

/// Degrees from the middle of a system within which it is used.
const NEAR_DEG: f64 = 15.0;

/// Refuses features that are degrees, in a system of metres.
///
/// # Errors
/// [`ReadError::Unusable`] that says which systems to state; `is_stated` is whether the caller
/// named the one that counts metres.
pub(super) fn refuse(
    source: &Crs,
    is_stated: bool,
    features: &[RawFeature],
) -> Result<(), ReadError> {
    let mut positions = features.iter().flat_map(|one| one.shape.positions());
    let first = positions.next();
    let is_degree = |at: [f64; 3]| at[0].abs() <= 180.0 && at[1].abs() <= 90.0;
    let are_degrees = first.is_some_and(|at| {
        source.is_projected()
            && source.own_grid().is_none()
            && fits(source, [at[0], at[1]])
            && is_degree(at)
            && positions.all(is_degree)
    });
    if !are_degrees {
        return Ok(());
    }
    let other = if is_stated {
        "leave --crs out if the file names its own, or "
    } else {
        ""
    };
    Err(ReadError::Unusable {
        reason: format!(
            "its coordinates look like degrees (all lie within ±180 and ±90), and {source} counts \
             metres"
        ),
        remedy: format!("{other}state --crs EPSG:4326 (WGS 84) or EPSG:4490 (CGCS2000)"),
    })
}

/// Whether a place in degrees lies where a projected system is used.
fn fits(crs: &Crs, [lon, lat]: [f64; 2]) -> bool {
    let number = |key: &str| {
        let mut words = crs.proj().split_whitespace();
        words.find_map(|word| word.strip_prefix(key)?.parse::<f64>().ok())
    };
    let middle = match number("+zone=") {
        Some(zone) => Some(zone * 6.0 - 183.0),
        None => number("+lon_0="),
    };
    let is_world = crs.proj().contains("+proj=merc ") || crs.proj().contains("+proj=webmerc ");
    let latitude = number("+lat_0=").filter(|lat| *lat != 0.0);
    let is_near =
        |at: f64, middle: Option<f64>| middle.is_none_or(|middle| (at - middle).abs() <= NEAR_DEG);
    // On the equator and the first meridian nobody can tell.
    let is_told = lon.abs().max(lat.abs()) > 1.0;
    is_told && (is_world || (middle.is_some() && is_near(lon, middle) && is_near(lat, latitude)))
}

#[cfg(test)]
mod tests {
    use super::super::raw::{Attributes, RawKind, RawShape, Spot};
    use super::*;

    fn check(crs: &str, at: [f64; 2], expected: bool) {
        let feature = RawFeature {
            key: "a".into(),
            spot: Spot::Feature(1),
            kind: RawKind::Building,
            attributes: Attributes::new(),
            shape: RawShape {
                points: vec![[at[0], at[1], 40.0]],
                ..RawShape::default()
            },
        };
        let found = refuse(&Crs::parse(crs).unwrap(), true, &[feature]);
        assert_eq!(found.is_err(), expected, "{crs} {at:?}: {found:?}");
    }

    #[test]
    fn degrees_are_told_from_small_metres() {
        check("EPSG:4549", [120.62, 31.31], true);
        check("EPSG:4528", [120.62, 31.31], true);
        check("EPSG:32651", [120.62, 31.31], true);
        check("EPSG:3857", [120.62, 31.31], true);
        check("EPSG:28992", [4.36, 52.01], true);
        check("EPSG:4549", [558_000.0, 3_467_000.0], false);
        check("EPSG:4549", [10.0, 20.0], false);
        check("EPSG:28992", [5.0, 5.0], false);
        check("EPSG:3857", [0.0, 0.0], false);
        check("EPSG:4326", [120.62, 31.31], false);
    }
}
