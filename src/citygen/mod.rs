//! A demo city from a seed: plan, houses, people, registries, devices; and synthetic devices for
//! an imported city. Used by `app`. Its simulated days are in [`days`].
//!
//! Pure: the same description and seed give the same city, on every machine. Never reads a file,
//! a clock or the system's entropy. Everything particular to a place is in `maps/*/area.toml`.
//! Start reading at [`generate`]; the plan is drawn in `plan`, filled in `houses` and `sites`.

mod areas;
mod bridges;
mod buckets;
mod cameras;
mod canvas;
pub mod days;
mod devices;
mod divide;
mod events;
mod faults;
mod finish;
mod frame;
mod ground;
mod heads;
mod homes;
mod houses;
mod into;
mod layout;
mod maker;
mod partition;
mod people;
mod plan;
mod plots;
mod quarters;
mod records;
mod rect;
mod seed;
mod settle;
mod sites;
mod skeleton;
mod spec;
mod spec_check;
mod spec_people;
mod spec_tables;
mod spots;
mod streams;
mod things;

use crate::base::{ImportId, Timestamp, Warnings};
use crate::model::{CityInfo, Entity, GroundEdit, ImportRecord};

pub use into::{IntoError, devices_edit, devices_into};
pub use spec::{
    AreaError, AreaSpec, BandKind, BandSpec, BlockSpec, CommunitySpec, EventSpec, FaultSpec,
    FillSpec, HouseSpec, LabelSpec, NameSpec, PartSpec, PeopleSpec, Percentiles, PlaceNameSpec,
    PlaceSpec, PlotWeights, PullSpec, QuarterSpec, Runs, Side, SiteForm, SiteSpec, StreamSpec,
    StreetSpec, ThingSpec, TowerSpec, UnitSpec,
};

use canvas::Canvas;
use devices::Mounts;
use finish::Placed;
use frame::Frame;
use houses::{Builder, Numbers};
use layout::Layout;
use maker::Maker;
use plan::Plan;
use seed::Seed;
use sites::SiteBuilder;

/// A generated city.
#[derive(Debug, Clone, PartialEq)]
pub struct Generated {
    /// About the city.
    pub info: CityInfo,
    /// Its records, in no particular order.
    pub entities: Vec<Entity>,
    /// What was generated, such as `zjl seed 1`.
    pub title: String,
}

impl Generated {
    /// The edit that writes the city into an empty file, at the caller's time.
    #[must_use]
    pub fn into_edit(self, time: Timestamp) -> GroundEdit {
        let record = record(&self.title, &self.info.crs, time);
        GroundEdit {
            records: vec![record],
            put: self.entities,
            remove: Vec::new(),
        }
    }
}

fn record(title: &str, crs: &str, time: Timestamp) -> ImportRecord {
    ImportRecord {
        id: ImportId::from_source("citygen", title),
        action: "generate".to_owned(),
        file: title.to_owned(),
        sha256: String::new(),
        time,
        crs: crs.to_owned(),
        attribution: None,
        warnings: Warnings::default(),
    }
}

/// Generates the city that `spec` describes.
///
/// # Errors
/// When the description leads nowhere: a site that lies across a canal, more households than the
/// houses have room for. The message names the place in the description.
pub fn generate(spec: &AreaSpec, seed: u64) -> Result<Generated, AreaError> {
    let title = format!("{} seed {seed}", spec.id);
    let number = seed;
    let seed = Seed::new(&spec.id, number);
    let frame = Frame::new(spec, &seed)?;
    let layout = Layout::of(spec);
    let maker = Maker {
        spec,
        seed: &seed,
        frame: &frame,
        layout: &layout,
        dataset: format!("citygen:{}:{number}", spec.id),
        import: ImportId::from_source("citygen", &title),
    };
    let mut entities = Vec::new();
    let plan = Plan::new(spec, &seed, &frame)?;
    let areas = areas::areas(&maker, &plan, &mut entities);
    let mut canvas = build(&maker, &plan);
    streams::clear(&plan.streams, &mut canvas);
    canvas.clear_trees();
    let drafts = std::mem::take(&mut canvas.drafts);
    let placed = finish::buildings(&maker, &plan, &areas, drafts);
    let (reaches, bridges) = bridges::water_and_bridges(spec, &plan, &seed);
    ground::line_trees(&plan, &mut canvas, &mut seed.stream("line trees"));
    streams::clear_trees(&plan.streams, &mut canvas);
    ground::ways(&maker, &plan, &canvas, &bridges, &mut entities);
    ground::all_water(&maker, &plan, &reaches, &canvas, &mut entities);
    ground::open_ground(&maker, &canvas, &mut entities);
    ground::plants(&maker, &canvas, &mut entities);
    ground::places(&maker, &plan, &canvas, &mut entities)?;
    let homes = homes::homes(&maker, &placed)?;
    let mut registry = records::registry(&maker, &homes, &people::people(&maker));
    let mounts = Mounts {
        plan: &plan,
        canvas: &canvas,
        placed: &placed,
        homes: &homes,
        registry: &registry,
        bridges: &bridges,
        water: &reaches,
    };
    devices::devices(&maker, &mounts, &mut entities);
    cameras::cameras(&maker, &plan, &bridges, &mut entities);
    things::facilities(&maker, &plan, &placed, &mut entities);
    things::responders(&maker, &plan, &areas, &mut entities);
    things::vehicles(&maker, &mounts, &mut entities);
    events::events(&maker, &mounts, &mut entities);
    // Only now: devices and vehicles belong to people, not to what the registry says of them.
    faults::plant(&maker, &homes, &mut registry);
    registry.write(&maker, &homes, &mut entities);
    let houses = placed.into_iter();
    entities.extend(houses.map(|one: Placed| Entity::from(one.building)));
    entities.extend(homes.into_iter().map(|home| Entity::from(home.dwelling)));
    Ok(Generated {
        info: info(spec),
        entities,
        title,
    })
}

fn info(spec: &AreaSpec) -> CityInfo {
    CityInfo {
        name_zh: spec.name_zh.clone(),
        name_en: spec.name_en.clone(),
        crs: format!("EPSG:{}", spec.crs),
        vertical_datum: spec.vertical_datum.clone(),
        utc_offset_minutes: spec.utc_offset_minutes,
        synthetic: true,
    }
}

/// Puts houses on every block and site of the plan.
fn build(maker: &Maker, plan: &Plan) -> Canvas {
    let mut canvas = Canvas::default();
    let mut numbers = Numbers::default();
    for (index, block) in plan.blocks.iter().enumerate() {
        let stream = maker.seed.stream_of("block", index);
        let quarter = maker.layout.quarter_at(block.rect.center());
        match block.site {
            Some(site) => SiteBuilder {
                site: &plan.sites[site],
                index: site,
                rect: block.rect,
                community: block.community,
                canvas: &mut canvas,
                stream,
            }
            .build(),
            None => Builder {
                blocks: quarter.map_or(&maker.spec.blocks, |quarter| &quarter.blocks),
                houses: quarter
                    .and_then(|quarter| quarter.houses.as_ref())
                    .unwrap_or(&maker.spec.houses),
                plan,
                numbers: &mut numbers,
                canvas: &mut canvas,
                stream,
                community: block.community,
            }
            .fill(block),
        }
    }
    canvas
}
