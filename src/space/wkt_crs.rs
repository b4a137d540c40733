//! What well-known text says about coordinates, as a [`Crs`]: the code it names when that is built
//! in, otherwise a proj string from its projection, parameters, ellipsoid, datum and units.
//! Used by readers of `.prj` files and GeoPackages. Never swaps axes, whatever the text says of
//! their order: files with well-known text hold east before north.

use super::crs::{Crs, CrsError};
use super::datum_shift::{self, Shift};
use super::transform::Transform;
use super::wkt::{self, Node, Value};
use super::wkt_projection::{self, Units};

const GEOGRAPHIC: &[&str] = &[
    "GEOGCS",
    "GEOGCRS",
    "GEOGRAPHICCRS",
    "GEODCRS",
    "GEODETICCRS",
    "BASEGEOGCRS",
    "BASEGEODCRS",
];
const PROJECTED: &[&str] = &["PROJCS", "PROJCRS", "PROJECTEDCRS"];
const GEOCENTRIC: &[&str] = &["GEOCCS"];
const COMPOUND: &[&str] = &["COMPD_CS", "COMPOUNDCRS"];
const DATUM: &[&str] = &["DATUM", "GEODETICDATUM", "TRF", "ENSEMBLE"];
const UNIT: &[&str] = &["UNIT", "ANGLEUNIT", "LENGTHUNIT"];

/// Two systems whose positions lie closer than this are the same; metres.
const SAME_M: f64 = 1e-4;

impl Crs {
    /// Reads well-known text as `.prj` files and GeoPackages hold it: OGC WKT1, ESRI's dialect, or
    /// WKT2. Of a compound system the horizontal part is taken.
    ///
    /// # Errors
    /// [`CrsError::Wkt`] when the text is damaged or describes what we cannot compute with.
    pub fn from_wkt(text: &str) -> Result<Self, CrsError> {
        let fault = |reason: String| CrsError::Wkt { reason };
        let root = wkt::parse(text).map_err(fault)?;
        from_node(&root).map_err(fault)
    }
}

fn from_node(root: &Node) -> Result<Crs, String> {
    let keyword = root.keyword.as_str();
    if keyword == "BOUNDCRS" {
        return from_bound(root);
    }
    if let Some(crs) = named_by_code(root) {
        return Ok(crs);
    }
    if COMPOUND.contains(&keyword) {
        let mut parts = root.children();
        let horizontal = parts.find(|part| {
            let keyword = part.keyword.as_str();
            [PROJECTED, GEOGRAPHIC, &["BOUNDCRS"]]
                .iter()
                .any(|list| list.contains(&keyword))
        });
        return from_node(horizontal.ok_or("a compound system without a horizontal part")?);
    }
    from_definition(root, None)
}

/// A system with the seven parameters to another, which is taken for WGS 84 as PROJ does.
fn from_bound(root: &Node) -> Result<Crs, String> {
    let source = root
        .child(&["SOURCECRS"])
        .and_then(|node| node.children().next());
    let source = source.ok_or("BOUNDCRS without SOURCECRS")?;
    let values: Vec<f64> = root
        .child(&["ABRIDGEDTRANSFORMATION"])
        .into_iter()
        .flat_map(Node::children)
        .filter(|node| node.keyword == "PARAMETER")
        .filter_map(|node| node.number(0))
        .collect();
    let method = root
        .child(&["ABRIDGEDTRANSFORMATION"])
        .and_then(|node| node.child(&["METHOD"]))
        .map(|node| wkt_projection::plain(node.name()))
        .unwrap_or_default();
    let mut shift = match values.len() {
        3 | 7 if method.starts_with("geocentrictranslations") || method.contains("vector") => {
            values
        }
        7 if method.starts_with("coordinateframe") => {
            let turned = values.iter().enumerate();
            turned
                .map(|(i, v)| if (3..6).contains(&i) { -v } else { *v })
                .collect()
        }
        // A grid, or something rarer: the datum's own name says what is known without it.
        _ => return from_node(source),
    };
    if let Some(scale) = shift.get_mut(6) {
        // WKT2 writes the factor itself, 1.0000067, where proj strings want 6.7 (ppm).
        if (*scale - 1.0).abs() < 1e-2 {
            *scale = (*scale - 1.0) * 1e6;
        }
    }
    from_definition(source, Some(shift))
}

/// The built-in system whose code stands in the node itself.
fn named_by_code(node: &Node) -> Option<Crs> {
    let id = node.child(&["AUTHORITY", "ID"])?;
    let mut words = id.values.iter().map(|value| match value {
        Value::Text(text) | Value::Word(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Node(_) => String::new(),
    });
    let (authority, code) = (words.next()?, words.next()?);
    match authority.to_ascii_uppercase().as_str() {
        "EPSG" => Crs::from_epsg(code.parse().ok()?).ok(),
        "OGC" => Crs::parse(&code).ok(),
        _ => None,
    }
}

/// A system by its definition; `shift` goes before what the datum says.
fn from_definition(root: &Node, shift: Option<Vec<f64>>) -> Result<Crs, String> {
    let keyword = root.keyword.as_str();
    let is_projected = PROJECTED.contains(&keyword);
    if !is_projected && !GEOGRAPHIC.contains(&keyword) && !GEOCENTRIC.contains(&keyword) {
        return Err(format!("{keyword} is no system of positions on Earth"));
    }
    refuse_turned_axes(root)?;
    let geographic = if is_projected {
        root.child(GEOGRAPHIC)
            .ok_or_else(|| format!("{keyword} without a geographic system"))?
    } else {
        root
    };
    let earth = Earth::of(geographic, shift)?;
    let proj = if is_projected {
        let units = Units {
            degrees: earth.degrees,
            metres: length_unit(root),
        };
        if let Some(proj) = wkt_projection::extension(root) {
            proj
        } else {
            let projection = wkt_projection::projection(root, &units)?;
            format!("{projection} {}{}", earth.words, to_metre(units.metres))
        }
    } else if is_geocentric(root) {
        format!(
            "+proj=geocent {}{}",
            earth.words,
            to_metre(length_unit(root))
        )
    } else if (earth.degrees - 1.0).abs() < 1e-9 {
        format!("+proj=longlat {}", earth.words)
    } else {
        return Err("its longitudes and latitudes are not in degrees".into());
    };
    let crs = Crs::parse(&format!("{proj} +no_defs")).map_err(|fault| fault.to_string())?;
    Ok(known_by_name(root.name(), &crs).unwrap_or(crs))
}

fn is_geocentric(root: &Node) -> bool {
    let cartesian =
        |node: &Node| matches!(node.values.first(), Some(Value::Word(word)) if word == "CARTESIAN");
    GEOCENTRIC.contains(&root.keyword.as_str()) || root.child(&["CS"]).is_some_and(cartesian)
}

/// South- and west-orientated systems would come out mirrored.
fn refuse_turned_axes(root: &Node) -> Result<(), String> {
    let mut axes = root.children().filter(|node| node.keyword == "AXIS");
    let turned = axes.find(|axis| {
        let mut words = axis.values.iter().filter_map(|value| match value {
            Value::Word(word) => Some(word.as_str()),
            _ => None,
        });
        words.any(|word| word == "WEST" || word == "SOUTH")
    });
    match turned {
        // Around the poles "south" is simply away from the pole: only mixed pairs are mirrored.
        Some(axis) if !is_polar(root) => {
            Err(format!("its axis {:?} runs south or west", axis.name()))
        }
        _ => Ok(()),
    }
}

fn is_polar(root: &Node) -> bool {
    let projection = root.child(&["PROJECTION"]).or_else(|| {
        root.child(&["CONVERSION"])
            .and_then(|node| node.child(&["METHOD"]))
    });
    projection.is_some_and(|node| wkt_projection::plain(node.name()).contains("stereographic"))
}

/// Ellipsoid, datum and prime meridian as words of a proj string.
struct Earth {
    words: String,
    /// Degrees in one of the system's angles.
    degrees: f64,
}

impl Earth {
    fn of(geographic: &Node, shift: Option<Vec<f64>>) -> Result<Self, String> {
        let datum = geographic
            .child(DATUM)
            .ok_or("a geographic system without a datum")?;
        let ellipsoid = datum
            .child(&["SPHEROID", "ELLIPSOID"])
            .ok_or("a datum without an ellipsoid")?;
        let (Some(radius), Some(inverse)) = (ellipsoid.number(0), ellipsoid.number(1)) else {
            return Err("an ellipsoid without its two numbers".into());
        };
        let radius_m = radius
            * ellipsoid
                .child(UNIT)
                .and_then(|u| u.number(0))
                .unwrap_or(1.0);
        if !(6.2e6..6.6e6).contains(&radius_m) || !(inverse == 0.0 || inverse > 150.0) {
            return Err(format!(
                "no ellipsoid of the Earth: {radius_m} m, 1/{inverse}"
            ));
        }
        let shape = datum_shift::ellipsoid_words(radius_m, inverse);
        let stated = shift.or_else(|| to_wgs84(datum));
        let shift = match stated {
            Some(values) => Shift::Known(values),
            None => datum_shift::shift_of(datum.name(), radius_m, inverse),
        };
        let degrees = angle_unit(geographic);
        let mut words = format!("{shape}{}", shift.words());
        if let Some(meridian_deg) = prime_meridian_deg(geographic, degrees) {
            words.push_str(&format!(" +pm={meridian_deg}"));
        }
        Ok(Self { words, degrees })
    }
}

fn to_wgs84(datum: &Node) -> Option<Vec<f64>> {
    let node = datum.child(&["TOWGS84"])?;
    let numbers: Vec<f64> = (0..7).map_while(|index| node.number(index)).collect();
    matches!(numbers.len(), 3 | 7).then_some(numbers)
}

/// Degrees in one angle of the geographic system.
fn angle_unit(geographic: &Node) -> f64 {
    let own = geographic.child(&["UNIT", "ANGLEUNIT"]);
    let of_axis = || {
        let axis = geographic.child(&["AXIS"])?;
        axis.child(&["UNIT", "ANGLEUNIT"])
    };
    let radians = own.or_else(of_axis).and_then(|unit| unit.number(0));
    wkt_projection::degrees_from_unit(radians)
}

/// Metres in one length of the projected system.
fn length_unit(root: &Node) -> f64 {
    let own = root.child(&["UNIT", "LENGTHUNIT"]);
    let of_axis = || root.child(&["AXIS"])?.child(&["UNIT", "LENGTHUNIT"]);
    let metres = own.or_else(of_axis).and_then(|unit| unit.number(0));
    metres.filter(|metres| *metres > 0.0).unwrap_or(1.0)
}

fn to_metre(metres: f64) -> String {
    if metres == 1.0 {
        " +units=m".to_owned()
    } else {
        format!(" +to_meter={metres}")
    }
}

/// Degrees east of Greenwich; `None` for Greenwich itself.
fn prime_meridian_deg(geographic: &Node, degrees: f64) -> Option<f64> {
    let node = geographic.child(&["PRIMEM", "PRIMEMERIDIAN"])?;
    let value = node.number(0).filter(|value| *value != 0.0)?;
    // Writers disagree whether Paris is given in grads or in degrees; its place is known.
    if node.name().eq_ignore_ascii_case("paris") {
        return Some(2.337_229_166_666_67);
    }
    let own = node
        .child(&["ANGLEUNIT", "UNIT"])
        .and_then(|unit| unit.number(0));
    let unit = own.map_or(degrees, |radians| {
        wkt_projection::degrees_from_unit(Some(radians))
    });
    Some(value * unit)
}

/// The built-in system that a well-known name stands for, when the definition agrees with it.
///
/// ESRI's files name no authority; with the code a city can be told from another at a glance.
fn known_by_name(name: &str, crs: &Crs) -> Option<Crs> {
    let candidate = Crs::from_epsg(wkt_projection::code_of_name(name)?).ok()?;
    if candidate.is_geographic() != crs.is_geographic() {
        return None;
    }
    let wgs84 = Crs::from_epsg(4326).ok()?;
    let ways = [
        Transform::between(&wgs84, &candidate).ok()?,
        Transform::between(&wgs84, crs).ok()?,
    ];
    let (lon, lat) = middle_of(crs.proj());
    let per_unit_m = if crs.is_geographic() { 111_000.0 } else { 1.0 };
    let agree = [(0.5, 0.5), (-0.7, 1.0)].iter().all(|(east, north)| {
        let at = [lon + east, lat + north, 0.0];
        match [ways[0].apply(at), ways[1].apply(at)] {
            [Ok(a), Ok(b)] => (a[0] - b[0]).hypot(a[1] - b[1]) * per_unit_m < SAME_M,
            _ => false,
        }
    });
    agree.then_some(candidate)
}

/// Longitude and latitude in the middle of a proj string's area, roughly.
fn middle_of(proj: &str) -> (f64, f64) {
    let number = |key: &str| {
        let word = proj
            .split_whitespace()
            .find_map(|word| word.strip_prefix(key))?;
        word.parse::<f64>().ok()
    };
    let lat = number("+lat_0=").filter(|lat| lat.abs() > 1.0 && lat.abs() < 80.0);
    (number("+lon_0=").unwrap_or(10.0), lat.unwrap_or(40.0))
}

#[cfg(test)]
mod tests;
