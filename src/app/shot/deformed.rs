//! Buildings as they lean in a picture: `shot --deform`.

use std::path::Path;

use anyhow::bail;
use clap::Args;

use crate::app::deformations::deformations_at;
use crate::base::Timestamp;
use crate::model::{Ground, RecordedLean};
use crate::portrayal::deform::{DeformedView, Exaggeration, since};
use crate::view::Composer;

/// Options about deformation.
#[derive(Debug, Args)]
pub(super) struct Deform {
    /// Draw buildings as tilt sensors say they lean, so many times larger than it is (1 to 500),
    /// coloured and hatched by grade, from the readings of the archive beside the city. A screening,
    /// not an appraisal; the factor is stamped on the picture. Of layers, only that of settlement can
    /// lie below.
    #[arg(
        long,
        value_name = "FACTOR",
        conflicts_with_all = ["compare", "list", "describe"]
    )]
    deform: Option<Exaggeration>,
    /// Of that, only what changed since this moment, such as 2026-05-01T00:00:00+08:00; grades stay those
    /// of the picture's moment.
    #[arg(long, value_name = "TIME", requires = "deform")]
    since: Option<Timestamp>,
}

impl Deform {
    /// Whether it is asked for.
    pub fn is_asked(&self) -> bool {
        self.deform.is_some()
    }

    /// Puts what was measured until a moment into the picture, and says where that is nothing.
    ///
    /// # Errors
    /// When archive or tables cannot be read.
    pub fn apply(
        &self,
        (city, ground): (&Path, &Ground),
        at: Option<Timestamp>,
        composer: &mut Composer,
    ) -> anyhow::Result<()> {
        let Some(factor) = self.deform else {
            return Ok(());
        };
        let mut deformations = deformations_at(city, ground, at)?;
        let stand = who_stands(ground);
        if deformations.is_empty() {
            let city = city.display();
            eprintln!("note: {city} has no tilt sensor on a building: {stand}");
        } else if deformations.iter().all(|one| one.measured_at.is_none()) {
            eprintln!(
                "note: no reading of a tilt sensor lies in the archive beside {}{}: {stand}, and the \
                 picture says so",
                city.display(),
                at.map(|at| format!(" until {at}")).unwrap_or_default()
            );
        }
        if let Some(moment) = self.since {
            if at.is_some_and(|at| at <= moment) {
                bail!("--since {moment} must lie before --at, the moment of the picture");
            }
            let before = deformations_at(city, ground, Some(moment))?;
            if before.iter().all(|one| one.measured_at.is_none()) {
                bail!(
                    "nothing was measured until {moment}: no change since then can be told \
                     (pingjiang readings tells from when on there are some)"
                );
            }
            deformations = since(deformations, &before);
        }
        let view = DeformedView {
            factor,
            since: self.since,
            deformations,
        };
        composer.show_deformed(ground, Some(&view));
        Ok(())
    }
}

/// Which buildings stand as they are where nothing is measured: all but those whose lean sources record.
fn who_stands(ground: &Ground) -> String {
    let recorded = ground.buildings.values().filter_map(RecordedLean::of);
    match recorded.count() {
        0 => "every building stands as it is".to_owned(),
        count => format!(
            "every building stands as it is, but {count} of which sources record a lean, drawn as \
             large as it is"
        ),
    }
}
