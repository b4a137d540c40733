//! What a synthetic area is to be like: `maps/*/area.toml`, read strictly.
//! Used by the generator and by `app::generate`. Knows the shape of the file, never a place.

use std::collections::BTreeMap;

use serde::Deserialize;

pub use super::spec_people::{EventSpec, FaultSpec, LabelSpec, NameSpec, PeopleSpec, ThingSpec};
pub use super::spec_tables::{
    BandKind, BandSpec, BlockSpec, CommunitySpec, FillSpec, HouseSpec, PartSpec, Percentiles,
    PlaceNameSpec, PlaceSpec, PlotWeights, PullSpec, QuarterSpec, Runs, Side, SiteForm, SiteSpec,
    StreamSpec, StreetSpec, TowerSpec, UnitSpec,
};

/// Why an area cannot be generated.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum AreaError {
    /// There is no such area.
    #[error("there is no area of this name; known: {known}: {name:?}")]
    Unknown {
        /// The name asked for.
        name: String,
        /// The names that exist.
        known: String,
    },
    /// The text is not the TOML we expect.
    #[error("the area cannot be read: {0}")]
    Syntax(String),
    /// A value contradicts another, or leads nowhere.
    #[error("area {area}: {reason}")]
    Value {
        /// Id of the area.
        area: String,
        /// What is wrong and where.
        reason: String,
    },
}

/// A synthetic area. The fields are explained in `maps/zjl/area.toml`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AreaSpec {
    /// Id, as in `--area`.
    pub id: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// EPSG code of the projected CRS.
    pub crs: u32,
    /// Name of the vertical datum.
    pub vertical_datum: String,
    /// Offset of local time from UTC.
    pub utc_offset_minutes: i32,
    /// The day the registries are as of, `YYYY-MM-DD`.
    pub as_of: String,
    /// Where it lies.
    pub place: PlaceSpec,
    /// The district.
    pub district: UnitSpec,
    /// The street (sub-district) of an area of one community.
    #[serde(default)]
    pub street: Option<UnitSpec>,
    /// The only community.
    #[serde(default)]
    pub community: Option<CommunitySpec>,
    /// The streets of an area of many communities.
    #[serde(default)]
    pub streets: Vec<StreetSpec>,
    /// Size of a grid in an area of many communities.
    #[serde(default = "pilot_grid_m2")]
    pub grid_m2: f64,
    /// Longitude and latitude near which communities lie, by code; the others fill the rest.
    #[serde(default)]
    pub near: BTreeMap<String, [f64; 2]>,
    /// How the quarters are built; an area of one community has only `blocks` and `houses`.
    #[serde(default)]
    pub quarter: BTreeMap<String, QuarterSpec>,
    /// Canals and streets, in the order in which they are cut.
    #[serde(default)]
    pub band: Vec<BandSpec>,
    /// Rivers across the plan.
    #[serde(default)]
    pub stream: Vec<StreamSpec>,
    /// Estates, gardens and other sites.
    #[serde(default)]
    pub site: Vec<SiteSpec>,
    /// Further place names.
    #[serde(default)]
    pub place_name: Vec<PlaceNameSpec>,
    /// Blocks and lanes.
    pub blocks: BlockSpec,
    /// Traditional houses.
    pub houses: HouseSpec,
    /// Percentiles of footprints, m².
    pub footprints: Percentiles,
    /// Population.
    pub people: PeopleSpec,
    /// Faults of resident records.
    pub faults: FaultSpec,
    /// Labels of residents.
    #[serde(default)]
    pub label: Vec<LabelSpec>,
    /// Kinds of events.
    #[serde(default)]
    pub event: Vec<EventSpec>,
    /// Devices by kind.
    pub devices: BTreeMap<String, usize>,
    /// Cameras, vehicles, hydrants, teams.
    pub things: ThingSpec,
    /// Synthetic names.
    pub names: NameSpec,
}

/// Ten grids on 0.21 km², as in the pilot community.
fn pilot_grid_m2() -> f64 {
    21_000.0
}

const AREAS: [(&str, &[&str]); 2] = [
    ("zjl", &[include_str!("../../maps/zjl/area.toml")]),
    (
        "gusu",
        &[
            include_str!("../../maps/gusu/area.toml"),
            include_str!("../../maps/gusu/communities.toml"),
            include_str!("../../maps/gusu/lines.toml"),
            include_str!("../../maps/gusu/names.toml"),
        ],
    ),
];

impl AreaSpec {
    /// The names of the areas in this program.
    pub fn known() -> impl Iterator<Item = &'static str> {
        AREAS.iter().map(|(name, _)| *name)
    }

    /// The area of this name.
    ///
    /// # Errors
    /// [`AreaError::Unknown`] with the names that exist.
    pub fn named(name: &str) -> Result<Self, AreaError> {
        let Some((_, texts)) = AREAS.iter().find(|(known, _)| *known == name) else {
            return Err(AreaError::Unknown {
                name: name.to_owned(),
                known: Self::known().collect::<Vec<_>>().join(", "),
            });
        };
        Self::from_toml(&texts.join("\n"))
    }

    /// Reads an area.
    ///
    /// # Errors
    /// When the text is not TOML of this shape, or a value makes no sense; the message names it.
    pub fn from_toml(text: &str) -> Result<Self, AreaError> {
        let spec: Self =
            toml::from_str(text).map_err(|error| AreaError::Syntax(error.to_string()))?;
        match spec.fault() {
            Some(reason) => Err(spec.refuse(reason)),
            None => Ok(spec),
        }
    }

    /// An error about this area.
    pub(super) fn refuse(&self, reason: impl Into<String>) -> AreaError {
        AreaError::Value {
            area: self.id.clone(),
            reason: reason.into(),
        }
    }
}
