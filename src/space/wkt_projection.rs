//! Projections of well-known text as words of a proj string: names of methods and parameters in
//! the dialects of OGC, ESRI and WKT2, with their units.
//! Used by `wkt_crs`. Never guesses: a method that is not known is refused by name.

use std::collections::BTreeMap;

use super::wkt::{Node, Value};

/// In what the numbers of a projected system are given where they do not say themselves.
pub(super) struct Units {
    /// Degrees in an angle.
    pub(super) degrees: f64,
    /// Metres in a length.
    pub(super) metres: f64,
}

/// Small letters and digits only: `Lambert_Conformal_Conic (2SP)` → `lambertconformalconic2sp`.
pub(super) fn plain(name: &str) -> String {
    let kept = name.chars().filter(|c| c.is_alphanumeric());
    kept.flat_map(char::to_lowercase).collect()
}

/// Degrees in a unit of so many radians; a degree when nothing is said.
pub(super) fn degrees_from_unit(radians: Option<f64>) -> f64 {
    let degrees = radians
        .filter(|radians| *radians > 0.0)
        .map(f64::to_degrees);
    match degrees {
        // Files write 0.0174532925199433 or fewer digits and mean a degree exactly.
        Some(degrees) if (degrees - 1.0).abs() > 1e-8 => degrees,
        _ => 1.0,
    }
}

/// A whole proj string that the text carries along for what WKT1 cannot say, such as web Mercator.
pub(super) fn extension(root: &Node) -> Option<String> {
    let node = root.child(&["EXTENSION"])?;
    let texts: Vec<&str> = node
        .values
        .iter()
        .filter_map(|value| match value {
            Value::Text(text) => Some(text.as_str()),
            _ => None,
        })
        .collect();
    match texts.as_slice() {
        ["PROJ4", proj] if proj.trim_start().starts_with("+proj=") => {
            let words = proj.split_whitespace();
            // Words that say nothing about positions, one of which we add ourselves.
            let kept: Vec<&str> = words
                .filter(|w| !matches!(*w, "+no_defs" | "+wktext"))
                .collect();
            Some(kept.join(" "))
        }
        _ => None,
    }
}

/// The projection of a projected system: `+proj=tmerc +lat_0=0 …`, without ellipsoid and unit.
///
/// # Errors
/// In words, when the method is not known or a parameter that matters is missing.
pub(super) fn projection(root: &Node, units: &Units) -> Result<String, String> {
    // WKT2 puts method and parameters one node deeper.
    let holder = root
        .child(&["CONVERSION", "DERIVINGCONVERSION"])
        .unwrap_or(root);
    let method = holder
        .child(&["PROJECTION", "METHOD"])
        .ok_or("a projected system without a projection")?;
    let parameters = Parameters::of(holder, units);
    words_of(method.name(), &parameters)
}

/// The parameters by the words of proj strings: angles in degrees, lengths in metres.
struct Parameters(BTreeMap<&'static str, f64>);

impl Parameters {
    fn of(holder: &Node, units: &Units) -> Self {
        let mut found = BTreeMap::new();
        for node in holder.children().filter(|node| node.keyword == "PARAMETER") {
            let (Some(key), Some(value)) = (key_of(&plain(node.name())), node.number(0)) else {
                continue;
            };
            let own = node.child(&["ANGLEUNIT", "LENGTHUNIT", "SCALEUNIT", "UNIT"]);
            let own = own.and_then(|unit| unit.number(0));
            let factor = match key {
                "x_0" | "y_0" => own.unwrap_or(units.metres),
                "k" => own.unwrap_or(1.0),
                "type" | "x_scale" | "y_scale" => 1.0,
                _ => own.map_or(units.degrees, |radians| degrees_from_unit(Some(radians))),
            };
            found.insert(key, value * factor);
        }
        Self(found)
    }

    fn get(&self, key: &str) -> Option<f64> {
        self.0.get(key).copied()
    }

    /// The words of these keys, with 0 (1 for the scale) for those that the text leaves out.
    fn words(&self, keys: &[&str]) -> String {
        let word = |key: &&str| {
            let otherwise = if *key == "k" { 1.0 } else { 0.0 };
            format!(" +{key}={}", self.get(key).unwrap_or(otherwise))
        };
        keys.iter().map(word).collect()
    }
}

/// The word of a proj string for a parameter's plain name.
fn key_of(name: &str) -> Option<&'static str> {
    Some(match name {
        "falseeasting" | "eastingatfalseorigin" | "eastingatprojectioncentre" => "x_0",
        "falsenorthing" | "northingatfalseorigin" | "northingatprojectioncentre" => "y_0",
        "centralmeridian"
        | "longitudeofcenter"
        | "longitudeofcentre"
        | "longitudeoforigin"
        | "longitudeofnaturalorigin"
        | "longitudeoffalseorigin"
        | "longitudeofprojectioncentre"
        | "straightverticallongitudefrompole" => "lon_0",
        "latitudeoforigin"
        | "latitudeofcenter"
        | "latitudeofcentre"
        | "latitudeofnaturalorigin"
        | "latitudeoffalseorigin"
        | "latitudeofprojectioncentre" => "lat_0",
        "scalefactor"
        | "scalefactoratnaturalorigin"
        | "scalefactoroninitialline"
        | "scalefactoratprojectioncentre"
        | "scalefactoronpseudostandardparallel" => "k",
        "standardparallel1" | "latitudeof1ststandardparallel" | "latitudeofstandardparallel" => {
            "lat_1"
        }
        "standardparallel2" | "latitudeof2ndstandardparallel" => "lat_2",
        "azimuth"
        | "azimuthofinitialline"
        | "azimuthatprojectioncentre"
        | "colatitudeofconeaxis" => "alpha",
        "rectifiedgridangle" | "anglefromrectifiedtoskewgrid" | "xyplanerotation" => "gamma",
        "auxiliaryspheretype" => "type",
        "xscale" => "x_scale",
        "yscale" => "y_scale",
        _ => return None,
    })
}

fn words_of(method: &str, given: &Parameters) -> Result<String, String> {
    let usual = ["lat_0", "lon_0", "k", "x_0", "y_0"];
    let plane = ["lat_0", "lon_0", "x_0", "y_0"];
    let name = plain(method);
    let words = match name.as_str() {
        "transversemercator" | "gausskruger" | "transversemercatorcomplex" => {
            format!("+proj=tmerc{}", given.words(&usual))
        }
        "mercator1sp" | "mercatorvarianta" | "mercator2sp" | "mercatorvariantb" | "mercator" => {
            mercator(given)?
        }
        "popularvisualisationpseudomercator" | "mercatorauxiliarysphere" => {
            if given.get("type").unwrap_or(0.0) != 0.0 || given.get("lat_1").unwrap_or(0.0) != 0.0 {
                return Err(format!(
                    "the projection {method:?} with other than the usual sphere"
                ));
            }
            let place = given.words(&["lon_0", "x_0", "y_0"]);
            // Latitudes of the ellipsoid are taken for those of the sphere: that is its definition.
            return Ok(format!("+proj=merc +R=6378137 +nadgrids=@null{place}"));
        }
        "lambertconformalconic"
        | "lambertconformalconic1sp"
        | "lambertconicconformal1sp"
        | "lambertconformalconic2sp"
        | "lambertconicconformal2sp" => lambert_conformal(given),
        "albersconicequalarea" | "albersequalarea" | "albers" => {
            let parallels = given.words(&["lat_1", "lat_2"]);
            format!("+proj=aea{parallels}{}", given.words(&plane))
        }
        "cassinisoldner" | "cassini" => format!("+proj=cass{}", given.words(&plane)),
        "obliquestereographic" | "doublestereographic" => {
            format!("+proj=sterea{}", given.words(&usual))
        }
        "lambertazimuthalequalarea" => format!("+proj=laea{}", given.words(&plane)),
        "swissobliquecylindrical" | "swissobliquemercator" => {
            format!("+proj=somerc{}", given.words(&usual))
        }
        "hotineobliquemercatorazimuthcenter"
        | "obliquemercatorazimuthcenter"
        | "obliquemercator"
        | "hotineobliquemercatorvariantb"
        | "rectifiedskeworthomorphiccenter" => oblique_mercator(given, true)?,
        "hotineobliquemercatorazimuthnaturalorigin"
        | "hotineobliquemercator"
        | "hotineobliquemercatorvarianta"
        | "rectifiedskeworthomorphicnaturalorigin" => oblique_mercator(given, false)?,
        "krovak" | "krovaknorthorientated" => krovak(given)?,
        "polarstereographicvarianta"
        | "polarstereographic"
        | "polarstereographicvariantb"
        | "stereographicnorthpole"
        | "stereographicsouthpole" => polar(given, &name),
        _ => return Err(format!("the projection {method:?} is not known")),
    };
    Ok(words)
}

/// One standard parallel makes a scale at the equator; ESRI has only the one name for both.
fn mercator(given: &Parameters) -> Result<String, String> {
    if given.get("lat_0").unwrap_or(0.0).abs() > 1e-9 {
        return Err("a Mercator projection whose origin is not on the equator".into());
    }
    let place = given.words(&["lon_0", "x_0", "y_0"]);
    Ok(match given.get("lat_1") {
        Some(parallel_deg) => format!("+proj=merc +lat_ts={parallel_deg}{place}"),
        None => format!("+proj=merc{}{place}", given.words(&["k"])),
    })
}

fn lambert_conformal(given: &Parameters) -> String {
    let rest = given.words(&["lat_0", "lon_0", "k", "x_0", "y_0"]);
    match (given.get("lat_1"), given.get("lat_2")) {
        (Some(first), Some(second)) => format!("+proj=lcc +lat_1={first} +lat_2={second}{rest}"),
        // ESRI writes the one parallel as standard parallel and as origin.
        (Some(only), None) => format!("+proj=lcc +lat_1={only}{rest}"),
        (None, _) => format!(
            "+proj=lcc +lat_1={}{rest}",
            given.get("lat_0").unwrap_or(0.0)
        ),
    }
}

/// Along a line through the centre. Due east it is the Swiss projection, for which there is an
/// exact series of its own, and both variants fall together.
fn oblique_mercator(given: &Parameters, is_centred: bool) -> Result<String, String> {
    let azimuth_deg = given
        .get("alpha")
        .ok_or("an oblique projection without an azimuth")?;
    let gamma_deg = given.get("gamma").unwrap_or(azimuth_deg);
    let rest = given.words(&["k", "x_0", "y_0"]);
    let (lat, lon) = (
        given.get("lat_0").unwrap_or(0.0),
        given.get("lon_0").unwrap_or(0.0),
    );
    if is_centred && azimuth_deg == 90.0 && gamma_deg == 90.0 {
        return Ok(format!("+proj=somerc +lat_0={lat} +lon_0={lon}{rest}"));
    }
    let offset = if is_centred { "" } else { " +no_uoff" };
    Ok(format!(
        "+proj=omerc{offset} +lat_0={lat} +lonc={lon} +alpha={azimuth_deg} +gamma={gamma_deg}{rest}"
    ))
}

fn krovak(given: &Parameters) -> Result<String, String> {
    // ESRI tells the eastward form from the southward one by the scales.
    let scales = (
        given.get("x_scale").unwrap_or(-1.0),
        given.get("y_scale").unwrap_or(1.0),
    );
    if scales != (-1.0, 1.0) {
        return Err("a Krovak projection that runs south and west".into());
    }
    Ok(format!(
        "+proj=krovak{}",
        given.words(&["lat_0", "lon_0", "alpha", "k", "x_0", "y_0"])
    ))
}

/// `lat_0` is the pole; a standard parallel, if there is one, goes to `lat_ts`.
fn polar(given: &Parameters, name: &str) -> String {
    let place = given.words(&["lon_0", "x_0", "y_0"]);
    let lat_0 = given.get("lat_0").unwrap_or(90.0);
    let parallel = given
        .get("lat_1")
        .or((lat_0.abs() < 89.999).then_some(lat_0));
    let is_south = name.ends_with("southpole") || parallel.unwrap_or(lat_0) < 0.0;
    let pole = if is_south { -90 } else { 90 };
    match parallel {
        Some(parallel_deg) => format!("+proj=stere +lat_0={pole} +lat_ts={parallel_deg}{place}"),
        None => format!("+proj=stere +lat_0={pole}{}{place}", given.words(&["k"])),
    }
}

/// The code that a system's name stands for in ESRI's and EPSG's way of naming, if it is one of
/// the frequent ones. The definition still has to agree.
pub(super) fn code_of_name(name: &str) -> Option<u32> {
    let name = plain(name);
    let number = |prefix: &str, suffix: &str| {
        let digits = name.strip_prefix(prefix)?.strip_suffix(suffix)?;
        digits.parse::<u32>().ok()
    };
    let zone = |prefix: &str| {
        let [north, south] = ["n", "s"].map(|end| number(&format!("{prefix}utmzone"), end));
        north
            .map(|zone| (zone, false))
            .or(south.map(|zone| (zone, true)))
    };
    if let Some((zone, is_south)) = zone("wgs1984").or_else(|| zone("wgs84")) {
        return Some(if is_south { 32_700 } else { 32_600 } + zone.min(99));
    }
    if let Some((zone @ 28..=38, false)) = zone("etrs1989").or_else(|| zone("etrs89")) {
        return Some(25_800 + zone);
    }
    gauss_kruger_code(&name).or_else(|| {
        Some(match name.as_str() {
            "wgs84" | "wgs1984" | "gcswgs1984" => 4326,
            "gcschinageodeticcoordinatesystem2000"
            | "chinageodeticcoordinatesystem2000"
            | "cgcs2000"
            | "gcscgcs2000" => 4490,
            "gcsetrs1989" | "etrs89" => 4258,
            "gcsbeijing1954" | "beijing1954" => 4214,
            "gcsxian1980" | "xian1980" => 4610,
            "wgs1984webmercatorauxiliarysphere" | "wgs84pseudomercator" => 3857,
            "rdnew" | "amersfoortrdnew" => 28992,
            "hongkong1980grid" | "hongkong1980gridsystem" => 2326,
            "mgiaustriagkwest" => 31254,
            "mgiaustriagkcentral" => 31255,
            "mgiaustriagkeast" => 31256,
            "ch1903lv95" => 2056,
            "ch1903lv03" => 21781,
            "rgf1993lambert93" | "rgf93lambert93" | "rgf93v1lambert93" => 2154,
            "belgelambert1972" | "bd72belgianlambert72" => 31370,
            "belgelambert2008" | "etrs89belgianlambert2008" => 3812,
            "britishnationalgrid" | "osgb36britishnationalgrid" => 27700,
            "sjtskkrovakeastnorth" => 5514,
            "etrs1989laea" | "etrs89extendedlaeaeurope" | "etrs89laeaeurope" => 3035,
            "dhdnsoldnerberlin" => 3068,
            _ => return None,
        })
    })
}

/// `CGCS2000_3_Degree_GK_CM_120E`, `CGCS2000_GK_Zone_20`, and their like of Beijing 1954 and
/// Xian 1980; by EPSG's way of naming too.
fn gauss_kruger_code(name: &str) -> Option<u32> {
    let (series, rest) = [("cgcs2000", 0), ("beijing1954", 1), ("xian1980", 2)]
        .iter()
        .find_map(|(datum, index)| Some((*index, name.strip_prefix(datum)?)))?;
    let (is_narrow, rest) = match rest.strip_prefix("3degree") {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let rest = rest
        .strip_prefix("gausskruger")
        .or(rest.strip_prefix("gk"))?;
    let meridian = rest
        .strip_prefix("cm")
        .and_then(|rest| rest.strip_suffix('e'));
    let meridian = meridian.and_then(|digits| digits.parse::<u32>().ok());
    let zone = rest
        .strip_prefix("zone")
        .and_then(|digits| digits.parse::<u32>().ok());
    // First codes of: zones of 6°, meridians of 6°, zones of 3°, meridians of 3°.
    let firsts = [
        [4491, 4502, 4513, 4534],
        [21413, 21453, 2401, 2422],
        [2327, 2338, 2349, 2370],
    ][series];
    let (first, step) = match (is_narrow, zone, meridian) {
        (false, Some(zone @ 13..=23), _) => (firsts[0], zone - 13),
        (false, None, Some(deg @ 75..=135)) if (deg - 75) % 6 == 0 => (firsts[1], (deg - 75) / 6),
        (true, Some(zone @ 25..=45), _) => (firsts[2], zone - 25),
        (true, None, Some(deg @ 75..=135)) if deg % 3 == 0 => (firsts[3], (deg - 75) / 3),
        _ => return None,
    };
    Some(first + step)
}
