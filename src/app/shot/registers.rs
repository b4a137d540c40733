//! What the registers add to a picture: a layer over the map, and the card of a record.

use std::sync::Arc;

use anyhow::bail;
use clap::Args;
use serde::Serialize;

use crate::app::audit::EngineLine;
use crate::app::desk::Desk;
use crate::app::language::Language;
use crate::app::layers::Rows;
use crate::app::open::OpenCity;
use crate::app::who::Who;
use crate::base::Timestamp;
use crate::model::{AreaLevel, EntityRef, Ground, PopulationMeasure};
use crate::portrayal::card::{CardRights, shown_on};
use crate::portrayal::layer::{ContourInterval, LayerKind};
use crate::portrayal::words::Lang;
use crate::view::{Composer, Show};

/// Options about the registers.
#[derive(Debug, Args)]
pub(super) struct Registers {
    /// Layer over the map: quality, or quality=MEASURE (linked, confirmed, sound, stale,
    /// contradictory, duplicate, conflicting); coverage; settlement, or settlement=MM with so many
    /// millimetres between contours. Its rows are printed, as `query` or `surface` has them.
    #[arg(
        long,
        value_name = "LAYER",
        value_parser = layer,
        conflicts_with_all = ["compare", "list", "describe"]
    )]
    layer: Option<Layer>,
    /// Level of area of the quality layer: district, street, community, grid.
    #[arg(
        long,
        value_name = "LEVEL",
        default_value = "grid",
        requires = "layer",
        value_parser = level
    )]
    by: AreaLevel,
    /// Show the card of a building, device or camera, by id; of a home its building's.
    #[arg(long, value_name = "ID", conflicts_with_all = ["compare", "list", "describe"])]
    select: Option<String>,
    #[command(flatten)]
    who: Who,
    #[command(flatten)]
    line: EngineLine,
}

/// What `--layer` names.
#[derive(Debug, Clone, Copy)]
enum Layer {
    Quality(PopulationMeasure),
    Coverage,
    Settlement(Option<ContourInterval>),
}

fn layer(text: &str) -> Result<Layer, String> {
    let (name, measure) = text.split_once('=').unwrap_or((text, ""));
    let known = PopulationMeasure::ALL.into_iter();
    let mut named = known.clone().filter(|one| one.as_str() == measure);
    match (name, measure) {
        ("coverage", "") => Ok(Layer::Coverage),
        ("settlement", "") => Ok(Layer::Settlement(None)),
        ("settlement", every) => every.parse().map(|every| Layer::Settlement(Some(every))),
        ("quality", "") => Ok(Layer::Quality(PopulationMeasure::default())),
        // As people say it.
        ("quality", "verified") => Ok(Layer::Quality(PopulationMeasure::Confirmed)),
        ("quality", _) => named.next().map(Layer::Quality).ok_or_else(|| {
            let known: Vec<_> = known.map(PopulationMeasure::as_str).collect();
            format!(
                "quality={measure} is not known; known are {}",
                known.join(", ")
            )
        }),
        _ => Err(
            "a layer is quality, quality=MEASURE, coverage, settlement or settlement=MM".to_owned(),
        ),
    }
}

fn level(text: &str) -> Result<AreaLevel, String> {
    let known = || "district, street, community or grid".to_owned();
    AreaLevel::from_name(text).ok_or_else(known)
}

/// The rows that a layer is drawn from.
#[derive(Serialize)]
struct Document {
    layer: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    measure: Option<&'static str>,
    city: String,
    role: Option<String>,
    purpose: Option<String>,
    synthetic: bool,
    answer: Rows,
}

/// The record whose card shows what is selected.
pub(super) fn whose_card(ground: &Ground, id: &str) -> anyhow::Result<EntityRef> {
    let what = crate::app::query::record(ground, id)?;
    let id = what.id_text();
    let Some(on) = shown_on(ground, what) else {
        bail!(
            "there is no card of {id}: cards are of buildings, devices and cameras; of a home its building's is shown"
        );
    };
    if on != what {
        eprintln!("note: {id} is in {}, whose card is shown", on.id_text());
    }
    Ok(on)
}

impl Registers {
    fn kind(&self) -> Option<LayerKind> {
        self.layer.map(|layer| match layer {
            Layer::Quality(measure) => LayerKind::Quality {
                measure,
                by: self.by,
            },
            Layer::Coverage => LayerKind::Coverage,
            Layer::Settlement(every) => LayerKind::Settlement { every },
        })
    }

    /// Whether there is a layer for which buildings need their own colours.
    pub fn colors_buildings(&self) -> bool {
        !matches!(self.layer, None | Some(Layer::Settlement(_)))
    }

    /// The record whose card is shown.
    ///
    /// # Errors
    /// When there is no such record, or no card of it.
    pub fn selected(&self, ground: &Ground) -> anyhow::Result<Option<EntityRef>> {
        let selected = self.select.as_deref();
        selected.map(|id| whose_card(ground, id)).transpose()
    }

    /// Puts layer and card into the picture and prints the rows of the layer. Nothing is opened for
    /// which the card has no room, and of a picture without panels nothing at all.
    ///
    /// # Errors
    /// When the role does not fit, the layer cannot be had, or what the card opens cannot be put on
    /// record.
    pub fn apply(
        &self,
        (path, at): (&std::path::Path, Option<Timestamp>),
        city: &OpenCity,
        composer: &mut Composer,
        (show, size_px): (&Show, [f64; 2]),
    ) -> anyhow::Result<()> {
        let ground = city.twin.ground();
        if self.layer.is_none() && show.selected.is_none() && self.who.role.is_none() {
            return Ok(());
        }
        let language = match show.lang {
            Lang::Zh => Language::Zh,
            Lang::En => Language::En,
        };
        let (who, line) = (self.who.clone(), self.line.clone());
        let mut desk = Desk::new(Arc::clone(ground), path.to_owned(), who, line, language)?;
        desk.look_at(at);
        composer.sign_in(desk.signed_in()?);
        if let Some(kind) = self.kind() {
            let made = desk.layer(kind)?;
            print_rows(
                (kind, path),
                desk.asks_as()?,
                ground.info.synthetic,
                made.rows,
            )?;
            composer.show_layer(Some(made.layer));
        }
        if let Some(what) = show.selected {
            composer.open_card(what, CardRights::Asked);
            let room = composer.card_room(&city.twin, size_px, show);
            composer.open_card(what, desk.card(what, room)?);
        }
        Ok(())
    }
}

/// Prints the rows of a layer as one document.
fn print_rows(
    (kind, path): (LayerKind, &std::path::Path),
    [role, purpose]: [Option<String>; 2],
    synthetic: bool,
    answer: Rows,
) -> anyhow::Result<()> {
    let (layer, measure) = match kind {
        LayerKind::Quality { measure, .. } => ("quality", Some(measure.as_str())),
        LayerKind::Coverage => ("coverage", None),
        LayerKind::Settlement { .. } => ("settlement", None),
    };
    let document = Document {
        layer,
        measure,
        city: path.display().to_string(),
        role,
        purpose,
        synthetic,
        answer,
    };
    println!("{}", serde_json::to_string_pretty(&document)?);
    Ok(())
}
