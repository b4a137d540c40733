//! `route`: the way from one place to another along the lane network.

use anyhow::{Context, bail};
use clap::Args;
use serde::Serialize;

use crate::app::language::Language;
use crate::base::counted;
use crate::model::RoadKind;
use crate::model::network::{NamedLength, Network, Traveller};

use super::named::record_called;
use super::opened::Opened;
use super::place::{OUTSIDE_M, check_inside, from_lon_lat, pair, place_of};
use super::rows::table;

/// The way from one place to another.
#[derive(Debug, Args)]
pub(super) struct Route {
    /// From: a record's id, address or name, E,N in the city's CRS, or lon:LON,LAT.
    #[arg(value_name = "FROM", allow_hyphen_values = true)]
    from: String,
    /// To: the same.
    #[arg(value_name = "TO", allow_hyphen_values = true)]
    to: String,
    /// Who goes: foot, cart, engine, engine_small, or one of the city's own (docs/tables.md).
    #[arg(long, value_name = "TRAVELLER", default_value = "foot")]
    by: String,
}

#[derive(Debug, Serialize)]
struct Piece {
    road: Option<String>,
    length_m: f64,
}

#[derive(Debug, Serialize)]
struct Told {
    traveller: String,
    length_m: f64,
    seconds: f64,
    /// From the places to the network, in straight lines.
    off_m: [f64; 2],
    narrowest_m: Option<f64>,
    roads: Vec<Piece>,
    bridges: usize,
    steps: usize,
    /// The line, longitude and latitude.
    line: Vec<Option<[f64; 2]>>,
}

impl Route {
    pub fn run(&self, opened: &Opened<'_>) -> anyhow::Result<()> {
        let travellers = &opened.travellers;
        let Some(traveller) = travellers.get(&self.by) else {
            let known: Vec<_> = travellers.all().iter().map(|one| one.id.as_str()).collect();
            bail!(
                "there is no traveller {:?}; there are {}",
                self.by,
                known.join(", ")
            );
        };
        let network = Network::of(opened.ground());
        let spot = |text: &str| {
            let at = place(opened, text)?;
            check_inside(opened, at, OUTSIDE_M)?;
            let spot = network.attach(at, traveller);
            spot.with_context(|| format!("there is no road for {} near {text}", self.by))
        };
        let (from, to) = (spot(&self.from)?, spot(&self.to)?);
        let route = network.route(&from, &to, traveller);
        let route = route.map_err(|fault| anyhow::anyhow!("{fault}; {}", rules_of(traveller)))?;
        let piece = |one: &NamedLength| Piece {
            road: one.name.as_ref().map(|name| name.to_string()),
            length_m: one.length_m,
        };
        let told = Told {
            traveller: traveller.id.clone(),
            length_m: route.length_m,
            seconds: route.seconds,
            off_m: [from.off_m, to.off_m],
            narrowest_m: route.narrowest_m,
            roads: route.roads.iter().map(piece).collect(),
            bridges: route.bridges.len(),
            steps: route.steps.len(),
            line: route.line.iter().map(|at| opened.lon_lat(*at)).collect(),
        };
        opened.print("route", &told, |told| page(opened, told))
    }
}

/// By what somebody goes, and by what not: where there is no way, it is often for that.
fn rules_of(traveller: &Traveller) -> String {
    let [goes, not]: [Vec<&str>; 2] = [true, false].map(|goes| {
        let kinds = RoadKind::ALL.iter().filter(|kind| **kind != RoadKind::Rail);
        let kinds = kinds.filter(|kind| traveller.kinds.contains(kind) == goes);
        kinds.map(|kind| kind.as_str()).collect()
    });
    let not = match not.as_slice() {
        [] => String::new(),
        some => format!(", never by {}", some.join(", ")),
    };
    format!(
        "{} goes by {} of {} m and wider, bridges of {} m{not} (docs/tables.md)",
        traveller.id,
        goes.join(", "),
        traveller.least_width_m,
        traveller.least_bridge_width_m
    )
}

fn place(opened: &Opened<'_>, text: &str) -> anyhow::Result<[f64; 2]> {
    if let Some(lon_lat) = text.strip_prefix("lon:") {
        let lon_lat = pair(lon_lat).map_err(|fault| anyhow::anyhow!("{text:?}: {fault}"))?;
        return from_lon_lat(opened.ground(), lon_lat);
    }
    if let Ok(at) = pair(text) {
        return Ok(at);
    }
    place_of(opened, record_called(opened, text)?)
}

fn page(opened: &Opened<'_>, told: &Told) -> String {
    let minutes = told.seconds / 60.0;
    let off_m: f64 = told.off_m.iter().sum();
    let mut text = match opened.language() {
        Language::En => format!(
            "{:.0} m, {minutes:.1} min, and {off_m:.0} m beside the network; {}, {}\n",
            told.length_m,
            counted(told.bridges, "bridge", "bridges"),
            counted(told.steps, "flight of steps", "flights of steps")
        ),
        Language::Zh => format!(
            "{:.0} m，{minutes:.1} 分钟，路网外 {off_m:.0} m；桥 {} 座，台阶 {} 处\n",
            told.length_m, told.bridges, told.steps
        ),
    };
    let rows = told.roads.iter().map(|one| {
        let unnamed = opened.say("a way without a name", "无名道路").to_owned();
        vec![
            format!("{:.0} m", one.length_m),
            one.road.clone().unwrap_or(unnamed),
        ]
    });
    text += &table(&rows.collect::<Vec<_>>());
    text
}
