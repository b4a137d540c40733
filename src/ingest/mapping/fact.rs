//! What a mapping file may name an attribute for, and the names under which files commonly have
//! it. Used by the mapping and by the tally of guesses; never looks at a value.

use serde::Deserialize;

use super::super::{fact_names, facts};

/// Something the city wants to know of a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in super::super) enum Fact {
    /// Height above ground.
    Height,
    /// Storeys above ground.
    #[serde(alias = "floors")]
    Storeys,
    /// Name in Chinese, or as the file has it.
    Name,
    /// Name in English.
    NameEn,
    /// Year of construction.
    Year,
    /// What carries the building.
    Structure,
    /// What it is used for.
    Use,
    /// Address without door number.
    Address,
    /// Whether and how it is protected.
    Protection,
    /// Shape of the roof.
    Roof,
    /// What the thing is: building, road, place …
    Kind,
    /// The stable id.
    Key,
}

impl Fact {
    /// Every fact.
    pub(in super::super) const ALL: &'static [Self] = &[
        Self::Height,
        Self::Storeys,
        Self::Name,
        Self::NameEn,
        Self::Year,
        Self::Structure,
        Self::Use,
        Self::Address,
        Self::Protection,
        Self::Roof,
        Self::Kind,
        Self::Key,
    ];

    /// The key in a mapping file.
    pub(in super::super) const fn as_str(self) -> &'static str {
        match self {
            Self::Height => "height",
            Self::Storeys => "storeys",
            Self::Name => "name",
            Self::NameEn => "name_en",
            Self::Year => "year",
            Self::Structure => "structure",
            Self::Use => "use",
            Self::Address => "address",
            Self::Protection => "protection",
            Self::Roof => "roof",
            Self::Kind => "kind",
            Self::Key => "key",
        }
    }

    /// The names under which files have it, the likelier first.
    pub(in super::super) const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Height => facts::HEIGHT_KEYS,
            Self::Storeys => facts::STOREY_KEYS,
            Self::Name => fact_names::NAME_KEYS,
            Self::NameEn => fact_names::NAME_EN_KEYS,
            Self::Year => facts::YEAR_KEYS,
            Self::Structure => fact_names::STRUCTURE_KEYS,
            Self::Use => fact_names::USAGE_KEYS,
            Self::Address => fact_names::ADDRESS_KEYS,
            Self::Protection => fact_names::PROTECTION_KEYS,
            Self::Roof => fact_names::ROOF_KEYS,
            Self::Kind => fact_names::KIND_KEYS,
            Self::Key => fact_names::ID_KEYS,
        }
    }

    /// The name under which the mapping hands it on.
    pub(super) fn canonical(self) -> &'static str {
        self.names().first().copied().unwrap_or(self.as_str())
    }

    /// What marks the value as a default, so that nobody takes it for a true one.
    pub(super) const fn default_flag(self) -> Option<&'static str> {
        match self {
            Self::Height => Some(facts::HEIGHT_DEFAULT_KEY),
            Self::Storeys => Some(facts::STOREYS_DEFAULT_KEY),
            _ => None,
        }
    }

    /// Other attributes that would tell the same, and must not where a mapping says otherwise.
    pub(super) const fn rivals(self) -> &'static [&'static str] {
        match self {
            Self::Height => facts::OTHER_HEIGHT_KEYS,
            Self::Address => &["addr:street", "addr:housenumber"],
            Self::Protection => &["heritage"],
            _ => &[],
        }
    }
}
