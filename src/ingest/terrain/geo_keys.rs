//! What a GeoTIFF says of its coordinates: the CRS, what a height counts in, and where the heights
//! stand in their cells. Never reads a pixel.

use crate::space::{Crs, CrsError};

const MODEL_TYPE: u16 = 1024;
const RASTER_TYPE: u16 = 1025;
const CITATION: u16 = 1026;
const GEOGRAPHIC_TYPE: u16 = 2048;
const PROJECTED_TYPE: u16 = 3072;
const PROJECTED_CITATION: u16 = 3073;
const VERTICAL_TYPE: u16 = 4096;
const VERTICAL_UNITS: u16 = 4099;
/// Where a key's text stands.
const ASCII: u16 = 34737;
/// The code of what is described by further keys instead of a number.
const USER_DEFINED: u16 = 32767;

/// The keys of a GeoTIFF.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct GeoKeys {
    pub(super) crs: Option<Crs>,
    pub(super) crs_fault: Option<CrsError>,
    /// Whether heights stand on the corners of cells instead of in their middles.
    pub(super) is_point: bool,
    /// Metres of one unit of height.
    pub(super) height_unit_m: f64,
    /// The unit of heights, where it is none that is known.
    pub(super) unknown_unit: Option<u16>,
}

impl GeoKeys {
    /// Reads the directory: a head of four numbers, then four numbers for each key.
    pub(super) fn read(directory: &[u16], ascii: &str) -> Self {
        let entries = || directory.get(4..).unwrap_or_default().chunks_exact(4);
        let entry = |key: u16| entries().find(|entry| entry[0] == key);
        // A location of 0 means that the value stands in the entry itself.
        let short = |key: u16| entry(key).filter(|entry| entry[1] == 0).map(|it| it[3]);
        let text = |key: u16| {
            let entry = entry(key).filter(|entry| entry[1] == ASCII)?;
            let from = usize::from(entry[3]);
            let text = ascii.get(from..from.checked_add(usize::from(entry[2]))?)?;
            Some(text.trim_end_matches(['|', '\0']).to_owned())
        };
        let is_code = |code: &u16| (1_024..USER_DEFINED).contains(code);
        let code = match short(MODEL_TYPE) {
            Some(2) => short(GEOGRAPHIC_TYPE),
            Some(3) => None,
            _ => short(PROJECTED_TYPE).or_else(|| short(GEOGRAPHIC_TYPE)),
        };
        let described = || {
            let text = text(PROJECTED_CITATION).or_else(|| text(CITATION));
            CrsError::Unreadable {
                text: text.unwrap_or_else(|| "user-defined".to_owned()),
            }
        };
        let (crs, crs_fault) = match code {
            Some(code) if is_code(&code) => match Crs::from_epsg(u32::from(code)) {
                Ok(crs) => (Some(crs), None),
                Err(fault) => (None, Some(fault)),
            },
            None if entries().next().is_none() => (None, None),
            _ => (None, Some(described())),
        };
        let unit = short(VERTICAL_UNITS).or_else(|| short(VERTICAL_TYPE).and_then(unit_of_datum));
        let height_unit_m = unit.map_or(Some(1.0), metres_of);
        Self {
            crs,
            crs_fault,
            is_point: short(RASTER_TYPE) == Some(2),
            height_unit_m: height_unit_m.unwrap_or(1.0),
            unknown_unit: unit.filter(|_| height_unit_m.is_none()),
        }
    }
}

/// Metres of a unit by its EPSG code.
fn metres_of(unit: u16) -> Option<f64> {
    match unit {
        9001 | 0 => Some(1.0),
        9002 => Some(0.3048),
        9003 => Some(1_200.0 / 3_937.0),
        9036 => Some(1_000.0),
        _ => None,
    }
}

/// The unit of vertical systems that count in feet.
fn unit_of_datum(code: u16) -> Option<u16> {
    match code {
        6360 | 6358 => Some(9003),
        8228 => Some(9002),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(keys: &[[u16; 4]], ascii: &str, code: Option<u32>, is_fault: bool) -> GeoKeys {
        let head = [1, 1, 0, keys.len() as u16];
        let directory = [&head[..], keys.as_flattened()].concat();
        let keys = GeoKeys::read(&directory, ascii);
        assert_eq!(keys.crs.as_ref().and_then(Crs::epsg), code);
        assert_eq!(keys.crs_fault.is_some(), is_fault);
        keys
    }

    #[test]
    fn codes_units_and_points() {
        let projected = [[1024, 0, 1, 1], [1025, 0, 1, 2], [3072, 0, 1, 4549]];
        assert!(check(&projected, "", Some(4549), false).is_point);
        let feet = [[1024, 0, 1, 2], [2048, 0, 1, 4326], [4099, 0, 1, 9002]];
        assert_eq!(check(&feet, "", Some(4326), false).height_unit_m, 0.3048);
        let odd = [[3072, 0, 1, 28992], [4099, 0, 1, 9999]];
        assert_eq!(check(&odd, "", Some(28992), false).unknown_unit, Some(9999));
        let own = [[1024, 0, 1, 1], [3072, 0, 1, 32767], [3073, 34737, 9, 0]];
        let keys = check(&own, "City grid|", None, true);
        assert!(keys.crs_fault.unwrap().to_string().contains("City gri"));
        check(&[[1024, 0, 1, 1], [3072, 0, 1, 2999]], "", None, true);
        check(&[[3073, 34737, 60_000, 60_000]], "é", None, true);
        let none = GeoKeys::read(&[1, 1], "");
        assert_eq!((none.crs.as_ref(), none.crs_fault.as_ref()), (None, None));
        assert_eq!(GeoKeys::read(&[], ""), none);
    }
}
