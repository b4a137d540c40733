//! How good the records of people are, as a table of areas: what `query … quality` prints and what
//! a picture with that layer is drawn from. Never holds a figure that may not be told.

use serde::Serialize;

use crate::model::{AreaLevel, Ground, PopulationShares, ToldQuality};

use super::language::Language;

/// One area.
#[derive(Debug, Serialize)]
pub(super) struct QualityRow {
    /// Its id; `None` for the total and for those whose area is not known.
    pub area: Option<String>,
    pub name: String,
    #[serde(flatten)]
    pub shares: PopulationShares,
}

/// All areas of a level.
#[derive(Debug, Serialize)]
pub(super) struct QualityTable {
    /// The day of the judgement, `YYYY-MM-DD`.
    pub as_of: String,
    pub by: &'static str,
    pub areas: Vec<QualityRow>,
    pub total: QualityRow,
}

impl QualityTable {
    /// The table, its areas in the order of their codes.
    pub fn of(
        ground: &Ground,
        told: &ToldQuality,
        level: AreaLevel,
        today: &str,
        language: Language,
    ) -> Self {
        let mut by_code: Vec<_> = told.areas.iter().collect();
        by_code.sort_by_key(|(area, _)| {
            let area = area.and_then(|id| ground.areas.get(&id));
            (area.is_none(), area.map(|one| (&one.code, &one.name)))
        });
        let rows = by_code.into_iter().map(|(area, shares)| {
            let name = area.and_then(|id| ground.areas.get(&id));
            let elsewhere = || language.say("not placed", "未定位").to_owned();
            QualityRow {
                area: area.map(|id| id.to_string()),
                name: name.map_or_else(elsewhere, |one| one.name.clone()),
                shares: *shares,
            }
        });
        Self {
            as_of: today.to_owned(),
            by: level.as_str(),
            areas: rows.collect(),
            total: QualityRow {
                area: None,
                name: language.say("all", "合计").to_owned(),
                shares: told.total,
            },
        }
    }
}
