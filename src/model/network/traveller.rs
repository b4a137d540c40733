//! Who goes along the network: kinds of road, speeds and least widths, described by data. The
//! built-in table is `assets/travellers.toml`; a city may bring more (`docs/tables.md`). Used by every search. Never knows a place.

use serde::Deserialize;

use crate::base::{Spanned, TableEntry, TableFault, checked, read_table};
use crate::model::RoadKind;

/// A way of getting about. The fields are explained in `assets/travellers.toml`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Traveller {
    /// Id, for example `foot`.
    pub id: String,
    /// Name in Chinese.
    pub zh: String,
    /// Name in English.
    pub en: String,
    /// Kinds of road it may use.
    pub kinds: Vec<RoadKind>,
    /// Speed on level ground.
    pub speed_m_s: f64,
    /// Speed on steps, along the map; `None` for one that takes no steps.
    #[serde(default)]
    pub steps_speed_m_s: Option<f64>,
    /// Narrowest road that it may use.
    pub least_width_m: f64,
    /// Narrowest bridge that it may use.
    pub least_bridge_width_m: f64,
}

/// What keeps a traveller from a road.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Hindrance {
    /// It may not use roads of this kind.
    Kind(RoadKind),
    /// The road, or the bridge, is narrower than it needs.
    TooNarrow {
        /// What it needs.
        needs_m: f64,
    },
}

impl Traveller {
    /// What keeps it from a road of this kind and width; `None` when it may go there.
    #[must_use]
    pub fn hindrance(&self, kind: RoadKind, width_m: f64) -> Option<Hindrance> {
        match self.least_width_on(kind) {
            None => Some(Hindrance::Kind(kind)),
            Some(needs_m) => (width_m < needs_m).then_some(Hindrance::TooNarrow { needs_m }),
        }
    }

    /// The width that it needs on roads of a kind; `None` where it may not go at all.
    pub(super) fn least_width_on(&self, kind: RoadKind) -> Option<f64> {
        let needs_m = match kind {
            RoadKind::Bridge => self.least_bridge_width_m,
            _ => self.least_width_m,
        };
        self.kinds.contains(&kind).then_some(needs_m)
    }

    /// Speed on a road of this kind.
    #[must_use]
    pub fn speed_on(&self, kind: RoadKind) -> f64 {
        match (kind, self.steps_speed_m_s) {
            (RoadKind::Steps, Some(speed_m_s)) => speed_m_s,
            _ => self.speed_m_s,
        }
    }

    /// How many metres of level ground a metre of this kind is worth; at least 1.
    pub(super) fn slowness(&self, kind: RoadKind) -> f64 {
        (self.speed_m_s / self.speed_on(kind)).max(1.0)
    }

    fn contradiction(&self) -> Result<(), &'static str> {
        let is_speed = |speed: f64| speed > 0.0 && speed <= FASTEST_M_S;
        let is_width = |width: f64| (0.0..=WIDEST_M).contains(&width);
        if self.kinds.is_empty() || self.kinds.contains(&RoadKind::Rail) {
            return Err("kinds must name a kind, and rail carries nobody");
        }
        if !is_speed(self.speed_m_s) {
            return Err("speed_m_s must lie above 0 and not above 100");
        }
        if self.kinds.contains(&RoadKind::Steps) != self.steps_speed_m_s.is_some() {
            return Err("steps_speed_m_s belongs to those with \"steps\" in kinds");
        }
        if let Some(speed) = self.steps_speed_m_s
            && !(is_speed(speed) && speed <= self.speed_m_s)
        {
            return Err("steps_speed_m_s must lie above 0 and not above speed_m_s");
        }
        if !(is_width(self.least_width_m) && is_width(self.least_bridge_width_m)) {
            return Err("widths must lie between 0 and 100 m");
        }
        Ok(())
    }
}

/// Nobody in a city goes faster.
const FASTEST_M_S: f64 = 100.0;
/// Nobody needs a wider road.
const WIDEST_M: f64 = 100.0;

impl TableEntry for Traveller {
    const WHAT: &'static str = "traveller";

    fn id(&self) -> &str {
        &self.id
    }

    fn names(&self) -> [&str; 2] {
        [&self.zh, &self.en]
    }

    fn check(&self) -> Result<(), String> {
        Ok(self.contradiction()?)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    traveller: Vec<Spanned<Traveller>>,
}

/// The travellers that a city knows.
#[derive(Debug, Clone, PartialEq)]
pub struct TravellerTable(Vec<Traveller>);

impl TravellerTable {
    /// The text of the built-in table, with its comments.
    pub const STANDARD: &'static str = include_str!("../../../assets/travellers.toml");

    /// The travellers of `assets/travellers.toml`: `foot`, `cart`, `engine`, `engine_small`.
    ///
    /// # Panics
    /// Never in a build that passed its tests: the text is part of the program.
    #[must_use]
    pub fn standard() -> Self {
        Self::from_toml(Self::STANDARD).expect("the embedded table is checked by a test")
    }

    /// Reads a table.
    ///
    /// # Errors
    /// When the text is not TOML of this shape, or a traveller contradicts itself or stands twice.
    pub fn from_toml(text: &str) -> Result<Self, TableFault> {
        let table: Table = read_table(text)?;
        Ok(Self(checked(text, table.traveller)?))
    }

    /// This table with the travellers of another one: who is in both goes as the other says, the rest
    /// comes behind.
    #[must_use]
    pub fn with(mut self, own: Self) -> Self {
        for one in own.0 {
            match self.0.iter_mut().find(|known| known.id == one.id) {
                Some(known) => *known = one,
                None => self.0.push(one),
            }
        }
        self
    }

    /// All, in the order of the table.
    #[must_use]
    pub fn all(&self) -> &[Traveller] {
        &self.0
    }

    /// The traveller with this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Traveller> {
        self.0.iter().find(|one| one.id == id)
    }
}
