//! The table of the monitor: what is gross, from which share of which limit and from which rate a grade
//! holds. The built-in one is `assets/monitor.toml`; a city may bring its own. Never opens a file, and
//! never quotes a standard: each limit carries how it is known.

use serde::{Deserialize, Serialize};

use crate::base::{Spanned, TableEntry, TableFault, checked, read_table};
use crate::model::{Building, Protection, Structure, Usage};

use super::assess::MonitorGrade;
use super::gross::GrossLimits;
use super::unit::{Handedness, Mounting, TiltUnit};

/// How a limit is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitStatus {
    /// From published secondary sources.
    Published,
    /// Not confirmed against the text of the standard.
    Believed,
    /// Set by whoever runs the city.
    Own,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct GrossTable {
    permille: f64,
    agree_permille: f64,
    silent_intervals: f64,
}

/// Shares of the limit from which a grade holds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tiers {
    /// From here on somebody should look at it at times.
    pub attention: f64,
    /// Yellow.
    pub yellow: f64,
    /// Orange.
    pub orange: f64,
    /// Red.
    pub red: f64,
}

/// Rates from which a grade holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateTable {
    /// Windows over which rates are told, days, ascending.
    pub windows_days: Vec<u32>,
    /// A window tells a grade only if its days span so many.
    pub least_days: u32,
    /// Lower end of a rate's interval for `attention`, ‰ a month.
    pub attention_permille_month: f64,
    /// The same for orange.
    pub orange_permille_month: f64,
}

/// A limit, and the buildings for which it holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// Id.
    pub id: String,
    /// Name in Chinese.
    pub zh: String,
    /// Name in English.
    pub en: String,
    /// Structures; empty for any.
    #[serde(default)]
    pub structure: Vec<Structure>,
    /// Protections; empty for any.
    #[serde(default)]
    pub protection: Vec<Protection>,
    /// Uses; empty for any.
    #[serde(default)]
    pub usage: Vec<Usage>,
    /// Heights of the building, metres, ends included.
    #[serde(default)]
    pub height_m: Option<[f64; 2]>,
    /// Storeys, ends included.
    #[serde(default)]
    pub storeys: Option<[u16; 2]>,
    /// The limit of the overall lean, ‰; without one there is no share of it.
    #[serde(default)]
    pub permille: Option<f64>,
    /// How it is known.
    pub status: LimitStatus,
    /// Where it is from, in words.
    pub source: String,
}

/// What a limit is chosen by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Subject {
    /// What carries it.
    pub structure: Structure,
    /// Whether it is protected.
    pub protection: Protection,
    /// What it is used for.
    pub usage: Usage,
    /// Height of its highest line above the ground, metres.
    pub height_m: f64,
    /// Storeys above ground.
    pub storeys: u16,
}

impl Subject {
    /// One of which nothing is known, so that no limit by height or structure fits.
    #[must_use]
    pub const fn unknown() -> Self {
        Self {
            structure: Structure::Unknown,
            protection: Protection::None,
            usage: Usage::Unknown,
            height_m: f64::NAN,
            storeys: 0,
        }
    }
}

impl From<&Building> for Subject {
    fn from(building: &Building) -> Self {
        Self {
            structure: building.structure,
            protection: building.protection,
            usage: building.usage,
            height_m: building.height_m,
            storeys: building.storeys,
        }
    }
}

impl Limit {
    /// Whether it holds for a building.
    #[must_use]
    pub fn fits(&self, subject: &Subject) -> bool {
        let any = |is_empty: bool, has: bool| is_empty || has;
        any(
            self.structure.is_empty(),
            self.structure.contains(&subject.structure),
        ) && any(
            self.protection.is_empty(),
            self.protection.contains(&subject.protection),
        ) && any(self.usage.is_empty(), self.usage.contains(&subject.usage))
            && self
                .height_m
                .is_none_or(|[from, to]| (from..=to).contains(&subject.height_m))
            && self
                .storeys
                .is_none_or(|[from, to]| (from..=to).contains(&subject.storeys))
    }
}

impl TableEntry for Limit {
    const WHAT: &'static str = "limit";

    fn id(&self) -> &str {
        &self.id
    }

    fn names(&self) -> [&str; 2] {
        [&self.zh, &self.en]
    }

    fn check(&self) -> Result<(), String> {
        if self.permille.is_some_and(|limit| !(limit > 0.0)) {
            return Err(
                "permille must be above 0; leave it out to judge by rates alone".to_owned(),
            );
        }
        let is_upside_down = self.height_m.is_some_and(|[from, to]| !(from <= to))
            || self.storeys.is_some_and(|[from, to]| from > to);
        if is_upside_down {
            return Err("height_m and storeys go from the lower to the higher".to_owned());
        }
        Ok(())
    }
}

/// How one sensor is mounted, where that is known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceMounting {
    /// Its id or its name in the registers.
    pub device: String,
    /// What its numbers mean; that of its kind where nothing is said.
    #[serde(default)]
    pub unit: Option<TiltUnit>,
    /// As in [`Mounting::bearing_deg`].
    #[serde(default)]
    pub bearing_deg: Option<f64>,
    /// As in [`Mounting::second`].
    #[serde(default)]
    pub second: Handedness,
    /// As in [`Mounting::zero`].
    #[serde(default)]
    pub zero: [f64; 2],
    /// As in [`Mounting::scale`].
    #[serde(default)]
    pub scale: Option<[f64; 2]>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    gross: GrossTable,
    tiers: Tiers,
    rate: RateTable,
    limit: Vec<Spanned<Limit>>,
    #[serde(default)]
    mounting: Vec<Spanned<DeviceMounting>>,
}

/// What a monitor goes by.
#[derive(Debug, Clone, PartialEq)]
pub struct MonitorTable {
    /// How sudden changes are judged.
    pub gross: GrossLimits,
    /// Grades by share of the limit.
    pub tiers: Tiers,
    /// Grades by rate.
    pub rate: RateTable,
    limits: Vec<Limit>,
    mountings: Vec<DeviceMounting>,
}

impl MonitorTable {
    /// The text of the built-in one, with comments.
    pub const STANDARD: &'static str = include_str!("../../assets/monitor.toml");

    /// The built-in one.
    ///
    /// # Panics
    /// Never: a test reads it.
    #[must_use]
    pub fn standard() -> Self {
        Self::from_toml(Self::STANDARD).expect("the built-in table is in order")
    }

    /// Reads a table.
    ///
    /// # Errors
    /// When the text is not TOML of this shape, a number is out of range, or tiers do not ascend.
    pub fn from_toml(text: &str) -> Result<Self, TableFault> {
        let read: Text = read_table(text)?;
        check(text, &read)?;
        Ok(Self {
            gross: GrossLimits {
                gross_permille: read.gross.permille,
                agree_permille: read.gross.agree_permille,
                silent_intervals: read.gross.silent_intervals,
            },
            tiers: read.tiers,
            rate: read.rate,
            limits: checked(text, read.limit)?,
            mountings: mountings(text, read.mounting)?,
        })
    }

    /// The limit that holds for a building: the first that fits; `None` where none does.
    #[must_use]
    pub fn limit(&self, subject: &Subject) -> Option<&Limit> {
        self.limits.iter().find(|limit| limit.fits(subject))
    }

    /// How many limits and mountings it holds.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.limits.len() + self.mountings.len()
    }

    /// How a device is mounted that goes by these names, whose kind has this unit.
    #[must_use]
    pub fn mounting(&self, names: &[&str], unit: TiltUnit) -> Mounting {
        let own = (self.mountings.iter()).find(|own| names.contains(&own.device.as_str()));
        own.map_or(Mounting::plain(unit), |own| Mounting {
            unit: own.unit.unwrap_or(unit),
            bearing_deg: own.bearing_deg,
            second: own.second,
            zero: own.zero,
            scale: own.scale.unwrap_or([1.0, 1.0]),
        })
    }

    /// Devices that are named in it.
    pub fn devices(&self) -> impl Iterator<Item = &str> {
        self.mountings.iter().map(|own| own.device.as_str())
    }

    /// The grade of a share of the limit.
    #[must_use]
    pub fn grade_of_share(&self, share: f64) -> MonitorGrade {
        let tiers = &self.tiers;
        match share {
            share if share >= tiers.red => MonitorGrade::Red,
            share if share >= tiers.orange => MonitorGrade::Orange,
            share if share >= tiers.yellow => MonitorGrade::Yellow,
            share if share >= tiers.attention => MonitorGrade::Attention,
            _ => MonitorGrade::Normal,
        }
    }
}

/// What contradicts itself outside of limits and mountings.
fn check(text: &str, read: &Text) -> Result<(), TableFault> {
    let numbers = [
        ("permille", read.gross.permille),
        ("agree_permille", read.gross.agree_permille),
        ("silent_intervals", read.gross.silent_intervals),
        (
            "attention_permille_month",
            read.rate.attention_permille_month,
        ),
        ("orange_permille_month", read.rate.orange_permille_month),
    ];
    for (name, value) in numbers {
        if !(value > 0.0 && value.is_finite()) {
            let reason = format!("{name} must be above 0");
            return Err(TableFault::of_value(text, name, reason));
        }
    }
    let tiers = read.tiers;
    let ascending = [0.0, tiers.attention, tiers.yellow, tiers.orange, tiers.red];
    if !ascending.windows(2).all(|pair| pair[0] < pair[1]) {
        let reason = "tiers must ascend: attention, yellow, orange, red".to_owned();
        return Err(TableFault::of_value(text, "attention", reason));
    }
    let windows = &read.rate.windows_days;
    let is_in_order = windows.windows(2).all(|pair| pair[0] < pair[1])
        && windows.first().is_some_and(|first| *first >= 5)
        && windows.last().is_some_and(|last| *last <= 90);
    if !is_in_order {
        let reason = "windows_days must ascend and lie between 5 and 90".to_owned();
        return Err(TableFault::of_value(text, "windows_days", reason));
    }
    Ok(())
}

fn mountings(
    text: &str,
    list: Vec<Spanned<DeviceMounting>>,
) -> Result<Vec<DeviceMounting>, TableFault> {
    let mut mountings: Vec<DeviceMounting> = Vec::with_capacity(list.len());
    for spanned in list {
        let at = spanned.span().start;
        let own = spanned.into_inner();
        let numbers = [own.zero, own.scale.unwrap_or([1.0, 1.0])].concat();
        let is_a_turn = (own.bearing_deg).is_none_or(|bearing| (0.0..360.0).contains(&bearing));
        let reason = if mountings.iter().any(|other| other.device == own.device) {
            "stands in the table twice"
        } else if !is_a_turn {
            "bearing_deg goes from 0 (north) to below 360, clockwise"
        } else if !numbers.iter().all(|number| number.is_finite()) || numbers[2..].contains(&0.0) {
            "zero must be numbers, and scale numbers other than 0"
        } else {
            mountings.push(own);
            continue;
        };
        return Err(TableFault::at(
            text,
            at,
            format!("mounting {:?}: {reason}", own.device),
        ));
    }
    Ok(mountings)
}
