//! Geographic positions whose datum is their type, and the Chinese offsets between them.
//! Used by readers of foreign files and payloads. Never accepts a position without its datum.
//!
//! A GCJ-02 position lies about 464 m from the WGS 84 position with the same numbers in Suzhou,
//! and the offset varies by 4–7 m across the old city, so a constant shift is wrong and mixing
//! must not compile:
//!
//! ```
//! use pingjiang::space::{Gcj02LonLat, Wgs84LonLat};
//! let phone = Gcj02LonLat::new(120.6195, 31.3223)?;
//! let _true_position: Wgs84LonLat = phone.into();
//! # Ok::<(), pingjiang::space::LonLatError>(())
//! ```
//!
//! ```compile_fail
//! use pingjiang::space::{Gcj02LonLat, Wgs84LonLat};
//! fn place(at: Wgs84LonLat) {}
//! place(Gcj02LonLat::new(120.6195, 31.3223).unwrap()); // a phone's position is not WGS 84
//! ```

use std::f64::consts::PI;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Why two numbers are not a geographic position.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum LonLatError {
    /// A longitude beyond ±180°, a latitude beyond ±90°, or not a number at all.
    #[error(
        "longitude {lon_deg:?}°, latitude {lat_deg:?}° is not on Earth (is the order longitude, latitude?)"
    )]
    OffEarth {
        /// The longitude as given, degrees.
        lon_deg: f64,
        /// The latitude as given, degrees.
        lat_deg: f64,
    },
}

macro_rules! lon_lat {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct $name {
            lon_deg: f64,
            lat_deg: f64,
        }

        impl $name {
            /// A position from longitude and latitude in degrees.
            ///
            /// # Errors
            /// [`LonLatError::OffEarth`] when a number is not finite or out of range.
            pub fn new(lon_deg: f64, lat_deg: f64) -> Result<Self, LonLatError> {
                if lon_deg.abs() <= 180.0 && lat_deg.abs() <= 90.0 {
                    Ok(Self { lon_deg, lat_deg })
                } else {
                    Err(LonLatError::OffEarth { lon_deg, lat_deg })
                }
            }

            /// Longitude, degrees, east positive.
            pub fn lon_deg(&self) -> f64 {
                self.lon_deg
            }

            /// Latitude, degrees, north positive.
            pub fn lat_deg(&self) -> f64 {
                self.lat_deg
            }
        }
    };
}

lon_lat!(
    /// A position in WGS 84 (EPSG:4326): GNSS receivers, GeoJSON, OpenStreetMap.
    Wgs84LonLat
);
lon_lat!(
    /// A position in CGCS2000 (EPSG:4490): Chinese surveys and registries.
    Cgcs2000LonLat
);
lon_lat!(
    /// A position in GCJ-02: Chinese phones, AutoNavi and Tencent maps.
    Gcj02LonLat
);
lon_lat!(
    /// A position in BD-09: Baidu maps.
    Bd09LonLat
);

/// Krasovsky 1940, on which GCJ-02's published formula stands.
const GCJ_SEMI_MAJOR_M: f64 = 6_378_245.0;
const GCJ_ECCENTRICITY_SQUARED: f64 = 0.006_693_421_622_965_943;
const BD_ANGLE: f64 = PI * 3000.0 / 180.0;
/// 10⁻¹¹ degrees is about a micrometre on the ground.
const CONVERGED_DEG: f64 = 1e-11;
/// The iteration contracts by about 10³ a step; three steps reach micrometres.
const STEPS_MAX: usize = 12;

impl From<Cgcs2000LonLat> for Wgs84LonLat {
    /// Keeps the numbers: both follow the ITRF, apart only by plate motion since epoch 2000.0
    /// (a few decimetres, below what maps of this kind resolve).
    fn from(at: Cgcs2000LonLat) -> Self {
        Self {
            lon_deg: at.lon_deg,
            lat_deg: at.lat_deg,
        }
    }
}

impl From<Wgs84LonLat> for Cgcs2000LonLat {
    /// Keeps the numbers; see the opposite direction.
    fn from(at: Wgs84LonLat) -> Self {
        Self {
            lon_deg: at.lon_deg,
            lat_deg: at.lat_deg,
        }
    }
}

impl From<Wgs84LonLat> for Gcj02LonLat {
    /// The published approximation of the official offset; outside China the numbers are kept.
    fn from(at: Wgs84LonLat) -> Self {
        let (lon_deg, lat_deg) = gcj_from_wgs(at.lon_deg, at.lat_deg);
        Self { lon_deg, lat_deg }
    }
}

impl From<Gcj02LonLat> for Wgs84LonLat {
    /// Fixed-point iteration on the forward offset, good to far below a millimetre.
    ///
    /// The offset begins with a jump at the border of the formula's rectangle, so that some numbers
    /// near it stand for one place inside and one outside: the one inside is taken.
    fn from(at: Gcj02LonLat) -> Self {
        let (lon_deg, lat_deg) = invert(with_gcj_offset, at.lon_deg, at.lat_deg);
        // What was inside before rounding is inside.
        if is_in_gcj_rectangle(lon_deg, lat_deg, 10.0 * CONVERGED_DEG) {
            Self { lon_deg, lat_deg }
        } else {
            Self {
                lon_deg: at.lon_deg,
                lat_deg: at.lat_deg,
            }
        }
    }
}

impl From<Gcj02LonLat> for Bd09LonLat {
    /// Baidu's second offset on top of GCJ-02.
    fn from(at: Gcj02LonLat) -> Self {
        let (lon_deg, lat_deg) = bd_from_gcj(at.lon_deg, at.lat_deg);
        Self { lon_deg, lat_deg }
    }
}

impl From<Bd09LonLat> for Gcj02LonLat {
    /// Fixed-point iteration on the forward offset, good to far below a millimetre.
    fn from(at: Bd09LonLat) -> Self {
        let (lon_deg, lat_deg) = invert(bd_from_gcj, at.lon_deg, at.lat_deg);
        Self { lon_deg, lat_deg }
    }
}

impl From<Bd09LonLat> for Wgs84LonLat {
    /// Through GCJ-02.
    fn from(at: Bd09LonLat) -> Self {
        Gcj02LonLat::from(at).into()
    }
}

impl From<Wgs84LonLat> for Bd09LonLat {
    /// Through GCJ-02.
    fn from(at: Wgs84LonLat) -> Self {
        Gcj02LonLat::from(at).into()
    }
}

/// Finds `x` with `forward(x) = target`.
///
/// The offsets are nearly constant over a kilometre, so `x ← x + target − forward(x)` contracts.
fn invert(forward: fn(f64, f64) -> (f64, f64), lon: f64, lat: f64) -> (f64, f64) {
    let (mut x, mut y) = (lon, lat);
    for _ in 0..STEPS_MAX {
        let (lon_here, lat_here) = forward(x, y);
        let (dx, dy) = (lon - lon_here, lat - lat_here);
        x += dx;
        y += dy;
        if dx.abs() < CONVERGED_DEG && dy.abs() < CONVERGED_DEG {
            break;
        }
    }
    (x, y)
}

fn gcj_from_wgs(lon: f64, lat: f64) -> (f64, f64) {
    if is_in_gcj_rectangle(lon, lat, 0.0) {
        with_gcj_offset(lon, lat)
    } else {
        (lon, lat)
    }
}

/// The formula's own rectangle "China"; beyond it providers serve plain WGS 84.
fn is_in_gcj_rectangle(lon: f64, lat: f64, margin_deg: f64) -> bool {
    (72.004 - margin_deg..=137.8347 + margin_deg).contains(&lon)
        && (0.8293 - margin_deg..=55.8271 + margin_deg).contains(&lat)
}

fn with_gcj_offset(lon: f64, lat: f64) -> (f64, f64) {
    let (x, y) = (lon - 105.0, lat - 35.0);
    let ripple = (20.0 * (6.0 * x * PI).sin() + 20.0 * (2.0 * x * PI).sin()) * 2.0 / 3.0;
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * x.abs().sqrt()
        + ripple
        + (20.0 * (y * PI).sin() + 40.0 * (y / 3.0 * PI).sin()) * 2.0 / 3.0
        + (160.0 * (y / 12.0 * PI).sin() + 320.0 * (y * PI / 30.0).sin()) * 2.0 / 3.0;
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * x.abs().sqrt()
        + ripple
        + (20.0 * (x * PI).sin() + 40.0 * (x / 3.0 * PI).sin()) * 2.0 / 3.0
        + (150.0 * (x / 12.0 * PI).sin() + 300.0 * (x / 30.0 * PI).sin()) * 2.0 / 3.0;
    let phi = lat.to_radians();
    let w2 = 1.0 - GCJ_ECCENTRICITY_SQUARED * phi.sin().powi(2);
    let w = w2.sqrt();
    let meridian_radius_m = GCJ_SEMI_MAJOR_M * (1.0 - GCJ_ECCENTRICITY_SQUARED) / (w2 * w);
    let parallel_radius_m = GCJ_SEMI_MAJOR_M / w * phi.cos();
    (
        lon + (east / parallel_radius_m).to_degrees(),
        lat + (north / meridian_radius_m).to_degrees(),
    )
}

fn bd_from_gcj(lon: f64, lat: f64) -> (f64, f64) {
    let radius = lon.hypot(lat) + 0.00002 * (lat * BD_ANGLE).sin();
    let angle = lat.atan2(lon) + 0.000003 * (lon * BD_ANGLE).cos();
    (radius * angle.cos() + 0.0065, radius * angle.sin() + 0.006)
}

/// The datum a person names on the command line or in a mapping file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Datum {
    /// GNSS, GeoJSON; the default.
    #[default]
    Wgs84,
    /// Chinese surveys.
    Cgcs2000,
    /// Chinese phones and most Chinese web maps.
    Gcj02,
    /// Baidu.
    Bd09,
}

/// The word is none of the datums we know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown datum {0:?}: use wgs84, cgcs2000, gcj02 or bd09")]
pub struct UnknownDatum(pub String);

impl FromStr for Datum {
    type Err = UnknownDatum;

    fn from_str(word: &str) -> Result<Self, UnknownDatum> {
        let plain: String = word.chars().filter(char::is_ascii_alphanumeric).collect();
        match plain.to_ascii_lowercase().as_str() {
            "wgs84" => Ok(Self::Wgs84),
            "cgcs2000" => Ok(Self::Cgcs2000),
            "gcj02" => Ok(Self::Gcj02),
            "bd09" => Ok(Self::Bd09),
            _ => Err(UnknownDatum(word.to_owned())),
        }
    }
}

impl Datum {
    /// The WGS 84 position of a longitude and latitude (degrees) given in this datum.
    ///
    /// # Errors
    /// [`LonLatError::OffEarth`] when a number is not finite or out of range.
    pub fn to_wgs84(self, lon_deg: f64, lat_deg: f64) -> Result<Wgs84LonLat, LonLatError> {
        Ok(match self {
            Self::Wgs84 => Wgs84LonLat::new(lon_deg, lat_deg)?,
            Self::Cgcs2000 => Cgcs2000LonLat::new(lon_deg, lat_deg)?.into(),
            Self::Gcj02 => Gcj02LonLat::new(lon_deg, lat_deg)?.into(),
            Self::Bd09 => Bd09LonLat::new(lon_deg, lat_deg)?.into(),
        })
    }

    /// The word that [`FromStr`] reads.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wgs84 => "wgs84",
            Self::Cgcs2000 => "cgcs2000",
            Self::Gcj02 => "gcj02",
            Self::Bd09 => "bd09",
        }
    }
}

#[cfg(test)]
mod tests;
