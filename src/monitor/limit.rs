//! Limits, what each is for, and for which buildings it holds. Read from the table of the monitor; never
//! quotes a standard: each limit carries how it is known.

use serde::{Deserialize, Serialize};

use crate::base::TableEntry;
use crate::model::{Building, Protection, Structure, Usage};

pub use crate::model::Quantity;

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
    /// What it limits.
    #[serde(default)]
    pub quantity: Quantity,
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
    /// The limit of a lean or an angular distortion, ‰; without one there is no share of it.
    #[serde(default)]
    pub permille: Option<f64>,
    /// The limit of a settlement or a width, mm.
    #[serde(default)]
    pub mm: Option<f64>,
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
    /// Its number in the unit of its quantity; `None` where it sets none.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        self.permille.or(self.mm)
    }

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
        let (unit, other, key) = match self.quantity.unit() {
            "mm" => ("mm", "permille", self.permille),
            _ => ("permille", "mm", self.mm),
        };
        if key.is_some() {
            return Err(format!("what it limits is told in {unit}, not in {other}"));
        }
        if self.number().is_some_and(|limit| !(limit > 0.0)) {
            return Err(format!(
                "{unit} must be above 0; leave it out to judge by rates alone"
            ));
        }
        let is_upside_down = self.height_m.is_some_and(|[from, to]| !(from <= to))
            || self.storeys.is_some_and(|[from, to]| from > to);
        if is_upside_down {
            return Err("height_m and storeys go from the lower to the higher".to_owned());
        }
        Ok(())
    }
}
