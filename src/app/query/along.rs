//! `along`: what lies along a road or a canal.

use anyhow::bail;
use clap::Args;
use serde::Serialize;

use crate::base::{RoadId, WaterId};
use crate::model::query::Found;
use crate::model::{Along as Way, Beside, Corridor, EntityKind, Side};

use super::opened::Opened;
use super::place::{FilterArgs, how_many, key_of, record};
use super::rows::{note_listed, table};

/// What lies along a road or a canal, in order.
#[derive(Debug, Args)]
pub(super) struct Along {
    /// The road or water, by its whole name or its id.
    #[arg(value_name = "NAME|ID")]
    name: String,
    /// How far from its edge, metres.
    #[arg(
        long,
        value_name = "M",
        default_value_t = 20.0,
        allow_negative_numbers = true
    )]
    distance: f64,
    #[command(flatten)]
    filter: FilterArgs,
    /// Most records to tell.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = how_many)]
    limit: usize,
}

#[derive(Debug, Serialize)]
struct Row {
    id: String,
    kind: &'static str,
    name: String,
    /// Metres from the beginning of the road or water.
    chainage_m: f64,
    side: &'static str,
    distance_m: f64,
}

#[derive(Debug, Serialize)]
struct Told {
    along: String,
    length_m: f64,
    found: usize,
    rows: Vec<Row>,
}

impl Along {
    pub fn run(&self, opened: &Opened<'_>) -> anyhow::Result<()> {
        if !(self.distance >= 0.0) {
            bail!("--distance is 0 m or more");
        }
        let filter = self.filter.filter(opened)?;
        let corridor = self.corridor(opened)?;
        let rights = opened.rights();
        let found = opened.city.along(&corridor, self.distance, &filter, rights);
        let rows = found.iter().take(self.limit);
        for (one, _) in rows.clone() {
            note_listed(opened, one.key, &filter);
        }
        let told = Told {
            along: self.name.clone(),
            length_m: corridor.length_m(),
            found: found.len(),
            rows: rows.map(|(one, beside)| row(opened, one, beside)).collect(),
        };
        opened.print("along", &told, |told| page(opened, told))
    }

    fn corridor(&self, opened: &Opened<'_>) -> anyhow::Result<Corridor> {
        let ground = opened.ground();
        let name = self.name.as_str();
        let named = [Way::RoadsNamed(name), Way::WaterNamed(name)];
        if let Some(found) = named.into_iter().find_map(|way| Corridor::of(ground, way)) {
            return Ok(found);
        }
        let key = key_of(name).ok();
        let way = key.and_then(|key| match key.kind {
            EntityKind::Road => Some(Way::Road(RoadId::from_bits(key.bits))),
            EntityKind::Water => Some(Way::Water(WaterId::from_bits(key.bits))),
            _ => None,
        });
        let Some(way) = way else {
            bail!(
                "no road or water with a line is called {name:?} (pingjiang query CITY.gpkg search finds names)"
            );
        };
        record(ground, name)?;
        match Corridor::of(ground, way) {
            Some(found) => Ok(found),
            None => bail!("{name} has neither a line nor an area to go along"),
        }
    }
}

fn row(opened: &Opened<'_>, found: &Found, beside: &Beside) -> Row {
    Row {
        id: found.key.id_text(),
        kind: found.key.kind.as_str(),
        name: opened.label(found.key),
        chainage_m: beside.chainage_m,
        side: match beside.side {
            Side::Left => "left",
            Side::Right => "right",
            Side::On => "on",
        },
        distance_m: found.distance_m,
    }
}

fn page(opened: &Opened<'_>, told: &Told) -> String {
    let mut text = format!("{}  {:.0} m\n", told.along, told.length_m);
    if told.rows.is_empty() {
        return text + opened.say("nothing", "没有符合的记录") + "\n";
    }
    let rows = told.rows.iter().map(|one| {
        let side = match one.side {
            "left" => opened.say("left", "左"),
            "right" => opened.say("right", "右"),
            _ => opened.say("on it", "其上"),
        };
        vec![
            format!("{:.0} m", one.chainage_m),
            side.to_owned(),
            format!("{:.1} m", one.distance_m),
            one.kind.to_owned(),
            one.id.clone(),
            one.name.clone(),
        ]
    });
    text += &table(&rows.collect::<Vec<_>>());
    if told.found > told.rows.len() {
        text += &format!("… {} (--limit)\n", told.found - told.rows.len());
    }
    text
}
