//! Where the city's coordinates are to go: the target CRS, the way there, and whether what
//! arrives can belong to one city. Never changes a height.

use geo_types::{LineString, Polygon};

use crate::space::{Bounds2, Crs, CrsError, Datum, Transform, polygon_contains};

use super::error::ReadError;
use super::raw::{Position, RawCity, RawFeature};

/// The city to import into.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// The city's projected CRS.
    pub crs: Crs,
    /// What the city covers already.
    pub extent: Option<Bounds2>,
}

/// Nothing this far from a city belongs to it; metres.
pub(super) const FAR_M: f64 = 500_000.0;

/// No projected coordinate is larger, the number of a zone before it included; metres.
const HORIZONTAL_MAX_M: f64 = 1e8;
/// No height is larger; metres.
const HEIGHT_MAX_M: f64 = crate::model::limits::LEVEL_MAX_M;

/// The coordinates' CRS: as stated on the command line, or as the file says.
pub(super) fn source_crs(raw: &RawCity, stated: Option<&Crs>) -> Result<Crs, ReadError> {
    match (stated.or(raw.crs.as_ref()), &raw.crs_fault) {
        (Some(crs), _) => Ok(crs.clone()),
        (None, Some(fault)) => Err(ReadError::Crs(fault.clone())),
        (None, None) => Err(ReadError::NoCrs),
    }
}

/// The CRS for a new city out of its first file: the file's own when it is projected (but for a
/// Mercator of the whole world), otherwise the zone it lies in.
///
/// # Errors
/// [`ReadError::NoCrs`] when neither file nor caller names a CRS.
pub fn choose_crs(raw: &RawCity, stated: Option<&Crs>) -> Result<Crs, ReadError> {
    let mut suggestion = Suggestion::new(&source_crs(raw, stated)?)?;
    suggestion.see(&raw.features);
    suggestion.crs()
}

/// The CRS that a file suggests for a new city, of the features seen so far.
pub(super) struct Suggestion {
    source: Crs,
    /// To longitudes and latitudes; `None` of a file whose own CRS is taken.
    degrees: Option<Transform>,
    /// Longitude and latitude of the first position of each feature.
    firsts: Vec<[f64; 2]>,
}

impl Suggestion {
    /// Of a file in this CRS.
    pub(super) fn new(source: &Crs) -> Result<Self, ReadError> {
        let to_degrees = || Transform::between(source, &Crs::from_epsg(4326)?);
        let degrees = (!measures_ground(source)).then(to_degrees).transpose()?;
        Ok(Self {
            source: source.clone(),
            degrees,
            firsts: Vec::new(),
        })
    }

    /// Takes note of features that are in the file's own coordinates still.
    pub(super) fn see(&mut self, features: &[RawFeature]) {
        let Some(degrees) = &self.degrees else { return };
        let firsts = features.iter().filter_map(|one| {
            let at = one.shape.positions().next()?;
            let [lon, lat, _] = degrees.apply(at).ok()?;
            (lon.abs() <= 180.0 && lat.abs() <= 90.0).then_some([lon, lat])
        });
        self.firsts.extend(firsts);
    }

    /// What the file suggests by what was seen of it.
    pub(super) fn crs(&self) -> Result<Crs, ReadError> {
        if self.degrees.is_none() {
            return Ok(horizontal(&self.source)?);
        }
        let [lon, lat] = median(self.firsts.iter().copied()).unwrap_or([120.0, 31.0]);
        Ok(Crs::from_epsg(zone(lon, lat))?)
    }
}

/// Whether lengths in a CRS are lengths on the ground. Those of web Mercator and its like, true on
/// the equator alone, are twice as long at 60°; a Mercator made for one region is another thing.
fn measures_ground(crs: &Crs) -> bool {
    let number = |key: &str| {
        let mut words = crs.proj().split_whitespace();
        words.find_map(|word| word.strip_prefix(key)?.parse::<f64>().ok())
    };
    let is_mercator = ["+proj=merc ", "+proj=webmerc "]
        .iter()
        .any(|start| crs.proj().starts_with(start));
    let is_regional = number("+lat_ts=").is_some_and(|lat| lat != 0.0)
        || ["+k=", "+k_0="]
            .iter()
            .any(|key| number(key).is_some_and(|k| k != 1.0));
    crs.is_projected() && (!is_mercator || is_regional)
}

/// The horizontal part of a compound CRS, the named system behind a city's own grid.
fn horizontal(crs: &Crs) -> Result<Crs, CrsError> {
    match crs.epsg() {
        Some(7415) => Crs::from_epsg(28992),
        Some(code @ 5554..=5556) => Crs::from_epsg(code - 5554 + 25831),
        _ => Ok(crs.without_own_grid()),
    }
}

/// CGCS2000 / 3-degree Gauss-Kruger in China, UTM elsewhere.
pub(super) fn zone(lon: f64, lat: f64) -> u32 {
    if polygon_contains(&china(), [lon, lat]) {
        // 4534 is the zone around 75° E.
        let step = ((lon - 75.0) / 3.0).round().clamp(0.0, 20.0);
        return 4534 + step as u32;
    }
    let number = (((lon + 180.0) / 6.0).floor() as u32 % 60) + 1;
    if lat < 0.0 {
        32_700 + number
    } else {
        32_600 + number
    }
}

/// Longitudes and latitudes around China, coarse.
const CHINA: &[(f64, f64)] = &[
    (73.5, 39.4),
    (80.0, 42.1),
    (80.3, 45.0),
    (82.5, 45.3),
    (83.0, 47.2),
    (85.7, 48.4),
    (87.8, 49.2),
    (91.0, 47.0),
    (91.0, 45.2),
    (95.4, 44.2),
    (97.0, 42.7),
    (101.8, 42.5),
    (105.0, 41.6),
    (109.5, 42.4),
    (111.9, 43.7),
    (111.8, 45.0),
    (115.7, 45.5),
    (119.8, 46.6),
    (116.0, 47.8),
    (117.8, 49.5),
    (120.0, 52.8),
    (121.5, 53.5),
    (125.0, 53.1),
    (127.5, 50.0),
    (131.0, 47.7),
    (134.8, 48.4),
    (133.0, 45.0),
    (131.0, 44.8),
    (131.0, 42.9),
    (128.0, 42.0),
    (126.5, 41.6),
    (124.3, 39.9),
    (122.0, 38.5),
    (123.0, 37.3),
    (122.5, 33.0),
    (123.5, 30.5),
    (122.3, 27.0),
    (122.4, 25.4),
    (121.5, 21.7),
    (117.0, 21.8),
    (114.4, 21.9),
    (111.5, 18.0),
    (108.3, 18.0),
    (108.0, 21.5),
    (106.7, 22.0),
    (105.3, 23.3),
    (102.5, 22.4),
    (101.5, 21.1),
    (99.9, 22.0),
    (98.7, 24.0),
    (97.6, 24.8),
    (98.7, 27.5),
    (97.0, 28.2),
    (92.0, 27.7),
    (88.9, 27.3),
    (86.0, 28.0),
    (81.0, 30.2),
    (79.0, 31.0),
    (79.0, 34.5),
    (76.0, 35.8),
    (74.5, 37.2),
];

/// Where CGCS2000 is the system to use: a coarse outline that serves the choice of a zone and
/// says nothing about borders.
fn china() -> Polygon<f64> {
    Polygon::new(LineString::from(CHINA.to_vec()), Vec::new())
}

/// The middle position, by either axis; `None` of nothing.
pub(super) fn median(at: impl Iterator<Item = [f64; 2]>) -> Option<[f64; 2]> {
    let (mut x, mut y): (Vec<f64>, Vec<f64>) = at.map(|[x, y]| (x, y)).unzip();
    if x.is_empty() {
        return None;
    }
    let middle = x.len() / 2;
    let x = *x.select_nth_unstable_by(middle, f64::total_cmp).1;
    let y = *y.select_nth_unstable_by(middle, f64::total_cmp).1;
    Some([x, y])
}

/// The way from a file's coordinates to the city's.
pub(super) struct Projector {
    datum: Datum,
    is_geographic: bool,
    /// `None` when file and city share their system.
    way: Option<Transform>,
}

impl Projector {
    /// Prepares the way.
    pub(super) fn new(source: &Crs, datum: Datum, target: &Crs) -> Result<Self, ReadError> {
        if datum != Datum::Wgs84 && !source.is_geographic() {
            return Err(ReadError::Unusable {
                reason: format!(
                    "--datum {} is for longitudes and latitudes, and {source} has none",
                    datum.as_str()
                ),
                remedy: "leave --datum out, or state the right --crs".to_owned(),
            });
        }
        let is_shifted = matches!(datum, Datum::Gcj02 | Datum::Bd09);
        let source = if is_shifted {
            &Crs::from_epsg(4326)?
        } else {
            source
        };
        let is_same = source.is_same_horizontally(target);
        Ok(Self {
            datum,
            is_geographic: source.is_geographic(),
            way: (!is_same)
                .then(|| Transform::between(source, target))
                .transpose()?,
        })
    }

    /// What a person should know of the way: how far it may be out, whose heights these are.
    pub(super) fn cautions(&self) -> Vec<String> {
        self.way
            .as_ref()
            .map(Transform::cautions)
            .unwrap_or_default()
    }

    /// The position in the city's CRS, or why it has none.
    pub(super) fn apply(&self, at: Position) -> Result<Position, String> {
        let mut at = at;
        if !at.iter().all(|v| v.is_finite()) {
            return Err("a coordinate is not a finite number".to_owned());
        }
        if self.is_geographic {
            let wgs84 = self
                .datum
                .to_wgs84(at[0], at[1])
                .map_err(|fault| fault.to_string())?;
            at = [wgs84.lon_deg(), wgs84.lat_deg(), at[2]];
        }
        if let Some(way) = &self.way {
            at = way.apply(at).map_err(|fault| fault.to_string())?;
        }
        if at[0].abs().max(at[1].abs()) > HORIZONTAL_MAX_M || at[2].abs() > HEIGHT_MAX_M {
            return Err(format!("{at:?} is nowhere on Earth"));
        }
        Ok(at)
    }
}

/// Metres from a box to a position outside it; 0 inside.
pub(super) fn distance_m(extent: &Bounds2, at: [f64; 2]) -> f64 {
    let gap = |axis: usize| {
        (extent.min[axis] - at[axis])
            .max(at[axis] - extent.max[axis])
            .max(0.0)
    };
    gap(0).hypot(gap(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_mercator_of_the_world_is_no_measure() {
        let check = |name: &str, expected: bool| {
            assert_eq!(
                measures_ground(&Crs::parse(name).unwrap()),
                expected,
                "{name}"
            );
        };
        check("EPSG:3857", false);
        check("EPSG:4549", true);
        check("EPSG:4326", false);
        check("+proj=merc +lon_0=0 +k=1 +ellps=WGS84 +units=m", false);
        check(
            "+proj=merc +lon_0=110 +k=0.997 +ellps=bessel +units=m",
            true,
        );
        check(
            "+proj=merc +lon_0=100 +lat_ts=-41 +ellps=WGS84 +units=m",
            true,
        );
    }

    #[test]
    fn zones() {
        let check = |lon: f64, lat: f64, code: u32| assert_eq!(zone(lon, lat), code, "{lon} {lat}");
        check(120.62, 31.31, 4549); // Suzhou
        check(116.4, 39.9, 4548); // Beijing, CM 117
        check(87.6, 43.8, 4538); // Ürümqi, CM 87
        check(110.3, 20.0, 4546); // Haikou, CM 111
        check(114.17, 22.3, 4547); // Hong Kong, CM 114
        check(126.98, 37.57, 32652); // Seoul
        check(105.85, 21.03, 32648); // Hanoi
        check(77.2, 28.6, 32643); // Delhi
        check(4.36, 52.01, 32631); // Delft
        check(-58.4, -34.6, 32721); // Buenos Aires
        check(180.0, 10.0, 32601);
    }
}
