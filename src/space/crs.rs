//! Which coordinate system numbers are in: names as files and people write them.
//! Used by readers, the city file and the command line. Never fetches a registry and never swaps
//! axes: every coordinate in Pingjiang is x = east or longitude, y = north or latitude.

use super::crs_registry;
use super::datum_shift;

/// Why a coordinate system cannot be used, or a position not be transformed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CrsError {
    /// The EPSG code is not in the built-in table.
    #[error("EPSG:{code} is not built in: give a proj string with --crs \"+proj=…\"")]
    UnknownCode {
        /// The code as given.
        code: u32,
    },
    /// The text names no coordinate system in any form we read.
    #[error(
        "cannot read {text:?} as a coordinate system: write EPSG:4549 or give a proj string with --crs \"+proj=…\""
    )]
    Unreadable {
        /// The text as given.
        text: String,
    },
    /// The proj string is faulty or uses a projection that is not supported.
    #[error("cannot use the proj string {proj:?}: {reason}")]
    Unusable {
        /// The proj string.
        proj: String,
        /// What the projection library says.
        reason: String,
    },
    /// The well-known text of a file is damaged, or says what we cannot compute with.
    #[error(
        "cannot use the file's coordinate system: {reason}: name it with --crs EPSG:… or --crs \"+proj=…\""
    )]
    Wkt {
        /// What is wrong with the text, and where.
        reason: String,
    },
    /// The position cannot be expressed in the target system.
    #[error("{at:?} cannot be transformed from {from} to {to}: {reason}")]
    OutOfRange {
        /// The position as given.
        at: [f64; 3],
        /// Name of the source system.
        from: String,
        /// Name of the target system.
        to: String,
        /// What the projection library says.
        reason: String,
    },
}

/// A horizontal coordinate system: an EPSG code from the built-in table, or a proj string.
///
/// Heights have no part in it: the vertical datum of foreign files is rarely known, so z is
/// carried along and never shifted (see [`super::Transform`]).
#[derive(Clone, Debug, PartialEq)]
pub struct Crs {
    epsg: Option<u32>,
    proj: String,
    kind: Horizontal,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Horizontal {
    Geographic,
    Projected,
}

impl Crs {
    /// The system with an EPSG code; compound and 3D codes stand for their horizontal part.
    ///
    /// # Errors
    /// [`CrsError::UnknownCode`] when the code is not in the built-in table.
    pub fn from_epsg(code: u32) -> Result<Self, CrsError> {
        let proj = crs_registry::proj_from_epsg(code).ok_or(CrsError::UnknownCode { code })?;
        Ok(Self {
            epsg: Some(code),
            kind: kind_of(&proj),
            proj,
        })
    }

    /// Reads `EPSG:4549`, `https://www.opengis.net/def/crs/EPSG/0/7415`,
    /// `urn:ogc:def:crs:EPSG::28992`, `urn:ogc:def:crs:OGC:1.3:CRS84`, a compound such as
    /// `EPSG:28992+5109` (of which the horizontal part is used), or a proj string `+proj=…`.
    ///
    /// # Errors
    /// [`CrsError::Unreadable`], [`CrsError::UnknownCode`], or [`CrsError::Unusable`] for a
    /// faulty proj string.
    pub fn parse(text: &str) -> Result<Self, CrsError> {
        let text = text.trim();
        if text.starts_with('+') {
            return Self::from_proj(text);
        }
        let lower = text.to_ascii_lowercase();
        if let Some(at) = lower.find("epsg") {
            // Versions such as `0` or `9.9` stand before the code; codes begin at 1024.
            return lower[at + "epsg".len()..]
                .split(|c: char| !c.is_ascii_digit() && c != '.')
                .filter_map(|word| word.parse::<u32>().ok())
                .find(|code| *code >= 1024)
                .ok_or_else(|| CrsError::Unreadable { text: text.into() })
                .and_then(Self::from_epsg);
        }
        if lower.ends_with("crs84") {
            return Self::from_epsg(4326);
        }
        if lower.ends_with("crs84h") {
            return Self::from_epsg(4979);
        }
        match lower.parse::<u32>() {
            Ok(code) => Self::from_epsg(code),
            Err(_) => Err(CrsError::Unreadable { text: text.into() }),
        }
    }

    fn from_proj(text: &str) -> Result<Self, CrsError> {
        crs_registry::projection_from(text).map_err(|reason| CrsError::Unusable {
            proj: text.into(),
            reason,
        })?;
        Ok(Self {
            epsg: None,
            proj: text.into(),
            kind: kind_of(text),
        })
    }

    /// The EPSG code, when the system was named by one.
    pub fn epsg(&self) -> Option<u32> {
        self.epsg
    }

    /// The definition as a proj string.
    pub fn proj(&self) -> &str {
        &self.proj
    }

    /// `EPSG:4549`, or the proj string of a system without a code. [`Crs::parse`] reads it back.
    pub fn name(&self) -> String {
        match self.epsg {
            Some(code) => format!("EPSG:{code}"),
            None => self.proj.clone(),
        }
    }

    /// How far positions may be out, in metres, after a way to WGS 84 or any other modern datum,
    /// because only a grid file or a survey would tell better; `None` where the way is exact to a
    /// millimetre, or its parameters were stated by the caller.
    pub fn expected_error_m(&self) -> Option<f64> {
        datum_shift::expected_error_m(&self.proj)
    }

    /// True when x and y are degrees of longitude and latitude; otherwise they are lengths, metres
    /// for every built-in system.
    pub fn is_geographic(&self) -> bool {
        self.kind == Horizontal::Geographic
    }

    /// True when the EPSG registry lists north (or latitude) before east.
    ///
    /// Only informs, for example a message about a file that may have its axes the registry's way
    /// round: our own coordinates are east first whatever this says.
    pub fn registry_axis_is_north_first(&self) -> bool {
        self.epsg.is_some_and(|code| {
            self.is_geographic() || crs_registry::projected_axis_is_north_first(code)
        })
    }
}

impl std::fmt::Display for Crs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name())
    }
}

fn kind_of(proj: &str) -> Horizontal {
    let projection = proj
        .split_whitespace()
        .find_map(|word| word.strip_prefix("+proj="));
    match projection {
        Some("longlat" | "latlong" | "lonlat" | "latlon") => Horizontal::Geographic,
        _ => Horizontal::Projected,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::space::Transform;
    use proptest::prelude::*;

    fn check(text: &str, name: &str) {
        assert_eq!(
            Crs::parse(text).map(|c| c.name()),
            Ok(name.into()),
            "{text}"
        );
    }

    #[test]
    fn every_spelling_is_read() {
        check("EPSG:4549", "EPSG:4549");
        check(" epsg:4549 ", "EPSG:4549");
        check("4549", "EPSG:4549");
        check("https://www.opengis.net/def/crs/EPSG/0/7415", "EPSG:7415");
        check("http://www.opengis.net/def/crs/EPSG/0/7415", "EPSG:7415");
        check(
            "https://www.opengis.net/def/crs/EPSG/9.9/28992",
            "EPSG:28992",
        );
        check("urn:ogc:def:crs:EPSG::28992", "EPSG:28992");
        check(
            "urn:ogc:def:crs,crs:EPSG::28992,crs:EPSG::5109",
            "EPSG:28992",
        );
        check("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326");
        check("http://www.opengis.net/def/crs/OGC/1.3/CRS84h", "EPSG:4979");
        check("EPSG:28992+5109", "EPSG:28992");
        let proj = "+proj=tmerc +lat_0=0 +lon_0=120 +k=1 +x_0=500000 +ellps=GRS80 +units=m";
        check(proj, proj);
    }

    #[test]
    fn faults_say_what_to_do() {
        let unknown = Crs::parse("EPSG:9999").unwrap_err().to_string();
        assert!(
            unknown.contains("EPSG:9999") && unknown.contains("--crs"),
            "{unknown}"
        );
        assert!(matches!(
            Crs::parse("Suzhou"),
            Err(CrsError::Unreadable { .. })
        ));
        assert!(matches!(
            Crs::parse("EPSG:"),
            Err(CrsError::Unreadable { .. })
        ));
        assert!(matches!(
            Crs::parse("+proj=nonsense"),
            Err(CrsError::Unusable { .. })
        ));
    }

    proptest! {
        #[test]
        fn no_text_panics(
            text in "\\PC{0,40}",
            words in prop::collection::vec("(proj|lat_0|lon_0|k|ellps|zone|towgs84|R|a|b|pm|units)=[-a-zA-Z0-9.,]{0,9}", 0..6),
            projection in "tmerc|utm|lcc|merc|sterea|somerc|cass|laea|krovak|longlat|aea|stere|omerc",
        ) {
            let _ = Crs::parse(&text);
            let _ = Crs::parse(&format!("urn:ogc:def:crs:EPSG:{text}"));
            let proj = format!("+proj={projection} +{}", words.join(" +"));
            if let Ok(crs) = Crs::parse(&proj) {
                let wgs84 = Crs::from_epsg(4326).unwrap();
                let there = Transform::between(&wgs84, &crs).unwrap();
                let _ = there.apply([13.0, 52.0, 0.0]);
                let _ = Transform::between(&crs, &wgs84).unwrap().apply([1e5, 5e6, 0.0]);
            }
        }
    }

    #[test]
    fn kinds_and_registry_axes() {
        for (code, geographic, north_first) in [
            (4326, true, true),
            (4490, true, true),
            (6697, true, true),
            (4549, false, true),
            (4528, false, true),
            (32651, false, false),
            (28992, false, false),
            (3068, false, true),
        ] {
            let crs = Crs::from_epsg(code).unwrap();
            assert_eq!(crs.is_geographic(), geographic, "{code}");
            assert_eq!(crs.registry_axis_is_north_first(), north_first, "{code}");
        }
    }
}
