//! In which CRS a file's coordinates are, and which of two numbers is east.
//! Used by `survey`, which finds the names, and `geometry`, which asks for each position.
//! Never looks at more than one position to tell the order of axes.
//!
//! The rule, for files break it as often as they keep it:
//! - longitudes and latitudes under a name of the OGC (`urn:`, `http:`) stand as EPSG lists them:
//!   latitude first; under a short name (`EPSG:4326`) longitude first, as GDAL takes it. A number
//!   beyond 90 that would be a latitude turns either of them round.
//! - projected coordinates stand east first, whatever EPSG lists: that is how CityGML is written,
//!   and CityJSON made of it shows the same. Only where that would lie far outside the projection
//!   and the other way round would not, they stand north first.

use std::collections::HashMap;

use crate::space::{Crs, CrsError, Transform};

use super::super::raw::{Position, RawCity};

/// How far from its middle meridian a projection is used; metres.
const EASTING_MAX_M: f64 = 500_000.0;

/// How a file's numbers become positions.
#[derive(Debug, Default)]
pub(super) struct Frame {
    /// The `srsName` that the file's CRS was read from.
    name: Option<String>,
    crs: Option<Crs>,
    fault: Option<CrsError>,
    north_first: bool,
    /// Numbers of a position where nothing nearer says it.
    pub(super) dimension: Option<usize>,
    /// Other systems that single geometries name.
    others: HashMap<String, Result<Other, String>>,
}

#[derive(Debug)]
struct Other {
    north_first: bool,
    /// `None` when it is the same system by another name.
    way: Option<Transform>,
}

impl Frame {
    /// Of the first `srsName` of a file and its first position.
    pub(super) fn of(name: Option<String>, sample: Option<[f64; 2]>) -> Self {
        let mut frame = Self::default();
        if let Some(name) = name {
            match crs_of(&name) {
                Ok(crs) => {
                    frame.north_first = is_north_first(&crs, &name, sample);
                    frame.crs = Some(crs);
                }
                Err(fault) => frame.fault = Some(fault),
            }
            frame.name = Some(name);
        }
        frame
    }

    /// Tells the raw city which CRS its coordinates are in.
    pub(super) fn put_into(&self, city: &mut RawCity) {
        city.crs.clone_from(&self.crs);
        city.crs_fault.clone_from(&self.fault);
        if let (Some(crs), true) = (&self.crs, self.north_first) {
            city.notes.push(format!(
                "axes: {} first, as the file's {crs} and its numbers say",
                if crs.is_geographic() {
                    "latitude"
                } else {
                    "north"
                }
            ));
        }
    }

    /// Whether x and y are degrees.
    pub(super) fn is_geographic(&self) -> bool {
        self.crs.as_ref().is_some_and(Crs::is_geographic)
    }

    /// A position of the file, x east, in the file's CRS. `srs` is what the geometry names itself.
    pub(super) fn place(&mut self, at: Position, srs: Option<&str>) -> Result<Position, String> {
        let own = srs.filter(|srs| Some(*srs) != self.name.as_deref());
        let Some(own) = own.filter(|_| self.crs.is_some()) else {
            return Ok(turned(at, self.north_first));
        };
        if !self.others.contains_key(own) {
            // A file of a thousand systems is none: the rest is read anew each time.
            if self.others.len() > 1_000 {
                self.others.clear();
            }
            let other = self.other(own, at);
            self.others.insert(own.to_owned(), other);
        }
        match self.others.get(own) {
            Some(Ok(other)) => {
                let at = turned(at, other.north_first);
                let moved = other.way.as_ref().map_or(Ok(at), |way| way.apply(at));
                moved.map_err(|fault| fault.to_string())
            }
            Some(Err(fault)) => Err(fault.clone()),
            None => Ok(at),
        }
    }

    fn other(&self, name: &str, sample: Position) -> Result<Other, String> {
        let crs = crs_of(name).map_err(|fault| fault.to_string())?;
        let north_first = is_north_first(&crs, name, Some([sample[0], sample[1]]));
        let main = self.crs.as_ref().filter(|main| main.proj() != crs.proj());
        let way = main.map(|main| Transform::between(&crs, main)).transpose();
        Ok(Other {
            north_first,
            way: way.map_err(|fault| fault.to_string())?,
        })
    }
}

fn turned(at: Position, north_first: bool) -> Position {
    match north_first {
        true => [at[1], at[0], at[2]],
        false => at,
    }
}

/// The CRS of an `srsName`: what [`Crs::parse`] reads, and the names of the German surveys.
fn crs_of(name: &str) -> Result<Crs, CrsError> {
    const GERMAN: [(&str, u32); 3] = [
        ("ETRS89_UTM31", 25831),
        ("ETRS89_UTM32", 25832),
        ("ETRS89_UTM33", 25833),
    ];
    if name.to_ascii_lowercase().starts_with("urn:adv:crs:") {
        let known = GERMAN.iter().find(|(word, _)| name.contains(word));
        if let Some((_, code)) = known {
            return Crs::from_epsg(*code);
        }
    }
    Crs::parse(name)
}

fn is_north_first(crs: &Crs, name: &str, sample: Option<[f64; 2]>) -> bool {
    let [first, second] = sample.unwrap_or_default();
    if crs.is_geographic() {
        let lower = name.trim().to_ascii_lowercase();
        let by_name =
            (lower.starts_with("urn:") || lower.starts_with("http")) && !lower.contains("crs84");
        return match (first.abs() > 90.0, second.abs() > 90.0) {
            (true, false) => false,
            (false, true) => true,
            _ => by_name,
        };
    }
    let Some(middle) = false_easting_m(crs.proj()).filter(|_| sample.is_some()) else {
        return false;
    };
    let is_easting = |number: f64| (number - middle).abs() < EASTING_MAX_M;
    !is_easting(first) && is_easting(second)
}

/// The easting of a projection's middle, where it has one of its own: 0 tells nothing.
fn false_easting_m(proj: &str) -> Option<f64> {
    let mut words = proj.split_whitespace();
    if words.clone().any(|word| word == "+proj=utm") {
        return Some(500_000.0);
    }
    let x_0 = words.find_map(|word| word.strip_prefix("+x_0="))?;
    x_0.parse().ok().filter(|easting| *easting != 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, sample: [f64; 2], north_first: bool) {
        let frame = Frame::of(Some(name.to_owned()), Some(sample));
        assert!(frame.crs.is_some(), "{name}");
        assert_eq!(frame.north_first, north_first, "{name} {sample:?}");
    }

    #[test]
    fn degrees_go_by_the_name_and_by_what_a_latitude_can_be() {
        let japan = "http://www.opengis.net/def/crs/EPSG/0/6697";
        check(japan, [35.67, 139.71], true);
        check(japan, [139.71, 35.67], false);
        check("urn:ogc:def:crs:EPSG::4326", [52.0, 4.3], true);
        check("EPSG:4326", [4.3, 52.0], false);
        check("EPSG:4490", [31.3, 120.6], true);
        check("urn:ogc:def:crs:OGC:1.3:CRS84", [4.3, 52.0], false);
    }

    #[test]
    fn projected_numbers_stand_east_first_unless_that_cannot_be() {
        let berlin = "urn:ogc:def:crs,crs:EPSG:6.12:3068,crs:EPSG:6.12:5783";
        check(berlin, [0.0, 0.0], false);
        check(berlin, [24_000.0, 21_000.0], false);
        check(
            "urn:ogc:def:crs,crs:EPSG::25832,crs:EPSG::5783",
            [458_875.0, 5_438_350.0],
            false,
        );
        check(
            "urn:adv:crs:ETRS89_UTM32*DE_DHHN2016_NH",
            [458_875.0, 5_438_350.0],
            false,
        );
        check("urn:ogc:def:crs:EPSG::7415", [84_511.0, 446_652.0], false);
        check("EPSG:4549", [520_000.0, 3_470_000.0], false);
        check("EPSG:4549", [3_470_000.0, 520_000.0], true);
        check("EPSG:4528", [3_470_000.0, 40_520_000.0], true);
        check("EPSG:3857", [13_400_000.0, 100_000.0], false);
    }

    #[test]
    fn a_geometry_with_a_system_of_its_own_is_moved() {
        let name = "http://www.opengis.net/def/crs/EPSG/0/25832";
        let mut frame = Frame::of(Some(name.to_owned()), Some([458_875.0, 5_438_350.0]));
        let own = Some("urn:ogc:def:crs:EPSG::4258");
        let at = frame.place([49.097, 8.437, 112.0], own).unwrap();
        assert!(
            (at[0] - 458_900.0).abs() < 200.0 && at[2] == 112.0,
            "{at:?}"
        );
        assert_eq!(
            frame.place([1.0, 2.0, 3.0], Some(name)),
            Ok([1.0, 2.0, 3.0])
        );
        assert!(frame.place([1.0, 2.0, 3.0], Some("Atlantis")).is_err());
    }

    #[test]
    fn a_name_that_nobody_knows_is_a_fault_of_the_file() {
        let frame = Frame::of(Some("CH1903".to_owned()), None);
        let mut city = RawCity::new(super::super::super::Format::CityGml);
        frame.put_into(&mut city);
        assert!(city.crs.is_none() && city.crs_fault.is_some());
    }
}
