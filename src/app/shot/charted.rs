//! Charts of sensors in a picture: on the card of what is selected, and alone: `shot --chart`.

use std::path::Path;

use anyhow::bail;
use clap::Args;

use crate::app::charts::{ChartsAsked, charts};
use crate::app::open::open_city;
use crate::base::{DeviceId, Timestamp};
use crate::model::{EntityKind, EntityRef, Twin};
use crate::portrayal::camera::Camera;
use crate::portrayal::chart::CardCharts;
use crate::view::{Layers, Studio};

use super::registers::whose_card;
use super::{PngFile, Shot};

/// A smaller page has no room for a chart with its sources.
const PAGE_MIN: [u32; 2] = [480, 360];

/// Options about charts.
#[derive(Debug, Args)]
pub(super) struct Charted {
    /// Draw, instead of the city, what a sensor of tilt, settlement or a crack measured: readings, days
    /// with temperature taken off, trend, limits, forecast. Of a building its worst sensor, with the
    /// others in a line each. A screening, not an appraisal.
    #[arg(
        long,
        value_name = "ID",
        conflicts_with_all = [
            "view", "lon", "lat", "heading", "pitch", "range", "layers", "deform", "layer", "select",
            "compare", "list", "describe", "lod"
        ]
    )]
    chart: Option<String>,
}

impl Charted {
    /// The sensor or building whose charts are wanted alone.
    pub fn id(&self) -> Option<&str> {
        self.chart.as_deref()
    }
}

/// The charts of a record, as known at a moment.
///
/// # Errors
/// When archive or tables cannot be read.
pub(super) fn charts_of(
    city: &Path,
    twin: &Twin,
    what: EntityRef,
    at: Option<Timestamp>,
) -> anyhow::Result<CardCharts> {
    let judged = twin.live().judged.iter();
    let looked = judged.filter_map(|(device, one)| Some((*device, one.looked?)));
    let looked: Vec<(DeviceId, Timestamp)> = looked.collect();
    charts(&ChartsAsked {
        city,
        ground: twin.ground(),
        what,
        at,
        looked: &looked,
    })
}

impl Shot {
    /// Draws charts alone.
    ///
    /// # Errors
    /// When there is no such sensor or building, nothing ran the city yet, or the picture cannot be
    /// written.
    pub(super) fn page(&self, id: &str, out: &Path) -> anyhow::Result<()> {
        if self.size[0] < PAGE_MIN[0] || self.size[1] < PAGE_MIN[1] {
            let [w, h] = PAGE_MIN;
            bail!("--chart needs a picture of at least {w}x{h} pixels (--size)");
        }
        let mut city = open_city(&self.city, self.key_file.as_deref(), None)?;
        city.go_to(&self.city, self.at)?;
        let what = whose_card(city.twin.ground(), id)?;
        let charts = charts_of(&self.city, &city.twin, what, self.at)?;
        match (&charts, what.kind) {
            (CardCharts::NoHistory, _) => bail!(
                "nothing ran this city yet: no archive lies beside {}, and there is nothing to chart",
                self.city.display()
            ),
            (CardCharts::None, EntityKind::Building) => {
                bail!("{id} has no sensor of tilt, settlement or a crack")
            }
            (CardCharts::None, _) => bail!("{id} measures no tilt, settlement or crack"),
            _ => {}
        }
        let png = PngFile::begin(out)?;
        let mut composer = city.page_composer()?;
        composer.show_page(what, charts);
        let size_px = self.size.map(f64::from);
        let view = composer
            .scene()
            .default_view(size_px[0] / size_px[1].max(1.0));
        let camera = Camera::new(view, size_px);
        let mut studio = Studio::new(composer)?;
        studio.check_size(self.size)?;
        let now = city.picture_time(self.at);
        let show = self.show(now, Some(what), Layers::default());
        let picture = studio.take(&city.twin, &camera, &show, true)?;
        png.finish(&picture)
    }
}
