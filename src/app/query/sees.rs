//! `sees` and `coverage`: what cameras see, and where they are blind.

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;
use clap::builder::{PathBufValueParser, TypedValueParser};
use serde::Serialize;

use crate::app::coverage_table::CoverageTable;
use crate::app::language::Language;
use crate::app::png_path::png_path;
use crate::base::{BuildingId, CameraId, counted, half_width};
use crate::model::incident::own_place;
use crate::model::network::Network;
use crate::model::query::may_know_place;
use crate::model::sight::{EYE_LEVEL_M, Look, Obstacle, Seen, Sight};
use crate::model::{EntityKind, EntityRef, EntityView, entrance_of};
use crate::portrayal::layer::coverage_bounds;
use crate::space::Bounds2;

use super::opened::Opened;
use super::place::{
    Corners, OUTSIDE_M, PlaceArgs, check_inside, check_touches, corners, how_many, place_of, record,
};
use super::rows::table;

/// Which cameras see a place or the entrance of a building.
#[derive(Debug, Args)]
pub(super) struct Sees {
    #[command(flatten)]
    place: PlaceArgs,
    /// Height above the ground, metres; 1.5 otherwise. Not for a building, whose entrance and façades
    /// are looked at, nor for a record with a height of its own.
    #[arg(long, value_name = "M", value_parser = height_m, allow_hyphen_values = true)]
    height: Option<f64>,
    /// Most cameras to tell.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = how_many)]
    limit: usize,
}

/// Heights above the ground at which something of a city can be.
const HEIGHTS_M: std::ops::RangeInclusive<f64> = -100.0..=1_000.0;

fn height_m(text: &str) -> Result<f64, String> {
    let half: String = text.chars().map(half_width).collect();
    let number = half.trim().parse::<f64>().ok();
    let number = number.filter(|one| HEIGHTS_M.contains(one));
    number.ok_or_else(|| "metres above the ground, between -100 and 1000".to_owned())
}

#[derive(Debug, Serialize)]
struct Eye {
    id: String,
    name: String,
    owner: &'static str,
    gb28181_id: String,
    distance_m: f64,
    /// Pixels on a metre of the target, of a picture 1,920 pixels wide.
    pixels_per_m: f64,
    off_axis_deg: f64,
    by_turning: bool,
    /// The record that hides the target, or `terrain`.
    #[serde(skip_serializing_if = "Option::is_none")]
    hidden_by: Option<String>,
}

#[derive(Debug, Serialize)]
struct Told {
    /// East, north and height of what should be seen.
    target: [f64; 3],
    seen: Vec<Eye>,
    hidden: Vec<Eye>,
    /// Share of the building's façades that a camera sees as it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    facade_share: Option<f64>,
}

impl Sees {
    pub fn run(&self, opened: &Opened<'_>) -> anyhow::Result<()> {
        let ground = opened.ground();
        let sight = Sight::of(ground);
        let key = self.place.record(opened)?;
        // Of a home it is the house that is seen from outside.
        let building = key.and_then(|key| match key.kind {
            EntityKind::Building => Some(BuildingId::from_bits(key.bits)),
            EntityKind::Dwelling => opened.city.building_of(key),
            _ => None,
        });
        let told = match building {
            Some(id) => {
                let what = "is looked at as a house: its entrance and its façades";
                self.check_no_height(&id.to_string(), what)?;
                let found = sight.sees_building(id, door(opened, id));
                let found = found.context("the building has no outline to look at")?;
                let share = found.facade_share_seen();
                self.told(opened, found.entrance, &found.look, Some(share))
            }
            None => {
                let at = match key {
                    Some(key) => place_of(opened, key)?,
                    None => self.place.place(opened)?,
                };
                check_inside(opened, at, OUTSIDE_M)?;
                let target = match key.map(|key| own_place_of(opened, key)).transpose()? {
                    Some(Some((id, own))) => {
                        self.check_no_height(&id, "stands at a height of its own")?;
                        own
                    }
                    _ => {
                        let height_m = self.height.unwrap_or(EYE_LEVEL_M);
                        [at[0], at[1], sight.ground_at(at) + height_m]
                    }
                };
                self.told(opened, target, &sight.look_at(target), None)
            }
        };
        opened.print("sees", &told, |told| page(opened, told))
    }

    /// Refuses a height that would count for nothing.
    fn check_no_height(&self, id: &str, what: &str) -> anyhow::Result<()> {
        if self.height.is_some() {
            bail!("{id} {what}; leave --height out, or name the place itself with --at E,N");
        }
        Ok(())
    }

    fn told(
        &self,
        opened: &Opened<'_>,
        target: [f64; 3],
        look: &Look,
        facade_share: Option<f64>,
    ) -> Told {
        let seen = look.seen.iter().take(self.limit);
        let hidden = look.hidden.iter().take(self.limit);
        Told {
            target,
            seen: seen.filter_map(|seen| eye(opened, seen, None)).collect(),
            hidden: hidden
                .filter_map(|one| eye(opened, &one.seen, Some(one.by)))
                .collect(),
            facade_share,
        }
    }
}

/// The own place of a record that stands at one, with its id. That of a device of a home is for those
/// who may know the home, and goes on record.
fn own_place_of(opened: &Opened<'_>, key: EntityRef) -> anyhow::Result<Option<(String, [f64; 3])>> {
    let view = opened.ground().view(key);
    let Some(view) = view.filter(|_| may_know_place(&opened.city, key, opened.rights())) else {
        return Ok(None);
    };
    if matches!(view, EntityView::Device(one) if one.may_be_in_a_home()) {
        opened.open_home(key)?;
    }
    Ok(own_place(view).map(|own| (key.id_text(), own)))
}

/// Where one goes into a building: the same door as for routes.
fn door(opened: &Opened<'_>, id: BuildingId) -> Option<[f64; 2]> {
    let ground = opened.ground();
    let outline = &ground.buildings.get(&id)?.footprint;
    let entrance = entrance_of(
        &Network::of(ground),
        outline,
        opened.travellers.get("foot")?,
    );
    entrance.map(|entrance| entrance.at)
}

fn eye(opened: &Opened<'_>, seen: &Seen, by: Option<Obstacle>) -> Option<Eye> {
    let camera = opened.ground().cameras.get(&seen.camera)?;
    Some(Eye {
        id: camera.id.to_string(),
        name: camera.name.clone(),
        owner: camera.owner.as_str(),
        gb28181_id: camera.gb28181_id.clone(),
        distance_m: seen.aim.distance_m,
        pixels_per_m: seen.aim.pixels_per_m,
        off_axis_deg: seen.aim.off_axis_deg,
        by_turning: seen.aim.by_turning,
        hidden_by: by.map(|by| match by {
            Obstacle::Building(id) => id.to_string(),
            Obstacle::Terrain => "terrain".to_owned(),
        }),
    })
}

fn page(opened: &Opened<'_>, told: &Told) -> String {
    let row = |one: &Eye| {
        let turn = if one.by_turning {
            opened.say("after turning", "需转动")
        } else {
            ""
        };
        vec![
            one.name.clone(),
            opened.word("owner", one.owner),
            format!("{:.1} m", one.distance_m),
            format!("{:.0} px/m", one.pixels_per_m),
            one.id.clone(),
            turn.to_owned(),
            one.hidden_by.clone().unwrap_or_default(),
        ]
    };
    let mut text = format!("{}\n", opened.say("Cameras that see it", "可视摄像机"));
    if told.seen.is_empty() {
        text += &format!("{}\n", opened.say("none", "无"));
    }
    text += &table(&told.seen.iter().map(row).collect::<Vec<_>>());
    if !told.hidden.is_empty() {
        let head = opened.say(
            "In range and picture, but hidden by what is named last",
            "在视野内但被遮挡（末列为遮挡物）",
        );
        text += &format!("\n{head}\n");
        text += &table(&told.hidden.iter().map(row).collect::<Vec<_>>());
    }
    if let Some(share) = told.facade_share {
        let percent = share * 100.0;
        text += &match opened.language() {
            Language::En => format!("\n{percent:.0} % of the façades are seen\n"),
            Language::Zh => format!("\n立面可视 {percent:.0} %\n"),
        };
    }
    text
}

/// Which ground and façades cameras see, and where they are blind.
#[derive(Debug, Args)]
pub(super) struct Coverage {
    /// Two corners of the box to look at, in the city's CRS, in one text: "E,N E,N"; the whole city
    /// otherwise.
    #[arg(long = "box", value_name = "CORNERS", value_parser = corners, allow_hyphen_values = true)]
    corners: Option<Corners>,
    /// Area to look at, by code, name or id.
    #[arg(long = "in", value_name = "AREA", conflicts_with = "corners")]
    within: Option<String>,
    /// Only this camera; may be given several times.
    #[arg(long, value_name = "ID")]
    camera: Vec<String>,
    /// Side of a cell, metres.
    #[arg(
        long,
        value_name = "M",
        default_value_t = 2.0,
        allow_negative_numbers = true
    )]
    cell: f64,
    /// Blind spots to tell, the largest first, roads before the rest.
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = how_many)]
    limit: usize,
    /// Picture of the map to write: green seen, amber after turning, red blind ground.
    #[arg(
        long,
        value_name = "FILE.png",
        value_parser = PathBufValueParser::new().try_map(png_path)
    )]
    out: Option<PathBuf>,
}

impl Coverage {
    pub fn run(&self, opened: &Opened<'_>) -> anyhow::Result<()> {
        let ground = opened.ground();
        let sight = Sight::of(ground);
        let chosen = self.cameras(opened)?;
        let is_chosen = |id: CameraId| chosen.is_empty() || chosen.contains(&id);
        let map = sight.coverage(is_chosen, self.bounds(opened)?, self.cell)?;
        if let Some(path) = &self.out {
            super::coverage_picture::write(path, &map)?;
        }
        let told = CoverageTable::of(ground, &map, self.limit);
        opened.print("coverage", &told, |told| covered_page(opened, told))
    }

    fn cameras(&self, opened: &Opened<'_>) -> anyhow::Result<Vec<CameraId>> {
        let mut chosen = Vec::new();
        for id in &self.camera {
            let key = record(opened.ground(), id)?;
            if key.kind != EntityKind::Camera {
                bail!("{id} is no camera, whose ids begin with cam-");
            }
            chosen.push(CameraId::from_bits(key.bits));
        }
        Ok(chosen)
    }

    fn bounds(&self, opened: &Opened<'_>) -> anyhow::Result<Bounds2> {
        let ground = opened.ground();
        if let Some(name) = &self.within {
            let id = ground.area_named(name)?;
            let outline = ground.areas.get(&id).and_then(|one| one.polygon.as_ref());
            let outline = outline.with_context(|| format!("the outline of {name} is not known"))?;
            return Ok(Bounds2::from_polygon(outline));
        }
        if let Some(Corners(corners)) = &self.corners {
            let [a, b] = corners.as_slice() else {
                bail!("--box is two corners: \"E,N E,N\"");
            };
            let asked = Bounds2::from_points([*a, *b]);
            check_touches(opened, &asked, "the box")?;
            return Ok(asked);
        }
        let all = coverage_bounds(ground);
        if all.is_empty() {
            bail!("the city has no buildings; name a box with --box \"E,N E,N\"");
        }
        Ok(all)
    }
}

fn covered_page(opened: &Opened<'_>, told: &CoverageTable) -> String {
    let [road, open, facade] =
        [told.road_share, told.open_share, told.facade_share].map(|share| share * 100.0);
    let mut text = match opened.language() {
        Language::En => format!(
            "seen: {road:.1} % of roads, {open:.1} % of other open ground, {facade:.1} % of façades\n\nlargest blind spots\n"
        ),
        Language::Zh => format!(
            "可视：道路 {road:.1} %，其他空地 {open:.1} %，立面 {facade:.1} %\n\n最大盲区\n"
        ),
    };
    let lost = told.cameras_without_direction;
    if lost > 0 {
        let note = match opened.language() {
            Language::En => format!(
                "{} where they look: counted as seeing nothing\n\n",
                counted(lost, "camera does not tell", "cameras do not tell")
            ),
            Language::Zh => format!("{lost} 台摄像机朝向不详，按不可视计\n\n"),
        };
        text.insert_str(0, &note);
    }
    let rows = told.blind.iter().map(|one| {
        let [x, y] = one.middle;
        let on = match one.on {
            "road" => opened.say("road", "道路"),
            _ => opened.say("open ground", "空地"),
        };
        vec![
            format!("{:.0} m²", one.area_m2),
            on.to_owned(),
            one.road.clone().unwrap_or_default(),
            format!("E {x:.0} N {y:.0}"),
        ]
    });
    text += &table(&rows.collect::<Vec<_>>());
    text
}
