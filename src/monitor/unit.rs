//! Units of tilt and of lengths, what a reading's size says about its unit, and how a sensor is
//! mounted: from what a device tells to a lean towards east and north. Used by whoever feeds
//! `monitor`. Never guesses a unit silently: what looks like another unit is told as a suspicion.
//!
//! A lean is kept in ‰ (mm a metre of height), the tangent of the angle, since that is what limits
//! are written in (GB 50007, JGJ 125).

use serde::{Deserialize, Serialize};

/// What a tilt sensor's number means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TiltUnit {
    /// Degrees of angle.
    Degree,
    /// Minutes of arc.
    ArcMinute,
    /// Seconds of arc.
    ArcSecond,
    /// Thousandths of a radian.
    Mrad,
    /// Millimetres a metre of height.
    MmPerM,
    /// Thousandths: the same number as millimetres a metre.
    Permille,
    /// Hundredths.
    Percent,
}

impl TiltUnit {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Degree,
        Self::ArcMinute,
        Self::ArcSecond,
        Self::Mrad,
        Self::MmPerM,
        Self::Permille,
        Self::Percent,
    ];

    /// The unit by how it is written: `°`, `deg`, `'`, `"`, `mrad`, `mm/m`, `‰`, `%`.
    #[must_use]
    pub fn from_symbol(symbol: &str) -> Option<Self> {
        match symbol.trim().to_lowercase().as_str() {
            "°" | "deg" | "degree" | "degrees" | "度" => Some(Self::Degree),
            "'" | "′" | "arcmin" | "分" => Some(Self::ArcMinute),
            "\"" | "″" | "arcsec" | "秒" => Some(Self::ArcSecond),
            "mrad" | "毫弧度" => Some(Self::Mrad),
            "mm/m" | "毫米/米" => Some(Self::MmPerM),
            "‰" | "permille" => Some(Self::Permille),
            "%" | "percent" => Some(Self::Percent),
            _ => None,
        }
    }

    /// Lean in ‰ of a value in this unit. Angles go by their tangent; what is no number stays none,
    /// and an angle of a quarter turn or more is NaN, since nothing leans that far and stands.
    #[must_use]
    pub fn permille_from(self, value: f64) -> f64 {
        let of_angle = |radians: f64| {
            if radians.abs() < std::f64::consts::FRAC_PI_2 {
                radians.tan() * 1_000.0
            } else {
                f64::NAN
            }
        };
        match self {
            Self::Degree => of_angle(value.to_radians()),
            Self::ArcMinute => of_angle((value / 60.0).to_radians()),
            Self::ArcSecond => of_angle((value / 3_600.0).to_radians()),
            Self::Mrad => of_angle(value / 1_000.0),
            Self::MmPerM | Self::Permille => value,
            Self::Percent => value * 10.0,
        }
    }

    /// How it is written.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Degree => "°",
            Self::ArcMinute => "′",
            Self::ArcSecond => "″",
            Self::Mrad => "mrad",
            Self::MmPerM => "mm/m",
            Self::Permille => "‰",
            Self::Percent => "%",
        }
    }

    /// How many ‰ one of this unit is, near the upright.
    #[must_use]
    pub fn permille_each(self) -> f64 {
        self.permille_from(1e-6) * 1e6
    }
}

/// What the number of a sensor for settlement or a crack means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LengthUnit {
    /// Micrometres.
    Um,
    /// Millimetres.
    Mm,
    /// Centimetres.
    Cm,
    /// Metres.
    M,
}

impl LengthUnit {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Um, Self::Mm, Self::Cm, Self::M];

    /// The unit by how it is written: `µm`, `mm`, `cm`, `m`.
    #[must_use]
    pub fn from_symbol(symbol: &str) -> Option<Self> {
        match symbol.trim().to_lowercase().as_str() {
            // Micro sign, Greek letter, and what is typed without them.
            "µm" | "μm" | "um" | "微米" => Some(Self::Um),
            "mm" | "毫米" => Some(Self::Mm),
            "cm" | "厘米" => Some(Self::Cm),
            "m" | "米" => Some(Self::M),
            _ => None,
        }
    }

    /// How it is written.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Um => "µm",
            Self::Mm => "mm",
            Self::Cm => "cm",
            Self::M => "m",
        }
    }

    /// Millimetres in one of this unit.
    #[must_use]
    pub const fn mm_each(self) -> f64 {
        match self {
            Self::Um => 0.001,
            Self::Mm => 1.0,
            Self::Cm => 10.0,
            Self::M => 1_000.0,
        }
    }
}

/// What the number of any sensor means that is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum AnyUnit {
    /// Of a lean.
    Tilt(TiltUnit),
    /// Of settlement or a crack.
    Length(LengthUnit),
}

impl AnyUnit {
    /// The unit of a lean where `is_tilt`, of a length otherwise, by how it is written.
    #[must_use]
    pub fn from_symbol(symbol: &str, is_tilt: bool) -> Option<Self> {
        match is_tilt {
            true => TiltUnit::from_symbol(symbol).map(Self::Tilt),
            false => LengthUnit::from_symbol(symbol).map(Self::Length),
        }
    }

    /// How it is written.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Tilt(unit) => unit.symbol(),
            Self::Length(unit) => unit.symbol(),
        }
    }

    /// How much one of it is in the unit of a series: ‰ near the upright, or mm.
    #[must_use]
    pub fn each(self) -> f64 {
        match self {
            Self::Tilt(unit) => unit.permille_each(),
            Self::Length(unit) => unit.mm_each(),
        }
    }

    /// All units that numbers could be in which are in this one.
    fn alike(self) -> Vec<Self> {
        match self {
            Self::Tilt(_) => TiltUnit::ALL.map(Self::Tilt).to_vec(),
            Self::Length(_) => LengthUnit::ALL.map(Self::Length).to_vec(),
        }
    }

    /// The largest unit in which a level of a series that is read in this one would be no more than
    /// `most`; `None` where there is none.
    #[must_use]
    pub(super) fn would_be(self, level: f64, most: f64) -> Option<Self> {
        let alike = self.alike().into_iter();
        let fits = |other: &Self| level.abs() * other.each() / self.each() <= most;
        // Of two alike, mrad and ‰, the one that sensors tell.
        alike.filter(fits).max_by(|one, other| {
            one.each()
                .total_cmp(&other.each())
                .then(one.rank().cmp(&other.rank()))
        })
    }

    const fn rank(self) -> u8 {
        match self {
            Self::Tilt(TiltUnit::Mrad) => 1,
            _ => 0,
        }
    }
}

/// Towards which side the second axis of a sensor counts, seen from above.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Handedness {
    /// A quarter turn clockwise of the first axis, as east is of north.
    #[default]
    Clockwise,
    /// A quarter turn the other way.
    Counterclockwise,
}

/// How a tilt sensor is mounted and calibrated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mounting {
    /// What its numbers mean.
    pub unit: TiltUnit,
    /// Where a top leans for which the first axis grows: degrees clockwise from grid north. `None`
    /// where nobody noted it: then leans have a size and no direction.
    pub bearing_deg: Option<f64>,
    /// Towards which side the second axis counts.
    pub second: Handedness,
    /// What both axes show when the building stands upright, in the sensor's unit; found by a survey.
    pub zero: [f64; 2],
    /// What both axes are multiplied by after the zero was taken off.
    pub scale: [f64; 2],
}

impl Mounting {
    /// As it comes out of the box: no bearing, no zero.
    #[must_use]
    pub const fn plain(unit: TiltUnit) -> Self {
        Self {
            unit,
            bearing_deg: None,
            second: Handedness::Clockwise,
            zero: [0.0, 0.0],
            scale: [1.0, 1.0],
        }
    }

    /// Lean towards east and north in ‰ of what the two axes show. Without a bearing the first axis
    /// stands in for north. A missing second axis counts as upright.
    #[must_use]
    pub fn lean_permille(&self, first: f64, second: Option<f64>) -> [f64; 2] {
        let along = self
            .unit
            .permille_from((first - self.zero[0]) * self.scale[0]);
        let across = second.map_or(0.0, |value| {
            self.unit
                .permille_from((value - self.zero[1]) * self.scale[1])
        });
        let across = match self.second {
            Handedness::Clockwise => across,
            Handedness::Counterclockwise => -across,
        };
        let (sin, cos) = self.bearing_deg.unwrap_or(0.0).to_radians().sin_cos();
        [along * sin + across * cos, along * cos - across * sin]
    }

    /// What both axes show, ‰, where a house leans so far towards east and north: exchanged axes and
    /// another unit can be seen there alone, whichever way the sensor hangs.
    #[must_use]
    pub fn axes_permille(&self, [east, north]: [f64; 2]) -> [f64; 2] {
        let (sin, cos) = self.bearing_deg.unwrap_or(0.0).to_radians().sin_cos();
        let across = east * cos - north * sin;
        let across = match self.second {
            Handedness::Clockwise => across,
            Handedness::Counterclockwise => -across,
        };
        let axes = [east * sin + north * cos, across];
        [0, 1].map(|axis| axes[axis] / self.scale[axis] + self.unit.permille_from(self.zero[axis]))
    }
}

/// Direction of a lean: degrees clockwise from north, 0 to 360; `None` for one that has none.
#[must_use]
pub fn bearing_deg(east: f64, north: f64) -> Option<f64> {
    let has_one = east.hypot(north) > 0.0;
    has_one.then(|| east.atan2(north).to_degrees().rem_euclid(360.0))
}

/// That numbers changed to another unit, by what both levels show.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct UnitChange {
    /// What they look like now.
    pub(super) unit: TiltUnit,
    /// So many times as large as before they are.
    ratio: f64,
}

/// A level smaller than so many standard deviations of a reading says nothing of a ratio.
const LEVEL_SIGMAS: f64 = 5.0;
/// Levels fit a ratio within this share of what it makes of the old one …
const FITS_SHARE: f64 = 0.12;
/// … or within so many standard deviations of a reading, which grow or shrink with the numbers …
const FITS_SIGMAS: f64 = 4.0;
/// … but never within more than this share: anything would fit.
const FITS_MOST: f64 = 0.2;
/// What grows by less may as well be a house that goes on the way it leans.
const GROWS_LEAST: f64 = 8.0;

impl UnitChange {
    /// Whether it is more likely than a movement: a house hardly comes to stand by chance at just the
    /// share of its lean that another unit makes of it, and does not lean ten times as far at once.
    pub(super) fn is_sure(&self) -> bool {
        self.ratio < 1.0 || self.ratio >= GROWS_LEAST
    }
}

/// As [`other_unit`], with by how much the numbers changed.
pub(super) fn change_of_unit(
    unit: TiltUnit,
    before: [f64; 2],
    after: [f64; 2],
    sigma_permille: f64,
) -> Option<UnitChange> {
    let size = |level: [f64; 2]| level[0].hypot(level[1]);
    if !(size(before) > LEVEL_SIGMAS * sigma_permille) {
        return None;
    }
    let fits = |ratio: f64| {
        let makes = before.map(|value| value * ratio);
        let by_noise = (FITS_SIGMAS * sigma_permille * ratio).min(FITS_MOST * size(makes));
        let off = size([after[0] - makes[0], after[1] - makes[1]]);
        off <= by_noise.max(FITS_SHARE * size(makes))
    };
    let each = unit.permille_each();
    let mut all = TiltUnit::ALL.into_iter().map(|other| UnitChange {
        unit: other,
        // A number in the other unit, read as this one, is so many times too large.
        ratio: each / other.permille_each(),
    });
    // Less than this apart (mrad and ‰, for one) nobody can tell by the size.
    all.find(|change| !(0.5..2.0).contains(&change.ratio) && fits(change.ratio))
}

/// The unit that the numbers of a record have probably changed to, where the level before and after
/// differ in both axes by the ratio of two units. Levels in ‰ as understood by `unit`, along the axes of
/// the sensor; one smaller than some standard deviations of a reading says nothing.
#[must_use]
pub fn other_unit(
    unit: TiltUnit,
    before: [f64; 2],
    after: [f64; 2],
    sigma_permille: f64,
) -> Option<TiltUnit> {
    change_of_unit(unit, before, after, sigma_permille).map(|change| change.unit)
}
