//! The built-in table of EPSG codes as proj strings, and the projection library behind it.
//! Used by `crs` and `transform` only. Never looks anything up outside this file.
//!
//! Parameters are those of the EPSG registry as PROJ 9 prints them. Every modern datum (WGS 84,
//! ETRS89, CGCS2000, JGD2011, GDA2020) carries a null shift to WGS 84, so that a transformation
//! from an old datum reaches them all.

use proj4rs::Proj;

/// WGS 84, ETRS89, CGCS2000 and JGD2011 agree to a few decimetres: no shift between them.
const MODERN: &str = "+ellps=GRS80 +towgs84=0,0,0 +units=m +no_defs";

/// Amersfoort to WGS 84 (4), EPSG:15934, 1 m.
const AMERSFOORT: &str = "+proj=sterea +lat_0=52.1561605555556 +lon_0=5.38763888888889 \
    +k=0.9999079 +x_0=155000 +y_0=463000 +ellps=bessel \
    +towgs84=565.4171,50.3319,465.5524,-0.398957388243134,0.343987817378283,-1.87740163998045,4.0725 \
    +units=m +no_defs";

/// The definition of a code, or `None` when it is not in the table.
pub(super) fn proj_from_epsg(code: u32) -> Option<String> {
    let fixed = match code {
        4326 | 4979 => "+proj=longlat +ellps=WGS84 +towgs84=0,0,0 +no_defs",
        // CGCS2000, ETRS89, JGD2011 and GDA2020, 2D and 3D, and JGD2011 with heights.
        4490 | 4480 | 4258 | 4937 | 6667 | 6668 | 6697 | 7843 | 7844 => {
            "+proj=longlat +ellps=GRS80 +towgs84=0,0,0 +no_defs"
        }
        3857 => {
            "+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m \
             +nadgrids=@null +no_defs"
        }
        28992 | 7415 => AMERSFOORT,
        // DHDN to WGS 84 (2), EPSG:1777; within 0.5 m of the grid file BETA2007 in Berlin, where the
        // set meant for the east of Germany is no better.
        3068 => {
            "+proj=cass +lat_0=52.4186482777778 +lon_0=13.6272036666667 +x_0=40000 +y_0=10000 \
             +ellps=bessel +towgs84=598.1,73.7,418.2,0.202,0.045,-2.455,6.7 +units=m +no_defs"
        }
        2056 => {
            "+proj=somerc +lat_0=46.9524055555556 +lon_0=7.43958333333333 +k_0=1 +x_0=2600000 \
             +y_0=1200000 +ellps=bessel +towgs84=674.374,15.056,405.346 +units=m +no_defs"
        }
        21781 => {
            "+proj=somerc +lat_0=46.9524055555556 +lon_0=7.43958333333333 +k_0=1 +x_0=600000 \
             +y_0=200000 +ellps=bessel +towgs84=674.374,15.056,405.346 +units=m +no_defs"
        }
        2154 => {
            "+proj=lcc +lat_0=46.5 +lon_0=3 +lat_1=49 +lat_2=44 +x_0=700000 +y_0=6600000 \
             +ellps=GRS80 +towgs84=0,0,0 +units=m +no_defs"
        }
        // OSGB36 to WGS 84 (6), EPSG:1314, 2 m; the 0.1 m way needs a grid file.
        27700 => {
            "+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy \
             +towgs84=446.448,-125.157,542.06,0.15,0.247,0.842,-20.489 +units=m +no_defs"
        }
        // BD72 to WGS 84 (3), EPSG:15929, 1 m.
        31370 => {
            "+proj=lcc +lat_0=90 +lon_0=4.36748666666667 +lat_1=51.1666672333333 \
             +lat_2=49.8333339 +x_0=150000.013 +y_0=5400088.438 +ellps=intl \
             +towgs84=-106.8686,52.2978,-103.7239,0.3366,-0.457,1.8422,-1.2747 +units=m +no_defs"
        }
        3812 => {
            "+proj=lcc +lat_0=50.797815 +lon_0=4.35921583333333 +lat_1=49.8333333333333 \
             +lat_2=51.1666666666667 +x_0=649328 +y_0=665262 +ellps=GRS80 +towgs84=0,0,0 \
             +units=m +no_defs"
        }
        // S-JTSK to WGS 84 (5), EPSG:5239, Czechia, 1 m.
        5514 => {
            "+proj=krovak +lat_0=49.5 +lon_0=24.8333333333333 +alpha=30.2881397527778 +k=0.9999 \
             +x_0=0 +y_0=0 +ellps=bessel +towgs84=572.213,85.334,461.94,4.9732,1.529,5.2484,3.5378 +units=m +no_defs"
        }
        3035 => {
            "+proj=laea +lat_0=52 +lon_0=10 +x_0=4321000 +y_0=3210000 +ellps=GRS80 \
             +towgs84=0,0,0 +units=m +no_defs"
        }
        _ => return family(code),
    };
    Some(fixed.to_owned())
}

/// Codes that follow a formula: zones of one projection.
fn family(code: u32) -> Option<String> {
    match code {
        // CGCS2000 / Gauss-Kruger 6°, with the zone in the easting, then without.
        4491..=4501 => Some(gauss_kruger(75 + 6 * (code - 4491), Some(13 + code - 4491))),
        4502..=4512 => Some(gauss_kruger(75 + 6 * (code - 4502), None)),
        // CGCS2000 / 3-degree Gauss-Kruger, likewise.
        4513..=4533 => Some(gauss_kruger(75 + 3 * (code - 4513), Some(25 + code - 4513))),
        4534..=4554 => Some(gauss_kruger(75 + 3 * (code - 4534), None)),
        32601..=32660 => Some(format!(
            "+proj=utm +zone={} +ellps=WGS84 +towgs84=0,0,0 +units=m +no_defs",
            code - 32600
        )),
        32701..=32760 => Some(format!(
            "+proj=utm +zone={} +south +ellps=WGS84 +towgs84=0,0,0 +units=m +no_defs",
            code - 32700
        )),
        // ETRS89 / UTM, and its compounds with DHHN92 heights (5554–5556).
        25828..=25838 => Some(utm_grs80(code - 25800, "")),
        5554..=5556 => Some(utm_grs80(code - 5554 + 31, "")),
        3067 => Some(utm_grs80(35, "")),
        // GDA2020 / MGA.
        7846..=7859 => Some(utm_grs80(code - 7800, " +south")),
        _ => None,
    }
}

fn gauss_kruger(meridian_deg: u32, zone_in_easting: Option<u32>) -> String {
    let false_easting_m = zone_in_easting.unwrap_or(0) * 1_000_000 + 500_000;
    format!(
        "+proj=tmerc +lat_0=0 +lon_0={meridian_deg} +k=1 +x_0={false_easting_m} +y_0=0 {MODERN}"
    )
}

fn utm_grs80(zone: u32, hemisphere: &str) -> String {
    format!("+proj=utm +zone={zone}{hemisphere} {MODERN}")
}

/// True when the registry lists the northing of this projected system first.
pub(super) fn projected_axis_is_north_first(code: u32) -> bool {
    matches!(code, 4491..=4554 | 3068 | 3035)
}

/// The projection library's object for a proj string, or what is wrong with it.
pub(super) fn projection_from(proj: &str) -> Result<Proj, String> {
    let exact = exact_transverse_mercator(proj);
    Proj::from_proj_string(&exact).map_err(|fault| fault.to_string())
}

/// PROJ computes `tmerc` by the Poder–Engsager series, which proj4rs calls `etmerc`; its own
/// `tmerc` is the older series that is off by metres far from the central meridian. On a sphere
/// only the older one is defined.
fn exact_transverse_mercator(proj: &str) -> String {
    let words: Vec<&str> = proj.split_whitespace().collect();
    let keep = words
        .iter()
        .any(|w| *w == "+approx" || w.starts_with("+R="));
    let renamed = words
        .iter()
        .filter(|w| **w != "+approx")
        .map(|word| match *word {
            "+proj=tmerc" if !keep => "+proj=etmerc",
            other => other,
        });
    renamed.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_in_the_table_is_usable() {
        let codes: Vec<u32> = (1024..33_000)
            .filter(|c| proj_from_epsg(*c).is_some())
            .collect();
        assert!(codes.len() > 200, "{}", codes.len());
        for code in codes {
            let proj = proj_from_epsg(code).unwrap();
            assert!(projection_from(&proj).is_ok(), "EPSG:{code} {proj}");
        }
    }

    #[test]
    fn gauss_kruger_zones_follow_the_formula() {
        let zone_40 = proj_from_epsg(4528).unwrap();
        assert!(zone_40.contains("+lon_0=120 ") && zone_40.contains("+x_0=40500000 "));
        let meridian_120 = proj_from_epsg(4549).unwrap();
        assert!(meridian_120.contains("+lon_0=120 ") && meridian_120.contains("+x_0=500000 "));
        assert!(proj_from_epsg(4554).unwrap().contains("+lon_0=135 "));
        assert!(proj_from_epsg(4533).unwrap().contains("+x_0=45500000 "));
        assert!(proj_from_epsg(4512).unwrap().contains("+lon_0=135 "));
    }
}
