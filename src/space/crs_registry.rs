//! The built-in table of EPSG codes as proj strings, and the projection library behind it.
//! Used by `crs` and `transform` only. Never looks anything up outside this file.
//!
//! Parameters are those of the EPSG registry as PROJ 9 prints them. Every modern datum (WGS 84,
//! ETRS89, CGCS2000, JGD2011, GDA2020) carries a null shift to WGS 84, so that a transformation
//! from an old datum reaches them all.

use proj4rs::Proj;

use super::datum_shift::{self, OldDatum};

/// WGS 84, ETRS89, CGCS2000 and JGD2011 agree to a few decimetres: no shift between them.
const MODERN: &str = "+ellps=GRS80 +towgs84=0,0,0 +units=m +no_defs";
/// Of Beijing 1954; no shift is published for the country.
const KRASSOVSKY: &str = "+ellps=krass +units=m +no_defs";
/// Of Xian 1980; no shift is published at all.
const IAG_1975: &str = "+a=6378140 +rf=298.257 +units=m +no_defs";

/// The definition of a code, or `None` when it is not in the table.
pub(super) fn proj_from_epsg(code: u32) -> Option<String> {
    let geographic = match code {
        4326 | 4979 => "+ellps=WGS84 +towgs84=0,0,0",
        // CGCS2000, ETRS89, JGD2011 and GDA2020, 2D and 3D, and JGD2011 with heights.
        4490 | 4480 | 4258 | 4937 | 6667 | 6668 | 6697 | 7843 | 7844 => {
            "+ellps=GRS80 +towgs84=0,0,0"
        }
        // Geocentric: WGS 84; CGCS2000, ETRS89, JGD2011 and GDA2020.
        4978 => return Some("+proj=geocent +ellps=WGS84 +towgs84=0,0,0 +units=m +no_defs".into()),
        4479 | 4936 | 6666 | 7842 => return Some(format!("+proj=geocent {MODERN}")),
        4214 => "+ellps=krass",
        4610 => "+a=6378140 +rf=298.257",
        _ => return single(code).or_else(|| family(code)),
    };
    Some(format!("+proj=longlat {geographic} +no_defs"))
}

/// Projected systems that stand alone.
fn single(code: u32) -> Option<String> {
    match code {
        3857 => Some(
            "+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m \
             +nadgrids=@null +no_defs"
                .to_owned(),
        ),
        28992 | 7415 => old(
            "+proj=sterea +lat_0=52.1561605555556 +lon_0=5.38763888888889 +k=0.9999079 \
             +x_0=155000 +y_0=463000 +ellps=bessel",
            &datum_shift::AMERSFOORT,
        ),
        3068 => old(
            "+proj=cass +lat_0=52.4186482777778 +lon_0=13.6272036666667 +x_0=40000 +y_0=10000 \
             +ellps=bessel",
            &datum_shift::DHDN,
        ),
        2056 => old(
            "+proj=somerc +lat_0=46.9524055555556 +lon_0=7.43958333333333 +k_0=1 +x_0=2600000 \
             +y_0=1200000 +ellps=bessel",
            &datum_shift::CH1903_PLUS,
        ),
        21781 => old(
            "+proj=somerc +lat_0=46.9524055555556 +lon_0=7.43958333333333 +k_0=1 +x_0=600000 \
             +y_0=200000 +ellps=bessel",
            &datum_shift::CH1903,
        ),
        2154 => {
            modern("+proj=lcc +lat_0=46.5 +lon_0=3 +lat_1=49 +lat_2=44 +x_0=700000 +y_0=6600000")
        }
        27700 => old(
            "+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy",
            &datum_shift::OSGB36,
        ),
        31370 => old(
            "+proj=lcc +lat_0=90 +lon_0=4.36748666666667 +lat_1=51.1666672333333 \
             +lat_2=49.8333339 +x_0=150000.013 +y_0=5400088.438 +ellps=intl",
            &datum_shift::BD72,
        ),
        3812 => modern(
            "+proj=lcc +lat_0=50.797815 +lon_0=4.35921583333333 +lat_1=49.8333333333333 \
             +lat_2=51.1666666666667 +x_0=649328 +y_0=665262",
        ),
        5514 => old(
            "+proj=krovak +lat_0=49.5 +lon_0=24.8333333333333 +alpha=30.2881397527778 +k=0.9999 \
             +x_0=0 +y_0=0 +ellps=bessel",
            &datum_shift::S_JTSK,
        ),
        2326 => old(
            "+proj=tmerc +lat_0=22.3121333333333 +lon_0=114.178555555556 +k=1 +x_0=836694.05 \
             +y_0=819069.8 +ellps=intl",
            &datum_shift::HONG_KONG_1980,
        ),
        3035 => modern("+proj=laea +lat_0=52 +lon_0=10 +x_0=4321000 +y_0=3210000"),
        _ => None,
    }
}

fn modern(projection: &str) -> Option<String> {
    Some(format!("{projection} {MODERN}"))
}

fn old(projection: &str, datum: &OldDatum) -> Option<String> {
    let towgs84 = datum.towgs84;
    Some(format!("{projection} +towgs84={towgs84} +units=m +no_defs"))
}

/// Codes that follow a formula: zones of one projection.
fn family(code: u32) -> Option<String> {
    match code {
        // 6° zones with the zone in the easting, then without; 3° zones likewise. CGCS2000, Beijing
        // 1954, Xian 1980.
        4491..=4501 => Some(gauss_kruger(6, code - 4491, true, MODERN)),
        4502..=4512 => Some(gauss_kruger(6, code - 4502, false, MODERN)),
        4513..=4533 => Some(gauss_kruger(3, code - 4513, true, MODERN)),
        4534..=4554 => Some(gauss_kruger(3, code - 4534, false, MODERN)),
        21413..=21423 => Some(gauss_kruger(6, code - 21413, true, KRASSOVSKY)),
        21453..=21463 => Some(gauss_kruger(6, code - 21453, false, KRASSOVSKY)),
        2401..=2421 => Some(gauss_kruger(3, code - 2401, true, KRASSOVSKY)),
        2422..=2442 => Some(gauss_kruger(3, code - 2422, false, KRASSOVSKY)),
        2327..=2337 => Some(gauss_kruger(6, code - 2327, true, IAG_1975)),
        2338..=2348 => Some(gauss_kruger(6, code - 2338, false, IAG_1975)),
        2349..=2369 => Some(gauss_kruger(3, code - 2349, true, IAG_1975)),
        2370..=2390 => Some(gauss_kruger(3, code - 2370, false, IAG_1975)),
        31254..=31256 => old(
            &format!(
                "+proj=tmerc +lat_0=0 +lon_0={}.3333333333333 +k=1 +x_0=0 +y_0=-5000000 +ellps=bessel",
                10 + 3 * (code - 31254)
            ),
            &datum_shift::MGI,
        ),
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

/// China's zone number `index` from the west, the first of which lies around 75° E.
fn gauss_kruger(width_deg: u32, index: u32, has_zone_in_easting: bool, earth: &str) -> String {
    let meridian_deg = 75 + width_deg * index;
    let zone = index + if width_deg == 6 { 13 } else { 25 };
    let false_easting_m = 500_000
        + if has_zone_in_easting {
            zone * 1_000_000
        } else {
            0
        };
    format!("+proj=tmerc +lat_0=0 +lon_0={meridian_deg} +k=1 +x_0={false_easting_m} +y_0=0 {earth}")
}

fn utm_grs80(zone: u32, hemisphere: &str) -> String {
    format!("+proj=utm +zone={zone}{hemisphere} {MODERN}")
}

/// True when the registry lists the northing of this projected system first.
pub(super) fn projected_axis_is_north_first(code: u32) -> bool {
    matches!(
        code,
        4491..=4554 | 3068 | 3035 | 2326..=2390 | 2401..=2442 | 21413..=21423 | 21453..=21463 | 31254..=31256
    )
}

/// The geographic system in which a geocentric one's positions are longitudes and latitudes.
pub(super) fn geographic_from_geocentric(proj: &str) -> String {
    let of_earth = |word: &&str| {
        !(word.starts_with("+proj=")
            || word.starts_with("+units=")
            || word.starts_with("+to_meter="))
    };
    let words: Vec<&str> = proj.split_whitespace().filter(of_earth).collect();
    format!("+proj=longlat {}", words.join(" "))
}

/// The projection library's object for a proj string, or what is wrong with it.
pub(super) fn projection_from(proj: &str) -> Result<Proj, String> {
    // The library cuts angles by bytes: another letter there would end the program.
    if let Some(letter) = proj.chars().find(|one| !one.is_ascii()) {
        return Err(format!(
            "{letter:?} stands in it, and only plain letters can"
        ));
    }
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
