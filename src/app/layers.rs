//! Layers over the map, worked out: the same answers that `query … quality`, `query … coverage` and
//! `surface` print, as a layer to draw and as rows to print beside it. Used by `shot` and `wall`. Never
//! draws.

mod settlement;

use std::path::Path;

use anyhow::{Context, bail};

use crate::base::{Clearance, Rights, Timestamp};
use crate::model::query::CityIndex;
use crate::model::sight::Sight;
use crate::model::{AreaLevel, PopulationMeasure, PopulationQuality};
use crate::portrayal::layer::{LayerKind, MapLayer, coverage_bounds, coverage_cell_m};

use super::coverage_table::CoverageTable;
use super::language::Language;
use super::quality_table::QualityTable;
use super::settled::{Settled, SettlementTable};

/// A layer with the rows that it is drawn from.
pub(super) struct MadeLayer {
    pub layer: MapLayer,
    pub rows: Rows,
}

/// The rows behind a layer, as `query … --json` has them under `answer`.
#[derive(Debug, serde::Serialize)]
#[serde(untagged)]
pub(super) enum Rows {
    Quality(QualityTable),
    Coverage(CoverageTable),
    Settlement(Box<SettlementTable>),
}

/// What a layer is made with.
pub(super) struct Maker<'a> {
    pub city: &'a CityIndex,
    /// Where it lies: tables and archive are beside it.
    pub path: &'a Path,
    /// The moment of what is measured; the end of the archive for `None`.
    pub at: Option<Timestamp>,
    /// The day, `YYYY-MM-DD`.
    pub today: &'a str,
    /// Opens values to judge them; nothing of them is shown but counts.
    pub clearance: &'a Clearance,
    pub rights: &'a dyn Rights,
    pub language: Language,
}

impl Maker<'_> {
    /// Makes a layer.
    ///
    /// # Errors
    /// When the registers are locked or hold nothing of the kind, or there is no archive of what is
    /// measured.
    pub fn make(&self, kind: LayerKind) -> anyhow::Result<MadeLayer> {
        match kind {
            LayerKind::Quality { measure, by } => self.quality(measure, by),
            LayerKind::Coverage => self.coverage(),
            LayerKind::Settlement { every } => {
                let settled = Settled::of(self.path, self.city.ground(), self.at)?;
                settlement::made(&settled, every, self.today)
            }
        }
    }

    fn quality(&self, measure: PopulationMeasure, by: AreaLevel) -> anyhow::Result<MadeLayer> {
        let ground = self.city.ground();
        let quality = PopulationQuality::of(self.city, by, self.today, self.clearance);
        let quality = quality.context(
            "the records cannot be judged without the city's key; name it with --key-file",
        )?;
        if quality.areas.keys().all(Option::is_none) {
            bail!(
                "no resident on record lives in an area of the level {}",
                by.as_str()
            );
        }
        let told = quality.told(self.rights);
        let table = QualityTable::of(ground, &told, by, self.today, self.language);
        Ok(MadeLayer {
            layer: MapLayer::quality(self.city, &told, measure, by, self.today),
            rows: Rows::Quality(table),
        })
    }

    fn coverage(&self) -> anyhow::Result<MadeLayer> {
        let ground = self.city.ground();
        if ground.cameras.is_empty() {
            bail!("the city has no cameras on record");
        }
        let bounds = coverage_bounds(ground);
        if bounds.is_empty() {
            bail!("the city has no buildings around which to look");
        }
        let map = Sight::of(ground).coverage(|_| true, bounds, coverage_cell_m(&bounds))?;
        Ok(MadeLayer {
            layer: MapLayer::coverage(ground, &map, self.today),
            rows: Rows::Coverage(CoverageTable::of(ground, &map, BLIND_SPOTS)),
        })
    }
}

/// Blind spots to tell, as `query … coverage` does.
const BLIND_SPOTS: usize = 10;
