//! Which coordinate system numbers are in: names as files and people write them.
//! Used by readers, the city file and the command line. Never fetches a registry and never swaps
//! axes: every coordinate in Pingjiang is x = east or longitude, y = north or latitude.

use super::crs_registry;
use super::datum_shift;
use super::own_grid::{Helmert, Similarity};

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
    /// The parameters of a city's own grid are faulty.
    #[error("cannot use the own grid's {suffix}(…): {reason} (docs/crs.md says how to write it)")]
    OwnGrid {
        /// `4p` or `7p`.
        suffix: String,
        /// What is wrong with it.
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

/// A horizontal coordinate system: an EPSG code from the built-in table, or a proj string; with
/// it, where a city has a grid of its own, the parameters that lead there (`docs/crs.md`).
///
/// Heights have no part in it: the vertical datum of foreign files is rarely known, so z is
/// carried along and never shifted (see [`super::Transform`]). Geocentric systems are the one
/// exception: their three numbers say position and height together.
#[derive(Clone, Debug, PartialEq)]
pub struct Crs {
    epsg: Option<u32>,
    proj: String,
    kind: Kind,
    /// The datum's parameters, when they were stated beside the name.
    helmert: Option<Helmert>,
    own_grid: Option<Similarity>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Geographic,
    Projected,
    Geocentric,
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
            helmert: None,
            own_grid: None,
        })
    }

    /// Reads `EPSG:4549`, `https://www.opengis.net/def/crs/EPSG/0/7415`,
    /// `urn:ogc:def:crs:EPSG::28992`, `urn:ogc:def:crs:OGC:1.3:CRS84`, a compound such as
    /// `EPSG:28992+5109` (of which the horizontal part is used), or a proj string `+proj=…`.
    ///
    /// Behind it may stand the parameters of a city's own grid, after a plus sign each:
    /// `7p(…)` for the way from the system's datum to WGS 84, then `4p(…)` for the way from the
    /// own grid to the system (see [`Helmert`] and [`Similarity`]).
    ///
    /// # Errors
    /// [`CrsError::Unreadable`], [`CrsError::UnknownCode`], [`CrsError::Unusable`] for a faulty
    /// proj string, or [`CrsError::OwnGrid`] for faulty parameters.
    pub fn parse(text: &str) -> Result<Self, CrsError> {
        let (text, four) = without_suffix(text.trim(), "4p(")?;
        let (text, seven) = without_suffix(text, "7p(")?;
        let mut crs = Self::parse_named(text)?;
        let fault = |suffix: &str| {
            let suffix = suffix.to_owned();
            move |reason: String| CrsError::OwnGrid { suffix, reason }
        };
        if let Some(inside) = seven {
            crs = crs.with_helmert(Helmert::parse(inside).map_err(fault("7p"))?)?;
        }
        if let Some(inside) = four {
            let own_grid = Similarity::parse(inside).map_err(fault("4p"))?;
            if crs.kind != Kind::Projected {
                let reason = format!("{crs} is not a projected system");
                return Err(fault("4p")(reason));
            }
            crs.own_grid = Some(own_grid);
        }
        Ok(crs)
    }

    fn parse_named(text: &str) -> Result<Self, CrsError> {
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
            helmert: None,
            own_grid: None,
        })
    }

    /// The same system with these seven parameters in place of what was known of its datum.
    ///
    /// # Errors
    /// [`CrsError::Unusable`] when nothing can be computed with them.
    pub fn with_helmert(&self, helmert: Helmert) -> Result<Self, CrsError> {
        let plain = datum_shift::without_shift(&self.proj);
        let shifted = Self::from_proj(&format!("{plain} {}", helmert.towgs84()))?;
        Ok(Self {
            proj: shifted.proj,
            helmert: Some(helmert),
            ..self.clone()
        })
    }

    /// A city's own grid, from which `own_grid` leads to this projected system. `None` when this
    /// system is not projected.
    pub fn with_own_grid(&self, own_grid: Similarity) -> Option<Self> {
        (self.kind == Kind::Projected).then(|| Self {
            own_grid: Some(own_grid),
            ..self.clone()
        })
    }

    /// The named system behind a city's own grid; the system itself where there is none.
    #[must_use]
    pub fn without_own_grid(&self) -> Self {
        Self {
            own_grid: None,
            ..self.clone()
        }
    }

    /// The EPSG code, when the coordinates are those of a system that has one.
    pub fn epsg(&self) -> Option<u32> {
        self.epsg.filter(|_| self.own_grid.is_none())
    }

    /// The definition as a proj string; of an own grid, that of the system behind it.
    pub fn proj(&self) -> &str {
        &self.proj
    }

    /// The way from a city's own grid to the named system, if this is an own grid.
    pub fn own_grid(&self) -> Option<&Similarity> {
        self.own_grid.as_ref()
    }

    /// Whether the same numbers stand for the same places in both, heights aside.
    pub fn is_same_horizontally(&self, other: &Self) -> bool {
        self.proj == other.proj && self.own_grid == other.own_grid
    }

    /// `EPSG:4549`, or the proj string of a system without a code, with the parameters of an own
    /// grid behind it. [`Crs::parse`] reads it back.
    pub fn name(&self) -> String {
        let mut name = match (self.epsg, &self.helmert) {
            (Some(code), _) => format!("EPSG:{code}"),
            (None, Some(helmert)) => {
                let shift = helmert.towgs84();
                let words = self.proj.strip_suffix(&shift).unwrap_or(&self.proj);
                words.trim_end().to_owned()
            }
            (None, None) => self.proj.clone(),
        };
        if let Some(helmert) = &self.helmert {
            name.push_str(&format!(" + {helmert}"));
        }
        if let Some(own_grid) = &self.own_grid {
            name.push_str(&format!(" + {own_grid}"));
        }
        name
    }

    /// How far positions may be out, in metres, after a way to WGS 84 or any other modern datum,
    /// because only a grid file or a survey would tell better; `None` where the way is exact to a
    /// millimetre, or its parameters were stated by the caller.
    pub fn expected_error_m(&self) -> Option<f64> {
        match self.helmert {
            Some(_) => None,
            None => datum_shift::expected_error_m(&self.proj),
        }
    }

    /// True when x and y are degrees of longitude and latitude.
    pub fn is_geographic(&self) -> bool {
        self.kind == Kind::Geographic
    }

    /// True when x and y are lengths on a map, metres for every built-in system.
    pub fn is_projected(&self) -> bool {
        self.kind == Kind::Projected
    }

    /// True when x, y and z are metres from the Earth's centre.
    pub fn is_geocentric(&self) -> bool {
        self.kind == Kind::Geocentric
    }

    /// True when the EPSG registry lists north (or latitude) before east.
    ///
    /// Only informs, for example a message about a file that may have its axes the registry's way
    /// round: our own coordinates are east first whatever this says.
    pub fn registry_axis_is_north_first(&self) -> bool {
        self.epsg().is_some_and(|code| {
            self.is_geographic() || crs_registry::projected_axis_is_north_first(code)
        })
    }

    /// Whether the seven parameters were stated: then the way back is made exact.
    pub(super) fn has_stated_helmert(&self) -> bool {
        self.helmert.is_some()
    }
}

/// Splits `… + 4p(inside)` into what stands before and inside.
fn without_suffix<'a>(
    text: &'a str,
    opening: &str,
) -> Result<(&'a str, Option<&'a str>), CrsError> {
    let Some(at) = text.rfind(opening) else {
        return Ok((text, None));
    };
    let before = text[..at].trim_end().strip_suffix('+');
    let inside = text[at + opening.len()..].strip_suffix(')');
    match (before, inside) {
        (Some(before), Some(inside)) => Ok((before.trim_end(), Some(inside))),
        _ => Err(CrsError::Unreadable { text: text.into() }),
    }
}

impl std::fmt::Display for Crs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name())
    }
}

fn kind_of(proj: &str) -> Kind {
    let projection = proj
        .split_whitespace()
        .find_map(|word| word.strip_prefix("+proj="));
    match projection {
        Some("longlat" | "latlong" | "lonlat" | "latlon") => Kind::Geographic,
        Some("geocent" | "cart") => Kind::Geocentric,
        _ => Kind::Projected,
    }
}

#[cfg(test)]
mod tests;
